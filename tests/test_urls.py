"""What urls.py promises: exact borders, stated evidence, linear time, and laws that hold for every text."""

from __future__ import annotations

import sys
import tomllib
from itertools import pairwise
from pathlib import Path
from subprocess import run
from time import perf_counter

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tweetlinks.urls import classify, find_links, slug, unwrap

CASES = tomllib.loads((Path(__file__).parent / "cases" / "urls.toml").read_text(encoding="utf-8"))["case"]

PIECES = st.sampled_from(
    [
        *(
            "https://t.co/aB3dE6gH9j",
            "http://t.co/3biP7A9D",
            "t.co/",
            "t.co/zZ9yY8xX7w",
            "?amp=1",
            "?a=b#1",
            "…",
            "...",
        ),
        *(
            "pic.twitter.com/Kk1Mm2Nn3O",
            "PIC.X.COM/Kk1Mm2Nn3O",
            "https://",
            "http://",
            "HTTP://",
            "://",
            "/",
            "//",
            ".",
        ),
        *(
            "https://twitter.com/le_four/status/123",
            "x.com/i/status/1117767646961963009",
            "/photo/1",
            "www.",
            "m.",
            "?s=20",
        ),
        *("https://bakery.example/a", "https://bit.ly/2abc", "(", ")", "[", "]", "?u=", "#", "&", "@le_four", "#bread"),
        *(
            "https://web.archive.org/web/2019/",
            "https://bakery.example",
            "だよ",
            "é",
            "word",
            "https",
            "pic",
            " ",
            "\n",
            "— ",
        ),
    ]
)
TEXTS = st.lists(PIECES | st.text(max_size=3), max_size=12).map("".join)


@pytest.mark.parametrize("case", CASES, ids=[case["name"] for case in CASES])
def test_a_text_gives_these_links_with_this_evidence(case):
    found = [" ".join((link.kind, link.raw, *link.evidence)) for link in find_links(case["text"])]
    assert found == case["links"]


def test_url_has_a_scheme_and_a_host_in_lower_case_and_keeps_the_case_of_the_rest():
    text = "PIC.Twitter.com/Kk1Mm2Nn3O HTTP://Bakery.EXAMPLE/Path //X.com/A/status/20 T.CO/aB3dE6gH9j"
    assert [link.url for link in find_links(text)] == [
        "https://pic.twitter.com/Kk1Mm2Nn3O",
        "http://bakery.example/Path",
        "https://x.com/A/status/20",
        "https://t.co/aB3dE6gH9j",
    ]


def test_only_the_asked_part_of_a_text_is_read():
    text = "t.co/aB3dE6gH9j t.co/zZ9yY8xX7w t.co/cC1dD2eE3f"
    (link,) = find_links(text, 16, 31)
    assert (link.raw, link.span) == ("t.co/zZ9yY8xX7w", (16, 31))
    assert find_links(text, 17, 31) == []
    assert [found.raw for found in find_links(text, -5, 999)] == text.split()


@given(TEXTS)
def test_spans_rise_never_overlap_and_are_what_is_printed(text):
    at = 0
    for link in find_links(text):
        assert link.span is not None
        assert at <= link.span[0] < link.span[1]
        at = link.span[1]
        assert text[slice(*link.span)] == link.raw
        assert link.url.lower().endswith(link.raw.lower().removeprefix("//"))
        assert link.url.startswith(("http://", "https://"))


@given(TEXTS)
def test_a_text_sliced_at_the_borders_of_its_links_gives_the_same_links(text):
    links = find_links(text)
    borders = [0, *(link.span[1] for link in links), len(text)]
    parts = [link.span for a, b in pairwise(borders) for link in find_links(text, a, b)]
    assert parts == [link.span for link in links]
    for link in links:
        assert [alone.span for alone in find_links(text, *link.span)] == [link.span]


@given(TEXTS, TEXTS, TEXTS)
def test_a_slice_of_a_text_is_read_like_the_same_text_alone(before, text, after):
    at = len(before)
    alone = [(link.kind, link.url, link.span[0] + at, link.span[1] + at) for link in find_links(text)]
    inside = find_links(before + text + after, at, at + len(text))
    assert [(link.kind, link.url, *link.span) for link in inside] == alone


@given(TEXTS)
def test_the_kind_of_a_link_is_the_kind_of_its_url(text):
    for link in find_links(text):
        cut = link.kind == "other" and "truncated" in link.evidence
        assert link.kind == classify(link.url) or (cut and classify(link.url) == "status")
        assert (slug(link.url) is not None) == (link.kind in {"tco", "media"})


HOSTILE = {
    "one line of 10 MB": "a" * 10**7,
    "slashes": "/" * 10**6,
    "t.co without slug": "t.co/" * 50_000,
    "schemes": "http://" * 50_000,
    "pictures without slug": "pic.twitter.com/" * 50_000,
    "pictures, glued": "pic.twitter.com/Kk1Mm2Nn3O" * 50_000,
    "URLs, glued": "https://a.example/()" * 50_000,
    "status URLs, glued": "https://x.com/a/status/1" * 50_000,
    "hosts of the service": "twitter.com/" * 50_000,
    "statuses without id": "https://x.com/a/status/" * 50_000,
    "URLs in URLs": "https://a.example/?u=" * 50_000,
    "open brackets": "https://a.example/" + "(" * 10**6,
    "parameters": "https://t.co/aB3dE6gH9j?a=b" + "&a=b" * 10**6,
    "user names": "https://a@" * 50_000,
    "digits": "https://x.com/a/status/" + "1" * 10**6,
    "a slug of 10 MB": "https://t.co/" + "a" * 10**7,
    "archives in archives": "https://web.archive.org/web/1/" * 50_000,
    "hosts of another script": "https://だ." * 50_000,
}


@pytest.mark.parametrize("name", HOSTILE)
def test_hostile_text_ends_in_two_seconds(name):
    start = perf_counter()
    find_links(HOSTILE[name])
    assert perf_counter() - start < 2


def test_no_table_is_read_for_links_of_the_service():
    program = """
import tweetlinks.tables, tweetlinks.tweets, tweetlinks.urls
def refuse(name, **options): raise SystemExit(name)
tweetlinks.tweets.read_table = refuse
text = "and/or t.co/aB3dE6gH9j pic.twitter.com/Kk1Mm2Nn3O https://x.com/a/status/20 https://twitter.com/a"
print(len(tweetlinks.urls.find_links(text)))
"""
    root = str(Path(__file__).parent.parent)
    done = run([sys.executable, "-c", program], capture_output=True, text=True, cwd=root, check=False)
    assert (done.stdout, done.returncode) == ("4\n", 0)


@pytest.mark.parametrize(
    ("url", "kind"),
    [
        ("t.co/aB3dE6gH9j", "tco"),
        ("https://t.co/i/adsct", "other"),
        ("http://pic.x.com/Kk1Mm2Nn3O", "media"),
        ("https://mobile.twitter.com/le_four/", "profile"),
        ("https://twitter.com/#!/le_four", "profile"),
        ("https://twitter.com/home", "other"),
        ("https://twitter.com/le_four/lists/bread", "other"),
        ("https://nitter.net/le_four", "other"),
        ("https://twitter.com/hashtag/pain", "hashtag"),
        ("https://WWW.BIT.LY/abc", "shortener"),
        ("https://bakery.example/", "other"),
        ("", "other"),
    ],
)
def test_kinds_of_urls(url, kind):
    assert classify(url) == kind


@pytest.mark.parametrize(
    ("url", "name"),
    [
        ("https://t.co/aB3dE6gH9j?amp=1#x", "aB3dE6gH9j"),
        ("PIC.TWITTER.COM/aB3dE6gH9j", "aB3dE6gH9j"),
        ("https://pic.x.com/aB3dE6gH9j/", "aB3dE6gH9j"),
        ("https://t.co/", None),
        ("https://t.co/aB3-", None),
        ("https://t.co.example/aB3dE6gH9j", None),
    ],
)
def test_the_slug_is_the_identity_of_a_short_link(url, name):
    assert slug(url) == name


@pytest.mark.parametrize(
    ("url", "target"),
    [
        ("https://www.google.co.uk/url?sa=t&q=https://x.com/a/status/1&usg=b", "https://x.com/a/status/1"),
        ("https://www.google.com/amp/s/bakery.example/a", "https://bakery.example/a"),
        ("https://bakery-example.cdn.ampproject.org/c/bakery.example/a", "http://bakery.example/a"),
        ("https://l.facebook.com/l.php?u=https%3A%2F%2Fbit.ly%2Fx&h=1", "https://bit.ly/x"),
        (
            "https://eur01.safelinks.protection.outlook.com/?url=https%3A%2F%2Fx.com%2Fa%2Fstatus%2F1&data=1",
            "https://x.com/a/status/1",
        ),
        ("https://eur01.safelinks.protection.outlook.com?url=https%3A%2F%2Fbakery.example", "https://bakery.example"),
        (
            "https://vk.com/away.php?to=https%3A%2F%2Fl.facebook.com%2Fl.php%3Fu%3Dhttps%253A%252F%252Ft.co%252Fabc",
            "https://t.co/abc",
        ),
        ("https://twitter.com/i/redirect?url=https%3A%2F%2Fx.com%2Fa%2Fstatus%2F1", "https://x.com/a/status/1"),
        ("https://x.com/safety/unsafe_link_warning?unsafe_link=http://bakery.example/?a=1&b=2", None),
        ("https://bit.ly/a/warning?url=http%3A%2F%2Fbakery.example%2F", None),
        ("https://href.li/?https://bakery.example/a?b", "https://bakery.example/a?b"),
        ("https://web.archive.org/web/2019/http://bakery.example/a", "http://bakery.example/a"),
        ("https://web.archive.org/web/2019/twitter.com/a/status/1", "https://twitter.com/a/status/1"),
        ("https://www.google.com/url?q=javascript:alert(1)", None),
        ("https://www.google.com/search?q=https://bakery.example", None),
        ("https://bakery.example/?url=https://x.com/a/status/1", None),
        ("https://evil.example/l.facebook.com/l.php?u=https://bakery.example", None),
        ("not a URL", None),
    ],
)
def test_redirectors_are_unwrapped_without_asking(url, target):
    assert unwrap(url) == (target or url)


def test_unwrapping_is_bounded():
    url = "https://href.li/?" * 50 + "https://bakery.example/"
    assert unwrap(url) == "https://href.li/?" * 45 + "https://bakery.example/"
