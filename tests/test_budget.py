"""Many processes together ask no host more often than one would."""

from __future__ import annotations

import asyncio

import pytest
from simulator import Web, redirect

from tweetlinks.errors import CacheError
from tweetlinks.fetch import SharedBudget

pytest.importorskip("limits")


@pytest.fixture(autouse=True)
def _online(monkeypatch):
    monkeypatch.delenv("TWEETLINKS_OFFLINE", raising=False)


@pytest.fixture
def server(redis_url):
    return f"redis+{redis_url}"


def ask(budget, host, times, spacing=0.1):
    return [asyncio.run(budget(host, spacing)) for _ in range(times)]


def test_two_who_share_a_server_share_what_may_be_sent(server):
    one, other = SharedBudget(server), SharedBudget(server)
    waits = [*ask(one, "t.co", 2, spacing=20), *ask(other, "t.co", 2, spacing=20)]
    assert [wait > 0 for wait in waits] == [False, True, True, True]
    assert all(0 < wait <= 20 for wait in waits[1:])


def test_hosts_and_prefixes_have_budgets_of_their_own_and_no_distance_needs_none(server):
    assert ask(SharedBudget(server), "t.co", 1, spacing=20) == [0.0]
    assert ask(SharedBudget(server), "bit.ly", 1, spacing=20) == [0.0]
    assert ask(SharedBudget(server, prefix="another run"), "t.co", 1, spacing=20) == [0.0]
    assert ask(SharedBudget(server), "t.co", 3, spacing=0) == [0.0] * 3


def test_a_resolver_waits_until_it_is_its_turn():
    slept = []

    async def sleep(seconds):
        slept.append(seconds)
        await asyncio.sleep(min(seconds, 0.01))

    asked = []

    async def budget(host, spacing):
        asked.append((host, spacing))
        return 7.0 if len(asked) == 1 else 0.0

    with Web() as web:
        web.on("t.co/a", redirect("https://dest.example/"))
        with web.resolver(budget=budget, sleep=sleep) as resolver:
            assert resolver.resolve("https://t.co/a").expansion == "expanded"
    assert asked == [("t.co", 0.0)] * 2
    assert 7.0 in slept


def test_a_server_that_is_not_there_is_an_error_that_names_it():
    with pytest.raises(CacheError, match=r"127\.0\.0\.1:1/0|the budget of t\.co"):
        ask(SharedBudget("redis://127.0.0.1:1/0"), "t.co", 1)
