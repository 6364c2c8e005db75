"""Tell what the words of a passage give away: roughly its language, and whether it says that somebody tweeted. Pure.

A cue among many for `starts` and `contexts`, never a fact of the record: a wrong guess costs a little weight. The words
stand in `data/function_words.tsv` and `data/cues.tsv`; a language is added there, not here. Scripts other than Latin
are named by the script (`Arab`, `Jpan`, …), not the language.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from functools import cache

from tweetlinks.errors import TableError
from tweetlinks.record import Record
from tweetlinks.tables import read_table

__all__ = [
    "Gist", "cues_of", "frame_end", "gist_of", "has_job", "is_frame", "is_furniture", "long_words", "names_of",
    "names_tweet",
]  # fmt: skip

_KINDS = frozenset(["frame", "furniture", "job", "say", "stem", "tweet", "tweet-part", "tweet-stem"])
_SAMPLE = 250  # characters
_WORD = re.compile(r"[^\W\d_]+")
_SCRIPTS = (
    ("\u0370", "Grek"), ("\u0400", "Cyrl"), ("\u0530", ""), ("\u0590", "Hebr"), ("\u0600", "Arab"), ("\u0700", ""),
    ("\u0900", "Deva"), ("\u0e00", "Thai"), ("\u0e80", ""), ("\u3040", "Jpan"), ("\uac00", "Kore"), ("\ud7b0", ""),
)  # fmt: skip
"""Where the blocks of a script start in Unicode; Chinese characters count as Japanese, the names are ISO 15924."""


class Gist(Record):
    """What a passage gives away."""

    language: str | None
    """The language in Latin script, or the other script; None when it is too short to tell."""
    says: bool
    """It says that somebody wrote, said or tweeted something."""
    tweets: bool
    """It names a tweet or Twitter."""


_PUNCTUATION = ("", ":", ",", ".", "“", "”", '"', "»", "…", "...", "!", "?", ";", ")")
"""What may follow a word that blanks part from the next."""
_MARKS = ".,:;!?…\"“”„«»'’‘()[]#@*-–—"
"""What may stand around a word."""


class _Words(Record):
    """The tables, made ready for looking up."""

    languages: dict[str, tuple[str, ...]]
    """The languages that have a word among their most frequent."""
    saying: frozenset[str]
    """Words that say that something was said, or tweeted, also with a mark behind them."""
    tweeting: frozenset[str]
    """Those of them that name a tweet or Twitter."""
    stems: tuple[tuple[str, bool], ...]
    """The same for scripts without blanks between words, matched anywhere: whether a stem names a tweet."""
    parts: tuple[str, ...]
    """What words hold that name a tweet or Twitter, in Latin script."""
    other_parts: tuple[str, ...]
    """The same in other scripts."""
    furniture: tuple[str, ...]
    """Phrases of polls, forms and advertisements."""
    frames: re.Pattern[str]
    """What a site prints around an embedded post. Linear: literals and one run of a word."""
    jobs: frozenset[str]
    """What people who write for papers are."""
    anchors: tuple[bytes, ...]
    """Literals in small letters, of which every frame holds one."""


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
    known, words = _words(), folded.split()
    says = not known.saying.isdisjoint(words)
    tweets = says and not known.tweeting.isdisjoint(words)
    if not tweets and not folded.isascii() and _is_foreign(folded):
        for stem, of_twitter in known.stems:
            if stem in folded:
                says, tweets = True, tweets or of_twitter
    return says, tweets


def names_tweet(folded: str) -> bool:
    """Tell whether a passage has a word in it, bent or joined to others, that names a tweet or Twitter.

    Args:
        folded: the passage, case folded.

    >>> names_tweet("his twitter-account"), names_tweet("two of them said so")
    (True, False)
    """
    known = _words()
    for part in known.parts:
        if part in folded:
            return True
    return not folded.isascii() and _is_foreign(folded) and any([part in folded for part in known.other_parts])


def is_furniture(folded: str, *, least: int = 2) -> bool:
    """Tell whether a passage is what pages put between the lines of an article: a poll, a form, an advertisement.

    Args:
        folded: the passage, case folded.
        least: how many of the phrases it must hold.

    >>> is_furniture("a word from our sponsor: the story continues below. privacy policy.")
    True
    """
    return sum([phrase in folded for phrase in _words().furniture]) >= least


def frame_end(text: str, low: int, high: int) -> int:
    """Return where the last frame around an embedded post ends in `text[low:high]`; `low` without one.

    >>> text = "He left. End of Twitter post by @ann_b Rain again."
    >>> text[frame_end(text, 0, len(text)):]
    ' Rain again.'
    """
    stretch, known = text[low:high], _words()
    small = stretch.encode("utf-8", "surrogatepass").lower()  # bytes, for `casefold` takes five times as long
    if not any([anchor in small for anchor in known.anchors]):
        return low
    last = low
    for m in known.frames.finditer(stretch):
        last = low + m.end()
    return last


def is_frame(passage: str) -> bool:
    """Tell whether a passage is nothing but the frame that a site prints around an embedded post.

    >>> is_frame("Skip Twitter post by @ann_b"), is_frame("She skipped the post.")
    (True, False)
    """
    return frame_end(passage, 0, len(passage)) == len(passage) and passage != ""


def has_job(name: str) -> bool:
    """Tell whether a name ends in what its bearer does, behind a comma or a bar.

    >>> has_job("Ann Bell, Staff Writer"), has_job("The Daily Writer"), has_job("Ann Bell, Oslo")
    (True, False, False)
    """
    _, comma, rest = name.casefold().replace("|", ",").partition(",")
    return comma != "" and not _words().jobs.isdisjoint(rest.split())


def long_words(passage: str) -> list[str]:
    """Return the words of four letters and more, case folded, without punctuation at their ends; no links.

    >>> long_words("Rain, again: https://t.co/abcdefghij #Paris")
    ['rain', 'again', 'paris']
    """
    words = [word.strip(_MARKS) for word in passage.casefold().split() if "/" not in word]
    return [word for word in words if len(word) > 3]  # noqa: PLR2004


def names_of(author_name: str | None, screen_name: str | None) -> tuple[str, ...]:
    """Return what an author is called, case folded: the longer words of the name, and the handle.

    >>> names_of("Ann Bell", "annbell")
    ('bell', 'annbell')
    """
    names = long_words(author_name) if author_name else []
    if screen_name and len(screen_name) > 3:  # noqa: PLR2004
        names.append(screen_name.casefold())
    return tuple(names)


def _language(sample: str) -> str | None:
    """Return the script where it is not Latin, else the language of the most words."""
    if not sample.isascii() and _is_foreign(sample):
        script = _script(sample)
        if script:
            return script
    counts: dict[str, int] = {}
    languages = _words().languages
    for word in set(_WORD.findall(sample)):
        for language in languages.get(word, ()):
            counts[language] = counts.get(language, 0) + 1
    return _likeliest(counts)


def _is_foreign(sample: str) -> bool:
    """Tell whether most of a passage is in another script than Latin."""
    return len(sample.encode("latin-1", "ignore")) * 2 < len(sample)


def _script(sample: str) -> str:
    """Return the script of the first letter that is not Latin; empty without one or for scripts without a name here."""
    letter = next((c for c in sample if c >= _SCRIPTS[0][0] and c.isalpha()), None)
    return "" if letter is None else _SCRIPTS[bisect_right(_SCRIPTS, (letter, "~")) - 1][1]


def _likeliest(counts: dict[str, int]) -> str | None:
    """Return the language of most words, when it has two and no other has as many."""
    if not counts:
        return None
    name = max(counts, key=counts.__getitem__)
    most = counts[name]
    return name if most > 1 and sum(count == most for count in counts.values()) == 1 else None


@cache
def _words() -> _Words:
    languages: dict[str, tuple[str, ...]] = {}
    for language, words in read_table("function_words.tsv", fields=2):
        for word in words.split():
            languages[word] = (*languages.get(word, ()), language)
    cues: dict[str, list[str]] = {}
    for _, kind, words in read_table("cues.tsv", fields=3):
        cues.setdefault(kind, []).extend(
            words.split("|") if kind == "furniture" else [words] if kind == "frame" else words.split()
        )
    if set(cues) - _KINDS:
        message = f"data/cues.tsv: unknown kind {min(set(cues) - _KINDS)!r}; one of: {', '.join(sorted(_KINDS))}"
        raise TableError(message)
    tweeting = frozenset(word + mark for word in cues["tweet"] for mark in _PUNCTUATION)
    frames = [frame.partition(" ") for frame in cues["frame"]]
    return _Words(
        languages=languages,
        saying=tweeting | {word + mark for word in cues["say"] for mark in _PUNCTUATION},
        tweeting=tweeting,
        stems=(*((stem, True) for stem in cues["tweet-stem"]), *((stem, False) for stem in cues["stem"])),
        parts=tuple(cues["tweet-part"]),
        other_parts=tuple(cues["tweet-stem"]),
        furniture=tuple(cues["furniture"]),
        frames=re.compile("|".join(frame for _, _, frame in frames), re.IGNORECASE),
        jobs=frozenset(cues["job"]),
        anchors=tuple(anchor.encode() for anchor, _, _ in frames),
    )
