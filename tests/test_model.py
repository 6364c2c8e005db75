"""Values are values: equal by content, frozen, and the same after a trip through JSON."""

from __future__ import annotations

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tweetlinks import Document, Hop, Mark, Paragraph, Resolution, TweetRef, extract
from tweetlinks.model import Answer, Paragraphs

COLUMNS = Paragraphs([0, 10, 30], [8, 20, 40], [1, 3, "/html/body/p[3]"], {0: "heading"})


def test_paragraphs_are_a_sequence():
    assert len(COLUMNS) == 3
    assert COLUMNS[-1] == Paragraph(2, (30, 40), "body", "/html/body/p[3]")
    assert [paragraph.kind for paragraph in COLUMNS] == ["heading", "body", "body"]
    assert COLUMNS[1:] == [COLUMNS[1], COLUMNS[2]]
    assert repr(COLUMNS) == "<3 paragraphs>"
    with pytest.raises(IndexError):
        COLUMNS[3]


def test_equal_paragraphs_have_equal_hashes():
    same = Paragraphs([0, 10, 30], [8, 20, 40], [1, 3, "/html/body/p[3]"], {0: "heading"})
    assert same == COLUMNS
    assert hash(same) == hash(COLUMNS)
    assert same != Paragraphs([0], [8], [1], {})
    assert COLUMNS != [1, 2, 3]


@pytest.mark.parametrize(
    ("span", "indexes"),
    [
        ((0, 8), (0,)),
        ((0, 11), (0, 1)),
        ((8, 12), (1,)),
        ((9, 9), (0,)),
        ((12, 35), (1, 2)),
        ((20, 31), (2,)),
        ((20, 30), ()),
    ],
)
def test_a_span_touches_its_paragraphs(span, indexes):
    assert COLUMNS.within(span) == indexes


def test_before_the_first_paragraph_there_is_none():
    assert Paragraphs([5], [8], [1], {}).at(4) is None
    assert Paragraphs([], [], [], {}).at(0) is None


def test_values_cannot_be_changed():
    with pytest.raises(AttributeError):
        COLUMNS[0].index = 5


def test_a_header_is_found_by_its_name():
    answer = Answer("u", 301, (("location", "a"), ("location", "b")), "", "2024-01-01T00:00:00Z", 1)
    assert (answer.header("location"), answer.header("server")) == ("a", None)


def test_a_mark_need_not_know_its_source():
    assert Mark("anchor", (0, 1), {"href": "x"}).source is None


@given(
    st.builds(
        Resolution,
        url=st.text(),
        expansion=st.text(),
        target=st.text(),
        final_url=st.none() | st.text(),
        method=st.none() | st.text(),
        hops=st.lists(st.builds(Hop, st.text(), st.none() | st.integers(), st.text(), st.integers())).map(tuple),
        attempts=st.integers(),
        tweet=st.none() | st.builds(TweetRef, st.text(), st.none() | st.text()),
        retry_after=st.none() | st.floats(allow_nan=False),
    )
)
def test_a_resolution_survives_json(resolution):
    assert Resolution.from_dict(json.loads(json.dumps(resolution.to_dict()))) == resolution


def test_a_document_survives_json_with_places_of_any_kind():
    document = Document("x" * 40, "a", "html", "utf-8", COLUMNS, url="u", title="t", language="fr", parsed=False)
    record = json.loads(json.dumps(document.to_dict(with_text=True)))
    assert Document.from_dict(record) == document
    assert document.to_dict()["text_sha256"] is None
    assert Document.from_dict(record | {"later": 1, "text": None}).text == ""


@pytest.mark.parametrize("with_text", [False, True])
@pytest.mark.parametrize("text", ["", "Rain again. https://t.co/abcdefghij\n— Ann (@ann_b) 3 mai 2017"])
def test_a_record_comes_back_as_it_was_with_its_text_and_without(text, with_text):
    record = extract(text).to_dict(with_text=with_text)
    assert Document.from_dict(record).to_dict(with_text=with_text) == record
    assert Document.from_dict(record | {"text": None}).to_dict(with_text=True) == record | {"text": None}


def test_a_changed_copy_has_no_field_of_another_name():
    span = Paragraph(0, (0, 1), "body", "line 1")._replace(kind="quote", span=(0, 2))
    assert span == Paragraph(0, (0, 2), "quote", "line 1")
    with pytest.raises(ValueError, match="no field of Paragraph: 'color'"):
        span._replace(color="red")
