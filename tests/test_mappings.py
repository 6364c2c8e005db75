"""What people hold of links is taken in, what is wrong in it is named, and nothing older takes the place of newer."""

from __future__ import annotations

import json
import os
import time
from itertools import permutations

import pytest
from hypothesis import given
from hypothesis import strategies as st
from test_cache import AT, cache, clock, said  # noqa: F401  fixtures

from tweetlinks.cache import MemoryCache, SqliteCache
from tweetlinks.chain import MAPPED
from tweetlinks.errors import InputError
from tweetlinks.fetch import Resolver
from tweetlinks.mappings import read
from tweetlinks.model import Answer

A, B = "https://dest.example/a", "https://dest.example/b?x=1|2"
ONE, TWO = (json.dumps({"url": f"t.co/{n}", "target": target}) + "\n" for n, target in {"a": A, "b": B}.items())
PHOTO = "https://twitter.com/a/status/20/photo/1"
TWEET = {
    "id_str": "20",
    "created_at": "Wed Oct 10 20:19:24 +0000 2018",
    "entities": {"urls": [{"url": "https://t.co/aB", "expanded_url": A}, {"url": "", "indices": []}]},
    "quoted_status": {"entities": {"media": [{"url": "https://t.co/m", "expanded_url": PHOTO}]}},
}  # fmt: skip
ARCHIVE = "window.YTD.tweets.part0 = " + json.dumps([{"tweet": TWEET}], indent=2)


def both(rest: str, target: str) -> list:
    return [(f"http://{rest}", target), (f"https://{rest}", target)]


def pairs(text: str, name: str = "a") -> list:
    found = list(read(name, text.splitlines(keepends=True), at=AT))
    return [
        str(item) if isinstance(item, InputError) else (item.url, item.header("location").replace("%7C", "|"))
        for item in found
    ]


@pytest.mark.parametrize(
    ("text", "wanted"),
    [
        (f"https://t.co/aB,{A}\n", [("https://t.co/aB", A)]),
        (f"\n\nshort,long\r\nT.CO/aB?amp=1,{A}\r\n\r\n", [("https://t.co/aB", A)]),
        (f"pic.twitter.com/aB\t{A}\nhttps://bit.ly/x\t{B}\n", [("https://t.co/aB", A), *both("bit.ly/x", B)]),
        (f'{{"url": "t.co/aB", "target": "{A}"}}\n\n', [("https://t.co/aB", A)]),
        (f'[{{"url": "t.co/aB", "target": "{A}"}}]', [("https://t.co/aB", A)]),
        (f"#FORMAT: BEACON\n#PREFIX: http://bit.ly/\n\nx|{B}\ny|remark|{A}\n",
         [*both("bit.ly/x", B), *both("bit.ly/y", A)]),
        (f"#BEACON\nhttps://t.co/aB|{A}\n", [("https://t.co/aB", A)]),
        ("#PREFIX: http://bit.ly/\n#TARGET: https://dest.example/{ID}\nx\ny|z\n",
         [*both("bit.ly/x", "https://dest.example/x"), *both("bit.ly/y", "https://dest.example/z")]),
        (json.dumps(TWEET), [("https://t.co/aB", A), ("https://t.co/m", PHOTO)]),
        (json.dumps({"data": {"created_at": "2018-10-10T20:19:24.000Z", **{k: TWEET[k] for k in ("entities",)}}}),
         [("https://t.co/aB", A)]),
        (ARCHIVE, [("https://t.co/aB", A), ("https://t.co/m", PHOTO)]),
        ("", []),
    ],
)  # fmt: skip
def test_every_form_is_read(text, wanted):
    assert pairs(text) == wanted


@pytest.mark.parametrize(
    ("text", "wrong"),
    [
        (f"t.co/a,{A}\nnonsense,{A}\nt.co/b,{B}\n", "a:2: no link that needs a mapping: 'nonsense'"),
        (f"t.co/a,{A}\nt.co/x,mailto:me\nt.co/b,{B}\n", "a:2: no target: not http: 'mailto:me'"),
        (f"t.co/a,{A}\nt.co/x,word\nt.co/b,{B}\n", "a:2: no target: 'word'"),
        (f"t.co/a,{A}\nt.co/x\nt.co/b,{B}\n", "a:2: 1 columns, where link and target are 2"),
        (f't.co/a,{A}\nt.co/x,"a"b\nt.co/b,{B}\n', "a:2: no row of CSV: "),
        (f'{ONE}{{"url":\n{TWO}', "a:2: no JSON: "),
        (f"{ONE}5\n{TWO}", "a:2: no JSON object"),
        (f'{ONE}{{"a": 1}}\n{TWO}', "a:2: neither an "),
        (f'{ONE}{{"url": 5, "target": 1}}\n{TWO}', "a:2: url and"),
        (f"#PREFIX: http://t.co/\na|{A}\nx|\nb|{B}\n", "a:3: no target: "),
    ],
)  # fmt: skip
def test_what_is_wrong_is_named_by_its_line_and_the_rest_is_read(text, wrong):
    first, named, last = pairs(text)
    assert named.startswith(wrong)
    assert (first[1], last[1]) == (A, B)


@pytest.mark.parametrize("text", ["[", "window.YTD.tweets.part0 = {}", "[" * 100_000])
def test_a_torn_array_is_named(text):
    (named,) = pairs(text)
    assert named.startswith("a: no JSON array")


@pytest.mark.parametrize(
    "change",
    [{"url": 5}, {"status": "301"}, {"status": True}, {"headers": [["a"]]}, {"headers": 5}, {"at": "noon"},
     {"at": "2026-01-01T00:00:00"}, {"ms": -1}, {"url": "https://t.co/é"}, {"ms": 2**70}],
)  # fmt: skip
def test_an_odd_answer_is_refused(change):
    good = said("https://t.co/a")._asdict()
    assert pairs(json.dumps(good)) == [("https://t.co/a", "https://dest.example/")]
    assert pairs(json.dumps(good | change)) == ["a:1: no answer of a cache"]
    assert pairs(json.dumps({k: v for k, v in good.items() if k != "ms"})) == ["a:1: no answer of a cache"]


@given(st.text() | st.from_regex(r'[\[{#"|,\t\w:/.]*', fullmatch=True))
def test_nothing_makes_it_raise(text):
    pairs(text)


@pytest.mark.parametrize(
    ("text", "at"),
    [
        (json.dumps(TWEET), "2018-10-10T20:19:24Z"),
        (json.dumps(TWEET | {"created_at": "long ago"}), AT),
        (json.dumps({"data": {"created_at": "2018-10-10T22:19:24.000+02:00", "e": TWEET["entities"]}}),
         "2018-10-10T20:19:24Z"),
        (f"#TIMESTAMP: 2015-01-01T00:00:00Z\nt.co/a|{A}", "2015-01-01T00:00:00Z"),
        (f"t.co/a,{A}", AT),
    ],
)  # fmt: skip
def test_a_mapping_is_as_old_as_what_it_comes_from(text, at):
    assert next(read("a", [*text.splitlines(keepends=True)], at=AT)).at == at


def test_of_two_answers_the_newer_stays_in_whatever_order_they_come(cache):  # noqa: F811
    old, new, newest = (said("https://t.co/a")._replace(at=f"2026-11-2{n}T12:00:00Z") for n in (1, 2, 3))
    for order in permutations((old, new)):
        assert cache.merge([]) == 0
        cache.put("https://t.co/a", old._replace(at="2020-01-01T00:00:00Z"))
        assert cache.merge(order) == 1
        assert list(cache.answers()) == [new]
    assert cache.merge([new, old]) == 0
    assert cache.merge([newest, said("https://t.co/b")]) == 2
    assert sorted(cache.answers()) == [newest, said("https://t.co/b")]


def test_many_are_merged(cache):  # noqa: F811
    answers = [said(f"https://t.co/{n}") for n in range(1203)]
    assert cache.merge(answers) == 1203
    assert cache.merge(answers) == 0
    assert sorted(cache.answers()) == sorted(answers)


def test_a_link_that_a_mapping_answers_says_so_and_a_network_answer_does_not():
    held = MemoryCache(now=time.time)
    mapped = Answer("https://t.co/a", 301, (("location", A), (MAPPED, "1")), "", "2018-01-01T00:00:00Z", 0)
    held.merge([mapped, said("https://t.co/b"), mapped._replace(url="https://unknown.example/x")])
    with Resolver(cache=held, offline=True) as resolver:
        found = resolver.resolve("https://pic.twitter.com/a")
        assert (found.source, found.expansion, found.final_url) == ("mapping", "expanded", A)
        assert found.fetched_at == "2018-01-01T00:00:00Z"
        assert resolver.resolve("https://t.co/b").source == "cache"
    with Resolver(cache=held, offline=True, check_target=True) as resolver:
        assert resolver.resolve("https://unknown.example/x").hops[0].status == 301


@pytest.fixture(params=["sqlite", "redis"])
def place(request, tmp_path):
    return request.getfixturevalue("redis_url") if request.param == "redis" else str(tmp_path / "c.sqlite")


def test_what_is_exported_is_imported_as_it_was(run, place, tmp_path):
    told = {"retry_after": "é", "location": A}
    lines = [said(f"https://t.co/{n}", n, **told)._replace(body="<p>Ünï\n\x00") for n in (301, 404, 200)]
    given, again = tmp_path / "given.jsonl", tmp_path / "again.jsonl"
    given.write_text("".join(json.dumps(line._asdict()) + "\n" for line in lines), encoding="utf-8")
    assert run("cache", "import", given, "--cache", place).stdout == f"path {place}\nread 3\nkept 3\n"
    assert run("cache", "import", given, "--cache", place).stdout == f"path {place}\nread 3\nkept 0\n"
    assert run("cache", "stats", "--cache", place).stdout.startswith(f"path {place}\nanswers 3\n")
    done = run("cache", "export", "--cache", place, "-o", again)
    assert (done.stdout, done.stderr, done.returncode) == ("", "", 0)
    held = [json.loads(line) for line in again.read_text(encoding="utf-8").splitlines()]
    assert sorted(map(str, held)) == sorted(str(json.loads(json.dumps(line._asdict()))) for line in lines)
    other = tmp_path / "other.sqlite"
    assert run("cache", "import", "-", "--cache", other, stdin=again.read_bytes()).returncode == 0
    assert sorted(run("cache", "export", "--cache", other).stdout.splitlines()) == sorted(
        again.read_text(encoding="utf-8").splitlines()
    )
    assert run("cache", "purge", "--cache", place).returncode == 0


def test_the_command_takes_in_what_people_hold(run, tmp_path):
    table, tweets = tmp_path / "a.csv", tmp_path / "tweets.js"
    table.write_text(f"url,target\nt.co/a,{A}\nnonsense,{A}\nt.co/b,{B}\n", encoding="utf-8-sig")
    tweets.write_text(ARCHIVE, encoding="utf-8")
    done = run("cache", "import", table, tmp_path / "none.csv", tweets)
    assert done.stdout.endswith("answers.sqlite\nread 4\nkept 4\n")
    assert done.stderr.splitlines() == [
        f"tweetlinks: {table}:3: no link that needs a mapping: 'nonsense'",
        f"tweetlinks: {tmp_path / 'none.csv'}: No such file or directory",
    ]
    assert done.returncode == 1
    found = [json.loads(line) for line in run("resolve", "t.co/a", "t.co/aB", "t.co/zz").stdout.splitlines()]
    assert [(record["source"], record["final_url"]) for record in found] == [
        ("mapping", A), ("mapping", A), ("cache", None),
    ]  # fmt: skip


def test_a_mapping_takes_the_place_of_older_answers_only(run, tmp_path):
    place, table = tmp_path / "c.sqlite", tmp_path / "a.csv"
    held = SqliteCache(place, now=time.time)
    held.put("https://t.co/a", said("https://t.co/a"))
    held.close()
    table.write_text(f"t.co/a,{A}\n", encoding="utf-8")
    os.utime(table, (1_500_000_000, 1_500_000_000))
    assert run("cache", "import", table, "--cache", place).stdout.endswith("kept 0\n")
    os.utime(table, (4_000_000_000, 4_000_000_000))
    assert run("cache", "import", table, "--cache", place).stdout.endswith("kept 1\n")


@pytest.mark.parametrize(
    ("arguments", "reason"),
    [(["import"], "import takes files"), (["stats", "x"], "stats takes no files"), (["import", "-", "-"], "once only")],
)
def test_a_wrong_command_is_usage(run, arguments, reason):
    done = run("cache", *arguments)
    assert done.returncode == 2
    assert reason in done.stderr


def test_binary_data_is_named_and_an_empty_cache_exports_nothing(run, tmp_path):
    (tmp_path / "x").write_bytes(b"t.co/a,https://dest.example/a\nt.co\0")
    done = run("cache", "import", tmp_path / "x")
    assert done.stderr == f"tweetlinks: {tmp_path / 'x'}:2: binary data, no text (it holds NUL bytes)\n"
    assert done.stdout.endswith("read 1\nkept 1\n")
    assert run("cache", "export", "--cache", tmp_path / "none").returncode == 1
    assert run("cache", "export", XDG_CACHE_HOME=str(tmp_path / "fresh")).stdout == ""


@pytest.mark.parametrize("command", [["cache", "export"], ["resolve", "t.co/a", "-f", "jsonl"]])
def test_the_cache_is_never_written_over(run, tmp_path, command):
    place = tmp_path / "c.sqlite"
    assert run("cache", "import", "-", "--cache", place, stdin=f"t.co/a,{A}\n").returncode == 0
    before = place.read_bytes()
    done = run(*command, "--cache", place, "-o", place)
    assert (done.returncode, place.read_bytes()) == (1, before)
    assert "cannot be written to at the same time" in done.stderr


def test_tweets_of_the_second_api_have_their_own_day_and_the_way_to_the_end():
    way = {"url": "https://t.co/e", "expanded_url": "https://bit.ly/x", "unwound_url": A}
    tweet = {"created_at": "2022-03-05T00:00:00.000Z", "entities": {"urls": [way]}}
    found = list(read("a", [json.dumps({"data": [tweet]}) + "\n"], at=AT))
    told = {(item.url, item.header("location"), item.at) for item in found if item.url.startswith("https://")}
    day = "2022-03-05T00:00:00Z"
    assert told == {("https://t.co/e", "https://bit.ly/x", day), ("https://bit.ly/x", A, day)}


def test_what_resolve_wrote_is_taken_in_where_it_is_expanded():
    lines = [
        {"url": "https://t.co/a", "expansion": "expanded", "target": "unchecked", "final_url": A},
        {"url": "https://t.co/b", "expansion": "dead", "target": "unchecked", "final_url": None},
    ]
    assert dict(pairs("".join(json.dumps(line) + "\n" for line in lines)))["https://t.co/a"] == A
    assert len(pairs(json.dumps(lines[1]) + "\n")) == 0
