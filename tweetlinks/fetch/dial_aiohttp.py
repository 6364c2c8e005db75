"""Dial with aiohttp, in less time than httpcore takes. Touches: the network.

Extra `fast`; `Resolver(transport="fast")`. `httpx-aiohttp` does the same for any client of httpx; it is not used:
it lets aiohttp write the URL anew before it is asked for, and takes a lost connection for one that never stood (0.2.0).
"""

from __future__ import annotations

import asyncio
import socket
from collections.abc import AsyncIterator, Callable
from contextlib import suppress
from math import inf
from typing import TYPE_CHECKING, Any

import aiohttp
import httpx
from aiohttp.abc import AbstractResolver, ResolveResult
from aiohttp.helpers import is_ip_address
from yarl import URL

from tweetlinks.fetch.lines import VETTED, Dialling

if TYPE_CHECKING:
    from tweetlinks.fetch.lines import Line, Request

__all__ = ["dialler"]

LONGEST_LINE = 100_000
"""Bytes of one line of a header; what httpcore reads at most."""
MOST_HEADERS = 1_000
TURNS = 20
"""Of the event loop, until a connection that was ended is closed."""

_AS_HTTPX: tuple[tuple[type[Exception], type[httpx.TransportError]], ...] = (
    (aiohttp.ConnectionTimeoutError, httpx.ConnectTimeout),
    (aiohttp.ServerTimeoutError, httpx.ReadTimeout),
    (aiohttp.ClientConnectorError, httpx.ConnectError),
    (aiohttp.InvalidURL, httpx.UnsupportedProtocol),
    (aiohttp.ClientConnectionError, httpx.ReadError),
    (aiohttp.ClientPayloadError, httpx.RemoteProtocolError),
    (aiohttp.ClientError, httpx.RemoteProtocolError),
)
"""What aiohttp raises, as httpx says it; the first that fits."""
_BROKEN = (BrokenPipeError, ConnectionAbortedError, ConnectionResetError)
"""Of a connection that stood."""


def dialler(dialling: Dialling) -> Callable[[], Line]:
    """Return what opens lines that dial as they are told."""
    return lambda: _Line(dialling)


class _Line:
    """A session whose connector holds one connection."""

    def __init__(self, dialling: Dialling) -> None:
        self._dialling, self._dialled = dialling, list[socket.socket]()
        connector = aiohttp.TCPConnector(
            limit=1,
            resolver=_Resolver(dialling),
            socket_factory=self._socket,
            ssl=dialling.ssl_context,
            use_dns_cache=False,
        )
        self._session = aiohttp.ClientSession(
            auto_decompress=False,
            connector=connector,
            cookie_jar=aiohttp.DummyCookieJar(),
            max_field_size=LONGEST_LINE,
            max_headers=MOST_HEADERS,
            max_line_size=LONGEST_LINE,
            middlewares=(_once,),
        )

    async def aclose(self) -> None:
        """Hang up, and wait until that is done."""
        await self._session.close()
        self._shut()
        for _ in range(TURNS):
            if all(line.fileno() < 0 for line in self._dialled):
                return
            await asyncio.sleep(0)

    async def ask(self, request: Request) -> httpx.Response:
        url = URL(request.url, encoded=True)  # byte for byte
        place, more = self._place(url)
        secure, connect = url.scheme == "https", request.times["connect"]
        try:
            response = await self._session.get(
                place,
                allow_redirects=False,
                headers=[*request.headers, *more],
                server_hostname=url.raw_host if secure else None,
                timeout=aiohttp.ClientTimeout(sock_connect=None if connect == inf else connect),
            )
        except asyncio.CancelledError:
            self._shut()
            raise
        except aiohttp.ClientError as error:
            raise _as_httpx(error) from error
        except httpx.TransportError as error:
            if secure and self._shook_hands(error.__cause__):
                await request.trace("connection.start_tls.started", {})
            raise
        return httpx.Response(response.status, headers=list(response.raw_headers), stream=_Body(response))

    def _shut(self) -> None:
        """End the connections: one that is given up while it is being made, asyncio 3.11 forgets to close."""
        for line in self._dialled:
            with suppress(OSError):
                line.shutdown(socket.SHUT_RDWR)

    def _place(self, url: URL) -> tuple[URL, list[tuple[str, str]]]:
        """Return the URL to ask for, and the headers that makes necessary: aiohttp dials an address as it stands."""
        vetted = VETTED.get()
        if not (vetted and self._dialling.connect and is_ip_address(url.raw_host or "")):
            return url, []
        address, port = self._dialling.connect(vetted[0], url.port or 0)
        return url.with_host(address).with_port(port), [("Host", url.host_port_subcomponent or "")]

    def _shook_hands(self, error: BaseException | None) -> bool:
        """Tell whether the connection stood when it failed, and so TLS is what failed."""
        if isinstance(error, aiohttp.ConnectionTimeoutError):
            return any(map(_stands, self._dialled))
        return isinstance(error, aiohttp.ClientConnectorError) and isinstance(error.os_error, _BROKEN)

    def _socket(self, place: Any) -> socket.socket:
        family, kind, protocol, *_ = place
        made = socket.socket(family, kind, protocol)
        self._dialled = [made, *(line for line in self._dialled if line.fileno() >= 0)]
        return made


class _Resolver(AbstractResolver):
    """Tells aiohttp the addresses that the guard has checked, and no others."""

    def __init__(self, dialling: Dialling) -> None:
        self._dialling = dialling

    async def resolve(
        self,
        host: str,
        port: int = 0,
        family: socket.AddressFamily = socket.AF_UNSPEC,  # noqa: ARG002  the signature is aiohttp's
    ) -> list[ResolveResult]:
        return [
            ResolveResult(
                hostname=host,
                host=address,
                port=to,
                family=socket.AF_INET6 if ":" in address else socket.AF_INET,
                proto=0,
                flags=socket.AI_NUMERICHOST,
            )
            for address, to in await self._dialling.places(host, port)
        ]

    async def close(self) -> None: ...


class _Body(httpx.AsyncByteStream):
    """The bytes of a response as they come."""

    def __init__(self, response: aiohttp.ClientResponse) -> None:
        self._response = response

    async def __aiter__(self) -> AsyncIterator[bytes]:
        try:
            async for chunk in self._response.content.iter_any():
                yield chunk
        except aiohttp.ClientError as error:
            raise _as_httpx(error) from error

    async def aclose(self) -> None:
        if self._response.content.is_eof():
            self._response.release()
        else:
            self._response.close()


async def _once(request: aiohttp.ClientRequest, handler: aiohttp.ClientHandlerType) -> aiohttp.ClientResponse:
    """Say as httpx does that a connection was lost: aiohttp would ask again, uncounted and at once."""
    try:
        return await handler(request)
    except aiohttp.ClientError as error:
        raise _as_httpx(error) from error


def _as_httpx(error: aiohttp.ClientError) -> httpx.TransportError:
    return next(ours for theirs, ours in _AS_HTTPX if isinstance(error, theirs))(str(error))


def _stands(line: socket.socket) -> bool:
    try:
        line.getpeername()
    except OSError:
        return False
    return True
