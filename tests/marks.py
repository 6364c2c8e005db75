"""Hold the scores: `python tests/marks.py CORPUS [--raise]`.

Runs `CORPUS/eval/score.py` over the sections of `tests/marks.toml` and exits 1 when a figure is below its mark. The
marks are a ratchet: the figures reached so far, raised with `--raise` when they rise, never lowered; `most_`
stands before a figure that must not be more.
"""

from __future__ import annotations

import argparse
import json
import re
import subprocess
import sys
import tomllib
from pathlib import Path

MARKS = Path(__file__).with_name("marks.toml")


def figures(corpus: Path, task: str, folder: str) -> dict[str, float]:
    """Return what the scorer says of one corpus."""
    command = [sys.executable, str(corpus / "eval" / "score.py"), task, str(corpus / folder), "--json", "-"]
    done = subprocess.run(command, capture_output=True, check=True, cwd=MARKS.parents[1], text=True)
    print(done.stderr, end="", file=sys.stderr)
    return dict(json.loads(done.stdout)[task])


def compare(name: str, marks: dict[str, float], reached: dict[str, float]) -> list[str]:
    """Print each figure beside its mark and return those below."""
    below = []
    for figure, mark in marks.items():
        value = reached[figure.removeprefix("most_")]
        low = value is None or (value > mark if figure.startswith("most_") else value < mark)
        print(f"{name:12} {figure:20} {value!s:8} mark {mark!s:8}{' BELOW' if low else ''}")
        below += [f"{name}.{figure}"] if low else []
    return below


def raised(text: str, name: str, marks: dict[str, float], reached: dict[str, float]) -> str:
    """Return the table with the marks of one section set to what was reached, where that is more."""
    head, section, rest = text.partition(f"[{name}]\n")
    body, bracket, tail = rest.partition("\n[")
    for figure, mark in marks.items():
        if not figure.startswith("most_") and reached[figure] is not None and reached[figure] > mark:
            body = re.sub(rf"(?m)^{figure} = .*$", f"{figure} = {reached[figure]}", body)
    return head + section + body + bracket + tail


def main() -> int:
    """Score every section."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("corpus", type=Path)
    parser.add_argument("--raise", dest="up", action="store_true", help="raise the marks to what was reached")
    options = parser.parse_args()
    text = MARKS.read_text(encoding="utf-8")
    below = []
    for name, section in tomllib.loads(text).items():
        marks = {key: value for key, value in section.items() if not isinstance(value, str)}
        reached = figures(options.corpus, section["task"], section["folder"])
        below += compare(name, marks, reached)
        text = raised(text, name, marks, reached)
    if options.up:
        MARKS.write_text(text, encoding="utf-8")
    return 1 if below else 0


if __name__ == "__main__":
    raise SystemExit(main())
