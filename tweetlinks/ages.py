"""Estimate when a tweet was written whose id holds no time, those before 4 November 2010. Pure.

Those ids were counted, one by one, so that the ids of known tweets say about when the ones between them were given out.
The known tweets are the anchors of TweetedAt (`data/old_ids.tsv`), one about every 16 hours.
"""

from __future__ import annotations

from bisect import bisect_left
from functools import cache

from tweetlinks.model import Estimate
from tweetlinks.tables import read_table

__all__ = ["SHARE", "estimate"]

SHARE = 0.2
"""How far an estimate may be off, either way, as a share of the time between the two anchors around an id: 98 of 100
anchors lie within it when each is estimated from its neighbours, 95 of 100 would within 0.15 (`python
tests/tables/old_ids.py`). It is wider than that because what grows least evenly, a day and its night, weighs more
between anchors that are near each other."""
DIGITS = 11
"""Of the last id that was counted, 29700859247."""


def estimate(tweet_id: str) -> Estimate | None:
    """Estimate when an old tweet was written.

    Args:
        tweet_id: the digits of the id.

    Returns:
        The time, and how many seconds it may be off; None for an id that holds its time, for one beyond the anchors,
        and for none at all.

    >>> estimate("3579860805")
    Estimate(at='2009-08-27T13:44:18Z', within=11876.0)
    >>> estimate("780919951979446272") is None
    True
    """
    if not (tweet_id.isascii() and tweet_id.isdigit() and len(tweet_id) <= DIGITS):
        return None
    ids, times = _anchors()
    number = int(tweet_id)
    n = bisect_left(ids, number)
    if n == len(ids) or number < ids[0]:
        return None
    if ids[n] == number:
        return Estimate(_moment(times[n]), 0.0)
    begin, gap = times[n - 1], times[n] - times[n - 1]
    at = begin + gap * (number - ids[n - 1]) / (ids[n] - ids[n - 1])
    return Estimate(_moment(at), float(round(gap * SHARE)))


@cache
def _anchors() -> tuple[list[int], list[int]]:
    rows = read_table("old_ids.tsv", fields=2)
    return [int(number) for number, _ in rows], [int(at) for _, at in rows]


def _moment(seconds: float) -> str:
    from time import gmtime, strftime

    return strftime("%Y-%m-%dT%H:%M:%SZ", gmtime(seconds))
