"""Take chains and look-ups to their end: cache, turn, request, repetition. Touches: network and cache, through others.

A `Driver` lives in one event loop. It obeys `chain` and `lookups`: these say what to ask, when to ask again and when it
is over; tenacity waits and repeats. The same request wanted by several at a time is sent once.
"""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from math import inf
from time import monotonic, time
from typing import TYPE_CHECKING, Any, Generic, NamedTuple, TypeVar

from tweetlinks import chain as links
from tweetlinks import lookups
from tweetlinks.chain import Chain, Terms
from tweetlinks.fetch.guard import Guard
from tweetlinks.fetch.guard import Lookup as NameLookup
from tweetlinks.fetch.pace import Failure, Limits, Pace
from tweetlinks.locations import host_of
from tweetlinks.lookups import Lookup
from tweetlinks.model import Answer

if TYPE_CHECKING:
    import ssl

    from tenacity import RetryCallState

    from tweetlinks.cache import Cache
    from tweetlinks.fetch.budget import Budget
    from tweetlinks.fetch.lines import Connect
    from tweetlinks.fetch.transport import Sender
    from tweetlinks.model import Finding

__all__ = ["Driver", "Options", "Reply"]

Way = TypeVar("Way", Chain, Lookup)
"""What says what to ask next, and judges what came."""
Reply = Answer | Failure
"""What became of one request."""

LIMITED = frozenset({403, 420, 429})
"""The codes by which a shortener says that it does not want us."""
UNREACHABLE = frozenset({"dns-error", "dns-tempfail", "connect-error", "connect-timeout"})
"""Failures that concern every link of a host: each try counts against it."""
UNHEARD = frozenset({"disconnected", "timeout", "tls-error", "tls-timeout"})
"""Failures that may concern one link only: a link counts once."""
JITTER = 0.25
"""Seconds, at most, that are added to a pause, so that many who wait do not come back at once."""


class Options(NamedTuple):
    """What a resolver was made with."""

    cache: Cache
    limits: Limits
    sleep: Callable[[float], Awaitable[None]]
    now: Callable[[], float]
    """Seconds since 1970."""
    check_target: bool
    offline: bool
    allow: tuple[str | int, ...]
    user_agent: str | None
    transport: Any
    resolve_host: NameLookup | None
    connect: Connect | None
    ssl_context: ssl.SSLContext | None
    archive: bool
    budget: Budget | None


class Driver:
    """Drives chains in one event loop."""

    def __init__(self, options: Options) -> None:
        """Take the options; nothing is opened before the first request."""
        self._options, self.limits = options, options.limits
        limits = options.limits
        self._terms = Terms(options.check_target, limits.hops, limits.tries, limits.patience, limits.backoff)
        self._guard = Guard(options.allow, lookup=options.resolve_host)
        # The clock of the system may be set back; one that we are given is the one that `sleep` moves.
        clock = monotonic if options.now is time else options.now
        self._pace = Pace(limits, sleep=options.sleep, clock=clock, budget=options.budget)
        self._flights: dict[str, _Flight] = {}
        self._sender: Sender | None = None

    def begin(self, url: str) -> Chain:
        """Start a chain and take it as far as the cache knows; callable from any thread."""
        chain = self._replay(links.start(url, self._terms))
        if self._options.offline:
            chain = links.fail(chain, "offline", "not asked: offline", sent=False, last=True)
        return chain

    def is_done(self, chain: Chain) -> bool:
        """Tell whether nobody is left to be asked."""
        return chain.ask is None and not (self._options.archive and links.silent(chain))

    async def run(self, chain: Chain) -> Chain:
        """Take a chain to its end."""
        chain = await self._walk(chain)
        link = links.silent(chain) if self._options.archive else None
        if link:
            found = await self._walk(self._offered(lookups.begin("archive", url=link)))
            if found.finding and found.finding.outcome != "offline":
                chain = links.archived(chain, found.finding, found.hops)
        return chain

    async def look_up(self, source: str, url: str, near: str) -> Finding:
        """Look a tweet or a link up; the last answer of each place is kept like any other.

        Raises:
            ValueError: as `lookups.begin`.
        """
        found = await self._walk(self._offered(lookups.begin(source, url=url, near=near)))
        assert found.finding  # noqa: S101  it has ended
        return found.finding

    def _offered(self, lookup: Lookup) -> Lookup:
        """Return a look-up taken as far as the cache knows; offline that is its end."""
        lookup = self._replay(lookup)
        if self._options.offline:
            lookup = lookups.fail(lookup, "offline", "not asked: offline", sent=False, last=True)
        return lookup

    async def _walk(self, way: Way) -> Way:
        """Ask until nothing is to be asked."""
        # Looked up again: since it began, another one may have got the answer.
        walk = _Walk(self, self._replay(way), self._options.limits.chain_seconds)
        while walk.way.ask:
            await self._patiently(walk)
            walk.way = self._replay(walk.way)
        return walk.way

    async def close(self) -> None:
        """End what is under way, and hang up."""
        tasks = [flight.task for flight in self._flights.values()]
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)
        if self._sender:
            await self._sender.close()
            self._sender = None

    async def reply(self, url: str, seconds: float, *, large: bool = False) -> tuple[Reply, bool]:
        """Ask for `url`, or wait for whoever is asking already.

        Args:
            url: what to ask for.
            seconds: until it must be answered.
            large: read as much of it as a look-up may need.

        Returns:
            What became of it, and whether it is ours to take note of: one asker hears so, and not always the one who
            began, who may have given up.
        """
        flight = self._flights.get(url)
        if flight is None:
            flight = self._flights[url] = _Flight(asyncio.ensure_future(self._send(url, seconds, large)))
        flight.askers += 1
        try:
            reply = await asyncio.shield(flight.task)
            first, flight.heard = not flight.heard, True
            return reply, first
        finally:
            flight.askers -= 1
            if not flight.askers:
                self._flights.pop(url, None)
                flight.task.cancel()

    def note(self, before: Chain | Lookup, after: Chain | Lookup, reply: Reply) -> None:
        """Keep an answer that is the last one, and tell the lane of the host how it went."""
        url = before.ask or ""
        lane, _ = _lane(url)
        if isinstance(reply, Failure):
            counts = reply.outcome in UNREACHABLE or (reply.outcome in UNHEARD and not _again(after))
            if counts and reply.sent and reply.status is None:
                refused = reply.outcome == "connect-error" and lane in lookups.BANNING
                self._close(lane, reply, f"{lane} failed before ({reply.reason})", inf if refused else None)
        elif (word := _unwelcome(reply, after)) and not before.landed:
            # A server that says "at once", again and again, is left alone like one that says nothing.
            trouble = Failure(word, f"{lane} answered {reply.status} before")
            self._close(lane, trouble, trouble.reason, after.retry_after or None)
        else:
            self._pace.succeeded(lane)
        if isinstance(reply, Answer):
            if _again(after):
                self._pace.pause(lane, after.wait)
            else:
                self._options.cache.put(url, reply)

    def resume(self, url: str) -> Answer | None:
        """Let a link ask again whose pause is over, unless another one has got the answer meanwhile."""
        self._pace.resume(_lane(url)[0])
        return self._options.cache.get(url)

    def _close(self, lane: str, trouble: Failure, reason: str, seconds: float | None) -> None:
        """Take note that nobody is served there, nor in the lanes that pause with it."""
        for each in lookups.together(lane) if seconds else (lane,):
            self._pace.failed(each, trouble._replace(reason=reason), seconds=seconds)

    def _replay(self, way: Way) -> Way:
        """Take a chain as far as the cache knows."""
        while way.ask and (answer := self._options.cache.get(way.ask)):
            way = _advanced(way, answer, source="cache")
        return way

    async def _patiently(self, walk: _Walk[Any]) -> None:
        """Take one hop, asked again as long as it says so."""
        first = await walk.ask()
        if not _again(first):
            return  # as most are: tenacity takes a sixth of the time of a request
        from tenacity import AsyncRetrying, retry_if_result, stop_never, wait_random

        wait = _said + wait_random(0, JITTER)
        given = [first]

        async def ask() -> Any:
            return given.pop() if given else await walk.ask()

        await AsyncRetrying(sleep=self._options.sleep, wait=wait, retry=retry_if_result(_again), stop=stop_never)(ask)

    async def _send(self, url: str, seconds: float, large: bool) -> Reply:  # noqa: FBT001  handed on
        """Wait for a turn, and ask."""
        lane, spacing = _lane(url)
        async with self._pace.turn(lane, spacing) as trouble:
            if trouble:
                return trouble
            most = self.limits.lookup_bytes if large else self.limits.body_bytes
            return await self._open().send(url, seconds=seconds, most=most)

    def _open(self) -> Sender:
        """Return the sender; httpx is imported when the first request is to be sent."""
        if self._sender is None:
            from tweetlinks.fetch.transport import Sender, Wiring

            options = self._options
            parts = (options.user_agent, options.transport, options.connect, options.ssl_context)
            look_first = options.resolve_host is not None
            self._sender = Sender(Wiring(self._guard, options.limits, options.now, *parts, look_first))
        return self._sender


class _Flight:
    """A request under way, how many wait for it, and whether one of them has heard what became of it."""

    __slots__ = ("askers", "heard", "task")

    def __init__(self, task: asyncio.Future[Reply]) -> None:
        self.task, self.askers, self.heard = task, 0, False


class _Walk(Generic[Way]):
    """A chain or a look-up under way, and the seconds left to it."""

    __slots__ = ("driver", "left", "way")

    def __init__(self, driver: Driver, way: Way, left: float) -> None:
        self.driver, self.left = driver, left
        self.way: Way = way

    async def ask(self) -> Way:
        """Ask once, and judge the answer."""
        before = self.way
        url = before.ask or ""
        if before.tries and (known := self.driver.resume(url)):
            self.way = _advanced(before, known, source="shared", last=True)
            return self.way
        if self.left <= 0:
            self.way = _failed(before, Failure("timeout", "it takes too long"), sent=False, last=True)
            return self.way
        seconds = min(self.left, self.driver.limits.hop_seconds)
        reply, first = await self.driver.reply(url, seconds, large=isinstance(before, Lookup))
        after = _judged(before, reply, first=first)
        self.left -= reply.ms / 1000
        if _again(after) and after.wait >= self.left:
            after = _judged(before, reply, first=first, last=True)
        self.left -= after.wait
        if first:
            self.driver.note(before, after, reply)
        self.way = after
        return after


def _judged(way: Way, reply: Reply, *, first: bool, last: bool = False) -> Way:
    """Tell a chain or a look-up what became of its request."""
    if isinstance(reply, Answer):
        return _advanced(way, reply, source="network" if first else "shared", last=last)
    return _failed(way, reply, sent=reply.sent and first, last=last or not reply.sent)


def _advanced(way: Way, answer: Answer, *, source: str, last: bool = False) -> Way:
    if isinstance(way, Lookup):
        return lookups.advance(way, answer, source=source, last=last)
    return links.advance(way, answer, source=source, last=last)


def _failed(way: Way, trouble: Failure, *, sent: bool, last: bool) -> Way:
    fail = lookups.fail if isinstance(way, Lookup) else links.fail
    what = (trouble.outcome, trouble.reason)
    after: Way = fail(way, *what, ms=trouble.ms, sent=sent, last=last, status=trouble.status)
    return after


def _lane(url: str) -> tuple[str, float]:
    """Return whose turn a request takes, and the seconds between two of them beyond the usual."""
    name, spacing = lookups.lane(url)
    return name or host_of(url), spacing


def _unwelcome(answer: Answer, after: Chain | Lookup) -> str:
    """Say in a word how a host shows that it wants no more requests for now; empty when it does not."""
    if answer.header("memento-datetime"):  # a copy of a refusal
        return ""
    if answer.status in LIMITED or after.expansion == "rate-limited":
        return "blocked-by-host" if answer.status == 403 else "rate-limited"  # noqa: PLR2004
    return "server-error" if after.retry_after else ""


def _again(way: Chain | Lookup) -> bool:
    return way.ask is not None and way.tries > 0


def _said(state: RetryCallState) -> float:
    """Return the pause that the chain asks for."""
    way = state.outcome.result() if state.outcome else None
    return way.wait if way else 0.0
