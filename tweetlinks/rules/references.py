"""Find the tweets that a bibliography names: entries of APA, MLA, Chicago and Harvard, and of BibTeX. Pure.

    entry  = author ["[@" handle "]"] ["." | ","] ["(" date ")"] words marker [date] [URL]
    marker = "[Tweet]" | "(Tweet)" | a quotation mark, "Twitter" or "X", and "," or "."
    bibtex = "@" type "{" key {"," name "=" value} "}"

What the markers are called is `data/references.tsv`. The date of reading (`accessed …`) is not the tweet's.
"""

from __future__ import annotations

import re
from bisect import bisect_left
from functools import cache

from tweetlinks.dates import parse_date
from tweetlinks.model import Citation
from tweetlinks.record import TYPE_CHECKING
from tweetlinks.strengths import confidence
from tweetlinks.tables import read_table
from tweetlinks.tweets import created_at, parse_status_url

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from tweetlinks.model import Document, Found, Link, Span

__all__ = ["find"]

_BEFORE, _AFTER = 900, 300  # characters of an entry before its marker, and behind it to its URL
_DATED = 80  # characters behind a marker in which the date stands
_LONGEST = 3_000  # characters of an entry of BibTeX
_PATTERNS = {
    # Linear: a lazy run of bounded length without the characters that end it.
    "head": r"""
        (?: [-*•^] \s+ | \[? \d{1,3} [\].)] \s+ )?                          # the mark of a list
        (?: @ (?P<bare> \w{1,15} ) [.,:]
          | (?P<author> [^\n@\[\]{}“”"]{1,120}? ) \s*
            (?: [\[(] @ (?P<handle> \w{1,15} ) [\])] [.,:]? | (?= \( \d{4} [^\d] ) ) ) \s*
        (?: \( (?P<date> \d{4} [^()\n]{0,40} | [^()\n]{0,30} \d{4} ) \) [.,:]? \s* )?""",
    "quoted": r"""[“"‘'«„] (?P<words> .+? ) ,? [”"’'»“] [*_]? [.,]? \s* \Z""",
    "year": r"\b(?:19|20)\d\d\b",
    "bibtex": r"@[a-z]{3,20}\s{0,9}\{\s{0,9}[^\s,{}]{1,80},",
    # Linear: possessive runs, one level of braces inside a value.
    "field": r"""(?P<name> \b[a-z]{3,20} ) \s{0,9} = \s{0,9}
        (?: \{ (?P<braced> (?: [^{}]++ | \{ (?: [^{}]++ | \{ [^{}]*+ \} )*+ \} )*+ ) \}
          | " (?P<quoted> [^"]*+ ) " | (?P<bare> \w{1,20} ) )""",
}


def find(document: Document, found: Found) -> Iterable[Citation]:
    """Return a citation for each entry, outside the citations found before."""
    text = document.text
    urls = [link for link in found.links if link.kind == "status" and link.span]
    if not urls and ("[" not in text or "[@" not in text):  # one character is found many times faster than two
        return
    floor = 0
    for citation in sorted([*_bibtex(text, urls), *_entries(text, urls, found)], key=lambda c: c.span):
        if citation.span[0] >= floor and not found.covering(citation.span):
            floor = citation.span[1]
            yield citation


def _entries(text: str, urls: list[Link], found: Found) -> Iterator[Citation]:
    floor = 0
    for marker in _marker().finditer(text):
        start = max(floor, marker.start() - _BEFORE, found.floor(marker.start()))
        start = max(start, text.rfind("\n\n", start, marker.start()))
        floor = marker.end()  # an entry has one marker
        head = _head(text, start, marker.start())
        citation = _citation(text, head, marker, _url_behind(text, marker, urls)) if head else None
        if citation:
            floor = citation.span[1]
            yield citation


def _head(text: str, low: int, high: int) -> re.Match[str] | None:
    """Return author, handle and date at the start of the last line in `text[low:high]` that opens an entry."""
    at = high
    while at > low:
        at = max(low, text.rfind("\n", low, at - 1) + 1)
        head = _pattern("head").match(text, at, high)
        if head:
            return head
    return None


def _url_behind(text: str, marker: re.Match[str], urls: list[Link]) -> Link | None:
    """Return the status URL that follows a marker in its block of lines."""
    n = bisect_left(urls, (marker.end(), 0), key=_span_of)
    if n == len(urls) or _span_of(urls[n])[0] > marker.end() + _AFTER:
        return None
    between = text[marker.end() : _span_of(urls[n])[0]]
    return None if "\n\n" in between or _marker().search(between) else urls[n]


def _citation(text: str, head: re.Match[str], marker: re.Match[str], url: Link | None) -> Citation | None:
    end = _span_of(url)[1] if url else marker.end()
    words = _words(text, head.end(), marker)
    if words is None:
        return None
    tweet = parse_status_url(url.url) if url else None
    date_text = _date_text(head, text[marker.end() : _span_of(url)[0] if url else marker.end() + 80])
    date = parse_date(date_text) if date_text else None
    handle = head["handle"] or head["bare"] or (tweet and tweet.screen_name)
    if not tweet and not (handle and date and _names_network(text, marker)):
        return None
    evidence = ("bibliography", marker.group().strip(" \n.,").lower(), *(["status-url"] if tweet else []))
    return Citation(
        kind="reference",
        form="bibliography",
        span=(head.start("author") if head["author"] else head.start(), end),
        text_span=words if words[0] < words[1] else None,
        author_name=(head["author"] or "").strip(" ,*_") or None,
        screen_name=handle,
        date=date and date.date,
        date_text=date_text,
        tweet_id=tweet and tweet.id,
        url=url and url.url,
        created_at=created_at(tweet.id) if tweet else None,
        confidence=confidence(evidence, form="bibliography"),
        text_confidence=0.9,
        evidence=evidence,
    )


def _names_network(text: str, marker: re.Match[str]) -> bool:
    """Tell whether a marker, or what follows it, names Twitter: other networks have posts, too."""
    return re.search(r"tweet|tuit|twitter|\bX\b", text[marker.start() : marker.end() + 20], re.IGNORECASE) is not None


def _words(text: str, start: int, marker: re.Match[str]) -> Span | None:
    """Return where the words stand between the head and the marker, without quotation marks and notes in brackets.

    None where a site is named and nothing quoted stands before it.
    """
    end = marker.start() + (marker["note"] is None)
    words = re.sub(r"(?:\s*\[[^\[\]]{1,80}\])+\s*\Z", "", text[start:end])
    quoted = _pattern("quoted").match(words)
    if quoted:
        return start + quoted.start("words"), start + quoted.end("words")
    if marker["note"] is None:
        return None
    lead = len(words) - len(words.lstrip(" \n\t*_"))
    return start + lead, start + max(lead, len(words.rstrip(" \n\t*_")))


def _date_text(head: re.Match[str], behind: str) -> str | None:
    """Return the date of the entry: in brackets behind the author, or behind the marker, or in parts at both."""
    behind = re.split(_accessed(), behind[:_DATED], maxsplit=1)[0]
    own = head["date"]
    if own and parse_date(own):
        return str(own)
    date = parse_date(behind)
    if date and date.date:
        return " ".join(behind[date.start : date.end].split())
    if own and (year := re.search(_pattern("year"), own)) and (part := re.search(r"\d{1,2} [^\W\d]{3,12}", behind)):
        return f"{part[0]} {year[0]}"
    return str(own) if own else None


def _bibtex(text: str, urls: list[Link]) -> Iterator[Citation]:
    """Yield the entries of BibTeX that hold a status URL."""
    floor = 0
    for url in urls if "@" in text else ():
        at, stop = _span_of(url)
        entries = list(_pattern("bibtex").finditer(text, max(floor, at - _LONGEST), at))
        close = _close(text, entries[-1].start(), stop) if entries else 0
        if close > stop:
            yield _from_bibtex(text, (entries[-1].start(), close), url)
        floor = stop


def _close(text: str, start: int, least: int) -> int:
    """Return where the brace closes that opens first behind `start`; 0 where none does before the next entry."""
    following = _pattern("bibtex").search(text, least, least + _LONGEST)
    depth = 0
    for m in re.compile(r"[{}]").finditer(text, start, following.start() if following else least + _LONGEST):
        depth += 1 if m.group() == "{" else -1
        if depth == 0:
            return m.end()
    return 0


def _from_bibtex(text: str, span: Span, url: Link) -> Citation:
    fields: dict[str, tuple[str, Span]] = {}
    for m in _pattern("field").finditer(text, *span):
        group = next(name for name in ("braced", "quoted", "bare") if m[name] is not None)
        fields.setdefault(m["name"].lower(), (m[group], m.span(group)))

    def plain(name: str) -> str:
        return " ".join(re.sub(r"[{}]", "", fields[name][0]).split()) if name in fields else ""

    tweet = parse_status_url(url.url)
    author = re.match(r"(?P<name>[^\[(@]*)[\[(]?@?(?P<handle>\w{1,15})?", plain("author"))
    parts = parse_date(" ".join(map(plain, ("day", "month", "year"))))
    date = parse_date(plain("date")) or parts
    title = fields.get("title", ("", (0, 0)))
    whole = "{" not in title[0]
    return Citation(
        kind="reference",
        form="bibtex",
        span=span,
        text_span=title[1] if whole and title[0] else None,
        text=None if whole else plain("title"),
        author_name=(author and author["name"].strip()) or None,
        screen_name=(author and "@" in author.group() and author["handle"]) or (tweet and tweet.screen_name),
        date=date and date.date,
        date_text=plain("date") or (date and date.date),
        tweet_id=tweet and tweet.id,
        url=url.url,
        created_at=created_at(tweet.id) if tweet else None,
        confidence=confidence(("bibtex", "status-url"), form="bibtex"),
        evidence=("bibtex", "status-url"),
    )


def _span_of(link: Link) -> Span:
    return link.span or (0, 0)


@cache
def _marker() -> re.Pattern[str]:
    """Return what says that an entry is a tweet. Linear: literals and one bounded run."""
    rows = read_table("references.tsv", fields=3)
    notes = "|".join(re.escape(row[1]) for row in rows if row[0] == "note")
    networks = "|".join(re.escape(row[1]) for row in rows if row[0] == "network")
    return re.compile(
        rf"(?P<note>[\[(])(?:{notes})(?:[;,:] [^\[\]()\n]{{0,80}})?[\])]"
        rf"|(?<=[”\"’'»“])[*_]?\s{{0,3}}[*_]?(?:{networks})[*_]?[,.]",
        re.IGNORECASE,
    )


@cache
def _accessed() -> re.Pattern[str]:
    return re.compile(
        "|".join(row[1] for row in read_table("references.tsv", fields=3) if row[0] == "accessed"), re.IGNORECASE
    )


@cache
def _pattern(name: str) -> re.Pattern[str]:
    return re.compile(_PATTERNS[name], re.VERBOSE | re.DOTALL | (re.IGNORECASE if name in {"bibtex", "field"} else 0))
