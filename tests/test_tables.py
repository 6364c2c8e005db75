"""What `tweetlinks.tables` promises: rows in order, comments skipped, damage named by file and line."""

from __future__ import annotations

import os
import subprocess
import sys
import zipfile
from pathlib import Path

import pytest

import tweetlinks
from tweetlinks import tables
from tweetlinks.errors import TableError

PACKAGE = Path(tweetlinks.__file__).parent


@pytest.fixture
def data(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Let `tables` read from a folder of this test's own."""
    folder = tmp_path / "data"
    folder.mkdir()
    monkeypatch.setattr(tables, "__file__", str(tmp_path / "tables.py"))
    return folder


def test_comments_and_empty_lines_are_skipped_and_white_space_is_kept(data: Path) -> None:
    (data / "a.tsv").write_bytes("# source\r\n\r\na\t b \r\nç\t\r\n# end\n".encode())
    assert tables.read_table("a.tsv") == [["a", " b "], ["ç", ""]]


def test_a_table_of_comments_has_no_rows(data: Path) -> None:
    (data / "a.tsv").write_text("# nothing yet\n", encoding="utf-8")
    assert tables.read_table("a.tsv") == []


@pytest.mark.parametrize(
    ("rows", "fields", "message"),
    [
        ("# top\na\tb\n\nc\n", None, "data/a.tsv, line 4: 1 fields instead of 2"),
        ("# top\na\tb\n", 3, "data/a.tsv, line 2: 2 fields instead of 3"),
    ],
)
def test_a_row_of_another_width_is_named_by_file_and_line(
    data: Path, rows: str, fields: int | None, message: str
) -> None:
    (data / "a.tsv").write_text(rows, encoding="utf-8")
    with pytest.raises(TableError, match=message):
        tables.read_table("a.tsv", fields=fields)


def test_a_missing_table_is_a_table_error() -> None:
    with pytest.raises(TableError, match=r"data/no-such\.tsv"):
        tables.read_table("no-such.tsv")


def test_a_table_that_is_not_utf8_is_a_table_error(data: Path) -> None:
    (data / "a.tsv").write_bytes(b"caf\xe9\n")
    with pytest.raises(TableError, match=r"data/a\.tsv"):
        tables.read_table("a.tsv")


def test_tables_are_read_from_inside_a_zip(tmp_path: Path) -> None:
    archive = tmp_path / "t.zip"
    with zipfile.ZipFile(archive, "w") as z:
        for name in ("__init__.py", "errors.py", "record.py", "tables.py"):
            z.write(PACKAGE / name, f"tweetlinks/{name}")
        z.writestr("tweetlinks/data/a.tsv", "x\ty\n")
    code = f"import sys; sys.path[:0] = [{str(archive)!r}]; from tweetlinks.tables import *; print(read_table('a.tsv'))"
    plain = {
        name: value for name, value in os.environ.items() if not name.startswith("COV")
    }  # the copy is not measured
    done = subprocess.run([sys.executable, "-I", "-c", code], env=plain, capture_output=True, text=True, check=True)
    assert done.stdout == "[['x', 'y']]\n"
