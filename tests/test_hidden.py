"""Tweets that a page does not show; what belongs to its article; a tweet written several times is one."""

from __future__ import annotations

import base64
import json

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tweetlinks import extract
from tweetlinks.embeds import Found
from tweetlinks.merge import merge
from tweetlinks.model import Mark
from tweetlinks.read import html
from tweetlinks.state import letters, linked_data, pieces, unescaped

PARSERS = ("html.parser", "lxml")
ID = "859739312747446272"
URL = f"https://twitter.com/noraquill/status/{ID}"
EMBED = (
    '<blockquote class="twitter-tweet"><p lang="en">No lamp &amp; no <b>pier</b>. '
    '<a href="https://t.co/Aa1Bb2Cc3D">pic.twitter.com/Aa1Bb2Cc3D</a></p>&mdash; Nora “Q” Quill (@noraquill) '
    f'<a href="{URL}">May 3, 2017</a></blockquote>'
)
FACTS = (ID, "noraquill", "Nora “Q” Quill", "2017-05-03", "No lamp & no pier. pic.twitter.com/Aa1Bb2Cc3D")
PROSE = "".join(
    f"<p>On day {n} the council of Port Sorrow met in the old customs house and left again without a word to us.</p>"
    for n in range(20)
)


def escaped(words):
    return words.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;").replace('"', "&quot;")


def js(words):
    return json.dumps(words).replace("/", "\\/").replace("<", "\\u003c").replace(">", "\\u003E").replace("&", "\\u0026")


CARRIERS = {
    "noscript": f"<noscript>{EMBED}</noscript>",
    "a textarea, raw": f"<textarea hidden>{EMBED}</textarea>",
    "a textarea, escaped": f"<textarea>{escaped(EMBED)}</textarea>",
    "srcdoc": f'<iframe srcdoc="{escaped(EMBED)}"></iframe>',
    "srcdoc of srcdoc": f"""<iframe srcdoc="{escaped(f'<iframe srcdoc="{escaped(EMBED)}"></iframe>')}"></iframe>""",
    "a script of templates": f'<script type="text/template">{EMBED}</script>',
    "a script of HTML": f'<script type="text/html">{EMBED}</script>',
    "a script of text": f'<script type="text/plain">{EMBED}</script>',
    "a script of templates, escaped": f'<script type="text/x-template">{escaped(EMBED)}</script>',
    "base64": f'<script type="text/template">{base64.b64encode(EMBED.encode()).decode()}</script>',
    "base64 in lines": f'<script type="text/template">\n{base64.encodebytes(EMBED.encode()).decode()}</script>',
    "JSON": f'<script type="application/json">{json.dumps({"html": EMBED})}</script>',
    "JSON with escapes": f"<script>var a={js(EMBED)}</script>",
    "JSON in JSON": f"<script>var a={json.dumps(json.dumps({'html': EMBED}))}</script>",
    "JSON with escapes in JSON": f"<script>var a={json.dumps(js(EMBED))}</script>",
    "entities in JSON": f"<script>var a={json.dumps(escaped(EMBED))}</script>",
    "the properties of an island": f'<x-island props="{escaped(json.dumps({"html": EMBED}))}"></x-island>',
    "HTML in an attribute": f'<div data-embed-code="{escaped(EMBED)}"></div>',
    "a hidden element": f"<div hidden><div>{EMBED}</div></div>",
    "an element of no display": f'<div style="display:none">{EMBED}</div>',
    "an object": f"<object>{EMBED}</object>",
}


@pytest.fixture(params=PARSERS)
def parser(request, monkeypatch):
    if request.param == "lxml":
        pytest.importorskip("lxml")
    monkeypatch.setattr(html, "_parser", lambda: request.param)
    return request.param


def facts(citation):
    return (citation.tweet_id, citation.screen_name, citation.author_name, citation.date, citation.text)


@pytest.mark.parametrize("name", CARRIERS)
@pytest.mark.usefixtures("parser")
def test_a_tweet_that_is_not_shown_is_found_with_its_words(name):
    page = f"<body><h1>The pier</h1>{PROSE}<p>Before.</p>{CARRIERS[name]}<p>After.</p></body>"
    document = extract(page, format="html")
    (citation,) = document.citations
    assert facts(citation) == FACTS
    assert citation.text_span is None
    assert citation.span[0] == citation.span[1]
    assert document.text.index("Before.") < citation.span[0] <= document.text.index("After.")
    links = [document.links[n] for n in citation.links]
    assert [link.url for link in links if link.span is None] == ["https://pic.twitter.com/Aa1Bb2Cc3D"]
    assert "No lamp" not in document.text


@pytest.mark.usefixtures("parser")
def test_a_page_that_is_hidden_until_a_script_runs_is_read():
    page = f'<body style="display:none"><h1>The pier</h1>{PROSE}{EMBED}</body>'
    document = extract(page, format="html")
    assert [facts(c) for c in document.citations] == [FACTS]
    assert document.citations[0].text_span
    assert document.text.startswith("The pier")


@pytest.mark.parametrize(
    ("string", "plain"),
    [
        (r"\u003cp\u003e", "<p>"),
        (r"\\u003cp\\u003e", "<p>"),
        (r"\x3cp\x3e", "<p>"),
        (r"<\/p>", "</p>"),
        (r"\"a\" \'b\'", "\"a\" 'b'"),
        (r"a\nb\tc", "a\nb\tc"),
        ("&lt;p&gt;", "<p>"),
        (r"\u0026lt;p\u0026gt;", "<p>"),
        (r"\ud83d\udca1", "💡"),
        (r"\ud83d", "\ufffd"),
        ("plain & simple", "plain & simple"),
        ("", ""),
        ("\\", "\\"),
        (r"\u00", "u00"),
    ],
)
def test_strings_are_taken_out_of_their_escapes(string, plain):
    assert unescaped(string) == plain


@given(st.text())
def test_taking_out_of_escapes_never_fails_and_leaves_no_half_letters(string):
    unescaped(string).encode()


@given(st.text())
def test_letters_are_the_same_in_any_case_and_spacing(string):
    assert letters(f" {string}! ") == letters(string)
    assert letters(letters(string)) == letters(string)


AROUND = "The dairy of Upper Sorrow has won the silver spoon for its cheese with nettles."


@pytest.mark.parametrize(
    ("before", "page", "belongs"),
    [
        ("", "x" * 2000, True),
        ("<p>Short.</p>", "x" * 2000, True),
        (f"<p>{AROUND}</p>", "x" * 2000, False),
        (f"<p>{AROUND}</p>", "x" * 2000 + letters(AROUND), True),
        (f"<p>{AROUND}</p>", "x" * 200, True),
    ],
)
def test_a_tweet_in_data_belongs_to_the_page_that_shows_what_is_around_it(before, page, belongs):
    string = json.dumps({"body": before + EMBED})
    assert [piece for piece in pieces(string, lambda: page) if isinstance(piece, str)] == [EMBED] * belongs


@pytest.mark.parametrize(
    ("string", "found"),
    [
        ("twttr.widgets.createTweet('1234567', x)", ["1234567"]),
        ('twttr.widgets.createTweet( "1234567" , x)', ["1234567"]),
        ("createTweetEmbed('1234567', x)", ["1234567"]),
        ("createTweet(id, x)", []),
        ("createTweet('', x)", []),
        ("createTweet('12a', x)", []),
        ("createTweet('1234567\", x)", []),
        ('{"type":"tweet","url":"https://twitter.com/a/status/1234567"}', ["1234567"]),
        ('{"@type":"DocumentBlockExternalContent","url":"https:\\/\\/x.com\\/a\\/status\\/1234567"}', ["1234567"]),
        ('{"type":"link","label":"more words","url":"https://twitter.com/a/status/1234567"}', []),
        ('{"type":"tweet","url":"https://pier.example/status/1234567"}', []),
        ('{"type":"tweet","url":"https://twitter.com/a"}', []),
    ],
)
def test_scripts_and_blocks_name_tweets(string, found):
    assert [piece.tweet_id for piece in pieces(string, str) if isinstance(piece, Mark)] == found


@pytest.mark.parametrize(
    ("data", "found"),
    [
        ({"citation": URL}, [("reference", ID)]),
        ({"citation": [{"url": URL}, {"url": "https://pier.example/"}, 7, None]}, [("reference", ID)]),
        ({"itemReviewed": {"url": URL}}, [("reference", ID)]),
        ({"@graph": [{"citation": {"url": URL}}]}, [("reference", ID)]),
        ({"articleBody": f"Words before. {URL} Words behind."}, [("embed", ID)]),
        ({"articleBody": 7, "url": URL, "sameAs": [URL], "mainEntityOfPage": URL}, []),
        ({"citation": None, "itemReviewed": []}, []),
        ([], []),
        ("text", []),
        (None, []),
    ],
)
def test_linked_data_cites(data, found):
    assert [(mark.kind, mark.tweet_id) for mark in linked_data(json.dumps(data), str)] == found


@pytest.mark.parametrize("string", ["", "{", "nonsense", "[" * 100_000, '{"a":' * 100_000, '"\\ud800"', "NaN"])
def test_linked_data_that_is_none_cites_nothing(string):
    assert list(linked_data(string, str)) == []


@pytest.mark.usefixtures("parser")
@pytest.mark.parametrize(
    "copy", ["", EMBED, f"<script>var a={js(EMBED)}</script>", f'<div data-tweet-id="{ID}"></div>']
)
@pytest.mark.parametrize("name", CARRIERS)
def test_a_copy_that_is_not_shown_adds_no_citation(name, copy):
    page = f"<body><h1>The pier</h1>{PROSE}<div>{CARRIERS[name]}{copy}</div></body>"
    assert [facts(c) for c in extract(page, format="html").citations] == [FACTS]


# Joining, on marks alone.


def embed(first, last, tweet_id=None, *, words=None, **more):
    span = words or (first, first)
    return Found(Mark("embed", span, "blockquote", tweet_id=tweet_id, text_span=words, **more), first, last)


def joined(*found):
    return [(e.mark.tweet_id, e.mark.text_span, e.mark.parent) for e in merge(list(found))]


def test_one_place_is_one_tweet():
    assert joined(embed(1, 5, "7"), embed(2, 4, "7", words=(10, 20))) == [("7", (10, 20), None)]


def test_two_places_that_show_words_are_two_tweets():
    assert joined(embed(1, 2, "7", words=(10, 20)), embed(5, 6, "7", words=(30, 40))) == [
        ("7", (10, 20), None),
        ("7", (30, 40), None),
    ]


def test_a_place_that_shows_nothing_is_a_copy():
    assert joined(embed(1, 2, "7"), embed(5, 6, "7", words=(30, 40))) == [("7", (30, 40), None)]
    assert joined(embed(1, 2, "7", words=(30, 40)), embed(5, 6, "7")) == [("7", (30, 40), None)]


def test_what_has_no_id_is_what_it_stands_inside_of_or_around():
    assert joined(embed(1, 5, "7"), embed(2, 4, words=(10, 20))) == [("7", (10, 20), None)]
    assert joined(embed(1, 5, words=(10, 20)), embed(2, 4, "7")) == [("7", (10, 20), None)]
    assert joined(embed(1, 2, "7"), embed(3, 4, words=(10, 20))) == [("7", None, None), (None, (10, 20), None)]


def test_another_id_inside_names_its_parent():
    outer, inner, innermost = (
        embed(1, 9, "7", words=(10, 50)),
        embed(3, 8, "8", words=(20, 40)),
        embed(4, 5, "9", words=(25, 30)),
    )
    assert joined(innermost, outer, inner) == [("7", (10, 50), None), ("8", (20, 40), 0), ("9", (25, 30), 1)]


def test_the_richer_facts_win():
    (one,) = merge(
        [
            embed(1, 5, "7", url=URL, screen_name=None),
            embed(2, 4, "7", words=(10, 20), screen_name="noraquill", author_name="Nora", date_text="May 3, 2017"),
        ]
    )
    assert (one.mark.url, one.mark.screen_name, one.mark.author_name) == (URL, "noraquill", "Nora")
    assert (one.mark.date_text, one.mark.text_span) == ("May 3, 2017", (10, 20))


PLACES = st.lists(
    st.tuples(st.integers(0, 30), st.integers(0, 6), st.sampled_from([None, "7", "8", "9"]), st.booleans()), max_size=8
)


def nested(places):
    """Return embeds at places of a tree: none overlaps another without being inside of it."""
    found = []
    for first, size, tweet_id, shows in {place[:2]: place for place in places}.values():
        last = first + size
        if all(
            last < f.first
            or f.last < first
            or (f.first <= first and last <= f.last)
            or (first <= f.first and f.last <= last)
            for f in found
        ):
            found.append(embed(first, last, tweet_id, words=(first * 10, last * 10 + 5) if shows else None))
    return found


@settings(max_examples=300)
@given(PLACES)
def test_joining_keeps_every_tweet_and_names_parents_that_exist(places):
    found = nested(places)
    kept = merge(found)
    assert {f.mark.tweet_id for f in found} - {None} == {f.mark.tweet_id for f in kept} - {None}
    assert [f.mark.span[0] for f in kept] == sorted(f.mark.span[0] for f in kept)
    for n, one in enumerate(kept):
        parent = one.mark.parent
        assert parent is None or (parent != n and kept[parent].first <= one.first <= one.last <= kept[parent].last)


@settings(max_examples=300)
@given(PLACES, st.randoms(use_true_random=False))
def test_the_order_in_which_tweets_were_found_does_not_matter_to_which_there_are(places, random):
    found = nested(places)
    shuffled = random.sample(found, len(found))
    assert sorted((f.mark.tweet_id or "", f.first) for f in merge(found)) == sorted(
        (f.mark.tweet_id or "", f.first) for f in merge(shuffled)
    )


def test_entities_of_entities_are_taken_out():
    assert unescaped("&amp;lt;p&amp;gt;") == "<p>"
