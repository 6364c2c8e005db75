"""Weigh the evidence for a citation: one table, one formula. Pure.

    confidence = 1 / (1 + exp(-sum))      sum = strength of the form + strengths of all evidence

A strength (`data/strengths.tsv`) is what a fact adds to the logarithm of the odds: +2.3 makes them ten times better,
-2.3 ten times worse. What the confidence says: this is a citation, and its author, day and id are right. How sure its
words are is `text_confidence`; that all of it is right is the product of both. docs/evidence.md shows how often it is.
"""

from __future__ import annotations

from functools import cache, lru_cache
from math import exp

from tweetlinks.record import TYPE_CHECKING
from tweetlinks.tables import read_table

if TYPE_CHECKING:
    from collections.abc import Iterable

__all__ = ["confidence", "strength"]


def confidence(evidence: Iterable[str], *, form: str) -> float:
    """Return how sure a citation is, from 0 to 1.

    Args:
        evidence: the names of its evidence; each counts once, one that has no strength not at all.
        form: how it is written.

    >>> confidence(["attribution", "dash", "date:en"], form="flattened")
    0.99
    >>> confidence(["attribution", "dash", "date:en", "plain", "job-title"], form="flattened")
    0.5
    """
    return _weighed(form, tuple(evidence))


@lru_cache(1024)  # a few shapes make up most citations
def _weighed(form: str, evidence: tuple[str, ...]) -> float:
    known = _strengths()
    total = known.get(f"form:{form}", known["form:"]) + sum(map(strength, dict.fromkeys(evidence)))
    return round(1 / (1 + exp(-total)), 3)


def strength(name: str) -> float:
    """Return what a piece of evidence adds to the logarithm of the odds; 0 when it says nothing about them.

    >>> strength("date=id"), strength("date:fr"), strength("start:line")
    (3.0, 2.4, 0.0)
    """
    known = _strengths()
    found = known.get(name)
    return known.get(name.partition(":")[0] + ":…", 0.0) if found is None else found


@cache
def _strengths() -> dict[str, float]:
    return {name: float(value) for name, value, _ in read_table("strengths.tsv", fields=3)}
