r"""Read where an answer leads: a `Location`, a `Refresh` header, a page that only redirects. Pure.

It reads; what the next step is, `chain` decides. Nothing here raises but `BadLocation`, which `chain` turns into words.

A server writes a URL as bytes, and they stand in `Answer.headers` one character for one byte (latin-1), so that a
`Location` of UTF-8 and one of latin-1 both keep the bytes they were sent with:

>>> clean("/\xe9 b", base="https://dest.example/a", octets=True)
'https://dest.example/%E9%20b'
>>> clean("HTTPS://T.CO/zKHAP1vQMJ")
'https://t.co/zKHAP1vQMJ'
"""

from __future__ import annotations

import re
from functools import cache
from html import unescape
from itertools import islice
from json import loads
from unicodedata import normalize
from urllib.parse import quote_from_bytes, unquote, urljoin

from tweetlinks.record import TYPE_CHECKING, Record
from tweetlinks.tables import read_table

if TYPE_CHECKING:
    from tweetlinks.model import Answer

__all__ = ["FOLLOWED", "BadLocation", "Detour", "Lead", "clean", "detour", "host_of", "lead", "without_fragment"]

LONGEST_URL = 16_384
"""Characters of the longest URL that is followed: beyond it a server is playing."""
LONGEST_SIGN = 200
"""Characters of text a page may show and still be nothing but a redirect ("Click here if …")."""
FOLLOWED = frozenset({301, 302, 303, 307, 308})
"""The codes that send a GET elsewhere; 300, 304, 305 and 306 do not."""

# RFC 3986, appendix B. Linear: every class excludes the character that ends it, and the last part takes the rest.
_PARTS = re.compile(
    r"""
    (?: (?P<scheme> [A-Za-z] [A-Za-z0-9+.-]* ) : )?
    (?: // (?P<authority> [^/?#]* ) )?
    (?P<rest> .* )
    """,
    re.VERBOSE | re.DOTALL,
)
# A URL that `clean` would give back as it is. Linear: labels are bounded and end at a dot, the rest is one class.
_CLEAN = re.compile(
    r"""
    https? ://
    (?: (?!xn--) [a-z0-9] (?: [a-z0-9-]{0,30} [a-z0-9] )? \. ){1,6} [a-z]{2,24}
    (?: [/?#] [!#-;=?-\[\]_a-z~]{0,2000} )?
    """,
    re.VERBOSE,
)
_HOST = re.compile(r"https?://(\[[^\]]*\]|[^/?#:]*)")  # linear: each part ends at what it cannot hold
_CONTROL = re.compile(r"[\x00-\x1f\x7f\\]")
_LABEL = re.compile(r"(?!xn--\Z)[a-z0-9_](?:[a-z0-9_-]{0,61}[a-z0-9_])?\Z")  # linear: bounded
_BRACKETED = re.compile(r"\[ (?P<host> [0-9A-Fa-f:.]{2,45} ) \] (?: : (?P<port> [0-9]* ) )? \Z", re.VERBOSE)
_SAFE = "!#$%&'()*+,-./:;=?@[]_~"

# The three below are only looked for a few times in a page, and each then reads on once: linear.
_META = re.compile(r"<meta\b", re.IGNORECASE)
_REPLACE = re.compile(r"\blocation\.replace\(\s*(?=\")")
_LITERAL = re.compile(r'"(?:[^"\\]|\\.)*"', re.DOTALL)
_ATTRIBUTE = re.compile(
    r"""
    [\s/]* (?P<name> [^\s=>/"']+ )
    (?: \s* = \s* (?: "(?P<double>[^"]*)" | '(?P<single>[^']*)' | (?P<bare>[^\s"'>]+) ) )?
    """,
    re.VERBOSE,
)
# `0;URL=U`, `0; url='U'`. Linear: a bounded number, one word, the rest.
_REFRESH = re.compile(
    r"\s* (?P<delay> [0-9]{1,6} ) (?: \.[0-9]{0,6} )? \s* [;,] \s* (?: url \s* = )? \s* (?P<url> .* ) \Z",
    re.VERBOSE | re.IGNORECASE | re.DOTALL,
)
_ENTITY = re.compile(r"&(?:#[0-9]{1,7}|#[xX][0-9a-fA-F]{1,6}|[A-Za-z][A-Za-z0-9]{1,30});")
_UNSEEN = re.compile(r"<(script|style|noscript|title|template)\b", re.IGNORECASE)


class BadLocation(Exception):
    """A URL that cannot be followed."""

    def __init__(self, outcome: str, reason: str) -> None:
        """Take the word for it, `invalid-location` or `unsupported-scheme`, and the reason in words."""
        super().__init__(reason)
        self.outcome, self.reason = outcome, reason


class Lead(Record):
    """Where an answer leads."""

    via: str
    """`http`, `html-stub` or `refresh`."""
    url: str | None
    """The next URL, cleaned; None when it cannot be followed."""
    outcome: str | None = None
    """Why it cannot be followed: a word of docs/outcomes.md."""
    reason: str | None = None
    """The same, in words."""


class Detour(Record):
    """A page put between a link and where it leads."""

    outcome: str
    """`unsafe`, `rate-limited`, `via`, `login-wall` or `consent-wall`: see data/detours.tsv."""
    url: str | None
    """Where the link leads; None where the page does not say."""


class _Row(Record):
    """A row of data/detours.tsv."""

    outcome: str
    host: str
    path: re.Pattern[str]
    parameter: str
    proof: str


def lead(answer: Answer, *, base: str, known: bool) -> Lead | None:
    """Say where an answer leads.

    Args:
        answer: what the server said.
        base: what was asked; a relative `Location` is joined to it.
        known: the host is a shortener, whose pages redirect even where they show text.

    Returns:
        None when the answer leads nowhere: an article, an error.
    """
    try:
        return _by_status(answer, base) or _by_header(answer, base) or _by_page(answer, base, known=known)
    except BadLocation as bad:
        return Lead("http", None, bad.outcome, bad.reason)


def _by_status(answer: Answer, base: str) -> Lead | None:
    """Read `Location`; two of them must agree."""
    if answer.status not in FOLLOWED:
        return None
    sent = [value for name, value in answer.headers if name == "location"]
    found = {clean(value, base=base, octets=True) for value in sent}
    if len(found) > 1:
        return Lead("http", None, "invalid-location", f"two Locations: {' and '.join(sorted(found))}")
    return Lead("http", found.pop()) if found else None


def _by_header(answer: Answer, base: str) -> Lead | None:
    """Read `Refresh: 0; url=…`."""
    target = _refresh(answer.header("refresh") or "")
    return _elsewhere("refresh", clean(target, base=base, octets=True), base) if target else None


def _by_page(answer: Answer, base: str, *, known: bool) -> Lead | None:
    """Read a page that only redirects: META refresh without delay, `location.replace("…")`, or both."""
    if not answer.body:
        return Lead("http", None, "invalid-location", "no Location") if answer.status in FOLLOWED else None
    meta, script = _metas(answer.body, base), _script(answer.body, base)
    if not (meta or script) or not (known or _is_stub(answer.body)):
        return Lead("http", None, "invalid-location", "no Location") if answer.status in FOLLOWED else None
    if script and meta and script not in meta:
        return Lead("html-stub", None, "interstitial-unparsed", f"the page says both {meta[0]} and {script}")
    return _elsewhere("html-stub", script or meta[0], base)


def _elsewhere(via: str, url: str, base: str) -> Lead | None:
    """Lead on, unless a page only reloads itself."""
    return Lead(via, url) if without_fragment(url) != without_fragment(base) else None


def _metas(body: str, base: str) -> list[str]:
    """Return the URL of the first META refresh without delay, read with and without its entities."""
    for match in islice(_META.finditer(body), 16):
        named = _attributes(body, match.end())
        if named.get("http-equiv", "").strip().lower() == "refresh" and (raw := _refresh(named.get("content", ""))):
            decoded = _ENTITY.sub(lambda entity: unescape(entity[0]), raw)
            return [clean(text, base=base) for text in dict.fromkeys((decoded, raw))]
    return []


def _attributes(body: str, start: int) -> dict[str, str]:
    """Return the attributes of the element whose name ends at `start`."""
    found: dict[str, str] = {}
    for _ in range(16):  # no META has more
        match = _ATTRIBUTE.match(body, start)
        if not match:
            break
        value = match["double"] or match["single"] or match["bare"] or ""
        found.setdefault(match["name"].lower(), value)
        start = match.end()
    return found


def _script(body: str, base: str) -> str | None:
    r"""Return the URL of `location.replace("…")`: a JSON string, with `\/` for `/`."""
    for match in islice(_REPLACE.finditer(body), 4):
        if literal := _LITERAL.match(body, match.end()):
            try:
                return clean(loads(literal[0], strict=False), base=base)
            except ValueError:
                continue
    return None


def _refresh(value: str) -> str | None:
    """Return the URL of a refresh without delay; None for a delay, or for a page that reloads itself."""
    match = _REFRESH.match(value[:LONGEST_URL])
    if not match or int(match["delay"]):
        return None
    return match["url"].strip().strip("\"'").strip() or None


def _is_stub(body: str) -> bool:
    """Say whether a page shows (nearly) nothing: it is there to redirect."""
    return len(_shown(body, LONGEST_SIGN + 1)) <= LONGEST_SIGN


def _shown(body: str, enough: int) -> str:
    """Return the first `enough` characters a reader of the page would see, white space left out."""
    seen, at, lower = "", 0, body.lower()
    while at < len(body) and len(seen) < enough:
        tag = body.find("<", at)
        tag = len(body) if tag < 0 else tag
        seen += "".join(body[at:tag].split())
        hidden = _UNSEEN.match(body, tag)
        mark = f"</{hidden[1].lower()}" if hidden else "-->" if body.startswith("<!--", tag) else ">"
        end = lower.find(mark, tag)
        at = len(body) if end < 0 else end if hidden else end + len(mark)
    return seen


def clean(raw: str, *, base: str | None = None, octets: bool = False) -> str:
    """Make a URL fit to be asked: joined, ASCII, host in lower case, default port left out.

    Args:
        raw: the URL as written.
        base: the URL it is relative to; None means that it stands alone, and then `t.co/x` is `https://t.co/x`.
        octets: each character of `raw` stands for a byte, as in a header.

    Raises:
        BadLocation: it is empty, holds a user, a backslash or a control character, or is not http(s).
    """
    if _CLEAN.fullmatch(raw):
        return raw
    text = raw.strip(" \t\r\n")
    if not text:
        raise BadLocation("invalid-location", "empty Location")
    if _CONTROL.search(text) or len(text) > LONGEST_URL:
        raise BadLocation("invalid-location", f"not a URL: {text[:80]!r}")
    parts = _parts(text if base is not None else _with_scheme(text))
    scheme, authority, rest = parts["scheme"], parts["authority"], _quoted(parts["rest"], octets=octets)
    if scheme and scheme.lower() not in {"http", "https"}:
        raise BadLocation("unsupported-scheme", f"not http: {text[:80]!r}")
    if authority is not None:
        kept = (scheme or (base or "https:").partition(":")[0]).lower()
        return f"{kept}://{_authority(authority, kept, octets=octets)}{rest}"
    if scheme or base is None:
        raise BadLocation("invalid-location", f"no host: {text[:80]!r}")
    return urljoin(base, rest)


def _parts(text: str) -> dict[str, str | None]:
    match = _PARTS.match(text)
    return match.groupdict() if match else {"scheme": None, "authority": None, "rest": text}


def _with_scheme(text: str) -> str:
    """Add what people leave out: `t.co/x`, `//t.co/x`."""
    scheme = _parts(text)["scheme"]
    return text if scheme and "." not in scheme else f"https://{text.removeprefix('//')}"


def _quoted(text: str | None, *, octets: bool) -> str:
    """Percent-encode what is not allowed, by its bytes; what is encoded stays so."""
    return quote_from_bytes(_bytes(text or "", octets=octets), safe=_SAFE)


def _bytes(text: str, *, octets: bool) -> bytes:
    try:
        return text.encode("latin-1" if octets else "utf-8")
    except UnicodeEncodeError:
        return text.encode("utf-8", "surrogatepass")


def _authority(text: str, scheme: str, *, octets: bool) -> str:
    """Check `host:port`, and write it in one way."""
    if "@" in text:
        raise BadLocation("invalid-location", "a user name in the URL")
    bracketed = _BRACKETED.match(text)
    host, _, port = (f"[{bracketed['host']}]", "", bracketed["port"] or "") if bracketed else text.partition(":")
    name = _literal(host) if bracketed else _host(host, octets=octets)
    if port and not (port.isascii() and port.isdigit() and len(port) < 6 and 0 < int(port) < 65536):  # noqa: PLR2004
        raise BadLocation("invalid-location", f"no such port: {port[:20]!r}")
    return name if not port or int(port) == {"http": 80, "https": 443}[scheme] else f"{name}:{int(port)}"


def _literal(host: str) -> str:
    from ipaddress import IPv6Address

    try:
        IPv6Address(host[1:-1])
    except ValueError as error:
        raise BadLocation("invalid-location", f"no such address: {host}") from error
    return host.lower()


def _host(text: str, *, octets: bool) -> str:
    """Return a host name in ASCII: IDNA as browsers do it (UTS 46), without a check of each script."""
    name = text
    if not text.isascii():
        sent = _bytes(text, octets=octets)
        name = normalize("NFKC", sent.decode("utf-8", "replace") if octets else text).replace("。", ".")
    labels = name.lower().removesuffix(".").split(".")
    ascii_labels = [label if label.isascii() else f"xn--{_puny(label)}" for label in labels]
    host = ".".join(ascii_labels)
    if len(host) > 253 or not all(map(_LABEL.match, ascii_labels)):  # noqa: PLR2004  RFC 1035
        raise BadLocation("invalid-location", f"no such host: {text[:80]!r}")
    return host


def _puny(label: str) -> str:
    """Return a label in Punycode; one with a damaged character, or half of one, becomes what no host has."""
    damaged = "�" in label or any("\ud800" <= character <= "\udfff" for character in label)
    return "-" if damaged else label.encode("punycode").decode("ascii")


def host_of(url: str) -> str:
    """Return the host of a cleaned URL, without port.

    >>> host_of("http://[::1]:8080/x"), host_of("https://t.co/x")
    ('[::1]', 't.co')
    """
    found = _HOST.match(url)
    return found[1] if found else ""


def without_fragment(url: str) -> str:
    """Return a URL without its fragment: what is sent, and what tells two steps of a chain apart."""
    return url.partition("#")[0]


def detour(url: str, *, code: str | None) -> Detour | None:
    """Recognise a page that warns, asks for a login, or only counts the click.

    Args:
        url: where an answer leads, cleaned.
        code: the code of the short link that led there: some pages must repeat it. None where no answer led there.

    Returns:
        None when `url` is no such page.

    >>> detour("https://x.com/safety/unsafe_link_warning?unsafe_link=https://a.example/?b=1&c=2", code="")
    Detour(outcome='unsafe', url='https://a.example/?b=1&c=2')
    """
    host, path = host_of(url).removeprefix("www."), "/" + "/".join(url.split("/", 3)[3:])
    for row in _rows():
        if not (
            row.host.removeprefix("www.") in {"*", host} or (row.host[-1] == "*" and host.startswith(row.host[:-1]))
        ):
            continue
        if row.path.match(path) and (row.proof == "-" or code in {None, _value(url, row.proof).strip("/")}):
            return Detour(row.outcome, _real(url, row.parameter))
    return None


@cache
def _rows() -> tuple[_Row, ...]:
    rows = read_table("detours.tsv", fields=5)
    return tuple(_Row(word, host, re.compile(path), value, proof) for word, host, path, value, proof in rows)


def _real(url: str, name: str) -> str | None:
    try:
        return clean(_value(url, name))
    except BadLocation:
        return None


def _value(url: str, name: str) -> str:
    """Return a parameter; a URL that is not percent-encoded goes on to the end."""
    query = url.partition("?")[2]
    found = f"&{query}".partition(f"&{name}=")[2]
    return found if found.startswith(("http://", "https://")) else unquote(found.partition("&")[0])
