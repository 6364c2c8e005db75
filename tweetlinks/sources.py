"""Turn what stands on the command line into inputs: files, folders, globs, standard input. Touches: files.

Never parses an article and never decodes one: it hands over bytes, and a guess of the format from the file's name.
What cannot be read becomes an `InputError` in the place of the input, so that the others are still done.
"""

from __future__ import annotations

import os
from contextlib import nullcontext, suppress

from tweetlinks.corpora import Input
from tweetlinks.errors import InputError
from tweetlinks.record import TYPE_CHECKING, Record

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator
    from typing import Any, BinaryIO

__all__ = [
    "REPORT",
    "STDIN",
    "SUFFIXES",
    "Input",
    "Row",
    "Word",
    "cells",
    "count",
    "count_lines",
    "files",
    "inputs",
    "lines",
    "reads",
    "urls",
    "written",
]

STDIN = "-"
"""The path that means standard input."""

SUFFIXES = {
    ".bbcode": "bbcode",
    ".htm": "html",
    ".html": "html",
    ".markdown": "markdown",
    ".md": "markdown",
    ".mediawiki": "mediawiki",
    ".text": "text",
    ".txt": "text",
    ".wiki": "mediawiki",
    ".xhtml": "html",
}
"""The format that a file name asks for; these are also what counts as a document in a folder."""


class Word(Record):
    """A link, or a record of one line, and where it stood."""

    text: str
    """As written, white space at either end left out."""
    source: str
    """`-:2` for the second line of standard input, `links.txt:2` for that of a file; an argument is its own source."""


class Row(Record):
    """A row of a CSV file, and where it stood."""

    cells: list[str]
    """As many as there are columns."""
    source: str
    """`links.csv:2` for the second line."""


def inputs(
    paths: Iterable[str], *, stdin: BinaryIO | None = None, column: str | None = None, names: str | None = None
) -> Iterator[Input | InputError]:
    """Read every document that the paths name, in order.

    Args:
        paths: files, folders (walked, hidden names left out), globs (when no file has that very name), or `-`.
        stdin: what `-` reads; None where there is none.
        column: the column of tables, JSON lines and Parquet files that holds texts; None: such files are documents.
        names: the one that holds their ids.

    Returns:
        One `Input`, or one `InputError`, for each document; a folder without documents is one error.
    """
    for path in paths:
        for name in files(path):
            if isinstance(name, InputError):
                yield name
            elif _is_packed(name, column):
                from tweetlinks import corpora

                if corpora.holds_many(name, column):
                    yield from corpora.records(name, column, names)
                else:
                    yield _read(name, stdin)
            else:
                yield _read(name, stdin)


def urls(arguments: Iterable[str], *, stdin: BinaryIO | None = None) -> Iterator[Word | InputError]:
    """Yield what is to be resolved: links, or records of one line; of a file that is a JSON array, its items.

    Args:
        arguments: links; `-` stands for the lines of standard input, and the name of a file (without `://`) for its.
            What begins like a path (`/`, `./`, `../`) is one.
        stdin: what `-` reads; None where there is none.

    Returns:
        Every argument or line that is not empty; an `InputError` for a file that cannot be read.
    """
    for argument in arguments:
        if argument == STDIN:
            yield from _lines(argument, stdin or ())
        elif _is_path(argument):
            try:
                with open(argument, "rb") as file:  # noqa: PTH123  pathlib costs 10 ms of start
                    yield from _lines(argument, file)
            except OSError as error:
                yield InputError(argument, error.strerror or str(error))
        elif "/" not in argument and argument.lower().endswith(_FILES):
            yield InputError(argument, "no such file")
        else:
            yield Word(argument, argument)


_FILES = (".csv", ".gz", ".html", ".json", ".jsonl", ".ndjson", ".tsv", ".txt")
"""Suffixes of a word that is no link, though nothing of that name is there."""


def _is_path(argument: str) -> bool:
    if "://" in argument or "\0" in argument:
        return False
    plainly = argument.startswith(("/", "./", "../")) and not argument.startswith("//")
    return plainly or os.path.exists(argument)  # noqa: PTH110  pathlib costs 10 ms of start


def _lines(source: str, lines: Iterable[bytes]) -> Iterator[Word | InputError]:
    rest, empty = iter(lines), True
    for number, line in enumerate(rest, 1):
        if b"\0" in line:
            yield InputError(f"{source}:{number}", "binary data, no text (it holds NUL bytes)")
            return
        text = line.decode("utf-8-sig", "replace").strip()
        if text.startswith("[") and empty:
            yield from _items(source, [line, *rest])
        elif text:
            empty = False
            words = text.split()
            several = all("/" in word for word in words) and not text.startswith("{")
            yield from (Word(word, f"{source}:{number}") for word in (words if several else [text]))


def _items(source: str, lines: list[bytes]) -> Iterator[Word | InputError]:
    """Yield the items of a JSON array, as `extract -f json` writes it, each as a line."""
    import json

    try:
        items = json.loads(b"".join(lines).decode("utf-8-sig", "replace"))
    except (ValueError, RecursionError) as error:
        yield InputError(source, f"no JSON array, though it begins like one: {error}")
        return
    for number, item in enumerate(items):
        yield Word(item if isinstance(item, str) else json.dumps(item), f"{source}[{number}]")


def lines(path: str, *, stdin: BinaryIO | None = None) -> Iterator[str]:
    """Yield the lines of a file in UTF-8, as far as they are read.

    Args:
        path: the file, or `-`.
        stdin: what `-` reads; None where there is none.

    Raises:
        InputError: it cannot be read, or holds binary data.
    """
    try:
        with nullcontext(stdin or ()) if path == STDIN else open(path, "rb") as file:  # noqa: PTH123  pathlib costs 10 ms of start
            for number, line in enumerate(file, 1):
                if b"\0" in line:
                    raise InputError(f"{path}:{number}", "binary data, no text (it holds NUL bytes)")
                yield line.decode("utf-8-sig" if number == 1 else "utf-8", "replace")
    except (OSError, ValueError) as error:
        raise InputError(path, getattr(error, "strerror", None) or str(error)) from error


def written(path: str) -> float | None:
    """Return when a file was written last, in seconds since 1970; None for standard input."""
    try:
        return None if path == STDIN else os.stat(path).st_mtime  # noqa: PTH116  pathlib costs 10 ms of start
    except (OSError, ValueError):
        return None


def count(paths: Iterable[str]) -> int:
    """Return how many documents the paths name, without reading one."""
    return sum(isinstance(name, str) for path in paths for name in files(path))


def count_lines(arguments: Iterable[str]) -> int | None:
    """Return how many lines and links the arguments of `urls` hold; None where only reading them would tell."""
    total = 0
    for argument in arguments:
        if argument == STDIN:
            return None
        if not _is_path(argument):
            total += 1
        elif not os.path.isfile(argument):  # noqa: PTH113  pathlib costs 10 ms of start
            return None
        else:
            with suppress(OSError), open(argument, "rb") as file:  # noqa: PTH123  the same
                total += sum(not line.isspace() for line in file)
    return total


def cells(path: str, column: str, *, stdin: BinaryIO | None = None) -> Iterator[Row | InputError]:
    """Read a CSV file, whose columns are parted by commas, semicolons or tabs: first their names, then its rows.

    Args:
        path: the file, or `-`.
        column: a column it must have.
        stdin: what `-` reads; None where there is none.

    Returns:
        Each row, as many cells as columns; an `InputError` that names the line in the place of a row that is damaged.

    Raises:
        InputError: it cannot be read, is no CSV in UTF-8, or has no such column.
    """
    import csv
    import io

    read = _read(path, stdin)
    if isinstance(read, InputError):
        raise read
    try:
        text = read.data.decode("utf-8-sig")
        csv.field_size_limit(max(csv.field_size_limit(), len(text)))  # of the module: a cell may hold an article
        for mark in ",;\t":  # spreadsheets of half of Europe write semicolons
            rows = csv.reader(io.StringIO(text, newline=""), delimiter=mark, strict=True)
            names = next(rows, [])
            if column in names:
                break
    except (UnicodeDecodeError, csv.Error) as error:
        raise InputError(path, f"no CSV in UTF-8: {error}") from error
    if column not in names:
        raise InputError(path, f"no column {column!r}; it has: {', '.join(_first(text)) or 'none'}")
    yield Row(names, f"{path}:1")
    yield from _rows(path, rows, len(names))


def _first(text: str) -> list[str]:
    import csv
    import io

    return next(csv.reader(io.StringIO(text, newline="")), [])


def _rows(path: str, rows: Any, width: int) -> Iterator[Row | InputError]:
    """Yield the rows of a `csv.reader`, empty lines left out; what is damaged stands in its place as an error."""
    import csv

    while True:
        line = rows.line_num + 1
        try:
            row = next(rows)
        except StopIteration:
            return
        except csv.Error as error:
            yield InputError(f"{path}:{line}", f"no row of CSV: {error}")
            continue
        if row and len(row) != width:
            yield InputError(f"{path}:{line}", f"a row of {len(row)} cells, where the columns are {width}")
        elif row:
            yield Row(row, f"{path}:{line}")


def files(path: str) -> Iterator[str | InputError]:
    """Yield the files that a path names, unread: of a folder or a pattern all, or the error that there are none."""
    if path != STDIN and os.path.isdir(path):  # noqa: PTH112  pathlib costs 10 ms of start
        found, reason = _walk(path), f"no documents in this folder ({' '.join(SUFFIXES)} .warc, packed or not)"
    elif any(mark in path for mark in "*?[") and not os.path.lexists(path):
        found, reason = _matches(path), "no document matches"
    else:
        found, reason = iter((path,)), ""
    empty = True
    for name in found:
        empty = False
        yield name
    if empty:
        yield InputError(path, reason)


def _matches(pattern: str) -> Iterator[str | InputError]:
    from glob import glob

    for name in sorted(glob(pattern, recursive=True)):  # noqa: PTH207  pathlib costs 10 ms of start
        if not os.path.isdir(name):  # noqa: PTH112  the same
            if not _hangs(name) and not (name.lower().endswith(_PAGES) and _is_report(name)):
                yield name
        elif "**" not in pattern:
            yield from _walk(name)


def _walk(folder: str) -> Iterator[str | InputError]:
    failures: list[OSError] = []
    for here, folders, files in os.walk(folder, onerror=failures.append):
        folders[:] = sorted(name for name in folders if not name.startswith("."))
        for name in sorted(files):
            path = os.path.join(here, name)  # noqa: PTH118  pathlib costs 10 ms of start
            if not name.startswith(".") and not _hangs(path) and _is_document(path):
                yield path
    for failure in failures:
        yield InputError(failure.filename, failure.strerror or str(failure))


def reads(paths: Iterable[str], file: str) -> bool:
    """Tell whether a file is among those that folders and globs stand for.

    Args:
        paths: as for `inputs`.
        file: the path of one that exists.
    """
    real = os.path.realpath(file)
    for path in paths:
        folder = os.path.join(os.path.realpath(path), "")  # noqa: PTH118  pathlib costs 10 ms of start
        if os.path.isdir(path) and real.startswith(folder):  # noqa: PTH112  the same
            if f"{os.sep}." not in os.sep + real.removeprefix(folder) and _is_document(real):
                return True
        elif any(mark in path for mark in "*?[") and any(os.path.realpath(str(name)) == real for name in files(path)):
            return True
    return False


def _is_document(path: str) -> bool:
    """Tell whether a file of a folder is read: by its suffix, also where it is packed, and web archives."""
    stem, suffix = os.path.splitext(path.lower())  # noqa: PTH122  pathlib costs 10 ms of start
    if suffix in _PACKED and suffix not in _ARCHIVES:
        suffix = os.path.splitext(stem)[1]  # noqa: PTH122  the same
    return (suffix in SUFFIXES and not (suffix in _PAGES and _is_report(path))) or suffix in _ARCHIVES


def _is_report(path: str) -> bool:
    """Tell whether a page is a report of ours: it shows what articles cite, and is none."""
    try:
        with open(path, "rb") as file:  # noqa: PTH123  pathlib costs 10 ms of start
            return REPORT in file.read(_TOP)
    except OSError:
        return False


def _hangs(path: str) -> bool:
    """Tell whether a path is a pipe, a socket or a device: only who names it means it, and reading may never end."""
    from stat import S_ISDIR, S_ISREG

    try:
        mode = os.stat(path).st_mode  # noqa: PTH116  pathlib costs 10 ms of start
    except OSError:
        return False
    return not (S_ISREG(mode) or S_ISDIR(mode))


def _read(path: str, stdin: BinaryIO | None) -> Input | InputError:
    try:
        if path == STDIN:
            return Input(path, stdin.read() if stdin else b"", "auto")
        if path.lower().endswith(_PACKED):
            from tweetlinks.corpora import opened

            with opened(path) as file:
                return Input(path, file.read(), _format(os.path.splitext(path)[0]))  # noqa: PTH122  the same
        with open(path, "rb") as file:  # noqa: PTH123  pathlib costs 10 ms of start
            data = file.read()
        if REPORT in data[:_TOP]:
            return InputError(path, "a report of tweetlinks, and no article")
        return Input(path, data, _format(path))
    except (OSError, EOFError) as error:
        return InputError(path, getattr(error, "strerror", None) or str(error))
    except ValueError as error:  # a NUL in the path
        return InputError(path, str(error))


def _is_packed(path: str, column: str | None) -> bool:
    """Tell whether a file may hold many documents, or be packed: then more is loaded to read it."""
    return path != STDIN and (column is not None or path.lower().endswith(_PACKED))


REPORT = b'<meta name="generator" content="tweetlinks">'
"""What a report of ours has at its top."""
_TOP = 1_000
_PAGES = (".htm", ".html")
_ARCHIVES = (".warc", ".wet")
_PACKED = (".bz2", ".gz", *_ARCHIVES, ".xz", ".zst")


def _format(path: str) -> str:
    return SUFFIXES.get(os.path.splitext(path)[1].lower(), "auto")  # noqa: PTH122  pathlib costs 10 ms of start
