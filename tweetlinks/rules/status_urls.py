"""Find tweets of which the text holds the status URL: alone (an embed never rendered) or in a sentence. Pure.

the URL is the whole of its paragraph, among others        embed
the URL says that it was copied from an embed              embed
the URL is that of the rendered tweet beside it            no citation of its own: it gave that tweet its id
the URL stands inside the words of a tweet                 no citation: the tweet links to another
anything else, words that lead to it, and a document that is nothing but URLs     link

The URL and its copy beside it (the target of a link that shows the URL, an archive's) are one citation with two links.
"""

from __future__ import annotations

from tweetlinks.blanks import EDGE
from tweetlinks.model import Citation
from tweetlinks.record import TYPE_CHECKING
from tweetlinks.rules.attributed import is_beside
from tweetlinks.strengths import confidence
from tweetlinks.tweets import created_at, is_embed_url, parse_status_url, unwrap

if TYPE_CHECKING:
    from collections.abc import Iterable

    from tweetlinks.model import Document, Found, Link, Span, TweetRef

__all__ = ["find"]

_FAR = 200  # characters of the paragraph looked at on either side
_AROUND = EDGE + "<()[]:"
_TWINS = 60  # characters between a URL and its copy, at most


def find(document: Document, found: Found) -> Iterable[Citation]:
    """Return a citation for each status URL that stands outside the words of a tweet."""
    text = document.text
    links = [link for link in found.links if link.span and (link.kind == "status" or "status" in link.url)]
    if not links:
        return
    only_urls = _is_only_urls(text, found)
    rendered = {citation.tweet_id for citation in found.citations}
    for link, tweet, span in _places(document, links, found):
        if tweet.id in rendered and (span[0] == span[1] or _is_by_a_tweet(text, span, found)):
            continue
        printed = "anchor" not in link.evidence or "/status" in link.raw
        alone = printed and not only_urls and _is_alone(document, span)
        embed = alone or (printed and is_embed_url(link.url))
        evidence = ("status-url", "alone" if alone else "embed-url" if embed else "in-sentence")
        yield Citation(
            kind="embed" if embed else "link",
            form="url" if printed else "anchor",
            span=span,
            screen_name=tweet.screen_name,
            tweet_id=tweet.id,
            url=link.url,
            created_at=created_at(tweet.id),
            confidence=confidence(evidence, form="url"),
            evidence=evidence,
        )


def _places(document: Document, links: list[Link], found: Found) -> list[tuple[Link, TweetRef, Span]]:
    """Return each status URL outside the citations found before, its tweet, and the span of it and of its copies."""
    places: list[tuple[Link, TweetRef, Span]] = []
    for link in links:
        tweet = parse_status_url(link.url) or parse_status_url(unwrap(link.url))
        if tweet is None or link.span is None or found.covering(link.span):
            continue
        first, last, (start, end) = places[-1] if places else (link, tweet, (-_FAR, -_FAR))
        at = document.paragraphs.at
        near = last.id == tweet.id and 0 <= link.span[0] - end <= _TWINS and at(start) == at(link.span[0])
        if near and (found.ceiling(end) or link.span[0]) >= link.span[0]:  # no citation stands between
            places[-1] = first, tweet, (start, link.span[1])
        else:
            places.append((link, tweet, link.span))
    return places


def _is_only_urls(text: str, found: Found) -> bool:
    """Tell whether the document holds nothing but URLs."""
    rest, at = [], 0
    for link in found.links:
        if link.span:
            rest.append(text[at : link.span[0]])
            at = link.span[1]
    return not "".join([*rest, text[at:]]).strip(_AROUND)


def _is_alone(document: Document, span: Span) -> bool:
    """Tell whether the URL is the whole of its paragraph; the mark of a list before it makes it an item of a list."""
    columns = document.paragraphs
    n = columns.at(span[0])
    if n is None or columns.kinds.get(n) == "list":
        return False
    before = document.text[max(columns.starts[n], span[0] - _FAR) : span[0]]
    behind = document.text[span[1] : min(columns.ends[n], span[1] + _FAR)]
    return not (before + behind).strip(_AROUND)


def _is_by_a_tweet(text: str, span: Span, found: Found) -> bool:
    """Tell whether the citation before or after a URL stands right beside it."""
    after = found.ceiling(span[1])
    return is_beside(text, found.floor(span[0]), span[0]) or (after is not None and is_beside(text, span[1], after))
