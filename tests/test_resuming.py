"""A command that was ended goes on where it was: nothing that was written is lost, torn, or done twice."""

from __future__ import annotations

import csv
import io
import json
import os
import subprocess
import sys
import time

import pytest
from simulator import redirect, say
from test_asking import DEST, main, web  # noqa: F401  fixtures

from tweetlinks import cli
from tweetlinks.errors import InputError
from tweetlinks.resuming import Kept

TWEET = "Rain again. https://t.co/abcdefghij\n— Ann (@ann_b) 3 mai 2017\n"
CUTS = [0, 1, 3, 40, 200, 0.5, 0.9, -1, None]
"""Where a file is cut: after so many bytes, that part of it, before its last byte, or not at all."""


def cut(path, whole: bytes, where) -> None:
    path.write_bytes(whole[: int(where * len(whole)) if isinstance(where, float) else where])


@pytest.fixture
def links(tmp_path):
    path = tmp_path / "links.txt"
    path.write_text("".join(f"t.co/{n % 7}\n" for n in range(10)) + "nonsense\nt.co/z\n", encoding="utf-8")
    return path


@pytest.mark.parametrize("where", CUTS)
@pytest.mark.parametrize("suffix", ["jsonl", "csv"])
def test_links_go_on_wherever_the_file_was_cut(main, links, tmp_path, suffix, where):  # noqa: F811  the fixture
    whole, out = tmp_path / f"whole.{suffix}", tmp_path / f"out.{suffix}"
    assert main("resolve", "--offline", links, "-o", whole)[0] == 1
    cut(out, whole.read_bytes(), where)
    status, _, said = main("resolve", "--offline", links, "-o", out, "--resume")
    assert (status, said) == (1, f"tweetlinks: {links}:11: no link: 'nonsense'\n")
    assert out.read_bytes() == whole.read_bytes()


@pytest.mark.parametrize("where", CUTS)
def test_a_column_goes_on_also_within_cells_of_several_lines_and_links(main, tmp_path, where):  # noqa: F811
    table, whole, out = (tmp_path / name for name in ("in.csv", "whole.csv", "out.csv"))
    table.write_text(
        'id,link,text\n1,t.co/a,"Rain\n\n""again"", é\n"\n2,t.co/a t.co/b,\n3,,\n3,,\n4,t.co/c,"é,\n\n\n"\n',
        encoding="utf-8",
    )
    command = ("resolve", "--offline", "--column", "link", table, "-o")
    assert main(*command, whole)[0] == 0
    cut(out, whole.read_bytes(), where)
    assert main(*command, out, "--resume")[0] == 0
    assert out.read_bytes() == whole.read_bytes()


def test_a_column_is_cut_at_every_byte(tmp_path):
    out = tmp_path / "out.csv"
    names = "id,link,resolved_url,http_status,resolution_error,redirect_count,redirect_chain,expansion,target\n"
    whole = f'\ufeff{names}"a\n\n""é"",\n",t.co/a,,,,0,,offline,unchecked\n2,t.co/b,,,,0,,dead,ok\n'.encode()
    sizes = []
    for end in range(len(whole) + 1):
        out.write_bytes(whole[:end])
        kept = Kept(str(out), "csv", about="rows")
        assert kept.size <= end
        sizes.append(kept.size)
    ends = sorted(set(sizes))
    assert ends == [0, len(names) + 3, whole.index(b"2,t.co/b"), len(whole)]
    assert (kept.take(("2", "t.co/b")), kept.take(("2", "t.co/b")), kept.outcomes) == (
        True, False, {"offline", "unchecked", "dead", "ok"},
    )  # fmt: skip


@pytest.mark.parametrize("where", CUTS)
@pytest.mark.parametrize("command", [["extract"], ["--offline"], ["resolve", "--offline"]])
def test_documents_and_records_go_on(main, tmp_path, command, where):  # noqa: F811
    inputs = []
    for n in range(4):
        inputs.append(tmp_path / f"{n}.txt")
        inputs[-1].write_text(TWEET, encoding="utf-8")
    inputs.insert(2, tmp_path / "none.txt")
    if command[0] == "resolve":
        assert main("extract", *inputs, "-o", tmp_path / "records.jsonl")[0] == 1
        inputs = [tmp_path / "records.jsonl"]
    whole, out = tmp_path / "whole.jsonl", tmp_path / "out.jsonl"
    status = main(*command, *inputs, "-o", whole)[0]
    cut(out, whole.read_bytes(), where)
    assert main(*command, *inputs, "-o", out, "--resume")[0] == status
    assert out.read_bytes() == whole.read_bytes()


def test_what_was_written_is_not_asked_again_and_counts_for_fail_on(web, main, tmp_path):  # noqa: F811
    out = tmp_path / "out.jsonl"
    web.on("t.co/a", say(404))
    web.on("t.co/b", redirect(DEST))
    assert main("resolve", "t.co/a", "-o", out)[0] == 0
    assert main("resolve", "t.co/a", "t.co/b", "-o", out, "--resume", "--refresh", "--fail-on", "dead")[0] == 3
    assert (web.hits("t.co/a"), web.hits("t.co/b")) == (1, 1)
    assert [json.loads(line)["url"][-1] for line in out.read_text(encoding="utf-8").splitlines()] == ["a", "b"]


def test_after_kill_9_every_link_is_there_once(environment, tmp_path):
    links, out = tmp_path / "links.txt", tmp_path / "out.jsonl"
    links.write_text("".join(f"t.co/{n}\n" for n in range(20_000)), encoding="utf-8")
    command = [sys.executable, "-m", "tweetlinks", "resolve", links, "-o", out, "--resume"]
    for size in (100_000, 400_000):
        with subprocess.Popen(command, env=environment) as process:
            while process.poll() is None and not (out.exists() and out.stat().st_size > size):
                time.sleep(0.005)
            assert process.poll() is None
            process.kill()
        with out.open("ab") as file:
            file.write(b'{"url": "https://t.co/1')
    subprocess.run(command, env=environment, check=True, timeout=120)
    written = [json.loads(line)["url"] for line in out.read_text(encoding="utf-8").splitlines()]
    assert written == [f"https://t.co/{n}" for n in range(20_000)]


@pytest.mark.parametrize(
    ("name", "text", "reason"),
    [
        ("a.jsonl", "mine\n", ":1: --resume goes on with what the same command wrote"),
        ("a.jsonl", "[1]\n", ":1: --resume goes on"),
        ("a.jsonl", '{"url": 5}\n', ":1: --resume goes on"),
        ("a.csv", "a,b\n1,2\n", ":1: --resume goes on"),
        ("a.csv", 'a,"b"c\n1,2\n', ":1: --resume goes on"),
        ("a.csv", "é\n".encode("latin-1"), ":0: --resume goes on"),
    ],
)
def test_a_file_that_something_else_wrote_is_refused_and_left_alone(main, tmp_path, name, text, reason):  # noqa: F811
    out = tmp_path / name
    data = text if isinstance(text, bytes) else text.encode()
    out.write_bytes(data)
    status, _, said = main("resolve", "--offline", "t.co/a", "-o", out, "--resume")
    assert (status, out.read_bytes()) == (1, data)
    assert f"{out}{reason}" in said


def test_columns_of_another_command_are_refused(main, tmp_path):  # noqa: F811
    out, table = tmp_path / "out.csv", tmp_path / "in.csv"
    assert main("resolve", "--offline", "t.co/a", "-o", out)[0] == 0
    table.write_text("id,link\n1,t.co/b\n", encoding="utf-8")
    status, _, said = main("resolve", "--offline", "--column", "link", table, "-o", out, "--resume")
    assert status == 1
    assert "its columns are url, " in said
    article = tmp_path / "a.jsonl"
    article.write_text("", encoding="utf-8")
    (tmp_path / "a.txt").write_text(TWEET, encoding="utf-8")
    assert main("extract", tmp_path / "a.txt", "-o", article)[0] == 0
    status, _, said = main("resolve", "--offline", article, "-o", tmp_path / "o.csv", "--resume")
    assert (status, "as JSON lines only" in said) == (1, True)


def test_only_a_file_can_be_gone_on_with(main, tmp_path):  # noqa: F811
    status, _, said = main("resolve", "--offline", "t.co/a", "-o", tmp_path, "--resume", "-f", "jsonl")
    assert (status, said) == (1, f"tweetlinks: {tmp_path}: --resume needs a file to go on with\n")
    with pytest.raises(InputError):
        Kept(os.devnull, "jsonl", about="links")


@pytest.mark.parametrize(
    ("arguments", "reason"),
    [
        (["resolve", "t.co/a", "--resume"], "--resume: it goes on with a file"),
        (["resolve", "t.co/a", "--resume", "-o", "x.json"], "--resume: it goes on with JSON lines"),
        (["extract", "a.txt", "--resume", "-o", "x.csv"], "--resume: it goes on with JSON lines"),
    ],
)
def test_a_wrong_command_is_usage(capsys, arguments, reason):
    with pytest.raises(SystemExit, match="2"):
        cli.main(arguments)
    assert reason in capsys.readouterr().err


def test_links_are_never_read_from_the_file_that_is_written(main, links):  # noqa: F811
    before = links.read_bytes()
    status, _, said = main("resolve", "--offline", links, "-o", links)
    assert (status, links.read_bytes()) == (1, before)
    assert "cannot be written to at the same time" in said


def test_rows_and_links_are_read_back_as_csv(main, links, tmp_path):  # noqa: F811
    out = tmp_path / "out.csv"
    main("resolve", "--offline", links, "-o", out)
    rows = list(csv.DictReader(io.StringIO(out.read_text(encoding="utf-8-sig"))))
    assert len(rows) == 11
