"""Measure what one date costs, and what the first one costs.

python tests/benchmarks/dates.py
"""

from __future__ import annotations

import subprocess
import sys
import timeit
from functools import partial

from tweetlinks.dates import parse_date_at

SHAPES = (
    " March 9, 2018",
    " 9 février 2018",
    " 9. Februar 2018",
    " 9 de febrero de 2018",
    " 9 февраля 2018 г.",
    " 2018年2月9日",
    " 2018, 2月 9",
    " 2:05 PM - 9 Mar 2018",
    " March 9, 201",
    " is a painter and lives in Paris since 2016",
    " on Mar 9, 2018",
    "\n\nAnd then",
)
CALLS = 20_000
FIRST = """
import time, re, typing, functools, tweetlinks.errors, tweetlinks.tables
a = time.perf_counter(); import tweetlinks.dates as d
b = time.perf_counter(); d._table()
c = time.perf_counter(); d.parse_date_at(" 9 février 2018", 0)
e = time.perf_counter(); d._more()
f = time.perf_counter()
print("ms: import %.2f, table %.2f, first date %.2f, rare names %.2f" % tuple(1e3 * t for t in (b-a, c-b, e-c, f-e)))
"""

if __name__ == "__main__":
    for shape in SHAPES:
        line = f"— Ada (@ada){shape} and the line goes on"
        seconds = min(timeit.repeat(partial(parse_date_at, line, 12), number=CALLS, repeat=3))
        found = parse_date_at(line, 12)
        print(f"{1e6 * seconds / CALLS:6.2f} µs  {found.date if found else None!s:10}  {shape!r}")
    for _ in range(3):
        subprocess.run([sys.executable, "-c", FIRST], check=True)
