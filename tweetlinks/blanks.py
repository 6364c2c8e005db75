"""Name the characters that stand around words: one notion of a blank for all steps. Pure."""

from __future__ import annotations

import re

from tweetlinks.record import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable

__all__ = ["BREAKS", "EDGE", "SPACE", "blanked"]

BREAKS = "\n\r\x0b\x0c\x1c\x1d\x1e\x85\u2028\u2029"
"""What `str.splitlines` takes for the end of a line."""
SPACE = (
    BREAKS + " \t\x1f\xa0\u1680\u202f\u205f\u3000"
    "\u2000\u2001\u2002\u2003\u2004\u2005\u2006\u2007\u2008\u2009\u200a"
    "\ufeff\u2800"
)
"""What `str.isspace` takes for blank, a byte-order mark, and the braille blank that some write for a line break."""
EDGE = SPACE + ">"
"""White space, and the quotation mark of a mail or of Markdown."""


def blanked(text: str, spans: Iterable[tuple[int, int]]) -> str:
    """Return a text of the same length and lines with blanks at these places.

    Args:
        text: any text.
        spans: in order; where they overlap both are blanked.

    >>> blanked("some words", [(5, 8)])
    'some    ds'
    """
    parts, at = [], 0
    for start, end in spans:
        parts += [text[at:start], re.sub(r"\S", " ", text[max(at, start) : end])]
        at = max(at, end)
    return "".join([*parts, text[at:]])
