"""Find every URL that is printed in the text, and those that the markup puts behind words. Pure.

Where both are at one place the printed form stays when it is the same short link (`pic.twitter.com/S` over
`t.co/S`); else the hyperlink knows better: what is printed may be cut short, or be words.
"""

from __future__ import annotations

from bisect import bisect_left

from tweetlinks.model import Link
from tweetlinks.record import TYPE_CHECKING
from tweetlinks.urls import classify, find_links, slug

if TYPE_CHECKING:
    from collections.abc import Iterable

    from tweetlinks.model import Document, Found, Mark

__all__ = ["find"]

_SHARE = 0.5
"""Of the words of a hyperlink: a printed link that is more of them is what the hyperlink means."""


def find(document: Document, found: Found) -> Iterable[Link]:  # noqa: ARG001  the signature of a rule
    """Return the links of the text, glued ones cut apart."""
    links = find_links(document.text)
    anchors = [mark for mark in document.marks if mark.kind == "anchor" and mark.url]
    return _with_anchors(document.text, links, anchors) if anchors else links


def _with_anchors(text: str, links: list[Link], anchors: list[Mark]) -> list[Link]:
    """Return the printed links and the hyperlinks, none overlapping another."""
    starts = [link.span[0] if link.span else 0 for link in links]
    dropped: set[int] = set()
    more: list[Link] = []
    floor = 0
    for mark in sorted(anchors, key=lambda mark: mark.span):
        a, b = mark.span
        owner = None if mark.parent is None else f"m{mark.parent}"
        if a == b:
            more.append(
                Link(classify(mark.url or ""), mark.url or "", "", (a, b), citation=owner, evidence=("anchor",))
            )
        if a < floor or a == b:
            continue
        first = max(0, bisect_left(starts, a) - 1)
        over = [n for n in range(first, bisect_left(starts, b)) if (links[n].span or (0, 0))[1] > a]
        url = mark.url or ""
        code = slug(url)
        same = next((n for n in over if _says(links[n], url, code)), None)
        if same is not None:
            links[same] = links[same]._replace(evidence=(*links[same].evidence, "anchor"))
            continue
        if over and sum(len(links[n].raw) for n in over) < _SHARE * (b - a):
            continue  # a hyperlink around a whole card, with links of its own inside
        dropped.update(over)
        more.append(Link(classify(url), url, text[a:b], (a, b), citation=owner, evidence=("anchor",)))
        floor = b
    kept = [link for n, link in enumerate(links) if n not in dropped]
    return sorted([*kept, *more], key=lambda link: link.span or (0, 0))


def _says(link: Link, url: str, code: str | None) -> bool:
    """Tell whether a printed link is the one that a hyperlink leads to."""
    return slug(link.url) == code if code else link.url.rstrip("/") == url.rstrip("/")
