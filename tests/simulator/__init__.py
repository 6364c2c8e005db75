"""A web of our own on 127.0.0.1, for the tests of what is sent and of what comes back.

    script      what a server says: bytes, delays, drips, silence
    templates   the pages of t.co and of other shorteners, as they are served
    names       a name server, and where each made-up public address is really dialled
    authority   certificates: good ones, self-signed ones, ones for another name
    server      plays the scripts on raw sockets, by `Host`, and counts
    clock       a clock that moves only when somebody sleeps
    web         all of it together, with the seams a resolver needs
    cases       reads `tests/cases/resolver.toml`, plays a case and compares

Names get made-up public addresses, and `connect` says where those are really dialled: so the guard of the resolver
works unchanged, and loopback stays forbidden. The server writes raw bytes: a polite one could not send half a header.

    with Web() as web:
        web.on("t.co/abc", redirect("https://dest.example/"))
        with web.resolver() as resolver:
            resolver.resolve("https://t.co/abc")
        assert web.hits("t.co") == 1
"""

from __future__ import annotations

from simulator.clock import Clock
from simulator.script import Say, redirect, say
from simulator.templates import stub
from simulator.web import QUICK, Web

__all__ = ["QUICK", "Clock", "Say", "Web", "redirect", "say", "stub"]
