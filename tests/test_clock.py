"""Hostile input ends in two seconds of work, and ten times the article takes about ten times as long."""

from __future__ import annotations

from time import process_time

import pytest

from tweetlinks import extract

TIMES = 50_000
TWEETS = 20_000  # times, where each is a tweet with its words and context
HOSTILE = {
    "a line of 10 MB": "word " * 2_000_000,
    "a line of 10 MB without a blank": "x" * 10_000_000,
    "a line of 10 MB in a script without blanks": "灯" * 3_400_000,
    "unclosed handles": "(@" * TIMES,
    "unclosed handles with a name": "Nora (@nora " * TIMES,
    "dashes": "—" * TIMES,
    "dashes and blanks": "— " * TIMES,
    "hyphens": "-" * TIMES,
    "beginnings of short links": "t.co/" * TIMES,
    "attributions on one line": "(@a) 3 mai 2017" * TIMES,
    "attributions on lines": "(@a) 3 mai 2017\n" * TWEETS,
    "whole attributions on one line": "Rain. — A (@a) May 2, 2019 " * TWEETS,
    "attributions without a date on one line": "— A (@a) " * TIMES,
    "attributions without a date on lines": "— A (@a)\n" * TWEETS,
    "handles and a line of blanks": "— A (@a)" + " " * 40 * TIMES + "x",
    "mentions in one sentence": "tweeted " * TIMES,
    "mentions in sentences": "tweeted. " * TIMES,
    "mentions of a network": "wrote on Twitter " * TIMES,
    "line breaks": "\n" * TIMES,
    "line breaks of every kind": "\r\n\n\r\u2028\f\x85" * TIMES,
    "quotation marks of a mail": "> " * TIMES,
    "quotation marks of a mail on lines": "> \n" * TIMES,
    "blanks": " " * 20 * TIMES,
    "blanks before an attribution": " " * 20 * TIMES + "— A (@a) May 2, 2019",
    "status URLs": "https://twitter.com/a/status/1124000000000000000 " * TIMES,
    "status URLs on lines": "https://twitter.com/a/status/1124000000000000000\n" * TIMES,
    "status URLs glued": "https://twitter.com/a/status/1124000000000000000" * TIMES,
    "status URLs in words": "see https://x.com/a/status/20 " * TIMES,
    "picture links": "pic.twitter.com/abcdefghij " * TIMES,
    "picture links on lines": "Rain again pic.twitter.com/abcdefghij\n" * TWEETS,
    "picture links with words": "rain again pic.twitter.com/abcdefghij " * TWEETS,
    "short links": "https://t.co/abcdefghij " * TIMES,
    "short words": "a. " * 10 * TIMES,
    "quotes that never close": "“" * TIMES + "— A (@a) May 2, 2019",
    "sentences": "A. " * 10 * TIMES + "— A (@a) May 2, 2019",
    "Markdown dates that never close": "(@a) [May 2, 2019](" * TWEETS,
    "dates broken over lines": "(@a)\n3\nmai\n2017" * TIMES,
    "a tweet and its URL": "https://x.com/a/status/1124000000000000000\nRain. — A (@a) May 2, 2019\n" * 5_000,
    "a tweet, then its URL for ever": "— A (@a) May 2, 2019 " + "https://x.com/a/status/1124000000000000000 " * TIMES,
    "tweets, then one URL": "— A (@a) May 2, 2019 " * TWEETS + "https://x.com/a/status/1124000000000000000",
    "polls": "take our poll story continues below terms of use pic.twitter.com/abcdefghij " * TWEETS,
}


def seconds(text: str) -> float:
    """Return how much work extraction is, in seconds of the processor."""
    start = process_time()
    extract(text)
    return process_time() - start


@pytest.mark.parametrize("name", HOSTILE)
def test_hostile_input_ends_in_two_seconds(name):
    extract("Rain. pic.twitter.com/abcdefghij — A (@a) May 2, 2019 she tweeted")  # the tables are read
    assert seconds(HOSTILE[name]) < 2 or seconds(HOSTILE[name]) < 2  # a busy machine gets a second try


def article(paragraphs: int, *, tweets: bool) -> str:
    """Return an article of so many paragraphs, with a tweet under each or with none."""
    prose = "The board of harbour {0} met on day {0} and left again without a word, its chair wrote on Twitter:\n"
    tweet = (
        "No lamp {0}, no pier. https://t.co/abcdefghijpic.twitter.com/abcdefghij\n— Board (@board_{0}) May 2, 2019\n"
    )
    return "".join((prose + tweet * tweets).format(n) for n in range(paragraphs))


@pytest.mark.parametrize("tweets", [True, False])
def test_ten_times_the_article_takes_ten_times_as_long_two_seconds_and_all(tweets):
    small, large = article(400, tweets=tweets), article(4_000, tweets=tweets)
    extract(small)
    assert min(seconds(large) for _ in range(3)) < 20 * min(seconds(small) for _ in range(5))  # 11 on a quiet machine
