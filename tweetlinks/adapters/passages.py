"""Give each citation the passage that it serves, as one text: what a search over documents should not part. Pure."""

from __future__ import annotations

from tweetlinks.record import TYPE_CHECKING, Record

if TYPE_CHECKING:
    from collections.abc import Iterator
    from typing import Any

    from tweetlinks.model import Citation, Document, Span

__all__ = ["Passage", "passages"]

FAR = 2_000
"""Code points between a passage and its citation, up to which all that stands between them is taken along."""


class Passage(Record):
    """A citation and the passage that it serves."""

    text: str
    """The passage and the tweet as the article has them; with a blank line between them where they stand far apart."""
    span: Span
    """From the beginning of the first to the end of the last, in code points of the document's text."""
    facts: dict[str, Any]
    """What is known of the tweet, flat: strings, numbers and None."""


def passages(document: Document) -> Iterator[Passage]:
    r"""Yield one passage a citation.

    Args:
        document: what `extract` returned, with its text.

    >>> from tweetlinks import extract
    >>> found = extract("The pier was shut:\n\nRain again! pic.twitter.com/abcdefghij\n— Ann (@ann_b) 3 mai 2017\n")
    >>> [(passage.text[:21], passage.facts["screen_name"]) for passage in passages(found)]
    [('The pier was shut:\n\nR', 'ann_b')]
    """
    for citation in document.citations:
        yield _passage(document, citation)


def _passage(document: Document, citation: Citation) -> Passage:
    spans = sorted([citation.span, *(context.span for context in citation.contexts[:1])])
    hull = spans[0][0], max(span[1] for span in spans)
    near = len(spans) == 1 or spans[1][0] - spans[0][1] <= FAR
    text = document.text[slice(*hull)] if near else "\n\n".join(document.text[slice(*span)] for span in spans)
    facts = {
        name: getattr(citation, name)
        for name in ("kind", "form", "screen_name", "author_name", "date", "tweet_id", "created_at", "confidence")
    }
    return Passage(
        text, hull, facts | {"citation": citation.id, "tweet_url": citation.url, "tweet_text": citation.text}
    )
