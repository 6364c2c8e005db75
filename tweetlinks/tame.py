"""Take out of a page what parsers disagree about or take quadratic time for, without moving the rest. Pure.

Comments, declarations, processing instructions and CDATA sections become empty comments, as long as they were: offsets
in the source stay. NUL and half characters become U+FFFD; a tag that the end of the page cuts off is dropped. CPython's
html.parser looks for the end of `<!--` again and again when there is none (until 3.13.6; CVE-2025-6069).
"""

from __future__ import annotations

import re

__all__ = ["tame"]

_OPENER = re.compile(
    r"""(?P<comment> <!-- ) | (?P<bogus> <! (?! doctype ) | <\? | </ (?! [a-z] ) )
      | < (?P<raw> script | style | xmp ) (?= [\s/>] )""",
    re.IGNORECASE | re.VERBOSE,
)
_COMMENT_END = re.compile(r"--!?>")
_TAG = re.compile(r"<[a-z/!?]", re.IGNORECASE)
_TORN = re.compile("[\ud800-\udfff]")
_SHORTEST = 7  # characters of an empty comment
_KEPT = re.compile(r"[^\n]")
# All linear: literals and single classes.


def tame(markup: str) -> str:
    """Return a page with empty comments for what is no text and no element.

    >>> tame("<p>Ra<!-- <p>No -->in<![CDATA[x]]></p><a href='")
    '<p>Ra<!--       -->in<!--      --></p>'
    """
    if _TORN.search(markup):
        markup = _TORN.sub("\ufffd", markup)
    markup = _whole(markup.replace("\0", "\ufffd"))
    pieces: list[str] = []
    at, low = 0, 0
    endless: set[str] = set()
    while m := _OPENER.search(markup, low):
        low = m.end()
        if m["raw"]:
            low = _raw_end(markup, low, m["raw"].lower(), endless)
            continue
        stop = _stop(markup, m, endless)
        pieces += markup[at : m.start()], _blanked(markup[m.start() : stop])
        at = low = stop
    return "".join([*pieces, markup[at:]])


def _blanked(stretch: str) -> str:
    """Return an empty comment as long as a stretch, for it parts no words; blanks for what is too short."""
    blanks = _KEPT.sub(" ", stretch)
    return f"<!--{blanks[4:-3]}-->" if len(stretch) >= _SHORTEST and stretch[-1] == ">" else blanks


def _whole(markup: str) -> str:
    """Drop the tag that the end of the page cuts off."""
    last = markup.rfind(">") + 1
    cut = _TAG.search(markup, last)
    return markup[: cut.start()] if cut else markup


def _raw_end(markup: str, low: int, name: str, endless: set[str]) -> int:
    """Return where the content of a script ends, in which nothing is markup; what is never closed is searched once."""
    if name in endless:
        return low
    end = re.compile(f"</{name}", re.IGNORECASE).search(markup, low)
    if end is None:
        endless.add(name)
    return end.start() if end else low


def _stop(markup: str, m: re.Match[str], endless: set[str]) -> int:
    """Return where a comment or the like ends; only its opener is taken when it never does."""
    kind = str(m.lastgroup)
    if kind in endless:
        return m.end()
    if kind == "comment":
        if markup.startswith((">", "->"), m.end()):
            return m.end() + (1 if markup[m.end()] == ">" else 2)
        end = _COMMENT_END.search(markup, m.end())
        stop = end.end() if end else -1
    else:
        stop = markup.find(">", m.end()) + 1 or -1
    if stop < 0:
        endless.add(kind)
        return m.end()
    return stop
