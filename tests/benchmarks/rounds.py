"""Time functions side by side: every round runs each of them once, in shuffled order, on CPU time.

A ratio is taken within a round and the median of the rounds reported: a machine that slows down for a while slows all
contenders of that round alike.
"""

from __future__ import annotations

import gc
import time
from collections.abc import Callable
from random import Random
from statistics import median

__all__ = ["Times", "ratio", "seconds", "side_by_side"]

Times = dict[str, list[float]]
"""CPU seconds of each round, by name."""


def seconds(run: Callable[[], object]) -> float:
    """Return the CPU seconds of one call; the garbage of calls before is not counted, its own is."""
    gc.collect()
    start = time.process_time()
    run()
    return time.process_time() - start


def side_by_side(runs: dict[str, Callable[[], object]], *, rounds: int) -> Times:
    """Time every function in every round, after one round that does not count."""
    order, rng = list(runs), Random(1)  # noqa: S311  the same order every time
    times: Times = {name: [] for name in runs}
    for number in range(rounds + 1):
        rng.shuffle(order)
        for name in order:
            spent = seconds(runs[name])
            if number:
                times[name].append(spent)
    return times


def ratio(times: Times, name: str, other: str) -> float:
    """Return how many times as long as `name` the function `other` takes: the median over the rounds."""
    return median(b / a for a, b in zip(times[name], times[other], strict=True))
