"""What `tweetlinks.extract` and its JSON cost, beside others in the same run; prints, and is no part of the tests.

    python tests/benchmarks/text.py [ROUNDS] [PART …]

    ordinary   articles of `articles.py`, against ural's `urls_from_text` and four `str.find` a document
    dense      the seed document many times, as documents and as one text, against ural
    json       documents of the dense kind to JSON, against `dataclasses.asdict` and `json`
    growth     ten times the input: how many times as long it takes
    clock      hostile input, seconds each

Ratios are medians over rounds of CPU time (`rounds.py`). ural is optional: `python -m pip install '.[bench]'`.
"""

from __future__ import annotations

import json
import sys
from collections.abc import Callable, Sequence
from dataclasses import asdict, make_dataclass
from functools import cache, partial
from pathlib import Path
from statistics import median
from typing import Any

from articles import articles
from rounds import Times, ratio, seconds, side_by_side

from tweetlinks import Document, extract
from tweetlinks.write import View, jsonl

try:
    from ural import urls_from_text
except ImportError:
    urls_from_text = None

SEED = next(Path(__file__).parents[2].joinpath("seeds").glob("*.txt")).read_text(encoding="utf-8")
LITERALS = ("t.co/", "twitter.com/", "(@", "://")
"""What any reader has to look for: four searches at the speed of memory are the bare limit where they find
nothing, as in most ordinary articles; on dense text they stop at once and say nothing."""
LINE = "Le boulanger a ouvert son four à six heures, et nul ne le sait – « du pain », dit-il, at @home #pain. "
TWEET = "Du pain https://t.co/aB3dE6gH9j — Le Four (@le_four) 3 mai 2017 "
CLOCK = {
    "10 MB, one line of prose": LINE * 98_000,
    "10 MB, one line with tweets": (LINE * 9 + TWEET) * 10_700,
    "50,000 (@": "(@" * 50_000,
    "50,000 (@ apart": "(@ " * 50_000,
    "50,000 dashes": "—" * 50_000,
    "50,000 dashes apart": "— " * 50_000,
    "50,000 t.co/": "t.co/" * 50_000,
    "50,000 t.co/ apart": "t.co/ " * 50_000,
    "50,000 https://t.co/SLUG": "https://t.co/aB3dE6gH9j " * 50_000,
    "50,000 https://t.co/SLUG lines": "https://t.co/aB3dE6gH9j\n" * 50_000,
    "10,000 attributions": "— Ann (@ann_b) 3 mai 2017\n" * 10_000,
    "10,000 attributions, one line": "— Ann (@ann_b) 3 mai 2017 " * 10_000,
    "10,000 status URLs": "https://twitter.com/ann_b/status/859700000000000000\n" * 10_000,
    "50,000 tweeted": "tweeted " * 50_000,
    "50,000 quotation marks": "“ " * 50_000,
}
NESTED = {"Document": ("paragraphs", "citations", "links"), "citations": ("contexts",)}
"""The fields that hold records."""
LIMIT = 2.0
"""Seconds in which each hostile input has to end."""
TEN = 10


def main(arguments: Sequence[str]) -> None:
    """Print the parts asked for, all without a name."""
    rounds = next((int(word) for word in arguments if word.isdigit()), 9)
    wanted = [word for word in arguments if not word.isdigit()]
    for name, part in PARTS.items():
        if not wanted or name in wanted:
            part(rounds)


def ordinary(rounds: int) -> None:
    """Print the speed on ordinary articles."""
    _speed("ordinary articles", articles(200), rounds, floor=6, aim=12, limit=True)


def dense(rounds: int) -> None:
    """Print the speed on text full of tweets."""
    _speed("dense, as documents", [SEED] * 100, rounds, floor=1.5, aim=3)
    _speed("dense, as one text", [SEED * 100], rounds, floor=1.5, aim=3)


def _speed(title: str, texts: list[str], rounds: int, *, floor: float, aim: float, limit: bool = False) -> None:
    runs: dict[str, Callable[[], object]] = {"extract": lambda: [extract(text) for text in texts]}
    if limit:
        runs["four str.find"] = lambda: [[text.find(word) for word in LITERALS] for text in texts]
    if urls_from_text:
        runs["ural urls_from_text"] = lambda: [list(urls_from_text(text)) for text in texts]
    times = side_by_side(runs, rounds=rounds)
    found = [extract(text) for text in texts]
    size = sum(len(text.encode()) for text in texts)
    _title(
        f"{title}: {len(texts)} of {size / len(texts) / 1000:.1f} kB, "
        f"{sum(len(d.paragraphs) for d in found)} paragraphs, "
        f"{sum(len(d.citations) for d in found)} citations, {sum(len(d.links) for d in found)} links"
    )
    for name, spent in times.items():
        once = median(spent)
        print(f"  {name:22} {size / once / 1e6:9.1f} MB/s {1e6 * once / len(texts):11.1f} µs a document")
    if urls_from_text:
        _ratio("times ural", ratio(times, "extract", "ural urls_from_text"), floor=floor, aim=aim)
    else:
        print("  ural is not installed: not compared")
    if limit:
        print(f"  {'of the bare limit':22} {ratio(times, 'extract', 'four str.find'):9.2f} times")


def json_out(rounds: int) -> None:
    """Print the speed of JSON, many small documents and one large."""
    for title, documents in (
        ("JSON, the seed as documents", [extract(SEED, id=f"seeds/{n}.txt") for n in range(200)]),
        ("JSON, the seed 100 times as one text", [extract(SEED * 100)]),
    ):
        values = [_frozen("Document", document.to_dict()) for document in documents]
        assert [json.loads(_theirs(v)) for v in values] == [json.loads(_ours(d)) for d in documents]
        times = side_by_side(_writers(documents, values), rounds=rounds)
        citations = sum(len(document.citations) for document in documents)
        _title(f"{title}: {citations} citations, {sum(len(_ours(d).encode()) for d in documents) / 1e6:.2f} MB of JSON")
        for name, spent in times.items():
            print(f"  {name:22} {citations / median(spent):9.0f} citations/s")
        _ratio("to_dict + json, times", ratio(times, "to_dict + json", "asdict + json"), floor=2.5, aim=3.4)
        _ratio("write.jsonl, times", ratio(times, "write.jsonl", "asdict + json"), floor=2.5, aim=3.4)


def _writers(documents: list[Document], values: list[Any]) -> dict[str, Callable[[], object]]:
    view = View()
    return {
        "to_dict alone": lambda: [document.to_dict() for document in documents],
        "to_dict + json": lambda: [_ours(document) for document in documents],
        "write.jsonl": lambda: list(jsonl.write(documents, view)),
        "asdict + json": lambda: [_theirs(value) for value in values],
    }


def _ours(document: Document) -> str:
    return json.dumps(document.to_dict(), ensure_ascii=False)


def _theirs(value: Any) -> str:
    return json.dumps(asdict(value), ensure_ascii=False)


@cache
def _class(name: str, fields: tuple[str, ...]) -> type:
    return make_dataclass(name, fields, frozen=True, slots=True)


def _frozen(name: str, record: dict[str, Any]) -> Any:
    """Return a record as frozen slotted dataclasses with the same fields, nested as it is nested."""
    values = [
        [_frozen(key, row) for row in value] if key in NESTED.get(name, ()) else value for key, value in record.items()
    ]
    return _class(name, tuple(record))(*values)


def growth(rounds: int) -> None:
    """Print how many times as long ten times the input takes."""
    _title("growth: time of ten times the input, at most 11")
    articles_of = articles(200)
    texts = {
        "ordinary": ("".join(articles_of[:20]), "".join(articles_of)),
        "ordinary, one line": tuple(" ".join("".join(part).split()) for part in (articles_of[:20], articles_of)),
        "dense": (SEED * 20, SEED * 200),
        "dense, one line": tuple(" ".join((SEED * count).split()) + " " for count in (20, 200)),
    }
    for name, (small, large) in texts.items():
        times = _grow(small, large, rounds)
        factor = ratio(times, "small", "large") * TEN * len(small) / len(large) * TEN
        spent = f"{1e3 * median(times['large']):9.1f} ms for {len(large) / 1e6:.2f} M characters"
        print(f"  {name:22} {spent} {factor:8.2f} times")


def _grow(small: str, large: str, rounds: int) -> Times:
    """Time ten extractions of the small text against one of the large."""
    return side_by_side(
        {"small": lambda: [extract(small) for _ in range(TEN)], "large": partial(extract, large)}, rounds=rounds
    )


def clock(rounds: int) -> None:  # noqa: ARG001  each is run once
    """Print the seconds of each hostile input."""
    _title(f"clock: seconds, at most {LIMIT:g}")
    for name, text in CLOCK.items():
        spent = seconds(partial(extract, text))
        print(f"  {name:32} {spent:8.3f} s {len(text) / 1e6:7.2f} M characters{'  TOO SLOW' if spent > LIMIT else ''}")


def _title(words: str) -> None:
    print(f"\n{words}", flush=True)


def _ratio(name: str, value: float, *, floor: float, aim: float) -> None:
    verdict = "aim reached" if value >= aim else "above the floor" if value >= floor else "BELOW THE FLOOR"
    print(f"  {name:22} {value:9.2f} times   floor {floor:g}, aim {aim:g}: {verdict}")


PARTS = {"ordinary": ordinary, "dense": dense, "json": json_out, "growth": growth, "clock": clock}


if __name__ == "__main__":
    main(sys.argv[1:])
