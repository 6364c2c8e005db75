"""Find prose that tells of a tweet without showing it: "she tweeted that", "a tweeté", "schrieb auf Twitter". Pure.

The phrases of each language stand in `data/mentions.tsv`. The citation is the sentence; its words are a quotation in
the sentence, when it holds just one.
"""

from __future__ import annotations

import re
from bisect import bisect_left
from functools import cache

from tweetlinks.blanks import BREAKS, EDGE
from tweetlinks.errors import TableError
from tweetlinks.model import Citation
from tweetlinks.record import TYPE_CHECKING
from tweetlinks.tables import read_table

if TYPE_CHECKING:
    from collections.abc import Iterable

    from tweetlinks.model import Document, Found, Link, Span

__all__ = ["find"]

_NETWORK = (
    r"(?:(?:his|her|their|its|ihrem|seinem|dem|sa|son|su|sua|seu|la|le|cuenta|compte|page|perfil|conta|conto|profilo|"
    r"account|feed|de|di|do|du) ){0,4}"
    r"(?:twitter(?:-(?:account|konto|profil|kanal))?|x(?=[\s.,:;!?)»”\"]|$)(?: \(\w+ twitter\))?)"
)
_ANCHORS = ("weet", "witt", "tuit", "X")
"""Every phrase holds one of these: only the text around them is searched."""
_NAMES = ("witt", "X")
"""Anchors that a name of the network holds; phrases with NET are looked for at these."""
_W_ANCHORS = re.compile("weet|witt")
_CAPITALS = {"T": ("Tuit", "TUIT"), "W": ("WEET", "WITT")}
"""Anchors that begin a sentence or shout. One letter is found many times faster than a word."""
_AROUND = (90, 40)  # characters searched before and after an anchor: longer than any phrase

_SENTENCE_END = r"[.!?…](?=[\s\"”»’'])|[\n\r\u2028\u2029]|[。！？]"
_QUOTE = r"“[^“”\n]{12,400}”|„[^„“\n]{12,400}[“”]|«[^«»\n]{12,400}»|\"[^\"\n]{12,400}\"|‘[^‘’\n]{12,400}’"
_HANDLE = r"(?<![\w@])@(\w{1,15})\b"
# All linear: a negated class of a bounded length between two literals.
_LONGEST = 600  # characters of a sentence
_CLOSING, _LEAD = tuple('"”»’'), EDGE + '"”»’)'


def find(document: Document, found: Found) -> Iterable[Citation]:
    """Return a citation for each sentence that tells of a tweet, outside the citations found before."""
    text = document.text
    floor = 0
    for span in _matches(text):
        if span[0] >= floor and not found.covering(span):
            citation = _citation(text, span, max(floor, found.floor(span[0])), found)
            floor = citation.span[1]
            yield citation


def _matches(text: str) -> list[Span]:
    """Return where phrases stand, in order; they may overlap."""
    anchors = _anchors(text)
    if not anchors:
        return []
    spans: set[Span] = set()
    for anchor, low, high in _windows(anchors):
        window = text[low:high]
        folded = window.lower()
        if len(folded) != len(window):  # İ becomes two characters
            folded = window
        spans.update([(low + m.start(), low + m.end()) for m in _pattern(anchor).finditer(folded)])
    return sorted(spans)


def _windows(anchors: list[tuple[int, str]]) -> Iterable[tuple[str, int, int]]:
    """Return the stretches around each kind of anchor, overlapping ones joined."""
    windows: list[tuple[str, int, int]] = []
    for at, anchor in anchors:
        low, high = max(0, at - _AROUND[0]), at + _AROUND[1]
        if windows and windows[-1][0] == anchor and low <= windows[-1][2]:
            windows[-1] = anchor, windows[-1][1], high
        else:
            windows.append((anchor, low, high))
    return windows


def _anchors(text: str) -> list[tuple[int, str]]:
    """Return where anchors stand, and which. Written for speed: most articles hold none."""
    anchors = [(m.start(), m.group()) for m in _W_ANCHORS.finditer(text) if not text.startswith("er.com", m.end())]
    at = text.find("X")
    while at >= 0:
        if text[at - 1 : at] == " " and not text[at + 1 : at + 2].isalnum():  # X, and not Xi or XL
            anchors.append((at, "X"))
        at = text.find("X", at + 1)
    rare: list[tuple[int, str]] = []
    if text.rfind("tuit") >= 0:  # faster than `in`, and tells the same
        rare = [(m.start(), "tuit") for m in re.finditer("tuit", text)]
    for letter, words in _CAPITALS.items():
        at = text.find(letter)
        while at >= 0:
            if text.startswith(words, at) and not text.startswith("ER.COM", at + 4):
                rare.append((at, text[at : at + 4].lower()))
            at = text.find(letter, at + 1)
    return sorted(anchors + rare, key=lambda found: (found[1], found[0])) if rare else anchors


def _citation(text: str, phrase: Span, low: int, found: Found) -> Citation:
    span = _whole_links(_sentence(text, phrase, low, found.ceiling(phrase[1])), found)
    quotes = list(re.compile(_QUOTE).finditer(text, *span))
    handle = re.compile(_HANDLE, re.ASCII).search(text, *span)
    return Citation(
        kind="mention",
        form="prose",
        span=span,
        text_span=quotes[0].span() if len(quotes) == 1 else None,
        screen_name=handle and handle[1],
        confidence=0.7,
        evidence=("phrase:" + " ".join(text[slice(*phrase)].casefold().split()),),
    )


def _whole_links(span: Span, found: Found) -> Span:
    """Return a span that cuts no link in two: it ends before one that goes on behind it."""
    n = bisect_left(found.links, (span[1], 0), key=_span_of) - 1
    a, b = _span_of(found.links[n]) if n >= 0 else span
    return (span[0], a) if span[0] < a < span[1] < b else span


def _span_of(link: Link) -> Span:
    return link.span or (0, 0)


def _sentence(text: str, phrase: Span, low: int, high: int | None) -> Span:
    """Return the sentence around a phrase, inside its line and between `low` and `high`."""
    start = max(low, phrase[0] - _LONGEST)
    for m in re.compile(_SENTENCE_END).finditer(text, start, phrase[0]):
        start = m.end()
    end = min(len(text), phrase[1] + _LONGEST)
    stop = re.compile(_SENTENCE_END).search(text, phrase[1], end)
    if stop:
        end = stop.start() if stop.group() in BREAKS else stop.end()
        if text[end : end + 1] in _CLOSING:
            end += 1
    if high is not None:
        end = min(end, high)
    body = text[start:end]
    return start + len(body) - len(body.lstrip(_LEAD)), end - len(body) + len(body.rstrip())


@cache
def _pattern(anchor: str) -> re.Pattern[str]:
    rows = read_table("mentions.tsv", fields=3)
    unknown = {row[1] for row in rows} - {*_ANCHORS, "NET"}
    if unknown:
        message = f"data/mentions.tsv: unknown anchor {min(unknown)!r}; one of: {', '.join(_ANCHORS)}, NET"
        raise TableError(message)
    phrases = [row[2] for row in rows if row[1] == anchor or (row[1] == "NET" and anchor in _NAMES)]
    pattern = "|".join(phrases).replace("NET", "\0").lower().replace("\0", _NETWORK).replace(" ", r"\s")
    return re.compile(rf"\b(?:{pattern})(?!\w)")
