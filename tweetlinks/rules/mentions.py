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
_GATES = ("weet", "witt", "tuit", "trino", " X")
# Literals of which every phrase holds one: most articles hold none and are never searched.

_SENTENCE_END = re.compile(r"[.!?…](?=[\s\"”»’'])|[\n\r\u2028\u2029]|[。！？]")
_QUOTE = re.compile(r"“[^“”\n]{12,400}”|„[^„“\n]{12,400}[“”]|«[^«»\n]{12,400}»|\"[^\"\n]{12,400}\"|‘[^‘’\n]{12,400}’")
_HANDLE = re.compile(r"(?<![\w@])@(\w{1,15})\b", re.ASCII)
# All linear: a negated class of a bounded length between two literals.
_LONGEST = 600  # characters of a sentence

_patterns: list[re.Pattern[str]] = []


def find(document: Document, found: Found) -> Iterable[Citation]:
    """Return a citation for each sentence that tells of a tweet, outside the citations found before."""
    text = document.text
    if not any(gate in text for gate in _GATES):
        return
    floor = 0
    for match in (_patterns or _load())[0].finditer(text):
        if match.start() < floor or found.covering(match.span()):
            continue
        span = _sentence(text, match.span(), max(floor, found.floor(match.start())), found)
        floor = span[1]
        quotes = list(_QUOTE.finditer(text, *span))
        handle = _HANDLE.search(text, *span)
        yield Citation(
            kind="mention",
            form="prose",
            span=span,
            text_span=quotes[0].span() if len(quotes) == 1 else None,
            screen_name=handle and handle[1],
            confidence=0.7,
            evidence=(f"phrase:{match.group().casefold()}",),
        )


def _sentence(text: str, phrase: Span, low: int, found: Found) -> Span:
    """Return the sentence around a phrase, inside its line and between citations."""
    start = max(low, phrase[0] - _LONGEST)
    for m in _SENTENCE_END.finditer(text, start, phrase[0]):
        start = m.end()
    end_match = _SENTENCE_END.search(text, phrase[1], phrase[1] + _LONGEST)
    end = len(text[: phrase[1] + _LONGEST])
    if end_match:
        end = end_match.start() if end_match.group() in "\n\r\u2028\u2029" else end_match.end()
    if end < len(text) and text[end] in "\"”»’" and text[end] != "'":
        end += 1
    after = next((c.span[0] for c in found.citations if c.span[0] >= phrase[1]), end)
    end = min(end, after)
    body = text[start:end]
    lead = len(body) - len(body.lstrip(" \t\"”»’)>\xa0"))
    return start + lead, end - (len(body) - len(body.rstrip()))


def _load() -> list[re.Pattern[str]]:
    phrases = [pattern.replace("NET", _NETWORK) for _, pattern in read_table("mentions.tsv", fields=2)]
    _patterns.append(re.compile(r"\b(?:" + "|".join(phrases).replace(" ", r"\s") + r")\b", re.IGNORECASE))
    return _patterns
