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

from tweetlinks.record import TYPE_CHECKING, Record
from tweetlinks.tables import read_table

if TYPE_CHECKING:
    from collections.abc import Mapping

__all__ = ["PrintedDate", "fold", "parse_date", "parse_date_at", "strip_particles"]

FIRST_YEAR, LAST_YEAR = 2006, 2100
"""No tweet is older than the service, and a year past the end of the century is a misprint."""
BUDDHIST = 543
"""Years the Buddhist era is ahead of the common one."""


_LONGEST_STAMP = 200


class PrintedDate(Record):
    """A date as it is printed."""

    end: int
    """Where it ends, after `г.`, `日` and the like; a comma, a bracket or a closing quote is not part of it."""
    date: str | None
    """The day, ISO 8601; None when it is damaged or can be read in two ways."""
    language: str
    """A language that prints it so: BCP 47 (the first that fits when several do), `iso`, or `und` for bare numbers."""
    start: int
    """Where it starts, after blanks and an opening bracket; a time before it belongs to it."""


class _Reading(Record):
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

# A blank; after the one line break that is allowed a mark of quotation may stand.
_GAP = r"[^\S\n]*+(?:\n(?:[^\S\n]|>)*+)?+"
# A soft hyphen, joiners, marks of direction: they print nothing.
_UNSEEN = (
    "\xad\u200b\u200c\u200d\u2060\ufeff\u061c\u180e\u200e\u200f\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069"
)
_LOOSE_GAP = _GAP.replace(r"[^\S\n]", rf"(?:[^\S\n]|[\u2800{_UNSEEN}])")
# Inside a date: all that is neither word nor ASCII sign, so blanks, marks and `、` alike; said so it compiles fast.
_J = r"[^\w\n!-~]"
_JGAP = rf"{_J}*+(?:\n(?:{_J}|>)*+)?+"
# What may stand between two numbers: anything but digits and what surely ends a date. Possessive, and digits are not
# in it, so a failed match costs one pass over at most 48 characters.
_WORDS = r"[^\d@#*\[\]{}<|\"]{1,48}+"
_FILL = r"[^\d@*\[\]{}<|]{1,16}+"
_NUMBERED = r"(?P<words>[^\d@*\[\]{}<|]{0,24}+\d{1,2}(?!\d)[^\d@*\[\]{}<|]{1,24}+)"
_LETTER = r"(?=[^\W\d_])"
_LOST = r"(?:\d{1,3}(?![\d:]|.\d|\s{0,2}[AaPp]\.?[Mm])|\*NUMBER\*)"

_SHAPES = {
    "LEAD": rf"""{_GAP}\[?""",
    "LOOSE_LEAD": rf"""{_LOOSE_GAP} (?: \{{[ ]?["'][ ]["'][ ]?\}} {_LOOSE_GAP} )?+ \[?+ [{_UNSEEN}]*+""",
    "AFTER": _GAP,
    "TIME": rf"""(?: (?:[^\W\d_]\.?+){{1,4}}+ {_J}? )?+         # 午後, 오후
                 \d{{1,2}} [:.] \d\d (?: :\d\d )?+             # 1:34
                 (?: {_J}*+ (?:[^\W\d_]\.?+{_J}?+){{1,8}}+ )?+  # PM, p. m., μ.μ.
                 [^\w\n@#]{{1,5}}+                             # a dash, a dot, a comma""",
    "DMY": rf"(?P<day>\d{{1,2}})(?!\d)(?P<words>{_WORDS})(?P<year>\d{{4}})",
    "MDY": rf"{_LETTER}(?P<words>{_WORDS})(?P<day>\d{{1,2}})(?!\d)(?P<gap>{_FILL})(?P<year>\d{{4}})",
    "YMD": rf"(?P<year>\d{{4}})(?P<words>{_WORDS})(?P<day>\d{{1,2}})(?!\d)",
    "YDM": rf"""(?P<year>\d{{4}}) (?P<gap>{_FILL}) (?P<day>\d{{1,2}}) (?!\d)
                \\?\.? {_JGAP} -? (?P<words>[^\W\d_]{{2,24}}+)""",
    "DMY_NUMBERED": rf"(?P<day>\d{{1,2}})(?!\d){_NUMBERED}(?P<year>\d{{4}})",  # 1 tháng 4, 2019
    "YMD_NUMBERED": rf"(?P<year>\d{{4}})(?!\d){_NUMBERED}(?P<day>\d{{1,2}})(?!\d)",  # 2016 оны 9-р сарын 8
    "EAST_YMD": rf"""(?P<year>\d{{4}}) {_J}*+ [年년]? {_J}*+ ,? {_JGAP} (?P<month>\d{{1,2}}) {_J}*+
                     (?P<sign>[月월]) {_JGAP} (?P<day>\d{{1,2}}) (?:{_J}*+ [日일號号])?""",
    "EAST_MDY": rf"""(?P<month>\d{{1,2}}) {_J}*+ (?P<sign>[月월]) {_JGAP} (?P<day>\d{{1,2}}) (?!\d) {_J}*+ [日일]?
                     {_J}*+ ,? {_JGAP} (?P<year>\d{{4}}) (?:{_J}*+ [年년])?""",
    # 2016-09-28 · 2016/09/28 · 2016. 9. 28.
    "NUMBERS_YMD": r"""(?P<year>\d{4}) (?P<sep>\.(?P<blank>[ ])|[-/.]) (?P<month>\d{1,2}) (?P=sep)
                       (?P<day>\d{1,2}) (?!\d) (?(blank)\.?)""",
    # 28.09.2016 · 28. 9. 2016 · 28/09/2016
    "NUMBERS_DMY": rf"""(?P<day>\d{{1,2}}) {_J}?+ (?P<sep>[-/.]) {_J}?+ (?P<month>\d{{1,2}}) {_J}?+ (?P=sep) {_J}?+
                        (?P<year>\d{{4}})""",
    # October 03, 19 · October *NUMBER*, *NUMBER*
    "DAMAGED_MDY": rf"{_LETTER}(?P<words>{_WORDS})(?:\d{{1,2}}|\*NUMBER\*)\s{{0,2}},\s{{0,2}}{_LOST}",
    # 3 octobre 20, where the line ends · *NUMBER* de octubre de *NUMBER*
    "DAMAGED_DMY": rf"""(?:\d{{1,2}}|\*NUMBER\*) (?P<words>{_WORDS})
                        (?: \d{{1,3}} (?=[^\S\n]*+(?:\n|\Z|["”»)\]—–])) | \*NUMBER\* )""",
    # Tue Mar 21 20:50:14 +0000 2006 · Fri Sep 30 15:13:45 UTC+0000 2016 · Jul 21 2012
    "STAMP": r"""(?P<month>[A-Z][a-z]{2}) [ ] (?P<day>\d{1,2}) [ ]
                 (?:\d{1,2}:\d{2}:\d{2} [ ] (?:(?:UTC)?[+-]\d{4}|[A-Z]{3,4}) [ ])? (?P<year>\d{4}) (?!\d)""",
}
"""Every shape, compiled when it is first needed. All are linear: no two neighbours can take the same character, and
repetition is bounded or possessive."""

_FOLDS: dict[int, str] = {
    **dict.fromkeys(map(ord, ".,،、，⹁;:·・'’‘ʼ`´\\-‐‑‒–—―()/°>_׳॰\u2800"), " "),
    **dict.fromkeys(map(ord, _UNSEEN), ""),
    ord("ı"): "i",  # so that KASIM is Kasım and HAZİRAN is Haziran
    0x0307: "",
}
"""What `fold` makes of a character."""


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
    begin = _lead(text, start, start + limit)
    if begin is None:
        return None
    stop = begin + limit
    found = _dated(text, begin, stop)
    if found is None and (time := _match("TIME", text, begin, stop)) and (found := _dated(text, time.end(), stop)):
        return found._replace(start=begin)
    return found


def parse_date(words: str) -> PrintedDate | None:
    """Read the date that a short string holds, wherever it stands in it: what markup gives as a date.

    Args:
        words: at most 200 code points are looked at.

    Returns:
        The first whole date, else the first damaged one, else None.

    >>> parse_date("05:38 PM - 07 Jun 2019").date, parse_date("Tue Mar 21 20:50:14 +0000 2006").date
    ('2019-06-07', '2006-03-21')
    """
    words = words[:_LONGEST_STAMP]
    stamp = _shape("STAMP").search(words)
    if stamp:
        words = f"{stamp['month']} {stamp['day']}, {stamp['year']}"
    damaged = None
    for m in re.finditer(r"(?<!\w)\w", words):
        found = parse_date_at(words, m.start())
        if found and found.date:
            return found
        damaged = damaged or found
    return damaged


def fold(words: str) -> str:
    """Bring words to the form of the table: NFKC, case folded, punctuation to single blanks, digits to ASCII.

    >>> fold(" D’Abril\u202fde ")
    'd abril de'
    >>> fold("Tháng 09,")
    'tháng 9'
    """
    plain = words.lower() if words.isascii() else _unicode_fold(words)
    if any(map(str.isdecimal, plain)):
        plain = re.sub(r"\d{1,4}", lambda digits: str(int(digits[0])), plain)
    return " ".join(plain.translate(_FOLDS).split())


def _unicode_fold(words: str) -> str:
    """Fold what is not ASCII; `unicodedata` is loaded for that alone."""
    from unicodedata import normalize

    return normalize("NFKC", normalize("NFKC", words).casefold())


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


@cache
def _shape(name: str) -> re.Pattern[str]:
    """Compile a shape."""
    return re.compile(_SHAPES[name], re.VERBOSE)


def _match(name: str, text: str, begin: int, stop: int) -> re.Match[str] | None:
    """Match a shape at `begin`; nothing from `stop` on is seen."""
    return _shape(name).match(text, begin, stop)


def _lead(text: str, start: int, stop: int) -> int | None:
    """Return where the date would start; None when something else stands there."""
    if text[start : start + 1] == " " and text[start + 1 : start + 2].isalnum():
        return start + 1  # so it is mostly
    for name in ("LEAD", "LOOSE_LEAD"):
        lead = _match(name, text, start, stop)
        if lead and (text[lead.end() : lead.end() + 1].isalnum() or text.startswith("*NUMBER*", lead.end())):
            return lead.end()
    return None


def _dated(text: str, begin: int, stop: int) -> PrintedDate | None:
    """Read a date without a time before it: words and numbers, bare numbers, or what is left of a damaged one."""
    if not text[begin : begin + 1].isdecimal():
        return _word_first(text, begin, stop)
    if text[begin : begin + 4].isdecimal():
        return (
            _eastern(_match("EAST_YMD", text, begin, stop))
            or _worded(text, "YMD", _match("YMD", text, begin, stop))
            or _numbers(text, _match("NUMBERS_YMD", text, begin, stop))
            or _worded(text, "YMD", _match("YMD_NUMBERED", text, begin, stop))
            or _worded(text, "YDM", _match("YDM", text, begin, stop))
        )
    return (
        _worded(text, "DMY", _match("DMY", text, begin, stop))
        or _eastern(_match("EAST_MDY", text, begin, stop))
        or _worded(text, "DMY", _match("DMY_NUMBERED", text, begin, stop))
        or _numbers(text, _match("NUMBERS_DMY", text, begin, stop))
        or _damaged(_match("DAMAGED_DMY", text, begin, stop), "DMY")
    )


def _word_first(text: str, begin: int, stop: int) -> PrintedDate | None:
    """Read a date that starts with a word, or with `*NUMBER*`, which some corpora have for every number."""
    if text.startswith("*", begin):
        return _damaged(_match("DAMAGED_DMY", text, begin, stop), "DMY")
    found = _worded(text, "MDY", _match("MDY", text, begin, stop))
    return found or _damaged(_match("DAMAGED_MDY", text, begin, stop), "MDY") or _opened(text, begin, stop)


def _opened(text: str, begin: int, stop: int) -> PrintedDate | None:
    """Read a date before which its language puts a word, as Latin does: `die 8 Septembris 2016`."""
    at = next((at for at in range(begin + 1, min(begin + 13, stop, len(text))) if text[at].isdecimal()), None)
    if at is None or _table().get(fold(text[begin:at])) != "opening":
        return None
    found = _dated(text, at, stop)
    return found and found._replace(start=begin)


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
    chosen = None
    for reading in readings:
        if not reading.tail:
            chosen = chosen or reading
        elif after := _tail_end(text, end, reading.tail):
            return reading, after
    return chosen or readings[0], end


def _tail_end(text: str, end: int, tail: str) -> int | None:
    """Return where `tail` ends when it stands at `end`, its own last dot left out or not; None when it does not."""
    at = end
    if tail[0].isalpha() and (gap := _match("AFTER", text, end, len(text))):
        at = gap.end()
    for form in (tail, tail.rstrip(".")):
        after = at + len(form)
        if form and text.startswith(form, at) and not (form[-1].isalpha() and text[after : after + 1].isalnum()):
            return after
    return None


def _eastern(match: re.Match[str] | None) -> PrintedDate | None:
    """Read a match whose month is a number with a sign, `月` or `월`."""
    if match is None:
        return None
    chinese = " " in match[0] and match[0][-1] == "日"
    language = "ko" if match["sign"] == "월" else "zh" if chinese else "ja"
    return PrintedDate(match.end(), _day(match["year"], int(match["month"]), match["day"]), language, match.start())


def _numbers(text: str, match: re.Match[str] | None) -> PrintedDate | None:
    """Read a match of three bare numbers: year first, or day first.

    With dots, in Arabic (a mark of direction stands inside) and past twelve the day is certain; else there is no day.
    """
    if match is None:
        return None
    month, day, sep = match["month"], match["day"], match["sep"][0]
    year_first = match.start("year") == match.start()
    clear = year_first or sep == "." or "\u200f" in match[0] or int(day) > 12 or day == month  # noqa: PLR2004 - months
    date = _day(match["year"], int(month), day) if clear else None
    end = (_tail_end(text, match.end(), "г.") if sep == "." else None) or match.end()
    return PrintedDate(end, date, "iso" if year_first and sep == "-" else "und", match.start())


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
    """Read the names of the languages most printed, and all particles: folded words to their cell."""
    return dict(read_table("dates.tsv", fields=2))


@cache
def _more() -> dict[str, str]:
    """Read the names that only the other languages have: not needed for most texts."""
    return dict(read_table("dates_more.tsv", fields=2))


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
    forms = [form for form in strip_particles(fold(words), _table(), leading=leading) if form]
    cells = (table().get(form, "particle") for table in (_table, _more) for form in forms)
    return next((cell for cell in cells if cell[0].isdigit()), None)


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
