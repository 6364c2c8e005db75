"""Say which lines of a running text one tweet takes up, so that a quotation can take their place; or why none. Pure.

Words that stand beside the printed words of a tweet, or beside its element, are parted from them by blank lines. A
shortcode has its line for itself, or is left: what is around it may be markup that needs it.
"""

from __future__ import annotations

import re
from bisect import bisect_left

from tweetlinks.record import TYPE_CHECKING, Record

if TYPE_CHECKING:
    from tweetlinks.model import Span

__all__ = ["Lines", "Spot", "holds_markup", "quotations"]

_OPENED = re.compile(r"<[a-z]", re.IGNORECASE)
_BLANK = re.compile(r"[^\S\n]*")
_ITEM = re.compile(r"[ \t>]*(?:[-*+•]|\d{1,9}[.)]|\[\*\])[ \t]+")
_ITEM_START = re.compile(r"[ \t>]*(?:[-*+•]|\d{1,9}[.)])[ \t]")
_FRONT = re.compile(r"\ufeff?[ \t>]*")
_BLOCK = re.compile(r"\ufeff?[ \t]{0,3}(?:\#{1,6}[ \t]|\[[^\]\n]{1,100}\]:|>|[-*+•][ \t]|\d{1,9}[.)][ \t])", re.VERBOSE)
"""What makes more of a line than a paragraph."""
_TIED = frozenset("*_~`[]()\\|{}")
"""What ties words to those beside them."""
_QUOTING = {"mediawiki": ("<blockquote>", "</blockquote>"), "bbcode": ("[quote]", "[/quote]")}
"""What stands around quotations."""
_HELD = {
    "markdown": re.compile(
        r"""
          ^ [ \t>]* (?: \#{1,6} [ \t] | \[! | [-*+•] [ \t]+ \[ | \d{1,9} [.)] [ \t] ) | ^ [ \t]* > [ \t]? >
        | !\[ | \]\[ | \[\^ | \]\( (?! <?https?:// ) | \{\{ | \{% | < (?! br\b | https?:// ) [a-z/!]
        """,
        re.IGNORECASE | re.MULTILINE | re.VERBOSE,
    ),
    "mediawiki": re.compile(
        r"^[=*#:;] | \{\{ | \{\| | \[\[ | < (?! br\b ) [a-z/!]", re.IGNORECASE | re.MULTILINE | re.VERBOSE
    ),
    "bbcode": re.compile(r"\[ /? (?: [a-z]{1,12} (?: =[^\]\n]{0,500} )? | \* ) \]", re.IGNORECASE | re.VERBOSE),
}
"""What is more than words, links and emphasis, by format: it is an editor's. Linear: bounded runs at a sign."""
_BESIDE = "words stand beside it on its line"
_CODE = 4  # blanks before a line of code
# All linear: single classes and bounded runs at a place that is given.


class Spot(Record):
    """A stretch of the source."""

    span: Span
    """Where it stands, in code points."""
    before: str = ""
    """What is to be written before a quotation that takes its place."""
    behind: str = ""
    """What is to be written behind it."""
    indent: str = ""
    """What begins each of its lines but the first."""
    language: str | None = None
    """What language the source says that the words are in."""
    rightwards: bool = True
    """False where the source says that they run from the right to the left."""


class Lines:
    """A text, and what stands beside a stretch of it."""

    def __init__(self, text: str, format: str) -> None:
        """Take a text.

        Args:
            text: the text.
            format: the language that it is written in.
        """
        self._text, self._marked = text, format == "markdown"
        self.newline = "\r\n" if 2 * text.count("\r\n") > text.count("\n") else "\n"
        self._ends = [m.start() for m in re.finditer("\n", text)]
        self._opened = [m.start() for m in _OPENED.finditer(text)]
        self._closed = [m.start() for m in re.finditer("</", text)]
        self._bars = [m.start() for m in re.finditer(r"\|", text)]

    def around(self, start: int, end: int) -> Span:
        """Return where the lines of a stretch begin, and where the last ends, without what ends it."""
        before, behind = bisect_left(self._ends, start) - 1, bisect_left(self._ends, end)
        low = self._ends[before] + 1 if before >= 0 else 0
        high = self._ends[behind] if behind < len(self._ends) else len(self._text)
        return low, high - 1 if high > end and self._text[high - 1] == "\r" else high

    def of(self, start: int, end: int, *, alone: bool) -> Spot | str:
        """Take in the rest of the lines of a stretch, or say why it is left.

        Args:
            start: where it begins.
            end: where it ends.
            alone: nothing may stand beside it: it is a shortcode.
        """
        low, high = self.around(start, end)
        words = _skipped(self._text, end, high)
        if item := _ITEM.fullmatch(self._text, low, start):
            return self._of_item(item[0], start, end, tail=words < high)
        front = _FRONT.fullmatch(self._text, low, start)
        head = front[0].lstrip("\ufeff") if front else None
        if reason := self._tied(low, start, words, high) or self._refused(head, low, start, high, alone=alone):
            return reason
        if alone and words < high:
            return _BESIDE
        indent = head if head and ">" not in head and self._marked else ""
        before = self.newline * 2 if head is None else (self.newline if self._line_above(low) else "") + indent
        if words < high:
            return Spot((start - len(head or ""), words), before, self.newline * 2, indent)
        behind = self.newline if self._line_below(high) else ""
        return Spot((start - len(head or ""), high), before, behind, indent)

    def _of_item(self, item: str, start: int, end: int, *, tail: bool) -> Spot | str:
        """Return the place of a stretch that begins an item of a list."""
        if tail or not self._marked or ">" in item:
            return "it is part of an item of a list"
        below = self._line_below(self.around(start, end)[1], besides=_ITEM_START)
        return Spot((start, end), "", self.newline if below else "", " " * len(item))

    def _refused(self, head: str | None, low: int, start: int, high: int, *, alone: bool) -> str | None:
        """Say what a stretch is part of by what begins its line."""
        if head is None:
            if _BLOCK.match(self._text, low, start):
                return "it is part of a heading, a note, a list or a quotation"
            return _BESIDE if alone else None
        return self._inside(head, low, high, alone=alone) if self._marked else None

    def _tied(self, low: int, start: int, words: int, high: int) -> str | None:
        """Say what ties a stretch to what is beside it on its lines."""
        if _count(self._opened, low, start) != _count(self._closed, low, start) or self._text.startswith("</", words):
            return "it is part of an element"
        if _count(self._bars, low, start) or (self._text[words : words + 1] == "|" and words < high):
            return "it stands in a table"
        ties = self._text[max(low, start - 1) : start] + self._text[words : min(words + 1, high)]
        return "it is tied to what stands beside it" if self._marked and not _TIED.isdisjoint(ties) else None

    def _inside(self, front: str, low: int, high: int, *, alone: bool) -> str | None:
        """Say what a stretch is part of that has nothing but blanks and `>` before it."""
        if ">" not in front:
            deep = front.replace("\t", "    ").count(" ") >= _CODE
            return "it is indented as code is" if deep else None
        above, below = self._beside(low, high)
        if alone or above.lstrip()[:1] == ">" or below.lstrip()[:1] == ">":
            return "it is part of a quotation"
        return None

    def _beside(self, low: int, high: int) -> tuple[str, str]:
        """Return how the line before begins, and the line behind."""
        first = self.around(low - 1, low - 1)[0] if low else 0
        end = self._text.find("\n", high)
        return self._text[first : min(low, first + 200)], self._text[end + 1 : end + 200] if end >= 0 else ""

    def _line_above(self, low: int) -> bool:
        """Tell whether the line before has words."""
        first = self.around(low - 1, low - 1)[0] if low else 0
        return low > 0 and bool(self._text[first:low].strip().strip("\ufeff"))

    def _line_below(self, high: int, besides: re.Pattern[str] | None = None) -> bool:
        """Tell whether the line behind has words, and is not of a kind that needs no blank line before it."""
        end = self._text.find("\n", high)
        if end < 0:
            return False
        low, high = self.around(end + 1, end + 1)
        return _skipped(self._text, low, high) < high and not (besides and besides.match(self._text, low))


def holds_markup(words: str, format: str) -> bool:
    """Tell whether printed words hold what an editor put there: a heading, an item, a picture, a template.

    >>> holds_markup("# Fog at the pier", "markdown"), holds_markup("#Fog at [the pier](https://a.example)", "markdown")
    (True, False)
    """
    return bool(format in _HELD and _HELD[format].search(words))


def quotations(text: str, format: str) -> list[Span] | None:
    r"""Return where quotations of tweets stand that are written as ours are; None where no tags are around them.

    >>> quotations("Rain. [quote]Fog\n— Ann (@ann_b)[/quote] [quote]Fog[/quote]", "bbcode")
    [(6, 39)]
    """
    if format not in _QUOTING:
        return None
    opening, closing = _QUOTING[format]
    spans, end = list[tuple[int, int]](), 0
    while (start := text.find(opening, end)) >= 0 and (end := text.find(closing, start)) >= 0:
        start = text.rfind(opening, start, end)
        said = text[start + len(opening) : end].strip()
        if said.startswith("Tweet: ") or said[said.rfind("\n") + 1 :].startswith("— "):
            spans.append((start, end + len(closing)))
    return spans


def _skipped(text: str, at: int, high: int) -> int:
    """Return where the blanks at a place end."""
    m = _BLANK.match(text, at, high)
    return m.end() if m else at


def _count(places: list[int], low: int, high: int) -> int:
    return bisect_left(places, high) - bisect_left(places, low)
