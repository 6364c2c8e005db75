"""What a server says to one request: a `Say`, matched by method and kind of client, sent at once, late, or by drips."""

from __future__ import annotations

import re
from typing import NamedTuple

__all__ = ["Say", "agent_class", "bare", "head", "redirect", "say"]

BROWSER = re.compile(r"Mozilla/|iPhone|iPad|Safari")


class Say(NamedTuple):
    """What the server does with one request."""

    data: bytes = b""
    delay: float = 0.0
    """Seconds before the first byte."""
    drip: float = 0.0
    """Seconds between two bytes; 0 sends all at once."""
    then: str = "keep"
    """`keep` the connection, `close` it, `hang`, or `repeat` the filler for ever."""
    method: str | None = None
    """The method it answers; None: any."""
    agent: str | None = None
    """`tool` or `browser`; None: both."""

    def answers(self, method: str, agent: str) -> bool:
        return self.method in {None, method} and self.agent in {None, agent_class(agent)}


def agent_class(agent: str) -> str:
    """Tell browsers from tools as loosely as t.co does."""
    return "browser" if BROWSER.search(agent) else "tool"


def bare(*lines: str) -> bytes:
    """Lines as they are sent, nothing added."""
    return "\r\n".join(lines).encode("latin-1")


def head(status: int, headers: list[tuple[str, str]]) -> bytes:
    """A status line and headers, ended; a header is sent as latin-1."""
    return bare(f"HTTP/1.1 {status} X", *(f"{name}: {value}" for name, value in headers), "", "")


def say(status: int, body: str | bytes = b"", **headers: str) -> Say:
    """An answer with a body; `retry_after="2"` is the header Retry-After."""
    data = body.encode() if isinstance(body, str) else body
    named = {"content-type": "text/html; charset=utf-8", "content-length": str(len(data))}
    named |= {name.replace("_", "-"): value for name, value in headers.items()}
    return Say(head(status, list(named.items())) + data)


def redirect(location: str, status: int = 301, **headers: str) -> Say:
    """A redirect; `location` is sent as latin-1."""
    return say(status, location=location, **headers)
