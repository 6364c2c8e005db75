"""Tell what the words of a passage give away: roughly its language, and whether it says that somebody tweeted. Pure.

A cue among many for `starts` and `contexts`, never a fact of the record: a wrong guess costs a little weight. The words
stand in `data/function_words.tsv` and `data/cues.tsv`; a language is added there, not here. Scripts other than Latin
are named by the script (`Arab`, `Jpan`, …), not the language.
"""

from __future__ import annotations

import re
from typing import NamedTuple

from tweetlinks.tables import read_table

__all__ = ["Gist", "gist_of", "is_furniture"]

_SAMPLE = 500  # characters
_WORD = re.compile(r"[^\W\d_]+")
_SCRIPT = re.compile(
    r"(?P<Arab>[\u0600-\u06ff]{2})|(?P<Cyrl>[\u0400-\u04ff]{2})|(?P<Grek>[\u0370-\u03ff]{2})|(?P<Hebr>[\u0590-\u05ff]{2})"
    r"|(?P<Jpan>[\u3040-\u30ff])|(?P<Hani>[\u4e00-\u9fff]{2})|(?P<Kore>[\uac00-\ud7af])|(?P<Deva>[\u0900-\u0d7f]{2})"
    r"|(?P<Thai>[\u0e00-\u0e7f]{2})|(?P<Latn>[A-Za-z\u00c0-\u024f]{4})"
)
# Linear: classes of a bounded length.


class Gist(NamedTuple):
    """What a passage gives away."""

    language: str | None
    """The language in Latin script, or the other script; None when it is too short to tell."""
    says: bool
    """It says that somebody wrote, said or tweeted something."""
    tweets: bool
    """It names a tweet or Twitter."""


_languages: dict[str, tuple[str, ...]] = {}
"""The languages that have a word among their most frequent."""
_cues: dict[str, bool] = {}
"""The words that say: True for those that name a tweet or Twitter."""
_furniture: list[str] = []
"""Phrases of polls, forms and advertisements."""
_stems: list[tuple[str, bool]] = []
"""The same for scripts without blanks between words, matched anywhere."""


def gist_of(passage: str) -> Gist:
    """Return what a passage gives away.

    >>> gist_of("the end of the year and of the war")
    Gist(language='en', says=False, tweets=False)
    >>> gist_of("„Kein Bild ist nicht auch ein Bild“, twitterte sie")
    Gist(language='de', says=True, tweets=True)
    >>> gist_of("OK").language, gist_of("Опять дождь").language
    (None, 'Cyrl')
    """
    if not _languages:
        _load()
    sample = passage[-_SAMPLE:].lower()
    says = tweets = False
    script = None
    if not sample.isascii():
        match = _SCRIPT.search(sample)
        if match and match.lastgroup != "Latn":
            script = "Jpan" if match.lastgroup == "Hani" else match.lastgroup
            for stem, of_twitter in _stems:
                if stem in sample:
                    says, tweets = True, tweets or of_twitter
    counts: dict[str, int] = {}
    for word in set(_WORD.findall(sample)):
        for language in _languages.get(word, ()):
            counts[language] = counts.get(language, 0) + 1
        cue = _cues.get(word)
        if cue is not None:
            says, tweets = True, tweets or cue
    return Gist(script or _likeliest(counts), says, tweets)


def is_furniture(passage: str) -> bool:
    """Tell whether a passage is what pages put between the lines of an article: a poll, a form, an advertisement.

    >>> is_furniture("take our poll - story continues below. Email * You agree to the Terms of Use."), is_furniture("Rain.")
    (True, False)
    """
    if not _furniture:
        _load()
    sample = passage.lower()
    return sum(phrase in sample for phrase in _furniture) > 1


def _likeliest(counts: dict[str, int]) -> str | None:
    """Return the language of most words, when it has two and no other has as many."""
    if not counts:
        return None
    name = max(counts, key=counts.__getitem__)
    most = counts[name]
    return name if most > 1 and sum(count == most for count in counts.values()) == 1 else None


def _load() -> None:
    for language, words in read_table("function_words.tsv", fields=2):
        for word in words.split():
            _languages[word] = (*_languages.get(word, ()), language)
    for _language, kind, words in read_table("cues.tsv", fields=3):
        if kind == "furniture":
            _furniture.extend(words.split("|"))
            continue
        for word in words.split():
            if kind in ("stem", "tweet-stem"):
                _stems.append((word, kind == "tweet-stem"))
            else:
                _cues[word] = kind == "tweet"
