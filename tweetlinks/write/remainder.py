"""Say what a stretch of HTML holds besides the tweet that it shows: what would be lost with it. Pure.

words     every letter that is none of the tweet's own words, or of who wrote it and when
links     where they lead, unless to the service, or from the words of the tweet
the rest  pictures, films, forms, what the page leads to by its `id`, breaks that a content system reads in comments
"""

from __future__ import annotations

import re
import unicodedata
from collections import Counter
from html import unescape
from urllib.parse import unquote

from tweetlinks.record import TYPE_CHECKING
from tweetlinks.tame import tame
from tweetlinks.tweets import classify, parse_status_url

if TYPE_CHECKING:
    from tweetlinks.model import Citation, Document

__all__ = ["balanced", "remainder", "shown", "targets"]

_TAG = re.compile(
    r"""<(?P<close>/?)(?P<name>[a-z][^\s<>/"']{0,60})(?P<rest>(?:[^<>"']|"[^"]{0,3000}"|'[^']{0,3000}'){0,400})>""",
    re.IGNORECASE | re.VERBOSE,
)
_HREF = re.compile(r"""\b(?:href|src)\s*=\s*(?:"([^"]{0,3000})"|'([^']{0,3000})'|([^\s"'>]{1,3000}))""", re.IGNORECASE)
_NAMED = re.compile(r"""\b(?:id|name)\s*=\s*["']?([^\s"'>]{1,200})""", re.IGNORECASE)
_EMOJI = re.compile(r"""\bclass\s*=\s*["']?[^"'<>]{0,200}emoji""", re.IGNORECASE)
_LINK_END = re.compile(r"</a(?=[\s>])", re.IGNORECASE)
_FRAGMENT = re.compile(
    r"""(?:\bhref\s{0,9}=\s{0,9}["']?|\]\()[^\s"'<>()\#]{0,500}\#([^\s"'<>()]{1,200})""", re.IGNORECASE | re.VERBOSE
)
_BREAK = re.compile(r"<!--\s*(?:more|nextpage|#include|\[if)\b", re.IGNORECASE)
_SERVICE = re.compile(r"(?:twitter|twimg|tweet|\bx\.com|oembed|iframely|embedly)", re.IGNORECASE)
# All linear: bounded runs behind a literal.
_WORD = re.compile(r"\w+")
_UNSHOWN = frozenset(("script", "style"))
_MEDIA = frozenset(
    "audio canvas embed form img input map math object picture select svg textarea video".split()  # noqa: SIM905
)
_FRAMES = frozenset(("frame", "iframe"))


def remainder(
    segment: str, document: Document, citation: Citation, *, printed: str = "", targets: frozenset[str] = frozenset()
) -> str | None:
    """Return what a stretch of HTML holds besides a tweet, in words for a reader; None where that is nothing.

    Args:
        segment: the stretch, as it stands in the source.
        document: where the tweet was found.
        citation: the tweet.
        printed: what the tweet is written as, where that is no element: a URL, a shortcode, words.
        targets: the ids that links of the page lead to (`targets`).
    """
    own = _own(document, citation)
    for tag in _TAG.finditer(tame(segment)):
        if not tag["close"] and (found := _besides(tag["name"].lower(), tag["rest"], own)):
            return found
    if _BREAK.search(segment):
        return "a break of the page"
    if not targets.isdisjoint(_NAMED.findall(segment)):
        return "what a link of the page leads to"
    words = shown(segment if citation.text else _unlabelled(segment, citation))
    return "more than the tweet" if _words_left(words, document, citation, printed) else None


def targets(page: str) -> frozenset[str]:
    """Return the ids that links of a page lead to.

    >>> sorted(targets('<a href="#fog">Fog</a> [rain](post.html#rain)'))
    ['fog', 'rain']
    """
    return frozenset(unquote(name) for name in _FRAGMENT.findall(page))


def _own(document: Document, citation: Citation) -> set[str]:
    """Return where the words of a tweet lead, so far as it is written again."""
    links = [document.links[n] for n in citation.links]
    if citation.text_span:
        low, high = citation.text_span
        return {link.url for link in links if link.span and low <= link.span[0] and link.span[1] <= high}
    return {link.url for link in links if link.url in (citation.text or "")}


def _besides(name: str, rest: str, own: set[str]) -> str | None:
    """Say what a tag shows that is none of a tweet's."""
    if name == "a":
        there = _target(rest)
        return "a link of its own" if there and there not in own and classify(there) in {"other", "shortener"} else None
    if name in _FRAMES:
        return None if not _targets_of(rest) or any(map(_is_service, _targets_of(rest))) else "a frame of its own"
    if name in _MEDIA:
        own_picture = name == "img" and (_EMOJI.search(rest) or any("twimg.com/" in url for url in _targets_of(rest)))
        return None if own_picture else "a picture, a film or a form"
    if name == "script":
        return None if not rest.strip() or _SERVICE.search(rest) or not _targets_of(rest) else "a script of its own"
    return None


def _is_service(url: str) -> bool:
    return bool(_SERVICE.search(url))


def _targets_of(rest: str) -> list[str]:
    """Return where the attributes of a tag lead, without what is asked there."""
    urls = (unescape(url).strip() for m in _HREF.finditer(rest) for url in m.groups() if url)
    return [url.partition("?")[0].partition("#")[0] for url in urls]


def _unlabelled(segment: str, citation: Citation) -> str:
    """Take away what a link to a tweet without words says: `View on X`."""
    parts, at = list[str](), 0
    for tag in _TAG.finditer(segment):
        if tag.start() < at or tag["close"] or tag["name"].lower() != "a":
            continue
        tweet = parse_status_url(_target(tag["rest"]))
        if tweet and tweet.id == citation.tweet_id:
            end = _LINK_END.search(segment, tag.end())
            if not end:
                break
            parts.append(segment[at : tag.end()])
            at = end.start()
    return "".join([*parts, segment[at:]])


def _target(rest: str) -> str:
    return next((unescape(url).strip() for m in _HREF.finditer(rest) for url in m.groups() if url), "")


def _words_left(words: str, document: Document, citation: Citation, printed: str) -> bool:
    """Tell whether words are left over when those of the tweet are taken away."""
    a, b = citation.attribution_span or (0, 0)
    signed = document.text[a:b]
    known = [
        printed or citation.text,
        signed,
        citation.author_name,
        citation.screen_name,
        citation.date_text,
        citation.url,
    ]
    left = _letters(words)
    for each in sorted(filter(None, map(_letters, filter(None, known))), key=len, reverse=True):
        left = left.replace(each, "", 1)
    if not left:
        return False
    said = " ".join(filter(None, known))
    return bool(
        Counter(_WORD.findall(words)) - Counter(_WORD.findall(said))
        or Counter(_symbols(words)) - Counter(_symbols(said))
    )


def _letters(words: str) -> str:
    return "".join(c for c in words if c.isalnum() or unicodedata.category(c)[0] == "S")


def _symbols(words: str) -> list[str]:
    return [c for c in words if unicodedata.category(c)[0] == "S"]


def shown(segment: str) -> str:
    """Return about what a stretch of HTML shows.

    >>> shown('<p title="a > b">Fog <!-- no --><b>here</b><script>no()</script>')
    'Fog here'
    """
    parts, at, inside, plain = list[str](), 0, "", tame(segment)
    for tag in _TAG.finditer(plain):
        name = tag["name"].lower()
        if not inside:
            parts.append(plain[at : tag.start()])
            inside = name if name in _UNSHOWN and not tag["close"] else ""
        elif tag["close"] and name == inside:
            inside = ""
        at = tag.end()
    words = unescape("".join(parts if inside else [*parts, plain[at:]]))
    return " ".join(re.sub(r"<!-- *-->", "", words).split())


def balanced(segment: str) -> bool:
    """Tell whether what a stretch of HTML opens first is closed at its end, and not before.

    >>> balanced("<div><div></div></div>"), balanced("<div><div></div>"), balanced("<amp-twitter>")
    (True, False, True)
    """
    names = [(tag["name"].lower(), bool(tag["close"])) for tag in _TAG.finditer(tame(segment))]
    depth = sum(-1 if close else 1 for name, close in names if names and name == names[0][0])
    return depth == 0 or len(names) == 1
