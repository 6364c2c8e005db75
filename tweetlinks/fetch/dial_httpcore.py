"""Dial with httpx's own transport, which is the default. Touches: the network.

Each transport is httpx's own class, so that pytest-httpx and whoever else replaces its method replace ours.
"""

from __future__ import annotations

import asyncio
import ssl
from collections.abc import Iterable
from typing import TYPE_CHECKING

import httpcore
import httpx

if TYPE_CHECKING:
    from tweetlinks.fetch.lines import Dialling, Make

__all__ = ["maker"]


def maker(dialling: Dialling) -> Make:
    """Return what makes transports that dial as they are told."""
    dialler = _Dialler(dialling)

    def make() -> httpx.AsyncHTTPTransport:
        transport = httpx.AsyncHTTPTransport(verify=dialling.ssl_context, trust_env=False)
        transport._pool._network_backend = dialler  # noqa: SLF001  there is no other way
        return transport

    return make


class _Dialler(httpcore.AsyncNetworkBackend):
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
        for target, to in await self._dialling.places(host, port):
            try:
                return _Line(await self._plain.connect_tcp(target, to, timeout, local_address, socket_options))
            except (httpcore.ConnectError, httpcore.ConnectTimeout) as error:
                trouble = error
        raise trouble or httpcore.ConnectError(f"{host} has no address")

    async def sleep(self, seconds: float) -> None:
        await asyncio.sleep(seconds)


class _Line(httpcore.AsyncNetworkStream):
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
