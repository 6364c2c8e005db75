"""Put a quotation that needs no script and no server in the place of each tweet that a source shows. Pure, reversible.

embeds in the source → what is known of each → a quotation (`figure`) → the source with it (`spots`, `encoded`)

Nothing outside of those places changes, not even a byte of a line end. What is not known is not written; what cannot
be replaced without losing something else is left, with the reason.
"""

from __future__ import annotations

import re
from html import unescape

from tweetlinks.charsets import decode_page
from tweetlinks.model import Span, TweetRef
from tweetlinks.record import TYPE_CHECKING, Record
from tweetlinks.tweets import parse_status_url, status_url
from tweetlinks.urls import find_links
from tweetlinks.write.encoded import spliced
from tweetlinks.write.figure import WRITERS, Piece, Quotation, is_web
from tweetlinks.write.spots import Spots, needs_script

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from tweetlinks.model import Citation, Document, Finding, Link, Resolution
    from tweetlinks.write.lines import Spot

__all__ = ["TARGETS", "Frozen", "FrozenEdit", "Left", "address", "frozen"]

TARGETS = ("auto", "markdown", "html")
"""What quotations in plain text and Markdown can be written as; `auto` is Markdown."""
_XHTML, _HEAD = 'xmlns="http://www.w3.org/1999/xhtml"', 2_000
"""What a page of XHTML says, and in how many characters."""
_LED = frozenset(("expanded", "from-archive"))
"""Outcomes that say where a short link led."""
_SHORT = frozenset(("shortener", "tco"))
_PLAIN = frozenset(("hashtag", "profile"))
"""Links that are left out: a search, and whom a tweet names; the words say as much."""
_QUOTED = re.compile(r"(?m)^[ \t]*(?:>[ \t]?)+")
_MARKUP = re.compile(
    r"""\[ (?P<label> [^\[\]\n]{1,300} ) \] \( (?P<url> https?://[^\s()<>]{1,2000} ) (?: [ ]+ "[^"\n]{0,200}" )? \)
      | < (?P<auto> https?://[^\s<>]{1,2000} ) > | \\ (?P<char> [!-/:-@\[-`{-~] ) | (?P<entity> &\#?\w{1,32}; )""",
    re.VERBOSE,
)
_ADDRESS = re.compile(r"(?:https?://)?[^\s./]+\.[^\s]+…?")
# All linear: bounded runs behind a literal, and classes that end at what they cannot hold.
_ESCAPED_DASH = re.compile(r"\\\s*\Z")
"""What is left of `\\--` before an attribution."""
_OPENING = "([{«‹“„‘\"'<>—–-/"
"""What may stand right before a link."""
_MOMENT = re.compile(r"\d{4}-\d\d-\d\d(?:T[\d:.]{5,20}(?:Z|[+-]\d\d:?\d\d))?", re.ASCII)
_WORD = re.compile(r"\w{1,20}", re.ASCII)


class FrozenEdit(Record):
    """One place that was changed."""

    span: Span
    """Where it stands in the new source: in bytes, of a source that is text in code points."""
    old: str | bytes
    """What stood there."""
    citation: str
    """The citation that it is of; empty for a tweet that was not found before its neighbours were frozen."""


class Left(Record):
    """A tweet that was left as it is."""

    citation: str
    """Which citation; empty for a tweet that was not found before its neighbours were frozen."""
    form: str
    """How it is written."""
    reason: str
    """Why, in words."""


class Frozen(Record):
    """A source, and what was changed in it."""

    source: str | bytes
    """The new source, of the type of the old one; the same one when nothing was to be changed."""
    edits: tuple[FrozenEdit, ...]
    """What was changed, in order; they do not overlap."""
    left: tuple[Left, ...]
    """What was left."""
    document: Document
    """What was found in the old source."""

    def restore(self) -> str | bytes:
        """Return the source as it was."""
        parts, at = list[str | bytes](), 0
        for edit in self.edits:
            parts += [self.source[at : edit.span[0]], edit.old]
            at = edit.span[1]
        parts.append(self.source[at:])
        empty: str | bytes = "" if isinstance(self.source, str) else b""
        return empty.join(parts)  # type: ignore[arg-type]  # all of one type


def frozen(
    source: str | bytes,
    document: Document,
    *,
    to: str = "auto",
    findings: Mapping[str, Sequence[Finding]] | None = None,
    respect_deletions: bool = False,
) -> Frozen:
    """Put quotations in the place of the tweets that a source shows.

    Args:
        source: what the document was read from.
        document: what was found in it, read with `placed=True`; links that were expanded are written as they led.
        to: one of `TARGETS`; pages, wikis and posts of forums keep their own language.
        findings: what look-ups said, by the id of the citation: the words of tweets that the source does not show.
        respect_deletions: write no words of a tweet that a look-up says was deleted.
    """
    if not any(citation.kind == "embed" for citation in document.citations):
        return Frozen(source, (), (), document)
    page = document.format == "html"
    text = document.text if not page else source if isinstance(source, str) else decode_page(source)[0]

    def changes(*, keeps_script: bool) -> tuple[list[tuple[Span, str, str]], list[Left]]:
        spots = Spots(document, text, keeps_script=keeps_script)
        return _changes(document, spots, text, to, findings or {}, respectful=respect_deletions)

    made, left = changes(keeps_script=False)
    if needs_script(_besides(text, made)):
        made, left = changes(keeps_script=True)
    return _frozen(source, text, document, made, left)


def _besides(text: str, changes: list[tuple[Span, str, str]]) -> str:
    """Return what of a text stays, with a blank where something does not."""
    parts, at = list[str](), 0
    for (low, high), *_ in sorted(changes):
        parts.append(text[at:low])
        at = max(at, high)
    return " ".join([*parts, text[at:]])


def _changes(
    document: Document, spots: Spots, text: str, to: str, findings: Mapping[str, Sequence[Finding]], *, respectful: bool
) -> tuple[list[tuple[Span, str, str]], list[Left]]:
    """Return what is to be written where, and for which citation; and what is left."""
    page = document.format == "html"
    write, strict = WRITERS[_target(document.format, to)], page and _XHTML in text[:_HEAD]
    changes, left = list[tuple[Span, str, str]](), list[Left]()
    for citation in document.citations:
        if citation.kind != "embed" or (citation.parent and not page):
            continue
        spot = spots.of(citation)
        told = findings.get(citation.id, ())
        quotation = spot if isinstance(spot, str) else _quotation(document, citation, spot, told, respectful=respectful)
        if isinstance(quotation, str) or isinstance(spot, str):
            if quotation:
                left.append(Left(citation.id, citation.form, str(quotation)))
            continue
        written = write(quotation, spots.newline)
        written = _well_formed(written) if strict else written
        changes.append((spot.span, _placed(written, spot, spots.newline), citation.id))
    return changes, [*left, *(Left("", form, "it is the tweet before it once more") for form in spots.twins())]


def _target(format: str, to: str) -> str:
    if format in {"text", "markdown"}:
        return "markdown" if to == "auto" else to
    return format


def _well_formed(written: str) -> str:
    """Return a figure as XML wants it, for books and pages that are XHTML."""
    return written.replace(' itemscope itemtype="', ' itemscope="" itemtype="').replace("<br>", "<br/>")


def _placed(written: str, spot: Spot, newline: str) -> str:
    """Return a quotation as it stands at its place."""
    lines = written.replace(newline, newline + spot.indent)
    return spot.before + lines + spot.behind


def _frozen(
    source: str | bytes, text: str, document: Document, changes: list[tuple[Span, str, str]], left: list[Left]
) -> Frozen:
    """Write the changes; one that overlaps another, and all where places cannot be told in the bytes, are none."""
    kept, at = list[tuple[Span, str, str]](), 0
    for span, new, citation in sorted(changes):
        if span[0] < at:
            left.append(Left(citation, "", "it stands where another tweet does"))
        elif text[slice(*span)] != new:
            beside = kept and at == span[0] and kept[-1][1].endswith("\n")  # both would bring their blank lines
            kept.append((span, new.lstrip("\r\n") if beside else new, citation))
            at = span[1]
    done = spliced(source, text, document.encoding, [(span, new) for span, new, _ in kept])
    if done is None:
        left += [Left(citation, "", "its place in the bytes cannot be told") for *_, citation in kept]
        return Frozen(source, (), tuple(left), document)
    changed, edits = done
    named = tuple(FrozenEdit(span, old, each[2]) for (span, old), each in zip(edits, kept, strict=True))
    return Frozen(changed if named else source, named, tuple(left), document)


# ---------------------------------------------------------------- what is known of a tweet


def _quotation(
    document: Document, citation: Citation, spot: Spot, told: Sequence[Finding], *, respectful: bool
) -> Quotation | str:
    """Return what is to be written of a tweet, or why nothing is."""
    found = next((each for each in told if each.text), None)
    gone = respectful and any(each.outcome == "tweet-deleted" for each in told)
    words = _words(document, citation)
    told_by = None
    if not words and found and found.text:
        words, told_by = _looked_up(found), found.source
    plain = document.format == "markdown" and citation.attribution_span and citation.author_name
    name = (_unmarked(plain)[0] if plain else citation.author_name) or (found and found.author_name) or None
    handle = citation.screen_name or (found and found.screen_name)
    handle = handle if handle and _WORD.fullmatch(handle) else None
    moment = citation.created_at or citation.date or (found and (found.created_at or found.date)) or None
    moment = moment if moment and _MOMENT.fullmatch(moment) else None
    url = address(citation, handle)
    if not url and not (words and (name or handle)):
        return "whose it is, and where, is not known"
    return Quotation(
        () if gone else words,
        name,
        handle,
        " ".join((citation.date_text or "").split()) or (moment or "")[:10] or None,
        moment,
        url,
        spot.language if not told_by else None,
        spot.rightwards,
        None if gone else told_by,
        gone,
    )


def address(citation: Citation, handle: str | None = None) -> str | None:
    """Return the status URL of a tweet in its one spelling; None where nothing names it.

    Args:
        citation: the tweet.
        handle: whose it is, when the source does not say so.
    """
    handle = citation.screen_name or handle
    tweet = parse_status_url(citation.url) if citation.url else None
    if tweet is None and citation.tweet_id:
        tweet = TweetRef(citation.tweet_id, None)
    return status_url(tweet._replace(screen_name=tweet.screen_name or handle)) if tweet else None


def _looked_up(found: Finding) -> tuple[Piece, ...]:
    """Return the words that a look-up found; an ellipsis says that only their beginning came."""
    words, led = (found.text or "").strip(), {short: there for short, there in found.links if is_web(there)}
    if found.source != "oembed":  # the others hand over what the service keeps, in which three characters are escaped
        words = words.replace("&lt;", "<").replace("&gt;", ">").replace("&amp;", "&")
    words = words + "…" if found.cut and not words.endswith("…") else words
    return _pieces(words, [(*link.span, link.url, link.kind) for link in find_links(words) if link.span], led)


def _words(document: Document, citation: Citation) -> tuple[Piece, ...]:
    """Return the words of a tweet in pieces, each with where it leads."""
    if not citation.text:
        return ()
    own = [document.links[n] for n in citation.links]
    led = {link.url: there for link in own if (there := _there(link.resolution))}
    if citation.text_span and document.format == "html":
        return _pieces(citation.text, _inside(own, citation.text_span), led)
    words, places = citation.text, list[tuple[int, int, str, str]]()
    if citation.text_span:
        words = _QUOTED.sub("", words)
        if document.format == "markdown":
            words, places = _unmarked(_ESCAPED_DASH.sub("", words).rstrip())
    for link in find_links(words):
        if link.span and not any(a < link.span[1] and link.span[0] < b for a, b, _, _ in places):
            places.append((*link.span, link.url, link.kind))
    return _pieces(words, sorted(places), led)


def _inside(links: Iterable[Link], span: Span) -> list[tuple[int, int, str, str]]:
    """Return the links that stand in a stretch, by their places in it; none overlaps another."""
    places, at = list[tuple[int, int, str, str]](), span[0]
    for link in sorted((link for link in links if link.span), key=lambda link: link.span or (0, 0)):
        a, b = link.span or (0, 0)
        if at <= a < b <= span[1]:
            places.append((a - span[0], b - span[0], link.url, link.kind))
            at = b
    return places


def _there(found: Resolution | None) -> str | None:
    """Return where a short link led, when that is known and a place on the web."""
    return found.final_url if found and found.expansion in _LED and is_web(found.final_url) else None


def _unmarked(words: str) -> tuple[str, list[tuple[int, int, str, str]]]:
    r"""Read words in Markdown: without its escapes, and with the places of its links.

    >>> _unmarked(r"a\_b [c](https://pier.example)")
    ('a_b c', [(4, 5, 'https://pier.example', 'other')])
    """
    parts, places, at, size = list[str](), list[tuple[int, int, str, str]](), 0, 0
    for m in _MARKUP.finditer(words):
        shown = m["label"] or m["auto"] or m["char"] or unescape(m["entity"] or "")
        size += m.start() - at
        if url := m["url"] or m["auto"]:
            kind = next((link.kind for link in find_links(url)), "other")
            places.append((size, size + len(shown), url, kind))
        parts += [words[at : m.start()], shown]
        size, at = size + len(shown), m.end()
    return "".join([*parts, words[at:]]), places


def _pieces(words: str, places: Iterable[tuple[int, int, str, str]], led: Mapping[str, str]) -> tuple[Piece, ...]:
    """Cut words at their links; a short link becomes the one that it led to, and none is glued to what is around it."""
    pieces, at = list[Piece](), 0
    for a, b, url, kind in places:
        shown, there = words[a:b], led.get(url, "") if kind in _SHORT else ""
        if kind in _PLAIN:
            continue
        if there and _ADDRESS.fullmatch(shown):
            shown = there
        before = words[at:a]
        if pieces and (not before or before[0].isalnum() or before[0] in "@#_"):
            before = " " + before
        if before and not before[-1].isspace() and before[-1] not in _OPENING:
            before += " "
        pieces += [(before, None), (shown, there or url)]
        at = b
    if pieces and words[at : at + 1] and (words[at].isalnum() or words[at] in "@#_"):
        pieces.append((" ", None))
    return tuple(piece for piece in [*pieces, (words[at:], None)] if piece[0])
