"""A clock that moves only when somebody sleeps."""

from __future__ import annotations

import asyncio

__all__ = ["Clock"]


class Clock:
    """Time for a resolver: `sleep` and `now`."""

    def __init__(self, start: float = 1_795_000_000.0) -> None:
        self.moment, self.slept = start, list[float]()

    async def sleep(self, seconds: float) -> None:
        """Be somewhere else for so long, which takes no time."""
        self.slept.append(seconds)
        self.moment += seconds
        await asyncio.sleep(0)

    def now(self) -> float:
        """Say how late it is: seconds since 1970."""
        return self.moment
