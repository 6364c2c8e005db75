"""Chains judge every answer, end, and only ever grow; whoever asks."""

from __future__ import annotations

import time
import tomllib
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tweetlinks.chain import CUT, Chain, Terms, advance, fail, keep, resolution, start
from tweetlinks.detours import detour, is_gone, shown
from tweetlinks.locations import BadLocation, clean
from tweetlinks.model import Answer, Resolution
from tweetlinks.redirects import lead
from tweetlinks.stubs import title, visible
from tweetlinks.tweets import unwrap

CASES = tomllib.loads((Path(__file__).parent / "cases" / "chains.toml").read_text(encoding="utf-8"))["case"]
AT = "2026-11-24T10:00:00Z"
PAGE = "<html><body>" + "<p>An article with more words than a sign. </p>" * 20
STUB_A = '<noscript><META http-equiv="refresh" content="0;URL={u}"></noscript><script>location.replace("{j}")</script>'
STUB_B = (
    '<head><meta name="referrer" content="always"><noscript><META http-equiv="refresh" content="0;URL={u}"></noscript>'
    '<title>{u}</title></head><script>window.opener = null; location.replace("{j}")</script>'
)
STUB_C = STUB_B.replace('<meta name="referrer" content="always">', "")


def answer(url: str, status: int, body: str = "", **headers: str) -> Answer:
    named = tuple((name.replace("_", "-"), value) for name, value in headers.items())
    return Answer(url, status, named, body, AT, 3)


def walk(url: str, steps: list[dict], terms: Terms) -> Chain:
    """Play a script: one step a request, in order; a step may fail instead of answer."""
    chain, left = start(url, terms), list(steps)
    while chain.ask and left:
        step = dict(left.pop(0))
        if asked := step.pop("asked", None):
            assert chain.ask == asked
        if outcome := step.pop("fail", None):
            chain = fail(chain, outcome, "as scripted", ms=1)
        else:
            chain = advance(chain, answer(chain.ask, step.pop("status"), step.pop("body", ""), **step))
    assert not left, "the chain ended before the script"
    assert chain.ask is None, f"the script ended before the chain, which asks {chain.ask}"
    return chain


@pytest.mark.parametrize("case", CASES, ids=lambda case: case["id"])
def test_a_script_of_answers_gives_the_outcome_that_the_case_names(case):
    terms = Terms(**{"check_target": case.get("check", False)} | case.get("terms", {}))
    found = resolution(walk(case["url"], case.get("steps", []), terms))
    expected = {
        name: value for name, value in case.items() if name in Resolution._fields and name not in {"url", "tweet"}
    }
    if "tweet" in case:
        assert list(filter(None, found.tweet or ())) == case["tweet"]
    assert {name: getattr(found, name) for name in expected} == expected
    assert found.final_url == case.get("final")


@pytest.mark.parametrize("template", [STUB_A, STUB_B, STUB_C])
@pytest.mark.parametrize("target", ["https://dest.example/a", "https://dest.example/?a=1&copy=2&b=%C3%A9#top"])
def test_the_page_t_co_shows_browsers_is_read_in_all_its_shapes(template, target):
    body = template.format(u=target, j=target.replace("/", "\\/"))
    chain = advance(start("https://t.co/zKHAP1vQMJ"), answer("", 200, body, content_type="text/html"))
    assert (chain.expansion, chain.method, chain.final_url) == ("expanded", "html-stub", target)


def test_a_page_that_escapes_its_entities_and_its_script_still_says_one_thing():
    body = STUB_C.format(u="https://dest.example/?q=%22&#38;z=1", j="https:\\/\\/dest.example\\/?q=\\u0022\\u0026z=1")
    chain = advance(start("https://t.co/zKHAP1vQMJ"), answer("", 200, body))
    assert chain.final_url == "https://dest.example/?q=%22&z=1"


def test_an_article_that_reloads_itself_is_not_a_redirect():
    body = '<meta http-equiv="refresh" content="300">' + PAGE
    chain = advance(start("https://news.example/a", Terms(check_target=True)), answer("", 200, body))
    assert (chain.expansion, chain.target, chain.final_url) == ("resolved-here", "ok", "https://news.example/a")


def test_an_article_of_an_unknown_host_is_not_left_even_without_delay():
    body = '<meta http-equiv="refresh" content="0; url=https://ads.example/">' + PAGE
    assert (
        advance(start("https://news.example/a", Terms(check_target=True)), answer("", 200, body)).expansion
        == "resolved-here"
    )


def test_a_body_that_did_not_end_is_too_large():
    cut = Answer("", 200, ((CUT, "65536"),), PAGE, AT, 1)
    assert advance(start("https://t.co/zKHAP1vQMJ"), cut).expansion == "too-large"


def test_retry_after_is_read_as_seconds_and_as_a_date():
    chain = start("https://t.co/zKHAP1vQMJ")
    assert advance(chain, answer("", 429, retry_after="7")).wait == 7
    assert advance(chain, answer("", 429, retry_after="Tue, 24 Nov 2026 10:00:09 GMT")).wait == 9
    assert advance(chain, answer("", 429, retry_after="Tue, 24 Nov 2020 10:00:09 GMT")).wait == Terms().backoff
    assert advance(chain, answer("", 503, retry_after="soon")).wait == Terms().backoff


NOT_A_PAUSE = [
    "-5",
    "1.5",
    "inf",
    "nan",
    "1e3",
    "\u0661",
    "5 5",
    "soon",
    "",
    "Tue, 99 Nov 2026",
    "(" * 9000,
    "1:" * 9000,
]


@pytest.mark.parametrize("value", NOT_A_PAUSE)
def test_a_retry_after_that_makes_no_sense_is_as_if_it_were_not_there(value):
    chain = advance(start("https://t.co/a"), answer("", 429, retry_after=value), last=True)
    assert (chain.expansion, chain.retry_after) == ("rate-limited", None)
    assert keep(answer("https://t.co/a", 429, retry_after=value)) == 300


@pytest.mark.parametrize(
    "value", ["86401", "9" * 4000, "Tue, 24 Nov 9999 10:00:09 GMT", "Thu, 26 Nov 2026 10:00:00 GMT"]
)
def test_a_retry_after_is_never_longer_than_a_day(value):
    chain = advance(start("https://t.co/a"), answer("", 503, retry_after=value))
    assert (chain.ask, chain.expansion, chain.retry_after) == (None, "server-error", 86400)
    assert keep(answer("https://t.co/a", 503, retry_after=value)) == 86400


@pytest.mark.parametrize("value", ["0", "Tue, 24 Nov 2020 10:00:09 GMT"])
def test_a_retry_after_that_is_over_says_at_once(value):
    assert advance(start("https://t.co/a"), answer("", 503, retry_after=value), last=True).retry_after == 0


@pytest.mark.parametrize(("status", "word"), [(503, "server-error"), (404, "dead"), (300, "server-error")])
def test_an_error_leads_nowhere_whatever_its_page_says(status, word):
    body = STUB_C.format(u="https://dest.example/", j="https://dest.example/")
    said = answer("", status, body, refresh="0;url=https://dest.example/", location="https://dest.example/")
    chain = advance(start("https://t.co/a"), said, last=True)
    assert (chain.expansion, chain.final_url) == (word, None)


@given(st.text('Tue, 24 Nov 2026 10:00:09 +-GMTZ()"\\;<>[]@.:\u0661', max_size=40), st.sampled_from([AT, "", "2026"]))
def test_any_retry_after_is_none_or_at_most_a_day(value, at):
    said = Answer("https://t.co/a", 429, (("retry-after", value),), "", at, 3)
    found = advance(start("https://t.co/a"), said, last=True).retry_after
    assert found is None or 0 <= found <= 86400


def test_pauses_grow():
    first = advance(start("https://t.co/a"), answer("", 503))
    second = advance(first, answer("", 503))
    assert (first.wait, second.wait) == (0.5, 1.0)


def test_a_pause_longer_than_our_patience_ends_the_chain_and_is_reported():
    chain = advance(start("https://t.co/a"), answer("", 429, retry_after="86400"))
    assert (chain.ask, chain.expansion, chain.retry_after) == (None, "rate-limited", 86400.0)


def test_the_source_is_the_cache_only_when_every_answer_came_from_it():
    first = advance(start("https://t.co/a"), answer("", 301, location="https://bit.ly/b"), source="cache")
    known = advance(first, answer("", 301, location="https://dest.example/"), source="cache")
    asked = advance(first, answer("", 301, location="https://dest.example/"))
    assert (resolution(known).source, resolution(known).attempts) == ("cache", 0)
    assert (resolution(asked).source, resolution(asked).attempts) == ("network", 1)


def test_where_a_short_link_leads_is_kept_for_ever_and_trouble_for_minutes():
    week, day = 7 * 86400, 86400
    held = {
        None: answer("https://t.co/a", 301, location="https://dest.example/"),
        week: answer("https://t.co/a", 404),
        day: answer("https://t.co/a", 403),
        300: answer("https://t.co/a", 503),
        90: answer("https://t.co/a", 429, retry_after="90"),
    }
    assert {seconds: keep(what) for seconds, what in held.items()} == {seconds: seconds for seconds in held}


def test_an_ended_chain_stays_as_it_is():
    chain = fail(start("https://t.co/a"), "dns-error", "no such name")
    assert advance(chain, answer("", 200)) == chain
    assert fail(chain, "timeout", "late") == chain


LOCATIONS = [
    ("/ok", "https://r.example/ok"),
    ("ok", "https://r.example/a/ok"),
    ("?q=1", "https://r.example/a/b?q=1"),
    ("//dest.example/ok", "https://dest.example/ok"),
    ("../x", "https://r.example/x"),
    (" https://dest.example/a b ", "https://dest.example/a%20b"),
    ("/caf\xe9", "https://r.example/caf%E9"),
    ("/caf\xc3\xa9", "https://r.example/caf%C3%A9"),
    ("http://b\xc3\xbccher.example/", "http://xn--bcher-kva.example/"),
    ("HTTP://Dest.Example:80/A", "http://dest.example/A"),
    ("/%0d%0aSet-Cookie:x", "https://r.example/%0d%0aSet-Cookie:x"),
    ("/p#:~:text=a", "https://r.example/p#:~:text=a"),
    ("http://[::FFFF:10.0.0.1]/x", "http://[::ffff:10.0.0.1]/x"),
]
NOWHERE = [
    "",
    " ",
    "http://[::1/",
    "http:///ok",
    "http:/x",
    "http:x",
    "http://a..b/",
    "http://xn--/",
    "http://x:99999/",
    "http://half\ud83d.example/",
]
NOWHERE += ["http://x:0/", "https://u:p@x.example/", "http://127.0.0.1:80\\@t.co/", "/a\tb\x00", "/" + "x" * 20_000]


@pytest.mark.parametrize(("raw", "expected"), LOCATIONS)
def test_a_location_is_joined_and_written_in_ascii_with_the_bytes_it_was_sent_with(raw, expected):
    assert clean(raw, base="https://r.example/a/b", octets=True) == expected


@pytest.mark.parametrize("raw", NOWHERE)
def test_a_location_that_is_no_url_is_refused(raw):
    with pytest.raises(BadLocation) as caught:
        clean(raw, base="https://r.example/a/b", octets=True)
    assert caught.value.outcome == "invalid-location"


@pytest.mark.parametrize("raw", ["javascript:alert(1)", "mailto:a@b.example", "data:text/html,x", "ftp://x.example/"])
def test_other_schemes_are_not_followed(raw):
    chain = advance(start("https://t.co/a"), answer("", 302, location=raw))
    assert (chain.expansion, chain.final_url) == ("unsupported-scheme", None)


HOSTILE = [
    "<meta ",
    '<meta "',
    '<meta a="b" ',
    'location.replace("',
    "<!--",
    "<script>",
    "<",
    "a<",
    "<a>x",
    "&#",
    '\\"',
    "<a ",
    '<a href="',
    "<title",
    "location='",
    "setTimeout(",
    "is for sale ",
    "related searches ",
    "link disabled http://x.example/ ",
]


@pytest.mark.parametrize("piece", HOSTILE)
def test_a_hostile_page_takes_no_longer_than_its_length(piece):
    begun = time.perf_counter()
    for host in ("is.gd", "tinyurl.com", "ow.ly", "lnkd.in"):
        shown(f"link disabled btn ignore external_url_click {piece * 50_000}", host=host)
    is_gone(piece * 50_000, url="https://r.example/", before="https://r.example/a")
    lead(answer("", 200, piece * (8_000 // len(piece))), base="https://r.example/", known=True)
    lead(answer("", 200, piece * 50_000), base="https://r.example/", known=False)
    lead(answer("", 200, "", refresh="0;" + piece * 50_000), base="https://r.example/", known=False)
    assert time.perf_counter() - begun < 2


PLACES = [
    "https://t.co/a",
    "https://bit.ly/b",
    "https://t.co/c?amp=1",
    "http://dest.example/",
    "/x",
    "?y",
    "//bit.ly/z",
]
PLACES += ["https://is.gd/a", "http://ow.ly/b", "https://tinyurl.com/c", "https://paper.example/login?next=/a"]
PLACES += ["https://www.google.com/sorry/?continue=x", "https://www.google.com/url?q=https://t.co/a", "https://[::1]/"]
PLACES += ["https://x.com/safety/unsafe_link_warning?unsafe_link=https://a.example/?b", "https://parking.example/#c"]
PLACES += ["javascript:x", "", "https://x.com/jack/status/20", "pic.twitter.com/q", "http://[::1", "https://youtu.be/x"]
TEXTS = st.one_of(st.sampled_from(PLACES), st.text(max_size=40))
HEADER_NAMES = st.sampled_from(["location", "refresh", "retry-after", "content-type", CUT])
PIECES = [
    "<meta http-equiv=refresh content='0;url=", "<meta http-equiv=refresh content=5>", "<script>", "</script>", "<!--",
    "-->", "<title>", "</title>", "location.replace(\"", "location='", "';", "\")", "setTimeout(", ",0)", "if (", "'>",
    "<noscript>", "</noscript>", "<base href='", "<body onload=\"", "\">", "Link Disabled", "&#38;", "\\u00",
    "<a class='btn ignore' href='", "<a id=redirecturl href=", "This domain is for sale", "404 not found",
    "must wait at least 9 seconds",
]  # fmt: skip
BODIES = st.lists(st.one_of(st.sampled_from(PIECES), TEXTS), max_size=12).map("".join) | TEXTS.map(
    lambda url: STUB_C.format(u=url, j=url)
)
ANSWERS = st.builds(
    Answer,
    url=TEXTS,
    status=st.one_of(st.sampled_from([200, 301, 302, 404, 429, 503]), st.integers(-1, 1100)),
    headers=st.lists(st.tuples(HEADER_NAMES, TEXTS), max_size=3).map(tuple),
    body=BODIES,
    at=st.one_of(st.just(AT), st.text(max_size=10)),
    ms=st.integers(0, 10**6),
)
FAILURES = st.sampled_from(
    ["timeout", "dns-tempfail", "dns-error", "connect-error", "blocked-address", "offline", "odd"]
)
EVENTS = st.lists(st.one_of(ANSWERS, FAILURES), max_size=60)
TERMS = st.builds(Terms, check_target=st.booleans(), hops=st.integers(1, 6), tries=st.integers(1, 3))


def tell(chain: Chain, event: Answer | str) -> Chain:
    return fail(chain, event, "as drawn") if isinstance(event, str) else advance(chain, event)


@given(TEXTS, EVENTS, TERMS)
def test_no_answer_makes_a_chain_raise_and_hops_are_only_added(url, events, terms):
    chain = start(url, terms)
    for event in events:
        after = tell(chain, event)
        assert after.hops[: len(chain.hops)] == chain.hops
        assert after == tell(chain, event)
        assert (chain.ask is None) <= (after == chain)
        chain = after
    found = resolution(chain)
    assert Resolution.from_dict(found.to_dict()) == found


@given(TEXTS, st.lists(st.one_of(ANSWERS, FAILURES), min_size=1, max_size=5), TERMS)
def test_every_chain_ends_within_its_hops_and_tries(url, events, terms):
    chain, told = start(url, terms), 0
    while chain.ask:
        chain, told = tell(chain, events[told % len(events)]), told + 1
        assert told <= (terms.hops + 1) * terms.tries
    assert sum(hop.via not in {"derived", "end"} for hop in chain.hops) <= terms.hops + 1
    assert chain.expansion


@given(TEXTS, EVENTS, TERMS)
def test_the_same_answers_make_the_same_chain(url, events, terms):
    def told():
        chain = start(url, terms)
        for event in events:
            chain = tell(chain, event)
        return chain

    assert told() == told()


@given(ANSWERS)
def test_how_long_an_answer_holds_is_known_for_every_answer(what):
    held = keep(what)
    assert held is None or held >= 0


@given(st.one_of(st.text(), st.text().map("//".__add__), st.text().map("http://x".__add__)), st.booleans())
def test_a_cleaned_url_is_ascii_and_stays_as_it_is(raw, octets):
    try:
        url = clean(raw, base="https://r.example/a", octets=octets)
    except BadLocation:
        return
    assert url.isascii()
    assert clean(url) == url


def test_every_word_that_a_chain_says_is_in_the_documentation():
    text = (Path(__file__).parents[1] / "docs" / "outcomes.md").read_text(encoding="utf-8")
    _, expansion, target = text.partition("## What is asked")[0].split("\n## ")
    found = [resolution(walk(case["url"], case.get("steps", []), Terms(**case.get("terms", {})))) for case in PLAIN]
    assert len(found) > 30
    for what in found:
        assert f"`{what.expansion}`" in expansion
        assert f"`{what.target}`" in target


# What stands between a link and its target.

WALLS = {
    "https://paper.example/login": "login-wall",
    "https://paper.example/fr/users/sign_in?x": "login-wall",
    "https://login.paper.example/x": "login-wall",
    "https://www.linkedin.com/authwall?trk=a&sessionRedirect=https%3A%2F%2Fwww.linkedin.com%2Fin%2Fa": "login-wall",
    "https://www.facebook.com/login/?next=https%3A%2F%2Fwww.facebook.com%2Fa": "login-wall",
    "https://consent.youtube.com/m?continue=https://www.youtube.com/": "consent-wall",
    "https://paper.example/privacy-gate": "consent-wall",
    "https://ww25.paper.example/": "soft-404",
}
OPEN = [
    "https://paper.example/2016/login-to-your-garden",
    "https://paper.example/blog/why-we-log-in/",
    "https://a.example",
]
OPEN += ["https://paper.example/consent-decree-signed", "https://parkingtickets.example/", "https://x.com/login_club"]


@pytest.mark.parametrize("url", WALLS)
def test_a_page_that_asks_first_is_known_by_its_url(url):
    assert detour(url, code=None).outcome == WALLS[url]


@pytest.mark.parametrize("url", OPEN)
def test_a_page_about_logins_is_no_login(url):
    assert detour(url, code=None) is None


def test_a_short_link_to_a_login_leads_to_what_the_login_names():
    to = "https://paper.example/login?next=%2Fa%3Fb"
    chain = advance(start("https://t.co/a"), answer("", 301, location=to))
    assert (chain.expansion, chain.target, chain.final_url) == ("expanded", "login-wall", "https://paper.example/a?b")
    nameless = advance(start("https://t.co/a"), answer("", 301, location="https://paper.example/login"))
    assert (nameless.expansion, nameless.target) == ("expanded", "unchecked")
    tweet = "https://x.com/i/flow/login?redirect_after_login=%2Fjack%2Fstatus%2F20"
    assert advance(start("https://t.co/a"), answer("", 301, location=tweet)).target == "terminal-social"


LOST = [
    "<title>404</title>",
    "<title>Page not found - The Paper</title>",
    "<title>The Paper | Seite nicht gefunden</title>",
    "<title>paper.example is for sale</title>",
    "<p>The domain paper.example has expired.",
]
FOUND = [
    "<title>The pier</title><p>Not found: a reason to close it.",
    "<title>Error 404: a short history of the page that is not there</title>",
    f"<title>Names</title><p>She wants to buy the domain. {'It is a long story. ' * 200}",
]


@pytest.mark.parametrize("body", LOST)
def test_a_page_that_says_it_is_not_there_is_suspected(body):
    assert is_gone(body, url="https://paper.example/a", before="https://t.co/a")


@pytest.mark.parametrize("body", FOUND)
def test_a_page_about_lost_pages_is_not_suspected(body):
    assert not is_gone(body, url="https://paper.example/a", before="https://t.co/a")


@pytest.mark.parametrize(
    ("before", "gone"),
    [("https://paper.example/2016/09/story", True), ("http://www.paper.example/the-council-voted-for-the-pier", True)]
    + [(url, False) for url in ("https://paper.example/en", "https://t.co/zKHAP1vQMJ", "https://other.example/a/b/c")],
)
def test_a_deep_link_that_is_sent_to_the_front_page_is_suspected(before, gone):
    assert is_gone("<p>News", url="https://paper.example/", before=before) is gone


def test_a_shortener_that_asks_for_fewer_requests_on_a_page_is_asked_later():
    page = answer("https://is.gd/a", 200, "You must wait at least 1798 seconds before you use is.gd again.")
    chain = advance(start("https://is.gd/a"), page)
    assert (chain.ask, chain.expansion, chain.retry_after, keep(page)) == (None, "rate-limited", 1798, 1798)
    short = answer("https://is.gd/a", 200, "Rate limit exceeded - please wait 1 minute")
    assert (advance(start("https://is.gd/a"), short).wait, keep(short)) == (0.5, 300)


def test_a_page_that_names_two_targets_names_none():
    page = "<h2>Link Disabled</h2> http://one.example/ http://two.example/"
    assert shown(page, host="is.gd").url is None
    button = "<a class='btn ignore' href='https://one.example/'>x</a><a class='btn ignore' href='https://two.example/'>"
    assert advance(start("http://ow.ly/a"), answer("", 200, button)).expansion == "interstitial-unparsed"
    assert shown("<a class='btn ignore' href='http://ow.ly/x'>", host="ow.ly").url is None
    assert shown("<a class='btn ignore' href='mailto:x'>", host="ow.ly").url is None


KEPT_SHORT = [
    answer("https://goo.gl/x", 302, location="https://www.google.com/sorry/index?continue=https://goo.gl/x"),
    answer("https://t.co/a", 301, location="https://x.com/safety/unsafe_link_warning?unsafe_link=https://a.example/"),
    answer("https://t.co/a", 301, location="javascript:x"),
    answer("https://t.co/a", 200, "<p>A page that names nothing"),
    answer(
        "https://t.co/a",
        200,
        "<meta http-equiv=refresh content='0;URL=http://a.example/'><title>http://b.example/</title>",
    ),
    answer("https://is.gd/a", 200, "Link Disabled http://a.example/"),
]


@pytest.mark.parametrize("what", KEPT_SHORT)
def test_only_where_a_link_leads_is_kept_for_ever(what):
    assert keep(what) <= 7 * 86400


def test_a_target_that_has_answered_is_there_whatever_its_body():
    chain = advance(
        start("https://t.co/a", Terms(check_target=True)), answer("", 301, location="https://dest.example/")
    )
    for status, word in {200: "ok", 404: "not-found", 503: "server-error"}.items():
        ended = fail(chain, "timeout", "the body drips", status=status, last=True)
        assert (ended.expansion, ended.target, ended.at, ended.attempts) == ("expanded", word, AT, 2)
    assert fail(start("https://t.co/a"), "protocol-error", "damaged", status=410).expansion == "gone"
    assert fail(start("https://t.co/a"), "protocol-error", "damaged", status=200).expansion == "protocol-error"


def test_silence_in_the_handshake_is_a_time_out_of_a_shortener_and_no_tls_of_a_target():
    chain = start("https://t.co/a", Terms(check_target=True))
    assert fail(chain, "tls-timeout", "silence", last=True).expansion == "timeout"
    landed = advance(chain, answer("", 301, location="https://dest.example/"))
    assert fail(landed, "tls-timeout", "silence", last=True).target == "tls-error"


SCRIPTS = {
    "window.location='https://a.example/'": True,
    'document.location.href = "https:\\/\\/a.example\\/"': True,
    "top.location.assign('https://a.example/')": True,
    "location.href='https:\\x2f\\x2fa.example/'": True,
    "setTimeout(\"location.href='https://a.example/'\", 0)": True,
    "setTimeout(\"location.href='https://a.example/'\", 3000)": False,
    "if (old) { location.href='https://a.example/' }": False,
    "location.href='https://a.example/?u=' + document.referrer": False,
    "my.location='https://a.example/'": False,
    "var mylocation='https://a.example/'": False,
    "if (location == 'https://a.example/') x()": False,
    "location.href='javascript:x()'": False,
    "location.href='\\q'": False,
}


@pytest.mark.parametrize("script", SCRIPTS)
def test_a_script_counts_that_goes_elsewhere_at_once(script):
    found = lead(answer("", 200, f"<script>{script}</script>"), base="https://r.example/", known=False)
    assert (found.url if found else None) == ("https://a.example/" if SCRIPTS[script] else None)


def test_what_stands_in_comments_and_in_scripts_from_elsewhere_is_not_read():
    body = "<!-- <meta http-equiv=refresh content='0;url=https://a.example/'> --><script src=x>location='/a'</script>"
    assert lead(answer("", 200, body), base="https://r.example/", known=True) is None
    assert lead(answer("", 200, "<script>location='/a'<!--"), base="https://r.example/", known=True).url.endswith("/a")
    assert lead(answer("", 200, "<base href='mailto:x'><!--"), base="https://r.example/", known=True) is None
    assert (
        lead(answer("", 200, f"<script>location='/a'</script>{'<br>' * 3000}"), base="https://r.example/", known=True)
        is None
    )


PLAIN = [case for case in CASES if not case.get("check")]


def test_a_letter_that_grows_in_lower_case_does_not_stop_a_page_from_being_read():
    assert visible("‹" + "İ" * 8 + "></style><style>", 100) == "‹" + "İ" * 8 + ">"
    page = "İ" * 50 + '<noscript><META http-equiv="refresh" content="0;URL=https://dest.example/a"></noscript>'
    assert title(f"<title>{'İ' * 9}</title>") == "İ" * 9
    assert advance(start("https://t.co/a"), Answer("https://t.co/a", 200, (), page, "", 1)).expansion


@pytest.mark.parametrize(
    "script",
    [
        "x && location.replace('https://dest.example/a')",
        "function go(){location.replace('https://dest.example/a')}",
        "// location.replace('https://dest.example/a')",
        "/* location.replace('https://dest.example/a') */",
        "addEventListener('click', () => location.replace('https://dest.example/a'))",
        "if  (x) location.replace('https://dest.example/a')",
        "setTimeout(function(){location.replace('https://dest.example/a')}, 5e3)",
        "setTimeout(function(){location.replace('https://dest.example/a')}, d)",
    ],
)
def test_a_script_that_may_not_run_leads_nowhere(script):
    page = f"<title>One moment</title><script>{script}</script>"
    ended = advance(start("https://t.co/a"), Answer("https://t.co/a", 200, (), page, "", 1))
    assert ended.expansion == "interstitial-unparsed"


@pytest.mark.parametrize("raw", ["é" * 8000, "a?" + "ü" * 6000])
def test_a_url_that_grows_too_long_when_it_is_quoted_is_none(raw):
    with pytest.raises(BadLocation):
        clean(f"https://dest.example/{raw}")
    with pytest.raises(BadLocation):
        clean(raw, base="https://dest.example/a")


def test_a_redirector_of_a_host_that_is_quoted_twice_leads_nowhere():
    odd = "http://archive.ph/;aunsafe_link=https%3A//l.facebook.com/c/s/https:/%2Fredirect.example/status/20/photo/1"
    assert unwrap(odd).startswith("http")
    assert "%" not in unwrap(odd).split("/")[2]
