"""The committed schema is the generated one, and every record obeys it."""

from __future__ import annotations

import json

import pytest
from jsonschema import Draft202012Validator

from tweetlinks import Document, Hop, Resolution, TweetRef, extract, resolve_links
from tweetlinks.schema import as_json, fault, schema

TEXTS = [
    "",
    "Only words.",
    "Rain again. https://t.co/abcdefghij\n— Ann (@ann_b) 3 mai 2017",
    "pic.twitter.com/abcdefghij\n— A (@a) mai",
]


@pytest.fixture(scope="module")
def validator() -> Draft202012Validator:
    Draft202012Validator.check_schema(schema())
    return Draft202012Validator(schema())


def test_the_committed_schema_is_the_generated_one(root):
    assert (root / "docs" / "schema.json").read_text(encoding="utf-8") == as_json()


def test_the_command_prints_the_schema(run):
    assert run("schema").stdout == as_json()


@pytest.mark.parametrize("text", TEXTS)
def test_records_obey_the_schema(validator, text):
    validator.validate(json.loads(json.dumps(extract(text).to_dict(with_text=True))))


def test_the_record_of_the_seed_obeys_the_schema(validator, seed):
    validator.validate(json.loads(json.dumps(extract(seed.read_bytes()).to_dict())))


def test_resolved_records_obey_the_schema(validator):
    def resolver(urls):
        hop = Hop("https://t.co/abcdefghij", 301, "http", 3)
        return {
            url: Resolution(url, "expanded", "ok", url, "http", (hop,), 1, tweet=TweetRef("1", None)) for url in urls
        }

    record = resolve_links(extract(TEXTS[2]), resolver).to_dict()
    validator.validate(json.loads(json.dumps(record)))
    assert record["links"][0]["resolution"]["hops"][0]["ms"] == 3


@pytest.mark.parametrize(
    ("path", "value"),
    [
        (["schema"], "tweetlinks/0"),
        (["paragraphs", 0, "span"], [0]),
        (["citations", 0, "kind"], "quote"),
        (["citations", 0, "tweet_id"], 780),
        (["citations", 0, "confidence"], 1.5),
        (["links", 0, "url"], None),
    ],
)
def test_a_wrong_record_is_refused(validator, path, value):
    record = json.loads(json.dumps(extract(TEXTS[2]).to_dict()))
    place = record
    for step in path[:-1]:
        place = place[step]
    place[path[-1]] = value
    assert not validator.is_valid(record)


ODD = [
    (["id"], None, "id is no string: None"),
    (["paragraphs", 0, "span"], [0], "paragraphs[0].span has fewer than 2 items"),
    (["paragraphs", 0, "span", 1], 2.5, "paragraphs[0].span[1] is no integer: 2.5"),
    (["citations", 0, "kind"], 5, "citations[0].kind is no string: 5"),
    (["citations", 0, "confidence"], True, "citations[0].confidence is no number: True"),
    (["citations", 0, "text_span"], "x", "citations[0].text_span is no array: 'x'"),
    (["citations", 0, "contexts"], [[]], "citations[0].contexts[0] is no object: []"),
    (["links", 0, "resolution"], 7, "links[0].resolution is no object: 7"),
    (["links"], {"a": 1}, "links is no array: {'a': 1}"),
]


@pytest.mark.parametrize(("path", "value", "reason"), ODD)
def test_a_value_of_another_kind_is_named_by_its_place(path, value, reason):
    record = json.loads(json.dumps(extract(TEXTS[2]).to_dict()))
    assert fault(record) is None
    place = record
    for step in path[:-1]:
        place = place[step]
    place[path[-1]] = value
    assert fault(record) == reason


def test_a_field_or_a_word_of_a_later_version_is_no_fault():
    record = json.loads(json.dumps(extract(TEXTS[2]).to_dict()))
    record["citations"][0] |= {"kind": "echo", "mood": 5}
    del record["citations"][0]["evidence"]
    assert fault(record) is None
    assert fault([]) == "it is no object: []"


def test_every_field_of_the_record_is_described():
    for name, definition in schema()["$defs"].items():
        if name != "Span":
            assert all(field["description"] for field in definition["properties"].values()), name


@pytest.mark.parametrize("text", TEXTS)
def test_a_record_comes_back_as_the_document(text):
    document = extract(text)
    assert Document.from_dict(document.to_dict(with_text=True)) == document
