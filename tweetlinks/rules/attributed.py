"""Find tweets that kept their attribution: the words, and `— Name (@handle) date` under or behind them. Pure."""

from __future__ import annotations

from bisect import bisect_left

from tweetlinks.attributions import attributions
from tweetlinks.lexicon import is_furniture
from tweetlinks.model import Citation
from tweetlinks.record import TYPE_CHECKING
from tweetlinks.starts import EDGE, best_start, longest_at

if TYPE_CHECKING:
    from collections.abc import Iterable

    from tweetlinks.attributions import Attribution
    from tweetlinks.model import Document, Found, Link, Span

__all__ = ["find"]


_LEAST_GAP = 40  # characters
_INTERRUPTION = 1_500  # characters of foreign matter between the words and their attribution, at most


def find(document: Document, found: Found) -> Iterable[Citation]:
    """Return a citation for each attribution; its words are null where they are lost."""
    text = document.text
    low = 0
    for attribution in attributions(text):
        start = attribution.span[0]
        stop = low + len(text[low:start].rstrip(EDGE))
        broken = _broken_off(text, low, stop, found)
        yield _citation(text, low, broken or stop, attribution)
        low = attribution.end


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


def _citation(text: str, low: int, stop: int, attribution: Attribution) -> Citation:
    start, end = attribution.span
    words = best_start(text, low, stop, limit=longest_at(attribution.date))
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
