"""Find the embedded tweets of a parsed page: every form of `data/embeds.toml`, and placeholders of any site. Pure.

    elements that name a tweet → read by their form, or as a placeholder → one tweet written several times is one

What a form does not show (the words of an `<iframe>`) is left out, never guessed. Words that stand in the page keep
their place in its text. Which HTML is hidden in scripts and templates is the business of `hidden`.
"""

from __future__ import annotations

import json
import re
from functools import cache
from urllib.parse import unquote

from tweetlinks.attributions import Attribution, attributions
from tweetlinks.blanks import EDGE
from tweetlinks.errors import TableError
from tweetlinks.model import Mark, TweetRef
from tweetlinks.record import TYPE_CHECKING, Record
from tweetlinks.tables import read_toml
from tweetlinks.tweets import parse_status_url, status_url, unwrap
from tweetlinks.urls import find_links

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator
    from typing import Any

    from bs4 import Tag

    from tweetlinks.flow import Flow
    from tweetlinks.model import Span

__all__ = ["Found", "find_embeds", "status_links", "values_of"]

_SKIPPED = frozenset("a area base body button form html img input link meta picture script source style".split())  # noqa: SIM905
"""Elements whose attributes do not embed: links, share buttons, pictures, what describes the page."""
_DIGITS = re.compile(r"[1-9][0-9]{0,18}")
_ID_NAME = re.compile(r"(?:tweet|twitter|status)s?[-_]?id\Z|[-_]tweet\Z|\Atweet", re.IGNORECASE)
"""The name of an attribute that holds the id of a tweet."""
_ANY_ID = re.compile(r"(?:\A|[-_])(?:embed|post|item|content|media|social|resource)?[-_]?id\Z", re.IGNORECASE)
"""The name of one that holds an id of something: of a tweet where the element says that it is one."""
_ID_INSIDE = re.compile(r"""["']?tweet_?id["']?\s*[:=]\s*["']?(?P<id>[1-9][0-9]{4,18})(?![0-9])""", re.IGNORECASE)
_SERVICE = re.compile(r"(?<![a-z])(?:twitter|tweet|x-post)(?![a-z]{3})", re.IGNORECASE)
_SNOWFLAKE = 15
"""Digits from which a number under a general name can be the id of a tweet."""
_LOOSE = re.compile(
    r"(?:—|―|–|--?|&mdash;)[ \xa0]*(?P<name>[^\n—]{0,80}?)\s*\(@(?P<handle>\w{1,20})\)\s*(?P<date>[^\n]{0,60})\Z"
)
_HANDLE = re.compile(r"@?(?P<handle>\w{1,20})\Z", re.ASCII)
_AT_END = re.compile(r"\s*(?:\(@?\w{1,20}\)|[@·]\s*\w{0,20})\s*\Z", re.ASCII)
# All linear: bounded runs, or runs parted by what they cannot hold.
_LONGEST = 2_000  # characters of a placeholder that can be one tweet
_LARGE = 2_000  # characters of an attribute that is a store of data, not a value
_SHARE = 0.5  # of a card: a link that shows less than this of its words is no part of the tweet's words


class _Form(Record):
    """A row of the table."""

    name: str
    selector: str
    reads: str
    id: tuple[str, ...]
    url: tuple[str, ...]
    quoted: str


class Found(Record):
    """An embed, and the elements that it was found in."""

    mark: Mark
    first: int
    """Index of its element."""
    last: int
    """Index of the last element inside."""


def find_embeds(flow: Flow, text: str) -> list[Found]:
    """Return the embeds among the elements that a reader sees, in order, each as often as it is written.

    Args:
        flow: the page.
        text: its text.
    """
    hints = _hints()
    found: list[Found] = []
    for n, element in enumerate(flow.elements):
        if element.hidden or not element.tag.attrs:
            continue
        if (
            not hints.search(" ".join([*element.tag.attrs, *values_of(element.tag)]))
            and element.tag.name != "amp-twitter"
        ):
            continue
        mark = None
        for form in _forms():
            if _matches(form.selector, element.tag) and (mark := _READERS[form.reads](flow, text, n, form)):
                found += _quoted(flow, text, n, form) if form.quoted else ()
                break
        mark = mark or _placeholder(flow, text, n)
        if mark:
            found.append(Found(mark, n, element.last))
    return found


def values_of(tag: Tag) -> list[str]:
    """Return the values of an element's attributes; those of a list, as classes are, joined."""
    return [value if isinstance(value, str) else " ".join(value) for value in tag.attrs.values()]


def status_links(flow: Flow, first: int, last: int) -> list[tuple[int, str, TweetRef]]:
    """Return element, URL and tweet of each hyperlink to a status among the elements from `first` to `last`."""
    found = []
    for n in range(first, last + 1):
        tag = flow.elements[n].tag
        href = tag.get("href")
        if isinstance(href, str) and "status" in href:
            url, tweet = _status(href)
            if tweet:
                found.append((n, url, tweet))
    return found


def _status(href: str) -> tuple[str, TweetRef | None]:
    """Read a hyperlink: its URL with a scheme, out of archives and redirectors, and the tweet it names."""
    url = href.strip().replace("\\_", "_")
    tweet = parse_status_url(url)
    if tweet is None:
        url = unwrap(url)
        tweet = parse_status_url(url)
    if url.startswith("//"):
        url = "https:" + url
    return (url if "://" in url else "https://" + url), tweet


# ---------------------------------------------------------------- words, then an attribution


def _quote(flow: Flow, text: str, n: int, form: _Form) -> Mark | None:
    """Read a blockquote; None when it shows no tweet and leads to none."""
    element = flow.elements[n]
    links = status_links(flow, n, element.last)
    url, tweet = (links[-1][1], links[-1][2]) if links else (None, None)
    dated = flow.elements[links[-1][0]].span if links else None
    attribution = _attribution(text, element.span, dated)
    tweet_id = tweet.id if tweet else _value(flow, n, form.id, _DIGITS)
    start, end = element.span
    if attribution:
        end = attribution.span[0]
    elif dated and dated[1] == end and dated[0] < dated[1]:
        end = dated[0]
    words = _words(text, (start, end))
    if not tweet_id and not attribution and not words:
        return None
    return Mark(
        "embed",
        element.span,
        form.name,
        url,
        tweet_id,
        screen_name=attribution.screen_name if attribution else tweet and tweet.screen_name,
        author_name=attribution and attribution.author_name,
        date_text=attribution and attribution.date_text,
        text_span=words,
        attribution_span=attribution and attribution.span,
    )


def _attribution(text: str, span: Span, dated: Span | None) -> Attribution | None:
    """Return the attribution that ends a blockquote: what the link to the status shows is its date."""
    words = text[slice(*span)]
    found = attributions(words)
    if found:
        last = found[-1]
        a, b = last.span
        return last._replace(span=(a + span[0], b + span[0]), date_text=_shown(text, dated, span) or last.date_text)
    loose = _LOOSE.search(words.rstrip(EDGE))
    if not loose:
        return None
    date = _shown(text, dated, span) or loose["date"].strip() or None
    end = loose.end("date") if loose["date"].strip() else loose.end("handle") + 1
    place = (span[0] + loose.start(), span[0] + end)
    return Attribution(place, loose["name"].strip() or None, loose["handle"], None, date, None, "—", place[1])


def _shown(text: str, dated: Span | None, span: Span) -> str | None:
    """Return what the link to the status shows, when it stands at the end of the blockquote and is no notice or URL."""
    if dated is None or text[dated[1] : span[1]].strip(EDGE):
        return None
    shown = " ".join(text[slice(*dated)].split())
    return shown if shown and len(shown) < 60 and "/" not in shown and not _is_notice(shown) else None  # noqa: PLR2004


def _words(text: str, span: Span) -> Span | None:
    """Return where words stand in a stretch, without blanks around; None for a notice, a URL, or nothing."""
    stretch = text[slice(*span)]
    words = stretch.strip(EDGE)
    if (
        not words
        or _is_notice(words)
        or (words.startswith(("http", "twitter.com/", "x.com/")) and parse_status_url(words))
    ):
        return None
    start = span[0] + stretch.index(words)
    return start, start + len(words)


def _is_notice(words: str) -> bool:
    return len(words) < 200 and _notices().fullmatch(words) is not None  # noqa: PLR2004  a notice is short


# ---------------------------------------------------------------- cards


def _card(flow: Flow, text: str, n: int, form: _Form) -> Mark | None:
    """Read a card; None when it holds neither an id nor an author with words."""
    element = flow.elements[n]
    tag, links = element.tag, status_links(flow, n, element.last)
    quoted = {id(inner) for quote in (tag.select(form.quoted) if form.quoted else ()) for inner in quote.find_all("a")}
    links = [link for link in links if id(flow.elements[link[0]].tag) not in quoted]
    given = next((url for place in form.url for url in _at(flow, n, place)), None)
    url, tweet = _status(_absolute(given)) if given else (None, None)
    if tweet is None and links:
        url, tweet = _permalink(flow, links)
    tweet_id = tweet.id if tweet else _value(flow, n, form.id, _DIGITS)
    parts = {name: _part(flow, text, n, name) for name in ("author_name", "screen_name", "date")}
    handle = _HANDLE.match(parts["screen_name"] or "")
    words = _card_words(flow, text, n, form, links)
    screen_name = handle["handle"] if handle else tweet and tweet.screen_name
    if not tweet_id and not (words and screen_name and parts["date"]):
        return None
    name = _AT_END.sub("", parts["author_name"]) if parts["author_name"] else None
    return Mark(
        "embed",
        element.span,
        form.name,
        url if tweet else None,
        tweet_id,
        screen_name=screen_name,
        author_name=name or None,
        date_text=parts["date"],
        text_span=words,
        text=None if words else _alt(tag),
    )


def _permalink(flow: Flow, links: list[tuple[int, str, TweetRef]]) -> tuple[str, TweetRef]:
    """Choose the permalink among status links: the one around a time, else the last."""
    for n, url, tweet in links:
        if flow.elements[n].tag.find("time") or flow.elements[n].tag.parent.name == "time":  # type: ignore[union-attr]
            return url, tweet
    return links[-1][1:]


def _absolute(href: str) -> str:
    """Complete the URL of a saved page of the service, or of a mirror."""
    return "https://twitter.com" + href if href.startswith("/") and not href.startswith("//") else href


def _part(flow: Flow, text: str, n: int, name: str) -> str | None:
    """Return one part of a card as printed, white space folded."""
    for place in _parts()[name]:
        for words in _at(flow, n, place, text):
            if words and not _is_notice(words):
                return words
    return None


def _card_words(flow: Flow, text: str, n: int, form: _Form, links: list[tuple[int, str, TweetRef]]) -> Span | None:
    """Return the words of a card: what says so, else the longest stretch between what is known to be something else."""
    element = flow.elements[n]
    quotes = {id(tag) for tag in (element.tag.select(form.quoted) if form.quoted else ())}
    for selector in _parts()["text"]:
        for tag in element.tag.select(selector):
            if id(tag) in flow.index and not any(id(parent) in quotes for parent in tag.parents):
                words = _words(text, flow.elements[flow.index[id(tag)]].span)
                if words:
                    return words
    apart = [flow.elements[flow.index[id(tag)]].span for tag in element.tag.select(", ".join(_parts()["apart"]))]
    size = element.span[1] - element.span[0]
    apart += [span for k, _, _ in links if (span := flow.elements[k].span)[1] - span[0] < _SHARE * size]
    return _words(text, _longest(element.span, apart))


def _longest(span: Span, apart: list[Span]) -> Span:
    """Return the longest stretch of a span outside others."""
    best, start = (span[0], span[0]), span[0]
    for a, b in [*sorted(apart), (span[1], span[1])]:
        if a - start > best[1] - best[0]:
            best = start, a
        start = max(start, b)
    return best


def _alt(tag: Tag) -> str | None:
    """Return the words of a screenshot: `Twitter post by @ann: …` in the text that stands for the picture."""
    for inner in tag.find_all(["div", "img", "span"]):
        for value in (inner.get("data-alt"), inner.get("alt")):
            if isinstance(value, str) and (found := re.match(r"(?:Twitter|X) post by @?\w+: *", value)):
                return value[found.end() :].strip() or None
    return None


def _quoted(flow: Flow, text: str, n: int, form: _Form) -> Iterator[Found]:
    """Yield the tweets inside a card that have an id of their own."""
    for tag in flow.elements[n].tag.select(form.quoted):
        k = flow.index.get(id(tag))
        if k is not None and status_links(flow, k, flow.elements[k].last):
            mark = _card(flow, text, k, form._replace(url=(), id=(), quoted=""))
            if mark:
                yield Found(mark, k, flow.elements[k].last)


# ---------------------------------------------------------------- ids alone


def _frame(flow: Flow, text: str, n: int, form: _Form) -> Mark | None:
    """Read an element that shows nothing but knows the id."""
    url, tweet = next((_status(value) for place in form.url for value in _at(flow, n, place, text)), ("", None))
    tweet_id = tweet.id if tweet else _value(flow, n, form.id, _DIGITS)
    span = flow.elements[n].span
    return Mark("embed", span, form.name, url if tweet else None, tweet_id) if tweet_id else None


def _placeholder(flow: Flow, text: str, n: int) -> Mark | None:
    """Read an element of any site: a status URL in an attribute, or an id under a name that says so."""
    element = flow.elements[n]
    tag = element.tag
    if tag.name in _SKIPPED:
        return None
    mark = _declared(flow, n)
    size = element.span[1] - element.span[0]
    if mark is None or size > _LONGEST:
        return mark
    links = [(url, tweet) for _, url, tweet in status_links(flow, n, element.last) if tweet.id == mark.tweet_id]
    quote = _quote(flow, text, n, _Form("placeholder", "", "quote", (), (), "")) if size else None
    if quote and quote.tweet_id == mark.tweet_id and quote.attribution_span:
        return quote
    return mark._replace(url=mark.url or links[-1][0]) if links else mark


def _declared(flow: Flow, n: int) -> Mark | None:
    """Return the tweet that the attributes of an element name."""
    element = flow.elements[n]
    tag = element.tag
    around = f"{tag.name} {' '.join(values_of(tag))}"
    for name, value in zip(tag.attrs, values_of(tag), strict=True):
        if len(value) > _LARGE or (name == "href" and tag.name != "div"):
            continue
        url, tweet = _url_inside(value) if "status" in value else ("", None)
        if tweet:
            return Mark("embed", element.span, "placeholder", url, tweet.id)
        number = value.strip()
        if _DIGITS.fullmatch(number) and _names_id(name, number, around):
            return Mark("embed", element.span, "placeholder", None, number)
        inside = _ID_INSIDE.search(value) if "weet" in value else None
        if inside and "{" in value:
            return Mark("embed", element.span, "placeholder", None, inside["id"])
    found = re.search(r"(?:\A|\s)\S*tweet-id-(?P<id>[1-9][0-9]{4,18})(?:\s|\Z)", " ".join(tag.get("class") or ()))
    return Mark("embed", element.span, "placeholder", None, found["id"]) if found else None


def _names_id(name: str, number: str, around: str) -> bool:
    """Tell whether an attribute of that name holds the id of a tweet."""
    if _ID_NAME.search(name.removeprefix("data-")) and "limit" not in name and "user" not in name:
        return True
    return len(number) >= _SNOWFLAKE and _ANY_ID.search(name) is not None and _SERVICE.search(around) is not None


def _url_inside(value: str) -> tuple[str, TweetRef | None]:
    """Return the one status URL that a value is or holds, percent-encoded or not."""
    url, tweet = _status(value)
    if tweet:
        return url, tweet
    plain = unquote(value).replace("\\/", "/")
    found = {
        tweet.id: link.url
        for link in find_links(plain)
        if link.kind == "status" and (tweet := parse_status_url(link.url))
    }
    return _status(next(iter(found.values()))) if len(found) == 1 else ("", None)


# ---------------------------------------------------------------- the language of the table


def _at(flow: Flow, n: int, place: str, text: str = "") -> Iterator[str]:
    """Yield what stands at a place of the table, in or under element `n`."""
    selector, attribute = _split(place)
    tag = flow.elements[n].tag
    for found in _compiled(selector).select(tag) if selector else (tag,):
        if attribute:
            value = _attribute(found, attribute)
            if value:
                yield value
        elif (k := flow.index.get(id(found))) is not None:
            yield " ".join(text[slice(*flow.elements[k].span)].split())


@cache
def _split(place: str) -> tuple[str, str]:
    """Split a place of the table into its selector and its attribute; either may be empty."""
    found = re.search(r"@(?P<attribute>[\w-]+(?:[/~].*)?)\Z", place)
    return (place[: found.start()], found["attribute"]) if found else (place, "")


def _attribute(tag: Tag, place: str) -> str | None:
    """Return the value of an attribute: whole, from JSON (`/key/key`), or the digits behind a pattern (`~pattern`)."""
    name, tilde, pattern = place.partition("~")
    name, *keys = name.split("/")
    value: Any = tag.get(name)
    if not isinstance(value, str):
        return None
    if tilde:
        found = re.search(pattern + "(?P<id>[1-9][0-9]{0,18})(?![0-9])", value)
        return found and found["id"]
    if keys:
        try:
            value = json.loads(value)
        except (ValueError, RecursionError):
            return None
        for key in keys:
            value = value.get(key) if isinstance(value, dict) else None
    return value.strip() if isinstance(value, str) else None


def _value(flow: Flow, n: int, places: Iterable[str], shape: re.Pattern[str]) -> str | None:
    """Return the first value of that shape at some places."""
    return next((value for place in places for value in _at(flow, n, place) if shape.fullmatch(value)), None)


_READERS = {"quote": _quote, "card": _card, "frame": _frame}


@cache
def _table() -> dict[str, Any]:
    return read_toml("embeds.toml")


@cache
def _forms() -> tuple[_Form, ...]:
    forms = []
    for row in _table()["form"]:
        if row["reads"] not in _READERS:
            message = f"data/embeds.toml: form {row['name']!r} reads {row['reads']!r}; one of: {', '.join(_READERS)}"
            raise TableError(message)
        forms.append(
            _Form(
                row["name"],
                row["selector"],
                row["reads"],
                tuple(row.get("id", ())),
                tuple(row.get("url", ())),
                row.get("quoted", ""),
            )
        )
    return tuple(forms)


@cache
def _compiled(selector: str) -> Any:
    import soupsieve

    return soupsieve.compile(selector)


def _matches(selector: str, tag: Tag) -> bool:
    return bool(_compiled(selector).match(tag))


@cache
def _parts() -> dict[str, list[str]]:
    parts: dict[str, list[str]] = _table()["parts"]
    return parts


@cache
def _hints() -> re.Pattern[str]:
    return re.compile("|".join(map(re.escape, _table()["hints"])), re.IGNORECASE)


@cache
def _notices() -> re.Pattern[str]:
    return re.compile("|".join(f"(?:{row['pattern']})" for row in _table()["notice"]), re.IGNORECASE)


def canonical(mark: Mark) -> str | None:
    """Return the status URL of a mark: as written, else made of id and handle."""
    if mark.url or not mark.tweet_id:
        return mark.url
    return status_url(TweetRef(mark.tweet_id, mark.screen_name))
