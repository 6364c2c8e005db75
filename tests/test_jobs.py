"""Several processes read what one reads: the same lines in the same order, whoever is killed."""

from __future__ import annotations

import json
import os
import pickle
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from tweetlinks import jobs
from tweetlinks.cli import main
from tweetlinks.corpora import Input
from tweetlinks.errors import InputError

WORDS = "Rain at the pier again\n— Ann Bee (@ann_b) May 3, 2017\n"
PLAN = jobs.Plan("auto")


@pytest.fixture(scope="module")
def corpus(tmp_path_factory):
    """1,500 articles of a table, every seventh with a tweet, two of them no text."""
    path = tmp_path_factory.mktemp("jobs") / "articles.jsonl"
    rows = [{"id": n, "text": f"Report {n}.\n\n{WORDS if n % 7 == 0 else 'Nothing.'}"} for n in range(1500)]
    rows[40]["text"] = "\0\0\0"
    rows[900]["text"] = 5
    rows[14]["text"] += "https://twitter.com/ann_b/status/780925634837913600"
    path.write_text("".join(json.dumps(row) + "\n" for row in rows), encoding="utf-8")
    return str(path)


def run(corpus, out, *more):
    return main(["extract", corpus, "--text-column", "text", "--id-column", "id", "-o", str(out), *more])


@pytest.mark.parametrize("form", ["jsonl", "csv", "tsv", "urls", "ids", "json", "table", "sqlite", "parquet"])
def test_two_processes_write_what_one_writes(corpus, tmp_path, form, capsys):
    found = []
    for jobs_ in ("1", "2"):
        out = tmp_path / f"{jobs_}.out"
        assert run(corpus, out, "-f", form, "--jobs", jobs_) == 1  # two were no text
        said = capsys.readouterr().err.splitlines()
        assert [line.split(": ")[1] for line in said] == [f"{corpus}:41 (40)", f"{corpus}:901"]
        found.append(out.read_bytes())
    assert found[0] == found[1]


def test_what_is_not_sure_is_left_out_there_too(corpus, tmp_path):
    run(corpus, tmp_path / "a.csv", "--jobs", "2", "--min-confidence", "1")
    assert len((tmp_path / "a.csv").read_text(encoding="utf-8-sig").splitlines()) == 1


def test_resuming_goes_on_after_kill_9_without_loss_or_repetition(corpus, tmp_path):
    out, whole = tmp_path / "a.jsonl", tmp_path / "b.jsonl"
    run(corpus, whole)
    words = [sys.executable, "-m", "tweetlinks", "extract", corpus, "--text-column", "text", "--id-column", "id"]
    run_ = subprocess.Popen([*words, "--jobs", "2", "-o", out], stderr=subprocess.DEVNULL)
    while not (out.exists() and out.stat().st_size):
        time.sleep(0.002)
    run_.kill()
    run_.wait()
    out.write_bytes(out.read_bytes()[:-7])  # and a torn line
    run(corpus, out, "--jobs", "2", "--resume")
    assert out.read_bytes() == whole.read_bytes()


def children(pid):
    """Return the processes that one began."""
    return [int(name) for name in Path(f"/proc/{pid}/task/{pid}/children").read_text(encoding="ascii").split()]


def is_reader(pid):
    return b"spawn_main" in Path(f"/proc/{pid}/cmdline").read_bytes()


def is_running(pid):
    try:
        return ") Z " not in Path(f"/proc/{pid}/stat").read_text(encoding="ascii")
    except (FileNotFoundError, ProcessLookupError):
        return False


@pytest.mark.skipif(not Path("/proc/self/task").exists(), reason="looks at processes as Linux shows them")
@pytest.mark.parametrize(("kill", "code"), [(signal.SIGKILL, -9), (signal.SIGINT, 130)])
def test_no_process_outlives_the_one_that_began_it(tmp_path, kill, code):
    path = tmp_path / "endless.jsonl"
    os.mkfifo(path)
    words = [sys.executable, "-m", "tweetlinks", "extract", path, "--text-column", "text", "--jobs", "2"]
    with subprocess.Popen(words, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL) as run_, path.open("wb") as file:
        file.write((json.dumps({"text": WORDS}) + "\n").encode() * 1000)  # more than a batch
        file.flush()
        started = until(lambda: children(run_.pid))
        time.sleep(0.3)  # and waits for more
        run_.send_signal(kill)
        assert run_.wait() == code
    assert started
    assert until(lambda: not any(map(is_running, started)))


def until(happens):
    """Wait up to ten seconds for something."""
    for _ in range(1000):
        if found := happens():
            return found
        time.sleep(0.01)
    return None


class Deadly(bytes):
    """An article whose reading ends the process, as one that is out of memory is ended."""

    __slots__ = ()

    def __reduce__(self):
        return os.abort, ()


def test_an_input_that_ends_its_process_is_named_and_the_others_are_read():
    items = [Input(f"{n}", WORDS.encode(), "text") for n in range(900)]
    items[450] = Input("450", Deadly(b"x"), "text")
    found = list(jobs.documents(items, PLAN, 2))
    assert [each.source if isinstance(each, InputError) else each.id for each in found] == [item.id for item in items]
    assert [str(each) for each in found if isinstance(each, InputError)] == [
        "450: the process that read it was killed, and the next one too"
    ]


def test_a_process_that_is_killed_loses_nothing():
    items = [Input(f"{n}", WORDS.encode() * 9, "text") for n in range(4000)]
    found = jobs.documents(items, PLAN, 2)
    done = [next(found).id]
    for document in found:
        done.append(document.id)
        if len(done) in {1000, 1400, 2000}:
            os.kill(next(filter(is_reader, children(os.getpid()))), signal.SIGKILL)
    assert done == [item.id for item in items]


def test_an_error_comes_back_from_another_process_as_it_was():
    error = InputError("a.txt", "no text")
    back = pickle.loads(pickle.dumps(error))  # noqa: S301  our own
    assert (back.source, str(back)) == (error.source, str(error))


class Strange(bytes):
    """An article whose reading fails in a way that nobody thought of."""

    __slots__ = ()

    def __reduce__(self):
        return int, (5,)


def test_an_error_that_nobody_thought_of_ends_the_run_as_it_does_with_one_process():
    items = [Input("a", Strange(b"x"), "text")]
    with pytest.raises(TypeError):
        list(jobs.documents(items, PLAN, 2))
