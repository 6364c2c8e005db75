"""Write what a researcher would type to find a tweet of which no id is left. Pure.

The author, the day and the words that identify it, for the service's own search; the ids of that day, and the index of
the Internet Archive for URLs of that author that begin with the digits all of them share.
"""

from __future__ import annotations

import re

from tweetlinks.record import TYPE_CHECKING, Record
from tweetlinks.tweets import ids_of_day

if TYPE_CHECKING:
    from tweetlinks.model import Citation

__all__ = ["Queries", "queries"]

MOST_WORDS = 5
_LINK = re.compile(r"(?:https?://|pic\.twitter\.com/|pic\.x\.com/)\S+")  # linear: one run
_WORD = re.compile(r"[#@]?\w{4,40}")  # linear: one bounded run


class Queries(Record):
    """Where to look."""

    search: str
    """For the search field of the service."""
    search_url: str
    """The same as a URL."""
    ids: tuple[str, str] | None
    """The first and the last id that a tweet of that day can have; None without a day, and before November 2010."""
    index_url: str | None
    """Copies of tweets of that author with such ids, in the index of the Internet Archive; None without both."""


def queries(citation: Citation) -> Queries | None:
    """Return what to type for a citation; None when it has neither an author nor words.

    >>> from tweetlinks.model import Citation
    >>> words = "Rain at the harbour pier. https://t.co/abcdefghij"
    >>> found = queries(Citation("embed", "flattened", (0, 80), screen_name="ann_b", date="2017-05-03", text=words))
    >>> found.search
    'from:ann_b since:2017-05-03 until:2017-05-04 harbour Rain pier'
    >>> found.index_url
    'https://web.archive.org/cdx/search/cdx?url=twitter.com/ann_b/status/859&matchType=prefix&output=json&collapse=urlkey'
    """
    from urllib.parse import quote

    words = _telling(citation.text or "")
    if not (citation.screen_name or words):
        return None
    parts = [f"from:{citation.screen_name}"] if citation.screen_name else []
    if citation.date:
        parts += [f"since:{citation.date}", f"until:{_next_day(citation.date)}"]
    search = " ".join([*parts, *words])
    ids = ids_of_day(citation.date) if citation.date else None
    return Queries(search, f"https://x.com/search?q={quote(search, safe='')}&f=live", ids, _index(citation, ids))


def _telling(text: str) -> list[str]:
    """Return the longest words, which are the rarest, links left out."""
    found = dict.fromkeys(_WORD.findall(_LINK.sub(" ", text)))
    return sorted(found, key=len, reverse=True)[:MOST_WORDS]


def _next_day(day: str) -> str:
    from datetime import date, timedelta

    try:
        return (date.fromisoformat(day) + timedelta(days=1)).isoformat()
    except OverflowError:  # the last day that there is
        return day


def _index(citation: Citation, ids: tuple[str, str] | None) -> str | None:
    if ids is None or not citation.screen_name:
        return None
    first, last = ids
    shared = next((n for n, pair in enumerate(zip(first, last, strict=False)) if len(set(pair)) > 1), len(first))
    place = f"twitter.com/{citation.screen_name}/status/{first[:shared] if len(first) == len(last) else ''}"
    return f"https://web.archive.org/cdx/search/cdx?url={place}&matchType=prefix&output=json&collapse=urlkey"
