"""Files that hold many documents: each record is a document, and a damaged one stops no other."""

from __future__ import annotations

import bz2
import gzip
import io
import json
import lzma

import pytest

from tweetlinks.corpora import Input, holds_many, records
from tweetlinks.errors import InputError
from tweetlinks.sources import inputs

PAGE = "<!doctype html><p>See https://twitter.com/ann_b/status/859700000000000000"
ROWS = [
    {"id": "x1", "body": "Rain #x\n— Ann (@ann_b) May 3, 2017"},
    {"id": "x2", "body": PAGE},
    {"id": "x3", "body": ""},
]


def read(path, column="body", names="id"):
    return list(inputs([str(path)], column=column, names=names))


def told(found):
    return [(item.id, item.data.decode()) if isinstance(item, Input) else str(item) for item in found]


WANTED = [(row["id"], row["body"]) for row in ROWS[:2]]


@pytest.mark.parametrize("packed", ["", ".gz", ".bz2", ".xz", ".zst"])
def test_json_lines_are_read_packed_or_not(tmp_path, packed):
    data = "".join(json.dumps(row) + "\n" for row in ROWS).encode()
    if packed == ".zst":
        data = pytest.importorskip("zstandard").compress(data)
    pack = {".gz": gzip.compress, ".bz2": bz2.compress, ".xz": lzma.compress}
    path = tmp_path / f"a.jsonl{packed}"
    path.write_bytes(pack.get(packed, bytes)(data))
    assert told(read(path)) == WANTED


@pytest.mark.parametrize(("suffix", "mark"), [(".csv", ","), (".tsv", "\t")])
def test_a_column_of_a_table_is_read_with_its_line_breaks(tmp_path, suffix, mark):
    import csv

    out = io.StringIO()
    rows = csv.DictWriter(out, ["id", "body"], delimiter=mark)
    rows.writeheader()
    rows.writerows(ROWS)
    path = tmp_path / f"a{suffix}"
    path.write_text("\ufeff" + out.getvalue(), encoding="utf-8")
    assert told(read(path)) == WANTED
    assert [item.id for item in read(path, names=None)] == [f"{path}:3", f"{path}:4"]
    assert str(read(path, column="text")[0]) == f"{path}: no column 'text'; it has: id, body"


def test_a_column_of_parquet_is_read(tmp_path):
    pa = pytest.importorskip("pyarrow")
    parquet = pytest.importorskip("pyarrow.parquet")
    path = tmp_path / "a.parquet"
    parquet.write_table(pa.Table.from_pylist(ROWS), path)
    assert told(read(path)) == WANTED
    assert "no column 'text'" in str(read(path, column="text")[0])
    path.write_bytes(b"PAR1 no")
    assert "no Parquet" in str(read(path)[0])


def test_what_is_damaged_is_named_and_the_rest_is_read(tmp_path):
    path = tmp_path / "a.jsonl"
    lines = [json.dumps(ROWS[0]), "nonsense", "[1]", json.dumps({"body": 7}), "", json.dumps(ROWS[1])]
    path.write_text("\n".join(lines), encoding="utf-8")
    found = told(read(path))
    assert [found[0], found[-1]] == WANTED
    assert [text.partition(": ")[2][:8] for text in found[1:-1]] == ["no JSON:", "no JSON ", "'body' i"]


@pytest.mark.parametrize("cut", [0, 5, 30, -4])
def test_a_file_that_breaks_off_is_named_after_what_it_held(tmp_path, cut):
    path = tmp_path / "a.jsonl.gz"
    path.write_bytes(gzip.compress("".join(json.dumps(row) + "\n" for row in ROWS * 50).encode())[:cut])
    found = read(path)
    assert not found or isinstance(found[-1], InputError)


def test_a_packed_document_is_a_document(tmp_path):
    path = tmp_path / "a.html.gz"
    path.write_bytes(gzip.compress(PAGE.encode()))
    (item,) = inputs([str(path)])
    assert (item.id, item.format, item.data.decode()) == (str(path), "html", PAGE)
    path.write_bytes(b"\x1f\x8b no")
    assert isinstance(next(iter(inputs([str(path)]))), InputError)


@pytest.mark.parametrize("packed", [False, True])
def test_pages_of_an_archive_have_their_id_their_url_and_their_day(tmp_path, packed):
    pytest.importorskip("warcio")

    def record(kind, url, body, http=""):
        block = (http.replace("\n", "\r\n") + body).encode()
        head = f"WARC/1.0\nWARC-Type: {kind}\nWARC-Record-ID: <urn:uuid:{url[-1]}>\nWARC-Target-URI: {url}\n"
        head += f"WARC-Date: 2020-05-06T07:08:09Z\nContent-Length: {len(block)}\n\n"
        whole = head.replace("\n", "\r\n").encode() + block + b"\r\n\r\n"
        return gzip.compress(whole) if packed else whole

    path = tmp_path / ("a.warc.gz" if packed else "a.warc")
    path.write_bytes(
        record("response", "https://paper.example/a", PAGE, "HTTP/1.0 200 OK\nContent-Type: text/html\n\n")
        + record("response", "https://paper.example/i", "x", "HTTP/1.0 200 OK\nContent-Type: image/png\n\n")
        + record("request", "https://paper.example/r", "", "GET / HTTP/1.0\n\n")
        + record("conversion", "https://paper.example/b", ROWS[0]["body"])
    )
    page, words = inputs([str(path)])
    assert (page.format, page.url, page.data.decode()) == ("html", "https://paper.example/a", PAGE)
    assert (page.id, page.archived_at) == ("urn:uuid:a", "2020-05-06T07:08:09Z")
    assert (words.format, words.data.decode()) == ("text", ROWS[0]["body"])


def test_a_table_is_a_document_of_its_own_unless_a_column_is_named():
    assert not holds_many("a.csv", None)
    assert holds_many("a.csv", "body")
    assert holds_many("a.warc.gz", None)
    assert not holds_many("a.html.gz", "body")


def test_the_command_reads_a_column(run, tmp_path):
    path = tmp_path / "a.jsonl"
    path.write_text("".join(json.dumps(row) + "\n" for row in ROWS) + "nonsense\n", encoding="utf-8")
    done = run("extract", "--text-column", "body", "--id-column", "id", str(path))
    assert [json.loads(line)["id"] for line in done.stdout.splitlines()] == ["x1", "x2"]
    assert (done.returncode, done.stderr.count("\n")) == (1, 1)


WHOLE = PAGE.encode()


def record(number, body=WHOLE, length=None, packed=None):
    head = b"HTTP/1.1 200 OK\r\nContent-Type: text/html\r\n"
    block = head + (b"Content-Encoding: " + packed + b"\r\n" if packed else b"") + b"\r\n" + body
    named = f"WARC-Record-ID: <urn:uuid:{number}>\r\nWARC-Target-URI: https://paper.example/{number}\r\n"
    more = f"WARC-Date: 2020-05-06T07:08:09Z\r\nContent-Length: {length or len(block)}\r\n\r\n"
    return f"WARC/1.0\r\nWARC-Type: response\r\n{named}{more}".encode() + block + b"\r\n\r\n"


FLIPPED = [bytearray(gzip.compress(record(n))) for n in range(6)]
FLIPPED[2][20] ^= 0xFF
ODD = [
    ("junk", record(0) + record(1) + b"JUNK\r\n\r\n" + record(2), "01!2"),
    ("no URL", record(0) + record(1).replace(b"WARC-Target-URI: https://paper.example/1\r\n", b"") + record(2), "0!2"),
    ("a flipped bit", b"".join(FLIPPED), "01!345"),
    ("no archive", b"no archive at all", "!"),
    ("nothing", b"", ""),
    ("packed otherwise", record(0, b"\0\1\2", packed=b"br") + record(1), "!1"),
]


@pytest.mark.parametrize("packed", [True, False])
def test_wherever_an_archive_is_cut_off_that_is_named_and_no_page_is_read_in_part(tmp_path, packed):
    members = [record(n, WHOLE + b"%d" % n * 200) for n in range(3)]
    members = [gzip.compress(each) for each in members] if packed else members
    data, path = b"".join(members), tmp_path / ("a.warc.gz" if packed else "a.warc")
    whole = [sum(map(len, members[: n + 1])) for n in range(3)]
    for cut in range(1, len(data), 7):
        path.write_bytes(data[:cut])
        found = list(read(path))
        pages = [each for each in found if not isinstance(each, InputError)]
        assert all(each.data.startswith(WHOLE) and len(each.data) == len(WHOLE) + 200 for each in pages), cut
        assert len(pages) >= sum(end <= cut for end in whole), cut
        assert len(found) > len(pages) or any(end - 16 <= cut <= end for end in whole), cut  # but for its last bytes


def test_an_answer_that_is_no_page_is_no_document_and_plain_text_is_one(tmp_path):
    gone = record(0).replace(b"HTTP/1.1 200 OK", b"HTTP/1.1 404 No")
    plain = record(1, b"Rain").replace(b"text/html", b"text/plai").replace(b"text/plai\r", b"text/plain\r")
    length = plain.partition(b"Content-Length: ")[2].partition(b"\r")[0]
    plain = plain.replace(b"Content-Length: " + length, b"Content-Length: %d" % (int(length) + 1))
    (tmp_path / "a.warc").write_bytes(gone + plain)
    assert [(item.data, item.format) for item in read(tmp_path / "a.warc")] == [(b"Rain", "text")]


@pytest.mark.parametrize(("data", "wanted"), [row[1:] for row in ODD], ids=[row[0] for row in ODD])
def test_a_damaged_record_of_a_web_archive_is_named_and_those_behind_it_are_read(tmp_path, data, wanted):
    path = tmp_path / ("a.warc.gz" if data[:1] == b"\x1f" else "a.warc")
    path.write_bytes(data)
    assert "".join("!" if isinstance(each, InputError) else each.id[-1] for each in read(path)) == wanted


def test_the_charset_that_a_server_named_is_heeded(tmp_path):
    page = record(0, "<p>Дождь".encode("cp1251")).replace(b"text/html", b"text/html; charset=windows-1251")
    length = page.partition(b"Content-Length: ")[2].partition(b"\r")[0]
    page = page.replace(b"Content-Length: " + length, b"Content-Length: %d" % (int(length) + 22))
    (tmp_path / "a.warc").write_bytes(page)
    (item,) = read(tmp_path / "a.warc")
    assert item.data.decode() == "<p>Дождь"


def test_a_misspelt_key_or_column_is_named(tmp_path):
    (tmp_path / "a.jsonl").write_text('{"text": "a"}\n', encoding="utf-8")
    (error,) = records(str(tmp_path / "a.jsonl"), "txet", None)
    assert str(error) == f"{tmp_path / 'a.jsonl'}: no line has the key 'txet'"
    (tmp_path / "a.csv").write_text("text\na\n", encoding="utf-8")
    (error,) = records(str(tmp_path / "a.csv"), "text", "nmae")
    assert "no column 'nmae'; it has: text" in str(error)
