"""How fast pages are read, beside tweetfinder and goose3 in the same run; prints, and is no part of the tests.

    python tests/benchmarks/pages.py [ROUNDS] [FOLDER]

FOLDER holds `pages.jsonl`, a line a page with its `id` and its `citations`, and `pages/ID.html.gz`. Without one the
pages are made of the articles of `articles.py`: one in eleven holds a tweet, the others what such pages hold too.

Ratios are medians over rounds of CPU time (`rounds.py`). The peers and lxml are optional, in an environment of their
own: `python -m pip install -e . lxml tweetfinder goose3`. (A module called `html` here would hide that of Python.)
"""

from __future__ import annotations

import gzip
import json
import logging
import subprocess
import sys
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import suppress
from functools import partial
from importlib.util import find_spec
from pathlib import Path
from statistics import median
from typing import NamedTuple

from articles import articles
from rounds import ratio, side_by_side

from tweetlinks import extract
from tweetlinks.gate import can_cite
from tweetlinks.read import html

PARSERS = ("html.parser", "lxml") if find_spec("lxml") else ("html.parser",)
OURS = tuple(f"tweetlinks, {name}" for name in PARSERS)
PEERS = ("tweetfinder", "goose3")
FLOORS = {
    ("all pages", "html.parser"): (12, 24),
    ("all pages", "lxml"): (15, 28),
    ("pages with a tweet", "html.parser"): (1.0, 1.5),
    ("pages with a tweet", "lxml"): (1.3, 1.9),
}
"""Times tweetfinder: what has to be reached, and what is aimed at."""
GATE = 250
"""MB/s that the gate has to reach."""
EMBED = (
    '<blockquote class="twitter-tweet"><p lang="en">It rains on {n}. <a href="https://t.co/abcdefghij">'
    "https://t.co/abcdefghij</a></p>&mdash; Ann (@ann_b) "
    '<a href="https://twitter.com/ann_b/status/85970000000000{n:04}">May 3, 2017</a></blockquote>'
)
MENU = '<li class="item"><a class="link" href="/section">Section</a></li>' * 120
SHARE = (
    '<a href="https://twitter.com/intent/tweet?url=x">Tweet</a>'
    '<a class="twitter-timeline" data-widget-id="344713329262084096" href="https://twitter.com/ann_b">Tweets</a>'
)
STYLE = ".twitter-tweet{margin:0} .card > a{color:#123456;padding:0 1em}\n" * 300
SCRIPT = 'window.dataLayer.push({"status": 200, "event": "view", "items": [1, 2, 3]});\n' * 900
RELATED = '<div class="card"><a href="/other"><h3>Other news</h3></a></div>' * 60
HEAD = f"<nav><ul>{MENU}</ul></nav><div>{SHARE}</div><style>{STYLE}</style><script>{SCRIPT}</script>"
FOOT = f'<aside class="related">{RELATED}</aside>'
"""What pages hold beside an article."""


class Page(NamedTuple):
    """A page, and whether it holds a tweet."""

    data: bytes
    cites: bool


def main(arguments: Sequence[str]) -> None:
    """Print all parts."""
    logging.disable()
    if arguments[:1] == ["--memory"]:
        memory(arguments[1], made_or_read(arguments[2:]))
        return
    rounds = next((int(word) for word in arguments if word.isdigit()), 5)
    folder = [word for word in arguments if not word.isdigit()]
    print("peak memory of a process that reads all pages", flush=True)
    for name in (*OURS, *PEERS):
        subprocess.run([sys.executable, __file__, "--memory", name, *folder], check=True)
    pages = list(made_or_read(folder))
    size = sum(len(page.data) for page in pages) / 1e6
    print(f"\n{len(pages)} pages of {1e3 * size / len(pages):.0f} kB, {sum(page.cites for page in pages)} with a tweet")
    runs = {name: run for name in (*OURS, *PEERS) if (run := reader(name))}
    speed("all pages", pages, runs, rounds)
    speed("pages with a tweet", [page for page in pages if page.cites], runs, rounds)
    gate(pages, rounds)


def made_or_read(folder: Sequence[str]) -> Iterator[Page]:
    """Yield the pages of a folder, or pages made of articles."""
    if not folder:
        yield from (_made(n, text) for n, text in enumerate(articles(110)))
        return
    root = Path(folder[0])
    with root.joinpath("pages.jsonl").open(encoding="utf-8") as lines:
        for line in map(json.loads, lines):
            data = gzip.decompress(root.joinpath("pages", f"{line['id']}.html.gz").read_bytes())
            yield Page(data, any(not citation.get("optional") for citation in line["citations"]))


def _made(n: int, text: str) -> Page:
    title, *lines = text.splitlines()
    cites = n % 11 == 0
    if cites:
        lines.insert(len(lines) // 2, EMBED.format(n=n))
    body = "".join(f'<div class="row"><p class="text">{line}</p></div>\n' for line in lines)
    markup = f"<!doctype html><html><head><title>{title}</title></head><body>{HEAD}"
    return Page(f"{markup}<article><h1>{title}</h1>{body}</article>{FOOT}</body></html>".encode(), cites)


def ours(parser: str, data: bytes) -> None:
    """Read a page with one of the parsers."""
    html._parser = lambda: parser
    extract(data, format="html")


def reader(name: str) -> Callable[[bytes], object] | None:
    """Return what reads a page; None for a peer that is not installed."""
    if name in OURS:
        return partial(ours, name.removeprefix("tweetlinks, "))
    if not find_spec(name):
        print(f"  {name} is not installed: not compared")
        return None
    if name == "tweetfinder":
        from tweetfinder import Article

        return lambda data: Article(html=data.decode("utf-8", "replace")).list_embedded_tweets()
    from goose3 import Goose

    goose = Goose({"enable_image_fetching": False})
    return lambda data: goose.extract(raw_html=data.decode("utf-8", "replace")).tweets


def each(run: Callable[[bytes], object], pages: Iterable[Page]) -> None:
    """Read all pages; what a peer raises is a page without tweets."""
    for page in pages:
        with suppress(Exception):
            run(page.data)


def speed(title: str, pages: list[Page], runs: dict[str, Callable[[bytes], object]], rounds: int) -> None:
    """Print how fast pages are read, and how many times as fast as by the peers."""
    times = side_by_side({name: partial(each, run, pages) for name, run in runs.items()}, rounds=rounds)
    print(f"\n{title}: {len(pages)}", flush=True)
    for name, spent in times.items():
        print(f"  {name:24} {len(pages) / median(spent):9.1f} pages/s")
    for parser in PARSERS:
        for peer in (name for name in PEERS if name in runs):
            value = ratio(times, f"tweetlinks, {parser}", peer)
            floor, aim = FLOORS[title, parser]
            judged = f"   floor {floor:g}, aim {aim:g}: {_verdict(value, floor, aim)}" if peer == "tweetfinder" else ""
            print(f"  {parser + ' / ' + peer:24} {value:9.2f} times{judged}")


def gate(pages: list[Page], rounds: int) -> None:
    """Print what the gate costs, what it lets through and what it loses."""
    size = sum(len(page.data) for page in pages) / 1e6
    runs = {
        "gate": lambda: [can_cite(page.data) for page in pages],
        "lower and one find": lambda: [page.data.lower().find(b"twitter-tweet") for page in pages],
    }
    times = side_by_side(runs, rounds=rounds)
    passed = [page for page in pages if can_cite(page.data)]
    value = size / median(times["gate"])
    print(f"\ngate: {len(passed)} of {len(pages)} pages pass, {sum(not page.cites for page in passed)} without a tweet")
    print(f"  {'pages lost':24} {sum(page.cites and not can_cite(page.data) for page in pages):9}")
    print(f"  {'speed':24} {value:9.0f} MB/s   floor {GATE}: {_verdict(value, GATE, GATE)}")
    print(f"  {'of lower and one find':24} {1 / ratio(times, 'lower and one find', 'gate'):9.2f} times")


def memory(name: str, pages: Iterable[Page]) -> None:
    """Print the peak memory of this process, in which one contender reads all pages."""
    import resource

    run = reader(name)
    if run:
        each(run, pages)
        print(f"  {name:24} {resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024:9.0f} MB")


def _verdict(value: float, floor: float, aim: float) -> str:
    return "aim reached" if value >= aim else "above the floor" if value >= floor else "BELOW THE FLOOR"


if __name__ == "__main__":
    main(sys.argv[1:])
