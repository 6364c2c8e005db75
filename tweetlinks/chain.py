"""Say what to ask next about a link, and what each answer means: redirect chains without a network. Pure.

    chain = start("https://t.co/zKHAP1vQMJ")
    while chain.ask:                             # asked by whoever can: httpx, Scrapy, a WARC file, a test
        answer = …                               # chain.wait seconds from now, GET chain.ask
        chain = advance(chain, answer)           # or fail(chain, "timeout", "no answer within 10 s")
    resolution(chain)

An answer is judged here and nowhere else: go on (`ask` is the next URL), ask again (`ask` stays, `wait` says after how
many seconds), or end (`ask` is None). A chain is an immutable value; every answer gives a new one. No answer makes it
raise, it ends after `Terms.hops` redirects at most, and hops are only ever added.

What became of the short link (`expansion`) and of the page it leads to (`target`) are told apart: a t.co that answers
301 to a dead domain is expanded. A way that never arrives (a loop, too many hops, a `Location` that is none) is the
expansion's failure wherever it happens; a page that does not answer is the target's. docs/outcomes.md has the words.
"""

from __future__ import annotations

import re
from functools import lru_cache

from tweetlinks.detours import Detour, detour, is_gone, shown
from tweetlinks.locations import BadLocation, clean, host_of, path_of, without_fragment
from tweetlinks.model import Answer, Hop, Resolution, TweetRef
from tweetlinks.record import TYPE_CHECKING, Record
from tweetlinks.redirects import Lead, lead
from tweetlinks.tweets import SHORT_HOSTS, parse_status_url, site_role, status_url, wraps
from tweetlinks.urls import is_shortener, shortener, unwrap

if TYPE_CHECKING:
    from typing import Any

    from tweetlinks.model import Finding

__all__ = [
    "CUT", "CUT_OFF", "HEADERS", "MAPPED", "Chain", "Terms", "advance", "archived", "fail", "keep", "resolution",
    "silent", "start",
]  # fmt: skip

CUT_OFF = "cut off: the rest of the link is not in the text, so nobody was asked"
"""Why a link that ends in an ellipsis is not expanded."""
ELLIPSES = ("…", "...")

HEADERS = frozenset(
    {
        "location",
        "refresh",
        "content-type",
        "retry-after",
        "server",
        "cf-ray",
        "memento-datetime",
        "link",
        "x-archive-wayback-runtime-error",
    }
)
"""The headers an `Answer` must hold for its judgement; the others are noise and cookies."""
CUT = "x-tweetlinks-cut"
"""A header that whoever asks adds when it stopped reading the body: how many bytes it has read."""
MAPPED = "x-tweetlinks-mapping"
"""A header of an answer that no server gave: somebody knew where the link leads. A server's own is never kept."""

# Linear: parted by / and ?.
_SLUG = re.compile(r"https?://[^/]+/(?P<slug>[0-9A-Za-z]+)/?(?P<rest>[?#].*)?\Z", re.DOTALL)
_STATUS = re.compile(r"https?://(?:www\.)?(?:twitter|x)\.com/(?!i/)\w{1,20}/status/[0-9]")  # linear: one word
# Linear: one run, then the rest.
_VIDEO = re.compile(r"https?://(?:www\.)?youtu\.be/(?P<id>[\w-]+)/?(?:\?(?P<more>[^#]*))?(?P<end>#.*)?\Z", re.DOTALL)

AGAIN = frozenset({408, 420, 425, 429, 500, 502, 503, 504, *range(520, 528)})
"""The codes that pass: ask again."""
LIMITED = frozenset({420, 429})
FAILURES = {
    "connect-timeout": "timeout", "disconnected": "protocol-error", "dns-tempfail": "dns-error",
    "tls-timeout": "timeout",  # of a shortener we know that it speaks TLS
}  # fmt: skip
"""Outcomes that whoever asks may name more exactly than docs/outcomes.md does, and what they are there."""
OF_TARGET = FAILURES | {
    "offline": "unchecked", "blocked-by-host": "forbidden", "rate-limited": "forbidden",
    "invalid-location": "protocol-error", "tls-timeout": "tls-error",
}  # fmt: skip
"""What an outcome is called when it is the target that did not answer."""
TRIES = {"connect-error": 2, "connect-timeout": 3, "disconnected": 2, "dns-tempfail": 2, "timeout": 3, "tls-timeout": 2}
"""How often a link is asked that got no answer; a cause that is not here does not heal."""
SILENT = frozenset(
    """blocked-by-host connect-error dead dns-error gone interstitial-unparsed protocol-error server-error timeout
    tls-error""".split()  # noqa: SIM905  a list is a line a word
)
"""Expansions of a link whose shortener does not tell where it led."""
WALLS = frozenset({"login-wall", "consent-wall"})
SHOWN = frozenset({200, 410})
"""The codes with which shorteners show pages instead of redirecting."""
MINUTE, DAY = 60.0, 86400.0
LONGEST_PAUSE = DAY
"""Seconds of the longest `Retry-After` that is believed: a longer one is a mistake, or meant to be rid of us."""


class Terms(Record):
    """How far a chain may go."""

    check_target: bool = False
    """Ask others than shorteners too: the page that the last one leads to, and a link of an unknown host."""
    hops: int = 10
    """Redirects in a row; the page behind the last of them is asked, too."""
    tries: int = 3
    """Requests for one URL."""
    patience: float = 20.0
    """Seconds a server may make us wait before we ask again."""
    backoff: float = 0.5
    """Seconds before the second request for one URL; doubled each time."""


class Chain(Record):
    """A link on its way."""

    url: str
    """What was asked about, as given."""
    terms: Terms
    ask: str | None = None
    """What to request next; None when the chain has ended."""
    wait: float = 0.0
    """Seconds to wait before that."""
    hops: tuple[Hop, ...] = ()
    """Every step so far."""
    landed: str | None = None
    """The first URL that is no short link: what it expands to."""
    tries: int = 0
    """Requests for `ask` so far."""
    attempts: int = 0
    """Requests sent, repetitions counted."""
    at: str | None = None
    """When the last answer came."""
    cached: bool = False
    """Every answer so far came from a cache."""
    mapped: bool = False
    """An answer so far is a mapping that somebody brought."""
    expansion: str = ""
    target: str = "unchecked"
    final_url: str | None = None
    method: str | None = None
    tweet: TweetRef | None = None
    error: str | None = None
    retry_after: float | None = None
    archived_at: str | None = None
    """When an archive saw where it led."""


def start(url: str, terms: Terms = Terms()) -> Chain:  # noqa: B008  a Terms cannot change
    """Begin with a link, as a text or a page has it.

    >>> start("pic.twitter.com/X1lgDNwjj7").ask
    'https://t.co/X1lgDNwjj7'
    >>> start("https://twitter.com/jack/status/20").target
    'terminal-social'
    """
    chain = Chain(f"{url}", terms)
    try:
        link = _given(url)
    except BadLocation as bad:
        return _end(chain, bad.outcome, reason=bad.reason)
    host = host_of(link)
    own = host in SHORT_HOSTS  # most links are: no need to look what else they are
    telling = not own and _telling(host)
    if not own and (warned := _warned(chain, link)):
        return warned
    if telling and (tweet := parse_status_url(link)):
        ended = _end(chain, "not-a-short-link", "terminal-social", final_url=_tweet_url(link, tweet))
        return ended._replace(tweet=tweet)
    if telling and (inner := _derived(link)):
        return _go(chain._replace(hops=(Hop(link, None, "derived", 0),), method="derived"), inner)
    if not (_has_code(link) if _is_short(host) else terms.check_target):
        return _end(chain, "not-a-short-link", final_url=link)
    asked = _canonical(link, typed=True)
    hops = (Hop(link, None, "derived", 0),) if own and host != "t.co" else ()  # a spelling of t.co/S
    return Chain(url, terms, without_fragment(asked), hops=hops)


def _given(url: str) -> str:
    """Return the URL that a caller, a text or a page gave, fit to be asked.

    Raises:
        BadLocation: it is none (`not-a-link`), is cut off (`truncated`), or is not http(s).
    """
    if not isinstance(url, str):  # an empty cell of a table, mostly
        raise BadLocation("not-a-link", f"no text, but {url!r:.80}")
    if url.rstrip().endswith(ELLIPSES):
        raise BadLocation("truncated", CUT_OFF)
    try:
        link = clean(url)
    except BadLocation as bad:
        word = "not-a-link" if bad.outcome == "invalid-location" else bad.outcome
        raise BadLocation(word, bad.reason if url.strip() else "it is empty") from None
    if "://" not in url and "." not in host_of(link):
        raise BadLocation("not-a-link", f"no host: {url[:80]!r}")
    return link


def advance(chain: Chain, answer: Answer, *, source: str = "network", last: bool = False) -> Chain:
    """Judge an answer to `chain.ask`.

    Args:
        chain: the chain so far; one that has ended comes back as it is.
        answer: what the server said.
        source: `network`, `cache`, or `shared` when another chain sent the request.
        last: never ask again, whatever the answer.
    """
    asked = chain.ask
    if asked is None:
        return chain
    counted: dict[str, Any] = {
        "at": answer.at or chain.at,
        "attempts": chain.attempts + (source == "network"),
        "cached": source == "cache" and (chain.cached or chain.at is None),
        "mapped": chain.mapped or (source == "cache" and answer.header(MAPPED) is not None),
    }
    page = _shown(answer, host_of(asked))
    later = answer.status in AGAIN or (page is not None and page.outcome == "rate-limited")
    told = _told(answer, page) if later else None
    if later and not last and source != "cache" and not _dead(asked):
        tried = chain._replace(tries=chain.tries + 1, **counted)
        pause = max(_backoff(tried), told or 0.0)
        if tried.tries < tried.terms.tries and pause <= tried.terms.patience:
            return tried._replace(wait=pause)
    found = _lead(answer, asked, page)
    if found and found.url and not (chain.method or chain.landed):
        counted["method"] = found.via
    if found is None:
        return _settle(_step(chain, answer.status, "end", answer.ms, retry_after=told, **counted), answer, page)
    return _follow(_step(chain, answer.status, found.via if found.url else "end", answer.ms, **counted), found)


def fail(  # noqa: PLR0913  each is a fact about the failure
    chain: Chain,
    outcome: str,
    reason: str,
    *,
    ms: int = 0,
    sent: bool = True,
    last: bool = False,
    status: int | None = None,
) -> Chain:
    """Take note that `chain.ask` got no answer.

    Args:
        chain: the chain so far; one that has ended comes back as it is.
        outcome: a word of docs/outcomes.md, or of `FAILURES` where more is known.
        reason: the same, in words.
        ms: milliseconds until it failed.
        sent: something was sent, or tried to be.
        last: never ask again, whatever the cause.
        status: what it had answered before it failed: a target that has answered is there, and an error needs no body.
    """
    if chain.ask is None:
        return chain
    if status is not None and (chain.landed or status >= 400):  # noqa: PLR2004
        alone = Answer(chain.ask, status, (), "", "", ms)
        return advance(chain, alone, source="network" if sent else "shared", last=last)
    chain = chain._replace(attempts=chain.attempts + sent, tries=chain.tries + 1, cached=chain.cached and not sent)
    dead = _dead(chain.ask or "")
    if not (last or dead) and chain.tries < min(TRIES.get(outcome, 1), chain.terms.tries):
        return chain._replace(wait=_backoff(chain))
    word, asked = FAILURES.get(outcome, outcome), chain.final_url or chain.ask
    reason = f"{reason}; {dead}" if dead else reason
    chain = _step(chain, None, "end", ms)
    if chain.landed or (word == "blocked-address" and _led(chain)):
        return _end(chain, "expanded", OF_TARGET.get(outcome, outcome), final_url=asked, reason=reason)
    if word == "blocked-address":
        return _end(chain, "connect-error", word, reason=reason)
    return _end(chain, word, final_url=asked if _led(chain) else None, reason=reason)


def resolution(chain: Chain, *, url: str | None = None) -> Resolution:
    """Return what became of the link.

    Args:
        chain: a chain; one that is still under way says `timeout`.
        url: the link to name; None means the one the chain began with.
    """
    told = "cache" if chain.cached or chain.expansion == "offline" else ""
    told = "mapping" if chain.cached and chain.mapped else told
    told = "archive" if chain.archived_at else told
    source = told or ("network" if chain.attempts or chain.at else "derived")
    expansion = chain.expansion or "timeout"
    url = chain.url if url is None else url
    way = (chain.method, chain.hops, chain.attempts, chain.at, source, chain.archived_at)
    return Resolution(url, expansion, chain.target, chain.final_url, *way, chain.tweet, chain.error, chain.retry_after)


def silent(chain: Chain) -> str | None:
    """Return the short link that its shortener says nothing about any more, so that an archive may; else None."""
    return chain.hops[-1].url if chain.ask is None and chain.expansion in SILENT and chain.hops else None


def archived(chain: Chain, finding: Finding, hops: tuple[Hop, ...]) -> Chain:
    """Take note of what an archive knows of a link that `silent` named.

    Args:
        chain: the chain, at its end.
        finding: what came of asking.
        hops: the requests for it.
    """
    chain = chain._replace(hops=(*chain.hops, *hops), at=finding.fetched_at or chain.at)
    if finding.outcome == "dead":
        return chain._replace(error=f"{chain.error}; {finding.error}")
    if finding.outcome != "from-archive" or finding.target is None:
        return chain._replace(expansion=finding.outcome, error=f"{chain.error}; the archive: {finding.error}")
    ended = _end(chain, "from-archive", final_url=finding.target, archived_at=finding.archived_at)._replace(
        method="archive"
    )
    tweet = parse_status_url(finding.target)
    return ended._replace(target="terminal-social", tweet=tweet) if tweet else ended


def keep(answer: Answer) -> float | None:
    """Say how long an answer holds.

    Returns:
        Seconds; None means for ever (where a short link leads does not change), 0 that it is not worth keeping.
    """
    if answer.header(MAPPED) is not None:
        return None
    status, host = answer.status, host_of(answer.url)
    page = _shown(answer, host)
    if status in AGAIN or (page and page.outcome == "rate-limited"):
        return _told(answer, page) or 5 * MINUTE
    found = _lead(answer, answer.url, page) if _is_short(host) else None
    if found and found.url:
        between = _met(found.url)
        return {"rate-limited": 5 * MINUTE, "unsafe": 7 * DAY}.get(between.outcome) if between else None
    if status in {404, 410} or (page and page.outcome == "unsafe"):
        return 7 * DAY
    return DAY if _is_short(host) or status >= 400 else 7 * DAY  # noqa: PLR2004


def _shown(answer: Answer, host: str) -> Detour | None:
    """Recognise the page that a shortener shows instead of redirecting."""
    return shown(answer.body, host=host) if answer.body and answer.status in SHOWN and _is_short(host) else None


@lru_cache(64)  # a URL is looked at several times: whether its answer holds, where it leads, whether that is a warning
def _met(url: str) -> Detour | None:
    """Recognise a page by its URL, whoever led there."""
    return detour(url, code=None)


@lru_cache(64)  # a cached answer is judged twice: whether it holds, and where it leads
def _lead(answer: Answer, asked: str, page: Detour | None) -> Lead | None:
    """Say where an answer leads, the page of a shortener included that only asks for a click."""
    if page is None:
        return lead(answer, base=asked, known=_is_short(host_of(asked)))
    return Lead("html-stub", page.url) if page.outcome == "via" and page.url else None


def _step(chain: Chain, status: int | None, via: str, ms: int, **more: Any) -> Chain:
    """Add the hop that was just asked, and what else changes."""
    return chain._replace(hops=(*chain.hops, Hop(chain.ask or "", status, via, ms)), tries=0, wait=0.0, **more)


def _follow(chain: Chain, found: Lead) -> Chain:
    """Go where an answer leads, unless that is the end of the way."""
    if found.url is None:
        known = chain.landed or (chain.ask if _led(chain) else None)
        return _end(chain, found.outcome or "invalid-location", final_url=known, reason=found.reason)
    url, mark = found.url, (chain.final_url or "").partition("#")[2]
    if mark and "#" not in url:  # RFC 9110, 10.2.2
        url = f"{url}#{mark}"
    return _detour(chain, url) or _go(chain, url)


def _go(chain: Chain, url: str) -> Chain:  # noqa: PLR0911  one return for each thing a URL can be
    """Ask `url` next, unless it is known already what it is."""
    if warned := _warned(chain, url):
        return warned
    telling = _telling(host_of(url))
    if telling and (tweet := parse_status_url(url)):
        return _end(chain, "expanded", "terminal-social", final_url=_tweet_url(url, tweet), tweet=tweet)
    if telling and (inner := _derived(url)):
        return _go(chain._replace(hops=(*chain.hops, Hop(url, None, "derived", 0))), inner)
    asked = _canonical(url)
    key = without_fragment(asked)
    if key in {hop.url for hop in chain.hops if hop.via != "derived"}:
        return _end(chain, "loop", final_url=chain.landed, reason=f"it leads back to {key}")
    short = chain.landed is None and (_is_short(host_of(asked)) or host_of(asked) == _home(chain))
    landed = None if short else chain.landed or url
    if not short and not chain.terms.check_target:
        return _end(chain, "expanded", final_url=url, landed=landed)
    chain = chain._replace(landed=landed, final_url=url)
    if sum(hop.via != "derived" for hop in chain.hops) > chain.terms.hops:
        return _end(chain, "too-many-hops", final_url=url, reason=f"more than {chain.terms.hops} hops")
    return chain._replace(ask=key)


def _settle(chain: Chain, answer: Answer, page: Detour | None) -> Chain:
    """End at an answer that leads nowhere: a page or an error."""
    asked = chain.final_url or chain.ask or ""
    if chain.landed:
        return _end(chain, "expanded", _target_word(chain, answer), final_url=asked)
    host = host_of(chain.ask or asked)
    known = asked if _led(chain) else None
    if page and page.outcome == "unsafe":
        return _end(chain, "unsafe", "not-contacted", final_url=page.url, reason=f"{host} warns of it")
    if page and page.outcome == "rate-limited":
        return _end(chain, "rate-limited", final_url=known, reason=f"{host} shows a page that asks for fewer requests")
    if 200 <= answer.status < 300:  # noqa: PLR2004
        return _settle_page(chain, answer, asked)
    reason = f"{host} answered {answer.status}"
    if choice := answer.header("location"):
        reason += f" and names {choice[:200]}"
    return _end(chain, _expansion_word(answer.status), final_url=known, reason=reason)


def _settle_page(chain: Chain, answer: Answer, asked: str) -> Chain:
    """End at a page where a redirect was looked for."""
    led = _led(chain)
    if not _is_short(host_of(chain.ask or asked)):
        word = "expanded" if led else "resolved-here"
        return _end(chain, word, _target_word(chain, answer), final_url=asked)
    if size := answer.header(CUT):
        return _end(chain, "too-large", final_url=asked if led else None, reason=f"no redirect in {size} bytes")
    reason = f"{host_of(chain.ask or asked)} shows a page that names no target"
    return _end(chain, "interstitial-unparsed", final_url=asked if led else None, reason=reason)


def _end(
    chain: Chain,
    expansion: str,
    target: str = "unchecked",
    *,
    final_url: str | None = None,
    reason: str | None = None,
    **more: Any,
) -> Chain:
    method = chain.method if expansion in {"expanded", "unsafe"} else None
    return chain._replace(
        ask=None, wait=0.0, expansion=expansion, target=target, final_url=final_url, method=method, error=reason, **more
    )


def _target_word(chain: Chain, answer: Answer) -> str:
    """Name what a target answered to the last request."""
    status, asked = answer.status, chain.hops[-1].url
    if 200 <= status < 300:  # noqa: PLR2004
        before = next((hop.url for hop in reversed(chain.hops[:-1]) if hop.status), asked)
        return "soft-404" if is_gone(answer.body, url=asked, before=before) else "ok"
    named = {404: "not-found", 410: "gone", 451: "legal", 999: "forbidden"}.get(status)
    return named or ("forbidden" if 400 <= status < 500 else "server-error")  # noqa: PLR2004


def _expansion_word(status: int) -> str:
    if status in LIMITED:
        return "rate-limited"
    named = {404: "dead", 410: "gone", 408: "server-error", 425: "server-error"}.get(status)
    return named or ("blocked-by-host" if 400 <= status < 500 or status == 999 else "server-error")  # noqa: PLR2004


def _led(chain: Chain) -> bool:
    """Say whether a step of the chain has led on."""
    return any(hop.status is not None and hop.via != "end" for hop in chain.hops)


def _home(chain: Chain) -> str:
    """Return the host that was asked first: what is not known as a shortener may still be one."""
    for hop in chain.hops:
        if hop.via != "derived":
            return host_of(hop.url)
    return ""


def _tweet_url(url: str, tweet: TweetRef) -> str:
    """Return the URL of a tweet: as sent, or in its canonical form where it was sent in an odd one."""
    return url if _STATUS.match(url) else status_url(tweet)


@lru_cache(1024)
def _telling(host: str) -> bool:
    """Say whether URLs of a host may say themselves where they lead: most hosts are in no table."""
    return host.removeprefix("www.") == "youtu.be" or site_role(host) is not None or bool(wraps(host))


@lru_cache(1024)
def _is_short(host: str) -> bool:
    return host in SHORT_HOSTS or is_shortener(host)


def _dead(asked: str) -> str | None:
    """Say that a shortener is known to be dead: it is asked once, for somebody may have revived it."""
    known = shortener(host_of(asked))
    return f"{known.host} is known to be dead since {known.dead}" if known and known.dead else None


def _has_code(link: str) -> bool:
    """Say whether the URL of a shortener holds a code: its front page is no short link."""
    if host_of(link) in SHORT_HOSTS:
        return _SLUG.match(link) is not None
    return bool(path_of(without_fragment(link)).strip("/?"))


def _canonical(url: str, *, typed: bool = False) -> str:
    """Return the URL to ask for a link: for t.co and its spellings the code is all there is.

    Args:
        url: the URL.
        typed: it stands in a text, and what follows the code is a marker or was glued on.
    """
    code = _SLUG.match(url) if host_of(url) in SHORT_HOSTS else None
    if code is None:
        return url
    plain = typed or (code["rest"] or "").partition("#")[0] in {"", "?amp=1"}
    return f"https://t.co/{code['slug']}" if plain else url


def _derived(url: str) -> str | None:
    """Return where a URL leads that says so itself: a redirector that carries its target, or youtu.be."""
    if video := _VIDEO.match(url):
        more = f"&{video['more']}" if video["more"] else ""
        return f"https://www.youtube.com/watch?v={video['id']}{more}{video['end'] or ''}"
    inner = unwrap(url)
    if inner == url:
        return None
    try:
        return clean(inner) if len(inner) < len(url) else None
    except BadLocation:
        return None


def _backoff(chain: Chain) -> float:
    return float(chain.terms.backoff * 2 ** min(chain.tries - 1, 10))


def _told(answer: Answer, page: Detour | None) -> float | None:
    """Return after how many seconds a server may be asked again, by its header or by its page."""
    told = _retry_after(answer)
    return min(page.seconds, LONGEST_PAUSE) if told is None and page and page.seconds is not None else told


def _retry_after(answer: Answer) -> float | None:
    """Read `Retry-After`: seconds, or a date, seen from when the answer came.

    Returns:
        At most `LONGEST_PAUSE`; 0 for a date that is over; None when there is none, or none that makes sense.
    """
    value = (answer.header("retry-after") or "").strip()
    if value.isascii() and value.isdigit():
        return min(float(value[:9]), LONGEST_PAUSE)
    from datetime import UTC, datetime
    from email.utils import parsedate_to_datetime

    try:
        until, since = parsedate_to_datetime(value), datetime.fromisoformat(answer.at)
        seconds = (until.replace(tzinfo=until.tzinfo or UTC) - since).total_seconds()
        return min(max(0.0, seconds), LONGEST_PAUSE)
    except (ValueError, TypeError, OverflowError, IndexError):
        return None


def _warned(chain: Chain, url: str) -> Chain | None:
    """End at a URL that is itself the page of a warning; None when `url` is not one."""
    found = _met(url)
    if found is None or found.outcome != "unsafe":
        return None
    chain = chain._replace(hops=(*chain.hops, Hop(url, None, "derived", 0)), method=chain.method or "derived")
    return _end(chain, "unsafe", "not-contacted", final_url=found.url, reason=f"{host_of(url)} warns of it")


def _detour(chain: Chain, url: str) -> Chain | None:
    """Say what a page put between the link and its target means; None when `url` is not one."""
    if _met(url) is None:  # as most are
        return None
    here = chain.hops[-1].url
    found = detour(url, code=path_of(here).partition("?")[0].strip("/"))
    if found is None or found.outcome == "soft-404":
        return None
    if found.outcome in WALLS:
        return _walled(chain, found)
    if found.outcome == "via":
        return _go(chain, found.url) if found.url else None
    if found.outcome == "unsafe":
        return _end(chain, "unsafe", "not-contacted", final_url=found.url, reason=f"{host_of(here)} warns of it")
    return _end(chain, "rate-limited", final_url=here if chain.hops[:-1] else None, reason=f"{here} leads to {url}")


def _walled(chain: Chain, found: Detour) -> Chain | None:
    """End at a page that asks for a login or for consent: the page before was wanted, or what the page itself names."""
    here = chain.hops[-1].url
    if chain.landed or not _is_short(host_of(here)):
        return _end(chain, "expanded", found.outcome, final_url=chain.final_url or here)
    if found.url is None:
        return None
    if parse_status_url(found.url):
        return _go(chain, found.url)
    return _end(chain, "expanded", found.outcome, final_url=found.url)
