"""Whole articles: what is found in them, where it stands, and what belongs to what."""

from __future__ import annotations

import tomllib
from itertools import pairwise
from pathlib import Path

import pytest

from tweetlinks import AsyncResolver, Document, annotate, extract
from tweetlinks.errors import InputError
from tweetlinks.model import Resolution

CASES = Path(__file__).parent / "cases"
ARTICLES = tomllib.loads((CASES / "articles.toml").read_text(encoding="utf-8"))["case"]
MENTIONS = tomllib.loads((CASES / "mentions.toml").read_text(encoding="utf-8"))["case"]


def by_name(case):
    return case["name"]


def facts(document, citation):
    """Return of a citation what a case may name."""
    text = document.text
    return {
        "kind": citation.kind,
        "form": citation.form,
        "words": citation.text or "",
        "handle": citation.screen_name or "",
        "date": citation.date or "",
        "tweet_id": citation.tweet_id or "",
        "url": citation.url,
        "created_at": citation.created_at,
        "context": text[slice(*citation.contexts[0].span)] if citation.contexts else "",
        "links": [document.links[n].url for n in citation.links],
        "in_paragraphs": list(citation.paragraphs),
        "evidence": citation.evidence[-1],
    }


@pytest.mark.parametrize("case", ARTICLES, ids=by_name)
def test_an_article_gives_its_citations_contexts_and_links(case):
    document = extract(case["text"])
    citations = [citation for citation in document.citations if citation.kind != "mention"]
    found = [facts(document, citation) for citation in citations]
    kept = [
        {key: value for key, value in fact.items() if key in e}
        for fact, e in zip(found, case["citations"], strict=False)
    ]
    assert kept == case["citations"], found
    assert len(found) == len(case["citations"])
    assert [link.url for link in document.links if link.citation is None] == case.get("links", [])
    assert len(document.paragraphs) == case["paragraphs"]


@pytest.mark.parametrize("case", MENTIONS, ids=by_name)
def test_prose_that_tells_of_a_tweet_is_a_mention(case):
    citations = [citation for citation in extract(case["text"]).citations if citation.kind == "mention"]
    assert [case["text"][slice(*citation.span)] for citation in citations] == case["sentences"]
    assert [citation.text or "" for citation in citations] == case.get("words", [""] * len(citations))
    assert [citation.screen_name or "" for citation in citations] == case.get("handle", [""] * len(citations))
    assert {citation.form for citation in citations} <= {"prose"}
    for citation in citations:  # a mention is part of the passage that it serves
        assert [context.position for context in citation.contexts] == ["same"]
        assert citation.contexts[0].span[0] <= citation.span[0] < citation.contexts[0].span[1]


@pytest.mark.parametrize("case", [*ARTICLES, *MENTIONS], ids=by_name)
def test_citations_stand_in_the_order_of_the_text_and_never_overlap(case):
    spans = [citation.span for citation in extract(case["text"]).citations]
    assert all(low[1] <= high[0] for low, high in pairwise(spans))


def test_a_context_is_never_a_citation():
    for case in ARTICLES:
        document = extract(case["text"])
        embeds = [c.span for c in document.citations if c.kind == "embed"]
        for citation in document.citations:
            for context in citation.contexts:
                over = [span for span in embeds if span[0] < context.span[1] and context.span[0] < span[1]]
                if "start-doubtful" in context.evidence:  # what the tweet's own words may have swallowed
                    assert over == [citation.span]
                    assert context.span[1] <= citation.alternative[0]
                else:
                    assert not over


def test_every_link_is_annotated_by_the_resolver_that_the_caller_brings():
    asked = []

    def resolver(urls):
        asked.extend(urls)
        return {url: Resolution(url, "dead", "unchecked", None, None) for url in asked if "t.co" in url}

    text = "https://t.co/Aa1Bb2Cc3D pic.twitter.com/Dd4Ee5Ff6G https://t.co/Aa1Bb2Cc3D\n— Ida (@ida) 3 mai 2017"
    document = annotate(text, resolver=resolver)
    assert asked == ["https://t.co/Aa1Bb2Cc3D", "https://pic.twitter.com/Dd4Ee5Ff6G"]
    assert [link.resolution and link.resolution.expansion for link in document.links] == ["dead", None, "dead"]


def test_a_link_that_was_cut_off_is_nobodys_question():
    def resolver(urls):
        raise AssertionError(urls)

    (link,) = annotate("See https://t.co/abc… now.", resolver=resolver).links
    assert (link.resolution.expansion, link.resolution.source) == ("truncated", "derived")


def test_the_wrong_kind_of_argument_is_named(tmp_path):
    with pytest.raises(TypeError, match=r"a str or bytes, not \w*Path: pass what it holds, source\.read_bytes\(\)"):
        extract(tmp_path)
    with pytest.raises(TypeError, match="a str or bytes, not int"):
        extract(5)
    with pytest.raises(TypeError, match="AsyncResolver must be awaited"):
        annotate("t.co/abcdefghij", resolver=AsyncResolver(offline=True))
    with pytest.raises(TypeError, match="dict cannot be called"):
        annotate("", resolver={})


def test_a_record_of_another_version_is_refused_by_its_name():
    with pytest.raises(ValueError, match="a record of 'tweetlinks/2', not of tweetlinks/1"):
        Document.from_dict(extract("Rain.").to_dict() | {"schema": "tweetlinks/2"})


def test_a_resolver_is_not_asked_about_nothing():
    def resolver(urls):
        raise AssertionError(urls)

    assert annotate("No link here.", resolver=resolver).links == ()


def test_a_document_keeps_the_name_and_the_url_it_was_given():
    document = extract(b"Rain.", id="a.txt", url="https://pier.example/a")
    assert (document.id, document.url, document.encoding, document.format) == (
        "a.txt",
        "https://pier.example/a",
        "utf-8",
        "text",
    )
    assert extract("Rain.").id == "<text>"
    assert extract("Rain.").encoding is None


@pytest.mark.parametrize(
    ("data", "encoding", "text"),
    [
        (b"", "utf-8", ""),
        ("é".encode(), "utf-8", "é"),
        (b"\xef\xbb\xbf\xc3\xa9", "utf-8", "\ufeffé"),
        (b"caf\xe9 \x97 \x81", "cp1252", "café — \ufffd"),
        ("é".encode("utf-16"), "utf-16", "é"),
        (b"\xfe\xff\x00\xe9", "utf-16", "é"),
        ("é".encode("utf-32"), "utf-32", "é"),
    ],
)
def test_bytes_are_decoded_and_the_encoding_is_told(data, encoding, text):
    document = extract(data)
    assert (document.encoding, document.text) == (encoding, text)


@pytest.mark.parametrize("data", [b"a\0b", b"\xff\xfea", b"\x89PNG\x01\x02\x03", bytes(range(128, 256)) + b"\x01" * 40])
def test_bytes_that_are_no_text_are_refused_by_name(data):
    with pytest.raises(InputError, match=r"picture\.png: "):
        extract(data, id="picture.png")
    with pytest.raises(InputError, match="<"):
        extract(data)


def test_a_format_that_nothing_reads_is_refused_by_name():
    with pytest.raises(InputError, match="no reader for papyrus"):
        extract("Rain.", format="papyrus")


@pytest.mark.parametrize("blank", "\u1680\u2003\u202f\u205f\u3000\x1f\ufeff")
def test_a_line_of_any_blank_is_a_blank_line(blank):
    text = f"A title\n{blank}\nRain again and again. https://t.co/abcdefghij\n"
    assert [citation.text for citation in extract(text).citations] == ["Rain again and again. https://t.co/abcdefghij"]


@pytest.mark.parametrize(
    "text",
    [
        "https://t.co/abcdefghij\nhttps://t.co/abcdefghi1\n",
        "Links:\n* https://t.co/abcdefghij\n* https://t.co/abcdefghi1\n",
        "https://www.example.com/some-long-page pic.twitter.com/abcdefghij\n",
        "“We never close the pier,” he said.\n— Ann Bell (@ann_b)\n",
        "A title\nReported by Ann Bell (@ann_b) May 2, 2019\nIt rained.",
        "A title\nText: Ann Bell (@ann_b) May 2, 2019\nIt rained.",
    ],
)
def test_links_alone_signed_quotes_and_bylines_are_no_tweets(text):
    assert not [citation for citation in extract(text).citations if citation.kind == "embed"]


@pytest.mark.parametrize(
    ("text", "confidence", "doubts"),
    [
        ("Rain again #pier\n— Ann (@ann_b) May 2, 2019", 0.99, []),
        ("Rain again.\n— Ann (@ann_b) May 2, 2019", 0.98, ["plain"]),
        ("Rain.\n— Ann, Staff Writer (@ann_b) May 2, 2019", 0.5, ["plain", "job-title"]),
        ("Rain #pier\n— Ann, Staff Writer (@ann_b) May 2, 2019", 0.99, []),
        ("Fixed the lamp.\n— Bob (@bob) 2019-01-01", 0.67, ["plain", "numeric-date"]),
        ("Ann Bell, Staff Writer (@ann_b) May 2, 2019\nIt rains.", 0.01, ["plain", "words-lost", "job-title"]),
        ("Rain.\n— Ann (@ann_b) May 2, 2019\nhttps://twitter.com/ann_b/status/1123900000000000000", 1.0, ["plain"]),
    ],
)
def test_a_byline_is_less_sure_than_a_tweet(text, confidence, doubts):
    citation = extract(text).citations[0]
    assert citation.confidence == pytest.approx(confidence, abs=0.01)
    assert {"plain", "words-lost", "job-title", "numeric-date"} & set(citation.evidence) == set(doubts)


def test_a_mention_never_cuts_a_link():
    text = "She tweeted a note at https://example.com/" + "a/b" * 250 + " yes"
    document = extract(text)
    (link,), (mention,) = document.links, document.citations
    assert mention.span[1] <= link.span[0] or link.span[1] <= mention.span[1]


@pytest.mark.parametrize(
    "page",
    [
        "<!doctype HTML>",
        "\ufeff \n<html>",
        '<HTML lang="fr">',
        "<p>Rain.</p>",
        '<blockquote class="twitter-tweet"><p>Rain</p></blockquote>',
        b"<!-- wp:paragraph --><div>Rain</div>",
        b"\xef\xbb\xbf<!DOCTYPE html >",
        "\ufeff<html>".encode("utf-16-le"),
        "\ufeff\n<html>".encode("utf-16-be"),
    ],
)
def test_html_is_told_by_its_first_bytes(page):
    assert extract(page).format == "html"
    assert extract(page, format="text").format == "text"


@pytest.mark.parametrize(
    "text", ["<htmlx> is no tag.", "Write <html> first.", "<em>Rain.</em>", "<pier> is no tag", "", b"<!doctype xml>"]
)
def test_text_that_only_speaks_of_html_is_text(text):
    assert extract(text).format == "text"
