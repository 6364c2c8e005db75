"""The gate: every page that holds a citation passes it, most pages without one do not, and those are not parsed."""

from __future__ import annotations

import base64
import json
import tomllib
import warnings
from pathlib import Path
from urllib.parse import quote

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from tweetlinks import extract
from tweetlinks.gate import can_cite
from tweetlinks.read import html

CASES = tomllib.loads((Path(__file__).parent / "cases" / "html.toml").read_text(encoding="utf-8"))["case"]
CITING = [case["html"] for case in CASES if case["citations"]]
WRITTEN = [page for page in CITING if "twitter-tweet" in page or "/status" in page]
"""What scripts and attributes may hold too: an embed code or a status URL."""
SHOWN = ("embed", "link", "reference")

WITHOUT = {
    "nothing": "",
    "words": "<!DOCTYPE html><title>The pier</title><p>No lamp, no pier.</p>",
    "a profile": '<p>By <a href="https://twitter.com/noraquill">Nora Quill</a></p>',
    "meta cards": '<meta name="twitter:card" content="summary"><meta name="twitter:site" content="@pier_news">',
    "share buttons": '<a href="https://twitter.com/share?url=https%3A%2F%2Fpier.example">Tweet</a>'
    '<a href="https://twitter.com/intent/tweet?text=The%20pier&amp;via=pier_news">Share</a>',
    "a follow button": '<a class="twitter-follow-button" href="https://twitter.com/pier_news">Follow @pier_news</a>',
    "a timeline": '<a class="twitter-timeline" data-tweet-limit="3" href="https://twitter.com/pier_news">Tweets</a>'
    '<script async src="https://platform.twitter.com/widgets.js"></script>',
    "a timeline with its number": '<a class="twitter-timeline" data-widget-id="344713329262084096" href="/">Tweets</a>',
    "a style sheet": "<style>.twitter-tweet,p.twitter-video{}.vf-twitter-tweet{}.wp-block-embed-twitter{}</style>",
    "a script without an id": "<script>createTweet(tweetId, box); u = 'https://twitter.com/i/status/' + id</script>",
    "a counter of visits": '<img src="//t.co/i/adsct?txn_id=nuz9l&amp;p_id=twitter">',
    "an application": '<a class="twitter" href="https://share.example/?app_id=123456789012345678">Share</a>',
    "the status of something else": '<article class="status-publish"><a href="/status/123456789">Status</a>'
    '<p>HTTP status: 200. status/ok</p><script>var status="/status/"</script>',
    "another network": '<blockquote class="instagram-media" data-instgrm-permalink="https://www.instagram.com/p/a/">'
    '</blockquote><iframe src="https://mastodon.example/@nora/109876543210987654/embed"></iframe>',
    "an address": "<p>Write to nora@pier.example or twitter.com.</p>",
    "JSON-LD of people": '<script type="application/ld+json">{"sameAs":["https://twitter.com/noraquill"]}</script>',
    "a picture in base64": '<img src="data:image/png;base64,iVBORw0KGgoAAAANSUhEUgAAAAUAAAAFCAYAAACNbyblAAAAHEl">',
}


@pytest.mark.parametrize("name", WITHOUT)
def test_a_page_without_a_citation_is_not_parsed(name, monkeypatch):
    monkeypatch.setattr(html, "parse", None)
    document = extract(WITHOUT[name].encode(), format="html", id="a.html", url="https://pier.example/a")
    record = document.to_dict()
    assert (record["parsed"], record["format"], record["url"]) == (False, "html", "https://pier.example/a")
    assert (record["paragraphs"], record["citations"], record["links"]) == ([], [], [])
    assert record["text_sha256"] is None
    assert record["text"] is None


@pytest.mark.parametrize("case", CASES, ids=lambda case: case["name"])
def test_a_page_with_a_citation_passes(case):
    if case["citations"]:
        assert can_cite(case["html"].encode())


@pytest.mark.parametrize(
    "page",
    [
        "<BLOCKQUOTE CLASS=TWITTER-TWEET>",
        "<a href='HTTPS://TWITTER.COM/Nora/STATUS/1'>",
        "<a href='https://twitter.com/nora/statuses/1'>",
        "<a href='https://twitter.com/#!/nora/status/1'>",
        "<a href='https://x.com/nora/status/1'>",
        "<a href='https://nitter.pier.example/nora/status/1'>",
        "<a href='https://google.com/url?q=https%3A%2F%2Ftwitter.com%2Fnora%2Fstatus%2F1'>",
        '<script>{"url":"https:\\/\\/twitter.com\\/nora\\/status\\/1"}</script>',
        '<script>{"url":"https:\\u002F\\u002Ftwitter.com\\u002Fnora\\u002Fstatus\\u002F1"}</script>',
        '<script>{"url":"https:\\\\u002F\\\\u002Fx.com\\\\u002Fnora\\\\u002fstatus\\\\u002f1"}</script>',
        "<a href='https:&#x2F;&#x2F;twitter.com&#x2F;nora&#x2F;status&#x2F;1'>",
        "<a href='https:&#47;&#47;twitter.com&#47;nora&#47;status&#47;1'>",
        "<div data-tweet-id=1>",
        "<div data-tweetId=1>",
        '<div data-react-props=\'{"tweetId":"1"}\'>',
        "<amp-twitter data-tweetid=1>",
        "<div class=embed-twitter data-embed-id=123456789012345678>",
        "<embetty-tweet status=1>",
        "<div data-tweet='1'>",
        "<div data-twitter-id=1>",
        "<div data-status-id='1'>",
        '<div class=twitter data-postid="x" data-id="123456789012345678">',
        "<div class='b tweet-id-1'>",
        "<p>Rain — Nora (<a href='https://twitter.com/nora'>@nora</a>) 3 mai 2017",
        "<script>twttr.widgets.createTweet('1', el)</script>",
        "<script>twttr.widgets.createTweetEmbed('1', el)</script>",
        "<iframe src='//platform.twitter.com/embed/index.html?id=1'>",
        "<iframe src='//platform.x.com/embed/Post.html?id=1'>",
        "<iframe src='https://s9e.github.io/iframe/2/twitter.min.html#1'>",
        "<p>Rain. pic.twitter.com/abcdefghij",
        "<p>Rain. https://t.co/abcdefghij",
        "<p>Rain. t.co/abcdefghij",
        "<p>Rain — Nora (@nora) 3 mai 2017",
    ],
)
def test_every_spelling_passes(page):
    assert can_cite(page.encode())
    assert can_cite(page.encode("utf-16"))
    assert can_cite(b"\xff" * 70 + page.encode())


@pytest.mark.parametrize("codec", ["utf-16-le", "utf-16-be"])
def test_two_bytes_a_letter_pass_also_without_a_byte_order_mark(codec):
    assert can_cite('<!DOCTYPE html><blockquote class="twitter-tweet">'.encode(codec))


NOISE = st.one_of(
    st.binary(max_size=200),
    st.text(max_size=80).map(lambda text: text.encode("utf-8", "surrogatepass")),
    st.sampled_from([b"<p>", b"\0\0\0", b"<!-- ", b"status/", b"&#", b"\\u00", b"%2", b"\xff\xfe", b"<script>"]),
)
DISGUISES = {
    "as it is": lambda page: page,
    "capitals": str.upper,
    "JSON": json.dumps,
    "JSON in JSON": lambda page: json.dumps(json.dumps(page)),
    "JSON with escaped slashes": lambda page: json.dumps(page).replace("/", "\\/"),
    "JSON with escapes for slashes": lambda page: json.dumps(page).replace("/", "\\u002F"),
    "escaped": lambda page: page.replace("&", "&amp;").replace("<", "&lt;").replace('"', "&quot;"),
    "percent-encoded": lambda page: quote(page, safe=""),
}


@settings(max_examples=300, deadline=None)
@given(NOISE, st.sampled_from(CITING), NOISE)
def test_noise_around_a_citation_never_closes_the_gate(before, page, after):
    assert can_cite(before + page.encode() + after)


@settings(max_examples=300, deadline=None)
@given(NOISE, st.sampled_from(WRITTEN), NOISE, st.sampled_from(sorted(DISGUISES)))
def test_escapes_never_close_the_gate(before, page, after, disguise):
    assert can_cite(before + DISGUISES[disguise](page).encode() + after)


@settings(max_examples=100, deadline=None)
@given(st.text("ab <>\n", max_size=5), st.sampled_from([page for page in CITING if "twitter-tweet" in page]))
def test_base64_never_closes_the_gate(before, page):
    assert can_cite(base64.b64encode((before + page).encode()))


def splices(pages):
    return st.lists(
        st.one_of(
            st.sampled_from(pages),
            st.sampled_from(pages).flatmap(
                lambda page: st.tuples(st.integers(0, len(page)), st.integers(0, len(page))).map(
                    lambda cut: page[min(cut) : max(cut)]
                )
            ),
        ),
        max_size=3,
    ).map("".join)


@settings(max_examples=300, deadline=None)
@given(splices([case["html"] for case in CASES]))
@example('<a href="https://twitter.com/nora/status/1">x</a>')
def test_a_page_that_the_gate_refuses_holds_no_citation(page):
    if not can_cite(page.encode()):
        with pytest.MonkeyPatch.context() as patch, warnings.catch_warnings():
            warnings.simplefilter("ignore")  # of markup that looks like a URL
            patch.setattr(html, "can_cite", lambda _: True)
            assert not [c for c in extract(page, format="html").citations if c.kind in SHOWN]


@pytest.mark.parametrize(
    "page", ["threadreaderapp.com/thread/1123882318033846272.html", "twitter-thread.com/t/11238823180"]
)
def test_unrolled_threads_pass(page):
    assert can_cite(f"<a href='https://{page}'>x</a>".encode())


def test_an_unparsed_page_is_parsed_when_its_text_is_wanted():
    document = extract("<p>No lamp.</p>", format="html", with_text=True)
    assert (document.parsed, document.text) == (True, "No lamp.")
    assert not extract("<p>No lamp.</p>", format="html").parsed
