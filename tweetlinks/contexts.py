"""Find the passage of the article that a citation serves. Pure.

    passages → the prose around a citation, nearest first: paragraphs, or sentences where a line is a whole article
    see      → the features of each: how near, does it lead on (a colon), name the author, share the words, …
    rank     → probabilities by the weights of `data/contexts.tsv`, which also says what each feature means

The best one or two passages are kept. "No passage at all" is one of the candidates.
"""

from __future__ import annotations

import re
from bisect import bisect_left, bisect_right
from itertools import islice
from typing import TYPE_CHECKING, NamedTuple

from tweetlinks.lexicon import cues_of, is_furniture
from tweetlinks.model import Context
from tweetlinks.ranking import rank, read_weights

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from tweetlinks.model import Citation, Document, Span

__all__ = ["Passage", "Surroundings", "contexts_of", "rank_contexts"]

_NEAR, _AFTER, _FAR = 3, 2, 4  # passages before and after, and how many further back where nothing near speaks
_WHOLE_ARTICLE = 900  # characters: a longer paragraph is no passage, its sentences are
_MOST = 10_000  # characters of a paragraph that are cut into sentences
_SECOND = 0.05  # probability from which a second passage is worth naming
_LINES_OF_SENTENCES = 240  # mean characters of a paragraph
_SIZES = ((20, "size:20"), (45, "size:45"), (100, "size:100"))

_EDGE = " \t\n\r\x0b\x0c\x1c\x1d\x1e\x85\u2028\u2029\xa0\ufeff>"
_ENDS = frozenset(".!?:\"”»’)。！？")
_OPENING = frozenset("\"“«„‘'")
_QUOTES = re.compile(r"[“„«\"]")
_LINK = re.compile(r"(?:https?://|pic\.|t\.co/)\S+")
_ONLY_LINKS = re.compile(r"(?:(?:https?://|www\.|pic\.|t\.co/)\S+\s*)+")
_SENTENCE = re.compile(r"[.!?…](?:[\"”»’')\]]+)?\s+(?=[^\sa-zß-ÿ])|[。！？](?=\S)|(?<=[a-zß-ÿ][.!?])(?=[A-ZÀ-Þ“„«\"])")
_NAME = re.compile(r"[^\W\d_]{4,}")
_SHARED = re.compile(r"[^\W_]{4,}")
# All linear: alternations of literals and single classes, one bounded look-behind.

_SPEAKING = frozenset(["leads", "names-author", "names-tweet", "says", "shares:2", "shares:3"])
_TELLING = _SPEAKING | {"dots", "repeats", "holds-quote"}

_weights: dict[str, float] = {}


class Passage(NamedTuple):
    """A stretch of prose that a citation may serve."""

    span: Span
    order: int
    """-1 is the nearest before the citation, 1 the nearest after."""
    crossed: int
    """How many citations stand between."""


class _Reading(NamedTuple):
    """What a passage is by itself."""

    folded: str
    names: tuple[str, ...]


class _Facts(NamedTuple):
    """What is known of a citation, folded for comparing."""

    words: tuple[str, ...]
    names: tuple[str, ...]
    doubtful: Span
    """Between the second-best and the best start of the words; empty when the start is sure."""


class Surroundings:
    """A document with its citations, prepared for looking at what stands around each."""

    def __init__(self, document: Document, citations: Sequence[Citation]) -> None:
        """Prepare.

        Args:
            document: the document as read.
            citations: what was found in it, in order, none overlapping.
        """
        self.text = document.text
        self.columns = document.paragraphs
        self.cited = [c.span for c in citations if c.kind == "embed"]
        self._starts = [a for a, _ in self.cited]
        count = len(self.columns)
        size = sum(self.columns.ends) - sum(self.columns.starts)
        self.mode = "sentences" if size < _LINES_OF_SENTENCES * count else "paragraphs"
        self._readings: dict[Span, _Reading] = {}

    def before(self, offset: int) -> Iterator[Passage]:
        """Yield the passages before `offset`, nearest first."""
        order = crossed = 0
        n = bisect_left(self.columns.starts, offset) - 1
        while n >= 0:
            pieces = self._pieces(self.columns.starts[n], min(self.columns.ends[n], offset))
            for piece, passed in reversed(pieces):
                for span in reversed(self._cut(piece)):
                    order -= 1
                    yield Passage(span, order, crossed + pieces[-1][1] - passed)
            crossed += pieces[-1][1]
            n -= 1

    def after(self, offset: int) -> Iterator[Passage]:
        """Yield the passages after `offset`, nearest first."""
        order = crossed = 0
        n = max(0, bisect_right(self.columns.starts, offset) - 1)
        while n < len(self.columns):
            pieces = self._pieces(max(self.columns.starts[n], offset), self.columns.ends[n])
            for piece, passed in pieces:
                for span in self._cut(piece):
                    order += 1
                    yield Passage(span, order, crossed + passed)
            crossed += pieces[-1][1]
            n += 1

    def _pieces(self, start: int, end: int) -> list[tuple[Span, int]]:
        """Cut the citations out of `text[start:end]`; return what is left, each with how many come before it."""
        n = bisect_right(self._starts, start)
        if n and self.cited[n - 1][1] > start:
            n -= 1
        pieces: list[tuple[Span, int]] = []
        at, passed = start, 0
        while n < len(self.cited) and self.cited[n][0] < end:
            a, b = self.cited[n]
            pieces.append(((at, max(at, a)), passed))
            at, passed, n = b, passed + 1, n + 1
        pieces.append(((at, max(at, end)), passed))
        return pieces

    def _cut(self, piece: Span) -> list[Span]:
        """Return a piece of a paragraph whole, or its sentences where it is too long or shares the line; no bare URLs."""
        a, b = piece
        if a >= b:
            return []
        n = bisect_right(self.columns.starts, a) - 1
        if b - a <= _WHOLE_ARTICLE and a == self.columns.starts[n] and b == self.columns.ends[n]:
            cuts = [a, b]
        else:
            cuts = [a, *[m.end() for m in _SENTENCE.finditer(self.text, a, min(b, a + _MOST))], b]
        spans = []
        for low, high in zip(cuts, cuts[1:], strict=False):
            body = self.text[low:high]
            start = low + len(body) - len(body.lstrip(_EDGE))
            body = body.strip(_EDGE)
            if body and not _ONLY_LINKS.fullmatch(body):
                spans.append((start, start + len(body)))
        return spans

    def reading(self, span: Span) -> _Reading:
        """Return what a passage is by itself; each is read once for all citations."""
        reading = self._readings.get(span)
        if reading is None:
            reading = self._readings[span] = _read(self.text[span[0] : span[1]])
        return reading


def contexts_of(around: Surroundings, citation: Citation) -> tuple[Context, ...]:
    """Return the passages that a citation serves, best first; empty when no prose is about it."""
    found: list[Context] = []
    own = around.columns.at(citation.span[0])
    for probability, passage, names in rank_contexts(around, citation)[:2]:
        if passage is None or (found and probability < _SECOND):
            break
        paragraph = around.columns.at(passage.span[0]) or 0
        position = "same" if paragraph == own else "before" if passage.order < 0 else "after"
        evidence = tuple([name for name in names if name in _TELLING]) or ("nearest",)
        found.append(Context(paragraph, passage.span, position, round(probability, 2), evidence))
    return tuple(found)


def rank_contexts(around: Surroundings, citation: Citation) -> list[tuple[float, Passage | None, list[str]]]:
    """Return probability, passage and features of every candidate, best first; None stands for no passage."""
    facts = _facts(around.text, citation)
    before = around.before(citation.span[0])
    passages = [*islice(before, _NEAR), *islice(around.after(citation.span[1]), _AFTER)]
    candidates = [_features(around, passage, facts) for passage in passages]
    if not any(_SPEAKING.intersection(names) for names, _ in candidates):
        further = list(islice(before, _FAR))
        passages += further
        candidates += [_features(around, passage, facts) for passage in further]
    features = [[*names, *_likeness(shared, candidates, facts)] for names, shared in candidates]
    features.append(["none" if passages else "none:alone"])
    items = [*passages, None]
    return [(p, items[n], features[n]) for p, n in rank(features, _weights or _load())]


def _load() -> dict[str, float]:
    _weights.update(read_weights("contexts.tsv"))
    return _weights


def _facts(text: str, citation: Citation) -> _Facts:
    words = _LINK.sub(" ", text[slice(*citation.text_span)]).casefold() if citation.text_span else ""
    names = _NAME.findall(citation.author_name.casefold()) if citation.author_name else []
    if citation.screen_name and len(citation.screen_name) > 3:  # noqa: PLR2004
        names.append(citation.screen_name.casefold())
    second, best = citation.alternative, citation.text_span
    doubtful = (second[0], best[0]) if second and best and second[0] < best[0] else (0, 0)
    return _Facts(tuple(set(_SHARED.findall(words))), tuple(names), doubtful)


def _read(body: str) -> _Reading:
    """Name how a passage ends, how long it is, what it says."""
    folded, names = body.casefold(), []
    last, size = body[-1], len(body)
    if last == ":" or body[-2:] in (":“", ":«", ":„"):
        names.append("colon")
    elif last == "…" or body[-3:] == "...":
        names.append("dots")
    elif last not in _ENDS:
        names.append("open-end")
    names.append(next((name for most, name in _SIZES if size < most), "size:more"))
    if names[-1] != "size:more" and is_furniture(folded, least=1):
        names.append("furniture")
    if "@" in body:
        names.append("handle")
    if body[0] in _OPENING:
        names.append("quoted")
    elif _QUOTES.search(body):
        names.append("holds-quote")
    says, tweets = cues_of(folded)
    if says:
        names.append("says")
    if tweets:
        names.append("names-tweet")
    return _Reading(folded, tuple(names))


def _features(around: Surroundings, passage: Passage, facts: _Facts) -> tuple[list[str], list[str]]:
    """Name what speaks for and against one passage; return also the words it shares with the tweet."""
    folded, own = around.reading(passage.span)
    near = f"{'before' if passage.order < 0 else 'after'}:{abs(passage.order)}"
    names = [near, f"{near}|{around.mode}", f"crossed:{min(passage.crossed, 2)}", *own]
    if passage.order == -1 and "colon" in own:
        names.append("leads")
    if passage.span[0] < facts.doubtful[1] and facts.doubtful[0] < passage.span[1]:
        names.append("doubtful")
    if any([name in folded for name in facts.names]):
        names.append("names-author")
    shared = [word for word in facts.words if word in folded]
    if shared:
        names.append(f"shares:{min(len(shared), 3)}")
    return names, shared


def _likeness(shared: list[str], candidates: list[tuple[list[str], list[str]]], facts: _Facts) -> list[str]:
    """Name whether a passage repeats the tweet, and how many of its words no other passage has."""
    names = []
    if len(shared) > 3 and len(shared) * 3 >= len(facts.words):  # noqa: PLR2004
        names.append("repeats")
    alone = sum([sum([word in other for _, other in candidates]) == 1 for word in shared])
    if alone:
        names.append(f"alone-shares:{min(alone, 3)}")
    return names
