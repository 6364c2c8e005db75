"""Share the requests to each host among many processes. Touches: a Redis server, through the package `limits`.

One process keeps its distance by itself (`pace`); on a cluster, ten that each keep theirs are ten times too fast.
"""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from math import ceil
from time import time

from tweetlinks.errors import CacheError, MissingExtra

__all__ = ["Budget", "SharedBudget", "rate"]

Budget = Callable[[str, float], Awaitable[float]]
"""Asked before each request with the host and the seconds between two requests there: 0 when it may be sent, else the
seconds after which to ask again."""


NEAR = 1.1
"""How much slower than asked for is near enough, so that a short window will do."""


def rate(spacing: float) -> tuple[int, int]:
    """Return how many requests may be sent in how many seconds: never faster than one in `spacing`, and little slower.

    >>> [rate(spacing) for spacing in (0.1, 0.4, 1.0, 1.4, 2.5, 20.0)]
    [(10, 1), (5, 2), (1, 1), (2, 3), (2, 5), (1, 20)]
    """
    for seconds in range(1, ceil(spacing) + 10):
        times = int(seconds / spacing + 1e-9)
        if times and seconds / times <= spacing * NEAR:
            return times, seconds
    return 1, ceil(spacing)


class SharedBudget:
    """Requests to each host, counted by a Redis server for all who use it.

    budget = SharedBudget("redis://localhost:6379/0")
    with Resolver(cache="redis://localhost:6379/0", budget=budget) as resolver: …

    Within a window of a second or a few, requests may follow each other at once; each process keeps its own distance
    besides. A pause that one server asks for (429, `Retry-After`) is kept by the process that heard of it alone.
    """

    def __init__(self, server: str, *, prefix: str = "tweetlinks-rate") -> None:
        """Take the server; it is asked with the first request.

        Args:
            server: its URL, `redis://…`, `rediss://…` or `unix://…`.
            prefix: what the names of its counters begin with; those who share a prefix share the budget.

        Raises:
            CacheError: the server does not answer.
            MissingExtra: the package `limits` or `redis` is not installed.
        """
        try:
            import redis  # noqa: F401  limits says that it is missing in words of its own
            from limits.storage import storage_from_string
            from limits.strategies import MovingWindowRateLimiter
        except ImportError as error:
            raise MissingExtra("limits", "spark") from error
        self._prefix = prefix
        place = f"redis+{server}" if server.startswith("unix://") else server
        try:
            self._windows = MovingWindowRateLimiter(storage_from_string(place))
        except Exception as error:
            raise CacheError(f"{server}: {error}") from error

    async def __call__(self, host: str, spacing: float) -> float:
        """Say how many seconds to wait; 0: go, and it is counted.

        Raises:
            CacheError: the server does not answer.
        """
        return await asyncio.to_thread(self._wait, host, spacing)

    def _wait(self, host: str, spacing: float) -> float:
        from limits import RateLimitItemPerSecond

        if spacing <= 0:
            return 0.0
        window = RateLimitItemPerSecond(*rate(spacing))
        try:
            if self._windows.hit(window, self._prefix, host):
                return 0.0
            until: float = self._windows.get_window_stats(window, self._prefix, host).reset_time
            return max(until - time(), 0.01)
        except Exception as error:
            raise CacheError(f"the budget of {host}: {error}") from error
