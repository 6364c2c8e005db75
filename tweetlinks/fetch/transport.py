"""Send one GET and take down what comes back. Touches: the network, through a httpx transport.

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
from collections.abc import AsyncIterator, Callable, Iterator
from contextlib import suppress
from datetime import UTC, datetime
from time import perf_counter
from typing import Any, NamedTuple

import httpx

from tweetlinks import __version__
from tweetlinks.chain import CUT, HEADERS, SHOWN
from tweetlinks.charsets import codec_of, decode_page
from tweetlinks.fetch.guard import Blocked, Guard
from tweetlinks.fetch.lines import FAST, HANG_UP_SECONDS, VETTED, Connect, Dialling, Given, Line, Lines, Request
from tweetlinks.fetch.pace import Failure, Limits
from tweetlinks.locations import host_of
from tweetlinks.model import Answer
from tweetlinks.redirects import FOLLOWED

__all__ = ["USER_AGENT", "Sender", "Wiring"]

USER_AGENT = f"tweetlinks/{__version__} (link expansion for research; not a browser)"
SMALL = 16_384
"""Bytes of the body of a redirect that are read to keep the connection; a larger one is hung up on."""
DRAIN_SECONDS = 1.0
"""For that: it must not cost us the answer."""
READ = ("text", "html", "json", "link-format")
"""Words in the content type of what is read; anything else is a file."""
LONGEST_HEADER = 20_000
"""Bytes of one header that are kept."""


class Wiring(NamedTuple):
    """What a sender is built from."""

    guard: Guard
    limits: Limits
    now: Callable[[], float]
    """Seconds since 1970."""
    user_agent: str | None = None
    transport: Any = None
    """A httpx transport, sync or async; None means httpx's own, `FAST` aiohttp's."""
    connect: Connect | None = None
    ssl_context: ssl.SSLContext | None = None
    look_first: bool = False
    """Look hosts up before the transport is called, not when it dials."""


class Sender:
    """Sends requests."""

    def __init__(self, wiring: Wiring) -> None:
        """Take the parts; nothing is opened yet."""
        self._wiring = wiring
        self._lines = _lines(wiring)
        self._agent = wiring.user_agent or USER_AGENT

    async def send(self, url: str, *, seconds: float, most: int) -> Answer | Failure:
        """Ask for `url`.

        Args:
            url: cleaned, http or https.
            seconds: how long it may take, from beginning to end: a server that sends a byte now and then too.
            most: bytes of a page that are read.
        """
        stage = _Stage(url, most)
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
        await self._lines.aclose()

    async def _exchange(self, stage: _Stage, seconds: float) -> Answer:
        host, port = _place(stage.url)
        vetted = self._wiring.guard.literal(host, port)
        if vetted is None and self._wiring.look_first:
            vetted = await self._wiring.guard.addresses(host, port)
        request = Request(stage.url, self._headers(), self._times(seconds), stage.note)
        with self._lines.lent((stage.url.partition(":")[0], host, port)) as line:
            return await self._over(line, request, stage, vetted)

    async def _over(self, line: Line, request: Request, stage: _Stage, vetted: list[str] | None) -> Answer:
        token = VETTED.set(vetted)
        try:
            response = await line.ask(request)
        finally:
            VETTED.reset(token)
        stage.status = response.status_code
        ms = _ms(stage.begun)
        try:
            body, cut = await self._body(response, stage.most)
        finally:
            await _hang_up(response)
        return self._answer(stage.url, response, body, cut=cut, ms=ms)

    def _headers(self) -> list[tuple[str, str]]:
        return [("User-Agent", self._agent), ("Accept", "*/*"), ("Accept-Encoding", "identity")]

    def _times(self, seconds: float) -> dict[str, float | None]:
        """Return what a transport is told.

        A sync one cannot be cancelled, and must come back by itself; and who cannot connect has to say so in time.
        """
        connect, read = min(self._wiring.limits.connect_seconds, 0.95 * seconds), seconds + 1
        return {"connect": connect, "read": read, "write": read, "pool": None}

    async def _body(self, response: httpx.Response, limit: int) -> tuple[bytes, bool]:
        """Read as much of the body as is of use.

        Returns:
            The bytes, empty where the headers say all, and whether the body went on.
        """
        headers = response.headers
        status, kind = response.status_code, headers.get("content-type", "text").lower()
        page = 200 <= status < 300 or status in FOLLOWED or status in SHOWN or "json" in kind  # noqa: PLR2004
        if (status in FOLLOWED and "location" in headers) or not (page and any(word in kind for word in READ)):
            await self._drain(response)
            return b"", False
        return await _read(_inflated(_chunks(response), headers.get("content-encoding", ""), limit), limit)

    async def _drain(self, response: httpx.Response) -> None:
        """Read a small body to its end, so that the connection can be used again."""
        length = response.headers.get("content-length", "")
        if length != "0" and not (length.isdigit() and int(length[:9]) <= SMALL):
            return
        with suppress(TimeoutError, httpx.HTTPError, OSError):
            if length == "0":
                await _read(_chunks(response), 0)  # nothing to wait for
                return
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

    def __init__(self, url: str, most: int) -> None:
        self.url, self.most, self.begun = url, most, perf_counter()

    async def note(self, name: str, _info: Any) -> None:
        if name.startswith("connection.start_tls."):
            self.in_tls = not name.endswith(".complete")


def _lines(wiring: Wiring) -> Given | Lines:
    """Return what requests go over."""
    if wiring.transport is not None and wiring.transport != FAST:
        return Given(wiring.transport)
    if wiring.transport == FAST:
        from tweetlinks.fetch.dial_aiohttp import dialler
    else:
        from tweetlinks.fetch.dial_httpcore import dialler
    context = wiring.ssl_context or httpx.create_ssl_context()  # which heeds SSL_CERT_FILE; one for all: 15 ms
    dial = dialler(Dialling(wiring.guard, wiring.connect, context))
    return Lines(dial, most=2 * wiring.limits.links)  # those of the shortener wait while the targets are asked


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


async def _hang_up(response: httpx.Response) -> None:
    """Let go of a response; what goes wrong then does not matter any more."""
    with suppress(TimeoutError, httpx.HTTPError, OSError, ValueError, RuntimeError):
        async with asyncio.timeout(HANG_UP_SECONDS):
            if isinstance(response.stream, httpx.AsyncByteStream):
                await response.aclose()
            else:
                await asyncio.to_thread(response.close)


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
    """Decode a page by its charset, when that is one of the web's; else as it says. What cannot be read is `\ufffd`."""
    charset = content_type.lower().partition("charset=")[2].partition(";")[0].strip(" \"'")
    codec = codec_of(charset[:40])
    return body.decode(codec, "replace") if codec else decode_page(body)[0]


def _ms(begun: float) -> int:
    return int((perf_counter() - begun) * 1000)
