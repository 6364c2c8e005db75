"""Each format shows what the document holds, whatever the tweets hold."""

from __future__ import annotations

import csv
import io
import json
import re
import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tweetlinks import Citation, Document, Hop, Link, Resolution, extract
from tweetlinks.model import Context, Paragraphs
from tweetlinks.write import FORMATS, View, confident, writer
from tweetlinks.write.codingsheet import COLUMNS
from tweetlinks.write.csvrows import CITATION_COLUMNS
from tweetlinks.write.jsonl import line
from tweetlinks.write.table import safe, shown_width, wrap
from tweetlinks.write.webannotation import page

ARTICLE = (
    "A title\n"
    "The minister said it plainly:\n"
    "Rain again. https://t.co/abcdefghij\n"
    "— Ann (@ann_b) 3 mai 2017\n"
    "Read more at https://example.org/story today.\n"
)
EXPANDED = Resolution("https://t.co/abcdefghij", "expanded", "unchecked", "https://example.org/a", "http", (
    Hop("https://t.co/abcdefghij", 301, "http", 12), Hop("https://example.org/a", None, "end", 0)))  # fmt: skip
DEAD = Resolution("https://t.co/zzzzzzzzzz", "dead", "not contacted", None, None, error="404 Not Found")


def shown(name: str, *documents: Document, **view: object) -> str:
    return "".join(writer(name).write(documents, View(**view)))


@pytest.fixture
def document() -> Document:
    return extract(ARTICLE, id="a.txt")


@pytest.mark.parametrize("name", FORMATS.keys() - {"ids"})  # which come once
def test_every_piece_ends_a_line_or_starts_the_next(name, document):
    pieces = list(writer(name).write([document, document], View()))
    assert "".join(pieces).endswith("\n")
    assert len(pieces) >= 2


@pytest.mark.parametrize("name", FORMATS)
def test_no_documents_are_valid_output(name):
    tables = {each: ",".join(names) + "\n" for each, names in (("csv", CITATION_COLUMNS), ("coding-sheet", COLUMNS))}
    arrays = {
        "json": "[]\n",
        "csl": "[]\n",
        "tsv": tables["csv"].replace(",", "\t"),
        "webannotation": "".join(page(())),
    }
    assert shown(name) == (tables | arrays).get(name, "")


def test_json_lines_are_one_record_each(document):
    first, second = shown("jsonl", document, document).splitlines()
    assert json.loads(first) == json.loads(second) == json.loads(json.dumps(document.to_dict()))
    assert json.loads(shown("jsonl", document, with_text=True))["text"] == ARTICLE


def test_the_json_array_holds_the_same_records(document):
    records = json.loads(shown("json", document, document))
    assert records == [json.loads(text) for text in shown("jsonl", document, document).splitlines()]


@given(st.dictionaries(st.text(), st.text(alphabet=st.characters())))
def test_any_text_survives_json(record):
    assert json.loads(line(record).encode().decode()) == record


def test_a_row_is_a_citation_with_its_links_and_context(document):
    (row,) = csv.DictReader(io.StringIO(shown("csv", document)))
    assert row["screen_name"] == "ann_b"
    assert row["date"] == "2017-05-03"
    assert row["links"] == "https://t.co/abcdefghij"
    assert row["context"] == "The minister said it plainly:"
    assert ARTICLE[int(row["start"]) : int(row["end"])].startswith("Rain again.")


def test_a_row_says_what_became_of_its_links(document):
    links = (document.links[0]._replace(resolution=EXPANDED), *document.links[1:])
    (row,) = csv.DictReader(io.StringIO(shown("csv", document._replace(links=links))))
    assert (row["final_urls"], row["expansions"]) == ("https://example.org/a", "expanded")


def test_a_bare_citation_fits_every_format():
    bare = Document(
        "", "x", "text", None, Paragraphs([], [], [], {}), citations=(Citation("mention", "prose", (0, 0)),)
    )
    assert "a tweet, mention" in shown("table", bare, explain=True)
    (row,) = csv.DictReader(io.StringIO(shown("csv", bare)))
    assert row["context"] == row["paragraph"] == ""


def test_the_table_says_who_when_what_and_where_it_leads(document):
    links = (document.links[0]._replace(resolution=EXPANDED), document.links[1]._replace(resolution=DEAD))
    assert shown("table", document._replace(links=links)) == (
        "a.txt\n"
        "A title\n"
        "1 tweet cited, 2 links\n"
        "\n"
        "  ¶ 3-4  Ann @ann_b, 2017-05-03\n"
        "         Rain again. https://t.co/abcdefghij\n"
        "         link    https://t.co/abcdefghij\n"
        "                 → https://example.org/a\n"
        "         about   ¶ 2  The minister said it plainly:\n"
        "\n"
        "  other links\n"
        "  ¶ 5    https://example.org/story\n"
        "         not expanded: dead: 404 Not Found\n"
        "\n"
    )


def test_the_table_explains_when_asked(document):
    told = shown("table", document, explain=True)
    assert "why     attribution" in told
    assert re.search(r"because [a-z, -]*leads[a-z, -]* \(sure of the passage [01]\.\d\d\)", told)
    second = document.citations[0]._replace(alternative=(8, 73), text_confidence=None)
    assert "or      The minister said" in shown("table", document._replace(citations=(second,)), explain=True)


def test_the_table_explains_what_almost_was_a_citation():
    near = extract("A note.\nAnn Bell (@ann_b) writes for us.\nA photo by Bo (@bo) May 4, 2017 at 9:12 PM PDT\n")
    told = shown("table", near, explain=True)
    assert "¶ 2  (@ann_b): neither a date behind the handle" in told
    assert "(@bo): a clock and a zone follow the date" in told
    assert "almost" not in shown("table", near)


def test_the_table_names_what_is_known_of_a_tweet(document):
    known = document.citations[0]._replace(
        url="https://twitter.com/ann_b/status/1", date=None, date_text="3 mai 20", kind="link"
    )
    told = shown("table", document._replace(citations=(known,), title="Its title"))
    assert "tweet   https://twitter.com/ann_b/status/1" in told
    assert "Ann @ann_b, “3 mai 20”, link" in told
    assert "\nIts title\n" in told
    undated = known._replace(date_text=None, created_at="2017-05-03T10:00:00Z", screen_name=None, author_name=None)
    assert "unknown author, 2017-05-03, link" in shown("table", document._replace(citations=(undated,)))


def test_a_status_url_is_printed_once():
    told = shown("table", extract("A note.\n\nhttps://twitter.com/ann_b/status/1123900000000000000\n\nRain.\n"))
    assert told.count("1123900000000000000") == 1
    assert "tweet   https://twitter.com/ann_b/status/1123900000000000000" in told


def test_a_link_that_nobody_was_asked_about_says_why_in_plain_words(document):
    for word, words in {"offline": "not asked: offline", "truncated": "cut off in the text: not asked"}.items():
        links = (document.links[0]._replace(resolution=DEAD._replace(expansion=word, error="x")),)
        told = shown("table", document._replace(links=links))
        assert words in told
        assert "not expanded" not in told


def test_csv_tells_what_the_words_could_be_else(document):
    second = document.citations[0]._replace(alternative=(8, 36), text_confidence=0.5)
    (row,) = csv.DictReader(io.StringIO(shown("csv", document._replace(citations=(second,)))))
    assert (row["text_confidence"], row["alternative"]) == ("0.5", document.text[8:36])


def test_a_dead_target_is_named_beside_where_it_leads(document):
    dead = EXPANDED._replace(target="dns-error")
    links = (document.links[0]._replace(resolution=dead),)
    assert "→ https://example.org/a (dns-error)" in shown("table", document._replace(links=links))


def test_what_is_no_short_link_leads_nowhere_else(document):
    links = (document.links[0]._replace(resolution=EXPANDED._replace(expansion="not-a-short-link")),)
    told = shown("table", document._replace(links=links))
    assert "no short link" in told
    assert "→" not in told


def test_links_alone_have_every_format():
    def told(name: str) -> str:
        return "".join(writer(name).links([EXPANDED, DEAD], View()))

    assert [json.loads(text)["expansion"] for text in told("jsonl").splitlines()] == ["expanded", "dead"]
    assert [record["target"] for record in json.loads(told("json"))] == ["unchecked", "not contacted"]
    first, second = csv.DictReader(io.StringIO(told("csv")))
    assert (first["resolved_url"], first["http_status"], first["redirect_count"]) == (
        "https://example.org/a",
        "301",
        "1",
    )
    assert (second["resolution_error"], second["http_status"]) == ("404 Not Found", "")
    assert told("table") == (
        "https://t.co/abcdefghij\n  → https://example.org/a\n"
        "https://t.co/zzzzzzzzzz\n  not expanded: dead: 404 Not Found\n"
    )


def test_colour_is_only_there_when_asked_for(document):
    assert "\x1b" not in shown("table", document)
    assert "\x1b[1mAnn @ann_b\x1b[0m" in shown("table", document, colour=True)


HOSTILE = "\x1b[2J\x1b]0;title\x07\x9b31m\u202eevil\r\x00\x7f\ud800"


def test_no_text_can_drive_the_terminal(document):
    bad = document.citations[0]._replace(text=HOSTILE, author_name=HOSTILE, screen_name=HOSTILE, url=HOSTILE)
    link = Link("other", HOSTILE, HOSTILE, None, resolution=DEAD._replace(error=HOSTILE))
    context = bad.contexts[0]._replace(span=(0, len(HOSTILE)))
    told = shown("table", Document(
        HOSTILE, HOSTILE, "text", None, Paragraphs([0], [len(HOSTILE)], [1], {}), title=HOSTILE,
        citations=(bad._replace(contexts=(context,), links=(0,)),), links=(link,),
    ))  # fmt: skip
    assert not [c for c in told if c != "\n" and unicodedata.category(c) in {"Cc", "Cs"}]
    assert "\u202e" not in told
    assert r"\x1b[2J" in told


@given(st.text(alphabet=st.characters()))
def test_safe_text_is_one_line_without_controls(text):
    assert not [c for c in safe(text) if unicodedata.category(c) in {"Cc", "Cs", "Zl", "Zp"}]


@given(st.text(alphabet=st.sampled_from("ab 東é\u0301🍁")), st.integers(min_value=2, max_value=12))
def test_wrapped_lines_fit_and_lose_nothing(text, width):
    lines = wrap(text, width)
    assert all(shown_width(part) <= width for part in lines)
    assert "".join("".join(lines).split()) == "".join(text.split())


def test_unsure_citations_are_left_out_and_their_links_stand_alone(document):
    second = document.citations[0]._replace(id="c2", parent="c1", confidence=0.99)
    first = document.citations[0]._replace(confidence=0.2)
    both = document._replace(citations=(first, second))
    (kept,) = confident(both, 0.5).citations
    assert (kept.id, kept.parent) == ("c2", None)
    assert [link.citation for link in confident(both, 0.5).links] == [None, None]
    assert confident(both, 0.1) is both


def test_a_record_without_its_text_shows_no_passage(document):
    bare = Document.from_dict(document.to_dict())
    bare = bare._replace(citations=(bare.citations[0]._replace(alternative=(8, 73)),))
    told = shown("table", bare, explain=True)
    assert "Rain again." in told
    assert "about   ¶ 2\n" in told
    assert "  or " not in told
    (row,) = csv.DictReader(io.StringIO(shown("csv", bare)))
    assert (row["context"], row["context_paragraph"], row["alternative"]) == ("", "1", "")


def test_a_context_in_the_same_long_paragraph_is_shortened(document):
    long = document._replace(text=ARTICLE + "word " * 100)
    context = Context(1, (len(ARTICLE), len(ARTICLE) + 500), "after", 1.0, ())
    told = shown("table", long._replace(citations=(long.citations[0]._replace(contexts=(context,)),)))
    assert "about   ¶ 2  word word" in told
    assert all(shown_width(row) <= 80 for row in told.splitlines())


def test_a_spreadsheet_gets_no_formula_and_a_pipeline_gets_what_stood_there(run, tmp_path):
    article = tmp_path / "a.txt"
    article.write_text("=cmd|' /C calc'!A0 rain\u2028 #rain\n— Ann (@ann_b) May 3, 2017\n", encoding="utf-8")
    plain, safe = (run("extract", "-f", "csv", *more, article).stdout for more in ([], ["--excel"]))
    assert ",=cmd|" in plain
    assert ",'=cmd|" in safe
    assert safe.startswith("\ufeffid,")
    assert len(safe.splitlines()) == len(plain.splitlines())
    tabs = run("extract", "-f", "tsv", article).stdout
    assert len(tabs.split("\n")) == len(plain.split("\n"))


@pytest.mark.parametrize("words", [["-f", "jsonl"], ["-o", "a.csv", "--resume"], ["-o", "a.db"]])
def test_excel_is_for_csv_that_is_not_resumed(run, words):
    done = run("extract", "--excel", *words, "-")
    assert (done.returncode, "argument --excel: " in done.stderr) == (2, True)


def test_a_lone_carriage_return_stays_inside_its_cell_and_long_cells_are_written():
    import csv
    import io

    from tweetlinks.write.csvrows import harmless, row

    line = row(["a\rb", "=c", "x" * 200_000])
    (cells,) = csv.reader(io.StringIO("".join(harmless([line])), newline=""))
    assert cells == ["a\rb", "'=c", "x" * 200_000]
