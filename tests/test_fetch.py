"""Resolvers ask politely, safely and no more than needed; nothing leaves 127.0.0.1."""

from __future__ import annotations

import asyncio
import gc
import gzip
import os
import signal
import socket
import subprocess
import sys
import threading
import time
import warnings

import httpx
import pytest
from simulator import QUICK, Say, Web, redirect, say, stub

from tweetlinks import __version__
from tweetlinks.cache import MemoryCache
from tweetlinks.errors import CacheError, MissingExtra
from tweetlinks.fetch import AsyncResolver, Limits, Resolver
from tweetlinks.fetch.guard import Blocked, Guard, system_lookup
from tweetlinks.fetch.pace import MOST_LANES, Failure, Pace
from tweetlinks.model import Answer

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


def outcome(found) -> tuple:
    return found.expansion, found.target, found.final_url


# What people do: plain, mocked, in both colours.


def test_a_redirect_is_followed_no_further_than_the_shortener(httpx_mock):
    httpx_mock.add_response(url=LINK, status_code=301, headers={"location": DEST})
    with Resolver() as resolver:
        found = resolver.resolve(LINK)
    assert outcome(found) == ("expanded", "unchecked", DEST)
    assert [(hop.url, hop.status, hop.via) for hop in found.hops] == [(LINK, 301, "http")]
    assert (found.source, found.attempts, found.method) == ("network", 1, "http")


def test_the_target_is_asked_on_request(httpx_mock):
    httpx_mock.add_response(url=LINK, status_code=301, headers={"location": DEST})
    httpx_mock.add_response(url=DEST, status_code=404)
    with Resolver(check_target=True) as resolver:
        assert outcome(resolver.resolve(LINK)) == ("expanded", "not-found", DEST)


def test_we_say_who_we_are_and_nothing_else(httpx_mock):
    httpx_mock.add_response(url=LINK, status_code=301, headers={"location": "https://bit.ly/b", "set-cookie": "muc=1"})
    httpx_mock.add_response(url="https://bit.ly/b", status_code=301, headers={"location": DEST})
    with Resolver() as resolver:
        resolver.resolve(LINK)
    for request in httpx_mock.get_requests():
        sent = dict(request.headers)
        assert sent.pop("user-agent").startswith(f"tweetlinks/{__version__} ")
        assert sent == {"host": request.url.host, "accept": "*/*", "accept-encoding": "identity"}


def test_another_name_can_be_given(httpx_mock):
    httpx_mock.add_response(url=LINK, status_code=404)
    with Resolver(user_agent="archive-of-x/2") as resolver:
        resolver.resolve(LINK)
    assert httpx_mock.get_request().headers["user-agent"] == "archive-of-x/2"


def test_asyncio_has_the_same(httpx_mock):
    httpx_mock.add_response(url=LINK, status_code=301, headers={"location": DEST})
    httpx_mock.add_response(url="https://t.co/X1lgDNwjj7", status_code=404)

    async def main():
        async with AsyncResolver() as resolver:
            one = await resolver.resolve(LINK)
            many = {url: found async for url, found in resolver.resolve_many(["pic.twitter.com/X1lgDNwjj7", LINK])}
            return one, many, await resolver([LINK])

    one, many, mapping = asyncio.run(main())
    assert outcome(one) == ("expanded", "unchecked", DEST)
    assert {url: found.expansion for url, found in many.items()} == {
        "pic.twitter.com/X1lgDNwjj7": "dead",
        LINK: "expanded",
    }
    assert mapping[LINK].source == "cache"


def test_plain_code_works_inside_a_running_loop(httpx_mock):
    httpx_mock.add_response(url=LINK, status_code=301, headers={"location": DEST})

    async def notebook():
        with Resolver() as resolver:
            return resolver.resolve(LINK)

    assert asyncio.run(notebook()).expansion == "expanded"


def test_a_resolver_is_a_mapping_for_the_pipeline_and_tells_of_progress(httpx_mock):
    httpx_mock.add_response(url=LINK, status_code=301, headers={"location": DEST})
    told = []
    with Resolver(progress=lambda url, found: told.append((url, found.expansion))) as resolver:
        found = resolver([LINK, "mailto:x@dest.example", LINK])
    assert {url: what.expansion for url, what in found.items()} == {
        LINK: "expanded",
        "mailto:x@dest.example": "unsupported-scheme",
    }
    assert sorted(set(told)) == sorted([(LINK, "expanded"), ("mailto:x@dest.example", "unsupported-scheme")])


def test_a_closed_resolver_opens_itself_again(httpx_mock):
    httpx_mock.add_response(url=LINK, status_code=404)
    httpx_mock.add_response(url="https://t.co/b", status_code=404)
    resolver = Resolver()
    assert resolver.resolve(LINK).expansion == "dead"
    resolver.close()
    assert resolver.resolve("https://t.co/b").expansion == "dead"
    resolver.close()


def test_a_forgotten_resolver_takes_its_thread_along(httpx_mock):
    httpx_mock.add_response(url=LINK, status_code=404)
    before = threading.active_count()
    resolver = Resolver()
    resolver.resolve(LINK)
    assert threading.active_count() > before
    del resolver
    gc.collect()
    assert threading.active_count() == before


@pytest.mark.parametrize("colour", [httpx.BaseTransport, httpx.AsyncBaseTransport])
def test_a_transport_of_the_caller_is_used_after_the_guard_has_looked(colour):
    class Canned(colour):
        asked = 0

        def handle_request(self, request):
            type(self).asked += 1
            page = b"<script>location.replace(nowhere)</script>" * (request.url.path == "/page")
            headers = {"location": DEST} if not page else {"content-type": "text/html"}
            return httpx.Response(200 if page else 301, headers=headers, content=page)

        async def handle_async_request(self, request):
            return self.handle_request(request)

    if colour is httpx.BaseTransport:
        del Canned.handle_async_request
    names = {"t.co": ["93.184.216.34"], "bit.ly": ["10.0.0.5"]}
    seams = {"transport": Canned(), "resolve_host": lambda host, _port: names[host]}
    with Resolver(**seams) as resolver:
        assert resolver.resolve(LINK).final_url == DEST
        assert resolver.resolve("https://t.co/page").expansion == "interstitial-unparsed"
        assert resolver.resolve("https://bit.ly/a").target == "blocked-address"
    with Resolver(**seams, check_target=True) as resolver:
        assert resolver.resolve("http://127.0.0.1/").target == "blocked-address"
    assert Canned.asked == 2


def test_a_transport_is_known_by_its_word_and_its_package(monkeypatch):
    with pytest.raises(ValueError, match="a httpx transport or \"fast\", not 'faster'"):
        Resolver(transport="faster")
    monkeypatch.setattr("tweetlinks.fetch.faces.find_spec", lambda _name: None)
    with pytest.raises(MissingExtra, match=r"aiohttp is not installed: .*tweetlinks\[fast\]"):
        Resolver(transport="fast")


def test_a_resolver_goes_on_in_a_forked_process(web):
    web.on("t.co", redirect(DEST))
    with web.resolver() as resolver:
        assert resolver.resolve("https://t.co/a").expansion == "expanded"
        with warnings.catch_warnings():
            warnings.simplefilter("ignore", DeprecationWarning)  # of 3.12: a fork beside threads
            child = os.fork()
        if child == 0:
            os._exit(0 if resolver.resolve("https://t.co/b").expansion == "expanded" else 1)
        assert os.waitpid(child, 0)[1] == 0


def test_an_interrupt_ends_a_resolve_and_the_resolver_goes_on(web):
    web.on("t.co/slow", Say(delay=5))
    web.on("t.co/a", redirect(DEST))

    def interrupt(*_):
        raise KeyboardInterrupt

    before = signal.signal(signal.SIGALRM, interrupt)
    try:
        with web.resolver(limits=Limits()) as resolver:
            signal.setitimer(signal.ITIMER_REAL, 0.2)
            with pytest.raises(KeyboardInterrupt):
                resolver.resolve("https://t.co/slow")
            assert resolver.resolve("https://t.co/a").expansion == "expanded"
    finally:
        signal.signal(signal.SIGALRM, before)


# Offline, and without a network.


@pytest.mark.parametrize("how", ["option", "environment"])
def test_offline_sends_nothing_but_reads_the_cache(httpx_mock, monkeypatch, how):
    cache = MemoryCache(now=time.time)
    cache.put(LINK, Answer(LINK, 301, (("location", DEST),), "", "2026-11-24T12:00:00Z", 3))
    if how == "environment":
        monkeypatch.setenv("TWEETLINKS_OFFLINE", "1")
    with Resolver(cache=cache, offline=how == "option") as resolver:
        known, unknown = resolver.resolve(LINK), resolver.resolve("https://t.co/other")
    assert (known.expansion, known.source) == ("expanded", "cache")
    assert (unknown.expansion, unknown.error, unknown.attempts) == ("offline", "not asked: offline", 0)
    assert unknown.source == "cache"
    assert not httpx_mock.get_requests()


def test_offline_loads_no_client():
    code = (
        "import sys; from tweetlinks import Resolver\n"
        "with Resolver(offline=True) as r: assert r.resolve('https://t.co/a').expansion == 'offline'\n"
        "assert not {'httpx', 'httpcore', 'tenacity'} & set(sys.modules)"
    )
    subprocess.run([sys.executable, "-c", code], check=True, env={"PYTHONPATH": ":".join(sys.path), "PATH": ""})


@pytest.mark.parametrize("code", [socket.EAI_NONAME, socket.EAI_AGAIN])
def test_without_a_network_a_hundred_links_end_at_once_and_each_says_why(web, code):
    web.names["t.co"] = socket.gaierror(code, "no name server")
    begun = time.perf_counter()
    with web.resolver(limits=Limits()) as resolver:
        found = [what for _, what in resolver.resolve_many(f"https://t.co/{n}" for n in range(100))]
    assert time.perf_counter() - begun < 3
    assert {what.expansion for what in found} == {"dns-error"}
    assert all("no name server" in what.error for what in found)
    assert web.lookups["t.co"] < 10


# The cache, and one request for many.


@pytest.mark.parametrize("check_target", [False, True])
def test_a_second_run_with_the_same_file_sends_nothing(web, tmp_path, check_target):
    web.on("t.co/a", redirect("https://bit.ly/b"))
    web.on("bit.ly/b", stub(DEST))
    web.on("t.co/none", say(404))
    urls = ["https://t.co/a", "https://t.co/none", "pic.twitter.com/a", "http://t.co/a?amp=1"]
    with web.resolver(cache=tmp_path / "c.sqlite", check_target=check_target) as resolver:
        first = resolver(urls)
    sent = len(web.requests)
    with web.resolver(cache=tmp_path / "c.sqlite", check_target=check_target) as resolver:
        second = resolver(urls)
    assert sent == 3 + check_target
    assert len(web.requests) == sent
    assert {url: outcome(found) for url, found in first.items()} == {
        url: outcome(found) for url, found in second.items()
    }
    assert all((found.source, found.attempts) == ("cache", 0) for found in second.values())


def test_a_cache_that_cannot_be_used_is_said_at_once(tmp_path):
    (tmp_path / "c.sqlite").write_text("not a database, but long enough to be taken for the header of one " * 9)
    with pytest.raises(CacheError, match=r"c\.sqlite"):
        Resolver(cache=tmp_path / "c.sqlite")


def test_many_askers_of_one_link_send_one_request(web):
    web.on("t.co/a", redirect("https://bit.ly/b")._replace(delay=0.2))
    web.on("bit.ly/b", redirect(DEST))
    with web.resolver() as resolver:
        found = list(resolver.resolve_many(["https://t.co/a"] * 10))
    assert [what.final_url for _, what in found] == [DEST] * 10
    assert (web.hits("t.co"), web.hits("bit.ly")) == (1, 1)
    assert sum(what.attempts for _, what in found) == 2


def test_many_askers_who_are_told_to_come_back_send_one_request_then(web):
    web.on("t.co/a", say(503)._replace(delay=0.1), redirect(DEST))
    with web.resolver() as resolver:
        found = list(resolver.resolve_many(["https://t.co/a"] * 10))
    assert [what.final_url for _, what in found] == [DEST] * 10
    assert web.hits("t.co") == 2


def test_an_asker_that_gives_up_leaves_the_request_to_the_others(web):
    web.on("t.co/a", redirect(DEST)._replace(delay=0.3))

    async def main():
        async with web.async_resolver() as resolver:
            first = asyncio.ensure_future(resolver.resolve("https://t.co/a"))
            await asyncio.sleep(0.1)
            second = asyncio.ensure_future(resolver.resolve("https://t.co/a"))
            await asyncio.sleep(0.05)
            first.cancel()
            found = await second
            with pytest.raises(asyncio.CancelledError):
                await first
            return found

    assert asyncio.run(main()).final_url == DEST
    assert web.hits("t.co") == 1


def test_a_cancelled_resolve_leaves_no_task_and_no_answer_behind(web):
    web.on("t.co/a", Say(delay=5))

    async def main():
        async with web.async_resolver(cache=(cache := MemoryCache(now=time.time))) as resolver:
            task = asyncio.ensure_future(resolver.resolve("https://t.co/a"))
            await asyncio.sleep(0.1)
            task.cancel()
            await asyncio.gather(task, return_exceptions=True)
            await asyncio.sleep(0.05)
            return asyncio.all_tasks() - {asyncio.current_task()}, cache.stats().answers

    assert asyncio.run(main()) == (set(), 0)


def test_results_come_as_they_finish_and_leaving_early_is_allowed(web):
    web.on("t.co/slow", redirect(DEST)._replace(delay=0.4))
    web.on("t.co/quick", redirect(DEST))
    with web.resolver() as resolver:
        assert next(iter(resolver.resolve_many(["https://t.co/slow", "https://t.co/quick"])))[0] == "https://t.co/quick"


def test_urls_are_read_as_far_as_needed(web):
    web.on("t.co", redirect(DEST))
    read = []

    def urls():
        for n in range(10_000):
            read.append(n)
            yield f"https://t.co/{n}"

    with web.resolver(limits=QUICK._replace(links=4)) as resolver:
        found = resolver.resolve_many(urls())
        next(found)
        found.close()
    assert len(read) <= 8


# Asking again, and pausing.


@pytest.mark.parametrize("trouble", [say(503), say(429), say(500), Say(then="close"), Say(delay=2)])
def test_what_passes_is_asked_again(web, trouble):
    web.on("t.co/a", trouble, redirect(DEST))
    with web.resolver(check_target=True) as resolver:
        found = resolver.resolve("https://t.co/a")
    assert outcome(found) == ("expanded", "ok", DEST)
    assert (found.attempts, web.hits("t.co")) == (3, 2)


@pytest.mark.parametrize("status", [400, 403, 404, 410, 451, 501])
def test_what_does_not_pass_is_asked_once(web, status):
    web.on("t.co/a", say(status))
    with web.resolver() as resolver:
        assert resolver.resolve("https://t.co/a").final_url is None
    assert web.hits("t.co") == 1


def test_retry_after_is_waited_for_on_the_clock_we_are_given(web):
    web.on("t.co/a", say(429, retry_after="2"), say(429, retry_after="2"), redirect(DEST))
    slept = []
    begun = time.perf_counter()
    with web.resolver(sleep=slept.append, limits=QUICK._replace(chain_seconds=30)) as resolver:
        assert resolver.resolve("https://t.co/a").attempts == 3
    assert time.perf_counter() - begun < 1
    assert sum(2 <= seconds < 3 for seconds in slept) == 2


def test_a_server_that_wants_a_day_is_left_alone(web):
    web.on("t.co", say(429, retry_after="86400"))
    with web.resolver() as resolver:
        first, second = resolver.resolve("https://t.co/a"), resolver.resolve("https://t.co/b")
    assert (first.expansion, first.retry_after) == ("rate-limited", 86400)
    assert (second.expansion, second.attempts) == ("rate-limited", 0)
    assert web.hits("t.co") == 1


def test_a_link_has_so_many_seconds_in_all(web):
    for n in range(9):
        web.on(f"t.co/{n}", redirect(f"https://t.co/{n + 1}")._replace(delay=0.15))
    web.on("t.co/later", say(503))
    with web.resolver(limits=QUICK._replace(chain_seconds=0.4, backoff=0.5)) as resolver:
        slow, later = resolver.resolve("https://t.co/0"), resolver.resolve("https://t.co/later")
    assert (slow.expansion, slow.final_url) == ("timeout", slow.hops[-1].url)
    assert len(slow.hops) in {3, 4}
    assert (later.expansion, later.attempts) == ("server-error", 1)


def test_a_host_that_keeps_failing_is_left_alone_and_others_are_not(web):
    web.on("t.co", say(403))
    web.on("bit.ly", redirect(DEST))
    with web.resolver() as resolver:
        found = [resolver.resolve(f"https://t.co/{n}") for n in range(6)]
        assert resolver.resolve("https://bit.ly/a").expansion == "expanded"
    assert [what.attempts for what in found] == [1, 1, 1, 0, 0, 0]
    assert {what.expansion for what in found} == {"blocked-by-host"}


def test_one_slow_link_does_not_close_its_host(web):
    web.on("t.co/slow", Say(delay=5))
    web.on("t.co/quick", redirect(DEST))
    with web.resolver(limits=QUICK._replace(hop_seconds=0.1)) as resolver:
        assert resolver.resolve("https://t.co/slow").expansion == "timeout"
        assert resolver.resolve("https://t.co/quick").expansion == "expanded"


def test_a_host_is_asked_by_so_many_at_a_time_and_so_often(web):
    web.on("t.co", redirect(DEST)._replace(delay=0.1))
    limits = QUICK._replace(per_host=2, spacing=0.03)
    begun = time.perf_counter()
    with web.resolver(limits=limits) as resolver:
        assert len(resolver([f"https://t.co/{n}" for n in range(8)])) == 8
    assert web.connections <= 2
    assert time.perf_counter() - begun >= 0.4


# Servers that misbehave.


def bare(*lines: str) -> bytes:
    return "\r\n".join(lines).encode("latin-1")


BOMB = gzip.compress(b"\0" * 30_000_000)
BAD = {
    "slow headers": (Say(delay=5), "timeout"),
    "drip": (Say(bare("HTTP/1.1 301 X", *["x: y"] * 100), drip=0.05), "timeout"),
    "half a header": (Say(bare("HTTP/1.1 301 X", "Location: htt"), then="close"), "protocol-error"),
    "garbage": (Say(b"\x00\x01\x02 hello\r\n\r\n", then="close"), "protocol-error"),
    "header flood": (Say(bare("HTTP/1.1 200 X", "x: " + "y" * 200_000, "", "")), "protocol-error"),
    "damaged gzip": (say(200, b"hello", content_encoding="gzip"), "protocol-error"),
    "compression nobody asked for": (say(200, b"hello", content_encoding="zstd"), "protocol-error"),
    "gzip bomb": (say(200, BOMB, content_encoding="gzip"), "too-large"),
    "endless body": (Say(bare("HTTP/1.1 200 X", "content-type: text/html", "", ""), then="repeat"), "too-large"),
    "no Location": (say(301), "invalid-location"),
    "two Locations": (
        Say(bare("HTTP/1.1 301 X", "location: /a", "location: /b", "", ""), then="close"),
        "invalid-location",
    ),
    "javascript": (redirect("javascript:alert(1)"), "unsupported-scheme"),
    "loop": (redirect("https://t.co/a"), "loop"),
}


@pytest.mark.parametrize("name", BAD)
def test_a_server_that_misbehaves_gives_an_outcome_in_time(web, name):
    step, expected = BAD[name]
    web.on("t.co/a", step)
    begun = time.perf_counter()
    with web.resolver(limits=QUICK._replace(hop_seconds=0.4)) as resolver:
        found = resolver.resolve("https://t.co/a")
    assert (found.expansion, found.target, found.final_url) == (expected, "unchecked", None)
    assert found.error
    assert time.perf_counter() - begun < 3


GOOD = {
    "stub": stub(DEST),
    "chunked": Say(bare("HTTP/1.1 301 X", f"location: {DEST}", "transfer-encoding: chunked", "", "0", "", "")),
    "small body": redirect(DEST)._replace(
        data=bare("HTTP/1.1 301 X", f"location: {DEST}", "content-length: 2", "", "ok")
    ),
    "huge body": Say(bare("HTTP/1.1 301 X", f"location: {DEST}", "content-length: 999999999", "", ""), then="hang"),
    "body that never ends": Say(
        bare("HTTP/1.1 301 X", f"location: {DEST}", "connection: close", "", ""), then="repeat"
    ),
    "gzip": say(200, gzip.compress(stub(DEST).data.partition(b"\r\n\r\n")[2]), content_encoding="gzip"),
    "bytes of latin-1": redirect("https://dest.example/caf\xe9"),
}


@pytest.mark.parametrize("name", GOOD)
def test_odd_but_readable_answers_are_read(web, name):
    web.on("t.co/a", GOOD[name])
    with web.resolver(check_target=True) as resolver:
        found = resolver.resolve("https://t.co/a")
    assert outcome(found)[:2] == ("expanded", "ok")
    assert found.final_url in {DEST, "https://dest.example/caf%E9"}


def test_connections_are_used_again(web):
    web.on("t.co", GOOD["small body"])
    with web.resolver() as resolver:
        for n in range(5):
            resolver.resolve(f"https://t.co/{n}")
    assert web.connections == 1


def test_an_answer_that_came_since_a_link_began_is_used(httpx_mock):
    class Late(MemoryCache):
        def get(self, url):
            held = super().get(url)
            self.put(url, Answer(url, 301, (("location", DEST),), "", "1970-01-01T00:00:00Z", 1))
            return held

    with Resolver(cache=Late(now=time.time)) as resolver:
        assert outcome(resolver.resolve(LINK)) == ("expanded", "unchecked", DEST)
    assert not httpx_mock.get_requests()


def test_no_more_connections_are_kept_than_two_for_a_link_that_may_be_under_way(web):
    hosts = [f"far{n}.example" for n in range(6)]
    for host in hosts:
        web.on(host, say(404))
    with web.resolver(check_target=True, limits=QUICK._replace(links=1, per_host=2)) as resolver:
        for n, host in enumerate([*hosts, hosts[-1], hosts[-2]]):
            resolver.resolve(f"https://{host}/{n}")
        deadline = time.monotonic() + 5
        while web.server.open > 2 and time.monotonic() < deadline:
            time.sleep(0.01)
        assert web.server.open == 2
    assert web.connections == 6


@pytest.mark.parametrize(
    ("prepare", "target"),
    [
        (lambda web: web.closed.add("far.example"), "connect-error"),
        (lambda web: web.server.certificates.update({"far.example": "self-signed"}), "tls-error"),
        (lambda web: web.names.update({"far.example": socket.gaierror(socket.EAI_NONAME, "?")}), "dns-error"),
        (lambda web: web.names.update({"far.example": ["93.184.216.34", "127.0.0.1"]}), "blocked-address"),
        (lambda web: web.on("far.example", say(500)), "server-error"),
        (lambda web: web.on("far.example", Say(delay=5)), "timeout"),
        (lambda web: web.on("far.example", say(403)), "forbidden"),
    ],
)
def test_a_dead_target_does_not_undo_the_expansion(web, prepare, target):
    web.on("t.co/a", redirect("https://far.example/x#top"))
    web.on("far.example", say(200))
    prepare(web)
    with web.resolver(check_target=True, limits=QUICK._replace(hop_seconds=0.3)) as resolver:
        assert outcome(resolver.resolve("https://t.co/a")) == ("expanded", target, "https://far.example/x#top")


def test_a_server_that_hangs_in_the_handshake_has_wrong_tls(web):
    web.on("t.co/a", redirect("https://far.example/"))
    web.on("far.example", say(200))
    with socket.create_server(("127.0.0.1", 0)) as silent:
        silent_port = silent.getsockname()[1]

        def connect(address, port):
            far = web.resolve_host("far.example", port)
            return ("127.0.0.1", silent_port) if address in far else web.connect(address, port)

        with web.resolver(check_target=True, connect=connect) as resolver:
            assert resolver.resolve("https://t.co/a").target == "tls-error"


def test_a_request_given_up_within_the_handshake_hangs_up():
    async def main():
        closed = asyncio.get_running_loop().create_future()

        async def silent(reader, writer):
            await reader.readuntil(b"t.co")  # the name in the first message of the handshake
            resolver_task.cancel()
            closed.set_result(await reader.read() is not None)
            writer.close()

        async with await asyncio.start_server(silent, "127.0.0.1", 0) as server:
            port = server.sockets[0].getsockname()[1]
            seams = {"resolve_host": lambda *_: ["93.184.216.34"], "connect": lambda *_: ("127.0.0.1", port)}
            async with AsyncResolver(**seams) as resolver:
                resolver_task = asyncio.ensure_future(resolver.resolve(LINK))
                return await asyncio.wait_for(closed, 2)

    assert asyncio.run(main())


# The guard.

PRIVATE = [
    "127.0.0.1", "2130706433", "0x7f.1", "127.1", "0177.0.0.1", "10.0.0.5", "100.64.0.1", "169.254.169.254", "0.1.2.3",
    "192.168.1.1", "224.0.0.1", "168.63.129.16", "192.88.99.1", "192.0.0.9", "255.255.255.255", "[::1]", "[::]",
    "[::ffff:10.0.0.1]", "[::127.0.0.1]", "[2002:7f00:1::]", "[64:ff9b::7f00:1]", "[64:ff9b:1::7f00:1]", "[fec0::1]",
    "[fe80::1]", "[fd00::1]", "[3fff::1]", "[5f00::1]", "[ff02::1]", "[2001:0:7f00:1::1]", "[2001:db8::1]",
]  # fmt: skip


@pytest.mark.parametrize("host", PRIVATE)
def test_an_address_that_is_not_public_is_not_contacted(web, host):
    web.on("t.co/a", redirect(f"http://{host}/latest"))
    with web.resolver(check_target=True) as resolver:
        found = resolver.resolve("https://t.co/a")
    assert outcome(found) == ("expanded", "blocked-address", f"http://{host}/latest")
    assert {seen.host for seen in web.requests} == {"t.co"}
    assert set(web.lookups) == {"t.co"}


@pytest.mark.parametrize(
    "address", ["93.184.216.34", "2606:2800:220:1::1", "::ffff:93.184.216.34", "64:ff9b::5db8:d822"]
)
def test_a_public_address_may_be_contacted(address):
    assert asyncio.run(Guard(lookup=lambda *_: [address]).addresses("a.example", 443)) == [address]


@pytest.mark.parametrize("address", ["fe80::1%eth0", "10.0.0.1", "nonsense"])
def test_one_bad_address_among_good_ones_refuses_the_host(address):
    with pytest.raises(Blocked):
        asyncio.run(Guard(lookup=lambda *_: ["93.184.216.34", address]).addresses("a.example", 443))


def test_ports_and_networks_can_be_allowed():
    with pytest.raises(Blocked, match="port 8080"):
        Guard().literal("93.184.216.34", 8080)
    assert Guard([8080]).literal("93.184.216.34", 8080)
    assert Guard(["10.0.0.0/8"]).literal("10.1.2.3", 9000)
    with pytest.raises(Blocked):
        Guard(["10.0.0.0/8"]).literal("192.168.0.1", 80)
    with pytest.raises(ValueError, match="does not appear"):
        Guard(["everything"])


def test_every_hop_is_looked_at(web):
    web.on("t.co/a", redirect("http://one.example/"))
    web.on("one.example", redirect("http://two.example/"))
    web.names["two.example"] = ["192.168.0.1"]
    with web.resolver(check_target=True) as resolver:
        assert outcome(resolver.resolve("https://t.co/a")) == ("expanded", "blocked-address", "http://two.example/")


def test_the_address_that_was_looked_at_is_the_one_dialled(web):
    web.on("t.co/a", redirect("http://rebind.example/"))
    web.on("rebind.example", say(200))
    answers = iter([["93.184.216.34"], ["127.0.0.1"]])
    dialled = []

    def resolve_host(host, port):
        return next(answers) if host == "rebind.example" else web.resolve_host(host, port)

    def connect(address, port):
        dialled.append(address)
        return web.connect(address, port)

    with web.resolver(check_target=True, resolve_host=resolve_host, connect=connect) as resolver:
        assert resolver.resolve("https://t.co/a").target == "ok"
    assert "127.0.0.1" not in dialled
    assert next(answers) == ["127.0.0.1"]


def test_the_environment_s_proxies_are_not_used(web, monkeypatch):
    monkeypatch.setenv("HTTPS_PROXY", "http://127.0.0.1:9")
    monkeypatch.setenv("ALL_PROXY", "http://127.0.0.1:9")
    web.on("t.co/a", redirect(DEST))
    with web.resolver() as resolver:
        assert resolver.resolve("https://t.co/a").expansion == "expanded"


def test_names_are_looked_up_by_the_system_when_nobody_else_does():
    with Resolver(allow=["127.0.0.0/8", "::1/128"], limits=QUICK, check_target=True) as resolver:
        found = resolver.resolve("http://localhost:9/")
    assert found.expansion in {"connect-error", "dns-error"}


def test_a_name_that_cannot_exist_is_an_error_of_names():
    with pytest.raises(socket.gaierror):
        asyncio.run(system_lookup("x" * 70 + ".example", 443))
    with pytest.raises(socket.gaierror, match="no address"):
        asyncio.run(Guard(lookup=lambda *_: []).addresses("a.example", 443))


def test_lanes_that_are_over_are_forgotten_and_pauses_are_not():
    now = [0.0]

    async def sleep(seconds):
        now[0] += seconds

    async def main():
        pace = Pace(Limits(spacing=0.0), sleep=sleep, clock=lambda: now[0])
        for n in range(3 * MOST_LANES):
            pace.failed(f"host-{n}.example", Failure("dns-error", "?"), seconds=0.001)
            now[0] += 0.01
        pace.pause("slow.example", 600)
        for n in range(2 * MOST_LANES):
            pace.succeeded(f"other-{n}.example")
        begun = now[0]
        async with pace.turn("slow.example"):
            return len(pace._lanes), now[0] - begun

    lanes, waited = asyncio.run(main())
    assert lanes <= MOST_LANES + 1
    assert waited == pytest.approx(600)


def test_one_link_is_not_several_and_what_is_no_text_is_no_link():
    with Resolver(offline=True) as resolver:
        with pytest.raises(TypeError, match="urls are several"):
            next(resolver.resolve_many("https://t.co/a"))
        assert [found.expansion for _, found in resolver.resolve_many([None, float("nan"), "t.co/a"])] == [
            "not-a-link",
            "not-a-link",
            "offline",
        ]
