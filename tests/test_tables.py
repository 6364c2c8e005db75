"""What `tweetlinks.tables` promises: rows in order, comments skipped, damage named by line; and what one table does."""

from __future__ import annotations

import os
import re
import subprocess
import sys
import zipfile
from pathlib import Path

import pytest

import tweetlinks
from tweetlinks import tables
from tweetlinks.errors import TableError
from tweetlinks.urls import classify, is_shortener, shortener

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


SHORTENERS = tables.read_table("shorteners.txt", fields=4)


def test_the_table_of_shorteners_holds_hosts_once_in_order() -> None:
    hosts = [host for host, *_ in SHORTENERS]
    assert hosts == sorted(set(hosts))
    assert all(host == host.lower() and "." in host and "/" not in host and is_shortener(host) for host in hosts)
    assert not any(is_shortener(host) for host in ("google.com", "tumblr.com", "vk.com", "rt.com", "t.me"))


def test_the_lists_that_name_a_shortener_have_a_licence_that_allows_to_copy_them() -> None:
    known = re.compile(r"(?:url-unshort MIT|urlExpander MIT|MISP CC0|own) 20[0-9]{2}-[01][0-9]")
    for host, _, _, lists in SHORTENERS:
        named = lists.split("; ")
        assert all(map(known.fullmatch, named)), host
        assert len(named) == len(set(named)), host


@pytest.mark.parametrize("row", [row for row in SHORTENERS if row[1:3] != ["-", "-"]], ids=lambda row: row[0])
def test_what_was_seen_of_a_shortener_has_a_witness(row: list[str]) -> None:
    _, dead, seen, _ = row
    assert re.fullmatch(r"-|20[0-9]{2}-(?:0[1-9]|1[0-2])", dead)
    assert re.search(r"https?://\S+\.\S+/|url-unshort MIT", seen)


@pytest.mark.parametrize(
    ("host", "dead"),
    [
        ("tr.im", "2022-02"),
        ("WWW.Tr.im", "2022-02"),
        ("x.co", "2024-05"),
        ("goo.gl", None),
        ("ow.ly", None),
        ("bit.ly", None),
    ],
)
def test_a_shortener_that_is_dead_says_since_when_and_who_says_so(host: str, dead: str | None) -> None:
    known = shortener(host)
    assert known is not None
    assert known.host == host.lower().removeprefix("www.")
    assert known.dead == dead
    assert (known.seen is None) == (host == "bit.ly")
    assert known.source


def test_a_link_of_a_dead_shortener_is_a_short_link() -> None:
    dead = [host for host, since, *_ in SHORTENERS if since != "-"]
    assert {classify(f"http://{host}/a1") for host in dead} == {"shortener"}
    words = (PACKAGE.parent / "docs" / "limits.md").read_text(encoding="utf-8")
    assert f"{len(SHORTENERS)} in all" in words
    assert f"\n{len(dead)} are known to be dead" in words


@pytest.mark.parametrize("host", ["foo.bit.ly", "support.bitly.com", "rt.com", "notbit.ly", "bit.ly.example", "ly", ""])
def test_only_hosts_are_shorteners_not_what_is_above_or_under_them(host: str) -> None:
    assert shortener(host) is None
    assert not is_shortener(host)
