"""Resolvers outlast hostile servers, odd options and askers that give up; nothing leaves 127.0.0.1."""

from __future__ import annotations

import asyncio
import gzip
import threading
import time

import httpx
import pytest
from simulator import QUICK, Say, Web, redirect, say, stub

from tweetlinks.cache import MemoryCache, SqliteCache
from tweetlinks.fetch import AsyncResolver, Limits, Resolver

LINK = "https://t.co/zKHAP1vQMJ"
DEST = "https://dest.example/a?x=1"


@pytest.fixture(autouse=True)
def _online(monkeypatch):
    monkeypatch.delenv("TWEETLINKS_OFFLINE", raising=False)


@pytest.fixture(params=[None, "fast"], ids=["httpx", "fast"])
def web(request):
    with Web(request.param) as made:
        made.on("dest.example", say(200, "<p>A page"))
        yield made


# What a server asks for.


@pytest.mark.parametrize(("value", "seconds"), [("600", 600.0), ("9" * 30, 86400.0)])
@pytest.mark.parametrize(("status", "word"), [(429, "rate-limited"), (503, "server-error")])
def test_a_server_that_says_later_is_left_alone_until_then(web, value, seconds, status, word):
    web.on("t.co", say(status, retry_after=value))
    with web.resolver() as resolver:
        first, second = resolver.resolve("https://t.co/a"), resolver.resolve("https://t.co/b")
    assert (first.expansion, first.retry_after) == (word, seconds)
    assert (second.expansion, second.attempts, second.retry_after) == (word, 0, None)
    assert web.hits("t.co") == 1


@pytest.mark.parametrize("value", ["0", "-60", "soon", "Tue, 24 Nov 2020 10:00:09 GMT"])
def test_a_server_that_says_at_once_for_ever_is_left_alone_too(web, value):
    web.on("t.co", say(429, retry_after=value))
    with web.resolver(limits=QUICK._replace(failures=4)) as resolver:
        found = [resolver.resolve(f"https://t.co/{n}") for n in range(5)]
    assert web.hits("t.co") == 4
    assert {what.expansion for what in found} == {"rate-limited"}
    assert found[-1].attempts == 0


# What a server calls its letters.

CODECS = ["utf-7", "idna", "unicode_escape", "raw_unicode_escape", "punycode", "rot13", "zip", "base64", "utf_8_sig"]
ODD = [*CODECS, "undefined", "mbcs", "os", "no-such-thing", "../../etc/passwd", "x" * 5000, "utf-8\tx", "\xe9", ""]


@pytest.mark.parametrize("charset", ODD)
def test_a_charset_of_no_page_is_read_as_utf_8(web, tmp_path, charset):
    page = rb"<p>+2AA- \ud83d \N{BULLET}</p>" + stub(DEST).data.partition(b"\r\n\r\n")[2]
    web.on("t.co/a", say(200, page, content_type=f"text/html; charset={charset}"))
    cache = SqliteCache(tmp_path / "c.sqlite", now=time.time)
    with web.resolver(cache=cache) as resolver:
        found = resolver.resolve("https://t.co/a")
    assert (found.expansion, found.final_url) == ("expanded", DEST)
    assert cache.get("https://t.co/a").body == page.decode()
    cache.close()


@pytest.mark.parametrize(
    ("charset", "data"),
    [
        ("UTF-16", "é".encode("utf-16")),
        ("utf-16le", b"\x00\xd8\xe9\x00"),
        ("shift_jis", "あ".encode("shift_jis") + b"\xff"),
        ("gb18030", b"\x83\x36\xc7\x39"),
        ("'windows-1252' ; x=y", b"caf\xe9\x81"),
        ("utf-8", b"\xed\xa0\x80"),
    ],
)
def test_whatever_a_page_holds_can_be_kept(web, tmp_path, charset, data):
    web.on("t.co/a", say(200, data, content_type=f"text/html; charset={charset}"))
    with web.resolver(cache=tmp_path / "c.sqlite") as resolver:
        assert resolver.resolve("https://t.co/a").expansion == "interstitial-unparsed"
        assert resolver.resolve("https://t.co/a").source == "cache"


# Askers that give up.


def test_the_answer_is_kept_and_counted_though_the_first_asker_gave_up(web):
    web.on("t.co/a", redirect(DEST)._replace(delay=0.3))
    cache = MemoryCache(now=time.time)

    async def main():
        async with web.async_resolver(cache=cache) as resolver:
            first = asyncio.ensure_future(resolver.resolve("https://t.co/a"))
            await asyncio.sleep(0.1)
            others = [asyncio.ensure_future(resolver.resolve("https://t.co/a")) for _ in range(3)]
            await asyncio.sleep(0.05)
            first.cancel()
            found = await asyncio.gather(first, *others, return_exceptions=True)
            return found, asyncio.all_tasks() - {asyncio.current_task()}

    (gone, *found), left = asyncio.run(main())
    assert isinstance(gone, asyncio.CancelledError)
    assert [what.final_url for what in found] == [DEST] * 3
    assert sum(what.attempts for what in found) == 1
    assert (web.hits("t.co"), cache.stats().answers, left) == (1, 1, set())


def test_whoever_gives_up_in_the_pause_before_a_repetition_leaves_it_to_the_others(web):
    web.on("t.co/a", say(503)._replace(delay=0.1), redirect(DEST))

    async def main():
        async with web.async_resolver(limits=QUICK._replace(backoff=0.4)) as resolver:
            tasks = [asyncio.ensure_future(resolver.resolve("https://t.co/a")) for _ in range(3)]
            await asyncio.sleep(0.3)
            tasks[0].cancel()
            return await asyncio.gather(*tasks, return_exceptions=True)

    _, *found = asyncio.run(main())
    assert [what.final_url for what in found] == [DEST] * 2
    assert web.hits("t.co") == 2


# Bodies that do not end.


HEADS = {
    "until it hangs up": b"",
    "of a length": b"content-length: 9000\r\n",
    "in chunks": b"transfer-encoding: chunked\r\n",
    "packed": b"content-encoding: gzip\r\n",
}
BODIES = {"in chunks": b"1\r\nx\r\n" * 1000, "packed": gzip.compress(b"<p>" * 4000)}


@pytest.mark.parametrize("name", HEADS)
def test_a_page_that_drips_is_ended_by_the_clock(web, name):
    head = b"HTTP/1.1 200 X\r\ncontent-type: text/html\r\n" + HEADS[name] + b"\r\n"
    web.on("t.co/a", Say(head + BODIES.get(name, b"<p>" * 3000), drip=0.001, then="hang"))
    begun = time.perf_counter()
    with web.resolver(limits=QUICK._replace(hop_seconds=0.3)) as resolver:
        assert resolver.resolve("https://t.co/a").expansion == "timeout"
    assert time.perf_counter() - begun < 3


def test_a_redirect_whose_small_body_drips_costs_a_second_at_most(web):
    web.on("t.co/a", redirect(DEST, content_length="9000")._replace(then="hang"))
    begun = time.perf_counter()
    with web.resolver(limits=Limits()) as resolver:
        assert resolver.resolve("https://t.co/a").final_url == DEST
    assert time.perf_counter() - begun < 3


class Stubborn(httpx.AsyncByteStream):
    """A body that never ends and does not let go."""

    async def __aiter__(self):
        while True:
            await asyncio.sleep(0.05)
            yield b"<p>"

    async def aclose(self):
        await asyncio.sleep(60)


def test_a_transport_that_does_not_let_go_is_left():
    class Canned(httpx.AsyncBaseTransport):
        async def handle_async_request(self, _request):
            return httpx.Response(200, headers={"content-type": "text/html"}, stream=Stubborn())

    begun = time.perf_counter()
    limits = QUICK._replace(hop_seconds=0.2, tries=1)
    with Resolver(transport=Canned(), resolve_host=lambda *_: ["93.184.216.34"], limits=limits) as resolver:
        assert resolver.resolve(LINK).expansion == "timeout"
    assert time.perf_counter() - begun < 4


def test_a_plain_transport_that_drips_is_ended_and_told_when_to_come_back():
    told, ended = {}, threading.Event()

    class Slow(httpx.SyncByteStream):
        def __iter__(self):
            for _ in range(10):
                time.sleep(0.2)
                yield b"<p>"

        def close(self):
            ended.set()

    class Canned(httpx.BaseTransport):
        def handle_request(self, request):
            told.update(request.extensions["timeout"])
            return httpx.Response(200, headers={"content-type": "text/html"}, stream=Slow())

    begun = time.perf_counter()
    limits = QUICK._replace(hop_seconds=0.3, tries=1)
    with Resolver(transport=Canned(), resolve_host=lambda *_: ["93.184.216.34"], limits=limits) as resolver:
        assert resolver.resolve(LINK).expansion == "timeout"
    assert time.perf_counter() - begun < 2
    assert told["read"] < 2
    assert told["write"] < 2
    assert ended.is_set()


# Options that make no sense.


@pytest.mark.parametrize("kind", [Resolver, AsyncResolver])
@pytest.mark.parametrize("name", Limits._fields)
@pytest.mark.parametrize("value", [-1, float("nan"), "2", None, True, [], 0])
def test_a_limit_that_makes_no_sense_is_named(kind, name, value, tmp_path):
    if value == 0 and name in {"patience", "backoff", "spacing", "rest_seconds"}:
        kind(limits=Limits(**{name: value}))
        return
    with pytest.raises(ValueError, match=rf"^Limits\.{name} is a .*number"):
        kind(limits=Limits(**{name: value}), cache=tmp_path / "c.sqlite")
    assert not (tmp_path / "c.sqlite").exists()


@pytest.mark.parametrize("limits", [None, (), {"hops": 3}, 5])
def test_limits_of_another_kind_are_refused(limits):
    with pytest.raises(ValueError, match="limits is a Limits"):
        Resolver(limits=limits)


@pytest.mark.parametrize("name", ["a\r\nb: c", "caf\xe9", " a", "\0"])
def test_a_name_that_is_no_header_is_refused(name):
    with pytest.raises(ValueError, match="user_agent"):
        Resolver(user_agent=name)


def test_one_network_may_be_allowed_as_it_is(web):
    web.on("t.co/a", redirect("http://inside.example/"))
    web.on("inside.example", say(200))
    web.names["inside.example"] = ["10.1.2.3"]
    with web.resolver(check_target=True, allow="10.0.0.0/8") as resolver:
        assert resolver.resolve("https://t.co/a").target == "ok"


def test_limits_without_an_end_are_limits(web):
    web.on("t.co/a", redirect(DEST))
    endless = Limits(hop_seconds=float("inf"), chain_seconds=float("inf"), connect_seconds=float("inf"))
    with web.resolver(limits=endless) as resolver:
        assert resolver.resolve("https://t.co/a").final_url == DEST
