"""The words that an article prints against the words that a tweet has: every pair of `cases/quotes.toml`, and laws."""

from __future__ import annotations

import time
import tomllib
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tweetlinks.lookups.quotes import compare

PAIRS = tomllib.loads((Path(__file__).parent / "cases" / "quotes.toml").read_text(encoding="utf-8"))["pairs"]
CASES = [(kind, *row) for kind, rows in PAIRS.items() for row in rows]
WORDS = st.lists(
    st.sampled_from(["rain", "Fog", "ni’t", "12", "#pier", "港", "霧", "…", "[x]", ".", "@a", "🙂"]), max_size=12
).map(" ".join)


@pytest.mark.parametrize(
    ("kind", "word", "printed", "found"), CASES, ids=[f"{case[0]}-{n}" for n, case in enumerate(CASES)]
)
def test_a_quotation_is_what_it_is(kind, word, printed, found):
    assert compare(printed, found).word == word, kind


def test_none_is_nothing_to_compare_with():
    assert compare(None, "Rain").word == compare("Rain", None).word == "unverifiable"
    assert compare(None, None).diff == ()


def test_the_difference_says_where():
    said = compare("The pier is shut until Friday", "The pier is closed until Friday")
    (change,) = [change for change in said.diff if change.op != "same"]
    assert (change.op, change.printed, change.found) == ("changed", "shut", "closed")
    assert (change.printed_span, change.found_span) == ((12, 16), (12, 18))
    assert said.share == pytest.approx(5 / 6, abs=0.001)


@given(st.text() | WORDS, st.text() | WORDS)
def test_any_two_texts_have_an_answer_whose_spans_are_theirs(printed, found):
    said = compare(printed, found)
    assert said.word in {"exact", "shortened", "altered", "unverifiable"}
    assert 0 <= said.share <= 1
    for change in said.diff:
        assert printed[slice(*change.printed_span)] == change.printed
        assert found[slice(*change.found_span)] == change.found
    spans = [change.printed_span for change in said.diff]
    assert spans == sorted(spans)


@given(st.text())
def test_a_text_is_what_it_says_itself(text):
    plain = text.replace("[", "(").replace("…", ".").replace("...", ".").replace("@", "").replace("RT", "")
    said = compare(plain, plain)
    assert said.word in {"exact", "unverifiable"}
    assert said.word == "unverifiable" or said.share == 1


@pytest.mark.parametrize(
    ("printed", "found"),
    [
        ("a b " * 12_500, "b a " * 12_500 + "c"),
        ("[" * 50_000, "…" * 50_000),
        ("a'" * 50_000, "'a" * 50_000),
        ("@a " * 50_000, "RT @a: " * 50_000),
        ("&amp;" * 50_000, "&" + "amp;" * 50_000),
        ("1." * 50_000, "1," * 50_000),
        ("港" * 50_000, "霧" * 50_000),
        ("a b c " * 650, "c a b " * 650),
        ("a b c d " * 500, "d c b a " * 500),
    ],
)
def test_hostile_words_are_compared_in_two_seconds(printed, found):
    begun = time.process_time()
    compare(printed, found)
    assert time.process_time() - begun < 2
