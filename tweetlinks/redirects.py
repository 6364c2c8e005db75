"""Read where one answer leads: a `Location`, a `Refresh` header, a page that only redirects. Pure.

It reads; what the next step is, `chain` decides. Nothing here raises.
"""

from __future__ import annotations

from tweetlinks.locations import BadLocation, clean, without_fragment
from tweetlinks.record import TYPE_CHECKING, Record
from tweetlinks.stubs import refresh, stub

if TYPE_CHECKING:
    from tweetlinks.model import Answer

__all__ = ["FOLLOWED", "Lead", "lead"]

FOLLOWED = frozenset({301, 302, 303, 307, 308})
"""The codes that send a GET elsewhere; 300, 304, 305 and 306 do not."""


class Lead(Record):
    """Where an answer leads."""

    via: str
    """`http`, `html-stub` or `refresh`."""
    url: str | None
    """The next URL, cleaned; None when it cannot be followed."""
    outcome: str | None = None
    """Why it cannot be followed: a word of docs/outcomes.md."""
    reason: str | None = None
    """The same, in words."""


def lead(answer: Answer, *, base: str, known: bool) -> Lead | None:
    """Say where an answer leads.

    Args:
        answer: what the server said.
        base: what was asked; a relative `Location` is joined to it.
        known: the host is a shortener, whose pages redirect even where they show text.

    Returns:
        None when the answer leads nowhere: an article, an error.
    """
    goes = answer.status in FOLLOWED
    if not goes and not 200 <= answer.status < 300:  # noqa: PLR2004
        return None
    try:
        found = (_by_status(answer, base) if goes else None) or _by_header(answer, base)
        found = found or _by_page(answer.body, base, known=known)
    except BadLocation as bad:
        found = Lead("http", None, bad.outcome, bad.reason)
    return found or (Lead("http", None, "invalid-location", "no Location") if goes else None)


def _by_status(answer: Answer, base: str) -> Lead | None:
    """Read `Location`; two of them must agree."""
    sent = [value for name, value in answer.headers if name == "location"]
    found = {clean(value, base=base, octets=True) for value in sent}
    if len(found) > 1:
        return Lead("http", None, "invalid-location", f"two Locations: {' and '.join(sorted(found))}")
    return Lead("http", found.pop()) if found else None


def _by_header(answer: Answer, base: str) -> Lead | None:
    """Read `Refresh: 0; url=…`."""
    target = refresh(answer.header("refresh") or "")
    return _elsewhere("refresh", clean(target, base=base, octets=True), base) if target else None


def _by_page(body: str, base: str, *, known: bool) -> Lead | None:
    """Read a page that only redirects; when its parts disagree, nobody guesses."""
    found = stub(body, base=base, known=known) if body else []
    if len(found) > 1:
        said = f"the page says both {' and '.join(found)}"
        return Lead("html-stub", None, "interstitial-unparsed", said) if known else None
    return _elsewhere("html-stub", found[0], base) if found else None


def _elsewhere(via: str, url: str, base: str) -> Lead | None:
    """Lead on, unless a page only reloads itself."""
    return Lead(via, url) if without_fragment(url) != without_fragment(base) else None
