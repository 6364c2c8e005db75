"""Recognise what is put between a link and where it leads: pages that warn, count, ask for a login or consent. Pure.

Three tables hold what is known of such pages: `data/detours.tsv` by their URL, `data/pages.tsv` by what a shortener
shows, `data/gone.tsv` by what a site shows that has lost the page, or that somebody else owns now. What follows from
it, `chain` decides.
"""

from __future__ import annotations

import re
from functools import cache, lru_cache
from html import unescape
from itertools import islice
from urllib.parse import unquote

from tweetlinks.locations import BadLocation, clean, host_of, path_of
from tweetlinks.record import Record
from tweetlinks.stubs import attributes, title, visible
from tweetlinks.tables import read_table

__all__ = ["Detour", "detour", "is_gone", "shown"]

LONGEST_NOTICE = 2_000
"""Characters of text on a page that only says that the domain is for sale; more is an article about one."""
MOST_ANCHORS = 200
"""Anchors of a page that are looked at."""

# Both are looked for once in a page, and end at what they cannot hold: linear.
_ANCHOR = re.compile(r"<a\b", re.IGNORECASE)
_PRINTED = re.compile(r"https?://[^\s<>\"']{1,4000}")
_BETWEEN = re.compile(r"\s[-–—|:·»«]+\s|[|»«·]")


class Detour(Record):
    """A page put between a link and where it leads."""

    outcome: str
    """`unsafe`, `rate-limited`, `via`, `login-wall`, `consent-wall` or `soft-404`: see the tables."""
    url: str | None = None
    """Where the link leads; None where the page does not say."""
    seconds: float | None = None
    """After which it may be asked again; None where the page does not say."""


class _Row(Record):
    """A row of data/detours.tsv."""

    outcome: str
    path: re.Pattern[str]
    parameters: tuple[str, ...]
    proof: str


class _Shown(Record):
    """A row of data/pages.tsv."""

    outcome: str
    mark: re.Pattern[str]
    where: str


def detour(url: str, *, code: str | None) -> Detour | None:
    """Recognise a page by its URL.

    Args:
        url: where an answer leads, cleaned.
        code: the code of the short link that led there: some pages must repeat it. None where no answer led there.

    Returns:
        None when `url` is no such page.

    >>> detour("https://x.com/safety/unsafe_link_warning?unsafe_link=https://a.example/?b=1&c=2", code="")
    Detour(outcome='unsafe', url='https://a.example/?b=1&c=2', seconds=None)
    """
    for row in _fitting(url):
        if row.proof == "-" or code in {None, _value(url, row.proof).strip("/")}:
            return Detour(row.outcome, _real(url, row.parameters))
    return None


def shown(body: str, *, host: str) -> Detour | None:
    """Recognise what a shortener shows instead of redirecting.

    Args:
        body: the page.
        host: whose it is.

    Returns:
        None when the page is not known.
    """
    for row in _pages().get(host.removeprefix("www."), ()):
        if found := row.mark.search(body):
            told = found.groupdict().get("seconds")
            url = _named(body, found.start(), row.where, host)
            return Detour(row.outcome, url, float(told) if told else None)
    return None


def is_gone(body: str, *, url: str, before: str) -> bool:
    """Suspect that the page somebody linked to is not there any more, though it answers.

    Args:
        body: what is shown.
        url: its URL.
        before: the URL that led there; the same when none did.
    """
    known = detour(url, code=None)
    if (known and known.outcome == "soft-404") or _sent_home(before, url):
        return True
    titles, texts = _words()
    if any(titles.fullmatch(part.strip()) for part in _BETWEEN.split(title(body)[:300].lower())):
        return True
    return len(visible(body, LONGEST_NOTICE + 1)) <= LONGEST_NOTICE and texts.search(body.lower()) is not None


@lru_cache(256)  # each step of a chain is looked at several times
def _fitting(url: str) -> list[_Row]:
    """Return the rows of data/detours.tsv that a URL fits."""
    path = path_of(url)
    any_of_them, rows = _of_host(host_of(url))
    return [row for row in rows if row.path.match(path)] if any_of_them.match(path) else []


@lru_cache(1024)
def _of_host(host: str) -> tuple[re.Pattern[str], list[_Row]]:
    """Return the rows of data/detours.tsv that a host fits, and one pattern for them all, which hardly any URL fits."""
    plain, known = host.removeprefix("www."), _rows()
    rows = [row for key in (plain, f"{plain.partition('.')[0]}.*", "*") for row in known.get(key, ())]
    return re.compile("|".join(f"(?:{row.path.pattern})" for row in rows) or "(?!)", re.IGNORECASE), rows


def _sent_home(before: str, url: str) -> bool:
    """Say whether a site sends to its front page whoever asks for what stood deep inside of it."""
    if path_of(url) != "/" or host_of(url).removeprefix("www.") != host_of(before).removeprefix("www."):
        return False
    path = path_of(before).partition("?")[0].strip("/")
    return "/" in path or len(path) > 20  # noqa: PLR2004  no index.html, no language


@cache
def _rows() -> dict[str, list[_Row]]:
    """Read data/detours.tsv, by host."""
    out: dict[str, list[_Row]] = {}
    for word, host, path, names, proof in read_table("detours.tsv", fields=5):
        row = _Row(word, re.compile(path, re.IGNORECASE), tuple(names.split(",")) if names != "-" else (), proof)
        out.setdefault(host.removeprefix("www."), []).append(row)
    return out


@cache
def _pages() -> dict[str, list[_Shown]]:
    """Read data/pages.tsv, by host."""
    out: dict[str, list[_Shown]] = {}
    for word, hosts, mark, where in read_table("pages.tsv", fields=4):
        for host in hosts.split(","):
            out.setdefault(host, []).append(_Shown(word, re.compile(mark, re.IGNORECASE), where))
    return out


@cache
def _words() -> tuple[re.Pattern[str], re.Pattern[str]]:
    """Read data/gone.tsv: what a title is, and what stands anywhere."""
    rows = read_table("gone.tsv", fields=2)
    title, text = ("|".join(words for where, words in rows if where == kind) for kind in ("title", "text"))
    return re.compile(title), re.compile(text, re.DOTALL)


def _real(url: str, names: tuple[str, ...]) -> str | None:
    """Return the URL that a parameter holds, absolute or within the same site."""
    for name in names:
        try:
            value = _value(url, name)
            return clean(value, base=url if value.startswith("/") else None)
        except BadLocation:
            continue
    return None


def _value(url: str, name: str) -> str:
    """Return a parameter; a URL that is not percent-encoded goes on to the end."""
    query = url.partition("?")[2]
    found = f"&{query}".partition(f"&{name}=")[2]
    return found if found.startswith(("http://", "https://")) else unquote(found.partition("&")[0])


def _named(body: str, start: int, where: str, host: str) -> str | None:
    """Return the one URL that a page names.

    Args:
        body: the page.
        start: where its mark stands.
        where: `text`: printed after the mark; `NAME~WORD`: the anchor whose attribute holds the word; `-`: nowhere.
        host: whose page it is: URLs of its own do not count.
    """
    if where == "-":
        return None
    name, _, word = where.partition("~")
    anchors = (attributes(body, match.end()) for match in islice(_ANCHOR.finditer(body), MOST_ANCHORS))
    raw = (
        [match[0] for match in _PRINTED.finditer(body, start)]
        if where == "text"
        else [found.get("href", "") for found in anchors if word in found.get(name, "")]
    )
    urls = {url for text in raw if (url := _foreign(unescape(text), host))}
    return urls.pop() if len(urls) == 1 else None


def _foreign(text: str, host: str) -> str | None:
    try:
        url = clean(text)
    except BadLocation:
        return None
    return None if f".{host_of(url)}".endswith(f".{host.removeprefix('www.')}") else url
