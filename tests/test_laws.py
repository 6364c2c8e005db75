"""Laws of the citation side: whatever the text, spans fit, nothing overlaps, and the record comes back as it was."""

from __future__ import annotations

import json
import re
from itertools import pairwise

from hypothesis import example, given, settings
from hypothesis import strategies as st

from tweetlinks import extract
from tweetlinks.attributions import attributions
from tweetlinks.model import Document, Found
from tweetlinks.tweets import parse_status_url, status_url

SLUG = st.text("abcXYZ0189", min_size=5, max_size=13)
HANDLE = st.text("abcXYZ_0189", min_size=1, max_size=17)
PIECES = st.one_of(
    SLUG.map("https://t.co/{}".format),
    SLUG.map("pic.twitter.com/{}".format),
    HANDLE.map(" (@{}) ".format),
    HANDLE.map("\n— Nora Quill (@{}) May 2, 2019\n".format),
    HANDLE.map("— Le Phare (@{}) 3 mai 2017".format),
    st.sampled_from((1124000000000000000, 20, 859500000000000000)).map("https://twitter.com/nora/status/{}".format),
    st.sampled_from((1124000000000000000, 859500000000000000)).map(
        "[May 2, 2019](https://x.com/nora/status/{})".format
    ),
    st.sampled_from(
        (" ", "\n", "\r\n", "\r", "\u2028", "\f", "\x1c", "\x85", "\n\n", "\n> ", "\t", "\xa0", "\ufeff", "\u2800")
    ),
    st.sampled_from(
        ("—", "–", "- ", "--", "---", "â€”", "&mdash;", "―", "(@", "@", "#Tag", ".", "…", ".....", ":", "“", "”", "?")
    ),
    st.sampled_from(
        ("May 2, 2019", "3 mai 2017", "28. Dezember 2020", "2015, 9月 13", "October 03, 19", "at 12:12pm PDT")
    ),
    st.sampled_from(
        ("she tweeted", "a tweeté que", "twitterte", "on Twitter", "wrote on X", "“No lamp, no pier at all”")
    ),
    st.sampled_from(
        ("No lamp, no pier.", "Hello", "灯りがない。", "مرحبا", "🍞", "\U0001f468\u200d\U0001f469", "e\u0301", "\ud800")
    ),
    st.text(max_size=12),
)
ARTICLES = st.one_of(st.text(), st.lists(PIECES, max_size=30).map("".join))
THOROUGH = settings(max_examples=300, deadline=None)


@THOROUGH
@given(ARTICLES)
@example("— Nora (@nora) May 2, 2019")
@example(
    "https://twitter.com/nora/status/1124000000000000000\n— (@nora) May 2, 2019 https://x.com/nora/status/1124000000000000000"
)
def test_spans_of_citations_fit_the_text(text):
    document = extract(text)
    for citation in document.citations:
        a, b = citation.span
        assert 0 <= a < b <= len(text)
        for part in (citation.text_span, citation.attribution_span):
            assert part is None or a <= part[0] < part[1] <= b
        if citation.text_span:
            assert citation.text == text[slice(*citation.text_span)]
            assert citation.text == citation.text.strip()
        else:
            assert citation.text is None
        assert citation.alternative is None or 0 <= citation.alternative[0] < citation.alternative[1] <= b
        assert 0 <= citation.confidence <= 1
        assert citation.text_confidence is None or 0 <= citation.text_confidence <= 1
        assert citation.evidence


@THOROUGH
@given(ARTICLES)
@example("0(@0)[0LA0](X.COM/STATUS/1100000000000000000)0(@0)0LA0000:X.COM/STATUS/1100000000000000000")
def test_citations_are_numbered_in_order_and_never_overlap(text):
    citations = extract(text).citations
    assert [citation.id for citation in citations] == [f"c{n + 1}" for n in range(len(citations))]
    assert all(low.span[1] <= high.span[0] for low, high in pairwise(citations))


@THOROUGH
@given(ARTICLES)
def test_links_and_citations_name_each_other(text):
    document = extract(text)
    named = [
        [n for n, link in enumerate(document.links) if link.citation == citation.id] for citation in document.citations
    ]
    assert [list(citation.links) for citation in document.citations] == named
    assert {link.citation for link in document.links} <= {None, *(citation.id for citation in document.citations)}
    for link in document.links:
        assert text[slice(*link.span)] == link.raw
    for citation in document.citations:
        if citation.url:
            own = [parse_status_url(document.links[n].url) for n in citation.links]
            assert citation.url in [status_url(tweet) for tweet in own if tweet]


@THOROUGH
@given(ARTICLES)
def test_paragraphs_cover_what_is_said_and_nothing_else(text):
    document = extract(text)
    at = 0
    for paragraph in document.paragraphs:
        a, b = paragraph.span
        assert at <= a < b <= len(text)
        assert text[a:b] == text[a:b].strip()
        assert not text[at:a].strip(" \t\n\r\x0b\x0c\x1c\x1d\x1e\x1f\x85\u2028\u2029\xa0\ufeff\u2800>\u3000").strip()
        at = b
    assert [paragraph.index for paragraph in document.paragraphs] == list(range(len(document.paragraphs)))


@THOROUGH
@given(ARTICLES)
def test_a_citation_names_the_paragraphs_it_stands_in(text):
    document = extract(text)
    for citation in document.citations:
        touched = [
            p.index for p in document.paragraphs if p.span[0] < citation.span[1] and citation.span[0] < p.span[1]
        ]
        assert list(citation.paragraphs) == touched
    for link in document.links:
        span = document.paragraphs[link.paragraph].span
        assert span[0] <= link.span[0] < span[1]


@THOROUGH
@given(ARTICLES)
def test_a_context_is_a_passage_of_prose_outside_the_tweets(text):
    document = extract(text)
    embeds = [citation.span for citation in document.citations if citation.kind == "embed"]
    for citation in document.citations:
        assert len(citation.contexts) <= 2
        assert [c.confidence for c in citation.contexts] == sorted(
            (c.confidence for c in citation.contexts), reverse=True
        )
        for context in citation.contexts:
            a, b = context.span
            assert text[a:b].strip()
            assert document.paragraphs[context.paragraph].span[0] <= a < b <= len(text)
            over = [span for span in embeds if span[0] < b and a < span[1]]
            assert over == ([citation.span] if "start-doubtful" in context.evidence else [])
            assert context.position == "same" or (context.position == "before") == (b <= citation.span[0])


@THOROUGH
@given(ARTICLES)
def test_a_record_comes_back_as_the_document_it_was(text):
    document = extract(text, id="a", url="https://pier.example/")
    assert Document.from_dict(document.to_dict(with_text=True)) == document
    assert Document.from_dict(json.loads(json.dumps(document.to_dict(with_text=True)))) == document


@settings(max_examples=100, deadline=None)
@given(ARTICLES.map(lambda text: re.sub(r"[\x00-\x08\x0e-\x1a\x7f\ud800-\udfff\ufeff]", "", text)))
def test_the_encoding_of_the_bytes_changes_no_citation(text):
    plain = extract(text).citations
    assert extract(text.encode()).citations == plain
    assert extract(text.encode("utf-16")).citations == plain
    marked = extract(text.encode("utf-8-sig"))
    assert marked.text == "\ufeff" + text
    assert [(c.text, c.screen_name, c.date) for c in marked.citations] == [
        (c.text, c.screen_name, c.date) for c in plain
    ]


@THOROUGH
@given(ARTICLES)
def test_attributions_stand_in_order_and_hold_a_handle(text):
    found = attributions(text)
    assert all(low.end <= high.span[0] for low, high in pairwise(found))
    for one in found:
        assert f"@{one.screen_name})" in text[slice(*one.span)].replace("\\", "")
        assert text[one.span[0] :].startswith(one.dash)
        assert one.span[1] <= one.end <= len(text)
        assert one.author_name is None or one.author_name == " ".join(one.author_name.split())


@given(st.lists(st.tuples(st.integers(0, 30), st.integers(1, 4)), max_size=8), st.integers(0, 40), st.integers(1, 5))
def test_what_covers_a_span_is_what_overlaps_it(steps, at, size):
    document = extract("x — A (@a) May 2, 2019")
    citations, start = [], 0
    for gap, length in steps:
        start += gap
        citations.append(document.citations[0]._replace(span=(start, start + length)))
        start += length
    found = Found((), tuple(citations))
    covering = found.covering((at, at + size))
    overlapping = [c for c in citations if c.span[0] < at + size and at < c.span[1]]
    assert (covering is None) == (not overlapping)
    before = [c.span[1] for c in citations if c.span[0] < at]
    assert found.floor(at) == (min(before[-1], at) if before else 0)
    after = [c.span[0] for c in citations if c.span[0] >= at]
    assert found.ceiling(at) == (after[0] if after else None)
