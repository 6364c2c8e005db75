"""Write citations as Arrow rows, and as a Parquet file of them. Touches: that file. Needs the extra `arrow`.

The schema is fixed and has a version, so that a file without citations has the same one. Ids of tweets are text.
"""

from __future__ import annotations

import os
from contextlib import suppress
from datetime import date, datetime

from tweetlinks.errors import MissingExtra
from tweetlinks.record import TYPE_CHECKING

try:
    import pyarrow as pa
except ImportError as error:
    raise MissingExtra("pyarrow", "arrow") from error

if TYPE_CHECKING:
    from collections.abc import Iterable
    from typing import Any

    from tweetlinks.model import Citation, Document

__all__ = ["ARTICLE", "CITATION", "SCHEMA", "TABLE", "VERSION", "pa", "row", "save", "table"]

BATCH = 5_000
"""Rows that are held before they are written."""
VERSION = {"tweetlinks.schema": "1"}
"""Metadata of every schema: within 1 fields are added at the end, never renamed or dropped."""

SCHEMA = pa.schema(
    [
        pa.field("citation", pa.string(), metadata={"what": "c1, c2, … within its text"}),
        pa.field("kind", pa.string()),
        pa.field("form", pa.string()),
        pa.field("author_name", pa.string()),
        pa.field("screen_name", pa.string()),
        pa.field("date", pa.date32()),
        pa.field("date_text", pa.string()),
        pa.field("tweet_id", pa.string()),
        pa.field("url", pa.string()),
        pa.field("created_at", pa.timestamp("us", tz="UTC")),
        pa.field("words", pa.string(), metadata={"what": "the tweet's own words"}),
        pa.field("start", pa.int32(), metadata={"what": "code points of the text"}),
        pa.field("end", pa.int32()),
        pa.field("words_start", pa.int32()),
        pa.field("words_end", pa.int32()),
        pa.field("paragraph", pa.int32()),
        pa.field("context_paragraph", pa.int32()),
        pa.field("context", pa.string()),
        pa.field("links", pa.list_(pa.string())),
        pa.field("parent", pa.string()),
        pa.field("in_article", pa.bool_()),
        pa.field("confidence", pa.float32()),
        pa.field("text_confidence", pa.float32()),
        pa.field("evidence", pa.list_(pa.string())),
        pa.field(
            "final_urls", pa.list_(pa.string()), metadata={"what": "where each link leads, as far as it is known"}
        ),
        pa.field("expansions", pa.list_(pa.string()), metadata={"what": "what became of each link"}),
    ],
    metadata=VERSION,
)
"""The columns of a citation."""
CITATION = pa.struct(list(SCHEMA))
"""The same as one value."""
ARTICLE = [pa.field(name, pa.string()) for name in ("id", "article_url", "article_archived_at")]
"""What a file has before them."""
TABLE = pa.schema([*ARTICLE, *SCHEMA], SCHEMA.metadata)
"""The columns of a file."""


def row(document: Document, citation: Citation) -> dict[str, Any]:
    """Return a citation as `SCHEMA` has it."""
    words, best = citation.text_span or (None, None), citation.contexts[0] if citation.contexts else None
    text = "" if document.text_sha256 else document.text
    context = (text[slice(*best.span)] or None) if best else None
    own = [document.links[n] for n in citation.links]
    return {
        "citation": citation.id,
        "kind": citation.kind,
        "form": citation.form,
        "author_name": _whole(citation.author_name),
        "screen_name": citation.screen_name,
        "date": _day(citation.date),
        "date_text": _whole(citation.date_text),
        "tweet_id": citation.tweet_id,
        "url": citation.url,
        "created_at": citation.created_at and datetime.fromisoformat(citation.created_at),
        "words": _whole(citation.text),
        "start": citation.span[0],
        "end": citation.span[1],
        "words_start": words[0],
        "words_end": words[1],
        "paragraph": citation.paragraphs[0] if citation.paragraphs else None,
        "context_paragraph": best.paragraph if best else None,
        "context": _whole(context),
        "links": [link.url for link in own],
        "parent": citation.parent,
        "in_article": citation.in_article,
        "confidence": citation.confidence,
        "text_confidence": citation.text_confidence,
        "evidence": list(citation.evidence),
        "final_urls": [link.resolution and link.resolution.final_url for link in own],
        "expansions": [link.resolution and link.resolution.expansion for link in own],
    }


def table(document: Document) -> list[dict[str, Any]]:
    """Return the citations of a document as `TABLE` has them."""
    whose = {
        "id": _whole(document.id),
        "article_url": document.url,
        "article_archived_at": document.archived_at,
    }
    return [whose | row(document, citation) for citation in document.citations]


def save(documents: Iterable[Document], path: str) -> None:
    """Write the citations of documents into a new Parquet file, which takes its name when it is complete.

    The columns are those of `SCHEMA`, after the article's id, URL and time of archiving.

    Args:
        documents: as they come; a batch of rows is kept.
        path: the file; one that is there is replaced.

    Raises:
        OSError: it cannot be written.
    """
    from pyarrow import parquet

    rough = f"{path}.part"
    rows: list[dict[str, Any]] = []
    try:
        with parquet.ParquetWriter(rough, TABLE) as file:
            for document in documents:
                rows += table(document)
                if len(rows) >= BATCH:
                    file.write_batch(pa.RecordBatch.from_pylist(rows, schema=TABLE))
                    rows = []
            file.write_batch(pa.RecordBatch.from_pylist(rows, schema=TABLE))
        os.replace(rough, path)  # noqa: PTH105  pathlib costs 10 ms of start
    finally:
        with suppress(FileNotFoundError):
            os.remove(rough)  # noqa: PTH107  the same


def _whole(text: str | None) -> str | None:
    """Let a torn character, which no file keeps, become a question mark."""
    return text.encode("utf-8", "replace").decode() if text else text


def _day(text: str | None) -> date | None:
    return date.fromisoformat(text) if text else None
