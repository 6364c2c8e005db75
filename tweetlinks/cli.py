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
from argparse import ArgumentParser, Namespace, RawDescriptionHelpFormatter
from typing import TYPE_CHECKING, Any, NamedTuple, Self

from tweetlinks import terminal
from tweetlinks.errors import InputError, TweetlinksError

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence

    from tweetlinks.fetch import Resolver
    from tweetlinks.model import Document, Resolution
    from tweetlinks.write import View

__all__ = ["COMMANDS", "OPTIONS", "main", "parser"]

_BATCH = 500
"""URLs of standard input that are expanded together."""

OPTIONS: dict[str, tuple[tuple[str, ...], dict[str, Any]]] = {
    "paths": (
        ("paths",),
        {"nargs": "+", "metavar": "PATH", "help": "a file, a folder, a glob, or - for standard input"},
    ),
    "urls": (
        ("urls",),
        {
            "nargs": "+",
            "metavar": "URL",
            "help": "a link; - reads links, or the records of extract, from standard input",
        },
    ),
    "action": (
        ("action",),
        {"choices": ("stats", "purge"), "help": "count what is kept, or forget what is too old to be used"},
    ),
    "from": (
        ("--from",),
        {
            "dest": "source_format",
            "default": "auto",
            "choices": ("auto", "text", "html", "markdown", "mediawiki", "bbcode"),
            "help": "format of the documents (auto: by name and content)",
        },
    ),
    "format": (
        ("-f", "--format"),
        {
            "choices": ("table", "jsonl", "json", "csv"),
            "help": "format of the output (a table on a terminal, jsonl in a pipe; by the suffix of -o)",
        },
    ),
    "output": (("-o", "--output"), {"metavar": "FILE", "help": "write to a file instead of standard output"}),
    "min_confidence": (
        ("--min-confidence",),
        {
            "type": float,
            "default": 0.0,
            "metavar": "X",
            "help": "leave out citations that are less sure than X (0 to 1)",
        },
    ),
    "with_text": (("--with-text",), {"action": "store_true", "help": "put the whole text into each record"}),
    "explain": (
        ("--explain",),
        {"action": "store_true", "help": "say what speaks for each citation, and what else its words could be"},
    ),
    "column": (("--column",), {"metavar": "NAME", "help": "read CSV files (or -) and expand the links of this column"}),
    "cache": (
        ("--cache",),
        {
            "metavar": "PATH",
            "help": "where answers are kept (default: tweetlinks/answers.sqlite in the user's cache folder)",
        },
    ),
    "offline": (
        ("--offline",),
        {"action": "store_true", "help": "send nothing: only the cache answers (or set TWEETLINKS_OFFLINE=1)"},
    ),
}
"""Every option: its names, and what argparse is told."""

_READING = ("from", "format", "output", "min_confidence", "with_text", "explain")


class Command(NamedTuple):
    """One command."""

    summary: str
    """What it does, in one line."""
    options: tuple[str, ...]
    """Its options, from `OPTIONS`."""
    run: Callable[[Namespace], int]
    """Does it, and returns the exit status."""


def main(arguments: Sequence[str] | None = None) -> int:
    """Run one command.

    Args:
        arguments: what follows the program's name; None takes it from the process.

    Returns:
        The exit status.
    """
    words = list(sys.argv[1:] if arguments is None else arguments)
    name = words.pop(0) if words and words[0] in COMMANDS else ""
    options = parser(name).parse_args(words)
    try:
        return COMMANDS[name].run(options)
    except BrokenPipeError:
        terminal.silence()
        return 0
    except KeyboardInterrupt:
        return 130
    except (TweetlinksError, OSError) as error:
        terminal.complain(str(error))
        return 1


def parser(name: str) -> ArgumentParser:
    """Return the parser of one command; the empty name is the whole job."""
    command = COMMANDS[name]
    out = ArgumentParser(
        prog=f"tweetlinks {name}".rstrip(),
        description=command.summary,
        epilog=None if name else _overview(),
        formatter_class=_formatter,
        allow_abbrev=False,
    )
    for option in command.options:
        flags, settings = OPTIONS[option]
        out.add_argument(*flags, **settings)
    if not name:
        from tweetlinks import __version__

        out.add_argument("--version", action="version", version=f"tweetlinks {__version__}")
    return out


def _formatter(prog: str) -> RawDescriptionHelpFormatter:
    """Lay out the help; to be told the width spares argparse the import of shutil, 3 ms of every start."""
    return RawDescriptionHelpFormatter(prog, width=terminal.width() - 2)


def _overview() -> str:
    rows = [f"  tweetlinks {name:9}{command.summary}" for name, command in COMMANDS.items() if name]
    return "\n".join(["other commands (the name comes first; a file of that name is ./name):", *rows])


# ---------------------------------------------------------------- the commands


def _whole_job(options: Namespace) -> int:
    with _Network(options) as network:
        return _documents(options, network)


def _extract(options: Namespace) -> int:
    return _documents(options, None)


def _resolve(options: Namespace) -> int:
    from tweetlinks import sources

    with _Network(options) as network, terminal.Out(options.output) as out:
        if options.column:
            return _tally(options.urls, lambda path: out.put(_csv(path, options.column, network)))
        words = sources.urls(options.urls, stdin=terminal.stdin())
        first = next(words, "")
        words = (word for group in ((first,), words) for word in group if word)
        out.put(_records(words, network, options) if first.startswith("{") else _links(words, network, options))
    return 0


def _cache(options: Namespace) -> int:
    from time import time

    from tweetlinks.cache import SqliteCache

    cache = SqliteCache(options.cache or _cache_path(), now=time)
    try:
        facts = cache.stats()._asdict() if options.action == "stats" else {"purged": cache.purge()}
    finally:
        cache.close()
    with terminal.Out(options.output) as out:
        out.put(f"{name} {value}\n" for name, value in {"path": cache.path, **facts}.items())
    return 0


def _schema(options: Namespace) -> int:
    from tweetlinks.schema import as_json

    with terminal.Out(options.output) as out:
        out.put([as_json()])
    return 0


COMMANDS: dict[str, Command] = {
    "": Command(
        "Find the tweets that articles cite, expand their links, tie each to its paragraph.",
        ("paths", *_READING, "cache", "offline"),
        _whole_job,
    ),
    "extract": Command("The same without any network: links are found, not expanded.", ("paths", *_READING), _extract),
    "resolve": Command(
        "Expand links, the links of extract's records, or a column of CSV files.",
        ("urls", "column", "format", "output", "cache", "offline"),
        _resolve,
    ),
    "cache": Command("Look after the answers that are kept.", ("action", "cache", "output"), _cache),
    "schema": Command("Print the JSON Schema of the record.", ("output",), _schema),
}
"""Every command; the empty name is the whole job."""


# ---------------------------------------------------------------- documents


def _documents(options: Namespace, network: _Network | None) -> int:
    """Read every input, write what was found, and return 1 when an input failed."""
    from tweetlinks.write import writer

    failures: list[InputError] = []
    with terminal.Out(options.output) as out:
        out.put(writer(_format(options)).write(_read(options, network, failures), _view(options)))
    return 1 if failures else 0


def _read(options: Namespace, network: _Network | None, failures: list[InputError]) -> Iterator[Document]:
    from tweetlinks import sources
    from tweetlinks.pipeline import extract, resolve_links
    from tweetlinks.write import confident

    for item in sources.inputs(options.paths, stdin=terminal.stdin()):
        try:
            if isinstance(item, InputError):
                raise item
            wanted = item.format if options.source_format == "auto" else options.source_format
            document = extract(item.data, format=wanted, id=item.id)
            if network:
                document = resolve_links(document, network)
            yield confident(document, options.min_confidence)
        except InputError as error:
            failures.append(error)
            terminal.complain(str(error))


# ---------------------------------------------------------------- links


def _links(words: Iterable[str], network: _Network, options: Namespace) -> Iterator[str]:
    from tweetlinks.write import writer

    urls = (word if "://" in word else f"https://{word}" for word in words)
    return writer(_format(options)).links(network.in_order(urls), _view(options))


def _records(lines: Iterable[str], network: _Network, options: Namespace) -> Iterator[str]:
    """Expand the links of records: JSON lines stay records, field by field; another format shows them."""
    from tweetlinks.model import Document
    from tweetlinks.pipeline import resolve_links
    from tweetlinks.write import jsonl, writer

    pairs = ((record, resolve_links(Document.from_dict(record), network)) for record in map(_record, lines))
    name = _format(options)
    if name != "jsonl":
        return writer(name).write((document for _, document in pairs), _view(options))
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

    def __init__(self, options: Namespace) -> None:
        self._options = options
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

            self._resolver = Resolver(cache=self._options.cache or _cache_path(), offline=self._options.offline)
        return self._resolver


def _cache_path() -> str:
    home = os.environ.get("XDG_CACHE_HOME") or os.path.join(os.path.expanduser("~"), ".cache")  # noqa: PTH111, PTH118  pathlib costs 10 ms of start
    folder = os.path.join(home, "tweetlinks")  # noqa: PTH118  the same
    os.makedirs(folder, exist_ok=True)  # noqa: PTH103  the same
    return os.path.join(folder, "answers.sqlite")  # noqa: PTH118  the same


# ---------------------------------------------------------------- how it is shown


def _format(options: Namespace) -> str:
    if options.format:
        return str(options.format)
    if options.output:
        from tweetlinks.write import SUFFIXES

        return SUFFIXES.get(os.path.splitext(options.output)[1].lower(), "jsonl")  # noqa: PTH122  pathlib costs 10 ms
    return "table" if terminal.shown() else "jsonl"


def _view(options: Namespace) -> View:
    from tweetlinks.write import View

    told = vars(options)
    shown = options.output is None and terminal.shown()
    return View(
        with_text=told.get("with_text", False),
        explain=told.get("explain", False),
        width=terminal.width() if shown else View().width,
        colour=shown and not os.environ.get("NO_COLOR") and os.environ.get("TERM") != "dumb",
    )
