"""Tell what the words of a passage give away: roughly its language, and whether it says that somebody tweeted. Pure.

A cue among many for `starts` and `contexts`, never a fact of the record: a wrong guess costs a little weight. The words
stand in `data/function_words.tsv` and `data/cues.tsv`; a language is added there, not here. Scripts other than Latin
are named by the script (`Arab`, `Jpan`, …), not the language.
"""

from __future__ import annotations

import re
from typing import NamedTuple

from tweetlinks.tables import read_table

__all__ = ["Gist", "cues_of", "gist_of", "is_furniture"]

_SAMPLE = 250  # characters
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
_PUNCTUATION = ("", ":", ",", ".", "“", "”", '"', "»", "…", "...", "!", "?", ";", ")")
"""What may follow a word that blanks part from the next."""
_tweet_words: set[str] = set()
"""Words that name a tweet or Twitter."""
_say_words: set[str] = set()
"""Words that say that something was said."""
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
    sample = passage[-_SAMPLE:].casefold()
    return Gist(_language(sample), *cues_of(sample))


def cues_of(folded: str) -> tuple[bool, bool]:
    """Return whether a passage says that something was said, and whether it names a tweet or Twitter.

    Args:
        folded: the passage, case folded.
    """
    if not _languages:
        _load()
    words = folded.split()
    tweets = not _tweet_words.isdisjoint(words)
    says = tweets or not _say_words.isdisjoint(words)
    if not folded.isascii() and not tweets:
        for stem, of_twitter in _stems:
            if stem in folded:
                says, tweets = True, tweets or of_twitter
    return says, tweets


def is_furniture(folded: str, *, least: int = 2) -> bool:
    """Tell whether a passage is what pages put between the lines of an article: a poll, a form, an advertisement.

    Args:
        folded: the passage, case folded.
        least: how many of the phrases it must hold.

    >>> is_furniture("take our poll - story continues below. email * you agree to the terms of use."), is_furniture("rain")
    (True, False)
    """
    if not _languages:
        _load()
    return sum([phrase in folded for phrase in _furniture]) >= least


def _language(sample: str) -> str | None:
    """Return the script where it is not Latin, else the language of the most words."""
    if not _languages:
        _load()
    if not sample.isascii():
        match = _SCRIPT.search(sample)
        if match and match.lastgroup != "Latn":
            return "Jpan" if match.lastgroup == "Hani" else match.lastgroup
    counts: dict[str, int] = {}
    for word in set(_WORD.findall(sample)):
        for language in _languages.get(word, ()):
            counts[language] = counts.get(language, 0) + 1
    return _likeliest(counts)


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
    for _, kind, words in read_table("cues.tsv", fields=3):
        if kind == "furniture":
            _furniture.extend(words.split("|"))
        elif kind in ("stem", "tweet-stem"):
            _stems.extend((word, kind == "tweet-stem") for word in words.split())
        else:
            known = _tweet_words if kind == "tweet" else _say_words
            for word in words.split():
                known.update([word + mark for mark in _PUNCTUATION])
