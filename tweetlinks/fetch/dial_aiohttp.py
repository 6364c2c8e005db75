"""Dial with aiohttp, behind httpx's transport interface: a fraction of the time. Touches: the network.

Extra `fast`; `Resolver(transport="fast")`. `httpx-aiohttp` does the same for any client of httpx; it is not used:
it lets aiohttp write the URL anew before it is asked for, and takes a lost connection for one that never stood (0.2.0).
"""

from __future__ import annotations

import socket
from collections.abc import AsyncIterator, Iterator
from contextlib import contextmanager
from ipaddress import ip_address
from math import inf
from typing import Any

import aiohttp
import httpx
from aiohttp.abc import AbstractResolver, ResolveResult
from yarl import URL

from tweetlinks.fetch.lines import VETTED, Dialling, Make

__all__ = ["maker"]

LONGEST_LINE = 100_000
"""Bytes of one line of a header; what httpcore reads at most."""
MOST_HEADERS = 1_000

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


def maker(dialling: Dialling) -> Make:
    """Return what makes transports that dial as they are told."""
    return lambda: _Transport(dialling)


class _Transport(httpx.AsyncBaseTransport):
    """One connection of aiohttp, for one request at a time."""

    def __init__(self, dialling: Dialling) -> None:
        self._dialling, self._dialled = dialling, list[socket.socket]()
        self._dials = False
        watch = aiohttp.TraceConfig()
        watch.on_connection_create_start.append(self._begun)
        watch.on_connection_create_end.append(self._ended)
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
            trace_configs=[watch],
        )

    async def handle_async_request(self, request: httpx.Request) -> httpx.Response:
        times = {name: None if seconds == inf else seconds for name, seconds in request.extensions["timeout"].items()}
        with _as_httpx():
            try:
                response = await self._session.request(
                    request.method,
                    self._place(request.url),
                    allow_redirects=False,
                    headers=request.headers.multi_items(),
                    server_hostname=request.url.host if request.url.scheme == "https" else None,
                    skip_auto_headers=("Accept", "Accept-Encoding", "User-Agent"),
                    timeout=aiohttp.ClientTimeout(sock_connect=times["connect"], sock_read=times["read"]),
                )
            except BaseException:
                if request.url.scheme == "https" and self._shakes_hands():
                    await request.extensions["trace"]("connection.start_tls.started", {})
                raise
        return httpx.Response(
            response.status, headers=list(response.raw_headers), stream=_Body(response), request=request
        )

    async def aclose(self) -> None:
        await self._session.close()

    def _place(self, url: httpx.URL) -> URL:
        """Return the URL for aiohttp, byte for byte; an address in it is dialled as it stands."""
        place = URL(str(url), encoded=True)
        vetted = VETTED.get()
        if vetted and self._dialling.connect and _is_address(url.host):
            address, port = self._dialling.connect(vetted[0], place.port or 0)
            return place.with_host(address).with_port(port)
        return place

    def _shakes_hands(self) -> bool:
        """Tell whether the connection stands, but not its TLS."""
        return self._dials and any(map(_stands, self._dialled))

    async def _begun(self, *_: Any) -> None:
        self._dials = True
        self._dialled.clear()

    async def _ended(self, *_: Any) -> None:
        self._dials = False

    def _socket(self, place: Any) -> socket.socket:
        family, kind, protocol, *_ = place
        made = socket.socket(family, kind, protocol)
        self._dialled.append(made)
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
        with _as_httpx():
            async for chunk in self._response.content.iter_any():
                yield chunk

    async def aclose(self) -> None:
        if self._response.content.is_eof():
            self._response.release()
        else:
            self._response.close()


async def _once(request: aiohttp.ClientRequest, handler: aiohttp.ClientHandlerType) -> aiohttp.ClientResponse:
    """Say as httpx does that a connection was lost: aiohttp would ask again, uncounted and at once."""
    with _as_httpx():
        return await handler(request)


@contextmanager
def _as_httpx() -> Iterator[None]:
    try:
        yield
    except aiohttp.ClientError as error:
        kind = next(ours for theirs, ours in _AS_HTTPX if isinstance(error, theirs))
        raise kind(str(error)) from error


def _is_address(host: str) -> bool:
    try:
        ip_address(host)
    except ValueError:
        return False
    return True


def _stands(line: socket.socket) -> bool:
    try:
        line.getpeername()
    except OSError:
        return False
    return True
