"""Find words in a text however its blanks were moved: letter by letter, between the borders of words. Pure.

An extractor puts blanks where there were none (`# pier`) and takes others out (`said so.Rain`). Words are the same when
their letters are, and they stand there when they begin and end where words do: at a blank, a sign, or a capital
behind a small letter (`soRain`). Emoji are words; `#`, `@`, punctuation and links are none.
"""

from __future__ import annotations

import re
from bisect import bisect_left, bisect_right
from itertools import accumulate

from tweetlinks.lookups.quotes import Token, tokens
from tweetlinks.record import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from tweetlinks.model import Span

__all__ = ["Letters", "is_short", "letters_of", "words_of"]

_SHORT = 20
"""Letters of words so few that they stand in many a text by chance."""
_WIDE = "\u2e80"
"""From here on a letter is much of a word: two letters."""
_KEYS = (64, 32, 16, 8, 4, 3, 2, 1)
"""Letters by which the beginnings of words are indexed: the most that those looked for have."""
_EMOJI = re.compile(
    r"[\u2190-\u21ff\u2300-\u23ff\u25a0-\u275a\u2761-\u27bf\u2934\u2935\u2b00-\u2bff]"
    r"|[\U0001f000-\U0001f10f\U0001f18a-\U0001faff]"
)  # linear: one character, quotation marks of the dingbats left out


def words_of(text: str) -> tuple[Token, ...]:
    """Return the words of a text as they are compared, emoji among them.

    >>> [token.folded for token in words_of("Rain at the #pier 🌧️ https://t.co/aaaaaaaaaa")]
    ['rain', 'at', 'the', 'pier', '🌧']
    """
    words = tokens(text)
    if text.isascii():
        return words
    emoji = [Token(found[0], found.span()) for found in _EMOJI.finditer(text)]
    if not emoji:
        return words
    ends = [token.span[1] for token in words]
    alone = [each for each in emoji if _is_alone(words, ends, each.span[0])]
    return tuple(sorted([*words, *alone], key=lambda token: token.span))


def letters_of(text: str) -> str:
    """Return the letters of the words of a text."""
    return "".join(token.folded for token in words_of(text))


def is_short(letters: str) -> bool:
    """Tell whether words are so few that they stand in many a text by chance.

    >>> is_short("heiseverywhere"), is_short("thepierisshutfornow, again")
    (True, False)
    """
    return len(letters) < _SHORT and len(letters) + sum(letter >= _WIDE for letter in letters) < _SHORT


class Letters:
    """A text in which words are looked for."""

    def __init__(self, text: str) -> None:
        """Take it apart, once."""
        self.text = text
        self.tokens: Sequence[Token] = words_of(text)
        self.letters = "".join(token.folded for token in self.tokens)
        self.starts = [0, *accumulate(len(token.folded) for token in self.tokens)]
        self.begins = [token.span[0] for token in self.tokens]
        self.ends = [token.span[1] for token in self.tokens]
        inner = (
            start + n for token, start in zip(self.tokens, self.starts, strict=False) for n in _capitals(text, token)
        )
        self._borders = {*self.starts, *inner}
        self._indexes: dict[int, dict[str, list[int]]] = {}

    def everywhere(self, letters: str, near: Sequence[int], most: int) -> list[Span]:
        """Return where words stand.

        Args:
            letters: of the words.
            near: places that matter, in code points: where the words stand more often than `most`, those beside them
                are returned, and the first ones.
            most: how many are wanted.
        """
        size = next((size for size in _KEYS if size <= len(letters)), 0)
        places: Sequence[int] = self._index(size).get(letters[:size], ()) if size else ()
        if len(places) > most:
            offsets = [self.starts[bisect_left(self.begins, at)] for at in near[:most]]
            beside = {n + k for at in offsets for n in [bisect_left(places, at)] for k in (-2, -1, 0)}
            places = [places[n] for n in sorted({*range(most), *beside}) if 0 <= n < len(places)]
        return [self._span(at, letters) for at in places if self._is(at, letters)]

    def within(self, letters: str, where: Span) -> Iterator[Span]:
        """Yield where words stand in a passage."""
        first, last = bisect_left(self.begins, where[0]), bisect_right(self.ends, where[1])
        if not letters or first >= last:
            return
        at = self.letters.find(letters, self.starts[first], self.starts[last])
        while at >= 0:
            if self._is(at, letters):
                yield self._span(at, letters)
            at = self.letters.find(letters, at + 1, self.starts[last])

    def holds(self, words: str) -> bool:
        """Tell whether words stand in it."""
        return any(True for _ in self.within(letters_of(words), (0, len(self.text))))

    def around(self, span: Span, before: int, behind: int) -> Span:
        """Return where so many words before a place start, and so many behind it end."""
        first = bisect_right(self.ends, span[0]) - before
        last = bisect_right(self.ends, span[1]) - 1 + behind
        return self.begins[first] if first > 0 else 0, self.ends[last] if last < len(self.ends) else len(self.text)

    def _is(self, at: int, letters: str) -> bool:
        return at in self._borders and at + len(letters) in self._borders and self.letters.startswith(letters, at)

    def _index(self, size: int) -> dict[str, list[int]]:
        """Return where the words begin that begin with so many letters."""
        if size not in self._indexes:
            index = self._indexes[size] = {}
            for at in sorted(self._borders):
                index.setdefault(self.letters[at : at + size], []).append(at)
        return self._indexes[size]

    def _span(self, at: int, letters: str) -> Span:
        end = at + len(letters)
        first, last = bisect_right(self.starts, at) - 1, bisect_left(self.starts, end) - 1
        start = self.begins[first] + (at - self.starts[first])  # within a word the letters are those of the text
        return start, self.ends[last] - (self.starts[last + 1] - end)


def _is_alone(words: Sequence[Token], ends: Sequence[int], at: int) -> bool:
    """Tell whether no word holds the letter there: a letter in a circle may be one."""
    n = bisect_right(ends, at)
    return n == len(words) or words[n].span[0] > at


def _capitals(text: str, token: Token) -> Iterator[int]:
    """Yield where a capital stands behind a small letter or a digit: words that lost their blank."""
    word = text[slice(*token.span)]
    if len(word) != len(token.folded) or word[1:].islower():
        return
    for n in range(1, len(word)):
        if word[n].isupper() and (word[n - 1].islower() or word[n - 1].isdigit()):
            yield n
