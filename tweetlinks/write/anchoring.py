"""Find a quoted passage again in a text that was edited since. Pure.

    position      the quoted words stand where they stood
    quote         they stand elsewhere; where they stand several times, what is around them decides, then nearness
    normalised    they stand there but for typography: composed letters, line breaks, blanks, quotation marks, dashes,
                  characters of no width
    fuzzy         most of them stand there, and no other link, number of a tweet or handle

The text is folded character by character, so that a place in the folded text leads back to the text itself. What is no
longer there as it was is looked for where short pieces of it still stand, and measured there by the fewest changes
that make one of the other (Myers 1999, "A fast bit-vector algorithm for approximate string matching", whose vectors are
whole numbers of Python). All of it takes time in proportion to the text.
"""

from __future__ import annotations

import re
import unicodedata
from bisect import bisect_right
from itertools import accumulate

from tweetlinks.record import TYPE_CHECKING, Record

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence
    from typing import Any

    from tweetlinks.model import Span

__all__ = ["Anchor", "Folded", "reanchor", "selectors_of"]

_SAME = {
    **dict.fromkeys("\"'`´«»‹›‘’‚‛“”„‟′″‴「」『』", "'"),
    **dict.fromkeys("-‐‑‒–—―−﹣－", "-"),
}
"""Characters that editors exchange for each other."""
_NOTHING = frozenset(
    "\u00ad\u200b\u200c\u200d\u2060\ufeff\u200e\u200f\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069"
)
"""Characters that show nothing: soft hyphens, joiners, marks of direction."""
_BLOCK = 4096
"""Characters that are folded at once: where one stands is counted within a block."""
_MOST = 400
"""Places of a quotation that are weighed, on either side of where it stood."""
_SEED, _SEEDS, _RARE, _WINDOWS = 8, 64, 16, 4
"""Letters of a piece of a changed quotation, how many pieces are looked for, how often one may stand to tell
something, and how many places are measured."""
_NEAR, _PIECE, _SCOPE = 600, 6, 200
"""Characters around a place in which what stood there is looked for, letters of the pieces that it is cut into, and
characters of the passage served that are looked for."""
_FARTHER = 4
"""Pieces of that passage that speak for a place as much as one of what stood beside the quotation."""
_WORST, _SURE = 0.3, 400
"""The share of a quotation that may have changed, at most, and its length over that: of a short one less may."""
_LONGEST = 20_000
"""Letters of a quotation that are measured; the rest of a longer one is not."""
_LINKS = re.compile(r"(?:t\.co|pic\.(?:twitter|x)\.com)/(\w{1,20})|status(?:es)?/(\d{1,20})")
_HANDLES = re.compile(r"@(\w{1,20})")
# Both linear: literals and bounded runs.


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


class _Letters(dict[int, str]):
    """What each character is folded to, found when it is first met."""

    def __missing__(self, code: int) -> str:
        char = chr(code)
        parts = [_SAME.get(char)] if char in _SAME else unicodedata.normalize("NFKD", char)
        kept = [_SAME.get(part, part) for part in parts if part and part not in _NOTHING]
        self[code] = "".join(part for part in kept if not part.isspace() and unicodedata.category(part) != "Mn")
        return self[code]


class Folded:
    """A text without its typography, which knows where each of its characters stands in the text."""

    _letters = _Letters()

    def __init__(self, text: str) -> None:
        """Fold a text."""
        self.raw = text
        blocks = [text[n : n + _BLOCK].translate(self._letters) for n in range(0, len(text), _BLOCK)]
        self.text = "".join(blocks)
        self._ends = list(accumulate(map(len, blocks)))

    def span(self, start: int, end: int) -> Span:
        """Return where a stretch of at least one folded character stands in the text, with the marks on its last."""
        stop = self._place(end - 1) + 1
        while stop < len(self.raw) and unicodedata.category(self.raw[stop]) == "Mn":
            stop += 1
        return self._place(start), stop

    def before(self, offset: int) -> int:
        """Return how many folded characters stand before a place of the text."""
        block = min(max(offset, 0), len(self.raw)) // _BLOCK
        start = block * _BLOCK
        return (self._ends[block - 1] if block else 0) + len(self.raw[start : max(offset, 0)].translate(self._letters))

    def _place(self, n: int) -> int:
        block = bisect_right(self._ends, n)
        left, at = n - (self._ends[block - 1] if block else 0), block * _BLOCK
        for place in range(at, len(self.raw)):
            left -= len(self._letters[ord(self.raw[place])])
            if left < 0:
                return place
        raise IndexError(n)


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
    exact = Folded(quote.exact).text
    if not exact:
        return _between(quote, folded)
    if quote.position:
        span = _points(folded.raw, quote)
        if folded.raw[slice(*span)] == quote.exact:
            return Anchor(span, "position", 1.0)
    places = list(_places(folded, exact, _expected(folded, quote)))
    if places:
        spans = (_span(folded, quote.exact, at, len(exact)) for at in places)
        span = max(spans, key=lambda span: _weight(folded, quote, span))
        return Anchor(span, "quote" if folded.raw[slice(*span)] == quote.exact else "normalised", 1.0)
    return _nearly(folded, exact[:_LONGEST], quote)


def selectors_of(annotation: Mapping[str, Any] | Sequence[Mapping[str, Any]]) -> list[Mapping[str, Any]]:
    """Return the selectors of an annotation, of its target, or those themselves."""
    found: Any = annotation
    for name in ("target", "selector"):
        if isinstance(found, list | tuple) and found and not any("type" in each and "exact" in each for each in found):
            found = next((each for each in found if name in each), found)
        found = found[name] if not isinstance(found, list | tuple) and name in found else found
    return [each for each in (found if isinstance(found, list | tuple) else [found]) if isinstance(each, dict)]


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
    unit = str(place.get("offsetUnit", "codepoint")) if place else "codepoint"
    position = (known[0], known[1]) if known else None
    return Quote(words["exact"], str(around[0]), str(around[1]), position, passage, unit)


def _points(text: str, quote: Quote) -> Span:
    """Return where it stood, in code points."""
    start, end = quote.position or (0, 0)
    if quote.unit == "codepoint" or text.isascii():
        return start, end
    codec, size = ("utf-16-le", 2) if quote.unit == "utf16" else ("utf-8", 1)
    data = text.encode(codec, "surrogatepass")
    first = len(data[: size * start].decode(codec, "ignore"))
    return first, first + len(data[size * start : size * end].decode(codec, "ignore"))


def _expected(folded: Folded, quote: Quote) -> int:
    return folded.before(_points(folded.raw, quote)[0]) if quote.position else 0


def _places(folded: Folded, words: str, near: int) -> Iterator[int]:
    """Yield where words stand, the nearest to a place first on either side."""
    text, at = folded.text, near - 1
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


def _span(folded: Folded, exact: str, at: int, size: int) -> Span:
    """Return where words stand; with what shows nothing at their ends, where that is the same, too."""
    span = folded.span(at, at + size)
    start = span[0] - (len(exact) - len(exact.lstrip()))
    return (start, start + len(exact)) if start >= 0 and folded.raw.startswith(exact, start) else span


def _weight(folded: Folded, quote: Quote, span: Span) -> tuple[float, bool, int]:
    """Return what speaks for a place: what is around it, whether the words are the very same, and how near it is."""
    near = -abs(span[0] - _points(folded.raw, quote)[0]) if quote.position else 0
    return _around(folded, quote, span), folded.raw[slice(*span)] == quote.exact, near


def _around(folded: Folded, quote: Quote, span: Span) -> int:
    """Count what stood around the quotation and stands around a place: at its borders, and piece by piece near it."""
    before, after = Folded(quote.prefix).text, Folded(quote.suffix).text
    here = Folded(folded.raw[max(span[0] - _NEAR, 0) : span[0]]).text
    there = Folded(folded.raw[span[1] : span[1] + _NEAR]).text
    pieces = _pieces(before, here) + _pieces(after, there)
    pieces += _pieces(Folded(quote.passage).text, f"{here} {there}") // _FARTHER
    return _shared(before[::-1], here[::-1]) + _shared(after, there) + pieces


def _pieces(words: str, text: str) -> int:
    """Count the pieces of words that stand in a text."""
    return sum(words[n : n + _PIECE] in text for n in range(len(words) - _PIECE + 1))


def _shared(a: str, b: str) -> int:
    return next((n for n, (x, y) in enumerate(zip(a, b, strict=False)) if x != y), min(len(a), len(b)))


def _between(quote: Quote, folded: Folded) -> Anchor | None:
    """Find a place between two characters by what stood before and behind it."""
    before, after = Folded(quote.prefix).text, Folded(quote.suffix).text
    if not before + after:
        return Anchor((0, 0), "position", 1.0) if not folded.text else None
    near = _expected(folded, quote)
    for words, ahead in ((before + after, len(before)), (before, len(before)), (after, 0)):
        places = list(_places(folded, words, max(near - ahead, 0))) if words else []
        if places:
            at = min(places, key=lambda at: abs(at + ahead - near)) + ahead
            point = folded.span(at - 1, at)[1] if ahead else folded.span(at, at + 1)[0]
            if quote.position and folded.before(old := _points(folded.raw, quote)[0]) == at:
                point = old
            return Anchor((point, point), "quote", round(len(words) / len(before + after), 3))
    return None


# ---------------------------------------------------------------- what has changed


def _nearly(folded: Folded, words: str, quote: Quote) -> Anchor | None:
    """Find a quotation that has changed."""
    most = int(len(words) * min(_WORST, len(words) / _SURE))
    best: tuple[int, int, Span] | None = None
    for low, high in _windows(folded, words, _expected(folded, quote)) if most else ():
        errors, start, end = _measure(words, folded.text[low:high])
        if errors > most or start >= end:
            continue
        span = folded.span(low + start, low + end)
        found = (-errors, _around(folded, quote, span), span)
        if not _another(quote.exact, folded.raw[slice(*span)]) and (best is None or found[:2] > best[:2]):
            best = found
    return Anchor(best[2], "fuzzy", round(1 + best[0] / len(words), 3)) if best else None


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


def _measure(words: str, text: str) -> tuple[int, int, int]:
    """Return the fewest changes that make a stretch of a text of words, and that stretch."""
    errors, end = _closest(words, text)
    _, length = _closest(words[::-1], text[:end][::-1])
    return errors, end - length, end


def _closest(words: str, text: str) -> tuple[int, int]:
    """Return the fewest changes between words and a stretch of the text, and where the first such stretch ends.

    Bit n of the vectors says how the changes grow from row n to n + 1 of the table of words against text.
    """
    size = len(words)
    top, mask = 1 << (size - 1), (1 << size) - 1
    where: dict[str, int] = {}
    for n, char in enumerate(words):
        where[char] = where.get(char, 0) | 1 << n
    up, down, errors, best = mask, 0, size, (size, 0)
    for n, char in enumerate(text, 1):
        here = where.get(char, 0)
        across = (((here & up) + up) ^ up) | here
        rise, fall = down | ~(across | up) & mask, across & up
        errors += bool(rise & top) - bool(fall & top)
        rise, fall = rise << 1 & mask, fall << 1 & mask
        up, down = fall | ~(here | down | rise) & mask, (here | down) & rise
        if errors < best[0]:
            best = errors, n
    return best


def _another(old: str, new: str) -> bool:
    """Tell whether a passage is of another tweet: it has other links, or other handles, and none of the old."""
    for marks in (_LINKS, _HANDLES):
        ours, theirs = set(marks.findall(old)), set(marks.findall(new))
        if ours and theirs and not ours & theirs:
            return True
    return False
