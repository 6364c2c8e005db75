r"""Say what of the tweets of a page is left in the text that an extractor made of it. Pure.

    words     whole   all of them, in their order, emoji too; blanks, punctuation, # and @ aside
              cut     some of them, or in another order: `share` says how much
    author    kept    the handle; cut: a name, and no handle
    date      kept    the printed day, or the same day written otherwise
    id        kept    the number stands in the text, or in its markup
    links     kept    each of them, all of its URL; glued: to a word, a dash or another link, so that `\S+` takes both
              cut     the words of a link whose address is gone
    found     kept    `extract` finds the tweet in the text as on the page
              other   it finds it with other words, another author or another day: `differs`

Everywhere else `lost` says that it is gone, and `none` that the page shows nothing of that kind. Author and date count
beside the words (or the line of the attribution, where the words are gone): the same handle elsewhere is another tweet.
All is counted for one tweet only: of two with the same words, of which the text has one, one is lost.
"""

from __future__ import annotations

from tweetlinks.lookups.addresses import Addresses
from tweetlinks.lookups.letters import Letters, letters_of
from tweetlinks.lookups.quotes import compare
from tweetlinks.lookups.seats import Seats, shows_words
from tweetlinks.record import TYPE_CHECKING, Record
from tweetlinks.tweets import parse_status_url

if TYPE_CHECKING:
    from collections.abc import Sequence
    from typing import Any

    from tweetlinks.model import Citation, Document, Link

__all__ = ["LOSSES", "PARTS", "Audit", "Trace", "survival"]

PARTS = ("words", "author", "date", "id", "links", "found")
"""What is looked for of each tweet, in order."""
LOSSES = ("tweet", *PARTS)
"""What can be lost: `tweet` is all of it, words, author, date, id and links."""
KINDS = ("embed", "link", "reference")
"""The kinds of citations that are looked for; a mention is prose."""
_NO_LINKS = ("hashtag", "profile")


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
    seats, addresses = Seats(text, wanted), Addresses(text)
    order = sorted(
        range(len(wanted)), key=lambda n: (n not in seats.places, n)
    )  # whose words are there takes its links
    traces = {n: _trace(page, seats, addresses, n) for n in order}
    return Audit(page.id, text.id, tuple(traces[n] for n in range(len(wanted))))


# ---------------------------------------------------------------- one tweet


def _trace(page: Document, seats: Seats, addresses: Addresses, n: int) -> Trace:
    citation, place, match = seats.wanted[n], seats.places.get(n), seats.matches.get(n)
    has_words = shows_words(citation)
    shown = Letters(page.text[slice(*citation.span)])
    urls = tuple((url, _link(seats, addresses, n, link)) for url, link in _links(page, citation).items())
    differs = _differs(citation, match) if match else ()
    return Trace(
        citation,
        words="none" if not has_words else "lost" if not place else "whole" if place.share == 1.0 else "cut",
        share=(place.share if place else 0.0) if has_words else None,
        author=_author(seats, n, shown),
        date=_date(seats, n, shown),
        id="none" if not citation.tweet_id else "kept" if addresses.take_id(citation.tweet_id) else "lost",
        links=max((word for _, word in urls), key=("kept", "glued", "cut", "lost").index, default="none"),
        found="other" if differs else "kept" if match else "lost",
        urls=urls,
        match=match,
        differs=differs,
    )


def _author(seats: Seats, n: int, shown: Letters) -> str:
    citation, match = seats.wanted[n], seats.matches.get(n)
    handle, name = citation.screen_name or "", citation.author_name or ""
    shows_handle = bool(handle) and any(f"{at}{handle}".lower() in shown.text.lower() for at in ("@", "＠", "@ "))
    if not (shows_handle or shown.holds(name)):
        return "none"
    if handle and (n in seats.handles or (match and _same(match.screen_name, handle))):
        return "kept"
    return ("cut" if shows_handle else "kept") if n in seats.names else "lost"


def _date(seats: Seats, n: int, shown: Letters) -> str:
    citation, match = seats.wanted[n], seats.matches.get(n)
    if not (citation.date_text and shown.holds(citation.date_text)):
        return "none"
    same = match is not None and citation.date is not None and match.date == citation.date
    return "kept" if same or n in seats.days else "lost"


def _links(page: Document, citation: Citation) -> dict[str, Link]:
    """Return the links of a tweet but for its own address, hashtags and profiles."""
    links: dict[str, Link] = {}
    for link in (page.links[n] for n in citation.links):
        tweet = parse_status_url(link.url) if link.kind == "status" else None
        if link.kind not in _NO_LINKS and not (tweet and tweet.id == citation.tweet_id):
            links.setdefault(link.url, link)
    return links


def _link(seats: Seats, addresses: Addresses, n: int, link: Link) -> str:
    """Say what became of a link; where its address is gone, its words may stand among those of the tweet."""
    there = addresses.take_link(link.url)
    if there:
        return there
    near = seats.plain[slice(*seats.near[n])] if n in seats.near else ""
    return "cut" if link.raw and link.raw != link.url and link.raw in near else "lost"


def _differs(citation: Citation, match: Citation) -> tuple[str, ...]:
    """Say in what a citation of the text is another than that of the page."""
    out = []
    if shows_words(citation) and not _same_words(match.text or "", citation.text or ""):
        out.append("words")
    if citation.screen_name and citation.author_name and not _same(match.screen_name, citation.screen_name):
        out.append("author")
    if citation.date and citation.date != match.date:
        out.append("date")
    return tuple(out)


def _same_words(one: str, other: str) -> bool:
    """Tell whether words are the same, as far as they can be compared; of emoji alone, whether those are."""
    word = compare(one, other).word
    return word == "exact" or (word == "unverifiable" and bool(one) and letters_of(one) == letters_of(other))


def _same(one: str | None, other: str) -> bool:
    return (one or "").casefold() == other.casefold()
