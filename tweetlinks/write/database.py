"""Write a SQLite database: articles, paragraphs, citations, contexts, links, hops. Touches: that file.

It is made under another name and takes its own when it is complete, so that a file of that name is whole. Datasette and
sqlite-utils open it as it is. Ids of tweets are text.
"""

from __future__ import annotations

import json
import os
import sqlite3
from contextlib import closing, suppress

from tweetlinks.record import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator
    from typing import Any

    from tweetlinks.model import Document

__all__ = ["save"]

_TABLES = """
CREATE TABLE articles (
    id TEXT PRIMARY KEY, url TEXT, archived_at TEXT, title TEXT, language TEXT, format TEXT NOT NULL, encoding TEXT,
    parsed INTEGER NOT NULL, text_sha256 TEXT);
CREATE TABLE paragraphs (
    article TEXT NOT NULL REFERENCES articles(id), number INTEGER NOT NULL, start INTEGER NOT NULL,
    "end" INTEGER NOT NULL, kind TEXT, locator TEXT, PRIMARY KEY (article, number));
CREATE TABLE citations (
    article TEXT NOT NULL REFERENCES articles(id), citation TEXT NOT NULL, kind TEXT NOT NULL, form TEXT NOT NULL,
    start INTEGER NOT NULL, "end" INTEGER NOT NULL, paragraph INTEGER, author_name TEXT, screen_name TEXT, date TEXT,
    date_text TEXT, tweet_id TEXT, url TEXT, created_at TEXT, text TEXT, parent TEXT, in_article INTEGER NOT NULL,
    confidence REAL NOT NULL, text_confidence REAL, evidence TEXT NOT NULL, PRIMARY KEY (article, citation));
CREATE TABLE contexts (
    article TEXT NOT NULL, citation TEXT NOT NULL, rank INTEGER NOT NULL, paragraph INTEGER NOT NULL,
    start INTEGER NOT NULL, "end" INTEGER NOT NULL, position TEXT NOT NULL, confidence REAL NOT NULL, text TEXT,
    PRIMARY KEY (article, citation, rank), FOREIGN KEY (article, citation) REFERENCES citations(article, citation));
CREATE TABLE links (
    id INTEGER PRIMARY KEY, article TEXT NOT NULL REFERENCES articles(id), citation TEXT, kind TEXT NOT NULL,
    url TEXT NOT NULL, raw TEXT, start INTEGER, "end" INTEGER, paragraph INTEGER, role TEXT, expansion TEXT,
    target TEXT, final_url TEXT, method TEXT, fetched_at TEXT, source TEXT, error TEXT,
    FOREIGN KEY (article, citation) REFERENCES citations(article, citation));
CREATE TABLE hops (
    link INTEGER NOT NULL REFERENCES links(id), number INTEGER NOT NULL, url TEXT NOT NULL, status INTEGER,
    via TEXT NOT NULL, ms INTEGER NOT NULL, PRIMARY KEY (link, number));
CREATE INDEX citations_by_author ON citations(screen_name);
CREATE INDEX citations_by_tweet ON citations(tweet_id);
CREATE INDEX links_by_citation ON links(article, citation);
"""
BATCH = 200
"""Documents that are committed together."""


def save(documents: Iterable[Document], path: str) -> None:
    """Write documents into a new database.

    Args:
        documents: as they come; none is kept.
        path: the file; one that is there is replaced when all is done. Of several documents of one id the last stays.

    Raises:
        OSError: it cannot be written.
    """
    rough = f"{path}.part"
    with suppress(FileNotFoundError):
        os.remove(rough)  # noqa: PTH107  pathlib costs 10 ms of start
    try:
        with closing(sqlite3.connect(rough)) as db:
            db.executescript(f"PRAGMA journal_mode = OFF; PRAGMA synchronous = OFF; {_TABLES}")
            for number, document in enumerate(documents, 1):
                _insert(db, document)
                if number % BATCH == 0:
                    db.commit()
            db.commit()
    except sqlite3.Error as error:
        raise OSError(None, str(error), path) from error
    os.replace(rough, path)  # noqa: PTH105  the same


def _insert(db: sqlite3.Connection, document: Document) -> None:
    whose = _cell(document.id)
    for table in ("contexts", "citations", "paragraphs"):
        db.execute(f"DELETE FROM {table} WHERE article = ?", (whose,))  # noqa: S608  names of our own
    db.execute("DELETE FROM hops WHERE link IN (SELECT id FROM links WHERE article = ?)", (whose,))
    db.execute("DELETE FROM links WHERE article = ?", (whose,))
    record = document.to_dict()
    _put(db, "articles", [record], "id url archived_at title language format encoding parsed text_sha256")
    spans = ({**row, "number": row["index"], **_ends(row["span"])} for row in record["paragraphs"])
    _put(db, "paragraphs", spans, "number start end kind locator", whose)
    _put(db, "citations", map(_citation, record["citations"]), _CITATION, whose)
    _put(db, "contexts", _contexts(document), "citation rank paragraph start end position confidence text", whose)
    for link in record["links"]:
        found = link["resolution"] or {}
        row = {**link, **{name: found.get(name) for name in _RESOLUTION.split()}, **_ends(link["span"])}
        place = _put(db, "links", [row], f"citation kind url raw start end paragraph role {_RESOLUTION}", whose)
        hops = ({**hop, "link": place, "number": n} for n, hop in enumerate(found.get("hops", ())))
        _put(db, "hops", hops, "link number url status via ms")


_CITATION = (
    "citation kind form start end paragraph author_name screen_name date date_text tweet_id url created_at text parent"
    " in_article confidence text_confidence evidence"
)
_RESOLUTION = "expansion target final_url method fetched_at source error"


def _citation(row: dict[str, Any]) -> dict[str, Any]:
    paragraph = row["paragraphs"][0] if row["paragraphs"] else None
    evidence = json.dumps(row["evidence"], ensure_ascii=False)
    return {**row, **_ends(row["span"]), "citation": row["id"], "paragraph": paragraph, "evidence": evidence}


def _contexts(document: Document) -> Iterator[dict[str, Any]]:
    for citation in document.citations:
        for rank, context in enumerate(citation.contexts, 1):
            text = None if document.text_sha256 else document.text[slice(*context.span)]
            more = {"citation": citation.id, "rank": rank, "text": text}
            yield {**context.to_dict(), **_ends(context.span), **more}


def _ends(span: Any) -> dict[str, Any]:
    return {"start": span and span[0], "end": span and span[1]}


def _put(
    db: sqlite3.Connection, table: str, rows: Iterable[dict[str, Any]], names: str, article: str | None = None
) -> int:
    """Insert rows; the last one's number comes back."""
    columns = [*(["article"] if article is not None else []), *names.split()]
    quoted, marks = ", ".join(f'"{name}"' for name in columns), ", ".join("?" * len(columns))
    last = 0
    for row in rows:
        cells = [article if name == "article" and article is not None else _cell(row[name]) for name in columns]
        last = db.execute(f"INSERT OR REPLACE INTO {table} ({quoted}) VALUES ({marks})", cells).lastrowid or 0  # noqa: S608
    return last


def _cell(value: Any) -> Any:
    """Let a torn character, which no file keeps, become a question mark."""
    return value.encode("utf-8", "replace").decode() if isinstance(value, str) else value
