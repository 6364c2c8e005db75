"""Decide from the bytes of a page whether it can hold a citation at all, so that most pages are never parsed. Pure.

Exact in one direction: a page that shows a tweet or leads to one is always let through. Prose that only tells of one
(kind `mention`) lets no page through: its words stand in too many. Every other citation needs one of the signs below;
they are looked for in the bytes as they stand and, for HTML inside JSON or base64, in the spellings that these give
them. A sign begins with a literal, which `re` finds faster than `in` does, and says what has to stand around it:
`.twitter-tweet` in a style sheet, `data-widget-id` and `/status/` without an id are none.
"""

from __future__ import annotations

import re

__all__ = ["can_cite"]

_GAP = rb"(?: [^\w<>] | amp | quot | apos | u00 | x )"
"""What may stand between a name and its number: quotation marks, colons, blanks, and how JSON and HTML spell them."""


def _pattern(pattern: bytes) -> re.Pattern[bytes]:
    return re.compile(pattern.replace(b"GAP", _GAP), re.VERBOSE)


_SIGNS = tuple(
    _pattern(pattern)
    for pattern in (
        # The class of a quotation: after a dot it is a selector of a style sheet, after a hyphen another class.
        # Then pictures, frames, an unroller, and an id under a name that says whose.
        rb"""twitter (?: - (?: tweet | video ) (?<! [._-]twitter-tweet ) (?<! [._-]twitter-video ) (?! [\w-] )
             | \.com/ (?: (?<= pic\.twitter\.com/ ) | (?<= platform\.twitter\.com/ ) embed/ )
             | -thread\.com/t/ | \.min\.html | s? [-_]? id \s{0,5} = GAP{0,12} [1-9] )""",
        rb"x\.com/ (?: (?<= pic\.x\.com/ ) | (?<= platform\.x\.com/ ) embed/ )",
        # An id in JSON or a class, in an attribute, in a call; then names of elements and classes.
        rb"""tweet (?: s? [-_]? id -? GAP{0,40} [1-9] | - [1-9][0-9]{14}
             | (?! [\w-]{0,20} limit ) [\w-]{0,20} \s{0,5} = GAP{0,12} [1-9] | (?: embed )? \s{0,40} \( GAP{0,40} [1-9]
             | -link | (?<= data-testid="tweet ) " | (?<= embetty-tweet ) | (?<= topics/tweet )
             | (?<= topics\\/tweet ) )""",
        # A handle in brackets, as attributions have it, linked or not.
        rb"@ (?: (?<= \(@ ) \w | (?<= \[@ ) \w | (?<= \xbc\x88@ ) \w | \w{1,20} \s{0,3} </a>\) )",
        rb"&\# (?: 0*64 | x0*40 ) ;",
        # A short link, with a scheme or without; one address of the service counts visits.
        rb"t\.co (?: (?<! [a-z0-9.-]t\.co ) / (?! i/adsct ) | (?<= /\\/t\.co ) \\/ (?! i\\/adsct ) )",
        rb"bbpbox",
        rb"threadreaderapp\.com/thread",
    )
)
_NUMBER = _pattern(rb"id= GAP{0,12} [1-9][0-9]{14,18} (?! [0-9] )")
"""An id under a general name, of a placeholder."""
_NAMED = re.compile(rb"[\s\"'/\\](?:[\w-]*[-_])?(?:embed|post|item|content|media|social|resource)?id=\Z")
"""Before it: the whole name of an attribute; a parameter of a URL has `?` or `&` before it."""
_OTHERS = re.compile(rb"(?:user|widget|limit|author|account)[\w-]*=\Z")
_STATUS = _pattern(
    rb"""status (?: (?P<own> s? [-_]? id \s{0,5} = GAP{0,12} [1-9] )
      | (?: es )? (?: [\\/] | %(?:25)*2f | u002f | & (?: amp; )* (?: \#0*47 | \#x0*2f | sol ) ;? )+ [1-9] )"""
)
_HOSTS = (b"twitter", b"x.com", b"nitter", b"fixup", b"xcancel", b"threadreader", b"twittpr", b"twiiit")
_BEFORE = 160  # bytes before `status` in which its host stands
_BASE64 = tuple(map(re.compile, (b"dHdpdHRlc", b"R3aXR0ZX", b"0d2l0dGVy")))
"""`twitter` in base64, as it begins at each of three bytes."""
_WIDE = (b"\xff\xfe", b"\xfe\xff")
# All patterns are linear: a literal first, then bounded runs, or runs parted by what they cannot hold.


def can_cite(data: bytes) -> bool:
    """Tell whether a page can hold a citation.

    >>> can_cite(b'<p><a href="https://twitter.com/ann_b">Ann</a>'), can_cite(b'<blockquote class="twitter-tweet">')
    (False, True)
    """
    if data[:2] in _WIDE or b"\0" in data[:64]:
        return True
    lower = data.lower()
    return (
        _names_status(lower)
        or any(sign.search(lower) for sign in _SIGNS)
        or (b"twitter" in lower and _holds_number(lower))
        or any(sign.search(data) for sign in _BASE64)
    )


def _names_status(lower: bytes) -> bool:
    """Tell whether a host of tweets stands before `status/` and an id, or the id of a status is given."""
    for found in _STATUS.finditer(lower):
        if found["own"]:
            return True
        before = lower[max(0, found.start() - _BEFORE) : found.start()]
        if any([host in before for host in _HOSTS]):
            return True
    return False


def _holds_number(lower: bytes) -> bool:
    """Tell whether an attribute that may be the id of anything holds a number as long as that of a tweet."""
    for found in _NUMBER.finditer(lower):
        name = lower[max(0, found.start() - 60) : found.start() + 3]
        if _NAMED.search(name) and not _OTHERS.search(name):
            return True
    return False
