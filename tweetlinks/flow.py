"""Read a parsed page as a reader does: its text in order, its paragraphs, and where each element stands in it. Pure.

    tree → walk (every node once, no recursion) → text, paragraphs with kind and XPath, span of every element

White space is folded as browsers fold it, `<br>` is a newline, blocks are parted by one blank line. What a reader
cannot see (scripts, `hidden`, `display:none`) is no text, but its elements are there, with an empty span. It knows
nothing of tweets.
"""

from __future__ import annotations

import re

from bs4 import CData, Tag
from bs4.element import NavigableString, RubyTextString

from tweetlinks.model import Paragraphs
from tweetlinks.record import TYPE_CHECKING, Record

if TYPE_CHECKING:
    from collections.abc import Iterator

    from bs4.element import PageElement

    from tweetlinks.model import Span

__all__ = ["Element", "Flow", "read_flow"]

_BLOCKS = frozenset(
    """address amp-twitter article aside blockquote body caption center dd details dialog dir div dl dt fieldset
    figcaption figure footer form frameset h1 h2 h3 h4 h5 h6 header hgroup hr html iframe legend li main menu nav
    noframes object ol optgroup option p pre search section summary table tbody td tfoot th thead tr ul
    video""".split()  # noqa: SIM905  a list is a line a word
)
"""Elements that browsers lay out as blocks (HTML Standard, 15.3 Flow content), and embeds that stand between blocks."""
_UNREAD = frozenset(
    """applet audio canvas datalist embed head iframe math noembed noframes noscript object script select style svg
    template textarea title video""".split()  # noqa: SIM905
)
"""Elements whose content is not read in the flow of the text."""
_KINDS = {
    **dict.fromkeys(("h1", "h2", "h3", "h4", "h5", "h6"), "heading"),
    **dict.fromkeys(("li", "dd", "dt"), "list"),
    **dict.fromkeys(("figcaption", "caption"), "caption"),
    "blockquote": "quote",
    "table": "table",
}
"""The kind of a paragraph, by the nearest of these around it; the layout of a page made of tables is `table` too."""
_DEEPEST = 512
"""Levels of elements that are named in a locator and looked at for embeds: browsers nest no deeper either (Blink, HTMLConstructionSite, 2026)."""

_BLANK, _BREAK, _BLOCK = 1, 2, 3
_GAPS = ("", " ", "\n", "\n\n")
"""What stands between two pieces of text: nothing, a blank, a line break, the border of a block."""
_READ: frozenset[type] = frozenset((NavigableString, CData, RubyTextString))

_BLANKS = re.compile(r"[ \t\n\r\f]+")
_HIDING = re.compile(r"display\s*:\s*none|visibility\s*:\s*hidden", re.IGNORECASE)
# Both linear: single classes between literals.


class Element(Record):
    """An element of the page, in the order of the source."""

    tag: Tag
    """The element."""
    span: Span
    """Its text; empty, at the place where it would be read, when it shows none."""
    last: int
    """Index of the last element inside of it; its own when there is none."""
    hidden: bool
    """A reader does not see it."""
    deep: bool
    """It is nested deeper than browsers nest."""


class _Open(Record):
    """An element that is being walked."""

    tag: Tag
    number: int
    """Its place among the elements."""
    first: int
    """How many pieces of text came before it."""
    kind: str
    read: bool
    hidden: bool
    folded: bool
    """White space is folded: not in `pre`."""
    children: Iterator[PageElement]
    counts: dict[str, int]
    """How many children of each name were met."""
    path: str
    depth: int


class Flow:
    """What a page says, and where."""

    def __init__(self, *, sees_hidden: bool = False) -> None:
        """Start empty."""
        self.sees_hidden = sees_hidden
        self.elements: list[Element] = []
        self.index: dict[int, int] = {}
        self.starts: list[int] = []
        self.ends: list[int] = []
        self.places: list[int | str] = []
        self.kinds: dict[int, str] = {}
        self._pieces: list[str] = []
        self._at: list[int] = []
        self._size = 0
        self._gap = 0

    @property
    def text(self) -> str:
        """The text."""
        return "".join(self._pieces)

    @property
    def size(self) -> int:
        """How many characters the text has."""
        return self._size

    @property
    def paragraphs(self) -> Paragraphs:
        """The paragraphs."""
        return Paragraphs(self.starts, self.ends, self.places, self.kinds)

    def say(self, words: str, inside: _Open) -> None:
        """Add the words of one text node."""
        if inside.folded:
            words = _BLANKS.sub(" ", words)
            if words[:1] == " ":
                self.part(_BLANK)
                words = words[1:]
            if not words:
                return
        bare = words.removesuffix(" ") if inside.folded else words
        self._add(bare, inside)
        if bare is not words:
            self.part(_BLANK)

    def part(self, gap: int) -> None:
        """Part what comes from what was said: a wider gap swallows a narrower, two line breaks part paragraphs."""
        if gap == _BREAK and self._gap == _BREAK:
            gap = _BLOCK
        self._gap = max(gap, self._gap)

    def _add(self, words: str, inside: _Open) -> None:
        opens = not self._size or self._gap == _BLOCK
        if self._size and self._gap:
            self._pieces.append(_GAPS[self._gap])
            self._size += len(_GAPS[self._gap])
        self._gap = 0
        if opens:
            if inside.kind != "body":
                self.kinds[len(self.starts)] = inside.kind
            self.starts.append(self._size)
            self.ends.append(0)
            self.places.append(inside.path)
        self._at.append(self._size)
        self._pieces.append(words)
        self._size += len(words)
        self.ends[-1] = self._size

    @property
    def said(self) -> int:
        """How many pieces of text there are."""
        return len(self._at)

    def since(self, first: int) -> Span:
        """Return the span of all pieces from number `first` on; empty where there are none."""
        return (self._at[first] if first < len(self._at) else self._size, self._size)


def read_flow(soup: Tag, *, sees_hidden: bool = False) -> Flow:
    r"""Walk a page, or a part of one.

    Args:
        soup: the page.
        sees_hidden: take for shown what `hidden` and `display:none` hide: some pages are hidden until a script runs.

    >>> from bs4 import BeautifulSoup
    >>> flow = read_flow(BeautifulSoup("<h1>A  title</h1><p>Two<br>lines</p><p hidden>no</p>", "html.parser"))
    >>> flow.text, [(p.kind, p.locator) for p in flow.paragraphs]
    ('A title\n\nTwo\nlines', [('heading', '/h1[1]'), ('body', '/p[1]')])
    """
    flow = Flow(sees_hidden=sees_hidden)
    stack = [
        _Open(
            soup,
            -1,
            0,
            "body",
            read=True,
            hidden=False,
            folded=True,
            children=iter(soup.contents),
            counts={},
            path="",
            depth=0,
        )
    ]
    while stack:
        inside = stack[-1]
        for node in inside.children:
            if isinstance(node, Tag):
                stack.append(_enter(flow, node, inside))
                break
            if inside.read and isinstance(node, str) and type(node) in _READ:
                flow.say(node, inside)
        else:
            _leave(flow, stack.pop())
    return flow


def _enter(flow: Flow, tag: Tag, parent: _Open) -> _Open:
    name = tag.name
    count = parent.counts[name] = parent.counts.get(name, 0) + 1
    if name in _BLOCKS:
        flow.part(_BLOCK)
    elif name == "br":
        flow.part(_BREAK)
    hidden = parent.hidden or (not flow.sees_hidden and _is_hidden(tag))
    shallow = parent.depth < _DEEPEST
    index = len(flow.elements)
    flow.elements.append(Element(tag, (0, 0), index, hidden, not shallow))
    flow.index[id(tag)] = index
    return _Open(
        tag,
        index,
        flow.said,
        _KINDS.get(name, parent.kind),
        parent.read and name not in _UNREAD and not hidden,
        hidden,
        parent.folded and name not in ("pre", "listing"),
        iter(tag.contents),
        {},
        f"{parent.path}/{name}[{count}]" if shallow else parent.path,
        parent.depth + shallow,
    )


def _leave(flow: Flow, left: _Open) -> None:
    if left.number < 0:
        return
    if left.tag.name in _BLOCKS:
        flow.part(_BLOCK)
    span = flow.since(left.first)
    flow.elements[left.number] = Element(left.tag, span, len(flow.elements) - 1, left.hidden, left.depth >= _DEEPEST)


def _is_hidden(tag: Tag) -> bool:
    attrs = tag.attrs
    if not attrs:
        return False
    style = attrs.get("style")
    return "hidden" in attrs or (style is not None and _HIDING.search(str(style)) is not None)
