"""Resolve links: `Resolver` in plain code, `AsyncResolver` in asyncio. Touches: the network; a cache; the environment.

Both drive the same core. `Resolver` runs it in a thread of its own, so that it also works where an event loop is
running already, as in a notebook. `TWEETLINKS_OFFLINE` is read here, when a resolver is made.
"""

from __future__ import annotations

import asyncio
import os
from collections.abc import AsyncIterator, Awaitable, Callable, Coroutine, Iterable, Iterator
from concurrent.futures import Future
from importlib.util import find_spec
from inspect import isawaitable
from itertools import islice
from queue import SimpleQueue
from threading import Lock, Thread
from time import time
from typing import TYPE_CHECKING, Any, TypeVar
from weakref import finalize

from tweetlinks.chain import Chain, resolution
from tweetlinks.errors import MissingExtra
from tweetlinks.fetch.drive import Driver, Options
from tweetlinks.fetch.lines import FAST
from tweetlinks.fetch.pace import Limits, checked

if TYPE_CHECKING:
    import ssl
    from datetime import datetime
    from types import TracebackType
    from typing import Self

    from tweetlinks.cache import Cache
    from tweetlinks.fetch.budget import Budget
    from tweetlinks.fetch.guard import Lookup
    from tweetlinks.fetch.lines import Connect
    from tweetlinks.model import Finding, Resolution

__all__ = ["AsyncResolver", "Resolver"]

T = TypeVar("T")
Progress = Callable[[str, "Resolution"], object]
"""Told of each link when it is done."""


class _Face:
    """What both resolvers share: their options."""

    def __init__(  # noqa: PLR0913  the options of a resolver are its contract
        self,
        *,
        cache: str | os.PathLike[str] | Cache | None = None,
        transport: Any = None,
        resolve_host: Lookup | None = None,
        connect: Connect | None = None,
        sleep: Callable[[float], Awaitable[None] | None] = asyncio.sleep,
        now: Callable[[], float | datetime] = time,
        check_target: bool = False,
        limits: Limits = Limits(),  # noqa: B008  a Limits cannot change
        allow: Iterable[str | int] = (),
        user_agent: str | None = None,
        offline: bool = False,
        progress: Progress | None = None,
        ssl_context: ssl.SSLContext | None = None,
        archive: bool = False,
        budget: Budget | None = None,
    ) -> None:
        """Take the options; nothing is sent and nothing but the cache is opened.

        Args:
            cache: a file for the answers (SQLite, made if missing), the `redis://` URL of a server, or a cache; None
                remembers them for the resolver's life.
            transport: a httpx transport to send with, async or (for `Resolver`) sync; None means httpx's own;
                "fast" aiohttp (extra `fast`), which takes less time and is not seen by pytest-httpx.
            resolve_host: `(host, port)` to addresses, plain or async; None means the system's resolver. With a
                `transport` and without this, names are not looked up: dialling is the transport's business.
            connect: `(address, port)` as checked, to the `(address, port)` that is dialled; None: the same.
            sleep: waits so many seconds, async or at once.
            now: gives seconds since 1970, or an aware datetime.
            check_target: ask others than shorteners too: the page that the last one leads to, and links of hosts that
                are not known to be shorteners.
            limits: how far, how long, how often.
            allow: networks (`10.0.0.0/8`) and ports that may be contacted beyond the public web's 80 and 443.
            user_agent: what to call ourselves; None means `tweetlinks/VERSION …`.
            offline: send nothing, read the cache only; so does `TWEETLINKS_OFFLINE=1` in the environment.
            progress: called with each link and what became of it, when it is done.
            ssl_context: whom to trust; None means the usual authorities, or `SSL_CERT_FILE`.
            archive: ask the Internet Archive about short links that their shortener does not know any more.
            budget: requests to each host that are shared with other processes (`fetch.SharedBudget`); None: each
                process keeps its own distance.

        Raises:
            CacheError: the cache file cannot be used.
            MissingExtra: `transport` is "fast", and the package `aiohttp` is not installed.
            ValueError: `transport` is another word, an entry of `allow` is neither a network nor a port, a limit makes
                no sense, or `user_agent` is no header.
        """
        clock = _seconds(now)
        self._options = Options(
            limits=checked(limits),
            sleep=_sleeper(sleep),
            now=clock,
            check_target=check_target,
            offline=offline or os.environ.get("TWEETLINKS_OFFLINE", "") not in {"", "0"},
            allow=_allowed(allow),
            user_agent=_agent(user_agent),
            transport=_transport(transport),
            resolve_host=resolve_host,
            connect=connect,
            ssl_context=ssl_context,
            archive=archive,
            budget=budget,
            cache=_cache(cache, clock),  # opened when everything else makes sense
        )
        self._progress = progress
        self._driver = Driver(self._options)
        self._prepare()

    def _prepare(self) -> None:
        """Make what one of the two needs beyond the options."""

    def _done(self, url: str, chain: Chain) -> Resolution:
        result = resolution(chain, url=url)
        if self._progress:
            self._progress(url, result)
        return result


class AsyncResolver(_Face):
    """Resolve links within one event loop.

    async with AsyncResolver(cache="answers.sqlite") as resolver:
        print(await resolver.resolve("https://t.co/zKHAP1vQMJ"))
        async for url, found in resolver.resolve_many(urls): …
    """

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        await self.aclose()

    async def aclose(self) -> None:
        """End what is under way, and let go of connections and cache."""
        await self._driver.close()
        self._options.cache.close()

    async def resolve(self, url: str) -> Resolution:
        """Say what became of a link; a dead one is a value, not an exception.

        Raises:
            CacheError: the cache cannot be read or written.
        """
        return self._done(url, await self._driver.run(self._driver.begin(url)))

    async def look_up(self, source: str, url: str, *, near: str = "") -> Finding:
        """Ask one service about a tweet, as `Resolver.look_up`."""
        return await self._driver.look_up(source, url, near)

    async def resolve_many(self, urls: Iterable[str]) -> AsyncIterator[tuple[str, Resolution]]:
        """Say what became of each link, as soon as it is known; `urls` is read as far as needed.

        Yields:
            The link as given, and its resolution; once for each item of `urls`.
        """
        left, pending = iter(_several(urls)), dict[asyncio.Future[Chain], str]()
        done: asyncio.Queue[asyncio.Future[Chain]] = asyncio.Queue()  # `asyncio.wait` looks at all who are pending
        try:
            while True:
                for url in islice(left, self._options.limits.links - len(pending)):
                    begun = asyncio.ensure_future(self._driver.run(self._driver.begin(url)))
                    pending[begun] = url
                    begun.add_done_callback(done.put_nowait)
                if not pending:
                    return
                finished = await done.get()
                url = pending.pop(finished)
                yield url, self._done(url, finished.result())
        finally:
            for task in pending:
                task.cancel()
            await asyncio.gather(*pending, return_exceptions=True)

    async def __call__(self, urls: Iterable[str]) -> dict[str, Resolution]:
        """Say what became of each link."""
        return {url: found async for url, found in self.resolve_many(urls)}


class Resolver(_Face):
    """Resolve links; also a `Resolve` for the pipeline: URLs in, a mapping out.

    with Resolver(cache="answers.sqlite") as resolver:
        print(resolver.resolve("https://t.co/zKHAP1vQMJ"))
        for url, found in resolver.resolve_many(urls): …
    """

    def _prepare(self) -> None:
        self._lock, self._thread = Lock(), _LoopThread()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def close(self) -> None:
        """End what is under way, and let go of connections, thread and cache; resolving again opens them again."""
        with self._lock:
            if self._thread.loop and self._thread.owner == os.getpid():
                self._thread.submit(self._driver.close()).result()
            self._thread.stop()
            self._driver = Driver(self._options)
        self._options.cache.close()

    def resolve(self, url: str) -> Resolution:
        """Say what became of a link; a dead one is a value, not an exception.

        Raises:
            CacheError: the cache cannot be read or written.
        """
        chain = self._driver.begin(url)
        return self._done(url, chain if self._driver.is_done(chain) else self._wait(self._submit(chain)))

    def look_up(self, source: str, url: str, *, near: str = "") -> Finding:
        """Ask one service about a tweet.

        Args:
            source: `oembed`, `syndication`, `wayback` or `memento`; `archive` asks where a short link led.
            url: a status URL, or the short link.
            near: the digits of a time to which an archived copy should be near, `20160928`; empty: the newest.

        Raises:
            CacheError: the cache cannot be read or written.
            ValueError: nothing is looked up under that name, or the URL is none that it can look up.
        """
        return self._wait(self._submit_work(lambda driver: driver.look_up(source, url, near)))

    def resolve_many(self, urls: Iterable[str]) -> Iterator[tuple[str, Resolution]]:
        """Say what became of each link, as soon as it is known; `urls` is read as far as needed.

        Yields:
            The link as given, and its resolution; once for each item of `urls`.
        """
        pending: dict[Future[Chain], str] = {}
        done: SimpleQueue[Future[Chain]] = SimpleQueue()
        try:
            for url in _several(urls):
                chain = self._driver.begin(url)
                if self._driver.is_done(chain):
                    yield url, self._done(url, chain)
                    continue
                future = self._submit(chain)
                pending[future] = url
                future.add_done_callback(done.put)
                if len(pending) >= self._options.limits.links or not done.empty():
                    yield self._finished(pending, done.get())
            while pending:
                yield self._finished(pending, done.get())
        finally:
            for future in pending:
                future.cancel()

    def __call__(self, urls: Iterable[str]) -> dict[str, Resolution]:
        """Say what became of each link."""
        return dict(self.resolve_many(urls))

    def _finished(self, pending: dict[Future[Chain], str], future: Future[Chain]) -> tuple[str, Resolution]:
        """Take out what is done."""
        url = pending.pop(future)
        return url, self._done(url, future.result())

    def _submit(self, chain: Chain) -> Future[Chain]:
        return self._submit_work(lambda driver: driver.run(chain))

    def _submit_work(self, work: Callable[[Driver], Coroutine[Any, Any, T]]) -> Future[T]:
        with self._lock:
            if self._thread.owner not in {0, os.getpid()}:  # after a fork: the thread stayed with the parent
                self._thread, self._driver = _LoopThread(), Driver(self._options)
            return self._thread.submit(work(self._driver))

    def _wait(self, future: Future[T]) -> T:
        try:
            return future.result()
        except BaseException:
            future.cancel()
            raise


class _LoopThread:
    """A thread that runs an event loop, from the first use on."""

    def __init__(self) -> None:
        self.loop: asyncio.AbstractEventLoop | None = None
        self.owner = 0
        self._end: finalize[..., Any] | None = None

    def submit(self, work: Any) -> Future[Any]:
        """Run a coroutine there."""
        if self.loop is None:
            self.loop, self.owner = asyncio.new_event_loop(), os.getpid()
            thread = Thread(target=_run, args=(self.loop,), name="tweetlinks", daemon=True)
            thread.start()
            self._end = finalize(self, _stop, self.loop, thread)
        return asyncio.run_coroutine_threadsafe(work, self.loop)

    def stop(self) -> None:
        """End the thread."""
        if self._end:
            self._end()
        self.loop, self.owner, self._end = None, 0, None


def _run(loop: asyncio.AbstractEventLoop) -> None:
    """Run a loop until it is stopped, then cancel what is left in it."""
    asyncio.set_event_loop(loop)
    try:
        loop.run_forever()
        left = asyncio.all_tasks(loop)
        for task in left:
            task.cancel()
        loop.run_until_complete(asyncio.gather(*left, return_exceptions=True))
        loop.run_until_complete(loop.shutdown_asyncgens())
    finally:
        loop.close()


def _stop(loop: asyncio.AbstractEventLoop, thread: Thread) -> None:
    if thread.is_alive():
        loop.call_soon_threadsafe(loop.stop)
        thread.join()


def _cache(given: str | os.PathLike[str] | Cache | None, now: Callable[[], float]) -> Cache:
    from tweetlinks.cache import MemoryCache, SqliteCache, at

    if given is None:
        return MemoryCache(now=now)
    if isinstance(given, str):
        return at(given, now=now)
    return SqliteCache(given, now=now) if isinstance(given, os.PathLike) else given


def _transport(given: Any) -> Any:
    if not isinstance(given, str):
        return given
    if given != FAST:
        raise ValueError(f'transport is a httpx transport or "{FAST}", not {given!r}')
    if find_spec("aiohttp") is None:
        raise MissingExtra("aiohttp", FAST)
    return given


def _several(urls: Iterable[str]) -> Iterable[str]:
    if isinstance(urls, str):
        raise TypeError(f"urls are several, and this is one: resolve({urls[:60]!r})")
    return urls


def _allowed(entries: Iterable[str | int]) -> tuple[str | int, ...]:
    """Take a single network for what it is, and not for its characters."""
    return (entries,) if isinstance(entries, str) else tuple(entries)


def _agent(name: str | None) -> str | None:
    if name and not (name.isascii() and name.isprintable() and name == name.strip()):
        raise ValueError(f"user_agent is printable ASCII, not {name!r}")
    return name


def _seconds(now: Callable[[], float | datetime]) -> Callable[[], float]:
    """Let the clock give numbers, whatever the caller's gives."""
    if now is time:
        return time

    def clock() -> float:
        moment = now()
        return float(moment) if isinstance(moment, int | float) else moment.timestamp()

    return clock


def _sleeper(sleep: Callable[[float], Awaitable[None] | None]) -> Callable[[float], Awaitable[None]]:
    """Let a plain function sleep too."""

    async def asleep(seconds: float) -> None:
        waiting = sleep(seconds)
        if isawaitable(waiting):
            await waiting

    return asleep
