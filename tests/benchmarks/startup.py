"""Print what starting costs, side by side in one run: `python tests/benchmarks/startup.py [ROUNDS]`.

Every line is the median of whole processes, interleaved, so that a busy machine slows all of them alike; the ratio is
to `python -I -c pass`. The goal: `tweetlinks extract FILE` on a small text starts in at most 3 times that.
"""

from __future__ import annotations

import statistics
import subprocess
import sys
import tempfile
import time
import timeit
from pathlib import Path

ROOT = Path(__file__).parents[2]
SMALL = "A title\nThe minister said it plainly:\nRain again. https://t.co/abcdefghij\n— Ann (@ann_b) 3 mai 2017\n"

_DATACLASSES = "from dataclasses import dataclass\n" + "\n".join(
    f"@dataclass(frozen=True, slots=True)\nclass C{n}:\n    " + "\n    ".join(f"f{m}: int = 0" for m in range(9))
    for n in range(10)
)
_NAMEDTUPLES = "from typing import NamedTuple\n" + "\n".join(
    f"class C{n}(NamedTuple):\n    " + "\n    ".join(f"f{m}: int = 0" for m in range(9)) for n in range(10)
)
_WIDE = [f"f{n}" for n in range(22)]


def processes(small: Path) -> dict[str, list[str]]:
    """Return the commands to compare, by what they show."""
    python = [sys.executable, "-I", "-c"]
    run = f"import sys; sys.path.insert(0, {str(ROOT)!r}); "
    return {
        "python -I -c pass": [*python, "pass"],
        "import typing": [*python, "import typing"],
        "import re, argparse, json": [*python, "import re, argparse, json"],
        "import dataclasses": [*python, "import dataclasses"],
        "ten frozen slotted dataclasses": [*python, _DATACLASSES],
        "ten named tuples": [*python, _NAMEDTUPLES],
        "import tweetlinks": [*python, run + "import tweetlinks"],
        "tweetlinks extract FILE": [
            *python,
            run + f"from tweetlinks.cli import main; main(['extract', {str(small)!r}])",
        ],
        "httpx, bs4, tenacity": [*python, "import httpx, bs4, tenacity"],
    }


def measure(commands: dict[str, list[str]], rounds: int) -> dict[str, float]:
    """Return the median seconds of each command."""
    times: dict[str, list[float]] = {name: [] for name in commands}
    for _ in range(rounds):
        for name, command in commands.items():
            start = time.perf_counter()
            subprocess.run(command, check=True, stdout=subprocess.DEVNULL)
            times[name].append(time.perf_counter() - start)
    return {name: statistics.median(values) for name, values in times.items()}


def construction() -> dict[str, float]:
    """Return the seconds to build one value of 22 fields, by kind of class."""
    space: dict[str, object] = {}
    fields = "\n    ".join(f"{name}: int = 0" for name in _WIDE)
    exec(  # noqa: S102  the two classes differ in one word
        "from dataclasses import dataclass\nfrom typing import NamedTuple\n"
        f"@dataclass(frozen=True, slots=True)\nclass D:\n    {fields}\nclass N(NamedTuple):\n    {fields}\n",
        space,
    )
    call = "(" + ", ".join(str(n) for n in range(22)) + ")"
    number = 20_000
    return {
        "frozen slotted dataclass": min(timeit.repeat("D" + call, globals=space, number=number, repeat=5)) / number,
        "named tuple": min(timeit.repeat("N" + call, globals=space, number=number, repeat=5)) / number,
    }


def main() -> None:
    """Print the table."""
    rounds = int(sys.argv[1]) if len(sys.argv) > 1 else 15
    with tempfile.TemporaryDirectory() as folder:
        small = Path(folder, "small.txt")
        small.write_text(SMALL, encoding="utf-8")
        medians = measure(processes(small), rounds)
    base = medians["python -I -c pass"]
    for name, seconds in medians.items():
        print(f"{name:32} {seconds * 1000:7.1f} ms  {seconds / base:5.2f}x")
    for name, seconds in construction().items():
        print(f"one {name} of 22 fields: {seconds * 1e6:.2f} µs")


if __name__ == "__main__":
    main()
