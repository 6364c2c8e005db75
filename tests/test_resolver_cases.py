"""What servers do to a link, and what must come of it: every case of `cases/resolver.toml`, in both colours."""

from __future__ import annotations

import asyncio
import gc
import json
import os
import threading
from pathlib import Path

import pytest
from simulator import Clock, Web, redirect, say
from simulator.cases import CASES, LIMITS, LINK, check, variants

from tweetlinks.cache import MemoryCache
from tweetlinks.fetch import AsyncResolver, Resolver

SHARED = Path(os.environ.get("TWEETLINKS_CORPUS") or Path(__file__).parents[2] / "shared")
FACTS = SHARED / "facts" / "resolver-cases.json"
PLAYED = [case for case in CASES if "play" not in case]
DEST = "https://dest.example/a"


@pytest.fixture(autouse=True)
def _online(monkeypatch):
    monkeypatch.delenv("TWEETLINKS_OFFLINE", raising=False)


def plainly(options: dict, links: list[str]) -> list:
    with Resolver(**options) as resolver:
        return [resolver.resolve(link) for link in links]


def in_asyncio(options: dict, links: list[str]) -> list:
    async def main():
        async with AsyncResolver(**options) as resolver:
            return [await resolver.resolve(link) for link in links]

    return asyncio.run(main())


def over_aiohttp(options: dict, links: list[str]) -> list:
    return plainly(options | {"transport": "fast"}, links)


@pytest.mark.parametrize("resolve", [plainly, in_asyncio, over_aiohttp], ids=["plain", "asyncio", "fast"])
@pytest.mark.parametrize("case", PLAYED, ids=lambda case: case["id"])
def test_of_what_servers_do_comes_what_must(case, resolve):
    for variant in variants(case):
        check(variant, resolve)


@pytest.fixture
def slow():
    """A link that leads to another one, which takes its time."""
    with Web() as web:
        web.on("t.co/zKHAP1vQMJ", redirect("https://bit.ly/b"))
        web.on("bit.ly/b", redirect(DEST)._replace(delay=5))
        yield web


def settled(web: Web, cache: MemoryCache) -> None:
    """Nothing false is kept, and the next one who asks gets the true answer."""
    assert cache.stats().answers == 1
    web.on("bit.ly/b", redirect(DEST))
    with web.resolver(cache=cache) as resolver:
        assert resolver.resolve(LINK).final_url == DEST


def cancelled_in_asyncio(web: Web, cache: MemoryCache) -> None:
    async def main():
        async with web.async_resolver(cache=cache) as resolver:
            task = asyncio.ensure_future(resolver.resolve(LINK))
            while not web.hits("bit.ly"):  # noqa: ASYNC110  the web lives in another thread
                await asyncio.sleep(0.01)
            task.cancel()
            with pytest.raises(asyncio.CancelledError):
                await task
            await asyncio.sleep(0.05)
            return asyncio.all_tasks() - {asyncio.current_task()}

    assert asyncio.run(main()) == set()


def cancelled_plainly(web: Web, cache: MemoryCache) -> None:
    """Leave the loop over the results when the first has come: what is under way is given up."""
    web.on("t.co/quick", redirect(DEST))
    with web.resolver(cache=cache) as resolver:
        for url, _ in resolver.resolve_many([LINK, "mailto:nobody@dest.example"]):
            assert url.startswith("mailto:")
            while not web.hits("bit.ly"):
                pass
            break


@pytest.mark.parametrize("give_up", [cancelled_plainly, cancelled_in_asyncio], ids=["plain", "asyncio"])
@pytest.mark.parametrize("case", ["cancel"])
def test_whoever_gives_up_leaves_nothing_behind(case, give_up, slow):
    assert case in {known["id"] for known in CASES}
    cache = MemoryCache(now=Clock().now)
    threads = threading.active_count()
    give_up(slow, cache)
    gc.collect()  # a socket that is still open warns now, and a warning is an error
    assert threading.active_count() == threads
    settled(slow, cache)


def many_plainly(options: dict, links: list[str]) -> list:
    with Resolver(**options) as resolver:
        return list(resolver.resolve_many(links))


def many_in_asyncio(options: dict, links: list[str]) -> list:
    async def main():
        async with AsyncResolver(**options) as resolver:
            return [pair async for pair in resolver.resolve_many(links)]

    return asyncio.run(main())


@pytest.mark.parametrize("resolve_many", [many_plainly, many_in_asyncio], ids=["plain", "asyncio"])
@pytest.mark.parametrize("case", ["pool-exhaust"])
def test_a_crowd_of_links_gets_through_a_slow_host(case, resolve_many):
    assert case in {known["id"] for known in CASES}
    links = [f"https://t.co/{n}" for n in range(500)]
    with Web() as web:
        web.on("t.co", *[redirect(f"{DEST}/{n}")._replace(delay=0.01) for n in range(500)])
        web.on("dest.example", say(200, "<p>A page"))
        options = web.options(check_target=True, limits=LIMITS._replace(links=100, per_host=10, hop_seconds=5.0))
        found = resolve_many(options, links)
        assert sorted(url for url, _ in found) == sorted(links)
        assert {(what.expansion, what.target) for _, what in found} == {("expanded", "ok")}
        assert (web.hits("t.co"), web.hits("dest.example")) == (500, 500)
        assert web.server.most_open <= 20


def test_every_known_case_is_played_and_says_what_is_accepted():
    if not FACTS.exists():
        pytest.skip(f"{FACTS} is not here: the cases are checked against it where it is")
    facts = {fact["id"]: fact for fact in json.loads(FACTS.read_text(encoding="utf-8")) if fact["group"][0] in "ABCDEF"}
    ours = {case["id"]: case for case in CASES}
    assert set(ours) == set(facts)
    for name, fact in facts.items():
        for field in ("expansion", "target"):
            words = ours[name].get(field, [])
            said = {words} if isinstance(words, str) else set(words)
            if not any("{" in word for word in said):
                assert said <= set(fact[f"accept_{field}"]) or not fact[f"accept_{field}"], (name, field)
