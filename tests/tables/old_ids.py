"""Print how good the estimates of old ids are: `python tests/tables/old_ids.py [IDS.tsv]`.

Each anchor of `tweetlinks/data/old_ids.tsv` is estimated from its neighbours, between which there is twice the usual
time: so the errors are larger than those of other ids. With a file of ids and seconds since 1970, those are estimated.
"""

from __future__ import annotations

import sys
from datetime import datetime
from pathlib import Path
from statistics import median

from tweetlinks.ages import SHARE, _anchors, estimate


def left_out() -> list[tuple[float, float]]:
    """Return the error and the error bar of each anchor, estimated from its neighbours, in seconds."""
    ids, times = _anchors()
    found = []
    for n in range(1, len(ids) - 1):
        gap = times[n + 1] - times[n - 1]
        at = times[n - 1] + gap * (ids[n] - ids[n - 1]) / (ids[n + 1] - ids[n - 1])
        found.append((abs(at - times[n]), gap * SHARE))
    return found


def given(path: Path) -> list[tuple[float, float]]:
    """Return the same of the ids of a file."""
    found = []
    for line in path.read_text(encoding="utf-8").splitlines():
        number, seconds = line.split()[:2]
        if guess := estimate(number):
            found.append((abs(datetime.fromisoformat(guess.at).timestamp() - float(seconds)), guess.within))
    return found


def main() -> None:
    """Print the figures."""
    pairs = given(Path(sys.argv[1])) if sys.argv[1:] else left_out()
    errors = sorted(error for error, _ in pairs)
    inside = sum(error <= bar for error, bar in pairs) / len(pairs)
    print(f"{len(pairs)} ids: median error {median(errors) / 60:.0f} min, 95 of 100 below", end=" ")
    print(f"{errors[int(0.95 * len(errors))] / 3600:.1f} h; within the error bar {inside:.1%}", end=" ")
    print(f"(half of it: median {median(bar for _, bar in pairs) / 3600:.1f} h)")


if __name__ == "__main__":
    main()
