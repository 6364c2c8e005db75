"""Say where in the source of a page an element stands, from its start tag to the end of its end tag. Pure.

html.parser tells where start tags are. The end tag is looked for behind the start of the last element inside: there are
no start tags any more up to the next element, only end tags, and as many of its name come first as elements of its name
are still open.
"""

from __future__ import annotations

import re
from itertools import accumulate

from tweetlinks.record import TYPE_CHECKING
from tweetlinks.tame import tame

if TYPE_CHECKING:
    from bs4 import Tag

    from tweetlinks.flow import Flow
    from tweetlinks.model import Span

__all__ = ["Places"]

_START = re.compile(r"""<(?P<name>[a-z][^\s/>]*)(?:[^>"']|"[^"]*"|'[^']*')*>""", re.IGNORECASE)
# Linear: alternatives that begin with different characters.
_RAW = frozenset(("script", "style", "xmp"))
"""Elements in whose content nothing is a tag."""


class Places:
    """The source of a page."""

    def __init__(self, markup: str, flow: Flow) -> None:
        """Find its lines.

        Args:
            markup: the source.
            flow: the page as a reader reads it.
        """
        self._markup, self._flow = markup, flow
        self._lines = [0, *accumulate(len(line) + 1 for line in markup.split("\n"))]

    def of(self, n: int) -> Span | None:
        """Return where element `n` stands in the source, in code points; None when the parser does not know.

        That is the case with lxml, and for an element that nothing ends.
        """
        flow = self._flow
        start, last = self._start(flow.tags[n]), flow.lasts[n]
        opened = None if start is None else _START.match(self._markup, start)
        if start is None or not opened:
            return None
        following = self._start(flow.tags[last + 1]) if last + 1 < len(flow.tags) else len(self._markup)
        low = self._start(flow.tags[last])
        inside = None if low is None else _START.match(self._markup, low)
        if following is None or not inside or opened[0].endswith("/>") or flow.tags[n].is_empty_element:
            return (start, opened.end()) if flow.lasts[n] == n else None
        name = opened["name"].lower()
        end = self._end(name, inside, following, open_inside=self._open(n, name, inside))
        return None if end is None else (start, end)

    def _start(self, tag: Tag) -> int | None:
        if tag.sourceline is None or tag.sourcepos is None:
            return None
        return self._lines[tag.sourceline - 1] + tag.sourcepos

    def _open(self, n: int, name: str, inside: re.Match[str]) -> int:
        """Count the elements of a name that are open inside element `n` where its last one starts."""
        whole, tag = self._flow.tags[n], self._flow.tags[self._flow.lasts[n]]
        count = -1 if tag is not whole and tag.name == name and inside[0].endswith("/>") else 0
        while tag is not whole and tag.parent:
            count += tag.name == name
            tag = tag.parent
        return count

    def _end(self, name: str, inside: re.Match[str], following: int, *, open_inside: int) -> int | None:
        """Return where the end tag ends: the one behind those of what is open inside, else the last of its name."""
        low = inside.end()
        raw = inside["name"].lower()
        if raw in _RAW:
            closed = re.compile(f"</{raw}", re.IGNORECASE).search(self._markup, low)
            low = closed.start() if closed else low
        end_tag = re.compile(rf"</{re.escape(name)}(?=[\s/>])[^>]*>", re.IGNORECASE)
        ends = [m.end() for m in end_tag.finditer(tame(self._markup[low:following]))]
        return low + ends[min(open_inside, len(ends) - 1)] if ends else None
