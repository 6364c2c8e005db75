"""Find where a tweet's words start when only their end is known. Pure.

The words end where the attribution stands, or with the last link; they may start at any line or sentence before it.

    cut   → the lines and sentences before the end, back to the citation before or to what no tweet can hold
    see   → the features of each, a handful of names
    rank  → probabilities, by the weights of `data/starts.tsv`, which also says what each feature means

"The words are lost" is one of the candidates. The best start is used; how sure it is, and the second, are kept.
"""

from __future__ import annotations

import re

from tweetlinks.blanks import EDGE
from tweetlinks.lexicon import Gist, cues_of, frame_end, gist_of
from tweetlinks.ranking import rank, read_weights
from tweetlinks.record import Record

__all__ = ["Start", "Words", "best_start", "has_marks", "longest_at", "rank_starts"]

_REACH = 6_000  # characters looked back at most, blanks and all
_SLACK = 1.6  # a start further back than this many times the length a tweet may have is none
_MOST = 40  # candidates
_FRAME = 1_000  # characters looked back for the frame that a site prints around a post
_LINKS = 120  # characters by which a tweet may be longer than Twitter counts: its links
_FULL = 1.2  # times the limit: a tweet that would be longer with what stands before it is full
_BARE = 0.6  # times the limit: longer words are more than tags and links
_HEAD, _LEAST_HEAD, _BACK = 28, 18, 1_500  # characters of the words looked for, at least, and how far back
_DOTTED = EDGE + "."
_CLAUSE = 8  # words before a colon that tell whether somebody speaks
_WORTH_NAMING = 0.05  # probability from which the second start is kept

_SENTENCE = re.compile(
    r"""[.!?…:»”"’)\]↓]                     # the end of a sentence, and then
        (?: \s+(?=\S)                      # a blank
          | ["”»)]?(?=[A-ZÀ-Þ@\#“„«"¿¡])   # or the next sentence, its line break lost: see `_cuts`
        )
    """,
    re.VERBOSE,
)
_ITEM = re.compile(r"[-*•][ \t\xa0]+(?=\S[^\n]*\Z)")  # an item of a list, of one line: as extractors print `<li>`
_BLANKS = r"\s\s(?=\S)"
_CJK_SENTENCE = r"[。！？](?=[^\s」』）)])|(?<=[\u3000-\u9fff\uff01-\uffef…↓])\s+(?=\S)|[.!?…:)↓]\s+(?=\S)|\s{2}(?=\S)"
_CJK = ("。", "の", "、", "，", "的", "이", "다")  # one of them is in nearly every passage of Chinese, Japanese, Korean
_OWN_LINKS = ("t.co/", "pic.twitter.com/", "pic.x.com/")
_TAG = r"[#@\U0001f300-\U0001faff\u2600-\u27bf](?:(?<![#@])|\w)"  # a tag, a handle, an emoji
_LINK = re.compile(r"(?:https?://|pic\.(?:twitter|x)\.com/|t\.co/)[^\s<>]*")
_TAG_OR_LINK = r"[#@]\w+|https?://\S+|pic\.\S+"
_WORD = r"[^\W\d_]{2}"
# All linear: literals, single classes, one bounded look-behind; `\s+` is followed by its complement.

_WIDE = "\u2e80"  # from here on Twitter counts a character twice: CJK, emoji

_LENGTHS = ((0.06, "len:.06"), (0.2, "len:.2"), (0.4, "len:.4"), (0.7, "len:.7"), (1.02, "len:1"), (1.2, "len:1.2"),
            (1.5, "len:1.5"))  # fmt: skip
_CLOSING, _OPENING = "\"”»’')]」“", "\"“«‘'„([「”"
_BEFORE = (
    dict.fromkeys(".!?。！？", "stop") | dict.fromkeys(":：", "colon") | dict.fromkeys(",;-—–", "comma") | {"…": "dots"}
)
_FIRST = dict.fromkeys("-–—•*", "dash") | dict.fromkeys(_OPENING, "quote") | {"@": "handle", "#": "tag", "…": "dots"}

_TELLING = frozenset(["before:colon", "before:dots", "before-says", "first:handle", "first:tag", "first:dots",
                      "first:reply", "echo", "echo-quoted", "lang:change", "full"])  # fmt: skip


class Start(Record):
    """One possible start of the words."""

    at: int | None
    """Where they start; None when they are lost."""
    probability: float
    """How likely, from 0 to 1."""
    evidence: tuple[str, ...]
    """Its features."""


class Words(Record):
    """Where the words of a tweet start, chosen."""

    at: int | None
    """Where they start; None when they are lost."""
    second: int | None
    """The second-best start; None when there is none worth naming."""
    probability: float
    """How likely the start is right, from 0 to 1."""
    evidence: tuple[str, ...]
    """What decided: `start:line`, `before:colon`, …"""


class _Place(Record):
    """A place where the words may start."""

    at: int
    kind: str
    before: str
    """The line or sentence that ends here; empty at the top and behind a citation."""
    first: str
    """The line or sentence that starts here."""
    lines: int
    """Lines that follow up to the end."""
    gaps: int
    """Blank lines between here and the end."""


def longest_at(date: str | None) -> int:
    """Return how many characters a tweet could have on a day: 140, and 280 since 8 November 2017.

    Posts of paying accounts may be longer since 2023, but an embed cuts them at 280. Source: blog.twitter.com,
    "Giving you more characters to express yourself", 2017-11-07.

    >>> longest_at("2016-09-28"), longest_at(None)
    (140, 280)
    """
    return 140 if date and date < "2017-11-08" else 280


def best_start(text: str, low: int, end: int, *, limit: int, names: tuple[str, ...] = ()) -> Words:
    """Choose where the words start that end at `end`.

    Args:
        text: the document.
        low: where the words can start at the earliest: the end of the citation before.
        end: the end of the words, without blanks.
        limit: how many characters a tweet might have at its date, as Twitter counts them.
        names: what the author is called, case folded: a lead names the author, the tweet itself does not.
    """
    ranked = _ranked(text, low, end, limit, names)
    if not ranked:
        return Words(None, None, 0.0, ())
    second = None
    for at, probability, _ in ranked[2:0:-1]:
        if probability >= _WORTH_NAMING and at is not None:
            second = at
    at, probability, features = ranked[0]
    item = _ITEM.match(text, at, end) if at is not None and features[0] != "at:sentence" else None
    return Words(item.end() if item else at, second, probability, _telling(features))


def _telling(names: list[str]) -> tuple[str, ...]:
    """Return the features that tell a person something, as evidence."""
    if "lost" in names:
        return ("words-lost",)
    return ("start:" + names[0][3:], *[name for name in names if name in _TELLING])


def rank_starts(text: str, low: int, end: int, *, limit: int, names: tuple[str, ...] = ()) -> list[Start]:
    """Return the possible starts of the words that end at `end`, best first.

    Args:
        text: the document.
        low: where the words can start at the earliest: the end of the citation before.
        end: the end of the words, without blanks.
        limit: how many characters a tweet might have at its date, as Twitter counts them.
        names: what the author is called, case folded.
    """
    return [
        Start(at, probability, tuple(features)) for at, probability, features in _ranked(text, low, end, limit, names)
    ]


def _ranked(
    text: str, low: int, end: int, limit: int, names: tuple[str, ...]
) -> list[tuple[int | None, float, list[str]]]:
    """Return place, probability and features of every candidate, best first."""
    places = _places(text, low, end, limit)
    if len(places) == 1:
        candidates = [["at:" + places[0].kind, "only"]]
    else:
        gists: dict[str, Gist] = {}
        candidates, holds = [], False
        for place in places:
            features = _features(text, place, end, limit, gists) + _named(place, text[place.at : end], names)
            candidates.append([*features, "holds-start"] if holds else features)
            holds = holds or _is_plain(place, features[4])
    candidates.append(_lost(text, places, end, limit))
    ats = [*[place.at for place in places], None]
    return [(ats[n], probability, candidates[n]) for probability, n in rank(candidates, read_weights("starts.tsv"))]


def _places(text: str, low: int, end: int, limit: int) -> list[_Place]:
    """Return the places before `end`, the nearest first; none stands before the frame that a site prints."""
    floor = max(low, end - _REACH)
    places, seen = _walk(text, floor, end, limit * _SLACK, "line" if floor != low else "citation" if low else "top")
    seen = max(seen, end - _FRAME)
    framed = frame_end(text, seen, end)
    return places if framed == seen else _walk(text, framed, end, limit * _SLACK, "citation")[0]


def _walk(text: str, floor: int, end: int, room: float, top: str) -> tuple[list[_Place], int]:
    """Cut the text before `end` into lines and sentences; return the places, and where the text looked at starts.

    Args:
        text: the document.
        floor: where the earliest line starts.
        end: the end of the words.
        room: how many characters they may have, as Twitter counts them.
        top: the kind of a place that has no text before it.
    """
    lines = text[floor:end].splitlines(keepends=True)
    places: list[_Place] = []
    count = gaps = 0
    at = end
    while lines and room > 0 and len(places) < _MOST:
        line = lines.pop()
        at -= len(line)
        body = line.strip(EDGE)
        if not body:
            gaps += count > 0
            continue
        start = at if line[0] == body[0] else at + line.index(body)
        for a, before, first in _in_line(body, room):
            kind, before = ("sentence", before) if a else _above(lines, top)  # noqa: PLW2901
            places.append(_Place(start + a, kind, before, first, count, gaps))
        if len(body) > room + _LINKS:
            break
        room -= _size(body)
        count += 1
    if places and places[-1].kind != "sentence":  # the line above was looked at
        at = at - len(lines[-1]) if lines and places[-1].kind == "line" else floor
    return places, at


def _above(lines: list[str], top: str) -> tuple[str, str]:
    """Return what kind of place the line behind these starts at, and the line of text before it."""
    for n in range(len(lines) - 1, -1, -1):
        before = lines[n].strip(EDGE)
        if before:
            return "line" if n == len(lines) - 1 else "block", before
    return top, ""


def _in_line(body: str, room: float) -> list[tuple[int, str, str]]:
    """Return the starts in a line that leave room for what follows, the nearest to its end first.

    Each is its place in the line, the sentence before it and the sentence that starts there.
    """
    slack = _LINKS if "t.co/" in body or "://" in body else 0
    size = high = len(body)
    cuts = _cuts(body, max(0, size - int(room) - slack))
    found = []
    for n in range(len(cuts) - 1, -1, -1):
        a = cuts[n]
        if high - a > room + slack or (size - a > room and _size(body[a:]) > room):
            break
        found.append((a, body[cuts[n - 1] : a].rstrip() if n else "", body[a:high].rstrip()))
        high = a
    return found


def _cuts(body: str, low: int) -> list[int]:
    """Return where the sentences of a line start; without a blank only behind a small letter and a full stop."""
    if not body.isascii() and _is_cjk(body):
        return [0, *[low + m.end() for m in re.finditer(_CJK_SENTENCE, body[low:])]]
    cuts = [0]
    for m in _SENTENCE.finditer(body, low):
        a, b = m.span()
        if body[b - 1].isspace() or (body[a] in ".!?…" and body[a - 1 : a].islower()):
            cuts.append(b)
    tail = body[low:]
    if "  " in tail or not tail.isprintable():  # of all white space a blank alone is printable
        cuts = sorted({*cuts, *[m.end() for m in re.compile(_BLANKS).finditer(body, low)]})
    return cuts


def _is_cjk(body: str) -> bool:
    for mark in _CJK:  # noqa: SIM110  a generator costs more than all the searches
        if mark in body:
            return True
    return False


def _size(words: str) -> int:
    """Return the length of words much as Twitter counts it: a link is 23, a wide character 2, a picture nothing."""
    size = len(words)
    if "/" in words:
        for link in _LINK.findall(words):
            size += (-1 if link[0] == "p" else 23) - len(link)
    if not words.isascii() and len(words.encode("latin-1", "ignore")) < len(words) and max(words) >= _WIDE:
        size += sum(c >= _WIDE for c in words)
    if "\n" in words or "\r" in words:
        size += len(" ".join(words.split())) - len(words)
    return size


def _features(text: str, place: _Place, end: int, limit: int, gists: dict[str, Gist]) -> list[str]:
    """Name what speaks for and against one place; `at:…` comes first."""
    words = text[place.at : end]
    share = _size(words) / limit
    names = [f"at:{place.kind}", f"lines:{min(place.lines, 4)}", f"gaps:{min(place.gaps, 3)}",
             next((name for most, name in _LENGTHS if share <= most), "len:more"), _ahead(words)]  # fmt: skip
    if share <= _BARE and not re.search(_WORD, re.sub(_TAG_OR_LINK, "", words)):
        names.append("bare")
    if place.before:
        before = _gist(place.before, gists)
        names += _behind(place.before, before)
        names += _echo(text, place, words)
        if share <= _FULL < share + _size(place.before) / limit:
            names.append("full")
    else:
        before = None
        names.append("before:none")
    if len(place.first) < len(words):
        names += _inside(place.first)
    return names + _languages(before, place, words, gists)


def _named(place: _Place, words: str, names: tuple[str, ...]) -> list[str]:
    """Name where the author is named: in what stands before, or in the first of several lines or sentences."""
    found = []
    if any([name in place.before.casefold() for name in names]):
        found.append("before-names")
    if len(place.first) < len(words) and any([name in place.first.casefold() for name in names]):
        found.append("first-names")
    return found


def _gist(passage: str, gists: dict[str, Gist]) -> Gist:
    gist = gists.get(passage)
    if gist is None:
        gist = gists[passage] = gist_of(passage)
    return gist


def _behind(before: str, gist: Gist) -> list[str]:
    """Name how what stands before a place ends, and what it says."""
    kind = _BEFORE.get(before[-1], "word")
    if before[-1] in _CLOSING:
        kind = "quote"
    elif before.endswith(".."):
        kind = "dots"
    elif before == ".":
        kind = "dot"
    names = []
    if has_marks(before):
        names.append("before-marks")
        if kind == "word" and has_marks(before.rsplit(None, 1)[-1]):
            kind = "mark"
    names.append(f"before:{kind}")
    if gist.says:
        names.append("before-says")
    if gist.tweets:
        names.append("before-tweets")
    return names


def _is_plain(place: _Place, ahead: str) -> bool:
    """Tell whether a place gives itself away as the start: no tweet holds it.

    It starts with `.@handle`, which means nothing inside of a tweet; or it stands inside a line, behind a colon whose
    last words say that somebody wrote or said something, and opens no quotation: a tweet may hold `She said: “…”`.
    """
    if ahead == "first:reply":
        return True
    if place.kind != "sentence" or place.before[-1] != ":" or place.first[0] in _OPENING:
        return False
    return cues_of(" ".join(place.before.casefold().split()[-_CLAUSE:]))[0]


def _ahead(words: str) -> str:
    """Name what the words start with."""
    first = words[0]
    if first == "." and words[1:].lstrip()[:1] in ("@", "."):
        return "first:reply" if words.lstrip(_DOTTED)[:1] == "@" else "first:dots"
    if first in _FIRST:
        return "first:" + _FIRST[first]
    if first.isalnum():
        if first.isdigit():
            return "first:digit"
        if not first.islower():
            return "first:upper"
        return "first:link" if _LINK.match(words) else "first:lower"
    return "first:symbol"


def _inside(first: str) -> list[str]:
    """Name what the first line or sentence of several is."""
    names = ["first-marks" if has_marks(first) else "first-plain"]
    if first[0] in _OPENING and first[-1] in _CLOSING:
        names.append("first-quoted")
    return names


def _languages(before: Gist | None, place: _Place, words: str, gists: dict[str, Gist]) -> list[str]:
    """Name what changes at a place, or inside the words."""
    first = _gist(place.first, gists)
    above = before.language if before else None
    turn = "open" if above is None or first.language is None else "same" if above == first.language else "change"
    if len(place.first) == len(words):
        return [] if turn == "open" else [f"lang:{turn}"]
    names = [] if turn == "open" else [f"lang:{turn}|more"]
    if first.says:
        names.append("first-says")
    if first.tweets:
        names.append("first-tweets")
    if place.first[-1] == ":":
        names.append(f"first-colon|{turn}")
    rest = _gist(words[-200:].rsplit("\n", 1)[-1], gists).language
    if rest and first.language and rest != first.language:
        names.append("lang:late" if turn == "same" else "lang:mixed")
    if rest and above and above != rest:
        names.append("lang:rest")
    return names


def has_marks(passage: str) -> bool:
    """Tell whether a passage holds a link of Twitter's own, a hashtag, a handle or an emoji."""
    for link in _OWN_LINKS:
        if link in passage:
            return True
    return re.search(_TAG, passage) is not None


def _echo(text: str, place: _Place, words: str) -> list[str]:
    """Name that the article has the first words before already: from here on, or from further up."""
    head = words[:_HEAD].strip('.!?"“”„«…')
    if len(head) < _LEAST_HEAD:
        return []
    at = text.rfind(head, max(0, place.at - _BACK), place.at)
    if at < 0:
        return []
    tail = _letters(place.before[-24:])[-8:]
    if tail and _letters(text[max(0, at - 32) : at]).endswith(tail):
        return ["echo-inner"]
    return ["echo", "echo-quoted"] if text[at - 1 : at] in _OPENING else ["echo"]


def _letters(passage: str) -> str:
    return "".join(filter(str.isalnum, passage))


def _lost(text: str, places: list[_Place], end: int, limit: int) -> list[str]:
    """Name what speaks for words that are lost, so that the attribution stands alone under the article's prose."""
    line = [place for place in places if place.lines == 0]
    if not line:
        return ["lost", "lost:nothing"]
    names = ["lost", "lost:long" if (end - line[-1].at) > limit * _FULL else "lost:fits"]
    if has_marks(text[line[-1].at : end]):
        names.append("lost:marks")
    return names
