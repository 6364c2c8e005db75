"""The whole web in a thread of its own, and the seams that a resolver needs to live in it."""

from __future__ import annotations

import asyncio
import socket
from threading import Thread
from typing import TYPE_CHECKING, Self

from simulator.authority import authority
from simulator.names import BlackHole, Names
from simulator.server import Server
from tweetlinks.fetch import AsyncResolver, Limits, Resolver

if TYPE_CHECKING:
    from simulator.script import Say

__all__ = ["QUICK", "Web"]

QUICK = Limits(hop_seconds=0.8, connect_seconds=0.5, chain_seconds=3.0, spacing=0.0, backoff=0.01)
"""The usual limits, shortened."""


class Web(Names):
    """Servers, names and counters."""

    def __init__(self, transport: str | None = None) -> None:
        super().__init__()
        self._transport = transport
        self.server = Server()
        self._hole: BlackHole | None = None
        self._loop = asyncio.new_event_loop()
        self._thread = Thread(target=self._loop.run_forever, daemon=True)

    def __enter__(self) -> Self:
        self._thread.start()
        self.ports["plain"], self.ports["secure"] = self._run(self.server.listen())
        with socket.socket() as unused:
            unused.bind(("127.0.0.1", 0))
            self.ports["nobody"] = unused.getsockname()[1]
        return self

    def __exit__(self, *_: object) -> None:
        self._run(self.server.shut())
        self._loop.call_soon_threadsafe(self._loop.stop)
        self._thread.join()
        self._loop.close()
        if self._hole:
            self._hole.close()

    def on(self, place: str, *steps: Say) -> None:
        """Script a place, `host`, `host/path` or `host/start*`; the last step is repeated."""
        self.server.scripts[place] = list(steps)
        self.address(place.partition("/")[0])

    def swallow(self, host: str) -> None:
        """Let a host neither take nor refuse connections."""
        if self._hole is None:
            self._hole = BlackHole()
            self.ports["silent"] = self._hole.port
        self.address(host)
        self.silent.add(host)

    def hits(self, place: str) -> int:
        """How often a host, or `host/path`, was asked."""
        return sum(place in {seen.host, f"{seen.host}{seen.path}"} for seen in self.requests)

    @property
    def requests(self) -> list:
        return self.server.requests

    @property
    def connections(self) -> int:
        return self.server.connections

    def options(self, **more: object) -> dict[str, object]:
        """What a resolver needs to live in this web."""
        seams = {"resolve_host": self.resolve_host, "connect": self.connect, "ssl_context": authority().trusting}
        return {"limits": QUICK, "transport": self._transport, **seams, **more}

    def resolver(self, **more: object) -> Resolver:
        return Resolver(**self.options(**more))

    def async_resolver(self, **more: object) -> AsyncResolver:
        return AsyncResolver(**self.options(**more))

    def _run(self, work):
        return asyncio.run_coroutine_threadsafe(work, self._loop).result(10)
