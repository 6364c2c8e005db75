"""What the options of the command line make of the resolver, against a web of our own."""

from __future__ import annotations

import json
import re
from functools import partial
from types import SimpleNamespace

import pytest
from simulator import Web, redirect, say

from tweetlinks import cli, fetch, flags
from tweetlinks.cache import MemoryCache, Refreshed, at
from tweetlinks.fetch import Limits
from tweetlinks.model import Answer
from tweetlinks.network import limits

DEST = "https://dest.example/a"


@pytest.fixture
def web(monkeypatch, tmp_path):
    """A web in which the command line lives: its resolver gets the seams of the simulator."""
    monkeypatch.delenv("TWEETLINKS_OFFLINE", raising=False)
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "xdg"))
    with Web() as web:
        seams = {name: value for name, value in web.options().items() if name != "limits"}
        monkeypatch.setattr(fetch, "Resolver", partial(fetch.Resolver, **seams))
        yield web


@pytest.fixture
def main(capfdbinary, monkeypatch, tmp_path):
    """Run a command; return its status, the records it wrote and what it said."""
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "xdg"))

    def run(*arguments):
        status = cli.main([str(argument) for argument in arguments])
        out, said = capfdbinary.readouterr()
        return status, [json.loads(line) for line in out.decode().splitlines()], said.decode()

    return run


def told(**given) -> SimpleNamespace:
    names = ("concurrency", "rate", "timeout", "retries", "max_hops")
    return SimpleNamespace(**(dict.fromkeys(names) | given))


@pytest.mark.parametrize(
    ("given", "wanted"),
    [
        ({}, Limits()),
        ({"concurrency": 50}, Limits(links=50, per_host=50)),
        ({"rate": 4.0}, Limits(spacing=0.25)),
        ({"timeout": 2.0}, Limits(hop_seconds=2.0, connect_seconds=2.0)),
        ({"timeout": 60.0}, Limits(hop_seconds=60.0, chain_seconds=180.0)),
        ({"retries": 0}, Limits(tries=1)),
        ({"max_hops": 3}, Limits(hops=3)),
    ],
)
def test_options_are_limits(given, wanted):
    assert limits(told(**given)) == wanted


def test_the_help_names_the_usual_limits():
    usual = Limits()
    for option, numbers in {
        "concurrency": (usual.links, usual.per_host),
        "rate": (round(1 / usual.spacing),),
        "timeout": (round(usual.hop_seconds), round(usual.chain_seconds)),
        "retries": (usual.tries - 1,),
        "max_hops": (usual.hops,),
    }.items():
        assert all(str(number) in flags.OPTIONS[option][1]["help"] for number in numbers)


@pytest.mark.parametrize(
    ("arguments", "reason"),
    [
        (["--concurrency", "0"], "no whole number from 1 on: '0'"),
        (["--retries", "-1"], "no whole number from 0 on: '-1'"),
        (["--max-hops", "9" * 5000], "no whole number from 1 on"),
        (["--rate", "nan"], "no number above 0: 'nan'"),
        (["--rate", "0"], "no number above 0: '0'"),
        (["--timeout", "soon"], "no number above 0: 'soon'"),
        (["--timeout", "inf"], "no number above 0: 'inf'"),
        (["--refresh", "--offline"], "--refresh: it asks again"),
    ],
)
def test_a_number_that_makes_no_sense_is_usage(capsys, arguments, reason):
    with pytest.raises(SystemExit, match="2"):
        cli.main(["resolve", "t.co/a", *arguments])
    assert reason in capsys.readouterr().err


def test_targets_are_asked_when_told(web, main):
    web.on("t.co/a", redirect(DEST))
    web.on("dest.example", say(404))
    assert [record["target"] for record in main("resolve", "t.co/a")[1]] == ["unchecked"]
    assert web.hits("dest.example") == 0
    assert [record["target"] for record in main("resolve", "--check-target", "t.co/a")[1]] == ["not-found"]


def test_the_whole_job_takes_the_same_options(web, main, tmp_path):
    web.on("t.co/abcdefghij", redirect(DEST))
    web.on("dest.example", say(200, "A page."))
    article = tmp_path / "a.txt"
    article.write_text("Rain again. https://t.co/abcdefghij\n— Ann (@ann_b) 3 mai 2017\n", encoding="utf-8")
    _, (record,), _ = main("--check-target", "--rate", "1000", article)
    assert record["links"][0]["resolution"]["target"] == "ok"


def test_refresh_asks_again_once_and_keeps_the_answer(web, main, monkeypatch):
    web.on("t.co/a", redirect(DEST))
    assert main("resolve", "t.co/a")[1][0]["source"] == "network"
    assert main("resolve", "t.co/a")[1][0]["source"] == "cache"
    web.on("t.co/a", redirect("https://dest.example/b"))
    import time

    later = time.time() + 3600
    monkeypatch.setattr(time, "time", lambda: later)
    monkeypatch.setattr(fetch, "Resolver", partial(fetch.Resolver, now=lambda: later))
    _, again, _ = main("resolve", "--refresh", "t.co/a", "t.co/a", "pic.twitter.com/a")
    assert [record["final_url"] for record in again] == ["https://dest.example/b"] * 3
    assert web.hits("t.co/a") == 2
    assert main("resolve", "t.co/a")[1][0]["final_url"] == "https://dest.example/b"


def test_a_refreshed_cache_gives_what_is_new_only():
    under = MemoryCache(now=lambda: 7200.0)
    cache = Refreshed(under, since=3600.5)
    old, new = (Answer(f"https://t.co/{n}", 301, (("location", DEST),), "", n, 1) for n in
                ("1970-01-01T00:59:59Z", "1970-01-01T01:00:00Z"))  # fmt: skip
    cache.put("old", old)
    cache.put_many({"new": new, "odd": new._replace(at="yesterday")})
    assert (cache.get("old"), cache.get("new"), cache.get("none")) == (None, new, None)
    assert cache.get_many(["old", "new", "odd", "none"]) == {"new": new}
    assert under.get("old") == old
    cache.close()


def test_no_retries_asks_once(web, main):
    web.on("t.co/a", say(503))
    assert main("resolve", "--retries", "0", "t.co/a")[1][0]["attempts"] == 1


def test_hops_and_time_end_where_told(web, main):
    web.on("t.co/a", redirect("https://bit.ly/b"))
    web.on("bit.ly/b", redirect("https://is.gd/c"))
    web.on("is.gd/c", redirect(DEST))
    assert main("resolve", "--max-hops", "1", "--rate", "100", "t.co/a")[1][0]["expansion"] == "too-many-hops"
    web.on("t.co/slow", redirect(DEST)._replace(delay=5))
    (record,) = main("resolve", "--timeout", "0.2", "--retries", "0", "t.co/slow")[1]
    assert record["expansion"] == "timeout"


def test_a_place_is_a_file_or_a_server(tmp_path):
    pytest.importorskip("redis")
    with pytest.raises(Exception, match="unix:///nowhere"):
        at("unix:///nowhere", now=lambda: 0.0)
    at(str(tmp_path / "c"), now=lambda: 0.0).close()


@pytest.mark.parametrize(
    ("words", "status"),
    [("dead", 3), ("loop, not-found", 3), ("gone", 0), ("expanded,gone", 3)],
)
def test_an_outcome_that_must_not_be_is_status_3_and_the_data_is_all_there(web, main, words, status):
    web.on("t.co/none", say(404))
    web.on("t.co/a", redirect(DEST))
    web.on("dest.example", say(404))
    code, records, said = main("resolve", "--check-target", "--fail-on", words, "t.co/none", "t.co/a")
    assert (code, [record["expansion"] for record in records], said) == (status, ["dead", "expanded"], "")


def test_an_input_that_failed_is_status_1_whatever_else_came(web, main):
    web.on("t.co/none", say(404))
    assert main("resolve", "--fail-on", "dead", "t.co/none", "nonsense")[0] == 1


@pytest.mark.parametrize("text", ["https://t.co/abc… now", "https://t.co/abcdefghij"])
def test_documents_and_records_fail_on_outcomes_too(web, main, tmp_path, text):
    web.on("t.co", say(404))
    article, extracted, table = tmp_path / "a.txt", tmp_path / "a.jsonl", tmp_path / "a.csv"
    article.write_text(f"See {text}\n", encoding="utf-8")
    table.write_text("id,link\n1,t.co/abcdefghij\n", encoding="utf-8")
    assert main("--fail-on", "dead,truncated", article)[0] == 3
    assert main("--fail-on", "loop", article)[0] == 0
    assert main("extract", article, "-o", extracted)[0] == 0
    assert main("resolve", "--fail-on", "dead,truncated", extracted)[0] == 3
    assert cli.main(["resolve", "--fail-on", "dead", "--column", "link", str(table)]) == 3


def test_an_unknown_outcome_is_usage_and_names_the_known_ones(capsys):
    with pytest.raises(SystemExit, match="2"):
        cli.main(["resolve", "--fail-on", "dead,broken", "t.co/a"])
    said = capsys.readouterr().err
    assert "unknown outcome 'broken'; known are: " in said
    assert "not-found" in said


def test_the_outcomes_are_those_of_the_documentation(root):
    text = (root / "docs" / "outcomes.md").read_text(encoding="utf-8")
    cells = re.findall(r"(?m)^\| (`.*?`) \|", text)
    assert list(flags.OUTCOMES) == sorted({word for cell in cells for word in re.findall("`(.*?)`", cell)})
