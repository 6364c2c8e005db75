r"""Say what of the tweets of a page is left in the text that an extractor made of it. Pure.

    words     whole   all of them, in their order, blanks and typography aside
              cut     some of them, or in another order: `share` says how much
    author    kept    the handle; cut: a name, and no handle
    date      kept    the printed day, or the same day written otherwise
    id        kept    the number stands somewhere in the text, or in its markup
    links     kept    each of them; glued: to a word, a dash or another link, so that `\S+` takes both
              cut     the words of a link whose address is gone
    found     kept    `extract` finds the tweet in the text as on the page
              other   it finds it with other words, another author or another day: `differs`

Everywhere else `lost` says that it is gone, and `none` that the page shows nothing of that kind. Author and date count
beside the words (or the line of the attribution, where the words are gone): the same handle elsewhere is another tweet.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from itertools import islice

from tweetlinks.lookups.quotes import compare, tokens
from tweetlinks.model import Span
from tweetlinks.record import TYPE_CHECKING, Record
from tweetlinks.tweets import parse_status_url

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from typing import Any

    from tweetlinks.lookups.quotes import Token
    from tweetlinks.model import Citation, Document, Link

__all__ = ["LOSSES", "PARTS", "Audit", "Trace", "survival"]

PARTS = ("words", "author", "date", "id", "links", "found")
"""What is looked for of each tweet, in order."""
LOSSES = ("tweet", *PARTS)
"""What can be lost: `tweet` is all of it, words, author, date, id and links."""
KINDS = ("embed", "link", "reference")
"""The kinds of citations that are looked for; a mention is prose."""
_NO_LINKS = ("hashtag", "profile")
_BEFORE, _BEHIND, _LINE = 25, 40, 120
"""Words before and behind those of the tweet among which its attribution is looked for (links are none), and code
points between a handle and its day."""
_FAR = 100_000
"""More code points than stand between the words of a tweet and its attribution."""
_MANY = 200
"""Places of a handle at which its attribution is looked for, where the words are gone."""
_SHORT = 20
"""Letters of words so few that they count only between the borders of words."""
_RUN, _LEAST = 3, 0.34
"""Words in a row that must be there, and the share of all, for words that are cut."""
# Each is linear: one character, or a run that ends at another one.
_TARGET = re.compile(r"\]\([^()\s]*\)")
_OPENING = re.compile(r"[\w@#]\Z")
_CLOSING = re.compile(r"[\w@#—–-]")


class Trace(Record):
    """What is left of one tweet."""

    citation: Citation
    """As the page shows it."""
    words: str
    """`whole`, `cut`, `lost` or `none`."""
    share: float | None
    """How much of its words is left, from 0 to 1; None where the page shows none."""
    author: str
    """`kept`, `cut`, `lost` or `none`."""
    date: str
    """`kept`, `lost` or `none`."""
    id: str
    """`kept`, `lost` or `none`."""
    links: str
    """The worst of `urls`; `none` without any."""
    found: str
    """`kept`, `other` or `lost`."""
    urls: tuple[tuple[str, str], ...] = ()
    """Each link of the tweet, its own address left out: the URL, and `kept`, `glued`, `cut` or `lost`."""
    match: Citation | None = None
    """What `extract` finds in its place; None when it finds nothing."""
    differs: tuple[str, ...] = ()
    """In what that is another: of `words`, `author`, `date`."""

    @property
    def lost(self) -> tuple[str, ...]:
        """Which of `LOSSES` apply: what is lost, cut or another; a link that is glued is there."""
        parts = tuple(part for part in PARTS if getattr(self, part) in {"cut", "lost", "other"})
        shown = {getattr(self, part) for part in PARTS[:-1]} - {"none"}
        return ("tweet", *parts) if shown == {"lost"} else parts

    def to_dict(self) -> dict[str, Any]:
        """Return the JSON form."""
        told = self.citation.to_dict()
        names = ("kind", "form", "text", "author_name", "screen_name", "date", "tweet_id", "url")
        return {
            "citation": self.citation.id,
            **{name: told[name] for name in names},
            "kept": {part: getattr(self, part) for part in PARTS},
            "lost": list(self.lost),
            "share": self.share,
            "links": [{"url": url, "kept": word} for url, word in self.urls],
            "found_as": self.match.id if self.match else None,
            "differs": list(self.differs),
        }


class Audit(Record):
    """What is left of the tweets of a page."""

    page: str
    """What the record calls the page."""
    text: str
    """What it calls the text."""
    traces: tuple[Trace, ...] = ()
    """One for each tweet, in the order of the page."""

    def lost(self, parts: Sequence[str] = LOSSES) -> tuple[Trace, ...]:
        """Return the tweets that lost one of `parts`."""
        return tuple(trace for trace in self.traces if set(parts).intersection(trace.lost))

    def to_dict(self) -> list[dict[str, Any]]:
        """Return the JSON form: an object for each tweet."""
        return [{"page": self.page, "text_of": self.text, **trace.to_dict()} for trace in self.traces]


def survival(page: Document, text: Document) -> Audit:
    r"""Look for the tweets of a page in a text.

    Args:
        page: what was given to the extractor; tweets outside of the article and mentions are not looked for.
        text: what it made of it, read with its text (`with_text`).

    Raises:
        ValueError: one of them came from a record without its text.

    >>> from tweetlinks import extract
    >>> page = extract("So:\n\nRain at the pier https://t.co/abcdefghij\n— Ann (@ann_b) 3 mai 2017")
    >>> (trace,) = survival(page, extract("So:\n\nRain at the pier https://t.co/abcdefghij— Ann")).traces
    >>> trace.words, trace.author, trace.date, trace.id, trace.links
    ('whole', 'cut', 'lost', 'none', 'glued')
    """
    for document in (page, text):
        if document.text_sha256 is not None and document.parsed:
            raise ValueError(f"{document.id}: its record holds no text (extract --with-text keeps it)")
    wanted = [citation for citation in page.citations if citation.in_article and citation.kind in KINDS]
    field = _Field(text)
    places = _places(field, wanted)
    return Audit(page.id, text.id, tuple(_trace(page, field, wanted, places, n) for n in range(len(wanted))))


# ---------------------------------------------------------------- the text


class _Field:
    """A text in which tweets are looked for."""

    def __init__(self, document: Document) -> None:
        self.document = document
        self.text = document.text
        self.plain = _TARGET.sub(lambda found: " " * len(found[0]), document.text)  # where Markdown's links lead
        self.tokens: Sequence[Token] = tokens(self.plain)
        self.letters = "".join(token.folded for token in self.tokens)
        self.starts, at = list[int](), 0
        for token in self.tokens:
            self.starts.append(at)
            at += len(token.folded)
        self.addresses = "\n".join(
            [*(link.url for link in document.links), *(mark.url or "" for mark in document.marks)]
            + [citation.url or citation.tweet_id or "" for citation in document.citations]
        )
        self._ends = [token.span[1] for token in self.tokens]
        self._runs: dict[tuple[str, ...], list[int]] | None = None

    def around(self, span: Span) -> Span:
        """Return where what stands near a place starts and ends."""
        first = bisect_right(self._ends, span[0]) - _BEFORE
        last = bisect_right(self._ends, span[1]) - 1 + _BEHIND
        start = self.tokens[first].span[0] if first > 0 else 0
        return start, self._ends[last] if last < len(self._ends) else len(self.text)

    def whole(self, words: Sequence[Token]) -> Iterator[Span]:
        """Yield where all words stand; blanks may be elsewhere, or gone."""
        letters = "".join(token.folded for token in words)
        at = self.letters.find(letters)
        while at >= 0:
            first, last = self._token(at), self._token(at + len(letters) - 1)
            borders = self.starts[first] == at and self.starts[last] + len(self.tokens[last].folded) == at + len(
                letters
            )
            if borders or len(letters) >= _SHORT:
                yield self.tokens[first].span[0], self.tokens[last].span[1]
            at = self.letters.find(letters, at + 1)

    def part(self, words: Sequence[Token]) -> tuple[Span, float] | None:
        """Return where most of the words stand, and how much of them; None when hardly any do."""
        from difflib import SequenceMatcher

        wanted = [token.folded for token in words]
        runs = self._all_runs()
        votes: dict[int, int] = {}
        for n in range(len(wanted) - _RUN + 1):
            for at in runs.get(tuple(wanted[n : n + _RUN]), ())[:_SHORT]:
                votes[at - n] = votes.get(at - n, 0) + 1
        if not votes:
            return None
        best = max(votes, key=lambda at: (votes[at], -at))
        start, end = max(best - len(wanted), 0), min(best + 2 * len(wanted), len(self.tokens))
        there = [token.folded for token in self.tokens[start:end]]
        same = SequenceMatcher(None, wanted, there, autojunk=False).get_matching_blocks()
        blocks = [block for block in same if block.size > 1]
        share = round(sum(block.size for block in blocks) / len(wanted), 3)
        if share < _LEAST:
            return None
        first, last = blocks[0].b + start, blocks[-1].b + blocks[-1].size - 1 + start
        return (self.tokens[first].span[0], self.tokens[last].span[1]), share

    def _token(self, at: int) -> int:
        return bisect_right(self.starts, at) - 1

    def _all_runs(self) -> dict[tuple[str, ...], list[int]]:
        if self._runs is None:
            self._runs = {}
            folded = [token.folded for token in self.tokens]
            for n in range(len(folded) - _RUN + 1):
                self._runs.setdefault(tuple(folded[n : n + _RUN]), []).append(n)
        return self._runs


Place = tuple[Span, float]
"""Where the words of a tweet stand in the text, and how much of them."""


def _places(field: _Field, wanted: Sequence[Citation]) -> list[Place | None]:
    """Return where the words of each tweet stand; the same words of two tweets are two places, if there are two."""
    taken, places = set[Span](), list[Place | None]()
    for citation in wanted:
        words = tokens(citation.text or "")
        spans = [span for span, _ in zip(field.whole(words), range(_SHORT), strict=False)] if words else []
        best = min(spans, key=lambda span: (span in taken, _away(field, citation, span)), default=None)
        if best:
            taken.add(best)
        places.append((best, 1.0) if best else field.part(words) if words else None)
    return places


def _away(field: _Field, citation: Citation, span: Span) -> int:
    """Return how far from a place the handle of a tweet stands, first behind it; much where it does not stand near."""
    start, end = field.around(span)
    handles = re.finditer(_handle(citation.screen_name), field.plain[start:end]) if citation.screen_name else ()
    places = [start + at.start() for at in handles]
    behind = [at - span[1] for at in places if at >= span[1]]
    before = [_FAR + span[0] - at for at in places if at < span[1]]
    return min(behind or before, default=2 * _FAR)


# ---------------------------------------------------------------- one tweet


def _trace(page: Document, field: _Field, wanted: Sequence[Citation], places: Sequence[Place | None], n: int) -> Trace:
    citation, place = wanted[n], places[n]
    has_words = bool(tokens(citation.text or ""))
    shown = page.text[slice(*citation.span)]
    near = _near(field, citation, places, n, has_words=has_words)
    match = _match(field.document.citations, citation, place)
    urls = tuple((link.url, _link(field, link)) for link in _links(page, citation))
    differs = _differs(citation, match) if match else ()
    return Trace(
        citation,
        words="none" if not has_words else "lost" if not place else "whole" if place[1] == 1.0 else "cut",
        share=(place[1] if place else 0.0) if has_words else None,
        author=_author(citation, shown, near, match),
        date=_date(citation, shown, near, match),
        id=_id(citation, field),
        links=max((word for _, word in urls), key=("kept", "glued", "cut", "lost").index, default="none"),
        found="other" if differs else "kept" if match else "lost",
        urls=urls,
        match=match,
        differs=differs,
    )


def _near(field: _Field, citation: Citation, places: Sequence[Place | None], n: int, *, has_words: bool) -> str:
    """Return what stands around the words of a tweet, up to those of the next; where they are gone, its attribution."""
    place = places[n]
    if place:
        (start, end), _ = place
        others = [other[0] for k, other in enumerate(places) if other and k != n]
        first = max((b for _, b in others if b <= start), default=0)
        last = min((a for a, _ in others if a >= end), default=len(field.text))
        before, behind = field.around((start, end))
        return field.plain[max(before, first) : min(behind, last)]
    handle, day = citation.screen_name, citation.date_text
    if has_words and not (handle and day):
        return ""
    lines = islice(re.finditer(_handle(handle), field.plain), _MANY) if handle else ()
    around = (field.plain[max(line.start() - _LINE, 0) : line.end() + _LINE] for line in lines)
    return next((each for each in around if not day or _has_words(each, day)), "")


def _author(citation: Citation, shown: str, near: str, match: Citation | None) -> str:
    handle, name = citation.screen_name or "", citation.author_name or ""
    shows_handle = bool(handle) and _has_handle(shown, handle)
    if not (shows_handle or _has_words(shown, name)):
        return "none"
    if handle and (_has_handle(near, handle) or (match and _same(match.screen_name, handle))):
        return "kept"
    return ("cut" if shows_handle else "kept") if _has_words(near, name) else "lost"


def _date(citation: Citation, shown: str, near: str, match: Citation | None) -> str:
    if not (citation.date_text and _has_words(shown, citation.date_text)):
        return "none"
    same = match is not None and citation.date is not None and match.date == citation.date
    return "kept" if same or _has_words(near, citation.date_text) else "lost"


def _id(citation: Citation, field: _Field) -> str:
    if not citation.tweet_id:
        return "none"
    number = re.compile(rf"(?<!\d){citation.tweet_id}(?!\d)")
    return "kept" if number.search(field.text) or number.search(field.addresses) else "lost"


def _links(page: Document, citation: Citation) -> Iterator[Link]:
    """Yield the links of a tweet but for its own address, hashtags and profiles."""
    for link in (page.links[n] for n in citation.links):
        tweet = parse_status_url(link.url) if link.kind == "status" else None
        if link.kind not in _NO_LINKS and not (tweet and tweet.id == citation.tweet_id):
            yield link


def _link(field: _Field, link: Link) -> str:
    """Say what became of a link: the same one may stand in the text twice, and the best of them counts."""
    bare = re.escape(link.url.partition("://")[2])
    glued = False
    for found in re.finditer(rf"(?:https?://)?(?:www\.)?{bare}", field.text):
        before = _OPENING.search(field.text[max(found.start() - 1, 0) : found.start()])
        if not before and not _CLOSING.match(field.text, found.end()):
            return "kept"
        glued = True
    if glued:
        return "glued"
    if re.search(bare, field.addresses):
        return "kept"
    return "cut" if link.raw and link.raw != link.url and link.raw in field.text else "lost"


def _match(found: Sequence[Citation], citation: Citation, place: Place | None) -> Citation | None:
    """Return what `extract` found in the place of a tweet: by its id, by its words, by author and day."""
    rows = (
        (each for each in found if citation.tweet_id and each.tweet_id == citation.tweet_id),
        (each for each in found if place and each.span[0] < place[0][1] and place[0][0] < each.span[1]),
        (each for each in found if citation.date and _same(each.screen_name, citation.screen_name or "")
            and each.date == citation.date and not place),
    )  # fmt: skip
    return next((each for row in rows for each in row if each.kind in KINDS), None)


def _differs(citation: Citation, match: Citation) -> tuple[str, ...]:
    """Say in what a citation of the text is another than that of the page."""
    out = []
    if citation.text and compare(match.text, citation.text).word not in {"exact", "unverifiable"}:
        out.append("words")
    if citation.screen_name and citation.author_name and not _same(match.screen_name, citation.screen_name):
        out.append("author")
    if citation.date and citation.date != match.date:
        out.append("date")
    return tuple(out)


def _same(one: str | None, other: str) -> bool:
    return (one or "").casefold() == other.casefold()


def _handle(name: str) -> str:
    """Return a pattern for a handle, with the @ before it or alone in brackets."""
    return rf"(?i)[@＠]\s?{re.escape(name)}(?![A-Za-z0-9_])"


def _has_handle(text: str, name: str) -> bool:
    return re.search(_handle(name), text) is not None


def _has_words(text: str, words: str) -> bool:
    """Tell whether words stand in a text, typography and blanks aside."""
    letters = "".join(token.folded for token in tokens(words))
    return bool(letters) and letters in "".join(token.folded for token in tokens(text))
