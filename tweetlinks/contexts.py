"""Find the passage of the article that a citation serves. Pure.

    passages → the prose around a citation, nearest first: paragraphs, or sentences where a line is a whole article
    see      → the features of each: how near, does it lead on (a colon), name the author, share the words, …
    rank     → probabilities by the weights of `data/contexts.tsv`, which also says what each feature means
    second   → the runner-up, or what the tweet's words may have swallowed, whichever is likelier to be right

The best one or two passages are kept. "No passage at all" is one of the candidates.
"""

from __future__ import annotations

import re
from bisect import bisect_left, bisect_right
from functools import cache
from itertools import pairwise

from tweetlinks.blanks import EDGE
from tweetlinks.lexicon import is_frame, is_furniture, long_words, names_of, names_tweet
from tweetlinks.model import Context
from tweetlinks.ranking import chances, read_weights
from tweetlinks.record import TYPE_CHECKING, Record

if TYPE_CHECKING:
    from collections.abc import Sequence

    from tweetlinks.model import Citation, Document, Span

__all__ = ["Passage", "Surroundings", "contexts_of", "rank_contexts"]

Passage = tuple[tuple[int, int], int, int]
"""A stretch of prose that a citation may serve: its span; -1 for the nearest before the citation, 1 for the nearest
after; how many citations stand between."""

_NEAR, _AFTER, _FAR = 3, 2, 3  # passages before and after, and how many further back where nothing near speaks
_BARREN = ("aside", "verbatim")  # marks of what is no prose of the article
_PARAGRAPHS = 60  # paragraphs, citations among them, that are looked through for passages
_WHOLE_ARTICLE = 900  # characters: a longer paragraph is no passage, its sentences are
_MOST = 10_000  # characters of a paragraph that are cut into sentences
_SECOND = 0.02  # probability from which a second passage is worth naming
_STEM = 7  # characters of a word that two passages must share: what follows bends in many languages
_MANY = 2  # citations between: more are as many
_COUNTED = 3  # words shared: more are as many, but a third of the tweet's repeat it
_SHARES = ("", "shares:1", "shares:2", "shares:3")
_ALONE = ("", "alone-shares:1", "alone-shares:2", "alone-shares:3")

_ENDS = frozenset('.!?:"”»’)。！？')
_OPENING = frozenset("\"“«„‘'")
_DASHES = frozenset("-–—•*・■")
_LEADING = (":“", ":«", ":„")
_LABEL = 40  # characters of a line that announces other articles
_SHORT = 60  # characters: what is longer is neither punctuation nor a frame
_SIZES = ((20, "size:20"), (45, "size:45"), (100, "size:100"))
_LONG = _SIZES[-1][0]  # characters: what is longer is no furniture
_NO_WORD = " \t.,:;!?…\"“”„«»'’‘()[]#@*-–—|•·″′<>0123456789"
_URL_STARTS = ("http", "www.", "pic.", "t.co/")

_SPEAKING = frozenset(["leads", "names-author", "names-tweet", "shares:2", "shares:3"])
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


class _Reading(Record):
    """What a passage is by itself, read once for all citations."""

    folded: str
    names: list[str]
    weight: float
    """The sum of the weights of these features."""
    leads: bool
    """It ends with a colon."""
    speaks: bool
    """It names a tweet."""


class _Facts(Record):
    """What is known of a citation, folded for comparing."""

    words: list[str]
    names: tuple[str, ...]
    doubtful: Span
    """Between the second-best and the best start of the words; empty when the start is sure."""


class _Seen(Record):
    """The passages around a citation, in columns; the last score is that of no passage at all."""

    passages: list[Passage]
    readings: list[_Reading]
    names: list[list[str]]
    """The features that each has for this citation only."""
    scores: list[float]
    """The sum of the weights of all its features, those of its place and of the reading too."""


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
        self._readings: dict[Span, _Reading] = {}
        self._prose: dict[int, list[Span]] = {}
        if document.marks:
            self._prose.update({n: [] for n in _barren(document)})

    def before(self, offset: int, most: int) -> list[Passage]:
        """Return at most `most` passages before `offset`, nearest first."""
        starts, order, found = self._starts, 0, list[Passage]()
        own, last = bisect_left(starts, offset), bisect_left(self.columns.starts, offset) - 1
        for n in range(last, max(-1, last - _PARAGRAPHS), -1):
            spans = self.prose(n)
            for k in range(bisect_left(spans, (offset, 0)) - 1, -1, -1):
                span, order = spans[k], order - 1
                found.append((span, order, own - bisect_left(starts, span[0])))
                if len(found) == most:
                    return found
        return found

    def after(self, offset: int, most: int) -> list[Passage]:
        """Return at most `most` passages after `offset`, nearest first."""
        starts, order, found = self._starts, 0, list[Passage]()
        own, first = bisect_left(starts, offset), max(0, bisect_right(self.columns.starts, offset) - 1)
        for n in range(first, min(len(self.columns), first + _PARAGRAPHS)):
            spans = self.prose(n)
            for k in range(bisect_left(spans, (offset, 0)), len(spans)):
                span, order = spans[k], order + 1
                if self._is_label(span):
                    return found
                found.append((span, order, bisect_left(starts, span[0]) - own))
                if len(found) == most:
                    return found
        return found

    def _is_label(self, span: Span) -> bool:
        """Tell whether a passage announces other articles (`Read more:`): what follows is no prose of this one."""
        words = self.text[span[0] : span[1]]
        return len(words) <= _LABEL and words[-1] in ":：" and is_furniture(words.casefold(), least=1)

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
            start, n = max(start, self.cited[n][1]), n + 1
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

    def swallowed(self, citation: Citation) -> Context | None:
        """Return what is prose and no words of the tweet if their second-best start is right, where that is the later.

        None without such a start. The confidence is how likely the best start is wrong.
        """
        second, best, sure = citation.alternative, citation.text_span, citation.text_confidence
        if not second or not best or second[0] <= best[0] or sure is None:
            return None
        end = best[0] + len(self.text[best[0] : second[0]].rstrip(EDGE))
        if not self._is_prose(best[0], end):
            return None
        return Context(self.columns.at(best[0]) or 0, (best[0], end), "same", round(1 - sure, 2), ("start-doubtful",))

    def reading(self, span: Span) -> _Reading:
        """Return what a passage is by itself; each is read once for all citations."""
        reading = self._readings.get(span)
        if reading is None:
            top = span[0] == self.columns.starts[0]
            reading = self._readings[span] = _read(self.text[span[0] : span[1]], top=top)
        return reading


def _barren(document: Document) -> list[int]:
    """Return the paragraphs that are no prose of the article: captions, what is verbatim, what stands around it."""
    columns = document.paragraphs
    spans = [mark.span for mark in document.marks if mark.kind in _BARREN]
    return [n for n, kind in columns.kinds.items() if kind == "caption"] + [n for s in spans for n in columns.within(s)]


def contexts_of(around: Surroundings, citation: Citation) -> tuple[Context, ...]:
    """Return the passages that a citation serves, best first; empty when no prose is about it.

    An embed stands between passages; a link or a mention is part of the one that it serves. The second is chosen to be
    right where the first is wrong: where the words are likelier to start too early than the runner-up is right, it is
    what they would have swallowed.
    """
    if citation.kind != "embed":
        return around.own(citation.span)
    seen = _see(around, citation)
    (chance, first), *others = chances(seen.scores)
    nothing = len(seen.passages)
    if first == nothing:
        return ()
    best = _context(around, citation, seen, first, chance)
    early = around.swallowed(citation)
    second, n = next((other for other in others if other[1] != nothing), (0.0, nothing))
    if early and early.confidence > second:
        return best, early._replace(confidence=min(best.confidence, early.confidence))
    return (best,) if second < _SECOND else (best, _context(around, citation, seen, n, second))


def rank_contexts(around: Surroundings, citation: Citation) -> list[tuple[float, Passage | None, list[str]]]:
    """Return probability, passage and features of every candidate, best first; None stands for no passage."""
    seen = _see(around, citation)
    passages = [*seen.passages, None]
    return [(chance, passages[n], _names(seen, n)) for chance, n in chances(seen.scores)]


def _context(around: Surroundings, citation: Citation, seen: _Seen, n: int, chance: float) -> Context:
    span, order, _ = seen.passages[n]
    paragraph = around.columns.at(span[0]) or 0
    shows = citation.span[0] < citation.span[1]  # what shows nothing stands between paragraphs
    same = shows and paragraph == around.columns.at(citation.span[0])
    evidence = tuple([name for name in _names(seen, n) if name in _TELLING])
    position = "same" if same else "before" if order < 0 else "after"
    return Context(paragraph, span, position, round(chance, 2), evidence or ("nearest",))


def _see(around: Surroundings, citation: Citation) -> _Seen:
    """Return the passages around a citation with what speaks for and against each."""
    facts = _facts(around.text, citation)
    before = around.before(citation.span[0], _NEAR + _FAR)
    passages = before[:_NEAR] + around.after(citation.span[1], _AFTER)
    readings = [around.reading(span) for span, _, _ in passages]
    shared = _shared(facts.words, readings)
    names = _compare(passages, readings, shared, facts)
    further = before[_NEAR:]
    if further and not _any_speaks(readings, names):
        more = [around.reading(span) for span, _, _ in further]
        shared += _shared(facts.words, more)
        passages, readings = passages + further, readings + more
        names = _compare(passages, readings, shared, facts)
    scores = [
        _place(order, min(crossed, _MANY))[1] + reading.weight + (_sum(own) if own else 0.0)
        for (_, order, crossed), reading, own in zip(passages, readings, names, strict=True)
    ]
    return _Seen(passages, readings, names, [*scores, _sum(["none" if passages else "none:alone"])])


def _names(seen: _Seen, n: int) -> list[str]:
    """Return all features of a candidate."""
    if n == len(seen.passages):
        return ["none" if seen.passages else "none:alone"]
    _, order, crossed = seen.passages[n]
    return [*_place(order, min(crossed, _MANY))[0], *seen.readings[n].names, *seen.names[n]]


def _any_speaks(readings: Sequence[_Reading], names: Sequence[Sequence[str]]) -> bool:
    return any([reading.speaks for reading in readings]) or not all([_SPEAKING.isdisjoint(own) for own in names])


def _facts(text: str, citation: Citation) -> _Facts:
    second, best = citation.alternative, citation.text_span
    words = [word[:_STEM] for word in long_words(text[best[0] : best[1]])] if best else []
    doubtful = (second[0], best[0]) if second and best and second[0] < best[0] else (0, 0)
    return _Facts(list(dict.fromkeys(words)), names_of(citation.author_name, citation.screen_name), doubtful)


def _read(body: str, *, top: bool) -> _Reading:
    """Name how a passage starts and ends, how long it is, what it says."""
    folded, leads = body.casefold(), body[-1] == ":" or body[-2:] in _LEADING
    speaks = names_tweet(folded)
    names = _edges(body, leads=leads)
    names += ["size:more"] if len(folded) >= _LONG else _short(folded)
    if top:
        names.append("top")
    if "@" in body:
        names.append("handle")
    if speaks:
        names.append("names-tweet")
    return _Reading(folded, names, _sum(names), leads, speaks)


def _edges(body: str, *, leads: bool) -> list[str]:
    """Name how a passage starts and ends, and whether it holds a quotation mark."""
    first, last, names = body[0], body[-1], []
    whole = last in _ENDS
    if leads:
        names.append("colon")
    elif last == "…" or body[-3:] == "...":
        names.append("dots")
        whole = True
    elif not whole:
        names.append("open-end")
    if first in _OPENING:
        names.append("quoted")
    elif '"' in body or "“" in body or "«" in body or "„" in body:
        names.append("holds-quote")
    if first in _DASHES:
        names.append("dash")
    elif whole and first.isupper():
        names.append("sentence")
    return names


def _short(folded: str) -> list[str]:
    """Name how long a short passage is, and whether it is no prose."""
    names = [next(name for most, name in _SIZES if len(folded) < most)]
    if is_furniture(folded, least=1):
        names.append("furniture")
    return names


@cache
def _place(order: int, crossed: int) -> tuple[tuple[str, str], float]:
    """Name how near a passage is, and how many citations stand between; return also the weight."""
    names = (f"{'before' if order < 0 else 'after'}:{abs(order)}", f"crossed:{crossed}")
    return names, _sum(names)


def _sum(names: Sequence[str]) -> float:
    get = read_weights("contexts.tsv").get
    return sum([get(name, 0.0) for name in names])


def _shared(words: Sequence[str], readings: Sequence[_Reading]) -> list[list[str]]:
    return [[word for word in words if word in reading.folded] for reading in readings]


def _compare(
    passages: Sequence[Passage], readings: Sequence[_Reading], shared: Sequence[Sequence[str]], facts: _Facts
) -> list[list[str]]:
    """Name what of the citation is in each passage: its author, its words, words that no other has."""
    holders: dict[str, int] = {}
    for words in shared:
        for word in words:
            holders[word] = holders.get(word, 0) + 1
    low, high = facts.doubtful
    found = []
    for (span, order, crossed), reading, words in zip(passages, readings, shared, strict=True):
        names = []
        if reading.leads and order == -1 and not crossed:
            names.append("leads")
        if low < span[1] and span[0] < high:
            names.append("doubtful")
        for name in facts.names:
            if name in reading.folded:
                names.append("names-author")
                break
        if words:
            names += _sharing(len(words), sum([holders[word] == 1 for word in words]), len(facts.words))
        found.append(names)
    return found


def _sharing(count: int, alone: int, of: int) -> list[str]:
    """Name how many words a passage shares with the tweet, and how many of them no other passage has."""
    names = [_SHARES[min(count, _COUNTED)]]
    if alone:
        names.append(_ALONE[min(alone, _COUNTED)])
    if count > _COUNTED and count * 3 >= of:
        names.append("repeats")
    return names
