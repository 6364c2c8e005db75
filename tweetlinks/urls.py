"""Find the links in running text, and cut off what is glued to them; name their kind. Pure.

Text from which the markup is gone holds links that touch each other, the word before and the word after
(`…#Syriehttps://t.co/zKHAP1vQMJpic.twitter.com/X1lgDNwjj7`). Every link is reported with exact borders and with the
evidence for them:

    slug10, slug8, slug7    the length of a short link's slug: 10 since 2013, 8 and 7 in 2011 and 2012
    run                     the slug has another length, and is the whole run of letters and digits
    known-successor         the cut is where a known beginning continues: pic.twitter.com/, http://, www. …
    truncated               `…` follows: a shown URL, of which the end is lost perhaps
    id-digits               the cut is where the digits of a status id end
    glued-before            a word, hashtag, handle or link stands directly before
    glued-after             a word, hashtag or handle stands directly after

This is the hot path of the package: one walk over the slashes of the text decides where a link can be, and all other
work is done there only. It must not load a table unless an ordinary link is met, and must not look at the network.
docs/limits.md says what is not found, and why.
"""

from __future__ import annotations

import re
from functools import cache, lru_cache

from tweetlinks.model import Link
from tweetlinks.tweets import SHORT_HOSTS, classify, is_shortener, parse_status_url, shortener, site_role, slug, unwrap

__all__ = ["classify", "find_links", "is_shortener", "shortener", "slug", "unwrap"]

_SLUGS = {7: "slug7", 8: "slug8", 10: "slug10"}
_SLUG = 10
"""Length of a slug since 2013: 1,886 of 1,886 whose end is known from markup."""
_PREFIXES = ("mobile.", "www.", "m.")
_BEGINNINGS = (
    ("https", ("://",)),
    ("http", ("://",)),
    ("pic", (".twitter.com/", ".x.com/")),
    ("www", (".",)),
    ("mobile", (".twitter.com/", ".x.com/")),
    ("m", (".twitter.com/", ".x.com/")),
    ("twitter", (".com/",)),
    ("x", (".com/",)),
    ("t", (".co/",)),
)
"""How a link begins that is glued to the slug before it: the letters that the run swallowed, and what follows them."""
_INSIDE = "/=?#"
"""A URL after one of these is a part of the URL before it: `/web/2019/https://…`, `?url=https://…`."""
_SURE_ID = 18
"""Digits of an id since August 2011: with fewer before `…`, some are lost."""
_LONGEST = 4096
"""No URL of an article is longer."""
_TRAILING = ".,;:!?\"'*»”’“‘…–،؛؟۔।॥"
"""Punctuation that ends a sentence or a quotation, never a URL. Brackets are judged by their partner instead."""

_GRAMMAR = {
    # Where a link can be: a slash, one literal byte to look for, and fixed look-behinds. Linear: no repetition.
    "slash": r"""/ (?: (?<= [ps]:/ ) / | (?<= t\.co/ ) | (?<= x\.com/ ) | (?<= twitter\.com/ ) )""",
    # Linear: one run, ended by what it cannot hold.
    "short": r"""(?: t\.co | pic\.twitter\.com | pic\.x\.com ) / (?P<run> [0-9a-z]+ )""",
    # Linear: every repetition starts with a character that the one before it cannot hold.
    "params": r"""\? (?: amp=1 | ssr=true | [a-z]\w{0,30} = [\w%~-]* )
                  (?: & (?: amp; )? [a-z]\w{0,30} = [\w%~-]* ){0,20} (?: \# [0-9]+ (?! \w ) )?""",
    # Linear: both runs are bounded. The host is judged afterwards.
    "authority": r"""(?: (?P<user> [^\s\x00-\x20/?\#@<>"'()\[\]\\]{1,99} ) @ )?
                     (?P<host> [^\x00-,/:-@\[-^`{-\xa0\xab\xb7\xbb\u1680\u2000-\u206f\u3000-\u303f\uff00-\uff0f]{1,255}
                     ) (?P<port> : [0-9]{1,5} )?""",
    # Linear: bounded, and `?` parts the two runs. Letters of scripts that part words by blanks belong to a URL; so do
    # `|` and `^` in a query.
    "tail": r"""[/?\#] [!\#-;=@-Z\[\]_a-z~\xc0-\xd6\xd8-\xf6\xf8-\u0dff\u1e00-\u1fff\u2013]{0,2048}
                (?: \? [!\#-;=?-Z\[\]^_a-z|~\xc0-\xd6\xd8-\xf6\xf8-\u0dff\u1e00-\u1fff\u2013]{0,2048} )?""",
    # Linear: alternatives of fixed length.
    "glue": r"""https?:// | pic\.twitter\.com/ | pic\.x\.com/ | & (?: quot | lt | gt | nbsp | \#3[49] ) ;""",
    "bracket": r"[()\[\]]",
    # Linear: bounded.
    "id": r"""[!-;=?-~]{0,200}? / (?: status (?: es )? | topics/tweet ) /+ (?P<id> [1-9][0-9]{0,18} ) (?! [0-9] )""",
    # Linear: as "params".
    "after-id": r"""(?P<suffix> (?: / (?: photo | video ) / [0-9]{1,2} (?! [0-9] )
                      | / (?: analytics | history | likes | quotes | retweets (?: / with_comments )? ) (?! \w )
                      | \.html )? (?: / (?! [\w/] ) )? )
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

    >>> links = find_links(">>> https://t.co/zKHAP1vQMJpic.twitter.com/X1lgDNwjj7")
    >>> [(link.raw, link.evidence) for link in links]  # doctest: +NORMALIZE_WHITESPACE
    [('https://t.co/zKHAP1vQMJ', ('slug10', 'known-successor')),
     ('pic.twitter.com/X1lgDNwjj7', ('slug10', 'glued-before'))]
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


def _with_scheme(text: str, slash: int, floor: int, end: int) -> Link | None:
    word = text[max(floor, slash - 6) : slash - 1].lower()
    if not word.endswith(("http", "https")):
        return None
    begin = slash - (6 if word.endswith("https") else 5)
    link = _short(text, begin, slash + 2, end) if text[slash + 2 : slash + 3] in "tTpP" else None
    return link or _general(text, begin, slash + 2, end)


def _bare(text: str, slash: int, floor: int, end: int) -> Link | None:
    """Read a link without a scheme; `slash` ends its host."""
    before = text[max(floor, slash - 15) : slash].lower()
    for host, free in (("pic.twitter.com", True), ("pic.x.com", True), ("t.co", False)):
        if before.endswith(host):
            begin = slash - len(host)
            return _short(text, begin, begin, end) if free or _starts(text, begin, floor) else None
    return _bare_status(text, slash, floor, end) if before.endswith(("twitter.com", "x.com")) else None


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
        if params:
            stop = last + _unglued(params[0])
            evidence += _border(text, stop, end)
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
    if size == _SLUG and last < end and text[last] in ".…":
        return size, (evidence,)
    return size, (evidence, *_border(text, last, end))


def _border(text: str, at: int, end: int, *, word: str = "glued-after") -> tuple[str, ...]:
    """Return the evidence that what follows a link touches it; `word` is said of a word, hashtag or handle."""
    char = text[at] if at < end else " "
    if char.isspace():
        return ()
    if char == "…" or text[at : min(at + 3, end)] == "...":
        return ("truncated",)
    if not (char in "@#_" or char.isalnum()):
        return ()
    return ("known-successor",) if word == "glued-after" and _pattern("glue").match(text, at, end) else (word,)


def _token(text: str, first: int, last: int, end: int) -> int:
    """Return how many characters at the end of a run begin the next link."""
    if last >= end or text[last] not in ".:":
        return 0
    after = text[last : min(last + 13, end)].lower()
    run = text[max(first, last - 7) : last].lower()
    for beginning, rest in _BEGINNINGS:
        if run.endswith(beginning) and after.startswith(rest):
            return len(beginning)
    return 0


def _bare_status(text: str, slash: int, floor: int, end: int) -> Link | None:
    begin = slash - (11 if text[max(floor, slash - 11) : slash].lower() == "twitter.com" else 5)
    for prefix in _PREFIXES:
        if text[max(floor, begin - len(prefix)) : begin].lower() == prefix:
            begin -= len(prefix)
            break
    if text[max(floor, begin - 2) : begin] == "//":
        begin -= 2
    return _status(text, begin, slash, end) if _starts(text, begin, floor) else None


def _status(text: str, begin: int, host_end: int, end: int) -> Link | None:
    """Read a status URL; it ends after the digits, a known suffix and a query."""
    found = _pattern("id").match(text, host_end, end)
    if not found or not parse_status_url(text[begin : found.end()]):
        return None
    rest = _pattern("after-id").match(text, found.end(), end)
    suffix, query = rest.group("suffix", "query") if rest else ("", "")
    stop = found.end() + len(suffix) + _unglued(query or "")
    evidence = _border(text, stop, end, word="glued-after" if query else "id-digits")
    if evidence == ("truncated",) and not suffix and not query:
        if found.end() - found.start("id") < _SURE_ID:
            return None  # digits are lost: it would be another tweet
        evidence = ()
    return _link("status", text, begin, stop, evidence, host_end=host_end)


def _general(text: str, begin: int, host: int, end: int) -> Link | None:
    """Read an http(s) URL whose host starts at `host`."""
    found = _pattern("authority").match(text, host, end)
    size = _authority_size(text, found, end)
    if found and not size and found["user"]:  # https://lemonde.fr@handle: a host with a handle glued on
        found = _pattern("authority").match(text, host, found.end("user"))
        size = _authority_size(text, found, end)
    if not found or not size:
        return None
    first, stop = found.span("host")
    if first + size < stop:
        stop = first + size
        return _link(classify(text[begin:stop]), text, begin, stop, _border(text, stop, end), host_end=stop)
    stop = found.end()
    kind = _site_kind(found["host"].lower())
    link = None if kind else _status(text, begin, stop, end)
    return link or _with_tail(text, begin, stop, end, kind=kind)


def _authority_size(text: str, found: re.Match[str] | None, end: int) -> int:
    if not found:
        return 0
    stop = found.end("host")
    after = text[stop : min(stop + 3, end)]
    return _host_size(found["host"], after if after == "://" else after[:1])


@lru_cache(1024)
def _site_kind(host: str) -> str | None:
    """Return the kind of all URLs of a host, as far as it depends on the host alone; None when the path decides."""
    if site_role(host) or host in SHORT_HOSTS:
        return None
    return "shortener" if is_shortener(host) else "other"


def _with_tail(text: str, begin: int, host_end: int, end: int, *, kind: str | None) -> Link:
    """Read path, query and fragment of a URL that is no status URL; its kind is looked up when it is None."""
    tail = _pattern("tail").match(text, host_end, _limit(text, host_end, end))
    stop = host_end + (_unglued(tail[0]) if tail else 0)
    evidence = _border(text, stop, end)
    if kind is None:
        kind = classify(text[begin:stop])
    if (kind == "status" and evidence == ("truncated",)) or (kind == "shortener" and stop < host_end + 2):
        kind = "other"  # digits of the id are lost, as in _status; or a shortener's own page
    return _link(kind, text, begin, stop, evidence, host_end=host_end)


def _limit(text: str, at: int, end: int) -> int:
    """Return where the next URL begins that is not inside this one, or `end`; so glued URLs are read once."""
    stop = min(at + _LONGEST, end)
    colon = text.find("://", at, stop)
    while colon >= 0:
        word = text[max(at, colon - 5) : colon].lower()
        size = 5 if word.endswith("https") else 4 if word.endswith("http") else 0
        if size and text[colon - size - 1] not in _INSIDE:
            return colon - size
        colon = text.find("://", colon + 3, stop)
    return end


@lru_cache(1024)  # an article links to the same few hosts
def _host_size(host: str, after: str) -> int:
    """Return how much of a run is a host that could exist, 0 for none.

    Args:
        host: a run of letters, digits, `.`, `-`, `_` and anything that is not ASCII.
        after: `://` or `/` when that follows it.
    """
    if not host.isascii():
        host = host[: _latin_size(host)]
    lower = host.lower()
    if after == "://" and lower.endswith(("http", "https")):  # https://lemonde.frhttps://t.co/…
        host = host[: -5 if lower.endswith("https") else -4]
    elif after == "/" and lower.endswith((".twitter.com", ".x.com")):  # https://lemonde.frpic.twitter.com/…
        at = lower.rfind("pic.")
        host = host[:at] if at > 0 and lower[at:] in SHORT_HOSTS and host[at - 1] != "." else host
    host = host.rstrip(".")
    head, _, last = host.rpartition(".")
    if last.istitle() and head.islower() and after != "/" and len(head.rpartition(".")[2]) in {2, 3} and "." in head:
        host = head  # https://bakery.com.Then: a sentence that lost its blank
    return len(host) if _exists(host) else 0


def _latin_size(host: str) -> int:
    """Return where a script without blanks begins behind a complete Latin host: `example.com` + `だよね`."""
    for at, char in enumerate(host):
        if char > "\u024f":
            _, dot, top = host[:at].rpartition(".")
            return at if dot and len(top) > 1 and top.isascii() and top.isalpha() else len(host)
    return len(host)


def _exists(host: str) -> bool:
    """Say whether a host could be a name or an IPv4 address (RFC 1035, RFC 5891)."""
    labels = host.split(".")
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
    for found in _pattern("glue").finditer(tail) if "://" in tail or "&" in tail or ".com/" in tail.lower() else ():
        at = found.start()
        if tail[at] == "&" or (at and tail[at - 1] not in _INSIDE):
            tail = tail[:at]
            break
    tail = tail[: _balanced(tail)].rstrip(_TRAILING)
    return 0 if tail == "#" else len(tail)


def _balanced(tail: str) -> int:
    """Return where the first bracket stands that has no partner."""
    if not ("(" in tail or ")" in tail or "[" in tail or "]" in tail):
        return len(tail)
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


@cache
def _pattern(name: str) -> re.Pattern[str]:
    case = re.NOFLAG if name in {"tail", "authority"} else re.IGNORECASE | re.ASCII  # ASCII: ı is no i of twitter.com
    return re.compile(_GRAMMAR[name], re.VERBOSE | case)
