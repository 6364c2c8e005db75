"""Find the passage of the article that a citation serves. Pure.

    passages → the prose around a citation: paragraphs, or sentences where a line is a whole article
    see      → the features of each: how near, does it lead on (a colon), name the author, repeat the words, …
    rank     → probabilities by the weights of `data/contexts.tsv`; the best one or two are kept

A citation that no prose is about gets none: "nothing" is one of the candidates.
"""

from __future__ import annotations

import re
from bisect import bisect_left, bisect_right
from typing import TYPE_CHECKING, NamedTuple

from tweetlinks.lexicon import gist_of
from tweetlinks.model import Context
from tweetlinks.ranking import rank, read_weights

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from tweetlinks.model import Citation, Document, Span

__all__ = ["Surroundings", "contexts_of", "rank_contexts"]

_BEFORE, _AFTER = 7, 4  # passages looked at
_WHOLE_ARTICLE = 900  # characters: a longer paragraph is no passage, its sentences are
_SECOND = 0.05  # probability from which a second passage is worth naming
_LINES_OF_SENTENCES = 240  # mean characters of a paragraph

_FURNITURE_MOST = 160  # characters
_ENDS = ".!?:\"”»’)。！？"
_OPENING = "\"“«„‘'"

_EDGE = " \t\n\r\x0b\x0c\x1c\x1d\x1e\x85\u2028\u2029\xa0\ufeff>"
_SENTENCE = re.compile(r"[.!?…](?:[\"”»’')\]]+)?\s+(?=[^\sa-zß-ÿ])|[。！？](?=\S)|(?<=[a-zß-ÿ][.!?])(?=[A-ZÀ-Þ“„«\"])")
_NAME = re.compile(r"[^\W\d_]{3,}")
_SHARED = re.compile(r"[^\W_]{4,}")
_QUOTATION = re.compile(r"“[^“”]{20}|„[^„“]{20}|«[^«»]{20}|\"[^\"]{20}")
_ONLY_URL = re.compile(r"(?:https?://|www\.|pic\.|t\.co/)\S+")
_HANDLE = re.compile(r"@\w")
_FURNITURE = re.compile(
    r"""(?: advert | anzeige | publicidad | publicité | werbung | cookie | newsletter | subscribe | sign\ up | abonn
          | read\ more | read\ also | see\ also | related | lire\ aussi | lesen\ sie | mehr\ zum | lea\ también | scroll\ down
          | story\ continues | terms\ of\ use | privacy | copyright | © | ®\ | follow\ us | share\ this | click\ here | poll\b
          | photo | foto | image\ | bild\ | credit | quelle: | source: | fonte: | via\  | getty | reuters$ | afp$
          | skip\ twitter | end\ of\ twitter | report | retweets | \d+\ likes )""",
    re.VERBOSE | re.IGNORECASE,
)
# All linear: alternations of literals, single classes, one bounded look-behind.

_weights: dict[str, float] = {}


class _Passage(NamedTuple):
    """A stretch of prose that a citation may serve."""

    span: Span
    order: int
    """-1 is the nearest before the citation, 1 the nearest after."""
    citations: int
    """How many citations stand between."""
    kind: str
    """`paragraph`, `sentence` or `heading`."""


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
        self.sentences = count > 0 and sum(self.columns.ends) - sum(self.columns.starts) < _LINES_OF_SENTENCES * count

    def before(self, offset: int) -> Iterator[_Passage]:
        """Yield the passages before `offset`, nearest first."""
        order = crossed = 0
        n = bisect_right(self.columns.starts, offset) - 1
        high = offset
        while n >= 0 and order > -_BEFORE:
            start, end = self.columns.starts[n], min(self.columns.ends[n], high)
            crossed_here = crossed
            for piece, passed in self._pieces(start, end, backwards=True):
                crossed_here = crossed + passed
                for span, kind in self._cut(n, piece, backwards=True):
                    order -= 1
                    yield _Passage(span, order, crossed_here, kind)
                    if order <= -_BEFORE:
                        return
            crossed += self._count(start, end)
            n -= 1

    def after(self, offset: int) -> Iterator[_Passage]:
        """Yield the passages after `offset`, nearest first."""
        order = crossed = 0
        n = max(0, bisect_right(self.columns.starts, offset) - 1)
        while n < len(self.columns) and order < _AFTER:
            start, end = max(self.columns.starts[n], offset), self.columns.ends[n]
            for piece, passed in self._pieces(start, end, backwards=False):
                for span, kind in self._cut(n, piece, backwards=False):
                    order += 1
                    yield _Passage(span, order, crossed + passed, kind)
                    if order >= _AFTER:
                        return
            crossed += self._count(start, end)
            n += 1

    def _count(self, start: int, end: int) -> int:
        return max(0, bisect_left(self._starts, end) - bisect_left(self._starts, start))

    def _pieces(self, start: int, end: int, *, backwards: bool) -> list[tuple[Span, int]]:
        """Cut citations out of `text[start:end]`; return what is left with how many citations lie between."""
        pieces = []
        n = max(0, bisect_right(self._starts, start) - 1)
        at = start
        while n < len(self.cited) and self.cited[n][0] < end:
            a, b = self.cited[n]
            if b > start:
                pieces.append((at, max(at, a)))
                at = b
            n += 1
        pieces.append((at, max(at, end)))
        ordered = pieces[::-1] if backwards else pieces
        return [(self._strip(piece), k) for k, piece in enumerate(ordered) if self._is_prose(piece)]

    def _is_prose(self, span: Span) -> bool:
        """Tell whether a stretch holds more than blanks and URLs."""
        body = self.text[slice(*span)].strip(_EDGE)
        return bool(body) and not _ONLY_URL.fullmatch(body)

    def _strip(self, span: Span) -> Span:
        body = self.text[slice(*span)]
        start = span[0] + len(body) - len(body.lstrip(_EDGE))
        return start, start + len(body.strip(_EDGE))

    def _cut(self, n: int, piece: Span, *, backwards: bool) -> list[tuple[Span, str]]:
        """Return a piece of paragraph `n` whole, or its sentences where it is too long or shares the line."""
        whole = piece == (self.columns.starts[n], self.columns.ends[n])
        if whole and piece[1] - piece[0] <= _WHOLE_ARTICLE:
            return [(piece, self.columns.kinds.get(n, "paragraph"))]
        low, high = piece
        if backwards:
            low = max(low, high - 12 * _WHOLE_ARTICLE)
        else:
            high = min(high, low + 12 * _WHOLE_ARTICLE)
        cuts = [low, *(m.end() for m in _SENTENCE.finditer(self.text, low, high)), high]
        spans = [self._strip((a, b)) for a, b in zip(cuts, cuts[1:], strict=False) if self.text[a:b].strip(_EDGE)]
        return [(span, "sentence") for span in (spans[::-1] if backwards else spans)]


def contexts_of(around: Surroundings, citation: Citation) -> tuple[Context, ...]:
    """Return the passages that a citation serves, best first; empty when no prose is about it."""
    ranked = rank_contexts(around, citation)
    found = []
    for probability, passage, names in ranked[:2]:
        if passage is None or (found and probability < _SECOND):
            break
        paragraph = around.columns.at(passage.span[0]) or 0
        own = around.columns.at(citation.span[0]) or 0
        position = "same" if paragraph == own else "before" if passage.order < 0 else "after"
        evidence = tuple(name for name in names if name in _TELLING) or ("nearest",)
        found.append(Context(paragraph, passage.span, position, round(probability, 2), evidence))
    return tuple(found)


_TELLING = frozenset(["colon", "dots", "says", "names-tweet", "names-author", "repeats", "shares:3", "shares:2", "holds-quote"])


def rank_contexts(around: Surroundings, citation: Citation) -> list[tuple[float, _Passage | None, list[str]]]:
    """Return probability, passage and features of every candidate, best first; None stands for no passage."""
    passages = [*around.before(citation.span[0]), *around.after(citation.span[1])]
    facts = _facts(around.text, citation)
    shared = [facts.words & _words(around.text[slice(*passage.span)]) for passage in passages]
    spread: dict[str, int] = {}
    for words in shared:
        for word in words:
            spread[word] = spread.get(word, 0) + 1
    candidates = [
        _features(around, passage, facts) + _likeness(words, spread, facts)
        for passage, words in zip(passages, shared, strict=True)
    ]
    candidates.append(["none" if passages else "none:alone"])
    items = [*passages, None]
    return [(p, items[n], candidates[n]) for p, n in rank(candidates, _weights or _load())]


class _Facts(NamedTuple):
    """What is known of a citation, folded for comparing."""

    words: frozenset[str]
    name: frozenset[str]
    handle: str
    doubtful: Span
    """Between the second-best and the best start of the words; empty when the start is sure."""


def _facts(text: str, citation: Citation) -> _Facts:
    words = text[slice(*citation.text_span)] if citation.text_span else ""
    second, best = citation.alternative, citation.text_span
    return _Facts(
        _words(words),
        frozenset(w.casefold() for w in _NAME.findall(citation.author_name or "")),
        (citation.screen_name or "").casefold(),
        (second[0], best[0]) if second and best and second[0] < best[0] else (0, 0),
    )


def _features(around: Surroundings, passage: _Passage, facts: _Facts) -> list[str]:
    """Name what speaks for and against one passage."""
    a, b = passage.span
    body = around.text[a:b]
    near = f"{'before' if passage.order < 0 else 'after'}:{abs(passage.order)}"
    names = [near, f"{near}|{'sentences' if around.sentences else 'paragraphs'}", f"crossed:{min(passage.citations, 2)}"]
    names += _shape(body)
    if "colon" in names and passage.order == -1:
        names.append("leads")
    gist = gist_of(body)
    if gist.says:
        names.append("says")
    if gist.tweets:
        names.append("names-tweet")
    if passage.kind == "heading":
        names.append("heading")
    if a < facts.doubtful[1] and facts.doubtful[0] < b:
        names.append("doubtful")
    folded = body.casefold()
    if any(part in folded for part in facts.name) or (len(facts.handle) > 3 and facts.handle in folded):  # noqa: PLR2004
        names.append("names-author")
    return names


def _shape(body: str) -> list[str]:
    """Name how a passage ends, how long it is, what it holds."""
    names = []
    last, size = body[-1], len(body)
    if last == ":" or body[-2:] in (":“", ":«"):
        names.append("colon")
    elif body.endswith(("…", "...")):
        names.append("dots")
    elif last not in _ENDS:
        names.append("open-end")
    names.append("size:20" if size < 20 else "size:45" if size < 45 else "size:100" if size < 100 else "size:more")  # noqa: PLR2004
    if size < _FURNITURE_MOST and _FURNITURE.search(body):
        names.append("furniture")
    if _HANDLE.search(body):
        names.append("handle")
    if body[0] in _OPENING:
        names.append("quoted")
    elif _QUOTATION.search(body):
        names.append("holds-quote")
    return names


def _words(passage: str) -> frozenset[str]:
    return frozenset(word.casefold() for word in _SHARED.findall(passage))


def _likeness(shared: frozenset[str], spread: dict[str, int], facts: _Facts) -> list[str]:
    """Name how many of the tweet's words a passage has, and how many that hardly any other passage has."""
    names = []
    if shared:
        names.append(f"shares:{min(len(shared), 3)}")
    if len(shared) > 3 and len(shared) * 3 >= len(facts.words):  # noqa: PLR2004
        names.append("repeats")
    rare = sum(spread[word] == 1 for word in shared)
    if rare:
        names.append(f"alone-shares:{min(rare, 3)}")
    return names


def _load() -> dict[str, float]:
    _weights.update(read_weights("contexts.tsv"))
    return _weights
