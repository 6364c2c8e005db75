"""Read a parsed page as a reader does: its text in order, its paragraphs, and where each element stands in it. Pure.

    tree → walk (every node once, no recursion) → text, paragraphs with kind and XPath, span of every element

White space is folded as browsers fold it, `<br>` is a newline, blocks are parted by one blank line. What a reader
cannot see (scripts, `hidden`, `display:none`) is no text, but its elements are there, with an empty span. It knows
nothing of tweets.
"""

from __future__ import annotations

import re

from bs4 import CData, Tag
from bs4.element import NavigableString, RubyTextString, TemplateString

from tweetlinks.model import Paragraphs
from tweetlinks.record import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator

    from bs4.element import PageElement

    from tweetlinks.model import Span

__all__ = ["Flow", "read_flow"]

_BLOCKS = frozenset(
    """address amp-twitter article aside blockquote body caption center dd details dialog dir div dl dt fieldset
    figcaption figure footer form frameset h1 h2 h3 h4 h5 h6 header hgroup hr html iframe legend li main menu nav
    noframes object ol optgroup option p pre search section summary table tbody td tfoot th thead tr ul
    video""".split()  # noqa: SIM905  a list is a line a word
)
"""Elements that browsers lay out as blocks (HTML Standard, 15.3 Flow content), and embeds that stand between blocks."""
_UNREAD = frozenset(
    """applet audio canvas datalist embed iframe math noembed noframes noscript object script select style svg template
    textarea title video""".split()  # noqa: SIM905
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
_WRITTEN = frozenset(("pre", "listing"))
"""Elements whose white space is read as it is written."""
_DEEPEST = 512
"""Levels of elements that are looked at for embeds: browsers nest no deeper (Blink, HTMLConstructionSite, 2026)."""
_LOCATED = 64
"""Levels that a locator names: a paragraph further down is told by the element at that level."""

_BLANK, _BREAK, _BLOCK = 1, 2, 3
_GAPS = ("", " ", "\n", "\n\n")
"""What stands between two pieces of text: nothing, a blank, a line break, the border of a block."""
_READ: frozenset[type] = frozenset((NavigableString, CData, RubyTextString, TemplateString))
"""Kinds of text; a comment, a script or a declaration is none."""

_WHITE = " \t\n\r\f"
_BLANKS = re.compile(r"[ \t\n\r\f]+")
_EMOJI = re.compile(r"(?:\A|[\s_-])(?:emoji|smiley)", re.IGNORECASE)
"""Pictures that stand for the character in their `alt`: twemoji, WordPress."""
_HIDING = re.compile(r"display\s*:\s*none|visibility\s*:\s*hidden", re.IGNORECASE)
# Both linear: single classes between literals.


class Flow:
    """What a page says, and where; its elements are known by their number, in the order of the source."""

    def __init__(self) -> None:
        """Start empty."""
        self.text = ""
        self.tags: list[Tag] = []
        self.index: dict[int, int] = {}
        """The number of each element by the `id` of its tag."""
        self.spans: list[Span] = []
        """The text of each element; empty, at the place where it would be read, when it shows none."""
        self.lasts: list[int] = []
        """The last element inside of each; its own number when there is none."""
        self.hidden = bytearray()
        """1 for an element that a reader does not see."""
        self.deep = bytearray()
        """1 for an element that is nested deeper than browsers nest."""
        self.starts: list[int] = []
        self.ends: list[int] = []
        self.places: list[int | str] = []
        self.kinds: dict[int, str] = {}

    @property
    def paragraphs(self) -> Paragraphs:
        """The paragraphs."""
        return Paragraphs(self.starts, self.ends, self.places, self.kinds)

    def shows(self, n: int) -> str:
        """Return what element `n` shows."""
        return self.text[slice(*self.spans[n])]


def read_flow(soup: Tag, *, sees_hidden: bool = False, whole: bool = False) -> Flow:
    r"""Walk a page, or a part of one.

    Args:
        soup: the page.
        sees_hidden: take for shown what `hidden` and `display:none` hide: some pages are hidden until a script runs.
        whole: `soup` itself is one of the elements, and not only what it holds.

    >>> from bs4 import BeautifulSoup
    >>> flow = read_flow(BeautifulSoup("<h1>A  title</h1><p>Two<br>lines</p><p hidden>no</p>", "html.parser"))
    >>> flow.text, [(p.kind, p.locator) for p in flow.paragraphs]
    ('A title\n\nTwo\nlines', [('heading', '/h1[1]'), ('body', '/p[1]')])
    """
    walk = _Walk(sees_hidden=sees_hidden)
    stack: list[Iterator[PageElement]] = [iter([soup] if whole else soup.contents)]
    while stack:
        for node in stack[-1]:
            if isinstance(node, Tag):
                walk.enter(node)
                stack.append(iter(node.contents))
                break
            if walk.read and type(node) in _READ:
                walk.say(str(node))
        else:
            stack.pop()
            if stack:
                walk.leave()
    return walk.ended()


class _Walk:
    """A walk through a page: what holds where it has come to, and what was said until then."""

    def __init__(self, *, sees_hidden: bool) -> None:
        self.flow, self.sees_hidden = Flow(), sees_hidden
        self.read, self._folded, self._hidden, self._kind = True, True, False, "body"
        self._around: list[tuple[int, bool, bool, bool, str, int, dict[str, int]]] = []
        """For each open element its number, what held around it, how much had been said, and its children by name."""
        self._counts: dict[str, int] = {}
        self._nth: list[int] = []
        self._parents: list[int] = []
        self._paths: dict[int, str] = {-1: ""}
        self._pieces: list[str] = []
        self._at: list[int] = []
        self._size = self._gap = 0

    def enter(self, tag: Tag) -> None:
        """Go into an element."""
        flow, name, n = self.flow, tag.name, len(self.flow.tags)
        self._parents.append(self._around[-1][0] if self._around else -1)
        self._nth.append(self._counts.get(name, 0) + 1)
        self._counts[name] = self._nth[-1]
        self._around.append((n, self.read, self._folded, self._hidden, self._kind, len(self._at), self._counts))
        self._counts = {}
        if name in _BLOCKS:
            self._gap = _BLOCK
        elif name == "br":
            self._gap = _BLOCK if self._gap == _BREAK else max(self._gap, _BREAK)
        if not self._hidden:
            self._hidden = not self.read or (not self.sees_hidden and bool(tag.attrs) and _is_hidden(tag))
        flow.index[id(tag)] = n
        flow.tags.append(tag)
        flow.hidden.append(self._hidden)
        flow.deep.append(len(self._around) > _DEEPEST)
        flow.spans.append((0, 0))
        flow.lasts.append(n)
        if name == "img" and self.read and not self._hidden and _EMOJI.search(str(tag.attrs.get("class") or "")):
            self.say(str(tag.attrs.get("alt") or ""))
        self.read = self.read and not self._hidden and name not in _UNREAD
        self._folded = self._folded and name not in _WRITTEN
        self._kind = _KINDS.get(name, self._kind)

    def leave(self) -> None:
        """Go out of the element that was entered last."""
        n, self.read, self._folded, self._hidden, self._kind, said, self._counts = self._around.pop()
        flow = self.flow
        if flow.tags[n].name in _BLOCKS:
            self._gap = _BLOCK
        flow.lasts[n] = len(flow.tags) - 1
        flow.spans[n] = (self._at[said] if said < len(self._at) else self._size, self._size)

    def say(self, words: str) -> None:
        """Add the words of one text node."""
        if not self._folded:
            self._add(words)
            return
        bare = words.strip(_WHITE)
        if not bare.strip("\xa0"):  # what a no-break space alone shows is nothing
            self._gap = max(self._gap, _BLANK) if words else self._gap
            return
        if words[0] in _WHITE:
            self._gap = max(self._gap, _BLANK)
        self._add(_BLANKS.sub(" ", bare))
        if words[-1] in _WHITE:
            self._gap = _BLANK

    def _add(self, words: str) -> None:
        flow, gap = self.flow, _GAPS[self._gap] if self._size else ""
        if not self._size or self._gap == _BLOCK:
            if self._kind != "body":
                flow.kinds[len(flow.starts)] = self._kind
            flow.starts.append(self._size + len(gap))
            flow.ends.append(0)
            flow.places.append(self._locator())
        self._gap = 0
        self._at.append(self._size + len(gap))
        self._pieces += gap, words
        self._size += len(gap) + len(words)
        flow.ends[-1] = self._size

    def _locator(self) -> str:
        """Return the XPath of the nearest block around the walk."""
        tags, parts = self.flow.tags, list[str]()
        n = self._around[min(len(self._around), _LOCATED) - 1][0] if self._around else -1
        while n >= 0 and tags[n].name not in _BLOCKS and self._parents[n] >= 0:
            n = self._parents[n]
        block = n
        while n >= 0 and n not in self._paths:
            name = tags[n].name
            parts.append(f'/*[name()="{name}"][{self._nth[n]}]' if ":" in name else f"/{name}[{self._nth[n]}]")
            n = self._parents[n]
        path = self._paths[block] = self._paths[n] + "".join(reversed(parts)) if parts else self._paths[n]
        return path or "/"

    def ended(self) -> Flow:
        """Return what was read."""
        self.flow.text = "".join(self._pieces)
        return self.flow


def _is_hidden(tag: Tag) -> bool:
    style = tag.attrs.get("style")
    return "hidden" in tag.attrs or (style is not None and _HIDING.search(str(style)) is not None)
