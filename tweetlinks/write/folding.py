"""Fold a text to what is left of it without typography, each character with its place. Pure.

A letter and its accents are folded to the same characters whether they are composed or not. Accents, and the vowels
that some scripts write as marks, are part of a word and stay.
"""

from __future__ import annotations

import re
import unicodedata
from bisect import bisect_right
from itertools import accumulate

from tweetlinks.record import TYPE_CHECKING

if TYPE_CHECKING:
    from tweetlinks.model import Span
    from tweetlinks.write.offsets import Counted

__all__ = ["NOTHING", "Folded", "is_mark"]

_SAME = {
    **dict.fromkeys("\"'`´«»‹›‘’‚‛“”„‟′″‴「」『』", "'"),
    **dict.fromkeys("-‐‑‒–—―−﹣－", "-"),
}
"""Characters that editors exchange for each other."""
NOTHING = frozenset(
    "\u00ad\u034f\u200b\u200c\u200d\u2060\ufeff\u200e\u200f\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069"
) | frozenset(map(chr, range(0xFE00, 0xFE10)))
"""Characters that show nothing: soft hyphens, joiners, marks of direction, and those that choose a picture's style."""
_BLOCK, _STEP = 4096, 64
"""Characters that are folded at once, and characters that are stepped over at once to find one in a block."""
_ORDERED = re.compile(
    "[\u0300-\u034e\u0350-\u036f\u0591-\u05bd\u05bf\u05c1\u05c2\u05c4\u05c5\u05c7\u0610-\u061a\u064b-\u065f\u0670]{2,30}"
)
"""Marks that may stand in any order on the same letter. Linear: one class, bounded."""
_JAMO = range(0x1160, 0x1200)
"""Vowels and ends of syllables of Korean, which follow what they belong to."""


def is_mark(char: str) -> bool:
    r"""Tell whether a character belongs to the one before it; an empty one does not.

    >>> is_mark("\u0301"), is_mark("e"), is_mark("")
    (True, False, False)
    """
    return bool(char) and (unicodedata.category(char)[0] == "M" or ord(char) in _JAMO)


class _Letters(dict[int, str]):
    """What each character is folded to, found when it is first met."""

    def __missing__(self, code: int) -> str:
        char = chr(code)
        parts = unicodedata.normalize("NFKD", char)
        if char in _SAME or (parts[0].isspace() and len(parts) > 1):  # an accent on nothing belongs to nothing
            parts = char
        kept = [_SAME.get(part, part) for part in parts if part not in NOTHING]
        self[code] = "".join(part for part in kept if not part.isspace())
        return self[code]


class Folded:
    """A text without its typography, which knows where each of its characters stands in the text."""

    _letters = _Letters()

    def __init__(self, text: str) -> None:
        """Fold a text."""
        self.raw = text
        self.counted: dict[str, Counted] = {}
        """Its places in the units that were asked for."""
        blocks = [text[n : n + _BLOCK].translate(self._letters) for n in range(0, len(text), _BLOCK)]
        self.text = _ORDERED.sub(_in_order, "".join(blocks))  # as long as before
        self._ends = list(accumulate(map(len, blocks)))

    def span(self, start: int, end: int) -> Span:
        """Return where a stretch of at least one folded character stands in the text, with all marks of its letters."""
        first, stop = self._place(start), self._place(end - 1) + 1
        least, most = max(first - _STEP, 0), min(stop + _STEP, len(self.raw))
        while first > least and unicodedata.category(self.raw[first]) == "Mn":
            first -= 1
        while stop < most and unicodedata.category(self.raw[stop]) == "Mn":
            stop += 1
        return first, stop

    def before(self, offset: int) -> int:
        """Return how many folded characters stand before a place of the text."""
        block = min(max(offset, 0), len(self.raw)) // _BLOCK
        start = block * _BLOCK
        return (self._ends[block - 1] if block else 0) + len(self.raw[start : max(offset, 0)].translate(self._letters))

    def _place(self, n: int) -> int:
        block = bisect_right(self._ends, n)
        left, at = n - (self._ends[block - 1] if block else 0), block * _BLOCK
        while (size := len(self.raw[at : at + _STEP].translate(self._letters))) <= left and at < len(self.raw):
            left, at = left - size, at + _STEP
        for place in range(at, len(self.raw)):
            left -= len(self._letters[ord(self.raw[place])])
            if left < 0:
                return place
        raise IndexError(n)


def _in_order(marks: re.Match[str]) -> str:
    """Return marks in the order that Unicode gives them."""
    return "".join(sorted(marks[0], key=unicodedata.combining))
