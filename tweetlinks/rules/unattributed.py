"""Find tweets that lost their attribution: a passage that ends in a picture or t.co link. Pure.

In prose such a link is hardly ever seen: it is made by Twitter and stands at the end of a tweet's words. Where the
markup makes a hyperlink of it, only the picture link tells: editors link to t.co too.
"""

from __future__ import annotations

import re

from tweetlinks.blanks import EDGE
from tweetlinks.model import Citation
from tweetlinks.record import TYPE_CHECKING
from tweetlinks.starts import best_start, longest_at
from tweetlinks.strengths import confidence

if TYPE_CHECKING:
    from collections.abc import Iterable

    from tweetlinks.model import Document, Found, Link

__all__ = ["find"]

_WORD = re.compile(r"[^\W\d_]{2,}")
_LEAST_WORDS = 2
_TAG = re.compile(r"[#@]\w|[\U0001f300-\U0001faff\u2600-\u27bf]")
_LINK = re.compile(r"(?:https?://|www\.|pic\.|t\.co/)\S*")
_LABEL = re.compile(r"[^\W\d_]+\s*:\s*")


def find(document: Document, found: Found) -> Iterable[Citation]:
    """Return a citation for each passage that ends in a link of Twitter's own and belongs to no citation yet."""
    text = document.text
    floor = 0
    for link in _last_links(text, found):
        end = link.span[1] if link.span else 0
        low = max(floor, found.floor(end))
        words = best_start(text, low, end, limit=longest_at(None))
        if words.at is None or not _has_words(text, words.at, link):
            continue
        floor = end
        marked = _TAG.search(text, words.at, link.span[0] if link.span else end) is not None
        evidence = (f"ends-in-{link.kind}", "marks" if marked else "plain", *words.evidence)
        yield Citation(
            kind="embed",
            form="unattributed",
            span=(words.at, end),
            text_span=(words.at, end),
            confidence=confidence(evidence, form="unattributed"),
            text_confidence=round(words.probability, 2),
            alternative=None if words.second is None else (words.second, end),
            evidence=evidence,
        )


def _last_links(text: str, found: Found) -> Iterable[Link]:
    """Return the links of Twitter's own that end a line, or a picture link inside one, outside citations."""
    own = [link for link in found.links if link.kind in ("tco", "media") and link.span]
    own = [link for link in own if link.kind == "media" or "anchor" not in link.evidence]
    for n, link in enumerate(own):
        a, b = link.span or (0, 0)
        following = own[n + 1].span if n + 1 < len(own) else None
        if found.covering((a, b)) or (following and not text[b : following[0]].strip(EDGE)):
            continue
        rest = text[b : b + 200].splitlines()
        if link.kind == "media" or not (rest[0] if rest else "").strip(EDGE + ')"”»'):
            yield link


def _has_words(text: str, start: int, link: Link) -> bool:
    """Tell whether more than a label stands right before the link: `Photo: pic.twitter.com/…` is no tweet."""
    words = _LINK.sub("", text[start : link.span[0] if link.span else start])
    apart = len(words[len(words.rstrip()) :].splitlines()) > 1
    return not apart and len(_WORD.findall(words)) >= _LEAST_WORDS and not _LABEL.fullmatch(words)
