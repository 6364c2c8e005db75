r"""Make URLs fit to be asked: joined, written in ASCII, refused when they are none. Pure.

Nothing here raises but `BadLocation`, which `chain` turns into words of docs/outcomes.md.

A server writes a URL as bytes, and they stand in `Answer.headers` one character for one byte (latin-1), so that a
`Location` of UTF-8 and one of latin-1 both keep the bytes they were sent with:

>>> clean("/\xe9 b", base="https://dest.example/a", octets=True)
'https://dest.example/%E9%20b'
>>> clean("HTTPS://T.CO/zKHAP1vQMJ")
'https://t.co/zKHAP1vQMJ'
"""

from __future__ import annotations

import re
from functools import lru_cache
from unicodedata import normalize
from urllib.parse import quote_from_bytes, urljoin

__all__ = ["LONGEST_URL", "BadLocation", "clean", "host_of", "path_of", "without_fragment"]

LONGEST_URL = 16_384
"""Characters of the longest URL that is followed: beyond it a server is playing."""

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
_TAIL = re.compile(r"[/?#].*", re.DOTALL)  # linear: one character, the rest
_QUOTES = {'"': '"', "'": "'", "<": ">"}
"""What some servers put around a URL, and how it ends."""
_CONTROL = re.compile(r"[\x00-\x1f\x7f\\]")
_LABEL = re.compile(r"(?!xn--\Z)[a-z0-9_](?:[a-z0-9_-]{0,61}[a-z0-9_])?\Z")  # linear: bounded
_BRACKETED = re.compile(
    r"\[ (?P<host> [0-9A-Fa-f:.]{2,45} (?: %[\w.~-]{1,32} )? ) \] (?: : (?P<port> [0-9]* ) )? \Z", re.VERBOSE | re.ASCII
)
_SAFE = "!#$%&'()*+,-./:;=?@[]_~"


class BadLocation(Exception):
    """A URL that cannot be followed."""

    def __init__(self, outcome: str, reason: str) -> None:
        """Take the word for it, `invalid-location` or `unsupported-scheme`, and the reason in words."""
        super().__init__(reason)
        self.outcome, self.reason = outcome, reason


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
    if len(text) > 1 and _QUOTES.get(text[0]) == text[-1]:
        text = text[1:-1].strip(" \t\r\n")
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
        url = f"{kept}://{_authority(authority, kept, octets=octets)}{rest}"
    elif scheme or base is None:
        raise BadLocation("invalid-location", f"no host: {text[:80]!r}")
    else:
        url = urljoin(base, rest)
    if len(url) > LONGEST_URL:  # joining and quoting make it longer
        raise BadLocation("invalid-location", f"not a URL: {text[:80]!r}")
    return url


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


@lru_cache(256)  # each step of a chain asks several times
def host_of(url: str) -> str:
    """Return the host of a cleaned URL, without port.

    >>> host_of("http://[::1]:8080/x"), host_of("https://t.co/x")
    ('[::1]', 't.co')
    """
    found = _HOST.match(url)
    return found[1] if found else ""


@lru_cache(256)
def path_of(url: str) -> str:
    """Return what follows the host and port of a cleaned URL, from its `/` on.

    >>> path_of("https://dest.example/a/b?c#d"), path_of("https://dest.example"), path_of("https://dest.example?c")
    ('/a/b?c#d', '/', '/?c')
    """
    rest = url.partition("://")[2]
    found = _TAIL.search(rest)
    return "/" if found is None else found[0] if found[0][0] == "/" else f"/{found[0]}"


def without_fragment(url: str) -> str:
    """Return a URL without its fragment: what is sent, and what tells two steps of a chain apart."""
    return url.partition("#")[0]
