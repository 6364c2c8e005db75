"""What tweets.py promises: every form of a status URL, no look-alike, and the time inside an id."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tweetlinks.model import TweetRef
from tweetlinks.tweets import (
    created_at,
    is_embed_url,
    page_kind,
    parse_status_url,
    split_url,
    status_url,
    unarchive,
    utc_day,
)

ID = "780919951979446272"
FORMS = f"""
https://twitter.com/le_four/status/{ID}
http://www.twitter.com/le_four/status/{ID}
https://mobile.twitter.com/le_four/status/{ID}
m.twitter.com/le_four/status/{ID}
//x.com/le_four/status/{ID}
HTTPS://WWW.X.COM/le_four/Status/{ID}
https://mobile.x.com/le_four/status/{ID}
twitter.com/le_four/statuses/{ID}
https://twitter.com/#!/le_four/status/{ID}
https://twitter.com/#!le_four/status/{ID}
https://twitter.com/@le_four/status/{ID}
https://twitter.com//le_four/status/{ID}/
https://twitter.com/le_four/status/{ID}/photo/1
https://twitter.com/le_four/status/{ID}/video/1?s=20&t=abc
https://twitter.com/le_four/status/{ID}?ref_src=twsrc%5Etfw#m
https://twitter.com/le_four/status/{ID}glued
https://twitter.com:443/le_four/status/{ID}
https://fxtwitter.com/le_four/status/{ID}
https://vxtwitter.com/le_four/status/{ID}
https://fixupx.com/le_four/status/{ID}
https://twittpr.com/le_four/status/{ID}
https://nitter.net/le_four/status/{ID}#m
https://nitter.some.instance.example/le_four/status/{ID}
https://xcancel.com/le_four/status/{ID}
https://web.archive.org/web/20190922094616if_/https://twitter.com/le_four/status/{ID}
https://web.archive.org/web/2019*/twitter.com/le_four/status/{ID}
http://archive.org/web/2019/http:/twitter.com/le_four/status/{ID}
/web/20190922094616/https://twitter.com/le_four/status/{ID}
https://archive.ph/2019.09.22-094616/https://twitter.com/le_four/status/{ID}
https://web.archive.org/web/2020/https://web.archive.org/web/2019/https://x.com/le_four/status/{ID}
""".split()
NAMELESS = f"""
https://twitter.com/i/status/{ID}
https://twitter.com/i/web/status/{ID}
https://twitter.com/i/topics/tweet/{ID}
https://twitter.com/statuses/{ID}
https://x.com/X/status/{ID}
https://twitter.com/user/status/{ID}
https://twitter.com/anyuser/status/{ID}
https://twitter.com/twitter/status/{ID}
https://twitter.com/statuses/status/{ID}
https://threadreaderapp.com/thread/{ID}.html
https://twitter-thread.com/t/{ID}
""".split()
OTHERS = f"""
https://www.dropbox.com/a/status/{ID}
https://netflix.com/i/status/{ID}
https://fedex.com/a/status/{ID}
https://x.company.example/a/status/{ID}
https://twitter.com.evil.example/a/status/{ID}
https://evil.example/x.com/a/status/{ID}
https://twitter.com@evil.example/a/status/{ID}
https://evil.example\\@twitter.com/a/status/{ID}
https://status.x.com/a/status/{ID}
https://developer.twitter.com/a/status/{ID}
https://nottwitter.com/a/status/{ID}
https://twıtter.com/a/status/{ID}
https://nitternet.example/a/status/{ID}
https://twitter.com/i/moments/{ID}
https://twitter.com/a/timelines/{ID}
https://twitter.com/i/lists/{ID}
https://twitter.com/i/events/{ID}
https://x.com/i/spaces/{ID}
https://x.com/i/article/{ID}
https://twitter.com/intent/retweet?tweet_id={ID}
https://twitter.com/share?url=https://twitter.com/a/status/{ID}
https://twitter.com/a
https://twitter.com/a/status/ID
https://twitter.com/a/status/0
https://twitter.com/a/status/12345678901234567890
https://twitter.com/a/b/status/{ID}
https://archive.ph/AbC12
https://threadreaderapp.com/user/{ID}
/a/status/{ID}
""".split()


@pytest.mark.parametrize("url", FORMS)
def test_every_form_names_the_tweet_and_its_author(url):
    assert parse_status_url(url) == TweetRef(ID, "le_four")


@pytest.mark.parametrize("url", NAMELESS)
def test_a_placeholder_is_no_author(url):
    assert parse_status_url(url) == TweetRef(ID, None)


@pytest.mark.parametrize("url", [*OTHERS, "", " ", "https://", "text with https://twitter.com/a/status/1"])
def test_nothing_else_names_a_tweet(url):
    assert parse_status_url(url) is None


@given(st.from_regex(r"[A-Za-z0-9_]{1,15}", fullmatch=True), st.integers(1, 10**19 - 1))
def test_a_written_url_is_read_back(name, number):
    known = name.lower() not in {"anyuser", "i", "statuses", "twitter", "user", "web", "x"}
    tweet = TweetRef(str(number), name if known else None)
    assert parse_status_url(status_url(tweet)) == tweet
    assert parse_status_url(status_url(TweetRef(str(number), None))) == TweetRef(str(number), None)


@given(st.text())
def test_no_url_makes_a_reader_raise(text):
    assert parse_status_url(text) is None or "/" in text
    assert page_kind(text) in {"status", "profile", "hashtag", None}
    assert is_embed_url(text) in {True, False}
    assert text.endswith(split_url(text)[1])
    assert unarchive(text) in text


@pytest.mark.parametrize(
    ("tweet_id", "moment"),
    [
        ("780919951979446272", "2016-09-28T00:00:00.000Z"),
        ("780919951979446271", "2016-09-27T23:59:59.999Z"),
        ("100000000000000", "2010-11-04T08:20:16.514Z"),
        ("9223372036854775807", "2080-07-10T17:30:30.208Z"),
        ("99999999999999", None),
        ("29700859247", None),
        ("20", None),
        ("0", None),
        ("", None),
        ("-780919951979446272", None),
        ("9223372036854775808", None),
        ("٧٨٠٩١٩٩٥١٩٧٩٤٤٦٢٧٢", None),
        ("1e18", None),
    ],
)
def test_the_time_inside_an_id(tweet_id, moment):
    assert created_at(tweet_id) == moment
    assert utc_day(tweet_id) == (moment and moment[:10])


@given(st.integers(1_288_934_974, 3_487_000_000).map(lambda t: datetime.fromtimestamp(t, UTC)), st.integers(0, 999))
def test_the_time_put_into_an_id_comes_out_again(second, rest):
    moment = second + timedelta(milliseconds=rest)
    ms = int(second.timestamp()) * 1000 + rest
    text = created_at(str((ms - 1_288_834_974_657) << 22 | 12345))
    assert text is not None
    assert datetime.fromisoformat(text) == moment


@pytest.mark.parametrize(
    ("query", "embedded"),
    [
        ("ref_src=twsrc%5Etfw%7Ctwcamp%5Etweetembed%7Ctwterm%5E1", True),
        ("ref_src=twsrc^tfw|twcamp^tweetembed", True),
        ("s=20&ref_src=twsrc%255Etfw%257Ctwcamp%255Etweetembed", True),
        ("ref_src=twsrc%5Etfw", False),
        ("ref_src=twsrc%5Egoogle%7Ctwcamp%5Eserp%7Ctwgr%5Etweet", False),
        ("ref_src=twsrc%5Etfw&ref_url=tweetembed", False),
        ("a=twsrc^tfw|tweetembed", False),
        ("", False),
    ],
)
def test_an_embedded_tweet_signs_its_links(query, embedded):
    assert is_embed_url(f"https://twitter.com/le_four/status/{ID}?{query}") is embedded


@pytest.mark.parametrize(
    ("url", "inner"),
    [
        ("https://web.archive.org/web/2019id_/http://bakery.example/?a=1#b", "http://bakery.example/?a=1#b"),
        (
            "http://webcache.googleusercontent.com/search?q=cache:abc:https://x.com/a/status/1",
            "https://x.com/a/status/1",
        ),
        ("https://web.archive.org/save", None),
        ("https://bakery.example/web/2019/http://bakery.example/", None),
        ("https://archive.ph/abc", None),
    ],
)
def test_the_archived_url_is_taken_out_of_the_copy(url, inner):
    assert unarchive(url) == (inner or url)
