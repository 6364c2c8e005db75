"""Ask no host too often, and stop asking one that does not answer. Touches: nothing, the clock is a parameter.

Each host has a lane: so many requests at a time, so many seconds between two of them. A server that says "later" pauses
its lane; a host that fails several times in a row closes it for a while, and whoever still waits is told why at once:
without a network, a hundred links take hardly longer than one.
"""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from tweetlinks.fetch.budget import Budget

__all__ = ["Failure", "Limits", "Pace", "checked"]

MOST_LANES = 4096
"""Lanes to remember; beyond that those are forgotten that nobody uses, and that are neither closed nor paused."""


class Limits(NamedTuple):
    """How far, how long and how often a resolver asks. Durations are seconds."""

    hops: int = 10
    """Redirects in a row for one link; the page behind the last of them is asked, too."""
    tries: int = 3
    """Requests for one URL."""
    connect_seconds: float = 5.0
    """Until a connection stands."""
    hop_seconds: float = 10.0
    """Until a request is answered, from beginning to end."""
    chain_seconds: float = 30.0
    """For all requests and pauses of one link; waiting for a turn is not counted."""
    patience: float = 20.0
    """The longest pause a server may ask for."""
    backoff: float = 0.5
    """Before the second request for one URL; doubled each time."""
    body_bytes: int = 65_536
    """Of a page that are read."""
    lookup_bytes: int = 2_000_000
    """Of an answer of those who are asked about tweets, and of an archive's copy."""
    links: int = 16
    """Links under way at the same time."""
    per_host: int = 2
    """Requests to one host at the same time."""
    spacing: float = 0.1
    """Between two requests to one host."""
    failures: int = 3
    """In a row, after which a host is left alone."""
    rest_seconds: float = 60.0
    """That it is left alone."""


_MAY_BE_ZERO = frozenset({"patience", "backoff", "spacing", "rest_seconds"})


def checked(limits: Limits) -> Limits:
    """Return limits that make sense.

    Raises:
        ValueError: they do not; the message names the field.

    >>> checked(Limits(per_host=0))
    Traceback (most recent call last):
      ...
    ValueError: Limits.per_host is a whole number from 1 on, not 0
    """
    if not isinstance(limits, Limits):
        raise ValueError(f"limits is a Limits, not {limits!r}")  # noqa: TRY004  one error for every wrong option
    for name, value in limits._asdict().items():
        whole = isinstance(Limits._field_defaults[name], int)
        number = isinstance(value, int if whole else int | float) and not isinstance(value, bool)
        if not number or not (value > 0 or (value == 0 and name in _MAY_BE_ZERO)):  # NaN is neither
            least = "a whole number from 1 on" if whole else f"a number {'from' if name in _MAY_BE_ZERO else 'above'} 0"
            raise ValueError(f"Limits.{name} is {least}, not {value!r}")
    return limits


class Failure(NamedTuple):
    """Why a request was not answered."""

    outcome: str
    """As `chain.fail` takes it."""
    reason: str
    """The same, in words."""
    ms: int = 0
    """Milliseconds until it failed."""
    sent: bool = True
    """Something was sent, or tried to be."""
    status: int | None = None
    """What it had answered before it failed; None when nothing came."""


class _Lane:
    """What is known of one host."""

    __slots__ = ("closed_until", "failed", "gate", "last", "slots", "trouble", "users")

    def __init__(self, per_host: int) -> None:
        self.slots, self.gate = asyncio.Semaphore(per_host), asyncio.Lock()
        self.last = self.closed_until = float("-inf")
        self.trouble: Failure | None = None
        self.failed = self.users = 0

    @property
    def until(self) -> float:
        """When nothing is to be remembered of it any more."""
        return max(self.closed_until, self.last)


class Pace:
    """The lanes of all hosts."""

    def __init__(
        self,
        limits: Limits,
        *,
        sleep: Callable[[float], Awaitable[None]],
        clock: Callable[[], float],
        budget: Budget | None = None,
    ) -> None:
        """Begin with every lane free.

        Args:
            limits: `per_host`, `spacing`, `failures` and `rest_seconds` are used.
            sleep: waits so many seconds.
            clock: gives seconds from anywhere, never going back.
            budget: what is shared with other processes; None: nothing.
        """
        self._limits, self._sleep, self._clock, self._budget = limits, sleep, clock, budget
        self._lanes: dict[str, _Lane] = {}
        self._most = MOST_LANES

    @asynccontextmanager
    async def turn(self, host: str, spacing: float = 0.0) -> AsyncIterator[Failure | None]:
        """Wait for a turn at `host`, and hold it.

        Args:
            host: the host, or whatever else has a lane of its own.
            spacing: seconds between two requests there, where that is more than `Limits.spacing`.

        Yields:
            None: ask now. Else why it is not worth asking.
        """
        lane = self._lane(host)
        lane.users += 1
        try:
            async with lane.slots:
                trouble = self._trouble(lane)
                if trouble is None:
                    await self._space(host, lane, max(spacing, self._limits.spacing))
                    trouble = self._trouble(lane)
                yield trouble
        finally:
            lane.users -= 1

    def pause(self, host: str, seconds: float) -> None:
        """Let nobody ask `host` for so many seconds."""
        self._lane(host).last = self._clock() + seconds - self._limits.spacing

    def resume(self, host: str) -> None:
        """End a pause: who has waited for it asks now."""
        lane = self._lane(host)
        lane.last = min(lane.last, self._clock() - self._limits.spacing)

    def succeeded(self, host: str) -> None:
        """Take note that `host` answers."""
        lane = self._lane(host)
        lane.failed, lane.trouble = 0, None

    def failed(self, host: str, trouble: Failure, *, seconds: float | None = None) -> None:
        """Take note that `host` does not answer, and leave it alone after some failures in a row.

        Args:
            host: the host.
            trouble: what to tell those who come after.
            seconds: leave it alone at once, for so long; None means after `Limits.failures`, for `rest_seconds`.
        """
        lane = self._lane(host)
        lane.failed += 1
        if seconds is not None or lane.failed >= self._limits.failures:
            lane.trouble = Failure(trouble.outcome, f"not asked: {trouble.reason}", sent=False)
            lane.closed_until = self._clock() + (self._limits.rest_seconds if seconds is None else seconds)

    def _lane(self, host: str) -> _Lane:
        if host not in self._lanes:
            if len(self._lanes) >= self._most:
                now = self._clock()
                kept = {name: lane for name, lane in self._lanes.items() if lane.users or lane.until > now}
                self._lanes, self._most = kept, max(MOST_LANES, 2 * len(kept))
            self._lanes[host] = _Lane(self._limits.per_host)
        return self._lanes[host]

    def _trouble(self, lane: _Lane) -> Failure | None:
        """Return why a lane is closed; when its time is over, the next one may try."""
        return lane.trouble if lane.trouble and self._clock() < lane.closed_until else None

    async def _space(self, host: str, lane: _Lane, spacing: float) -> None:
        """Keep the distance to the request before, and to those of others."""
        async with lane.gate:
            wait = lane.last + spacing - self._clock()
            if wait > 0:
                await self._sleep(wait)
            while self._budget and (wait := await self._budget(host, spacing)):
                await self._sleep(wait)
            lane.last = self._clock()
