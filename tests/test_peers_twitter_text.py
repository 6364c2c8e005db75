"""Twitter's own conformance data for links, by the rules of docs/limits.md; skipped where that data is absent.

Two rules part us from it. What has no scheme is a link only for t.co and pic.twitter.com, so hosts without a scheme are
left out on both sides. And a slug has ten characters, so that what is glued to it can be cut: cases that want longer
slugs, or no link where `#`, `@` or `$` is glued in front, want the opposite of un-gluing.
"""

from __future__ import annotations

import json
import os
import re
from pathlib import Path

import pytest

from tweetlinks.urls import find_links

CORPUS = Path(os.environ.get("TWEETLINKS_CORPUS", "../shared")) / "corpus" / "peers"
FILES = ("DERIVED.tco_only", "extract.urls", "extract.urls_with_indices", "extract.urls_with_directional_markers")
AGAINST_UNGLUING = re.compile(r"[#@$](?:https?://|t\.co/)|t\.co/[0-9A-Za-z]{11}")

pytestmark = pytest.mark.skipif(not CORPUS.is_dir(), reason="the conformance data is not here")


def rows(name):
    path = CORPUS / f"twitter_text.{name}.jsonl"
    return [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines()] if path.exists() else []


def wanted(case):
    """Return (URL, start and end or None) of every expected link."""
    return [(x["url"], tuple(x["indices"])) if isinstance(x, dict) else (x, None) for x in case["expected"]]


@pytest.mark.parametrize("name", FILES)
def test_links_with_a_scheme_are_found_exactly(name):
    cases = [case for case in rows(name) if not AGAINST_UNGLUING.search(case["text"])]
    assert len(cases) > 1
    for case in cases:
        found = [link for link in find_links(case["text"]) if "://" in link.raw]
        want = [pair for pair in wanted(case) if "://" in pair[0]]
        assert [link.raw for link in found] == [url for url, _ in want], case["description"]
        assert all(link.span == span for link, (_, span) in zip(found, want, strict=True) if span), case["description"]


@pytest.mark.parametrize("name", FILES)
def test_short_links_without_a_scheme_are_found_too(name):
    for case in rows(name):
        if not AGAINST_UNGLUING.search(case["text"]):
            bare = [link.raw for link in find_links(case["text"]) if "://" not in link.raw]
            assert bare == [url for url, _ in wanted(case) if url.startswith("t.co/")], case["description"]


def test_parameters_of_short_links_belong_to_them():
    cases = rows("extract.tco_urls_with_params")
    assert cases
    for case in cases:
        assert [link.raw for link in find_links(case["text"])] == case["expected"]


def test_what_is_set_aside_is_un_glued_instead():
    set_aside = [case for case in rows("DERIVED.tco_only") if AGAINST_UNGLUING.search(case["text"])]
    assert len({case["text"] for case in set_aside}) == 4
    for case in set_aside:
        slugs = [link.raw.partition("t.co/")[2] for link in find_links(case["text"]) if "t.co/" in link.raw]
        assert slugs
        assert all(len(slug) in {5, 10} for slug in slugs)
