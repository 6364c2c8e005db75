"""Read a page of HTML into a `Document`: its text, paragraphs, and marks of what the markup knew. Pure.

    gate → decode → parse → flow → embeds, hidden, asides, anchors → marks

A page that cannot hold a citation is not parsed. The tree is BeautifulSoup's, built by lxml where it is installed, else
by html.parser; both give the same text and citations.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from functools import cache

from tweetlinks.errors import InputError
from tweetlinks.gate import can_cite
from tweetlinks.model import Document, Mark, Paragraphs
from tweetlinks.record import TYPE_CHECKING
from tweetlinks.tame import tame
from tweetlinks.urls import classify

if TYPE_CHECKING:
    from bs4 import BeautifulSoup

    from tweetlinks.embeds import Found
    from tweetlinks.flow import Flow
    from tweetlinks.model import Span

__all__ = ["decode", "parse", "read_html"]

_SHORT = frozenset(("tco", "media", "status", "shortener"))
"""Kinds of links that are reported wherever they stand; others only inside a tweet."""
_HARDLY = 300  # characters: a page that shows fewer, and hides more, is hidden until a script shows it
_TOP = 500  # elements among which those stand that describe a page
_BOMS = ((b"\xef\xbb\xbf", "utf-8"), (b"\xff\xfe", "utf-16-le"), (b"\xfe\xff", "utf-16-be"))
_HEAD = 8192  # bytes in which a page names its charset; the HTML Standard asks for 1024
_CHARSET = re.compile(
    rb"""<meta[^>]{0,200}?charset\s*=\s*["']?\s*([\w.:-]{1,40})|encoding=["']([\w.:-]{1,40})["']""", re.IGNORECASE
)
_LABELS = {
    **dict.fromkeys(("iso-8859-1", "latin1", "latin-1", "l1", "ascii", "us-ascii", "iso_8859-1"), "cp1252"),
    **dict.fromkeys(("gb2312", "gbk", "x-gbk"), "gb18030"),
    **dict.fromkeys(("ks_c_5601-1987", "euc-kr", "ksc5601"), "cp949"),
    **dict.fromkeys(("shift_jis", "shift-jis", "sjis", "x-sjis"), "cp932"),
    **dict.fromkeys(("iso-8859-9", "latin5"), "cp1254"),
    **dict.fromkeys(("tis-620", "iso-8859-11"), "cp874"),
}
"""What a label means to browsers where Python knows it by a narrower name (WHATWG Encoding Standard, 4.2)."""


def read_html(source: str | bytes, *, id: str = "", url: str | None = None) -> Document:
    """Read a page.

    >>> doc = read_html('<h1>Rain</h1><blockquote class="twitter-tweet"><a href="https://x.com/a/status/20"></a>')
    >>> doc.text, [(mark.form, mark.tweet_id) for mark in doc.marks if mark.kind == "embed"]
    ('Rain', [('blockquote', '20')])

    Raises:
        InputError: the bytes are no text.
    """
    data = source.encode("utf-8", "surrogatepass") if isinstance(source, str) else source
    if not can_cite(data):
        return Document("", id, "html", None, Paragraphs([], [], [], {}), url=url, parsed=False)
    markup, encoding = (source, None) if isinstance(source, str) else decode(source, id=id)
    from tweetlinks.flow import read_flow

    soup = parse(markup)
    flow = read_flow(soup)
    if flow.size < _HARDLY:
        whole = read_flow(soup, sees_hidden=True)
        flow = whole if whole.size > _HARDLY else flow
    text = flow.text
    tags = {element.tag.name: element.tag for element in reversed(flow.elements[:_TOP])}
    title = tags["title"].get_text(" ", strip=True) if "title" in tags else None
    language = tags["html"].get("lang") if "html" in tags else None
    return Document(
        text,
        id,
        "html",
        encoding,
        flow.paragraphs,
        tuple(_marks(flow)),
        url=url,
        title=title or None,
        language=language if isinstance(language, str) and language else None,
    )


def decode(data: bytes, *, id: str = "") -> tuple[str, str]:
    """Return the text of a page and the name of its encoding: of a byte-order mark, else UTF-8, else as it says."""
    for bom, name in _BOMS:
        if data.startswith(bom):
            return data[len(bom) :].decode(name, "replace"), name
    try:
        return data.decode("utf-8"), "utf-8"
    except UnicodeDecodeError:
        pass
    named = _CHARSET.search(data[:_HEAD])
    label = (named[1] or named[2]).decode("ascii", "replace").lower() if named else ""
    for encoding in (_LABELS.get(label, label), "cp1252"):
        try:
            return data.decode(encoding, "replace"), encoding
        except LookupError:
            continue
    raise InputError(id or "<bytes>", "no text")


def parse(markup: str) -> BeautifulSoup:
    """Make a tree."""
    from bs4 import BeautifulSoup

    return BeautifulSoup(tame(markup), _parser())


@cache
def _parser() -> str:
    from importlib.util import find_spec

    return "lxml" if find_spec("lxml") else "html.parser"


def _marks(flow: Flow) -> list[Mark]:
    """Return the marks of a page: embeds first, so that parents are their indexes; then anchors and asides."""
    from tweetlinks.asides import asides_of
    from tweetlinks.embeds import find_embeds
    from tweetlinks.hidden import find_hidden
    from tweetlinks.merge import merge
    from tweetlinks.page import Page

    asides = asides_of(flow)
    starts = [first for first, _ in asides]

    def in_article(n: int) -> bool:
        k = bisect_right(starts, n) - 1
        return k < 0 or n > asides[k][1]

    embeds = merge([*find_embeds(Page(flow)), *find_hidden(flow, parse)])
    marks = [embed.mark._replace(in_article=in_article(embed.first)) for embed in embeds]
    marks += _anchors(flow, embeds)
    spans = [(flow.elements[first].span[0], flow.elements[last].span[1]) for first, last in asides]
    return marks + [Mark("aside", span) for span in spans if span[0] < span[1]]


def _anchors(flow: Flow, embeds: list[Found]) -> list[Mark]:
    """Return the hyperlinks that matter: short links and status URLs anywhere, any link inside a tweet."""
    words = sorted(embed.mark.text_span for embed in embeds if embed.mark.text_span)
    starts = [start for start, _ in words]
    marks = []
    for element in flow.elements:
        href = element.tag.get("href")
        if element.tag.name != "a" or not isinstance(href, str) or element.hidden:
            continue
        url = "https:" + href.strip() if href.strip().startswith("//") else href.strip()
        if url[:4].lower() == "http" and (classify(url) in _SHORT or _within(element.span, words, starts)):
            marks.append(Mark("anchor", element.span, url=url))
    return marks


def _within(span: Span, others: list[Span], starts: list[int]) -> bool:
    n = bisect_right(starts, span[0]) - 1
    return n >= 0 and span[1] <= others[n][1]
