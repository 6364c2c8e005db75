"""Read a tweet that a page draws itself: a card, whose words, names and date stand in elements of their own. Pure.

Where each part stands is a list of selectors in `data/embeds.toml`, one for all sites; where no selector finds the
words, they are the longest stretch of the card between what is known to be something else.
"""

from __future__ import annotations

import re
from functools import cache

from tweetlinks.model import Mark
from tweetlinks.page import embeds_table, is_notice, read_status
from tweetlinks.record import TYPE_CHECKING

if TYPE_CHECKING:
    from bs4 import Tag

    from tweetlinks.model import Span, TweetRef
    from tweetlinks.page import Page

__all__ = ["read_card"]

_LARGEST = 1_000  # elements of a card
_SHARE = 0.5  # of a card: a link that shows less than this of its words is no part of the tweet's words
_HANDLE = re.compile(r"@?(?P<handle>\w{1,20})\Z", re.ASCII)
_AT_END = re.compile(r"\s*(?:\(@?\w{1,20}\)|[@·]\s*\w{0,20})\s*\Z", re.ASCII)
_SCREENSHOT = re.compile(r"(?:Twitter|X) post by @?\w+:\s*")
# All linear: bounded runs, or runs parted by what they cannot hold.


def read_card(
    page: Page, n: int, *, form: str, url: tuple[str, ...] = (), id: tuple[str, ...] = (), quoted: str = ""
) -> Mark | None:
    """Read a card; None when it holds neither an id nor an author with words and a date.

    Args:
        page: the page.
        n: the element that is the card.
        form: what the record calls it.
        url: places of its status URL; without one a hyperlink inside is.
        id: places of its id.
        quoted: selector of the tweets inside it, which are not its own.
    """
    tag = page.flow.tags[n]
    if page.flow.lasts[n] - n > _LARGEST:
        return None
    quotes = page.select(n, quoted) if quoted else []
    links = [link for link in page.links(n) if not _inside(page.flow.tags[link[0]], quotes)] or _around(page, n)
    given = next(page.at(n, url), None)
    address, tweet = read_status(_absolute(given)) if given else ("", None)
    if tweet is None and links:
        address, tweet = _permalink(page, links)
    tweet_id = tweet.id if tweet else next(page.at(n, id), None)
    name, handle, date = (_part(page, n, part) for part in ("author_name", "screen_name", "date"))
    known = _HANDLE.match(handle or "")
    screen_name = known["handle"] if known else tweet and tweet.screen_name
    pictured = _alt(tag)
    words = None if pictured else _words(page, n, quotes, [k for k, _, _ in links])
    if not tweet_id and not (words and screen_name and date):
        return None
    return Mark(
        "embed",
        page.flow.spans[n],
        form,
        address if tweet else None,
        tweet_id,
        screen_name=screen_name,
        author_name=(_AT_END.sub("", name) or None) if name else None,
        date_text=date,
        text_span=words,
        text=pictured,
    )


def _around(page: Page, n: int) -> list[tuple[int, str, TweetRef]]:
    """Return the hyperlink to a status that is around a card, as a list."""
    outer = page.flow.tags[n].find_parent("a")
    return page.links(page.flow.index[id(outer)])[:1] if outer and id(outer) in page.flow.index else []


def _permalink(page: Page, links: list[tuple[int, str, TweetRef]]) -> tuple[str, TweetRef]:
    """Choose the permalink among status links: the one around a time, else the last."""
    for n, url, tweet in links:
        tag = page.flow.tags[n]
        if tag.find("time") or (tag.parent and tag.parent.name == "time"):
            return url, tweet
    return links[-1][1:]


def _absolute(href: str) -> str:
    """Complete the URL of a saved page of the service, or of a mirror."""
    return "https://twitter.com" + href if href.startswith("/") and not href.startswith("//") else href


def _part(page: Page, n: int, name: str) -> str | None:
    """Return one part of a card as printed."""
    return next((words for words in page.at(n, _parts()[name]) if not is_notice(words)), None)


def _words(page: Page, n: int, quotes: list[Tag], links: list[int]) -> Span | None:
    """Return the words of a card."""
    start, end = page.flow.spans[n]
    for css in _parts()["text"]:
        for tag in page.select(n, css):
            span = page.span(tag)
            words = page.words(span) if span and not _inside(tag, quotes) else None
            if words:
                return words
    others = (tag for css in _parts()["apart"] for tag in page.select(n, css))
    apart = [span for tag in others if (span := page.span(tag))]
    apart += [span for k in links if (span := page.flow.spans[k])[1] - span[0] < _SHARE * (end - start)]
    return page.words(_longest((start, end), apart))


def _inside(tag: Tag, others: list[Tag]) -> bool:
    return bool(others) and any(tag is other or any(parent is other for parent in tag.parents) for other in others)


def _longest(span: Span, apart: list[Span]) -> Span:
    """Return the longest stretch of a span outside others."""
    best, start = (span[0], span[0]), span[0]
    for a, b in [*sorted(apart), (span[1], span[1])]:
        if a - start > best[1] - best[0]:
            best = start, a
        start = max(start, b)
    return best


def _alt(tag: Tag) -> str | None:
    """Return the words of a screenshot: `Twitter post by @ann: …` in the text that stands for the picture."""
    for inner in tag.find_all(["div", "img", "span"]):
        for value in (inner.get("data-alt"), inner.get("alt")):
            if isinstance(value, str) and (found := _SCREENSHOT.match(value)):
                return value[found.end() :].strip() or None
    return None


@cache
def _parts() -> dict[str, tuple[str, ...]]:
    return {name: tuple(places) for name, places in embeds_table()["parts"].items()}
