"""Web annotations: what they say, in which unit, and that what they are about is found again after an edit."""

from __future__ import annotations

import importlib.util
import json
import time
import tomllib
import unicodedata
from pathlib import Path

import lxml.html
import pytest
from hypothesis import given
from hypothesis import strategies as st

from tweetlinks import Document, Resolution, TweetRef, extract, reanchor, resolve_links, web_annotations
from tweetlinks.write import View, anchoring, writer
from tweetlinks.write.offsets import UNITS, Counted
from tweetlinks.write.reanchoring import reanchored
from tweetlinks.write.webannotation import Places, in_browser

_spec = importlib.util.spec_from_file_location("bench", Path(__file__).parent / "benchmarks" / "anchoring.py")
bench = importlib.util.module_from_spec(_spec)
_spec.loader.exec_module(bench)

FIRST = 'She said "rain" - and more of it 🌧🏽 été #pier https://t.co/abcdefghij'
SECOND = "Nobody came to the pier today, not even the boats. pic.twitter.com/bcdefghijk"
ARTICLE = (
    f"The pier is shut\n\nIt has rained for days at the old pier.\n\nThe keeper wrote:\n\n{FIRST}\n— Ann Bee (@ann_b)"
    f" September 28, 2016\n\nThe boats stayed in the harbour, and the town was dry. Then another wrote:\n\n{SECOND}\n"
    "— Bob (@bob_c) September 29, 2016\n\nThe pier will be open again in May.\n"
)
PAGE = f"""<html><head><title>Pier</title></head><body><h1>The pier is shut</h1><div><p>The keeper wrote:</p>
<blockquote class="twitter-tweet"><p>{FIRST}</p>&mdash; Ann Bee (@ann_b) <a
href="https://twitter.com/ann_b/status/780925634837913600">September 28, 2016</a></blockquote></div>
<table><tbody><tr><td>See</td><td>of <a href="https://twitter.com/bob_c/status/780925634837913601">Bob</a>.</td></tr>
</tbody></table></body></html>"""


def known(urls):
    there = "https://paper.example/story"
    return {url: Resolution(url, "expanded", "ok", there, "http", tweet=TweetRef("20", "a")) for url in urls}


def page_of(*documents, **view):
    return json.loads("".join(writer("webannotation").write(documents, View(**view))))


def selector(annotation, kind):
    return next((each for each in annotation["target"]["selector"] if each["type"] == kind), None)


# ---------------------------------------------------------------- what they say


def test_a_page_of_annotations_says_where_a_tweet_is_cited_and_what_is():
    document = resolve_links(extract(ARTICLE, id="a b.txt", url="https://paper.example/a"), known)
    page = page_of(document._replace(archived_at="2016-10-08T01:02:03Z"))
    first, second = page["items"]
    assert (page["type"], page["@context"][0]) == ("AnnotationPage", "http://www.w3.org/ns/anno.jsonld")
    assert first["type"] == "Annotation"
    assert first["id"].startswith("urn:tweetlinks:")
    assert first["id"] != second["id"]
    target = first["target"]
    assert target["source"] == "https://paper.example/a"
    assert target["state"] == {
        "type": "TimeState",
        "sourceDate": "2016-10-08T01:02:03Z",
        "cached": "https://web.archive.org/web/20161008010203/https://paper.example/a",
    }
    quote, position = target["selector"]
    start, end = position["start"], position["end"]
    assert quote["exact"] == document.text[start:end] == f"{FIRST}\n— Ann Bee (@ann_b) September 28, 2016"
    assert (quote["prefix"], quote["suffix"]) == (ARTICLE[start - 32 : start], ARTICLE[end : end + 32])
    assert target["scope"]["selector"][0]["exact"] == "The keeper wrote:"
    tweet, words, link = first["body"]
    assert tweet["type"] == "schema:SocialMediaPosting"
    assert tweet["creator"] == {
        "id": "https://twitter.com/ann_b", "type": "Person", "name": "Ann Bee", "nickname": "ann_b",
    }  # fmt: skip
    assert words == {"type": "TextualBody", "purpose": "describing", "format": "text/plain", "value": FIRST}
    assert link["source"] == {"id": "https://paper.example/story", "via": "https://t.co/abcdefghij"}


@pytest.mark.parametrize(
    ("name", "source"),
    [
        ("a b.txt", "a%20b.txt"),
        ("t.csv:12", "./t.csv:12"),
        ("/x/é.txt", "/x/%C3%A9.txt"),
        ("http://a.b/c", "http://a.b/c"),
    ],
)
def test_a_source_is_an_iri(name, source):
    assert web_annotations(extract(ARTICLE, id=name))[0]["target"]["source"] == source


@pytest.mark.parametrize(("unit", "codec", "size"), [("utf16", "utf-16-le", 2), ("utf8", "utf-8", 1)])
def test_positions_count_what_they_say_they_count(unit, codec, size):
    document = extract(f"🌧 {ARTICLE}")
    for annotation in page_of(document, offsets=unit)["items"]:
        for target in (annotation["target"], annotation["target"]["scope"]):
            quote, place = target["selector"]
            data = document.text.encode(codec)[size * place["start"] : size * place["end"]]
            assert (data.decode(codec), place["offsetUnit"]) == (quote["exact"], unit)
        assert reanchor(annotation, document.text).how == "position"


def test_nothing_cited_is_an_empty_page_and_several_documents_are_one():
    assert page_of(extract("Nothing."))["items"] == []
    assert len(page_of(extract(ARTICLE), extract("No."), extract(ARTICLE, id="b"))["items"]) == 4


def test_a_record_without_its_text_quotes_the_words_of_the_tweet():
    whole = extract(ARTICLE)
    document = Document.from_dict(whole.to_dict())
    for annotation, citation in zip(web_annotations(document), whole.citations, strict=True):
        place = selector(annotation, "TextPositionSelector")
        assert selector(annotation, "TextQuoteSelector") == {"type": "TextQuoteSelector", "exact": citation.text}
        assert whole.text[place["start"] : place["end"]] == citation.text
    (again, _) = web_annotations(document, "utf16")
    assert [each["type"] for each in again["target"]["selector"]] == ["TextQuoteSelector"]


def test_an_xpath_selects_the_element_and_the_place_in_its_text():
    document = extract(PAGE, format="html")
    tree = lxml.html.document_fromstring(PAGE).getroottree()
    first, second = web_annotations(document)
    assert selector(first, "XPathSelector")["value"] == "/html[1]/body[1]/div[1]/blockquote[1]"
    assert selector(second, "XPathSelector")["value"] == "/html[1]/body[1]/table[1]/tbody[1]/tr[1]/td[2]"
    for annotation in (first, second):
        path, quote = selector(annotation, "XPathSelector"), selector(annotation, "TextQuoteSelector")
        (element,) = tree.xpath(path["value"])
        text, place = "".join(element.text_content().split()), path["refinedBy"]
        assert "".join(quote["exact"].split()) in text
        assert place["end"] - place["start"] == len(quote["exact"])
    assert selector(second, "XPathSelector")["refinedBy"]["start"] == 3


def test_the_xpath_of_a_fragment_is_that_of_the_tree_a_browser_makes_of_it():
    assert in_browser("/p[1]") == in_browser("/html[1]/p[1]") == in_browser("/html[1]/body[1]/p[1]")
    assert in_browser("/") == in_browser("/html[1]/body[1]") == "/html[1]/body[1]"
    assert in_browser("/html[1]/head[1]/x[1]") == "/html[1]/head[1]/x[1]"


def test_an_embed_that_shows_nothing_is_a_place_and_found_again():
    page = '<p>She wrote of it:</p><div data-tweet-url="https://x.com/ann_b/status/20"></div><p>So it was then.</p>'
    (one,) = web_annotations(extract(page, format="html"))
    assert selector(one, "TextQuoteSelector")["exact"] == ""
    new = extract(f"<p>New.</p>{page}", format="html", with_text=True).text
    anchor = reanchor(one, new)
    assert (anchor.how, new[: anchor.span[0]].strip()) == ("quote", "New.\n\nShe wrote of it:")
    assert reanchor(one, "Something else altogether.") is None


# ---------------------------------------------------------------- found again


@pytest.mark.parametrize("text", [ARTICLE, ARTICLE.replace("\n\n", "\n")], ids=["blocks", "lines"])
@pytest.mark.parametrize("name", bench.EDITS)
def test_both_of_two_are_found_at_their_place_after_each_edit(name, text):
    document = extract(text)
    spans = [citation.span for citation in document.citations]
    new = bench.Text(document.text)
    bench.EDITS[name](new, spans)
    now, found = new.text(), [reanchor(each, new.text()) for each in web_annotations(document)]
    assert len(found) == 2
    assert [bench.shown(now, anchor.span) for anchor in found] == [
        bench.shown(now, (new.place(a), new.place(b))) for a, b in spans
    ]


@pytest.mark.parametrize("name", bench.EDITS)
def test_both_of_the_seed_are_found_again_after_each_edit(name, seed):
    (counts,) = [each for edit, each in bench.measure([seed.read_text(encoding="utf-8")]).items() if edit == name]
    assert counts[:2] == [2, 2]


@pytest.mark.parametrize(
    ("how", "edit"),
    [
        ("position", lambda text: text),
        ("quote", lambda text: f"New.\n\n{text}"),
        ("normalised", lambda text: unicodedata.normalize("NFD", text).replace("\n", "\r\n").replace('"', "“")),
        ("normalised", lambda text: text.replace("rain", "ra\u200bin").replace(" ", "\u2009 ")),
        ("fuzzy", lambda text: text.replace("more of it", "mroe of itt").replace("even the", "evn xhe")),
    ],
)
def test_it_is_said_how_it_was_found(how, edit):
    found = [reanchor(each, edit(ARTICLE)) for each in web_annotations(extract(ARTICLE))]
    assert {anchor.how for anchor in found} == {how}
    assert all((anchor.score < 1) == (how == "fuzzy") for anchor in found)


@pytest.mark.parametrize(
    "edit",
    [
        lambda text: text.replace(FIRST, "").replace("Ann Bee (@ann_b)", ""),
        lambda text: text.replace("abcdefghij", "zyxwvutsrq").replace("more of it", "more"),
        lambda text: text.replace("@ann_b", "@carl").replace("more of it", "more"),
        lambda _: "",
    ],
    ids=["gone", "other link", "other handle", "empty"],
)
def test_what_is_gone_or_is_another_tweet_is_lost(edit):
    assert reanchor(web_annotations(extract(ARTICLE))[0], edit(ARTICLE)) is None


def test_a_repeated_tweet_is_told_by_what_is_around_it_before_nearness():
    quote = {"type": "TextQuoteSelector", "exact": "Rain!", "prefix": "the end: ", "suffix": ""}
    place = {"type": "TextPositionSelector", "start": 5, "end": 10}
    text = "Rain! Rain. Rain! And at the end: Rain!"
    assert reanchor([quote, place], text).span == (34, 39)
    assert reanchor([{**quote, "prefix": ""}, place], text).span == (0, 5)


@pytest.mark.parametrize(
    "shape",
    [
        lambda target: target["selector"],
        lambda target: target,
        lambda target: {"target": target},
        lambda target: {"target": [{"source": "x"}, target]},
        lambda target: target["selector"][0],
        lambda target: {"selector": target["selector"][0]},
    ],
)
def test_selectors_are_taken_in_every_shape_of_the_w3c(shape):
    target = web_annotations(extract(ARTICLE))[1]["target"]
    assert reanchor(shape(target), f"New. {ARTICLE}").how == "quote"


@pytest.mark.parametrize("wrong", [{}, [], {"target": "https://a.b"}, [{"type": "XPathSelector"}], {"selector": []}])
def test_without_a_quotation_nothing_can_be_found(wrong):
    with pytest.raises(ValueError, match="no TextQuoteSelector"):
        reanchor(wrong, "text")


LETTERS = st.text(alphabet='abcé 🌧\n-“"e\u0301\u200b', max_size=40)


@given(before=LETTERS, inner=LETTERS, after=LETTERS, new=LETTERS, behind=LETTERS)
def test_edits_outside_of_a_quotation_leave_it_where_it_is(before, inner, after, new, behind):
    exact = f"<{inner}>"
    quote = {"type": "TextQuoteSelector", "exact": exact, "prefix": before[-32:], "suffix": after[:32]}
    place = {"type": "TextPositionSelector", "start": len(before), "end": len(before) + len(exact)}
    for text in (f"{new}{exact}{after}", f"{before}{exact}{behind}", f"{new}{exact}{behind}"):
        start, end = reanchor([quote, place], text).span
        assert text[start:end] == exact


@given(text=st.text(max_size=60), data=st.data())
def test_a_folded_text_knows_where_its_characters_stand(text, data):
    folded = anchoring.Folded(text)
    if folded.text:
        n = data.draw(st.integers(0, len(folded.text) - 1))
        start, end = folded.span(n, n + 1)
        assert folded.text[n] in anchoring.Folded(text[start:end]).text
        assert folded.before(start) <= n < folded.before(end)


def changes(words, text):
    """Count by the table what the vectors count: the fewest changes, and where the first best stretches end."""
    row, counts = [*range(len(words) + 1)], [len(words)]
    for char in text:
        new = [0]
        for i, letter in enumerate(words, 1):
            new.append(min(row[i - 1] + (letter != char), row[i] + 1, new[i - 1] + 1))
        row, counts = new, [*counts, new[-1]]
    first = last = counts.index(min(counts))
    while counts[last + 1 : last + 2] == [counts[first]]:
        last += 1
    return counts[first], first, last


@given(words=st.text("abc", min_size=1, max_size=9), text=st.text("abc", max_size=20))
def test_the_vectors_count_as_the_table_does(words, text):
    assert anchoring._closest(words, text) == changes(words, text)


CASES = tomllib.loads((Path(__file__).parent / "cases" / "reanchor.toml").read_text(encoding="utf-8"))["case"]


@pytest.mark.parametrize("case", CASES, ids=lambda case: case["name"])
def test_what_is_the_same_quotation_is_found_whole_and_what_is_like_it_is_lost(case):
    before, behind = case.get("before", "The council met.\n\nIt wrote:\n\n"), case.get("behind", "\n\nSo it was.\n")
    exact, new = case["old"], f"An ad.\n\n{before}{case['new']}{behind}"
    quote = {"type": "TextQuoteSelector", "exact": exact, "prefix": before[-32:], "suffix": behind[:32]}
    place = {"type": "TextPositionSelector", "start": len(before), "end": len(before) + len(exact)}
    found = reanchor([quote, place], new)
    assert (found and found.how) == case.get("how")
    if found:
        assert new[slice(*found.span)] == case.get("found", case["new"])


@pytest.mark.parametrize(
    ("text", "exact"),
    [
        ("a" * 10_000_000, "a" * 9_999 + "b"),
        ("ab " * 3_000_000, "ab " * 3_000 + "c"),
        ("“é” " * 2_500_000, "x" * 10_000),
        ("https://t.co/a@a " * 500_000, "https://t.co/b@b " * 600),
    ],
    ids=["one letter", "two letters", "foldable", "links"],
)
def test_hostile_texts_take_a_few_seconds(text, exact):
    quote = {"type": "TextQuoteSelector", "exact": exact, "prefix": "a" * 32, "suffix": "a" * 32}
    start = time.process_time()
    reanchor([quote, {"type": "TextPositionSelector", "start": 5_000_000, "end": 5_010_000}], text)
    assert time.process_time() - start < 10


@pytest.mark.parametrize("unit", ["codepoint", "utf16", "utf8"])
def test_what_is_many_times_the_same_takes_time_in_proportion(unit):
    once = "So {}:\n\nRain at the pier again 🌧\n— Ann (@ann) May 3, 2017\n\n"
    document = extract("".join(once.format(n) for n in range(400)))
    edited = document._replace(text=f"🌧 An ad.\n\n{document.text}", id="b")
    start = time.process_time()
    found = list(reanchored(web_annotations(document, unit), edited, unit))
    assert len(found) == len([new for _, new in found if new]) == 400
    assert time.process_time() - start < 10


@pytest.mark.parametrize("unit", ["utf16", "utf8"])
def test_positions_in_a_long_page_take_time_in_proportion(unit):
    one = '<p>🌧 It rains, wrote <a href="https://twitter.com/ann_b/status/78092563483791360{}">Ann</a> again.</p>'
    document = extract(f"<div>{''.join(one.format(n % 10) for n in range(8_000))}</div>", format="html", with_text=True)
    span = document.citations[0].span
    places, text = Places(document, unit), document.text * 20
    start = time.process_time()
    web_annotations(document, unit)
    counted = Counted(text, unit)
    for n in range(20_000):
        assert counted.units(0) + (n % 2) * counted.units(len(text) - n) >= 0
    assert time.process_time() - start < 4
    assert places.selectors(span, (0,))[1]["offsetUnit"] == unit


@given(text=st.text(alphabet="aé🌧\ud800", max_size=60), unit=st.sampled_from(sorted(UNITS)), times=st.integers(1, 300))
def test_a_place_is_the_same_there_and_back(text, unit, times):
    whole = text * times
    counted, (codec, size) = Counted(whole, unit), UNITS[unit]
    for at in {0, len(text), len(whole) // 2, len(whole)}:
        assert counted.units(at) == len(whole[:at].encode(codec, "surrogatepass")) // size
        assert counted.offset(counted.units(at)) == at


@pytest.mark.parametrize("name", ["prefix", "suffix", "exact"])
def test_a_huge_quotation_takes_a_few_seconds_for_all_its_places(name):
    selector = {
        "type": "TextQuoteSelector",
        "exact": "Rain",
        "prefix": "",
        "suffix": "",
        name: "Rain and sun " * 200_000,
    }
    start = time.process_time()
    reanchor([selector], "Rain and snow " * 20_000)
    assert time.process_time() - start < 10


# ---------------------------------------------------------------- the command line


@pytest.fixture
def files(tmp_path, run):
    (tmp_path / "a.txt").write_text(ARTICLE, encoding="utf-8")
    (tmp_path / "b.txt").write_text(f"An ad.\r\n\r\n{ARTICLE}", encoding="utf-8", newline="")
    (tmp_path / "c.txt").write_text(ARTICLE.replace(SECOND, "").replace("Bob (@bob_c)", ""), encoding="utf-8")
    done = run("annotate", "--offline", tmp_path / "a.txt", "-o", tmp_path / "a.jsonld")
    assert (done.returncode, done.stderr) == (0, "")
    return tmp_path


def test_annotations_go_to_the_article_as_it_is_now(run, files):
    done = run("annotate", "--reanchor", files / "a.jsonld", "--offsets", "utf16", files / "b.txt")
    old, new = json.loads((files / "a.jsonld").read_text(encoding="utf-8")), json.loads(done.stdout)
    assert (done.returncode, done.stderr) == (0, "")
    assert [each["id"] for each in new["items"]] == [each["id"] for each in old["items"]]
    assert [each["body"] for each in new["items"]] == [each["body"] for each in old["items"]]
    text = (files / "b.txt").read_bytes().decode()
    for each in new["items"]:
        quote, place = each["target"]["selector"]
        data = text.encode("utf-16-le")[2 * place["start"] : 2 * place["end"]]
        assert (data.decode("utf-16-le"), each["target"]["source"]) == (quote["exact"], str(files / "b.txt"))
        assert (each["target"]["anchoredBy"], each["target"]["anchorScore"]) == ("quote", 1.0)


def test_a_lost_annotation_is_named_and_left_out(run, files):
    done = run("annotate", "--reanchor", files / "a.jsonld", files / "c.txt")
    first, second = json.loads((files / "a.jsonld").read_text(encoding="utf-8"))["items"]
    assert done.returncode == 1
    assert [each["id"] for each in json.loads(done.stdout)["items"]] == [first["id"]]
    assert f"{files / 'a.jsonld'}: {second['id']}: not found again in {files / 'c.txt'}" in done.stderr


def test_several_articles_are_told_apart_by_their_source(run, files):
    both = run("annotate", "--offline", files / "a.txt", files / "b.txt").stdout
    (files / "both.json").write_text(both, encoding="utf-8")
    done = run("annotate", "--reanchor", files / "both.json", files / "c.txt", files / "b.txt", files / "b.txt")
    assert done.returncode == 1
    assert len(json.loads(done.stdout)["items"]) == 2
    assert done.stderr.count(f"its article is not here: {files / 'a.txt'}") == 2


@pytest.mark.parametrize(
    "wrap",
    [
        lambda page: page["items"],
        lambda page: {"rows": page["items"]},
        lambda page: {"type": "AnnotationCollection", "first": page},
    ],
)
def test_annotations_of_others_are_read(run, files, wrap):
    page = json.loads((files / "a.jsonld").read_text(encoding="utf-8"))
    (files / "x.json").write_text(json.dumps(wrap(page)), encoding="utf-8")
    done = run("annotate", "--reanchor", files / "x.json", files / "a.txt")
    assert [each["id"] for each in json.loads(done.stdout)["items"]] == [each["id"] for each in page["items"]]


@pytest.mark.parametrize("data", ["", "[1]", '{"a": 1}', "[" * 100_000, '{"items": 1}'])
def test_what_holds_no_annotations_is_one_line(run, files, data):
    (files / "x.json").write_text(data, encoding="utf-8")
    done = run("annotate", "--reanchor", files / "x.json", files / "a.txt")
    assert (done.returncode, done.stdout, done.stderr.count("\n")) == (1, "", 1)


def test_an_annotation_without_a_quotation_is_lost_and_a_scope_that_is_gone_is_left_out(run, files):
    page = json.loads((files / "a.jsonld").read_text(encoding="utf-8"))
    page["items"][1]["target"] = {"source": page["items"][0]["target"]["source"], "selector": []}
    page["items"][0]["target"]["scope"]["selector"][0]["exact"] = "Words that never stood there at all, and never will."
    (files / "x.json").write_text(json.dumps(page), encoding="utf-8")
    done = run("annotate", "--reanchor", files / "x.json", files / "a.txt")
    (one,) = json.loads(done.stdout)["items"]
    assert ("scope" in one["target"], done.returncode) == (False, 1)


def reanchored_file(run, files, change, *words, stdin=None):
    """Change the page of a.txt and take it along."""
    page = json.loads((files / "a.jsonld").read_text(encoding="utf-8"))
    changed = change(page)
    (files / "x.json").write_text(json.dumps(page if changed is None else changed), encoding="utf-8")
    done = run("annotate", "--reanchor", files / "x.json", *words, stdin=stdin)
    return done, json.loads(done.stdout)["items"]


GONE = {
    "type": "TextQuoteSelector",
    "exact": "Words that never stood there at all, and never will.",
    "prefix": "",
    "suffix": "",
}


def test_every_target_is_taken_along_and_each_that_is_lost_is_named(run, files):
    def change(page):
        first, second = page["items"]
        gone = {"source": first["target"]["source"], "selector": [GONE]}
        first["target"] = [gone, "https://paper.example/whole", first["target"], second["target"]]
        page["items"] = [first]

    done, (one,) = reanchored_file(run, files, change, files / "b.txt")
    assert [isinstance(each, str) or each["anchoredBy"] for each in one["target"]] == [True, "quote", "quote"]
    assert (done.returncode, done.stderr.count("\n")) == (1, 1)
    assert f"{one['id']}: target 1: not found again in {files / 'b.txt'}" in done.stderr


def test_the_targets_of_an_annotation_may_be_in_several_articles(run, files):
    def change(page):
        first, second = page["items"]
        target = {**second["target"], "source": str(files / "b.txt")}
        page["items"] = [{**first, "target": [first["target"], target]}, {**second, "target": [target]}]

    done, items = reanchored_file(run, files, change, files / "a.txt", files / "b.txt")
    assert (done.returncode, done.stderr) == (0, "")
    assert [each["source"] for each in items[0]["target"]] == [str(files / "a.txt"), str(files / "b.txt")]
    assert isinstance(items[1]["target"], list)
    done, items = reanchored_file(run, files, change, files / "a.txt", files / "c.txt")
    assert [len(each["target"]) for each in items] == [1]
    assert f"target 2: its article is not here: {files / 'b.txt'}" in done.stderr


def test_a_lost_passage_is_named(run, files):
    def change(page):
        page["items"][0]["target"]["scope"]["selector"] = [GONE]

    done, (one, two) = reanchored_file(run, files, change, files / "a.txt")
    assert ("scope" in one["target"], "scope" in two["target"], done.returncode) == (False, True, 1)
    assert f"{one['id']}: its passage (scope) is not found again in {files / 'a.txt'}" in done.stderr


def test_a_foreign_annotation_costs_those_of_a_renamed_article_nothing(run, files):
    def change(page):
        page["items"].append({"id": "urn:foreign", "target": {"source": "https://else.example/", "selector": [GONE]}})

    (files / "a.txt").rename(files / "renamed.txt")
    done, items = reanchored_file(run, files, change, files / "renamed.txt")
    assert (len(items), done.returncode) == (2, 1)
    assert "urn:foreign: not found again in" in done.stderr


@pytest.mark.parametrize(
    ("wrong", "named"),
    [
        (1, "item 1: no annotation"),
        (None, "item 1: no annotation"),
        ({"id": "urn:x"}, "urn:x: no annotation"),
        ({"id": "urn:x", "target": "https://a.b"}, "urn:x: nothing says where it stands"),
        ({"id": "urn:x", "target": {"selector": [GONE]}, "score": float("nan")}, "urn:x: it holds what no JSON holds"),
        ({"target": {"selector": [GONE]}, "score": [-float("inf")]}, "item 1: it holds what no JSON holds"),
    ],
)
def test_what_cannot_be_taken_along_is_named_and_the_rest_is(run, files, wrong, named):
    done, items = reanchored_file(run, files, lambda page: [wrong, *page["items"]], files / "a.txt")
    assert (len(items), done.returncode, done.stderr.count("\n")) == (2, 1, 1)
    assert named in done.stderr


def test_a_number_too_large_and_a_context_that_is_none_are_not_written(run, files):
    page = (files / "a.jsonld").read_text(encoding="utf-8")
    (files / "x.json").write_text(
        page.replace('"type": "Annotation"', '"type": "Annotation", "x": 1e999', 1), encoding="utf-8"
    )
    assert len(json.loads(run("annotate", "--reanchor", files / "x.json", files / "a.txt").stdout)["items"]) == 1
    (files / "x.json").write_text(page.replace('"@context": [', '"@context": [NaN, '), encoding="utf-8")
    done = run("annotate", "--reanchor", files / "x.json", files / "a.txt")
    assert (done.returncode, done.stdout, "@context: it holds" in done.stderr) == (1, "", True)


def test_annotations_come_from_standard_input(run, files):
    data = (files / "a.jsonld").read_bytes()
    done = run("annotate", "--reanchor", "-", files / "b.txt", stdin=data)
    assert (done.returncode, len(json.loads(done.stdout)["items"])) == (0, 2)
    done = run("annotate", "--reanchor", "-", "-", stdin=data)
    assert (done.returncode, "standard input can be read once only" in done.stderr) == (2, True)


def test_a_damaged_record_costs_the_others_nothing():
    whole = extract(ARTICLE).to_dict(with_text=True)
    whole["citations"][0]["links"] = [99, -7]
    documents = [Document.from_dict(whole), extract(ARTICLE, id="x\ud800\udcff"), extract(ARTICLE, id="b.txt")]
    items = page_of(*documents)["items"]
    assert len(items) == len({each["id"] for each in items}) == 6
    assert [each["type"] for each in items[0]["body"]] == ["schema:SocialMediaPosting", "TextualBody"]


def test_old_annotations_are_taken_along_without_any_network(run, files):
    done = run("annotate", "--reanchor", files / "a.jsonld", "--fetch", "https://paper.example/a")
    assert (done.returncode, "it asks nobody, so no --fetch" in done.stderr) == (2, True)


def test_units_are_for_annotations(run, files):
    done = run("extract", "--offsets", "utf16", "-f", "csv", files / "a.txt")
    assert (done.returncode, "argument --offsets: it is for -f webannotation" in done.stderr) == (2, True)
    same = run("extract", "--offsets", "utf16", "-f", "webannotation", files / "a.txt").stdout
    assert json.loads(same) == json.loads(run("annotate", "--offline", "--offsets", "utf16", files / "a.txt").stdout)


@pytest.mark.parametrize(
    "value", [{"target": "http://a/selector"}, [1], {"target": 5}, {"target": None}, {}, "x", None]
)
def test_what_holds_no_quotation_is_said_to_hold_none(value):
    with pytest.raises(ValueError, match="no TextQuoteSelector"):
        reanchor(value, "x")
