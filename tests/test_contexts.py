"""The passage that a citation serves: what is a candidate, what speaks for it, what is kept."""

from __future__ import annotations

import tomllib
from pathlib import Path

import pytest

from tweetlinks import extract
from tweetlinks.contexts import Surroundings, contexts_of, rank_contexts
from tweetlinks.tables import read_table

CASES = Path(__file__).parent / "cases"
TWEET = "No lamp at the wooden pier tonight. pic.twitter.com/Aa1Bb2Cc3D\n— Nora Quill (@noraquill) May 2, 2019"
PLAIN = [f"Nothing of note was done on day {n}." for n in range(9)]
LONG = [line + " It rained, then the sun came out, then it rained once more; nobody cared." * 4 for line in PLAIN]

ARTICLES = {
    "before:6": "\n".join([*PLAIN, TWEET, *PLAIN]),
    "sentence": "\n".join([*LONG, TWEET, *LONG]),
    "dash": f"It rained.\n- No lamps\n- No boats\n{TWEET}",
    "top": f"It rained.\n{TWEET}",
    "crossed:2": "\n".join([PLAIN[0], TWEET, TWEET, TWEET, TWEET, PLAIN[1]]),
    "dots": f"She was clear about it…\n{TWEET}",
    "furniture": f"Rain.\nAdvertisement\n{TWEET}",
    "holds-quote": f"She said that “all is well” and left.\n{TWEET}",
    "repeats": f"She wrote: no lamp at the wooden pier tonight, and that was that.\n{TWEET}",
}
"""An article that shows each of the rarer features; the common ones show in every article."""


def features(text):
    document = extract(text)
    around = Surroundings(document, document.citations)
    embeds = [citation for citation in document.citations if citation.kind == "embed"]
    return {name for citation in embeds for _, _, names in rank_contexts(around, citation) for name in names}


@pytest.mark.parametrize("name", ARTICLES)
def test_an_article_shows_a_feature(name):
    assert name in features(ARTICLES[name])


def test_every_feature_with_a_weight_can_be_seen():
    texts = [
        case["text"]
        for name in ("articles", "attributions")
        for case in tomllib.loads((CASES / f"{name}.toml").read_text(encoding="utf-8"))["case"]
    ]
    seen = set().union(*map(features, [*texts, *ARTICLES.values()]))
    assert {name for name, _ in read_table("contexts.tsv", fields=2)} <= seen


def served(text):
    document = extract(text)
    return [
        [text[slice(*context.span)] for context in citation.contexts]
        for citation in document.citations
        if citation.kind == "embed"
    ]


def test_a_line_that_leads_on_is_the_context():
    assert (
        served(f"It rained.\nHer answer came at noon:\n{TWEET}\nThen the sun came out.")[0][0]
        == "Her answer came at noon:"
    )


def test_prose_after_the_tweet_that_names_its_author_is_the_context():
    text = f"It rained.\n{TWEET}\nWith the tweet above Nora Quill answered the board of the pier."
    assert served(text)[0][0].startswith("With the tweet above")


def test_a_document_of_tweets_alone_has_no_context():
    assert served(f"{TWEET}\n{TWEET}\n") == [[], []]


def test_bare_links_are_no_context():
    assert served(f"https://pier.example/a https://pier.example/b\n{TWEET}") == [[]]


def test_of_one_long_line_the_context_is_a_sentence():
    text = (
        "It rained all day long and nobody went out to the pier. " * 20
        + "Nora Quill answered the board at noon: "
        + TWEET.replace("\n", " ")
    )
    (contexts,) = served(text)
    assert all(len(context) < 200 for context in contexts)


def test_the_place_of_a_context_is_told():
    document = extract(f"Her answer came at noon:\n{TWEET}")
    around = Surroundings(document, document.citations)
    (context, *_) = contexts_of(around, document.citations[0])
    assert (context.paragraph, context.position, "leads" in context.evidence) == (0, "before", True)


def doubtful(text, start, second):
    """Return the contexts of a tweet whose words may start at `second` instead, as likely as not."""
    document = extract(text)
    (citation,) = document.citations
    end = citation.text_span[1]
    citation = citation._replace(
        span=(text.index(start), citation.span[1]),
        text_span=(text.index(start), end),
        alternative=(text.index(second), end),
        text_confidence=0.5,
    )
    return contexts_of(Surroundings(document, [citation]), citation)


def test_the_second_is_what_the_words_swallowed_where_they_may_start_too_early():
    text = f"It rained.\nThe sun came out.\nA walk on the pier\n{TWEET}"
    first, second = doubtful(text, "A walk", "No lamp")
    assert (text[slice(*first.span)], text[slice(*second.span)]) == ("The sun came out.", "A walk on the pier")
    assert (second.position, second.evidence) == ("same", ("start-doubtful",))
    assert first.confidence >= second.confidence


def test_the_words_of_a_tweet_that_may_start_earlier_are_no_context():
    text = f"It rained.\nThe sun came out.\nA walk on the pier\n{TWEET}"
    served_by = [text[slice(*context.span)] for context in doubtful(text, "No lamp", "A walk")]
    assert not any("No lamp" in passage for passage in served_by)


def test_words_that_bend_are_shared():
    seen = features(f"Die Bürgermeisterinnen waren da.\nEs regnete.\n{TWEET.replace('lamp', 'Bürgermeister')}")
    assert "shares:1" in seen


def test_a_passage_that_grows_when_folded_has_a_size():
    assert served(f"Der Fluß {'ß' * 60} fror.\n{TWEET}") == [[f"Der Fluß {'ß' * 60} fror."]]


@pytest.mark.parametrize("label", ["Auch interessant:", "Read more:", "À lire aussi :"])
def test_what_a_label_of_other_articles_announces_is_no_context(label):
    text = f"The pier is shut.\n{TWEET}\n{label}\nNora Quill and her lamps on Twitter, a portrait."
    document = extract(text)
    assert [document.text[slice(*context.span)] for context in document.citations[0].contexts] == ["The pier is shut."]


def test_the_credit_line_of_another_service_is_no_passage():
    tweets = "Rain at the pier pic.twitter.com/aaaaaaaaaa\n— Ann (@ann_b) May 3, 2017"
    credit = "A post shared by Ann (@ann_b) on May 3, 2017 at 10:11am PDT"
    text = f"The pier was shut on Monday.\n\nThread by Ann:\n\n{tweets}\n\n{credit}\n\nIt rained on Tuesday, too."
    (citation,) = extract(text).citations
    assert all("post shared" not in text[slice(*context.span)] for context in citation.contexts)
