"""What `tweetlinks.charsets` promises: pages are decoded as browsers decode them."""

from __future__ import annotations

import pytest

from tweetlinks.charsets import codec_of, decode_page

LABELS = [
    ("x-cp1251", "cp1251", "Маяк не горит"),
    ("iso-8859-8-i", "iso-8859-8", "אין אור"),
    ("windows-874", "cp874", "ไม่มีไฟ"),
    ("dos-874", "cp874", "ไม่มีไฟ"),
    ("windows-31j", "cp932", "灯りがない"),
    ("iso-2022-jp", "iso-2022-jp", "灯りがない"),
    ("x-gbk", "gbk", "没有灯"),
    ("x-x-big5", "big5", "沒有燈"),
    ("cn-big5", "big5", "沒有燈"),
    ("x-mac-roman", "mac-roman", "Café"),
    ("x-mac-cyrillic", "mac-cyrillic", "Маяк"),
    ("windows-949", "cp949", "등불이 없다"),
    ("koi8-ru", "koi8-u", "Маяк"),
    ("x-euc-jp", "euc-jp", "灯りがない"),
    ("latin1", "cp1252", "– “thé”"),
]


def page(words: str, codec: str, head: str = "") -> bytes:
    return f"<html><head>{head}</head><p>{words}</p></html>".encode(codec, "xmlcharrefreplace")


@pytest.mark.parametrize(("label", "codec", "words"), LABELS, ids=[row[0] for row in LABELS])
def test_a_label_means_what_it_means_to_browsers(label, codec, words):
    text, _ = decode_page(page(words, codec, f'<meta charset="{label}">'))
    assert f"<p>{words}</p>" in text


@pytest.mark.parametrize("label", ["utf-16", "idna", "undefined", "utf-7", "unicode_escape", "punycode", "zip", ""])
def test_a_label_that_names_no_charset_of_pages_is_passed_over(label):
    data = page("Café – “thé” +AD4-", "cp1252", f'<meta charset="{label}">')
    assert "<p>Café – “thé” +AD4-</p>" in decode_page(data)[0]
    assert codec_of(label) in (None, "utf-16-le")


@pytest.mark.parametrize("head", ["", '<meta charset="utf-8">', '<meta charset="nonsense">'])
def test_a_letter_that_the_end_cuts_in_two_costs_nothing_else(head):
    data = page("灯りがない", "utf-8", head) + "<p>灯".encode()
    assert "<p>灯りがない</p>" in decode_page(data[:-1])[0]


@pytest.mark.parametrize("codec", ["utf-16-le", "utf-16-be"])
def test_two_bytes_a_letter_are_told_without_a_mark(codec):
    assert decode_page(page("Маяк не горит", codec))[1] == codec


def test_a_label_in_a_comment_is_none():
    head = '<!-- <meta charset="koi8-r"> --><meta charset="windows-1251">'
    assert "<p>Маяк</p>" in decode_page(page("Маяк", "cp1251", head))[0]


def test_one_accent_of_latin_is_no_damaged_utf_8():
    assert decode_page("<p>Café</p>".encode("cp1252")) == ("<p>Café</p>", "cp1252")
