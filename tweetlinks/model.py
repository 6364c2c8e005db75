"""Hold the values that pass between the steps, and their JSON form. Pure.

Every value is frozen and slotted: a named tuple (`record.Record`), because `import dataclasses` and ten of its classes
cost more than the whole start of the command line (docs/architecture.md has the figures). Use `value._replace(…)` for a
changed copy and `Document.to_dict()` for JSON. Spans count Unicode code points of `Document.text`, end excluded:
`text[a:b]` is always the thing itself. Durations are seconds but for `Hop.ms`; times are ISO 8601 in UTC.
"""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Iterator, Mapping, Sequence
from functools import cache

from tweetlinks.record import TYPE_CHECKING, Record

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable
    from typing import Any, overload

__all__ = [
    "SCHEMA", "Answer", "Citation", "Context", "Document", "Estimate", "Finding", "Found", "Hop", "Link", "Mark",
    "Paragraph", "Paragraphs", "Resolution", "Resolve", "Span", "TweetRef", "sha256",
]  # fmt: skip

SCHEMA = "tweetlinks/1"
"""Version of the record: within it fields are added, never renamed or dropped."""

Span = tuple[int, int]
"""`(start, end)` in code points, end excluded."""


class Paragraph(Record):
    """One paragraph of a document."""

    index: int  # type: ignore[assignment]  # the record's name; `tuple.index` is not missed
    """Position in `Document.paragraphs`, from 0."""
    span: Span
    """Where its text stands, without white space at either end."""
    kind: str
    """`heading`, `body`, `quote`, `list`, `caption` or `table`."""
    locator: str
    """Where it stands in the source: `line 3`, or an XPath in HTML."""


class Paragraphs(Sequence[Paragraph]):
    """The paragraphs of a document, kept in columns: a `Paragraph` is made when one is asked for.

    >>> columns = Paragraphs([0, 10], [8, 20], [1, 3], {0: "heading"})
    >>> columns[1]
    Paragraph(index=1, span=(10, 20), kind='body', locator='line 3')
    >>> columns.at(12)
    1
    """

    __slots__ = ("ends", "kinds", "places", "starts")

    def __init__(
        self, starts: Sequence[int], ends: Sequence[int], places: Sequence[int | str], kinds: Mapping[int, str]
    ) -> None:
        """Take the columns as they are.

        Args:
            starts: where each paragraph starts, rising.
            ends: where each paragraph ends.
            places: the line number from 1, or the whole locator.
            kinds: the kind by index; what is missing is `body`.
        """
        self.starts, self.ends, self.places, self.kinds = starts, ends, places, kinds

    def __len__(self) -> int:
        return len(self.starts)

    if TYPE_CHECKING:

        @overload
        def __getitem__(self, index: int) -> Paragraph: ...
        @overload
        def __getitem__(self, index: slice) -> list[Paragraph]: ...

    def __getitem__(self, index: int | slice) -> Paragraph | list[Paragraph]:
        if isinstance(index, slice):
            return [self[n] for n in range(*index.indices(len(self)))]
        n = index + len(self) if index < 0 else index
        if n < 0:
            raise IndexError(index)
        place = self.places[n]
        locator = place if isinstance(place, str) else f"line {place}"
        return Paragraph(n, (self.starts[n], self.ends[n]), self.kinds.get(n, "body"), locator)

    def __iter__(self) -> Iterator[Paragraph]:
        return (self[n] for n in range(len(self)))

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Paragraphs) and self[:] == other[:]

    def __hash__(self) -> int:
        return hash((tuple(self.starts), tuple(self.ends)))

    def __repr__(self) -> str:
        return f"<{len(self)} paragraphs>"

    def at(self, offset: int) -> int | None:
        """Return the index of the last paragraph that starts at or before `offset`; None before the first."""
        return bisect_right(self.starts, offset) - 1 if self.starts and offset >= self.starts[0] else None

    def within(self, span: Span) -> tuple[int, ...]:
        """Return the indexes of the paragraphs that `span` touches; for an empty span the one it stands in."""
        first = self.at(span[0])
        start = 0 if first is None else first
        if self.starts and self.ends[start] <= span[0] < span[1]:
            start += 1
        return tuple(range(start, bisect_left(self.starts, max(span[1], span[0] + 1), start)))


class Mark(Record):
    """What the markup of the source knew about a stretch of the text."""

    kind: str
    """`embed`, `link` or `reference`: a tweet; `anchor`: the words of a hyperlink; `aside`: not the article itself
    (navigation, comments, other articles); `elsewhere`: a date that leads to no tweet; `verbatim`: shown as written,
    or not at all (code, a comment), it cites nothing; `block`: an element that holds words alone, where asked for."""
    span: Span
    """Where it stands in the text; empty where nothing of it is read."""
    form: str = ""
    """How it is written: `blockquote`, `iframe`, …"""
    url: str | None = None
    """Where it leads: a status URL of a tweet, the target of an anchor."""
    tweet_id: str | None = None
    """The status id: digits, always a string."""
    screen_name: str | None = None
    """The handle without @."""
    author_name: str | None = None
    """The display name, as printed."""
    date_text: str | None = None
    """The date as printed, or as the markup writes it."""
    text_span: Span | None = None
    """Where the tweet's own words stand in the text."""
    attribution_span: Span | None = None
    """Where its attribution stands in the text."""
    text: str | None = None
    """The tweet's own words, when the text does not hold them."""
    links: tuple[str, ...] = ()
    """The URLs in those words."""
    parent: int | None = None
    """Index of the mark that it stands inside of."""
    in_article: bool = True
    """False in what is not the article itself: for a mark that shows nothing, its span cannot tell."""
    source: Span | None = None
    """Where its element stands in the source, in code points, when the parser knows."""


class TweetRef(Record):
    """A tweet that a URL names."""

    id: str
    """The status id: digits, always a string."""
    screen_name: str | None
    """The handle without @; None where the URL holds none or a placeholder."""


class Hop(Record):
    """One step of a redirect chain."""

    url: str
    """What was asked."""
    status: int | None
    """The HTTP status; None where no answer came."""
    via: str
    """What led on from here: `http`, `html-stub`, `refresh`, `derived`, or `end`."""
    ms: int
    """Milliseconds until the answer; 0 where nothing was sent."""


class Answer(Record):
    """What a server said to one request: what a cache keeps."""

    url: str
    """What was asked."""
    status: int
    """The HTTP status."""
    headers: tuple[tuple[str, str], ...]
    """The headers that matter, names in lower case, in the order received."""
    body: str
    """The start of the body, decoded; empty for a redirect."""
    at: str
    """When it came: ISO 8601, UTC."""
    ms: int
    """Milliseconds until the answer."""

    def header(self, name: str) -> str | None:
        """Return the first header of that name (lower case), or None."""
        for key, value in self.headers:
            if key == name:
                return value
        return None


class Resolution(Record):
    """What became of a link: its expansion, its target and the way there."""

    url: str
    """The URL that was asked about."""
    expansion: str
    """What became of the short link: `expanded`, `dead`, `timeout`, … (docs/outcomes.md lists the words)."""
    target: str
    """What became of the page it leads to: `unchecked`, `ok`, `terminal-social`, …"""
    final_url: str | None
    """The last URL known; None when the first step already failed."""
    method: str | None
    """How the short link told its target: `http`, `html-stub`, `refresh`, `derived`, `archive`."""
    hops: tuple[Hop, ...] = ()
    """Every step, in order."""
    attempts: int = 0
    """Requests sent, repetitions counted."""
    fetched_at: str | None = None
    """When the last answer came: ISO 8601, UTC; None when nothing was asked."""
    source: str = "network"
    """Who said so: `network`, `cache` (also when offline: nobody else is asked), `archive`, `mapping` or `derived`."""
    archived_at: str | None = None
    """When the archive saw it: ISO 8601, UTC."""
    tweet: TweetRef | None = None
    """The tweet that the final URL names."""
    error: str | None = None
    """Why it is not expanded, in words."""
    retry_after: float | None = None
    """Seconds after which asking again makes sense."""

    def _repr_html_(self) -> str:
        return _shown(self)

    def to_dict(self) -> dict[str, Any]:
        """Return the JSON form."""
        out = self._asdict()
        out["hops"] = [hop._asdict() for hop in self.hops]
        out["tweet"] = self.tweet._asdict() if self.tweet else None
        return out

    @classmethod
    def from_dict(cls, data: Mapping[str, Any]) -> Resolution:
        """Return the value that `to_dict` wrote; fields it does not know are ignored."""
        known = {name: data[name] for name in cls._fields if name in data}
        known["hops"] = tuple(Hop(**{f: hop[f] for f in Hop._fields}) for hop in data.get("hops", ()))
        tweet = data.get("tweet")
        known["tweet"] = TweetRef(tweet["id"], tweet["screen_name"]) if tweet else None
        return cls(**known)


class Finding(Record):
    """What a look-up found out about a tweet, or about where a dead link led."""

    source: str
    """Who was asked: `oembed`, `syndication`, `wayback`, `archive` or `memento`."""
    url: str
    """What was looked up."""
    outcome: str
    """`tweet-found`, `tweet-deleted`, `archived`, `rate-limited`, … (docs/evidence.md lists the words)."""
    text: str | None = None
    """The tweet's words; None where none came."""
    cut: bool = False
    """The words go on: only their beginning came."""
    screen_name: str | None = None
    """The author's handle."""
    author_name: str | None = None
    """The author's display name, as it is now."""
    created_at: str | None = None
    """When the tweet was written, as told: ISO 8601, UTC."""
    date: str | None = None
    """The day it was written, as told: ISO 8601."""
    links: tuple[tuple[str, str], ...] = ()
    """Short links of the tweet, each with where it leads."""
    target: str | None = None
    """Where a dead link led."""
    archived_at: str | None = None
    """When the archive made the copy: ISO 8601, UTC."""
    archive_url: str | None = None
    """The copy."""
    fetched_at: str | None = None
    """When the last answer came: ISO 8601, UTC."""
    error: str | None = None
    """Why it is not known, in words."""
    retry_after: float | None = None
    """Seconds after which asking again makes sense."""

    def to_dict(self) -> dict[str, Any]:
        """Return the JSON form."""
        return {**self._asdict(), "links": [list(pair) for pair in self.links]}


Resolve = "Callable[[Iterable[str]], Mapping[str, Resolution]]"
"""What the pipeline asks of a resolver: URLs in, what became of each out."""


class Estimate(Record):
    """A time that is not known exactly."""

    at: str
    """ISO 8601, UTC, to the second."""
    within: float
    """Seconds that it may be off, either way, for 95 of 100."""


class Link(Record):
    """A URL in the document."""

    kind: str
    """`tco`, `media`, `status`, `profile`, `hashtag`, `shortener` or `other`."""
    url: str
    """The URL, with a scheme."""
    raw: str
    """As printed: `text[span]` where the span is known."""
    span: Span | None
    """Where it stands; None where only the markup knew it."""
    paragraph: int | None = None
    """Index of its paragraph."""
    citation: str | None = None
    """Id of the citation it belongs to."""
    evidence: tuple[str, ...] = ()
    """How its borders were found: `slug10`, `known-successor`, …"""
    resolution: Resolution | None = None
    """What became of it; None when nobody asked."""
    role: str | None = None
    """What it is to the tweet that holds it: `self-media` (its own picture or film), `self` (the tweet itself), `quote`
    (another tweet), `outlink`; None outside of tweets, and while it is not known."""

    def _repr_html_(self) -> str:
        return _shown(self)

    def to_dict(self) -> dict[str, Any]:
        """Return the JSON form."""
        return {
            "kind": self.kind,
            "url": self.url,
            "raw": self.raw,
            "span": self.span,
            "paragraph": self.paragraph,
            "citation": self.citation,
            "evidence": self.evidence,
            "resolution": self.resolution.to_dict() if self.resolution else None,
            "role": self.role,
        }

    @classmethod
    def from_dict(cls, data: Mapping[str, Any]) -> Link:
        """Return the value that `to_dict` wrote; fields it does not know are ignored."""
        known = {name: data[name] for name in cls._fields if name in data}
        known["span"] = _span(data["span"])
        known["evidence"] = tuple(data.get("evidence", ()))
        resolution = data.get("resolution")
        known["resolution"] = Resolution.from_dict(resolution) if resolution else None
        return cls(**known)


class Context(Record):
    """A passage of the article that a citation serves."""

    paragraph: int
    """Index of the paragraph it stands in."""
    span: Span
    """The passage: a paragraph, or a sentence where the article is one line."""
    position: str
    """`before`, `after` or `same`: where it stands, seen from the citation."""
    confidence: float
    """How sure, from 0 to 1."""
    evidence: tuple[str, ...]
    """What speaks for it: `colon`, `names-author`, …"""

    def to_dict(self) -> dict[str, Any]:
        """Return the JSON form."""
        return {
            "paragraph": self.paragraph,
            "span": self.span,
            "position": self.position,
            "confidence": self.confidence,
            "evidence": self.evidence,
        }


class Citation(Record):
    """A tweet that the document shows or points at."""

    kind: str
    """`embed`, `link`, `reference` or `mention`."""
    form: str
    """How it is written: `flattened`, `unattributed`, `url`, `prose`, `blockquote`, …"""
    span: Span
    """All of it: the hull of words and attribution."""
    text_span: Span | None = None
    """The tweet's own words as printed; None when they are lost."""
    attribution_span: Span | None = None
    """From the dash to the end of the date."""
    author_name: str | None = None
    """The display name, as printed."""
    screen_name: str | None = None
    """The handle without @, as printed."""
    date: str | None = None
    """The printed day, ISO 8601; None when it cannot be read."""
    date_text: str | None = None
    """The date as printed."""
    tweet_id: str | None = None
    """The status id: digits, always a string."""
    url: str | None = None
    """The status URL in its one spelling, `https://twitter.com/HANDLE/status/ID`, with the handle that it names; as it
    was printed it stands in `links`."""
    created_at: str | None = None
    """When the tweet was written: ISO 8601, UTC, from the id; None for ids before November 2010, which hold no time."""
    contexts: tuple[Context, ...] = ()
    """The passages it serves, best first; empty when no prose is about it."""
    parent: str | None = None
    """Id of the citation that this one stands inside of."""
    in_article: bool = True
    """False in navigation, comments and other boilerplate."""
    confidence: float = 1.0
    """How sure that this is a citation and that its parts are right, from 0 to 1."""
    evidence: tuple[str, ...] = ()
    """What speaks for it: `attribution`, `date:fr`, `start:line`, …"""
    text_confidence: float | None = None
    """How sure that `text_span` starts where the words start, from 0 to 1; None without words."""
    alternative: Span | None = None
    """The second-best `text_span`, where the start of the words is uncertain."""
    id: str = ""
    """`c1`, `c2`, … in the order of the text; empty until the pipeline has numbered it."""
    text: str | None = None
    """The words of `text_span`."""
    paragraphs: tuple[int, ...] = ()
    """Indexes of the paragraphs it stands in."""
    links: tuple[int, ...] = ()
    """Indexes of its links in `Document.links`."""
    created_estimate: Estimate | None = None
    """About when, for ids that hold no time."""

    def _repr_html_(self) -> str:
        return _shown(self)

    def to_dict(self) -> dict[str, Any]:
        """Return the JSON form."""
        return {
            "id": self.id,
            "kind": self.kind,
            "form": self.form,
            "span": self.span,
            "text_span": self.text_span,
            "attribution_span": self.attribution_span,
            "text": self.text,
            "author_name": self.author_name,
            "screen_name": self.screen_name,
            "date": self.date,
            "date_text": self.date_text,
            "tweet_id": self.tweet_id,
            "url": self.url,
            "created_at": self.created_at,
            "created_estimate": self.created_estimate._asdict() if self.created_estimate else None,
            "paragraphs": self.paragraphs,
            "contexts": [context.to_dict() for context in self.contexts],
            "parent": self.parent,
            "in_article": self.in_article,
            "links": self.links,
            "confidence": self.confidence,
            "text_confidence": self.text_confidence,
            "alternative": self.alternative,
            "evidence": self.evidence,
        }

    @classmethod
    def from_dict(cls, data: Mapping[str, Any]) -> Citation:
        """Return the value that `to_dict` wrote; fields it does not know are ignored."""
        known = {name: data[name] for name in cls._fields if name in data}
        for name in ("span", "text_span", "attribution_span", "alternative"):
            known[name] = _span(data.get(name))
        for name in ("evidence", "paragraphs", "links"):
            known[name] = tuple(data.get(name, ()))
        known["contexts"] = tuple(
            Context(c["paragraph"], (c["span"][0], c["span"][1]), c["position"], c["confidence"], tuple(c["evidence"]))
            for c in data.get("contexts", ())
        )
        guess = data.get("created_estimate")
        known["created_estimate"] = Estimate(guess["at"], guess["within"]) if guess else None
        return cls(**known)


class Document(Record):
    """An article, read: its text, paragraphs, citations and links."""

    text: str
    """What a reader reads; every span refers to it."""
    id: str
    """The path or name the caller gave."""
    format: str
    """`text`, `html`, `markdown`, `mediawiki` or `bbcode`."""
    encoding: str | None
    """How the bytes were decoded; None for a str."""
    paragraphs: Paragraphs
    """Its paragraphs, in order."""
    marks: tuple[Mark, ...] = ()
    """What the markup knew."""
    citations: tuple[Citation, ...] = ()
    """The tweets it cites, in the order of the text."""
    links: tuple[Link, ...] = ()
    """Its URLs, in the order of the text."""
    url: str | None = None
    """Where the article was published: as the caller says, else as a page says of itself."""
    archived_at: str | None = None
    """When an archive of the web kept it: UTC, ISO 8601; None when it comes from none."""
    title: str | None = None
    """Its title, when the source names one."""
    language: str | None = None
    """Its language (BCP 47), when the source names one."""
    parsed: bool = True
    """False for a page that cannot hold a citation and was not parsed."""
    text_sha256: str | None = None
    """The hash of a text that is not here: of a record without `text`; None where it is here, or was not parsed."""

    def _repr_html_(self) -> str:
        return _shown(self)

    def to_dict(self, *, with_text: bool = False) -> dict[str, Any]:
        """Return the record (`tweetlinks schema` describes it).

        Args:
            with_text: put the whole text into the record, if it is here.
        """
        columns = self.paragraphs
        kind = columns.kinds.get
        return {
            "schema": SCHEMA,
            "id": self.id,
            "format": self.format,
            "encoding": self.encoding,
            "url": self.url,
            "archived_at": self.archived_at,
            "title": self.title,
            "language": self.language,
            "parsed": self.parsed,
            "text_sha256": self.text_sha256 or (sha256(self.text) if self.parsed or with_text else None),
            "text": self.text if with_text and self.text_sha256 is None else None,
            "paragraphs": [
                {
                    "index": n,
                    "span": (start, end),
                    "kind": kind(n, "body"),
                    "locator": place if place.__class__ is str else f"line {place}",
                }
                for n, (start, end, place) in enumerate(zip(columns.starts, columns.ends, columns.places, strict=True))
            ],
            "citations": [citation.to_dict() for citation in self.citations],
            "links": [link.to_dict() for link in self.links],
        }

    @classmethod
    def from_dict(cls, data: Mapping[str, Any]) -> Document:
        """Return the document of a record; without `text` in the record its text is empty.

        Raises:
            ValueError: it is a record of another version, which the message names.
            KeyError, TypeError, ValueError, IndexError, AttributeError: it is no such record.
        """
        if data["schema"] != SCHEMA:
            raise ValueError(f"a record of {data['schema']!r}, not of {SCHEMA}")
        rows = data["paragraphs"]
        columns = Paragraphs(
            [row["span"][0] for row in rows],
            [row["span"][1] for row in rows],
            [_place(row["locator"]) for row in rows],
            {row["index"]: row["kind"] for row in rows if row["kind"] != "body"},
        )
        return cls(
            text=data.get("text") or "",
            id=data["id"],
            format=data["format"],
            encoding=data["encoding"],
            paragraphs=columns,
            citations=tuple(map(Citation.from_dict, data["citations"])),
            links=tuple(map(Link.from_dict, data["links"])),
            url=data["url"],
            archived_at=data.get("archived_at"),
            title=data["title"],
            language=data["language"],
            parsed=data["parsed"],
            text_sha256=data.get("text_sha256") if data.get("text") is None else None,
        )


class Found(Record):
    """What the rules found so far, links and citations each in the order of the text."""

    links: tuple[Link, ...] = ()
    """Links that stand in the text."""
    citations: tuple[Citation, ...] = ()
    """Citations; one overlaps another only when it stands inside of it and names it as its parent."""

    def add(self, findings: Iterable[Citation | Link]) -> Found:
        """Return these findings and more."""
        links: list[Link] = []
        citations: list[Citation] = []
        for finding in findings:
            if isinstance(finding, Link):
                links.append(finding)
            else:
                citations.append(finding)
        return Found(
            tuple(sorted([*self.links, *links], key=_place_of)) if links else self.links,
            tuple(sorted([*self.citations, *citations], key=_place_of)) if citations else self.citations,
        )

    def covering(self, span: Span) -> Citation | None:
        """Return the last citation that overlaps `span`, or None."""
        n = bisect_left(self.citations, (span[1], 0), key=_place_of) - 1
        while n > 0 and self.citations[n].parent and self.citations[n].span[1] <= span[0]:
            n -= 1
        return self.citations[n] if n >= 0 and self.citations[n].span[1] > span[0] else None

    def floor(self, offset: int) -> int:
        """Return where the last citation before `offset` ends; 0 without one."""
        n = bisect_left(self.citations, (offset, 0), key=_place_of) - 1
        return min(self.citations[n].span[1], offset) if n >= 0 else 0

    def ceiling(self, offset: int) -> int | None:
        """Return where the first citation at or after `offset` starts; None without one."""
        n = bisect_left(self.citations, (offset, 0), key=_place_of)
        return self.citations[n].span[0] if n < len(self.citations) else None


def _shown(value: Resolution | Link | Citation | Document) -> str:
    """Return what a notebook shows of a value: the writer is loaded when a notebook asks, and is no step of ours."""
    from importlib import import_module

    shown: str = import_module("tweetlinks.write.article").notebook(value)
    return shown


def _place_of(finding: Citation | Link) -> Span:
    return finding.span or (0, 0)


def _span(value: Sequence[int] | None) -> Span | None:
    return None if value is None else (value[0], value[1])


def _place(locator: str) -> int | str:
    number = locator.removeprefix("line ")
    return int(number) if number != locator and number.isdigit() else locator


@cache
def _hasher() -> Callable[[bytes], Any]:
    """Return SHA-256 as the interpreter builds it in: `hashlib` would load OpenSSL, 8 ms at every start."""
    for name in ("_sha2", "_sha256", "hashlib"):  # CPython since 3.12, CPython 3.11, any other
        try:
            hasher: Callable[[bytes], Any] = __import__(name).sha256
        except ImportError:
            continue
        return hasher
    raise AssertionError  # pragma: no cover  hashlib is there


def sha256(text: str) -> str:
    """Return the hash of a text in UTF-8: 64 digits in base 16."""
    digest: str = _hasher()(text.encode("utf-8", "surrogatepass")).hexdigest()
    return digest
