"""Read Markdown and its dialects into a `Document`: paragraphs, and marks of shortcodes, HTML and front matter. Pure.

    decode → verbatim blanked → front matter, HTML, shortcodes, references → paragraphs

The text is the source itself, so that spans are places in the source. Links, lone URLs and converted blockquotes are
found by the rules, as in plain text.
"""

from __future__ import annotations

import re

from tweetlinks.blanks import blanked
from tweetlinks.model import Document, Mark, Paragraphs
from tweetlinks.read.text import decode, paragraphs
from tweetlinks.record import TYPE_CHECKING
from tweetlinks.shortcodes import find_shortcodes, verbatim
from tweetlinks.tweets import classify
from tweetlinks.urls import find_links

if TYPE_CHECKING:
    from collections.abc import Iterator

    from tweetlinks.model import Span

__all__ = ["read_markdown"]

_FRONT = re.compile(
    r"\ufeff?(?P<fence>---|\+\+\+)[ \t\r]*\n(?P<body>.*?)^(?P=fence)[ \t\r]*$", re.DOTALL | re.MULTILINE
)
_KEY = re.compile(r"^(?P<indent>[ \t]*)(?:- +)?[\"']?(?P<key>[\w-]{1,60})[\"']? ?[:=](?=[ \r]|$)", re.MULTILINE)
_TITLE = re.compile(r"^title ?[:=] *(?P<quote>[\"']?)(?P<title>[^\n]+?)(?P=quote)[ \r]*$", re.MULTILINE)
_OWN_COPY = ("syndicat", "crosspost", "comment", "canonical", "share")
"""Parts of a key of front matter that names the author's own copy of the article."""
_HTML = re.compile(r"<(?P<name>blockquote|iframe|div|figure|amp-twitter|twitter-widget|tweet-embed)\b", re.IGNORECASE)
_FOLDED = {n: n + 32 for n in range(65, 91)}  # A to Z; `str.lower` would change the length of some texts
_LONGEST = 20_000  # characters of a blockquote in HTML
_DEFINED = re.compile(
    r"^ {0,3}\[(?P<id>[^\]\n^][^\]\n]{0,98})\]:[ \t]*<?(?P<url>https?://[^\s<>]+)>?[^\n]*$", re.MULTILINE
)
_USED = re.compile(r"(?<![!\\])\[(?P<label>[^\[\]\n]{1,300})\](?:\[(?P<id>[^\[\]\n]{0,99})\])?(?![(:])")
_RULE = re.compile(r"(?:[=_]{2,}|-{2,}|(?:[-*_][ \t]*){3,})\Z")
_KINDS = (
    ("heading", re.compile(r"#{1,6}[ \t]")),
    ("list", re.compile(r"[-*+•][ \t]|\d{1,9}[.)][ \t]")),
    ("table", re.compile(r"\|")),
)
# All linear: bounded runs, and classes that end at what they cannot hold.


def read_markdown(source: str | bytes, *, id: str = "", url: str | None = None) -> Document:
    r"""Read Markdown.

    >>> doc = read_markdown("# Rain\n\n{% tweet 20 %}\n\n`{% tweet 30 %}`\n")
    >>> [(p.span, p.kind) for p in doc.paragraphs]
    [((2, 6), 'heading'), ((8, 22), 'body')]
    >>> [(mark.kind, mark.tweet_id) for mark in doc.marks]
    [('embed', '20'), ('verbatim', None)]

    Raises:
        InputError: the bytes are no text.
    """
    text, encoding = (source, None) if isinstance(source, str) else decode(source, id=id)
    front = _FRONT.match(text)
    head = front.end() if front else 0
    shown = [(a + head, b + head) for a, b in verbatim(text[head:], "markdown")]
    plain = blanked(text, [(0, head), *shown])
    pages = list(_pages(plain))
    plain = blanked(plain, [mark.span for mark in pages])
    marks = [*(_front(text, front) if front else ()), *pages, *find_shortcodes(plain, "markdown")]
    defined, used = _references(plain)
    unread = [*shown, *defined, *(mark.span for mark in pages), *_between(head, marks)]
    columns = _paragraphs(blanked(plain, sorted(defined)))
    title = _TITLE.search(front["body"]) if front else None
    marks += [*used, *(Mark("verbatim", span) for span in sorted(unread))]
    return Document(
        text, id, "markdown", encoding, columns, tuple(marks), url=url, title=title and title["title"].strip()
    )


def _front(text: str, front: re.Match[str]) -> Iterator[Mark]:
    """Yield the tweets of front matter: embeds where a key tells of tweets, else links; not the article's own copy."""
    keys = list(_KEY.finditer(text, *front.span("body")))
    for link in find_links(text[: front.end()]):
        if link.kind != "status" or link.span is None:
            continue
        above = [m for m in keys if m.start() < link.span[0]]
        path = "".join(m["key"].lower() for m in [*[m for m in above if not m["indent"]][-1:], *above[-1:]])
        if not any(part in path for part in _OWN_COPY):
            tells = any(part in path for part in ("tweet", "twitter", "embed"))
            yield Mark("embed" if tells else "link", link.span, "front-matter", url=link.url, source=link.span)


def _between(head: int, marks: list[Mark]) -> Iterator[Span]:
    """Yield what lies between the marks of the front matter, which ends at `head`."""
    at = 0
    for mark in marks:
        if mark.span[1] <= head:
            yield at, mark.span[0]
            at = mark.span[1]
    if at < head:
        yield at, head


def _pages(plain: str) -> Iterator[Mark]:
    """Yield the tweets that stand in HTML; their words come with the mark, because the text is the source."""
    at = 0
    folded = plain.translate(_FOLDED)
    while found := _HTML.search(plain, at):
        start, close = found.start(), f"</{found['name'].lower()}>"
        end = folded.find(close, start, start + _LONGEST) + len(close)
        if end < start:
            end = folded.find(">", start, start + _LONGEST) + 1
        marks = _page(plain[start:end]) if folded.find("tw", start, end) >= 0 else []
        for n, mark in enumerate(marks):  # the first takes the place, those inside of it show nothing of their own
            yield mark._replace(span=(start, end) if n == 0 else (end, end), source=(start, end))
        at = end if marks else found.end()


def _page(stretch: str) -> list[Mark]:
    """Return the embeds of a piece of HTML, their words with them."""
    from tweetlinks.read.html import read_html

    page = read_html(stretch)
    marks = []
    for mark in page.marks:
        if mark.kind == "embed":
            low, high = mark.text_span or (0, 0)
            urls = [m.url for m in page.marks if m.kind == "anchor" and m.url and low <= m.span[0] < m.span[1] <= high]
            words = page.text[low:high] or mark.text
            links = tuple(urls) or mark.links
            marks.append(mark._replace(text_span=None, attribution_span=None, text=words, links=links, parent=None))
    return marks


def _references(plain: str) -> tuple[list[Span], list[Mark]]:
    """Return the definitions `[id]: URL` of Twitter's links that are used, and anchors where they are."""
    defined = {
        _folded(m["id"]): m for m in _DEFINED.finditer(plain) if classify(m["url"]) in ("status", "tco", "media")
    }
    if not defined:
        return [], []
    places = {m.start(): m for m in defined.values()}
    used: dict[int, re.Match[str]] = {}
    anchors = []
    for m in _USED.finditer(plain):
        definition = defined.get(_folded(m["id"] or m["label"]))
        if definition and m.start() not in places:
            used[definition.start()] = definition
            anchors.append(Mark("anchor", m.span("label"), url=definition["url"], source=m.span()))
    return sorted(m.span() for m in used.values()), anchors


def _folded(label: str) -> str:
    return " ".join(label.casefold().split())


def _paragraphs(plain: str) -> Paragraphs:
    """Return the paragraphs with their kinds; the marks of a heading are not part of it, lines of a rule are none."""
    columns = paragraphs(plain)
    starts: list[int] = []
    ends: list[int] = []
    places: list[int | str] = []
    kinds: dict[int, str] = {}
    for start, end, place, kind in zip(columns.starts, columns.ends, columns.places, _kinds(columns), strict=True):
        if end - start < _LONGEST and _RULE.match(plain[start:end]):
            if plain[start] in "=-" and places and place == _after(places[-1]):
                kinds[len(starts) - 1] = "heading"
            continue
        told = kind or next((name for name, pattern in _KINDS if pattern.match(plain, start, end)), None)
        if told:
            kinds[len(starts)] = told
        if told == "heading":
            start = end - len(plain[start:end].lstrip("# \t"))  # noqa: PLW2901
        starts.append(start)
        ends.append(end)
        places.append(place)
    return Paragraphs(starts, ends, places, kinds)


def _kinds(columns: Paragraphs) -> list[str | None]:
    """Return what is a quote; a first line without `#` is no heading."""
    return ["quote" if columns.kinds.get(n) == "quote" else None for n in range(len(columns))]


def _after(place: int | str) -> int | None:
    return place + 1 if isinstance(place, int) else None
