"""Spark finds what the command line finds, asks each link once, and loses nothing when a worker is killed."""

from __future__ import annotations

import json
import os
import shutil
import signal
import ssl
import subprocess
import sys
import threading
import time
from functools import partial
from pathlib import Path

import pytest
from simulator import Web, redirect
from simulator.authority import authority

from tweetlinks.cli import main
from tweetlinks.errors import InputError

pytest.importorskip("pyspark")
pytest.importorskip("pandas")  # Spark's Arrow needs it
if not shutil.which("java"):
    pytest.skip("no java here", allow_module_level=True)
pytestmark = pytest.mark.filterwarnings(
    "ignore::FutureWarning", "ignore::DeprecationWarning", "ignore::ResourceWarning"
)

from pyspark import cloudpickle  # noqa: E402
from pyspark.sql import SparkSession  # noqa: E402

from tweetlinks.adapters import spark as job  # noqa: E402

ID = "780925634837913600"
PICTURE = "Rain at the pier, and fog. #rain pic.twitter.com/{}\n— Ann Bee (@ann_b) September 28, 2016"
CLUSTER = "local-cluster[2,1,1024]"
ROOT = Path(__file__).parents[1]


@pytest.fixture(scope="module", autouse=True)
def _environment():
    """Let executors run this Python, with this checkout."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("PYSPARK_PYTHON", sys.executable)
        patch.setenv("PYTHONPATH", str(ROOT))
        patch.setenv("TZ", "UTC")
        patch.setenv("TWEETLINKS_OFFLINE", "0")
        yield


@pytest.fixture(scope="module")
def spark(_environment):
    settings = {
        "spark.ui.enabled": "false",
        "spark.sql.session.timeZone": "UTC",
        "spark.sql.parquet.outputTimestampType": "TIMESTAMP_MICROS",
        "spark.executorEnv.PYTHONPATH": str(ROOT),
        "spark.executorEnv.TWEETLINKS_OFFLINE": "0",
        "spark.task.maxFailures": "8",
        "spark.sql.shuffle.partitions": "4",
        "spark.driver.host": "127.0.0.1",
    }
    builder = SparkSession.builder.master(CLUSTER)
    for name, value in settings.items():
        builder = builder.config(name, value)
    session = builder.getOrCreate()
    session.sparkContext.setLogLevel("OFF")
    yield session
    session.stop()


@pytest.fixture(scope="module")
def articles(tmp_path_factory):
    """Articles of a table: some with tweets, one empty, one that is no text."""
    path = tmp_path_factory.mktemp("spark") / "articles.jsonl"
    rows = [
        {"id": f"a{n}", "text": f"Report {n}.\n\nIt rained:\n\n{PICTURE.format(f'abcdefghi{n % 5}')}"}
        for n in range(40)
    ]
    rows += [{"id": "none", "text": "Nothing."}, {"id": "empty", "text": ""}, {"id": "bad", "text": "\0\0\0"}]
    rows.append({"id": "page", "text": f'<p>See <a href="https://x.com/ann_b/status/{ID}">this</a></p>'})
    rows.append({"id": "five", "text": 5})
    path.write_text("".join(json.dumps(row) + "\n" for row in rows) + "nonsense\n[1]\n", encoding="utf-8")
    return str(path)


def written(path):
    from pyarrow import parquet

    return sorted(parquet.read_table(path).to_pylist(), key=lambda row: (row["id"], int(row["citation"][1:])))


@pytest.fixture(scope="module")
def expected(articles, tmp_path_factory):
    """What the command line writes."""
    out = tmp_path_factory.mktemp("expected") / "a.parquet"
    main(["extract", articles, "--text-column", "text", "--id-column", "id", "-o", str(out)])
    return written(out)


def rows(frame):
    return sorted((row.asDict() for row in frame.collect()), key=lambda row: (row["id"], row["citation"]))


def test_the_citations_are_those_of_the_command_line_row_for_row(spark, articles, expected, tmp_path):
    job.citations(job.read(spark, [articles], text="text", names="id")).write.parquet(str(tmp_path / "out"))
    found = written(tmp_path / "out")
    assert found == expected
    assert len(found) == 41


def test_what_cannot_be_read_is_named_and_the_rest_is_read(spark, articles):
    found = job.failures(job.read(spark, [articles], text="text", names="id")).collect()
    assert sorted((row["id"].rpartition("/")[2], row["reason"][:12]) for row in found) == [
        ("articles.jsonl:?", "'text' is no"),
        ("articles.jsonl:?", "no JSON obje"),
        ("articles.jsonl:?", "no JSON: Exp"),
        ("bad", "binary data,"),
    ]


def test_files_and_archives_of_the_web_are_read_where_they_lie(spark, tmp_path):
    (tmp_path / "in").mkdir()
    (tmp_path / "in" / "a.txt").write_text(PICTURE.format("abcdefghij"), encoding="utf-8")
    page = f'<p>See <a href="https://x.com/ann_b/status/{ID}">this</a></p>'.encode()
    block = b"HTTP/1.1 200 OK\r\nContent-Type: text/html\r\n\r\n" + page
    head = "WARC/1.0\r\nWARC-Type: response\r\nWARC-Record-ID: <urn:uuid:1>\r\nWARC-Target-URI: https://paper.example/a\r\n"
    head += f"WARC-Date: 2020-05-06T07:08:09Z\r\nContent-Length: {len(block)}\r\n\r\n"
    (tmp_path / "in" / "b.warc").write_bytes(head.encode() + block + b"\r\n\r\n")
    (tmp_path / "in" / "c.warc").write_bytes(b"no archive")
    documents = job.read(spark, [str(tmp_path / "in")])
    found = rows(job.citations(documents))
    assert [(row["screen_name"], row["article_url"], row["article_archived_at"]) for row in found] == [
        ("ann_b", None, None),
        ("ann_b", "https://paper.example/a", "2020-05-06T07:08:09Z"),
    ]
    assert found[0]["id"].endswith("/a.txt")
    (failure,) = job.failures(documents, format="html").collect()
    assert (failure["id"].rpartition("/")[2], failure["reason"][:7]) == ("c.warc", "no WARC")


@pytest.mark.parametrize("name", ["a.csv", "a.tsv", "a.parquet"])
def test_tables_of_every_kind_are_read(spark, tmp_path, name):
    import pyarrow as pa
    from pyarrow import csv, parquet

    table = pa.table({"n": [1, 2], "body": [PICTURE.format("abcdefghij") + '\n\n"So, so"', None]})
    if name == "a.parquet":
        parquet.write_table(table, tmp_path / name)
    else:
        csv.write_csv(table, tmp_path / name, csv.WriteOptions(delimiter="\t" if name == "a.tsv" else ","))
    (row,) = job.citations(job.read(spark, [str(tmp_path / name)], text="body", names="n")).collect()
    assert (row["id"], row["screen_name"], row["links"]) == ("1", "ann_b", ["https://pic.twitter.com/abcdefghij"])


def test_a_table_needs_the_names_of_its_columns(spark, articles, tmp_path):
    with pytest.raises(InputError, match="names of its columns"):
        job.read(spark, [articles])
    with pytest.raises(InputError, match="one kind at a time"):
        job.read(spark, [articles, str(tmp_path)])
    (tmp_path / "a.csv").write_text("a,b\n1,2\n", encoding="utf-8")
    with pytest.raises(InputError, match=r"no column 'body'.*it has"):
        job.read(spark, [str(tmp_path / "a.csv")], text="body", names="a")


@pytest.fixture
def web():
    with Web() as made:
        for n in range(5):
            made.on(f"t.co/abcdefghi{n}", redirect(f"https://twitter.com/ann_b/status/{ID}/photo/1"))
        yield made


def resolver(port, pem, server):
    """Make a resolver, on an executor, that lives in the web of this process."""
    from tweetlinks.adapters import spark
    from tweetlinks.fetch import Limits

    return spark.resolver(
        server,
        resolve_host=lambda _host, _port: ["93.184.216.34"],
        connect=lambda _address, _port: ("127.0.0.1", port),
        ssl_context=ssl.create_default_context(cadata=pem),
        limits=Limits(spacing=0.01),
    )


def test_each_link_is_asked_once_and_gives_the_tweet_its_id(spark, articles, web, redis_url):
    cloudpickle.register_pickle_by_value(sys.modules[__name__])
    make = partial(resolver, web.ports["secure"], authority().pem, redis_url)
    documents = job.read(spark, [articles], text="text", names="id").repartition(4)
    links = job.expand(job.distinct(documents), make).cache()
    assert {row["url"]: row["expansion"] for row in links.collect()} == {
        **{f"https://pic.twitter.com/abcdefghi{n}": "expanded" for n in range(5)},
        f"https://x.com/ann_b/status/{ID}": "not-a-short-link",
    }
    assert web.hits("t.co") == 5
    found = rows(job.citations(documents, links))
    assert {(row["tweet_id"], row["url"]) for row in found} == {(ID, f"https://twitter.com/ann_b/status/{ID}")}
    assert {*found[0]["evidence"]} >= {"media-link", "date=id"}
    assert (found[0]["expansions"], found[0]["final_urls"]) == (
        ["expanded"],
        [f"https://twitter.com/ann_b/status/{ID}/photo/1"],
    )
    job.expand(job.distinct(documents), make).collect()
    assert web.hits("t.co") == 5  # the server remembers


def executors(session):
    """Return the processes in which the tasks of a session run, and no others."""
    found = []
    for place in Path("/proc").glob("[0-9]*/cmdline"):
        try:
            words = place.read_bytes().split(b"\0")
        except OSError:
            continue
        if session.sparkContext.applicationId.encode() in words and any(b"ExecutorBackend" in word for word in words):
            found.append(int(place.parent.name))
    return found


@pytest.mark.skipif(not Path("/proc/self").exists(), reason="looks at processes as Linux shows them")
def test_a_worker_that_is_killed_loses_nothing(spark, tmp_path):
    import pyarrow as pa
    from pyarrow import parquet

    (tmp_path / "in").mkdir()
    for part in range(8):
        names = [f"{part}-{n:05}" for n in range(4000)]
        parquet.write_table(
            pa.table({"id": names, "text": [f"Report {name}.\n\n{PICTURE.format('abcdefghij')}" for name in names]}),
            tmp_path / "in" / f"{part}.parquet",
        )
    killed = []

    def kill():
        until = time.monotonic() + 60
        while not list(tmp_path.glob("out/_temporary/**/*.parquet")) and time.monotonic() < until:
            time.sleep(0.02)
        for pid in executors(spark)[:1]:
            os.kill(pid, signal.SIGKILL)
            killed.append(pid)

    thread = threading.Thread(target=kill)
    thread.start()
    found = job.citations(job.read(spark, [str(tmp_path / "in")], text="text", names="id"))
    found.write.parquet(str(tmp_path / "out"))
    thread.join()
    assert killed
    names = sorted(row["id"] for row in spark.read.parquet(str(tmp_path / "out")).select("id").collect())
    assert names == [f"{part}-{n:05}" for part in range(8) for n in range(4000)]


def test_the_job_is_submitted_as_it_is(articles, expected, tmp_path, redis_url):
    where = subprocess.run(
        [sys.executable, "-m", "tweetlinks.adapters.spark", "--where"], capture_output=True, text=True, check=True
    ).stdout.strip()
    submit = [
        Path(sys.executable).with_name("spark-submit"),
        "--master",
        "local[2]",
        "--conf",
        "spark.ui.enabled=false",
    ]
    done = subprocess.run(
        [
            *submit,
            where,
            articles,
            "-o",
            tmp_path / "out",
            "--text-column",
            "text",
            "--id-column",
            "id",
            "--expand",
            "--cache",
            redis_url,
        ],
        capture_output=True,
        text=True,
        check=False,
        env=os.environ | {"SPARK_LOCAL_IP": "127.0.0.1", "TWEETLINKS_OFFLINE": "1"},
    )
    assert done.returncode == 1, done.stderr[-2000:]  # one was no text
    told = written(tmp_path / "out" / "citations")
    assert {tuple(row["expansions"]) for row in told} == {("offline",), ("not-a-short-link",)}
    same = dict.fromkeys(("expansions", "final_urls", "evidence", "confidence"))  # to know the links is to know more
    assert [row | same for row in told] == [row | same for row in expected]
    assert sorted(row["id"][:3] for row in failed(tmp_path / "out" / "failures")) == ["bad", "fil", "fil", "fil"]
    links = {row["url"]: row["expansion"] for row in failed(tmp_path / "out" / "links")}
    assert {*links.values()} == {"offline", "not-a-short-link"}


def failed(path):
    from pyarrow import parquet

    return parquet.read_table(path).to_pylist()


@pytest.mark.parametrize("words", [[], ["a.jsonl"], ["a.jsonl", "-o", "out", "--expand"]])
def test_words_that_make_no_sense_end_the_job_before_it_begins(words, capsys):
    with pytest.raises(SystemExit) as ended:
        job.main(words)
    assert ended.value.code == 2
    assert "error: " in capsys.readouterr().err
