"""Write W3C Web Annotations (JSON-LD): one `AnnotationPage`, an annotation for each citation. Pure.

An annotation says where in the article a tweet is cited (`target`) and what is cited there (`body`):

    target   source (the article), selectors (the quotation with what is around it, positions, and in HTML an XPath),
             the copy in the archive (`state`) and the passage that the citation serves (`scope`)
    body     the tweet as a schema.org `SocialMediaPosting`, its words, and its links: where each leads, `via` the
             short one

Positions count `offsetUnit`: `codepoint`, as the model says, `utf16`, as JavaScript counts, or `utf8`. Nothing says
when it was written: the same article gives the same bytes.
Terms: https://www.w3.org/TR/annotation-model/ and http://www.w3.org/ns/anno.jsonld.
"""

from __future__ import annotations

import re

from tweetlinks.model import SCHEMA, Document, sha256
from tweetlinks.record import TYPE_CHECKING
from tweetlinks.write.jsonl import line
from tweetlinks.write.offsets import Counted

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence
    from typing import Any

    from tweetlinks.model import Citation, Link, Span
    from tweetlinks.write import View

__all__ = ["CONTEXT", "Places", "in_browser", "page", "source", "web_annotations", "write"]

CONTEXT = [
    "http://www.w3.org/ns/anno.jsonld",
    {name: f"urn:tweetlinks:{name}" for name in ("anchoredBy", "anchorScore", "offsetUnit")},
]
"""The terms of the W3C, and three of our own."""
AROUND = 32
"""Characters before and behind a quotation that are kept with it."""
_BODY = re.compile(r"\A/html\[1\](?!/(?:head|body|frameset)\[|\Z)|\A(?!/html\[)")
_ROW = re.compile(r"(/table\[\d+\])(?=/tr\[)")
# Both linear: anchored, or one run of digits between literals.


def write(documents: Iterable[Document], view: View) -> Iterator[str]:
    """Yield one page of all annotations."""
    return page(item for document in documents for item in web_annotations(document, view.offsets))


def page(items: Iterable[Mapping[str, Any]], context: Sequence[Any] = ()) -> Iterator[str]:
    """Yield a page of annotations.

    Args:
        items: the annotations.
        context: what else gives their terms a meaning.
    """
    terms = [*(each for each in context if each not in CONTEXT), *CONTEXT]
    head = {"@context": terms, "id": "urn:tweetlinks:annotations", "type": "AnnotationPage"}
    before = f'{line(head)[:-1]}, "items": ['
    for item in items:
        yield f"{before}\n{line(item)}"
        before = ","
    yield "\n]}\n" if before == "," else f"{before}]}}\n"


def web_annotations(document: Document, offsets: str = "codepoint") -> list[dict[str, Any]]:
    r"""Return an annotation for each citation of a document.

    Args:
        document: with its text, or a record without it: then quotations are the words of the tweets alone.
        offsets: what positions count: `codepoint`, `utf16` or `utf8`; in a text that is not here code points.

    >>> from tweetlinks import extract
    >>> (one,) = web_annotations(extract("🌧🌧 Rain!\n\nRain! #pier\n— Ann (@ann_b) 3 mai 2017", id="a.txt"), "utf16")
    >>> one["target"]["selector"][1]
    {'type': 'TextPositionSelector', 'start': 12, 'end': 49, 'offsetUnit': 'utf16'}
    """
    places = Places(document, offsets)
    name = sha256(f"{source(document)}\n{document.text_sha256 or sha256(document.text)}")[:16]
    return [_annotation(document, citation, places, f"urn:tweetlinks:{name}") for citation in document.citations]


def _annotation(document: Document, citation: Citation, places: Places, name: str) -> dict[str, Any]:
    return {
        "id": f"{name}:{citation.id}",
        "type": "Annotation",
        "motivation": ["linking", "identifying"],
        "generator": {"id": f"urn:{SCHEMA.replace('/', ':')}", "type": "Software", "name": "tweetlinks"},
        "target": _target(document, citation, places),
        "body": list(_bodies(document, citation)),
    }


def _bare(fields: Mapping[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in fields.items() if value is not None}


# ---------------------------------------------------------------- where


def _target(document: Document, citation: Citation, places: Places) -> dict[str, Any]:
    best = citation.contexts[0] if citation.contexts else None
    span = citation.span if places.known else citation.text_span or citation.span
    scope = {
        "type": "SpecificResource", "source": source(document),
        "selector": places.selectors(best.span, (best.paragraph,)),
    } if best else None  # fmt: skip
    return _bare(
        {
            "type": "SpecificResource",
            "source": source(document),
            "selector": places.selectors(span, citation.paragraphs, citation.text if citation.text_span else None),
            "state": _state(document),
            "scope": scope if scope and scope["selector"] else None,
        }
    )


def source(document: Document) -> str:
    """Return an IRI for the article: its address, else its path."""
    if document.url or "://" in document.id:
        return document.url or document.id
    from urllib.parse import quote

    torn = any("\ud800" <= char < "\udc80" or "\udcff" < char <= "\udfff" for char in document.id)  # of no file's name
    path = quote(document.id, safe="/:@!$&'()*+,;=~", errors="surrogatepass" if torn else "surrogateescape")
    return f"./{path}" if ":" in path.split("/")[0] else path


def _state(document: Document) -> dict[str, Any] | None:
    """Say which copy of the article was read."""
    if document.archived_at is None:
        return None
    digits = "".join(filter(str.isdigit, document.archived_at))[:14]
    cached = f"https://web.archive.org/web/{digits}/{document.url}" if document.url else None
    return _bare({"type": "TimeState", "sourceDate": document.archived_at, "cached": cached})


class Places:
    """Where passages of a document stand, in the words of the W3C."""

    def __init__(self, document: Document, unit: str) -> None:
        self.known = document.text_sha256 is None
        self._document, self._unit = document, unit
        self._counted = Counted(document.text, unit).units
        self._starts: dict[str, int] | None = None

    def selectors(self, span: Span, paragraphs: tuple[int, ...], words: str | None = None) -> list[dict[str, Any]]:
        """Return all selectors of a passage; of a text that is not here, by its words, where they are known."""
        return [*self._quote(span, words), *self._position(span), *self._path(span, paragraphs)]

    def _quote(self, span: Span, words: str | None) -> Iterator[dict[str, Any]]:
        text, (a, b) = self._document.text, span
        if self.known:
            yield {
                "type": "TextQuoteSelector", "exact": text[a:b],
                "prefix": text[max(a - AROUND, 0) : a], "suffix": text[b : b + AROUND],
            }  # fmt: skip
        elif words:
            yield {"type": "TextQuoteSelector", "exact": words}

    def _position(self, span: Span, base: int = 0) -> Iterator[dict[str, Any]]:
        if self.known or self._unit == "codepoint":
            start, end = (self._counted(at) - self._counted(base) for at in span)
            yield {"type": "TextPositionSelector", "start": start, "end": end, "offsetUnit": self._unit}

    def _path(self, span: Span, paragraphs: tuple[int, ...]) -> Iterator[dict[str, Any]]:
        """Yield the element around a passage, and where in its text the passage stands."""
        if self._document.format != "html" or not paragraphs:
            return
        all_places = self._document.paragraphs.places
        path = _common(str(all_places[paragraphs[0]]), str(all_places[paragraphs[-1]]))
        if not path:
            return
        selector: dict[str, Any] = {"type": "XPathSelector", "value": in_browser(path)}
        start = self._first(path)
        for position in self._position(span, start) if start <= span[0] else ():
            selector["refinedBy"] = position
        yield selector

    def _first(self, path: str) -> int:
        """Return where the text of an element starts."""
        if self._starts is None:
            self._starts = {}
            columns = self._document.paragraphs
            for start, place in zip(columns.starts, columns.places, strict=True):
                around = str(place)
                while around and around not in self._starts:
                    self._starts[around] = start
                    around = around.rpartition("/")[0]
        return self._starts[path]


def in_browser(path: str) -> str:
    """Return the XPath of an element in the tree that a browser makes, which has a body and table bodies.

    >>> in_browser("/p[1]"), in_browser("/html[1]/p[2]"), in_browser("/html[1]/body[1]/table[1]/tr[2]/td[1]")
    ('/html[1]/body[1]/p[1]', '/html[1]/body[1]/p[2]', '/html[1]/body[1]/table[1]/tbody[1]/tr[2]/td[1]')
    """
    return _ROW.sub(r"\1/tbody[1]", _BODY.sub("/html[1]/body[1]", path, count=1).rstrip("/"))


def _common(first: str, last: str) -> str:
    """Return the path of the nearest element around two others."""
    ours, theirs = first.split("/"), last.split("/")
    same = next((n for n, (a, b) in enumerate(zip(ours, theirs, strict=False)) if a != b), min(len(ours), len(theirs)))
    return "/".join(ours[:same])


# ---------------------------------------------------------------- what


def _bodies(document: Document, citation: Citation) -> Iterator[dict[str, Any]]:
    """Yield the tweet, its words, and its links."""
    handle = citation.screen_name
    creator = {
        "id": f"https://twitter.com/{handle}" if handle else None, "type": "Person", "name": citation.author_name,
        "nickname": handle,
    }  # fmt: skip
    yield _bare({
        "id": citation.url, "type": "schema:SocialMediaPosting", "created": citation.created_at,
        "schema:datePublished": citation.date, "schema:identifier": citation.tweet_id,
        "creator": _bare(creator) if handle or citation.author_name else None,
    })  # fmt: skip
    if citation.text:
        yield {"type": "TextualBody", "purpose": "describing", "format": "text/plain", "value": citation.text}
    yield from (_link(document.links[n]) for n in citation.links if 0 <= n < len(document.links))


def _link(link: Link) -> dict[str, Any]:
    found = link.resolution
    there = found.final_url if found and found.final_url != link.url else None
    return {
        "type": "SpecificResource",
        "purpose": "linking",
        "source": {"id": there, "via": link.url} if there else link.url,
    }
