"""References that reference managers read, and sheets that people code in."""

from __future__ import annotations

import csv
import io
import json
import re
from html import escape

import bibtexparser
import jsonschema
import pytest
import rispy
from bibtexparser.middlewares import LatexDecodingMiddleware

from tweetlinks import InputError, Resolution, TweetRef, extract, resolve_links
from tweetlinks.write import View, writer
from tweetlinks.write.codingsheet import COLUMNS
from tweetlinks.write.csl import RENAMED, items, references
from tweetlinks.write.outlets import outlets

ID = "780925634837913600"
WORDS = "Rain & fog_at 100% of the pier #rain $FOG @bob {yes} pic.twitter.com/abcdefghij"
TEX = r"Rain \& fog\_at 100\% of the pier \#rain \$FOG @bob \textbraceleft{}yes\textbraceright{}"
TWEET = f"{WORDS}\n— Ann Bee (@ann_b) September 28, 2016"
ARTICLE = f"The pier was shut.\n\nIt rained:\n\n{TWEET}\n\nNobody came.\n"
NAMES = {"type": "array", "items": {"type": "object", "properties": {"literal": {"type": "string"}},
                                    "required": ["literal"], "additionalProperties": False}}  # fmt: skip
DATE = {
    "type": "object",
    "properties": {
        "date-parts": {
            "type": "array", "minItems": 1, "maxItems": 2,
            "items": {"type": "array", "minItems": 1, "maxItems": 3, "items": {"type": "integer"}},
        }
    },
    "required": ["date-parts"],
    "additionalProperties": False,
}  # fmt: skip
WORDS_OF = ("URL", "container-title", "genre", "id", "language", "note", "title")
CSL = {
    "type": "array",
    "items": {
        "type": "object",
        "properties": {
            "type": {"enum": ["post", "webpage", "document"]},
            **{name: {"type": "string"} for name in WORDS_OF},
            "author": NAMES,
            "issued": DATE,
            "accessed": DATE,
            "custom": {"type": "object"},
        },
        "required": ["type", "id"],
        "additionalProperties": False,
    },
}
"""What CSL's csl-data.json (1.0.2) says of the fields that are written: it allows no others than its own."""
HOSTILE = (
    "Ann, Bee and {Sons", "Q & A Ltd.", "100% #1_fan", "back\\slash \\input{x}", "} $x^2$ ~", "عمر ١", "שלום", "🌧🏽",
    'say "yes"', "Тест",
)  # fmt: skip
"""Names and words that other programs must read back as they are."""


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
    assert page == {"id": "https://paper.example/a", "type": "webpage", "title": "Pier {shut}", "URL": page["id"],
                    "accessed": {"date-parts": [[2016, 10, 8]]}}  # fmt: skip
    assert tweet["id"] == f"tweet-{ID}"
    assert tweet["type"] == "post"
    assert tweet["author"] == [{"literal": "Ann Bee [@ann_b]"}]
    assert tweet["issued"] == {"date-parts": [[2016, 9, 28]]}
    assert (tweet["genre"], tweet["container-title"]) == ("Tweet", "Twitter")
    assert tweet["URL"] == f"https://twitter.com/ann_b/status/{ID}"
    assert tweet["note"] == "Quoted in Pier {shut}"
    assert tweet["custom"]["tweet_id"] == ID
    jsonschema.validate([page, tweet], CSL)


def test_another_model_of_the_schema_takes_every_reference_and_a_processor_prints_it(article):
    csl = pytest.importorskip("csl_reference", reason="csl-reference is of the extra `engines`")
    hostile = [
        extract(f"Rain! pic.twitter.com/abcdefghij\n— {name} (@ann_b) May 3, 2017", id=f"{n}")
        for n, name in enumerate(HOSTILE)
    ]
    found = json.loads(written("csl", article, *hostile))
    assert len(found) >= 2 + len(HOSTILE)
    printed = [str(csl.Reference.model_validate(item)) for item in found]
    assert any("Ann Bee [@ann_b] (2016)" in words and "Twitter" in words for words in printed)
    with pytest.raises(ValueError, match="type"):
        csl.Reference.model_validate({**found[1], "type": "tweet"})


def test_a_tweet_that_is_cited_twice_is_one_reference_and_the_service_has_its_name_of_the_day():
    links = [f"https://twitter.com/ann_b/status/{tweet}" for tweet in (ID, ID, "1700000000000000000")]
    found = items(extract("\n\n".join(links)))
    assert [item["id"] for item in found] == [f"tweet-{ID}", "tweet-1700000000000000000"]
    assert [item["container-title"] for item in found] == ["Twitter", "X"]
    assert RENAMED == "2023-07-24"


def test_documents_without_tweets_have_no_references_and_an_array_is_an_array(article):
    assert written("csl", extract("Nothing.", url="https://paper.example/b")) == "[]\n"
    assert len(json.loads(written("csl", article, extract("No."), article))) == 2


def test_a_tweet_that_two_articles_quote_has_one_key(article):
    other = article._replace(id="b.txt", url="https://paper.example/b")
    assert [item["id"] for item in json.loads(written("csl", article, other))] == [
        article.url, f"tweet-{ID}", other.url,
    ]  # fmt: skip
    assert not bibtexparser.parse_string(written("bibtex", article, other)).failed_blocks
    assert written("ris", article, other).count("TY  - ") == 3


def test_bibtex_escapes_what_tex_would_run(article):
    page, tweet = written("bibtex", article).strip().split("\n\n")
    assert tweet.splitlines() == [
        f"@online{{tweet-{ID},",
        "  author = {{Ann Bee [@ann\\_b]}},",
        f"  title = {{{TEX} pic.twitter.com/abcdefghij}},",
        "  titleaddon = {Tweet},",
        "  organization = {Twitter},",
        "  date = {2016-09-28},",
        f"  url = {{https://twitter.com/ann_b/status/{ID}}},",
        "  note = {Quoted in Pier \\textbraceleft{}shut\\textbraceright{}},",
        "}",
    ]
    assert page.startswith("@online{https-paper-example-a,\n  title = {Pier \\textbraceleft{}shut")
    assert "urldate = {2016-10-08}" in page


def test_ris_has_one_value_a_line_whatever_the_words_hold(article):
    text = written("ris", article, extract("Rain\nER  - \nTY  - HACK #rain\n— Ann (@ann_b) 3 mai 2017", id="b.txt"))
    assert all(re.fullmatch(r"[A-Z][A-Z0-9]  - .*|ER  -|", line) for line in text.splitlines())
    assert text.count("\nER  -\n") == 3
    assert "TY  - HACK" not in text.splitlines()


def hostile():
    """A page whose title, and tweets whose names and words, are hard to write down."""
    cards = "".join(
        f'<blockquote class="twitter-tweet"><p>{escape(words)} {n}</p>&mdash; {escape(name)} (@ann_{n}) '
        f'<a href="https://twitter.com/ann_{n}/status/85970000000000000{n}">May 3, 2017</a></blockquote>'
        for n, (name, words) in enumerate(zip(HOSTILE, HOSTILE[1:] + HOSTILE[:1], strict=True))
    )
    page = f"<html lang=en><title>{escape(' '.join(HOSTILE))}</title><p>They wrote:</p>{cards}"
    return extract(page, format="html", id="тест.html")


def test_csl_of_hostile_words_is_valid_and_an_article_with_a_title_alone_is_a_document():
    found = json.loads(written("csl", hostile()))
    jsonschema.validate(found, CSL)
    assert {"id": "тест.html", "type": "document", "title": " ".join(HOSTILE), "language": "en"} == found[0]
    assert [item["author"][0]["literal"] for item in found[1:]] == [f"{x} [@ann_{n}]" for n, x in enumerate(HOSTILE)]


def test_another_reader_of_bibtex_gets_every_name_and_title_back():
    library = bibtexparser.parse_string(
        written("bibtex", hostile()), append_middleware=[LatexDecodingMiddleware(keep_braced_groups=False)]
    )
    seen = str.maketrans({"{": None, "}": None, "ˆ": "^"})  # this reader drops the names of braces
    assert not library.failed_blocks
    assert [entry.entry_type for entry in library.entries] == ["misc", *["online"] * len(HOSTILE)]
    for entry, item in zip(library.entries, items(hostile()), strict=True):
        assert entry["title"].translate(seen) == item["title"].translate(seen)
        assert entry.get("url") is None or entry["url"] == item["URL"]
        name = item["author"][0]["literal"] if "author" in item else ""
        assert (entry["author"] if name else "").translate(seen) == name.translate(seen)


def test_another_reader_of_ris_gets_every_name_and_title_back():
    for entry, item in zip(rispy.loads(written("ris", hostile())), items(hostile()), strict=True):
        assert entry["title"] == item["title"]
        assert entry.get("authors", []) == [name["literal"] for name in item.get("author", ())]
        assert entry.get("urls", [None]) == [item.get("URL")]


def test_the_article_is_named_in_every_format_whether_it_has_an_address_or_a_heading(article):
    text = f"The pier is shut\n\n{ARTICLE}"
    for document in (article, extract(text, id="a.txt"), extract(text, id="https://paper.example/b")):
        (page, *_), title = items(document), document.title or "The pier is shut"
        assert page["title"] == title
        assert page.get("URL") == {"a.txt": article.url}.get(document.id, document.id) or "URL" not in page
        assert f"TI  - {title}\n" in written("ris", document)
        assert written("bibtex", document).startswith("@misc" if "URL" not in page else "@online")
    assert [item["type"] for item in items(extract("Rain.\n— Ann (@ann_b) 3 mai 2017"))] == ["post"]


OUTLETS = "domain,handle,note\npaper.example,@Ann_B,\nwww.other.example,someone,x\n"


@pytest.mark.parametrize(
    ("url", "name", "own"),
    [
        ("https://www.paper.example/a", "x", "1"),
        ("https://other.example/a", "x", "0"),
        ("https://notpaper.example/a", "x", ""),
        (None, "corpus/paper.example/a.txt", "1"),
        (None, "a.txt", ""),
    ],
)
def test_an_outlet_that_cites_its_own_account_is_seen_where_somebody_says_whose_it_is(article, url, name, own):
    view = View(outlets=outlets(OUTLETS.splitlines(keepends=True), "o.csv"))
    (row,) = csv.DictReader(
        io.StringIO("".join(writer("coding-sheet").write([article._replace(url=url, id=name)], view)))
    )
    assert row["self_citation"] == own


@pytest.mark.parametrize(
    ("table", "reason"),
    [
        ("handle\nann_b\n", "no column domain: the first row is domain,handle"),
        ("", "no column domain and no handle"),
        ("domain,handle\npaper,ann_b\n", "line 2: no domain: 'paper'"),
        ("domain,handle\npaper.example,\n", "line 2: no handle: ''"),
        ("domain,handle\npaper.example\n", "line 2: no handle: ''"),
        ('domain,handle\n\0,"a\n', "line 2"),
    ],
)
def test_a_table_of_outlets_that_is_none_is_named(table, reason):
    with pytest.raises(InputError, match=re.escape(reason)):
        outlets(io.StringIO(table), "o.csv")


def test_outlets_come_from_a_file_and_are_for_the_coding_sheet(run, tmp_path):
    (tmp_path / "paper.example").mkdir()
    (tmp_path / "paper.example" / "a.txt").write_text(ARTICLE, encoding="utf-8")
    (tmp_path / "o.csv").write_text(OUTLETS, encoding="utf-8-sig")
    told = ["--outlets", tmp_path / "o.csv", tmp_path / "paper.example" / "a.txt"]
    for jobs in ("1", "2"):
        done = run("extract", "-f", "coding-sheet", "--jobs", jobs, *told)
        assert [row["self_citation"] for row in csv.DictReader(io.StringIO(done.stdout))] == ["1"]
    assert "argument --outlets: it is for -f coding-sheet" in run("extract", "-f", "csv", *told).stderr


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
    assert (done.returncode, "invalid choice: 'bibtex'" in done.stderr) == (2, True)
    done = run(command, "-o", "refs.bib", "--offline", "a.txt")
    assert (done.returncode, "bibtex is written of documents" in done.stderr) == (2, True)


def test_no_two_references_have_one_key():
    names = ["a/b.txt", "a-b.txt", "A/B.txt", "a  b.txt", "a b.txt", "é.txt", "è.txt", "\ud800.txt", "\ud801.txt"]
    documents = [extract(ARTICLE, id=name) for name in names] * 2
    written = {form: "".join(writer(form).write(documents, View())) for form in ("bibtex", "ris", "csl")}
    keys = {
        "bibtex": [key.lower() for key in re.findall(r"@online\{(.*),", written["bibtex"])],
        "ris": re.findall(r"ID  - (.*)", written["ris"]),
        "csl": [item["id"] for item in json.loads(written["csl"])],
    }
    assert {form: (len(found), len(set(found))) for form, found in keys.items()} == dict.fromkeys(keys, (9, 9))


def test_an_article_that_is_called_like_a_tweet_has_a_key_of_its_own():
    tweet = f"Rain.\n\n{TWEET} https://twitter.com/ann_b/status/{ID}\n"
    article = extract(f"<title>Pier</title><p>{TWEET}</p>", format="html", id=f"tweet-{ID}")
    found = [item["id"] for item in items(article)]
    both = [item["id"] for item in references([extract(tweet), article])]
    assert len(both) == len(set(both)) == 1 + len(found)
