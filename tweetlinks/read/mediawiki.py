"""Read the source of a wiki page (MediaWiki) into a `Document`: paragraphs, marks of templates and references. Pure.

    decode → verbatim blanked → templates, references, widgets → paragraphs

The text is the source itself. A tweet in a template of citation or inside `<ref>` is a `reference`, one that a widget
shows an `embed`; links in the prose are found by the rules. What templates and parameters are called is in
`data/templates.toml`.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from functools import cache
from itertools import pairwise

from tweetlinks.blanks import blanked
from tweetlinks.dates import parse_date
from tweetlinks.model import Document, Mark, Paragraphs
from tweetlinks.read.text import decode, paragraphs
from tweetlinks.record import TYPE_CHECKING, Record
from tweetlinks.shortcodes import find_shortcodes, verbatim
from tweetlinks.tables import read_toml
from tweetlinks.tweets import parse_status_url
from tweetlinks.urls import find_links

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping
    from typing import Any

    from tweetlinks.model import Span

__all__ = ["Template", "read_mediawiki", "templates"]

_TOKEN = re.compile(r"\{\{|\}\}|\[\[|\]\]|\|")
_PARAMETER = re.compile(r"\s*(?P<name>[^=\[\]{}<>/]{1,40}?)\s*=")
_REF = re.compile(r"<ref(?=[\s>])[^>]{0,200}(?<!/)>", re.IGNORECASE)
_REF_END = re.compile("</ref", re.IGNORECASE)
_AFTER_URL = re.compile(r"(?<![^\s|\[\]{}<>=])(?:https?:)?//[^\s|\[\]{}<>]{1,2000}+(?P<mark>\||\}\})")
_ID = re.compile(r"[1-9][0-9]{0,18}")
_HANDLE = re.compile(r"@?(\w{1,15})", re.ASCII)
_WIKILINK = re.compile(r"\[\[(?:[^\[\]|]{0,200}\|)?([^\[\]|]{0,200})\]\]|'{2,5}")
_INNER = re.compile(r"\{\{[^{}|]{0,60}\|([^{}]{0,200})\}\}")
_PAGE_TITLE = re.compile(
    r"""(?: (?P<author>[^:]{1,60}?) \s (?:on|sur|auf|en|su|op|no|em|på|в|na) \s (?:Twitter|X)
          | Twitter \s / \s (?P<name>[^:]{1,60}) ) \s*
        (?: : \s* ["“”«„']? (?P<words>.+?) ["“”»']? (?:\s*/\s*(?:X|Twitter))? )? \s*""",
    re.VERBOSE | re.DOTALL | re.IGNORECASE,
)
_NO_WORDS = re.compile(r"(?:tweets?|posts?|status|twitter|x)\b.{0,60}", re.IGNORECASE)
# All linear: bounded runs, and classes that end at what they cannot hold.
_LONGEST = 2_000  # characters of a value that are looked at
_KINDS = (("heading", ("=",)), ("list", ("*", "#", ":", ";")), ("table", ("{|", "|", "!")))


class Template(Record):
    """A template, or a function of the parser, as it stands in the source."""

    span: Span
    """From its first brace to its last."""
    name: str
    """In small letters, blanks for `_`."""
    values: tuple[tuple[str, Span], ...]
    """The name of each parameter in small letters, empty without one, and where its value stands, without blanks."""


def read_mediawiki(source: str | bytes, *, id: str = "", url: str | None = None) -> Document:
    """Read the source of a wiki page.

    >>> doc = read_mediawiki("It rained.<ref>{{Cite tweet|user=ann_b|number=20|title=Rain}}</ref>")
    >>> [(mark.kind, mark.form, mark.tweet_id, doc.text[slice(*mark.text_span)]) for mark in doc.marks]
    [('reference', 'template', '20', 'Rain')]

    Raises:
        InputError: the bytes are no text.
    """
    text, encoding = (source, None) if isinstance(source, str) else decode(source, id=id)
    shown = verbatim(text, "mediawiki")
    plain = blanked(text, shown)
    refs = list(_refs(plain))
    marks = list(_cited(plain, refs))
    marks += _noted(blanked(plain, [mark.span for mark in marks]), refs)
    marks += find_shortcodes(blanked(plain, sorted(mark.span for mark in marks)), "mediawiki")
    joined = _joined(sorted(marks, key=lambda mark: mark.span), refs)
    ends = [m.span("mark") for m in _AFTER_URL.finditer(plain)]
    unread = [Mark("verbatim", span) for span in sorted([*shown, *ends])]
    return Document(text, id, "mediawiki", encoding, _paragraphs(plain), (*joined, *unread), url=url)


def templates(text: str) -> Iterator[Template]:
    """Yield the templates of a text, inner ones first; a brace without a partner is none.

    >>> [(t.name, [key for key, _ in t.values]) for t in templates("{{a|b=[[c|d]]|{{e}}}}")]
    [('e', []), ('a', ['b', ''])]
    """
    still: list[tuple[str, int, list[int]]] = []
    for m in _TOKEN.finditer(text):
        sign = m.group()
        if sign in {"{{", "[["}:
            still.append((sign, m.end(), []))
        elif sign == "|":
            if still:
                still[-1][2].append(m.start())
        elif sign == "]]":
            if still and still[-1][0] == "[[":
                still.pop()
        else:
            while still and still[-1][0] == "[[":
                still.pop()
            if still:
                _, start, bars = still.pop()
                yield _template(text, start, bars, m.start())


def _template(text: str, start: int, bars: list[int], end: int) -> Template:
    """Read a template whose inside is `text[start:end]`."""
    stops = [*bars, end]
    name = " ".join(text[start : min(stops[0], start + 80)].replace("_", " ").lower().split())
    values = []
    if name[:1] == "#":  # {{#widget:Tweet|id=20}}
        stops.insert(0, start + text[start : stops[0]].find(":"))
        name = name.partition(":")[0]
    for a, b in pairwise(stops):
        m = _PARAMETER.match(text, a + 1, b)
        key = " ".join(m["name"].lower().replace("-", " ").replace("_", " ").split()) if m else ""
        values.append((key, _stripped(text, m.end() if m else a + 1, b)))
    return Template((start - 2, end + 2), name.removeprefix("template:").strip(), tuple(values))


def _stripped(text: str, start: int, end: int) -> Span:
    value = text[start : min(end, start + _LONGEST)]
    a = start + len(value) - len(value.lstrip())
    return a, max(a, start + len(value.rstrip()))


def _cited(plain: str, refs: list[Span]) -> Iterator[Mark]:
    """Yield a mark for each template of a tweet; of templates inside each other the inner one."""
    floor = -1
    for template in templates(plain):
        if template.span[0] > floor and (mark := _mark(plain, template, refs)):
            floor = template.span[0]
            yield mark


def _mark(plain: str, template: Template, refs: list[Span]) -> Mark | None:
    table, name = _table(), template.name
    first = plain[slice(*template.values[0][1])].lower() if name[:1] == "#" and template.values else ""
    tells = name in table["also"] or any(part in name or part == first for part in table["tells"])
    roles = _by_role(plain, template, places=tells)
    url = next((u for role in ("url", "archive", "title", "") if (u := _url(plain, roles.get(role)))), None)
    number = plain[slice(*roles["id"])] if tells and "id" in roles else ""
    user = plain[slice(*roles["user"])].lstrip("@") if "user" in roles else "i"
    tweet = parse_status_url(url or f"https://twitter.com/{user}/status/{number}")
    if tweet is None or not (url or _ID.fullmatch(number)):
        return None
    cites = tells or name.startswith(tuple(table["cites"])) or _at(refs, template.span[0]) is not None
    shows = any(name.startswith(part) if part[0] == "#" else part in name for part in table["shows"])
    named = _names(plain, roles, tells=tells)
    return Mark(
        "embed" if tells and shows else "reference" if cites else "link",
        template.span,
        "widget" if name[:1] == "#" else "template",
        url=url,
        tweet_id=tweet.id,
        screen_name=user if _HANDLE.fullmatch(user) and user != "i" and tweet.screen_name else tweet.screen_name,
        source=template.span,
        **named,
    )


def _by_role(plain: str, template: Template, *, places: bool) -> dict[str, Span]:
    """Return where each role stands; `places`: parameters without a name have theirs by what stands where.

    An id, or the URL, stands behind the handle and that behind the name; behind it come the words and the date.
    """
    roles: dict[str, Span] = {}
    unnamed: list[Span] = []
    for key, span in template.values:
        role = _roles().get(key)
        if role and span[0] < span[1]:
            roles.setdefault(role, span)
        elif not key or key.isdigit():
            unnamed.append(span)
    at = next((n for n, span in enumerate(unnamed) if _ID.fullmatch(plain[slice(*span)]) or _url(plain, span)), None)
    if at is None:
        return roles
    roles.setdefault("" if _url(plain, unnamed[at]) else "id", unnamed[at])
    if places:
        for role, span in zip(("user", "author"), reversed(unnamed[:at]), strict=False):
            roles.setdefault(role, span)
        for span in unnamed[at + 1 :]:
            value = plain[slice(*span)]
            roles.setdefault("date" if len(value) < 40 and parse_date(value) else "title", span)  # noqa: PLR2004
    return roles


def _url(plain: str, span: Span | None) -> str | None:
    """Return the status URL that a value begins with."""
    words = plain[slice(*span)].lstrip("[ ").split(None, 1) if span else None
    return words[0] if words and "/" in words[0] and parse_status_url(words[0]) else None


def _names(plain: str, roles: Mapping[str, Span], *, tells: bool) -> dict[str, Any]:
    """Return author, date and words as fields of a mark; the title of a page is words only in part."""
    author = _words(plain, roles.get("author"))
    if not author:
        author = " ".join(filter(None, (_words(plain, roles.get("first")), _words(plain, roles.get("last")))))
    span = roles.get("title")
    title = plain[slice(*span)] if span else ""
    if span and not tells:
        page = _PAGE_TITLE.fullmatch(title)
        author = author or (page and (page["author"] or page["name"])) or ""
        a, b = page.span("words") if page else (-1, -1) if _NO_WORDS.fullmatch(title) else (0, len(title))
        span = (span[0] + a, span[0] + b) if 0 <= a < b else None
    return {"author_name": author or None, "date_text": _words(plain, roles.get("date")) or None, "text_span": span}


def _words(plain: str, span: Span | None) -> str:
    """Return a value without the markup of links, emphasis and dates in templates."""
    value = plain[slice(*span)] if span else ""
    value = _INNER.sub(lambda m: m[1].replace("|", " "), value) if "{{" in value else value
    return " ".join(_WIKILINK.sub(lambda m: m[1] or "", value).split())


def _refs(plain: str) -> Iterator[Span]:
    """Yield the inside of each `<ref>`."""
    at = 0
    while found := _REF.search(plain, at):
        end = _REF_END.search(plain, found.end())
        if not end:
            return
        yield found.end(), end.start()
        at = end.end()


def _noted(plain: str, refs: list[Span]) -> Iterator[Mark]:
    """Yield a mark for each status URL in a `<ref>`, with the brackets of its link."""
    for a, b in refs:
        for link in find_links(plain[a:b]) if "/status" in plain[a:b] else ():
            if link.kind == "status" and link.span:
                start, end = link.span[0] + a, link.span[1] + a
                close = plain.find("]", end, b) if plain[start - 1 : start] == "[" else -1
                span = (start - 1, close + 1) if close >= 0 else (start, end)
                yield Mark("reference", span, "ref", url=link.url, source=span)


def _joined(marks: list[Mark], refs: list[Span]) -> Iterator[Mark]:
    """Yield the marks, those of one tweet in one `<ref>` (a page and its copy in an archive) as one."""
    last: Mark | None = None
    for mark in marks:
        if last is None:
            last = mark
        elif mark.span[0] < last.span[1] or _is_copy(mark, last, refs):
            last = last._replace(span=(last.span[0], max(last.span[1], mark.span[1])))
        else:
            yield last
            last = mark
    if last:
        yield last


def _is_copy(mark: Mark, last: Mark, refs: list[Span]) -> bool:
    return _id(mark) == _id(last) and _at(refs, mark.span[0]) == _at(refs, last.span[0], -1)


def _id(mark: Mark) -> str | None:
    tweet = parse_status_url(mark.url) if mark.url else None
    return mark.tweet_id or (tweet and tweet.id)


def _at(refs: list[Span], offset: int, otherwise: int | None = None) -> int | None:
    """Return the index of the `<ref>` around a place."""
    n = bisect_right(refs, (offset, len("<ref>") << 60)) - 1
    return n if n >= 0 and offset < refs[n][1] else otherwise


def _paragraphs(plain: str) -> Paragraphs:
    """Return the paragraphs with their kinds; the marks of a heading are not part of it."""
    columns = paragraphs(plain)
    starts, ends, kinds = list(columns.starts), list(columns.ends), {}
    for n, (start, end) in enumerate(zip(starts, ends, strict=True)):
        kind = next((kind for kind, signs in _KINDS if plain.startswith(signs, start)), None)
        if kind == "heading" and (body := plain[start:end].strip("= \t")):
            starts[n] = start + plain[start:end].index(body)
            ends[n] = starts[n] + len(body)
        if kind:
            kinds[n] = kind
    return Paragraphs(starts, ends, columns.places, kinds)


@cache
def _table() -> dict[str, Any]:
    return read_toml("templates.toml")


@cache
def _roles() -> dict[str, str]:
    return {name: role for role, names in _table()["roles"].items() for name in names}
