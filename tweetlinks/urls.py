"""Find the links in running text, and cut off what is glued to them; name their kind; unwrap redirectors. Pure.

Text from which the markup is gone holds links that touch each other, the word before and the word after
(`…#Syriehttps://t.co/zKHAP1vQMJpic.twitter.com/X1lgDNwjj7`). Every link is reported with exact borders and with the
evidence for them:

    slug10, slug8, slug7    the length of a short link's slug: 10 since 2013, 8 and 7 in 2011 and 2012
    run                     the slug has another length, and is the whole run of letters and digits
    known-successor         the cut is where a known beginning continues: pic.twitter.com/, http://, www. …
    id-digits               the cut is where the digits of a status id end
    glued-before            a word, hashtag, handle or link stands directly before
    glued-after             a word, hashtag or handle stands directly after

This is the hot path of the package: one walk over the slashes of the text decides where a link can be, and all other
work is done there only. It must not load a table unless an ordinary link is met, and must not look at the network.
docs/limits.md says what is not found, and why.
"""

from __future__ import annotations

import re
from functools import cache

from tweetlinks.model import Link
from tweetlinks.tables import read_table
from tweetlinks.tweets import page_kind, parse_status_url, split_url, unarchive

__all__ = ["classify", "find_links", "is_shortener", "slug", "unwrap"]

_SLUGS = {7: "slug7", 8: "slug8", 10: "slug10"}
_SLUG = 10
"""Length of a slug since 2013: 1,886 of 1,886 whose end is known from markup."""
_PREFIXES = ("mobile.", "www.", "m.")
_MEDIA_HOSTS = frozenset(("pic.twitter.com", "pic.x.com"))
_TRAILING = ".,;:!?\"'*»”’“‘…–،؛؟۔।॥"
"""Punctuation that ends a sentence or a quotation, never a URL. Brackets are judged by their partner instead."""
_NESTED = 5
"""How many redirectors may wrap each other."""

_GRAMMAR = {
    # Where a link can be: a slash, one literal byte to look for, and fixed look-behinds. Linear: no repetition.
    "slash": r"""/ (?: (?<= :/ ) / | (?<= t\.co/ ) | (?<= x\.com/ ) | (?<= twitter\.com/ ) )""",
    # Linear: one run, ended by what it cannot hold.
    "short": r"""(?: t\.co | pic\.twitter\.com | pic\.x\.com ) / (?P<run> [0-9a-z]+ )""",
    # Linear: every repetition starts with a character that the one before it cannot hold.
    "params": r"""\? (?: amp=1 | ssr=true | [a-z]\w{0,30} = [\w%~-]* ) (?: & (?: amp; )? [a-z]\w{0,30} = [\w%~-]* )*
                  (?: \# [0-9]+ (?! \w ) )?""",
    # Linear: both runs are bounded. The host is judged afterwards.
    "authority": r"""(?: (?P<user> [^\x00-\x20/?\#@<>"'()\[\]\\]{1,99} ) @ )?
                     (?P<host> [^\x00-,/:-@\[-^`{-\xa0\xab\xb7\xbb\u1680\u2000-\u206f\u3000-\u303f\uff00-\uff0f]{1,255} )
                     (?P<port> : [0-9]{1,5} )?""",
    # Linear: bounded, and `?` parts the two runs. Letters of scripts that part words by blanks belong to a URL; so do
    # `|` and `^` in a query.
    "tail": r"""[/?\#] [!\#-;=@-Z\[\]_a-z~\xc0-\xd6\xd8-\xf6\xf8-\u0dff\u1e00-\u1fff\u2013]{0,2048}
                (?: \? [!\#-;=?-Z\[\]^_a-z|~\xc0-\xd6\xd8-\xf6\xf8-\u0dff\u1e00-\u1fff\u2013]{0,2048} )?""",
    # Linear: alternatives of fixed length.
    "glue": r"""https?:// | pic\.twitter\.com/ | pic\.x\.com/ | & (?: quot | lt | gt | nbsp | \#3[49] ) ;""",
    "bracket": r"[()\[\]]",
    # Linear: slashes, then digits.
    "id": r"""/ (?: status (?: es )? | topics/tweet ) /+ [1-9][0-9]{0,18} (?! [0-9] )""",
    "after-id": r"""(?: / (?: photo | video ) / [0-9]{1,2} (?! [0-9] )
                      | / (?: analytics | history | likes | quotes | retweets (?: / with_comments )? ) (?! \w )
                      | \.html )? (?: / (?! [\w/] ) )?
                    (?P<query> \? [a-z][\w.-]* = [!\#-;=?-Z\[\]^_a-z|~]{0,2048} | \# [a-z] (?! \w ) )?""",
}


def find_links(text: str, start: int = 0, end: int | None = None) -> list[Link]:
    """Find the links of a text.

    With a scheme: every http(s) URL whose host could exist. Without one: t.co, pic.twitter.com, pic.x.com, and status
    URLs of twitter.com and x.com.

    Args:
        text: the whole text.
        start: where to look from, in code points.
        end: where to stop; None means the end of the text.

    Returns:
        Links in the order of the text, never overlapping, `text[span] == raw`; `url` has a scheme and its host in
        lower case. Paragraph, citation and resolution are None.

    >>> [(link.kind, link.raw, link.evidence) for link in find_links("Syriet https://t.co/zKHAP1vQMJpic.twitter.com/X1lgDNwjj7")]
    [('tco', 'https://t.co/zKHAP1vQMJ', ('slug10', 'known-successor')), ('media', 'pic.twitter.com/X1lgDNwjj7', ('slug10', 'glued-before'))]
    """
    end = len(text) if end is None else min(end, len(text))
    floor = start = max(start, 0)
    links: list[Link] = []
    if text.find("/", start, end) < 0:
        return links
    search = _pattern("slash").search
    found = search(text, start, end)
    while found:
        slash = found.start()
        link = (_with_scheme if text[slash - 1] == ":" else _bare)(text, slash, floor, end)
        if link and link.span:
            links.append(link)
            floor = link.span[1]
        found = search(text, floor if link else found.end(), end)
    return links


def classify(url: str) -> str:
    """Name the kind of a URL: `tco`, `media`, `status`, `profile`, `hashtag`, `shortener` or `other`.

    >>> classify("https://pic.twitter.com/X1lgDNwjj7"), classify("https://bit.ly/2abc"), classify("https://bit.ly/")
    ('media', 'shortener', 'other')
    """
    host, rest = split_url(url)
    if slug(url):
        return "media" if host in _MEDIA_HOSTS else "tco"
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


def slug(url: str) -> str | None:
    """Return the identity of a short link of the service, which t.co and pic.twitter.com share.

    Returns:
        The slug, case kept; None for any other URL.

    >>> slug("http://t.co/zKHAP1vQMJ?amp=1") == slug("pic.twitter.com/zKHAP1vQMJ") == "zKHAP1vQMJ"
    True
    """
    host, rest = split_url(url)
    if host != "t.co" and host not in _MEDIA_HOSTS:
        return None
    name, _, more = rest.partition("?")[0].partition("#")[0].removeprefix("/").partition("/")
    return name if name.isascii() and name.isalnum() and not more else None


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
        if inner == url:
            break
        url = inner
    return url


# ---------------------------------------------------------------- short links of the service


def _with_scheme(text: str, slash: int, floor: int, end: int) -> Link | None:
    word = text[max(floor, slash - 6) : slash - 1].lower()
    if not word.endswith(("http", "https")):
        return None
    begin = slash - (6 if word.endswith("https") else 5)
    return _short(text, begin, slash + 2, end) or _general(text, begin, slash + 2, end)


def _bare(text: str, slash: int, floor: int, end: int) -> Link | None:
    """Read a link without a scheme; `slash` ends its host."""
    before = text[max(floor, slash - 15) : slash].lower()
    for host in ("pic.twitter.com", "pic.x.com"):
        if before.endswith(host):
            return _short(text, slash - len(host), slash - len(host), end)
    for host in ("t.co", "twitter.com", "x.com"):
        if before.endswith(host):
            begin = slash - len(host)
            if host == "t.co":
                return _short(text, begin, begin, end) if _starts(text, begin, floor) else None
            return _bare_status(text, begin, floor, end)
    return None


def _starts(text: str, at: int, floor: int) -> bool:
    """Say whether a host without a scheme can start here, so that it is not the tail of another host or path."""
    if at == floor:
        return True
    char = text[at - 1]
    return not (char in "./-@_" or (char.isalnum() and char < "\u2e80"))


def _short(text: str, begin: int, host: int, end: int) -> Link | None:
    """Read `t.co/SLUG` or `pic.twitter.com/SLUG` whose host starts at `host`."""
    found = _pattern("short").match(text, host, end)
    if not found:
        return None
    first, last = found.span("run")
    size, evidence = _slug_size(text, first, last, end)
    if not size or (found["run"] == "i" and text[last : min(last + 1, end)] == "/"):  # t.co/i/adsct: no short link
        return None
    stop = first + size
    if stop == last and text[last : min(last + 1, end)] == "?":
        params = _pattern("params").match(text, last, end)
        stop = last + _unglued(params[0]) if params else last
    kind = "tco" if text[host] in "tT" else "media"
    return _link(kind, text, begin, stop, evidence, host_end=first)


def _slug_size(text: str, first: int, last: int, end: int) -> tuple[int, tuple[str, ...]]:
    """Decide how much of a run of letters and digits is the slug.

    A known beginning that continues the run cuts it, unless more than a slug is left; else the first ten; else all.

    Returns:
        The length, 0 when nothing is left, and the evidence.
    """
    token = _token(text, first, last, end)
    size = last - first - token
    if size > _SLUG:
        return _SLUG, ("slug10", "glued-after")
    evidence = _SLUGS.get(size, "run")
    if token:
        return size, (evidence, "known-successor")
    after = text[last : min(last + 1, end)]
    if after and (after in "@#_" or after.isalnum()):
        return size, (evidence, "glued-after")
    return size, (evidence,)


def _token(text: str, first: int, last: int, end: int) -> int:
    """Return how many characters at the end of a run begin the next link."""
    after = text[last : min(last + 13, end)].lower()
    if not after.startswith((".", "://")):
        return 0
    run = text[max(first, last - 7) : last].lower()
    if after[0] == ":":
        return 5 if run.endswith("https") else 4 if run.endswith("http") else 0
    if run.endswith("pic") and after.startswith((".twitter.com/", ".x.com/")):
        return 3
    if run.endswith("www"):
        return 3
    if run.endswith("t") and after.startswith(".co/"):
        return 1
    left = last - first
    for host in ("twitter", "mobile", "x", "m"):
        if run.endswith(host) and left - len(host) in _SLUGS and after.startswith((".com/", ".twitter.com/", ".x.com/")):
            return len(host)
    return 0


# ---------------------------------------------------------------- status URLs


def _bare_status(text: str, host: int, floor: int, end: int) -> Link | None:
    begin = host
    for prefix in _PREFIXES:
        if text[max(floor, host - len(prefix)) : host].lower() == prefix:
            begin = host - len(prefix)
            break
    if begin - 2 >= floor and text[begin - 2 : begin] == "//":
        begin -= 2
    stop, evidence = _status_end(text, begin, host, min(end, host + 80), end)
    if not stop or not _starts(text, begin, floor):
        return None
    return _link("status", text, begin, stop, evidence, host_end=host + 11)


def _status_end(text: str, begin: int, host_end: int, limit: int, end: int) -> tuple[int, tuple[str, ...]]:
    """Find where a status URL ends: after the digits, a known suffix and a query.

    Returns:
        The end and the evidence; 0 when `text[begin:limit]` is no status URL.
    """
    found = _pattern("id").search(text, host_end, limit)
    if not found or not parse_status_url(text[begin : found.end()]):
        return 0, ()
    rest = _pattern("after-id").match(text, found.end(), end)
    stop = rest.end() if rest else found.end()
    if rest and rest["query"]:
        query = rest["query"]
        return stop - len(query) + _unglued(query), ()
    after = text[stop : min(stop + 1, end)]
    return stop, ("id-digits",) if after and (after in "@#_" or after.isalnum()) else ()


# ---------------------------------------------------------------- other URLs


def _general(text: str, begin: int, host: int, end: int) -> Link | None:
    """Read an http(s) URL whose host starts at `host`."""
    found = _pattern("authority").match(text, host, end)
    if not found:
        return None
    first, stop = found.span("host")
    size = _host_size(found["host"], text[stop : stop + 3])
    if not size and found["user"]:  # https://lemonde.fr@handle: a host with a handle glued on
        first, size = host, _host_size(found["user"], "")
    if not size:
        return None
    whole = first + size == stop
    stop = found.end() if whole else first + size
    tail = _pattern("tail").match(text, stop, end) if whole else None
    if not tail:
        return _link(_kind(text[begin:stop]), text, begin, stop, (), host_end=stop)
    limit = tail.end()
    status_end, evidence = _status_end(text, begin, stop, limit, end)
    if status_end:
        return _link("status", text, begin, status_end, evidence, host_end=stop)
    size = _unglued(tail[0])
    glued = ("known-successor",) if _pattern("glue").match(text, stop + size, end) else ()
    return _link(_kind(text[begin : stop + size]), text, begin, stop + size, glued, host_end=stop)


def _kind(url: str) -> str:
    kind = classify(url)
    return kind if kind not in {"tco", "media"} else "other"


def _host_size(host: str, after: str) -> int:
    """Return how much of a run is a host that could exist, 0 for none.

    Args:
        host: a run of letters, digits, `.`, `-`, `_` and anything that is not ASCII.
        after: the three characters that follow it.
    """
    if not host.isascii():
        host = host[: _latin_size(host)]
    lower = host.lower()
    if after == "://" and lower.endswith(("http", "https")):  # https://lemonde.frhttps://t.co/…
        host = host[: -5 if lower.endswith("https") else -4]
    elif after[:1] == "/" and lower.endswith((".twitter.com", ".x.com")):  # https://lemonde.frpic.twitter.com/…
        at = lower.rfind("pic.")
        host = host[:at] if at > 0 and lower[at:] in _MEDIA_HOSTS and host[at - 1] != "." else host
    host = host.rstrip(".")
    return len(host) if _exists(host.split(".")) else 0


def _latin_size(host: str) -> int:
    """Return where a script without blanks begins behind a complete Latin host: `example.com` + `だよね`."""
    for at, char in enumerate(host):
        if char > "\u024f":
            _, dot, top = host[:at].rpartition(".")
            return at if dot and len(top) > 1 and top.isascii() and top.isalpha() else len(host)
    return len(host)


def _exists(labels: list[str]) -> bool:
    """Say whether a name or an IPv4 address could be made of these labels (RFC 1035, RFC 5891)."""
    top = labels[-1]
    if len(labels) < 2:  # noqa: PLR2004 - a name without a domain
        return False
    if top.isdigit():
        return len(labels) == 4 and all(label.isdigit() and int(label) < 256 for label in labels)  # noqa: PLR2004
    if len(top) < 2 or not (top.isalpha() or not top.isascii() or top[:4].lower() == "xn--"):  # noqa: PLR2004
        return False
    return "_" not in labels[-1] + labels[-2] and all(_fits(label) for label in labels)


def _fits(label: str) -> bool:
    if not 0 < len(label) < 64 or label[0] in "-_" or label[-1] in "-_":  # noqa: PLR2004 - bytes of a label
        return False
    if label.isascii():
        return True
    return label[:4].lower() != "xn--" and len(label.encode("punycode")) < 60  # noqa: PLR2004 - with xn-- in front


def _unglued(tail: str) -> int:
    """Return how much of a path, query and fragment belongs to the URL.

    A URL inside it starts a new link unless it is a part of the path or a value (`/https://…`, `=https://…`).
    """
    for found in _pattern("glue").finditer(tail):
        at = found.start()
        if at and tail[at - 1] not in "/=?#":
            tail = tail[:at]
            break
    tail = tail[: _balanced(tail)].rstrip(_TRAILING)
    return 0 if tail == "#" else len(tail)


def _balanced(tail: str) -> int:
    """Return where the first bracket stands that has no partner."""
    still: list[re.Match[str]] = []
    for found in _pattern("bracket").finditer(tail):
        if found[0] in "([":
            still.append(found)
        elif still and still[-1][0] + found[0] in {"()", "[]"}:
            still.pop()
        else:
            return found.start() if not still else still[0].start()
    return still[0].start() if still else len(tail)


def _link(kind: str, text: str, begin: int, stop: int, evidence: tuple[str, ...], *, host_end: int) -> Link:
    """Make the value; everything before `host_end` is case-insensitive."""
    raw = text[begin:stop]
    head = text[begin : min(host_end, stop)].lower()
    url = head + text[begin + len(head) : stop]
    if not head.startswith("http"):
        url = ("https:" if head.startswith("//") else "https://") + url
    if begin and (text[begin - 1].isalnum() or text[begin - 1] == "_"):
        evidence = (*evidence, "glued-before")
    return Link(kind, url, raw, (begin, stop), None, None, evidence)


# ---------------------------------------------------------------- redirectors and tables


def _target(url: str) -> str:
    host, rest = split_url(url)
    if host not in {"twitter.com", "x.com"}:
        inner = unarchive(url)
        if inner != url:
            return inner if "://" in inner[:8] else "https://" + inner
    plain = host.removeprefix("www.")
    labels = plain.split(".")
    keys = (plain, "*." + ".".join(labels[1:]), "*." + ".".join(labels[2:]), *(a + ".*" for a in labels[:1]))
    for key in keys:
        for path, how in _wrappers().get(key, ()):
            inner = _inner(rest, path, how)
            if inner:
                return inner
    return url


def _inner(rest: str, path: str, how: str) -> str | None:
    """Return the http(s) URL inside a redirector's path and query."""
    from urllib.parse import parse_qs, unquote  # noqa: PLC0415  only redirectors need it

    if not rest.startswith(path):
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
def _wrappers() -> dict[str, list[tuple[str, str]]]:
    out: dict[str, list[tuple[str, str]]] = {}
    for host, path, how, _ in read_table("wrappers.tsv", fields=4):
        out.setdefault(host, []).append((path, how))
    return out


@cache
def _shorteners() -> frozenset[str]:
    return frozenset(row[0] for row in read_table("shorteners.txt", fields=3))


@cache
def _pattern(name: str) -> re.Pattern[str]:
    flags = re.VERBOSE | re.IGNORECASE
    return re.compile(_GRAMMAR[name], flags if name in {"tail", "authority"} else flags | re.ASCII)
