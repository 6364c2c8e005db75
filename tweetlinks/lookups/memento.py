"""Find the copy of a tweet that is nearest to a day among those an archive lists. Pure.

A TimeMap (RFC 7089, section 5) lists the copies of a URL as links with the relation `memento` and a `datetime`; the
Internet Archive's stands under `/web/timemap/link/`.
"""

from __future__ import annotations

import re

from tweetlinks.lookups.wayback import distance
from tweetlinks.model import Finding
from tweetlinks.record import TYPE_CHECKING
from tweetlinks.tweets import status_url

if TYPE_CHECKING:
    from tweetlinks.lookups import Lookup
    from tweetlinks.model import Answer

__all__ = ["STEPS", "first"]

# Linear: an address ends at `>`, the rest of an entry at the next `<`.
_ENTRY = re.compile(r"<(?P<url>[^<>]{1,2048})>(?P<more>[^<>]{0,300})")
_WHEN = re.compile(r'datetime="(?P<when>[^"]{1,40})"')
_COPY = re.compile(r"https?://web\.archive\.org/web/\d{14}(?:[a-z]{2}_)?/(?P<of>.+)")
_REL = re.compile(r'rel="[^"]{0,40}memento[^"]{0,40}"')


def first(lookup: Lookup) -> Lookup:
    """Ask for the list of copies."""
    assert lookup.tweet  # noqa: S101  begin has looked
    return lookup.go(f"https://web.archive.org/web/timemap/link/{status_url(lookup.tweet)}", "map")


def _map(lookup: Lookup, answer: Answer) -> Lookup:
    if answer.status in {401, 403} or answer.header("x-archive-wayback-runtime-error"):
        return lookup.end("archive-blocked", error="the archive may not show it")
    if answer.status == 404:  # noqa: PLR2004
        return lookup.end("not-archived")
    if answer.status != 200:  # noqa: PLR2004
        return lookup.end("protocol-error", error=f"it answered {answer.status}")
    listed = [
        (at, url) for at, url in _copies(answer.body) if (of := _COPY.fullmatch(url)) and lookup.is_about(of["of"])
    ]
    copies = sorted(listed, key=lambda pair: distance(_digits(pair[0]), lookup.near))
    if not copies:
        return lookup.end("not-archived")
    at, url = copies[0]
    return lookup._replace(found=Finding(lookup.source, lookup.url, "archived", archived_at=at, archive_url=url)).end(
        "archived"
    )


def _copies(body: str) -> list[tuple[str, str]]:
    from datetime import UTC
    from email.utils import parsedate_to_datetime

    found = []
    for entry in _ENTRY.finditer(body):
        when = _WHEN.search(entry["more"])
        if when and _REL.search(entry["more"]):
            try:
                at = parsedate_to_datetime(when["when"]).astimezone(UTC)
            except (ValueError, TypeError, OverflowError):
                continue
            found.append((at.isoformat().replace("+00:00", "Z"), entry["url"]))
    return found


def _digits(at: str) -> str:
    return "".join(filter(str.isdigit, at))[:14]


STEPS = {"map": _map}
