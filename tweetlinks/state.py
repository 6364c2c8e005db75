"""Find the tweets in data that a page carries for its scripts: page state, islands, JSON-LD. Pure.

    unescape → blockquotes of tweets as HTML, objects that hold a status URL → those that belong to this article

Such data often holds other articles too. A tweet belongs to this one when the sentences around it in the data stand in
the page, when nothing is around it, or when the page shows hardly any text of its own because a script writes it.
"""

from __future__ import annotations

import json
import re
from html import unescape

from tweetlinks.model import Mark
from tweetlinks.record import TYPE_CHECKING
from tweetlinks.tweets import parse_status_url
from tweetlinks.urls import find_links

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from typing import Any

__all__ = ["letters", "linked_data", "pieces", "unescaped"]

_ESCAPE = re.compile(
    r"\\+(?:u(?P<code>[0-9a-fA-F]{4})|x(?P<byte>[0-9a-fA-F]{2})|(?P<letter>[nrtbf])|(?P<self>.))", re.DOTALL
)
_URL = re.compile(
    r'"(?:url|href|_id|link|uri|permalink|embed_?url|iframe_?src|src|source)"\s*:\s*"(?P<url>[^"\s]{10,500}status[^"\s]{1,300})"',
    re.IGNORECASE,
)
_SAYS_EMBED = re.compile(r"o?embed|external|tweet|twitter\"|schema=twitter|social", re.IGNORECASE)
_CREATED = re.compile(r"createTweet(?:Embed)?\s*\(\s*(?P<quote>['\"])(?P<id>[1-9][0-9]{0,18})(?P=quote)")
_BRACKET = re.compile(r"[{}\[\]]")
_KEY = re.compile(r'"(?P<key>[\w -]{1,60})"\s*:\s*\Z')
_OTHER = re.compile(
    r"related|recommend|latest|recent|popular|most_?(?:read|viewed)|trending|comment|sidebar|feed|timeline|teaser|promo"
    r"|next_?article|more_?(?:news|stories)|also_?like|read_?(?:next|also)|footer|header|nav(?:igation)?\Z",
    re.IGNORECASE,
)
"""Names of what is beside the article in a page's data."""
_SEGMENT = re.compile(r'[<>{}\[\]"\n]+')
_LETTERS = re.compile(r"[\W_]+")
# All linear: runs of one class between literals, bounded where two could meet.
_UNITS = {"n": "\n", "r": "\r", "t": "\t", "b": "", "f": ""}
_ENTITIES = ("&lt;", "&quot;", "&amp;lt;", "&amp;quot;")
_LEVELS = 3  # times that HTML may be wrapped in escapes
_LONGEST = 50_000  # characters of one blockquote
_AROUND, _OBJECT = 3_000, 400  # characters looked at on either side
_REACH, _LONGEST_KEY = 20_000, 80  # characters looked back for the names of what is around, and of a name
_LEAST, _COMPARED, _NEAREST = 30, 60, 3  # letters of a sentence, letters compared, sentences on either side
_BARE = 300  # letters of a page that shows hardly any text


def letters(text: str) -> str:
    """Return the letters and digits of a text, case folded: what is the same in HTML, JSON and the page."""
    return _LETTERS.sub("", text).casefold()


def unescaped(string: str) -> str:
    r"""Take HTML out of the escapes that strings of JSON and JavaScript, and entities, put around it.

    >>> unescaped(r'\"\u003cp\u003eRain \\ud83c\\udf89\u003c\/p\u003e&lt;br&gt;')
    '"<p>Rain 🎉</p><br>'
    """
    for _ in range(_LEVELS):
        plain = _ESCAPE.sub(_unit, string) if "\\" in string else string
        plain = unescape(plain) if any(entity in plain for entity in _ENTITIES) else plain
        if plain == string:
            break
        string = plain
    return string.encode("utf-16", "surrogatepass").decode("utf-16", "replace")


def _unit(m: re.Match[str]) -> str:
    if m["code"] or m["byte"]:
        return chr(int(m["code"] or m["byte"], 16))
    return _UNITS[m["letter"]] if m["letter"] else m["self"]


def pieces(string: str, page: Callable[[], str]) -> Iterator[str | Mark]:
    """Yield the tweets of one script or attribute that belong to the page.

    Args:
        string: the script, or the value of the attribute.
        page: tells the letters of the page.

    Returns:
        HTML of blockquotes, still to be read; marks of what is known by its URL or id alone.
    """
    for m in _CREATED.finditer(string):
        yield Mark("embed", (0, 0), "script", tweet_id=m["id"])
    if "status" not in string:
        return
    plain = unescaped(string)
    at = plain.find("<blockquote")
    while at >= 0:
        end = plain.find("</blockquote", at, at + _LONGEST)
        if end < 0:
            break
        if _names_twitter(plain[at : plain.find(">", at, end)]) and _belongs(plain, at, end, page()):
            yield plain[at:end] + "</blockquote>"
        at = plain.find("<blockquote", end)
    for m in _URL.finditer(plain):
        tweet = parse_status_url(m["url"])
        low, high = max(0, m.start() - _OBJECT), m.end() + _OBJECT
        around = plain[low : m.start()].rpartition("{")[2] + plain[m.end() : high].partition("}")[0]
        if tweet and (_SAYS_EMBED.search(around) or not around.strip()) and _belongs(plain, m.start(), m.end(), page()):
            yield Mark("embed", (0, 0), "state", m["url"], tweet.id)


def _names_twitter(tag: str) -> bool:
    return "twitter" in tag or "tweet" in tag


def _belongs(plain: str, start: int, end: int, page: str) -> bool:
    """Tell whether what stands in `plain[start:end]` is of the article that the page shows."""
    if any(_OTHER.search(key) for key in _keys(plain, start)):
        return False
    if len(page) < _BARE:
        return True
    before = list(_sentences(plain[max(0, start - _AROUND) : start]))[-_NEAREST:]
    after = list(_sentences(plain[end : end + _AROUND]))[:_NEAREST]
    return not (before or after) or any(sentence in page for sentence in (*before, *after))


def _keys(plain: str, at: int) -> Iterator[str]:
    """Yield the names of the objects and lists around a place of JSON, the nearest first.

    Brackets inside strings are counted too; they come in pairs as a rule.
    """
    depth = 0
    low = max(0, at - _REACH)
    for m in reversed(list(_BRACKET.finditer(plain, low, at))):
        depth += 1 if m[0] in "}]" else -1
        if depth < 0:
            depth = 0
            key = _KEY.search(plain, max(low, m.start() - _LONGEST_KEY), m.start())
            if key:
                yield key["key"]


def _sentences(stretch: str) -> Iterator[str]:
    """Yield the letters of what looks like sentences of an article, the end of each."""
    for segment in _SEGMENT.split(unescape(stretch)):
        if segment.count(" ") > 4 and "://" not in segment and "{" not in segment:  # noqa: PLR2004  five words
            words = letters(segment)
            if len(words) >= _LEAST:
                yield words[:_COMPARED]


def linked_data(string: str, page: Callable[[], str]) -> Iterator[Mark]:
    """Yield the tweets that a JSON-LD block cites (schema.org): `citation`, `itemReviewed`, and an unseen article body.

    Args:
        string: the block; what is no JSON holds none.
        page: tells the letters of the page.
    """
    try:
        stack: list[Any] = [json.loads(string)]
    except (ValueError, RecursionError):
        return
    while stack:
        node = stack.pop()
        if isinstance(node, list):
            stack += node
        elif isinstance(node, dict):
            yield from _references(node)
            body = node.get("articleBody")
            if isinstance(body, str) and letters(body)[:_COMPARED] not in page():
                yield from (_mark("embed", link.url) for link in find_links(body) if link.kind == "status")
            stack += node.values()


def _references(node: dict[str, Any]) -> Iterator[Mark]:
    for key in ("citation", "itemReviewed"):
        cited = node.get(key)
        for item in cited if isinstance(cited, list) else [cited]:
            facts = item if isinstance(item, dict) else {"url": item}
            url, author = facts.get("url"), facts.get("author")
            if isinstance(url, str) and parse_status_url(url):
                name = author.get("name") if isinstance(author, dict) else author
                date = facts.get("datePublished")
                yield _mark("reference", url)._replace(
                    author_name=name.strip() if isinstance(name, str) else None,
                    date_text=date if isinstance(date, str) else None,
                )


def _mark(kind: str, url: str) -> Mark:
    tweet = parse_status_url(url)
    return Mark(kind, (0, 0), "json-ld", url, tweet and tweet.id)
