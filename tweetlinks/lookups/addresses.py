"""Count the ids and links that a text holds, so that each stands for one tweet. Pure.

A link is there when all of its URL is: `paper.example/a` is neither `my-paper.example/a` nor `paper.example/a/b`. The
codes of Twitter's own links have an end of their own, so that they are seen where they are glued to a word.
"""

from __future__ import annotations

import re
from collections import Counter

from tweetlinks.record import TYPE_CHECKING

if TYPE_CHECKING:
    from tweetlinks.model import Document

__all__ = ["Addresses"]

# Each is linear: a run of one class behind what cannot be in it, or one of a few literals.
_NUMBER = re.compile(r"(?<!\d)\d{9,}|(?<=status/)\d+|(?<=statuses/)\d+|(?<=[?&]id=)\d+")
_HOSTS = re.compile(
    r"""
      (?P<scheme> https?:// ) (?:www\.)?
    | (?P<own> (?= pic\.(?:twitter|x)\.com/ ) )
    | (?<! [\w.@/=&%~+-] ) (?:www\.)? (?= [\w-]+\.[\w-] )
    """,
    re.VERBOSE | re.IGNORECASE,
)
_OWN = re.compile(r"t\.co/|pic\.(?:twitter|x)\.com/")
_END = re.compile(r"""/? (?: [.,:;!?'’*_|]* (?: \s | \Z ) | [.,:;!?'’]* [\])}<>"”»“«|\\。、，）」] )""", re.VERBOSE)
"""What stands behind a URL that ends there."""
_NEXT = re.compile(r"[—–@#]|https?://|pic\.(?:twitter|x)\.com/|t\.co/")
"""What stands behind one that it is glued to."""
_OWN_END = re.compile(r"(?![\w@#—–-]|[./?=&][\w@#])")
_OWN_NEXT = re.compile(r"(?!/\w)")
_INSIDE = re.compile(r"[/=]\Z")
_WORD = re.compile(r"\w\Z")
_HOST = re.compile(r"\A[^/?#]*")


class Addresses:
    """The ids and links of a text; what is taken is gone for the next."""

    def __init__(self, document: Document) -> None:
        """Index them, once."""
        self._text = document.text
        kinds = {mark.kind for mark in document.marks}
        marks = [[mark.url for mark in document.marks if mark.url and mark.kind == kind] for kind in sorted(kinds)]
        links = [
            link.url for link in document.links if not (link.span and _bare(link.raw) == _bare(link.url))
        ]  # unprinted
        cited = Counter(each.tweet_id for each in document.citations if each.tweet_id)
        counts = [Counter(_NUMBER.findall("\n".join(urls))) for urls in ([self._text], links, *marks)]
        self._ids: Counter[str] = _most(cited, *counts)
        self._urls: Counter[str] = _most(*[Counter(map(_bare, urls)) for urls in (links, *marks)])
        self._hosts = [(found.start(), found.end(), found.lastgroup) for found in _HOSTS.finditer(self._text)]
        self._indexes: dict[int, dict[str, list[int]]] = {}
        self._left: dict[str, list[str]] = {}

    def take_id(self, number: str) -> bool:
        """Tell whether the number of a tweet is there, and take it."""
        self._ids[number] -= 1
        return self._ids[number] >= 0

    def take_link(self, url: str) -> str | None:
        """Say how a link is there, the best first, `kept` or `glued`, and take it; None when it is not."""
        bare = _bare(url)
        if bare not in self._left:
            printed = sorted(filter(None, (self._printed(n, bare) for n in self._index(len(bare)).get(bare, ()))))
            more = self._urls[bare] - len(printed)
            self._left[bare] = [*["kept"] * more, *reversed(printed)]
        return self._left[bare].pop() if self._left[bare] else None

    def _index(self, size: int) -> dict[str, list[int]]:
        """Return which of the places where a host starts have what so many letters after it."""
        if size not in self._indexes:
            index = self._indexes[size] = {}
            for n, (_, at, _) in enumerate(self._hosts):
                index.setdefault(_lower(self._text[at : at + size]), []).append(n)
        return self._indexes[size]

    def _printed(self, n: int, bare: str) -> str | None:
        """Say how a URL stands in a place: `kept`, `glued`, or None, when it is part of another."""
        start, at, kind = self._hosts[n]
        before, end = self._text[max(start - 1, 0) : start], at + len(bare)
        own = _OWN.match(bare) is not None
        if _INSIDE.search(before) or (not kind and _WORD.search(before)) or (kind == "own" and before in (".", "-")):
            return None
        if (_OWN_END if own else _END).match(self._text, end):
            return "glued" if _WORD.search(before) or before in ("@", "#") else "kept"
        return "glued" if (_OWN_NEXT if own else _NEXT).match(self._text, end) else None


def _bare(url: str) -> str:
    """Return a URL without what it may be written with or without; the case of its host does not matter."""
    rest = url.partition("://")[2] or url
    return _lower(rest).removeprefix("www.").rstrip("/")


def _lower(rest: str) -> str:
    return _HOST.sub(lambda found: found[0].lower(), rest)


def _most(*counts: Counter[str]) -> Counter[str]:
    """Return how often each is there: what is printed and what leads there are one."""
    out: Counter[str] = Counter()
    for count in counts:
        out |= count
    return out
