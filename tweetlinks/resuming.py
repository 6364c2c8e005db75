r"""Read what an earlier command wrote: to go on with its file, or with its records. Touches: files, read only.

Whole lines of the file are kept, and what they are about is not done again; a torn last line, as `kill -9` may leave
it, is cut. Each line pays for one input: a link that is asked for twice and stands there once is done once more.
"""

from __future__ import annotations

import os
from typing import TYPE_CHECKING, Any

from tweetlinks.errors import InputError
from tweetlinks.write.csvrows import LINK_COLUMNS

if TYPE_CHECKING:
    from collections.abc import Iterator
    from typing import BinaryIO

    from tweetlinks.model import Document
    from tweetlinks.sources import Word

__all__ = ["Kept", "reread"]

_STRANGE = "--resume goes on with what the same command wrote, and this it did not write"
_BOM = "\ufeff"


class Kept:
    """What a file holds already."""

    def __init__(self, path: str, form: str, *, about: str) -> None:
        """Read the file; one that is not there holds nothing.

        Args:
            path: the file.
            form: `jsonl` or `csv`.
            about: `links`, `documents`, or `rows` (a CSV file with the columns of links added to it).

        Raises:
            InputError: it cannot be read, is no file, or something else wrote it.
        """
        self.path, self._about = path, about
        self.size = 0
        """Bytes to keep: those of whole lines."""
        self.names: list[str] = []
        """The names of the columns, where it is CSV and holds any."""
        self.outcomes: set[str] = set()
        """What the links came to."""
        self._left: dict[int, int] = {}  # by hash: a million links would be too large
        try:
            if os.path.lexists(path):
                self._read(form)
        except OSError as error:
            raise InputError(path, error.strerror or str(error)) from error

    def take(self, key: object) -> bool:
        """Tell whether something is done already; each line of the file pays once."""
        code = hash(key)
        count = self._left.get(code, 0)
        if count > 1:
            self._left[code] = count - 1
        elif count:
            del self._left[code]
        return count > 0

    def header(self, names: list[str]) -> bool:
        """Tell whether the names of the columns stand there already.

        Raises:
            InputError: others do.
        """
        if self.names and self.names != names:
            raise InputError(self.path, f"{_STRANGE}: its columns are {', '.join(self.names)[:200]}")
        return bool(self.names)

    def _read(self, form: str) -> None:
        if not os.path.isfile(self.path):  # noqa: PTH113  a path is text here
            raise InputError(self.path, "--resume needs a file to go on with")
        with open(self.path, "rb") as file:  # noqa: PTH123  the same
            if form == "csv":
                self._rows(file)
            else:
                self._lines(file)

    def _lines(self, file: BinaryIO) -> None:
        import json

        for number, line in enumerate(file, 1):
            if not line.endswith(b"\n"):
                return
            try:
                self._record(json.loads(line))
            except (ValueError, RecursionError, KeyError, TypeError, AttributeError) as error:
                raise InputError(f"{self.path}:{number}", _STRANGE) from error
            self.size += len(line)

    def _record(self, record: dict[str, Any]) -> None:
        found = [record]
        if self._about == "documents":
            found = [link["resolution"] for link in record["links"] if link["resolution"]]
        for resolution in found:
            self.outcomes |= {resolution["expansion"], resolution["target"]}
        self._add(record["id" if self._about == "documents" else "url"])

    def _rows(self, file: BinaryIO) -> None:
        import csv

        read = [0, True]  # bytes so far, and whether the last line had its end

        def lines() -> Iterator[str]:
            for line in file:
                read[:] = read[0] + len(line), line.endswith(b"\n")
                yield line.decode("utf-8").removeprefix("" if read[0] > len(line) else _BOM)

        csv.field_size_limit(max(csv.field_size_limit(), os.stat(self.path).st_size))  # noqa: PTH116  the same
        rows = csv.reader(lines(), strict=True)
        try:
            for row in rows:
                if not read[1]:
                    return
                self._row(row, rows.line_num)
                self.size = read[0]
        except (csv.Error, UnicodeDecodeError) as error:
            if read[1] and not str(error).startswith("unexpected end of data"):
                raise InputError(f"{self.path}:{rows.line_num}", _STRANGE) from error

    def _row(self, row: list[str], number: int) -> None:
        width = len(LINK_COLUMNS)
        if not self.names and tuple(row[1 - width :]) == LINK_COLUMNS[1:]:
            self.names = row
        elif not self.names or len(row) != len(self.names):
            raise InputError(f"{self.path}:{number}", _STRANGE)
        else:
            self.outcomes |= set(row[-2:])
            self._add(tuple(row[: 1 - width]) if self._about == "rows" else row[0])

    def _add(self, key: object) -> None:
        code = hash(key)
        self._left[code] = self._left.get(code, 0) + 1


def reread(line: Word) -> tuple[dict[str, Any], Document]:
    """Read one line that `extract` wrote: its fields as they are, and the document that they describe.

    Raises:
        InputError: it is no such record; the message names the line.
    """
    import json

    from tweetlinks.model import SCHEMA, Document
    from tweetlinks.schema import fault

    try:
        record: dict[str, Any] = json.loads(line.text, parse_constant=_number, parse_float=_number)
    except (ValueError, RecursionError) as error:
        raise InputError(line.source, f"no record of tweetlinks: {error}") from error
    if not isinstance(record, dict) or record.get("schema") != SCHEMA:
        raise InputError(line.source, f"no record of tweetlinks: its schema is not {SCHEMA}")
    try:
        if wrong := fault(record):
            raise InputError(line.source, f"no record of tweetlinks: {wrong}")
        document = Document.from_dict(record)
        _check(document)
    except KeyError as error:
        raise InputError(line.source, f"no record of tweetlinks: it has no {error}") from error
    except (AttributeError, IndexError, TypeError, ValueError) as error:
        raise InputError(line.source, f"no record of tweetlinks: {error}") from error
    return record, document


def _number(word: str) -> float:
    number = float(word)
    if number - number != 0:  # neither infinite nor none
        raise ValueError(f"{word} is no number")
    return number


def _check(document: Document) -> None:
    """Refuse a record whose parts do not fit together, which would fail later.

    Raises:
        IndexError: a citation with a link that is not there.
        ValueError: a citation that stands nowhere.
    """
    if None in [citation.span for citation in document.citations]:
        raise ValueError("a citation without a span")
    for citation in document.citations:
        for number in citation.links:
            document.links[number]
    document.to_dict()
