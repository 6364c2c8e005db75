"""Freezing: quotations that need no script, every other byte as it was, and the way back."""

from __future__ import annotations

import gzip
import json
import os
import re
import time
import tomllib
from datetime import UTC, datetime
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tweetlinks import Finding, Resolution, annotate, extract, freeze
from tweetlinks.lookups.syndication import token
from tweetlinks.write.figure import WRITERS, Quotation

CASES = tomllib.loads((Path(__file__).parent / "cases" / "freeze.toml").read_text(encoding="utf-8"))["case"]
ID = "780925634837913600"
URL = f"https://twitter.com/ann_b/status/{ID}"
FIGURE = (
    '<figure class="tweet" itemscope itemtype="https://schema.org/SocialMediaPosting"><figcaption>Tweet: '
    '<span itemprop="author" itemscope itemtype="https://schema.org/Person">'
    '<a itemprop="url" href="https://twitter.com/ann_b">@ann_b</a></span>, '
    f'<a itemprop="url" href="{URL}"><time itemprop="datePublished" datetime="2016-09-28T00:22:34.899Z">2016-09-28'
    "</time></a></figcaption></figure>"
)
FRAME = f'<iframe src="https://platform.twitter.com/embed/Tweet.html?id={ID}"></iframe>'
THERE = "https://pier.example/fog?a=1&b=2"


def filled(words):
    known = {"$URL": URL, "$ID": ID, "$FIGURE": FIGURE, "$LONG": "The pier was shut. " * 60}
    for name, value in known.items():
        words = words.replace(name, value)
    return words


def page(words, name="Ann Bee", date="September 28, 2016", url=URL):
    signed = f'&mdash; {name} (@ann_b) <a href="{url}">{date}</a>'
    return f'<p>It rained.</p><blockquote class="twitter-tweet"><p>{words}</p>{signed}</blockquote><p>So.'


def expanded(urls):
    return {url: Resolution(url, "expanded", "ok", THERE, "http") for url in urls}


@pytest.mark.parametrize("case", CASES, ids=lambda case: case["name"])
def test_a_source_becomes(case):
    source = filled(case["source"])
    done = freeze(source, format=case["format"])
    assert done.source == filled(case.get("frozen", case["source"]))
    assert [left.reason for left in done.left] == case.get("left", [])
    assert done.restore() == source
    assert freeze(done.source, format=case["format"]).source == done.source
    assert freeze(source.encode(), format=case["format"]).source == done.source.encode()


@pytest.mark.parametrize("case", [case for case in CASES if "frozen" in case], ids=lambda case: case["name"])
def test_what_was_frozen_is_found_again_as_the_same_tweet(case):
    def tweets(words):
        found = extract(filled(words), format=case["format"]).citations
        return [(c.tweet_id, c.screen_name) for c in found]

    assert tweets(case["frozen"]) == tweets(case["source"])


def test_a_figure_is_found_again_with_its_words_its_author_and_its_date():
    (before,) = extract(page("Fog &amp; rain<br>here<br><br>there"), format="html").citations
    (again,) = extract(freeze(page("Fog &amp; rain<br>here<br><br>there")).source, format="html").citations
    assert again.form == "frozen"
    assert (again.text, again.author_name, again.date) == (before.text, "Ann Bee", "2016-09-28")


def test_a_short_link_becomes_the_one_that_it_led_to():
    words = 'Fog <a href="https://t.co/abcdefghij">pier.example/fo…</a> <a href="https://t.co/abcdefghik">here</a>'
    done = freeze(page(words), resolver=expanded)
    shown = THERE.replace("&", "&amp;")
    assert f'Fog <a href="{shown}">{shown}</a> <a href="{shown}">here</a>' in done.source
    text = "Fog! https://t.co/abcdefghij\n— Ann (@ann_b) September 28, 2016"
    assert freeze(text, resolver=annotate(text, resolver=expanded)).source.startswith(f"> Fog! {THERE}\n")


@pytest.mark.parametrize("there", ["javascript:alert(1)", "https://a.example/\n<b>", None])
def test_a_short_link_stays_that_led_nowhere_on_the_web(there):
    def odd(urls):
        return {url: Resolution(url, "expanded", "ok", there, "http") for url in urls}

    assert ">https://t.co/abcdefghij</a>" in freeze(page("Fog https://t.co/abcdefghij"), resolver=odd).source


def test_what_is_dead_or_unknown_stays_a_short_link():
    def dead(urls):
        return {url: Resolution(url, "dead", "unchecked", None, None) for url in urls}

    assert ">https://t.co/abcdefghij</a>" in freeze(page("Fog https://t.co/abcdefghij"), resolver=dead).source


def found(**facts):
    return lambda *_: [Finding("syndication", URL, "tweet-found", **facts)]


def test_a_look_up_gives_the_words_that_a_frame_does_not_show_and_is_named():
    words = {"text": "Fog https://t.co/abcdefghij", "screen_name": "ann_b", "author_name": "Ann", "cut": True}
    done = freeze(FRAME, look_up=found(**words, links=(("https://t.co/abcdefghij", THERE),)))
    assert 'data-source="syndication"' in done.source
    (again,) = extract(done.source).citations
    assert (again.text, again.screen_name, again.tweet_id) == (f"Fog {THERE}…", "ann_b", ID)


def test_what_a_look_up_says_is_no_more_trusted_than_the_article():
    evil = '"><script>alert(1)</script>'
    links = (("https://t.co/abcdefghij", f"javascript:{evil}"),)
    words = {"text": f"Fog {evil} https://t.co/abcdefghij", "screen_name": evil, "author_name": evil}
    done = freeze(FRAME, look_up=found(**words, created_at=evil, links=links))
    assert "<script" not in done.source
    assert "javascript:&quot;" not in done.source
    assert 'href="https://t.co/abcdefghij"' in done.source


def test_words_of_the_source_are_not_replaced_by_those_of_a_look_up():
    done = freeze(page("Fog at the pier"), look_up=found(text="Rain", screen_name="bob"))
    assert "Fog at the pier" in done.source
    assert "data-source" not in done.source


@pytest.mark.parametrize("format", ["html", "markdown"])
def test_a_deleted_tweet_becomes_a_notice_where_that_is_wanted(format):
    def gone(*_):
        return [Finding("syndication", URL, "tweet-deleted")]

    source = page("Fog at the pier") + "\n"
    assert "Fog at the pier" in freeze(source, format=format, look_up=gone).source
    done = freeze(source, format=format, look_up=gone, respect_deletions=True)
    assert "Fog" not in done.source
    assert "(deleted)" in done.source
    assert URL in done.source
    again = freeze(done.source, format=format, look_up=gone, respect_deletions=True)
    assert again.source == done.source


def test_plain_text_and_markdown_can_have_figures():
    text = "It rained.\nFog! pic.twitter.com/abcdefghij — Ann (@ann_b) September 28, 2016\nSo.\n"
    for form in ("text", "markdown"):
        done = freeze(text, format=form, to="html")
        assert re.fullmatch(r"It rained\.\n\n<figure [^\n]+</figure>\n\nSo\.\n", done.source)
        assert freeze(done.source, format=form, to="html").source == done.source
    with pytest.raises(ValueError, match="one of auto, markdown, html"):
        freeze(text, to="pdf")


def test_a_source_without_an_embed_is_handed_back():
    for source in ("It rained.", b"<p>It rained.</p>", f"It rained ({URL})."):
        assert freeze(source).source is source


def test_what_is_written_into_xhtml_is_well_formed():
    from xml.etree import ElementTree as ET

    source = page("Fog<br/>here &amp; there").replace("&mdash;", "—").replace("<p>So.", "<p>So.</p>")
    book = f'<?xml version="1.0"?><html xmlns="http://www.w3.org/1999/xhtml"><body>{source}</body></html>'
    done = freeze(book, format="html")
    assert len(ET.fromstring(done.source).findall(".//{*}figure//{*}br")) == 1  # noqa: S314  our own
    assert freeze(done.source, format="html").source == done.source


@pytest.mark.parametrize(
    "junk", ["<script>", '<a "', "<!--", "<p>", "<", "&#", f"<p>{URL}</p>", f"{URL}\n\n", "> — ", "[a]("]
)
@pytest.mark.parametrize("format", ["html", "markdown"])
def test_freezing_takes_no_longer_than_it_must(junk, format):
    source = f'<div data-embed-type="twitter" data-url="{URL}">{junk * (50_000 // len(junk) + 1)}</div>'
    started = time.perf_counter()
    extract(source, format=format, placed=True)
    read = time.perf_counter() - started
    freeze(source, format=format)
    assert time.perf_counter() - started < 3 * read + 2


@pytest.mark.parametrize(
    ("one", "format"),
    [
        (page("Fóg").replace("<p>So.", ""), "html"),
        (f"{{{{< tweet {ID} >}}}}é\n\n", "markdown"),
        (f'<div data-tweet-url="{URL}"></div> é ', "markdown"),
        ("Fóg! pic.twitter.com/abcdefghij— Ann (@ann_b) 3 mai 2017\n\n", "mediawiki"),
    ],
)
def test_many_tweets_take_no_longer_than_it_takes_to_read_them(one, format):
    source = "".join(one.replace(ID, str(int(ID) + n)) for n in range(1_500)).encode()
    started = time.perf_counter()
    extract(source, format=format, placed=True)
    read = time.perf_counter() - started
    freeze(source, format=format)
    assert time.perf_counter() - started < 6 * read + 2


def test_what_a_later_look_at_a_page_finds_is_one_change_with_the_rest():
    hidden = f"<p>{URL}</p>\n" + FRAME.replace(ID, str(int(ID) + 1))
    done = freeze(hidden, format="html")
    assert [edit.old for edit in done.edits] == [f"<p>{URL}</p>", FRAME.replace(ID, str(int(ID) + 1))]
    assert all(done.source[slice(*edit.span)].startswith("<figure") for edit in done.edits)
    assert [edit.citation for edit in done.edits] == ["c1", "c2"]
    assert (done.restore(), freeze(hidden.encode(), format="html").restore()) == (hidden, hidden.encode())


def test_what_would_change_without_end_is_left():
    from tweetlinks.write.freeze import Frozen, FrozenEdit
    from tweetlinks.write.settling import settled

    document = extract(FRAME, format="html")

    def longer(source):
        return Frozen(source + "!", (FrozenEdit((len(source) - 1, len(source) + 1), source[-1:], "c1"),), (), document)

    done = settled(FRAME, longer)
    assert (done.source, done.edits) == (FRAME, ())
    assert [(left.citation, left.reason) for left in done.left] == [("c1", "it would change again")]


PARTS = st.lists(
    st.sampled_from([
        "mark{n}x ", f"<p>{URL}</p>", FRAME, f"<p>[tweet {URL}]</p>", f'<div data-tweet-url="{URL}">', "</div>", "<p>",
        "</p>", '<blockquote class="twitter-tweet">', "</blockquote>", f'<a href="{URL}">', "</a>", "\n\n", "\n", "> ",
        "- ", "**", "    ", f"{{{{< tweet {ID} >}}}}", "Fog! pic.twitter.com/abcdefghij— Ann (@ann_b) 3 mai 2017", URL,
        "[", "](https://pier.example)", "<figcaption>", "</figcaption>", "</figure>\n<!-- /wp:embed -->", "`", "# ",
        "| ", f'<!-- wp:embed {{"url":"{URL}"}} -->\n<figure class="wp-block-embed is-provider-twitter">',
        '<script src="https://platform.twitter.com/widgets.js"></script>',
    ]),
    max_size=14,
)  # fmt: skip


@pytest.mark.parametrize("format", ["html", "markdown", "text", "mediawiki", "bbcode"])
@given(parts=PARTS)
def test_no_word_that_is_none_of_a_tweets_is_lost(format, parts):
    source = "".join(part.replace("{n}", str(n)) for n, part in enumerate(parts))
    done = freeze(source, format=format)
    assert done.restore() == source
    assert not [mark for mark in re.findall(r"mark\d+x", source) if mark not in done.source]
    assert freeze(done.source, format=format).source == done.source


# ---------------------------------------------------------------- laws

HOSTILE = st.text(
    st.one_of(st.sampled_from("<>&\"'[]{}()*_`#|\\~!@:/.-+=% \n\r\t\0\x1b\u202e\u2028—"), st.characters(codec="utf-8")),
    max_size=60,
)


@pytest.mark.parametrize("format", WRITERS)
@given(words=HOSTILE, name=HOSTILE, date=HOSTILE, source=HOSTILE)
def test_nothing_in_a_tweet_is_markup(format, words, name, date, source):
    q = Quotation(
        ((words, None), (words, "javascript:alert(1)"), (words, "data:,")),
        name,
        "ann_b",
        date,
        date,
        URL,
        told_by=source,
    )
    written = WRITERS[format](q, "\n")
    assert not re.search(r"[\0\x1b]", written)
    if format == "html":
        from bs4 import BeautifulSoup

        tags = [tag.name for tag in BeautifulSoup(written, "html.parser").find_all()]
        assert set(tags) <= {"figure", "blockquote", "p", "br", "figcaption", "span", "a", "time"}
        assert tags.count("a") == 2
        assert not re.search(r"[\[\]{}\n]", written)
    elif format == "markdown":
        assert all(line.startswith(">") for line in written.split("\n"))
        assert not re.search(r"<|\{|(?<!\\)`|(?<!\\)\[(?!.*\]\(https://twitter\.com/)", written)
    elif format == "mediawiki":
        inner = written.replace("<blockquote>", "").replace("</blockquote>", "").replace("<br>", "")
        assert not re.search(r"[<{|]|''|\[(?!https://twitter)|~", inner)
    else:
        assert re.findall(r"\[[\w/*]+", written) == ["[quote", "[url", "[/url", "[/quote"]


TEXTS = st.text(st.characters(codec="utf-8", exclude_characters="\r\n\f\v\x1c\x1d\x1e\x85\u2028\u2029"), max_size=40)


@given(words=TEXTS, name=TEXTS, end=st.sampled_from(["\n", "\r\n"]))
def test_freezing_can_be_undone_and_done_again(words, name, end):
    from html import escape

    source = page(f"Fog {escape(words)}", escape(name) or "Ann").replace("<p>So.", f"<p>So.{end}{escape(words)}")
    flat = (
        f"It rained.{end}{end}Fog {words} pic.twitter.com/abcdefghij{end}— Ann (@ann_b) September 28, 2016{end}{end}So."
    )
    for text, form in ((source, "html"), (flat, "text"), (flat, "markdown"), (flat, "mediawiki"), (flat, "bbcode")):
        done = freeze(text, format=form)
        assert done.restore() == text
        assert freeze(done.source, format=form).source == done.source


ENCODINGS = (
    ("utf-8", b""), ("utf-8", b"\xef\xbb\xbf"), ("cp1252", b""), ("utf-16-le", b"\xff\xfe"), ("utf-16-be", b"\xfe\xff"),
    ("cp1251", b""), ("cp932", b""),
)  # fmt: skip


@pytest.mark.parametrize(("codec", "bom"), ENCODINGS)
def test_only_what_is_new_is_encoded_in_the_encoding_of_the_page(codec, bom):
    letters = {"cp1251": "дождь", "cp932": "港は霧です"}.get(codec, "Été")
    named = "" if bom else f'<meta charset="{codec}">'
    text = f"{named}<p>{letters}\r\n</p>{page(f'Fog {letters} &#127783;')}\r\n<p>{letters}"
    source = bom + text.encode(codec)
    done = freeze(source, format="html")
    (edit,) = done.edits
    start = source.index(edit.old)
    assert done.source[: edit.span[0]] == source[:start]
    assert done.source[edit.span[1] :] == source[start + len(edit.old) :]
    assert done.restore() == source
    new = done.source[slice(*edit.span)].decode(codec)
    assert new.startswith("<figure")
    assert ("&#127783;" in new) == (codec in {"cp1252", "cp1251", "cp932"})
    assert freeze(done.source, format="html").source == done.source


@pytest.mark.parametrize("junk", [b"\xff", b"\xe2\x82", b"\xc3(\xc3\xa9\xe9 \xe2\x82"])
def test_damaged_bytes_stay_as_they_are(junk):
    source = "<p>été été été</p>".encode() + junk + page("Fog été").encode() + junk + b"\xe2"
    done = freeze(source, format="html")
    assert len(done.edits) == 1
    assert done.restore() == source
    assert done.source.count(junk) == source.count(junk)
    assert freeze(done.source, format="html").source == done.source


@pytest.mark.parametrize(("codec", "junk"), [("utf-8", b"caf\xe1\xb5"), ("utf-8", b"\xc3"), ("utf-16-le", b"\0\xd8")])
def test_damaged_bytes_right_before_a_tweet_are_not_taken_with_it(codec, junk):
    bom = b"\xff\xfe" if codec == "utf-16-le" else b""
    source = bom + "<p>é</p>".encode(codec) + junk + FRAME.encode(codec) + "<p>é".encode(codec)
    done = freeze(source, format="html")
    assert [edit.old for edit in done.edits] == [FRAME.encode(codec)]


@pytest.mark.parametrize("encoding", ["utf-16", "utf-32", "utf-8-sig", "cp1252"])
def test_texts_keep_their_encoding_too(encoding):
    source = "Été\r\n\r\nFog été pic.twitter.com/abcdefghij\r\n— Ann (@ann_b) September 28, 2016\r\n".encode(encoding)
    done = freeze(source)
    assert done.source.decode(encoding).startswith("Été\r\n\r\n> Fog été pic.twitter.com/abcdefghij\r\n>\r\n> — Ann")
    assert done.restore() == source


CORPUS = Path(os.environ.get("TWEETLINKS_CORPUS", Path(__file__).parents[2] / "shared")) / "corpus" / "html" / "pages"
PAGES = sorted(CORPUS.glob("*.html.gz"))


@pytest.mark.skipif(not PAGES, reason="no corpus of pages")
@pytest.mark.parametrize("part", range(10))
def test_of_real_pages_every_other_byte_stays_and_every_tweet_is_found_again(part):
    for path in PAGES[part::10]:
        source = gzip.decompress(path.read_bytes())
        done = freeze(source, format="html")
        assert done.restore() == source, path.name
        again = freeze(done.source, format="html")
        assert again.source == done.source, path.name
        tweets = [
            sorted(
                (c.tweet_id or "", c.screen_name or "", "".join((c.text or "").split()))
                for c in each.citations
                if c.kind == "embed"
            )
            for each in (done.document, again.document)
        ]
        assert tweets[0] == tweets[1], path.name


# ---------------------------------------------------------------- the command


@pytest.fixture
def site(run, tmp_path):  # noqa: ARG001  it makes the folder in which commands run
    folder = tmp_path / "here" / "posts"
    (folder / "old").mkdir(parents=True)
    (folder / "a.md").write_bytes(f"It rained.\r\n\r\n{{{{< tweet {ID} >}}}}\r\n".encode())
    (folder / "old" / "b.html").write_bytes(page("Fog \x96 \xe9t\xe9 https://t.co/abcdefghij").encode("latin-1"))
    (folder / "c.txt").write_bytes(b"It rained.\n")
    return folder


def contents(folder):
    return {str(path.relative_to(folder)): path.read_bytes() for path in sorted(folder.rglob("*")) if path.is_file()}


def test_in_place_changes_what_shows_a_tweet_and_leaves_the_rest_untouched(run, site):
    before = contents(site)
    (site / "a.md").chmod(0o640)
    os.utime(site / "c.txt", (1_000_000_000, 1_000_000_000))
    done = run("freeze", "posts", "--in-place", "--backup", "--map", "back.jsonl")
    assert (done.returncode, done.stdout) == (0, "")
    assert "sources: 3, changed: 2, tweets frozen: 2, left: 0" in done.stderr
    after = contents(site)
    assert {name: after.pop(f"{name}.bak") for name in ("a.md", "old/b.html")} == {
        name: before[name] for name in ("a.md", "old/b.html")
    }
    assert after["a.md"].startswith(b"It rained.\r\n\r\n> Tweet: [2016-09-28](https://twitter.com/i/status/")
    assert b"<p>Fog \x96 \xe9t\xe9 <a" in after["old/b.html"]
    assert (after["c.txt"], (site / "c.txt").stat().st_mtime) == (before["c.txt"], 1_000_000_000)
    assert (site / "a.md").stat().st_mode & 0o777 == 0o640
    again = run("freeze", "posts", "--in-place", "--backup", "--map", "back.jsonl")
    assert "changed: 0," in again.stderr
    assert {name for name in contents(site) if ".bak" in name} == {"a.md.bak", "old/b.html.bak"}
    assert run("freeze", "--restore", "back.jsonl").returncode == 0
    assert {name: data for name, data in contents(site).items() if ".bak" not in name} == before


def test_a_second_copy_does_not_overwrite_the_first(run, site):
    (site / "a.md.bak").write_text("the first state", encoding="utf-8")
    run("freeze", "posts/a.md", "--in-place", "--backup")
    assert (site / "a.md.bak").read_text(encoding="utf-8") == "the first state"
    assert b"{{<" in (site / "a.md.bak2").read_bytes()


def test_the_map_says_what_was_replaced_and_what_was_left(run, site):
    (site / "d.html").write_text(
        '<p>Rain</p><div class="tweet static">Fog</div>' + FRAME + "<p>" + URL, encoding="utf-8"
    )
    run("freeze", "posts/d.html", "--in-place", "--map", "back.jsonl")
    (record,) = [json.loads(line) for line in (site.parent / "back.jsonl").read_text(encoding="utf-8").splitlines()]
    assert record["path"] == "posts/d.html"
    (edit,) = record["edits"]
    data = (site / "d.html").read_bytes()
    assert data[edit["start"] : edit["end"]].startswith(b"<figure")
    assert (edit["old"], edit["form"], edit["tweet_id"]) == (FRAME, "iframe", ID)


def test_a_file_that_was_changed_since_is_named_and_left_and_the_others_are_restored(run, site):
    before = contents(site)
    run("freeze", "posts", "--in-place", "--map", "back.jsonl")
    with (site / "a.md").open("ab") as file:
        file.write(b"More.\n")
    done = run("freeze", "--restore", "back.jsonl")
    assert done.returncode == 1
    assert "posts/a.md: is not what it was made (back.jsonl:1)" in done.stderr
    assert (site / "a.md").read_bytes().endswith(b"More.\n")
    assert contents(site)["old/b.html"] == before["old/b.html"]


@pytest.mark.parametrize("damage", ["{", "[]", '{"path": "posts/a.md"}', None])
def test_a_damaged_map_restores_nothing(run, site, damage):
    run("freeze", "posts/a.md", "--in-place", "--map", "back.jsonl")
    frozen, path = contents(site), site.parent / "back.jsonl"
    path.write_text(damage or path.read_text(encoding="utf-8").replace("{{<", "{{{{<"), encoding="utf-8")
    done = run("freeze", "--restore", "back.jsonl")
    assert (done.returncode, contents(site)) == (1, frozen)
    assert "back.jsonl" in done.stderr
    assert run("freeze", "--restore", "none.jsonl").returncode == 1


def test_bytes_that_are_no_text_come_back_too(run, site):
    source = page("Fog \x96").encode("latin-1") + "éééé".encode()
    (site / "d.html").write_bytes(source)
    run("freeze", "posts/d.html", "--in-place", "--map", "back.jsonl")
    assert "old_base64" in (site.parent / "back.jsonl").read_text(encoding="utf-8")
    run("freeze", "--restore", "back.jsonl")
    assert (site / "d.html").read_bytes() == source


def test_a_folder_gets_every_source_under_its_way(run, site):
    before = contents(site)
    assert run("freeze", "posts", "-o", "out/").returncode == 0
    out = contents(site.parent / "out")
    assert contents(site) == before
    assert out.keys() == before.keys()
    assert out["c.txt"] == before["c.txt"]
    assert out["a.md"] != before["a.md"]
    done = run("freeze", "posts/a.md", "posts/a.md", "-o", "out/")
    assert done.returncode == 1
    assert "would be written to out/a.md" in done.stderr


def test_one_source_goes_to_the_output_and_several_do_not(run, site):
    assert run("freeze", "posts/a.md").stdout.startswith("It rained.\r\n\r\n> Tweet: ")
    source = (
        site / "a.md"
    ).read_bytes()  # text to whom its name does not say that it is Markdown: no code of it is one
    assert run("freeze", "-", stdin=source).stdout.encode() == source
    assert "> Tweet: " in run("freeze", "-", "--from", "markdown", stdin=source).stdout
    run("freeze", "posts/a.md", "-o", "b.md")
    assert (site.parent / "b.md").read_bytes().startswith(b"It rained.\r\n\r\n> Tweet: ")
    done = run("freeze", "posts")
    assert (done.returncode, done.stdout) == (1, "")
    assert "--in-place, --diff, or -o FOLDER/ takes several" in done.stderr


def test_a_difference_is_shown_and_nothing_written(run, site):
    before = contents(site)
    done = run("freeze", "posts", "--diff")
    assert "--- a/posts/a.md\n+++ b/posts/a.md\n" in done.stdout
    assert "+> Tweet: [2016-09-28]" in done.stdout
    assert contents(site) == before


def test_a_link_to_a_file_stays_a_link(run, site):
    (site / "link.md").symlink_to("a.md")
    run("freeze", "posts/link.md", "--in-place")
    assert (site / "link.md").is_symlink()
    assert b"> Tweet: " in (site / "a.md").read_bytes()


def test_where_links_led_can_be_brought_along(run, site):
    (site.parent / "known.csv").write_text(f"url,target\nhttps://t.co/abcdefghij,{THERE}\n", encoding="utf-8")
    run("cache", "import", "known.csv", "--cache", "known.sqlite")
    run("freeze", "posts/old", "--in-place", "--offline", "--cache", "known.sqlite")
    assert THERE.replace("&", "&amp;").encode() in (site / "old" / "b.html").read_bytes()


def answered(data):
    """What the syndication service said of the tweet, as a line of a cache that was written out."""
    headers = [["content-type", "application/json"]]
    url = f"https://cdn.syndication.twimg.com/tweet-result?id={ID}&token={token(ID)}"
    answer = {"url": url, "status": 200, "headers": headers, "body": json.dumps(data), "at": NOW, "ms": 1}
    return json.dumps(answer) + "\n"


NOW = datetime.now(UTC).isoformat(timespec="seconds").replace("+00:00", "Z")
SAID = {"__typename": "Tweet", "text": "Fog &amp; rain", "user": {"screen_name": "ann_b", "name": "Ann"}}
GONE = {"__typename": "TweetTombstone", "tombstone": {"text": {"text": "This Post was deleted by the Post author."}}}


@pytest.mark.parametrize(
    ("data", "shown"),
    [(SAID, "> Fog & rain\r\n>\r\n> — Ann (@ann_b) [2016-09-28]"), (GONE, '2016-09-28T00:22:34.899Z") (deleted)')],
)
def test_the_command_asks_the_look_ups_that_it_is_told(run, site, data, shown):
    (site.parent / "known.jsonl").write_text(answered(data), encoding="utf-8")
    run("cache", "import", "known.jsonl", "--cache", "known.sqlite")
    asking = ("--cache", "known.sqlite", "--lookup", "syndication", "--respect-deletions")
    assert shown in run("freeze", "posts/a.md", *asking).stdout
    assert "Tweet: [2016-09-28]" in run("freeze", "posts/a.md", "--cache", "known.sqlite").stdout


def test_what_is_left_is_named(run, site):
    (site / "d.html").write_text(
        f'<p>Rain</p><figure><a href="{URL}"><img src="shot.png"></a></figure>', encoding="utf-8"
    )
    done = run("freeze", "posts/d.html", "--in-place")
    assert "posts/d.html: left: c1 (screenshot): it is static already" in done.stderr
    assert "sources: 1, changed: 0, tweets frozen: 0, left: 1" in done.stderr


def test_what_cannot_be_rewritten_fails_and_the_rest_is_done(run, site):
    (site / "z.md.gz").write_bytes(gzip.compress(b"It rained."))
    (site / "binary.md").write_bytes(b"\0\0\0")
    done = run("freeze", "posts/z.md.gz", "posts/binary.md", "posts/none.md", "posts/a.md", "--in-place")
    assert done.returncode == 1
    assert "z.md.gz: is packed or holds many documents" in done.stderr
    assert "binary.md: binary data" in done.stderr
    assert "none.md" in done.stderr
    assert b"> Tweet: " in (site / "a.md").read_bytes()


@pytest.mark.parametrize(
    ("arguments", "reason"),
    [
        ([], "it takes a PATH, or --restore MAP"),
        (["a.md", "--restore", "m"], "it takes no paths"),
        (["a.md", "--in-place", "--diff"], "one of them"),
        (["a.md", "--in-place", "-o", "b.md"], "one of them"),
        (["-", "--in-place"], "standard input is no file"),
        (["a.md", "--backup"], "it keeps what --in-place replaces"),
        (["a.md", "--map", "m"], "it leads back from a file"),
        (["a.md", "--respect-deletions"], "--lookup NAME,… says who knows"),
    ],
)
def test_options_that_make_no_sense_are_refused(run, arguments, reason):
    done = run("freeze", *arguments)
    assert done.returncode == 2
    assert reason in done.stderr


@pytest.mark.parametrize(
    ("arguments", "reason"),
    [
        (("posts/a.md", "--in-place", "--map", "posts/a.md"), "is a source"),
        (("posts", "--in-place", "--map", "posts/old/b.html"), "is a source"),
        (("posts", "--in-place", "--map", "notes"), "is no map"),
        (("posts", "-o", "out/", "--map", "out/a.md"), "stands where sources are written to"),
        (("posts/a.md", "-o", "b.md", "--map", "b.md"), "stands where sources are written to"),
        (("posts", "-o", "posts/old/"), "lies in posts"),
        (("posts", "-o", "posts/new/"), "lies in posts"),
        (("posts", "-o", "posts"), "lies in posts"),
        (("posts/a.md", "old/a.md", "-o", "old/"), "would be written to old/a.md, as a source"),
    ],
)
def test_nothing_is_written_over_what_is_read(run, site, arguments, reason):
    here = site.parent
    (here / "notes").write_text("It rained.\n", encoding="utf-8")
    (here / "out").mkdir()
    (here / "old").mkdir()
    (here / "old" / "a.md").write_text("It rained.\n", encoding="utf-8")
    (site / "new").mkdir()
    before = contents(here)
    done = run("freeze", *arguments)
    assert (done.returncode, contents(here)) == (1, before)
    assert reason in done.stderr


def test_a_line_of_the_map_that_was_torn_does_not_take_the_next_with_it(run, site):
    before, back = contents(site), site.parent / "back.jsonl"
    run("freeze", "posts/a.md", "--in-place", "--map", "back.jsonl")
    back.write_bytes(back.read_bytes()[:-40])
    run("freeze", "posts/old", "--in-place", "--map", "back.jsonl")
    done = run("freeze", "--restore", "back.jsonl")
    assert done.returncode == 1
    assert "back.jsonl:1: no line of a map" in done.stderr
    assert contents(site)["old/b.html"] == before["old/b.html"]


@pytest.mark.parametrize(
    ("line", "reason"),
    [
        ({"path": "../victim"}, "lies outside of the folder"),
        ({"path": "/dev/null"}, "lies outside of the folder"),
        ({"path": "link/victim"}, "lies outside of the folder"),
        ({"path": "pipe"}, "is no file"),
        ({"path": "a\0b"}, "a path holds no NUL"),
        ({"path": "a\ud800b"}, "no line of a map"),
        ({"edits": [{"start": float("inf"), "end": 1, "old": ""}]}, "no line of a map"),
        ({"encoding": "a\0"}, "no line of a map"),
        (None, "no line of a map"),
    ],
)
def test_a_hostile_map_changes_nothing_and_is_named(run, site, line, reason):
    from hashlib import sha256

    victim, here = site.parent.parent / "victim", site.parent
    victim.write_bytes(b"fog")
    (here / "link").symlink_to("..")
    os.mkfifo(here / "pipe")
    edits = [{"start": 0, "end": 3, "old": "rain"}]
    hashes = {"sha256_before": sha256(b"rain").hexdigest(), "sha256_after": sha256(b"fog").hexdigest()}
    told = json.dumps({"path": "victim", **hashes, "edits": edits, **line}) if line else "[" * 100_000
    (here / "back.jsonl").write_text(told + "\n", encoding="utf-8")
    done = run("freeze", "--restore", "back.jsonl")
    assert (done.returncode, victim.read_bytes()) == (1, b"fog")
    assert reason in done.stderr
    assert "Traceback" not in done.stderr


def test_what_was_only_left_needs_no_way_back(run, site):
    (site / "d.md").write_text(f".. tweet:: {URL}\n", encoding="utf-8")
    run("freeze", "posts/d.md", "--in-place", "--map", "back.jsonl")
    (site / "d.md").write_text("It rained.\n", encoding="utf-8")
    done = run("freeze", "--restore", "back.jsonl")
    assert (done.returncode, done.stderr) == (0, "")


def test_a_difference_counts_lines_as_patch_does(run, site):
    (site / "a.md").write_bytes(f"It\x0crained\u2028here.\n\n{{{{< tweet {ID} >}}}}\n".encode())
    shown = run("freeze", "posts/a.md", "--diff").stdout
    assert "@@ -1,3 +1,3 @@\n It\x0crained\u2028here.\n \n-{{<" in shown
