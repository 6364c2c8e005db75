"""Pieces reach standard output or a file whole, from any thread; without a terminal nothing is said."""

from __future__ import annotations

import sys
import threading

from tweetlinks import terminal


def test_a_thread_may_write_large_pieces(tmp_path):
    def write():
        with terminal.Out(str(tmp_path / "out")) as out:
            out.put(["é" * 10_000, "end\n"])

    thread = threading.Thread(target=write)
    thread.start()
    thread.join()
    assert (tmp_path / "out").read_text(encoding="utf-8") == "é" * 10_000 + "end\n"


def test_lone_surrogates_are_written_as_escapes(tmp_path):
    with terminal.Out(str(tmp_path / "out")) as out:
        out.put(["a\ud83d\n"])
    assert (tmp_path / "out").read_bytes() == b"a\\ud83d\n"


def test_closed_streams_are_no_terminals(monkeypatch):
    for name in ("stdin", "stdout", "stderr"):
        monkeypatch.setattr(sys, name, None)
    assert not terminal.shown()
    with terminal.Out(None) as out:
        out.put(["into nothing\n"])
    assert terminal.stdin() is None
    terminal.complain("nobody hears it")
    terminal.status("nor this")
