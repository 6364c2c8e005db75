r"""Read the date that is printed in the attribution of a tweet, in any language. Pure, but for its table, read once.

A printed date is two or three numbers and the words between them. So there is no parser for each language: a shape
finds the numbers, and what stands between them is looked up as a whole in `data/dates.tsv`, which CLDR fills with the
month names of every language and with the particles that may stand around them (`de`, `d’`, `of`, `г.`, …).

    DMY  28 septembre 2016 · 14\. Juni 2018 · 29 d’abril de 2018 · 7 июля 2016 г. · ٢٨ سبتمبر ٢٠١٦ · 1 tháng 4, 2019
    MDY  June 4, 2018 · julio 8, 2014 · مئی11, 2018 · 8월 7, 2012
    YMD  2014. május 5. · 2016年9月28日 · 2015, 10月 7 · 2014 12月 8日 · 2016-09-09
    YDM  2016. gada 8. septembris
    and  1:34 PM - 28 Sep 2016 (a time before any of them) · October 03, 19 (damaged: where it ends, but no day)

A month name that two languages use for two months (`listopad`) is decided by the shape: order, a dot after the day, a
capital, what follows the year. Where even the shape is shared, the table holds the language with more readers.

It must not decide what a date is good for, know of attributions, or compare a day with an id. Calendars other than the
Gregorian are not read; a year of the Buddhist era is taken back to the common one.
"""

from __future__ import annotations

import re
from functools import cache, lru_cache
from typing import TYPE_CHECKING, NamedTuple
from unicodedata import normalize

from tweetlinks.tables import read_table

if TYPE_CHECKING:
    from collections.abc import Mapping

__all__ = ["PrintedDate", "fold", "parse_date_at", "strip_particles"]

FIRST_YEAR, LAST_YEAR = 2006, 2100
"""No tweet is older than the service, and a year past the end of the century is a misprint."""
BUDDHIST = 543
"""Years the Buddhist era is ahead of the common one."""


class PrintedDate(NamedTuple):
    """A date as it is printed."""

    end: int
    """Where it ends, after `г.`, `日` and the like; a comma, a bracket or a closing quote is not part of it."""
    date: str | None
    """The day, ISO 8601; None when it is damaged or can be read in two ways."""
    language: str
    """A language that prints it so: BCP 47 (the first that fits when several do), `iso`, or `und` for bare numbers."""
    start: int
    """Where it starts, after blanks and an opening bracket; a time before it belongs to it."""


class _Reading(NamedTuple):
    """What a month name means in one language."""

    month: int
    language: str
    tail: str
    """What that language prints after the last number: `г.`, `.`, `日`; mostly nothing."""


_Readings = dict[str, tuple[_Reading, ...]]
"""The readings of one month name by signature: `DMY`, `DMY.^` (a dot after the first number, a capital), …"""

_FIRST = {"DMY": "day", "MDY": "day", "YMD": "year", "YDM": "year"}
"""The first number of each order."""
_WITH_GAP = frozenset({"MDY", "YDM"})
"""The orders that have words, or a comma, between day and year."""

# Blanks of every width, marks of direction, joiners, the soft hyphen: all that may stand unseen between two words.
_B = r"[ \t\x0b\x0c\x1c-\x1f\x85\xa0\xad\u061c\u1680\u180e\u2000-\u200f\u2028-\u202f\u205f-\u2069\u2800\u3000\ufeff]"
# Blanks with at most one line break, after which a mail quotation mark may stand.
_GAP = rf"{_B}*+(?:\r?\n(?:{_B}|>)*+)?+"
# What may stand between two numbers: anything but digits and what surely ends a date. Possessive, and digits are not
# in it, so a failed match costs one pass over at most 48 characters.
_WORDS = r"[^\d@*\[\]{}<|\"“”„«»]{1,48}+"
_LETTER = r"(?=[^\W\d_])"

# Every expression below is linear: no two neighbours can take the same character, and repetition is bounded or
# possessive.
_LEAD = re.compile(rf"""{_GAP} (?: \{{\ ?["']\ ["']\ ?\}} {_GAP} )? (?: \[ {_B}*+ )?""", re.VERBOSE)
_AFTER = re.compile(_GAP)
_TIME = re.compile(
    rf"""(?: (?:[^\W\d_]\.?+){{1,4}}+ {_B}? )?        # 午後, 오후
         \d{{1,2}} [:.] \d\d (?: :\d\d )?             # 1:34
         (?: {_B}*+ (?:[^\W\d_]\.?+{_B}?){{1,8}}+ )?  # PM, p. m., μ.μ.
         {_B}*+ [-–—·•・] {_B}*+""",
    re.VERBOSE,
)
_DMY = re.compile(rf"(?P<day>\d{{1,2}})(?!\d)(?P<words>{_WORDS})(?P<year>\d{{4}})")
_MDY = re.compile(
    rf"""{_LETTER} (?P<words>{_WORDS}) (?P<day>\d{{1,2}}) (?!\d) (?P<gap>[^\d@*\[\]{{}}<|]{{1,16}}+) (?P<year>\d{{4}})""",
    re.VERBOSE,
)
_YMD = re.compile(rf"(?P<year>\d{{4}})(?P<words>{_WORDS})(?P<day>\d{{1,2}})(?!\d)")
_NUMBERED = r"(?P<words>[^\d@*\[\]{}<|]{0,24}+\d{1,2}(?!\d)[^\d@*\[\]{}<|]{1,24}+)"
_DMY_NUMBERED = re.compile(rf"(?P<day>\d{{1,2}})(?!\d){_NUMBERED}(?P<year>\d{{4}})")  # 1 tháng 4, 2019
_YMD_NUMBERED = re.compile(rf"(?P<year>\d{{4}})(?!\d){_NUMBERED}(?P<day>\d{{1,2}})(?!\d)")  # 2016 оны 9-р сарын 8
_YDM = re.compile(
    rf"""(?P<year>\d{{4}}) (?P<gap>[^\d@*\[\]{{}}<|]{{1,16}}+) (?P<day>\d{{1,2}}) (?!\d)
         \\?\.? {_GAP} -? (?P<words>[^\W\d_]{{2,24}}+)""",
    re.VERBOSE,
)
_OPENING = re.compile(rf"{_LETTER}(?P<words>[^\d\n@]{{1,12}}+)")
_EAST_YMD = re.compile(
    rf"""(?P<year>\d{{4}}) {_B}*+ [年년]? {_B}*+ [,，、]? {_GAP} (?P<month>\d{{1,2}}) {_B}*+ (?P<sign>[月월])
         {_GAP} (?P<day>\d{{1,2}}) (?:{_B}*+ [日일号號])?""",
    re.VERBOSE,
)
_EAST_MDY = re.compile(
    rf"""(?P<month>\d{{1,2}}) {_B}*+ (?P<sign>[月월]) {_GAP} (?P<day>\d{{1,2}}) (?!\d) {_B}*+ [日일]? {_B}*+ [,，、]?
         {_GAP} (?P<year>\d{{4}}) (?:{_B}*+ [年년])?""",
    re.VERBOSE,
)
_NUMBERS_YMD = re.compile(r"(?P<year>\d{4})(?P<sep>[-/.]\ ?)(?P<month>\d{1,2})(?P=sep)(?P<day>\d{1,2})(?!\d)")
_NUMBERS_DMY = re.compile(
    rf"(?P<day>\d{{1,2}}){_B}?(?P<sep>[-/.]){_B}?(?P<month>\d{{1,2}}){_B}?(?P=sep){_B}?(?P<year>\d{{4}})"
)
_LOST = r"\d{1,3}(?![\d:]|.\d|\s*[AaPp]\.?[Mm])|\*NUMBER\*"
_DAMAGED_MDY = re.compile(rf"{_LETTER}(?P<words>{_WORDS})(?:\d{{1,2}}|\*NUMBER\*){_B}*+,{_GAP}(?:{_LOST})")
_DAMAGED_DMY = re.compile(
    rf"(?:\d{{1,2}}|\*NUMBER\*)(?P<words>{_WORDS})(?:\d{{1,3}}(?=\s*+(?:$|[\"”»\])—–]))|\*NUMBER\*)"
)
_UNSEEN = re.compile(r"[\xad\u061c\u180e\u200b-\u200f\u202a-\u202e\u2060-\u2069\ufeff]")
_PUNCTUATION = re.compile(r"[\s\u2800.,،、，⹁;:·・'’‘ʼ`´\\\-‐-―()/#°>_׳॰]+")


def parse_date_at(text: str, start: int, *, limit: int = 80) -> PrintedDate | None:
    """Read the date that starts at `start`.

    Args:
        text: any text.
        start: where to look, in code points: white space with at most one line break, a JSX blank and a `[` may stand
            before the date, nothing else.
        limit: how many code points the date may take, and how many may stand before it.

    Returns:
        The date, or None when no date starts here. A markdown link `[date](url)` is the caller's to close.

    >>> parse_date_at("— RT France (@RTenfrancais) 28 septembre 2016", 27)
    PrintedDate(end=45, date='2016-09-28', language='fr', start=28)
    >>> parse_date_at("(@a) October 03, 19", 4)
    PrintedDate(end=19, date=None, language='en', start=5)
    >>> parse_date_at("(@a) on October 3, 2019", 4) is None
    True
    """
    lead = _LEAD.match(text, start, start + limit)
    begin = lead.end() if lead else start
    stop = begin + limit
    found = _dated(text, begin, stop)
    if found is None and (time := _TIME.match(text, begin, stop)):
        found = _dated(text, time.end(), stop)
    return found and PrintedDate(found.end, found.date, found.language, begin)


def fold(words: str) -> str:
    """Bring words to the form of the table: NFKC, case folded, punctuation to single blanks, digits to ASCII.

    >>> fold(" D’Abril\u202fde ")
    'd abril de'
    >>> fold("Tháng 09,")
    'tháng 9'
    """
    plain = _UNSEEN.sub("", normalize("NFKC", words)).casefold()
    plain = re.sub(r"\d{1,4}", lambda digits: str(int(digits[0])), plain)
    return _PUNCTUATION.sub(" ", normalize("NFKC", plain)).strip()


def strip_particles(folded: str, table: Mapping[str, str], *, leading: bool = True) -> list[str]:
    """List what folded words may be: as they are, then without up to three particles at either end.

    Args:
        folded: words as `fold` leaves them.
        table: `particle` for every word that is one.
        leading: particles may stand before the name.

    >>> strip_particles("de setembre del", {"de": "particle", "del": "particle"})
    ['de setembre del', 'de setembre', 'setembre del', 'setembre']
    """
    tokens = folded.split(" ")
    is_particle = [table.get(token) == "particle" for token in tokens]
    before = min(3, [*is_particle, False].index(False)) if leading else 0
    after = min(3, [*is_particle[::-1], False].index(False))
    last = len(tokens)
    return [" ".join(tokens[i : last - j]) for i in range(before + 1) for j in range(after + 1) if i + j < last]


def _dated(text: str, begin: int, stop: int) -> PrintedDate | None:
    """Read a date without a time before it: words and numbers, bare numbers, or what is left of a damaged one."""
    if not text[begin : begin + 1].isdecimal():
        return _word_first(text, begin, stop)
    if text[begin : begin + 4].isdecimal():
        return (
            _eastern(text, _EAST_YMD.match(text, begin, stop))
            or _worded(text, "YMD", _YMD.match(text, begin, stop))
            or _numbers(_NUMBERS_YMD.match(text, begin, stop))
            or _worded(text, "YMD", _YMD_NUMBERED.match(text, begin, stop))
            or _worded(text, "YDM", _YDM.match(text, begin, stop))
        )
    return (
        _worded(text, "DMY", _DMY.match(text, begin, stop))
        or _eastern(text, _EAST_MDY.match(text, begin, stop))
        or _worded(text, "DMY", _DMY_NUMBERED.match(text, begin, stop))
        or _numbers(_NUMBERS_DMY.match(text, begin, stop))
        or _damaged(_DAMAGED_DMY.match(text, begin, stop), "DMY")
    )


def _word_first(text: str, begin: int, stop: int) -> PrintedDate | None:
    """Read a date that starts with a word, or with `*NUMBER*`, which some corpora have for every number."""
    if text.startswith("*", begin):
        return _damaged(_DAMAGED_DMY.match(text, begin, stop), "DMY")
    found = _worded(text, "MDY", _MDY.match(text, begin, stop))
    found = found or _damaged(_DAMAGED_MDY.match(text, begin, stop), "MDY")
    if found is None and (opening := _OPENING.match(text, begin, stop)) and opening.end() < stop:
        if _table().get(fold(opening["words"])) == "opening" and text[opening.end() : opening.end() + 1].isdecimal():
            return _dated(text, opening.end(), stop)
    return found


def _worded(text: str, order: str, match: re.Match[str] | None) -> PrintedDate | None:
    """Read a match whose month is a word; None when it is not the name of one."""
    if match is None or (order in _WITH_GAP and not _is_filler(match["gap"])):
        return None
    dot = text.startswith((".", "\\."), match.end(_FIRST[order]))
    readings = _readings(match["words"], order + "." if dot else order)
    if readings is None:
        return None
    reading, end = _choose(text, match.end(), readings)
    return PrintedDate(end, _day(match["year"], reading.month, match["day"]), reading.language, match.start())


def _choose(text: str, end: int, readings: tuple[_Reading, ...]) -> tuple[_Reading, int]:
    """Pick the reading whose tail stands at `end`, else the first without one; say where the tail ends."""
    for reading in readings:
        if reading.tail and (after := _tail_end(text, end, reading.tail)):
            return reading, after
    return next((reading for reading in readings if not reading.tail), readings[0]), end


def _tail_end(text: str, end: int, tail: str) -> int | None:
    """Return where `tail` ends when it stands at `end`, its own last dot left out or not; None when it does not."""
    at = end
    if tail[0].isalpha() and (gap := _AFTER.match(text, end)):
        at = gap.end()
    for form in (tail, tail.rstrip(".")):
        after = at + len(form)
        if form and text.startswith(form, at) and not (form[-1].isalpha() and text[after : after + 1].isalnum()):
            return after
    return None


def _eastern(text: str, match: re.Match[str] | None) -> PrintedDate | None:
    """Read a match whose month is a number with a sign, `月` or `월`."""
    if match is None:
        return None
    printed = text[match.start() : match.end()]
    chinese = " " in printed and printed[-1] == "日"
    language = "ko" if match["sign"] == "월" else "zh" if chinese else "ja"
    return PrintedDate(match.end(), _day(match["year"], int(match["month"]), match["day"]), language, match.start())


def _numbers(match: re.Match[str] | None) -> PrintedDate | None:
    """Read a match of three bare numbers: year first, or day first; None as the day where it may be the month."""
    if match is None:
        return None
    month, day, sep = match["month"], match["day"], match["sep"][0]
    year_first = match.start("year") == match.start()
    clear = year_first or sep == "." or int(day) > 12 or day == month  # noqa: PLR2004 - months in a year
    date = _day(match["year"], int(month), day) if clear else None
    return PrintedDate(match.end(), date, "iso" if year_first and sep == "-" else "und", match.start())


def _damaged(match: re.Match[str] | None, order: str) -> PrintedDate | None:
    """Say where a date ends whose numbers are cut off or replaced; None when no month name is there."""
    readings = _readings(match["words"], order) if match else None
    return PrintedDate(match.end(), None, readings[0].language, match.start()) if match and readings else None


def _day(year: str, month: int, day: str) -> str | None:
    """Return the ISO day, or None when there is no such day or no tweet can be of that year."""
    y, d = int(year), int(day)
    if FIRST_YEAR + BUDDHIST <= y <= LAST_YEAR + BUDDHIST:
        y -= BUDDHIST
    if not (FIRST_YEAR <= y <= LAST_YEAR and 1 <= month <= 12 and 1 <= d <= _last_day(y, month)):  # noqa: PLR2004
        return None
    return f"{y}-{month:02}-{d:02}"


def _last_day(year: int, month: int) -> int:
    """Return how many days the month has."""
    if month == 2:  # noqa: PLR2004 - February
        return 29 if year % 4 == 0 and (year % 100 != 0 or year % 400 == 0) else 28
    return 30 if month in {4, 6, 9, 11} else 31


@cache
def _table() -> dict[str, str]:
    """Read the table: folded words to `particle`, `opening`, or the readings of a month name."""
    return dict(read_table("dates.tsv", fields=2))


@lru_cache(maxsize=4096)
def _readings(words: str, shape: str) -> tuple[_Reading, ...] | None:
    """Return what the words of a date mean as a month, the best fit only; None when they name none.

    The exact signature fits best, then the same shape in the other case, then the same order, then any.

    Args:
        words: as printed, particles included.
        shape: the order of the fields, and a dot where one follows the first number.
    """
    cell = _cell(words, leading=not shape.startswith("MDY"))
    if cell is None:
        return None
    readings = _parse_cell(cell)
    wanted = shape + "^" * (words != words.lower())
    return readings[min(readings, key=lambda key: (key != wanted, key.rstrip("^") != shape, key[:3] != shape[:3]))]


def _cell(words: str, *, leading: bool) -> str | None:
    """Return the cell of the table for words that name a month, particles taken off; None when they name none."""
    if words.count("\n") > 1:
        return None
    cells = map(_table().get, strip_particles(fold(words), _table(), leading=leading))
    return next((cell for cell in cells if cell and cell[0].isdigit()), None)


@lru_cache(maxsize=4096)
def _is_filler(gap: str) -> bool:
    """Say whether nothing but punctuation and particles stands in a gap, with one line break at most."""
    return gap.count("\n") <= 1 and all(_table().get(token) == "particle" for token in fold(gap).split())


def _parse_cell(cell: str) -> _Readings:
    """Parse `9 fr DMY,MDY^;9 bs DMY. .` into readings by signature."""
    readings: _Readings = {}
    for part in cell.split(";"):
        month, language, signatures, *tail = part.split(" ")
        reading = _Reading(int(month), language, tail[0] if tail else "")
        for signature in signatures.split(","):
            readings[signature] = (*readings.get(signature, ()), reading)
    return readings
