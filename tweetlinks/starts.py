"""Find where a tweet's words start when only their end is known. Pure.

The words end where the attribution stands, or with the last link; they may start at any line or sentence before it.
Each possible start gets the features of `_features`, `data/starts.tsv` holds their weights and what they mean, and
`ranking.rank` turns them into probabilities: the best start, how sure it is, and the second-best. "The words are
lost" is one of the candidates.

    cut  → where lines and sentences begin, back to the citation before or to what no tweet can hold
    see  → the features of each
    rank → probabilities
"""

from __future__ import annotations

import re
from typing import NamedTuple

from tweetlinks.cues import says
from tweetlinks.language import language_of
from tweetlinks.ranking import rank, read_weights

__all__ = ["EDGE", "Layout", "Start", "Words", "best_start", "layout_of", "longest_at", "rank_starts"]

_REACH = 6_000  # characters looked back at most, blanks and all
_SLACK = 1.9  # no candidate further back than this many times the length a tweet may have
_MOST = 40  # candidates
_FULL = 1.2  # times the limit: a tweet that would be longer with what stands before it is full
EDGE = " \t\n\r\x0b\x0c\x1c\x1d\x1e\x85\u2028\u2029\xa0\ufeff\u2800>"
_SHORT_LINES = 170  # mean characters of a line below which lines are taken for sentences
_FEW, _PIECES = 8, 0.12  # lines; share of them that go on where the line above stopped

_SENTENCE = re.compile(
    r"""[.!?…:»”"’)\]↓⤵👇\u3000-\u9fff\uff01-\uffef]\s+(?=\S)   # a blank behind a sentence, or behind a CJK character
      | \s{2}(?=\S)                                        # two blanks
      | [。！？](?=[^\s」』）)])                              # CJK sentences need no blank
      | (?<=[a-zß-ÿ])[.!?…]["”»)]?(?=[A-ZÀ-Þ@\#“„«"¿¡])     # sentences glued by a lost line break
    """,
    re.VERBOSE,
)
_MARK = re.compile(r"[#@]\w|t\.co/|pic\.(?:twitter|x)\.com/|[\U0001f300-\U0001faff\u2600-\u27bf]")
_LINK = re.compile(r"(?:https?://|pic\.(?:twitter|x)\.com/|t\.co/)[^\s<>]*")
_WIDE = re.compile(r"[\u1100-\u11ff\u2e80-\ud7ff\uf900-\ufaff\ufe30-\ufe4f\uff00-\uffef]")
# All linear: single classes, literals, one bounded repetition.

_LENGTHS = ((0.06, "len:.06"), (0.2, "len:.2"), (0.4, "len:.4"), (0.7, "len:.7"), (1.02, "len:1"), (1.2, "len:1.2"),
            (1.5, "len:1.5"))  # fmt: skip
_BEFORE = {".": "stop", "!": "stop", "?": "stop", "。": "stop", "！": "stop", "？": "stop", ":": "colon", "：": "colon",
           "…": "dots", ",": "comma", ";": "comma", "-": "comma", "—": "comma", "–": "comma"}  # fmt: skip
_CLOSING, _OPENING = "\"”»’')]」“", "\"“«‘'„([「”"
_FIRST = {"@": "handle", "#": "tag", "…": "dots", "-": "dash", "–": "dash", "—": "dash", "•": "dash", "*": "dash"}

_WORTH_NAMING = 0.05
_TELLING = frozenset(
    ["before:colon", "before:dots", "before-says", "first:handle", "first:tag", "first:dots", "echo", "echo-quoted",
     "lang:change", "lang:change|more", "full"]
)  # fmt: skip

_weights: dict[str, float] = {}


class Layout(NamedTuple):
    """How a document sets its lines: what a line break means in it."""

    mode: str
    """`blocks` (blank lines part its paragraphs) or `lines`; `-short` where a line is a sentence or a piece of one,
    `-pieces` where links, tags and what follows them stand on lines of their own."""


class Start(NamedTuple):
    """One possible start of the words."""

    at: int | None
    """Where they start; None when they are lost."""
    probability: float
    """How likely, from 0 to 1."""
    evidence: tuple[str, ...]
    """Its features."""


class Words(NamedTuple):
    """Where the words of a tweet start, chosen."""

    at: int | None
    """Where they start; None when they are lost."""
    second: int | None
    """The second-best start; None when there is none worth naming."""
    probability: float
    """How likely the start is right, from 0 to 1."""
    evidence: tuple[str, ...]
    """What decided: `start:line`, `before:colon`, …"""


class _Place(NamedTuple):
    """A place where the words may start."""

    at: int
    kind: str
    before: str
    """The line or sentence that ends here."""
    first: str
    """The line or sentence that starts here."""
    lines: int
    """Lines that follow up to the end."""
    gaps: int
    """Blank lines between here and the end."""


def layout_of(text: str) -> Layout:
    """Return the layout of a document, from its first 20,000 characters."""
    lines = [line.strip(EDGE) for line in text[:20_000].splitlines()]
    full = [line for line in lines if line]
    blocks = len(lines) - len(full) >= 0.4 * (len(full) - 1)
    pieces = sum(line[0] in ",.;)" or line[0].islower() for line in full)
    if len(full) > _FEW and pieces > _PIECES * len(full):
        width = "pieces"
    else:
        width = "short" if sum(map(len, full)) < _SHORT_LINES * len(full) else "long"
    return Layout(("blocks-" if blocks and full else "lines-") + width)


def longest_at(date: str | None) -> int:
    """Return how many characters a tweet could have on a day: 140, and 280 since 8 November 2017.

    Posts of paying accounts may be longer since 2023, but an embed cuts them at 280. Source: blog.twitter.com,
    "Giving you more characters to express yourself", 2017-11-07.
    """
    return 140 if date and date < "2017-11-08" else 280


def best_start(text: str, low: int, end: int, *, limit: int, layout: Layout, found: bool = False) -> Words:
    """Choose where the words start that end at `end`.

    Args:
        text: the document.
        low: where the words can start at the earliest: the end of the citation before.
        end: the end of the words, without blanks.
        limit: how many characters a tweet might have at its date, as Twitter counts them.
        layout: what a line break means in this document.
        found: the words are known to be there.
    """
    ranked = rank_starts(text, low, end, limit=limit, layout=layout)
    if found:
        ranked = [start for start in ranked if start.at is not None]
    if not ranked:
        return Words(None, None, 0.0, ())
    best = ranked[0]
    others = [start.at for start in ranked[1:3] if start.probability >= _WORTH_NAMING and start.at is not None]
    return Words(best.at, others[0] if others else None, best.probability, _telling(best.evidence))


def _telling(names: tuple[str, ...]) -> tuple[str, ...]:
    """Return the features that tell a person something, as evidence."""
    if "lost" in names:
        return ("words-lost",)
    kind = next((name for name in names if name.startswith("at:")), "at:line")
    return (f"start:{kind[3:]}", *(name for name in names if name in _TELLING))


def rank_starts(text: str, low: int, end: int, *, limit: int, layout: Layout) -> list[Start]:
    """Return the possible starts of the words that end at `end`, best first.

    Args:
        text: the document.
        low: where the words can start at the earliest: the end of the citation before.
        end: the end of the words, without blanks.
        limit: how many characters a tweet might have at its date, as Twitter counts them.
        layout: what a line break means in this document.
    """
    places = _places(text, low, end, limit)
    candidates = [_features(text, place, end, limit, layout) for place in places]
    candidates.append(_lost(text, places, end, limit, low))
    ats = [*(place.at for place in places), None]
    ranked = rank(candidates, _weights or _load())
    return [Start(ats[n], probability, tuple(candidates[n])) for probability, n in ranked]


def _load() -> dict[str, float]:
    _weights.update(read_weights("starts.tsv"))
    return _weights


def _places(text: str, low: int, end: int, limit: int) -> list[_Place]:
    """Cut the text before `end` into lines and sentences; the nearest place comes first."""
    floor = max(low, end - _REACH)
    found: list[_Place] = []
    lines = gaps = size = 0
    high, line_end = end, end
    while high > floor and size <= limit * _SLACK and len(found) < _MOST:
        line_start = max(floor, _line_start(text, high))
        line = text[line_start:line_end]
        body = line.strip(EDGE)
        if body:
            start = line_start + line.index(body)
            above = _above(text, line_start, floor)
            found += _in_line(text, start, body, above, low, lines, gaps)
            size += len(_LINK.sub("x" * 23, body))
            lines += 1
        elif lines:
            gaps += 1
        high = line_end = line_start - 1
    return [place for place in found if len(text[place.at : end]) <= _REACH]


def _line_start(text: str, high: int) -> int:
    return max(text.rfind("\n", 0, high), text.rfind("\r", 0, high), text.rfind("\u2028", 0, high)) + 1


def _above(text: str, line_start: int, floor: int) -> tuple[str, int]:
    """Return the last full line before `line_start`, and how many blank lines lie between."""
    chunk = text[max(floor, line_start - 1200) : line_start].splitlines()
    for n, line in enumerate(reversed(chunk)):
        if body := line.strip(EDGE):
            return body, n
    return "", len(chunk)


def _in_line(
    text: str, start: int, body: str, above: tuple[str, int], low: int, lines: int, gaps: int
) -> list[_Place]:
    """Return the places of one line, the nearest to its end first."""
    cuts = [0, *(m.end() for m in _SENTENCE.finditer(body))][-14:]
    if cuts[0] != 0:
        cuts[0] = 0
    ends = [*cuts[1:], len(body)]
    found = []
    for n, (a, b) in enumerate(zip(cuts, ends, strict=True)):
        if n == 0:
            before, gap = above
            kind = "block" if gap > 0 else "line"
            if not text[low:start].strip(EDGE):
                kind = "citation" if low else "top"
        else:
            before, kind = body[cuts[n - 1] : a].rstrip(), "sentence"
        found.append(_Place(start + a, kind, before, body[a:b].rstrip(), lines, gaps))
    return found[::-1]


def _features(text: str, place: _Place, end: int, limit: int, layout: Layout) -> list[str]:
    """Name what speaks for and against one place. `data/starts.tsv` says what each name means."""
    words = text[place.at : end]
    kind, mode, lines = place.kind, layout.mode, min(place.lines, 4)
    share = _size(words) / limit
    length = next((name for most, name in _LENGTHS if share <= most), "len:more")
    names = [f"at:{kind}", f"at:{kind}|{mode}", f"lines:{lines}", f"lines:{lines}|{mode}", f"gaps:{min(place.gaps, 3)}",
             length, f"{length}|{kind}"]  # fmt: skip
    names += _behind(place)
    names += _ahead(place, words)
    if place.lines:
        names += _inside(place, words)
    if kind not in ("citation", "top"):
        names += _languages(place, words)
        names += _echo(text, place, words)
        if share <= _FULL < share + _size(place.before) / limit:
            names.append("full")
    return names


def _size(words: str) -> int:
    """Return the length of words much as Twitter counts it: a link is 23, a wide character 2, a picture nothing."""
    size = len(_LINK.sub("x" * 23, words)) - words.count("pic.twitter.com/") * 24
    if not words.isascii():
        size += len(_WIDE.findall(words))
    if "\n" in words or "\r" in words:
        size += len(" ".join(words.split())) - len(words)
    return size


def _behind(place: _Place) -> list[str]:
    """Name what stands before a place."""
    before = place.before
    if place.kind in ("citation", "top") or not before:
        return ["before:none"]
    last = before[-1]
    if before.endswith(("...", "..")):
        kind = "dots"
    elif last in _CLOSING:
        kind = "quote"
    else:
        kind = _BEFORE.get(last, "word")
    tail = before.rsplit(None, 1)[-1]
    if kind == "word" and _MARK.search(tail):
        kind = "mark"
    names = [f"before:{kind}", f"before:{kind}|{place.kind}"]
    if _MARK.search(before):
        names.append("before-marks")
    if says(before):
        names.append("before-says")
    return names


def _ahead(place: _Place, words: str) -> list[str]:
    """Name what a place starts with."""
    first = words[0]
    if words.startswith((".@", ".\n@", ". @", "..", "…")):
        kind = "dots"
    elif first in _FIRST:
        kind = _FIRST[first]
    elif first in _OPENING:
        kind = "quote"
    elif first.isdigit():
        kind = "digit"
    elif first.islower():
        kind = "link" if _LINK.match(words) else "lower"
    elif first.isalpha():
        kind = "upper"
    else:
        kind = "symbol"
    return [f"first:{kind}", f"first:{kind}|{place.kind}"]


def _inside(place: _Place, words: str) -> list[str]:
    """Name what the first line or sentence of several holds."""
    first = place.first
    names = ["first-marks" if _MARK.search(first) else "first-plain"]
    if says(first):
        names.append("first-says")
    if first[:1] in _OPENING and first[-1:] in _CLOSING:
        names.append("first-quoted")
    if words.count("“") != words.count("”") or words.count('"') % 2:
        names.append("unbalanced")
    return names


def _languages(place: _Place, words: str) -> list[str]:
    """Name a change of language at a place, or inside the words."""
    before = language_of(place.before)
    if not place.lines:
        after = language_of(words)
        return [] if not before or not after else ["lang:same" if before == after else "lang:change"]
    after, rest = language_of(place.first), language_of(words[len(place.first) :])
    names = []
    if before and after:
        names.append("lang:same|more" if before == after else "lang:change|more")
    if rest and after and rest != after:
        names.append("lang:late" if before == after else "lang:mixed")
    if rest and before and before != rest:
        names.append("lang:rest")
    if place.first[-1:] == ":":
        names.append("first-colon|same" if before == after else "first-colon|change")
    return names


def _echo(text: str, place: _Place, words: str) -> list[str]:
    """Name that the article quotes the start of the words before."""
    head = words[:28].strip(".!?\"“”„«…")
    if len(head) < 18:  # noqa: PLR2004
        return []
    at = text.rfind(head, max(0, place.at - 1500), place.at)
    if at < 0:
        return []
    return ["echo", "echo-quoted"] if text[at - 1 : at] in _OPENING else ["echo"]


def _lost(text: str, places: list[_Place], end: int, limit: int, low: int) -> list[str]:
    """Name what speaks for words that are lost, so that the attribution stands alone under the article's prose."""
    if not places:
        return ["lost", "lost:nothing"]
    line = [p for p in places if p.lines == 0][-1]
    size = (end - line.at) / limit
    names = ["lost", "lost:long" if size > 1.15 else "lost:fits"]  # noqa: PLR2004
    if _MARK.search(text, line.at, end):
        names.append("lost:marks")
    return names
