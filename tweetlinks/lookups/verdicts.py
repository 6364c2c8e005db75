"""Say of a citation whether it is so: a verdict, what speaks for and against it, and where to see it. Pure.

    conflict     two facts exclude each other: the printed day and the id's, the author and the URL's
    altered      the tweet was found, and its words are others
    confirmed    the tweet was found, and its words are these, whole or shortened
    consistent   the tweet's id is known, a check speaks for it, and none excludes it
    unproven     no id is known, or nothing speaks for it

Whether the tweet is still there is another question: `state`. docs/evidence.md has all the words.
"""

from __future__ import annotations

from tweetlinks.evidence import DOUBTS
from tweetlinks.lookups.quotes import compare
from tweetlinks.model import TweetRef
from tweetlinks.record import TYPE_CHECKING, Record
from tweetlinks.strengths import confidence, strength
from tweetlinks.tweets import status_url

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from typing import Any

    from tweetlinks.lookups.queries import Queries
    from tweetlinks.lookups.quotes import Comparison
    from tweetlinks.model import Citation, Document, Finding

__all__ = ["STATES", "VERDICTS", "Verdict", "judge"]

VERDICTS = ("conflict", "altered", "confirmed", "consistent", "unproven")
"""The first that fits counts."""
CONFLICTS = frozenset({"author!=tweet", "date!=id", "date!=tweet", "handle!=link", "no-such-id", "too-early"})
STATES = ("found", "deleted", "suspended", "protected", "withheld", "missing", "blocked", "unknown")
"""What a service says of a tweet; of two that disagree the first here counts."""
_WORDS = ("syndication", "oembed", "wayback")
"""Whose words are compared, best first."""
_IDENTITY = frozenset(
    {"author=tweet", "date=id", "date=tweet", "handle=link", "id-range", "media-link", "own-link", "tweet-found"}
)


class Verdict(Record):
    """What is to be said of one citation."""

    document: str
    """What the record calls the article."""
    citation: Citation
    """With the evidence of the look-ups."""
    word: str
    """One of `VERDICTS`."""
    state: str | None
    """One of `STATES`; None when nobody was asked, or nobody answered."""
    quote: Comparison | None
    """The words compared; None when none were found."""
    compared_with: str | None
    """Whose words."""
    findings: tuple[Finding, ...]
    """What came of each look-up."""
    queries: Queries | None
    """Where to look for a tweet whose id is not known."""
    proof: tuple[str, ...]
    """Where to see it: the tweet, archived copies."""

    def weighed(self) -> list[tuple[str, float]]:
        """Return the evidence that has a weight, the heaviest first; what speaks against is negative."""
        weights = [(name, strength(name)) for name in self.citation.evidence]
        return sorted([pair for pair in weights if pair[1]], key=lambda pair: -abs(pair[1]))

    def to_dict(self) -> dict[str, Any]:
        """Return the JSON form."""
        told = self.citation.to_dict()
        names = (
            "kind", "form", "text", "author_name", "screen_name", "date", "date_text", "tweet_id", "url", "created_at",
            "created_estimate", "confidence", "evidence",
        )  # fmt: skip
        return {
            "id": self.document,
            "citation": self.citation.id,
            "verdict": self.word,
            "state": self.state,
            **{name: told[name] for name in names},
            "for": [{"name": name, "strength": weight} for name, weight in self.weighed() if weight > 0],
            "against": [{"name": name, "strength": weight} for name, weight in self.weighed() if weight < 0],
            "quote": {"word": self.quote.word, "with": self.compared_with, **_diff(self.quote)} if self.quote else None,
            "findings": [finding.to_dict() for finding in self.findings],
            "queries": self.queries._asdict() if self.queries else None,
            "proof": self.proof,
        }


def judge(
    document: Document, citation: Citation, look_up: Callable[[Citation], Sequence[Finding]] | None = None
) -> Verdict:
    """Judge a citation.

    Args:
        document: the article.
        citation: one of its citations, identified (`evidence.identify`).
        look_up: returns what came of the look-ups that are wanted (`Resolver.look_up`); it is called for a citation
            whose id is known. None: nobody is asked.

    >>> from tweetlinks import extract
    >>> code = '<blockquote class="twitter-tweet"><p>Rain</p>— Ann (@ann_b) <a href="{}">May 3, 2017</a></blockquote>'
    >>> page = extract(code.format("https://twitter.com/ann_b/status/780925634837913600"))
    >>> judge(page, page.citations[0]).word
    'conflict'
    """
    from tweetlinks.lookups.queries import queries

    if citation.tweet_id and not citation.url:
        citation = citation._replace(url=status_url(TweetRef(citation.tweet_id, citation.screen_name)))
    findings = tuple(look_up(citation)) if look_up and citation.tweet_id else ()
    best = next((found for name in _WORDS for found in findings if found.source == name and found.text), None)
    quote = compare(citation.text, best.text, cut=best.cut) if best and citation.text else None
    state = _state(findings)
    named = [name for name in (*_told(citation, findings), *_of_quote(quote), *_of_state(state)) if name]
    evidence = tuple(dict.fromkeys([*citation.evidence, *named]))
    if named:
        sure = confidence(evidence, form=citation.form)
        citation = citation._replace(evidence=evidence, confidence=sure)
    return Verdict(
        document.id,
        citation,
        _word(citation, quote),
        state,
        quote,
        best.source if best and quote else None,
        findings,
        None if citation.tweet_id else queries(citation),
        _proof(document, citation, findings),
    )


def _told(citation: Citation, findings: Sequence[Finding]) -> list[str]:
    """Compare the author and the day with what the services say."""
    named = []
    for found in findings:
        if found.outcome != "tweet-found":
            continue
        if citation.screen_name and found.screen_name:
            same = citation.screen_name.casefold() == found.screen_name.casefold()
            named.append("author=tweet" if same else "author!=tweet")
        if citation.date and found.date and citation.date_text:
            named.append(_days(citation.date, found.date))
    return named


def _days(printed: str, told: str) -> str:
    from datetime import date

    try:
        apart = abs(date.fromisoformat(printed).toordinal() - date.fromisoformat(told).toordinal())
    except ValueError:  # a service may say anything
        return ""
    return "date=tweet" if apart == 0 else "date~tweet" if apart == 1 else "date!=tweet"


def _of_quote(quote: Comparison | None) -> list[str]:
    return [f"quote:{quote.word}"] if quote and quote.word != "unverifiable" else []


def _of_state(state: str | None) -> list[str]:
    return [f"tweet-{state}"] if state in {"found", "deleted"} else []


def _state(findings: Sequence[Finding]) -> str | None:
    """Return what is to be said of the tweet: a service that shows it is right, whatever another one says."""
    said = [found.outcome.removeprefix("tweet-") for found in findings]
    return next((state for state in STATES if state in said), None)


def _word(citation: Citation, quote: Comparison | None) -> str:
    evidence = set(citation.evidence)
    if evidence & CONFLICTS:
        return "conflict"
    if quote and quote.word == "altered":
        return "altered"
    if quote and quote.word in {"exact", "shortened"}:
        return "confirmed"
    return "consistent" if citation.tweet_id and evidence & _IDENTITY else "unproven"


def _proof(document: Document, citation: Citation, findings: Sequence[Finding]) -> tuple[str, ...]:
    led = [document.links[n].resolution for n in citation.links] if DOUBTS & {*citation.evidence} else []
    pictures = [found.final_url for found in led if found and found.tweet]
    urls = [citation.url, *pictures, *(found.archive_url for found in findings)]
    return tuple(dict.fromkeys(url for url in urls if url))


def _diff(quote: Comparison) -> dict[str, Any]:
    return {"diff": [change._asdict() for change in quote.diff if change.op != "same"], "share": quote.share}
