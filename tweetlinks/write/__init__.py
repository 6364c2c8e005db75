"""Write documents: a family, one writer a format. Pure: a writer yields text, and the caller puts it somewhere.

Every writer has the same three functions (of references and coding sheets the first):

    write(documents, view) -> Iterator[str]       documents, each with its citations and links
    links(resolutions, view) -> Iterator[str]     what became of single links
    checks(verdicts, view) -> Iterator[str]       whether citations are so

Each piece that they yield is whole lines, at most one document: a reader who stops early never sees half a record.
A writer of text never opens a file, never asks for the terminal and never loads another writer.
"""

from __future__ import annotations

from tweetlinks.record import TYPE_CHECKING, Record

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Mapping
    from typing import Any, Protocol

    from tweetlinks.lookups.verdicts import Verdict
    from tweetlinks.model import Document, Resolution

__all__ = ["APART", "FILES", "FORMATS", "OF_DOCUMENTS", "SUFFIXES", "View", "confident", "saver", "told", "writer"]

FORMATS = {
    "table": "table", "jsonl": "jsonl", "json": "jsonarray", "csv": "csvrows", "tsv": "tsvrows", "ids": "ids",
    "urls": "urls", "csl": "csl", "bibtex": "bibtex", "ris": "ris", "coding-sheet": "codingsheet",
    "html": "report",
    "webannotation": "webannotation",
}  # fmt: skip
"""The module that writes each format, by the name that the command line knows."""
APART = frozenset({"coding-sheet", "csv", "jsonl", "tsv", "urls"})
"""Formats in which what is written of a document does not depend on the others."""
OF_DOCUMENTS = frozenset({"bibtex", "coding-sheet", "csl", "html", "ris", "webannotation"})
"""Formats that have no more than `write`."""
FILES = {"sqlite": "database", "parquet": "arrow"}
"""The same for formats that are a file of their own: their modules have `save(documents, path)` instead."""

SUFFIXES = {
    ".bib": "bibtex", ".csv": "csv", ".db": "sqlite", ".htm": "html", ".html": "html", ".json": "json",
    ".jsonl": "jsonl", ".jsonld": "webannotation", ".ndjson": "jsonl", ".parquet": "parquet", ".ris": "ris",
    ".sqlite": "sqlite", ".sqlite3": "sqlite", ".tsv": "tsv", ".txt": "table",
}  # fmt: skip
"""The format that a file name asks for."""


class View(Record):
    """How the reader wants to see it."""

    with_text: bool = False
    """Put the whole text of a document into its record."""
    redacted: bool = False
    """Write no handles and no names, where verdicts are written."""
    explain: bool = False
    """Show the evidence too, where a format would leave it out."""
    width: int = 80
    """Columns of the terminal."""
    colour: bool = False
    """Use the colours of the terminal."""
    offsets: str = "codepoint"
    """What positions in annotations count: `codepoint`, `utf16` or `utf8`."""
    outlets: Mapping[str, frozenset[str]] | None = None
    """The handles of each outlet by its domain, for the coding sheet; None where nobody told."""


if TYPE_CHECKING:

    class Writer(Protocol):
        """What a module of this family offers."""

        def write(self, documents: Iterable[Document], view: View) -> Iterator[str]:
            """Yield the documents, each as a piece of whole lines."""

        def links(self, resolutions: Iterable[Resolution], view: View) -> Iterator[str]:
            """Yield what became of single links, in whole lines."""

        def checks(self, verdicts: Iterable[Verdict], view: View) -> Iterator[str]:
            """Yield what is to be said of citations, each as a piece of whole lines."""


def confident(document: Document, least: float) -> Document:
    """Return the document without the citations that are less sure than `least`; their links stay, on their own."""
    kept = tuple(citation for citation in document.citations if citation.confidence >= least)
    if len(kept) == len(document.citations):
        return document
    ids = {citation.id for citation in kept}
    return document._replace(
        citations=tuple(c if c.parent in ids else c._replace(parent=None) for c in kept),
        links=tuple(link if link.citation in ids else link._replace(citation=None) for link in document.links),
    )


def told(verdicts: Iterable[Verdict], view: View) -> Iterator[dict[str, Any]]:
    """Yield the JSON form of verdicts, without handles where that is wanted."""
    from tweetlinks.write.redaction import Redaction

    redaction = Redaction()
    for verdict in verdicts:
        yield redaction.of(verdict.to_dict()) if view.redacted else verdict.to_dict()


def saver(name: str) -> Callable[[Iterable[Document], str], None]:
    """Load what saves a format of `FILES`: `save(documents, path)`.

    Raises:
        KeyError: no such format.
    """
    from importlib import import_module

    save: Callable[[Iterable[Document], str], None] = import_module(f"tweetlinks.write.{FILES[name]}").save
    return save


def writer(name: str) -> Writer:
    """Load the writer of a format.

    Args:
        name: one of `FORMATS`.

    Returns:
        Its module.

    Raises:
        KeyError: no such format.
    """
    from importlib import import_module

    module: Writer = import_module(f"tweetlinks.write.{FORMATS[name]}")
    return module
