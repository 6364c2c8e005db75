"""What people look at: the report in a real browser, and what notebooks show."""

from __future__ import annotations

import os
import re
import shutil
from html.parser import HTMLParser
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tweetlinks import Resolution, TweetRef, extract, resolve_links
from tweetlinks.flags import OUTCOMES
from tweetlinks.write import View, fates, writer
from tweetlinks.write.fates import FATES, fate
from tweetlinks.write.markup import tag, web

CHROMIUM = shutil.which("chromium") or shutil.which("chromium-browser")
SCREENSHOTS = os.environ.get("TWEETLINKS_SCREENSHOTS")
"""A folder in which the pictures are kept, to be looked at."""
HOSTILE = (
    "Rain\n\n</p><script>alert(1)</script><img src=x onerror=alert(2)> \x00\x1b[31m \u202egnp.exe "
    "javascript:alert(3) https://t.co/aaaaaaaaaa?\"'><svg/onload=alert(4)>\n"
    '— </title><u>Ann" onerror="alert(5) (@ann_b) 3 mai 2017\n\n<!-- --> ]]> &amp; {{7*7}}\n'
)
ARABIC = (
    "# المطر\n\nقالت آن بي إن المطر بدأ:\n\n"
    "هطل المطر على الرصيف pic.twitter.com/bbbbbbbbbb\n— آن (@ann_b) 3 مايو، 2017\n"
)
PIER = """The pier is shut

The council shut the pier on Monday, after a night of rain that nobody had foreseen.

Ann Bee, who keeps the ice-cream stall, saw it first:

The pier is under water. All of it. Here is the notice https://t.co/aaaaaaaaafpic.twitter.com/cccccccccc
— Ann Bee (@ann_b) May 3, 2017

The council answered within the hour and named the day when it expects to open the pier again.

We are sorry. What we know so far: https://t.co/aaaaaaaaah
— The Pier (@the_pier) May 3, 2017

On Tuesday the page to which the council had pointed was not there any more. “It was moved,” said a speaker.
"""
"""The article of the picture in the README (docs/report.png: of `TWEETLINKS_SCREENSHOTS=docs`, pier-light.png)."""
LED = {
    "https://t.co/aaaaaaaaaf": ("expanded", "ok", "https://council.example/notices/pier"),
    "https://pic.twitter.com/cccccccccc": (
        "expanded", "terminal-social", "https://twitter.com/ann_b/status/859700000000000000/photo/1",
    ),
    "https://t.co/aaaaaaaaah": ("expanded", "not-found", "https://council.example/news/2017/05/03"),
}  # fmt: skip
ENDS = [
    ("expanded", "ok"), ("expanded", "unchecked"), ("expanded", "not-found"), ("expanded", "forbidden"),
    ("dead", "unchecked"), ("from-archive", "unchecked"), ("timeout", "unchecked"), ("offline", "unchecked"),
    ("blocked-by-host", "unchecked"),
]  # fmt: skip


def ends(urls):
    """Say what became of links, each end in its turn."""
    out = {}
    for url in urls:
        expansion, target = ENDS[sum(url.encode()) % len(ENDS)]
        there = (
            f"https://site{sum(url.encode()) % 4}.example/story" if expansion in {"expanded", "from-archive"} else None
        )
        out[url] = Resolution(url, expansion, target, there, "http", error=None if there else "it said <no>")
    return out


def led(urls):
    """Say where the links of the picture led."""
    found = {url: LED[url] for url in urls}
    tweets = {
        url: TweetRef("859700000000000000", "ann_b") if "status" in there else None
        for url, (*_, there) in found.items()
    }
    return {
        url: Resolution(url, word, target, there, "http", tweet=tweets[url])
        for url, (word, target, there) in found.items()
    }


def corpus():
    """Yield articles of several outlets, years, scripts and forms."""
    yield resolve_links(extract(HOSTILE, id="</title><script>.txt"), ends)
    yield resolve_links(extract(ARABIC, id="ar/a.md", format="markdown")._replace(language="ar"), ends)
    for n in range(24):
        slug = f"{'abcdefghijklmnopqrstuvwxyz'[n]}aaaaaaaaa"
        words = f"It rained in {n}.\n\nShe wrote:\n\nRain {n}! https://t.co/{slug} pic.twitter.com/{slug}\n"
        text = f"{words}— Ann Bee (@user{n % 7}) May 3, {2012 + n % 9}\n\nThe pier was shut.\n"
        yield resolve_links(extract(text, id=f"paper{n % 3}/{n}.txt"), ends)
    page = "<html lang=en><title>Pier</title><p>So:<div data-tweet-url='https://x.com/ann_b/status/859700000000000000'>"
    yield resolve_links(extract(page, id="page.html", url="https://www.paper.example/pier"), ends)


def written(*documents):
    return "".join(writer("html").write(documents, View(with_text=True)))


@pytest.fixture(scope="module")
def browser():
    if not CHROMIUM:
        pytest.skip("no chromium")
    playwright = pytest.importorskip("playwright.sync_api")
    with playwright.sync_playwright() as door:
        shown = door.chromium.launch(executable_path=CHROMIUM, args=["--no-sandbox"])
        yield shown
        shown.close()


MODES = {
    "light": {"color_scheme": "light"},
    "dark": {"color_scheme": "dark"},
    "phone": {"viewport": {"width": 360, "height": 740}},
}
PAGES = {
    "seed": lambda: written(
        resolve_links(
            extract(Path(__file__).parents[1].joinpath("seeds", "000_15df5f8cc0ffe991.txt").read_bytes()), ends
        )
    ),
    "pier": lambda: written(resolve_links(extract(PIER, id="pier.txt"), led)),
    "corpus": lambda: written(*corpus()),
    "hostile": lambda: written(extract(HOSTILE)),
    "arabic": lambda: written(list(corpus())[1]),
}


def opened(browser, path, mode):
    """Open a page; return it, what its console said, and what it asked for."""
    said, asked = [], []
    page = browser.new_context(**MODES[mode]).new_page()
    page.on("console", lambda message: said.append(message.text))
    page.on("pageerror", lambda error: said.append(str(error)))
    page.on("dialog", lambda dialog: (said.append(dialog.message), dialog.dismiss()))
    page.on("request", lambda request: asked.append(request.url))
    page.goto(path.as_uri())
    return page, said, asked


@pytest.mark.parametrize("mode", MODES)
@pytest.mark.parametrize("name", PAGES)
def test_a_browser_shows_it_without_a_complaint_a_request_or_a_barrier(browser, tmp_path, name, mode):
    axe = pytest.importorskip("axe_playwright_python.sync_playwright")
    path = tmp_path / "report.html"
    path.write_text(PAGES[name](), encoding="utf-8")
    page, said, asked = opened(browser, path, mode)
    if SCREENSHOTS:
        page.screenshot(path=Path(SCREENSHOTS, f"{name}-{mode}.png"), full_page=True)
    assert page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth") <= 0
    barriers = axe.Axe().run(page).response["violations"]
    assert [(each["id"], each["nodes"][0]["html"]) for each in barriers] == []
    assert (said, asked) == ([], [path.as_uri()])
    page.context.close()


def test_a_choice_hides_the_other_rows_without_a_script(browser, tmp_path):
    path = tmp_path / "report.html"
    path.write_text(written(*corpus()), encoding="utf-8")
    page, _, _ = opened(browser, path, "light")
    rows = "[...document.querySelectorAll('.every tbody tr')]"
    shown = f"{rows}.filter(row => row.checkVisibility()).map(row => row.className)"
    whole = page.evaluate(shown)
    page.get_by_label("fate").select_option("gone")
    gone = page.evaluate(shown)
    assert 0 < len(gone) < len(whole)
    assert all("has-gone" in words.split() for words in gone)
    assert len(gone) == sum("has-gone" in words.split() for words in whole)


def test_paper_shows_what_the_screen_hides_behind_a_fold(browser, tmp_path):
    path = tmp_path / "report.html"
    path.write_text(PAGES["seed"](), encoding="utf-8")
    page, _, _ = opened(browser, path, "light")
    terms = "document.querySelector('.card dl').checkVisibility()"
    assert not page.evaluate(terms)
    page.emulate_media(media="print")
    assert page.evaluate(terms)


def test_the_policy_holds_against_what_somebody_adds(browser, tmp_path):
    path = tmp_path / "report.html"
    added = "<script>document.title='ran'</script><img src='file:///x.png'><style>p{display:none}</style></main>"
    path.write_text(PAGES["seed"]().replace("</main>", added), encoding="utf-8")
    page, said, _ = opened(browser, path, "light")
    assert page.title() != "ran"
    assert page.locator("p.words").first.is_visible()
    assert len(said) == 3, said


# ---------------------------------------------------------------- without a browser


class Tags(HTMLParser):
    """What a page is made of."""

    def __init__(self):
        super().__init__()
        self.found, self.ids, self.hrefs, self.text = set(), [], [], ""

    def handle_starttag(self, name, attributes):
        self.found.add(name)
        self.found |= {f"@{key}" for key, _ in attributes}
        self.ids += [value for key, value in attributes if key == "id"]
        self.hrefs += [value for key, value in attributes if key in {"href", "src", "cite"} and value]

    def handle_data(self, text):
        self.text += text


def read(html):
    tags = Tags()
    tags.feed(html)
    return tags


def test_nothing_hostile_becomes_markup():
    tags = read(written(*corpus()))
    assert not tags.found & {
        "script",
        "img",
        "iframe",
        "object",
        "form",
        "b_",
        "@style",
        "@onload",
        "@onerror",
        "@onmouseover",
    }
    assert len(tags.ids) == len(set(tags.ids))
    assert {url.split(":")[0] for url in tags.hrefs if not url.startswith("#")} == {"https", "data"}
    assert {url[1:] for url in tags.hrefs if url.startswith("#")} <= set(tags.ids)
    assert "\x00" not in tags.text
    assert "\x1b" not in tags.text
    assert "\u202e" not in tags.text


@settings(max_examples=60, deadline=None)
@given(st.text(max_size=200), st.text(max_size=40), st.text(max_size=30))
def test_any_text_can_be_shown(words, name, url):
    text = f"{words}\n\nRain https://t.co/aaaaaaaaaa\n— {name} (@ann_b) May 3, 2017\n"
    document = extract(text, id=name or "x", url=url)
    html = written(document, document)
    html.encode("utf-8")
    assert not read(html).found & {"script", "img", "@onload"}


def test_every_word_of_the_article_and_its_citations_stands_in_the_report():
    document = next(each for each in corpus() if each.id == "paper0/0.txt")
    text = read(written(document)).text
    for paragraph in document.paragraphs:
        for word in document.text[slice(*paragraph.span)].split():
            assert word in text
    assert "Ann Bee" in text
    assert "@user0" in text
    assert "¶ 2" in text


def test_a_long_article_is_shown_around_its_citations_and_a_long_line_at_its_ends():
    rain = "Rain! https://t.co/aaaaaaaaaa\n— Ann (@ann_b) May 3, 2017"
    lines = "\n\n".join(["It rained again."] * 600 + [rain] + ["The pier was shut."] * 600)
    html = written(extract(lines))
    assert "… 59" in html
    assert html.count("It rained again.") + html.count("The pier was shut.") < 20
    assert "[…]" in written(extract("word " * 5_000 + "\n\n" + rain))


def test_a_record_without_its_text_shows_its_citations():
    from tweetlinks import Document

    document = next(corpus())
    bare = Document.from_dict(document.to_dict())
    assert "@ann_b" in written(bare)


def test_every_outcome_has_a_fate_of_its_own_and_every_fate_a_symbol_and_a_colour(root):
    assert {*fates._EXPANSIONS, *fates._ARRIVED} | set(fates._TARGETS) == set(OUTCOMES)
    seen = {fate(Resolution("u", one, other, None, None)).name for one in OUTCOMES for other in OUTCOMES}
    assert seen | {fate(None).name} == set(FATES)
    assert len({each.symbol for each in FATES.values()}) == len(FATES)
    style = (root / "tweetlinks" / "data" / "report.css").read_text(encoding="utf-8")
    assert set(re.findall(r"\.is-(\w+) ", style)) == {*FATES, "accent"}


def test_a_notebook_shows_documents_citations_links_and_resolutions():
    document = next(corpus())._replace(text_sha256=None)
    link = next(link for link in document.links if link.resolution)
    for value in (document, document.citations[0], link, link.resolution):
        tags = read(value._repr_html_())
        assert "style" in tags.found
        assert not tags.found & {"script", "img", "link", "@style"}
    assert "@ann_b" in document.citations[0]._repr_html_()


def test_the_tweet_of_a_resolution_is_followed_by_its_own_address():
    there = "https://twitter.com/ann_b/status/859700000000000000"
    found = Resolution(
        "https://t.co/aaaaaaaaaa",
        "expanded",
        "terminal-social",
        there,
        "http",
        tweet=TweetRef("859700000000000000", "ann_b"),
    )
    assert f'href="{there}"' in found._repr_html_()
    assert "leads" in found._repr_html_()


def test_only_web_addresses_can_be_followed_and_text_is_no_markup():
    assert web("HTTPS://a.example") == "HTTPS://a.example"
    assert [
        web(url) for url in ("javascript:alert(1)", "data:text/html,x", "//a.example", "", None, " https://a.example")
    ] == [None] * 6
    assert tag("p", "<i>", title='"') == '<p title="&quot;">&lt;i&gt;</p>'


def test_what_is_counted_is_in_the_article_itself_and_what_is_shown_cites_something():
    aside = (
        "<p>The pier.</p><nav><blockquote class='twitter-tweet'><p>Fog</p>&mdash; Ann (@ann_b) "
        "<a href='https://twitter.com/ann_b/status/859700000000000000'>May 3, 2017</a></blockquote></nav>"
    )
    shown = extract("Rain! https://t.co/aaaaaaaaaa\n— Ann (@ann_b) May 3, 2017", id="shown.txt")
    html = written(extract(aside, id="aside.html"), *[shown] * 52, extract("No tweet.", id="none.txt"))
    figures = dict(re.findall(r"<dt>([^<]+)</dt><dd>([^<]+)</dd></div>", html))
    assert figures == {
        "articles": "54", "of them cite tweets": "52", "citations": "52", "authors": "1", "links": "52",
    }  # fmt: skip
    assert "2 more articles cite tweets" in html
    assert html.count("<details open>") == 50
    assert "aside.html" not in html


def test_a_chart_counts_what_was_cited():
    html = written(*corpus())
    (table,) = re.findall(r"<caption>Most cited authors</caption>.*?</table>", html)
    rows = dict(re.findall(r'<bdi>([^<]+)</bdi></th>.*?class="number">(\d+)</td>', table))
    assert rows == {"@ann_b": "3", **{f"@user{n}": "4" if n < 3 else "3" for n in range(7)}}


def test_a_day_far_off_does_not_make_the_chart_grow():
    far = [extract(f"Rain! pic.twitter.com/aaaaaaaaaa\n— Ann (@a) May 3, {year}") for year in (2016, 2017)]
    citation = far[1].citations[0]._replace(date="9999-12-31", created_at=None)
    html = written(far[0], far[1]._replace(citations=(citation,)))
    assert len(html) < 30_000
    citation = citation._replace(date="yesterday")
    assert "Tweets in 2 articles" in written(far[0], far[1]._replace(citations=(citation,)))


@pytest.mark.parametrize(
    ("said", "told", "direction"),
    [
        ("ar", "ar", "rtl"), ("en_US", "en-us", "ltr"), ("fr,en", "fr", "ltr"), ("qq-zz", "", "ltr"), (None, "", "ltr"),
        ("no language !!", "no", "ltr"), ("!!", "", "ltr"), ("", "", "ltr"), ("he-IL", "he-il", "rtl"),
        ("sr-Latn-RS", "sr-latn-rs", "ltr"), ("french", "", "ltr"),
    ],
)  # fmt: skip
def test_a_browser_is_told_a_language_that_it_knows_or_that_it_is_unknown(said, told, direction):
    html = written(extract("Rain! pic.twitter.com/aaaaaaaaaa\n— Ann (@a) May 3, 2017")._replace(language=said))
    assert f'<div class="article" dir="{direction}" lang="{told}"' in html


def test_the_words_of_tweets_do_not_tell_which_way_an_article_is_written():
    tweet = "Rain at the pier again and again https://t.co/aaaaaaaaaa\n— Ann Bee (@ann_b) May 3, 2017"
    assert 'dir="rtl"' in written(extract(f"هطل المطر على الرصيف\n\n{tweet}"))


def test_values_beside_each_other_in_a_notebook_share_no_id():
    documents = list(corpus())[:3]
    tags = read("".join(value._repr_html_() for value in [*documents, documents[0].citations[0]]))
    assert (tags.ids, [url for url in tags.hrefs if url and url.startswith("#")]) == ([], [])


def test_a_link_that_a_record_lacks_is_left_out():
    document = extract("Rain! pic.twitter.com/aaaaaaaaaa\n— Ann (@ann_b) May 3, 2017")
    damaged = document._replace(citations=(document.citations[0]._replace(links=(0, 99)),))
    assert "@ann_b" in written(damaged, damaged)


def test_nothing_is_wider_than_the_paper(browser, tmp_path):
    def far(urls):
        return {url: Resolution(url, "expanded", "ok", f"https://{'w' * 60}.example/", "http") for url in urls}

    documents = [resolve_links(extract(PIER, id=name), far) for name in ("a.txt", "b.txt")]
    path = tmp_path / "report.html"
    path.write_text(written(*documents), encoding="utf-8")
    page, _, _ = opened(browser, path, "light")
    page.set_viewport_size({"width": 700, "height": 900})
    page.emulate_media(media="print")
    assert page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth") <= 0


def test_the_command_writes_one_file(run, tmp_path, seed):
    done = run("report", "--offline", str(seed), str(seed), "-o", str(tmp_path / "r.html"))
    assert done.returncode == 0, done.stderr
    html = (tmp_path / "r.html").read_text(encoding="utf-8")
    assert html.startswith('<!doctype html>\n<html lang="en">')
    assert "Tweets in 2 articles" in html
    assert list(tmp_path.glob("r*")) == [tmp_path / "r.html"]
