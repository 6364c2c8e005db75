"""Take web annotations to their articles as they are now. Pure.

Reads what `webannotation` writes, and what else has a W3C `TextQuoteSelector`: a page or collection (`items`), the
answers of Hypothes.is (`rows`), a list, or a single annotation. What is found again gets new selectors, and says how it
was found (`anchoredBy`) and how much of its words (`anchorScore`). Of an annotation with several targets those stay
that are found, and those that have no selectors; each that is lost is named, and so is a lost passage (`scope`).
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

_NOWHERE = "(none is named)"
"""The address of an article that an annotation does not name."""


def write(data: str, name: str, documents: Iterable[Document], offsets: str, lost: list[InputError]) -> Iterator[str]:
    """Yield the page of those annotations that are found again.

    Args:
        data: the annotations, as JSON.
        name: of the file that they come from.
        documents: the articles as they are now, with their texts; where there is one, and no annotation is of one that
            is called so, it is that of all, whatever it is called now.
        offsets: what the new positions count: `codepoint`, `utf16` or `utf8`.
        lost: what is lost is added to it.

    Raises:
        InputError: these are no annotations.
    """
    items, context = _read(data, name, lost)
    return webannotation.page(moved(items, name, documents, offsets, lost), context)


def moved(
    items: Iterable[Item], name: str, documents: Iterable[Document], offsets: str, lost: list[InputError]
) -> Iterator[Item]:
    """Yield those annotations that are found again; takes what `write` takes."""
    waiting = [_Waiting(item) for item in items]
    left: dict[str, list[tuple[_Waiting, int]]] = {}
    for each in waiting:
        for n in each.places:
            left.setdefault(_address(each.targets[n]), []).append((each, n))
        if not each.places:
            lost.append(InputError(name, f"{each.name}: nothing says where it stands"))
    for document, alone in _alone(documents):
        address = webannotation.source(document)
        here = left.pop(address, ())
        if alone and not here:  # it was renamed
            here, left = [each for others in left.values() for each in others], {}
        elif alone:
            here = [*here, *left.pop(_NOWHERE, ())]
        targets = [each.targets[n] for each, n in here]
        for (each, n), (_, new, gone) in zip(here, _found(targets, document, offsets), strict=True):
            lost += [InputError(name, f"{each.called(n)}: {words}{document.id}") for words in gone]
            yield from each.settled(n, new)
    for address, others in left.items():
        for each, n in others:
            lost.append(InputError(name, f"{each.called(n)}: its article is not here: {address}"))
            yield from each.settled(n, None)


def reanchored(
    items: Iterable[Item], document: Document, offsets: str = "codepoint"
) -> Iterator[tuple[Item, dict[str, Any] | None]]:
    """Yield each annotation, and what it is in an article that was edited since; None when it is lost.

    Args:
        items: annotations of this article.
        document: the article as it is now, with its text.
        offsets: what the new positions count: `codepoint`, `utf16` or `utf8`.
    """
    waiting = [_Waiting(item) for item in items]
    places = [(each, n) for each in waiting for n in each.places]
    found = iter(_found((each.targets[n] for each, n in places), document, offsets))
    for each in waiting:
        new = [next(found)[1] for _ in each.places]
        settled = [done for n, target in zip(each.places, new, strict=True) for done in each.settled(n, target)]
        yield each.item, settled[0] if settled else None


class _Waiting:
    """An annotation of which some targets were not looked for yet."""

    def __init__(self, item: Item) -> None:
        found = item.get("target")
        self.item, self._alone = item, not isinstance(found, list)
        self.targets: list[Any] = found if isinstance(found, list) else [found]
        self.places = [n for n, each in enumerate(self.targets) if isinstance(each, dict) and "selector" in each]
        self._new: dict[int, dict[str, Any] | None] = {}

    @property
    def name(self) -> str:
        """What it is called."""
        return str(self.item.get("id"))

    def called(self, n: int) -> str:
        """Return what a target is called: by its number, where there are several."""
        return f"{self.name}: target {n + 1}" if len(self.targets) > 1 else self.name

    def settled(self, n: int, new: dict[str, Any] | None) -> Iterator[dict[str, Any]]:
        """Take what became of a target; yield what became of the annotation, once that is known and it is not lost."""
        self._new[n] = new
        if len(self._new) == len(self.places) and any(self._new.values()):
            kept = [self._new.get(n, each) for n, each in enumerate(self.targets) if self._new.get(n, each)]
            yield {**self.item, "target": kept[0] if self._alone else kept}


def _found(
    targets: Iterable[Item], document: Document, offsets: str
) -> Iterator[tuple[Item, dict[str, Any] | None, list[str]]]:
    """Yield each target, what it is now, and what is lost of it, in words that the name of the article ends."""
    from tweetlinks.write.anchoring import Folded

    places, folded = webannotation.Places(document, offsets), Folded(document.text)
    for target in targets:
        new, gone = _moved(target, document, places, folded), list[str]()
        if new is None:
            gone = ["not found again in "]
        elif isinstance(target.get("scope"), dict) and "selector" in target["scope"]:
            scope = _moved(target["scope"], document, places, folded)
            gone = [] if scope else ["its passage (scope) is not found again in "]
            new = {name: scope if name == "scope" else new[name] for name in new if name != "scope" or scope}
        yield target, new, gone


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


def _alone(documents: Iterable[Document]) -> Iterator[tuple[Document, bool]]:
    """Yield documents, and whether there is only one."""
    rest = iter(documents)
    first, second = next(rest, None), next(rest, None)
    if first:
        yield first, second is None
    if second:
        yield second, False
    yield from ((document, False) for document in rest)


def _address(target: Item) -> str:
    found = target.get("source")
    return str((found.get("id") if isinstance(found, dict) else found) or _NOWHERE)


def _read(data: str, name: str, lost: list[InputError]) -> tuple[list[Item], list[Any]]:
    """Return the annotations of a file and the contexts of their terms; what is no annotation is lost.

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
    if not isinstance(items, list) or (
        items and not any(isinstance(each, dict) and "target" in each for each in items)
    ):
        raise InputError(name, "no web annotations: neither a page of them, nor a list, nor one")
    if words := _unfit(context):
        raise InputError(name, f"@context: {words}")
    wrong = {n: words for n, each in enumerate(items) if (words := _wrong(each))}
    lost += [InputError(name, f"{_called(items[n], n)}: {words}") for n, words in wrong.items()]
    kept = [each for n, each in enumerate(items) if n not in wrong]
    return kept, context if isinstance(context, list) else [context]


def _called(item: Any, n: int) -> str:
    return str(item["id"]) if isinstance(item, dict) and isinstance(item.get("id"), str) else f"item {n + 1}"


def _wrong(item: Any) -> str | None:
    """Say why an item cannot be taken along; None when it can."""
    if not isinstance(item, dict) or "target" not in item:
        return "no annotation"
    return _unfit(item)


def _unfit(value: Any) -> str | None:
    """Say why a value cannot be written as JSON, though it was read; None when it can."""
    import json

    try:
        json.dumps(value, allow_nan=False)
    except (ValueError, RecursionError):
        return "it holds what no JSON holds: NaN, Infinity, or more levels than can be written"
    return None
