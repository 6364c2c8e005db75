"""Find the passage of the article that a citation serves. Pure.

    passages → the prose around a citation, nearest first: paragraphs, or sentences where a line is a whole article
    see      → the features of each: how near, does it lead on (a colon), name the author, share the words, …
    rank     → probabilities by the weights of `data/contexts.tsv`, which also says what each feature means

The best one or two passages are kept. "No passage at all" is one of the candidates.
"""

from __future__ import annotations

import re
from bisect import bisect_left, bisect_right
from functools import cache
from itertools import islice, pairwise

from tweetlinks.blanks import EDGE
from tweetlinks.lexicon import cues_of, is_frame, is_furniture, long_words, names_of
from tweetlinks.model import Context
from tweetlinks.ranking import rank, read_weights
from tweetlinks.record import TYPE_CHECKING, Record

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from tweetlinks.model import Citation, Document, Span

__all__ = ["Passage", "Surroundings", "contexts_of", "rank_contexts"]

_NEAR, _AFTER, _FAR = 4, 2, 3  # passages before and after, and how many further back where nothing near speaks
_PARAGRAPHS = 60  # paragraphs, citations among them, that are looked through for passages
_WHOLE_ARTICLE = 900  # characters: a longer paragraph is no passage, its sentences are
_MOST = 10_000  # characters of a paragraph that are cut into sentences
_SECOND = 0.05  # probability from which a second passage is worth naming
_LINES_OF_SENTENCES = 240  # mean characters of a paragraph
_CROSSED, _SHARES = ("crossed:0", "crossed:1", "crossed:2"), ("shares:1", "shares:2", "shares:3")
_SIZES = ((20, "size:20"), (45, "size:45"), (100, "size:100"))

_ENDS = frozenset('.!?:"”»’)。！？')
_OPENING = frozenset("\"“«„‘'")
_QUOTES = ("“", "„", "«", '"')
_SHORT = 60  # characters: what is longer is neither punctuation nor a frame
_NO_WORD = " \t.,:;!?…\"“”„«»'’‘()[]#@*-–—|•·″′<>0123456789"
_URL_STARTS = ("http", "www.", "pic.", "t.co/")

_SPEAKING = frozenset(["leads", "names-author", "names-tweet", "says", "shares:2", "shares:3"])
_TELLING = _SPEAKING | {"dots", "repeats", "holds-quote"}


@cache
def _sentence() -> re.Pattern[str]:
    """Return what ends a sentence, compiled at need. Linear: single classes, one bounded look-behind."""
    return re.compile(
        r"""[.!?…] (?:["”»’')\]]+)? \s+ (?=[^\sa-zß-ÿ])     # a full stop, and no small letter behind the blank
          | [。！？] (?=\S)
          | (?<=[a-zß-ÿ][.!?]) (?=[A-ZÀ-Þ“„«"])             # the blank was lost
        """,
        re.VERBOSE,
    )


class Passage(Record):
    """A stretch of prose that a citation may serve."""

    span: Span
    order: int
    """-1 is the nearest before the citation, 1 the nearest after."""
    crossed: int
    """How many citations stand between."""


class _Reading(Record):
    """What a passage is by itself."""

    folded: str
    names: tuple[str, ...]


class _Facts(Record):
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
        size = sum(self.columns.ends) - sum(self.columns.starts)
        self.mode = "sentences" if size < _LINES_OF_SENTENCES * len(self.columns) else "paragraphs"
        self._readings: dict[Span, _Reading] = {}
        self._prose: dict[int, list[Span]] = {}

    def before(self, offset: int) -> Iterator[Passage]:
        """Yield the passages before `offset`, nearest first."""
        own, order = bisect_left(self._starts, offset), 0
        last = bisect_left(self.columns.starts, offset) - 1
        for n in range(last, max(-1, last - _PARAGRAPHS), -1):
            spans = self.prose(n)
            for k in range(bisect_left(spans, (offset, 0)) - 1, -1, -1):
                order -= 1
                yield Passage(spans[k], order, own - bisect_left(self._starts, spans[k][0]))

    def after(self, offset: int) -> Iterator[Passage]:
        """Yield the passages after `offset`, nearest first."""
        own, order = bisect_left(self._starts, offset), 0
        first = max(0, bisect_right(self.columns.starts, offset) - 1)
        for n in range(first, min(len(self.columns), first + _PARAGRAPHS)):
            spans = self.prose(n)
            for k in range(bisect_left(spans, (offset, 0)), len(spans)):
                order += 1
                yield Passage(spans[k], order, bisect_left(self._starts, spans[k][0]) - own)

    def prose(self, n: int) -> list[Span]:
        """Return what paragraph `n` holds but citations and bare URLs: all of it, or sentences where it is too long."""
        spans = self._prose.get(n)
        if spans is None:
            spans = self._prose[n] = self._read_prose(self.columns.starts[n], self.columns.ends[n])
        return spans

    def _read_prose(self, start: int, end: int) -> list[Span]:
        n = bisect_right(self._starts, start)
        if n and self.cited[n - 1][1] > start:
            n -= 1
        if n == len(self.cited) or self.cited[n][0] >= end:
            return (
                [(start, end)]
                if end - start <= _WHOLE_ARTICLE and self._is_prose(start, end)
                else self._sentences(start, end)
            )
        spans: list[Span] = []
        while n < len(self.cited) and self.cited[n][0] < end:
            spans += self._sentences(start, self.cited[n][0])
            start, n = self.cited[n][1], n + 1
        return spans + self._sentences(start, end)

    def _is_prose(self, start: int, end: int) -> bool:
        """Tell whether a stretch holds words of the article: not only URLs, punctuation, or the frame of a post."""
        text = self.text
        if text.startswith(_URL_STARTS, start):
            return not all([word.startswith(_URL_STARTS) for word in text[start:end].split()])
        return end - start > _SHORT or (text[start:end].strip(_NO_WORD) != "" and not is_frame(text[start:end]))

    def _sentences(self, start: int, end: int) -> list[Span]:
        """Cut a stretch into sentences; of a very long one only both ends."""
        if start >= end:
            return []
        sentence, middle = _sentence(), max(start, end - _MOST)
        cuts = {start, end, *[m.end() for m in sentence.finditer(self.text, start, min(end, start + _MOST))]}
        cuts.update([m.end() for m in sentence.finditer(self.text, middle, end)])
        ordered, spans = sorted(cuts), []
        for low, high in pairwise(ordered):
            body = self.text[low:high]
            stripped = body.strip(EDGE)
            if stripped:
                at = low + body.index(stripped)
                if self._is_prose(at, at + len(stripped)):
                    spans.append((at, at + len(stripped)))
        return spans

    def own(self, span: Span) -> tuple[Context, ...]:
        """Return the passage that `span` stands in; empty without words around it."""
        n = self.columns.at(span[0])
        if n is None:
            return ()
        spans = self.prose(n)
        k = bisect_left(spans, (span[0] + 1, 0)) - 1
        return (Context(n, spans[k], "same", 0.9, ("own-passage",)),) if k >= 0 and span[0] < spans[k][1] else ()

    def reading(self, span: Span) -> _Reading:
        """Return what a passage is by itself; each is read once for all citations."""
        reading = self._readings.get(span)
        if reading is None:
            reading = self._readings[span] = _read(self.text[span[0] : span[1]])
        return reading


def contexts_of(around: Surroundings, citation: Citation) -> tuple[Context, ...]:
    """Return the passages that a citation serves, best first; empty when no prose is about it.

    An embed stands between passages; a link or a mention is part of the one that it serves.
    """
    if citation.kind != "embed":
        return around.own(citation.span)
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
    return [(p, items[n], features[n]) for p, n in rank(features, read_weights("contexts.tsv"))]


def _facts(text: str, citation: Citation) -> _Facts:
    words = long_words(text[slice(*citation.text_span)]) if citation.text_span else []
    second, best = citation.alternative, citation.text_span
    doubtful = (second[0], best[0]) if second and best and second[0] < best[0] else (0, 0)
    return _Facts(tuple(dict.fromkeys(words)), names_of(citation.author_name, citation.screen_name), doubtful)


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
    elif any(mark in body for mark in _QUOTES):
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
    names = [*_near(passage.order, around.mode), _CROSSED[min(passage.crossed, 2)], *own]
    if passage.order == -1 and not passage.crossed and "colon" in own:
        names.append("leads")
    if passage.span[0] < facts.doubtful[1] and facts.doubtful[0] < passage.span[1]:
        names.append("doubtful")
    for name in facts.names:
        if name in folded:
            names.append("names-author")
            break
    shared = [word for word in facts.words if word in folded]
    if shared:
        names.append(_SHARES[min(len(shared), 3) - 1])
    return names, shared


@cache
def _near(order: int, mode: str) -> tuple[str, str]:
    near = f"{'before' if order < 0 else 'after'}:{abs(order)}"
    return near, f"{near}|{mode}"


def _likeness(shared: list[str], candidates: list[tuple[list[str], list[str]]], facts: _Facts) -> list[str]:
    """Name whether a passage repeats the tweet, and how many of its words no other passage has."""
    if not shared:
        return []
    names = []
    if len(shared) > 3 and len(shared) * 3 >= len(facts.words):  # noqa: PLR2004
        names.append("repeats")
    alone = sum([sum([word in other for _, other in candidates]) == 1 for word in shared])
    if alone:
        names.append(f"alone-shares:{min(alone, 3)}")
    return names
