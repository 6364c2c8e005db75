"""Read what several look-ups get: JSON, embed codes, and pages of tweets. Pure."""

from __future__ import annotations

import re
from html import unescape
from typing import Any

from tweetlinks.record import TYPE_CHECKING, Record

if TYPE_CHECKING:
    from tweetlinks.model import Answer

__all__ = ["Words", "linked", "page_words", "parsed", "words"]

# Linear: runs that end at a quote or a tag, bounded.
_META = re.compile(r"<meta\s[^<>]{0,9000}>", re.IGNORECASE)
_CONTENT = re.compile(r"""content=(?:"([^"]{0,9000})"|'([^']{0,9000})')""", re.IGNORECASE)
_HREF = re.compile(
    r"""<a\s[^>]{0,300}?href=["'](https?://t\.co/\w{1,40})["'][^>]{0,300}?data-expanded-url=["']([^"'<>]{1,2048})["']"""
)
_QUOTED = re.compile(r"\A[“\"](?P<text>.*)[”\"]\Z", re.DOTALL)


class Words(Record):
    """What a tweet says, as a page shows it."""

    text: str | None = None
    screen_name: str | None = None
    date: str | None = None


def parsed(answer: Answer) -> dict[str, Any]:
    """Return the JSON object of an answer; empty for anything else."""
    import json

    try:
        data = json.loads(answer.body)
    except (ValueError, RecursionError):
        return {}
    return data if isinstance(data, dict) else {}


def words(html: str) -> Words:
    """Read the first tweet that a piece of HTML embeds.

    >>> link = '<a href="https://twitter.com/ann_b/status/1">3 mai 2017</a>'
    >>> words(f'<blockquote class="twitter-tweet"><p>Rain</p>— Ann (@ann_b) {link}</blockquote>')
    Words(text='Rain', screen_name='ann_b', date='2017-05-03')
    """
    from tweetlinks.read import read
    from tweetlinks.rules import apply_rules

    document = read(html, format="html", with_text=True)
    for citation in apply_rules(document).citations:
        if citation.text_span:
            return Words(document.text[slice(*citation.text_span)], citation.screen_name, citation.date)
        return Words(citation.text, citation.screen_name, citation.date)
    return Words()


def page_words(html: str) -> str | None:
    """Read the words of a tweet from the head of its own page, as `og:description` has them.

    >>> page_words('<meta property="og:description" content="“Rain &amp; fog”">')
    'Rain & fog'
    """
    for meta in _META.finditer(html):
        content = _CONTENT.search(meta[0]) if "og:description" in meta[0].lower() else None
        if content:
            told = _QUOTED.match(unescape(content[1] or content[2] or "").strip())
            if told:
                return told["text"]
    return None


def linked(html: str) -> tuple[tuple[str, str], ...]:
    """Return where the t.co links of an embed code lead, where it says so."""
    return tuple((found[1], unescape(found[2])) for found in _HREF.finditer(html))
