"""Keep requests away from addresses that are not public. Touches: the resolver of the system (names to addresses).

A short link may lead anywhere, also to 127.0.0.1 or to the metadata server of a cloud. So every address a host has is
looked at before anything is sent, on every hop, and the address looked at is the one dialled: nobody looks it up again.
`ipaddress.is_global` alone lets through wrapped addresses (6to4, NAT64, IPv4-compatible) and multicast, as measured on
Python 3.11.7: they are taken apart here.
"""

from __future__ import annotations

import asyncio
import socket
from collections.abc import Awaitable, Callable, Iterable
from contextlib import suppress
from inspect import isawaitable
from ipaddress import IPv4Address, IPv4Network, IPv6Address, IPv6Network, ip_address, ip_network
from threading import Thread

__all__ = ["Blocked", "Guard", "Lookup", "system_lookup"]

Lookup = Callable[[str, int], Iterable[str] | Awaitable[Iterable[str]]]
"""`(host, port)` to addresses; raises `socket.gaierror`."""

LOOKUP_SECONDS = 5.0
"""Until a name is looked up: a system without a name server may take a minute to say so."""
PORTS = frozenset({80, 443})
_Address = IPv4Address | IPv6Address
_Network = IPv4Network | IPv6Network

_DENIED: tuple[_Network, ...] = tuple(
    map(
        ip_network,
        (
            "168.63.129.16/32",  # the wire server of Azure: global, and yet local
            "192.88.99.0/24",  # 6to4 relays, withdrawn (RFC 7526)
            "192.0.0.0/24",  # protocol assignments (RFC 6890)
            "64:ff9b:1::/48",  # local NAT64 (RFC 8215)
            "3fff::/20",  # documentation (RFC 9637)
            "5f00::/16",  # segment routing (RFC 9602)
            "fec0::/10",  # site-local, withdrawn (RFC 3879)
        ),
    )
)
_NAT64 = IPv6Network("64:ff9b::/96")
_COMPATIBLE = IPv6Network("::/96")


class Blocked(Exception):
    """The address must not be contacted; the text says why."""


class Guard:
    """Decides which addresses may be dialled."""

    def __init__(self, allow: Iterable[str | int] = (), *, lookup: Lookup | None = None) -> None:
        """Take what is allowed beyond the public web.

        Args:
            allow: networks (`10.0.0.0/8`: any port of them) and ports (8080: on public addresses).
            lookup: says which addresses a host has; None means the system.

        Raises:
            ValueError: an entry of `allow` is neither a network nor a port.
        """
        entries = tuple(allow)
        self._ports = PORTS | {entry for entry in entries if isinstance(entry, int)}
        self._networks = tuple(ip_network(entry, strict=False) for entry in entries if isinstance(entry, str))
        self._lookup = lookup or system_lookup

    def literal(self, host: str, port: int) -> list[str] | None:
        """Return the address a host stands for that is no name: `127.0.0.1`, `2130706433`, `[::1]`.

        Returns:
            One address, which may be dialled; None when `host` is a name.

        Raises:
            Blocked: it must not be contacted.
        """
        address = host[1:-1] if host.startswith("[") else _numeric(host)
        return None if address is None else self._vetted(host, port, [address])

    async def addresses(self, host: str, port: int) -> list[str]:
        """Look up a host.

        Returns:
            Its addresses, each of which may be dialled.

        Raises:
            Blocked: one of them must not be contacted.
            socket.gaierror: the name has none.
        """
        if (known := self.literal(host, port)) is not None:
            return known
        if f".{host}".endswith(".localhost"):  # RFC 6761: whatever a name server says
            self._vetted(host, port, ["127.0.0.1"])
        answer = self._lookup(host, port)
        found = list(dict.fromkeys(await answer if isawaitable(answer) else answer))
        if not found:
            raise socket.gaierror(socket.EAI_NONAME, f"{host} has no address")
        return self._vetted(host, port, found)

    def _vetted(self, host: str, port: int, addresses: list[str]) -> list[str]:
        for address in addresses:
            if reason := self._refusal(address, port):
                shown = host if host in {address, f"[{address}]"} else f"{host} is {address}"
                raise Blocked(f"not contacted: {shown}, {reason}")
        return addresses

    def _refusal(self, text: str, port: int) -> str | None:
        """Say why an address must not be contacted; None when it may be."""
        try:
            address = ip_address(text)
        except ValueError:
            return "which is no address"
        if any(address in network for network in self._networks):
            return None
        if "%" in text:
            return "an address of one interface only"
        if not all(map(_is_public, _meant(address))):
            return "not a public address"
        return None if port in self._ports else f"port {port}"


def _meant(address: _Address) -> list[_Address]:
    """Return the addresses a packet may end at: those wrapped in an IPv6 address, else itself."""
    if isinstance(address, IPv4Address):
        return [address]
    if address.ipv4_mapped:
        return [address.ipv4_mapped]
    if address.sixtofour:
        return [address.sixtofour]
    if address.teredo:
        return list(address.teredo)
    if address in _NAT64 or address in _COMPATIBLE:
        return [IPv4Address(int(address) & 0xFFFFFFFF)]
    return [address]


def _is_public(address: _Address) -> bool:
    if any(address in network for network in _DENIED):
        return False
    special = address.is_multicast or address.is_reserved or address.is_unspecified or address.is_link_local
    return address.is_global and not special


def _numeric(host: str) -> str | None:
    """Read what the system would take for an IPv4 address: `127.1`, `0x7f.1`, `0177.0.0.1`, `2130706433`."""
    if not host[-1:].isalnum() or not host[:1].isdigit():
        return None
    with suppress(OSError, UnicodeError):
        return socket.inet_ntoa(socket.inet_aton(host))
    return None


async def system_lookup(host: str, port: int) -> list[str]:
    """Ask the system for the addresses of a host.

    A thread of our own does it, which may be left behind: a look-up cannot be cancelled, and asyncio's threads would
    keep the program from ending.

    Raises:
        socket.gaierror: the name has none, or nobody answered in time.
    """
    loop = asyncio.get_running_loop()
    found: asyncio.Future[list[str]] = loop.create_future()
    Thread(target=_look_up, args=(host, port, loop, found), name=f"look up {host}", daemon=True).start()
    try:
        async with asyncio.timeout(LOOKUP_SECONDS):
            return await found
    except TimeoutError as error:
        raise socket.gaierror(socket.EAI_AGAIN, f"no name server answered within {LOOKUP_SECONDS:g} s") from error


def _look_up(host: str, port: int, loop: asyncio.AbstractEventLoop, found: asyncio.Future[list[str]]) -> None:
    try:
        rows = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
        outcome: list[str] | Exception = [str(row[4][0]) for row in rows]
    except (OSError, UnicodeError) as error:
        known = error if isinstance(error, socket.gaierror) else socket.gaierror(socket.EAI_NONAME, str(error))
        outcome = known
    with suppress(RuntimeError):  # the loop is closed: nobody waits any more
        loop.call_soon_threadsafe(_deliver, found, outcome)


def _deliver(found: asyncio.Future[list[str]], outcome: list[str] | Exception) -> None:
    if found.done():
        return
    if isinstance(outcome, Exception):
        found.set_exception(outcome)
    else:
        found.set_result(outcome)
