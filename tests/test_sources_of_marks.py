"""A mark of an embed knows where its element stands in the source, when the parser knows."""

from __future__ import annotations

import pytest

from tweetlinks import extract
from tweetlinks.read import html

QUOTE = (
    '<blockquote class="twitter-tweet"><p>Rain</p>— Ann (@ann_b) '
    '<a href="https://twitter.com/ann_b/status/859700000000000000">May 3, 2017</a></blockquote>'
)
FRAME = '<iframe src="https://platform.twitter.com/embed/Tweet.html?id=859700000000000000"></iframe>'
CARD = (
    '<div class="tweet" data-tweet-id="859700000000000000" title="a > b"><div><div class="tweet-text">Rain</div></div>'
    '<div><a href="https://twitter.com/ann_b/status/859700000000000000">May 3</a></div></div>'
)
EMPTY = '<amp-twitter data-tweetid="859700000000000000" />'
RAW = '<div data-tweet-id="859700000000000000"><script>document.write("</div>")</script></div>'
COMMENT = '<div data-tweet-id="859700000000000000"><b>Rain</b><!-- </div> --></div>'
INNER = '<div data-tweet-id="859700000000000000"><div><br/></div></div>'
ELEMENTS = {name: value for name, value in globals().items() if name.isupper() and isinstance(value, str)}


def sources(markup, parser, monkeypatch):
    monkeypatch.setattr(html, "_parser", lambda: parser)
    marks = extract(markup, format="html").marks
    return [mark.source and markup[slice(*mark.source)] for mark in marks if mark.kind == "embed"]


@pytest.mark.parametrize("before", ["", "<p>Ça\r\npleut 🌧\n\n<!-- </div> --><div>", "<div><div></div>\n"])
@pytest.mark.parametrize("after", ["", "</div><div>More</div>", "\n<p>More"])
@pytest.mark.parametrize("name", ELEMENTS)
def test_the_source_is_the_element_from_its_start_tag_to_its_end_tag(name, before, after, monkeypatch):
    assert sources(before + ELEMENTS[name] + after, "html.parser", monkeypatch) == [ELEMENTS[name]]


def test_each_embed_has_its_own(monkeypatch):
    other = QUOTE.replace("8597", "8598")
    assert sources(f"<p>One</p>{QUOTE}\n<p>Two</p>{other}", "html.parser", monkeypatch) == [QUOTE, other]


def test_one_written_twice_is_the_outer(monkeypatch):
    outer = f'<div data-tweet-id="859700000000000000">{QUOTE}</div>'
    assert sources(f"<p>One</p>{outer}<p>Two</p>", "html.parser", monkeypatch) == [outer]


def test_what_nothing_ends_or_a_script_holds_has_none(monkeypatch):
    assert sources(QUOTE.removesuffix("</blockquote>"), "html.parser", monkeypatch) == [None]
    script = "<script>twttr.widgets.createTweet('859700000000000000', box)</script>"
    assert sources(script, "html.parser", monkeypatch) == [None]


def test_lxml_does_not_tell(monkeypatch):
    pytest.importorskip("lxml")
    assert sources(QUOTE, "lxml", monkeypatch) == [None]
