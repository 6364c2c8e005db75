"""What an extractor lost of the tweets of a page: every case of `cases/audit.toml`, the command, and laws."""

from __future__ import annotations

import csv
import io
import json
import time
import tomllib
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tweetlinks import audit, extract
from tweetlinks.flags import LOSSES as KNOWN
from tweetlinks.lookups.survival import LOSSES, PARTS, Audit, survival
from tweetlinks.write import View
from tweetlinks.write.losses import COLUMNS, Count, write

TABLES = tomllib.loads((Path(__file__).parent / "cases" / "audit.toml").read_text(encoding="utf-8"))
CASES, TWEETS, URLS = TABLES["case"], TABLES["several"], TABLES["link"]
ID = "859700000000000000"
TWEET = (
    '<blockquote class="twitter-tweet"><p lang="en" dir="ltr">Rain at the <a href="https://twitter.com/hashtag/pier">'
    '#pier</a> again, says <a href="https://twitter.com/bob">@bob</a>, and no boat left '
    '<a href="https://t.co/Aa1Bb2Cc3D">https://t.co/Aa1Bb2Cc3D</a> '
    '<a href="https://t.co/Dd4Ee5Ff6G">pic.twitter.com/Dd4Ee5Ff6G</a></p>&mdash; Ann Bee (@ann_b) '
    f'<a href="https://twitter.com/ann_b/status/{ID}">May 3, 2017</a></blockquote>'
)
PAGE = f"<p>The harbour was shut, and people said so:</p>{TWEET}<p>Then it stopped.</p>"
KEPT = CASES[0]["text"]
GONE = "The harbour was shut, and people said so:\n\nThen it stopped."
ALONE = f'<p>See:</p><iframe src="https://platform.twitter.com/embed/Tweet.html?id={ID}"></iframe>'


def embed(tweet):
    what, who, day, number = tweet
    return (
        f'<blockquote class="twitter-tweet"><p lang="en">{what}</p>&mdash; {who} '
        f'<a href="https://twitter.com/i/status/{number}">{day}</a></blockquote>'
    )


def words(trace):
    return " ".join(getattr(trace, part) for part in PARTS)


@pytest.mark.parametrize("case", CASES, ids=[case["name"] for case in CASES])
def test_what_is_left_is_what_the_case_says(case):
    (trace,) = audit(PAGE, case["text"]).traces
    assert words(trace) == case["is"]


def test_a_page_keeps_all_of_itself():
    (trace,) = audit(PAGE, PAGE).traces
    assert (words(trace), trace.lost) == ("whole kept kept kept kept kept", ())


def test_the_text_of_a_page_keeps_all_but_what_stands_in_its_hyperlinks():
    page = extract(PAGE, with_text=True)
    (trace,) = audit(page, page.text).traces
    assert trace.lost == ("id",)


def test_a_tweet_that_shows_nothing_can_lose_its_id_only_and_is_lost_with_it():
    (gone,), (there,) = audit(ALONE, "See:").traces, audit(ALONE, f"See: https://twitter.com/i/status/{ID}").traces
    assert (words(gone), gone.lost) == ("none none none lost none lost", ("tweet", "id", "found"))
    assert (words(there), there.lost) == ("none none none kept none kept", ())


def test_the_same_words_twice_are_two_tweets():
    other = TWEET.replace("ann_b", "carl_c").replace("Ann Bee", "Carl").replace(ID, "859700000000000009")
    page = extract(f"<p>One:</p>{TWEET}<p>Two:</p>{other}", with_text=True)
    first, second = audit(page, page.text).traces
    assert (first.lost, second.lost) == (("id",), ("id",))
    first, second = audit(page, page.text[: page.text.index("Two:")]).traces
    assert first.lost == ("id",)
    assert {"author", "found"} < {*second.lost}


def test_few_words_that_stand_in_several_places_are_those_beside_the_handle():
    short = TWEET.replace("ann_b", "carl_c").replace(ID, "859700000000000009").split("<p lang")[0]
    short += '<p lang="en">Rain at the pier</p>&mdash; Carl (@carl_c) May 3, 2017</blockquote>'
    page = extract(f"<p>One, and @carl_c:</p>{TWEET}<p>Two:</p>{short}", with_text=True)
    first, second = audit(page, page.text).traces
    assert (second.words, second.author, second.date) == ("whole", "kept", "kept")
    assert first.lost == ("id",)


def test_an_author_who_is_shown_by_name_only_is_kept_with_the_name():
    page = PAGE.replace("(@ann_b) ", "")
    (trace,) = audit(page, KEPT.replace("(@ann_b) ", "")).traces
    assert (trace.citation.screen_name, trace.author) == ("ann_b", "kept")


def test_neither_a_tweet_of_the_sidebar_nor_a_mention_is_looked_for():
    prose = "<p>The pier was shut, and Ann Bee (@ann_b) tweeted that it rained all day long.</p>" * 3
    page = f"<article>{prose}</article><aside class='sidebar'>{TWEET}</aside>"
    assert extract(page).citations
    assert audit(page, "").traces == ()


@pytest.mark.parametrize("case", TWEETS, ids=[case["name"] for case in TWEETS])
def test_each_of_several_tweets_has_what_is_its_own(case):
    page = "<p>The harbour was shut, and people said so:</p>" + "<p>And then:</p>".join(map(embed, case["tweets"]))
    assert [words(trace) for trace in audit(page, case["text"], text_format=case.get("format", "auto")).traces] == case[
        "are"
    ]


@pytest.mark.parametrize("case", URLS, ids=[f"{case['url']} in {case['text']}" for case in URLS])
def test_a_link_is_there_when_all_of_it_is(case):
    page = embed([f'Rain at the pier <a href="{case["url"]}">{case["url"]}</a>', "Ann (@ann_b)", "May 3, 2017", ID])
    (trace,) = audit(page, f"Rain at the pier {case['text']}\n— Ann (@ann_b) May 3, 2017").traces
    assert trace.urls == ((case["url"], case["is"]),)


def test_a_hyperlink_whose_address_is_gone_is_cut():
    page = PAGE.replace(">https://t.co/Aa1Bb2Cc3D<", ">paper.example/long-…<")
    text = KEPT.replace("https://t.co/Aa1Bb2Cc3D", "paper.example/long-…")
    (trace,) = audit(page, text).traces
    assert dict(trace.urls) == {"https://t.co/Aa1Bb2Cc3D": "cut", "https://pic.twitter.com/Dd4Ee5Ff6G": "kept"}
    assert (trace.links, trace.lost) == ("cut", ("id", "links"))


def test_a_record_without_its_text_is_refused():
    document = extract(PAGE)
    known = type(document).from_dict(document.to_dict())
    with pytest.raises(ValueError, match="holds no text"):
        audit(known, KEPT)


@given(st.text(st.sampled_from("Rain at the #pier\n—@_ann(b)May 3,2017thps:/.co/1B"), max_size=200))
def test_whatever_the_text_is_each_tweet_has_one_trace_and_a_share(text):
    (trace,) = audit(PAGE, text, text_format="text").traces
    assert 0 <= trace.share <= 1
    assert (trace.words == "whole") == (trace.share == 1.0)
    assert set(trace.lost) <= set(LOSSES)


@given(st.text(max_size=50), st.text(max_size=50))
def test_what_stands_around_a_tweet_takes_nothing_from_its_words(before, behind):
    (trace,) = audit(PAGE, f"{before}\n{KEPT}\n{behind}", text_format="text").traces
    assert trace.words == "whole"


@pytest.mark.parametrize("part", ["rain ", "@ann_b ", "](", "](a", "t.co/Aa1Bb2Cc3D", "May 3, ", "Rain at the #pier "])
def test_a_hostile_text_is_looked_through_in_two_seconds(part):
    page, text = extract(PAGE, with_text=True), extract("", with_text=True)
    text = text._replace(text=part * 50_000)  # what `extract` takes for it is tested elsewhere
    started = time.process_time()
    survival(page, text)
    assert time.process_time() - started < 2


def many(tweets, *, handle, gone):
    """Return a page of so many tweets, and a text of it with or without their words."""
    said = [f"Rain {n} at the pier, and boat {n} left https://t.co/Aa{n:08d}" for n in range(tweets)]
    page = "<p>All of it:</p>".join(
        embed([said[n], f"Ann (@{handle.format(n)})", "May 3, 2017", int(ID) + n]) for n in range(tweets)
    )
    lines = [
        f"{'Fog.' if gone else said[n]}\n— Ann (@{handle.format(n)}) May 3, 2017\nAll of it." for n in range(tweets)
    ]
    return extract(page, with_text=True), extract("\n".join(lines), with_text=True)


def seconds(page, text):
    started = time.process_time()
    survival(page, text)
    return time.process_time() - started


@pytest.mark.parametrize("gone", [True, False])
@pytest.mark.parametrize("handle", ["ann_b", "ann_{}"])
def test_four_times_the_tweets_take_four_times_as_long(handle, gone):
    small, large = many(100, handle=handle, gone=gone), many(400, handle=handle, gone=gone)
    assert len(survival(*large).traces) == 400
    assert min(seconds(*large) for _ in range(3)) < 8 * min(seconds(*small) for _ in range(5))


def test_the_words_of_the_command_line_are_those_of_the_audit():
    assert KNOWN == LOSSES


# ---------------------------------------------------------------- what is written


def written(form, *pairs, width=80, colour=False):
    audits = [audit(page, text) for page, text in pairs]
    counted = Count(audits, ("tweet", "words"))
    return "".join(write(counted, form, View(width=width, colour=colour))), counted


def test_a_table_says_in_words_what_its_colours_say():
    plain, counted = written("table", (PAGE, KEPT), (PAGE, GONE), (ALONE, ""), ("Nothing.", ""))
    assert plain.splitlines()[:3] == [
        "<page> → <text>",
        "  tweet                        words   author  date    id      links   found",
        "  @ann_b 2017-05-03            ✓ whole ✓ kept  ✓ kept  ✗ lost  ✓ kept  ✓ kept",
    ]
    assert "no tweet in this page" in plain
    assert plain.splitlines()[-1] == (
        "1 of 3 tweets kept; lost or cut: tweet 2, words 1, author 1, date 1, id 3, links 1, found 2"
    )
    assert counted.lost == 2
    coloured, _ = written("table", (PAGE, KEPT), colour=True)
    assert "\x1b[32m✓ whole" in coloured


def test_no_line_is_wider_than_a_narrow_terminal_and_nothing_drives_it():
    hostile = PAGE.replace("Ann Bee", "Ann\x1b[31m")
    text, _ = written("table", (hostile, KEPT.replace("again", "")), width=40)
    assert max(map(len, text.splitlines()[:-1])) <= 60  # a link is not broken
    assert "\x1b" not in text
    assert "words ~ cut" in text


def test_json_and_csv_have_a_row_for_each_tweet():
    lines, _ = written("jsonl", (PAGE, KEPT), (ALONE, ""))
    first, second = map(json.loads, lines.splitlines())
    assert first["kept"] == dict(zip(PARTS, CASES[0]["is"].split(), strict=True))
    assert first["links"][0] == {"url": "https://t.co/Aa1Bb2Cc3D", "kept": "kept"}
    assert (second["lost"], second["share"]) == (["tweet", "id", "found"], None)
    array, _ = written("json", (PAGE, KEPT), (ALONE, ""))
    assert json.loads(array) == [first, second]
    assert json.loads(written("json", ("Nothing.", ""))[0]) == []
    rows = list(csv.DictReader(io.StringIO(written("csv", (PAGE, CASES[1]["text"]))[0])))
    assert list(rows[0]) == list(COLUMNS)
    assert rows[0]["glued_links"] == "https://t.co/Aa1Bb2Cc3D https://pic.twitter.com/Dd4Ee5Ff6G"
    assert written("tsv", (PAGE, KEPT))[0].split("\n")[0] == "\t".join(COLUMNS)


# ---------------------------------------------------------------- the command


@pytest.fixture
def files(tmp_path):
    for name, text in {"page.html": PAGE, "kept.txt": KEPT, "gone.txt": GONE, "none.html": "<p>Nothing.</p>"}.items():
        (tmp_path / name).write_text(text, encoding="utf-8")
    return tmp_path


def test_the_command_exits_with_3_when_something_that_counts_was_lost(run, files):
    kept = run("audit", files / "page.html", files / "kept.txt")
    gone = run("audit", files / "page.html", files / "gone.txt")
    assert (kept.returncode, gone.returncode, kept.stderr, gone.stderr) == (0, 3, "", "")
    assert json.loads(kept.stdout)["lost"] == ["id"]
    assert json.loads(gone.stdout)["lost"] == list(LOSSES)


@pytest.mark.parametrize(
    ("parts", "text", "status"),
    [("id", "kept", 3), ("words,author", "kept", 0), ("none", "gone", 0), ("tweet", "gone", 3), ("found", "kept", 0)],
)
def test_fail_on_says_what_counts(run, files, parts, text, status):
    assert run("audit", "--fail-on", parts, files / "page.html", files / f"{text}.txt").returncode == status


def test_an_extractor_can_be_piped_into_it(run, files):
    done = run("audit", "-f", "table", files / "page.html", "-", stdin=KEPT)
    assert done.stdout.endswith("\n1 of 1 tweet kept; lost or cut: id 1\n")
    assert done.returncode == 0


def test_a_page_without_a_tweet_lost_none(run, files):
    done = run("audit", "-f", "table", files / "none.html", files / "gone.txt")
    assert (done.returncode, done.stdout.splitlines()[-1]) == (0, "no tweet in the pages")


def test_folders_are_compared_file_by_file(run, tmp_path):
    for name, text in {"a/x.html": PAGE, "a/s/y.html": PAGE, "a/z.html": PAGE}.items():
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / name).write_text(text, encoding="utf-8")
    for name, text in {"b/x.txt": KEPT, "b/s/y.txt": GONE}.items():
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / name).write_text(text, encoding="utf-8")
    done = run("audit", tmp_path / "a", tmp_path / "b")
    found = {Path(record["page"]).name: record["lost"] for record in map(json.loads, done.stdout.splitlines())}
    assert found == {"x.html": ["id"], "y.html": list(LOSSES)}
    assert (done.returncode, done.stderr.count("\n")) == (1, 1)
    assert f"z.html: no text of that name in {tmp_path / 'b'}" in done.stderr


@pytest.mark.parametrize(
    ("pages", "texts", "message"),
    [
        ("x.html", "x.txt x.md", "a/x.html: which belong together is not known, the names are alike: b/x.md, b/x.txt"),
        (
            "x.htm x.html",
            "x.txt",
            "a/x.htm: which belong together is not known, the names are alike: a/x.html, b/x.txt",
        ),
        ("x.html", "x.txt y.txt", "b/y.txt: no page of that name in a"),
        ("x.html y.html", "x.txt", "a/y.html: no text of that name in b"),
    ],
)
def test_what_has_no_other_half_in_folders_or_several_is_named(run, tmp_path, pages, texts, message):
    for folder, names in (("a", pages), ("b", texts)):
        (tmp_path / folder).mkdir()
        for name in names.split():
            (tmp_path / folder / name).write_text("Nothing.", encoding="utf-8")
    done = run("audit", tmp_path / "a", tmp_path / "b")
    assert (done.returncode, done.stderr.replace(f"{tmp_path}/", "")) == (1, f"tweetlinks: {message}\n")


@pytest.mark.parametrize("name", ["page.html", "page.txt"])
def test_a_page_that_is_binary_is_named(run, files, name):
    (files / name).write_bytes(bytes(range(256)) * 20)
    done = run("audit", files / name, files / "kept.txt")
    assert (done.returncode, done.stdout) == (1, "")
    assert f"{name}: binary data" in done.stderr


def test_options_may_stand_between_a_page_and_its_text(run, files):
    done = run("audit", files / "page.html", "-f", "csv", files / "kept.txt")
    assert (done.returncode, done.stderr) == (0, "")


@pytest.mark.parametrize("arguments", [("page.html",), ("-", "-"), ("a", "b", "c"), ("--fail-on", "rain", "a", "b")])
def test_what_makes_no_sense_is_a_usage_error(run, arguments):
    done = run("audit", *arguments)
    assert (done.returncode, done.stdout) == (2, "")


def test_several_pairs_are_done_and_what_cannot_be_read_is_named(run, files):
    page = files / "page.html"
    done = run("audit", page, files / "no.txt", page, files / "kept.txt")
    assert (done.returncode, len(done.stdout.splitlines())) == (1, 1)
    assert done.stderr.endswith("no.txt: No such file or directory\n")
    both = run("audit", page, files)
    assert (both.returncode, "one document is compared with one" in both.stderr) == (1, True)


def test_pages_of_a_kind_that_their_name_does_not_tell_are_named_by_options(run, files):
    (files / "page.dat").write_text(PAGE.replace("<p>The", "The", 1), encoding="utf-8")
    (files / "text.dat").write_text(KEPT, encoding="utf-8")
    told = run("audit", "--from", "html", "--text-from", "markdown", files / "page.dat", files / "text.dat")
    assert json.loads(told.stdout)["kept"]["words"] == "whole"


def test_an_audit_of_nothing_is_empty():
    assert survival(extract("No.", with_text=True), extract("No.", with_text=True)) == Audit("<text>", "<text>", ())
