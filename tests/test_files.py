"""Formats that are files of their own, and lists of nothing but ids or URLs."""

from __future__ import annotations

import csv
import sqlite3
from contextlib import closing

import pytest

from tweetlinks import extract, resolve_links
from tweetlinks.lookups.verdicts import judge
from tweetlinks.model import Hop, Resolution, TweetRef
from tweetlinks.write import FILES, FORMATS, SUFFIXES, View, saver, writer

ID = "859700000000000000"
OWN = f"https://twitter.com/ann_b/status/{ID}"
WORDS = 'Rain, "again"\tpic.twitter.com/abcdefghij https://t.co/aaaaaaaaaa'
TEXT = f"She wrote:\n{WORDS}\n— Ann (@ann_b) May 3, 2017 {OWN}\nSo it was.\n"


def led(urls):
    hops = (Hop("https://t.co/aaaaaaaaaa", 301, "http", 7), Hop("https://end.example/", None, "end", 0))
    first, last = hops[0].url, hops[1].url
    end = {first: Resolution(first, "expanded", "ok", last, "http", hops)}
    return {
        url: end.get(url, Resolution(url, "dead", "unchecked", None, None, tweet=TweetRef(ID, None))) for url in urls
    }


@pytest.fixture
def document():
    return resolve_links(extract(TEXT, id="a.txt", url="https://paper.example/a"), led)


def test_a_database_ties_articles_citations_links_and_hops(document, tmp_path):
    path = tmp_path / "a.db"
    empty = extract("Nothing here.", id="b.txt")
    saver("sqlite")([document, empty, document], str(path))
    with closing(sqlite3.connect(path)) as db:
        assert db.execute("PRAGMA foreign_key_check").fetchall() == []
        assert db.execute("SELECT id, url FROM articles ORDER BY id").fetchall() == [
            ("a.txt", "https://paper.example/a"),
            ("b.txt", None),
        ]
        (row,) = db.execute("SELECT screen_name, tweet_id, typeof(tweet_id), date FROM citations").fetchall()
        assert row == ("ann_b", ID, "text", "2017-05-03")
        join = "SELECT h.number, h.url, h.ms FROM hops h JOIN links l ON l.id = h.link WHERE l.expansion = 'expanded'"
        assert db.execute(join).fetchall() == [(0, "https://t.co/aaaaaaaaaa", 7), (1, "https://end.example/", 0)]
        assert db.execute("SELECT text FROM contexts").fetchall()
        numbers = db.execute("SELECT number FROM paragraphs WHERE article = 'a.txt'").fetchall()
        assert len(numbers) == len(document.paragraphs)
    assert [file.name for file in tmp_path.iterdir()] == ["a.db"]


def test_a_file_that_cannot_be_written_is_named_and_the_old_one_stays(document, tmp_path):
    with pytest.raises(OSError, match="unable to open"):
        saver("sqlite")([document], str(tmp_path / "nowhere" / "a.db"))
    path = tmp_path / "a.db"
    path.write_bytes(b"mine")

    def torn():
        yield document
        raise KeyboardInterrupt

    for form in FILES:
        with pytest.raises(KeyboardInterrupt):
            saver(form)(torn(), str(path))
        assert path.read_bytes() == b"mine"


def test_torn_letters_are_kept_as_question_marks(tmp_path):
    path = tmp_path / "a.db"
    saver("sqlite")([extract(TEXT.replace("Rain", "Rain \ud83d"), id="x\ud800")], str(path))
    with closing(sqlite3.connect(path)) as db:
        assert db.execute("SELECT id FROM articles").fetchall() == [("x?",)]


def test_parquet_has_the_same_columns_with_and_without_citations(document, tmp_path):
    parquet = pytest.importorskip("pyarrow.parquet")
    for name, documents in {"a": [document] * 3, "b": []}.items():
        saver("parquet")(documents, str(tmp_path / name))
    full, empty = (parquet.read_table(tmp_path / name) for name in "ab")
    assert (full.num_rows, empty.num_rows) == (3, 0)
    assert full.schema.equals(empty.schema, check_metadata=True)
    assert full.schema.metadata == {b"tweetlinks.schema": b"1"}
    row = full.to_pylist()[0]
    assert (row["id"], row["article_url"], row["tweet_id"]) == ("a.txt", "https://paper.example/a", ID)
    assert row["created_at"].isoformat().startswith("2017-05-03T")


def test_rows_with_tabs_between_them_read_back(document):
    plain = list(csv.reader("".join(writer("csv").write([document], View())).splitlines(keepends=True)))
    tabbed = "".join(writer("tsv").write([document], View())).splitlines(keepends=True)
    assert list(csv.reader(tabbed, delimiter="\t")) == plain


def test_ids_come_once_and_urls_where_they_lead(document):
    verdict = judge(document, document.citations[0], lambda _: [])
    found = [link.resolution for link in document.links]
    assert "".join(writer("ids").write([document, document], View())) == f"{ID}\n"
    assert "".join(writer("ids").links(found, View())) == f"{ID}\n"
    assert "".join(writer("ids").checks([verdict], View())) == f"{ID}\n"
    urls = "".join(writer("urls").write([document], View())).splitlines()
    assert "https://end.example/" in urls
    assert urls == "".join(writer("urls").links(found, View())).splitlines()
    assert list(writer("urls").checks([verdict], View())) == [f"{url}\n" for url in verdict.proof]
    assert (
        "".join(writer("urls").write([extract(TEXT)], View())).splitlines()[0] == "https://pic.twitter.com/abcdefghij"
    )


@pytest.mark.parametrize("suffix", [".db", ".sqlite", ".parquet", ".tsv"])
def test_the_suffix_of_the_output_names_the_format(run, tmp_path, suffix):
    page, out = tmp_path / "a.txt", tmp_path / f"out{suffix}"
    page.write_text(TEXT, encoding="utf-8")
    done = run("extract", str(page), str(tmp_path / "none.txt"), "-o", str(out))
    assert (done.returncode, done.stdout) == (1, "")
    assert "none.txt" in done.stderr
    assert out.read_bytes()[:4] == {".parquet": b"PAR1", ".tsv": b"id\tc"}.get(suffix, b"SQLi")


@pytest.mark.parametrize("form", FILES)
def test_a_file_of_documents_needs_a_name_and_documents(run, form):
    suffix = {"sqlite": ".db"}.get(form, f".{form}")
    for words, reason in (
        (["extract", "-f", form, "-"], "is written of documents"),
        (["resolve", "-f", form, "-o", "x", "t.co/a"], "invalid choice"),
        (["resolve", "-o", f"x{suffix}", "t.co/a"], "is written of documents"),
    ):
        done = run(*words, stdin="")
        assert (done.returncode, reason in done.stderr) == (2, True)


def test_every_suffix_names_a_format_that_there_is():
    assert set(SUFFIXES.values()) <= {*FORMATS, *FILES}


@pytest.mark.parametrize("name", ["a.parquet", "a.db"])
def test_torn_characters_become_question_marks(tmp_path, name):
    document = extract(
        "Rain \ud83d again! pic.twitter.com/abcdefghij\n— Ann \udc00 (@ann_b) 3 mai 2017", id="\udcff.txt"
    )
    save = saver("parquet" if name == "a.parquet" else "sqlite")
    save([document], str(tmp_path / name))
    assert sorted(path.name for path in tmp_path.iterdir()) == [name]


def test_an_error_on_the_way_leaves_no_rough_file(tmp_path):
    def documents():
        yield extract("Rain! pic.twitter.com/abcdefghij\n— Ann (@ann_b) 3 mai 2017")
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        saver("parquet")(documents(), str(tmp_path / "a.parquet"))
    assert not list(tmp_path.iterdir())


@pytest.mark.parametrize("form", ["sqlite", "jsonl"])
def test_a_cache_is_not_written_over(run, tmp_path, form):
    (tmp_path / "a.txt").write_text("Nothing.", encoding="utf-8")
    run("cache", "stats", "--cache", tmp_path / "c.sqlite")
    (tmp_path / "c.sqlite").touch()
    before = (tmp_path / "c.sqlite").read_bytes()
    done = run(tmp_path / "a.txt", "--cache", tmp_path / "c.sqlite", "-f", form, "-o", tmp_path / "c.sqlite")
    assert (done.returncode, (tmp_path / "c.sqlite").read_bytes()) == (1, before)
    assert "is read, and cannot be written to at the same time" in done.stderr
