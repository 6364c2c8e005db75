"""Say how far a command is, on a terminal only. Touches: the terminal; the clock.

    1,204 of 5,000 links, 48/s, 79 s left: expanded 1,100, dead 104

Counts links and, where documents, records or rows are what is done one after the other, those too.
"""

from __future__ import annotations

from time import monotonic

from tweetlinks import terminal
from tweetlinks.record import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable

__all__ = ["Progress"]

_PAUSE = 0.1
"""Seconds between two pictures: nobody reads faster."""
_MOST = 4
"""Outcomes that are named."""
_LONG, _MINUTE, _HOUR = 120, 60, 3600


class Progress:
    """How far a command is."""

    def __init__(self, unit: str, total: Callable[[], int | None], *, clock: Callable[[], float] = monotonic) -> None:
        """Begin with nothing done.

        Args:
            unit: what is done one after the other: `links`, `documents`, …
            total: says how many there are; None when nobody knows. Asked on a terminal only.
            clock: gives seconds.
        """
        self.unit, self._clock = unit, clock
        self._on = terminal.watched()
        self._total = total() if self._on else None
        self._begun = self._drawn = clock()
        self._done = self._links = self._before = 0
        self._outcomes: dict[str, int] = {}
        self._asked = 0

    def begin(self, links: int) -> None:
        """Take note of links that are being asked, so that something is seen before the first answer."""
        self._asked += links
        if self._on and not self._links:
            terminal.status(self.text())

    def link(self, outcome: str, times: int = 1) -> None:
        """Take note of a link that is done; where links are the unit, it counts for so many."""
        self._links += 1
        self._outcomes[outcome] = self._outcomes.get(outcome, 0) + 1
        self.step(times if self.unit == "links" else 0)

    def step(self, units: int = 1) -> None:
        """Take note of what is done, and show it when it is time to."""
        self._done += units
        now = self._clock() if self._on else 0.0
        if self._on and now - self._drawn >= _PAUSE:
            self._drawn = now
            terminal.status(self.text())

    def skip(self) -> None:
        """Take note of what was done by an earlier run, which says nothing of the time that is left."""
        self._before += 1
        self.step()

    def end(self) -> None:
        """Take the picture away."""
        terminal.status("")

    def text(self) -> str:
        """Return what is shown."""
        seconds = max(self._clock() - self._begun, 1e-9)
        of = "" if self._total is None else f" of {max(self._total, self._done):,}"
        parts = [f"{self._done:,}{of} {self.unit}"]
        if self.unit != "links":
            parts.append(f"{self._links:,} links")
        if self._links:
            rate = self._links / seconds
            parts.append(f"{rate:,.0f}/s" if rate >= 1 else f"{rate * _MINUTE:,.0f}/min")
        own = self._done - self._before
        if self._total and own and self._done < self._total:
            parts.append(f"{_duration(seconds / own * (self._total - self._done))} left")
        most = sorted(self._outcomes.items(), key=lambda pair: -pair[1])[:_MOST]
        tail = ", ".join(f"{outcome} {count:,}" for outcome, count in most)
        return ", ".join(parts) + (f": {tail}" if tail else "")


def _duration(seconds: float) -> str:
    """Return a time for people.

    >>> _duration(79), _duration(600), _duration(9000)
    ('79 s', '10 min', '2.5 h')
    """
    if seconds < _LONG:
        return f"{seconds:.0f} s"
    return f"{seconds / _MINUTE:.0f} min" if seconds < 2 * _HOUR else f"{seconds / _HOUR:.1f} h"
