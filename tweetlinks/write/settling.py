"""Freeze again what was frozen, until nothing changes, and make one change of it all. Pure.

A tweet that its neighbour hid is found when the neighbour is a quotation, and a page that was frozen stays as it is
when it is frozen again. Whose every change is, and what is left, is told in the names of the first document.
"""

from __future__ import annotations

from bisect import bisect_right
from itertools import accumulate

from tweetlinks.record import TYPE_CHECKING
from tweetlinks.write.freeze import Frozen, FrozenEdit, Left

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from tweetlinks.model import Citation, Document, Span

__all__ = ["settled"]

_PASSES = 8
"""After how many times what still changes is left as it was."""


def settled(source: str | bytes, freeze: Callable[[str | bytes], Frozen]) -> Frozen:
    """Freeze a source until it stays as it is.

    Args:
        source: the source.
        freeze: reads a source and freezes what it finds, once.

    Returns:
        The last source with all changes; the first one, with the reason, when there is no end of changes.
    """
    done = last = freeze(source)
    for _ in range(_PASSES):
        if not last.edits:
            return done
        last = freeze(last.source)
        done = _both(done, last)
    if not last.edits:
        return done
    left = tuple(Left(c.id, c.form, "it would change again") for c in done.document.citations if c.kind == "embed")
    return Frozen(source, (), left, done.document)


def _both(first: Frozen, second: Frozen) -> Frozen:
    """Return what two times make, the second of what the first made."""
    name = _names(first.document, second.document)
    frozen = {edit.citation for edit in first.edits}
    found = (each._replace(citation=name.get(each.citation, "")) for each in second.left)
    left = tuple(each for each in found if each.citation not in frozen)
    if not second.edits:
        return Frozen(first.source, first.edits, left, first.document)
    before, middle = first.restore(), [*_middle(second.edits)]
    parts = sorted([(edit.span, edit.citation) for edit in first.edits] + [
        (span, name.get(edit.citation, "")) for span, edit in zip(middle, second.edits, strict=True)
    ])  # fmt: skip
    there = _Other([(edit.span, len(edit.old)) for edit in first.edits])
    here = _Other([(span, edit.span[1] - edit.span[0]) for span, edit in zip(middle, second.edits, strict=True)])
    edits = [
        FrozenEdit((here(low), here(high)), before[there(low) : there(high)], citation)
        for (low, high), citation in _united(parts)
    ]
    return Frozen(second.source, tuple(edits), left, first.document)


def _middle(edits: Sequence[FrozenEdit]) -> list[Span]:
    """Return where in the old source each change stands."""
    spans, shift = list[tuple[int, int]](), 0
    for edit in edits:
        start = edit.span[0] + shift
        spans.append((start, start + len(edit.old)))
        shift = spans[-1][1] - edit.span[1]
    return spans


def _united(parts: Sequence[tuple[Span, str]]) -> list[tuple[Span, str]]:
    """Make one of stretches that overlap."""
    united = list[tuple[tuple[int, int], str]]()
    for (low, high), citation in parts:
        if united and low < united[-1][0][1]:
            (start, end), name = united[-1]
            united[-1] = (start, max(end, high)), name or citation
        else:
            united.append(((low, high), citation))
    return united


class _Other:
    """Says where places are on the other side of changes."""

    def __init__(self, changes: Sequence[tuple[Span, int]]) -> None:
        self._ends = [end for (_, end), _ in changes]
        self._shifts = [0, *accumulate(size - (end - start) for (start, end), size in changes)]

    def __call__(self, place: int) -> int:
        return place + self._shifts[bisect_right(self._ends, place)]


def _names(first: Document, second: Document) -> dict[str, str]:
    """Return what the citations of a document are called in another: the same tweets in the same order."""
    waiting = dict[tuple[str | None, ...], list[str]]()
    for citation in first.citations:
        waiting.setdefault(_key(citation), []).append(citation.id)
    names = dict[str, str]()
    for citation in second.citations:
        if same := waiting.get(_key(citation)):
            names[citation.id] = same.pop(0)
    return names


def _key(citation: Citation) -> tuple[str | None, ...]:
    return citation.tweet_id, citation.screen_name, None if citation.tweet_id else citation.text
