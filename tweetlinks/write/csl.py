"""Write references to tweets as CSL-JSON, which Zotero, pandoc and Quarto read. Pure.

A tweet is a `post`, as Zotero's own translator makes it: the author is `Name [@handle]`, the title its words, the genre
`Tweet`, the container Twitter, or X since 24 July 2023. An article that quotes tweets is a `webpage`, or a `document`
where it has a title and no address; it is named in the `note` of each tweet. What CSL has no field for stands in
`custom` (citation-style-language/schema, csl-data.json 1.0.2).
"""

from __future__ import annotations

from tweetlinks.model import sha256
from tweetlinks.record import TYPE_CHECKING
from tweetlinks.write.jsonl import line

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator
    from typing import Any

    from tweetlinks.model import Citation, Document
    from tweetlinks.write import View

__all__ = ["items", "references", "title", "unique", "write"]

RENAMED = "2023-07-24"
"""Since which day the service is called X."""


def write(documents: Iterable[Document], view: View) -> Iterator[str]:  # noqa: ARG001  the family's signature
    """Yield one array of all references."""
    before = "["
    for item in references(documents):
        yield f"{before}\n{line(item)}"
        before = ","
    yield "[]\n" if before == "[" else "\n]\n"


def references(documents: Iterable[Document]) -> Iterator[dict[str, Any]]:
    """Yield the references of all documents, each once: a key that comes twice is an error to those who read them."""
    seen: dict[str, str] = {}
    for document in documents:
        for item in items(document):
            what = item.get("custom", {}).get("tweet_id") or item.get("URL") or line(item)
            key = item["id"] if seen.get(item["id"], what) == what else unique(item["id"], what)
            if key not in seen:
                seen[key] = what
                yield {**item, "id": key}


def unique(key: str, what: str) -> str:
    """Return a key that is told from the same key of another thing by a hash.

    Args:
        key: the key.
        what: what tells the thing from the other.
    """
    return f"{key}-{sha256(what)[:8]}"


def items(document: Document) -> list[dict[str, Any]]:
    r"""Return the references of a document: the article, where it has an address or a title, and each tweet once.

    >>> from tweetlinks import extract
    >>> (item,) = items(extract("Rain! pic.twitter.com/abcdefghij\n— Ann (@ann_b) 3 mai 2017"))
    >>> item["author"], item["issued"], item["container-title"]
    ([{'literal': 'Ann [@ann_b]'}], {'date-parts': [[2017, 5, 3]]}, 'Twitter')
    """
    found: dict[str, dict[str, Any]] = {}
    for citation in document.citations:
        if citation.tweet_id or citation.text or citation.screen_name:
            item = _tweet(document, citation)
            found.setdefault(item["id"], item)
    article = _article(document) if found else {}
    return [*([article] if "URL" in article or "title" in article else []), *found.values()]


def _tweet(document: Document, citation: Citation) -> dict[str, Any]:
    day = (citation.created_at or citation.date or "")[:10]
    custom = {
        "tweet_id": citation.tweet_id, "screen_name": citation.screen_name, "quoted_in": document.id,
        "citation": citation.id, "confidence": citation.confidence,
    }  # fmt: skip
    item = {
        "id": f"tweet-{citation.tweet_id}" if citation.tweet_id else f"{document.id}#{citation.id}",
        "type": "post",
        "author": [{"literal": _author(citation)}] if citation.author_name or citation.screen_name else None,
        "title": " ".join(citation.text.split()) if citation.text else None,
        "genre": "Tweet",
        "container-title": "X" if day >= RENAMED else "Twitter",
        "issued": _date(day) if day else None,
        "URL": citation.url,
        "note": f"Quoted in {title(document) or document.url or document.id}",
        "custom": {name: value for name, value in custom.items() if value is not None},
    }
    return {name: value for name, value in item.items() if value is not None}


def _author(citation: Citation) -> str:
    handle = f"@{citation.screen_name}" if citation.screen_name else ""
    return f"{citation.author_name} [{handle}]" if citation.author_name and handle else citation.author_name or handle


def _article(document: Document) -> dict[str, Any]:
    url = document.url or (document.id if document.id.startswith(("http://", "https://")) else None)
    item = {
        "id": url or document.id, "type": "webpage" if url else "document", "title": title(document), "URL": url,
        "language": document.language, "accessed": _date(document.archived_at) if document.archived_at else None,
    }  # fmt: skip
    return {name: value for name, value in item.items() if value is not None}


def title(document: Document) -> str | None:
    """Return the title that the source names, or the heading that its text begins with."""
    first = document.paragraphs[0] if document.paragraphs and document.text_sha256 is None else None
    if document.title or first is None or first.kind != "heading" or any(0 in c.paragraphs for c in document.citations):
        return document.title
    return " ".join(document.text[slice(*first.span)].split())


def _date(day: str) -> dict[str, Any]:
    return {"date-parts": [[int(part) for part in day[:10].split("-")]]}
