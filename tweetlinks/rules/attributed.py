"""Find tweets that kept their attribution: the words, and `— Name (@handle) date` under or behind them. Pure.

A status URL right beside a tweet is the tweet's own when it names the same author, and its id no other day than the one
that is printed: so the lost id comes back.

How sure it is that this is a tweet, its evidence says (`strengths`). The doubts count only where the words hold nothing
of Twitter's (a link of its own, a tag, a handle, an emoji): a byline and the entry of a change log look like that, and
so does many a tweet.
"""

from __future__ import annotations

import re
from bisect import bisect_left

from tweetlinks.attributions import attributions
from tweetlinks.blanks import BREAKS, EDGE
from tweetlinks.lexicon import has_job, is_furniture, names_of
from tweetlinks.model import Citation
from tweetlinks.record import TYPE_CHECKING
from tweetlinks.starts import Words, best_start, has_marks, longest_at
from tweetlinks.strengths import confidence
from tweetlinks.tweets import created_at, parse_status_url, utc_day

if TYPE_CHECKING:
    from collections.abc import Iterable

    from tweetlinks.attributions import Attribution
    from tweetlinks.model import Document, Found, Link, Span

__all__ = ["DOUBTS", "find", "is_beside"]

DOUBTS = ("plain", "words-lost", "job-title", "numeric-date")
"""What makes a tweet less sure: its words hold nothing of Twitter's; they are lost; the name ends in what its bearer
does (`Ann Bell, Staff Writer`); the date has no letter, as no embed prints it."""

_BETWEEN = EDGE + "<()[]*-•·:"
_WIDEST = 60  # characters between a tweet and its URL

_LEAST_GAP = 40  # characters
_INTERRUPTION = 1_500  # characters of foreign matter between the words and their attribution, at most
_LINE_ENDS = tuple(BREAKS)
_SOURCE = 2  # characters of Markdown for one of a tweet, at most: its links are written twice
_APART = re.compile(r"\n[^\S\n]*\n")  # Linear: a run between two line breaks.


def find(document: Document, found: Found) -> Iterable[Citation]:
    """Return a citation for each attribution; its words are null where they are lost."""
    text = document.text
    urls = [link for link in found.links if link.kind == "status" and link.span]
    low = 0
    refuted = [mark.span for mark in document.marks if mark.kind == "elsewhere"]
    for attribution in attributions(text):
        if refuted and _is_elsewhere(refuted, attribution):
            continue
        if found.citations:
            over = found.covering(attribution.span)
            low = max(low, over.span[1] if over else found.floor(attribution.span[0]))
            if over:
                continue
        above = _above(text, low, urls, attribution)
        low = _end(above, low)
        stop = _words_end(text, low, attribution.span[0])
        broken = _broken_off(text, low, stop, found)
        quoted = _quoted(document, low, attribution)
        citation = _citation(text, low, broken or stop, attribution, quoted)
        own = above if above and is_beside(text, low, citation.span[0]) else _behind(text, urls, attribution)
        if not attribution.dash and not own and _is_byline(document, citation):
            continue
        yield _identified(citation, own) if own else citation
        low = attribution.end if own is above else _end(own, attribution.end)


def _is_byline(document: Document, citation: Citation) -> bool:
    """Tell whether a name without a dash stands in a block of its own, where markup knows the blocks."""
    at = document.paragraphs.at
    start, attribution = citation.span[0], citation.attribution_span
    return document.format == "html" and attribution is not None and at(start) != at(attribution[0])


def _is_elsewhere(refuted: list[Span], attribution: Attribution) -> bool:
    """Tell whether the date of an attribution is a hyperlink to another page than a tweet: another network's post."""
    n = bisect_left(refuted, (attribution.span[1], 0)) - 1
    return n >= 0 and refuted[n][1] > attribution.span[0]


def _words_end(text: str, low: int, start: int) -> int:
    """Return where the words end: before the attribution, blanks and marks; the bracket of `<https://…>` is theirs."""
    stop = max(low, start)
    while stop > low and text[stop - 1] in EDGE:
        stop -= 1
    if text[stop : stop + 1] != ">":
        return stop
    token = text[max(low, stop - 40) : stop].rpartition("<")[2]
    return stop + 1 if token.startswith("http") and " " not in token else stop


def _above(text: str, low: int, urls: list[Link], attribution: Attribution) -> Link | None:
    """Return the tweet's own URL in a line above it, or None."""
    n = bisect_left(urls, attribution.span, key=_span_of) - 1
    if n < 0 or (span := _span_of(urls[n]))[0] < low or not _is_of(urls[n], attribution):
        return None
    return urls[n] if text[span[1] : span[1] + 9].lstrip(" \t>)").startswith(_LINE_ENDS) else None


def _behind(text: str, urls: list[Link], attribution: Attribution) -> Link | None:
    """Return the tweet's own URL: of the hyperlink on the date, right behind it, or of the Markdown link around it."""
    n = bisect_left(urls, (attribution.span[0], 0), key=_span_of)
    if n < len(urls) and _span_of(urls[n])[0] < attribution.span[1] and _is_of(urls[n], attribution):
        return urls[n]
    n = bisect_left(urls, (attribution.span[1], 0), key=_span_of)
    if n == len(urls) or not _is_of(urls[n], attribution):
        return None
    return urls[n] if is_beside(text, attribution.span[1], _span_of(urls[n])[0]) else None


def is_beside(text: str, end: int, start: int) -> bool:
    """Tell whether nothing but white space, brackets and marks of lists stands between two places of a text."""
    return 0 <= start - end <= _WIDEST and not text[end:start].strip(_BETWEEN)


def _is_of(url: Link, attribution: Attribution) -> bool:
    """Tell whether a status URL names the author of an attribution, and its day or one beside it.

    A URL that names nobody (`/i/web/status/…`) must have the day. An embed prints the UTC day of the id; a copy made by
    hand prints the day of its maker's zone.
    """
    tweet = parse_status_url(url.url)
    if tweet is None or (tweet.screen_name or attribution.screen_name).casefold() != attribution.screen_name.casefold():
        return False
    day = utc_day(tweet.id)
    if attribution.date is None or day is None:
        return tweet.screen_name is not None
    return _days_apart(attribution.date, day) <= 1


def _days_apart(one: str, other: str) -> int:
    from datetime import date  # no text without a status URL needs it

    return abs((date.fromisoformat(one) - date.fromisoformat(other)).days)


def _identified(citation: Citation, url: Link) -> Citation:
    tweet = parse_status_url(url.url)
    evidence = (*citation.evidence, "status-url")
    return citation._replace(
        tweet_id=tweet and tweet.id,
        url=url.url,
        created_at=tweet and created_at(tweet.id),
        confidence=confidence(evidence, form=citation.form),
        evidence=evidence,
    )


def _end(link: Link | None, otherwise: int) -> int:
    return max(otherwise, link.span[1]) if link and link.span else otherwise


def _broken_off(text: str, low: int, stop: int, found: Found) -> int | None:
    """Return where the words end when a poll, form or advertisement stands between them and the attribution."""
    n = bisect_left(found.links, (stop, 0), key=_span_of) - 1
    link = found.links[n] if n >= 0 else None
    if link is None or link.span is None or link.kind not in ("tco", "media") or not low < link.span[1] < stop:
        return None
    gap = text[link.span[1] : stop]
    return link.span[1] if _LEAST_GAP < len(gap) <= _INTERRUPTION and is_furniture(gap.casefold()) else None


def _span_of(link: Link) -> Span:
    return link.span or (0, 0)


def _quoted(document: Document, low: int, attribution: Attribution) -> int | None:
    """Return where the quotation (lines with `> `) starts that an attribution ends, when it may be one tweet."""
    text, columns = document.text, document.paragraphs
    n = columns.at(attribution.span[0])
    if n is None or columns.kinds.get(n) != "quote":
        return None
    most = max(low, attribution.span[0] - _SOURCE * longest_at(attribution.date))
    while n and columns.kinds.get(n - 1) == "quote" and columns.starts[n] > most:
        if _APART.search(text, columns.ends[n - 1], columns.starts[n]):
            break
        n -= 1
    return columns.starts[n] if most <= columns.starts[n] < attribution.span[0] else None


def _citation(text: str, low: int, stop: int, attribution: Attribution, quoted: int | None) -> Citation:
    start, end = attribution.span
    names = names_of(attribution.author_name, attribution.screen_name)
    if quoted is None:
        words = best_start(text, low, stop, limit=longest_at(attribution.date), names=names)
    else:
        words = Words(quoted, None, 0.99, ("start:quote",))
    doubts = [] if words.at is not None and has_marks(text[words.at : stop]) else _doubts(attribution, words)
    evidence = tuple(dict.fromkeys(["attribution", *_evidence(attribution), *words.evidence, *doubts]))
    return Citation(
        kind="embed",
        form="flattened",
        span=(start if words.at is None else words.at, end),
        text_span=None if words.at is None else (words.at, stop),
        attribution_span=(start, end),
        author_name=attribution.author_name,
        screen_name=attribution.screen_name,
        date=attribution.date,
        date_text=attribution.date_text,
        confidence=confidence(evidence, form="flattened"),
        text_confidence=round(words.probability, 2),
        alternative=None if words.second is None else (words.second, stop),
        evidence=evidence,
    )


def _doubts(attribution: Attribution, words: Words) -> list[str]:
    """Name what makes it less sure that words without anything of Twitter's are a tweet."""
    date = attribution.date_text
    return [
        "plain",
        *(["words-lost"] if words.at is None else []),
        *(["job-title"] if has_job(attribution.author_name or "") else []),
        *(["numeric-date"] if date and not any(map(str.isalpha, date)) else []),
    ]


def _evidence(attribution: Attribution) -> list[str]:
    names = ["dash" if attribution.dash else "no-dash"]
    if attribution.date:
        names.append(f"date:{attribution.language}")
    elif attribution.date_text:
        names.append("date-damaged")
    return names
