"""The committed schema is the generated one, and every record obeys it."""

from __future__ import annotations

import json

import pytest
from jsonschema import Draft202012Validator

from tweetlinks import Document, Hop, Resolution, TweetRef, extract, resolve_links
from tweetlinks.schema import as_json, schema

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


def test_every_field_of_the_record_is_described():
    for name, definition in schema()["$defs"].items():
        if name != "Span":
            assert all(field["description"] for field in definition["properties"].values()), name


@pytest.mark.parametrize("text", TEXTS)
def test_a_record_comes_back_as_the_document(text):
    document = extract(text)
    assert Document.from_dict(document.to_dict(with_text=True)) == document
