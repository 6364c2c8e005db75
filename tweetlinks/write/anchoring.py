"""Find a quoted passage again in a text that was edited since. Pure.

    position      the quoted words stand where they stood
    quote         they stand elsewhere; where they stand several times, what is around them decides, then nearness
    normalised    they stand there but for typography: composed letters, line breaks, blanks, quotation marks, dashes,
                  characters of no width
    fuzzy         they stand there with typos or cut, and it is the same tweet (`sameness`)

The text is folded character by character, so that a place in the folded text leads back to the text itself. What is no
longer there as it was is looked for where short pieces of it still stand, and measured there by the fewest changes
that make one of the other (Myers 1999, "A fast bit-vector algorithm for approximate string matching", whose vectors are
whole numbers of Python). All of it takes time in proportion to the text.
"""

from __future__ import annotations

from heapq import nlargest, nsmallest

from tweetlinks.record import TYPE_CHECKING, Record
from tweetlinks.write.folding import Folded, is_mark
from tweetlinks.write.offsets import UNITS, Counted
from tweetlinks.write.sameness import is_another, is_inside

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence
    from typing import Any

    from tweetlinks.model import Span

__all__ = ["Anchor", "Folded", "reanchor", "selectors_of"]

_MOST = 400
"""Places of a quotation that are found, on either side of where it stood."""
_WEIGHED, _TIES = 32, 16
"""Of more places: how many nearest ones, and how many with the most of what stood at its borders, are weighed by all
that stood around it; and of how many equal ones the very words are compared."""
_SEED, _SEEDS, _RARE, _WINDOWS = 8, 64, 16, 4
"""Letters of a piece of a changed quotation, how many pieces are looked for, how often one may stand to tell
something, and how many places are measured."""
_NEAR, _PIECE, _SCOPE = 600, 6, 200
"""Letters around a place in which what stood there is looked for, letters of the pieces that it is cut into, and
characters of what stood on either side, and of the passage served, that are looked for."""
_FARTHER = 4
"""Pieces of that passage that speak for a place as much as one of what stood beside the quotation."""
_WORST, _SURE = 0.3, 400
"""The share of a quotation that may have changed, at most, and its length over that: of a short one less may."""
_LONGEST = 20_000
"""Letters of a quotation that are measured; the rest of a longer one is not."""
_WORD = 40
"""Letters within which a border that is as good is looked for, so that no word is cut."""


class Anchor(Record):
    """Where a passage stands now."""

    span: Span
    """Where, in code points of the new text."""
    how: str
    """`position`, `quote`, `normalised` or `fuzzy`."""
    score: float
    """How much of the quoted words stands there, from 0 to 1."""


class Quote(Record):
    """What is known of a passage."""

    exact: str
    """Its words; empty for a place between two characters."""
    prefix: str = ""
    """What stood before it."""
    suffix: str = ""
    """What stood behind it."""
    position: Span | None = None
    """Where it stood."""
    passage: str = ""
    """The passage that it served, which may still stand near it."""
    unit: str = "codepoint"
    """What the position counts: `codepoint`, `utf16` or `utf8`."""


class Sought(Record):
    """What is looked for in one text."""

    quote: Quote
    """As it was."""
    words: str
    """The words, folded."""
    before: str
    """What stood before them, folded."""
    after: str
    """What stood behind them, folded."""
    passage: str
    """The passage served, folded."""
    span: Span | None
    """Where it stood, in code points."""
    near: int
    """Where that is in the folded text; 0 when nobody knows."""


def reanchor(annotation: Mapping[str, Any] | Sequence[Mapping[str, Any]], text: str | Folded) -> Anchor | None:
    r"""Find what an annotation is about in a text that was edited.

    Args:
        annotation: a W3C Web Annotation, its target, or the selectors of that; among them a `TextQuoteSelector`.
        text: the new text; `Folded(text)` where several annotations are looked for in the same one.

    Returns:
        Where it stands; None when it is lost.

    Raises:
        ValueError: there is no `TextQuoteSelector`.

    >>> quote = {"type": "TextQuoteSelector", "exact": "\"Rain\" - at last", "prefix": "She: ", "suffix": ""}
    >>> reanchor([quote], "A new intro.\r\n\r\nShe: “Rain” – at  last")
    Anchor(span=(21, 38), how='normalised', score=1.0)
    """
    quote = _quote(selectors_of(annotation), _passage(annotation))
    folded = text if isinstance(text, Folded) else Folded(text)
    words, span = Folded(quote.exact).text, _points(quote, folded)
    if words and span and folded.raw[slice(*span)] == quote.exact and not _is_torn(folded.raw, span, quote):
        return Anchor(span, "position", 1.0)
    sought = _sought(quote, words, span, folded)
    if not words:
        return _between(sought, folded)
    places = list(_places(folded, sought))
    if places:
        span = _best(folded, sought, places)
        return Anchor(span, "quote" if folded.raw[slice(*span)] == quote.exact else "normalised", 1.0)
    return _nearly(folded, sought)


def selectors_of(annotation: Mapping[str, Any] | Sequence[Mapping[str, Any]]) -> list[Mapping[str, Any]]:
    """Return the selectors of an annotation, of its target, or those themselves."""
    found: list[Any] = _several(annotation)
    for name in ("target", "selector"):
        if not any("exact" in each for each in found):
            found = next((_several(each[name]) for each in found if name in each), found)
    return found


def _several(value: Any) -> list[Any]:
    return [each for each in (value if isinstance(value, list | tuple) else [value]) if isinstance(each, dict)]


def _passage(annotation: Any) -> str:
    """Return the beginning of the passage that an annotation's target has for its scope."""
    target = annotation.get("target", annotation) if isinstance(annotation, dict) else {}
    scope = target.get("scope") if isinstance(target, dict) else None
    found = selectors_of(scope) if isinstance(scope, dict) else []
    return next((str(each["exact"])[:_SCOPE] for each in found if "exact" in each), "")


def _quote(selectors: list[Mapping[str, Any]], passage: str) -> Quote:
    """Read selectors.

    Raises:
        ValueError: there is no quotation among them.
    """
    kinds = {str(each.get("type")): each for each in reversed(selectors)}
    words, place = kinds.get("TextQuoteSelector"), kinds.get("TextPositionSelector")
    if words is None or not isinstance(words.get("exact"), str):
        raise ValueError("no TextQuoteSelector")
    around = [words.get(name) if isinstance(words.get(name), str) else "" for name in ("prefix", "suffix")]
    numbers = [place.get(name) for name in ("start", "end")] if place else []
    known = numbers if all(isinstance(n, int) and n >= 0 for n in numbers) else []
    said = str(place.get("offsetUnit")) if place else ""
    unit = said if said in UNITS else "codepoint"
    position = (known[0], known[1]) if known else None
    return Quote(words["exact"], str(around[0]), str(around[1]), position, passage, unit)


def _points(quote: Quote, folded: Folded) -> Span | None:
    """Return where a quotation stood, in code points; None when nobody knows."""
    if not quote.position:
        return None
    counted = folded.counted.get(quote.unit) or Counted(folded.raw, quote.unit)
    folded.counted[quote.unit] = counted
    return counted.offset(quote.position[0]), counted.offset(quote.position[1])


def _sought(quote: Quote, words: str, span: Span | None, folded: Folded) -> Sought:
    """Fold what is looked for around the words."""
    before, after, passage = (Folded(e).text for e in (quote.prefix[-_SCOPE:], quote.suffix[:_SCOPE], quote.passage))
    return Sought(quote, words, before, after, passage, span, folded.before(span[0]) if span else 0)


def _places(folded: Folded, sought: Sought) -> Iterator[int]:
    """Yield where the words stand and are not a part of a longer number or letter."""
    words, text = sought.words, folded.text
    for at in _found(text, words, sought.near):
        end = at + len(words)
        suspect = _goes_on(text, end) or text[max(at - 1, 0) : at + 1].isdecimal()
        if not (
            suspect and _is_torn(folded.raw, folded.span(at, end), sought.quote, marked=is_mark(text[end : end + 1]))
        ):
            yield at


def _found(text: str, words: str, near: int) -> Iterator[int]:
    """Yield where words stand, the nearest to a place first on either side."""
    at = near - 1
    for _ in range(_MOST):
        at = text.find(words, at + 1)
        if at < 0:
            break
        yield at
    at = near
    for _ in range(_MOST):
        at = text.rfind(words, 0, max(at + len(words) - 1, 0))
        if at < 0:
            break
        yield at


def _goes_on(text: str, end: int) -> bool:
    """Tell whether a number or a letter goes on behind a place."""
    return (end < len(text) and text[end - 1 : end + 1].isdecimal()) or is_mark(text[end : end + 1])


def _is_torn(text: str, span: Span, quote: Quote, *, marked: bool = False) -> bool:
    """Tell whether a passage begins or ends within a number or a letter, as the quotation did not."""
    (start, end), before, after = span, quote.prefix[-1:], quote.suffix[:1]
    first = 0 < start < len(text) and text[start - 1 : start + 1].isdecimal() and not before.isdecimal()
    last = end < len(text) and text[end - 1 : end + 1].isdecimal() and not after.isdecimal()
    mark = (marked or is_mark(text[end : end + 1])) and quote.exact[-1:].isalnum() and not is_mark(after)
    return first or last or mark


def _span(folded: Folded, exact: str, at: int, size: int) -> Span:
    """Return where words stand; with what shows nothing at their ends, where that is the same, too."""
    span = folded.span(at, at + size)
    start = span[0] - (len(exact) - len(exact.lstrip()))
    return (start, start + len(exact)) if start >= 0 and folded.raw.startswith(exact, start) else span


def _best(folded: Folded, sought: Sought, places: list[int]) -> Span:
    """Return the place for which most speaks: what is around it, the very same words, how near it is."""
    size, exact = len(sought.words), sought.quote.exact

    def far(at: int) -> int:
        return abs(at - sought.near)

    if len(places) > 2 * _WEIGHED:
        bordered = nlargest(_WEIGHED, places, key=lambda at: (_borders(folded, sought, at, at + size), -far(at)))
        places = [*{*bordered, *nsmallest(_WEIGHED, places, key=far)}]
    scores = {at: _around(folded, sought, at, at + size) for at in places}
    most = max(scores.values())
    ties = nsmallest(_TIES, (at for at in places if scores[at] == most), key=far)
    spans = [_span(folded, exact, at, size) for at in ties]
    spans.sort(key=lambda span: abs(span[0] - (sought.span or (0, 0))[0]))
    return next((span for span in spans if folded.raw[slice(*span)] == exact), spans[0])


def _borders(folded: Folded, sought: Sought, at: int, end: int) -> int:
    """Count what stood at the borders of the quotation and stands at those of a place."""
    here, there = folded.text[max(at - _SCOPE, 0) : at], folded.text[end : end + _SCOPE]
    return _shared(sought.before[::-1], here[::-1]) + _shared(sought.after, there)


def _around(folded: Folded, sought: Sought, at: int, end: int) -> int:
    """Count what stood around the quotation and stands around a place: at its borders, and piece by piece near it."""
    here, there = folded.text[max(at - _NEAR, 0) : at], folded.text[end : end + _NEAR]
    pieces = _pieces(sought.before, here) + _pieces(sought.after, there)
    pieces += _pieces(sought.passage, f"{here} {there}") // _FARTHER
    return _borders(folded, sought, at, end) + pieces


def _pieces(words: str, text: str) -> int:
    """Count the pieces of words that stand in a text."""
    return sum(words[n : n + _PIECE] in text for n in range(len(words) - _PIECE + 1))


def _shared(a: str, b: str) -> int:
    return next((n for n, (x, y) in enumerate(zip(a, b, strict=False)) if x != y), min(len(a), len(b)))


def _between(sought: Sought, folded: Folded) -> Anchor | None:
    """Find a place between two characters by what stood before and behind it."""
    before, after, near = sought.before, sought.after, sought.near
    if not before + after:
        return Anchor((0, 0), "position", 1.0) if not folded.text else None
    for words, ahead in ((before + after, len(before)), (before, len(before)), (after, 0)):
        places = list(_found(folded.text, words, max(near - ahead, 0))) if words else []
        if places:
            at = min(places, key=lambda at: abs(at + ahead - near)) + ahead
            point = folded.span(at - 1, at)[1] if ahead else folded.span(at, at + 1)[0]
            if sought.span and near == at:
                point = sought.span[0]
            return Anchor((point, point), "quote", round(len(words) / len(before + after), 3))
    return None


# ---------------------------------------------------------------- what has changed


def _nearly(folded: Folded, sought: Sought) -> Anchor | None:
    """Find a quotation that has changed."""
    words, exact = sought.words[:_LONGEST], sought.quote.exact
    if len(sought.words) > _LONGEST:
        exact = exact[: Folded(exact).span(0, _LONGEST)[1]]
    most = int(len(words) * min(_WORST, len(words) / _SURE))
    best: tuple[int, int, Span] | None = None
    for window in _windows(folded, words, sought.near) if most else ():
        errors, start, end = _measure(folded, sought, words, window)
        for span, lost in _stretches(folded, start, end, len(words)) if errors <= most and start < end else ():
            found = (-max(errors, lost), _around(folded, sought, start, end), span)
            worse = lost > most or (best is not None and found[:2] <= best[:2])
            if not (worse or _is_torn(folded.raw, span, sought.quote) or is_another(exact, folded.raw, span)):
                best = found
                break
    return Anchor(best[2], "fuzzy", round(1 + best[0] / len(words), 3)) if best else None


def _stretches(folded: Folded, start: int, end: int, size: int) -> Iterator[tuple[Span, int]]:
    """Yield a stretch, up to the end of its word, without its last line, without its first; and how much is missing."""
    first, last = folded.span(start, end)
    yield (first, last), 0
    if is_inside(folded.raw, last):
        yield folded.span(start, _onward(folded, end)), 0
    words = folded.raw[first:last]
    for a, b in ((0, words.rfind("\n")), (words.find("\n") + 1, len(words))):
        part = words[a:b].strip()
        if 0 < len(part) < len(words):
            at = first + words.index(part, a)
            yield (at, at + len(part)), size - len(Folded(part).text)


def _windows(folded: Folded, words: str, near: int) -> list[Span]:
    """Return where pieces of a quotation stand in their order, the places with most of them first."""
    size, slack = len(words), max(len(words) // 3, 16)
    step = max((size - _SEED) // _SEEDS, 1)
    votes: dict[int, int] = {near // slack: 1}
    for at in range(0, max(size - _SEED, 0) + 1, step):
        piece, found = words[at : at + _SEED], list[int]()
        place = folded.text.find(piece)
        while place >= 0 and len(found) <= _RARE:
            found.append(place)
            place = folded.text.find(piece, place + 1)
        for place in found if len(found) <= _RARE else ():
            votes[(place - at) // slack] = votes.get((place - at) // slack, 0) + 1
    ranked = sorted(votes, key=lambda key: (-votes[key] - votes.get(key + 1, 0), key))[:_WINDOWS]
    return [(max((key - 1) * slack, 0), (key + 3) * slack + size) for key in ranked]


def _measure(folded: Folded, sought: Sought, words: str, window: Span) -> tuple[int, int, int]:
    """Return the fewest changes that make a stretch of a window of words, and that stretch, which cuts no word."""
    base, text = window[0], folded.text[slice(*window)]
    errors, first, last = _closest(words, text)
    end = _border(folded, [base + n for n in range(first, min(last, first + _WORD) + 1)], sought.after, ahead=True)
    _, first, last = _closest(words[::-1], text[: end - base][::-1])
    starts = [end - n for n in range(first, min(last, first + _WORD) + 1)]
    return errors, _border(folded, starts, sought.before, ahead=False), end


def _border(folded: Folded, places: list[int], words: str, *, ahead: bool) -> int:
    """Return the place of several that cuts no word, and beyond which most of what stood there stands; then a blank."""
    if len(places) == 1:  # nothing has changed there
        return places[0]

    def fit(at: int) -> tuple[bool, int, bool]:
        place = _place(folded, at)
        beyond = folded.text[at : at + _SCOPE] if ahead else folded.text[max(at - _SCOPE, 0) : at][::-1]
        next_to = folded.raw[place : place + 1] if ahead else folded.raw[max(place - 1, 0) : place]
        shared = _shared(words if ahead else words[::-1], beyond)
        return not is_inside(folded.raw, place), shared, not next_to.strip()

    best = max(places, key=fit)
    return best if fit(best)[0] or not ahead else _onward(folded, places[-1])


def _place(folded: Folded, at: int) -> int:
    """Return a place of the folded text in the text: behind the letter before it."""
    return folded.span(at - 1, at)[1] if at else 0


def _onward(folded: Folded, end: int) -> int:
    """Return where the word ends in which a stretch does; where it stands, when that is far."""
    last = min(end + _WORD, len(folded.text) + 1)
    return next((n for n in range(end, last) if not is_inside(folded.raw, _place(folded, n))), end)


def _closest(words: str, text: str) -> tuple[int, int, int]:
    """Return the fewest changes between words and a stretch of the text, and where the first such stretch ends.

    The last number is how far it may go on without more of them.
    Bit n of the vectors says how the changes grow from row n to n + 1 of the table of words against text.
    """
    size = len(words)
    top, mask = 1 << (size - 1), (1 << size) - 1
    where: dict[str, int] = {}
    for n, char in enumerate(words):
        where[char] = where.get(char, 0) | 1 << n
    up, down, errors, best = mask, 0, size, (size, 0, 0)
    for n, char in enumerate(text, 1):
        here = where.get(char, 0)
        across = (((here & up) + up) ^ up) | here
        rise, fall = down | ~(across | up) & mask, across & up
        errors += bool(rise & top) - bool(fall & top)
        rise, fall = rise << 1 & mask, fall << 1 & mask
        up, down = fall | ~(here | down | rise) & mask, (here | down) & rise
        if errors < best[0]:
            best = errors, n, n
        elif errors == best[0] and n == best[2] + 1:
            best = errors, best[1], n
    return best
