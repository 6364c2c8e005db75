"""What the words of a passage give away."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tweetlinks.lexicon import cues_of, frame_end, gist_of, is_furniture, names_tweet
from tweetlinks.tables import read_table


@pytest.mark.parametrize(
    ("passage", "language"),
    [
        ("The board of the town met on that day and it was not what they wanted.", "en"),
        ("Der Steg ist zu und das ist auch nicht gut für die Stadt.", "de"),
        ("Le conseil de la ville est dans une salle et il ne dit pas les mots qui sont pour nous.", "fr"),
        ("El consejo de la ciudad no dijo que el muelle es de los vecinos, pero sí lo es para ellos.", "es"),
        ("Совет города собрался в четверг.", "Cyrl"),
        ("اجتمع مجلس المدينة يوم الخميس", "Arab"),
        ("מועצת העיר נפגשה ביום חמישי", "Hebr"),
        ("港の会議は木曜日に開かれた。", "Jpan"),
        ("항구 회의가 목요일에 열렸다.", "Kore"),
        ("Το συμβούλιο συνεδρίασε την Πέμπτη", "Grek"),
        ("Pier", None),
        ("", None),
        ("🍞🍞🍞 — 123", None),
    ],
)
def test_the_language_of_a_passage_is_told_or_left_open(passage, language):
    assert gist_of(passage).language == language


@pytest.mark.parametrize(
    ("passage", "says", "tweets"),
    [
        ("the board said: no", True, False),
        ("she tweeted: no", True, True),
        ("elle a tweeté :", True, True),
        ("sie twitterte:", True, True),
        ("la alcaldesa tuiteó", True, True),
        ("the pier is shut", False, False),
    ],
)
def test_a_passage_says_that_something_was_said_or_tweeted(passage, says, tweets):
    assert cues_of(passage) == (says, tweets)


@pytest.mark.parametrize(
    ("passage", "tweets"),
    [
        ("he deleted the tweets", True),
        ("auf seinem twitter-konto", True),
        ("la alcaldesa retuiteó la foto", True),
        ("das meldete sie im kurznachrichtendienst", True),
        ("она написала об этом в твиттере", True),
        ("彼女はツイッターに書いた", True),
        ("two boats and twelve lamps", False),
        ("она написала об этом", False),
        ("", False),
    ],
)
def test_a_passage_names_a_tweet_in_any_form_of_the_word(passage, tweets):
    assert names_tweet(passage) == tweets


def test_one_phrase_of_a_form_is_not_furniture_unless_asked():
    assert not is_furniture("advertisement")
    assert is_furniture("advertisement", least=1)


@pytest.mark.parametrize(
    ("passage", "rest"),
    [
        ("Rain again.", "Rain again."),
        ("He left. End of Twitter post by @ann_b\nRain again.", "\nRain again."),
        ("End of Twitter post by @a One. End of Twitter post by @b Two.", " Two."),
        ("A blog post of hers.", "A blog post of hers."),
    ],
)
def test_the_frame_around_an_embedded_post_is_left_behind(passage, rest):
    assert passage[frame_end(passage, 0, len(passage)) :] == rest


@given(st.text())
def test_any_passage_has_a_gist(passage):
    gist = gist_of(passage)
    assert gist.says or not gist.tweets
    assert gist.language is None or gist.language


def test_function_words_are_in_lower_case_and_once_a_language():
    for language, words in read_table("function_words.tsv", fields=2):
        assert words == words.casefold() or words == words.lower(), language
        assert len(set(words.split())) == len(words.split()), language


@pytest.mark.parametrize("passage", ["Tuiteó ayer:", "LA ALCALDESA TUITEÓ:", "ELLE A TWEETÉ :", "ER TWITTERTE:"])
def test_capitals_and_their_accents_say_the_same(passage):
    assert gist_of(passage)[1:] == (True, True)
