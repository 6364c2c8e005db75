"""The text of a page is what a reader reads, in order; every paragraph says where it stands; both parsers agree."""

from __future__ import annotations

import re
from itertools import pairwise

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from tweetlinks.flow import read_flow
from tweetlinks.read import html

PARSERS = ("html.parser", "lxml")

TEXTS = {
    "inline elements part no words": ("<p>One <b>bo</b>ld <i>w<u>or</u>d</i></p>", "One bold word"),
    "blanks are folded": ("<p> One\n\t two  <b> three </b> four </p>", "One two three four"),
    "blanks at a border are one": ("<p>One <b> two</b></p> <p> three</p>", "One two\n\nthree"),
    "blocks are parted": ("<p>One</p><p>two</p>", "One\n\ntwo"),
    "blocks without an end are parted": ("<p>One<p>two<div>three", "One\n\ntwo\n\nthree"),
    "empty blocks part once": ("<p>One</p><div><p></p><div> </div></div><p>two</p>", "One\n\ntwo"),
    "text beside a block": ("<div>One<p>two</p>three</div>", "One\n\ntwo\n\nthree"),
    "a block inside an inline element": ("<span>One<div>two</div>three</span>", "One\n\ntwo\n\nthree"),
    "a line break": ("<p>One<br>two<br/>three</p>", "One\ntwo\nthree"),
    "blanks around a line break": ("<p>One <br> \n two</p>", "One\ntwo"),
    "two line breaks are a border": ("<p>One<br><br>two<br> <br/> three</p>", "One\n\ntwo\n\nthree"),
    "many line breaks are one border": ("<p>One<br><br><br><br>two</p>", "One\n\ntwo"),
    "line breaks at the ends are none": ("<p><br>One<br></p><br><p><br><br>two</p>", "One\n\ntwo"),
    "a rule": ("One<hr>two", "One\n\ntwo"),
    "white space of pre stays": ("<pre>One\n  two\tthree\n four</pre>", "One\n  two\tthree\n four"),
    "pre, with elements inside": ("<pre><code>One\n  <b>two</b></code></pre>", "One\n  two"),
    "a blank that does not break stays": ("<p>One&nbsp;&nbsp;two</p>", "One\xa0\xa0two"),
    "lists": ("<ul><li>One<li>two<ul><li>three</ul></ul>", "One\n\ntwo\n\nthree"),
    "definitions": ("<dl><dt>One<dd>two</dl>", "One\n\ntwo"),
    "tables": (
        "<table><caption>Zero</caption><tr><th>One<td>two</tr><tr><td>three</table>",
        "Zero\n\nOne\n\ntwo\n\nthree",
    ),
    "headings": ("<h1>One</h1>two<h6>three</h6>", "One\n\ntwo\n\nthree"),
    "a figure": ("<figure><img alt='none'><figcaption>One</figcaption></figure>two", "One\n\ntwo"),
    "buttons and labels are read": ("<label>One</label> <button>two</button>", "One two"),
    "details are read": ("<details><summary>One</summary>two</details>", "One\n\ntwo"),
    "entities": ("<p>&amp;&lt;&gt;&quot;&#39;&eacute;&#233;&#xE9;&hellip;&#128161;&mdash;</p>", "&<>\"'ééé…💡—"),
    "entities without their end": ("<p>One &amp two &copy 2020 &lt three</p>", "One & two © 2020 < three"),
    "entities that are none": ("<p>AT&T R&D &unheardof & so</p>", "AT&T R&D &unheardof & so"),
    "entities of Windows": ("<p>One &#150; two &#8211; &#146;</p>", "One – two – ’"),
    "an entity escaped": ("<p>&amp;lt;p&amp;gt; &amp;amp;</p>", "&lt;p&gt; &amp;"),
    "emoji and marks": ("<p>👨‍👩‍👧 e\u0301 \U000e0067 🇫🇷</p>", "👨‍👩‍👧 e\u0301 \U000e0067 🇫🇷"),
    "from right to left": ("<p dir=rtl>لا <b>مصباح</b> ولا رصيف</p>", "لا مصباح ولا رصيف"),
    "no blanks between Chinese words": ("<p>灯<b>りが</b>ない。</p>", "灯りがない。"),
    "a soft break": ("<p>har<wbr>bour</p>", "harbour"),
    "comments between words": ("<p>One <!-- <p>no</p> --> two</p><!----><!-- > -->", "One two"),
    "doctype, title and head": (
        "<!DOCTYPE html><html><head><title>No</title><style>no</style></head><body>One</body></html>",
        "One",
    ),
    "the attribute hidden": ("One<p hidden>no <b>no</b></p><p hidden=''>no</p> two", "One\n\ntwo"),
    "styles that hide": (
        """<p>One <i style="display:none">no</i><i style="color:red;DISPLAY : NONE !important">no</i>
        <i style="visibility:hidden">no</i>two <i style="display:inline">three</i></p>""",
        "One two three",
    ),
    "nesting that is wrong": ("<p>One <b>two <i>three</b> four</i> five</p>", "One two three four five"),
    "capitals": ("<DIV>One<BR>two</DIV>", "One\ntwo"),
    "unknown elements": ("<x-card>One <my-word>two</my-word></x-card>", "One two"),
    "a sign that is no tag": ("<p>1 < 2 and 3 > 2 <3</p>", "1 < 2 and 3 > 2 <3"),
    "nothing": ("", ""),
    "nothing but blanks": (" \n <p> </p> ", ""),
}


def flow_of(markup, parser, monkeypatch=None, **options):
    if parser == "lxml":
        pytest.importorskip("lxml")
    if monkeypatch:
        monkeypatch.setattr(html, "_parser", lambda: parser)
        return read_flow(html.parse(markup), **options)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(html, "_parser", lambda: parser)
        return read_flow(html.parse(markup), **options)


@pytest.mark.parametrize("parser", PARSERS)
@pytest.mark.parametrize("name", TEXTS)
def test_the_text_is_what_a_reader_reads(name, parser):
    markup, text = TEXTS[name]
    assert flow_of(markup, parser).text == text


@pytest.mark.parametrize("parser", PARSERS)
@pytest.mark.parametrize(
    "part",
    [
        "<script>no()</script>",
        "<style>no{}</style>",
        "<noscript>no</noscript>",
        "<iframe>no</iframe>",
        "<template>no</template>",
        "<textarea>no</textarea>",
        "<select><option>no</select>",
        "<svg><text>no</text></svg>",
        "<object>no</object>",
        "<audio>no</audio>",
        "<video>no</video>",
        "<canvas>no</canvas>",
        "<math><mi>no</mi></math>",
        "<input type=hidden value=no>",
        "<img alt=no>",
        "<!-- no -->",
        "<title>no</title>",
        "<noembed>no</noembed>",
        "<datalist><option>no</datalist>",
    ],
)
def test_what_a_reader_does_not_see_is_no_text(part, parser):
    words = flow_of(f"<p>One {part} two</p>", parser).text.split()
    assert words == ["One", "two"]


@pytest.mark.parametrize("parser", PARSERS)
def test_words_that_are_hidden_are_seen_when_they_are_asked_for(parser):
    markup = "<div style='display:none'>One<p hidden>two</p></div><script>no</script>"
    assert flow_of(markup, parser).text == ""
    assert flow_of(markup, parser, sees_hidden=True).text == "One\n\ntwo"


PARAGRAPHS = {
    "headings": ("<h1>One</h1><h3>two</h3><p>three", [("heading", "h1"), ("heading", "h3"), ("body", "p")]),
    "a list": ("<ul><li>One<li><p>two</p></ul>", [("list", "li"), ("list", "p")]),
    "definitions": ("<dl><dt>One<dd>two</dl>", [("list", "dt"), ("list", "dd")]),
    "a quotation": ("<blockquote>One<p>two</p></blockquote>", [("quote", "blockquote"), ("quote", "p")]),
    "a caption": ("<figure><figcaption>One</figcaption></figure>", [("caption", "figcaption")]),
    "a table": (
        "<table><caption>One</caption><tr><td>two<th>three</table>",
        [("caption", "caption"), ("table", "td"), ("table", "th")],
    ),
    "the nearest says the kind": (
        "<table><tr><td><h2>One</h2><ul><li>two</ul></table>",
        [("heading", "h2"), ("list", "li")],
    ),
    "text beside blocks": ("<div>One<p>two</p>three</div>", [("body", "div"), ("body", "p"), ("body", "div")]),
    "line breaks": ("<p>One<br>two<br><br>three</p>", [("body", "p"), ("body", "p")]),
}


@pytest.mark.parametrize("parser", PARSERS)
@pytest.mark.parametrize("name", PARAGRAPHS)
def test_a_paragraph_says_its_kind_and_its_element(name, parser):
    markup, expected = PARAGRAPHS[name]
    found = flow_of(markup, parser).paragraphs
    assert [(p.kind, p.locator.rpartition("/")[2].partition("[")[0]) for p in found] == expected


def mirrored(soup):
    """Return the same tree as lxml has it, and the text under each element, to ask it for an XPath."""
    etree = pytest.importorskip("lxml.etree")
    root = etree.Element("root")
    stack = [(soup, root)]
    while stack:
        tag, twin = stack.pop()
        for child in tag.children:
            if child.name:
                stack.append((child, etree.SubElement(twin, re.sub(r"[^\w.-]", "_", child.name))))
                twin[-1].set("words", " ".join(child.get_text().split()))
    return root


PAGE = """<!DOCTYPE html><html lang="en"><head><meta charset="utf-8"><title>T</title></head><body>
<header><nav><ul><li>Home</li><li>News</li></ul></nav></header>
<main><article><h1>The pier</h1><div class="lead">The lamp is <b>out</b>.<br><br>The keeper is gone.</div>
<p>First.</p><p>Second <a href="/">word</a>.</p><div><div><p>Third.</p></div><section><p>Fourth.</p></section></div>
<blockquote>Fifth.<p>Sixth.</p></blockquote><ul><li>Seventh</li><li>Eighth<ul><li>Ninth</li></ul></li></ul>
<table><tbody><tr><td>Tenth</td><td>Eleventh</td></tr></tbody></table><figure><figcaption>Twelfth</figcaption></figure>
<pre>Thirteenth
  line</pre></article></main><footer>Last</footer></body></html>"""


@pytest.mark.parametrize("parser", PARSERS)
def test_a_locator_finds_the_element_of_its_paragraph(parser, monkeypatch):
    pytest.importorskip("lxml")
    monkeypatch.setattr(html, "_parser", lambda: parser)
    soup = html.parse(PAGE)
    root, flow = mirrored(soup), read_flow(soup)
    assert len(flow.paragraphs) == 19
    for paragraph in flow.paragraphs:
        (found,) = root.xpath("." + paragraph.locator)
        assert " ".join(flow.text[slice(*paragraph.span)].split()) in found.get("words")


def test_a_locator_works_in_the_tree_that_lxml_makes_of_the_page():
    lxml_html = pytest.importorskip("lxml.html")
    root, flow = lxml_html.document_fromstring(PAGE), flow_of(PAGE, "lxml")
    for paragraph in flow.paragraphs:
        (found,) = root.xpath(paragraph.locator)
        assert " ".join(flow.text[slice(*paragraph.span)].split()) in " ".join(found.text_content().split())


@pytest.mark.parametrize("parser", PARSERS)
def test_an_element_knows_where_it_stands_and_what_is_inside_of_it(parser):
    flow = flow_of("<div>One <b>two <i>three</i></b><p>four</p><img></div><script>no</script>", parser)
    found = {tag.name: (flow.shows(n), flow.lasts[n]) for n, tag in enumerate(flow.tags)}
    names = [tag.name for tag in flow.tags]
    assert found["b"][0] == "two three"
    assert found["i"][0] == "three"
    assert found["p"][0] == "four"
    assert found["img"][0] == found["script"][0] == ""
    assert names[found["div"][1]] == "img"
    assert names[found["b"][1]] == "i"


NAMES = st.sampled_from(
    [
        "div",
        "p",
        "span",
        "b",
        "i",
        "em",
        "a",
        "ul",
        "li",
        "ol",
        "h2",
        "blockquote",
        "section",
        "article",
        "pre",
        "table",
        "tr",
        "td",
        "br",
        "img",
        "script",
        "figure",
        "sup",
        "x-y",
    ]
)
WORDS = st.text(st.sampled_from("ab é灯م👍\xa0\u200b\n\t &<>;'\""), max_size=12)
ATTRIBUTES = st.sampled_from(["", "", "", " hidden", ' style="display:none"', ' class="x"', " data-x='>'"])


def escaped(words):
    return words.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")


TREES = st.recursive(
    WORDS.map(escaped),
    lambda inner: st.builds(
        lambda name, attributes, parts: f"<{name}{attributes}>" + "".join(parts) + f"</{name}>",
        NAMES.filter(lambda name: name not in ("br", "img", "script", "p", "table", "tr", "td", "li", "pre", "a")),
        ATTRIBUTES,
        st.lists(inner, max_size=4),
    ),
    max_leaves=20,
)
"""Well-formed: what every parser reads in one way."""
SOUPS = st.lists(
    st.one_of(
        WORDS,
        NAMES.map("<{}>".format),
        NAMES.map("</{}>".format),
        st.sampled_from(
            ["<!-- ", " -->", "<![CDATA[", "]]>", "<p hidden>", "<?x", "<a href='", '"', "&#0;", "&#x110000;"]
        ),
    ),
    max_size=25,
).map("".join)
"""Anything."""


def assert_sound(flow):
    text, paragraphs = flow.text, flow.paragraphs
    assert all(low.span[1] < high.span[0] for low, high in pairwise(paragraphs))
    for paragraph in paragraphs:
        assert 0 <= paragraph.span[0] < paragraph.span[1] <= len(text)
    borders = [0, *(n for paragraph in paragraphs for n in paragraph.span), len(text)]
    assert {text[a:b] for a, b in zip(borders[::2], borders[1::2], strict=True)} <= {"", "\n\n"}
    for n, (start, end) in enumerate(flow.spans):
        assert 0 <= start <= end <= len(text)
        assert n <= flow.lasts[n] < len(flow.tags)
        assert flow.index[id(flow.tags[n])] == n


@settings(max_examples=200, deadline=None)
@given(TREES)
@example("<div><b>x</b> y</div>")
def test_well_formed_markup_reads_the_same_with_either_parser(markup):
    page = f"<html><body>{markup}</body></html>"
    ours, theirs = flow_of(page, "html.parser"), flow_of(page, "lxml")
    assert ours.text == theirs.text
    assert [(p.span, p.kind) for p in ours.paragraphs] == [(p.span, p.kind) for p in theirs.paragraphs]


@pytest.mark.parametrize("parser", PARSERS)
@settings(max_examples=200, deadline=None)
@given(st.one_of(TREES, SOUPS))
@example("<p>&nbsp;</p>")
@example("<pre>\n\n</pre>")
@example("&#0;")
def test_spans_fit_whatever_the_markup(parser, markup):
    assert_sound(flow_of(markup, parser))


@pytest.mark.parametrize("parser", PARSERS)
@settings(max_examples=100, deadline=None)
@given(TREES)
def test_what_is_read_and_escaped_is_read_again_as_it_is(parser, markup):
    text = flow_of(markup, parser).text
    again = flow_of("".join(f"<p>{escaped(block)}</p>" for block in text.split("\n\n")), parser).text
    assert re.sub(r"[ \n]+", " ", again) == re.sub(r"[ \n]+", " ", text)


@pytest.mark.parametrize("parser", PARSERS)
@pytest.mark.parametrize(
    ("markup", "text"),
    [
        ("<p>har<!-- x -->bour (@<!-- -->nora<!-- -->)</p>", "harbour (@nora)"),
        ("<p>One<!-- x --> two</p>", "One two"),
        ("<p>One</p><p>&nbsp;</p><p>two</p>", "One\n\ntwo"),
        ("<title>x</title><nav>One</nav><article>two</article>", "One\n\ntwo"),
        ("<p>Half a letter \ud83d</p>", "Half a letter \ufffd"),
    ],
)
def test_comments_part_no_words_and_nothing_is_lost_to_the_head(markup, text, parser):
    assert flow_of(markup, parser).text == text


@pytest.mark.parametrize("parser", PARSERS)
@pytest.mark.parametrize(
    ("markup", "locator"),
    [
        ("<body><p><b>One</b> two</p></body>", "/p[1]"),
        ("<body><p><a href=x>One</a> two</p></body>", "/p[1]"),
        ("<body><div><span>One</span> two<p>three</div></body>", "/div[1]"),
        ("<body><p><o:p>One</o:p></p></body>", "/p[1]"),
    ],
)
def test_a_paragraph_names_the_block_that_holds_all_of_it(markup, locator, parser):
    assert flow_of(markup, parser).paragraphs[0].locator.endswith("/body[1]" + locator)
