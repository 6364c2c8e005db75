"""Take web annotations to their articles as they are now. Pure.

Reads what `webannotation` writes, and what else has a W3C `TextQuoteSelector`: a page or collection (`items`), the
answers of Hypothes.is (`rows`), a list, or a single annotation. What is found again gets new selectors, and says how it
was found (`anchoredBy`) and how much of its words (`anchorScore`).
"""

from __future__ import annotations

from tweetlinks.errors import InputError
from tweetlinks.record import TYPE_CHECKING
from tweetlinks.write import webannotation

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping
    from typing import Any

    from tweetlinks.model import Document

    Item = Mapping[str, Any]

__all__ = ["moved", "reanchored", "write"]


def reanchored(
    items: Iterable[Item], document: Document, offsets: str = "codepoint"
) -> Iterator[tuple[Item, dict[str, Any] | None]]:
    """Yield each annotation, and what it is in an article that was edited since; None when it is lost.

    Args:
        items: annotations of this article.
        document: the article as it is now, with its text.
        offsets: what the new positions count: `codepoint`, `utf16` or `utf8`.
    """
    from tweetlinks.write.anchoring import Folded

    places, folded = webannotation.Places(document, offsets), Folded(document.text)
    for item in items:
        target = _target(item)
        new = _moved(target, document, places, folded)
        if new and isinstance(target.get("scope"), dict):
            scope = _moved(target["scope"], document, places, folded)
            new = {name: scope if name == "scope" else new[name] for name in new if name != "scope" or scope}
        yield item, {**item, "target": new} if new else None


def _moved(target: Item, document: Document, places: webannotation.Places, folded: Any) -> dict[str, Any] | None:
    from tweetlinks.write.anchoring import reanchor

    try:
        anchor = reanchor(target, folded)
    except ValueError:
        return None
    if anchor is None:
        return None
    selectors = places.selectors(anchor.span, document.paragraphs.within(anchor.span))
    found = {"anchoredBy": anchor.how, "anchorScore": anchor.score}
    return {**target, "source": webannotation.source(document), "selector": selectors, **found}


def write(data: str, name: str, documents: Iterable[Document], offsets: str, lost: list[InputError]) -> Iterator[str]:
    """Yield the page of those annotations that are found again.

    Args:
        data: the annotations, as JSON.
        name: of the file that they come from.
        documents: the articles as they are now, with their texts; where there is one, and the annotations are of one,
            it is that, whatever it is called now.
        offsets: what the new positions count: `codepoint`, `utf16` or `utf8`.
        lost: what is lost is added to it.

    Raises:
        InputError: these are no annotations.
    """
    items, context = _read(data, name)
    return webannotation.page(moved(items, name, documents, offsets, lost), context)


def moved(
    items: Iterable[Item], name: str, documents: Iterable[Document], offsets: str, lost: list[InputError]
) -> Iterator[Item]:
    """Yield those annotations that are found again; takes what `write` takes."""
    left: dict[str, list[Item]] = {}
    for item in items:
        left.setdefault(_address(_target(item)), []).append(item)
    for document, alone in _alone(documents):
        address = next(iter(left)) if alone and len(left) == 1 else webannotation.source(document)
        for item, new in reanchored(left.pop(address, ()), document, offsets):
            if new:
                yield new
            else:
                lost.append(InputError(name, f"{item.get('id')}: not found again in {document.id}"))
    for address, others in left.items():
        lost += [InputError(name, f"{item.get('id')}: its article is not here: {address}") for item in others]


def _alone(documents: Iterable[Document]) -> Iterator[tuple[Document, bool]]:
    """Yield documents, and whether there is only one."""
    rest = iter(documents)
    first, second = next(rest, None), next(rest, None)
    if first:
        yield first, second is None
    if second:
        yield second, False
    yield from ((document, False) for document in rest)


def _target(item: Item) -> Item:
    """Return the first target of an annotation that has selectors; an empty one when none has."""
    targets = item.get("target")
    found = targets if isinstance(targets, list) else [targets]
    return next((each for each in found if isinstance(each, dict) and "selector" in each), {})


def _address(target: Item) -> str:
    found = target.get("source")
    return str(found.get("id") if isinstance(found, dict) else found)


def _read(data: str, name: str) -> tuple[list[Item], list[Any]]:
    """Return the annotations of a file and the contexts of their terms.

    Raises:
        InputError: these are no annotations.
    """
    import json

    try:
        found: Any = json.loads(data)
    except (ValueError, RecursionError) as error:
        raise InputError(name, f"no JSON: {error}") from error
    whole: Any = found if isinstance(found, dict) else {"items": found}
    inner: Any = whole.get("first") if isinstance(whole.get("first"), dict) else whole
    items: Any = next((inner[key] for key in ("items", "rows") if key in inner), [whole])
    context = whole.get("@context", [])
    if not isinstance(items, list) or not all(isinstance(item, dict) and "target" in item for item in items):
        raise InputError(name, "no web annotations: neither a page of them, nor a list, nor one")
    return items, context if isinstance(context, list) else [context]
