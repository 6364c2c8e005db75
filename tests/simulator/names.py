"""A name server, and where each made-up public address is really dialled."""

from __future__ import annotations

import socket
from collections import Counter
from contextlib import suppress

__all__ = ["BlackHole", "Names"]

ERRORS = {"NONAME": socket.EAI_NONAME, "AGAIN": socket.EAI_AGAIN}


class BlackHole:
    """A port that takes no connection and refuses none: its queue is full."""

    def __init__(self) -> None:
        self._listening = socket.socket()
        self._listening.bind(("127.0.0.1", 0))
        self._listening.listen(0)
        self.port = self._listening.getsockname()[1]
        self._waiting = [self._knock() for _ in range(4)]

    def close(self) -> None:
        for one in [self._listening, *self._waiting]:
            one.close()

    def _knock(self) -> socket.socket:
        one = socket.socket()
        one.settimeout(0.05)
        with suppress(TimeoutError):
            one.connect(("127.0.0.1", self.port))
        return one


class Names:
    """Hosts, their addresses, and the ports behind those."""

    def __init__(self) -> None:
        self.lookups: Counter[str] = Counter()
        self.dialled: list[tuple[str, int]] = []
        self.names: dict[str, list[str] | OSError] = {}
        """What a look-up gives, where it is not the host's own address."""
        self.turns: dict[str, list[str]] = {}
        """What each look-up of a host gives in turn, the last one for ever: `ok`, `NONAME`, `AGAIN` or addresses."""
        self.closed: set[str] = set()
        self.silent: set[str] = set()
        self.crossed: set[str] = set()
        """Hosts that refuse, that never answer, and that speak TLS on the port where they should not."""
        self.ports: dict[str, int] = {}
        self._addresses: dict[str, str] = {}

    def address(self, host: str) -> str:
        """Return the public address of a host, made up at first sight."""
        taken = len(self._addresses)
        return self._addresses.setdefault(host, f"93.184.{taken // 250}.{taken % 250 + 1}")

    def resolve_host(self, host: str, _port: int) -> list[str]:
        """Look a host up."""
        self.lookups[host] += 1
        if turns := self.turns.get(host):
            return self._turn(host, turns.pop(0) if len(turns) > 1 else turns[0])
        found = self.names.get(host) or self._addresses.get(host)
        if isinstance(found, OSError):
            raise found
        return self._turn(host, "NONAME") if found is None else [found] if isinstance(found, str) else found

    def connect(self, address: str, port: int) -> tuple[str, int]:
        """Say where a checked address is really dialled."""
        self.dialled.append((address, port))
        host = next((host for host, known in self._addresses.items() if known == address), "")
        kind = "secure" if (port == 443) != (host in self.crossed) else "plain"
        kind = "nobody" if host in self.closed else "silent" if host in self.silent else kind
        return "127.0.0.1", self.ports[kind]

    def _turn(self, host: str, answer: str) -> list[str]:
        if answer in ERRORS:
            raise socket.gaierror(ERRORS[answer], "as scripted")
        return [self.address(host)] if answer == "ok" else answer.split()
