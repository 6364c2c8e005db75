"""Errors name what is wrong, and survive the way back from a worker process."""

from __future__ import annotations

import pickle

import pytest

from tweetlinks import CacheError, InputError, MissingExtra, TableError, TweetlinksError


@pytest.mark.parametrize(
    "error", [InputError("a.txt", "no text"), MissingExtra("lxml", "fast"), CacheError("x"), TableError("y")]
)
def test_an_error_survives_pickling_and_is_one_of_ours(error):
    copy = pickle.loads(pickle.dumps(error))  # noqa: S301  our own bytes
    assert (type(copy), str(copy), vars(copy)) == (type(error), str(error), vars(error))
    assert isinstance(copy, TweetlinksError)


def test_an_input_error_names_the_input_and_the_reason():
    error = InputError("a.txt", "no text")
    assert (str(error), error.source, error.reason) == ("a.txt: no text", "a.txt", "no text")


def test_a_missing_extra_says_what_to_install():
    assert str(MissingExtra("lxml", "fast")) == "lxml is not installed: python -m pip install 'tweetlinks[fast]'"
