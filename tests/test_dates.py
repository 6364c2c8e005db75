"""What `tweetlinks.dates` promises: the printed day in any language, where it ends, and no date where none is."""

from __future__ import annotations

import csv
import importlib.util
import os
import subprocess
import sys
import time
from collections import defaultdict
from datetime import date
from pathlib import Path
from types import ModuleType

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tweetlinks import dates
from tweetlinks.dates import fold, parse_date_at
from tweetlinks.tables import read_text

HERE = Path(__file__).parent
CORPUS = Path(os.environ.get("TWEETLINKS_CORPUS", HERE.parent.parent / "shared"))
ENVIRONMENT = os.environ | {"PYTHONPATH": str(HERE.parent)}
HANDLE = "— Ada (@ada)"
# The first digit of the numbering systems that CLDR gives languages by default, other than ASCII.
DIGITS = {
    "arab": 0x660,
    "arabext": 0x6F0,
    "beng": 0x9E6,
    "cakm": 0x11136,
    "deva": 0x966,
    "hmnp": 0x1E140,
    "mymr": 0x1040,
    "nkoo": 0x7C0,
    "olck": 0x1C50,
    "tibt": 0xF20,
}


def rows(name: str) -> list[list[str]]:
    """Read a case table: tabs between fields, `#` opens a comment."""
    lines = (HERE / "cases" / name).read_text(encoding="utf-8").splitlines()
    return [line.split("\t") for line in lines if not line.startswith("#")]


def unescape(text: str) -> str:
    """Undo the escapes of a case, leaving every other character alone."""
    return text.encode("ascii", "backslashreplace").decode("unicode_escape")


@pytest.fixture(scope="module")
def maker() -> ModuleType:
    """The generator of the table; it needs Babel."""
    pytest.importorskip("babel", reason="Babel is of the extra `test`")
    spec = importlib.util.spec_from_file_location("make_dates", HERE / "tables" / "make_dates.py")
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    sys.modules["make_dates"] = module
    spec.loader.exec_module(module)
    return module


@pytest.fixture(scope="module")
def remade(maker: ModuleType, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with the tables, made again."""
    if maker.babel_version != "2.19.0":
        pytest.skip("the tables were made with Babel 2.19.0")
    folder = tmp_path_factory.mktemp("tables")
    subprocess.run([sys.executable, HERE / "tables" / "make_dates.py", folder], cwd=folder, env=ENVIRONMENT, check=True)
    return folder


@pytest.mark.parametrize(("text", "day", "language", "printed"), rows("dates.tsv"))
def test_a_printed_date_is_read_with_its_borders(text: str, day: str, language: str, printed: str) -> None:
    line = HANDLE + unescape(text)
    found = parse_date_at(line, len(HANDLE))
    if day == "none":
        assert found is None
        return
    assert found is not None
    assert (found.date or "damaged", line[found.start : found.end]) == (day, unescape(printed))
    assert language in {"*", found.language}


@pytest.mark.parametrize(
    ("table", "printed", "day"),
    [("dates-observed.tsv", "shown_date", "snowflake_utc"), ("dates-observed-2.tsv", "date_text", "iso")],
)
def test_every_date_observed_in_an_embed_is_the_utc_day_of_its_tweet(table: str, printed: str, day: str) -> None:
    path = CORPUS / "facts" / table
    if not path.exists():
        pytest.skip(f"TWEETLINKS_CORPUS names no folder with facts/{table}")
    with path.open(encoding="utf-8", newline="") as file:
        seen = list(csv.DictReader(file, delimiter="\t", quoting=csv.QUOTE_NONE))
    wrong = []
    for row in seen:
        found = parse_date_at(f"{HANDLE} {row[printed]}", len(HANDLE))
        if found is None or found[:2] != (len(HANDLE) + 1 + len(row[printed].rstrip(",")), row[day][:10]):
            wrong.append((row, found))
    assert len(seen) > 100
    assert wrong == []


@pytest.mark.parametrize("width", ["long", "medium"])
def test_every_date_that_cldr_prints_is_read_back_but_for_the_exceptions_listed(maker: ModuleType, width: str) -> None:
    unread = defaultdict(set)
    for language, locale in maker.locales():
        for month in range(1, 13):
            day = date(2017, month, month + 11)
            printed = maker.format_date(day, width, locale)
            found = parse_date_at(f"{HANDLE} {printed} — Eve", len(HANDLE))
            if found is None or found[:2] != (len(HANDLE) + 1 + len(printed), day.isoformat()):
                unread[language].add(month)
    listed = {row[0]: row[2] for row in rows("date_exceptions.tsv") if row[1] == width}
    assert {language: " ".join(map(str, sorted(months))) for language, months in unread.items()} == listed


def test_languages_with_digits_of_their_own_are_read_in_them(maker: ModuleType) -> None:
    checked = set()
    exceptions = {row[0] for row in rows("date_exceptions.tsv") if row[1] == "long"}
    for language, locale in maker.locales():
        zero = DIGITS.get(locale.default_numbering_system)
        if zero is None or language in exceptions:
            continue
        for month in range(1, 13):
            printed = maker.format_date(date(2018, month, 27), "long", locale)
            native = printed.translate({ord(str(n)): chr(zero + n) for n in range(10)})
            found = parse_date_at(f"{HANDLE} {native}", len(HANDLE))
            assert found is not None, (language, native)
            assert found.date == f"2018-{month:02}-27", (language, native)
        checked.add(language)
    assert len(checked) > 20
    assert {"fa", "mr", "bn", "my"} <= checked


@pytest.mark.parametrize("name", ["dates.tsv", "dates_more.tsv", "date_collisions.tsv"])
def test_the_tables_are_what_cldr_says(remade: Path, name: str) -> None:
    kept = (HERE / "cases" / name).read_text(encoding="utf-8") if name.startswith("date_") else read_text(name)
    assert kept == (remade / name).read_text(encoding="utf-8")


@pytest.mark.parametrize("words", [[], ["2026-11-24", "."], [".", "--in-place"], ["no such folder"], [""]])
def test_the_tables_are_written_nowhere_but_where_one_says(maker: ModuleType, tmp_path: Path, words: list[str]) -> None:
    done = subprocess.run(
        [sys.executable, maker.__file__, *words], cwd=tmp_path, env=ENVIRONMENT, check=False, capture_output=True
    )
    assert (done.returncode, done.stderr[:6], list(tmp_path.iterdir())) == (1, b"usage:", [])


@pytest.mark.parametrize("path", sorted(Path(dates.__file__).with_name("data").iterdir()), ids=lambda path: path.name)
def test_a_table_says_of_when_it_was_made_a_day_or_nothing(path: Path) -> None:
    made = [line for line in path.read_text(encoding="utf-8").splitlines() if line.startswith("# Made:")]
    assert all(date.fromisoformat(line.removeprefix("# Made: ")) for line in made)


def test_one_signature_and_tail_of_a_name_means_one_month() -> None:
    for table in (dates._table(), dates._more()):
        for name, cell in table.items():
            if cell[0].isdigit():
                keys = [(s, r.tail) for s, readings in dates._parse_cell(cell).items() for r in readings]
                assert len(keys) == len(set(keys)), (name, cell)


@given(st.text(max_size=60), st.text(max_size=60))
def test_what_stands_before_or_after_a_date_does_not_change_it(before: str, after: str) -> None:
    found = parse_date_at(f"{before} March 9, 2018{after}", len(before))
    assert found == (len(before) + 14, "2018-03-09", "en", len(before) + 1)


@given(st.text("19 20.,-/:MarchPM年月日월\n\r[de*NUMBER г٣\u200f", max_size=100), st.integers(0, 100))
def test_any_text_gives_a_date_within_it_or_none(text: str, start: int) -> None:
    found = parse_date_at(text, start)
    if found is not None:
        assert start <= found.start < found.end <= len(text)
        assert not text[found.start].isspace()
        assert found.date is None or date.fromisoformat(found.date)


@given(st.dates(date(2006, 1, 1), date(2100, 12, 31)))
def test_every_day_of_the_service_is_read(day: date) -> None:
    found = parse_date_at(f" {day.day}/{day.month}/{day.year}".replace("/", "."), 0)
    assert found is not None
    assert found.date == day.isoformat()


@given(st.text(max_size=40))
def test_folding_twice_changes_nothing(words: str) -> None:
    assert fold(fold(words)) == fold(words)


@pytest.mark.parametrize("unit", [row[0] for row in rows("dates_hostile.tsv")])
def test_fifty_thousand_repetitions_end_in_two_seconds(unit: str) -> None:
    piece = unescape(unit)
    text = piece * 50_000
    started = time.perf_counter()
    for start in range(0, len(text), len(piece)):
        parse_date_at(text, start)
    assert time.perf_counter() - started < 2


def test_a_common_date_loads_neither_unicodedata_nor_the_rare_names() -> None:
    code = (
        "import sys; from tweetlinks.dates import parse_date_at as p, _more; assert p(' March 9, 2018', 0); "
        "print(_more.cache_info().currsize, 'unicodedata' in sys.modules)"
    )
    done = subprocess.run([sys.executable, "-c", code], env=ENVIRONMENT, capture_output=True, text=True, check=True)
    assert done.stdout == "0 False\n"
