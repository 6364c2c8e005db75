"""A Scrapy item pipeline that finds the tweets of each item, and expands their links through Scrapy. Needs `scrapy`.

    ITEM_PIPELINES = {"tweetlinks.adapters.scrapy.TweetlinksPipeline": 300}
    TWEETLINKS_FIELD = "html"        # which field holds the article (default: text)
    TWEETLINKS_INTO = "tweetlinks"   # which field gets the record (default)
    TWEETLINKS_FORMAT = "auto"       # how to read it (default)
    TWEETLINKS_EXPAND = True         # ask where links lead (default: False)

Touches: Scrapy's downloader, where links are to be expanded: its delays, its cache and its robots.txt hold for
shorteners, too. What an answer means is judged by the same code as everywhere (`chain`); only shorteners are asked, and
never the pages that they lead to. Works on dicts, `Item`s, dataclasses and whatever else ItemAdapter knows, with the
reactor of asyncio, which is Scrapy's usual one.
"""

from __future__ import annotations

import asyncio
import os
from datetime import UTC, datetime
from time import perf_counter, time
from typing import TYPE_CHECKING, Any

from tweetlinks import chain as links
from tweetlinks.cache import MemoryCache
from tweetlinks.errors import InputError, MissingExtra
from tweetlinks.model import Answer
from tweetlinks.pipeline import extract, resolve_links

try:
    from itemadapter import ItemAdapter
    from scrapy import Request
    from scrapy.exceptions import IgnoreRequest
except ImportError as error:
    raise MissingExtra("scrapy", "scrapy") from error

if TYPE_CHECKING:
    from collections.abc import Iterable
    from typing import Self

    from scrapy.crawler import Crawler
    from scrapy.http import Response

    from tweetlinks.chain import Chain
    from tweetlinks.model import Document, Resolution

__all__ = ["TweetlinksPipeline"]

META = {"dont_redirect": True, "handle_httpstatus_all": True, "dont_retry": True}
"""What Scrapy is told of each request: every answer is for the chain to judge."""
BODY = 65_536
"""Code points of a page that are looked at."""


class TweetlinksPipeline:
    """Puts the record of each item's article into the item."""

    def __init__(self, crawler: Crawler) -> None:
        """Take the crawler, whose settings say what to read."""
        settings = crawler.settings
        self._crawler = crawler
        self._field = settings.get("TWEETLINKS_FIELD", "text")
        self._into = settings.get("TWEETLINKS_INTO", "tweetlinks")
        self._format = settings.get("TWEETLINKS_FORMAT", "auto")
        self._expand = settings.getbool("TWEETLINKS_EXPAND", False)  # noqa: FBT003  Scrapy's signature
        self._answers = MemoryCache(now=time)
        self._flights: dict[str, asyncio.Task[Resolution]] = {}

    @classmethod
    def from_crawler(cls, crawler: Crawler) -> Self:
        """Make the pipeline, as Scrapy asks for it."""
        return cls(crawler)

    async def process_item(self, item: Any, spider: Any = None) -> Any:  # noqa: ARG002  older Scrapy hands it over
        """Return the item with the record; without an article, or where it is no text, as it came."""
        fields = ItemAdapter(item)
        source = fields.get(self._field)
        if not isinstance(source, str | bytes) or not source:
            return item
        try:
            document = extract(source, format=self._format, id=fields.get("url"), url=fields.get("url"))
        except InputError:
            self._count("unreadable")
            return item
        if self._expand:
            document = await self._expanded(document)
        self._count("citations", len(document.citations))
        self._count("links", len(document.links))
        fields[self._into] = document.to_dict()
        return item

    async def _expanded(self, document: Document) -> Document:
        """Return the document with what became of its links; those that an ellipsis cut off are not asked about."""
        urls = list(dict.fromkeys(link.url for link in document.links if "truncated" not in link.evidence))
        found = dict(zip(urls, await asyncio.gather(*map(self._resolved, urls)), strict=True))
        for resolution in found.values():
            self._count(f"expansion/{resolution.expansion}")

        def known(asked: Iterable[str]) -> dict[str, Resolution]:
            return {url: found[url] for url in asked}

        return resolve_links(document, known)

    async def _resolved(self, url: str) -> Resolution:
        """Say what became of a link; one that is under way is not asked again."""
        if url not in self._flights:
            self._flights[url] = asyncio.create_task(self._walked(url))
            self._flights[url].add_done_callback(lambda _: self._flights.pop(url))
        return await asyncio.shield(self._flights[url])

    async def _walked(self, url: str) -> Resolution:
        """Take a link to its end."""
        chain = links.start(url)
        if os.environ.get("TWEETLINKS_OFFLINE", "") not in {"", "0"}:
            chain = links.fail(chain, "offline", "not asked: offline", sent=False, last=True)
        while chain.ask:
            chain = await self._asked(chain)
            if chain.ask and chain.wait:
                await asyncio.sleep(chain.wait)
        return links.resolution(chain, url=url)

    async def _asked(self, chain: Chain) -> Chain:
        url = chain.ask or ""
        if known := self._answers.get(url):
            return links.advance(chain, known, source="cache")
        begun = perf_counter()
        try:
            request = Request(url, meta=META, dont_filter=True)
            response = await self._crawler.engine.download_async(request)
        except IgnoreRequest as error:
            return links.fail(chain, "forbidden", f"Scrapy does not ask: {error}", sent=False, last=True)
        except Exception as error:  # noqa: BLE001  a downloader may fail in many ways, and each is a dead link
            return links.fail(chain, _word(error), str(error) or type(error).__name__, ms=_ms(begun))
        answer = _answer(url, response, _ms(begun))
        after = links.advance(chain, answer)
        if after.ask != url:
            self._answers.put(url, answer)
        return after

    def _count(self, name: str, by: int = 1) -> None:
        if self._crawler.stats:
            self._crawler.stats.inc_value(f"tweetlinks/{name}", by)


def _answer(url: str, response: Response, ms: int) -> Answer:
    """Take down what Scrapy got."""
    headers = tuple(
        (name, value.decode("latin-1"))
        for key, values in response.headers.items()
        if (name := key.decode("latin-1").lower()) in links.HEADERS
        for value in values
    )
    at = datetime.fromtimestamp(time(), UTC).isoformat(timespec="seconds").replace("+00:00", "Z")
    text = getattr(response, "text", "") if response.body else ""
    return Answer(url, response.status, headers, text[:BODY], at, ms)


_WORDS = (("DNS", "dns-error"), ("Timeout", "timeout"), ("SSL", "tls-error"), ("Connect", "connect-error"))
"""What is in the name of an exception, and what it is called here."""


def _word(error: BaseException) -> str:
    name = type(error).__name__
    return next((word for part, word in _WORDS if part.lower() in name.lower()), "protocol-error")


def _ms(begun: float) -> int:
    return int((perf_counter() - begun) * 1000)
