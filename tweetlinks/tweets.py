"""Read the URL of a tweet, tell it from other URLs, take it out of redirectors, read the time inside its id. Pure.

It must not ask a server. The two hosts of the service are named here, for every text needs them; mirrors, archives and
unrollers are rows of `data/tweet_urls.tsv`, redirectors of `data/wrappers.tsv`, shorteners of `data/shorteners.txt`.
Hosts are compared whole, never by their end: dropbox.com, netflix.com and status.x.com are not x.com. Ids are strings,
always: a float would damage them.
"""

from __future__ import annotations

import re
from functools import cache, lru_cache
from time import gmtime

from tweetlinks.model import TweetRef
from tweetlinks.record import Record
from tweetlinks.tables import read_table

__all__ = [
    "SHORT_HOSTS", "Shortener", "classify", "created_at", "ids_of_day", "is_embed_url", "is_shortener", "page_kind",
    "parse_status_url", "shortener", "site_role", "split_url", "status_url", "unarchive", "unwrap", "utc_day", "wraps",
]  # fmt: skip

EPOCH_MS = 1_288_834_974_657
"""Milliseconds from 1970 to the first possible snowflake, 2010-11-04T01:42:54.657Z."""
FIRST_SNOWFLAKE = 10**14
"""Ids below were counted, one by one, and hold no time."""
LAST_SNOWFLAKE = 2**63 - 1

_OWN = frozenset(("twitter.com", "x.com"))
SHORT_HOSTS = frozenset(("pic.twitter.com", "pic.x.com", "t.co"))
"""Hosts of short links; the same slug is the same link on each."""
_DEVICES = ("www.", "mobile.", "m.")
_NOBODY = frozenset(("anyuser", "i", "statuses", "twitter", "user", "web", "x"))
"""What stands in the place of the handle when the writer did not know it: no evidence of the author."""
_PAGES = frozenset(
    """about account compose download events explore hashtag help home i intent jobs login logout messages oauth
    notifications personalization privacy rules search settings share signup status statuses tos who_to_follow
    widgets""".split()  # noqa: SIM905 - a list is a line a word
)
"""First parts of a path that are not handles."""
_NESTED = 5
"""How many redirectors may wrap each other."""
_GRAMMAR = {
    # Linear, all of them: a repetition ends at a character that it cannot hold, or is bounded.
    "url": r"""
        \s* (?: https?: /{0,3} | // )?
        (?: [^/?\#@\s\\]{0,255} @ )?                                  # user: never the host
        (?P<host> [^/?\#@:\s\\]+ ) (?: : [0-9]* )?
        (?P<rest> (?: [/?\#] .* )? ) \Z""",
    "status": r"""
        /+ (?: \#? (?: ! | %21 ) /* )?                               # 2010-2012: twitter.com/#!/handle/status/ID
        (?: @? (?P<name> [A-Za-z0-9_]{1,20} ) /+ )?
        (?: web /+ )?
        (?: status (?: es )? | topics/tweet ) /+
        (?P<id> [1-9][0-9]{0,18} ) (?! [0-9] )""",
    "thread": r"/+ (?: thread | t ) / (?P<id> [1-9][0-9]{0,18} ) (?: \. | /? (?: [?\#] | \Z ) )",
    "page": r"""
        /+ (?: \#? ! /* )?
        (?: (?P<tag> hashtag /+ [^/?\#\s] | search /? \? q=%23 )
          | @? (?P<name> [A-Za-z0-9_]{1,15} ) /? (?: [?\#] | \Z ) )""",
    "archived": r"""
        (?<= [/:] ) (?P<inner> https?:/ .+ | (?: www\. | mobile\. | m\. )? (?: twitter | x ) \.com/ .+ )""",
}


class Shortener(Record):
    """A row of data/shorteners.txt."""

    host: str
    dead: str | None
    """The month since when its links lead to their targets no more; None: nobody says that it is dead."""
    seen: str | None
    """What was seen of it, and who says so."""
    source: str
    """The lists that name it, with licence and date."""


def parse_status_url(url: str) -> TweetRef | None:
    """Read which tweet a status URL names.

        url    = [scheme] ["//"] host ["/#!"] ["/" ["@"] handle] ["/web"] status "/" id [anything]
        status = "/status" | "/statuses" | "/topics/tweet"

    The host is twitter.com or x.com, their mobile forms, a mirror (fxtwitter.com, nitter.net), an unroller
    (threadreaderapp.com/thread/ID.html), or an archive with such a URL in its path. Digits end the id.

    Args:
        url: a URL as written, with or without a scheme.

    Returns:
        The tweet, its `screen_name` None where the URL has none or a placeholder; None for anything else: profiles,
        lists, moments, events, intents, look-alike hosts, ids of more than 19 digits.

    >>> parse_status_url("x.com/jack/status/20?s=20")
    TweetRef(id='20', screen_name='jack')
    >>> parse_status_url("https://twitter.com/i/web/status/463372588690202624")
    TweetRef(id='463372588690202624', screen_name=None)
    >>> parse_status_url("https://www.dropbox.com/u/status/518821243320287232") is None
    True
    """
    host, rest = split_url(url)
    role = site_role(host) if host else "archive"
    if role == "archive":
        inner = unarchive(url)
        return parse_status_url(inner) if len(inner) < len(url) else None
    if role == "thread":
        page = _pattern("thread").match(rest)
        return TweetRef(page["id"], None) if page else None
    found = _pattern("status").match(rest) if role else None
    if not found:
        return None
    name = found["name"]
    return TweetRef(found["id"], None if name is None or name.lower() in _NOBODY else name)


def status_url(tweet: TweetRef) -> str:
    """Write the canonical URL of a tweet; the inverse of `parse_status_url`.

    >>> status_url(TweetRef("20", "jack"))
    'https://twitter.com/jack/status/20'
    """
    return f"https://twitter.com/{tweet.screen_name or 'i'}/status/{tweet.id}"


def page_kind(url: str) -> str | None:
    """Say what page of the service a URL names.

    Returns:
        `status`, `profile` or `hashtag`; None for its other pages and for every other site.

    >>> page_kind("https://twitter.com/hashtag/Syrie?src=hash")
    'hashtag'
    """
    host, rest = split_url(url)
    role = site_role(host) if host else "archive"
    if role and parse_status_url(url):
        return "status"
    found = _pattern("page").match(rest) if role == "twitter" else None
    if not found:
        return None
    if found["tag"]:
        return "hashtag"
    return "profile" if found["name"] and found["name"].lower() not in _PAGES else None


def created_at(tweet_id: str) -> str | None:
    """Read the time inside an id.

    Args:
        tweet_id: the digits of the id.

    Returns:
        ISO 8601 in UTC with milliseconds; None for an id that holds no time (before November 2010, or no id at all).

    >>> created_at("780919951979446272")
    '2016-09-28T00:00:00.000Z'
    """
    if not (tweet_id.isascii() and tweet_id.isdigit() and len(tweet_id) < 20):  # noqa: PLR2004 - digits of 2**63
        return None
    number = int(tweet_id)
    if not FIRST_SNOWFLAKE <= number <= LAST_SNOWFLAKE:
        return None
    seconds, ms = divmod((number >> 22) + EPOCH_MS, 1000)
    t = gmtime(seconds)
    return f"{t.tm_year:04}-{t.tm_mon:02}-{t.tm_mday:02}T{t.tm_hour:02}:{t.tm_min:02}:{t.tm_sec:02}.{ms:03}Z"


def utc_day(tweet_id: str) -> str | None:
    """Read the UTC day inside an id, which is the day that embed codes print.

    >>> utc_day("780919951979446271")
    '2016-09-27'
    """
    moment = created_at(tweet_id)
    return moment[:10] if moment else None


def ids_of_day(day: str) -> tuple[str, str] | None:
    """Return the first and the last id that a tweet of a UTC day can have.

    Args:
        day: ISO 8601.

    Returns:
        None for a day before ids held a time, and for what is no day.

    >>> ids_of_day("2016-09-28")
    ('780919951979446272', '781282339845046271')
    """
    from datetime import UTC, datetime

    try:
        begin = int(datetime.fromisoformat(day).replace(tzinfo=UTC).timestamp() * 1000) - EPOCH_MS
    except ValueError:
        return None
    first, last = begin << 22, ((begin + 86_400_000) << 22) - 1
    return (f"{first}", f"{last}") if first >= FIRST_SNOWFLAKE and last <= LAST_SNOWFLAKE else None


def is_embed_url(url: str) -> bool:
    """Say whether a URL was written by an embedded tweet: `ref_src=twsrc^tfw…tweetembed`, percent-encoded or not.

    >>> is_embed_url("https://twitter.com/a/status/1?ref_src=twsrc%5Etfw%7Ctwcamp%5Etweetembed")
    True
    >>> is_embed_url("https://twitter.com/a/status/1?ref_src=twsrc%5Etfw")
    False
    """
    query = url.partition("?")[2].lower()
    if "ref_src" not in query or "tweetembed" not in query:
        return False
    query = query.replace("%25", "%").replace("%3d", "=").replace("%5e", "^").replace("%26", "&")
    value = query.partition("ref_src=")[2].partition("&")[0]
    return value.startswith("twsrc^tfw") and "tweetembed" in value


def unarchive(url: str) -> str:
    """Take the archived URL out of the URL of an archive's copy.

    Returns:
        The inner URL; `url` itself when it is not such a copy (or an archive's short code, which hides it).

    >>> unarchive("https://web.archive.org/web/20190922094616if_/https://twitter.com/a/status/1")
    'https://twitter.com/a/status/1'
    """
    host, rest = split_url(url)
    copy = site_role(host) == "archive" if host else rest.startswith("/web/")
    found = _pattern("archived").search(rest) if copy else None
    return found["inner"] if found else url


def unwrap(url: str) -> str:
    """Take the target out of a redirector's URL, as often as one wraps another, without asking anybody.

    Args:
        url: a URL with a scheme; redirectors are the rows of `data/wrappers.tsv`, and archives.

    Returns:
        The innermost http(s) URL; `url` itself when it wraps nothing.

    >>> unwrap("https://www.google.com/url?sa=t&url=https%3A%2F%2Ft.co%2FzKHAP1vQMJ")
    'https://t.co/zKHAP1vQMJ'
    """
    for _ in range(_NESTED):
        inner = _target(url)
        if inner == url or "%" in split_url(inner)[0]:  # a host that is quoted twice is none
            break
        url = inner
    return url


def slug(url: str) -> str | None:
    """Return the identity of a short link of the service, which t.co and pic.twitter.com share.

    Returns:
        The slug, case kept; None for any other URL.

    >>> slug("http://t.co/zKHAP1vQMJ?amp=1") == slug("pic.twitter.com/zKHAP1vQMJ") == "zKHAP1vQMJ"
    True
    """
    host, rest = split_url(url)
    if host not in SHORT_HOSTS:
        return None
    name, _, more = rest.partition("?")[0].partition("#")[0].removeprefix("/").partition("/")
    return name if name.isascii() and name.isalnum() and not more else None


def classify(url: str) -> str:
    """Name the kind of a URL: `tco`, `media`, `status`, `profile`, `hashtag`, `shortener` or `other`.

    >>> classify("https://pic.twitter.com/X1lgDNwjj7"), classify("https://bit.ly/2abc"), classify("https://bit.ly/")
    ('media', 'shortener', 'other')
    """
    host, rest = split_url(url)
    if host in SHORT_HOSTS:
        return "other" if not slug(url) else "tco" if host == "t.co" else "media"
    kind = page_kind(url)
    if kind:
        return kind
    return "shortener" if len(rest) > 1 and is_shortener(host) else "other"


def is_shortener(host: str) -> bool:
    """Say whether a host is a known shortener; hosts are compared whole, not by their domain.

    >>> is_shortener("bit.ly"), is_shortener("on.rt.com"), is_shortener("www.rt.com")
    (True, True, False)
    """
    return host.lower().removeprefix("www.") in _shorteners()


def shortener(host: str) -> Shortener | None:
    """Return what is known of a shortener; None for every other host.

    >>> shortener("www.tr.im").dead, shortener("goo.gl").dead, shortener("rt.com")
    ('2022-02', None, None)
    """
    row = _shorteners().get(host.lower().removeprefix("www."))
    if row is None:
        return None
    host, dead, seen, source = row
    return Shortener(host, None if dead == "-" else dead, None if seen == "-" else seen, source)


@lru_cache(1024)
def site_role(host: str) -> str | None:
    """Say what a host is to tweets.

    Args:
        host: in lower case, without port.

    Returns:
        `twitter`, `mirror`, `thread` or `archive`; None for every other site.
    """
    plain = _plain(host)
    if plain in _OWN or (plain[2:] == ".twitter.com" and plain[:2].isalpha()):  # de.twitter.com, until 2013
        return "twitter"
    roles = _roles()
    return roles.get(host) or roles.get(plain) or roles.get(plain.partition(".")[0] + ".*")


@lru_cache(64)  # each URL is looked at by several
def split_url(url: str) -> tuple[str, str]:
    """Split a URL, with or without a scheme, at the end of its host.

    Returns:
        The host in lower case, without user and port, and the rest from its `/`, `?` or `#`. The host of a path
        (`/web/…`) is empty.

    >>> split_url("HTTPS://a@Twitter.com:443/jack?s=20")
    ('twitter.com', '/jack?s=20')
    """
    found = _pattern("url").match(url)
    return (found["host"].lower(), found["rest"]) if found else ("", url)


def _plain(host: str) -> str:
    for device in _DEVICES:
        if host.startswith(device):
            return host[len(device) :]
    return host


def _target(url: str) -> str:
    host, rest = split_url(url)
    inner = unarchive(url)
    if inner != url:
        scheme, _, rest = inner.partition(":/")  # some archives fold `//`
        return f"{scheme}://{rest.lstrip('/')}" if scheme.lower() in {"http", "https"} else "https://" + inner
    for path, how in wraps(host):
        target = _inner(rest, path, how)
        if target:
            return target
    return url


@lru_cache(1024)
def wraps(host: str) -> tuple[tuple[str, str], ...]:
    """Return the rows of data/wrappers.tsv that a host fits."""
    plain = host.removeprefix("www.")
    labels = plain.split(".")
    keys = (plain, "*." + ".".join(labels[1:]), "*." + ".".join(labels[2:]), labels[0] + ".*")
    return tuple(row for key in keys for row in _wrappers().get(key, ()))


def _inner(rest: str, path: str, how: str) -> str | None:
    """Return the http(s) URL inside a redirector's path and query."""
    from urllib.parse import parse_qs, unquote  # slow to import, and only redirectors need it

    if not rest.startswith(path) and (path != "/" or rest[:1] != "?"):
        return None
    query = rest.partition("?")[2]
    if how == "path/":
        value = rest[len(path) :]
        value = "https://" + value[2:] if value.startswith("s/") else "http://" + value
    elif how.endswith("…"):
        value = query.partition(how[:-1] + "=")[2] if how != "…" else query
    else:
        value = parse_qs(query.partition("#")[0]).get(how, [""])[0]
    if value[:9].lower() in {"http%3a%2", "https%3a%"}:
        value = unquote(value)
    return value if value[:8].lower().startswith(("http://", "https://")) else None


@cache
def _roles() -> dict[str, str]:
    return {host: role for host, role, _ in read_table("tweet_urls.tsv", fields=3)}


@cache
def _shorteners() -> dict[str, list[str]]:
    return {row[0]: row for row in read_table("shorteners.txt", fields=4)}


@cache
def _wrappers() -> dict[str, list[tuple[str, str]]]:
    out: dict[str, list[tuple[str, str]]] = {}
    for host, path, how, _ in read_table("wrappers.tsv", fields=4):
        out.setdefault(host, []).append((path, how))
    return out


@cache
def _pattern(name: str) -> re.Pattern[str]:
    return re.compile(_GRAMMAR[name], re.VERBOSE | re.IGNORECASE | re.DOTALL)
