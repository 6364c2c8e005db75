"""Find prose that tells of a tweet without showing it: "she tweeted that", "a tweeté", "schrieb auf Twitter". Pure.

The phrases of each language stand in `data/mentions.tsv`. The citation is the sentence; its words are a quotation in
the sentence, when it holds just one.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from tweetlinks.model import Citation
from tweetlinks.tables import read_table

if TYPE_CHECKING:
    from collections.abc import Iterable

    from tweetlinks.model import Document, Found, Span

__all__ = ["find"]

_NETWORK = r"(?:Twitter|X(?=[\s.,:;!?)»”\"]|$)(?:\s\((?:formerly|ehemals|anciennement|antes) Twitter\))?)"
_ANCHORS = ("weet", "witt", "tuit", "tuít", "trino", " X")
# Literals of which every phrase holds one: only the text around them is searched.
_AROUND = 90  # characters: longer than any phrase

_SENTENCE_END = re.compile(r"[.!?…](?=[\s\"”»’'])|[\n\r\u2028\u2029]|[。！？]")
_QUOTE = re.compile(r"“[^“”\n]{12,400}”|„[^„“\n]{12,400}[“”]|«[^«»\n]{12,400}»|\"[^\"\n]{12,400}\"|‘[^‘’\n]{12,400}’")
_HANDLE = re.compile(r"(?<![\w@])@(\w{1,15})\b", re.ASCII)
# All linear: a negated class of a bounded length between two literals.
_LONGEST = 600  # characters of a sentence
_BREAKS, _CLOSING, _LEAD = "\n\r\u2028\u2029", tuple("\"”»’"), " \t\"”»’)>\xa0"

_patterns: list[re.Pattern[str]] = []


def find(document: Document, found: Found) -> Iterable[Citation]:
    """Return a citation for each sentence that tells of a tweet, outside the citations found before."""
    text = document.text
    floor = 0
    for window in _windows(text):
        pattern = _phrases()
        for match in pattern.finditer(text, max(window[0], floor), window[1]):
            if match.start() < floor or found.covering(match.span()):
                continue
            citation = _citation(text, match, max(floor, found.floor(match.start())), found)
            floor = citation.span[1]
            yield citation


def _windows(text: str) -> list[Span]:
    """Return the stretches of text that may hold a phrase, merged, in order; the anchors inside links are left out."""
    hits = []
    for anchor in _ANCHORS:
        at = text.find(anchor)
        while at >= 0:
            if anchor != "witt" or text[at + 4 : at + 10] != "er.com":
                hits.append(at)
            at = text.find(anchor, at + 1)
    windows: list[Span] = []
    for at in sorted(hits):
        low, high = at - _AROUND, at + _AROUND
        if windows and low <= windows[-1][1]:
            windows[-1] = windows[-1][0], high
        else:
            windows.append((max(low, 0), high))
    return windows


def _citation(text: str, match: re.Match[str], low: int, found: Found) -> Citation:
    span = _sentence(text, match.span(), low, found.ceiling(match.end()))
    quotes = list(_QUOTE.finditer(text, *span))
    handle = _HANDLE.search(text, *span)
    return Citation(
        kind="mention",
        form="prose",
        span=span,
        text_span=quotes[0].span() if len(quotes) == 1 else None,
        screen_name=handle and handle[1],
        confidence=0.7,
        evidence=(f"phrase:{match.group().casefold()}",),
    )


def _sentence(text: str, phrase: Span, low: int, high: int | None) -> Span:
    """Return the sentence around a phrase, inside its line and between `low` and `high`."""
    start = max(low, phrase[0] - _LONGEST)
    for m in _SENTENCE_END.finditer(text, start, phrase[0]):
        start = m.end()
    end = min(len(text), phrase[1] + _LONGEST)
    stop = _SENTENCE_END.search(text, phrase[1], end)
    if stop:
        end = stop.start() if stop.group() in _BREAKS else stop.end()
        if text[end : end + 1] in _CLOSING:
            end += 1
    if high is not None:
        end = min(end, high)
    body = text[start:end]
    return start + len(body) - len(body.lstrip(_LEAD)), end - len(body) + len(body.rstrip())


def _phrases() -> re.Pattern[str]:
    if not _patterns:
        rows = read_table("mentions.tsv", fields=2)
        phrases = "|".join([pattern.replace("NET", _NETWORK) for _, pattern in rows])
        _patterns.append(re.compile(r"\b(?:" + phrases.replace(" ", r"\s") + r")\b", re.IGNORECASE))
    return _patterns[0]
