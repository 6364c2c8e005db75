"""Fetch an article, through redirects, as markup. Pure.

It is asked as it is named, without cookies and without a browser's name: a page behind a wall is not to be had so.
"""

from __future__ import annotations

from tweetlinks.locations import BadLocation, clean
from tweetlinks.record import TYPE_CHECKING

if TYPE_CHECKING:
    from tweetlinks.lookups import Lookup
    from tweetlinks.model import Answer

__all__ = ["STEPS", "first"]

OUTCOMES = {401: "forbidden", 403: "forbidden", 404: "not-found", 410: "gone", 451: "legal"}


def first(lookup: Lookup) -> Lookup:
    """Ask for the page."""
    return _go(lookup, lookup.url, None)


def _go(lookup: Lookup, url: str, base: str | None) -> Lookup:
    try:
        return lookup.go(clean(url, base=base), "page")
    except BadLocation as error:
        return lookup.end(error.outcome if base else "not-a-link", error=error.reason)


def _page(lookup: Lookup, answer: Answer) -> Lookup:
    where = answer.header("location")
    if 300 <= answer.status < 400 and where:  # noqa: PLR2004
        return _go(lookup, where, answer.url)
    if answer.status != 200:  # noqa: PLR2004
        word = OUTCOMES.get(answer.status, "protocol-error")
        return lookup.end(word, error=f"it answered {answer.status}", target=answer.url)
    if not answer.body:
        kind = answer.header("content-type") or "nothing"
        return lookup.end("protocol-error", error=f"no page, but {kind}", target=answer.url)
    return lookup.end("ok", text=answer.body, target=answer.url)


STEPS = {"page": _page}
