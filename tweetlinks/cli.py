"""Run tweetlinks from a terminal or in a pipe. Touches: the terminal, standard input and output, the environment.

Never reads an article itself and never decides what a citation is: it parses options, joins `sources`, `pipeline` and
`write`, and turns mistakes into one line and an exit status:

    0 all done · 1 some inputs failed (each named on stderr, the rest done) · 2 usage · 130 interrupted

Data goes to stdout, everything else to stderr; a closed pipe ends it silently. Imports are inside functions wherever a
command does not need them: `extract` starts without httpx, bs4, tenacity, asyncio and ssl.
"""

from __future__ import annotations

import os
import sys

from tweetlinks import options, terminal
from tweetlinks.errors import InputError, TweetlinksError
from tweetlinks.record import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
    from types import SimpleNamespace
    from typing import Any, Self

    from tweetlinks.fetch import Resolver
    from tweetlinks.model import Document, Resolution
    from tweetlinks.write import View

__all__ = ["main"]

_BATCH = 500
"""URLs of standard input that are expanded together."""


def main(arguments: Sequence[str] | None = None) -> int:
    """Run one command.

    Args:
        arguments: what follows the program's name; None takes it from the process.

    Returns:
        The exit status.
    """
    name, told = options.parse(sys.argv[1:] if arguments is None else arguments)
    try:
        return _RUN[name](told)
    except BrokenPipeError:
        terminal.silence()
        return 0
    except KeyboardInterrupt:
        return 130
    except (TweetlinksError, OSError) as error:
        terminal.complain(str(error))
        return 1


# ---------------------------------------------------------------- the commands


def _whole_job(told: SimpleNamespace) -> int:
    with _Network(told) as network:
        return _documents(told, network)


def _extract(told: SimpleNamespace) -> int:
    return _documents(told, None)


def _resolve(told: SimpleNamespace) -> int:
    from tweetlinks import sources

    with _Network(told) as network, terminal.Out(told.output, inputs=told.urls) as out:
        if told.column:
            return _tally(told.urls, lambda path: out.put(_csv(path, told.column, network)))
        words = sources.urls(told.urls, stdin=terminal.stdin())
        first = next(words, "")
        words = (word for group in ((first,), words) for word in group if word)
        out.put(_records(words, network, told) if first.startswith("{") else _links(words, network, told))
    return 0


def _cache(told: SimpleNamespace) -> int:
    from time import time

    from tweetlinks.cache import SqliteCache

    cache = SqliteCache(told.cache or _cache_path(), now=time)
    try:
        facts = cache.stats()._asdict() if told.action == "stats" else {"purged": cache.purge()}
    finally:
        cache.close()
    with terminal.Out(told.output) as out:
        out.put(f"{name} {value}\n" for name, value in {"path": cache.path, **facts}.items())
    return 0


def _schema(told: SimpleNamespace) -> int:
    from tweetlinks.schema import as_json

    with terminal.Out(told.output) as out:
        out.put([as_json()])
    return 0


_RUN: dict[str, Callable[[SimpleNamespace], int]] = {
    "": _whole_job,
    "extract": _extract,
    "resolve": _resolve,
    "cache": _cache,
    "schema": _schema,
}
"""What does each command of `options.COMMANDS`; the empty name is the whole job."""


# ---------------------------------------------------------------- documents


def _documents(told: SimpleNamespace, network: _Network | None) -> int:
    """Read every input, write what was found, and return 1 when an input failed."""
    from tweetlinks.write import writer

    failures: list[InputError] = []
    with terminal.Out(told.output, inputs=told.paths) as out:
        out.put(writer(_format(told)).write(_read(told, network, failures), _view(told)))
    return 1 if failures else 0


def _read(told: SimpleNamespace, network: _Network | None, failures: list[InputError]) -> Iterator[Document]:
    from tweetlinks import sources
    from tweetlinks.pipeline import extract, resolve_links
    from tweetlinks.write import confident

    for item in sources.inputs(told.paths, stdin=terminal.stdin()):
        try:
            if isinstance(item, InputError):
                raise item
            wanted = item.format if told.source_format == "auto" else told.source_format
            document = extract(item.data, format=wanted, id=item.id)
            if network:
                document = resolve_links(document, network)
            yield confident(document, told.min_confidence)
        except InputError as error:
            failures.append(error)
            terminal.complain(str(error))


# ---------------------------------------------------------------- links


def _links(words: Iterable[str], network: _Network, told: SimpleNamespace) -> Iterator[str]:
    from tweetlinks.write import writer

    urls = (word if "://" in word else f"https://{word}" for word in words)
    return writer(_format(told)).links(network.in_order(urls), _view(told))


def _records(lines: Iterable[str], network: _Network, told: SimpleNamespace) -> Iterator[str]:
    """Expand the links of records: JSON lines stay records, field by field; another format shows them."""
    from tweetlinks.model import Document
    from tweetlinks.pipeline import resolve_links
    from tweetlinks.write import jsonl, writer

    pairs = ((record, resolve_links(Document.from_dict(record), network)) for record in map(_record, lines))
    name = _format(told)
    if name != "jsonl":
        return writer(name).write((document for _, document in pairs), _view(told))
    kept = ("text", "text_sha256")
    return (
        jsonl.line({**record, **document.to_dict(), **{key: record.get(key) for key in kept}}) + "\n"
        for record, document in pairs
    )


def _record(line: str) -> dict[str, Any]:
    import json

    try:
        record: dict[str, Any] = json.loads(line)
    except ValueError as error:
        raise InputError("-", f"no record of tweetlinks: {error}") from error
    if not str(record.get("schema", "")).startswith("tweetlinks/"):
        raise InputError("-", "no record of tweetlinks: its schema is not tweetlinks/1")
    return record


def _csv(path: str, column: str, network: _Network) -> Iterator[str]:
    from tweetlinks.sources import cells
    from tweetlinks.write.csvrows import LINK_COLUMNS, link_cells, row

    rows = cells(path, column, stdin=terminal.stdin())
    names = next(rows)
    place = names.index(column)
    yield row([*names, *LINK_COLUMNS[1:]])
    for batch in _batches(rows):
        filled = [cells_ + [""] * (len(names) - len(cells_)) for cells_ in batch]
        found = network(cell[place] for cell in filled if cell[place])
        for cell in filled:
            answer = found.get(cell[place])
            yield row([*cell, *(link_cells(answer) if answer else [""] * (len(LINK_COLUMNS) - 1))])


def _tally(paths: Iterable[str], work: Callable[[str], None]) -> int:
    status = 0
    for path in paths:
        try:
            work(path)
        except InputError as error:
            terminal.complain(str(error))
            status = 1
    return status


def _batches(items: Iterable[Any]) -> Iterator[list[Any]]:
    from itertools import islice

    rest = iter(items)
    while batch := list(islice(rest, _BATCH)):
        yield batch


class _Network:
    """The resolver, opened when the first link needs it: a document without links loads no network code."""

    def __init__(self, told: SimpleNamespace) -> None:
        self._told = told
        self._resolver: Resolver | None = None

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        if self._resolver:
            self._resolver.close()

    def __call__(self, urls: Iterable[str]) -> Mapping[str, Resolution]:
        """Say what became of each URL: this is what the pipeline asks for."""
        wanted = list(dict.fromkeys(urls))
        return dict(self._finished(wanted)) if wanted else {}

    def in_order(self, urls: Iterable[str]) -> Iterator[Resolution]:
        """Yield what became of each URL, in the order asked, each as soon as those before it are done."""
        for batch in _batches(urls):
            done: dict[str, Resolution] = {}
            answers = self._finished(list(dict.fromkeys(batch)))
            for url in batch:
                while url not in done:
                    key, resolution = next(answers)
                    done[key] = resolution
                yield done[url]

    def _finished(self, wanted: list[str]) -> Iterator[tuple[str, Resolution]]:
        """Yield each URL when it is done, and say meanwhile how many are."""
        terminal.status(f"0 of {len(wanted)} links")
        for count, pair in enumerate(self._open().resolve_many(wanted), 1):
            terminal.status("")
            yield pair
            terminal.status(f"{count} of {len(wanted)} links")
        terminal.status("")

    def _open(self) -> Resolver:
        if self._resolver is None:
            from tweetlinks.fetch import Resolver

            self._resolver = Resolver(cache=self._cache(), offline=self._told.offline)
        return self._resolver

    def _cache(self) -> str | None:
        """Return the cache; where the usual one cannot be used, say so and remember for this run only."""
        from time import time

        from tweetlinks.cache import SqliteCache
        from tweetlinks.errors import CacheError

        if self._told.cache:
            return str(self._told.cache)
        try:
            path = _cache_path()
            SqliteCache(path, now=time).close()
        except (CacheError, OSError) as error:
            terminal.complain(
                f"nothing is kept between runs, the cache cannot be used: {error} (--cache FILE names another)"
            )
            return None
        return path


def _cache_path() -> str:
    home = os.environ.get("XDG_CACHE_HOME") or os.path.join(os.path.expanduser("~"), ".cache")  # noqa: PTH111, PTH118  pathlib costs 10 ms of start
    folder = os.path.join(home, "tweetlinks")  # noqa: PTH118  the same
    os.makedirs(folder, exist_ok=True)  # noqa: PTH103  the same
    return os.path.join(folder, "answers.sqlite")  # noqa: PTH118  the same


# ---------------------------------------------------------------- how it is shown


def _format(told: SimpleNamespace) -> str:
    if told.format:
        return str(told.format)
    if told.output:
        from tweetlinks.write import SUFFIXES

        return SUFFIXES.get(os.path.splitext(told.output)[1].lower(), "jsonl")  # noqa: PTH122  pathlib costs 10 ms
    return "table" if terminal.shown() else "jsonl"


def _view(told: SimpleNamespace) -> View:
    from tweetlinks.write import View

    shown = told.output is None and terminal.shown()
    return View(
        with_text=getattr(told, "with_text", False),
        explain=getattr(told, "explain", False),
        width=terminal.width() if shown else View().width,
        colour=shown and not os.environ.get("NO_COLOR") and os.environ.get("TERM") != "dumb",
    )
