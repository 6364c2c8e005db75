"""Arrow in, Arrow out, in every engine that is at hand."""

from __future__ import annotations

import pickle
import subprocess
import sys

import pytest

from tweetlinks.errors import InputError

pa = pytest.importorskip("pyarrow")

from tweetlinks.adapters.arrow import SCHEMA, add_citations, citations, explode_citations, stream, work  # noqa: E402

TWO = "Rain. pic.twitter.com/abcdefghij\n— Ann (@ann_b) 3 mai 2017\nA pier.\n\nFog #pier\n— Bob (@bob_c) May 3, 2018\n"
TEXTS = [TWO, None, "Nothing.", "\x00\x01", "https://twitter.com/ann_b/status/859700000000000000"]
NAMES = ["ann_b", "bob_c", "ann_b"]


@pytest.fixture
def batch():
    return pa.RecordBatch.from_pydict({"n": [1, 2, 3, 4, 5], "text": TEXTS, "url": list("abcde")})


def test_each_text_has_a_list_and_none_that_cannot_be_read_stops_the_others():
    found = citations(TEXTS).to_pylist()
    assert [rows if rows is None else len(rows) for rows in found] == [2, None, 0, 0, 1]
    binary = citations([TWO.encode(), b"\x00\x01\x02" * 99]).to_pylist()
    assert (binary[0][0]["screen_name"], binary[1]) == ("ann_b", None)


def test_a_batch_keeps_its_rows_or_has_one_for_each_citation(batch):
    assert add_citations(batch).schema.names == ["n", "text", "url", "citations"]
    assert add_citations(add_citations(batch)).schema.names[-1] == "tweet_citations"
    rows = explode_citations(batch).to_pylist()
    assert [(row["n"], row["url"], row["screen_name"]) for row in rows] == [
        (1, "a", "ann_b"),
        (1, "a", "bob_c"),
        (5, "e", "ann_b"),
    ]
    assert rows[2]["citation_url"] == "https://twitter.com/ann_b/status/859700000000000000"
    assert rows[2]["tweet_id"] == "859700000000000000"
    assert explode_citations(batch, keep=[]).schema.equals(SCHEMA, check_metadata=True)


def test_an_empty_batch_has_the_same_schema(batch):
    for function in (add_citations, explode_citations):
        assert function(batch.slice(0, 0)).schema.equals(function(batch).schema, check_metadata=True)
    assert citations([]).type == citations(TEXTS).type


def test_a_column_that_is_not_there_is_named(batch):
    with pytest.raises(InputError, match="body: no such column; there are: n, text, url"):
        explode_citations(batch, text="body")


def test_a_table_stays_one_and_work_travels(batch):
    table = pa.Table.from_batches([batch, batch])
    assert explode_citations(table).column("screen_name").to_pylist() == NAMES * 2
    assert pickle.loads(pickle.dumps(work(text="text", keep=["n"])))(batch).num_columns == len(SCHEMA) + 1  # noqa: S301
    assert stream(table).read_all().column("screen_name").to_pylist() == NAMES * 2
    assert stream(table.slice(0, 0)).read_all().num_rows == 0


def test_polars_reads_and_is_read(batch):
    polars = pytest.importorskip("polars")
    frame = polars.from_arrow(batch)
    assert polars.from_arrow(stream(frame).read_all())["screen_name"].to_list() == NAMES


def test_duckdb_reads_and_is_read(batch):
    duckdb = pytest.importorskip("duckdb")
    found = stream(pa.Table.from_batches([batch]))  # duckdb finds it by its name
    assert duckdb.sql("SELECT screen_name FROM found ORDER BY n, citation").fetchall() == [(name,) for name in NAMES]
    assert found
    articles = pa.Table.from_batches([batch])
    assert stream(duckdb.sql("SELECT * FROM articles")).read_all().num_rows == 3
    assert articles.num_rows == 5


def test_pandas_reads_and_is_read(batch):
    pandas = pytest.importorskip("pandas")
    frame = pandas.DataFrame(batch.to_pydict())
    found = stream(pa.Table.from_pandas(frame, preserve_index=False)).read_all().to_pandas()
    assert list(found["screen_name"]) == NAMES


def test_without_the_package_the_extra_is_named(environment):
    code = "import sys; sys.modules['pyarrow'] = None; import tweetlinks.adapters.arrow"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, check=False, env=environment, text=True)
    assert "pip install 'tweetlinks[arrow]'" in done.stderr


@pytest.mark.parametrize("work_", [add_citations, explode_citations])
def test_a_column_that_holds_no_texts_is_an_error_that_says_what_it_holds(work_):
    with pytest.raises(InputError, match="text: no texts in this column, but int64"):
        work_(pa.table({"text": [1, 2]}))
    for kind in (pa.large_string(), pa.string_view(), pa.binary()):
        assert work_(pa.table({"text": pa.array([TWO, None], kind)})).num_rows == 2
    assert work_(pa.table({"text": pa.array([TWO, None]).dictionary_encode()})).num_rows == 2
