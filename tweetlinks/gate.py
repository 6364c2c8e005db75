"""Decide from the bytes of a page whether it can hold a citation at all, so that most pages are never parsed. Pure.

Exact in one direction: a page that holds a citation is always let through. Every citation needs one of the literals
below; they are looked for in the bytes as they stand and, for HTML inside JSON or base64, in the spellings that these
give them.
"""

from __future__ import annotations

import re

__all__ = ["can_cite"]

_LITERALS = (
    b"twitter-tweet",
    b"twitter-video",
    b"pic.twitter.com/",
    b"pic.x.com/",
    b"//t.co/",
    b"tweetid",
    b"tweet-id",
    b"tweet_id",
    b"embed-twitter",
    b"embetty-tweet",
    b"createtweet",
    b"platform.twitter.com/embed/",
    b"platform.x.com/embed/",
    b"\\/\\/t.co\\/",
    b"bbpbox",
    b"tweet-link",
    b'data-testid="tweet"',
    b"threadreaderapp.com/thread",
    b"twitter-thread.com/t/",
    b"twitter.min.html",
    b"(@",
)
"""In lower case; the page is lowered once. Each is rare in pages without a tweet."""
_NUMBER = re.compile(
    rb"tw(?:eet|itter)[^<>]{0,200}?[^0-9][1-9][0-9]{14,18}(?![0-9])|-id=\\?[\"']?[1-9][0-9]{14,18}(?![0-9])"
)
"""A number that can be an id, behind a word that says so, or under a general name. Linear: a bounded run."""
_STATUS = re.compile(rb"status(?:es)?(?:/|%2f|\\/|\\+u002f|&#)")
_HOSTS = (b"twitter", b"x.com", b"nitter", b"fixup", b"xcancel", b"threadreader")
_BEFORE = 160  # bytes before `status` in which its host stands
_BASE64 = (b"dHdpdHRlc", b"R3aXR0ZX", b"0d2l0dGVy")
"""`twitter` in base64, as it begins at each of three bytes."""
_WIDE = (b"\xff\xfe", b"\xfe\xff")


def can_cite(data: bytes) -> bool:
    """Tell whether a page can hold a citation.

    >>> can_cite(b'<p><a href="https://twitter.com/ann_b">Ann</a>'), can_cite(b'<blockquote class="twitter-tweet">')
    (False, True)
    """
    if data[:2] in _WIDE or b"\0" in data[:64]:
        return True
    lower = data.lower()
    if any(literal in lower for literal in _LITERALS) or any(literal in data for literal in _BASE64):
        return True
    if (b"twitter" in lower or b"tweet" in lower) and _NUMBER.search(lower):
        return True
    for found in _STATUS.finditer(lower):
        before = lower[max(0, found.start() - _BEFORE) : found.start()]
        if any(host in before for host in _HOSTS):
            return True
    return False
