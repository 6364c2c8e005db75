"""Find and expand the citations of a corpus on a Spark cluster. Touches: a SparkSession, and the network where asked.

    spark-submit JOB INPUT… -o FOLDER --text-column text --id-column id [--expand --cache redis://HOST/0]

JOB is this file (`python -m tweetlinks.adapters.spark --where` prints its place). It reads Parquet, JSON lines, CSV,
WARC or documents from any Hadoop file system, and writes into FOLDER:

    citations   one row a citation, the columns of `tweetlinks … -o FILE.parquet`
    links       one row for each distinct link, with what became of it (with --expand)
    failures    documents that could not be read, and why

Every distinct link is asked once: its answers are kept by the Redis server that all executors share, which also counts
their requests to each host. Everything is done by plain functions over DataFrames, which a job of your own may use:

    documents = read(spark, ["s3a://bucket/articles"], text="body", names="url")
    found = citations(documents)
    expanded = expand(distinct(documents), partial(resolver, "redis://host/0"))
    found = citations(documents, expanded)

Functions are sent to the executors by name: tweetlinks has to be installed there. Needs the extra `spark`.
"""

from __future__ import annotations

import json
import sys
from functools import partial
from typing import TYPE_CHECKING, Any

from tweetlinks.corpora import Input, kind, opened, pages, parsed
from tweetlinks.errors import InputError, MissingExtra
from tweetlinks.jobs import Plan
from tweetlinks.jobs import documents as read_all
from tweetlinks.model import Resolution
from tweetlinks.pipeline import resolve_links
from tweetlinks.sources import SUFFIXES
from tweetlinks.write.arrow import TABLE, pa, table

try:
    from pyspark.sql import functions as sql
    from pyspark.sql.pandas.types import from_arrow_schema
except ImportError as error:
    raise MissingExtra("pyspark", "spark") from error

if TYPE_CHECKING:
    from argparse import Namespace
    from collections.abc import Callable, Iterable, Iterator, Sequence

    from pyspark.sql import DataFrame, SparkSession

    from tweetlinks.fetch import Resolver
    from tweetlinks.model import Document

__all__ = ["citations", "distinct", "expand", "failures", "main", "read", "resolver"]

DOCUMENT = pa.schema([
    pa.field(*pair) for pair in (
        ("id", pa.string()), ("data", pa.binary()), ("format", pa.string()), ("url", pa.string()),
        ("archived_at", pa.string()), ("error", pa.string()),
    )
])  # fmt: skip
"""The columns of documents; `error` says why there is none. `links` may stand beside them: what is known of theirs, as
JSON."""
LINK = pa.schema([pa.field(n, pa.string()) for n in ("url", "expansion", "target", "final_url", "error", "resolution")])
"""The columns of links; the last one is the whole of what is known, as JSON."""
FAILURE = pa.schema([pa.field("id", pa.string()), pa.field("reason", pa.string())])
READERS = {".csv": "csv", ".json": "json", ".jsonl": "json", ".ndjson": "json", ".parquet": "parquet", ".tsv": "tsv"}
"""What reads a file of each suffix."""
_QUOTED = {"header": "true", "multiLine": "true", "escape": '"', "encoding": "UTF-8"}
OPTIONS = {"csv": _QUOTED, "tsv": {**_QUOTED, "sep": "\t"}}
"""What Spark's reader of CSV is told."""
ROWS = 500
"""Rows that are handed over together."""


def read(spark: SparkSession, paths: Iterable[str], *, text: str | None = None, names: str | None = None) -> DataFrame:
    """Read documents.

    Args:
        spark: the session.
        paths: files or folders of one kind. `.parquet`, `.csv`, `.tsv` and `.jsonl` are tables; `.warc` and `.wet`
            (also packed) hold pages; any other file is a document. A folder is what `text` says: with it Parquet,
            else documents.
        text: the column that holds the texts, of tables.
        names: the one that holds their ids, which must be there: rows have no number on a cluster.

    Raises:
        InputError: a table without the names of its columns, or paths of several kinds.
    """
    listed = list(paths)
    kinds = {READERS.get(kind(path), "parquet" if text else "documents") for path in listed}
    if len(kinds) != 1:
        raise InputError(" ".join(listed), f"inputs of one kind at a time, not {', '.join(sorted(kinds)) or 'none'}")
    reader = kinds.pop()
    if reader == "documents":
        files = spark.read.format("binaryFile").option("recursiveFileLookup", "true").load(listed)
        return files.select("path", "content").mapInArrow(_files, _DOCUMENT)
    if not (text and names):
        raise InputError(listed[0], "a table needs the names of its columns of texts and of ids")
    if reader == "json":  # read by ourselves: Spark takes a damaged line for an empty one
        lines = spark.read.text(listed).select("value", sql.input_file_name().alias("path"))
        return lines.mapInArrow(partial(_lines, text=text, names=names), _DOCUMENT)
    rows = spark.read.options(**OPTIONS.get(reader, {})).format("csv" if reader in OPTIONS else reader).load(listed)
    if missing := [name for name in (text, names) if name not in rows.columns]:
        raise InputError(listed[0], f"no column {missing[0]!r}; it has: {', '.join(rows.columns)}")
    none = sql.lit(None).cast("string")
    return rows.where(sql.length(text) > 0).select(
        sql.col(names).cast("string").alias("id"),
        sql.col(text).cast("binary").alias("data"),
        sql.lit("auto").alias("format"),
        *(none.alias(name) for name in ("url", "archived_at", "error")),
    )


def citations(documents: DataFrame, expanded: DataFrame | None = None, *, format: str = "auto") -> DataFrame:
    """Return one row a citation.

    Args:
        documents: as `read` returns them.
        expanded: what became of their links, as `expand` returns it; None: links stay as they are. With it a tweet with
            a picture gets its id.
        format: how to read them; `auto` leaves it to each.
    """
    if expanded is not None:
        known = _links(documents, format).join(expanded.select("url", "resolution"), "url")
        known = known.groupBy("id").agg(sql.collect_set("resolution").alias("links"))
        documents = documents.join(known, "id", "left")
    return documents.mapInArrow(partial(_cited, format=format), from_arrow_schema(TABLE))


def failures(documents: DataFrame, *, format: str = "auto") -> DataFrame:
    """Return the documents that cannot be read: `id`, `reason`."""
    return documents.mapInArrow(partial(_failed, format=format), from_arrow_schema(FAILURE))


def distinct(documents: DataFrame, *, format: str = "auto") -> DataFrame:
    """Return the links of documents, `url`, each once."""
    return _links(documents, format).select("url").distinct()


def expand(urls: DataFrame, resolver: Callable[[], Resolver]) -> DataFrame:
    """Ask what became of links: the columns of `LINK`.

    Args:
        urls: `url`, as `distinct` returns them.
        resolver: makes a resolver; called once in each task, so it must be something that can be sent to one.
    """
    return urls.mapInArrow(partial(_expanded, resolver=resolver), from_arrow_schema(LINK))


def resolver(cache: str, **options: Any) -> Resolver:
    """Make a resolver whose answers, and whose requests to each host, are counted together with those of others.

    Args:
        cache: the `redis://` URL of the server that all share.
        options: as for `Resolver`.
    """
    from tweetlinks.fetch import Resolver, SharedBudget

    return Resolver(cache=cache, budget=SharedBudget(cache), **options)


# ---------------------------------------------------------------- on the executors

_DOCUMENT = from_arrow_schema(DOCUMENT)


def _links(documents: DataFrame, format: str) -> DataFrame:
    return documents.mapInArrow(partial(_linked, format=format), "id string, url string")


def _files(batches: Iterable[pa.RecordBatch]) -> Iterator[pa.RecordBatch]:
    """Turn files into documents: an archive of the web into its pages."""
    for batch in batches:
        for path, data in zip(batch["path"].to_pylist(), batch["content"], strict=True):
            yield from _batched(map(_document, _inputs(path, data.as_py())), DOCUMENT)


def _inputs(path: str, data: bytes) -> Iterator[Input | InputError]:
    """Return the documents of a file: the pages of an archive of the web, or itself."""
    from io import BytesIO

    is_web = kind(path) in {".warc", ".wet"}
    try:  # warcio unpacks gzip itself, member by member
        file = BytesIO(data) if is_web and path.lower().endswith(".gz") else opened(path, BytesIO(data))
        if is_web:
            yield from pages(file, path)
        else:
            yield Input(path, file.read(), SUFFIXES.get(kind(path), "auto"))
    except MissingExtra:
        raise
    except Exception as error:  # noqa: BLE001  every way of packing has errors of its own
        yield InputError(path, str(error))


def _lines(batches: Iterable[pa.RecordBatch], text: str, names: str) -> Iterator[pa.RecordBatch]:
    """Turn lines of JSON into documents."""
    for batch in batches:
        pairs = zip(batch["value"].to_pylist(), batch["path"].to_pylist(), strict=True)
        found = (each for line, path in pairs for each in parsed(line, f"{path}:?", text, names))
        yield from _batched(map(_document, found), DOCUMENT)


def _document(item: Input | InputError) -> dict[str, Any]:
    """Return a row."""
    if isinstance(item, InputError):
        return {"id": item.source, "error": item.reason}
    return {name: getattr(item, name) for name in DOCUMENT.names[:-1]}


def _read(batches: Iterable[pa.RecordBatch], format: str) -> Iterator[Document | InputError]:
    """Read documents, and tell each what is known of its links."""
    for batch in batches:
        rows = batch.to_pylist()
        items = map(_item, rows)
        for row, found in zip(rows, read_all(items, Plan(format)), strict=True):
            known = [Resolution.from_dict(json.loads(each)) for each in row.get("links") or ()]
            if isinstance(found, InputError) or not known:
                yield found
            else:
                yield resolve_links(found, partial(_known, {each.url: each for each in known}))


def _item(row: dict[str, Any]) -> Input | InputError:
    if row["error"] is not None:
        return InputError(row["id"], row["error"])
    return Input(row["id"], row["data"], row["format"], row["url"], row["archived_at"])


def _known(known: dict[str, Resolution], urls: Iterable[str]) -> dict[str, Resolution]:
    return {url: known[url] for url in urls if url in known}


def _cited(batches: Iterable[pa.RecordBatch], format: str) -> Iterator[pa.RecordBatch]:
    documents = (each for each in _read(batches, format) if not isinstance(each, InputError))
    return _batched((row for document in documents for row in table(document)), TABLE)


def _failed(batches: Iterable[pa.RecordBatch], format: str) -> Iterator[pa.RecordBatch]:
    errors = (each for each in _read(batches, format) if isinstance(each, InputError))
    return _batched(({"id": error.source, "reason": error.reason} for error in errors), FAILURE)


def _linked(batches: Iterable[pa.RecordBatch], format: str) -> Iterator[pa.RecordBatch]:
    documents = (each for each in _read(batches, format) if not isinstance(each, InputError))
    pairs = ({"id": each.id, "url": url} for each in documents for url in dict.fromkeys(k.url for k in each.links))
    return _batched(pairs, pa.schema([pa.field("id", pa.string()), pa.field("url", pa.string())]))


def _expanded(batches: Iterable[pa.RecordBatch], resolver: Callable[[], Resolver]) -> Iterator[pa.RecordBatch]:
    def answers() -> Iterator[dict[str, Any]]:
        with resolver() as asked:
            urls = (url for batch in batches for url in batch["url"].to_pylist())
            for url, found in asked.resolve_many(urls):
                told = found.to_dict()
                yield {**{name: told.get(name) for name in LINK.names}, "url": url, "resolution": json.dumps(told)}

    return _batched(answers(), LINK)


def _batched(rows: Iterable[dict[str, Any]], schema: pa.Schema) -> Iterator[pa.RecordBatch]:
    from itertools import islice

    rest = iter(rows)
    while some := list(islice(rest, ROWS)):
        yield pa.RecordBatch.from_pylist(some, schema=schema)


# ---------------------------------------------------------------- the job


def main(words: Sequence[str] | None = None) -> int:
    """Run the job.

    Args:
        words: what follows its name; None takes it from the process.

    Returns:
        The exit status: 0, or 1 when documents could not be read.
    """
    told = _told(words)
    if told.where:
        print(__file__)  # noqa: T201  what was asked for
        return 0
    from pyspark.sql import SparkSession

    spark = SparkSession.builder.appName("tweetlinks").getOrCreate()
    spark.conf.set("spark.sql.parquet.outputTimestampType", "TIMESTAMP_MICROS")  # the usual INT96 knows no zone
    try:
        documents = read(spark, told.inputs, text=told.text_column, names=told.id_column)
        expanded = None
        if told.expand:
            links = expand(distinct(documents, format=told.source_format), partial(resolver, told.cache))
            links.write.parquet(f"{told.output}/links")
            expanded = spark.read.parquet(f"{told.output}/links")  # asked once, whatever is done again
        found = citations(documents, expanded, format=told.source_format)
        found.write.parquet(f"{told.output}/citations")
        failures(documents, format=told.source_format).write.parquet(f"{told.output}/failures")
        lost = spark.read.parquet(f"{told.output}/failures").count()
    except InputError as error:
        sys.stderr.write(f"tweetlinks: {error}\n")
        return 1
    finally:
        spark.stop()
    return 1 if lost else 0


def _told(words: Sequence[str] | None) -> Namespace:
    from argparse import ArgumentParser

    reader = ArgumentParser(prog="tweetlinks.adapters.spark", description=(__doc__ or "").partition("\n")[0])
    reader.add_argument("inputs", nargs="*", metavar="INPUT", help="files or folders of any Hadoop file system")
    reader.add_argument("-o", "--output", metavar="FOLDER", help="where to write; it must not be there")
    reader.add_argument("--text-column", metavar="NAME", help="the column of tables that holds the texts")
    reader.add_argument("--id-column", metavar="NAME", help="the one that holds their ids")
    reader.add_argument("--from", dest="source_format", default="auto", help="how to read the documents")
    reader.add_argument("--expand", action="store_true", help="ask what became of the links (needs --cache)")
    reader.add_argument("--cache", metavar="URL", help="redis:// of the server that all executors share")
    reader.add_argument("--where", action="store_true", help="print the place of this file, for spark-submit")
    told = reader.parse_args(words)
    if not told.where and not (told.inputs and told.output):
        reader.error("inputs and -o FOLDER are needed")
    if told.expand and not told.cache:
        reader.error("--expand needs --cache redis://…: executors share their answers and their distance there")
    return told


if __name__ == "__main__":  # by name, so that executors find the functions
    from tweetlinks.adapters import spark as job  # noqa: PLW0406

    raise SystemExit(job.main())
