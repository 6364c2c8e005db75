"""How far a command is: counted, timed, shown on a terminal only."""

from __future__ import annotations

import io

from tweetlinks import sources, terminal
from tweetlinks.progress import Progress


class Terminal(io.StringIO):
    def isatty(self):
        return True


def on_screen(monkeypatch) -> Terminal:
    """Give standard error a terminal, for the rest of the test."""
    screen = Terminal()
    monkeypatch.setattr("sys.stderr", screen)
    return screen


def begun(unit: str, total: int | None) -> tuple[Progress, list[float]]:
    clock = [0.0]
    return Progress(unit, lambda: total, clock=lambda: clock[0]), clock


def test_links_have_a_rate_outcomes_and_a_time_left(monkeypatch):
    screen = on_screen(monkeypatch)
    progress, clock = begun("links", 5000)
    progress.begin(500)
    assert screen.getvalue() == "\r0 of 5,000 links\x1b[K"
    clock[0] = 25.0
    for n in range(1200):
        progress.link("dead" if n % 12 == 0 else "expanded")
    assert progress.text() == "1,200 of 5,000 links, 48/s, 79 s left: expanded 1,100, dead 100"
    progress.end()
    assert screen.getvalue().endswith("\r\x1b[K")


def test_a_link_that_is_asked_for_twice_is_two_of_the_links(monkeypatch):
    on_screen(monkeypatch)
    progress, _ = begun("links", 3)
    progress.link("expanded", 2)
    assert progress.text().startswith("2 of 3 links, ")


def test_documents_count_their_links_beside(monkeypatch):
    on_screen(monkeypatch)
    progress, clock = begun("documents", 4)
    clock[0] = 600.0
    progress.link("expanded")
    progress.step()
    assert progress.text() == "1 of 4 documents, 1 links, 0/min, 30 min left: expanded 1"


def test_without_a_total_there_is_no_time_left(monkeypatch):
    on_screen(monkeypatch)
    progress, clock = begun("links", None)
    clock[0] = 1.0
    progress.link("expanded")
    assert progress.text() == "1 links, 1/s: expanded 1"


def test_it_is_drawn_ten_times_a_second_at_most_and_no_wider_than_the_terminal(monkeypatch):
    screen = on_screen(monkeypatch)
    progress, clock = begun("links", 100)
    for n in range(100):
        clock[0] = n / 100
        progress.link(f"an-outcome-of-a-long-name-{n % 4}")
    pictures = screen.getvalue().split("\r")[1:]
    assert 8 <= len(pictures) <= 10
    assert max(len(picture) - len("\x1b[K") for picture in pictures) <= 79


def test_where_nobody_watches_nothing_is_counted_or_written(monkeypatch):
    out = io.StringIO()
    monkeypatch.setattr("sys.stderr", out)

    def total():
        raise AssertionError

    progress = Progress("links", total)
    progress.begin(1)
    progress.link("expanded")
    progress.end()
    terminal.status("x")
    assert out.getvalue() == ""


def test_a_complaint_takes_the_picture_away_first(monkeypatch):
    screen = on_screen(monkeypatch)
    terminal.status("1 of 2 links")
    terminal.complain("no")
    assert screen.getvalue() == "\r1 of 2 links\x1b[K\r\x1b[Ktweetlinks: no\n"


def test_what_is_to_be_done_is_counted_without_reading_a_pipe(tmp_path):
    links = tmp_path / "links.txt"
    links.write_text("t.co/a\n\nt.co/b\n", encoding="utf-8")
    assert sources.count_lines([str(links), "t.co/c"]) == 3
    assert sources.count_lines([str(links), "-"]) is None
    assert sources.count_lines([str(tmp_path)]) is None
    assert sources.count([str(tmp_path), str(links), "-", str(tmp_path / "*.md")]) == 3
