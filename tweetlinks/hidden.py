"""Find the tweets in HTML that a page holds without showing it: consent walls, templates, lazy loaders, scripts. Pure.

    carriers → what each carries, unescaped → parsed and read as a page of its own → embeds without a place in the text

Carriers are elements whose content is not read (`<template>`, `<textarea>`, `<noscript>`, `display:none`), attributes
that hold HTML (`srcdoc`, the properties of an island), and scripts (`state`). The words of such a tweet come with its
mark.
"""

from __future__ import annotations

import re
from base64 import b64decode
from binascii import Error
from functools import cache, partial
from html import unescape

from bs4 import Tag

from tweetlinks.embeds import Found, find_embeds
from tweetlinks.flow import read_flow
from tweetlinks.model import Mark
from tweetlinks.page import Page, values_of
from tweetlinks.record import TYPE_CHECKING
from tweetlinks.state import letters, linked_data, pieces
from tweetlinks.urls import find_links

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from bs4 import BeautifulSoup

    from tweetlinks.flow import Flow

__all__ = ["find_hidden", "find_in_data"]

_CARRIERS = frozenset("iframe noembed noframes noscript object template textarea title xmp".split())  # noqa: SIM905
"""Elements whose content is not read, but may be HTML."""
_FIELDS = frozenset(("input", "textarea"))
_LEAST = 30  # characters: less is no URL of a tweet, and no HTML with one
_ATTRIBUTES = 400  # characters: HTML or JSON in an attribute is longer
_BASE64 = re.compile(r"\s*(?:[A-Za-z0-9+/]{4}\s?){20,}[A-Za-z0-9+/]{0,3}={0,2}\s*\Z")
# Linear: a run of one class.
_TWITTER_64 = ("dHdpdHRlc", "R3aXR0ZX", "0d2l0dGVy")
"""`twitter` in base64, as it begins at each of three bytes."""
_ATOB = re.compile(r"""atob\(\s*["']([A-Za-z0-9+/=\s]{40,})["']""")
_HINT = re.compile(
    r"twe|twitter|x\.com|status|embed|bbpbox|timeline-item|nojs-|\(@|t\.co/|[A-Za-z0-9+/]{40}", re.IGNORECASE
)
"""One of these stands in every tree that holds a tweet: a hint of the table, a tweet's own words, or base64."""
_DEEPEST = 4  # pages inside pages


def find_hidden(flow: Flow, parse: Callable[[str], BeautifulSoup], *, depth: int = 0) -> list[Found]:
    """Return the embeds that are not shown, at the places of the elements that carry them.

    Args:
        flow: the page.
        parse: makes a tree of HTML.
        depth: how many pages this one stands inside of.
    """
    found: list[Found] = []
    page = cache(lambda: letters(flow.text))
    n = 0
    while n < len(flow.tags):
        tag, span = flow.tags[n], flow.spans[n]
        carries = flow.hidden[n] or tag.name in _CARRIERS
        holds = carries or tag.name == "script" or any([len(value) > _LEAST for value in values_of(tag)])
        hinted = partial(_is_hinted, flow.tags[n : flow.lasts[n] + 1] if carries else [])
        for piece in _carried(tag, page, hinted, hidden=bool(flow.hidden[n])) if holds else ():
            if isinstance(piece, Mark):
                found.append(Found(piece._replace(span=(span[0], span[0])), n, n))
            else:
                tree = parse(piece) if isinstance(piece, str) else piece
                marks = _read(tree, parse, depth, whole=tree is tag and tag.name not in _CARRIERS)
                found += [Found(mark._replace(span=(span[0], span[0])), n, n) for mark in marks]
        n = flow.lasts[n] + 1 if carries else n + 1
    return found


def find_in_data(text: str, parse: Callable[[str], BeautifulSoup]) -> list[Found]:
    """Return the embeds in a document that is data itself, as content systems write it, each where its id stands."""
    found: list[Found] = []
    for piece in pieces(text, str):
        for mark in [piece] if isinstance(piece, Mark) else _read(parse(piece), parse, 0):
            first = text.find(mark.tweet_id) if mark.tweet_id else -1
            if mark.tweet_id and first >= 0:
                found.append(Found(mark._replace(span=(first, first + len(mark.tweet_id))), len(found), len(found)))
    return found


def _read(tree: Tag, parse: Callable[[str], BeautifulSoup], depth: int, *, whole: bool = False) -> Iterator[Mark]:
    """Yield the embeds of a tree; the words come with the marks, for they stand in no text.

    Words without an id and without an author are none: of a template nobody has filled in.
    """
    page = Page(read_flow(tree, sees_hidden=whole, whole=whole))
    inner = find_embeds(page)
    if depth < _DEEPEST:
        inner += find_hidden(page.flow, parse, depth=depth + 1)
    for found in inner:
        mark = found.mark
        if not mark.tweet_id and not mark.screen_name:
            continue
        words, links = mark.text, mark.links
        if mark.text_span:
            words = page.text[slice(*mark.text_span)]
            links = _links(page, found, words)
        yield mark._replace(text_span=None, attribution_span=None, text=words, links=links)


def _links(page: Page, found: Found, words: str) -> tuple[str, ...]:
    """Return the links of a tweet's words: those printed, and where its hyperlinks lead."""
    urls = [link.url for link in find_links(words)]
    low, high = found.mark.text_span or (0, 0)
    for n in range(found.first, found.last + 1):
        tag = page.flow.tags[n]
        href = tag.get("href")
        if tag.name == "a" and isinstance(href, str) and href[:4] == "http" and low <= page.flow.spans[n][0] < high:
            urls.append(href)
    slugs = {url.rpartition("/")[2] for url in urls if "pic." in url}
    return tuple(dict.fromkeys(url for url in urls if "//t.co/" not in url or url.rpartition("/")[2] not in slugs))


def _is_hinted(tags: list[Tag]) -> bool:
    """Tell whether anything written in elements can be of a tweet."""
    return any(
        _HINT.search(written)
        for tag in tags
        for written in (
            tag.name,
            *tag.attrs,
            *values_of(tag),
            *(node for node in tag.contents if isinstance(node, str)),
        )
    )


def _carried(
    tag: Tag, page: Callable[[], str], hinted: Callable[[], bool], *, hidden: bool
) -> Iterator[Tag | Mark | str]:
    """Yield what an element carries: a tree, marks, or HTML to be parsed."""
    if tag.name in _FIELDS and ("readonly" in tag.attrs or tag.name == "input"):
        return  # a field to copy embed code from
    if hidden or tag.name in _CARRIERS:
        if any(isinstance(child, Tag) for child in tag.contents):
            if hinted():
                yield tag
        else:
            yield from _html(tag.get_text())
    if tag.name == "script" and tag.string:
        yield from _in_script(tag, tag.string, page)
    for name, value in zip(tag.attrs, values_of(tag), strict=True) if tag.attrs else ():
        if name == "srcdoc":
            yield from _html(value)
        elif any(words in value for words in _TWITTER_64):
            yield from _html(value.partition("base64,")[2] or value)
        elif len(value) > _ATTRIBUTES or "blockquote" in value:
            yield from pieces(value, page)


def _in_script(tag: Tag, script: str, page: Callable[[], str]) -> Iterator[Mark | str]:
    """Yield what a script carries, by its type: HTML, JSON-LD, or anything in which pieces of HTML may stand."""
    kind = str(tag.get("type") or "")
    if "template" in kind or "html" in kind or kind == "text/plain":
        yield from _html(script)
    elif "ld+json" in kind:
        yield from linked_data(script, page)
    else:
        for code in _ATOB.findall(script):
            yield from _html(code)
        yield from pieces(script, page)


def _html(string: str) -> Iterator[str]:
    """Yield a string that should be HTML, or base64 of HTML, when it can hold a tweet."""
    if _BASE64.match(string):
        try:
            string = b64decode("".join(string.split()) + "===").decode("utf-8", "replace")
        except (Error, ValueError):
            return
    if "&lt;" in string and "<" not in string:
        string = unescape(string)
    folded = string.lower()
    if "<" in string and any(word in folded for word in ("twitter", "tweet", "x.com/")):
        yield string
