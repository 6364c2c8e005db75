"""The command line: what goes to stdout and stderr, what it returns, how it ends."""

from __future__ import annotations

import csv
import io
import json
import os
import signal
import struct
import subprocess
import sys
import time
from pathlib import Path

import pytest

from tweetlinks import cli

fcntl = pytest.importorskip("fcntl")
pty = pytest.importorskip("pty")
termios = pytest.importorskip("termios")

TWEET = "Rain again. https://t.co/abcdefghij\n— Ann (@ann_b) 3 mai 2017\n"


@pytest.fixture
def article(tmp_path):
    path = tmp_path / "a.txt"
    path.write_text(f"A title\nThe minister said it plainly:\n{TWEET}", encoding="utf-8")
    return path


def records(done):
    return [json.loads(line) for line in done.stdout.splitlines()]


def test_a_pipe_gets_json_lines_in_input_order_under_the_paths_as_given(run, article, seed):
    done = run("extract", seed, article, seed)
    assert [record["id"] for record in records(done)] == [str(seed), str(article), str(seed)]
    assert (done.returncode, done.stderr) == (0, "")


def test_extract_asks_nobody(run, article):
    (record,) = records(run("extract", article))
    assert [link["resolution"] for link in record["links"]] == [None]


def test_without_a_network_every_link_says_why_it_is_not_expanded(run, seed):
    started = time.monotonic()
    done = run(seed)
    assert time.monotonic() - started < 20
    (record,) = records(done)
    assert [citation["screen_name"] for citation in record["citations"]] == ["RTenfrancais", "RT_com"]
    assert {link["resolution"]["expansion"] for link in record["links"]} == {"offline"}
    assert all(link["resolution"]["error"] for link in record["links"])
    assert done.returncode == 0


def test_the_offline_option_does_what_the_variable_does(run, article):
    (record,) = records(run("--offline", article, TWEETLINKS_OFFLINE=""))
    assert record["links"][0]["resolution"]["expansion"] == "offline"


def test_standard_input_is_a_document(run):
    (record,) = records(run("extract", "-", stdin=TWEET))
    assert (record["id"], record["citations"][0]["screen_name"]) == ("-", "ann_b")


def test_an_empty_file_is_an_empty_document(run, tmp_path):
    (tmp_path / "empty.txt").touch()
    done = run("extract", tmp_path / "empty.txt")
    (record,) = records(done)
    assert (record["paragraphs"], record["citations"], record["links"], done.returncode) == ([], [], [], 0)


def test_what_fails_is_named_in_one_line_and_the_rest_is_done(run, article, tmp_path):
    (tmp_path / "binary.bin").write_bytes(b"\x7fELF\0\0\0")
    (tmp_path / "empty").mkdir()
    done = run("extract", tmp_path / "none.txt", article, tmp_path / "binary.bin", tmp_path / "empty")
    assert [record["id"] for record in records(done)] == [str(article)]
    first, second, third = done.stderr.splitlines()
    assert first == f"tweetlinks: {tmp_path / 'none.txt'}: No such file or directory"
    assert second.startswith(f"tweetlinks: {tmp_path / 'binary.bin'}: binary data")
    assert third.startswith(f"tweetlinks: {tmp_path / 'empty'}: no documents in this folder")
    assert done.returncode == 1


def test_a_hostile_name_cannot_drive_the_terminal(run):
    assert r"tweetlinks: \x1b]0;x\x07: No such file" in run("extract", "\x1b]0;x\x07").stderr


def test_a_name_that_is_no_utf8_survives(run, tmp_path):
    name = os.fsdecode(bytes(tmp_path) + b"/\xff.txt")
    try:
        Path(name).write_text(TWEET, encoding="utf-8")
    except OSError:
        pytest.skip("this file system takes only UTF-8")
    (record,) = records(run("extract", name))
    assert record["id"] == name
    assert r"\udcff.txt" in run("extract", "-f", "table", name).stdout
    assert r"\udcff.txt" in run("extract", "-f", "csv", name).stdout


@pytest.mark.parametrize(
    ("arguments", "reason"),
    [
        ([], "required: PATH"),
        (["extract"], "required: PATH"),
        (["-f", "xml", "x"], "invalid choice: 'xml'"),
        (["--from", "pdf", "x"], "invalid choice: 'pdf'"),
        (["cache", "burn"], "invalid choice: 'burn'"),
        (["extract", "--offline", "x"], "unrecognized arguments: --offline"),
        (["extract", "--min-confidence", "7", "x"], "--min-confidence: no number from 0 to 1: '7'"),
        (["extract", "--min-confidence", "nan", "x"], "--min-confidence: no number from 0 to 1: 'nan'"),
        (["extract", "--min-confidence", "-0.1", "x"], "--min-confidence: no number from 0 to 1: '-0.1'"),
        (["--min-confidence", "much", "x"], "--min-confidence: no number from 0 to 1: 'much'"),
        (["resolve", "--column", "url", "-f", "json", "x.csv"], "--column: it writes CSV"),
        (["resolve", "--column", "url", "-o", "x.json", "x.csv"], "--column: it writes CSV"),
        (
            ["extract", "x", "-o", "x.xlsx"],
            "unknown suffix '.xlsx'; one of: .bib, .csv, .db, .htm, .html, .json, .jsonl, .jsonld, .ndjson, .parquet",
        ),
        (["extract", "x", "--explain", "-f", "json"], "--explain: it shows in a table"),
        (["extract", "x", "--explain", "-o", "x.csv"], "--explain: it shows in a table"),
        (["extract", "-", "-"], "-: standard input can be read once only"),
        (["resolve", "-", "t.co/a", "-"], "-: standard input can be read once only"),
    ],
)
def test_a_wrong_command_is_usage(run, arguments, reason):
    done = run(*arguments)
    assert (done.returncode, done.stdout) == (2, "")
    assert reason in done.stderr
    assert done.stderr.startswith("usage: tweetlinks")


def test_a_file_named_like_a_command_is_reached_by_its_path(run, tmp_path):
    (tmp_path / "here" / "extract").write_text(TWEET, encoding="utf-8")
    (record,) = records(run("./extract"))
    assert (record["id"], len(record["citations"])) == ("./extract", 1)


def test_help_and_version_are_data(run):
    assert "usage: tweetlinks" in run("--help").stdout
    assert "usage: tweetlinks extract" in run("extract", "--help").stdout
    assert run("--version").stdout.startswith("tweetlinks ")


def test_a_file_is_written_in_the_format_of_its_name(run, article, tmp_path):
    for suffix, start in {".json": "[", ".jsonl": "{", ".csv": "\ufeffid,", ".txt": str(article), "": "{"}.items():
        out = tmp_path / f"out{suffix}"
        done = run("extract", article, "-o", out)
        assert (done.returncode, done.stdout) == (0, "")
        assert out.read_text(encoding="utf-8").startswith(start)


def test_an_output_that_cannot_be_written_is_one_line(run, article, tmp_path):
    done = run("extract", article, "-o", tmp_path / "none" / "x.jsonl")
    assert done.returncode == 1
    assert done.stderr.startswith("tweetlinks: ")
    assert done.stderr.count("\n") == 1


def test_options_shape_the_record(run, article):
    (record,) = records(run("extract", "--with-text", "--min-confidence", "1", article))
    assert record["text"] == article.read_text(encoding="utf-8")
    assert record["citations"] == []
    assert [link["citation"] for link in record["links"]] == [None]
    assert "why " in run("extract", "--explain", "-f", "table", article).stdout


def test_a_closed_pipe_is_silent(environment, article):
    done = subprocess.run(  # noqa: S602  the pipe is what is tested
        f"{sys.executable} -m tweetlinks extract {' '.join([str(article)] * 400)} | head -n 1; exit ${{PIPESTATUS[0]}}",
        shell=True,
        executable="/bin/bash",
        capture_output=True,
        check=False,
        env=environment,
        timeout=60,
    )
    assert done.stdout.count(b"\n") == 1
    assert (done.returncode, done.stderr) == (0, b"")


def start(environment, *arguments):
    return subprocess.Popen(
        [sys.executable, "-m", "tweetlinks", *map(str, arguments)],
        bufsize=0,
        env=environment,
        stderr=subprocess.PIPE,
        stdout=subprocess.PIPE,
    )


def test_ctrl_c_is_130_after_the_last_whole_line(environment, article, tmp_path):
    os.mkfifo(tmp_path / "never.txt")
    with start(environment, "extract", article, tmp_path / "never.txt") as process:
        first = process.stdout.readline()
        time.sleep(0.2)
        process.send_signal(signal.SIGINT)
        rest, said = process.communicate(timeout=30)
    assert json.loads(first)["id"] == str(article)
    assert (rest, said, process.returncode) == (b"", b"", 130)


def test_ctrl_c_tears_no_large_record(environment, tmp_path):
    large = tmp_path / "large.txt"
    large.write_text("\n\n".join(f"Paragraph {n} of many." for n in range(20_000)), encoding="utf-8")
    with start(environment, "extract", large, large, large) as process:
        head = process.stdout.read(10)
        time.sleep(0.5)
        process.send_signal(signal.SIGINT)
        rest, said = process.communicate(timeout=30)
    lines = (head + rest).decode().splitlines()
    assert lines
    assert [json.loads(line)["id"] for line in lines] == [str(large)] * len(lines)
    assert (said, process.returncode) == (b"", 130)


def on_terminal(environment, *arguments, columns=60):
    """Run with a terminal for stdout and stderr; return what it shows and the exit status."""
    here, there = pty.openpty()
    fcntl.ioctl(there, termios.TIOCSWINSZ, struct.pack("HHHH", 24, columns, 0, 0))
    with subprocess.Popen(
        [sys.executable, "-m", "tweetlinks", *map(str, arguments)], env=environment, stdout=there, stderr=there
    ) as process:
        os.close(there)
        shown = b""
        while chunk := _chunk(here):
            shown += chunk
    os.close(here)
    return shown.decode(), process.returncode


def _chunk(descriptor):
    try:
        return os.read(descriptor, 65536)
    except OSError:  # Linux says so when the other end is closed
        return b""


def test_a_terminal_gets_a_coloured_table_as_wide_as_it_is(environment, seed):
    shown, status = on_terminal(environment, "extract", seed)
    assert status == 0
    assert "\x1b[1mRT France @RTenfrancais\x1b[0m, 2016-09-28" in shown
    plain = shown.replace("\x1b[1m", "").replace("\x1b[2m", "").replace("\x1b[0m", "")
    assert max(map(len, plain.splitlines())) <= 60


def test_colour_is_off_when_asked(environment, seed):
    assert "\x1b[" not in on_terminal(environment | {"NO_COLOR": "1"}, "extract", seed)[0]
    assert "\x1b[" not in on_terminal(environment | {"TERM": "dumb"}, "extract", seed)[0]


def test_progress_is_shown_on_a_terminal_and_taken_away(environment, seed):
    shown, _ = on_terminal(environment, seed)
    assert "\r0 of 1 documents, 0 links\x1b[K" in shown
    assert shown.index("\r\x1b[K") < shown.index("RT France")


def test_progress_goes_with_links_and_complaints_stand_on_lines_of_their_own(environment):
    shown, status = on_terminal(environment, "resolve", "t.co/a", "t.co/a", "nonsense", "t.co/b", "-f", "jsonl")
    assert "\r0 of 4 links\x1b[K" in shown
    assert status == 1
    lines = [line.rpartition("\x1b[K")[2][:12] for line in shown.split("\r\n")]
    assert lines == ["tweetlinks: ", '{"url": "htt', '{"url": "htt', '{"url": "htt', ""]


def test_rows_are_counted_without_the_names_of_their_columns(environment, tmp_path):
    table = tmp_path / "a.csv"
    table.write_text("id,link\n1,t.co/a\n2,t.co/b\n", encoding="utf-8")
    assert "\r0 of 2 rows, 0 links\x1b[K" in on_terminal(environment, "resolve", "--column", "link", table)[0]


def test_a_window_without_a_size_is_80_wide(environment, seed):
    shown, _ = on_terminal(environment | {"NO_COLOR": "1"}, "extract", seed, columns=0)
    assert "RT France @RTenfrancais" in shown


def test_links_are_resolved_in_the_order_asked(run):
    done = run("resolve", "https://t.co/b", "t.co/a", "https://t.co/b")
    assert [record["url"] for record in records(done)] == ["https://t.co/b", "https://t.co/a", "https://t.co/b"]


def test_links_come_from_standard_input(run):
    assert [record["url"] for record in records(run("resolve", "-", stdin="t.co/a\n\nt.co/b\n"))] == [
        "https://t.co/a",
        "https://t.co/b",
    ]
    assert run("resolve", "-").stdout == ""


def test_the_records_of_extract_are_resolved_and_lose_nothing(run, article):
    extracted = run("extract", article).stdout
    before = json.loads(extracted) | {"added": "by somebody"}
    (after,) = records(run("resolve", "-", stdin=json.dumps(before) + "\n"))
    assert after["links"][0].pop("resolution")["expansion"] == "offline"
    assert before["links"][0].pop("resolution") is None
    assert after["links"][0].pop("role") == before["links"][0].pop("role") is None
    told = [
        (record["citations"][0].pop("evidence"), record["citations"][0].pop("confidence")) for record in (before, after)
    ]
    assert told[1][0][: len(told[0][0])] == told[0][0]
    assert after == before
    assert "Ann @ann_b" in run("resolve", "-", "-f", "table", stdin=extracted).stdout


@pytest.mark.parametrize(
    "line",
    [
        '{"schema": "other"}',
        '{"schema":',
        "{}",
        "https://t.co/a",
        "[]",
        '{"schema": "tweetlinks/1"}',
        '{"schema": "tweetlinks/1", "paragraphs": 5}',
        '{"schema": "tweetlinks/1", "paragraphs": [{}]}',
        (
            '{"schema": "tweetlinks/1", "paragraphs": [], "id": "a", "format": "text", "encoding": null, '
            '"citations": [], "url": null, "title": null, "language": null, "parsed": true, "links": '
            '[{"kind": "tco", "url": 5, "raw": "", "span": null}]}'
        ),
        "{" * 5_000,
        '{"a":' * 50_000,
    ],
)
@pytest.mark.parametrize("form", ["jsonl", "table"])
def test_a_line_that_is_no_record_is_named_and_the_others_are_done(run, article, line, form):
    good = run("extract", "--with-text", article).stdout
    done = run("resolve", "-", "-f", form, stdin=f"{good}\n{line}\n{good}")
    assert done.stdout.count(str(article)) == 2
    assert done.stderr.startswith("tweetlinks: -:3: no record of tweetlinks: ")
    assert (done.stderr.count("\n"), done.returncode) == (1, 1)


def test_a_record_whose_citation_lacks_its_link_is_refused(run, article):
    record = json.loads(run("extract", article).stdout) | {"links": []}
    done = run("resolve", "-", "-f", "table", stdin=json.dumps(record))
    assert (done.stdout, done.returncode) == ("", 1)
    assert done.stderr.startswith("tweetlinks: -:1: no record of tweetlinks: ")


@pytest.mark.parametrize("form", ["jsonl", "json", "table", "csv"])
@pytest.mark.parametrize(
    ("path", "value"),
    [
        (["id"], None),
        (["title"], 5),
        (["paragraphs", 0, "span"], "ab"),
        (["citations", 0, "span"], None),
        (["citations", 0, "kind"], -1),
        (["citations", 0, "confidence"], ""),
        (["citations", 0, "confidence"], float("nan")),
        (["citations", 0, "paragraphs"], "x"),
        (["citations", 0, "contexts", 0, "paragraph"], None),
    ],
)
def test_a_record_of_odd_values_is_refused_whatever_is_written(run, article, path, value, form):
    record = json.loads(run("extract", article).stdout)
    place = record
    for step in path[:-1]:
        place = place[step]
    place[path[-1]] = value
    done = run("resolve", "-", "-f", form, stdin=json.dumps(record))
    assert (done.stderr.count("\n"), done.returncode) == (1, 1)
    assert done.stderr.startswith("tweetlinks: -:1: no record of tweetlinks: ")


@pytest.mark.parametrize("number", ["1e999", "-1e999", "NaN", "Infinity"])
def test_a_record_with_what_is_no_number_is_named_and_the_others_are_done(run, article, number):
    good = run("extract", article).stdout
    done = run("resolve", "-", stdin=good + good.replace("{", f'{{"own": [{number}], ', 1) + good)
    assert [json.loads(line)["id"] for line in done.stdout.splitlines()] == [str(article)] * 2
    assert done.stderr == f"tweetlinks: -:2: no record of tweetlinks: {number} is no number\n"


def test_a_record_among_links_is_named(run):
    done = run("resolve", "-", stdin="t.co/a\n{}\nt.co/b\n")
    assert [record["url"] for record in records(done)] == ["https://t.co/a", "https://t.co/b"]
    assert (done.stderr, done.returncode) == ("tweetlinks: -:2: a record among links\n", 1)


def test_records_without_their_text_make_a_table_that_names_paragraphs_only_and_say_so_once(run, article):
    done = run("resolve", "-", "-f", "table", stdin=run("extract", article, article).stdout)
    assert "Ann @ann_b" in done.stdout
    assert done.stdout.count("about   ¶ 2\n") == 2
    hint = "the records hold no text, so no passage is shown: extract --with-text keeps it"
    assert (done.stderr, done.returncode) == (f"tweetlinks: {hint}\n", 0)
    done = run("resolve", "-", "-f", "table", stdin=run("extract", "--with-text", article).stdout)
    assert "about   ¶ 2  The minister" in done.stdout
    assert done.stderr == ""


def test_an_array_of_records_is_read_like_lines_of_them(run, article, tmp_path):
    whole = tmp_path / "records.json"
    assert run("extract", article, article, "-o", whole).returncode == 0
    done = run("resolve", whole, "-f", "jsonl")
    assert [record["id"] for record in records(done)] == [str(article)] * 2
    assert (done.stderr, done.returncode) == ("", 0)


def test_what_is_no_link_is_named_with_its_line_and_the_others_are_done(run, tmp_path):
    lines = tmp_path / "links.csv"
    lines.write_text("id,link\nt.co/a\nsee the pier\n", encoding="utf-8")
    done = run("resolve", lines, "nonsense")
    assert [record["url"] for record in records(done)] == ["https://t.co/a"]
    assert done.stderr.splitlines() == [
        f"tweetlinks: {lines}:1: no link: 'id,link' (a column of a CSV file is read with --column NAME)",
        f"tweetlinks: {lines}:3: no link: 'see the pier'",
        "tweetlinks: nonsense: no link, and no file of that name",
    ]
    assert done.returncode == 1


def test_links_that_are_glued_together_are_parted_and_a_column_may_hold_whole_tweets(run, tmp_path):
    glued = "(https://t.co/aaaaaaaaaapic.twitter.com/bbbbbbbbbb)."
    wanted = ["https://t.co/aaaaaaaaaa", "https://pic.twitter.com/bbbbbbbbbb"]
    assert [each["url"] for each in records(run("resolve", glued))] == wanted
    table = tmp_path / "in.csv"
    table.write_text(f'id,text\n1,"Rain, again {glued} See https://t.co/cccccccccc!"\n2,Rain\n', encoding="utf-8")
    done = run("resolve", table, "--column", "text")
    rows = list(csv.DictReader(io.StringIO(done.stdout)))
    assert [row["text"] for row in rows] == [*wanted, "https://t.co/cccccccccc", "Rain"]
    assert (done.returncode, done.stderr) == (1, f"tweetlinks: {table}:3: no link: 'Rain'\n")


@pytest.mark.parametrize(
    ("words", "meant"), [(["exract", "a"], "extract"), (["Report"], "report"), (["chek"], "check")]
)
def test_a_slip_in_the_name_of_a_command_sends_nothing(run, words, meant):
    done = run(*words)
    assert (done.returncode, done.stdout) == (2, "")
    assert f"no command and no file: {words[0]}; did you mean {meant}?" in done.stderr


def test_a_file_may_be_called_almost_like_a_command(run, tmp_path, article):
    (tmp_path / "here" / "exract").write_bytes(article.read_bytes())
    assert records(run("exract"))[0]["id"] == "exract"


def test_a_table_that_is_read_as_one_text_is_said_to_be(run, tmp_path):
    (tmp_path / "a.csv").write_text("id,text\n1,Rain\n", encoding="utf-8")
    assert "--text-column NAME" in run("extract", tmp_path / "a.csv").stderr
    assert run("extract", tmp_path / "a.csv", "--text-column", "text").stderr == ""


def test_fail_on_says_when_nobody_was_asked(run):
    done = run("resolve", "--fail-on", "dead", "t.co/a", "t.co/b")
    assert (done.returncode, "links that were not asked: 2 (offline)" in done.stderr) == (0, True)


def test_a_link_that_was_cut_off_is_not_asked(run):
    (record,) = records(run("resolve", "https://t.co/abc…", TWEETLINKS_OFFLINE=""))
    assert (record["expansion"], record["attempts"]) == ("truncated", 0)
    assert "cut off" in record["error"]
    assert "cut off" in run("-f", "table", "-", stdin="See https://t.co/abc… now.", TWEETLINKS_OFFLINE="").stdout


def test_a_file_of_links_or_of_records_is_read(run, article, tmp_path):
    links, extracted = tmp_path / "links.txt", tmp_path / "records.jsonl"
    links.write_text("t.co/a\nhttps://t.co/b\n", encoding="utf-8")
    done = run("resolve", links, "t.co/c")
    assert [record["url"] for record in records(done)] == ["https://t.co/a", "https://t.co/b", "https://t.co/c"]
    assert run("extract", article, "-o", extracted).returncode == 0
    (record,) = records(run("resolve", extracted))
    assert (record["id"], record["links"][0]["resolution"]["expansion"]) == (str(article), "offline")


def test_what_plainly_is_html_is_read_as_html_unless_its_reader_is_named(run):
    page = "\ufeff\n<!DOCTYPE html><p>Rain. https://t.co/abcdefghij"
    assert [record["format"] for record in records(run("extract", "-", stdin=page))] == ["html"]
    (record,) = records(run("extract", "--from", "text", "-", stdin=page))
    assert (record["format"], record["links"][0]["url"]) == ("text", "https://t.co/abcdefghij")


def test_a_column_is_resolved_beside_the_others(run, tmp_path):
    table = tmp_path / "in.csv"
    table.write_text('id,link\n1,https://t.co/a\n2,\n\n4,https://t.co/a\n"x\ny",https://t.co/b\n', encoding="utf-8")
    done = run("resolve", table, "--column", "link")
    rows = list(csv.DictReader(io.StringIO(done.stdout)))
    assert (done.stderr, done.returncode) == ("", 0)
    assert [row["id"] for row in rows] == ["1", "2", "4", "x\ny"]
    assert [row["expansion"] for row in rows] == ["offline", "", "offline", "offline"]
    done = run("resolve", table, "--column", "url")
    assert (done.returncode, done.stderr) == (1, f"tweetlinks: {table}: no column 'url'; it has: id, link\n")


def test_a_cell_of_several_links_gives_a_row_for_each(run, article, tmp_path):
    table = tmp_path / "in.csv"
    table.write_text("id,links\n1,t.co/a https://t.co/b\n2,nonsense\n3,t.co/c nonsense\n", encoding="utf-8")
    done = run("resolve", table, "--column", "links")
    rows = list(csv.DictReader(io.StringIO(done.stdout)))
    assert [(row["id"], row["links"], row["expansion"]) for row in rows] == [
        ("1", "t.co/a", "offline"),
        ("1", "https://t.co/b", "offline"),
        ("2", "nonsense", ""),
        ("3", "t.co/c", "offline"),
    ]
    assert done.stderr.splitlines() == [f"tweetlinks: {table}:3: no link: 'nonsense'"]
    assert done.returncode == 1
    own = tmp_path / "own.csv"
    assert run("extract", article, "-o", own).returncode == 0
    (row,) = csv.DictReader(io.StringIO(run("resolve", own, "--column", "links").stdout))
    assert (row["id"], row["links"]) == (str(article), "https://t.co/abcdefghij")


def test_csv_in_a_file_has_the_mark_that_spreadsheets_want_and_in_a_pipe_none(run, article, tmp_path):
    out = tmp_path / "out.csv"
    assert run("resolve", "t.co/a", "-o", out).returncode == 0
    assert out.read_bytes().startswith(b"\xef\xbb\xbfurl,")
    assert run("resolve", out, "--column", "url", "-o", tmp_path / "next.csv").returncode == 0
    assert (tmp_path / "next.csv").read_bytes().startswith(b"\xef\xbb\xbfurl,")
    assert run("extract", "-f", "csv", article).stdout.startswith("id,")


def test_explain_says_where_it_shows(run, article):
    done = run("extract", "--explain", article)
    assert (done.stderr, done.returncode) == ("tweetlinks: --explain shows in a table only: -f table\n", 0)


def test_a_row_with_too_few_or_too_many_cells_is_named_and_the_others_are_done(run, tmp_path):
    table = tmp_path / "in.csv"
    table.write_text("id,link\n1,t.co/a\n2\n3,t.co/b,Rain, again\n4,t.co/c\n", encoding="utf-8")
    done = run("resolve", table, "--column", "link")
    assert [row["id"] for row in csv.DictReader(io.StringIO(done.stdout))] == ["1", "4"]
    assert done.stderr.splitlines() == [
        f"tweetlinks: {table}:3: a row of 1 cells, where the columns are 2",
        f"tweetlinks: {table}:4: a row of 4 cells, where the columns are 2",
    ]
    assert done.returncode == 1


def test_several_tables_make_one(run, tmp_path):
    first, other, last = (tmp_path / name for name in ("1.csv", "2.csv", "3.csv"))
    first.write_text("id,link\n1,t.co/a\n", encoding="utf-8")
    other.write_text("link,id\nt.co/b,2\n", encoding="utf-8")
    last.write_text("id,link\n3,\n", encoding="utf-8")
    done = run("resolve", "--column", "link", first, other, tmp_path / "none.csv", last)
    assert [row["id"] for row in csv.DictReader(io.StringIO(done.stdout))] == ["1", "3"]
    assert done.stderr.splitlines() == [
        f"tweetlinks: {other}: its columns are not those of the first file: link, id",
        f"tweetlinks: {tmp_path / 'none.csv'}: No such file or directory",
    ]
    assert done.returncode == 1


def test_the_cache_counts_and_forgets(run, tmp_path):
    said = run("cache", "stats").stdout
    assert said.startswith(f"path {tmp_path / 'xdg' / 'tweetlinks' / 'answers.sqlite'}\nanswers 0\n")
    assert not (tmp_path / "xdg" / "tweetlinks" / "answers.sqlite").exists()
    done = run("cache", "purge", "--cache", tmp_path / "mine")
    assert (done.stdout, done.stderr, done.returncode) == ("", f"tweetlinks: {tmp_path / 'mine'}: no such cache\n", 1)
    assert not (tmp_path / "mine").exists()
    assert run("--cache", tmp_path / "mine", "--offline", "-", stdin="t.co/abcdefghij").returncode == 0
    assert run("cache", "purge", "--cache", tmp_path / "mine").stdout == f"path {tmp_path / 'mine'}\npurged 0\n"


def test_a_foreign_cache_is_refused_and_left_alone(run, article, tmp_path):
    (tmp_path / "foreign").write_bytes(b"not ours")
    done = run("--cache", tmp_path / "foreign", article)
    assert done.returncode == 1
    assert done.stderr.startswith("tweetlinks: ")
    assert (tmp_path / "foreign").read_bytes() == b"not ours"


def test_main_returns_the_status(capsysbinary, article):
    assert cli.main(["extract", str(article)]) == 0
    assert json.loads(capsysbinary.readouterr().out)["id"] == str(article)
    assert cli.main(["extract", str(article.parent / "none")]) == 1


def test_an_output_file_is_never_an_input(run, article):
    before = article.read_bytes()
    done = run("extract", article, "-o", article)
    assert (done.returncode, article.read_bytes()) == (1, before)
    assert done.stderr == f"tweetlinks: {article}: is read, and cannot be written to at the same time\n"


def test_an_output_file_keeps_what_it_holds_until_there_is_something_to_write(run, tmp_path):
    old = tmp_path / "old.jsonl"
    old.write_text("old\n", encoding="utf-8")
    assert run("extract", tmp_path / "nothing.txt", "-o", old).returncode == 1
    assert old.read_text(encoding="utf-8") == "old\n"


def test_without_a_usable_cache_the_documents_are_read_all_the_same(run, article):
    done = run(article, XDG_CACHE_HOME="/dev/null")
    assert (len(records(done)), done.returncode) == (1, 0)
    assert "the cache cannot be used" in done.stderr


def test_a_pipe_in_a_folder_is_passed_over(run, article):
    os.mkfifo(article.parent / "p.txt")
    assert [record["id"] for record in records(run("extract", article.parent))] == [str(article)]


def test_a_pipe_of_links_is_read(environment):
    command = f"{sys.executable} -m tweetlinks resolve <(echo t.co/a)"
    done = subprocess.run(["/bin/bash", "-c", command], capture_output=True, check=False, env=environment, timeout=60)
    assert json.loads(done.stdout)["url"] == "https://t.co/a"


@pytest.mark.parametrize("buffered", ["", "1"])
@pytest.mark.parametrize("arguments", [["-o", "/dev/full"], []])
def test_a_full_disk_is_named(environment, article, arguments, buffered):
    command = [sys.executable, "-m", "tweetlinks", "extract", str(article), *arguments]
    variables = environment | {"PYTHONUNBUFFERED": buffered}
    with Path("/dev/full").open("wb") as full:
        done = subprocess.run(command, stdout=full, stderr=subprocess.PIPE, env=variables, check=False, timeout=60)
    name = arguments[-1] if arguments else "standard output"
    assert (done.stderr.decode(), done.returncode) == (f"tweetlinks: {name}: No space left on device\n", 1)


def test_nobody_listening_to_complaints_costs_no_data(environment, article):
    with Path("/dev/full").open("wb") as full:
        command = [sys.executable, "-m", "tweetlinks", "extract", str(article.parent / "nothing.txt"), str(article)]
        done = subprocess.run(command, stdout=subprocess.PIPE, stderr=full, env=environment, check=False, timeout=60)
    assert (len(done.stdout.splitlines()), done.returncode) == (1, 1)


def test_a_page_that_cannot_be_read_without_a_package_is_named_and_the_rest_is_done(run, seed, tmp_path):
    page = tmp_path / "page.html"
    page.write_text('<blockquote class="twitter-tweet"><a href="https://x.com/a/status/20"></a></blockquote>')
    (tmp_path / "bs4.py").write_text("raise ModuleNotFoundError('No module named bs4', name='bs4')")
    done = run("extract", "-f", "jsonl", page, seed, PYTHONPATH=f"{tmp_path}:{seed.parents[1]}")
    assert done.stderr == f"tweetlinks: {page}: html needs a package that is not installed: bs4\n"
    assert ([record["id"] for record in records(done)], done.returncode) == ([str(seed)], 1)


def test_columns_parted_by_semicolons_or_tabs_and_cells_of_several_links_are_read(run):
    for mark in ";\t":
        table = (
            f"id{mark}a link{mark}expansion\n1{mark}https://t.co/a https://t.co/b|https://t.co/c, t.co/d{mark}mine\n"
        )
        head, *rows = csv.reader(run("resolve", "--column", "a link", "-", stdin=table).stdout.splitlines())
        assert head[:3] == ["id", "a link", "expansion"]
        assert head.count("expansion") == 1
        assert "link_expansion" in head
        assert [row[1] for row in rows] == ["https://t.co/a", "https://t.co/b", "https://t.co/c", "t.co/d"]


def test_several_links_of_a_line_are_several_and_a_file_that_is_not_there_is_no_link(run):
    assert [record["url"] for record in records(run("resolve", "-", stdin="https://t.co/a t.co/b\n"))] == [
        "https://t.co/a",
        "https://t.co/b",
    ]
    done = run("resolve", "linsk.txt")
    assert (done.returncode, done.stderr) == (1, "tweetlinks: linsk.txt: no such file\n")
