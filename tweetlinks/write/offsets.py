"""Count places of a text in other units than code points, and back. Pure.

Each block of the text is counted once, so that a place costs one block however far it is.
"""

from __future__ import annotations

from bisect import bisect_right
from itertools import accumulate

__all__ = ["UNITS", "Counted"]

UNITS = {"codepoint": ("utf-32-le", 4), "utf16": ("utf-16-le", 2), "utf8": ("utf-8", 1)}
"""What positions may count: the encoding, and bytes for one."""
_BLOCK = 4096
"""Characters that are counted at once."""


class Counted:
    """A text whose places are known in one unit."""

    def __init__(self, text: str, unit: str) -> None:
        """Count a text in one of `UNITS`."""
        self._text = text
        self._codec, self._size = UNITS[unit]
        self._same = self._size == UNITS["codepoint"][1] or text.isascii()
        blocks = () if self._same else range(0, len(text), _BLOCK)
        self._ends = list(accumulate(self._units(at, at + _BLOCK) for at in blocks))

    def units(self, offset: int) -> int:
        """Return a place in the unit.

        >>> Counted("🌧 Rain", "utf16").units(2)
        3
        """
        if self._same:
            return offset
        block = offset // _BLOCK
        return (self._ends[block - 1] if block else 0) + self._units(block * _BLOCK, offset)

    def offset(self, units: int) -> int:
        """Return a place in code points; one behind the text is its end, one within a character the start of it.

        >>> Counted("🌧 Rain", "utf16").offset(3), Counted("🌧 Rain", "utf8").offset(99)
        (2, 6)
        """
        if self._same:
            return units
        block = bisect_right(self._ends, units)
        rest, at = units - (self._ends[block - 1] if block else 0), block * _BLOCK
        inside = range(min(_BLOCK, max(len(self._text) - at, 0)) + 1)
        return min(at + bisect_right(inside, rest, key=lambda n: self._units(at, at + n)) - 1, len(self._text))

    def _units(self, start: int, end: int) -> int:
        return len(self._text[start:end].encode(self._codec, "surrogatepass")) // self._size
