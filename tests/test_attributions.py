"""Attributions: every shape in which a tweet keeps its author, and what only looks like one."""

from __future__ import annotations

import tomllib
from pathlib import Path

import pytest

from tweetlinks import extract
from tweetlinks.attributions import attributions

CASES = tomllib.loads((Path(__file__).parent / "cases" / "attributions.toml").read_text(encoding="utf-8"))["case"]


def by_name(case):
    return case["name"]


@pytest.mark.parametrize("case", CASES, ids=by_name)
def test_an_attribution_is_read_with_exact_borders(case):
    found = [
        {
            "attribution": case["text"][slice(*one.span)],
            "name": one.author_name,
            "handle": one.screen_name,
            "date": one.date,
        }
        for one in attributions(case["text"])
    ]
    keys = ("attribution", "name", "handle", "date")
    assert found == [{key: tweet.get(key) for key in keys} for tweet in case["tweets"]]


@pytest.mark.parametrize("case", [case for case in CASES if case["tweets"]], ids=by_name)
def test_a_tweet_has_the_words_before_its_attribution(case):
    text = case["text"]
    citations = [c for c in extract(text).citations if c.attribution_span]
    assert [text[slice(*c.attribution_span)] for c in citations] == [tweet["attribution"] for tweet in case["tweets"]]
    for citation, tweet in zip(citations, case["tweets"], strict=True):
        assert (citation.kind, citation.form) == ("embed", "flattened")
        if "words" in tweet:
            assert (citation.text or "") == tweet["words"]


@pytest.mark.parametrize("case", [case for case in CASES if not case["tweets"]], ids=by_name)
def test_what_only_looks_like_a_tweet_is_not_shown_as_one(case):
    assert [c for c in extract(case["text"]).citations if c.kind == "embed"] == []


def test_attributions_of_no_text_are_none():
    assert attributions("") == []
    assert attributions("(@") == []
    assert attributions("@") == []
