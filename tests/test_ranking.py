"""One mechanism chooses among candidates: named features, weights from a table, probabilities."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tweetlinks import ranking
from tweetlinks.errors import TableError
from tweetlinks.ranking import rank, read_weights

WEIGHTS = {"near": 1.5, "colon": 2.0, "far": -1.0, "lost": 0.0}


@given(st.lists(st.lists(st.sampled_from([*WEIGHTS, "unheard of"]), max_size=6), min_size=1, max_size=8))
def test_probabilities_are_a_whole_and_the_best_comes_first(candidates):
    ranked = rank(candidates, WEIGHTS)
    assert sum(probability for probability, _ in ranked) == pytest.approx(1)
    assert [p for p, _ in ranked] == sorted((p for p, _ in ranked), reverse=True)
    assert sorted(n for _, n in ranked) == list(range(len(candidates)))


def test_of_equals_the_first_given_comes_first():
    assert [n for _, n in rank([["near"], ["near"], ["colon"], ["near"]], WEIGHTS)] == [2, 0, 1, 3]


def test_a_feature_without_a_weight_counts_nothing():
    assert rank([["near", "unheard of"], ["near"]], WEIGHTS) == [(0.5, 0), (0.5, 1)]


def test_nothing_to_choose_from_is_nothing():
    assert rank([], WEIGHTS) == [] or rank([[]], WEIGHTS) == [(1.0, 0)]


def test_a_weight_that_is_no_number_is_named(monkeypatch):
    monkeypatch.setattr(ranking, "read_table", lambda *_, fields: [["colon", "much"][:fields]])
    with pytest.raises(TableError, match=r"data/damaged\.tsv: colon: 'much' is no number"):
        read_weights("damaged.tsv")


@pytest.mark.parametrize("table", ["starts.tsv", "contexts.tsv"])
def test_weights_are_finite_and_of_reasonable_size(table):
    assert all(-10 < weight < 10 for weight in read_weights(table).values())
