"""Find the copy of a tweet in the Internet Archive that is nearest to a day, and read its words. Pure.

`GET https://archive.org/wayback/available?url=…&timestamp=…` names the closest copy (archive.org/help/wayback_api.php);
`https://web.archive.org/web/<time>id_/<URL>` is that copy as it was served. A copy has the header `Memento-Datetime`.
"""

from __future__ import annotations

from tweetlinks.lookups.words import page_words, parsed, words
from tweetlinks.model import Finding
from tweetlinks.record import TYPE_CHECKING
from tweetlinks.tweets import status_url

if TYPE_CHECKING:
    from tweetlinks.lookups import Lookup
    from tweetlinks.model import Answer

__all__ = ["STEPS", "distance", "first", "moment"]


def first(lookup: Lookup) -> Lookup:
    """Ask for the nearest copy."""
    from urllib.parse import quote

    assert lookup.tweet  # noqa: S101  begin has looked
    near = f"&timestamp={lookup.near}" if lookup.near else ""
    about = quote(status_url(lookup.tweet), safe="")
    return lookup.go(f"https://archive.org/wayback/available?url={about}{near}", "available")


def distance(digits: str, near: str) -> float:
    """Return how many seconds a time of the archive is from another; without another, the newest is nearest.

    >>> distance("20161231000000", "20170101") < distance("20170301000000", "2017")
    True
    """
    from datetime import datetime

    whole = near + "00000101000000"[len(near) :]
    then, wanted = moment(digits), moment(whole) if near else "1970-01-01T00:00:00Z"
    if then is None or wanted is None:
        return float("inf")
    seconds = (datetime.fromisoformat(then) - datetime.fromisoformat(wanted)).total_seconds()
    return abs(seconds) if near else -seconds


def moment(digits: str) -> str | None:
    """Return the time that 14 digits of the archive mean, ISO 8601; None for what is no time.

    >>> moment("20160928121500")
    '2016-09-28T12:15:00Z'
    """
    from datetime import UTC, datetime

    if not (len(digits) == 14 and digits.isascii() and digits.isdigit()):  # noqa: PLR2004  strptime takes fewer
        return None
    try:
        at = datetime.strptime(digits, "%Y%m%d%H%M%S").replace(tzinfo=UTC)
    except ValueError:
        return None
    return at.isoformat().replace("+00:00", "Z")


def _available(lookup: Lookup, answer: Answer) -> Lookup:
    if answer.status in {401, 403}:
        return lookup.end("archive-blocked", error=f"it answered {answer.status}")
    shots = parsed(answer).get("archived_snapshots")
    if answer.status != 200 or shots is None:  # noqa: PLR2004
        return lookup.end("protocol-error", error=f"no list of copies, but {answer.status}")
    closest = shots.get("closest") if isinstance(shots, dict) else None
    if not isinstance(closest, dict) or not closest.get("available") or str(closest.get("status", "2"))[:1] != "2":
        return lookup.end("not-archived")
    digits = str(closest.get("timestamp") or "")
    at = moment(digits)
    if at is None:
        return lookup.end("protocol-error", error="a copy without a time")
    original = str(closest.get("url") or "").partition(f"/web/{digits}/")[2]
    if not lookup.is_about(original):
        return lookup.end("protocol-error", error=f"a copy of something else: {original[:200]}")
    copy = f"https://web.archive.org/web/{digits}/{original}"
    found = Finding(lookup.source, lookup.url, "archived", archived_at=at, archive_url=copy)
    return lookup.go(f"https://web.archive.org/web/{digits}id_/{original}", "copy", found=found)


def _copy(lookup: Lookup, answer: Answer) -> Lookup:
    """Read the words of the copy; where it has none it is still a copy."""
    told = words(answer.body) if "twitter-tweet" in answer.body else None
    text = page_words(answer.body) or (told.text if told else None)
    return lookup.end("archived", text=text, cut=bool(text and text.rstrip().endswith("…")))


STEPS = {"available": _available, "copy": _copy}
