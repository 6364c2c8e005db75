"""The pages that shorteners serve in place of a redirect: t.co to browsers in 2013 (A), 2016 (B) and since 2020 (C)."""

from __future__ import annotations

from simulator.script import Say, redirect, say

__all__ = ["TCO_HEADERS", "A", "B", "C", "stub", "tco"]

A = '<noscript><META http-equiv="refresh" content="0;URL={u}"></noscript><script>location.replace("{j}")</script>'
B = (
    '<head><meta name="referrer" content="always"><noscript><META http-equiv="refresh" content="0;URL={u}"></noscript>'
    '<title>{u}</title></head><script>window.opener = null; location.replace("{j}")</script>'
)
C = B.replace('<meta name="referrer" content="always">', "")
PAGES = {"A": A, "B": B, "C": C}
TCO_HEADERS = {
    "cache_control": "private,max-age=300",
    "vary": "Origin",
    "set_cookie": "muc=0e1f; Max-Age=63072000; Domain=t.co; Secure; SameSite=None",
    "server": "tsa_b",
    "strict_transport_security": "max-age=0",
}


def stub(url: str, script: str | None = None, *, page: str = "C") -> Say:
    """The page t.co shows to browsers; `script` is what its script says, when that is not the same."""
    return say(200, PAGES[page].format(u=url, j=(script or url).replace("/", "\\/")))


def tco(url: str) -> list[Say]:
    """What t.co says: a redirect to tools, a page to browsers, nothing of use to browsers that only want the head."""
    return [
        redirect(url, **TCO_HEADERS)._replace(agent="tool"),
        say(200)._replace(agent="browser", method="HEAD"),
        stub(url)._replace(agent="browser"),
    ]
