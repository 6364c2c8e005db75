"""Send one GET and take down what comes back. Touches: the network; the only module that imports httpx and httpcore.

It asks one URL, once: hops, repetitions and pauses are others' work. The hops go over a httpx transport and not over
`httpx.Client`, which builds the next request itself and loses the answer when its `Location` is none. No cookies, no
Referer, no proxies of the environment, no compression; never a browser's User-Agent: t.co answers browsers with a page.
"""

from __future__ import annotations

import asyncio
import re
import socket
import ssl
import zlib
from collections import OrderedDict
from collections.abc import AsyncIterator, Callable, Iterable, Iterator
from contextlib import suppress
from contextvars import ContextVar
from datetime import UTC, datetime
from time import perf_counter
from typing import Any, NamedTuple

import httpcore
import httpx

from tweetlinks import __version__
from tweetlinks.chain import CUT, HEADERS, SHOWN
from tweetlinks.fetch.guard import Blocked, Guard
from tweetlinks.fetch.pace import Failure, Limits
from tweetlinks.locations import host_of
from tweetlinks.model import Answer
from tweetlinks.redirects import FOLLOWED

__all__ = ["USER_AGENT", "Connect", "Sender", "Wiring"]

USER_AGENT = f"tweetlinks/{__version__} (link expansion for research; not a browser)"
SMALL = 16_384
"""Bytes of the body of a redirect that are read to keep the connection; a larger one is hung up on."""
DRAIN_SECONDS = 1.0
"""For that: it must not cost us the answer."""
HANG_UP_SECONDS = 1.0
"""Until a connection is closed: a server that does not let go is left."""
LONGEST_HEADER = 20_000
"""Bytes of one header that are kept."""

_CHARSET = re.compile(
    r"utf-?8|utf-16(?:le|be)?|(?:us-)?ascii|iso-8859-(?:[1-9]|1[013-6])|windows-125[0-8]|koi8-[ru]|macintosh"
    r"|shift[_-]jis|euc-(?:jp|kr)|iso-2022-jp|gbk|gb2312|gb18030|big5"
)
"""The charsets of the web. Python knows more by name, some of which (`unicode_escape`, `punycode`) are no charsets."""

Connect = Callable[[str, int], tuple[str, int]]
"""`(address, port)` as checked, to the `(address, port)` that is dialled."""

_vetted: ContextVar[list[str] | None] = ContextVar("vetted", default=None)
"""The addresses looked up for the request under way; None: look them up when dialling."""


class Wiring(NamedTuple):
    """What a sender is built from."""

    guard: Guard
    limits: Limits
    now: Callable[[], float]
    """Seconds since 1970."""
    user_agent: str | None = None
    transport: Any = None
    """A httpx transport, sync or async; None means our own."""
    connect: Connect | None = None
    ssl_context: ssl.SSLContext | None = None
    look_first: bool = False
    """Look hosts up before the transport is called, not when it dials."""


class Sender:
    """Sends requests."""

    def __init__(self, wiring: Wiring) -> None:
        """Take the parts; nothing is opened yet."""
        self._wiring = wiring
        self._own = _Transports(wiring) if wiring.transport is None else None
        self._transport: Any = wiring.transport
        self._sync = self._own is None and not hasattr(self._transport, "handle_async_request")
        self._agent = wiring.user_agent or USER_AGENT

    async def send(self, url: str, *, seconds: float) -> Answer | Failure:
        """Ask for `url`.

        Args:
            url: cleaned, http or https.
            seconds: how long it may take, from beginning to end: a server that sends a byte now and then too.
        """
        stage = _Stage(url)
        try:
            async with asyncio.timeout(seconds):
                return await self._exchange(stage, seconds)
        except Blocked as refusal:
            return Failure("blocked-address", str(refusal), sent=False)
        except TimeoutError:
            outcome = Failure("tls-timeout" if stage.in_tls else "timeout", f"no answer within {seconds:g} s")
        except (httpx.HTTPError, httpx.InvalidURL, OSError, ValueError, ExceptionGroup) as error:
            outcome = _classified(error, in_tls=stage.in_tls)
        return outcome._replace(ms=_ms(stage.begun), status=stage.status)

    async def close(self) -> None:
        """Hang up."""
        if self._own:
            await self._own.close()

    async def _exchange(self, stage: _Stage, seconds: float) -> Answer:
        host, port = _place(stage.url)
        vetted = self._wiring.guard.literal(host, port)
        if vetted is None and self._wiring.look_first:
            vetted = await self._wiring.guard.addresses(host, port)
        request = httpx.Request("GET", stage.url, headers=self._headers(), extensions=self._extensions(stage, seconds))
        transport = self._own.take(request.url) if self._own else self._transport
        try:
            return await self._over(transport, request, stage, vetted)
        finally:
            if self._own:
                self._own.give_back(request.url, transport)

    async def _over(self, transport: Any, request: httpx.Request, stage: _Stage, vetted: list[str] | None) -> Answer:
        token = _vetted.set(vetted)
        try:
            response = await self._respond(transport, request)
        finally:
            _vetted.reset(token)
        stage.status = response.status_code
        ms = _ms(stage.begun)
        try:
            body, cut = await self._body(response)
        finally:
            await self._hang_up(response)
        return self._answer(stage.url, response, body, cut=cut, ms=ms)

    def _headers(self) -> list[tuple[str, str]]:
        return [("User-Agent", self._agent), ("Accept", "*/*"), ("Accept-Encoding", "identity")]

    def _extensions(self, stage: _Stage, seconds: float) -> dict[str, Any]:
        """Return what a transport is told: a sync one cannot be cancelled, and must come back by itself."""
        times = {"connect": self._wiring.limits.connect_seconds, "read": seconds + 1, "write": seconds + 1}
        return {"timeout": times | {"pool": None}, "trace": stage.note}

    async def _respond(self, transport: Any, request: httpx.Request) -> Any:
        if self._sync:
            return await asyncio.to_thread(transport.handle_request, request)
        return await transport.handle_async_request(request)

    async def _hang_up(self, response: httpx.Response) -> None:
        """Let go of a response; what goes wrong then does not matter any more."""
        with suppress(TimeoutError, httpx.HTTPError, OSError, ValueError, RuntimeError):
            async with asyncio.timeout(HANG_UP_SECONDS):
                if self._sync:
                    await asyncio.to_thread(response.close)
                else:
                    await response.aclose()

    async def _body(self, response: httpx.Response) -> tuple[bytes, bool]:
        """Read as much of the body as is of use.

        Returns:
            The bytes, empty where the headers say all, and whether the body went on.
        """
        headers, limit = response.headers, self._wiring.limits.body_bytes
        status, kind = response.status_code, headers.get("content-type", "text").lower()
        page = 200 <= status < 300 or status in FOLLOWED or status in SHOWN  # noqa: PLR2004
        if (status in FOLLOWED and "location" in headers) or not (page and ("text" in kind or "html" in kind)):
            await self._drain(response)
            return b"", False
        return await _read(_inflated(_chunks(response), headers.get("content-encoding", ""), limit), limit)

    async def _drain(self, response: httpx.Response) -> None:
        """Read a small body to its end, so that the connection can be used again."""
        length = response.headers.get("content-length", "0")
        if length.isdigit() and int(length[:9]) <= SMALL:
            with suppress(TimeoutError, httpx.HTTPError, OSError):
                async with asyncio.timeout(DRAIN_SECONDS):
                    await _read(_chunks(response), SMALL)

    def _answer(self, url: str, response: httpx.Response, body: bytes, *, cut: bool, ms: int) -> Answer:
        kept = [(name.decode("latin-1").lower(), value) for name, value in response.headers.raw]
        headers = [(name, value[:LONGEST_HEADER].decode("latin-1")) for name, value in kept if name in HEADERS]
        if cut:
            headers.append((CUT, str(len(body))))
        at = datetime.fromtimestamp(self._wiring.now(), UTC).isoformat(timespec="seconds").replace("+00:00", "Z")
        text = _decoded(body, response.headers.get("content-type", "")) if body else ""
        return Answer(url, response.status_code, tuple(headers), text, at, ms)


class _Stage:
    """Where a request stands: a TLS handshake that hangs looks like any other time-out, and so does a body."""

    in_tls = False
    status: int | None = None

    def __init__(self, url: str) -> None:
        self.url, self.begun = url, perf_counter()

    async def note(self, name: str, _info: Any) -> None:
        if name.startswith("connection.start_tls."):
            self.in_tls = not name.endswith(".complete")


class _Transports:
    """Connections kept to be used again, each in a transport of its own.

    For each request httpcore looks at every connection that a pool holds, several times: a pool of one stays fast
    however many requests are under way. Each is httpx's own class, so that pytest-httpx and whoever else replaces its
    method replace ours.
    """

    def __init__(self, wiring: Wiring) -> None:
        self._wiring, self._dialler = wiring, _Dialler(wiring)
        self._most = max(wiring.limits.links, wiring.limits.per_host)
        self._context: ssl.SSLContext | None = wiring.ssl_context
        self._idle: OrderedDict[httpx.AsyncHTTPTransport, _Origin] = OrderedDict()
        self._of: dict[_Origin, list[httpx.AsyncHTTPTransport]] = {}
        self._taken: set[httpx.AsyncHTTPTransport] = set()
        self._ending: set[asyncio.Future[None]] = set()

    def take(self, url: httpx.URL) -> httpx.AsyncHTTPTransport:
        """Lend the transport that was last used for the host of `url`, or a new one."""
        if waiting := self._of.get(_origin(url)):
            transport = waiting.pop()
            del self._idle[transport]
        else:
            transport = self._made()
        self._taken.add(transport)
        return transport

    def _made(self) -> httpx.AsyncHTTPTransport:
        if self._context is None:
            self._context = httpx.create_ssl_context()  # which heeds SSL_CERT_FILE; one for all: it takes 15 ms
        transport = httpx.AsyncHTTPTransport(verify=self._context, trust_env=False)
        transport._pool._network_backend = self._dialler  # noqa: SLF001  there is no other way
        return transport

    def give_back(self, url: httpx.URL, transport: httpx.AsyncHTTPTransport) -> None:
        """Keep a transport, and let go of the one that waits longest when there are too many."""
        origin = _origin(url)
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

    async def close(self) -> None:
        """Hang up all connections, also those of requests that are just being given up."""
        held = [*self._idle, *self._taken]
        self._idle.clear()
        self._of.clear()
        await asyncio.gather(*map(_closed, held), *self._ending)


_Origin = tuple[str, str, int | None]
"""Scheme, host, port."""


def _origin(url: httpx.URL) -> _Origin:
    return url.scheme, url.host, url.port


async def _closed(transport: httpx.AsyncHTTPTransport) -> None:
    """Close a transport, as far as the server lets go."""
    with suppress(TimeoutError, httpx.HTTPError, OSError):
        async with asyncio.timeout(HANG_UP_SECONDS):
            await transport.aclose()


class _Dialler(httpcore.AsyncNetworkBackend):
    """Dials the addresses that the guard has checked, and no others."""

    def __init__(self, wiring: Wiring) -> None:
        self._guard, self._connect, self._plain = wiring.guard, wiring.connect, httpcore.AnyIOBackend()

    async def connect_tcp(
        self,
        host: str,
        port: int,
        timeout: float | None = None,  # noqa: ASYNC109  the signature is httpcore's
        local_address: str | None = None,
        socket_options: Iterable[httpcore.SOCKET_OPTION] | None = None,
    ) -> httpcore.AsyncNetworkStream:
        vetted = _vetted.get()
        trouble: Exception | None = None
        for address in await self._guard.addresses(host, port) if vetted is None else vetted:
            target, to = self._connect(address, port) if self._connect else (address, port)
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


def _place(url: str) -> tuple[str, int]:
    """Return the host and the port of a cleaned URL."""
    scheme, _, rest = url.partition("://")
    host = host_of(url)
    port = re.split(r"[/?#]", rest, maxsplit=1)[0].removeprefix(host).removeprefix(":")
    return host, int(port or {"http": 80, "https": 443}[scheme])


def _classified(error: BaseException, *, in_tls: bool) -> Failure:
    """Name what went wrong; httpx has one exception for names, connections and certificates."""
    causes = list(_causes(error))
    text = next(
        (str(cause) for cause in causes if str(cause)),
        "no connection in time" if "Timeout" in type(error).__name__ else type(error).__name__,
    )
    for cause in causes:
        if isinstance(cause, socket.gaierror):
            return Failure("dns-tempfail" if cause.errno == socket.EAI_AGAIN else "dns-error", f"name look-up: {text}")
        if isinstance(cause, ssl.SSLError | ssl.CertificateError):
            return Failure("tls-error", f"certificate or TLS: {text}")
    return Failure(_plain_outcome(error, in_tls=in_tls), text)


def _plain_outcome(error: BaseException, *, in_tls: bool) -> str:
    """Name what is neither a name nor a certificate."""
    if in_tls and isinstance(error, httpx.TimeoutException | httpx.ConnectError):
        return "tls-timeout" if isinstance(error, httpx.TimeoutException) else "tls-error"
    if isinstance(error, httpx.TimeoutException):
        return "connect-timeout" if isinstance(error, httpx.ConnectTimeout) else "timeout"
    if isinstance(error, httpx.ConnectError):
        return "connect-error"
    if isinstance(error, httpx.InvalidURL | httpx.UnsupportedProtocol | UnicodeError):
        return "invalid-location"
    gone = isinstance(error, httpx.NetworkError) or "disconnected" in str(error).lower()
    return "disconnected" if gone else "protocol-error"


def _causes(error: BaseException | None) -> Iterator[BaseException]:
    """Walk from an exception to its causes, through groups."""
    for _ in range(10):
        if error is None:
            return
        yield error
        inner = error.exceptions[0] if isinstance(error, BaseExceptionGroup) else None
        error = inner or error.__cause__ or error.__context__


async def _chunks(response: httpx.Response) -> AsyncIterator[bytes]:
    """Read the bytes of a body as they come, from a sync or an async transport."""
    stream = response.stream
    if isinstance(stream, httpx.AsyncByteStream):
        async for chunk in stream:
            yield chunk
        return
    parts = iter(stream)
    while (part := await asyncio.to_thread(next, parts, None)) is not None:
        yield part


async def _inflated(chunks: AsyncIterator[bytes], encoding: str, limit: int) -> AsyncIterator[bytes]:
    """Undo a compression that we did not ask for, never beyond `limit` bytes at once.

    Raises:
        ValueError: the body is not what it says it is.
    """
    named = encoding.strip().lower()
    if named in {"", "identity"}:
        async for chunk in chunks:
            yield chunk
    elif named in {"gzip", "x-gzip", "deflate"}:
        inflate = zlib.decompressobj(zlib.MAX_WBITS | 32)
        async for chunk in chunks:
            try:
                yield inflate.decompress(chunk, limit + 1)
            except zlib.error as error:
                raise ValueError(f"damaged {named}: {error}") from error
    else:
        raise ValueError(f"a compression nobody asked for: {named[:40]}")


async def _read(chunks: AsyncIterator[bytes], limit: int) -> tuple[bytes, bool]:
    """Return the first `limit` bytes, and whether there were more."""
    held = bytearray()
    async for chunk in chunks:
        held += chunk
        if len(held) > limit:
            return bytes(held[:limit]), True
    return bytes(held), False


def _decoded(body: bytes, content_type: str) -> str:
    """Decode a page by its charset, when that is one of the web's; else as UTF-8. What cannot be read is `\ufffd`."""
    charset = content_type.lower().partition("charset=")[2].partition(";")[0].strip(" \"'")
    return body.decode(charset if _CHARSET.fullmatch(charset) else "utf-8", "replace")


def _ms(begun: float) -> int:
    return int((perf_counter() - begun) * 1000)
