"""Find citations in Arrow data: a batch in, a batch out. Pure; needs the extra `arrow`.

    citations(texts)                    an array of texts    -> an array of lists of citations
    add_citations(batch)                a batch              -> the same rows, with a column `citations`
    explode_citations(batch)            a batch              -> one row a citation, other columns repeated
    stream(data, work)                  anything that Arrow can read -> a reader, batch by batch

One function serves pyarrow, Polars, DuckDB, pandas, Hugging Face datasets, Dask, Spark's `mapInArrow` and Ray's
`map_batches`: each hands over Arrow batches. The schema is fixed and has a version, so that an empty batch has the same
one; ids are text. Everything here can be pickled, and nothing is sent.
"""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING, Any

from tweetlinks.errors import InputError
from tweetlinks.pipeline import extract
from tweetlinks.write.arrow import CITATION, SCHEMA, VERSION, pa, row

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator

__all__ = [
    "CITATION",
    "SCHEMA",
    "add_citations",
    "citations",
    "explode_citations",
    "stream",
    "work",
]


def citations(texts: Iterable[Any], *, format: str = "auto") -> pa.Array:
    r"""Find the citations of texts.

    Args:
        texts: an Arrow array of strings or binary, or str and bytes; None for a text that is missing.
        format: as for `tweetlinks.extract`.

    Returns:
        An array of lists of `CITATION`, one for each text: empty without citations, null where there is no text or none
        that can be read.

    >>> found = citations(["Rain. pic.twitter.com/abcdefghij\n— Ann (@ann_b) 3 mai 2017", None]).to_pylist()
    >>> found[0][0]["screen_name"], found[1]
    ('ann_b', None)
    """
    return pa.array([_found(_plain(text), format) for text in texts], type=pa.list_(CITATION))


def add_citations(batch: Any, *, text: str = "text", format: str = "auto") -> pa.RecordBatch:
    """Return a batch with one more column: the citations of each row, as `citations` gives them.

    Args:
        batch: a RecordBatch or Table.
        text: the column of the articles.
        format: as for `tweetlinks.extract`.

    Raises:
        InputError: there is no such column, or it holds no texts.
    """
    return batch.append_column(_free("citations", batch), citations(_texts(batch, text), format=format))


def explode_citations(
    batch: Any, *, text: str = "text", keep: Iterable[str] | None = None, format: str = "auto"
) -> pa.RecordBatch:
    """Return one row a citation: the columns to keep, then those of `SCHEMA`.

    A column of the batch that is called like one of these keeps its name; ours is then `citation_…`.

    Args:
        batch: a RecordBatch or Table.
        text: the column of the articles.
        keep: the columns to repeat; None: all but the articles.
        format: as for `tweetlinks.extract`.

    Raises:
        InputError: there is no such column, or it holds no texts.
    """
    found = [_found(_plain(value), format) or [] for value in _texts(batch, text)]
    kept = [name for name in batch.schema.names if name != text] if keep is None else list(keep)
    places = pa.array([n for n, rows in enumerate(found) for _ in rows], type=pa.int64())
    rows = pa.RecordBatch.from_pylist([one for several in found for one in several], schema=SCHEMA)
    columns = [_taken(_column(batch, name), places) for name in kept]
    names = [_other(name, kept) for name in SCHEMA.names]
    fields = [batch.schema.field(name).with_type(column.type) for name, column in zip(kept, columns, strict=True)]
    fields += [field.with_name(name) for field, name in zip(SCHEMA, names, strict=True)]
    made = type(batch) if isinstance(batch, pa.Table) else pa.RecordBatch
    return made.from_arrays([*columns, *rows.columns], schema=pa.schema(fields, metadata=VERSION))


def work(**options: Any) -> Callable[[Any], pa.RecordBatch]:
    """Return `explode_citations` with its options, as something that can be pickled and called with a batch."""
    return partial(explode_citations, **options)


def stream(data: Any, work: Callable[[Any], pa.RecordBatch] = explode_citations) -> pa.RecordBatchReader:
    """Work through data batch by batch, so that it need not fit into memory.

    Args:
        data: what has `__arrow_c_stream__` (a Table of pyarrow, a DataFrame of Polars or pandas, a relation of DuckDB),
            or a RecordBatchReader.
        work: one of the functions here.
    """
    reader = data if isinstance(data, pa.RecordBatchReader) else pa.RecordBatchReader.from_stream(data)
    empty = pa.RecordBatch.from_pylist([], schema=reader.schema)
    return pa.RecordBatchReader.from_batches(work(empty).schema, _worked(reader, work))


def _worked(reader: Iterable[pa.RecordBatch], work: Callable[[Any], pa.RecordBatch]) -> Iterator[pa.RecordBatch]:
    for batch in reader:
        yield work(batch)


def _found(text: Any, format: str) -> list[dict[str, Any]] | None:
    if text is None:
        return None
    try:
        document = extract(text, format=format)
    except (InputError, TypeError):
        return None
    return [row(document, citation) for citation in document.citations]


def _plain(value: Any) -> Any:
    return value.as_py() if isinstance(value, pa.Scalar) else value


def _column(batch: Any, name: str) -> Any:
    if name not in batch.schema.names:
        raise InputError(name, f"no such column; there are: {', '.join(batch.schema.names) or 'none'}")
    return batch.column(batch.schema.names.index(name))


def _texts(batch: Any, name: str) -> Any:
    column = _column(batch, name)
    kind = column.type.value_type if pa.types.is_dictionary(column.type) else column.type
    if not any(word in str(kind) for word in ("string", "binary", "null")):
        raise InputError(name, f"no texts in this column, but {kind}")
    return column


def _taken(column: Any, places: Any) -> Any:
    """Repeat values; views, which Polars hands over, can only be repeated as what they are views of."""
    views = {pa.string_view(): pa.large_string(), pa.binary_view(): pa.large_binary()}
    return column.cast(views.get(column.type, column.type)).take(places)


def _other(name: str, taken: list[str]) -> str:
    while name in taken:
        name = f"citation_{name}"
    return name


def _free(name: str, batch: Any) -> str:
    while name in batch.schema.names:
        name = f"tweet_{name}"
    return name
