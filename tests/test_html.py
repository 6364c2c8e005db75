"""Pages: what is cited in every form of markup, alone and inside an article, the same with either parser."""

from __future__ import annotations

import gc
import json
import signal
import subprocess
import sys
import tomllib
import warnings
from contextlib import contextmanager
from itertools import pairwise
from pathlib import Path
from time import process_time

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tweetlinks import extract
from tweetlinks.errors import InputError
from tweetlinks.model import Document
from tweetlinks.read import html
from tweetlinks.tweets import parse_status_url, unwrap

CASES = tomllib.loads((Path(__file__).parent / "cases" / "html.toml").read_text(encoding="utf-8"))["case"]
PARSERS = ("html.parser", "lxml")
PROSE = """
<p>The council of Port Sorrow met on Thursday in the old customs house and left again without a word to anybody.</p>
<p>Reporters had been waiting for three long hours outside in the rain, with the fishermen and the children of the
school, who had brought a lantern of their own and a cake. Nobody came out to eat it, and at six it was dark.</p>
<p>The pier has been shut since the great storms, because without a lamp no ship may come near it at night.</p>
<p>A new lamp would cost as much as the school and the road to it, says the treasurer, and she has looked twice.</p>
<p>The keeper of the lamp has been away since the storms of early spring, as his sister told this newspaper.</p>
<p>He was last seen on the ferry with two suitcases, a bird in a cage and the only key to the tower, and he waved.</p>
<p>What happens to the tower until then is for the county to say, and the county has not said anything since May.</p>
<p>Boats go to the next town now, which has a lamp, a keeper, two cranes and an inn that is open all the year.</p>
<p>Some of the fishermen have sold their boats already, and one has painted his blue and grows tomatoes in it now.</p>
<p>The school still holds its feast of lights on the first of November, with lanterns of paper and a brass band.</p>
<p>Whether there will be a ship to see it from is another question, and one that the treasurer did not answer.</p>
<p>She said only that the cake was good, that the children were brave, and that the council would meet again.</p>
<p>Until then the ferry leaves from the old stairs behind the mill, twice a day and never on a Sunday evening.</p>
"""
PAGE = """<!DOCTYPE html>
<html lang="en"><head><meta charset="utf-8"><title>The pier stays shut | Pier News</title>
<meta name="twitter:card" content="summary"><meta name="twitter:site" content="@pier_news">
<style>.twitter-tweet{{margin:1em}} .wp-block-embed-twitter{{width:100%}}</style></head>
<body class="single has-sidebar"><header class="site-header"><nav><ul><li><a href="/">Home</a></li>
<li><a href="https://twitter.com/pier_news">Follow us</a></li></ul></nav></header>
<main><article class="post"><h1>The pier stays shut</h1>{prose}
{html}
<p>The county will speak about it once more in autumn.</p></article></main>
<aside class="sidebar"><a class="twitter-timeline" href="https://twitter.com/pier_news">Tweets by pier_news</a></aside>
<footer><a href="https://twitter.com/share?url=https%3A%2F%2Fpier.example">Tweet this</a></footer></body></html>"""


def by_name(case):
    return case["name"]


def source(case):
    return case["html"].replace("{prose}", PROSE)


def page(case):
    """Return the case inside an article, or as it is when it is a page of its own."""
    return source(case) if case.get("whole") else PAGE.format(prose=PROSE, html=source(case))


def is_own(link, citation):
    """Tell whether a link is the tweet's own URL, in any spelling."""
    tweet = parse_status_url(unwrap(link.url))
    return tweet is not None and tweet.id == citation.tweet_id


def facts(document, citation, ids):
    """Return of a citation what a case may name."""
    own = [document.links[n] for n in citation.links if not is_own(document.links[n], citation)]
    return {
        "kind": citation.kind,
        "form": citation.form,
        "tweet_id": citation.tweet_id or "",
        "handle": citation.screen_name or "",
        "name": citation.author_name or "",
        "date": citation.date or "",
        "date_text": citation.date_text or "",
        "words": citation.text or "",
        "links": [link.url for link in own if link.kind not in ("hashtag", "profile")],
        "in_article": citation.in_article,
        "parent": ids.index(citation.parent) if citation.parent else -1,
        "url": citation.url or "",
        "at": document.text[slice(*citation.span)],
        "paragraph": document.text[slice(*document.paragraphs[citation.paragraphs[0]].span)]
        if citation.paragraphs
        else "",
        "locator": document.paragraphs[citation.paragraphs[0]].locator if citation.paragraphs else "",
        "context": document.text[slice(*citation.contexts[0].span)] if citation.contexts else "",
    }


EMPTY = {
    "tweet_id": "",
    "handle": "",
    "name": "",
    "date": "",
    "words": "",
    "links": [],
    "in_article": True,
    "parent": -1,
}


def use(parser, monkeypatch):
    if parser == "lxml":
        pytest.importorskip("lxml")
    monkeypatch.setattr(html, "_parser", lambda: parser)


def read(markup, parser, monkeypatch):
    use(parser, monkeypatch)
    return extract(markup, format="html")


def cited(document):
    return [citation for citation in document.citations if citation.kind != "mention"]


def assert_case(document, case):
    citations = cited(document)
    ids = [citation.id for citation in citations]
    found = [facts(document, citation, ids) for citation in citations]
    expected = [EMPTY | citation for citation in case["citations"]]
    kept = [{key: value for key, value in fact.items() if key in e} for fact, e in zip(found, expected, strict=False)]
    assert kept == expected[: len(kept)], found
    assert len(found) == len(expected), found
    loose = [link.url for link in document.links if link.citation is None]
    if "more" in case:
        assert [url for url in loose if "pier_news" not in url] == case["more"]


@pytest.mark.parametrize("parser", PARSERS)
@pytest.mark.parametrize("case", CASES, ids=by_name)
def test_markup_gives_its_citations(case, parser, monkeypatch):
    assert_case(read(source(case), parser, monkeypatch), case)


@pytest.mark.parametrize("parser", PARSERS)
@pytest.mark.parametrize("case", [case for case in CASES if not case.get("whole")], ids=by_name)
def test_markup_gives_the_same_citations_inside_an_article(case, parser, monkeypatch):
    assert_case(read(page(case), parser, monkeypatch), case)


@pytest.mark.parametrize("case", CASES, ids=by_name)
def test_both_parsers_read_the_same(case, monkeypatch):
    ours, theirs = (read(page(case), parser, monkeypatch) for parser in PARSERS)
    assert ours.text == theirs.text
    assert [c._replace(contexts=()) for c in ours.citations] == [c._replace(contexts=()) for c in theirs.citations]
    assert ours.links == theirs.links


# Charsets. A tweet whose words tell how the page was decoded.


def encoded(words, codec, *, head=""):
    return (
        f'<!DOCTYPE html><html><head>{head}<title>{words}</title></head><body><blockquote class="twitter-tweet">'
        f'<p>{words}</p>— Nora (@nora) <a href="https://x.com/nora/status/1123882318033846272">x</a></blockquote>'
    ).encode(codec, "xmlcharrefreplace")


def words_of(data):
    document = extract(data, format="html")
    (citation,) = document.citations
    return document.encoding, citation.text


@pytest.mark.parametrize("parser", PARSERS)
@pytest.mark.parametrize(
    "head",
    [
        '<meta charset="windows-1251">',
        "<meta charset=windows-1251>",
        "<META CHARSET='Windows-1251'/>",
        '<meta name="a" content="b"><meta  charset = "windows-1251" >',
        '<meta http-equiv="Content-Type" content="text/html; charset=windows-1251">',
        "<meta http-equiv=content-type content='text/html;charset=WINDOWS-1251'>",
        '<meta content="text/html; charset=windows-1251" http-equiv="Content-Type" />',
        '<META HTTP-EQUIV="Content-Type"\n CONTENT="text/html; charset = windows-1251">',
        '<meta name="description" content="' + "x" * 1500 + '"><meta charset="windows-1251">',
        '<meta charset="cp1251">',
    ],
)
def test_the_charset_is_read_in_every_spelling(head, parser, monkeypatch):
    use(parser, monkeypatch)
    assert words_of(encoded("Маяк не горит", "cp1251", head=head))[1] == "Маяк не горит"


def test_the_charset_of_an_xml_declaration_is_read():
    data = b'<?xml version="1.0" encoding="windows-1251"?>' + encoded("Маяк не горит", "cp1251")
    assert words_of(data)[1] == "Маяк не горит"


@pytest.mark.parametrize(
    ("label", "codec", "words"),
    [
        ("utf-8", "utf-8", "Pas de lampe à la digue — dit-il"),
        ("utf8", "utf-8", "灯りがない"),
        ("iso-8859-1", "cp1252", "“Pas de lampe” – à la digue…"),
        ("ISO-8859-15", "iso-8859-15", "Œuvre à 3 €"),
        ("us-ascii", "cp1252", "Café – “thé”"),
        ("windows-1252", "cp1252", "Café – “thé”"),
        ("windows-1250", "cp1250", "Příliš žluťoučký kůň"),
        ("iso-8859-2", "iso-8859-2", "Zażółć gęślą jaźń"),
        ("koi8-r", "koi8-r", "Маяк не горит"),
        ("windows-1253", "cp1253", "Χωρίς φως"),
        ("iso-8859-7", "iso-8859-7", "Χωρίς φως"),
        ("windows-1254", "cp1254", "Işık yok, iskele yok"),
        ("iso-8859-9", "cp1254", "“Işık yok” – iskele yok"),
        ("windows-1255", "cp1255", "אין אור"),
        ("windows-1256", "cp1256", "لا مصباح"),
        ("windows-1257", "cp1257", "Nėra šviesos"),
        ("windows-1258", "cp1258", "Đèn"),
        ("tis-620", "cp874", "ไม่มีไฟ"),
        ("shift_jis", "cp932", "①灯りがない～"),
        ("Shift-JIS", "cp932", "灯りがない"),
        ("x-sjis", "cp932", "灯りがない"),
        ("euc-jp", "euc-jp", "灯りがない"),
        ("gb2312", "gb18030", "没有灯，没有码头。囍"),
        ("gbk", "gb18030", "没有灯"),
        ("gb18030", "gb18030", "没有灯𠮷"),
        ("big5", "big5hkscs", "沒有燈"),
        ("euc-kr", "cp949", "등불이 없다 똠"),
        ("ks_c_5601-1987", "cp949", "등불이 없다"),
        ("macintosh", "mac-roman", "Café “thé”"),
    ],
)
def test_a_label_means_what_it_means_to_browsers(label, codec, words):
    assert words_of(encoded(words, codec, head=f'<meta charset="{label}">'))[1] == words


@pytest.mark.parametrize("codec", ["utf-8-sig", "utf-16"])
@pytest.mark.parametrize("head", ["", '<meta charset="windows-1251">', '<meta charset="nonsense">'])
def test_a_byte_order_mark_beats_every_label(codec, head):
    assert words_of(encoded("Маяк не горит — 灯", codec, head=head))[1] == "Маяк не горит — 灯"


def test_big_endian_with_a_mark():
    data = b"\xfe\xff" + encoded("Маяк", "utf-16-be")
    assert words_of(data) == ("utf-16-be", "Маяк")


@pytest.mark.parametrize("label", ["nonsense", "windows-1251", "utf-16", "iso-8859-1", "base64", "rot13", "idna", ""])
def test_utf_8_is_told_whatever_the_label_says(label):
    assert words_of(encoded("Маяк — 灯", "utf-8", head=f'<meta charset="{label}">')) == ("utf-8", "Маяк — 灯")


@pytest.mark.parametrize("label", ["nonsense", "base64", "rot13", "hex", "zlib", "x" * 90])
def test_a_label_that_names_no_charset_of_pages_is_passed_over(label):
    assert words_of(encoded("Café – “thé”", "cp1252", head=f'<meta charset="{label}">'))[1] == "Café – “thé”"


def test_bytes_without_a_label_that_are_no_utf_8_are_western():
    assert words_of(encoded("Café – “thé”", "cp1252")) == ("cp1252", "Café – “thé”")


def test_one_wrong_byte_in_utf_8_costs_one_letter():
    data = encoded("Café thé", "utf-8", head='<meta charset="utf-8">').replace("thé".encode(), b"th\xe9")
    assert words_of(data) == ("utf-8", "Café th\ufffd")


@pytest.mark.parametrize("codec", ["cp932", "gb18030", "utf-16"])
def test_a_letter_that_the_end_cuts_in_two_costs_nothing_else(codec):
    head = '<meta charset="shift_jis">' if codec == "cp932" else '<meta charset="gbk">' if codec == "gb18030" else ""
    data = encoded("灯りがない", codec, head=head) + "<p>灯".encode(codec)[2 if codec == "utf-16" else 0 :]
    assert words_of(data[:-1])[1] == "灯りがない"


@pytest.mark.parametrize("parser", PARSERS)
def test_nul_bytes_cost_no_citation(parser, monkeypatch):
    use(parser, monkeypatch)
    data = b"\0<p>a\0b</p>" + encoded("No lamp", "utf-8") + b"\0\0"
    assert words_of(data)[1] == "No lamp"


def test_a_str_is_not_decoded():
    document = extract('<meta charset="gbk"><p class="twitter-tweet">灯 </p>', format="html")
    assert (document.encoding, document.text) == (None, "灯")


@pytest.mark.parametrize(
    ("head", "url"),
    [
        ('<link rel="canonical" href=" https://paper.example/pier ">', "https://paper.example/pier"),
        ('<meta property="og:url" content="https://paper.example/pier?a=1">', "https://paper.example/pier?a=1"),
        (
            '<link rel="canonical" href="/pier"><meta property="og:url" content="HTTPS://paper.example">',
            "HTTPS://paper.example",
        ),
        ('<link rel="canonical" href="javascript:alert(1)">', None),
        ('<link rel="canonical" href="https://paper.example/a b">', None),
        (
            '<meta property="og:url" content="https://o.example"><link rel="Canonical nofollow" href="https://c.example">',
            "https://c.example",
        ),
        (
            '<base href="https://paper.example/news/"><link rel="canonical" href="pier">',
            "https://paper.example/news/pier",
        ),
        ('<base href="https://paper.example/"><link rel="canonical" href="//[x">', None),
        ('<link rel="alternate" href="https://paper.example/pier">', None),
    ],
)
def test_a_page_says_where_it_is_unless_the_caller_does(head, url):
    page = f'<head>{head}</head><p class="twitter-tweet">x'
    assert extract(page, format="html").url == url
    assert extract(page, format="html", url="https://archive.example/1").url == "https://archive.example/1"


def test_title_and_language_are_told():
    document = extract('<html lang="fr-CH"><title> La digue </title><p class="twitter-tweet">x', format="html")
    assert (document.title, document.language) == ("La digue", "fr-CH")
    document = extract("<html lang><title></title><p class='twitter-tweet'>x", format="html")
    assert (document.title, document.language) == (None, None)


# Laws.


def cuts(markup):
    return st.tuples(st.integers(0, len(markup)), st.integers(0, len(markup))).map(
        lambda cut: markup[min(cut) : max(cut)]
    )


PIECES = st.one_of(
    st.sampled_from(CASES).map(source),
    st.sampled_from(CASES).map(source).flatmap(cuts),
    st.sampled_from(
        [
            "<p>",
            "</p>",
            "<div>",
            "</div>",
            "<blockquote>",
            "</blockquote>",
            "<br>",
            "<!--",
            "-->",
            "<script>",
            "<p hidden>",
        ]
    ),
    st.text(max_size=10),
)
SPLICES = st.lists(PIECES, max_size=6).map("".join)
THOROUGH = settings(max_examples=200, deadline=None)


def assert_sound(document):
    text, ids = document.text, [citation.id for citation in document.citations]
    assert ids == [f"c{n + 1}" for n in range(len(ids))]
    assert [c.span[0] for c in document.citations] == sorted(c.span[0] for c in document.citations)
    for n, citation in enumerate(document.citations):
        a, b = citation.span
        assert 0 <= a <= b <= len(text)
        for part in (citation.text_span, citation.attribution_span):
            assert part is None or a <= part[0] < part[1] <= b
        if citation.text_span:
            assert citation.text == text[slice(*citation.text_span)] == citation.text.strip()
        assert citation.parent is None or citation.parent in ids[:n] + ids[n + 1 :]
        assert citation.tweet_id is None or (citation.tweet_id.isdigit() and len(citation.tweet_id) < 20)
        assert all(0 <= p < len(document.paragraphs) for p in citation.paragraphs)
        assert 0 <= citation.confidence <= 1
        assert citation.evidence
        for link in citation.links:
            assert document.links[link].citation == citation.id
        for context in citation.contexts:
            assert 0 <= context.span[0] < context.span[1] <= len(text)
    for n, link in enumerate(document.links):
        assert link.span is None or text[slice(*link.span)] == link.raw
        if link.citation:
            assert n in document.citations[ids.index(link.citation)].links
    assert all(low.span[1] <= high.span[0] for low, high in pairwise(document.paragraphs))
    for paragraph in document.paragraphs:
        assert 0 <= paragraph.span[0] < paragraph.span[1] <= len(text)


@contextmanager
def parsing(parser):
    if parser == "lxml":
        pytest.importorskip("lxml")
    with pytest.MonkeyPatch.context() as patch, warnings.catch_warnings():
        patch.setattr(html, "_parser", lambda: parser)
        patch.setattr(html, "can_cite", lambda _: True)
        warnings.simplefilter("ignore")  # of markup that looks like a file name
        yield


@pytest.mark.parametrize("parser", PARSERS)
@THOROUGH
@given(SPLICES)
def test_spans_fit_and_findings_name_each_other(parser, markup):
    with parsing(parser):
        assert_sound(extract(markup, format="html"))


@pytest.mark.parametrize("parser", PARSERS)
@THOROUGH
@given(
    st.one_of(
        st.binary(max_size=300),
        st.tuples(SPLICES, st.binary(max_size=9)).map(lambda x: x[0].encode("utf-8", "surrogatepass") + x[1]),
    )
)
def test_any_bytes_are_read_or_refused_in_one_way(parser, data):
    with parsing(parser):
        try:
            document = extract(data, format="html")
        except InputError:
            return
        assert_sound(document)
        assert Document.from_dict(json.loads(json.dumps(document.to_dict(with_text=True)))) == document._replace(
            marks=()
        )


@pytest.mark.parametrize("parser", PARSERS)
@THOROUGH
@given(SPLICES)
def test_a_page_gives_the_same_again(parser, markup):
    with parsing(parser):
        assert extract(markup, format="html") == extract(markup, format="html")


def wellformed(case):
    return not any(word in case["html"] for word in ("<li>", "<td>", "<title", "<meta"))


@THOROUGH
@given(st.lists(st.sampled_from([case for case in CASES if wellformed(case)]), max_size=4))
def test_cases_one_after_the_other_read_the_same_with_either_parser(cases):
    markup = f"<html><body>{PROSE}" + "<p>And then.</p>".join(map(source, cases)) + "</body></html>"
    found = []
    for parser in PARSERS:
        with parsing(parser):
            document = extract(markup, format="html")
            found.append((document.text, document.links, [c._replace(contexts=()) for c in document.citations]))
    assert found[0] == found[1]


@pytest.mark.parametrize("case", CASES, ids=by_name)
@pytest.mark.parametrize("parser", PARSERS)
def test_a_page_cut_off_anywhere_is_read(case, parser):
    markup = source(case)
    with parsing(parser):
        for cut in range(0, len(markup), max(1, len(markup) // 25)):
            assert_sound(extract(markup[:cut], format="html"))


# Bad input. Work is counted in seconds of the processor; what is twice as long may take little more than twice as long.

TIMES = 10_000
MANY = 100_000
TWEET = (
    '<blockquote class="twitter-tweet"><p>No lamp, no pier.</p>— Nora (@nora) '
    '<a href="https://x.com/nora/status/1123882318033846272">May 2, 2019</a></blockquote>'
)
HOSTILE = {
    "unclosed comments": "<!--",
    "unclosed comments of another kind": "<!--->",
    "unclosed CDATA": "<![CDATA[",
    "unclosed declarations": "<!x ",
    "unclosed instructions": "<?x ",
    "unclosed ends": "</",
    "unclosed attributes": '<a href="',
    "unclosed quotes": "<a b='x",
    "unclosed tags": "<a ",
    "brackets": "<",
    "brackets and blanks": "< ",
    "ampersands": "&",
    "entities without an end": "&#x41",
    "entities of no name": "&unheardof",
    "unclosed scripts": "<script>",
    "unclosed styles": "<style>",
    "unclosed titles": "<title>",
    "unclosed textareas": "<textarea>",
    "unclosed templates": "<template>",
    "unclosed noscripts": "<noscript>",
    "unclosed frames": "<iframe>",
    "unclosed forms": "<form>",
    "unclosed lists": "<ul><li>",
    "unclosed tables": "<table><tr><td>",
    "unclosed options": "<select><option>",
    "unclosed drawings": "<svg>",
    "unclosed headings": "<h1>",
    "unclosed quotations": "<blockquote>",
    "unclosed emphasis": "<b><i>",
    "unclosed anchors": '<a href="https://x.com/a/status/20">',
    "ends without a start": "</div>",
    "ends without a start inside": "<p></div>",
    "line breaks": "<br>",
    "empty paragraphs": "<p></p>",
    "paragraphs": "<p>word",
    "words": "word ",
    "no blanks": "x",
    "blanks": " \n",
    "blanks that do not break": "&nbsp;",
    "NUL": "\0",
    "hidden in hidden": "<div hidden>x",
    "asides in asides": "<aside>x",
    "asides": "<aside>x</aside>",
    "sidebars": '<div class="sidebar">x</div>',
    "tweets in tweets": '<blockquote class="twitter-tweet">',
    "tweets in tweets with words": '<blockquote class="twitter-tweet">x',
    "cards in cards": '<div class="tweet">x',
    "editor blocks in editor blocks": '<figure class="wp-block-embed">',
    "containers in containers": '<div class="twitter-embed">x',
    "placeholders in placeholders": '<div data-tweet-id="1123882318033846272">x',
    "quotations that say tweet": '<blockquote data-twitter="">x</blockquote>',
    "links to a tweet": '<a href="https://x.com/a/status/20">x</a> ',
    "short links": '<a href="https://t.co/abcdefghij">x</a> ',
    "scripts that name tweets": '<script>{"tweet":1,"url":"https://x.com/a/status/20"}</script>',
    "linked data": '<script type="application/ld+json">{"citation":"https://x.com/a/status/20"}</script>',
    "linked data in arrays": '<script type="application/ld+json">[',
    "base64": f"<textarea>{'dHdpdHRl' * 12}</textarea>",
}
ENDLESS = [
    f"unclosed {name}"
    for name in ("comments", "CDATA", "declarations", "instructions", "ends", "attributes", "quotes", "tags")
]
ENDLESS += [
    "unclosed comments of another kind",
    "unclosed scripts",
    "unclosed titles",
    "unclosed quotations",
    "brackets",
]
"""What a parser may read for ever, and elements 100,000 levels deep."""
ONE = {
    "an attribute of 5 MB": f'<div data-x="{"x" * 5_000_000}">{TWEET}</div>',
    "an attribute of 5 MB that speaks of tweets": f'<div data-x="{"status/ twitter.com " * 250_000}">{TWEET}</div>',
    "100,000 attributes": f"<div {' '.join(f'x{n}=y' for n in range(MANY))}>{TWEET}</div>",
    "a class of 100,000 words": f'<div class="{"tweet-x " * MANY}">{TWEET}</div>',
    "a style of 1 MB": f'<div style="{"display: " * 125_000}">{TWEET}</div>',
    "a script of 5 MB": f"<script>{'https://x.com/a/status/20 ' * 200_000}</script>{TWEET}",
    "a script of 5 MB of backslashes": f"<script>status {chr(92) * 5_000_000}</script>{TWEET}",
    "a script of embeds without an end": f"<script>status{'<blockquote class=twitter-tweet>' * MANY}</script>{TWEET}",
    "a script of URLs in JSON": "<script>"
    + '{"type":"tweet","url":"https://x.com/a/status/20"},' * 20_000
    + "</script>"
    + TWEET,
    "JSON 100,000 levels deep": f'<script type="application/ld+json">{"[" * MANY}</script>{TWEET}',
    "base64 of 5 MB": f"<textarea>{'dHdpdHRl' * 600_000}</textarea>{TWEET}",
    "base64 with blanks": f"<textarea>{'dHdp ' * 600_000}!</textarea>{TWEET}",
    "tweets": TWEET * 4_000,
    "tweets in one paragraph": f"<p>{TWEET.replace('blockquote', 'span') * 4_000}",
    "a tweet of 5 MB": TWEET.replace("No lamp, no pier.", "No lamp. " * 550_000),
    "a paragraph of 5 MB": f"<p>{'No lamp, no pier. ' * 280_000}</p>{TWEET}",
    "5 MB of paragraphs": f"{'<p>No lamp, no pier, and the keeper is gone with the key.</p>' * 80_000}{TWEET}",
}


def work(markup, parser, limit=12):
    """Return how much work a page is, in seconds of the processor; give up after so many."""

    def give_up(*_):
        raise TimeoutError(limit)

    signal.signal(signal.SIGPROF, give_up)
    with parsing(parser):
        signal.setitimer(signal.ITIMER_PROF, limit)
        gc.collect()
        gc.disable()  # what the objects of other tests cost the collector is no time of this page
        start = process_time()
        try:
            extract(markup, format="html")
        except TimeoutError:
            return float("inf")
        finally:
            gc.enable()
            signal.setitimer(signal.ITIMER_PROF, 0)
        return process_time() - start


@pytest.mark.parametrize("parser", PARSERS)
@pytest.mark.parametrize("name", HOSTILE)
def test_ten_times_the_hostile_markup_takes_about_ten_times_as_long(name, parser):
    small = min(work(TWEET + HOSTILE[name] * (TIMES // 10), parser) for _ in range(2))
    large = min(work(TWEET + HOSTILE[name] * TIMES, parser) for _ in range(2))
    assert large < 25 * max(small, 0.03), (small, large)


@pytest.mark.parametrize("parser", PARSERS)
@pytest.mark.parametrize("name", ENDLESS)
def test_hostile_markup_ends_in_a_few_seconds(name, parser):
    assert work(TWEET + HOSTILE[name] * MANY, parser) < 10


@pytest.mark.parametrize("parser", PARSERS)
@pytest.mark.parametrize("name", ONE)
def test_large_parts_end_in_a_few_seconds(name, parser):
    assert work(ONE[name], parser) < 10


@pytest.mark.parametrize("parser", PARSERS)
@pytest.mark.parametrize("name", [name for name in HOSTILE if "unclosed" in name or "in" in name.split()])
def test_the_tweet_before_hostile_markup_is_found(name, parser):
    with parsing(parser):
        citations = extract(TWEET + HOSTILE[name] * 1_000, format="html").citations
    assert (citations[0].tweet_id, citations[0].screen_name) == ("1123882318033846272", "nora")


@pytest.mark.parametrize(
    "data",
    [
        b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR",
        b"%PDF-1.7\n%\xe2\xe3\xcf\xd3",
        b"PK\x03\x04\x14\0",
        b"\x1f\x8b\x08\0",
        b"{}",
        b"\xff" * 999,
    ],
)
def test_what_is_no_html_at_all_is_read(data):
    for tail in (b"", b"twitter-tweet", b"\0" * 99 + b'<a href="https://x.com/a/status/20">'):
        assert_sound(extract(data + tail, format="html"))


MEMORY = """
import resource, sys
import tweetlinks
from tweetlinks.read import html
html._parser = lambda: sys.argv[1]
page = eval(sys.argv[2])
assert len(page) >= 50_000_000
document = tweetlinks.extract(page, format="html")
assert document.citations
print(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024)
"""
BIG = {
    "one paragraph": "b'<p class=twitter-tweet>x https://x.com/a/status/20 y' + b'No lamp. ' * 5_600_000",
    "one script": "b'<a href=https://x.com/a/status/20>x</a><script>' + b'no(1); ' * 7_200_000",
    "paragraphs": "b'<a href=https://x.com/a/status/20>x' + (b'<p>' + b'No lamp, no pier. ' * 56) * 50_000",
}


@pytest.mark.parametrize("parser", PARSERS)
@pytest.mark.parametrize("name", BIG)
def test_a_page_of_50_mb_ends_in_bounded_memory(name, parser):
    if parser == "lxml":
        pytest.importorskip("lxml")
    done = subprocess.run(
        [sys.executable, "-c", MEMORY, parser, BIG[name]], capture_output=True, check=False, text=True, timeout=120
    )
    assert done.returncode == 0, done.stderr
    assert float(done.stdout) < 1_500  # megabytes


@pytest.mark.parametrize("parser", PARSERS)
@pytest.mark.parametrize(
    "markup",
    [
        '<blockquote class="twitter-tweet"><a href="https://x.com/nora/status/1123882318033846272"></a></blockquote>',
        "<div data-tweetid=1123882318033846272><a href=https://x.com/nora/status/1123882318033846272></a></div>",
    ],
)
def test_the_link_of_an_embed_that_shows_nothing_is_its_own(markup, parser, monkeypatch):
    use(parser, monkeypatch)
    document = extract(f"<p>Before.</p>{markup}<p>After.</p>", format="html")
    assert [link.citation for link in document.links] == ["c1"]


@pytest.mark.filterwarnings("error")
def test_markup_that_looks_like_a_url_warns_nobody():
    extract(b"https://x.com/nora/status/1123882318033846272", format="html")


def test_white_space_in_the_title_is_folded():
    assert extract('<title> La\n   digue </title><p class="twitter-tweet">x', format="html").title == "La digue"
