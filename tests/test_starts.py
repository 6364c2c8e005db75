"""Where the words of a tweet start: what is a candidate, what speaks for it, what is kept."""

from __future__ import annotations

import re
import tomllib
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tweetlinks.attributions import attributions
from tweetlinks.blanks import EDGE
from tweetlinks.lexicon import names_of
from tweetlinks.starts import best_start, longest_at, rank_starts
from tweetlinks.tables import read_table

HERE = Path(__file__).parent
DATA = HERE.parent / "tweetlinks" / "data"
ENGLISH = "The board of the town met on that day and it was not what they wanted."
GERMAN = "Der Steg ist zu und das ist auch nicht gut für die Stadt"

FEATURES = {
    "before:dots": "It went on and on...\nThe pier is shut",
    "before:mark": "Read all of it here #pier\nThe pier is shut",
    "first-colon|change": f"{ENGLISH}\nDer Rat hat es so und nicht anders gesagt und das ist die Wahrheit:\nKein Steg",
    "first-marks": "The board met.\n#pier is shut\nand so it stays",
    "first-quoted": "The board met.\n“The pier is shut”\nand so it stays",
    "first:dots": "The board met.\n… and the pier is shut",
    "first:digit": "The board met.\n3 piers are shut",
    "lang:change": f"{ENGLISH}\n{GERMAN}",
    "lang:change|more": f"{ENGLISH}\nDer Steg ist zu und das ist auch nicht gut\nfür die Stadt",
    "lang:late": f"{ENGLISH}\nThis is the end of it and that is what we have to say.\n{GERMAN}",
    "lang:mixed": f"Rien.\nThis is the end of it and that is what we have to say.\n{GERMAN}",
    "lang:rest": f"{ENGLISH}\nRegen\n{GERMAN}",
    "len:more": "word " * 20 + "end. Word" + " word" * 21,
}
"""A passage that shows each of the rarer features; the common ones show in every article."""


def features(text, low, end, limit=140, names=()):
    return {name for start in rank_starts(text, low, end, limit=limit, names=names) for name in start.evidence}


def all_features():
    seen = set().union(*(features(text.rstrip(), 0, len(text.rstrip())) for text in FEATURES.values()))
    for name in ("attributions", "articles"):
        for case in tomllib.loads((HERE / "cases" / f"{name}.toml").read_text(encoding="utf-8"))["case"]:
            low = 0
            for one in attributions(case["text"]):
                stop = low + len(case["text"][low : one.span[0]].rstrip(EDGE))
                seen |= features(
                    case["text"], low, stop, longest_at(one.date), names_of(one.author_name, one.screen_name)
                )
                low = one.end
    return seen


@pytest.mark.parametrize("name", FEATURES)
def test_a_passage_shows_a_feature(name):
    text = FEATURES[name].rstrip()
    assert name in features(text, 0, len(text))


def test_every_feature_with_a_weight_can_be_seen():
    assert {name for name, _ in read_table("starts.tsv", fields=2)} <= all_features()


@pytest.mark.parametrize("table", ["starts.tsv", "contexts.tsv"])
def test_every_feature_is_explained_in_the_head_of_its_table(table):
    head = " ".join(re.findall("^#.*$", (DATA / table).read_text(encoding="utf-8"), re.MULTILINE))
    names = {re.split(r"[:|]", name)[0] for name, _ in read_table(table, fields=2)}
    explained = set(re.findall(r"[\w-]+…?", head))
    assert {name for name in names if name not in explained and f"{name.split('-')[0]}-…" not in explained} == set()


def test_a_tweet_could_have_140_characters_until_november_2017():
    days = (None, "2017-11-07", "2017-11-08", "2009-01-01", "2026-01-01")
    assert [longest_at(day) for day in days] == [280, 140, 280, 140, 280]


def test_without_words_there_is_no_start():
    words = best_start("  \n", 0, 0, limit=140)
    assert (words.at, words.second, words.evidence) == (None, None, ("words-lost",))


def test_words_start_behind_the_citation_before():
    text = "First. — A (@a) May 2, 2019 Second one."
    assert best_start(text, 27, len(text), limit=140).at == 28


@given(st.text(max_size=400), st.integers(0, 50))
def test_starts_stand_between_the_floor_and_the_end_each_once(text, low):
    end = len(text.rstrip(EDGE))
    low = min(low, end)
    ranked = rank_starts(text, low, end, limit=140)
    places = [start.at for start in ranked if start.at is not None]
    assert len(set(places)) == len(places) == len(ranked) - 1
    assert all(low <= at < end and text[at] not in EDGE for at in places)
    assert sum(start.probability for start in ranked) == pytest.approx(1)
