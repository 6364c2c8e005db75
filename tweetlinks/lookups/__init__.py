"""Say what to ask about a tweet or a dead link, and what the answers mean: look-ups without a network. Pure.

    lookup = begin("oembed", url="https://twitter.com/jack/status/20")
    while lookup.ask:                                # asked by whoever can: fetch does
        answer = …                                   # lookup.wait seconds from now, GET lookup.ask
        lookup = advance(lookup, answer)             # or fail(lookup, "timeout", "no answer within 10 s")
    lookup.finding

A look-up is a family of one file a service; each says what to ask first and reads the answers, step by step:

    oembed        the service's own embed code: words, author, day         tweet-found, -missing, -protected, -suspended
    syndication   what its widgets load: the same to the second, links     … -deleted, -withheld, too
    wayback       the copy of a tweet in the Internet Archive that is nearest to a day
    archive       where a dead short link led, by the Internet Archive's copies of its redirect
    memento       the copies of a tweet that an archive lists (RFC 7089)
    article       a page as it is: its markup

What they mean for a citation is the other half:

    quotes        the words that the article prints, and those that were found
    verdicts      whether the citation is so, and what speaks for and against it
    queries       what to type where no id is left to look up

Nothing is asked unless a user names the look-up: each tells a third party which tweet an article cites.
docs/evidence.md has the outcomes, and who is told what.
"""

from __future__ import annotations

import re

from tweetlinks.chain import CUT
from tweetlinks.model import Finding, Hop
from tweetlinks.record import TYPE_CHECKING, Record
from tweetlinks.tweets import parse_status_url

if TYPE_CHECKING:
    from typing import Any

    from tweetlinks.model import Answer, TweetRef

__all__ = ["BANNING", "LANES", "LOOKUPS", "Lookup", "advance", "begin", "fail", "lane", "together"]

LOOKUPS = ("oembed", "syndication", "wayback", "archive", "memento", "article")
"""The names, and the files of this folder."""
_OF_ANY = frozenset({"archive", "article"})
"""Those that are not about a tweet."""
TRIES = 3
"""Requests for one URL, where asking again may help."""
PASSING = frozenset({408, 500, 502, 503, 504, 520, 521, 522, 523, 524})
"""The codes that pass; the archive's clients ask again after these (edgi-govdata-archiving/wayback, `_client.py`)."""
LIMITED = frozenset({420, 429})
_PLAIN = re.compile(r"https?://(?!\S*/\.{1,2}(?:[/?#]|$))[!-~]+")  # linear: one run, looked through once
"""A URL as a service writes it: no blanks, no dots that lead elsewhere."""
PAUSE = 60.0
"""Seconds that everybody waits after a 429 that does not say how long: the archive's has no Retry-After."""
MOST_HOPS = 12
"""Requests of one look-up, repetitions not counted."""
HEALING = frozenset({"timeout", "connect-timeout", "disconnected", "dns-tempfail", "tls-timeout"})
WORDS = {
    "connect-timeout": "timeout", "disconnected": "protocol-error", "dns-tempfail": "dns-error",
    "tls-timeout": "timeout",
}  # fmt: skip
"""Failures that whoever asks may name more exactly than docs/outcomes.md does, and what they are there."""

LANES: tuple[tuple[str, str, float], ...] = (
    ("web.archive.org/cdx/", "archive", 2.5),
    ("web.archive.org/web/timemap/", "archive", 2.5),
    ("web.archive.org/", "archive", 0.125),
    ("archive.org/wayback/", "archive", 1.0),
    ("publish.twitter.com/", "", 1.0),
    ("publish.x.com/", "", 1.0),
    ("cdn.syndication.twimg.com/", "", 1.0),
)
"""Place, who pauses together, and seconds between two requests: 24 index and 480 copy requests a minute are 80 % of
the Internet Archive's hard limits, as it asks clients to keep (edgi-govdata-archiving/wayback 0.5, 2026-06, notes).
The first row that fits counts."""


BANNING = frozenset(name for name, group, _ in LANES if group == "archive")
"""Lanes whose owner refuses connections to those who did not pause: nobody is asked there again in the same run."""


class Lookup(Record):
    """A look-up on its way."""

    source: str
    """One of `LOOKUPS`."""
    url: str
    """What is looked up: a status URL, or a short link."""
    tweet: TweetRef | None
    """The tweet that the URL names."""
    near: str
    """The digits of a time, 2016 to 20160928120000, to which a copy should be near; empty: the newest."""
    ask: str | None = None
    """What to request next; None when the look-up has ended."""
    step: str = ""
    """Which answer is awaited."""
    left: tuple[str, ...] = ()
    """What will be asked if this leads nowhere."""
    wait: float = 0.0
    """Seconds to wait before asking."""
    tries: int = 0
    """Requests for `ask` so far."""
    hops: tuple[Hop, ...] = ()
    """Every request so far."""
    attempts: int = 0
    """Requests sent, repetitions counted."""
    at: str | None = None
    """When the last answer came."""
    found: Finding | None = None
    """What is known so far."""
    finding: Finding | None = None
    """What came of it, when it has ended."""
    landed: None = None
    """As a chain has it: a look-up never asks others than it was begun with."""

    @property
    def expansion(self) -> str:
        """The outcome, under the name that a chain has for it."""
        return self.finding.outcome if self.finding else ""

    @property
    def retry_after(self) -> float | None:
        """Seconds after which asking again makes sense."""
        return self.finding.retry_after if self.finding else None

    def go(self, url: str, step: str, **more: Any) -> Lookup:
        """Ask `url` next, unless it was asked before or it is too much."""
        if url in [hop.url for hop in self.hops]:
            return self.end("loop", error=f"it leads back to {url}")
        if len(self.hops) >= MOST_HOPS:
            return self.end("too-many-hops", error=f"more than {MOST_HOPS} requests")
        return self._replace(ask=url, step=step, **more)

    def is_about(self, url: object) -> bool:
        """Tell whether a URL is one of the tweet that is looked up, and names nothing else on its way."""
        there = parse_status_url(url) if isinstance(url, str) and _PLAIN.fullmatch(url) else None
        return bool(there and self.tweet and there.id == self.tweet.id)

    def end(self, outcome: str, **facts: Any) -> Lookup:
        """End with what is known."""
        known = self.found or Finding(self.source, self.url, outcome)
        finding = known._replace(outcome=outcome, fetched_at=self.at, **facts)
        return self._replace(ask=None, wait=0.0, finding=finding)


def begin(source: str, *, url: str, near: str = "") -> Lookup:
    """Begin to look something up.

    Args:
        source: one of `LOOKUPS`.
        url: a status URL; for `archive` a short link; for `article` that of a page.
        near: the digits of a time to which a copy should be near, `20160928`; empty: the newest.

    Raises:
        ValueError: nothing is looked up under that name, or the URL is none that it can look up.

    >>> begin("oembed", url="https://x.com/jack/status/20").ask
    'https://publish.twitter.com/oembed?url=https%3A%2F%2Ftwitter.com%2Fjack%2Fstatus%2F20&omit_script=true&dnt=true'
    """
    if source not in LOOKUPS:
        raise ValueError(f"no look-up is called {source!r}; there are {', '.join(LOOKUPS)}")
    tweet = parse_status_url(url)
    if source not in _OF_ANY and tweet is None:
        raise ValueError(f"{source} looks tweets up, and this is the URL of none: {url!r}")
    if tweet and tweet.screen_name:  # whose case does not count: one tweet is asked about once
        tweet = tweet._replace(screen_name=tweet.screen_name.lower())
    first: Lookup = _of(source).first(Lookup(source, url, tweet, near))
    return first


def advance(lookup: Lookup, answer: Answer, *, source: str = "network", last: bool = False) -> Lookup:
    """Judge an answer to `lookup.ask`.

    Args:
        lookup: the look-up so far; one that has ended comes back as it is.
        answer: what the server said.
        source: `network`, `cache`, or `shared` when another one sent the request.
        last: never ask again, whatever the answer.
    """
    asked = lookup.ask
    if asked is None:
        return lookup
    lookup = lookup._replace(attempts=lookup.attempts + (source == "network"), at=answer.at or lookup.at)
    ours = answer.header("memento-datetime") is None  # a copy of an error is no error
    if ours and answer.status in PASSING and not last and source != "cache" and lookup.tries + 1 < TRIES:
        return lookup._replace(tries=lookup.tries + 1, wait=2.0**lookup.tries)
    if answer.header(CUT) and lookup.step != "copy":  # the head of a page is enough
        return lookup.end("too-large", error=f"{_place(answer.url)} answered more than {answer.header(CUT)} bytes")
    hop = Hop(asked, answer.status, "http" if answer.header("location") else "end", answer.ms)
    lookup = lookup._replace(hops=(*lookup.hops, hop), tries=0, wait=0.0)
    if ours and answer.status in LIMITED:
        said = answer.header("retry-after") or ""
        pause = min(float(said), 86400.0) if said.isascii() and said.isdigit() and len(said) < 10 else PAUSE  # noqa: PLR2004
        return lookup.end("rate-limited", retry_after=pause, error=f"{_place(answer.url)} answered {answer.status}")
    if ours and answer.status >= 500:  # noqa: PLR2004
        return lookup.end("server-error", error=f"{_place(answer.url)} answered {answer.status}")
    after: Lookup = _of(lookup.source).STEPS[lookup.step](lookup, answer)
    return after


def fail(  # noqa: PLR0913  the signature is that of chain.fail
    lookup: Lookup,
    outcome: str,
    reason: str,
    *,
    ms: int = 0,
    sent: bool = True,
    last: bool = False,
    status: int | None = None,
) -> Lookup:
    """Take note that `lookup.ask` got no answer.

    Args:
        lookup: the look-up so far; one that has ended comes back as it is.
        outcome: a word of docs/outcomes.md.
        reason: the same, in words.
        ms: milliseconds until it failed.
        sent: something was sent, or tried to be.
        last: never ask again, whatever the cause.
        status: what it had answered before it failed.
    """
    asked = lookup.ask
    if asked is None:
        return lookup
    lookup = lookup._replace(attempts=lookup.attempts + sent, tries=lookup.tries + 1)
    if outcome in HEALING and not last and lookup.tries < TRIES:
        return lookup._replace(wait=2.0 ** (lookup.tries - 1))
    hops = (*lookup.hops, Hop(asked, status, "end", ms))
    return lookup._replace(hops=hops).end(WORDS.get(outcome, outcome), error=reason)


def lane(url: str) -> tuple[str, float]:
    """Return the lane of a look-up's URL, and the seconds between two of its requests; ("", 0) for any other.

    >>> lane("https://web.archive.org/cdx/search/cdx?url=t.co")
    ('web.archive.org/cdx/', 2.5)
    """
    place = url.partition("://")[2]
    return next(((name, seconds) for name, _, seconds in LANES if place.startswith(name)), ("", 0.0))


def together(name: str) -> tuple[str, ...]:
    """Return the lanes that pause with one, itself among them."""
    group = next((group for lane, group, _ in LANES if lane == name), "")
    return tuple(lane for lane, other, _ in LANES if group and other == group) or (name,)


def _place(url: str) -> str:
    return url.partition("://")[2].partition("/")[0]


def _of(source: str) -> Any:
    """Return the module of a look-up, imported when it is used."""
    from importlib import import_module

    return import_module(f"tweetlinks.lookups.{source}")


# Each module holds `first(lookup)`, which begins, and `STEPS`: what judges an answer, by the name of the step.
