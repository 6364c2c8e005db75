"""A citation gets its tweet back, and what speaks for and against it has a name."""

from __future__ import annotations

import csv
import os
from datetime import date, timedelta
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tweetlinks import annotate, extract
from tweetlinks.evidence import CHECKS, check, identify, length, most
from tweetlinks.model import Citation, Resolution
from tweetlinks.tweets import created_at, ids_of_day, utc_day

SHARED = Path(os.environ.get("TWEETLINKS_CORPUS") or Path(__file__).parents[2] / "shared")
ID = "780920000000000000"
OWN = f"https://twitter.com/ann_b/status/{ID}"
PRINTED = "Rain at the pier https://t.co/aaaaaaaaaa pic.twitter.com/bbbbbbbbbb\n— Ann (@ann_b) September 28, 2016"


def led(**targets: str):
    """A resolver that knows where the code of a link leads."""
    from tweetlinks.tweets import parse_status_url

    def resolver(urls):
        found = {}
        for url in urls:
            target = targets.get(url.rpartition("/")[2])
            tweet = parse_status_url(target) if target else None
            word = "expanded" if target else "dead"
            found[url] = Resolution(url, word, "terminal-social" if tweet else "unchecked", target, "http", tweet=tweet)
        return found

    return resolver


def only(text: str, **targets: str):
    document = annotate(text, resolver=led(**targets))
    assert len(document.citations) == 1
    return document.citations[0], [link.role for link in document.links]


def test_a_flattened_tweet_gets_its_id_url_and_time_from_its_picture():
    citation, roles = only(PRINTED, bbbbbbbbbb=f"{OWN}/photo/1", aaaaaaaaaa="https://dest.example/a")
    assert (citation.tweet_id, citation.url) == (ID, OWN)
    assert citation.created_at == created_at(ID)
    assert {"media-link", "date=id", "handle=link", "length"} <= set(citation.evidence)
    assert roles == ["outlink", "self-media"]


@pytest.mark.parametrize(
    "form",
    [
        "https://x.com/ann_b/status/{}/photo/1",
        "https://mobile.twitter.com/ANN_B/status/{}/video/1?s=20",
        "https://twitter.com/ann_b/statuses/{}/photo/4",
        "https://twitter.com/i/web/status/{}/photo/1",
    ],
)
def test_every_spelling_of_a_picture_s_page_is_the_same_tweet(form):
    citation, _ = only(PRINTED, bbbbbbbbbb=form.format(ID))
    assert (citation.tweet_id, citation.url) == (ID, OWN)


def test_the_picture_of_another_author_s_tweet_gives_no_id():
    citation, roles = only(PRINTED, bbbbbbbbbb=f"https://twitter.com/bob/status/{ID}/photo/1")
    assert citation.tweet_id is None
    assert "media-link" not in citation.evidence
    assert roles[1] == "quote"


def test_a_quoted_tweet_is_not_the_tweet_itself():
    citation, roles = only(PRINTED, aaaaaaaaaa="https://twitter.com/bob/status/780910000000000000")
    assert citation.tweet_id is None
    assert roles == ["quote", "self-media"]


def test_the_link_of_a_tweet_that_was_cut_short_leads_to_the_tweet():
    text = "Rain at the pier, and then… https://t.co/aaaaaaaaaa\n— Ann (@ann_b) September 28, 2016"
    citation, roles = only(text, aaaaaaaaaa=f"https://twitter.com/i/web/status/{ID}")
    assert (citation.tweet_id, citation.url, roles) == (ID, OWN, ["self"])
    assert "own-link" in citation.evidence


@pytest.mark.parametrize(
    ("day", "word"),
    [("September 28, 2016", "date=id"), ("September 27, 2016", "date~id"), ("September 20, 2016", "date!=id")],
)
def test_the_printed_day_is_compared_with_that_of_the_id(day, word):
    citation, _ = only(PRINTED.replace("September 28, 2016", day), bbbbbbbbbb=f"{OWN}/photo/1")
    assert [name for name in citation.evidence if "id" in name and "date" in name] == [word]


def test_evidence_for_raises_the_confidence_and_evidence_against_lowers_it():
    plain, _ = only(PRINTED)
    good, _ = only(PRINTED, bbbbbbbbbb=f"{OWN}/photo/1")
    bad, _ = only(PRINTED.replace("28, 2016", "20, 2016"), bbbbbbbbbb=f"{OWN}/photo/1")
    assert bad.confidence < plain.confidence <= good.confidence


def test_an_id_that_holds_no_time_gets_an_estimate_with_an_error_bar():
    found = check(Citation("embed", "flattened", (0, 9), tweet_id="20", date="2006-03-21", date_text="March 21, 2006"))
    assert found.created_at is None
    assert found.created_estimate
    assert found.created_estimate.at.startswith("2006-03-21")
    assert "id-range" in found.evidence
    wrong = check(Citation("embed", "flattened", (0, 9), tweet_id="20", date="2008-03-21", date_text="March 21, 2008"))
    assert "date!=id" in wrong.evidence


def test_a_handle_in_the_url_that_is_not_the_author_s_is_a_conflict():
    text = f"Rain at the pier #rain\n— Ann (@ann_b) September 28, 2016 https://twitter.com/bob/status/{ID}"
    citation = next(c for c in extract(text).citations if c.screen_name)
    tied = check(citation._replace(tweet_id=ID, url=f"https://twitter.com/bob/status/{ID}"))
    assert "handle!=link" in tied.evidence


def test_what_is_too_long_for_its_day_says_so():
    words = "rain " * 40
    old = Citation("embed", "flattened", (0, 9), text=words, date="2015-03-21")
    assert "too-long" in check(old).evidence
    assert "length" in check(old._replace(date="2019-03-21")).evidence


@pytest.mark.parametrize(
    ("text", "day", "count"),
    [
        ("é" * 10, "2010-01-01", 10),
        ("e\u0301", "2010-01-01", 1),
        ("雨" * 10, "2010-01-01", 10),
        ("雨" * 10, "2018-01-01", 20),
        ("“a” – b", "2018-01-01", 7),
        ("rain pic.twitter.com/aaaaaaaaaa", "2018-01-01", 5),
        ("pic.twitter.com/aaaaaaaaaa", "2015-01-01", 23),
        ("@ann_b @bob rain https://t.co/aaaaaaaaaa https://t.co/bbbbbbbbbb", "2018-01-01", 30),
    ],
)
def test_letters_are_counted_as_the_service_did(text, day, count):
    assert length(text, day=day) == count


def test_limits_grow():
    days = ["2006-01-01", "2016-01-01", "2017-12-01", "2023-02-09", "2023-05-01", "2024-01-01"]
    assert [most(day) for day in days] == [140, 140, 280, 4000, 10000, 25000]


def test_a_record_keeps_what_was_found():
    from tweetlinks import Document

    document = annotate(PRINTED, resolver=led(bbbbbbbbbb=f"{OWN}/photo/1"))
    again = Document.from_dict(document.to_dict(with_text=True))
    assert again.citations[0].tweet_id == ID
    assert [link.role for link in again.links] == [link.role for link in document.links]
    assert again.citations[0].created_estimate is None


def test_identifying_twice_changes_nothing():
    document = annotate(PRINTED, resolver=led(bbbbbbbbbb=f"{OWN}/photo/1"))
    assert identify(document) == document


@given(st.dates(date(2010, 11, 6), date(2040, 1, 1)))
def test_the_ids_of_a_day_are_of_that_day_and_their_neighbours_are_not(day):
    first, last = ids_of_day(day.isoformat())
    assert (utc_day(first), utc_day(last)) == (day.isoformat(), day.isoformat())
    assert utc_day(str(int(last) + 1)) == (day + timedelta(days=1)).isoformat()


NUMBERS = st.from_regex(r"[1-9]\d{0,25}", fullmatch=True)
CITATIONS = st.builds(
    Citation,
    st.just("embed"),
    st.just("flattened"),
    st.just((0, 1)),
    tweet_id=NUMBERS | st.none(),
    date=st.dates().map(str) | st.none(),
    date_text=st.just("x"),
    text=st.text() | st.none(),
    screen_name=st.just("a"),
    url=st.text() | st.none(),
    confidence=st.just(1.0),
    evidence=st.just(()),
)


@given(CITATIONS)
def test_no_citation_makes_a_check_raise_and_confidence_stays_a_share(citation):
    found = check(citation)
    assert 0 <= found.confidence <= 1
    assert len(found.evidence) <= len(CHECKS)
    assert check(found) == found


@pytest.mark.parametrize("name", ["dates-observed.tsv"])
def test_every_embed_that_was_seen_prints_the_day_of_its_id(name):
    path = SHARED / "facts" / name
    if not path.exists():
        pytest.skip("no corpus")
    with path.open(encoding="utf-8") as file:
        rows = list(csv.DictReader(file, delimiter="\t", quoting=csv.QUOTE_NONE))
    words = []
    for row in rows:
        text = f"Rain at the pier pic.twitter.com/bbbbbbbbbb\n— Ann (@ann_b) {row['shown_date']}"
        found = annotate(text, resolver=led(bbbbbbbbbb=f"https://twitter.com/ann_b/status/{row['status_id']}/photo/1"))
        words += [name for name in found.citations[0].evidence if name.startswith(("date=", "date~", "date!", "id-r"))]
    assert set(words) == {"date=id"}
    assert len(words) == len(rows) > 100


def test_without_an_answer_only_a_picture_is_known_to_be_the_tweet_s_own():
    assert [link.role for link in identify(extract(PRINTED)).links] == [None, "self-media"]
