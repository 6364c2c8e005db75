"""Tweets are taken out, marked or brought into one shape, and every edit can be undone."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tweetlinks import Document, Resolution, extract, mask, normalise, resolve_links, strip

TWEET = "Rain at the pier #rain https://t.co/abcdefghijpic.twitter.com/abcdefghik\n— Ann Bee (@ann_b) 3 mai 2017"
ARTICLE = f"The pier was shut.\n\n{TWEET}\n\nNobody listened (https://x.com/ann_b/status/780925634837913600 said so).\n"


def test_a_tweet_is_taken_out_with_the_blank_lines_behind_it():
    edited = strip(ARTICLE)
    assert edited.text == ARTICLE.replace(f"{TWEET}\n\n", "")
    (edit,) = edited.edits
    assert (edit.citation, edit.old) == ("c1", f"{TWEET}\n\n")


def test_a_mask_says_what_is_known_of_the_tweet():
    assert mask(ARTICLE, "<{handle} {date} {id}>").text == ARTICLE.replace(TWEET, "<ann_b 2017-05-03 >")
    assert mask(ARTICLE, "@", kinds=("embed", "link")).text.count("@") == 2


def test_glued_links_come_apart_and_an_attribution_is_a_line_with_a_day():
    glued = "Se dit inquiet https://t.co/abcdefghijpic.twitter.com/abcdefghik— Ann Bee (@ann_b) 3 mai 2017 Suite."
    assert normalise(glued).text == (
        "Se dit inquiet https://t.co/abcdefghij pic.twitter.com/abcdefghik\n— Ann Bee (@ann_b) 2017-05-03 Suite."
    )
    handle = "Rain https://t.co/abcdefghij@bob_c\n— Ann Bee (@ann_b) 3 mai 2017"
    assert normalise(handle).text == "Rain https://t.co/abcdefghij @bob_c\n— Ann Bee (@ann_b) 2017-05-03"


def test_a_link_that_is_expanded_is_replaced_by_where_it_leads():
    def known(urls):
        return {url: Resolution(url, "expanded", "unchecked", "https://paper.example/a", None) for url in urls}

    document = resolve_links(extract(TWEET), known)
    assert normalise(document).text.startswith(
        "Rain at the pier #rain https://paper.example/a https://paper.example/a\n"
    )
    assert normalise(document).restore() == TWEET


def test_html_is_cleaned_as_its_reader_reads_it():
    link = '<a href="https://twitter.com/ann_b/status/780925634837913600">May 3, 2017</a>'
    embed = f'<blockquote class="twitter-tweet"><p>Rain</p>&mdash; Ann (@ann_b) {link}</blockquote>'
    assert strip(f"<p>One.</p>{embed}<p>Two.</p>").text == "One.\n\nTwo."


def test_a_record_without_its_text_cannot_be_cleaned():
    record = Document.from_dict(extract(ARTICLE).to_dict())
    with pytest.raises(ValueError, match="holds no text"):
        strip(record)


PIECES = st.sampled_from([
    TWEET, "The pier was shut.", "\n", "\n\n", " ", "https://t.co/abcdefghij", "@bob", "— Bob (@bob_c) May 3, 2018",
    "«", "😀", "pic.twitter.com/abcdefghij", "\r\n",
])  # fmt: skip


@given(st.lists(PIECES, max_size=12).map("".join))
def test_every_edit_can_be_undone_and_one_shape_is_one_shape(text):
    for edited in (strip(text), mask(text), mask(text, "{handle}"), normalise(text)):
        assert edited.restore() == text
        for edit in edited.edits:
            assert 0 <= edit.span[0] <= edit.span[1] <= len(edited.text)
