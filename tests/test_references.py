"""References that reference managers read, and sheets that people code in."""

from __future__ import annotations

import csv
import io
import json
import re

import pytest

from tweetlinks import Resolution, TweetRef, extract, resolve_links
from tweetlinks.write import View, writer
from tweetlinks.write.codingsheet import COLUMNS
from tweetlinks.write.csl import RENAMED, items

ID = "780925634837913600"
WORDS = "Rain & fog_at 100% of the pier #rain $FOG @bob {yes} pic.twitter.com/abcdefghij"
TWEET = f"{WORDS}\n— Ann Bee (@ann_b) September 28, 2016"
ARTICLE = f"The pier was shut.\n\nIt rained:\n\n{TWEET}\n\nNobody came.\n"
KEYS = {
    "id", "type", "author", "title", "genre", "container-title", "issued", "URL", "note", "custom", "language",
}  # fmt: skip
"""Of CSL's csl-data.json, which allows no others than its own."""


@pytest.fixture
def article():
    def known(urls):
        there = f"https://twitter.com/ann_b/status/{ID}/photo/1"
        return {url: Resolution(url, "expanded", "ok", there, "http", tweet=TweetRef(ID, "ann_b")) for url in urls}

    document = resolve_links(extract(ARTICLE, id="a.txt", url="https://paper.example/a"), known)
    return document._replace(title="Pier {shut}", archived_at="2016-10-08T00:00:00Z")


def written(form, *documents):
    return "".join(writer(form).write(documents, View()))


def test_a_tweet_is_a_post_and_the_article_that_quotes_it_a_page(article):
    page, tweet = json.loads(written("csl", article))
    assert page == {"id": "https://paper.example/a", "type": "webpage", "title": "Pier {shut}", "URL": page["id"]}
    assert tweet["id"] == f"tweet-{ID}"
    assert tweet["type"] == "post"
    assert tweet["author"] == [{"literal": "Ann Bee [@ann_b]"}]
    assert tweet["issued"] == {"date-parts": [[2016, 9, 28]]}
    assert (tweet["genre"], tweet["container-title"]) == ("Tweet", "Twitter")
    assert tweet["URL"] == f"https://twitter.com/ann_b/status/{ID}"
    assert tweet["note"] == "Quoted in Pier {shut}"
    assert tweet["custom"]["tweet_id"] == ID
    assert {*page, *tweet} <= KEYS


def test_a_tweet_that_is_cited_twice_is_one_reference_and_the_service_has_its_name_of_the_day():
    links = [f"https://twitter.com/ann_b/status/{tweet}" for tweet in (ID, ID, "1700000000000000000")]
    found = items(extract("\n\n".join(links)))
    assert [item["id"] for item in found] == [f"tweet-{ID}", "tweet-1700000000000000000"]
    assert [item["container-title"] for item in found] == ["Twitter", "X"]
    assert RENAMED == "2023-07-24"


def test_documents_without_tweets_have_no_references_and_an_array_is_an_array(article):
    assert written("csl", extract("Nothing.", url="https://paper.example/b")) == "[]\n"
    assert len(json.loads(written("csl", article, extract("No."), article))) == 4


def test_bibtex_escapes_what_tex_would_run(article):
    page, tweet = written("bibtex", article).strip().split("\n\n")
    assert tweet.splitlines() == [
        f"@online{{tweet-{ID},",
        "  author = {{Ann Bee [@ann\\_b]}},",
        "  title = {Rain \\& fog\\_at 100\\% of the pier \\#rain \\$FOG @bob \\{yes\\} pic.twitter.com/abcdefghij},",
        "  titleaddon = {Tweet},",
        "  organization = {Twitter},",
        "  date = {2016-09-28},",
        f"  url = {{https://twitter.com/ann_b/status/{ID}}},",
        "  note = {Quoted in Pier \\{shut\\}},",
        "}",
    ]
    assert page.startswith("@online{https-paper-example-a,\n  title = {Pier \\{shut\\}},")
    assert tweet.count("{") - tweet.count("\\{") == tweet.count("}") - tweet.count("\\}")


def test_ris_has_one_value_a_line_whatever_the_words_hold(article):
    text = written("ris", article, extract("Rain\nER  - \nTY  - HACK #rain\n— Ann (@ann_b) 3 mai 2017", id="b.txt"))
    assert all(re.fullmatch(r"[A-Z][A-Z0-9]  - .*|ER  -|", line) for line in text.splitlines())
    assert text.count("\nER  -\n") == 3
    assert "TY  - HACK" not in text.splitlines()


def test_a_coding_sheet_has_what_is_counted_and_room_for_what_is_judged(article):
    (row,) = csv.DictReader(io.StringIO(written("coding-sheet", article)))
    assert tuple(row) == COLUMNS
    assert {name: row[name] for name in ("author_handle", "tweet_id", "tweet_date", "date_gap_days")} == {
        "author_handle": "ann_b", "tweet_id": ID, "tweet_date": "2016-09-28", "date_gap_days": "10",
    }  # fmt: skip
    assert (row["before"], row["after"]) == ("It rained:", "Nobody came.")
    assert (row["paragraph"], row["paragraphs"], row["position"]) == ("3", "5", "0.5")
    assert (row["hashtags"], row["mentions"], row["cashtags"]) == ("#rain", "@bob", "$FOG")
    assert (row["final_domains"], row["link_outcomes"]) == ("twitter.com", "expanded/ok")
    assert row["text_clean"].endswith("{yes}")
    assert {row[name] for name in ("function", "role", "stance", "availability", "coder")} == {""}


def test_a_record_without_its_text_still_gives_a_sheet(article):
    from tweetlinks import Document

    (row,) = csv.DictReader(io.StringIO(written("coding-sheet", Document.from_dict(article.to_dict()))))
    assert (row["before"], row["author_handle"]) == ("", "ann_b")


@pytest.mark.parametrize(
    ("words", "first"),
    [
        (["cite", "--offline"], "["),
        (["cite", "--offline", "-o", "refs.json"], "["),
        (["cite", "--offline", "-o", "refs.bib"], "@online{"),
        (["cite", "--offline", "-o", "refs.ris"], "TY  - ELEC"),
        (["cite", "--offline", "-f", "ris"], "TY  - ELEC"),
        (["extract", "-f", "bibtex"], "@online{"),
        (["extract", "-f", "coding-sheet", "--excel"], "\ufeffdocument,"),
        (["extract", "-f", "coding-sheet", "--jobs", "2"], "document,"),
    ],
)
def test_the_command_line_writes_them(run, tmp_path, words, first):
    (tmp_path / "a.txt").write_text(ARTICLE, encoding="utf-8")
    words = [str(tmp_path / word) if word.startswith("refs.") else word for word in words]
    done = run(*words, tmp_path / "a.txt")
    out = done.stdout if "-o" not in words else (tmp_path / words[-1]).read_text(encoding="utf-8")
    assert (done.returncode, done.stderr) == (0, "")
    assert out.startswith(first)


@pytest.mark.parametrize("command", ["check", "resolve"])
def test_references_are_of_documents(run, command):
    done = run(command, "-f", "bibtex", "--offline", "a.txt")
    assert (done.returncode, "bibtex is written of documents" in done.stderr) == (2, True)
