"""Compare the words that an article prints with the words that a tweet has. Pure.

    exact          the same words, in the same order
    shortened      words are missing at an end, or where the article marks that they are: `…`, `[…]`, `[the minister]`;
                   or the article's editor put words in brackets, whatever they say
    altered        a word is another, more, elsewhere, or missing without a mark: one "not" turns a sentence round
    unverifiable   there is nothing to compare with

What is typography does not count: case, quotation marks, dashes, punctuation, blanks, emoji, entities of HTML, links,
the `#` and `@` before a word, the handles that a reply begins with where only one side has them. Where a script
writes no blanks, letters are compared. Words beyond the place where the found text was cut (`… https://t.co/…`)
cannot be verified.
"""

from __future__ import annotations

import re
import unicodedata
from difflib import SequenceMatcher
from html import unescape

from tweetlinks.record import TYPE_CHECKING, Record

if TYPE_CHECKING:
    from collections.abc import Sequence

    from tweetlinks.model import Span

__all__ = ["Change", "Comparison", "Token", "compare", "tokens"]

MOST_PAIRS = 100_000
"""Pairs of words that are compared one by one; beyond that, what differs is one change."""
_INSIDE = r"['’ʼ´`_\u00ad\u200b-\u200d\ufe0e\ufe0f]"
_MARKS = (
    r"\u0300-\u036f\u0483-\u0489\u0591-\u05bd\u05bf-\u05c7\u0610-\u061a\u064b-\u065f\u0670\u06d6-\u06ed\u0711"
    r"\u0730-\u074a\u07a6-\u07b0\u07eb-\u07f3\u0816-\u082d\u0859-\u085b\u0898-\u0963\u0966-\u0df3\u0f00-\u0fff"
    r"\u135d-\u135f\u1712-\u1734\u1dc0-\u1dff\u20d0-\u20ff\ua66f-\ua8ff\ua926-\uabed\ufe20-\ufe2f"
)
"""Marks that belong to the letter before them, and scripts in which every other one is such (Unicode 15, Mn, Mc)."""
_TOKENS = re.compile(
    rf"""
      (?P<link> (?: https?://t\.co/ | \bt\.co/ | pic\.(?:twitter|x)\.com/ )
          (?: [A-Za-z0-9]{{1,20}}? (?= pic\.(?:twitter|x)\.com/ ) | [A-Za-z0-9]{{1,20}} )
        | https?:// [!-~\u00a1-\u2e7f]+ )
    | (?P<gap> \[ (?: \s | \. | … )* \] | \( (?: \s | \. | … )* \) | … | \.{{3,}} )
    | (?P<sic> \[ \s* sic \s* !? \s* \] )
    | (?P<insertion> \[ [^\[\]\n]{{1,80}} \] )
    | (?P<letter> [\u0e00-\u0eff\u1000-\u109f\u1780-\u17ff]
        | [\u2e80-\u2fdf\u3005-\u3007\u3041-\u30ff\u3400-\u9fff\uf900-\ufaff\u24b6-\u24e9\U0001f110-\U0001f189] )
    | (?P<number> (?: (?<! [\w.] ) [-−–] (?= [.\d] ) )? (?: (?<! [\w.] ) \. (?= \d ) )?
        (?: \d{{1,3}} (?: [\ \u00a0\u2009\u202f] \d{{3}} )+ (?! \d ) | \d+ (?: [.,:] \d+ )* )
        (?: [\ \u00a0\u2009\u202f]? [%‰] )? )
    | (?P<word> [^\W\d_] (?: {_INSIDE}? [^\W_] | [{_MARKS}] )* )
    | (?P<sign> (?<! [\w.] ) [-−–] (?= [\u20a0-\u20bf$\u00a2-\u00a5] ) | (?<= \d ) [-−–/] (?= \d )
        | [\u20a0-\u20bf$\u00a2-\u00a5+=<>^±×÷\u2200-\u22ff] )
    """,
    re.VERBOSE | re.IGNORECASE,
)
# Linear: every choice begins with another letter or is bounded, and a run ends where its class does.
_ENTITY = re.compile(r"&(?:amp;)*(?P<name>amp|lt|gt|quot|apos|nbsp|#0?39);")  # linear: parted by `;`
_GROUPS = re.compile(r"[\s\u2009\u202f]|,(?=\d{3}(?!\d))")
_REPLY = re.compile(r"\A(?:\s*RT\s+@\w{1,20}:?)?(?:\s*\.?@\w{1,20})*")  # linear: each round eats an @
_DROPPED = dict.fromkeys(
    [*map(ord, "\u00ad\u200b\u200c\u200d\ufe0e\ufe0f"), *range(0x591, 0x5C8), *range(0x64B, 0x653)]
)
"""What may be written or not: soft hyphens, joiners, the points of Hebrew and the vowel signs of Arabic."""
_APOSTROPHES = str.maketrans("’ʼ`´–−", "''''--")


class Change(Record):
    """One stretch of the comparison."""

    op: str
    """`same`, `missing` (the article has it not), `added` (the tweet has it not) or `changed`."""
    printed: str
    """What the article prints there."""
    found: str
    """What the tweet has there."""
    printed_span: Span
    """Where, in the printed words, in code points."""
    found_span: Span
    """Where, in the found words."""


class Comparison(Record):
    """What came of it."""

    word: str
    """`exact`, `shortened`, `altered` or `unverifiable`."""
    diff: tuple[Change, ...] = ()
    """All of both texts, stretch by stretch; empty when nothing was compared."""
    share: float = 0.0
    """How much of the tweet's words the article prints, from 0 to 1."""


class Token(Record):
    """A word as it is compared."""

    folded: str
    """Without what is typography."""
    span: Span
    """Where it stands, in code points."""


class _Words(Record):
    """A text as it is compared."""

    text: str
    tokens: tuple[Token, ...]
    gaps: frozenset[int]
    """Before which tokens the article marks that words are missing."""
    cut: bool
    """It goes on: only its beginning is here."""
    reply: tuple[str, ...]
    """The handles that it begins with."""
    edited: bool
    """It holds words in brackets."""


def compare(printed: str | None, found: str | None, *, cut: bool = False) -> Comparison:
    """Compare printed words with found ones.

    Args:
        printed: the words of the article; None when it prints none.
        found: the words of the tweet; None when nobody has them.
        cut: the tweet goes on, and only its beginning was found; it is seen in an ellipsis at its end, too.

    >>> compare("Rain at the pier …", "@bob Rain at the pier, not fog! https://t.co/aaaaaaaaaa").word
    'shortened'
    >>> [change.op for change in compare("Rain and fog", "Rain, no fog").diff]
    ['same', 'changed', 'same']
    """
    ours, theirs = _words(printed or ""), _words(found or "", cut=cut)
    if ours.reply and theirs.reply and ours.reply != theirs.reply:  # to others
        ours, theirs = _words(printed or "", whole=True), _words(found or "", cut=cut, whole=True)
    if not (ours.tokens and theirs.tokens):
        return Comparison("unverifiable")
    codes = _codes([token.folded for token in ours.tokens], [token.folded for token in theirs.tokens])
    kinds = [_kind(code, ours, theirs) for code in codes]
    usual = "shortened" if ours.edited and not theirs.edited else "exact"
    word = next((word for word in ("altered", "unverifiable", "shortened") if word in kinds), usual)
    same = sum(k1 - k0 for op, _, _, k0, k1 in codes if op == "same")
    diff = tuple(_change(code, ours, theirs) for code in codes)
    return Comparison(word, diff, round(same / len(theirs.tokens), 3))


def tokens(text: str) -> tuple[Token, ...]:
    """Return the words of a text as they are compared, links left out.

    >>> [token.folded for token in tokens("“Rain” at the pier… https://t.co/aaaaaaaaaa #Fog")]
    ['rain', 'at', 'the', 'pier', 'fog']
    """
    return _words(text, whole=True).tokens


Code = tuple[str, int, int, int, int]
"""What became of the tokens i to j of the article, and k to l of the tweet."""


def _codes(ours: Sequence[str], theirs: Sequence[str]) -> list[Code]:
    """Return the stretches of both, in order; what they share at both ends is taken off first."""
    most = min(len(ours), len(theirs))
    head = next((n for n in range(most) if ours[n] != theirs[n]), most)
    tail = next((n for n in range(most - head) if ours[-1 - n] != theirs[-1 - n]), most - head)
    a, b = ours[head : len(ours) - tail], theirs[head : len(theirs) - tail]
    if len(a) * len(b) > MOST_PAIRS:
        inner: list[Code] = [("replace", 0, len(a), 0, len(b))]
    else:
        inner = [*SequenceMatcher(None, a, b, autojunk=False).get_opcodes()]
    names = {"equal": "same", "replace": "changed", "delete": "added", "insert": "missing"}
    codes: list[Code] = [("same", 0, head, 0, head)] if head else []
    codes += [(names[op], i + head, j + head, k + head, m + head) for op, i, j, k, m in inner]
    if tail:
        codes.append(("same", len(ours) - tail, len(ours), len(theirs) - tail, len(theirs)))
    return codes


def _kind(code: Code, ours: _Words, theirs: _Words) -> str:
    """Say what a stretch makes of the quotation."""
    op, i, j, _, m = code
    if op == "same":
        return "shortened" if any(n in ours.gaps for n in range(i + 1, j)) else "exact"
    if op == "missing":
        marked = i in ours.gaps or i in {0, len(ours.tokens)}
        return "shortened" if marked else "altered"
    beyond = theirs.cut and m == len(theirs.tokens)  # where the found words were cut, nobody knows how they go on
    return "unverifiable" if op == "added" and beyond else "altered"


def _change(code: Code, ours: _Words, theirs: _Words) -> Change:
    op, i, j, k, m = code
    a, b = _span(ours, i, j), _span(theirs, k, m)
    return Change(op, ours.text[slice(*a)], theirs.text[slice(*b)], a, b)


def _span(words: _Words, i: int, j: int) -> Span:
    """Return where tokens stand; of none, where they would."""
    if i < j:
        return words.tokens[i].span[0], words.tokens[j - 1].span[1]
    at = words.tokens[i].span[0] if i < len(words.tokens) else words.tokens[-1].span[1]
    return at, at


def _words(text: str, *, cut: bool = False, whole: bool = False) -> _Words:
    """Take a text apart, without the handles that it begins with, unless all of it is wanted."""
    plain, places = _unescaped(text)
    begin = _REPLY.match(plain)
    at = begin.end() if begin and not whole else 0
    tokens, gaps, last, edited = list[Token](), set[int](), "", False
    for found in _TOKENS.finditer(plain, at):
        kind = found.lastgroup or ""
        edited |= kind == "insertion"
        if kind in {"gap", "insertion"}:
            gaps.add(len(tokens))
        elif kind not in {"link", "sic"}:
            tokens.append(Token(_folded(found[0]), (places[found.start()], places[found.end() - 1] + 1)))
        last = kind if kind != "link" else last
    reply = tuple(name.casefold() for name in re.findall(r"@(\w{1,20})", plain[:at]))
    return _Words(text, tuple(tokens), frozenset(gaps), cut or last == "gap", reply, edited)


def _unescaped(text: str) -> tuple[str, list[int]]:
    """Undo the entities of HTML; the numbers say where each letter stood."""
    plain, places, at = list[str](), list[int](), 0
    for entity in _ENTITY.finditer(text):
        plain.append(text[at : entity.start()])
        places += range(at, entity.start())
        plain.append(unescape(f"&{entity['name']};"))
        places.append(entity.start())
        at = entity.end()
    plain.append(text[at:])
    places += range(at, len(text))
    return "".join(plain), places


def _folded(word: str) -> str:
    """Fold what is typography within a word."""
    plain = unicodedata.normalize("NFKC", word.translate(_APOSTROPHES)).translate(_DROPPED)
    if plain[-1:] in "%‰" or plain.lstrip("-.")[:1].isdigit():
        plain = _GROUPS.sub("", plain)
    return plain.casefold()
