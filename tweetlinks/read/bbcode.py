"""Read a post of a forum (BBCode) into a `Document`: paragraphs, and marks of media codes and links. Pure.

    decode → verbatim blanked → shortcodes, [url] → paragraphs

The text is the source itself. `[tweet]`, `[media=twitter]` and their like are rows of `data/shortcodes.toml`; a lone
URL is found by the rules.
"""

from __future__ import annotations

import re
from bisect import bisect_right

from tweetlinks.blanks import blanked
from tweetlinks.model import Document, Mark, Paragraphs
from tweetlinks.read.text import decode, paragraphs
from tweetlinks.record import TYPE_CHECKING
from tweetlinks.shortcodes import find_shortcodes, verbatim
from tweetlinks.tweets import parse_status_url

if TYPE_CHECKING:
    from collections.abc import Iterator

    from tweetlinks.model import Span

__all__ = ["read_bbcode"]

_URL = re.compile(
    r"""\[(?:url|link)(?:\s*=\s*["']?(?P<target>[^\[\]\s"']{1,2000}+)["']?[^\[\]]{0,200}+)?\]
        (?P<label>[^\[\]]{0,500})\[/(?:url|link)\]""",
    re.IGNORECASE | re.VERBOSE,
)
_QUOTE = re.compile(r"\[(?P<end>/?)quote\b[^\]]{0,200}\]", re.IGNORECASE)
# Linear: bounded runs between literals.


def read_bbcode(source: str | bytes, *, id: str = "", url: str | None = None) -> Document:
    """Read a post.

    >>> doc = read_bbcode("Look: [TWEET]20[/TWEET] and [url=https://x.com/a/status/21]this[/url]")
    >>> [(mark.kind, mark.form, mark.tweet_id) for mark in doc.marks]
    [('embed', 'brackets', '20'), ('link', 'url', '21')]

    Raises:
        InputError: the bytes are no text.
    """
    text, encoding = (source, None) if isinstance(source, str) else decode(source, id=id)
    shown = verbatim(text, "bbcode")
    plain = blanked(text, shown)
    codes = find_shortcodes(plain, "bbcode")
    columns = _paragraphs(plain, text, shown)
    links = _links(blanked(plain, [mark.span for mark in codes]), columns)
    unread = [Mark("verbatim", span) for span in shown]
    return Document(text, id, "bbcode", encoding, columns, (*codes, *links, *unread), url=url)


def _links(plain: str, columns: Paragraphs) -> Iterator[Mark]:
    """Yield `[url]` of a status: an embed where it shows the URL and is the whole of its paragraph, else a link."""
    for m in _URL.finditer(plain):
        label = m["label"].strip()
        target = m["target"] or label
        tweet = parse_status_url(target)
        if tweet is None:
            continue
        n = columns.at(m.start())
        alone = n is not None and (columns.starts[n], columns.ends[n]) == m.span()
        kind = "embed" if alone and parse_status_url(label) else "link"
        yield Mark(kind, m.span(), "url", url=target, tweet_id=tweet.id, source=m.span())


def _paragraphs(plain: str, text: str, shown: list[Span]) -> Paragraphs:
    """Return the paragraphs with their kinds: quotes stand inside `[quote]`, items of a list behind `[*]`."""
    columns = paragraphs(plain)
    edges, depths = _quotes(text, shown)
    kinds = {}
    for n, start in enumerate(columns.starts):
        if depths[bisect_right(edges, start)]:
            kinds[n] = "quote"
        elif plain.startswith("[*]", start):
            kinds[n] = "list"
    return Paragraphs(columns.starts, columns.ends, columns.places, kinds)


def _quotes(text: str, shown: list[Span]) -> tuple[list[int], list[int]]:
    """Return where the depth of quotes changes, and the depth before each change and behind the last; none in code."""
    edges, depths, starts = [], [0], [start for start, _ in shown]
    for m in _QUOTE.finditer(text):
        n = bisect_right(starts, m.start()) - 1
        if n >= 0 and shown[n][0] < m.start() < shown[n][1]:
            continue
        edges.append(m.end())
        depths.append(max(0, depths[-1] + (-1 if m["end"] else 1)))
    return edges, depths
