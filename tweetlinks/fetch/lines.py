"""Keep connections to be used again, and say where a new one may lead. Touches: the network, through those who dial.

A line is one connection, lent to one request at a time; `dial_httpcore` and `dial_aiohttp` make them. httpcore looks at
every connection of a pool for each request, several times: one of a single connection stays fast however many links are
under way.
"""

from __future__ import annotations

import asyncio
import ssl
from collections import OrderedDict
from collections.abc import Awaitable, Callable, Iterator
from contextlib import contextmanager, suppress
from contextvars import ContextVar
from typing import TYPE_CHECKING, Any, NamedTuple, Protocol

if TYPE_CHECKING:
    import httpx

    from tweetlinks.fetch.guard import Guard

__all__ = ["FAST", "HANG_UP_SECONDS", "VETTED", "Connect", "Dialling", "Given", "Line", "Lines", "Request"]

FAST = "fast"
"""The word for lines of aiohttp, and the extra that brings it."""
HANG_UP_SECONDS = 1.0
"""Until a connection is closed: a server that does not let go is left."""

Connect = Callable[[str, int], tuple[str, int]]
"""`(address, port)` as checked, to the `(address, port)` that is dialled."""

VETTED: ContextVar[list[str] | None] = ContextVar("vetted", default=None)
"""The addresses looked up for the request under way; None: look them up when dialling."""

Origin = tuple[str, str, int | None]
"""Scheme, host, port."""


class Dialling(NamedTuple):
    """What whoever dials has to know."""

    guard: Guard
    connect: Connect | None
    ssl_context: ssl.SSLContext

    async def places(self, host: str, port: int) -> list[tuple[str, int]]:
        """Return where to dial for a host: the addresses that the guard has checked, and no others.

        Raises:
            Blocked: one of its addresses must not be contacted.
            socket.gaierror: it has none.
        """
        vetted = VETTED.get()
        addresses = await self.guard.addresses(host, port) if vetted is None else vetted
        return [self.connect(address, port) if self.connect else (address, port) for address in addresses]


class Request(NamedTuple):
    """What is asked."""

    url: str
    headers: list[tuple[str, str]]
    times: dict[str, float | None]
    """Seconds, as httpx names them: connect, read, write, pool."""
    trace: Callable[[str, Any], Awaitable[None]]
    """Told of the stages of a connection, as httpcore names them."""

    def as_httpx(self) -> httpx.Request:
        """Return it for a httpx transport."""
        import httpx

        extensions = {"timeout": self.times, "trace": self.trace}
        return httpx.Request("GET", self.url, headers=self.headers, extensions=extensions)


class Line(Protocol):
    """One connection, or what stands for it."""

    async def ask(self, request: Request) -> httpx.Response:
        """Send a request, and return its answer up to the body."""

    async def aclose(self) -> None:
        """Hang up."""


class Given:
    """A httpx transport of the caller, sync or async, for as many requests as there are; its owner closes it."""

    def __init__(self, transport: Any) -> None:
        self._transport, self._sync = transport, not hasattr(transport, "handle_async_request")

    @contextmanager
    def lent(self, _origin: Origin) -> Iterator[Line]:
        """Lend it."""
        yield self

    async def ask(self, request: Request) -> httpx.Response:
        """Send a request with it."""
        asked = request.as_httpx()
        if self._sync:
            return await asyncio.to_thread(self._transport.handle_request, asked)
        return await self._transport.handle_async_request(asked)  # type: ignore[no-any-return]

    async def aclose(self) -> None:
        """Leave it as it is."""


class Lines:
    """Our own lines."""

    def __init__(self, dial: Callable[[], Line], most: int) -> None:
        """Begin without any; so many may be open, lent and waiting, before the one that waits longest is closed."""
        self._dial, self._most = dial, most
        self._idle: OrderedDict[Line, Origin] = OrderedDict()
        self._of: dict[Origin, list[Line]] = {}
        self._taken: set[Line] = set()
        self._ending: set[asyncio.Future[None]] = set()

    @contextmanager
    def lent(self, origin: Origin) -> Iterator[Line]:
        """Lend the line that was last used for an origin, or a new one."""
        line = self._take(origin)
        try:
            yield line
        finally:
            self._give_back(origin, line)

    async def aclose(self) -> None:
        """Hang up all connections, also those of requests that are just being given up."""
        held = [*self._idle, *self._taken]
        self._idle.clear()
        self._of.clear()
        await asyncio.gather(*map(_closed, held), *self._ending)

    def _take(self, origin: Origin) -> Line:
        if waiting := self._of.get(origin):
            line = waiting.pop()
            del self._idle[line]
        else:
            line = self._dial()
        self._taken.add(line)
        return line

    def _give_back(self, origin: Origin, line: Line) -> None:
        """Keep a line, and let go of the one that waits longest when there are too many."""
        self._taken.discard(line)
        self._idle[line] = origin
        self._of.setdefault(origin, []).append(line)
        if len(self._idle) + len(self._taken) > self._most:
            oldest, whose = self._idle.popitem(last=False)
            self._of[whose].remove(oldest)
            if not self._of[whose]:
                del self._of[whose]
            ending = asyncio.ensure_future(_closed(oldest))  # nobody waits for a server that does not let go
            self._ending.add(ending)
            ending.add_done_callback(self._ending.discard)


async def _closed(line: Line) -> None:
    """Hang up, as far as the server lets go."""
    with suppress(Exception):  # what goes wrong then does not matter any more
        async with asyncio.timeout(HANG_UP_SECONDS):
            await line.aclose()
