"""A cache keeps what servers said, for as long as it holds, through crashes and many hands."""

from __future__ import annotations

import os
import pickle
import signal
import sqlite3
import subprocess
import sys
import time
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from itertools import count

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tweetlinks.cache import APPLICATION_ID, PREFIX, MemoryCache, RedisCache, SqliteCache
from tweetlinks.errors import CacheError, MissingExtra
from tweetlinks.fetch import Resolver
from tweetlinks.model import Answer

NOON = 1_795_521_600.0  # 2026-11-24T12:00:00Z
AT = "2026-11-24T12:00:00Z"
DAY = 86400


class Clock:
    """A clock that is set by hand."""

    def __init__(self) -> None:
        self.time = NOON

    def __call__(self) -> float:
        return self.time


def said(url: str, status: int = 301, **headers: str) -> Answer:
    named = headers or ({"location": "https://dest.example/"} if status == 301 else {})
    return Answer(url, status, tuple(named.items()), "", AT, 12)


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture(params=["memory", "sqlite", "redis"])
def cache(request, tmp_path, clock):
    if request.param == "redis":
        made = RedisCache(request.getfixturevalue("redis_url"), now=clock)
    else:
        made = MemoryCache(now=clock) if request.param == "memory" else SqliteCache(tmp_path / "c.sqlite", now=clock)
    yield made
    made.close()


def test_what_was_put_is_got(cache):
    assert cache.get("https://t.co/a") is None
    cache.put("https://t.co/a", said("https://t.co/a"))
    assert cache.get("https://t.co/a") == said("https://t.co/a")


def test_links_differ_by_case(cache):
    cache.put("https://t.co/aB", said("https://t.co/aB"))
    assert cache.get("https://t.co/AB") is None


def test_many_are_put_and_got_at_once(cache):
    answers = {f"https://t.co/{n}": said(f"https://t.co/{n}") for n in range(1203)}
    cache.put_many(answers)
    assert cache.get_many([*answers, "https://t.co/none"]) == answers


@pytest.mark.parametrize(
    ("status", "fresh_after", "stale_after"),
    [
        (301, 3650 * DAY, None),
        (404, 6 * DAY, 8 * DAY),
        (410, 6 * DAY, 8 * DAY),
        (403, DAY / 2, 2 * DAY),
        (503, 200, 400),
    ],
)
def test_an_answer_holds_as_long_as_its_outcome_deserves(cache, clock, status, fresh_after, stale_after):
    cache.put("https://t.co/a", said("https://t.co/a", status))
    clock.time = NOON + fresh_after
    assert cache.get("https://t.co/a")
    if stale_after:
        clock.time = NOON + stale_after
        assert cache.get("https://t.co/a") is None
        assert cache.get_many(["https://t.co/a"]) == {}


def test_a_later_answer_takes_the_place_of_an_earlier_one(cache):
    cache.put("https://t.co/a", said("https://t.co/a", 404))
    cache.put("https://t.co/a", said("https://t.co/a"))
    assert cache.get("https://t.co/a").status == 301
    assert cache.stats().answers == 1


def test_purging_forgets_what_is_stale_and_nothing_else(cache, clock):
    cache.put_many({f"https://t.co/{n}": said(f"https://t.co/{n}", 404 if n % 2 else 301) for n in range(1100)})
    clock.time = NOON + 30 * DAY
    assert cache.stats()[:2] == (1100, 550)
    assert cache.purge() == 550
    assert cache.stats()[:2] == (550, 0)
    assert cache.get("https://t.co/0")


def test_memory_forgets_the_oldest_beyond_its_limit(clock):
    cache = MemoryCache(now=clock, limit=2)
    cache.put_many({f"https://t.co/{n}": said(f"https://t.co/{n}") for n in range(3)})
    assert cache.get_many(f"https://t.co/{n}" for n in range(3)).keys() == {"https://t.co/1", "https://t.co/2"}


def test_a_file_outlives_the_process(tmp_path, clock):
    first = SqliteCache(tmp_path / "c.sqlite", now=clock)
    first.put("https://t.co/a", said("https://t.co/a"))
    first.close()
    second = SqliteCache(tmp_path / "c.sqlite", now=clock)
    assert second.get("https://t.co/a") == said("https://t.co/a")
    second.close()


def test_a_closed_cache_opens_itself_again(cache):
    cache.put("https://t.co/a", said("https://t.co/a"))
    cache.close()
    assert cache.get("https://t.co/a")


def test_a_cache_travels_to_another_process(tmp_path):
    cache = SqliteCache(tmp_path / "c.sqlite", now=time.time)
    cache.put("https://t.co/a", said("https://t.co/a"))
    copy = pickle.loads(pickle.dumps(cache))  # noqa: S301  our own
    assert copy.get("https://t.co/a")
    copy.close()
    cache.close()


def test_a_forked_process_opens_its_own_connection(tmp_path, clock):
    cache = SqliteCache(tmp_path / "c.sqlite", now=clock)
    child = os.fork()
    if child == 0:
        cache.put("https://t.co/child", said("https://t.co/child"))
        os._exit(0)
    assert os.waitpid(child, 0)[1] == 0
    assert cache.get("https://t.co/child")
    cache.close()


def test_threads_share_a_cache(tmp_path, clock):
    cache = SqliteCache(tmp_path / "c.sqlite", now=clock)
    urls = [f"https://t.co/{n}" for n in range(400)]
    with ThreadPoolExecutor(8) as pool:
        list(pool.map(lambda url: cache.put(url, said(url)), urls))
    assert len(cache.get_many(urls)) == 400
    cache.close()


WRITER = """
import sys, time
from importlib.util import find_spec
from itertools import count
from tweetlinks.cache import SqliteCache
from tweetlinks.model import Answer
path, name, most = sys.argv[1], sys.argv[2], int(sys.argv[3])
cache = SqliteCache(path, now=time.time)
for n in range(most) if most else count():
    url = f"https://t.co/{name}{n}"
    cache.put(url, Answer(url, 301, (("location", "https://dest.example/"),), "", "2026-11-24T12:00:00Z", 1))
    print(n, flush=True)
    if name.startswith("purge") and n % 5 == 0:
        cache.purge(), cache.stats(), cache.close()
"""


def writer(path, name: str, most: int) -> subprocess.Popen[str]:
    command = [sys.executable, "-c", WRITER, str(path), name, str(most)]
    environment = os.environ | {"PYTHONPATH": os.pathsep.join(filter(None, sys.path))}
    return subprocess.Popen(command, stdout=subprocess.PIPE, text=True, env=environment)


def test_several_processes_make_and_fill_one_file(tmp_path, clock):
    path = tmp_path / "c.sqlite"
    started = [writer(path, name, 100) for name in "abcd"]
    for process in started:
        process.communicate(timeout=60)
    assert [process.returncode for process in started] == [0, 0, 0, 0]
    cache = SqliteCache(path, now=clock)
    assert cache.stats().answers == 400
    cache.close()


def test_several_processes_purge_and_fill_one_file(tmp_path, clock):
    path = tmp_path / "c.sqlite"
    started = [writer(path, f"purge{n}x", 40) for n in range(8)]
    for process in started:
        process.communicate(timeout=60)
    assert [process.returncode for process in started] == [0] * 8
    cache = SqliteCache(path, now=clock)
    assert cache.stats().answers == 320
    cache.close()


def test_a_killed_process_loses_nothing_that_was_put(tmp_path, clock):
    path = tmp_path / "c.sqlite"
    process = writer(path, "x", 0)
    told = [int(process.stdout.readline()) for _ in range(200)]
    process.send_signal(signal.SIGKILL)
    process.wait(10)
    process.stdout.close()
    cache = SqliteCache(path, now=clock)
    assert len(cache.get_many(f"https://t.co/x{n}" for n in told)) == 200
    cache.put("https://t.co/after", said("https://t.co/after"))
    cache.close()
    with sqlite3.connect(path) as db:
        assert db.execute("PRAGMA integrity_check").fetchone() == ("ok",)
    db.close()


def foreign(path) -> None:
    with sqlite3.connect(path) as db:
        db.execute("CREATE TABLE recipes (name)")
    db.close()


def later(path) -> None:
    with sqlite3.connect(path) as db:
        db.execute(f"PRAGMA application_id = {APPLICATION_ID}")
        db.execute("PRAGMA user_version = 99")
    db.close()


def torn(path) -> None:
    SqliteCache(path, now=time.time).close()
    data = path.read_bytes()
    path.write_bytes(data[:100] + b"\xff" * (len(data) - 100))


SPOILED = [foreign, later, torn, lambda path: path.write_text("id,name\n1,a\n" * 100), lambda path: path.mkdir()]


@pytest.mark.parametrize("spoil", SPOILED, ids=["foreign", "later", "torn", "csv", "folder"])
def test_a_file_that_is_not_ours_is_refused_and_left_as_it_is(tmp_path, clock, spoil):
    path = tmp_path / "c.sqlite"
    spoil(path)
    before = None if path.is_dir() else path.read_bytes()
    with pytest.raises(CacheError, match=r"c\.sqlite"):
        SqliteCache(path, now=clock)
    assert before is None or path.read_bytes() == before
    assert sorted(tmp_path.iterdir()) == [path]


ODD_CELLS = [
    ("status", "x'00'"), ("status", "'many'"), ("status", "2.5"), ("headers", "x'6c3a2f'"),
    ("body", "x'ff'"), ("body", "CAST(x'ff' AS TEXT)"), ("at", "x'00'"), ("at", "'yesterday'"), ("at", "0"),
    ("at", "'2026-11-24'"), ("ms", "'slow'"), ("ms", "x''"), ("url", "x'ff'"), ("url", "CAST(x'ff' AS TEXT)"),
]  # fmt: skip


@pytest.mark.parametrize(("column", "value"), ODD_CELLS)
def test_a_row_that_nobody_here_wrote_is_as_if_it_were_not_there(tmp_path, clock, column, value):
    urls = [f"https://bit.ly/{n}" for n in range(3)]
    cache = SqliteCache(tmp_path / "c.sqlite", now=clock)
    cache.put_many({url: said(url, 404) for url in urls})
    with sqlite3.connect(tmp_path / "c.sqlite") as db:
        db.execute(f"UPDATE answers SET {column} = {value} WHERE url = ?", (urls[1],))  # noqa: S608  our own
    db.close()
    clock.time = NOON + 3 * DAY
    assert [cache.get(url) is not None for url in urls] == [True, column == "at" and "2026" in value, True]
    assert len(cache.get_many(urls)) == 2 + (column == "at" and "2026" in value)
    assert cache.stats().answers == 3
    clock.time = NOON + 30 * DAY
    assert cache.stats().stale == 3
    assert cache.purge() == 3
    assert cache.stats().answers == 0
    cache.put(urls[1], said(urls[1]))
    assert cache.get(urls[1])
    cache.close()


def test_what_cannot_be_written_as_it_is_is_kept_without_its_torn_characters(tmp_path, clock):
    cache = SqliteCache(tmp_path / "c.sqlite", now=clock)
    cache.put("https://t.co/a", said("https://t.co/a", 200, server="x\udcff")._replace(body="\ud83d"))
    assert cache.get("https://t.co/a").body == "?"
    with pytest.raises(CacheError, match=r"c\.sqlite"):
        cache.put("https://t.co/b", said("https://t.co/b", 10**30))
    cache.close()


def test_a_folder_that_does_not_exist_is_an_error_with_a_name(tmp_path, clock):
    with pytest.raises(CacheError, match="missing"):
        SqliteCache(tmp_path / "missing" / "c.sqlite", now=clock)


PLAIN = st.characters(exclude_categories=["Cs", "Cc"])
ANSWERS = st.builds(
    Answer,
    url=st.text(PLAIN, max_size=30),
    status=st.integers(100, 999),
    headers=st.lists(st.tuples(st.sampled_from(["location", "server"]), st.text(PLAIN, max_size=9)), max_size=3).map(
        tuple
    ),
    body=st.text(st.characters(exclude_categories=["Cs"])),
    at=st.just(AT),
    ms=st.integers(0, 10**6),
)
NUMBERS = count()


@pytest.fixture(scope="module")
def shared(tmp_path_factory):
    cache = SqliteCache(tmp_path_factory.mktemp("law") / "c.sqlite", now=lambda: NOON)
    yield cache
    cache.close()


@given(answer=ANSWERS)
def test_every_answer_comes_back_as_it_was_put(shared, answer):
    key = f"https://t.co/{next(NUMBERS)}"
    shared.put(key, answer)
    assert shared.get(key) == answer._replace(url=key)


# Redis: the same, for many machines.


def test_a_resolver_takes_the_url_of_a_server(redis_url):
    with Resolver(cache=redis_url, offline=True) as resolver:
        RedisCache(redis_url, now=time.time).put("https://t.co/a", said("https://t.co/a"))
        assert resolver.resolve("https://t.co/a").final_url == "https://dest.example/"
        assert resolver.resolve("https://t.co/b").expansion == "offline"


def test_the_server_forgets_by_itself_what_does_not_hold_for_ever(redis_url, clock):
    import redis

    cache = RedisCache(redis_url, now=clock)
    cache.put_many({url: said(url, status) for url, status in (("https://t.co/a", 301), ("https://t.co/b", 503))})
    with redis.Redis.from_url(redis_url) as client:
        assert client.ttl(f"{PREFIX}https://t.co/a") == -1
        assert 0 < client.ttl(f"{PREFIX}https://t.co/b") <= 300
    cache.close()


@pytest.mark.parametrize("value", [b"", b"\xff", b"[1, 2]", b"{}", b"[" * 90_000, b'["u", "301", "", "", "", 1]'])
def test_what_somebody_else_wrote_is_as_if_it_were_not_there(redis_url, clock, value):
    import redis

    cache = RedisCache(redis_url, now=clock)
    with redis.Redis.from_url(redis_url) as client:
        client.set(f"{PREFIX}https://t.co/a", value)
        client.set("theirs", "kept")
        client.lpush(f"{PREFIX}https://t.co/list", "x")
        assert cache.get_many(["https://t.co/a", "https://t.co/list"]) == {}
        assert cache.stats().answers == cache.stats().stale == cache.purge() == (value != b"")
        assert client.get("theirs") == b"kept"
    cache.close()


def test_a_cache_on_a_server_travels_to_workers_and_is_shared(redis_url):
    cache = RedisCache(redis_url, now=time.time)
    other = pickle.loads(pickle.dumps(cache))  # noqa: S301  our own
    with ThreadPoolExecutor(8) as threads:
        list(threads.map(lambda n: cache.put(f"https://t.co/{n}", said(f"https://t.co/{n}")), range(200)))
    assert len(other.get_many(f"https://t.co/{n}" for n in range(1200))) == 200
    cache.close()
    assert cache.get("https://t.co/7")
    cache.close()
    other.close()


@pytest.mark.parametrize("url", ["unix:///nowhere/at/all", "redis://:secret@127.0.0.1:1/0", "redis://127.0.0.1:word"])
def test_a_server_that_is_not_there_is_said_at_once_without_the_password(url):
    pytest.importorskip("redis")
    with pytest.raises(CacheError, match=r"cache (unix|redis)://") as caught:
        RedisCache(url, now=time.time)
    assert "secret" not in str(caught.value)


def test_without_the_package_its_extra_is_named(monkeypatch):
    monkeypatch.setitem(sys.modules, "redis", None)
    with pytest.raises(MissingExtra, match=r"tweetlinks\[redis\]"):
        RedisCache("redis://127.0.0.1", now=time.time)


def test_the_memory_forgets_the_answer_that_was_put_longest_ago():
    cache = MemoryCache(now=lambda: 0.0, limit=2)
    for name in ("a", "b", "a", "c"):
        cache.put(name, Answer(name, 301, (("location", "https://x.example"),), "", "1970-01-01T00:00:00Z", 1))
    assert [answer.url for answer in cache.answers()] == ["a", "c"]


def test_a_torn_address_hides_no_other_answer(tmp_path):
    path = tmp_path / "c.sqlite"
    cache = SqliteCache(path, now=lambda: 0.0)
    names = [f"https://t.co/{n:05d}" for n in range(1200)]
    cache.put_many({name: Answer(name, 404, (), "", "1970-01-01T00:00:00Z", 1) for name in names})
    cache.close()
    with closing(sqlite3.connect(path)) as db, db:
        torn = "CAST(X'68747470733A2F2F742E636F2F3030343939FF' AS TEXT)"
        db.execute(f"UPDATE answers SET url = {torn} WHERE url = ?", (names[499],))  # noqa: S608
    with closing(SqliteCache(path, now=lambda: 0.0)) as again:
        found = [answer.url for answer in again.answers()]
    assert len(found) >= 1199
    assert found[-1] == names[-1]
