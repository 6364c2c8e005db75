"""Find where a dead short link led, by the Internet Archive's copies of its redirect. Pure.

The index (`/cdx/search/cdx`) folds the case of a URL, and codes of short links have a case: only rows whose `original`
is the link, letter by letter, count, and a copy says itself whose it is (`Link: …; rel="original"`). A copy of a
redirect is served with the archived status, `Memento-Datetime`, and a `Location` rewritten to `/web/<time>id_/TARGET`,
absolute, without a scheme, or as a path; a 302 without `Memento-Datetime` only names the nearest copy
(internetarchive/wayback, `wayback-cdx-server/README.md`; recorded answers of edgi-govdata-archiving/wayback, BSD).
Where the archive's client looked like a browser, t.co's page for browsers is what was kept.
"""

from __future__ import annotations

import re

from tweetlinks.lookups.wayback import distance, moment
from tweetlinks.model import Finding
from tweetlinks.record import TYPE_CHECKING
from tweetlinks.redirects import lead

if TYPE_CHECKING:
    from tweetlinks.lookups import Lookup
    from tweetlinks.model import Answer

__all__ = ["STEPS", "first"]

MOST_ROWS = 40
FIELDS = "timestamp,original,statuscode"
MOST_COPIES = 3
"""Copies that are looked at."""
# Linear: anchored, digits, then the rest.
_REPLAY = re.compile(r"(?:https?:)?(?://web\.archive\.org)?/web/(?P<time>\d{14})(?:id_|if_)?/(?P<url>.+)\Z", re.DOTALL)
_ORIGINAL = re.compile(r'<(?P<url>[^<>]{1,2048})>;\s*rel="original"')


def first(lookup: Lookup) -> Lookup:
    """Ask the index, for the link and for the spelling that apps gave it."""
    return lookup.go(_index(lookup.url), "index", left=(_index(f"{lookup.url}?amp=1"),))


def _index(url: str) -> str:
    from urllib.parse import quote

    about = quote(url.partition("://")[2], safe="")
    return f"https://web.archive.org/cdx/search/cdx?url={about}&output=json&fl={FIELDS}&limit={MOST_ROWS}"


def _rows(lookup: Lookup, answer: Answer) -> Lookup:
    """Choose the copies that are of this very link, the one nearest to the day first."""
    import json

    if answer.status == 403 or answer.header("x-archive-wayback-runtime-error"):  # noqa: PLR2004
        return lookup.end("archive-blocked", error="the archive may not show it")
    try:
        table = json.loads(answer.body) if answer.status == 200 else []  # noqa: PLR2004
        rows = [(f"{time}", f"{original}", f"{status}") for time, original, status in table[1:]]
    except (ValueError, TypeError, RecursionError):
        return lookup.end("protocol-error", error="no table of copies")
    kept = [row for row in rows if moment(row[0]) and _is_of(row[1], lookup.url)]
    kept = [row for row in kept if row[2][:1] in {"2", "3", "-"}]
    kept.sort(key=lambda row: distance(row[0], lookup.near))
    asked = {hop.url for hop in lookup.hops}
    urls = [f"https://web.archive.org/web/{time}id_/{original}" for time, original, _ in kept]
    copies = tuple(url for url in urls if url not in asked)[:MOST_COPIES]
    return _next(lookup, (*copies, *lookup.left) if copies else lookup.left)


def _is_of(original: str, link: str) -> bool:
    """Tell whether a URL is a link, letter by letter; scheme, usual port and what stands behind do not count."""
    host, _, code = link.partition("://")[2].partition("/")
    return re.match(rf"https?://{re.escape(host)}(?::80|:443)?/{re.escape(code)}(?:[/?].*)?\Z", original) is not None


def _next(lookup: Lookup, left: tuple[str, ...]) -> Lookup:
    """Ask what is left; when nothing is, the archive does not know the link."""
    if not left:
        return lookup.end("dead", error="no copy of it in the archive")
    step = "index" if "/cdx/" in left[0] else "copy"
    return lookup.go(left[0], step, left=left[1:])


def _copy(lookup: Lookup, answer: Answer) -> Lookup:
    """Read where a copy leads."""
    there = _REPLAY.match(answer.header("location") or "")
    if answer.header("x-archive-wayback-runtime-error") or "URL has been excluded" in answer.body[:20_000]:
        return lookup.end("archive-blocked", error="the archive may not show it")
    back = there and there["url"].partition("://")[2] == lookup.url.partition("://")[2]
    if there and (back or answer.header("memento-datetime") is None):  # the nearest copy, or one that leads to a copy
        return lookup.go(f"https://web.archive.org/web/{there['time']}id_/{there['url']}", "copy")
    here, original = _REPLAY.match(answer.url), _ORIGINAL.search(answer.header("link") or "")
    another = original and not _is_of(original["url"], lookup.url)  # the code in another case
    copied = answer.header("memento-datetime") is not None and not another
    target = _target(answer, here["url"] if here else lookup.url) if copied else None
    if target is None:
        return _next(lookup, lookup.left)
    at = moment(here["time"]) if here else None
    found = Finding(lookup.source, lookup.url, "from-archive", target=target, archived_at=at, archive_url=answer.url)
    return lookup._replace(found=found).end("from-archive")


def _target(answer: Answer, base: str) -> str | None:
    """Return where the archived answer led."""
    location = answer.header("location")
    if location:
        there = _REPLAY.match(location)
        return there["url"] if there else location
    found = lead(answer, base=base, known=True) if answer.status == 200 else None  # noqa: PLR2004
    return found.url if found else None


STEPS = {"index": _rows, "copy": _copy}
