"""Tell a quotation that was edited from another that is like it. Pure.

Tweets of one account resemble each other: the same sentence with other numbers, the next day. So only this is still the
same tweet:

    typos     in a word one letter is changed, added or missing, or two are exchanged; never a digit
    blanks    words are joined or parted
    links     some are missing or new, not both; so are handles
    cuts      the beginning or the end is missing where a line begins or ends
    names     the name is another and the day written otherwise, of the same handle and day

A word replaced, added or missing between others makes another tweet, and so does another day.
"""

from __future__ import annotations

import re
import unicodedata

from tweetlinks.record import TYPE_CHECKING
from tweetlinks.write.folding import NOTHING

if TYPE_CHECKING:
    from tweetlinks.model import Span

__all__ = ["is_another", "is_inside"]

_IDS = re.compile(r"status(?:es)?/(\d{1,20})")
_URLS = re.compile(r"(?:https?://(?:t\.co/)?|pic\.(?:twitter|x)\.com/|\bt\.co/)([!-~]+)")
_HANDLES = re.compile(r"@(\w{1,20})")
_LINE = re.compile(r"[\n—–]")
# All linear: literals, and one run each.
_SLUG = 8
"""Characters by which the slug of a short link is known, when a word is glued to it or was."""
_DATE = 80
"""Characters of the last line that may be a date."""
_BEHIND = 200
"""Characters around a quotation that are looked at."""
_PARTS = ((1, 1), (1, 2), (2, 1), (1, 3), (3, 1), (2, 2))
"""How many words may have become how many others."""
_DASHES = ("—", "–", "-", "―", "(@")
"""What an attribution begins with."""
_WIDE = ((0x0E00, 0x0EFF), (0x1000, 0x109F), (0x1780, 0x17FF), (0x2E80, 0xA4CF), (0xF900, 0xFAFF), (0x20000, 0x3FFFF))
"""Scripts that part no words by blanks: Thai, Lao, Burmese, Khmer, Chinese and Japanese; each character is a word."""


class _Words(dict[int, str]):
    """What each character is among words: a letter, a word of its own, a gap, or nothing."""

    def __missing__(self, code: int) -> str:
        char = chr(code)
        part = "" if char in NOTHING else char.casefold() if unicodedata.category(char)[0] in "LMN" else " "
        self[code] = f" {part} " if part and _is_wide(char) else part
        return self[code]


_words = _Words()


def _is_wide(char: str) -> bool:
    return any(low <= ord(char) <= high for low, high in _WIDE)


def is_inside(text: str, at: int) -> bool:
    """Tell whether a place is within a word.

    >>> is_inside("in 2017", 6), is_inside("in 2017", 7), is_inside("in 2017", 2), is_inside("雨です", 1)
    (True, False, False, False)
    """
    pair = text[max(at - 1, 0) : at + 1]
    return 0 < at < len(text) and all(unicodedata.category(c)[0] in "LMN" and not _is_wide(c) for c in pair)


def is_another(old: str, text: str, span: Span) -> bool:
    r"""Tell whether a passage is of another tweet than the quotation that it resembles.

    Args:
        old: the quotation.
        text: the text that was edited.
        span: where in it the passage stands.

    >>> old = "All 14 ferries sail\n— Ann (@ann_b) 3 mai 2017"
    >>> [is_another(old, new, (0, len(new))) for new in (old.replace("sail", "sial"), old.replace("3 mai", "4 mai"))]
    [False, True]
    """
    new = text[slice(*span)]
    ours, theirs = set(_IDS.findall(old)), set(_IDS.findall(new))
    if ours - theirs and theirs - ours:
        return True
    handles = [{name.casefold() for name in _HANDLES.findall(words)} for words in (old, new)]
    if handles[0] - handles[1] and handles[1] - handles[0]:
        return True
    days = _day(old), _day(new)
    if all(days) and days[0] != days[1]:
        return True
    return _other_links(old, new) or not _same_words(old, new, text, span)


def _other_links(old: str, new: str) -> bool:
    """Tell whether a link was replaced."""
    ours, theirs = set(_URLS.findall(old)), set(_URLS.findall(new))
    gone, come = ours - theirs, theirs - ours
    return any(not _has(each, theirs) for each in gone) and any(not _has(each, ours) for each in come)


def _has(link: str, links: set[str]) -> bool:
    """Tell whether a link is among others, but for what is glued to either."""
    start = link[:_SLUG]
    return len(start) == _SLUG and any(
        each.startswith(start) and (each.startswith(link) or link.startswith(each)) for each in links
    )


def _day(text: str) -> str | None:
    """Return the day of the attribution, or of the line that ends a passage; None when there is none."""
    from tweetlinks.attributions import attributions
    from tweetlinks.dates import parse_date

    found = attributions(text)
    if found:
        return found[-1].date
    date = parse_date(_LINE.split(text.rstrip())[-1][-_DATE:])
    return date.date if date else None


def _same_words(old: str, new: str, text: str, span: Span) -> bool:
    before, behind = text[max(span[0] - _BEHIND, 0) : span[0]], text[span[1] : span[1] + _BEHIND]
    shorter = _without_attribution(old, new)
    ours, theirs = map(_split, shorter or (old, new))
    if not (ours and theirs):
        return not (ours or theirs)
    ends = _is_empty(behind.partition("\n")[0]) and not behind.lstrip().startswith(_DASHES) and not shorter
    if ends and theirs[-1] in ours:
        ours = ours[: len(ours) - ours[::-1].index(theirs[-1])]
    if _is_empty(before.rpartition("\n")[2]) and theirs[0] in ours:
        ours = ours[ours.index(theirs[0]) :]
    return _agree(ours, theirs)


def _without_attribution(old: str, new: str) -> tuple[str, str] | None:
    """Return what stands before the attributions of both, where they are of the same handle and day: names change."""
    from tweetlinks.attributions import attributions

    ours, theirs = attributions(old)[-1:], attributions(new)[-1:]
    if not (ours and theirs and ours[0].date and ours[0].date == theirs[0].date and ours[0].dash and theirs[0].dash):
        return None
    if ours[0].screen_name.casefold() != theirs[0].screen_name.casefold():
        return None
    rests = old[ours[0].span[1] :], new[theirs[0].span[1] :]
    return None if any(rest.strip() for rest in rests) else (old[: ours[0].span[0]], new[: theirs[0].span[0]])


def _split(text: str) -> list[str]:
    """Return the words of a text without its links."""
    return unicodedata.normalize("NFKC", _URLS.sub(" ", text)).translate(_words).split()


def _is_empty(line: str) -> bool:
    return not line.strip(" \t\r.…>\"'“”«»")


def _agree(ours: list[str], theirs: list[str]) -> bool:
    """Tell whether each word has become a word like it, in order."""
    a = b = 0
    while a < len(ours) and b < len(theirs):
        pairs = [("".join(ours[a : a + m]), "".join(theirs[b : b + n]), m, n) for m, n in _PARTS]
        same = next((pair for pair in pairs if pair[0] == pair[1]), None)
        found = same or next((pair for pair in pairs if _is_like(*pair[:2])), None)
        if found is None:
            return False
        a, b = a + found[2], b + found[3]
    return a >= len(ours) and b >= len(theirs)


def _is_like(old: str, new: str) -> bool:
    """Tell whether a word is the same but for one typo; digits and characters that are words have none.

    >>> [_is_like("harbour", new) for new in ("harbor", "habrour", "xarbour", "parlour")], _is_like("2016", "2017")
    ([True, True, True, False], False)
    """
    if old == new:
        return True
    if any(map(_is_wide, old + new)):  # damaged, it is no word any more; as another one it is another word
        return len(old) == len(new) == 1 and _is_wide(old) != _is_wide(new)
    if abs(len(old) - len(new)) > 1 or any(map(str.isdecimal, old + new)):
        return False
    size = min(len(old), len(new))
    start = next((n for n in range(size) if old[n] != new[n]), size)
    if old[start + 1 :] in (new[start:], new[start + 1 :]) or old[start:] == new[start + 1 :]:
        return True
    return old[start : start + 2] == new[start : start + 2][::-1] and old[start + 2 :] == new[start + 2 :]
