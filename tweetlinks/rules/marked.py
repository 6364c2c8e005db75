"""Find the tweets that the markup of the source tells of: embeds of every form, and hyperlinks to a status. Pure.

The reader of the format wrote down what the markup knew (`Document.marks`); here it becomes citations and links. Words
that the text does not hold (a consent wall, a script) come with the mark, and their links have no span.
"""

from __future__ import annotations

from tweetlinks.blanks import EDGE
from tweetlinks.dates import parse_date
from tweetlinks.model import Citation, Link
from tweetlinks.record import TYPE_CHECKING
from tweetlinks.strengths import confidence
from tweetlinks.tweets import classify, created_at, parse_status_url

if TYPE_CHECKING:
    from collections.abc import Iterable

    from tweetlinks.model import Document, Found, Mark

__all__ = ["find"]

_TWEETS = frozenset(("embed", "link", "reference"))
"""Kinds of marks that are a tweet."""


def find(document: Document, found: Found) -> Iterable[Citation | Link]:  # noqa: ARG001  the signature of a rule
    """Return a citation for each mark of a tweet, and the links that only the markup knows."""
    for n, mark in enumerate(document.marks):
        if mark.kind in _TWEETS:
            name = f"m{n}"
            yield _citation(document.text, name, mark)
            for url in mark.links:
                yield Link(classify(url), url, url, None, citation=name, evidence=("hidden",))


def _citation(text: str, name: str, mark: Mark) -> Citation:
    date = parse_date(mark.date_text) if mark.date_text else None
    tweet = parse_status_url(mark.url) if mark.url else None
    tweet_id = mark.tweet_id or (tweet and tweet.id)
    names = ["markup"]
    if tweet_id:
        names.append("status-url" if mark.url else "id")
    if mark.attribution_span:
        names.append("attribution")
    if date:
        names.append(f"date:{date.language}" if date.language else "date")
    return Citation(
        id=name,
        kind=mark.kind,
        form=mark.form,
        span=mark.span,
        text_span=mark.text_span,
        attribution_span=mark.attribution_span,
        text=None if mark.text_span else mark.text,
        author_name=mark.author_name,
        screen_name=mark.screen_name or (tweet and tweet.screen_name),
        date=date and date.date,
        date_text=mark.date_text,
        tweet_id=tweet_id,
        url=mark.url,
        created_at=created_at(tweet_id) if tweet_id else None,
        in_article=mark.in_article,
        parent=None if mark.parent is None else f"m{mark.parent}",
        confidence=confidence(names, form=mark.form),
        text_confidence=0.99 if mark.text_span and text[slice(*mark.text_span)].strip(EDGE) else None,
        evidence=tuple(names),
    )
