"""Articles are fetched when `--fetch` is said, through redirects and the guard, and never else."""

from __future__ import annotations

import json

import pytest
from simulator import Web, redirect, say

import tweetlinks.fetch
from tweetlinks.cli import main
from tweetlinks.fetch import Resolver

ID = "780925634837913600"
PAGE = f'<!doctype html><p>Rain, see <a href="https://twitter.com/ann_b/status/{ID}">this</a></p>'


@pytest.fixture(autouse=True)
def _online(monkeypatch):
    monkeypatch.delenv("TWEETLINKS_OFFLINE", raising=False)


@pytest.fixture
def web(monkeypatch):
    with Web() as made:
        made.on("paper.example/a", say(200, PAGE, content_type="text/html"))
        made.on("paper.example/long", say(200, "<p>So.</p>" * 20_000 + PAGE, content_type="text/html"))
        made.on("paper.example/old", redirect("/a"))
        made.on("paper.example/gone", say(410))
        made.on("paper.example/file", say(200, "%PDF", content_type="application/pdf"))
        made.on("paper.example/inside", redirect("http://127.0.0.1/a"))
        made.on("paper.example/round", redirect("/round"))
        monkeypatch.setattr(
            tweetlinks.fetch, "Resolver", lambda **told: Resolver(**made.options(offline=told["offline"]))
        )
        yield made


def records(capsys):
    return [json.loads(line) for line in capsys.readouterr().out.splitlines()]


@pytest.mark.usefixtures("web")
@pytest.mark.parametrize("name", ["a", "old", "long"])
def test_a_page_is_read_as_if_it_lay_here(capsys, name):
    assert main(["--fetch", "-f", "jsonl", f"https://paper.example/{name}"]) == 0
    (record,) = records(capsys)
    assert record["id"] == f"https://paper.example/{name}"
    assert record["url"] == f"https://paper.example/{'a' if name == 'old' else name}"
    assert (record["format"], [c["tweet_id"] for c in record["citations"]]) == ("html", [ID])


@pytest.mark.usefixtures("web")
def test_pages_and_files_come_in_the_order_given(capsys, tmp_path):
    (tmp_path / "b.html").write_text(PAGE, encoding="utf-8")
    paths = ["https://paper.example/a", str(tmp_path / "b.html"), "https://paper.example/old"]
    assert main(["check", "--fetch", "-f", "jsonl", *paths]) == 0
    assert [record["id"] for record in records(capsys)] == paths


@pytest.mark.usefixtures("web")
@pytest.mark.parametrize(
    ("name", "reason"),
    [
        ("gone", "gone: it answered 410"),
        ("file", "protocol-error: no page, but application/pdf"),
        ("inside", "blocked-address: "),
        ("round", "loop: "),
        ("nobody", "not-found: it answered 404"),
    ],
)
def test_what_is_no_page_is_named_and_the_others_are_read(capsys, name, reason):
    assert main(["--fetch", "-f", "jsonl", f"https://paper.example/{name}", "https://paper.example/a"]) == 1
    said = capsys.readouterr()
    assert len(said.out.splitlines()) == 1
    assert f"https://paper.example/{name}: {reason}" in said.err


def test_nothing_is_fetched_unless_it_is_said(web, capsys):
    for words in (["-f", "jsonl"], ["extract"], ["check"]):
        assert main([*words, "https://paper.example/a"]) == 1
    assert main(["--fetch", "--offline", "-f", "jsonl", "https://paper.example/a"]) == 1
    assert not web.requests
    assert "--fetch" in capsys.readouterr().err
