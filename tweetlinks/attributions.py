"""Find attributions: the line `— Name (@handle) date` that an embedded tweet leaves in a text. Pure.

    attribution = [dash] name open "@" handle close [blank] [date]
    dash        = "—" | "―" | "--" | "–" | "-" | "â€”" (an em dash decoded as cp1252) | "&mdash;"
    open, close = "(" and ")", or "（" and "）"; marks of direction may stand inside
    name        = 0 to 60 characters on at most two lines; what a reader sees as one character counts once (a family of
                  seven code points, a flag, a letter and its accent), up to 240 code points in all
    handle      = 1 to 20 of A-Z a-z 0-9 _ ("_" may be escaped as in Markdown)

Every `(@handle)` is a candidate; what is none is a near miss, with the reason. A date, in any language, is the proof;
without one an em dash before the name and an end of line after the handle are needed.
"""

from __future__ import annotations

import re

from tweetlinks.blanks import BREAKS, EDGE, SPACE
from tweetlinks.dates import PrintedDate, parse_date_at
from tweetlinks.record import TYPE_CHECKING, Record

if TYPE_CHECKING:
    from collections.abc import Iterator

    from tweetlinks.model import Span

__all__ = ["Attribution", "NearMiss", "attributions", "near_misses"]

_TURNS = "\u200e\u200f\u202a-\u202e\u2066-\u2069"  # marks of direction: of no width
_HANDLE = re.compile(rf"[(（][{_TURNS}]?@(?P<handle>(?:\w|\\_){{1,24}})[{_TURNS}]?[)）]", re.ASCII)
# Linear: one character each, and one bounded run.
_OPEN = "(（\u200e\u200f\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069"

_DASH = re.compile(r"—|―|â€”|&mdash;|---?|–|-")
# Linear: an alternation of literals, tried once at each place that one of them can start at.

_OTHER_NETWORK = r"\s*(?:[^\W\d]{1,5}(?:\s[^\W\d]{1,4})?|[,·-])?\s*\d{1,2}[:.]\d{2}\s*(?:[AaPp]\.?[Mm]\.?)?\s*P[SD]T\b"
# Instagram prints a clock and the zone of its servers behind the date, in any language. Linear: bounded runs.

_OWN_LINK = r"(?:pic\.(?:twitter|x)\.com|t\.co)/\w{7,10}\s*\Z"

_MARK = r"(?<![\w(])[#@]\w|[\U0001f300-\U0001faff\u2600-\u27bf]"

_LONGEST_NAME = 60  # Twitter's limit is 50 characters; lost bytes make names longer in text.
_MOST_POINTS = 240  # code points of a name, and of what may stand before it
_JOINED = (
    rf"\u200d.?|[{_TURNS}\u200b\u200c\u2060\ufeff\ufe00-\ufe0f\u20d0-\u20ff\U0001f3fb-\U0001f3ff\U000e0020-\U000e007f"
    r"\u0300-\u036f\u0483-\u0489\u0591-\u05c7\u0610-\u061a\u064b-\u065f\u0670]|(?<=[\U0001f1e6-\U0001f1ff])[\U0001f1e6-\U0001f1ff]"
)
# What counts as no character of its own: joined emoji, skin tones, the second half of a flag, accents. Linear: one or
# two characters each.
_BEST = 5  # rank of a dash
_STRONG = ("—", "―", "â€”", "&mdash;", "--", "---")
_BYLINE = (
    r"(?i)(?:story|text|words|photos?|pictures?|written|posted|reported|updated|edited)?\s*\bby\b"
    r"|(?:author|text|foto|photo|автор)\s?:|文 ?/|(?:publié |texte |photo )?par "
    r"|(?:von|por|door|di|autor:?|escrito por|publicado por) "
)
# What opens the line that names who made an article or a picture. Linear: literals.
_LONGEST_BROKEN_NAME = 8  # words
_UNSEEN = "\ufeff\u200b\u2060"  # what stands at the edge of a name without being seen
_LINE = re.compile(r"\r\n?|[\n\x0b\x0c\x1c-\x1e\x85\u2028\u2029]")


class Attribution(Record):
    """An attribution as it stands in the text."""

    span: Span
    """From the dash, or the name, to the end of the date or of the bracket."""
    author_name: str | None
    """The display name, white space folded; None when none is printed."""
    screen_name: str
    """The handle without @, escapes removed."""
    date: str | None
    """The ISO day; None without a date or when it is damaged."""
    date_text: str | None
    """The date as printed, white space folded, `14\\.` of Markdown as `14.`."""
    language: str | None
    """The language of the date."""
    dash: str
    """The dash as printed; empty without one."""
    end: int
    """Where the text goes on: after the date, and after the Markdown link that may be around it."""


class NearMiss(Record):
    """A handle in brackets that is no attribution."""

    span: Span
    """The handle, and the name and dash before it where there are such."""
    reason: str
    """What it lacks, in words."""


def attributions(text: str) -> list[Attribution]:
    """Return the attributions of a text, in order; they never overlap.

    >>> text = "It rains. https://t.co/abcdefghij— Ann (Paris) (@ann_b) 3 mai 2017 Then"
    >>> found = attributions(text)[0]
    >>> text[slice(*found.span)], found.author_name, found.screen_name, found.date
    ('— Ann (Paris) (@ann_b) 3 mai 2017', 'Ann (Paris)', 'ann_b', '2017-05-03')
    """
    return [found for found in _scan(text) if isinstance(found, Attribution)]


def near_misses(text: str) -> list[NearMiss]:
    """Return every `(@handle)` that is no attribution, and why.

    >>> [miss.reason for miss in near_misses("Ann Bell (@ann_b) writes for us.")]
    ['neither a date behind the handle nor a dash before the name']
    """
    return [found for found in _scan(text) if isinstance(found, NearMiss)]


def _scan(text: str) -> Iterator[Attribution | NearMiss]:
    floor = at = 0
    while (at := text.find("@", at)) >= 0:  # one character is found many times faster than two
        match = _bracketed(text, at) if at and text[at - 1] in _OPEN else None
        at += 1
        if match:
            found = _read(text, match, floor)
            if isinstance(found, Attribution):
                floor = at = found.end
            yield found


def _bracketed(text: str, at: int) -> re.Match[str] | None:
    """Return the handle in brackets whose `@` stands at `at`."""
    return _HANDLE.match(text, at - 1) or (_HANDLE.match(text, at - 2) if at > 1 else None)


def _read(text: str, match: re.Match[str], floor: int) -> Attribution | NearMiss:
    date = parse_date_at(text, match.end())
    if date is not None and _is_other_network(text[date.end : date.end + 40]):
        return NearMiss(match.span(), "a clock and a zone follow the date, as on Instagram")
    start, dash = _start(text, match.start(), floor)
    if date is None and not _stands_alone(text, start, dash, match.end()):
        if dash in _STRONG:
            return NearMiss((start, match.end()), "no date behind the handle, and the line goes on")
        return NearMiss(match.span(), "neither a date behind the handle nor a dash before the name")
    end = match.end() if date is None else date.end
    name = " ".join(text[start + len(dash) : match.start()].strip(_UNSEEN).split())
    if not dash and not name:
        return NearMiss((match.start(), end), "neither a dash nor a name before the handle")
    if not dash and re.match(_BYLINE, name):
        return NearMiss((start, end), "a byline: it names who wrote the article")
    return Attribution(
        span=(start, end),
        author_name=name or None,
        screen_name=match["handle"].replace("\\", ""),
        date=date and date.date,
        date_text=date and " ".join(text[date.start : date.end].replace("\\.", ".").split()),
        language=date and date.language,
        dash=dash,
        end=_after_link(text, date) if date else end,
    )


def _is_other_network(behind: str) -> bool:
    return "P" in behind and re.match(_OTHER_NETWORK, behind) is not None


def _stands_alone(text: str, start: int, dash: str, end: int) -> bool:
    """Tell whether a dateless attribution is one: an em dash, and marks of a tweet before it; else it signs a quote."""
    if dash not in _STRONG or text[start + len(dash) : start + len(dash) + 1] not in SPACE:
        return False
    before = text[max(0, start - 300) : start].rstrip()
    rest = ("|" + text[end : end + _LONGEST_NAME]).splitlines()[0][1:]
    if re.search(_OWN_LINK, before[-60:]):
        return not rest.strip() or "(@" not in rest
    last = before.splitlines()[-1] if before else ""
    return not rest.strip() and re.search(_MARK, last) is not None


def _after_link(text: str, date: PrintedDate) -> int:
    """Return the end of the Markdown link around a date, or of the date."""
    if text[date.start - 1 : date.start] != "[" or not text.startswith("](", date.end):
        return date.end
    close = text.find(")", date.end)
    return close + 1 if close >= 0 else date.end


def _start(text: str, handle: int, floor: int) -> tuple[int, str]:
    """Return where the attribution starts whose `(@` stands at `handle`, and its dash.

    The name is on the line of the handle; only where that line holds no dash it may have begun on the line above
    (sentence splitters break `— Sec.` from `Kirstjen Nielsen (@…)`).
    """
    low = max(floor, handle - _LONGEST_NAME - 10)
    own = _line_start(text, low, handle)
    if own > low and (found := _dash(text, own, handle)):
        return found  # so it is mostly; the rest is slower
    low = max(floor, _reach(text, handle))
    lines = [low, *(m.end() for m in _LINE.finditer(text, low, handle))]
    own = lines[-1]
    if found := _dash(text, own, handle):
        return found
    if len(lines) > 1 and (above := _dash(text, lines[-2], own)) and above[1] in _STRONG:
        name = text[above[0] : handle].split()
        if len(name) <= _LONGEST_BROKEN_NAME and len(" ".join(name)) <= _LONGEST_NAME:
            return above
    if len(lines) > 1 and not text[own:handle].strip(EDGE):
        own = lines[-2]
    return _undashed(text, own, handle), ""


def _line_start(text: str, low: int, high: int) -> int:
    """Return where the line of `high` starts; `low` when it starts there or before."""
    lines = text[low:high].splitlines(keepends=True)
    if not lines:
        return low
    return high if lines[-1][-1] in BREAKS else high - len(lines[-1])


def _reach(text: str, handle: int) -> int:
    """Return where the dash before the longest name may stand; below 0 when that is before the text."""
    low, seen, most = handle - _LONGEST_NAME - 10, handle, handle - _MOST_POINTS
    while low < seen and not (stretch := text[max(0, low) : seen]).isascii():
        low, seen = max(most, low - sum(map(len, re.findall(_JOINED, stretch)))), max(0, low)
    return low


def _dash(text: str, low: int, high: int) -> tuple[int, str] | None:
    """Return the place and the form of the dash that opens a name in `text[low:high]`; of equals the last."""
    best: tuple[int, int, str] | None = None
    for m in _DASH.finditer(text, low, high):
        rank = _rank(text, low, m)
        if rank and (best is None or rank >= best[0]):
            best = rank, m.start(), m.group()
        if rank == _BEST:
            break  # only the first dash of a line is that
    return best and best[1:]


def _rank(text: str, low: int, dash: re.Match[str]) -> int:
    """Return how well a dash opens an attribution: 0 never, `_BEST` best."""
    before, strong = text[low : dash.start()], dash.group() in _STRONG
    first = not before.strip(EDGE) and (low == 0 or text[low - 1] in BREAKS)
    blank_behind = text[dash.end() : dash.end() + 1] in SPACE
    if first and (strong or blank_behind):
        return _BEST if strong else 3
    if strong:
        return 4 if blank_behind else 2
    return 1 if blank_behind and (not before or before[-1] in SPACE) else 0


def _undashed(text: str, low: int, handle: int) -> int:
    """Return where a name without a dash starts: behind the last link or sentence of its line."""
    start = low
    for m in re.finditer(r"(?:https?://|pic\.)\S+|[.!?…]\s", text[low:handle]):
        start = low + m.end()
    while start < handle and text[start] in EDGE:
        start += 1
    return start
