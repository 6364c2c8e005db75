"""Real pages, where they are at hand: both parsers find the same, and the gate loses nothing."""

from __future__ import annotations

import gzip
import json
import os
from pathlib import Path

import pytest

from tweetlinks import extract
from tweetlinks.gate import can_cite
from tweetlinks.read import html

CORPUS = Path(os.environ.get("TWEETLINKS_CORPUS", Path(__file__).parents[2] / "shared")) / "corpus" / "html"
PAGES = (
    [json.loads(line) for line in (CORPUS / "pages.jsonl").read_text(encoding="utf-8").splitlines()]
    if (CORPUS / "pages.jsonl").is_file()
    else []
)
if not PAGES:
    pytest.skip("no corpus of pages", allow_module_level=True)


DIFFERENT = {
    "815323cc85d4": "an entity of no name, glued to words: html.parser drops its end",
    "fe58338b672d": "a head without an end: html.parser puts the body into it",
}
"""Pages of which the parsers read another text, and why."""


def bytes_of(page):
    return gzip.decompress((CORPUS / "pages" / f"{page['id']}.html.gz").read_bytes())


def in_article(page):
    return [c for c in page["citations"] if c["in_article"] and not c.get("optional")]


def facts(citation):
    return (citation.kind, citation.form, citation.tweet_id, citation.screen_name, citation.date, citation.text)


def found(data, parser, monkeypatch):
    monkeypatch.setattr(html, "_parser", lambda: parser)
    document = extract(data, format="html")
    return document.text, [c._replace(contexts=(), paragraphs=()) for c in document.citations], list(document.links)


@pytest.mark.parametrize("page", [page for page in PAGES if in_article(page)], ids=lambda page: page["id"])
def test_the_gate_loses_no_page_that_cites(page):
    assert can_cite(bytes_of(page))


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page["id"])
def test_both_parsers_find_the_same(page, monkeypatch):
    pytest.importorskip("lxml")
    data = bytes_of(page)
    if not can_cite(data):
        pytest.skip("not parsed")
    ours, theirs = (found(data, parser, monkeypatch) for parser in ("html.parser", "lxml"))
    if page["id"] in DIFFERENT:
        assert [facts(c) for c in ours[1]] == [facts(c) for c in theirs[1]]
    else:
        assert ours == theirs
