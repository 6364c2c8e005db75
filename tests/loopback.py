"""A web of our own on 127.0.0.1, for the tests of what is sent: routed by `Host`, scripted, counted.

    with Loopback() as web:
        web.on("t.co/abc", redirect("https://dest.example/"))
        with web.resolver() as resolver:
            resolver.resolve("https://t.co/abc")
        assert web.hits("t.co") == 1

Names get made-up public addresses, and `connect` says where those are really dialled, so the guard of the resolver
works unchanged. The server writes raw bytes: a polite one could not send half a header.
"""

from __future__ import annotations

import asyncio
import socket
import ssl
from collections import Counter
from threading import Thread
from typing import NamedTuple, Self

import trustme

from tweetlinks.fetch import AsyncResolver, Limits, Resolver

QUICK = Limits(hop_seconds=0.8, connect_seconds=0.5, chain_seconds=3.0, spacing=0.0, backoff=0.01)
"""The usual limits, shortened."""


class Say(NamedTuple):
    """What the server does with one request."""

    data: bytes = b""
    delay: float = 0.0
    """Seconds before the first byte."""
    drip: float = 0.0
    """Seconds between two bytes; 0 sends all at once."""
    then: str = "keep"
    """`keep` the connection, `close` it, `hang`, or `repeat` the data for ever."""


def say(status: int, body: str | bytes = b"", **headers: str) -> Say:
    """An answer with a body; `retry_after="2"` is the header Retry-After."""
    data = body.encode() if isinstance(body, str) else body
    named = {"content-type": "text/html; charset=utf-8", "content-length": str(len(data))}
    named |= {name.replace("_", "-"): value for name, value in headers.items()}
    lines = [f"HTTP/1.1 {status} X", *(f"{name}: {value}" for name, value in named.items()), "", ""]
    return Say("\r\n".join(lines).encode("latin-1") + data)


def redirect(location: str, status: int = 301, **headers: str) -> Say:
    """A redirect; `location` is sent as latin-1."""
    return say(status, location=location, **headers)


def stub(url: str, script: str | None = None) -> Say:
    """The page t.co shows to browsers."""
    literal = (script or url).replace("/", "\\/")
    return say(
        200,
        f'<head><noscript><META http-equiv="refresh" content="0;URL={url}"></noscript><title>{url}</title></head>'
        f'<script>window.opener = null; location.replace("{literal}")</script>',
    )


class Seen(NamedTuple):
    """A request that came."""

    host: str
    path: str
    headers: dict[str, str]
    port: int


class Loopback:
    """The web."""

    def __init__(self) -> None:
        self.requests: list[Seen] = []
        self.lookups: Counter[str] = Counter()
        self.connections = 0
        self.names: dict[str, list[str] | OSError] = {}
        self.closed: set[str] = set()
        self.impostors: set[str] = set()
        self._scripts: dict[str, list[Say]] = {}
        self._addresses: dict[str, str] = {}
        self._authority, self._stranger = trustme.CA(), trustme.CA()
        self._contexts: dict[str, ssl.SSLContext] = {}
        self._loop = asyncio.new_event_loop()
        self._thread = Thread(target=self._loop.run_forever, daemon=True)

    def __enter__(self) -> Self:
        self._thread.start()
        self._plain, self._secure = self._run(self._open())
        with socket.socket() as unused:
            unused.bind(("127.0.0.1", 0))
            self._nobody = unused.getsockname()[1]
        return self

    def __exit__(self, *_: object) -> None:
        self._run(self._shut())
        self._loop.call_soon_threadsafe(self._loop.stop)
        self._thread.join()
        self._loop.close()

    def on(self, place: str, *steps: Say) -> None:
        """Script a place, `host/path`; the last step is repeated."""
        self._scripts[place] = list(steps)
        self._address(place.partition("/")[0])

    def hits(self, place: str) -> int:
        """How often a host, or `host/path`, was asked."""
        return sum(place in {seen.host, f"{seen.host}{seen.path}"} for seen in self.requests)

    def resolve_host(self, host: str, _port: int) -> list[str]:
        """The name server."""
        self.lookups[host] += 1
        found = self.names.get(host) or self._addresses.get(host)
        if found is None:
            raise socket.gaierror(socket.EAI_NONAME, "no such name")
        if isinstance(found, OSError):
            raise found
        return [found] if isinstance(found, str) else found

    def connect(self, address: str, port: int) -> tuple[str, int]:
        """Where a public address is really dialled."""
        if any(self._addresses.get(host) == address for host in self.closed):
            return "127.0.0.1", self._nobody
        return "127.0.0.1", self._secure if port == 443 else self._plain

    def trust(self) -> ssl.SSLContext:
        """A context that trusts this web."""
        context = ssl.create_default_context()
        self._authority.configure_trust(context)
        return context

    def options(self, **more: object) -> dict[str, object]:
        """What a resolver needs to live in this web."""
        seams = {"resolve_host": self.resolve_host, "connect": self.connect, "ssl_context": self.trust()}
        return {"limits": QUICK, **seams, **more}

    def resolver(self, **more: object) -> Resolver:
        return Resolver(**self.options(**more))

    def async_resolver(self, **more: object) -> AsyncResolver:
        return AsyncResolver(**self.options(**more))

    def _address(self, host: str) -> str:
        return self._addresses.setdefault(
            host, f"93.184.{len(self._addresses) // 250}.{len(self._addresses) % 250 + 1}"
        )

    def _run(self, work):
        return asyncio.run_coroutine_threadsafe(work, self._loop).result(10)

    async def _open(self) -> tuple[int, int]:
        secure = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        self._authority.issue_cert("nobody.example").configure_cert(secure)
        secure.sni_callback = self._certify
        self._servers = [
            await asyncio.start_server(self._serve, "127.0.0.1", 0),
            await asyncio.start_server(self._serve, "127.0.0.1", 0, ssl=secure),
        ]
        first, second = (server.sockets[0].getsockname()[1] for server in self._servers)
        return first, second

    async def _shut(self) -> None:
        for server in self._servers:
            server.close()
        tasks = asyncio.all_tasks() - {asyncio.current_task()}
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)

    def _certify(self, link: ssl.SSLObject, name: str, _context: ssl.SSLContext) -> None:
        """Show the certificate for a name: of our authority, or of one nobody trusts."""
        if name not in self._contexts:
            context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
            (self._stranger if name in self.impostors else self._authority).issue_cert(name).configure_cert(context)
            self._contexts[name] = context
        link.context = self._contexts[name]

    async def _serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self.connections += 1
        try:
            while await self._answer(reader, writer):
                pass
        except (OSError, asyncio.CancelledError, asyncio.IncompleteReadError, asyncio.LimitOverrunError):
            pass  # the client is gone, or the web is being shut
        finally:
            writer.close()

    async def _answer(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> bool:
        head = (await reader.readuntil(b"\r\n\r\n")).decode("latin-1")
        first, *lines = head.rstrip().split("\r\n")
        headers = {name.lower(): value.strip() for name, _, value in (line.partition(":") for line in lines)}
        host = headers["host"].partition(":")[0]
        secure = writer.get_extra_info("ssl_object") is not None
        seen = Seen(host, first.split(" ")[1], headers, 443 if secure else 80)
        self.requests.append(seen)
        steps = self._scripts.get(f"{host}{seen.path}") or self._scripts.get(host) or [say(404)]
        return await self._perform(steps.pop(0) if len(steps) > 1 else steps[0], writer)

    async def _perform(self, step: Say, writer: asyncio.StreamWriter) -> bool:
        await asyncio.sleep(step.delay)
        for piece in [step.data] if not step.drip else [bytes([byte]) for byte in step.data]:
            writer.write(piece)
            await writer.drain()
            await asyncio.sleep(step.drip)
        while step.then == "repeat" and not writer.is_closing():
            writer.write(b"<p>" * 1000)
            await writer.drain()
            await asyncio.sleep(0)
        if step.then == "hang":
            await asyncio.sleep(60)
        return step.then == "keep"
