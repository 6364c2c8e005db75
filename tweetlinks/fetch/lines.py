"""Keep connections to be used again, and say where a new one may lead. Touches: the network, through transports.

Each connection has a transport of its own, lent to one request at a time. httpcore looks at every connection of a pool
for each request, several times: a pool of one stays fast however many requests are under way. And whoever makes the
transports (`dial_httpcore`, `dial_aiohttp`) need not think of others.
"""

from __future__ import annotations

import asyncio
import ssl
from collections import OrderedDict
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from contextvars import ContextVar
from typing import TYPE_CHECKING, Any, NamedTuple

if TYPE_CHECKING:
    from tweetlinks.fetch.guard import Guard

__all__ = ["FAST", "VETTED", "Connect", "Dialling", "Given", "Lines", "Make"]

FAST = "fast"
"""The word for our transports over aiohttp, and the extra that brings it."""
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


Make = Callable[[], Any]
"""Makes a httpx transport that holds one connection."""


class Given:
    """A transport of the caller, who also closes it."""

    def __init__(self, transport: Any) -> None:
        self._transport = transport

    @contextmanager
    def lent(self, _origin: Origin) -> Iterator[Any]:
        """Lend it, to as many as want it."""
        yield self._transport

    async def close(self) -> None:
        """Leave it as it is."""


class Lines:
    """Our own transports."""

    def __init__(self, make: Make, most: int) -> None:
        """Begin without any; at most so many are kept waiting."""
        self._make, self._most = make, most
        self._idle: OrderedDict[Any, Origin] = OrderedDict()
        self._of: dict[Origin, list[Any]] = {}
        self._taken: set[Any] = set()
        self._ending: set[asyncio.Future[None]] = set()

    @contextmanager
    def lent(self, origin: Origin) -> Iterator[Any]:
        """Lend the transport that was last used for an origin, or a new one."""
        transport = self._take(origin)
        try:
            yield transport
        finally:
            self._give_back(origin, transport)

    async def close(self) -> None:
        """Hang up all connections, also those of requests that are just being given up."""
        held = [*self._idle, *self._taken]
        self._idle.clear()
        self._of.clear()
        await asyncio.gather(*map(_closed, held), *self._ending)

    def _take(self, origin: Origin) -> Any:
        if waiting := self._of.get(origin):
            transport = waiting.pop()
            del self._idle[transport]
        else:
            transport = self._make()
        self._taken.add(transport)
        return transport

    def _give_back(self, origin: Origin, transport: Any) -> None:
        """Keep a transport, and let go of the one that waits longest when there are too many."""
        self._taken.discard(transport)
        self._idle[transport] = origin
        self._of.setdefault(origin, []).append(transport)
        if len(self._idle) > self._most:
            oldest, whose = self._idle.popitem(last=False)
            self._of[whose].remove(oldest)
            if not self._of[whose]:
                del self._of[whose]
            ending = asyncio.ensure_future(_closed(oldest))  # nobody waits for a server that does not let go
            self._ending.add(ending)
            ending.add_done_callback(self._ending.discard)


async def _closed(transport: Any) -> None:
    """Close a transport, as far as the server lets go."""
    with suppress(Exception):  # what goes wrong then does not matter any more
        async with asyncio.timeout(HANG_UP_SECONDS):
            await transport.aclose()
