"""Read files that hold many documents: tables with a column of texts, JSON lines, Parquet, WARC. Touches: files.

Packed files (`.gz`, `.bz2`, `.xz`, and `.zst` with the package `zstandard`) are read as they unpack; nothing is held
but the record at hand. A record that is damaged is an `InputError` in its place, and the others are still read.
"""

from __future__ import annotations

import os
import re

from tweetlinks.errors import InputError, MissingExtra
from tweetlinks.record import TYPE_CHECKING, Record

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator
    from typing import Any, BinaryIO

__all__ = ["PACKED", "Input", "holds_many", "kind", "opened", "pages", "parsed", "records"]

PACKED = {".bz2": "bz2", ".gz": "gzip", ".xz": "lzma", ".zst": "zstandard"}
"""The module that unpacks each suffix."""
_TABLES = {".csv": ",", ".tsv": "\t"}
_LONGEST = 100_000_000  # bytes of a record: what is longer is no article


class Input(Record):
    """One document, unread."""

    id: str
    """The path as the caller gave it; for a file of a folder, the folder as given and the way down from it."""
    data: bytes
    """Its bytes."""
    format: str
    """What its name says: `text`, `html`, …; `auto` when it says nothing."""
    url: str | None = None
    """Where it was published, when an archive of the web says so."""
    archived_at: str | None = None
    """When it was archived: ISO 8601, UTC."""
    place: str | None = None
    """Where it stands, when its id does not say so: the file and the line."""


def holds_many(path: str, column: str | None) -> bool:
    """Tell whether a file holds many documents: an archive of the web does, a table when a column of it is named."""
    suffix = kind(path)
    return suffix == ".warc" or (column is not None and (suffix in _READ))


def records(path: str, column: str | None, names: str | None) -> Iterator[Input | InputError]:
    """Read the documents of a file.

    Args:
        path: the file.
        column: the column, or the key of JSON lines, that holds the texts.
        names: the one that holds their ids; None: the path, a colon and the number of the line or row.

    Returns:
        One `Input` or `InputError` for each record; an empty cell is no document.
    """
    try:
        yield from _READ[kind(path)](path, column or "", names)
    except Exception as error:  # noqa: BLE001  every way of packing has errors of its own
        yield InputError(path, getattr(error, "strerror", None) or str(error))


def opened(path: str, file: BinaryIO | None = None) -> BinaryIO:
    """Open a file as what it unpacks to.

    Args:
        path: its name.
        file: its bytes, where they are not on this machine's disk.

    Raises:
        MissingExtra: it is packed in a way that needs a package.
        OSError: it cannot be opened.
    """
    packed = PACKED.get(os.path.splitext(path)[1].lower())  # noqa: PTH122  pathlib costs 10 ms of start
    if packed is None:
        return file or open(path, "rb")  # noqa: PTH123  the same
    import io
    from importlib import import_module
    from typing import cast

    try:
        unpacked = import_module(packed).open(file or path, "rb")
    except ImportError as error:
        raise MissingExtra(packed, "corpora") from error
    return cast("BinaryIO", io.BufferedReader(unpacked))


def kind(path: str) -> str:
    """Return the suffix of what a file unpacks to, in small letters.

    >>> kind("CRAWL.WARC.GZ")
    '.warc'
    """
    name, suffix = os.path.splitext(path.lower())  # noqa: PTH122  pathlib costs 10 ms of start
    return os.path.splitext(name)[1] if suffix in PACKED else suffix  # noqa: PTH122  the same


def _json(path: str, column: str, names: str | None) -> Iterator[Input | InputError]:
    import json

    keys, seen = [json.dumps(column, ensure_ascii=ascii_).encode() for ascii_ in (True, False)], False
    with opened(path) as file:
        for number, line in enumerate(iter(lambda: file.readline(_LONGEST), b""), 1):
            seen = seen or any(key in line for key in keys)
            yield from parsed(line, f"{path}:{number}", column, names)
    if not seen:
        yield InputError(path, f"no line has the key {column!r}")


def parsed(line: bytes | str, place: str, column: str, names: str | None) -> Iterator[Input | InputError]:
    """Read the document of one line of JSON lines; an empty line, or an empty text, is none.

    Args:
        line: the line.
        place: what it is called where it has no id.
        column: the key of its text.
        names: the key of its id; None: it has none.
    """
    import json

    if not line.strip():
        return
    try:
        row = json.loads(line)
    except (ValueError, RecursionError) as error:
        yield InputError(place, f"no JSON: {error}")
        return
    if isinstance(row, dict):
        yield from _input(place, row, column, names)
    else:
        yield InputError(place, "no JSON object")


def _table(path: str, column: str, names: str | None) -> Iterator[Input | InputError]:
    import csv
    import io

    csv.field_size_limit(_LONGEST)  # of the module: a cell may hold an article
    with opened(path) as file, io.TextIOWrapper(file, "utf-8-sig", "replace", newline="") as text:
        rows = csv.DictReader(text, delimiter=_TABLES[kind(path)], strict=True)
        if missing := [name for name in (column, names) if name and name not in (rows.fieldnames or ())]:
            yield InputError(path, f"no column {missing[0]!r}; it has: {', '.join(rows.fieldnames or ()) or 'none'}")
            return
        while True:
            try:
                row = next(rows)
            except StopIteration:
                return
            except csv.Error as error:
                yield InputError(f"{path}:{rows.line_num}", f"no row of CSV: {error}")
                continue
            yield from _input(f"{path}:{rows.line_num}", row, column, names)


def _parquet(path: str, column: str, names: str | None) -> Iterator[Input | InputError]:
    try:
        from pyarrow import ArrowException, parquet
    except ImportError as error:
        raise MissingExtra("pyarrow", "arrow") from error
    wanted = [column, *([names] if names else [])]
    try:
        file, number = parquet.ParquetFile(path), 0
        if missing := [name for name in wanted if name not in file.schema_arrow.names]:
            yield InputError(path, f"no column {missing[0]!r}; it has: {', '.join(file.schema_arrow.names)}")
            return
        for batch in file.iter_batches(batch_size=1000, columns=wanted):
            for row in batch.to_pylist():
                number += 1
                yield from _input(f"{path}:{number}", row, column, names)
    except ArrowException as error:
        yield InputError(path, f"no Parquet: {error}")


def _warc(path: str, _column: str, _names: str | None) -> Iterator[Input | InputError]:
    packed = path.lower().endswith(".gz")  # warcio unpacks it, member by member
    with open(path, "rb") if packed else opened(path) as file:  # noqa: PTH123  pathlib costs 10 ms of start
        yield from pages(file, path)


def pages(file: BinaryIO, name: str) -> Iterator[Input | InputError]:
    """Read the pages of a WARC file and the texts of a WET file.

    Args:
        file: the file, open; what is packed with gzip is unpacked.
        name: its name, for complaints.

    Raises:
        MissingExtra: the package `warcio` is not installed.
    """
    try:
        from warcio.archiveiterator import ArchiveIterator  # type: ignore[import-untyped]
    except ImportError as error:
        raise MissingExtra("warcio", "corpora") from error
    at: int | None = 0
    read = told = False  # anything at all; of this stretch of damage
    while at is not None:
        if at:
            file.seek(at)
        records = ArchiveIterator(file)
        try:
            for record in records:
                read, told = True, False
                yield from _page(record)
        except Exception as error:  # noqa: BLE001  a record may be damaged in many ways
            at = max(records.member_info[0] if records.member_info else 0, at)  # of the last one that was whole
            if not told:
                yield InputError(name, f"a damaged record behind byte {at}: {error}" if read else f"no WARC: {error}")
            told = True
            at = _next_record(file, at + 1)
        else:
            at = None
            end = sum(records.member_info or (0, 0))
            if _goes_on(file, end):
                yield InputError(name, f"is cut off: no whole record behind byte {end}")


def _goes_on(file: BinaryIO, end: int) -> bool:
    """Tell whether there is more of a file behind its last record; of what cannot be read anew nobody knows."""
    if not file.seekable():
        return False
    file.seek(end)
    return bool(file.read(_BLOCK).strip())


_RECORD = re.compile(rb"(?<=\n)WARC/1\.[01]\r?\n|\x1f\x8b\x08")  # linear: fixed
"""How a record begins, plain or packed."""
_BLOCK, _MARK = 1_000_000, 12
"""Bytes that are looked through at once, and of the longest beginning."""


def _next_record(file: BinaryIO, start: int) -> int | None:
    """Return where the next record seems to begin; None when there is none, or the file cannot be read anew."""
    if not file.seekable():
        return None
    file.seek(start - 1)
    at, held = start - 1, file.read(_BLOCK)
    while held:
        if found := _RECORD.search(held, 1):
            return at + found.start()
        more = file.read(_BLOCK)
        at, held = at + max(len(held) - _MARK, 0), held[-_MARK:] + more if more else b""
    return None


def _page(record: Any) -> Iterator[Input | InputError]:
    head, http = record.rec_headers, record.http_headers
    name = (head.get_header("WARC-Record-ID") or "").strip("<>")
    if not (head.get_header("Content-Length") or "").strip().isdigit():
        yield InputError(name or "a record without an id", "is cut off, or has no length")
        return
    kind = (http.get_header("Content-Type") or "").lower() if http else ""
    form = _form(record, kind)
    data = record.content_stream().read(_LONGEST) if form else b""
    while not form and record.raw_stream.read(_BLOCK):  # to its end, to see whether it is all there
        pass
    packed = http.get_header("Content-Encoding") if http else None
    if len(data) < _LONGEST and getattr(record.raw_stream, "limit", 0) > 0:
        yield InputError(name, f"is cut off: {record.raw_stream.limit} bytes are missing")
    elif packed and b"\0" in data[:1000]:  # what it is packed with is not to be had, or it is damaged
        yield InputError(name, f"its body is not what it says to be: {packed[:40]}")
    elif form:
        url, at = head.get_header("WARC-Target-URI"), head.get_header("WARC-Date")
        yield Input(name, _in_utf8(data, kind), form, url, at)


def _form(record: Any, kind: str) -> str | None:
    """Return the format of what a record holds; None for what is no article: requests, pictures, error pages."""
    if record.rec_type == "conversion":
        return "text"
    status = record.http_headers.get_statuscode() if record.http_headers else ""
    if record.rec_type != "response" or status[:1] in {"3", "4", "5"}:
        return None
    return "html" if "html" in kind or not kind else "text" if "text/plain" in kind else None


def _in_utf8(data: bytes, content_type: str) -> bytes:
    """Return a page in UTF-8, where the server said that it is in something else."""
    from tweetlinks.charsets import codec_of

    codec = codec_of(content_type.partition("charset=")[2].partition(";")[0].strip(" \"'")[:40])
    return data if codec in {None, "utf-8"} else data.decode(codec or "utf-8", "replace").encode()


def _input(place: str, row: dict[str, Any], column: str, names: str | None) -> Iterator[Input | InputError]:
    text = row.get(column)
    if text is None or text == "":
        return
    name = row.get(names) if names else None
    if isinstance(text, str):
        text = text.encode("utf-8", "surrogatepass")
    if isinstance(text, bytes):
        yield Input(place if name is None else f"{name}", text, "auto", place=place)
    else:
        yield InputError(place, f"{column!r} is no text")


_READ: dict[str, Callable[[str, str, str | None], Iterable[Input | InputError]]] = {
    ".csv": _table,
    ".json": _json,
    ".jsonl": _json,
    ".ndjson": _json,
    ".parquet": _parquet,
    ".tsv": _table,
    ".warc": _warc,
    ".wet": _warc,
}
