"""Find tweets of which the text holds the status URL: alone (an embed never rendered) or in a sentence. Pure.

    the URL is the whole of its paragraph, among others        embed
    the URL says that it was copied from an embed              embed
    the URL stands by the rendered tweet of the same author    no citation of its own: it gives that tweet its id
    the URL stands inside the words of a tweet                 no citation: the tweet links to another
    anything else, and a document that is nothing but URLs     link
"""

from __future__ import annotations

from tweetlinks.model import Citation
from tweetlinks.record import TYPE_CHECKING
from tweetlinks.tweets import is_embed_url, parse_status_url

if TYPE_CHECKING:
    from collections.abc import Iterable

    from tweetlinks.model import Document, Found, Link, Span

__all__ = ["find"]

_AROUND = " \t\n\r\x0b\x0c\u2028\u2029\xa0\ufeff<>()[]*-•>·:"


def find(document: Document, found: Found) -> Iterable[Citation]:
    """Return a citation for each status URL that stands outside the words of a tweet."""
    text = document.text
    links = [link for link in found.links if link.kind == "status" and link.span]
    if not links:
        return
    only_urls = _is_only_urls(text, found)
    for link in links:
        tweet = parse_status_url(link.url)
        if tweet is None or link.span is None or found.covering(link.span) or _renders(text, link.span, tweet, found):
            continue
        alone = not only_urls and _is_alone(document, link.span)
        embed = alone or is_embed_url(link.url)
        yield Citation(
            kind="embed" if embed else "link",
            form="url",
            span=link.span,
            screen_name=tweet.screen_name,
            tweet_id=tweet.id,
            url=link.url,
            confidence=0.95 if embed else 0.99,
            evidence=("status-url", "alone" if alone else "embed-url" if embed else "in-sentence"),
        )


def _is_only_urls(text: str, found: Found) -> bool:
    """Tell whether the document holds nothing but URLs."""
    rest, at = [], 0
    for link in found.links:
        if link.span:
            rest.append(text[at : link.span[0]])
            at = link.span[1]
    return not "".join([*rest, text[at:]]).strip(_AROUND)


def _is_alone(document: Document, span: Span) -> bool:
    """Tell whether the URL is the whole of its line."""
    text = document.text
    line = text[max(text.rfind("\n", 0, span[0]), text.rfind("\r", 0, span[0])) + 1 : span[0]]
    rest = text[span[1] : span[1] + 200].splitlines()
    return not line.strip(_AROUND) and not (rest[0] if rest else "").strip(_AROUND)


def _renders(text: str, span: Span, tweet: object, found: Found) -> bool:
    """Tell whether the rendered tweet of the same author stands right beside the URL."""
    name = getattr(tweet, "screen_name", None)
    for citation in found.citations:
        a, b = citation.span
        gap = text[span[1] : a] if span[1] <= a else text[b : span[0]]
        if citation.screen_name and name and citation.screen_name.casefold() == name.casefold() and not gap.strip(_AROUND):
            return True
    return False
