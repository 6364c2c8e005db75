"""What stands around an article is not the article: navigation, rails, comments, other articles."""

from __future__ import annotations

import pytest

from tweetlinks import extract
from tweetlinks.read import html

PARSERS = ("html.parser", "lxml")
TWEET = '<blockquote class="twitter-tweet"><a href="https://twitter.com/noraquill/status/1123882318033846272"></a></blockquote>'
OTHER = TWEET.replace("1123882318033846272", "1044617522181046272")
PROSE = "".join(
    f"<p>The council of Port Sorrow met on day {n} in the old customs house and left again without a word.</p>"
    for n in range(9)
)

ASIDES = {
    "nav": "<nav>{}</nav>",
    "aside": "<aside>{}</aside>",
    "footer of the page": "<footer>{}</footer>",
    "role of navigation": '<div role="navigation">{}</div>',
    "role in capitals": '<div role="Complementary">{}</div>',
    "role of the footer": '<section role="contentinfo">{}</section>',
    "a sidebar": '<div class="sidebar">{}</div>',
    "a sidebar by its id": '<div id="sidebar-2">{}</div>',
    "a sidebar in two words": '<div class="side-bar">{}</div>',
    "a sidebar in German capitals": '<div class="Sidebar">{}</div>',
    "a sidebar behind a prefix": '<div class="page-sidebar">{}</div>',
    "a rail": '<div class="right-rail">{}</div>',
    "a column": '<div id="rightcol">{}</div>',
    "comments": '<section id="comments"><ol class="comment-list"><li>{}</ol></section>',
    "a comment": '<ol><li class="comment">{}</ol>',
    "the place for comments": '<div id="respond">{}</div>',
    "related": '<div class="related-posts"><div>{}</div></div>',
    "most read": '<ul class="most-read"><li>{}</ul>',
    "more stories": '<section class="more-stories">{}</section>',
    "a menu": '<div class="menu">{}</div>',
    "a footer by its class": '<div class="footer__links">{}</div>',
    "a newsletter": '<div class="newsletter">{}</div>',
    "a feed": '<div class="twitter-feed">{}</div>',
    "the author": '<div class="author-bio">{}</div>',
    "a widget": '<div class="widget_text">{}</div>',
    "a widget of the sidebar": '<li class="widget">{}</li>',
    "deep inside": '<div class="sidebar"><div><section><div>{}</div></section></div></div>',
}

ARTICLES = {
    "nothing": "{}",
    "a division": "<div>{}</div>",
    "a class of the article": '<div class="entry-content">{}</div>',
    "a class of the article and one of a sidebar": '<div class="article-body sidebar-left">{}</div>',
    "without a sidebar": '<div class="no-sidebar">{}</div>',
    "with a sidebar": '<div class="has-sidebar">{}</div>',
    "a word that only begins alike": '<div class="commentary menuhin navigator promote">{}</div>',
    "an element that is never one": '<article class="sidebar">{}</article>',
    "an aside between paragraphs": "<aside>{}</aside>",
    "a figure": '<figure class="wp-block-embed">{}</figure>',
}


def cited(page, parser, monkeypatch):
    if parser == "lxml":
        pytest.importorskip("lxml")
    monkeypatch.setattr(html, "_parser", lambda: parser)
    return [citation.in_article for citation in extract(page, format="html").citations]


@pytest.mark.parametrize("parser", PARSERS)
@pytest.mark.parametrize("name", ASIDES)
def test_a_tweet_around_the_article_is_not_in_it(name, parser, monkeypatch):
    before = f"<html><body>{ASIDES[name].format(TWEET)}<main><h1>The pier</h1>{PROSE}</main></body></html>"
    behind = f"<html><body><main><h1>The pier</h1>{PROSE}</main>{ASIDES[name].format(TWEET)}</body></html>"
    assert cited(before, parser, monkeypatch) == [False]
    assert cited(behind, parser, monkeypatch) == [False]


@pytest.mark.parametrize("parser", PARSERS)
@pytest.mark.parametrize("name", ARTICLES)
def test_a_tweet_in_the_article_is_in_it(name, parser, monkeypatch):
    part = ARTICLES[name].format(TWEET)
    page = f"<html><body><main><article><h1>The pier</h1>{PROSE}{part}{PROSE}</article></main></body></html>"
    assert cited(page, parser, monkeypatch) == [True]


@pytest.mark.parametrize("parser", PARSERS)
@pytest.mark.parametrize("name", ["sidebar", "comments", "widget", "related", "menu"])
def test_what_holds_the_heading_is_no_aside(name, parser, monkeypatch):
    page = f'<body><div class="{name}"><h1>The pier</h1><p>Short.</p>{TWEET}</div>{PROSE}</body>'
    assert cited(page, parser, monkeypatch) == [True]


@pytest.mark.parametrize("parser", PARSERS)
def test_what_holds_most_of_the_page_is_no_aside(parser, monkeypatch):
    page = f'<body><p>Home</p><div class="page sidebar">{PROSE}{TWEET}</div><p>Contact</p></body>'
    assert cited(page, parser, monkeypatch) == [True]


@pytest.mark.parametrize("parser", PARSERS)
def test_an_aside_inside_what_is_no_aside_is_one(parser, monkeypatch):
    page = f'<body class="sidebar"><div>{PROSE}</div><div class="sidebar">{TWEET}</div></body>'
    assert cited(page, parser, monkeypatch) == [False]


@pytest.mark.parametrize("parser", PARSERS)
def test_the_footer_of_an_article_is_of_the_article(parser, monkeypatch):
    page = f"<body><article><h1>The pier</h1>{PROSE}<footer>{TWEET}</footer></article><footer>{OTHER}</footer></body>"
    assert cited(page, parser, monkeypatch) == [True, False]


@pytest.mark.parametrize("parser", PARSERS)
def test_words_and_links_of_an_aside_are_not_in_the_article(parser, monkeypatch):
    page = f"""<body><main><h1>The pier</h1>{PROSE}</main><div class="sidebar">
        <p>Fog again. pic.twitter.com/Aa1Bb2Cc3D — Nora (@noraquill) May 2, 2019</p>
        <p>See <a href="https://x.com/noraquill/status/1123882318033846272">this</a></p></div></body>"""
    assert cited(page, parser, monkeypatch) == [False, False]


@pytest.mark.parametrize("parser", PARSERS)
def test_a_page_of_tables_has_an_article_too(parser, monkeypatch):
    row = "<tr><td>The council of Port Sorrow met in the old customs house and left again without a word.</td></tr>"
    page = f'<body><table><tr><td class="menu">Home</td></tr>{row * 9}<tr><td>{TWEET}</td></tr></table></body>'
    assert cited(page, parser, monkeypatch) == [True]
