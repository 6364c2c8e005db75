"""One table and one formula say how sure a citation is, and what is said is what is right."""

from __future__ import annotations

import importlib.util
import os
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tweetlinks.strengths import _strengths, confidence, strength

SHARED = Path(os.environ.get("TWEETLINKS_CORPUS") or Path(__file__).parents[2] / "shared")


def test_what_has_no_row_says_nothing():
    assert strength("start:line") == strength("") == strength("no such word") == 0
    assert confidence(["start:line"], form="flattened") == confidence([], form="flattened")


@given(st.lists(st.sampled_from([*sorted(_strengths()), "start:line"])), st.sampled_from(["flattened", "prose", "x"]))
def test_evidence_counts_once_in_any_order_and_gives_a_share(evidence, form):
    said = confidence(evidence, form=form)
    assert 0 <= said <= 1
    assert said == confidence([*reversed(evidence), *evidence], form=form)


@given(st.lists(st.sampled_from(sorted(_strengths()))), st.sampled_from(sorted(_strengths())))
def test_evidence_for_never_lowers_and_evidence_against_never_raises(evidence, more):
    before, after = confidence(evidence, form="x"), confidence([*evidence, more], form="x")
    assert after >= before if strength(more) >= 0 else after <= before


def test_of_those_said_to_be_nine_in_ten_nine_in_ten_are_right():
    if not (SHARED / "eval" / "score.py").exists():
        pytest.skip("no corpus")
    spec = importlib.util.spec_from_file_location("calibrate", Path(__file__).parent / "tables" / "calibrate.py")
    calibrate = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(calibrate)
    about = [case for case in calibrate.cases_of(SHARED) if 0.85 <= case.said < 0.95]
    share = sum(case.weight * case.right for case in about) / sum(case.weight for case in about)
    assert len(about) > 400
    assert 0.85 <= share <= 0.95
