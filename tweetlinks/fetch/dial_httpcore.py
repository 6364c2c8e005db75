"""Dial with httpx's own transport, which is the default. Touches: the network.

Each transport is httpx's own class, so that pytest-httpx and whoever else replaces its method replace ours.
"""

from __future__ import annotations

import asyncio
import ssl
from collections.abc import Callable, Iterable
from typing import TYPE_CHECKING

import httpcore
import httpx

if TYPE_CHECKING:
    from tweetlinks.fetch.lines import Dialling, Line, Request

__all__ = ["dialler"]


def dialler(dialling: Dialling) -> Callable[[], Line]:
    """Return what opens lines that dial as they are told."""
    backend = _Backend(dialling)
    return lambda: _Line(httpx.AsyncHTTPTransport(verify=dialling.ssl_context, trust_env=False), backend)


class _Line:
    """A transport whose pool holds one connection."""

    def __init__(self, transport: httpx.AsyncHTTPTransport, backend: _Backend) -> None:
        transport._pool._network_backend = backend  # noqa: SLF001  there is no other way
        self._transport, self.aclose = transport, transport.aclose

    async def ask(self, request: Request) -> httpx.Response:
        return await self._transport.handle_async_request(request.as_httpx())


class _Backend(httpcore.AsyncNetworkBackend):
    """Dials where the guard has looked, and nowhere else."""

    def __init__(self, dialling: Dialling) -> None:
        self._dialling, self._plain = dialling, httpcore.AnyIOBackend()

    async def connect_tcp(
        self,
        host: str,
        port: int,
        timeout: float | None = None,  # noqa: ASYNC109  the signature is httpcore's
        local_address: str | None = None,
        socket_options: Iterable[httpcore.SOCKET_OPTION] | None = None,
    ) -> httpcore.AsyncNetworkStream:
        trouble: Exception | None = None
        places = await self._dialling.places(host, port)
        share = timeout and timeout / len(places)  # several that are silent take no longer than one
        for target, to in places:
            try:
                return _Stream(await self._plain.connect_tcp(target, to, share, local_address, socket_options))
            except (httpcore.ConnectError, httpcore.ConnectTimeout) as error:
                trouble = error
        raise trouble or httpcore.ConnectError(f"{host} has no address")

    async def sleep(self, seconds: float) -> None:
        await asyncio.sleep(seconds)


class _Stream(httpcore.AsyncNetworkStream):
    """A connection that hangs up when it is given up within the TLS handshake: httpcore's own leaks it then."""

    def __init__(self, plain: httpcore.AsyncNetworkStream) -> None:
        self._plain = plain
        self.read, self.write, self.aclose = plain.read, plain.write, plain.aclose  # type: ignore[method-assign]
        self.get_extra_info = plain.get_extra_info  # type: ignore[method-assign]

    async def start_tls(
        self,
        ssl_context: ssl.SSLContext,
        server_hostname: str | None = None,
        timeout: float | None = None,  # noqa: ASYNC109  the signature is httpcore's
    ) -> httpcore.AsyncNetworkStream:
        try:
            return await self._plain.start_tls(ssl_context, server_hostname, timeout)
        except asyncio.CancelledError:
            await self._plain.aclose()
            raise
