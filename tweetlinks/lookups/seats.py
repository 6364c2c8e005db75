"""Say where each tweet of a page stands in a text: its words, its attribution, and what `extract` finds there. Pure.

One to one: a place, the line of an attribution and a citation of the text stand for one tweet. Of those with the same
words each has the place that its handle stands beside; the longer words choose first, so that shorter ones are not
found inside of them. Words so few that they stand in many a text by chance count only beside the tweet's author, day or
id, or where `extract` finds a tweet.
"""

from __future__ import annotations

import re
from bisect import bisect_left, bisect_right
from collections import Counter, deque
from itertools import islice

from tweetlinks.lookups.letters import Letters, is_short, letters_of
from tweetlinks.model import Citation, Span
from tweetlinks.record import TYPE_CHECKING, Record

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Sequence

    from tweetlinks.lookups.quotes import Token
    from tweetlinks.model import Document

__all__ = ["Place", "Seats", "shows_words"]

_BEFORE, _BEHIND, _LINE = 25, 40, 120
"""Words before and behind those of the tweet among which its attribution is looked for (links are none), and code
points between a handle and its day."""
_FAR = 100_000_000
"""Added to the distance of what stands on the other side."""
_MANY, _FEW = 200, 20
"""Places that are looked at, of many; and of a few."""
_RUN, _LEAST = 3, 0.34
"""Words in a row that must be there, and the share of all, for words that are cut."""
# Each is linear: one character, or a run that ends at another one.
_TARGET = re.compile(r"\]\([^()\s]*\)")
_HANDLE = re.compile(r"[@＠]\s?([A-Za-z0-9_]+)")
_LINKS = re.compile(r"(?:https?://|\bt\.co/|\bpic\.(?:twitter|x)\.com/)\S*")


class Place(Record):
    """Where the words of a tweet stand in the text."""

    span: Span
    """From the first to the last."""
    share: float
    """How many of them are there, from 0 to 1."""


def shows_words(citation: Citation) -> bool:
    """Tell whether there are words of a tweet to look for: signs are some where a handle says where to look."""
    return bool(letters_of(citation.text or "")) or bool(citation.screen_name and _signs(citation))


class Seats:
    """Where the tweets of a page stand in a text; each is known by its number."""

    def __init__(self, document: Document, wanted: Sequence[Citation]) -> None:
        """Take the text, and the tweets of the page."""
        self.plain = _TARGET.sub(lambda found: " " * len(found[0]), document.text)  # where Markdown's links lead
        self.wanted, self._found, self._letters = wanted, document.citations, Letters(self.plain)
        self._handles = [(at.start(), at[1].lower(), at.end()) for at in _HANDLE.finditer(self.plain)]
        self._of: dict[str, list[Span]] = {}
        for start, name, end in self._handles:
            self._of.setdefault(name, []).append((start, end))
        self._taken, self._runs = bytearray(len(self.plain)), dict[tuple[str, ...], deque[int]]()
        self.places: dict[int, Place] = {}
        self._words()
        seats = sorted(place.span for place in self.places.values())
        self.near = {n: self._near(place.span, seats) for n, place in self.places.items()}
        self.handles = self._claims(self._handle_in)
        self.names = self._claims(lambda n, where: self._in(self.wanted[n].author_name, where))
        self.days = self._claims(lambda n, where: self._in(self.wanted[n].date_text, where))
        self._lines()
        self.matches = self._matches()

    # ------------------------------------------------------------ words

    def _words(self) -> None:
        """Find the words of all tweets: first those that are whole, the longest first, then those that are cut."""
        groups: dict[tuple[str, str], list[int]] = {}
        for n, citation in enumerate(self.wanted):
            if shows_words(citation):
                letters = letters_of(citation.text or "")
                groups.setdefault((letters, "" if letters else _signs(citation)), []).append(n)
        longest = sorted(groups, key=lambda group: -len(group[0]))
        for letters, signs in longest:
            self._whole(letters, signs, groups[letters, signs])
        for group in longest:
            for n in groups[group]:
                place = None if n in self.places or not group[0] else self._part(n)
                if place:
                    self._take(n, place)

    def _whole(self, letters: str, signs: str, group: Sequence[int]) -> None:
        """Give tweets of the same words a place each, as far as there are any."""
        names: dict[str, list[int]] = {}
        for n in group:
            names.setdefault((self.wanted[n].screen_name or "").lower(), []).append(n)
        beside = [start for name in names for start, _ in self._of.get(name, ())[:_MANY]]
        most = _MANY + 2 * len(group)
        spots = self._letters.everywhere(letters, beside, most) if letters else self._signs(signs, beside)
        pairs = sorted(
            (far, spot, name) for spot in spots for far, name in islice(self._beside(spot), _FEW) if name in names
        )
        for _, spot, name in pairs:
            if names[name] and self._is_free(spot):
                n = next((n for n in names[name][:_FEW] if self._has_day(n, spot)), names[name][0])
                names[name].remove(n)
                self._take(n, Place(spot, 1.0))
        if letters:
            self._rest(letters, sorted(n for left in names.values() for n in left), spots)

    def _rest(self, letters: str, group: Iterable[int], spots: Sequence[Span]) -> None:
        """Give tweets whose handle stands beside no place of their words those that are left."""
        left, short = [spot for spot in spots if self._is_free(spot)], is_short(letters)
        for n in group:
            spots = [spot for spot in left[:_FEW] if self._is_free(spot) and self._counts(n, spot, short=short)]
            if spots:
                left.remove(spots[0])
                self._take(n, Place(spots[0], 1.0))

    def _signs(self, signs: str, beside: Sequence[int]) -> list[Span]:
        """Return where signs stand that are all that a tweet has, before a handle."""
        found = {self.plain.rfind(signs, max(at - _LINE, 0), at) for at in beside} - {-1}
        return [(start, start + len(signs)) for start in found]

    def _counts(self, n: int, spot: Span, *, short: bool) -> bool:
        """Tell whether words are those of a tweet: there are many of them, or something near speaks for it."""
        citation, where = self.wanted[n], self._letters.around(spot, _BEFORE, _BEHIND)
        one_word = re.search(r"\W", self.plain[slice(*spot)]) is None and re.search(r"\w\s+\w", citation.text or "")
        if not (short or one_word):
            return True
        if any(True for what in (citation.author_name, citation.date_text) for _ in self._in(what, where)):
            return True
        if citation.tweet_id and citation.tweet_id in self.plain[slice(*where)]:
            return True
        return any(_is_words(each, spot) and _may_be(each, citation) for each in self._over(spot))

    def _part(self, n: int) -> Place | None:
        """Return where most of the words of a tweet stand that no other one has; None when hardly any do."""
        from difflib import SequenceMatcher

        words, all_of = [token.folded for token in Letters(self.wanted[n].text or "").tokens], self._letters.tokens
        votes = Counter[int]()
        for k in range(len(words) - _RUN + 1):
            votes.update(at - k for at in self._free_runs(tuple(words[k : k + _RUN])))
        if not votes:
            return None
        best = max(votes, key=lambda at: (votes[at], -at))
        start, end = max(best - len(words), 0), min(best + 2 * len(words), len(all_of))
        there = [token.folded if self._is_free(token.span) else "" for token in all_of[start:end]]
        blocks = [b for b in SequenceMatcher(None, words, there, autojunk=False).get_matching_blocks() if b.size > 1]
        share = round(sum(block.size for block in blocks) / len(words), 3)
        if share < _LEAST:
            return None
        spot = all_of[blocks[0].b + start].span[0], all_of[blocks[-1].b + blocks[-1].size - 1 + start].span[1]
        letters = "".join(word for block in blocks for word in words[block.a : block.a + block.size])
        anchored = any(name == (self.wanted[n].screen_name or "").lower() for _, name in self._beside(spot))
        return Place(spot, share) if anchored or self._counts(n, spot, short=is_short(letters)) else None

    def _free_runs(self, run: tuple[str, ...]) -> Iterator[int]:
        """Yield where words in a row stand that no tweet has."""
        tokens: Sequence[Token] = self._letters.tokens
        if not self._runs:
            for n in range(len(tokens) - _RUN + 1):
                self._runs.setdefault(tuple([token.folded for token in tokens[n : n + _RUN]]), deque()).append(n)
        places = self._runs.get(run, deque())
        while places and not self._is_free(tokens[places[0]].span):
            places.popleft()
        return (at for at in islice(places, _FEW) if self._is_free(tokens[at].span))

    def _take(self, n: int, place: Place) -> None:
        start, end = place.span
        self._taken[start:end] = b"\1" * (end - start)
        self.places[n] = place

    def _is_free(self, spot: Span) -> bool:
        return self._taken.find(1, *spot) < 0

    def _has_day(self, n: int, spot: Span) -> bool:
        return any(True for _ in self._in(self.wanted[n].date_text, self._letters.around(spot, _BEFORE, _BEHIND)))

    # ------------------------------------------------------------ attributions

    def _beside(self, spot: Span) -> Iterator[tuple[int, str]]:
        """Yield how far away handles stand, and whose: first those behind a place."""
        start, end = self._letters.around(spot, _BEFORE, _BEHIND)
        there = bisect_left(self._handles, (spot[1], "", 0))
        for at, name, _ in self._handles[there : bisect_left(self._handles, (end, "", 0))]:
            yield at - spot[1], name
        first, last = (bisect_left(self._handles, (at, "", 0)) for at in (start, spot[0]))
        for at, name, _ in reversed(self._handles[first:last]):
            yield _FAR + spot[0] - at, name

    def _near(self, span: Span, seats: Sequence[Span]) -> Span:
        """Return what stands around the words of a tweet, up to those of the next."""
        start, end = self._letters.around(span, _BEFORE, _BEHIND)
        n = bisect_left(seats, span)
        before = seats[n - 1][1] if n else 0
        behind = seats[n + 1][0] if n + 1 < len(seats) else len(self.plain)
        return max(start, before), min(end, behind)

    def _claims(self, places: Callable[[int, Span], Iterable[Span]]) -> dict[int, Span]:
        """Give each tweet its own attribution of those near, the nearest: behind the words, or before them."""
        far: list[tuple[int, bool, int, Span]] = []
        for n, where in self.near.items():
            start, end = self.places[n].span
            for span in islice(places(n, where), _FEW):
                if span[1] <= start:
                    far.append((start - span[1], False, n, span))
                elif span[0] >= end or self.places[n].share < 1:
                    far.append((max(span[0] - end, 0), True, n, span))
        ways = [self._nearest(sorted(far, key=lambda each: (each[1] != way, each))) for way in (True, False)]
        return max(ways, key=len)

    @staticmethod
    def _nearest(far: Iterable[tuple[int, bool, int, Span]]) -> dict[int, Span]:
        claims, taken = dict[int, Span](), set[Span]()
        for _, _, n, span in far:
            if n not in claims and span not in taken:
                claims[n] = span
                taken.add(span)
        return claims

    def _lines(self) -> None:
        """Give tweets whose words are gone, or that have none, the lines of attributions that are left."""
        handles, days = set(self.handles.values()), set(self.days.values())
        left = dict[str, list[Span]]()
        for n, citation in enumerate(self.wanted):
            if n in self.places or not citation.screen_name or (shows_words(citation) and not citation.date_text):
                continue
            name, date = citation.screen_name.lower(), letters_of(citation.date_text or "")
            if name not in left:
                left[name] = [span for span in self._of.get(name, ()) if span not in handles]
            for span in left[name][:_MANY]:
                where = max(span[0] - _LINE, 0), span[1] + _LINE
                day = next((day for day in self._letters.within(date, where) if day not in days), None)
                if day or not date:
                    self.handles[n], self.near[n] = span, where
                    self.days.update({n: day} if day else {})
                    days.add(day or span)
                    left[name].remove(span)
                    break

    def _handle_in(self, n: int, where: Span) -> Sequence[Span]:
        spans = self._of.get((self.wanted[n].screen_name or "").lower(), [])
        return spans[bisect_left(spans, (where[0], 0)) : bisect_right(spans, (where[1], 0))]

    def _in(self, words: str | None, where: Span) -> Iterable[Span]:
        return self._letters.within(letters_of(words), where) if words else ()

    # ------------------------------------------------------------ what `extract` finds

    def _matches(self) -> dict[int, Citation]:
        """Say what `extract` found of each tweet: by its id, its line, its words, or author and day."""
        ids, lines = dict[str, deque[Citation]](), dict[tuple[str, str], deque[Citation]]()
        for each in filter(_is_tweet, self._found):
            ids.setdefault(each.tweet_id or "", deque()).append(each)
            lines.setdefault(((each.screen_name or "").lower(), each.date or ""), deque()).append(each)
        matches, taken = dict[int, Citation](), set[str]()
        order = sorted(range(len(self.wanted)), key=lambda n: (n not in self.places, n))
        none = deque[Citation]()
        rows: tuple[Callable[[int], deque[Citation]], ...] = (
            lambda n: ids.get(self.wanted[n].tweet_id or "-", none),
            lambda n: (
                deque(each for each in self._over(self.handles[n]) if _is_line(each, self.handles[n]))
                if n in self.handles
                else none
            ),
            lambda n: deque(self._over(self.places[n].span)) if n in self.places else none,
            lambda n: none if n in self.places else lines.get(_line(self.wanted[n]), none),
        )
        for row in rows:
            for n in order:
                match = None if n in matches else _first(row(n), taken)
                if match:
                    matches[n] = match
                    taken.add(match.id)
        return matches

    def _over(self, spot: Span) -> Sequence[Citation]:
        """Return the citations of the text that stand in a place, those with most of it first."""
        last = bisect_left(self._found, spot[1], key=lambda each: each.span[0])
        there = [each for each in self._found[max(last - _FEW, 0) : last] if each.span[1] > spot[0] and _is_tweet(each)]
        return sorted(there, key=lambda each: -_shared(each.text_span or each.span, spot))


def _signs(citation: Citation) -> str:
    """Return the signs of a tweet that has no words, links left out."""
    return _LINKS.sub("", citation.text or "").strip()


def _first(citations: deque[Citation], taken: set[str]) -> Citation | None:
    """Return the first citation that no tweet has; those before it are gone."""
    while citations and citations[0].id in taken:
        citations.popleft()
    return citations[0] if citations else None


def _is_tweet(citation: Citation) -> bool:
    return citation.kind != "mention"


def _line(citation: Citation) -> tuple[str, str]:
    return (citation.screen_name or "").lower(), citation.date or "-"


def _is_words(citation: Citation, spot: Span) -> bool:
    """Tell whether `extract` takes a place for the words of a tweet, all of them."""
    return citation.text_span is not None and _shared(citation.text_span, spot) == spot[1] - spot[0]


def _is_line(citation: Citation, handle: Span) -> bool:
    """Tell whether a handle stands in the attribution of a citation."""
    return citation.attribution_span is not None and _shared(citation.attribution_span, handle) > 0


def _may_be(one: Citation, other: Citation) -> bool:
    """Tell whether two citations may be of one tweet: neither names another author or id."""
    handles = {(each.screen_name or "").lower() for each in (one, other)} - {""}
    ids = {each.tweet_id for each in (one, other)} - {None}
    return len(handles) < 2 and len(ids) < 2  # noqa: PLR2004


def _shared(one: Span, other: Span) -> int:
    return max(min(one[1], other[1]) - max(one[0], other[0]), 0)
