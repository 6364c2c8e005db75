"""Read a page of HTML into a `Document`: its text, paragraphs, and marks of what the markup knew. Pure.

    gate → decode → parse → flow → embeds, hidden, asides, anchors → marks

A page that cannot hold a citation is not parsed. The tree is BeautifulSoup's, built by lxml where it is installed, else
by html.parser; both give the same text and citations.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from functools import cache

from tweetlinks.blanks import blanked
from tweetlinks.charsets import decode_page
from tweetlinks.gate import can_cite
from tweetlinks.model import Document, Mark, Paragraphs
from tweetlinks.record import TYPE_CHECKING
from tweetlinks.shortcodes import find_shortcodes
from tweetlinks.tame import tame
from tweetlinks.urls import classify

if TYPE_CHECKING:
    from bs4 import BeautifulSoup

    from tweetlinks.embeds import Found
    from tweetlinks.flow import Flow
    from tweetlinks.model import Span

__all__ = ["parse", "read_html"]

_SHORT = frozenset(("tco", "media", "status", "shortener"))
"""Kinds of links that are reported wherever they stand; others only inside a tweet."""
_PRINTED = re.compile(r"(?:twitter|x)\.com/\S*status|t\.co/", re.IGNORECASE)
"""What is printed as a link to a tweet, wherever its hyperlink leads."""
_DATED = re.compile(r"(?=[^\d]{0,30}\d)(?=.*\d{4}|.*:\d\d)[^\n@]{6,40}", re.DOTALL)
"""What looks like a date. Linear: bounded runs."""
_OWN = (("link", "rel", "canonical", "href"), ("meta", "property", "og:url", "content"))
"""Where a page says where it is: element, attribute, its word, and the attribute that holds the address."""
_WEB = re.compile(r"https?://[^/?#\s]+(?:[/?#]\S*)?\Z", re.IGNORECASE)  # linear: one run each
_CODE = frozenset(("code", "kbd", "pre", "samp", "xmp"))
_INLINE = frozenset("a abbr b bdi bdo br cite code em font i mark q s small span strong sub sup time u wbr".split())  # noqa: SIM905
_HOLDERS = {"p": _INLINE, "div": _INLINE, "blockquote": _INLINE | {"p", "footer"}}
"""Elements that can be the whole of a paragraph, and what may stand inside them."""
_LONGEST_LABEL = 300  # characters of a hyperlink that may be a URL or a date
_HARDLY = 300  # characters: a page that shows fewer, and hides more, is hidden until a script shows it
_TOP = 500  # elements among which those stand that describe a page


def read_html(
    source: str | bytes, *, id: str = "", url: str | None = None, whole: bool = False, placed: bool = False
) -> Document:
    """Read a page.

    Args:
        source: the page; a str has no encoding.
        id: what the record calls it.
        url: where it was published; None is what the page says of itself.
        whole: read its text also when it cannot hold a citation.
        placed: say where embeds and paragraphs stand in the source: html.parser knows that, and takes longer than lxml.

    >>> doc = read_html('<h1>Rain</h1><blockquote class="twitter-tweet"><a href="https://x.com/a/status/20"></a>')
    >>> doc.text, [(mark.form, mark.tweet_id) for mark in doc.marks if mark.kind == "embed"]
    ('Rain', [('blockquote', '20')])
    """
    data = source.encode("utf-8", "surrogatepass") if isinstance(source, str) else source
    if not whole and not can_cite(data):
        return Document("", id, "html", None, Paragraphs([], [], [], {}), url=url, parsed=False)
    markup, encoding = (source, None) if isinstance(source, str) else decode_page(source)
    from tweetlinks.flow import read_flow

    soup = parse(markup, "html.parser" if placed else None)
    flow = read_flow(soup)
    if len(flow.text) < _HARDLY:
        seen = read_flow(soup, sees_hidden=True)
        flow = seen if len(seen.text) > _HARDLY else flow
    tags = {tag.name: tag for tag in reversed(flow.tags[:_TOP])}
    title = " ".join(tags["title"].get_text(" ").split()) if "title" in tags else None
    language = tags["html"].get("lang") if "html" in tags else None
    return Document(
        flow.text,
        id,
        "html",
        encoding,
        flow.paragraphs,
        (*_marks(flow, markup), *(_blocks(flow, markup) if placed else ())),
        url=url or _own_url(flow),
        title=title or None,
        language=language if isinstance(language, str) and language else None,
    )


def _own_url(flow: Flow) -> str | None:
    """Return where a page says that it is: its canonical address, else that of Open Graph (https://ogp.me)."""
    tags = flow.tags[:_TOP]
    base = next((tag.attrs.get("href") for tag in tags if tag.name == "base"), None)
    for name, key, word, value in _OWN:
        for tag in tags:
            if tag.name == name and word in str(tag.attrs.get(key)).lower().split():
                url = _joined(str(base or ""), str(tag.attrs.get(value) or ""))
                if _WEB.match(url):
                    return url
    return None


def _joined(base: str, url: str) -> str:
    from urllib.parse import urljoin

    try:
        return urljoin(base.strip(), url.strip())
    except ValueError:  # brackets in the host
        return ""


def parse(markup: str, parser: str | None = None) -> BeautifulSoup:
    """Make a tree, by the parser of that name, or the best that is installed."""
    from bs4 import BeautifulSoup

    # Without a line break bs4 warns of what looks like a URL; classes stay as they are written, for lists take time.
    return BeautifulSoup(tame(markup) + "\n", parser or _parser(), multi_valued_attributes=None)


@cache
def _parser() -> str:
    from importlib.util import find_spec

    return "lxml" if find_spec("lxml") else "html.parser"


def _marks(flow: Flow, markup: str) -> list[Mark]:
    """Return the marks of a page: embeds first, so that parents are their indexes; then anchors and asides."""
    from tweetlinks.asides import asides_of
    from tweetlinks.embeds import find_embeds
    from tweetlinks.hidden import find_hidden
    from tweetlinks.merge import merge
    from tweetlinks.page import Page
    from tweetlinks.places import Places

    shown, places = find_embeds(Page(flow)), Places(markup, flow)
    shown = [embed._replace(mark=embed.mark._replace(source=places.of(embed.first))) for embed in shown]
    embeds = merge([*shown, *find_hidden(flow, parse)])
    asides = asides_of(flow, [(embed.first, embed.mark.span) for embed in embeds])
    starts = [first for first, _ in asides]

    def in_article(n: int) -> bool:
        k = bisect_right(starts, n) - 1
        return k < 0 or n > asides[k][1]

    marks = [embed.mark._replace(in_article=in_article(embed.first)) for embed in embeds]
    marks += _anchors(flow, embeds)
    code = _verbatim(flow)
    spans = [flow.spans[first] for first, _ in asides]
    for mark in find_shortcodes(blanked(flow.text, [mark.span for mark in code]), "html") if "[" in flow.text else ():
        aside = any(a <= mark.span[0] < b for a, b in spans)
        marks.append(mark._replace(source=None, in_article=not aside))
    marks += code
    return marks + [Mark("aside", span) for span in spans if span[0] < span[1]]


def _blocks(flow: Flow, markup: str) -> list[Mark]:
    """Return the elements that hold words and nothing else, so that something can take their place."""
    from tweetlinks.places import Places

    places, marks = Places(markup, flow), []
    others = {name: [n for n, tag in enumerate(flow.tags) if tag.name not in inner] for name, inner in _HOLDERS.items()}
    for n, tag in enumerate(flow.tags):
        span, kept = flow.spans[n], others.get(tag.name)
        if kept is not None and span[0] < span[1] and bisect_right(kept, flow.lasts[n]) == bisect_right(kept, n):
            marks.append(Mark("block", span, tag.name, source=places.of(n)))
    return marks


def _anchors(flow: Flow, embeds: list[Found]) -> list[Mark]:
    """Return the hyperlinks that matter: to tweets and shorteners, in a tweet's words, under a printed status URL."""
    from tweetlinks.page import read_status

    words = sorted(embed.mark.text_span for embed in embeds if embed.mark.text_span)
    starts = [start for start, _ in words]
    owners = sorted((embed.first, embed.last, k) for k, embed in enumerate(embeds))
    marks, around = [], list[tuple[int, int]]()
    for n, tag in enumerate(flow.tags):
        while owners and owners[0][0] <= n:
            around.append(owners.pop(0)[1:])
        while around and around[-1][0] < n:
            around.pop()
        href = tag.attrs.get("href")
        if tag.name != "a" or not isinstance(href, str) or flow.hidden[n]:
            continue
        url = read_status(href)[0] if "status" in href else "https:" + href if href.startswith("//") else href.strip()
        if url[:4].lower() != "http":
            continue
        kind = classify(url)
        matters = kind in _SHORT or _within(flow.spans[n], words, starts)
        start, end = flow.spans[n]
        shown = "" if end - start > _LONGEST_LABEL else flow.text[start:end]
        if not matters and kind != "hashtag" and _DATED.fullmatch(shown):
            marks.append(Mark("elsewhere", flow.spans[n], url=url))
        if matters or _PRINTED.search(shown):
            marks.append(Mark("anchor", flow.spans[n], url=url, parent=around[-1][1] if around else None))
    return marks


def _verbatim(flow: Flow) -> list[Mark]:
    """Return the outermost elements that show code to their reader, as a documentation does; not with live links."""
    links = [n for n, tag in enumerate(flow.tags) if tag.name == "a"]
    marks, end = [], -1
    for n, tag in enumerate(flow.tags):
        last = flow.lasts[n]
        if n <= end or tag.name not in _CODE or flow.hidden[n]:
            continue
        live = bisect_right(links, last) > bisect_right(links, n)
        if not live and (tag.name != "pre" or "<" in flow.shows(n)):
            marks.append(Mark("verbatim", flow.spans[n]))
            end = last
    return marks


def _within(span: Span, others: list[Span], starts: list[int]) -> bool:
    n = bisect_right(starts, span[0]) - 1
    return n >= 0 and span[1] <= others[n][1]
