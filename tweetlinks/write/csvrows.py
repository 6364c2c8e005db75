"""Write CSV: one row a citation, or one row a link when only links were asked for. Pure.

Cells stay as they are, so that a pipeline reads back what stood there: a tweet may start with `=` or `@`, which a
spreadsheet takes for a formula (`harmless` is for those). Several links share a cell, separated by blanks; ids are
text. Links that belong to no citation are only in the JSON formats.
"""

from __future__ import annotations

import csv
from io import StringIO

from tweetlinks.record import TYPE_CHECKING
from tweetlinks.write import told

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from tweetlinks.lookups.verdicts import Verdict
    from tweetlinks.model import Citation, Document, Resolution
    from tweetlinks.write import View

__all__ = [
    "CHECK_COLUMNS",
    "CITATION_COLUMNS",
    "LINK_COLUMNS",
    "checks",
    "harmless",
    "link_cells",
    "links",
    "row",
    "write",
]

CITATION_COLUMNS = (
    "id", "citation", "kind", "form", "paragraph", "author_name", "screen_name", "date", "date_text", "tweet_id", "url",
    "created_at", "text", "links", "final_urls", "expansions", "context_paragraph", "context", "confidence", "evidence",
    "start", "end", "text_confidence", "alternative", "document_url",
)  # fmt: skip
"""The columns of a citation, in order; `paragraph`, `start` and `end` count from 0 as the record does; `alternative` is
what the words are if the second-best start is right."""

LINK_COLUMNS = (
    "url", "resolved_url", "http_status", "resolution_error", "redirect_count", "redirect_chain", "expansion", "target",
)  # fmt: skip
"""The columns of a link, in order; the middle five have the names that minet gives them."""


_FORMULA = ("=", "+", "-", "@", "\t", "\r")


class _Line:
    """A file that holds the one line written last."""

    def __init__(self) -> None:
        self.text = ""

    def write(self, text: str) -> None:
        self.text = text


def row(cells: Iterable[object], mark: str = ",") -> str:
    r"""Return one CSV line with its newline: None is an empty cell; `mark` stands between two.

    >>> row(["a", None, 'say "b", c'])
    'a,,"say ""b"", c"\n'
    """
    line = _Line()
    csv.writer(line, delimiter=mark, lineterminator="\r\n").writerow(cells)  # quotes both, where a cell holds one
    return line.text[:-2] + "\n"


def write(documents: Iterable[Document], view: View) -> Iterator[str]:  # noqa: ARG001  the family's signature
    """Yield the names of the columns, then the rows of each document."""
    yield row(CITATION_COLUMNS)
    for document in documents:
        rows = "".join(row(_citation(document, citation)) for citation in document.citations)
        if rows:
            yield rows


def harmless(pieces: Iterable[str]) -> Iterator[str]:
    r"""Yield CSV in which no cell begins like a formula of a spreadsheet; such a cell gets a `'` before it.

    These are the characters that OWASP names (owasp.org/www-community/attacks/CSV_Injection).

    >>> list(harmless(["a,=1+1,@ann_b\n"]))
    ["a,'=1+1,'@ann_b\n"]
    """
    for piece in pieces:
        yield "".join(row(f"'{each}" if each.startswith(_FORMULA) else each for each in cells) for cells in rows(piece))


def rows(piece: str) -> Iterator[list[str]]:
    """Return the cells of each row of a piece of CSV."""
    csv.field_size_limit(max(csv.field_size_limit(), len(piece)))  # of the module: a cell may be an article
    return csv.reader(StringIO(piece, newline=""))


def links(resolutions: Iterable[Resolution], view: View) -> Iterator[str]:  # noqa: ARG001  the family's signature
    """Yield the names of the columns, then one row for each resolution."""
    yield row(LINK_COLUMNS)
    for resolution in resolutions:
        yield row([resolution.url, *link_cells(resolution)])


CHECK_COLUMNS = (
    "id", "citation", "verdict", "state", "quote", "screen_name", "date", "tweet_id", "url", "created_at", "text",
    "confidence", "for", "against", "archive_url", "search", "proof",
)  # fmt: skip
"""The columns of a verdict, in order."""


def checks(verdicts: Iterable[Verdict], view: View) -> Iterator[str]:
    """Yield the names of the columns, then one row for each citation."""
    yield row(CHECK_COLUMNS)
    for record in told(verdicts, view):
        more = {
            "quote": (record["quote"] or {}).get("word"),
            "for": " ".join(each["name"] for each in record["for"]),
            "against": " ".join(each["name"] for each in record["against"]),
            "archive_url": next((found["archive_url"] for found in record["findings"] if found["archive_url"]), None),
            "search": (record["queries"] or {}).get("search"),
            "proof": " ".join(record["proof"]),
        }
        yield row([more.get(name, record.get(name)) for name in CHECK_COLUMNS])


def link_cells(resolution: Resolution) -> list[object]:
    """Return what `LINK_COLUMNS` names, without the URL asked about."""
    hops = resolution.hops
    statuses = [hop.status for hop in hops if hop.status is not None]
    return [
        resolution.final_url,
        statuses[-1] if statuses else None,
        resolution.error,
        max(len(hops) - 1, 0),
        "|".join(hop.via for hop in hops),
        resolution.expansion,
        resolution.target,
    ]


def _citation(document: Document, citation: Citation) -> list[object]:
    own = [document.links[n] for n in citation.links]
    answers = [link.resolution for link in own if link.resolution]
    best = citation.contexts[0] if citation.contexts else None
    return [
        document.id, citation.id, citation.kind, citation.form,
        citation.paragraphs[0] if citation.paragraphs else None,
        citation.author_name, citation.screen_name, citation.date, citation.date_text,
        citation.tweet_id, citation.url, citation.created_at, citation.text,
        " ".join(link.url for link in own),
        " ".join(answer.final_url for answer in answers if answer.final_url),
        " ".join(answer.expansion for answer in answers),
        best.paragraph if best else None,
        document.text[slice(*best.span)] if best and document.text_sha256 is None else None,
        citation.confidence, " ".join(citation.evidence), *citation.span,
        citation.text_confidence,
        document.text[slice(*citation.alternative)] if citation.alternative and document.text_sha256 is None else None,
        document.url,
    ]  # fmt: skip
