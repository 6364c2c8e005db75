"""What services say about tweets and dead links, and what must come of it: every case of `cases/lookups.toml`."""

from __future__ import annotations

import asyncio
import json
import os
from pathlib import Path

import pytest
from simulator import Clock, Web, redirect, say
from simulator.cases import LIMITS, LINK, build, read, variants

from tweetlinks.cache import MemoryCache
from tweetlinks.fetch import AsyncResolver, Resolver
from tweetlinks.lookups import LOOKUPS, advance, begin, fail
from tweetlinks.lookups.syndication import token
from tweetlinks.model import Answer

SHARED = Path(os.environ.get("TWEETLINKS_CORPUS") or Path(__file__).parents[2] / "shared")
FACTS = SHARED / "facts" / "resolver-cases.json"
CASES = [variant for case in read("lookups.toml") for variant in variants(case)]
TWEET = "https://twitter.com/ann_b/status/780920000000000000"
INDEX = '[["timestamp","original","statuscode"],["20160928000000","https://t.co/zKHAP1vQMJ","301"]]'
OTHER = {"closed", "each", "hits", "id", "near", "never", "source", "url", "web"}


@pytest.fixture(autouse=True)
def _online(monkeypatch):
    monkeypatch.delenv("TWEETLINKS_OFFLINE", raising=False)


@pytest.fixture
def web():
    with Web() as made:
        yield made


def js(body: str, status: int = 200):
    return say(status, body, content_type="application/json")


def settings(web: Web, **more: object) -> dict:
    clock = Clock()
    cache = MemoryCache(now=clock.now)
    return web.options(cache=cache, limits=LIMITS, sleep=clock.sleep, now=clock.now, **more)


@pytest.mark.parametrize("transport", [None, "fast"], ids=["httpx", "fast"])
@pytest.mark.parametrize("case", CASES, ids=lambda case: case["id"])
def test_of_what_services_say_comes_what_must(web, case, transport):
    build(web, case)
    url = LINK if case["source"] == "archive" else TWEET
    with Resolver(**settings(web, transport=transport)) as resolver:
        found = resolver.look_up(case["source"], url, near=case.get("near", ""))
    told = json.loads(json.dumps(found.to_dict()))
    assert {name: told[name] for name in case if name not in OTHER} == {
        name: value for name, value in case.items() if name not in OTHER
    }, found
    assert {place: web.hits(place) for place in case.get("hits", {})} == case.get("hits", {})
    assert not [host for host in case.get("never", ()) if web.hits(host)]
    assert (
        found.outcome in {"tweet-found", "archived", "from-archive", "not-archived"}
        or found.error
        or "missing" in found.outcome
    )


def test_every_case_of_the_facts_is_here():
    if not FACTS.exists():
        pytest.skip("no corpus")
    wanted = {case["id"]: case for case in json.loads(FACTS.read_text()) if case["group"][0] in "GH"}
    have = {case["id"]: case["outcome"] for case in CASES}
    assert {name: have.get(name) for name in wanted} == {
        name: next((word for word in case["accept_expansion"] if word == have.get(name)), case["accept_expansion"])
        for name, case in wanted.items()
    }


def archived(web: Web) -> None:
    web.on("web.archive.org/cdx*", js(INDEX))
    answer = redirect("/web/20160928000000id_/https://dest.example/a", memento_datetime="Wed, 28 Sep 2016 00:00:00 GMT")
    web.on("web.archive.org/web/*", answer)


@pytest.mark.parametrize("status", [404, 410, 500])
def test_a_dead_link_is_looked_up_in_the_archive_when_asked_for(web, status):
    web.on("t.co", say(status))
    archived(web)
    with Resolver(**settings(web, archive=True)) as resolver:
        found = resolver.resolve(LINK)
        again = resolver.resolve(LINK)
    assert (found.expansion, found.target, found.final_url) == ("from-archive", "unchecked", "https://dest.example/a")
    assert (found.source, found.method, found.archived_at) == ("archive", "archive", "2016-09-28T00:00:00Z")
    assert [hop.url.split("/")[2] for hop in found.hops] == ["t.co", "web.archive.org", "web.archive.org"]
    assert again == found._replace(attempts=again.attempts, fetched_at=again.fetched_at)
    assert web.hits("web.archive.org") == 0 or len(web.requests) <= 8


def test_a_dead_link_is_not_looked_up_when_nobody_asks_for_it(web):
    web.on("t.co", say(404))
    archived(web)
    with Resolver(**settings(web)) as resolver:
        assert resolver.resolve(LINK).expansion == "dead"
    assert {seen.host for seen in web.requests} == {"t.co"}


def test_a_link_that_works_is_not_looked_up(web):
    web.on("t.co", redirect("https://dest.example/a"))
    archived(web)
    with Resolver(**settings(web, archive=True)) as resolver:
        assert resolver.resolve(LINK).expansion == "expanded"
    assert {seen.host for seen in web.requests} == {"t.co"}


def test_a_link_that_the_archive_does_not_know_stays_dead_and_says_so(web):
    web.on("t.co", say(404))
    web.on("web.archive.org", js("[]"))
    with Resolver(**settings(web, archive=True)) as resolver:
        found = resolver.resolve(LINK)
    assert (found.expansion, found.error) == ("dead", "t.co answered 404; no copy of it in the archive")


def test_an_archived_tweet_is_a_tweet(web):
    web.on("t.co", say(404))
    web.on("web.archive.org/cdx*", js(INDEX))
    there = redirect(f"/web/20160928000000id_/{TWEET}/photo/1", memento_datetime="Wed, 28 Sep 2016 00:00:00 GMT")
    web.on("web.archive.org/web/*", there)
    with Resolver(**settings(web, archive=True)) as resolver:
        found = resolver.resolve(LINK)
    assert (found.target, found.tweet.id) == ("terminal-social", "780920000000000000")


def test_the_archive_is_asked_slowly_and_a_429_pauses_all_of_it(web):
    web.on("t.co", say(404))
    web.on("web.archive.org/cdx*", js("[]"))
    clock = Clock()
    options = web.options(
        cache=MemoryCache(now=clock.now), limits=LIMITS, sleep=clock.sleep, now=clock.now, archive=True
    )
    with Resolver(**options) as resolver:
        for n in range(4):
            resolver.resolve(f"https://t.co/aaaaaaaaa{n}")
        assert sum(clock.slept) >= 7 * 2.4
        web.on("web.archive.org/cdx*", say(429))
        assert resolver.resolve("https://t.co/bbbbbbbbb1").expansion == "rate-limited"
        asked = len(web.requests)
        later = [resolver.look_up("archive", "https://t.co/bbbbbbbbb2"), resolver.look_up("wayback", TWEET)]
        assert [found.outcome for found in later] == ["rate-limited", "rate-limited"]
        assert len(web.requests) == asked


def test_an_archive_that_refuses_connections_is_left_alone_for_the_run(web):
    web.on("t.co", say(404))
    web.address("web.archive.org")
    web.closed.add("web.archive.org")
    with Resolver(**settings(web, archive=True)) as resolver:
        assert resolver.resolve(LINK).expansion == "connect-error"
        tried = len(web.dialled)
        found = resolver.look_up("memento", TWEET)
        assert (found.outcome, len(web.dialled)) == ("connect-error", tried)


def test_offline_looks_nothing_up_but_reads_the_cache(web):
    web.on("publish.twitter.com", say(404))
    options = settings(web)
    with Resolver(**options) as resolver:
        resolver.look_up("oembed", TWEET)
    with Resolver(**options, offline=True) as resolver:
        assert resolver.look_up("oembed", TWEET).outcome == "tweet-missing"
        assert resolver.look_up("syndication", TWEET).outcome == "offline"
    assert len(web.requests) == 1


def test_asyncio_has_the_same(web):
    web.on("publish.twitter.com", say(404))

    async def main():
        async with AsyncResolver(**settings(web)) as resolver:
            return await resolver.look_up("oembed", TWEET)

    assert asyncio.run(main()).outcome == "tweet-missing"


@pytest.mark.parametrize(("source", "url"), [("nobody", TWEET), ("oembed", "https://dest.example/"), ("oembed", "")])
def test_what_cannot_be_looked_up_is_said(source, url):
    with pytest.raises(ValueError, match=r"look-up|looks tweets up"):
        begin(source, url=url)


@pytest.mark.parametrize("source", LOOKUPS)
@pytest.mark.parametrize(
    "body", ["", "[]", "{}", "null", "[[]]", "[1]", "[[1,2,3],[4,5,6]]", "{" * 5000, "\x00", "<html>"]
)
@pytest.mark.parametrize("status", [200, 204, 301, 302, 401, 403, 404, 410, 418, 451, 503, 999])
def test_no_answer_makes_a_look_up_raise_or_go_on_for_ever(source, status, body):
    lookup = begin(source, url=LINK if source == "archive" else TWEET)
    for _ in range(40):
        if lookup.ask is None:
            break
        headers = (("content-type", "application/json"), ("location", "//[/"))
        lookup = advance(lookup, Answer(lookup.ask, status, headers, body, "2026-01-01T00:00:00Z", 1))
    assert lookup.finding
    assert lookup.finding.outcome
    assert advance(lookup, Answer("https://a.example", 200, (), "", "", 1)) == lookup
    assert fail(lookup, "timeout", "late") == lookup


@pytest.mark.parametrize("outcome", ["timeout", "connect-error", "dns-error", "tls-error", "too-odd"])
def test_a_failure_ends_a_look_up_with_its_word(outcome):
    lookup = begin("oembed", url=TWEET)
    for _ in range(5):
        lookup = fail(lookup, outcome, "why")
    assert lookup.finding
    assert (lookup.finding.outcome, lookup.finding.error) == (outcome, "why")


@pytest.mark.parametrize(
    ("tweet_id", "wanted"),
    [
        ("20", "6dq1a2xwd93"),
        ("463440424141459456", "14fxvks611f"),
        ("1629307668568633344", "3y6mctgwzxo"),
        ("2071956928524103905", "5t8t33le7q"),
    ],
)
def test_the_token_is_what_javascript_computes(tweet_id, wanted):
    assert token(tweet_id) == wanted
