"""Write a sheet for those who code tweets in the news by hand: a row a citation, and empty columns for the coder. Pure.

The first columns are what studies of tweets in the news count (where it stands, what stands around it, whose it is, how
it is printed, where its links lead); `function`, `role`, `stance`, `availability` and `coder` are left empty: what a
tweet is for is judged by people.
"""

from __future__ import annotations

import re

from tweetlinks.record import TYPE_CHECKING
from tweetlinks.write.csl import title
from tweetlinks.write.csvrows import row
from tweetlinks.write.outlets import host, is_own

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

    from tweetlinks.model import Citation, Document
    from tweetlinks.write import View

__all__ = ["COLUMNS", "write"]

COLUMNS = (
    "document", "document_url", "document_title", "document_language", "archived_at", "citation", "number", "of",
    "kind", "form", "in_article", "author_name", "author_handle", "tweet_id", "tweet_url", "tweet_date",
    "date_gap_days", "text", "text_clean", "paragraph", "paragraphs", "position", "before", "after", "context",
    "start", "end", "hashtags", "mentions", "cashtags", "links", "final_urls", "final_domains", "link_outcomes",
    "confidence", "self_citation", "function", "role", "stance", "availability", "coder",
)  # fmt: skip
"""The columns, in order; paragraphs count from 1, `position` goes from 0 to 1, `date_gap_days` is from the tweet to the
day when the page was archived; `self_citation` is 1 or 0 where `--outlets` knows the outlet, else empty."""
# Linear: a mark and one run.
_TAG, _AT, _CASH = (
    re.compile(r"(?<!\w)[#＃]\w+"),
    re.compile(r"[@＠][A-Za-z0-9_]{1,20}"),
    re.compile(r"(?<!\w)\$[A-Z]{1,6}\b"),
)
_LINK = re.compile(r"(?:https?://|pic\.(?:twitter|x)\.com/)\S+")


def write(documents: Iterable[Document], view: View) -> Iterator[str]:
    """Yield the names of the columns, then the rows of each document."""
    yield row(COLUMNS)
    for document in documents:
        rows = "".join(
            row(cells.get(name) for name in COLUMNS)
            for number, citation in enumerate(document.citations, 1)
            for cells in [_cells(document, citation, number, view.outlets)]
        )
        if rows:
            yield rows


def _cells(
    document: Document, citation: Citation, number: int, outlets: Mapping[str, frozenset[str]] | None
) -> dict[str, object]:
    links = [document.links[n] for n in citation.links]
    found = [link.resolution for link in links if link.resolution]
    urls = [each.final_url for each in found if each.final_url]
    words, here = citation.text or "", citation.paragraphs
    known, total = document.text_sha256 is None, len(document.paragraphs)
    best = citation.contexts[0] if citation.contexts else None
    return {
        "document": document.id, "document_url": document.url, "document_title": title(document),
        "document_language": document.language, "archived_at": document.archived_at,
        "citation": citation.id, "number": number, "of": len(document.citations),
        "kind": citation.kind, "form": citation.form, "in_article": int(citation.in_article),
        "author_name": citation.author_name, "author_handle": citation.screen_name,
        "tweet_id": citation.tweet_id, "tweet_url": citation.url,
        "tweet_date": (citation.created_at or citation.date or "")[:10],
        "date_gap_days": _gap(citation.created_at or citation.date, document.archived_at),
        "text": words, "text_clean": " ".join(_LINK.sub(" ", words).split()),
        "paragraph": here[0] + 1 if here else None, "paragraphs": total,
        "position": round(here[0] / max(total - 1, 1), 3) if here else None,
        "before": _paragraph(document, here[0] - 1) if here and known else None,
        "after": _paragraph(document, here[-1] + 1) if here and known else None,
        "context": document.text[slice(*best.span)] if best and known else None,
        "start": citation.span[0], "end": citation.span[1],
        "hashtags": " ".join(_TAG.findall(words)), "mentions": " ".join(_AT.findall(words)),
        "cashtags": " ".join(_CASH.findall(words)),
        "links": " ".join(link.url for link in links), "final_urls": " ".join(urls),
        "final_domains": " ".join(filter(None, map(host, urls))),
        "link_outcomes": " ".join(f"{each.expansion}/{each.target}" for each in found),
        "confidence": citation.confidence, "self_citation": is_own(document, citation, outlets),
    }  # fmt: skip


def _paragraph(document: Document, n: int) -> str | None:
    columns = document.paragraphs
    return document.text[columns.starts[n] : columns.ends[n]] if 0 <= n < len(columns) else None


def _gap(written: str | None, archived: str | None) -> int | None:
    from datetime import date

    if not (written and archived):
        return None
    try:
        return date.fromisoformat(archived[:10]).toordinal() - date.fromisoformat(written[:10]).toordinal()
    except ValueError:
        return None
