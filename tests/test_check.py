"""`tweetlinks check`: verdicts, what speaks for and against them, and nothing sent that nobody asked for."""

from __future__ import annotations

import json

import pytest
from simulator import Clock, Web, redirect, say
from simulator.cases import LIMITS

from tweetlinks import annotate, extract
from tweetlinks.cache import MemoryCache
from tweetlinks.fetch import Resolver
from tweetlinks.lookups.quotes import compare
from tweetlinks.lookups.verdicts import VERDICTS, judge
from tweetlinks.model import Finding
from tweetlinks.write import View, writer
from tweetlinks.write.redaction import Redaction

SEED_ID = "780925634837913600"
TWEET = f"https://twitter.com/RTenfrancais/status/{SEED_ID}"


@pytest.fixture(autouse=True)
def _online(monkeypatch):
    monkeypatch.delenv("TWEETLINKS_OFFLINE", raising=False)


@pytest.fixture
def web():
    with Web() as made:
        made.on("t.co/X1lgDNwjj7", redirect(f"{TWEET}/photo/1"))
        made.on("t.co/zKHAP1vQMJ", redirect("https://francais.rt.com/a"))
        made.on("t.co/GMvtFcKrKS", redirect("https://on.rt.com/7qi2"))
        made.on("on.rt.com", redirect("https://www.rt.com/a"))
        yield made


def settings(web: Web) -> dict:
    clock = Clock()
    return web.options(cache=MemoryCache(now=clock.now), limits=LIMITS, sleep=clock.sleep, now=clock.now)


def test_the_seed_gets_its_tweet_back_and_the_other_one_a_query(web, seed):
    with Resolver(**settings(web)) as resolver:
        document = annotate(seed.read_bytes(), resolver=resolver)
    first, second = (judge(document, citation, lambda _: []) for citation in document.citations)
    citation = first.citation
    assert (citation.tweet_id, citation.url) == (SEED_ID, TWEET)
    assert citation.created_at
    assert citation.created_at.startswith("2016-09-28T")
    assert {"media-link", "date=id", "handle=link"} <= set(citation.evidence)
    assert (first.word, first.queries, first.proof) == ("consistent", None, (TWEET,))
    assert (second.word, second.citation.tweet_id) == ("unproven", None)
    assert second.queries
    assert second.queries.search.startswith("from:RT_com since:2016-09-27 until:2016-09-28 ")
    assert second.queries.ids == ("780557564113846272", "780919951979446271")
    assert "twitter.com/RT_com/status/780" in (second.queries.index_url or "")
    assert {seen.host for seen in web.requests} == {"t.co", "on.rt.com"}
    assert len(web.requests) == 4


PRINTED = "Rain at the pier, and fog. #rain\n— Ann (@ann_b) September 28, 2016 https://twitter.com/ann_b/status/780925634837913600"


def verdict(*findings: Finding, text: str = PRINTED):
    document = extract(text)
    return judge(document, document.citations[0], lambda _: findings)


def found(text: str | None, **more) -> Finding:
    facts = {"screen_name": "ann_b", "date": "2016-09-28"} | more
    return Finding("oembed", "u", "tweet-found", text=text, **facts)


@pytest.mark.parametrize(
    ("finding", "word", "state", "name"),
    [
        (found("Rain at the pier, and fog. #rain https://t.co/aaaaaaaaaa"), "confirmed", "found", "quote:exact"),
        (found("Oh. Rain at the pier, and fog. #rain"), "confirmed", "found", "quote:shortened"),
        (found("Rain at the pier, no fog. #rain"), "altered", "found", "quote:altered"),
        (found("Rain at the pier, and fog. #rain", screen_name="bob"), "conflict", "found", "author!=tweet"),
        (found("Rain at the pier, and fog. #rain", date="2015-01-01"), "conflict", "found", "date!=tweet"),
        (found(None, date="soon"), "consistent", "found", "tweet-found"),
        (Finding("syndication", "u", "tweet-deleted"), "consistent", "deleted", "tweet-deleted"),
        (Finding("oembed", "u", "tweet-missing"), "consistent", "missing", "date=id"),
        (Finding("oembed", "u", "rate-limited"), "consistent", None, "date=id"),
    ],
)
def test_what_was_found_makes_the_verdict(finding, word, state, name):
    said = verdict(finding)
    assert (said.word, said.state) == (word, state)
    assert name in said.citation.evidence
    assert said.word in VERDICTS


def test_a_service_that_shows_the_tweet_is_right_whatever_another_says():
    said = verdict(Finding("syndication", "u", "tweet-withheld"), found("Rain at the pier, and fog. #rain"))
    assert (said.word, said.state, said.compared_with) == ("confirmed", "found", "oembed")


def test_an_archived_copy_is_proof_and_its_words_are_compared():
    copy = "https://web.archive.org/web/20160928000000/https://twitter.com/ann_b/status/780925634837913600"
    said = verdict(Finding("wayback", "u", "archived", text="Rain at the pier, and fog. #rain", archive_url=copy))
    assert (said.word, said.compared_with) == ("confirmed", "wayback")
    assert copy in said.proof


def test_a_printed_day_that_is_not_the_id_s_is_a_conflict():
    day = PRINTED.replace("September 28, 2016 ", "September 28, 2012\n\n")
    document = extract(day)
    citation = document.citations[0]._replace(tweet_id=SEED_ID, url=TWEET)
    from tweetlinks.evidence import check

    assert judge(document, check(citation), lambda _: []).word == "conflict"


def test_nobody_is_asked_about_a_tweet_without_an_id():
    asked = []
    document = extract("Rain #rain\n— Ann (@ann_b) September 28, 2016")
    judge(document, document.citations[0], lambda citation: asked.append(citation) or [])
    assert asked == []


@pytest.mark.parametrize("form", ["jsonl", "json", "csv", "table"])
def test_every_format_shows_a_verdict(form):
    said = verdict(found("Rain at the pier, no fog. #rain"))
    shown = "".join(writer(form).checks([said], View()))
    assert "altered" in shown
    assert "date=id" in shown
    if form == "jsonl":
        record = json.loads(shown)
        assert [change["found"] for change in record["quote"]["diff"]] == ["no"]
        assert record["for"][0]["strength"] > 0


def test_hostile_words_do_not_drive_a_terminal():
    said = verdict(found("\x1b[31mRain\u202e"), text=PRINTED.replace("Rain", "\x1b[2JRain"))
    assert "\x1b" not in "".join(writer("table").checks([said], View()))


@pytest.mark.parametrize("form", ["jsonl", "json", "csv", "table"])
def test_redacted_output_names_nobody(form):
    said = verdict(found("Rain at the pier, no fog. #rain @bob"))
    shown = "".join(writer(form).checks([said], View(redacted=True)))
    assert "ann_b" not in shown
    assert "Ann" not in shown
    assert "bob" not in shown
    assert "user1" in shown


def test_the_same_handle_becomes_the_same_word_and_queries_have_none():
    redaction = Redaction()
    assert redaction.of({"screen_name": "Ann_B", "text": "from:ann_b x", "queries": {"search": "from:ann_b"}}) == {
        "screen_name": "user1",
        "text": "from:user1 x",
        "queries": None,
    }
    assert redaction.of("https://x.com/search?q=from%3Aann_b") == "https://x.com/search?q=from:user1"
    assert redaction.of("https://twitter.com/i/status/1 a.b@c") == "https://twitter.com/i/status/1 a.b@user2"


@pytest.mark.parametrize(
    "text",
    [
        "https://twitter.com/#!/carol_d/status/1",
        "https://nitter.net/carol_d/status/1",
        "https://fxtwitter.com/Carol_D/status/1",
        "https://twitter.com//carol_d",
        "(twitter.com/carol_d)",
        "twitter.com/carol_d.",
        "https%3A%2F%2Ftwitter.com%2Fcarol_d%2Fstatus%2F1",
        "＠carol_d",
        "@carol_d and carol_d",
        "https://nitter.net/carol_d",
        "https://threadreaderapp.com/user/carol_d",
        "https://twitter.com:443/carol_d",
        "https://twitter.com/intent/user?screen_name=carol_d",
        "https://twitter.com/%63arol_d",
        "%40carol_d from%253Acarol_d",
        "to:carol_d",
        "@\u2066carol_d\u2069",
        "これは@carol_dと",
        "@carol_dさんのことをとても深く愛していますよねほんとうに",
        "https://t.co/GMvtFcKrKS@carol_d",
    ],
)
def test_no_spelling_of_a_handle_is_left(text):
    assert "carol_d" not in Redaction().of({"text": text, "diff": [{"printed": "x"}]})["text"].lower()


def test_what_is_no_handle_stays():
    record = {
        "verdict": "confirmed", "screen_name": "confirmed", "date": "2016-09-28", "evidence": ["date:en"],
        "author_name": "Ann Müller", "text": "— Ann Müller on x.com/home: pic.twitter.com/X1lgDNwjj7 @com",
        "proof": ["https://twitter.com/confirmed/status/1", "https://x.com/com/status/1"],
    }  # fmt: skip
    assert Redaction().of(record) == record | {
        "screen_name": "user1",
        "author_name": None,
        "text": "— … on x.com/home: pic.twitter.com/X1lgDNwjj7 @user3",
        "proof": ["https://twitter.com/i/status/1", "https://x.com/i/status/1"],
    }


def test_redacting_takes_as_long_for_the_last_record_as_for_the_first():
    redaction = Redaction()
    for n in range(3000):
        redaction.of({"screen_name": f"user_{n}", "author_name": f"Ann {n}", "text": f"Ann {n} and user_{n}"})
    assert redaction.of({"text": "user_17 said", "author_name": None}) == {"text": "user18 said", "author_name": None}


def test_a_handle_that_lost_its_sign_is_redacted_too():
    said = verdict(found("Rain at the pier @secretbob #rain"), text=PRINTED.replace("fog", "@hiddencarol"))
    shown = "".join(writer("jsonl").checks([said], View(redacted=True)))
    assert "secretbob" not in shown
    assert "hiddencarol" not in shown


def test_the_command_says_unproven_offline_and_fails_on_request(run, tmp_path):
    page = tmp_path / "a.txt"
    page.write_text(PRINTED.replace("2016 h", "2012\n\nh"), encoding="utf-8")
    done = run("check", "--offline", "-f", "jsonl", str(page))
    records = [json.loads(line) for line in done.stdout.splitlines()]
    assert (done.returncode, [record["id"] for record in records]) == (0, [str(page)] * len(records))
    assert {record["verdict"] for record in records} <= set(VERDICTS)
    assert run("check", "--offline", "--fail-on", "unproven,conflict,consistent", str(page)).returncode == 3
    assert run("check", "--offline", "--fail-on", "altered", str(page)).returncode == 0
    assert "unknown look-up 'nobody'" in run("check", "--lookup", "nobody", str(page)).stderr


def test_the_command_asks_whom_it_is_told_to_and_nobody_else(web, seed, monkeypatch, capsys):
    import tweetlinks.fetch
    from tweetlinks.cli import main

    web.on("publish.twitter.com", say(404))
    made = settings(web)

    def wired(**told):
        return Resolver(**(made | {"archive": told["archive"]}))

    monkeypatch.setattr(tweetlinks.fetch, "Resolver", wired)
    assert main(["check", "-f", "jsonl", "--lookup", "oembed", str(seed)]) == 0
    first, second = map(json.loads, capsys.readouterr().out.splitlines())
    assert (first["state"], second["state"]) == ("missing", None)
    assert {seen.host for seen in web.requests} == {"t.co", "on.rt.com", "publish.twitter.com"}
    assert web.hits("publish.twitter.com") == 1
    assert main(["check", "-f", "jsonl", str(seed)]) == 0
    assert web.hits("publish.twitter.com") == 1


def test_compared_words_are_in_the_record():
    assert compare("Rain", "Fog").word == "altered"


@pytest.mark.parametrize(
    ("form", "page"),
    [
        ("html", '<amp-twitter data-tweetid="780925634837913600"></amp-twitter>'),
        ("html", '<iframe src="https://platform.twitter.com/embed/index.html?id=780925634837913600"></iframe>'),
        ("bbcode", "[tweet]780925634837913600[/tweet]"),
        ("markdown", "{{< tweet 780925634837913600 >}}"),
    ],
)
def test_an_id_without_a_url_is_looked_up_too(run, tmp_path, form, page):
    path = tmp_path / "a"
    path.write_text(f"<p>Rain.</p>{page}" if form == "html" else page, encoding="utf-8")
    done = run("check", "--offline", "--lookup", "oembed", "--from", form, "-f", "jsonl", str(path))
    (record,) = map(json.loads, done.stdout.splitlines())
    assert (done.returncode, record["findings"][0]["outcome"]) == (0, "offline")
    assert record["proof"] == ["https://twitter.com/i/status/780925634837913600"]
