"""Find the tweets in HTML that a page holds without showing it: consent walls, templates, lazy loaders, scripts. Pure.

    carriers → what each carries, unescaped → parsed and read as a page of its own → embeds without a place in the text

Carriers are elements whose content is not read (`<template>`, `<textarea>`, `<noscript>`, `display:none`), attributes
that hold HTML (`srcdoc`, the properties of an island), and scripts that hold HTML, in JSON or base64. The words of such
a tweet come with its mark.
"""

from __future__ import annotations

import re
from base64 import b64decode
from binascii import Error
from html import unescape

from bs4 import Tag

from tweetlinks.embeds import Found, find_embeds, values_of
from tweetlinks.flow import read_flow
from tweetlinks.model import Mark
from tweetlinks.record import TYPE_CHECKING
from tweetlinks.urls import find_links

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from bs4 import BeautifulSoup

    from tweetlinks.flow import Flow

__all__ = ["find_hidden"]

_CARRIERS = frozenset("iframe noembed noframes noscript object template textarea title xmp".split())  # noqa: SIM905
"""Elements whose content is not read, but may be HTML."""
_ATTRIBUTES = 400  # characters: HTML in an attribute is longer
_BASE64 = re.compile(r"\s*(?:[A-Za-z0-9+/]{4}\s?){20,}[A-Za-z0-9+/]{0,3}={0,2}\s*\Z")
_ESCAPE = re.compile(
    r"\\+(?:u(?P<code>[0-9a-fA-F]{4})|x(?P<byte>[0-9a-fA-F]{2})|(?P<letter>[nrtbf])|(?P<self>.))", re.DOTALL
)
_CREATED = re.compile(r"createTweet(?:Embed)?\s*\(\s*(?P<quote>['\"])(?P<id>[1-9][0-9]{0,18})(?P=quote)")
# All linear: a run of one class between literals.
_LEVELS = 3  # times that HTML may be wrapped in escapes
_LETTERS = {"n": "\n", "r": "\r", "t": "\t", "b": "", "f": ""}
_LONGEST = 50_000  # characters of one blockquote
_DEEPEST = 4  # pages inside pages


def find_hidden(flow: Flow, parse: Callable[[str], BeautifulSoup], *, depth: int = 0) -> list[Found]:
    """Return the embeds that are not shown, at the places of the elements that carry them.

    Args:
        flow: the page.
        parse: makes a tree of HTML.
        depth: how many pages this one stands inside of.
    """
    found: list[Found] = []
    n = 0
    while n < len(flow.elements):
        element = flow.elements[n]
        for tree in _trees(element.tag, parse, hidden=element.hidden):
            found += _inside(flow, n, tree, parse, depth)
        script = element.tag.string if element.tag.name == "script" else None
        for m in _CREATED.finditer(script) if script else ():
            found.append(Found(Mark("embed", element.span, "script", tweet_id=m["id"]), n, n))
        n = element.last + 1 if element.hidden or element.tag.name in _CARRIERS else n + 1
    return found


def _inside(flow: Flow, n: int, tree: Tag, parse: Callable[[str], BeautifulSoup], depth: int) -> Iterator[Found]:
    """Read a tree as a page of its own; what it holds stands at element `n`."""
    page = read_flow(tree)
    text = page.text
    inner = find_embeds(page, text)
    if depth < _DEEPEST:
        inner += find_hidden(page, parse, depth=depth + 1)
    place = flow.elements[n].span[0]
    for found in inner:
        mark = found.mark
        words, links = mark.text, mark.links
        if mark.text_span:
            words = text[slice(*mark.text_span)]
            links = _links(page, found, words)
        span = (place, place)
        yield Found(mark._replace(span=span, text_span=None, attribution_span=None, text=words, links=links), n, n)


def _links(page: Flow, found: Found, words: str) -> tuple[str, ...]:
    """Return the links of a tweet's words: those printed, and where its hyperlinks lead."""
    urls = [link.url for link in find_links(words)]
    low, high = found.mark.text_span or (0, 0)
    for element in page.elements[found.first : found.last + 1]:
        href = element.tag.get("href")
        if (
            element.tag.name == "a"
            and isinstance(href, str)
            and href.startswith("http")
            and low <= element.span[0] < high
        ):
            urls.append(href)
    slugs = {url.rpartition("/")[2] for url in urls if "pic." in url}
    return tuple(dict.fromkeys(url for url in urls if "//t.co/" not in url or url.rpartition("/")[2] not in slugs))


def _trees(tag: Tag, parse: Callable[[str], BeautifulSoup], *, hidden: bool) -> Iterator[Tag]:
    """Yield what an element carries, as trees."""
    if hidden or tag.name in _CARRIERS:
        if any(isinstance(child, Tag) for child in tag.contents):
            yield tag
        else:
            yield from _parsed(tag.get_text(), parse)
    if tag.name == "script" and tag.string:
        kind = str(tag.get("type") or "")
        if "template" in kind or "html" in kind or kind == "text/plain":
            yield from _parsed(tag.string, parse)
        else:
            yield from _quotes(tag.string, parse)
    for value in values_of(tag) if tag.attrs else ():
        if len(value) > _ATTRIBUTES or "blockquote" in value:
            yield from _quotes(value, parse) if "srcdoc" not in tag.attrs else _parsed(value, parse)


def _parsed(string: str, parse: Callable[[str], BeautifulSoup]) -> Iterator[Tag]:
    """Parse a string that should be HTML, or base64 of HTML, when it can hold a tweet."""
    if _BASE64.match(string):
        try:
            string = b64decode("".join(string.split()) + "===").decode("utf-8", "replace")
        except (Error, ValueError):
            return
    if "&lt;" in string and "<" not in string:
        string = unescape(string)
    if "<" in string and _may(string):
        yield parse(string)


def _may(string: str) -> bool:
    folded = string.lower()
    return any(word in folded for word in ("twitter", "tweet", "x.com/"))


def _quotes(string: str, parse: Callable[[str], BeautifulSoup]) -> Iterator[Tag]:
    """Yield the blockquotes of tweets in a script or an attribute, out of the escapes around them."""
    if "blockquote" not in string or not _may(string):
        return
    for _ in range(_LEVELS):
        if "<blockquote" in string and "\\" not in string[string.find("<blockquote") :][:60]:
            break
        string = unescape(string) if "&lt;blockquote" in string else _joined(_ESCAPE.sub(_unescaped, string))
    at = string.find("<blockquote")
    while at >= 0:
        end = string.find("</blockquote", at, at + _LONGEST)
        if end < 0:
            break
        if _may(string[at : string.find(">", at, end)]):
            yield parse(string[at:end] + "</blockquote>")
        at = string.find("<blockquote", end)


def _joined(string: str) -> str:
    """Join the halves of characters that an escape has cut in two; half of one becomes U+FFFD."""
    return string.encode("utf-16", "surrogatepass").decode("utf-16", "replace")


def _unescaped(m: re.Match[str]) -> str:
    if m["code"] or m["byte"]:
        return chr(int(m["code"] or m["byte"], 16))
    return _LETTERS[m["letter"]] if m["letter"] else m["self"]
