"""Load and check the tables of `tweetlinks/data`. Touches: the files of the package, also inside a zip.

A table is UTF-8 text: one row a line, fields parted by tabs, `#` opens a comment line, empty lines are skipped. The
comment lines on top say where the rows come from. Nothing here knows what a table means: the module that uses a table
reads it once, at first use, and keeps what it made of it.
"""

from __future__ import annotations

from os.path import dirname, join

from tweetlinks.errors import TableError
from tweetlinks.record import TYPE_CHECKING

if TYPE_CHECKING:
    from typing import Any

__all__ = ["read_table", "read_text", "read_toml"]


def read_table(name: str, *, fields: int | None = None) -> list[list[str]]:
    """Read the rows of a table, in the order of the file.

    Args:
        name: the name of a file in `tweetlinks/data`, such as `dates.tsv`.
        fields: how many fields every row has; None means as many as the first row.

    Returns:
        One list of fields for each row, white space kept; empty when the file holds comments only.

    Raises:
        TableError: the file is missing or not UTF-8, or a row has another number of fields; file and line are named.
    """
    lines = read_text(name).split("\n")
    rows = [line.split("\t") for line in lines if line and line[0] != "#"]
    width = fields or (len(rows[0]) if rows else 0)
    if {*map(len, rows)} - {width}:
        raise TableError(_complaint(name, lines, width))
    return rows


def read_toml(name: str) -> dict[str, Any]:
    """Read a table in TOML, for rows that hold lists. It is slow: only where a parser is loaded anyway.

    Args:
        name: the name of a file in `tweetlinks/data`, such as `embeds.toml`.

    Raises:
        TableError: the file is missing, not UTF-8 or not TOML; the place is named.
    """
    import tomllib

    try:
        return tomllib.loads(read_text(name))
    except tomllib.TOMLDecodeError as error:
        message = f"data/{name}: {error}"
        raise TableError(message) from error


def read_text(name: str) -> str:
    r"""Read a data file whole, lines ended by `\n`.

    Args:
        name: the name of a file in `tweetlinks/data`.

    Raises:
        TableError: the file is missing or not UTF-8.
    """
    loader = __spec__.loader  # a zipimporter inside a zip, else a file loader: both have get_data
    path = join(dirname(__file__), "data", name)  # noqa: PTH118, PTH120 - pathlib is slow to import
    try:
        data: bytes = loader.get_data(path)  # type: ignore[union-attr]
        return data.decode().replace("\r\n", "\n")
    except (OSError, UnicodeDecodeError) as error:
        message = f"data/{name}: {error}"
        raise TableError(message) from error


def _complaint(name: str, lines: list[str], width: int) -> str:
    """Name the first line that has not `width` fields."""
    widths = ((number, line.count("\t") + 1) for number, line in enumerate(lines, 1) if line and line[0] != "#")
    number, found = next((number, found) for number, found in widths if found != width)
    return f"data/{name}, line {number}: {found} fields instead of {width}"
