"""Know a parsed page as the readers of embeds need it: its text, its hyperlinks to tweets, what stands where. Pure.

A place of `data/embeds.toml` is looked up here:

    place     = [selector] ["@" attribute]      the text of an element, or an attribute of it
    attribute = name | name "/" key ["/" key …] | name "~" pattern      whole, from JSON, or the digits behind a pattern
"""

from __future__ import annotations

import json
import re
from bisect import bisect_left
from functools import cache

import soupsieve
from soupsieve.css_types import Selector

from tweetlinks.blanks import EDGE
from tweetlinks.record import TYPE_CHECKING
from tweetlinks.tables import read_toml
from tweetlinks.tweets import parse_status_url, unwrap

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator
    from typing import Any

    from bs4 import Tag

    from tweetlinks.flow import Flow
    from tweetlinks.model import Span, TweetRef

__all__ = ["Page", "embeds_table", "is_notice", "keys_of", "names_of", "read_status", "selector", "values_of"]

_MOST_LINKS = 200  # hyperlinks to a status in one element that are looked at: of a tweet they are few
_LONGEST_NOTICE = 200  # characters


class Page:
    """A page, and where in it hyperlinks lead to a tweet."""

    def __init__(self, flow: Flow) -> None:
        """Look through the hyperlinks.

        Args:
            flow: the page as a reader reads it.
        """
        self.flow, self.text = flow, flow.text
        self._links: list[tuple[int, str, TweetRef]] = []
        for n, tag in enumerate(flow.tags):
            href = tag.attrs.get("href")
            if isinstance(href, str) and "status" in href:
                url, tweet = read_status(href)
                if tweet:
                    self._links.append((n, url, tweet))
        self._places = [n for n, _, _ in self._links]
        self._met: tuple[int, set[str]] = -1, set()

    def links(self, n: int) -> list[tuple[int, str, TweetRef]]:
        """Return element, URL and tweet of the hyperlinks to a status in element `n`, in order; of many the last."""
        low, high = bisect_left(self._places, n), bisect_left(self._places, self.flow.lasts[n] + 1)
        return self._links[max(low, high - _MOST_LINKS) : high]

    def span(self, tag: Tag) -> Span | None:
        """Return where an element stands in the text; None for one outside the page."""
        n = self.flow.index.get(id(tag))
        return None if n is None else self.flow.spans[n]

    def select(self, n: int, css: str) -> list[Tag]:
        """Return what a selector means inside of element `n`; it is asked only where a name or class of it is met."""
        flow = self.flow
        if self._met[0] != n:
            self._met = n, {word for tag in flow.tags[n + 1 : flow.lasts[n] + 1] for word in names_of(tag)}
        keys = keys_of(css)
        return [] if keys is not None and keys.isdisjoint(self._met[1]) else selector(css).select(flow.tags[n])

    def at(self, n: int, places: Iterable[str]) -> Iterator[str]:
        """Yield what stands at places of the table in element `n`, empty ones left out, white space folded."""
        tag = self.flow.tags[n]
        for place in places:
            css, attribute = _split(place)
            for found in self.select(n, css) if css else (tag,):
                span = None if attribute else self.span(found)
                words = _attribute(found, attribute) if attribute else self.text[slice(*span)] if span else None
                if words and (words := " ".join(words.split())):
                    yield words

    def words(self, span: Span) -> Span | None:
        """Return where words stand in a stretch, without blanks around; None for a notice, a status URL, or nothing."""
        stretch = self.text[slice(*span)]
        words = stretch.strip(EDGE)
        if not words or is_notice(words) or (" " not in words and parse_status_url(words)):
            return None
        start = span[0] + stretch.index(words)
        return start, start + len(words)


def read_status(href: str) -> tuple[str, TweetRef | None]:
    r"""Read a hyperlink: its URL with a scheme, out of archives and redirectors, and the tweet that it names.

    >>> read_status(" //twitter.com/ann\\_b/status/20")
    ('https://twitter.com/ann_b/status/20', TweetRef(id='20', screen_name='ann_b'))
    """
    url = href.strip().replace("\\_", "_")
    tweet = parse_status_url(url)
    if tweet is None:
        url = unwrap(url)
        tweet = parse_status_url(url)
    if url.startswith("//"):
        return "https:" + url, tweet
    return (url if "://" in url else "https://" + url), tweet


def values_of(tag: Tag) -> list[str]:
    """Return the values of an element's attributes; the parser leaves lists, as classes are, as they are written."""
    return list(map(str, tag.attrs.values()))


def names_of(tag: Tag) -> list[str]:
    """Return the name of an element and its classes: what `keys_of` a selector can be."""
    return [tag.name, *str(tag.attrs.get("class") or "").split()]


def is_notice(words: str) -> bool:
    """Tell whether words are what a site prints in the place of a tweet.

    >>> is_notice("View @ann_b on X"), is_notice("It rains.")
    (True, False)
    """
    return len(words) < _LONGEST_NOTICE and _notices().fullmatch(words) is not None


@cache
def embeds_table() -> dict[str, Any]:
    """Return `data/embeds.toml`."""
    return read_toml("embeds.toml")


@cache
def selector(css: str) -> soupsieve.SoupSieve:
    """Return a selector of the table, compiled once."""
    return soupsieve.compile(css)


@cache
def keys_of(css: str) -> frozenset[str] | None:
    """Return names and classes of which every element that a selector matches has one; None when there are none such.

    A selector climbs to the top of the page for each element that it is asked about; a set of words does not.

    >>> sorted(keys_of("blockquote.twitter-tweet, iframe[src]")), keys_of("[data-x]")
    (['iframe', 'twitter-tweet'], None)
    """
    keys = []
    for one in selector(css).selectors:
        if not isinstance(one, Selector):
            return None
        keys.append(one.classes[0] if one.classes else one.tag.name if one.tag else "*")
    return None if "*" in keys else frozenset(keys)


@cache
def _split(place: str) -> tuple[str, str]:
    """Split a place into its selector and its attribute; either may be empty."""
    found = re.search(r"@(?P<attribute>[\w-]+(?:[/~].*)?)\Z", place)
    return (place[: found.start()], found["attribute"]) if found else (place, "")


def _attribute(tag: Tag, place: str) -> str | None:
    """Return the value of an attribute: whole, from JSON (`/key/key`), or the digits behind a pattern (`~pattern`)."""
    name, tilde, pattern = place.partition("~")
    name, *keys = name.split("/")
    value: Any = tag.get(name)
    if not isinstance(value, str):
        return None
    if tilde:
        found = re.search(pattern + "(?P<id>[1-9][0-9]{0,18})(?![0-9])", value)
        return found and found["id"]
    if keys:
        try:
            value = json.loads(value)
        except (ValueError, RecursionError):
            return None
        for key in keys:
            value = value.get(key) if isinstance(value, dict) else None
    return value if isinstance(value, str) else None


@cache
def _notices() -> re.Pattern[str]:
    return re.compile("|".join(f"(?:{row['pattern']})" for row in embeds_table()["notice"]), re.IGNORECASE)
