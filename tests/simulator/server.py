"""Play scripts on raw sockets: routed by `Host`, counted."""

from __future__ import annotations

import asyncio
import ssl
from typing import NamedTuple

from simulator.authority import authority
from simulator.script import Say, say

__all__ = ["Seen", "Server"]

FILLER = b"<p>" * 1000


class Seen(NamedTuple):
    """A request that came."""

    host: str
    path: str
    headers: dict[str, str]
    port: int
    method: str


class Server:
    """One plain port and one with TLS; what is said depends on the host alone."""

    def __init__(self) -> None:
        self.requests: list[Seen] = []
        self.connections = self.open = self.most_open = self.sent = 0
        self.certificates: dict[str, str] = {}
        """Hosts that do not show a good certificate, and what they show."""
        self.scripts: dict[str, list[Say]] = {}

    async def listen(self) -> tuple[int, int]:
        """Open both ports, and return them: plain, secure."""
        secure = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        secure.sni_callback = self._certify
        self._servers = [
            await asyncio.start_server(self._serve, "127.0.0.1", 0),
            await asyncio.start_server(self._serve, "127.0.0.1", 0, ssl=secure),
        ]
        first, second = (server.sockets[0].getsockname()[1] for server in self._servers)
        return first, second

    async def shut(self) -> None:
        """Close both ports, and hang up on everybody."""
        for server in self._servers:
            server.close()
        tasks = asyncio.all_tasks() - {asyncio.current_task()}
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)

    def _certify(self, link: ssl.SSLObject, name: str, _context: ssl.SSLContext) -> None:
        link.context = authority().context(name, self.certificates.get(name, "good"))

    async def _serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self.connections += 1
        self.open += 1
        self.most_open = max(self.open, self.most_open)
        try:
            while await self._answer(reader, writer):
                pass
        except (OSError, asyncio.CancelledError, asyncio.IncompleteReadError, asyncio.LimitOverrunError):
            pass  # the client is gone, or the web is being shut
        finally:
            self.open -= 1
            writer.close()

    async def _answer(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> bool:
        head = (await reader.readuntil(b"\r\n\r\n")).decode("latin-1")
        first, *lines = head.rstrip().split("\r\n")
        headers = {name.lower(): value.strip() for name, _, value in (line.partition(":") for line in lines)}
        method, path = first.split(" ")[:2]
        port = 80 if writer.get_extra_info("ssl_object") is None else 443
        seen = Seen(headers["host"].rpartition(":")[0] or headers["host"], path, headers, port, method)
        self.requests.append(seen)
        return await self._perform(self._next(seen), writer)

    def _next(self, seen: Seen) -> Say:
        """Take the next step of a script that answers such a request; the last one is repeated."""
        place = f"{seen.host}{seen.path}"
        starts = [name for name in self.scripts if name[-1] == "*" and place.startswith(name[:-1])]
        steps = self.scripts.get(place) or self.scripts.get(max(starts, key=len, default=seen.host)) or []
        fitting = [step for step in steps if step.answers(seen.method, seen.headers.get("user-agent", ""))]
        if len(fitting) > 1:
            steps.remove(fitting[0])
        return fitting[0] if fitting else say(404)

    async def _perform(self, step: Say, writer: asyncio.StreamWriter) -> bool:
        await asyncio.sleep(step.delay)
        for piece in [step.data] if not step.drip else [bytes([byte]) for byte in step.data]:
            await self._send(piece, writer)
            await asyncio.sleep(step.drip)
        while step.then == "repeat" and not writer.is_closing():
            await self._send(FILLER, writer)
            await asyncio.sleep(step.drip)
        if step.then == "hang":
            await asyncio.sleep(60)
        return step.then == "keep"

    async def _send(self, data: bytes, writer: asyncio.StreamWriter) -> None:
        writer.write(data)
        await writer.drain()
        self.sent += len(data)
