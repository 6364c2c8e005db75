"""Find tweets that kept their attribution: the words, and `— Name (@handle) date` under or behind them. Pure."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tweetlinks.attributions import attributions
from tweetlinks.model import Citation
from tweetlinks.starts import EDGE, best_start, layout_of, longest_at

if TYPE_CHECKING:
    from collections.abc import Iterable

    from tweetlinks.attributions import Attribution
    from tweetlinks.model import Document, Found
    from tweetlinks.starts import Layout

__all__ = ["find"]


def find(document: Document, found: Found) -> Iterable[Citation]:  # noqa: ARG001  the first rule that cites
    """Return a citation for each attribution; its words are null where they are lost."""
    text = document.text
    low, layout = 0, None
    for attribution in attributions(text):
        layout = layout or layout_of(text)
        yield _citation(text, low, attribution, layout)
        low = attribution.end


def _citation(text: str, low: int, attribution: Attribution, layout: Layout) -> Citation:
    start, end = attribution.span
    stop = low + len(text[low:start].rstrip(EDGE))
    words = best_start(text, low, stop, limit=longest_at(attribution.date), layout=layout)
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
        confidence=_confidence(attribution),
        text_confidence=round(words.probability, 2),
        alternative=None if words.second is None else (words.second, stop),
        evidence=("attribution", *_evidence(attribution), *words.evidence),
    )


def _confidence(attribution: Attribution) -> float:
    """Return how sure it is that this is a tweet: a dash and a date leave no doubt, one of them little."""
    if attribution.dash:
        return 0.99 if attribution.date_text else 0.9
    return 0.95


def _evidence(attribution: Attribution) -> list[str]:
    names = ["dash" if attribution.dash else "no-dash"]
    if attribution.date:
        names.append(f"date:{attribution.language}")
    elif attribution.date_text:
        names.append("date-damaged")
    return names
