"""Choose among candidates by named features with weights: the one mechanism of `starts` and `contexts`. Pure.

A candidate is a list of feature names. Its score is the sum of their weights, which stand in a table of `data/` with
what each means; the probabilities are the softmax of the scores. The tables are fitted on labelled documents by
`tests/tables/fit_weights.py`, which prints what each figure does to unseen documents.
"""

from __future__ import annotations

from functools import cache
from math import exp

from tweetlinks.errors import TableError
from tweetlinks.record import TYPE_CHECKING
from tweetlinks.tables import read_table

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

__all__ = ["chances", "rank", "read_weights"]


def rank(candidates: Sequence[Sequence[str]], weights: Mapping[str, float]) -> list[tuple[float, int]]:
    """Return `(probability, index)` of every candidate, best first; of equals the first given.

    Args:
        candidates: the feature names of each candidate; a name without a weight counts 0.
        weights: weight by feature name.

    >>> [(round(p, 2), n) for p, n in rank([["far"], ["near", "colon"]], {"near": 1.0, "colon": 0.5})]
    [(0.82, 1), (0.18, 0)]
    """
    scores = []
    for names in candidates:
        score = 0.0
        for name in names:  # plain loops: for so few names they are faster than `sum`
            score += weights.get(name, 0.0)
        scores.append(score)
    return chances(scores)


def chances(scores: Sequence[float]) -> list[tuple[float, int]]:
    """Return `(probability, index)` of every score, best first; of equals the first given.

    >>> [(round(p, 2), n) for p, n in chances([0.0, 1.5])]
    [(0.82, 1), (0.18, 0)]
    """
    order = sorted(range(len(scores)), key=scores.__getitem__, reverse=True)
    odds = [exp(scores[n] - scores[order[0]]) for n in order]
    total = sum(odds)
    return [(odd / total, n) for odd, n in zip(odds, order, strict=True)]


@cache
def read_weights(name: str) -> dict[str, float]:
    """Read a table of weights: feature and weight; its head says what the features mean.

    Raises:
        TableError: a weight is no number; the table and the row are named.
    """
    weights = {}
    for feature, weight in read_table(name, fields=2):
        try:
            weights[feature] = float(weight)
        except ValueError as error:
            message = f"data/{name}: {feature}: {weight!r} is no number"
            raise TableError(message) from error
    return weights
