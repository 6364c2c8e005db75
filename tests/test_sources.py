"""Files, folders, globs and standard input become inputs; what cannot be read becomes an error in its place."""

from __future__ import annotations

import gzip
import io
import os
from pathlib import Path

import pytest

from tweetlinks.errors import InputError
from tweetlinks.sources import REPORT, Input, Word, cells, inputs, reads, urls


def names(found):
    return [item.id for item in found]


def test_a_file_is_its_bytes_under_the_path_as_given(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    (tmp_path / "a.txt").write_bytes(b"\xff\xfeA\x00")
    assert list(inputs(["./a.txt"])) == [Input("./a.txt", b"\xff\xfeA\x00", "text")]


def test_standard_input_is_a_dash():
    assert list(inputs(["-"], stdin=io.BytesIO(b"words"))) == [Input("-", b"words", "auto")]
    assert list(inputs(["-"])) == [Input("-", b"", "auto")]


def test_a_folder_is_walked_in_order_without_hidden_or_other_files(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    for path in ("in/b.txt", "in/a/z.md", "in/.git/c.txt", "in/.d.txt", "in/picture.png", "in/C.HTML"):
        (tmp_path / path).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / path).touch()
    found = list(inputs(["in"]))
    assert names(found) == [str(Path("in", *n.split("/"))) for n in ("C.HTML", "b.txt", "a/z.md")]
    assert [item.format for item in found] == ["html", "text", "markdown"]


def test_a_report_is_no_article_and_what_is_read_is_seen_also_inside_a_folder_or_a_glob(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    Path("in").mkdir()
    Path("in", "a.txt").write_text("Rain")
    Path("in", "report.html").write_bytes(b"<!doctype html><head>" + REPORT)
    assert names(inputs(["in"])) == names(inputs(["in/*"])) == [str(Path("in", "a.txt"))]
    (error,) = inputs([str(Path("in", "report.html"))])
    assert "a report of tweetlinks" in str(error)
    assert [reads([name], "in/a.txt") for name in ("in", "in/*.txt", "in/*.md", "in/b.txt")] == [
        True,
        True,
        False,
        False,
    ]
    assert not reads(["in"], "in/report.html")


def test_packed_documents_and_web_archives_of_a_folder_are_read_too(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    for name, data in (("a.html.gz", gzip.compress(b"<p>Rain")), ("b.warc.gz", b""), ("c.png.gz", b""), ("d.zst", b"")):
        (tmp_path / name).write_bytes(data)
    found = list(inputs(["."]))
    assert found[0] == Input(os.path.join(".", "a.html.gz"), b"<p>Rain", "html")  # noqa: PTH118  Path drops the dot
    assert not any(name in str(item) for item in found for name in ("c.png.gz", "d.zst"))


def test_a_folder_without_documents_is_one_error(tmp_path):
    (tmp_path / "picture.png").touch()
    (error,) = inputs([str(tmp_path)])
    assert isinstance(error, InputError)
    assert error.source == str(tmp_path)
    assert error.reason.startswith("no documents in this folder")


@pytest.mark.skipif(not hasattr(os, "geteuid") or os.geteuid() == 0, reason="root reads every folder")
def test_a_folder_that_may_not_be_read_is_an_error(tmp_path):
    tmp_path.chmod(0)
    (error,) = inputs([str(tmp_path)])
    tmp_path.chmod(0o700)
    assert isinstance(error, InputError)


def test_a_glob_is_expanded_unless_a_file_has_that_name(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    for name in ("b1.txt", "b2.txt", "c[1].txt"):
        (tmp_path / name).touch()
    (tmp_path / "sub").mkdir()
    (tmp_path / "sub" / "d.txt").touch()
    assert names(inputs(["b*.txt", "c[1].txt"])) == ["b1.txt", "b2.txt", "c[1].txt"]
    assert names(inputs(["s*"])) == [str(Path("sub", "d.txt"))]
    assert names(inputs(["**"])) == ["b1.txt", "b2.txt", "c[1].txt", str(Path("sub", "d.txt"))]
    (error,) = inputs(["q*"])
    assert str(error) == "q*: no document matches"


def test_what_cannot_be_read_stands_in_its_place(tmp_path):
    good = tmp_path / "good.txt"
    good.touch()
    first, second, third = inputs([str(tmp_path / "none.txt"), "a\0b", str(good)])
    assert isinstance(first, InputError)
    assert first.reason == "No such file or directory"
    assert isinstance(second, InputError)
    assert third == Input(str(good), b"", "text")


def test_urls_are_the_arguments_and_the_lines_of_standard_input():
    lines = io.BytesIO("\ufeffhttps://t.co/a\r\n\n  https://t.co/b \n".encode())
    assert list(urls(["t.co/x", "-"], stdin=lines)) == [
        Word("t.co/x", "t.co/x"),
        Word("https://t.co/a", "-:1"),
        Word("https://t.co/b", "-:3"),
    ]
    assert list(urls(["-"])) == []


def test_what_looks_like_a_path_is_never_taken_for_a_link(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    (tmp_path / "folder").mkdir()
    found = [
        str(item) for item in urls(["folder", "./none", "../none", "/none", "none"]) if isinstance(item, InputError)
    ]
    assert found == [
        "folder: Is a directory",
        *(f"{name}: No such file or directory" for name in ("./none", "../none", "/none")),
    ]
    assert list(urls(["//t.co/a", "t.co/\0"])) == [Word("//t.co/a", "//t.co/a"), Word("t.co/\0", "t.co/\0")]


def test_binary_data_is_no_list_of_links():
    first, second = urls(["-"], stdin=io.BytesIO(b"t.co/a\n\x7fELF\0\0\nt.co/b\n"))
    assert first == Word("t.co/a", "-:1")
    assert str(second) == "-:2: binary data, no text (it holds NUL bytes)"


def test_a_pipe_that_a_pattern_matches_is_passed_over(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    os.mkfifo("pipe.txt")
    (tmp_path / "page.txt").touch()
    assert names(inputs(["p*.txt"])) == ["page.txt"]


def test_a_json_array_gives_its_items_and_an_array_further_on_is_a_line(tmp_path):
    (tmp_path / "a.json").write_text('\ufeff\n[\n{"a": 1},\n"t.co/a"\n]\n', encoding="utf-8")
    assert list(urls([str(tmp_path / "a.json")])) == [
        ('{"a": 1}', f"{tmp_path / 'a.json'}[0]"),
        ("t.co/a", f"{tmp_path / 'a.json'}[1]"),
    ]
    assert [word.text for word in urls(["-"], stdin=io.BytesIO(b"t.co/a\n[]\n"))] == ["t.co/a", "[]"]
    (error,) = urls(["-"], stdin=io.BytesIO(b"[t.co/a]\n"))
    assert str(error).startswith("-: no JSON array, though it begins like one: ")


def test_csv_gives_its_column_names_and_then_its_rows():
    table = io.BytesIO(b'\xef\xbb\xbfid,url\r\n1,"a,b"\r\n')
    assert list(cells("-", "url", stdin=table)) == [(["id", "url"], "-:1"), (["1", "a,b"], "-:2")]


@pytest.mark.parametrize(
    ("data", "reason"),
    [
        (b"id,link\n", "no column 'url'; it has: id, link"),
        (b"", "no column 'url'; it has: none"),
        (b"url\n\xff\n", "no CSV in UTF-8"),
        (b'"url', "no CSV in UTF-8: unexpected end of data"),
    ],
)
def test_csv_that_cannot_be_used_is_an_input_error(data, reason):
    with pytest.raises(InputError, match=reason):
        list(cells("-", "url", stdin=io.BytesIO(data)))


def test_a_damaged_row_stands_in_its_place_with_its_line():
    lines = ["id,url", "1,a", "2", '3,"b', 'b"', "", "4,c,d", '5,"e"f', f'6,"{"x" * 200_000}"', "7,g", '8,"h', "9,i"]
    found = list(cells("-", "url", stdin=io.BytesIO("\n".join(lines).encode())))
    assert [str(item) if isinstance(item, InputError) else item.cells[0] for item in found] == [
        "id",
        "1",
        "-:3: a row of 1 cells, where the columns are 2",
        "3",
        "-:7: a row of 3 cells, where the columns are 2",
        "-:8: no row of CSV: ',' expected after '\"'",
        "6",
        "7",
        "-:11: no row of CSV: unexpected end of data",
    ]


def test_csv_that_is_not_there_is_an_input_error(tmp_path):
    with pytest.raises(InputError, match="No such file"):
        list(cells(str(tmp_path / "none.csv"), "url"))
