"""Take chains to their end: cache, turn, request, repetition. Touches: the network, through `transport`; a cache.

A `Driver` lives in one event loop. It obeys `chain`: that says what to ask, when to ask again and when it is over;
tenacity waits and repeats. The same request wanted by several chains at a time is sent once.
"""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from time import monotonic, time
from typing import TYPE_CHECKING, Any, NamedTuple

from tweetlinks.chain import Chain, Terms, advance, fail, start
from tweetlinks.fetch.guard import Guard, Lookup
from tweetlinks.fetch.pace import Failure, Limits, Pace
from tweetlinks.locations import host_of
from tweetlinks.model import Answer

if TYPE_CHECKING:
    import ssl

    from tenacity import RetryCallState

    from tweetlinks.cache import Cache
    from tweetlinks.fetch.lines import Connect
    from tweetlinks.fetch.transport import Sender

__all__ = ["Driver", "Options", "Reply"]

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
    resolve_host: Lookup | None
    connect: Connect | None
    ssl_context: ssl.SSLContext | None


class Driver:
    """Drives chains in one event loop."""

    def __init__(self, options: Options) -> None:
        """Take the options; nothing is opened before the first request."""
        self._options, self.limits = options, options.limits
        limits = options.limits
        self._terms = Terms(options.check_target, limits.hops, limits.tries, limits.patience, limits.backoff)
        self._guard = Guard(options.allow, lookup=options.resolve_host)
        # The clock of the system may be set back; one that we are given is the one that `sleep` moves.
        self._pace = Pace(limits, sleep=options.sleep, clock=monotonic if options.now is time else options.now)
        self._flights: dict[str, _Flight] = {}
        self._sender: Sender | None = None

    def begin(self, url: str) -> Chain:
        """Start a chain and take it as far as the cache knows; callable from any thread."""
        chain = self._replay(start(url, self._terms))
        return fail(chain, "offline", "not asked: offline", sent=False, last=True) if self._options.offline else chain

    async def run(self, chain: Chain) -> Chain:
        """Take a chain to its end."""
        # Looked up again: since the chain began, another one may have got the answer.
        walk = _Walk(self, self._replay(chain), self._options.limits.chain_seconds)
        while walk.chain.ask:
            await self._patiently(walk)
            walk.chain = self._replay(walk.chain)
        return walk.chain

    async def close(self) -> None:
        """End what is under way, and hang up."""
        tasks = [flight.task for flight in self._flights.values()]
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)
        if self._sender:
            await self._sender.close()
            self._sender = None

    async def reply(self, url: str, seconds: float) -> tuple[Reply, bool]:
        """Ask for `url`, or wait for whoever is asking already.

        Returns:
            What became of it, and whether it is ours to take note of: one asker hears so, and not always the one who
            began, who may have given up.
        """
        flight = self._flights.get(url)
        if flight is None:
            flight = self._flights[url] = _Flight(asyncio.ensure_future(self._send(url, seconds)))
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

    def note(self, before: Chain, after: Chain, reply: Reply) -> None:
        """Keep an answer that is the last one, and tell the lane of the host how it went."""
        url = before.ask or ""
        host = host_of(url)
        if isinstance(reply, Failure):
            counts = reply.outcome in UNREACHABLE or (reply.outcome in UNHEARD and not _again(after))
            if counts and reply.sent and reply.status is None:
                self._pace.failed(host, reply._replace(reason=f"{host} failed before ({reply.reason})"))
        elif (word := _unwelcome(reply.status, after)) and not before.landed:
            # A server that says "at once", again and again, is left alone like one that says nothing.
            trouble = Failure(word, f"{host} answered {reply.status} before")
            self._pace.failed(host, trouble, seconds=after.retry_after or None)
        else:
            self._pace.succeeded(host)
        if isinstance(reply, Answer):
            if _again(after):
                self._pace.pause(host, after.wait)
            else:
                self._options.cache.put(url, reply)

    def resume(self, url: str) -> Answer | None:
        """Let a link ask again whose pause is over, unless another one has got the answer meanwhile."""
        self._pace.resume(host_of(url))
        return self._options.cache.get(url)

    def _replay(self, chain: Chain) -> Chain:
        """Take a chain as far as the cache knows."""
        while chain.ask and (answer := self._options.cache.get(chain.ask)):
            chain = advance(chain, answer, source="cache")
        return chain

    async def _patiently(self, walk: _Walk) -> None:
        """Take one hop, asked again as long as the chain says so."""
        first = await walk.ask()
        if not _again(first):
            return  # as most are: tenacity takes a sixth of the time of a request
        from tenacity import AsyncRetrying, retry_if_result, stop_never, wait_random

        wait = _said + wait_random(0, JITTER)
        given = [first]

        async def ask() -> Chain:
            return given.pop() if given else await walk.ask()

        await AsyncRetrying(sleep=self._options.sleep, wait=wait, retry=retry_if_result(_again), stop=stop_never)(ask)

    async def _send(self, url: str, seconds: float) -> Reply:
        """Wait for a turn, and ask."""
        async with self._pace.turn(host_of(url)) as trouble:
            if trouble:
                return trouble
            return await self._open().send(url, seconds=seconds)

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


class _Walk:
    """A chain under way, and the seconds left to it."""

    __slots__ = ("chain", "driver", "left")

    def __init__(self, driver: Driver, chain: Chain, left: float) -> None:
        self.driver, self.chain, self.left = driver, chain, left

    async def ask(self) -> Chain:
        """Ask once, and judge the answer."""
        before = self.chain
        url = before.ask or ""
        if before.tries and (known := self.driver.resume(url)):
            self.chain = advance(before, known, source="shared", last=True)
            return self.chain
        if self.left <= 0:
            self.chain = fail(before, "timeout", "it takes too long", sent=False, last=True)
            return self.chain
        reply, first = await self.driver.reply(url, min(self.left, self.driver.limits.hop_seconds))
        after = _judged(before, reply, first=first)
        self.left -= reply.ms / 1000
        if _again(after) and after.wait >= self.left:
            after = _judged(before, reply, first=first, last=True)
        self.left -= after.wait
        if first:
            self.driver.note(before, after, reply)
        self.chain = after
        return after


def _judged(chain: Chain, reply: Reply, *, first: bool, last: bool = False) -> Chain:
    """Tell the chain what became of its request."""
    if isinstance(reply, Answer):
        return advance(chain, reply, source="network" if first else "shared", last=last)
    stop = last or not reply.sent
    sent = reply.sent and first
    return fail(chain, reply.outcome, reply.reason, ms=reply.ms, sent=sent, last=stop, status=reply.status)


def _unwelcome(status: int, after: Chain) -> str:
    """Say in a word how a host shows that it wants no more requests for now; empty when it does not."""
    if status in LIMITED or after.expansion == "rate-limited":
        return "blocked-by-host" if status == 403 else "rate-limited"  # noqa: PLR2004
    return "server-error" if after.retry_after else ""


def _again(chain: Chain) -> bool:
    return chain.ask is not None and chain.tries > 0


def _said(state: RetryCallState) -> float:
    """Return the pause that the chain asks for."""
    chain = state.outcome.result() if state.outcome else None
    return chain.wait if chain else 0.0
