"""Find prose that tells of a tweet without showing it: "she tweeted that", "a tweeté", "schrieb auf Twitter". Pure.

The phrases of each language stand in `data/mentions.tsv`. The citation is the sentence, which no full stop inside of a
quotation ends; its words are the quotation that it tells, when it tells just one:

    mention   = the sentence around a phrase, inside its line
    quotation = “…” „…“ «…» »…« "…" ‘…’ '…'
    told      = a quotation of 12 characters and more; a shorter one behind a colon, before a comma, or with a full
                stop, a comma or the like before its closing mark: “Nope.” is told, a “ban” is not

How sure it is: 0.8 with words or the handle of an account, 0.6 with nothing but the phrase.
"""

from __future__ import annotations

import re
from bisect import bisect_left
from functools import cache

from tweetlinks.blanks import BREAKS, EDGE
from tweetlinks.errors import TableError
from tweetlinks.model import Citation
from tweetlinks.record import TYPE_CHECKING
from tweetlinks.strengths import confidence
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
_NOT = "NOT"
"""The mark of phrases that tell of something else."""
_NAMES = ("witt", "X")
"""Anchors that a name of the network holds; phrases with NET are looked for at these."""
_W_ANCHORS = re.compile("weet|witt")
_CAPITALS = {"T": ("Tuit", "TUIT"), "W": ("WEET", "WITT")}
"""Anchors that begin a sentence or shout. One letter is found many times faster than a word."""
_AROUND = (90, 40)  # characters searched before and after an anchor: longer than any phrase

_QUOTE = r"""
    “[^“”\n]{1,1000}” | „[^„“”\n]{1,1000}[“”] | «[^«»\n]{1,1000}» | (?<!\w)»(?=\w)[^«»\n]{1,1000}(?<=\S)«(?!\w)
  | (?<!\w)"(?=\S)[^"\n]{1,1000}(?<=\S)"(?!\w)
  | ‘(?:[^‘’\n]|(?<=\w)’(?=\w)){1,1000}’ | (?<!\w)'(?=\w)(?:[^'\n]|(?<=\w)'(?=\w)){1,1000}(?<=[.,!?…])'(?!\w)
"""
_TOKEN = rf"(?P<quote>{_QUOTE}) | [.!?…](?=[\s\"”»’']) | [\n\r\u2028\u2029] | [。！？]"
_HANDLE = r"(?<![\w@])@(\w{1,15})\b"
# All linear: a bounded run of what cannot open the same quotation, between two literals.
_LONGEST = 1_200  # characters of a sentence on either side of its phrase
_SURELY_TOLD = 14  # characters of a quotation, its marks among them
_STOPS, _PAUSES = ".!?…。！？", ".!?…。！？,"
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
        found = [m.span() for m in _pattern(anchor).finditer(folded)]
        other = [m.span() for m in _pattern(_NOT).finditer(folded)] if found else []
        spans.update([(low + a, low + b) for a, b in found if not any([a < d and c < b for c, d in other])])
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
    span, quotes = _sentence(text, phrase, low, found.ceiling(phrase[1]))
    span = _whole_links(span, found)
    told = [(a, b) for a, b in quotes if span[0] <= a and b <= span[1] and _is_told(text, a, b)]
    handle = _author(text, span, phrase, quotes)
    evidence = ("phrase:" + " ".join(text[slice(*phrase)].casefold().split()), *(["told"] if told or handle else []))
    return Citation(
        kind="mention",
        form="prose",
        span=span,
        text_span=told[0] if len(told) == 1 else None,
        screen_name=handle,
        confidence=confidence(evidence, form="prose"),
        evidence=evidence,
    )


def _author(text: str, span: Span, phrase: Span, quotes: list[Span]) -> str | None:
    """Return the handle of who tweeted, none in a quotation: the last before the phrase, or right behind it.

    Of a phrase that opens the sentence (`In a tweet, the board (@board) said`) it is the first in brackets.
    """
    handles = list(re.compile(_HANDLE, re.ASCII).finditer(text, *span))
    told = [m for m in handles if not any(a <= m.start() < b for a, b in quotes)]
    before = [m[1] for m in told if m.end() <= phrase[0]]
    opens = phrase[0] == span[0]
    behind = [
        m[1]
        for m in told
        if not text[phrase[1] : m.start()].strip(EDGE + "(") or (opens and text[m.start() - 1] == "(")
    ]
    return before[-1] if before else behind[0] if behind else None


def _is_told(text: str, start: int, end: int) -> bool:
    """Tell whether a quotation is somebody's words, and not a word that the writer keeps at a distance."""
    return (
        end - start >= _SURELY_TOLD
        or text[start + 1 : end - 1].rstrip()[-1:] in _PAUSES
        or text[end : end + 1] == ","
        or text[max(0, start - 3) : start].rstrip()[-1:] == ":"
    )


def _whole_links(span: Span, found: Found) -> Span:
    """Return a span that cuts no link in two: it ends before one that goes on behind it."""
    n = bisect_left(found.links, (span[1], 0), key=_span_of) - 1
    a, b = _span_of(found.links[n]) if n >= 0 else span
    return (span[0], a) if span[0] < a < span[1] < b else span


def _span_of(link: Link) -> Span:
    return link.span or (0, 0)


def _sentence(text: str, phrase: Span, low: int, high: int | None) -> tuple[Span, list[Span]]:
    """Return the sentence around a phrase, and the quotations before its end; it stays in its line, `low` and `high`.

    A phrase inside of a quotation has its sentence there.
    """
    low = max(low, phrase[0] - _LONGEST)
    start = at = max(low, text.rfind("\n", low, phrase[0]) + 1)
    end = min(len(text), phrase[1] + _LONGEST, *([] if high is None else [high]))
    quotes: list[Span] = []
    while m := _token().search(text, at, end):
        a, at = m.span()
        if m["quote"] and a < phrase[0] < at:
            start, at, end = a + 1, a + 1, at - 1
            continue
        if m["quote"]:
            quotes.append((a, at))
            if not _ends_sentence(text, at, before=at <= phrase[0]):
                continue
        if at <= phrase[0]:
            start = at
        elif a >= phrase[1]:
            end = a if m.group() in BREAKS else at + (text[at : at + 1] in _CLOSING and not m["quote"])
            break
    body = text[start:end]
    first = start + len(body) - len(body.lstrip(_LEAD))
    first = next((a for a, _ in quotes if start <= a < first), first)  # a mark that opens is none that closes
    return (first, start + len(body.rstrip())), quotes


def _ends_sentence(text: str, end: int, *, before: bool) -> bool:
    """Tell whether the quotation that ends at `end` ends a sentence too: a stop in it, and no small letter behind it.

    Before the phrase only a full stop ends one: `“Enough!” Ida Ruddle tweeted.` is one sentence.
    """
    last, rest = text[end - 3 : end - 1].rstrip()[-1:], text[end : end + 3].lstrip()[:1]
    return last in ((".", "。") if before else _STOPS) and (not rest or not (rest.islower() or rest in ",;:)–—-"))


@cache
def _token() -> re.Pattern[str]:
    return re.compile(_TOKEN, re.VERBOSE)


@cache
def _pattern(anchor: str) -> re.Pattern[str]:
    rows = read_table("mentions.tsv", fields=3)
    unknown = {row[1] for row in rows} - {*_ANCHORS, "NET", _NOT}
    if unknown:
        message = f"data/mentions.tsv: unknown anchor {min(unknown)!r}; one of: {', '.join(_ANCHORS)}, NET, NOT"
        raise TableError(message)
    phrases = [row[2] for row in rows if row[1] == anchor or (row[1] == "NET" and anchor in _NAMES)]
    pattern = "|".join(phrases).replace("NET", "\0").lower().replace("\0", _NETWORK).replace(" ", r"\s")
    return re.compile(rf"\b(?:{pattern})(?!\w)")
