"""Markdown, MediaWiki, BBCode and bibliographies: every form, what is shown as it is, laws of the readers, and time."""

from __future__ import annotations

import tomllib
from itertools import pairwise
from pathlib import Path
from time import process_time

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tweetlinks import extract
from tweetlinks.blanks import blanked
from tweetlinks.read.mediawiki import templates
from tweetlinks.shortcodes import find_shortcodes, verbatim
from tweetlinks.tables import read_toml

FOLDER = Path(__file__).parent / "cases"
FORMATS = {"markdown": "markdown", "mediawiki": "mediawiki", "bbcode": "bbcode", "references": "text"}
CASES = [
    (kind, case)
    for file, kind in FORMATS.items()
    for case in tomllib.loads((FOLDER / f"{file}.toml").read_text(encoding="utf-8"))["case"]
]
ALONE = [(kind, case) for kind, case in CASES if not any(c["form"] == "url" for c in case["citations"])]
INSIDE = [(kind, case) for kind, case in CASES if not case.get("whole")]
ARTICLE = "The council met on Thursday and left without a word.\n\n{}\n\nThe keeper has been away since the storms.\n"
DIALECTS = ("markdown", "mediawiki", "bbcode")
TIMES = 50_000


def by_name(value):
    return value if isinstance(value, str) else value["name"]


def facts(citation):
    """Return of a citation what a case may name."""
    found = {
        "kind": citation.kind,
        "form": citation.form,
        "tweet_id": citation.tweet_id,
        "handle": citation.screen_name,
        "date": citation.date,
        "words": citation.text,
        "name": citation.author_name,
    }
    return {key: value for key, value in found.items() if value is not None}


def expected(case, found):
    """Return the citations of a case; words and names count only where it has one."""
    wanted = []
    for citation, fact in zip(case["citations"], found, strict=False):
        loose = {key: fact[key] for key in ("words", "name", "date") if key in fact and key not in citation}
        wanted.append({key: value for key, value in citation.items() if value != ""} | loose)
    return [*wanted, *case["citations"][len(wanted) :]]


@pytest.mark.parametrize(("kind", "case"), ALONE, ids=by_name)
def test_a_form_alone_gives_its_citations(kind, case):
    compare(case, extract(case["source"].removesuffix("\n"), format=kind))


@pytest.mark.parametrize(("kind", "case"), INSIDE, ids=by_name)
def test_a_form_in_an_article_gives_its_citations(kind, case):
    compare(case, extract(ARTICLE.format(case["source"].removesuffix("\n")), format=kind))


def compare(case, document):
    found = [facts(citation) for citation in document.citations if citation.kind != "mention"]
    assert found == expected(case, found)
    assert len(found) == len(case["citations"])


@pytest.mark.parametrize("form", read_toml("shortcodes.toml")["form"], ids=by_name)
def test_the_example_of_a_form_is_read(form):
    for dialect in form["dialects"]:
        marks = find_shortcodes(form["example"], dialect)
        assert [(mark.form, mark.tweet_id) for mark in marks] == [(form["name"], "20")]


def test_markdown_has_kinds_of_paragraphs_and_a_title():
    source = (
        '---\r\ntitle: "Rain"\r\n---\r\nThe pier\n========\n\n## Lamps ##\n\nWords.\n\n* * *\n\n- one\n- two\n\n'
        "> said\n\n| a |\n| - |\n\n```\ncode\n```\n"
    )
    document = extract(source, format="markdown")
    told = [(document.text[slice(*p.span)], p.kind) for p in document.paragraphs]
    assert told[:7] == [
        ("The pier", "heading"),
        ("Lamps ##", "heading"),
        ("Words.", "body"),
        ("- one", "list"),
        ("- two", "list"),
        ("said", "quote"),
        ("| a |", "table"),
    ]
    assert document.title == "Rain"


def test_a_wiki_page_and_a_post_have_kinds_of_paragraphs():
    page = extract("== Rain ==\nWords.\n* one\n{| class=x\n| cell\n|}\n", format="mediawiki")
    assert [(page.text[slice(*p.span)], p.kind) for p in page.paragraphs][:3] == [
        ("Rain", "heading"),
        ("Words.", "body"),
        ("* one", "list"),
    ]
    post = extract("[quote=Bo]\nRain.\n[/quote]\nNo.\n[*] one\n", format="bbcode")
    assert [p.kind for p in post.paragraphs] == ["quote", "body", "list"]


def test_what_is_verbatim_is_blank_to_the_rules_and_kept_in_the_text():
    source = "Look:\n\n```\n— Nora Quill (@noraquill) May 3, 2017 https://x.com/a/status/20\n```\n"
    document = extract(source, format="markdown")
    assert (document.text, document.citations, document.links) == (source, (), ())
    assert blanked("some words", [(0, 4), (2, 6)]) == "      ords"


def test_a_citation_serves_the_paragraph_above_its_shortcode():
    document = extract(ARTICLE.format("{% tweet 20 %}"), format="markdown")
    assert document.text[slice(*document.citations[0].span)] == "{% tweet 20 %}"
    assert document.text[slice(*document.citations[0].contexts[0].span)].startswith("The council met")


SIGNS = "{{ }} [[ ]] | {% %} {{< >}} ` `` ``` ~~~ <!-- --> <ref> </ref> [tweet] [/tweet] --- [ ]( ) : # > -"
WORDS = (
    "tweet|20 cite|url= twitter x embed id= user=ann_b <Tweet <blockquote </blockquote> [quote] [/quote] [url= [/url]"
)
PIECES = st.one_of(
    st.sampled_from(SIGNS.split()),
    st.sampled_from(WORDS.split()),
    st.sampled_from(
        ("https://x.com/ann_b/status/20", "(@ann_b) May 2, 2019", "[@ann_b] (2018, May 2).", "@online{a, ")
    ),
    st.sampled_from((" ", "\n", "\n\n", "\r\n", "\ud800", "İ", "“", "”", "[Tweet]")),
    st.text(max_size=6),
)


@settings(max_examples=300, deadline=None)
@given(st.lists(PIECES, max_size=30).map("".join), st.sampled_from((*DIALECTS, "text")))
def test_whatever_the_source_spans_fit_it_and_nothing_overlaps(source, kind):
    document = extract(source, format=kind)
    assert document.text == source
    assert all(0 <= a < b <= len(source) for a, b in (p.span for p in document.paragraphs))
    spans = [citation.span for citation in document.citations]
    assert all(0 <= a < b <= len(source) for a, b in spans)
    assert all(low[1] <= high[0] for low, high in pairwise(spans))
    for citation in document.citations:
        if citation.text_span:
            assert citation.span[0] <= citation.text_span[0] <= citation.text_span[1] <= citation.span[1]


@given(st.lists(PIECES, max_size=20).map("".join), st.sampled_from(DIALECTS))
def test_what_is_blanked_keeps_its_length_and_lines(source, dialect):
    plain = blanked(source, verbatim(source, dialect))
    assert len(plain) == len(source)
    assert len(plain.splitlines()) == len(source.splitlines())
    assert all(source[slice(*t.span)][:2] == "{{" for t in templates(source))


HOSTILE = """{{ [[ {% ` [tweet] <Tweet_ {{tweet| {{cite|url= }} <ref> [url= ![ <blockquote_ <blockquote_tw> <iframe_tw=_
[tweet_1 ~~~\\n <!-- {%_tweet_ [a][b] [quote] tweet.tweet- `embed:_ '' =_x\\n {{a| {{cite_tweet|number=20|title= `a
[media=twitter] a:: @[ %[ [@h]._(2018)._ @online{a,_ [Tweet]\\n A_(2018)_\\n ”_Twitter,_ ---\\n [b] [b= {{{ ]] <pre>
[code] @[tweet]( [/b] <ref_ https://x.com/ [a]:_"""
PIECES_OF_HOSTILE = [piece.replace("_", " ").replace("\\n", "\n") for piece in HOSTILE.split()]


@pytest.mark.parametrize("piece", PIECES_OF_HOSTILE)
@pytest.mark.parametrize("kind", [*DIALECTS, "text"])
def test_hostile_input_ends_in_two_seconds(piece, kind):
    source = piece * TIMES + "\nhttps://x.com/ann_b/status/20"

    def seconds():
        start = process_time()
        extract(source, format=kind)
        return process_time() - start

    extract(ARTICLE, format=kind)  # the tables are read
    assert seconds() < 2 or seconds() < 2  # a busy machine gets a second try
