# ruff: noqa: E501  tables of what is drawn
"""Draw what the web and people's files may hold: realistic pieces, put together at random and then damaged. Pure.

Everything is drawn from one `random.Random`, so the same generator gives the same input. `Drawn` is one whose numbers
come from bytes, so that a fuzzer which changes bytes and watches what the code does can steer it.
"""

from __future__ import annotations

import json
from random import Random
from urllib.parse import quote

from tweetlinks.chain import CUT, MAPPED, Terms
from tweetlinks.model import Answer

__all__ = ["LARGEST", "Drawn", "drawn_answer", "drawn_lines", "drawn_terms", "drawn_text", "drawn_url"]

LARGEST = 65_536
"""Characters of the largest body, header or line."""

ODD = [
    *"\0\t\n\r\x0b\x1b\x7f\x85\xa0\xe9\xc3\xff\u0130\u0131\u017f\u212a\xdf\u0149\u0661\u200b\u2028\u202e\u3002\ufeff",
    *"\uff0e\uff0f\uff05\ufb01\ud800\udfff\U0001f35e…\"'<>\\&;#?%@[]:|{}()=,+-*/. 0",
    "%00", "%0d%0a", "%ud800", "%", "&#0;", "&#xD800;", "&#x110000;", "&amp;", "\\u0000", "\\ud800", "\\x", "://", "..",
]  # fmt: skip
SCHEMES = [
    "https://",
    "http://",
    "HTTPS://",
    "//",
    "",
    "",
    "https:/",
    "https:",
    "javascript:",
    "ftp://",
    "h2:",
    "http:\\\\",
]
HOSTS = [
    "t.co", "pic.twitter.com", "pic.x.com", "bit.ly", "is.gd", "v.gd", "tinyurl.com", "redirect.tinyurl.com", "ow.ly",
    "lnkd.in", "goo.gl", "youtu.be", "twitter.com", "x.com", "mobile.twitter.com", "nitter.net", "web.archive.org",
    "archive.ph", "threadreaderapp.com", "www.google.com", "google.fr", "l.facebook.com", "href.li", "exit.sc",
    "dest-example.cdn.ampproject.org", "www.youtube.com", "login.paper.example", "consent.paper.example", "ww25.a.example",
    "guce.a.example", "parking.a.example", "accounts.google.com", "www.linkedin.com", "dest.example", "dest.example",
    "bücher.example", "xn--bcher-kva.example", "xn--a.example", "[::1]", "[::1", "[fe80::1%25eth0]", "127.0.0.1",
    "localhost", "a..b", "-a.example", "u:p@t.co", "t.co:443", "t.co:0", "t.co:99999", "T.CO.", "a" * 64 + ".example",
]  # fmt: skip
PATHS = [
    "", "/", "/a", "/zKHAP1vQMJ", "/a/b/c", "/jack/status/20", "/i/web/status/780919951979446272", "/a/status/20/photo/1",
    "/a/statuses/20", "/safety/unsafe_link_warning", "/a/warning", "/flx/warn", "/sorry/index", "/errorb.php", "/api/click",
    "/login", "/i/flow/login", "/fr/users/sign_in", "/authwall", "/privacy-gate", "/v2/collectConsent", "/url", "/l.php",
    "/imgres", "/redirect", "/amp/s/", "/c/s/", "/web/2019/", "/web/20190922094616if_/", "/away.php", "/../..", "/./", "//", "/;a",
]  # fmt: skip
NAMES = [
    "url", "u", "q", "next", "continue", "unsafe_link", "hash", "path", "out", "to", "redirect_after_login", "returnUrl",
    "sessionRedirect", "amp", "s", "",
]  # fmt: skip
STUB_A = '<noscript><META http-equiv="refresh" content="0;URL={u}"></noscript><script>location.replace("{j}")</script>'
STUB_B = (
    '<head><meta name="referrer" content="always"><noscript><META http-equiv="refresh" content="0;URL={u}"></noscript>'
    '<title>{u}</title></head><script>window.opener = null; location.replace("{j}")</script>'
)
STUB_C = STUB_B.replace('<meta name="referrer" content="always">', "")
PAGES = [
    STUB_A, STUB_B, STUB_C, "<meta http-equiv=refresh content='0; url={u}'>", '<meta http-equiv="refresh" content="5">',
    "<script>window.location.href='{u}'</script>", "<script>setTimeout(\"location.href='{u}'\", 0)</script>",
    "<script>if (a) { location.assign('{u}') }</script>", "<body onload=\"top.location='{u}'\">", "<base href='{u}'>",
    "Link Disabled {u}", "You must wait at least 1798 seconds", "Rate limit exceeded - please wait 1 minute",
    "<a class='biglink' href='{u}'>", "This TinyURL went to: {u}", "<a id=redirecturl href='{u}'>",
    "TinyURL redirects to a TinyURL {u}", "<a class='btn ignore' href='{u}'>",
    "<a data-tracking-control-name=external_url_click href='{u}'>", "<title>404 not found</title>",
    "<p>This domain is for sale", "<title>{u}</title>", "<p>An article with more words than a sign. ",
]  # fmt: skip
TAGS = [
    "<", ">", "</", "<!--", "-->", "<script>", "</script>", "<script src=x>", "<style>", "</style>", "<title>", "</title>",
    "<noscript>", "</noscript>", "<template>", "</template>", "<meta ", "<meta http-equiv=refresh content=", "<a ", "<a href='",
    "<base href=", "<body onload=", "location='", 'location.replace("', "location =", "setTimeout(", ",0)", "if (", "'", '"',
    "\\", "\\u00", "\\x2f", "0;url=", "&#38;", "&", "must wait at least ", "is for sale", "link disabled", " ", "a", "\n",
]  # fmt: skip
REFRESHES = [
    "0;url={u}",
    "0; URL='{u}'",
    "0, {u}",
    "0 {u}",
    '0;url="{u}',
    "5;url={u}",
    "0",
    "0.;{u}",
    "000000;url = {u}",
]
PAUSES = [
    "0", "7", "120", "86400", "-5", "1e3", "inf", "nan", "\u0661", "9" * 5000, "Tue, 24 Nov 2026 10:00:09 GMT",
    "Tue, 24 Nov 9999 10:00:09 GMT", "Tue, 24 Nov 2026 10:00:09 +9999", "24 Nov 26 10:00 EST", "0 Jan 0 0:0:0", "(", "1:",
    "Tuesday, 24-Nov-26 10:00:09 GMT", "Tue Nov 24 10:00:09 2026", "Mon, 01 Jan 0001 00:00:00 +2400", "Sat, 1 Jan 0000 0:0 -0000",
]  # fmt: skip
MOMENTS = [
    "2026-11-24T10:00:00Z",
    "2026-11-24T10:00:00Z",
    "",
    "2026",
    "0001-01-01T00:00:00+23:59",
    "9999-12-31T23:59:59",
    "\ud800",
]
STATUSES = [
    200,
    301,
    302,
    303,
    307,
    308,
    200,
    301,
    300,
    304,
    400,
    401,
    403,
    404,
    408,
    410,
    420,
    425,
    429,
    451,
    500,
    503,
    522,
    999,
]
LINES = [
    '{{"url": "{l}", "target": "{u}"}}', '{{"url": "{l}", "target": 1}}', "{l},{u}", "{l}\t{u}", "link,target", "#FORMAT: BEACON",
    "#PREFIX: https://t.co/", "#TARGET: {u}{{ID}}", "#TIMESTAMP: 2026-11-24", "zKHAP1vQMJ|{u}", "a|remark|{u}", "|", "[", "]",
    "window.YTD.tweets.part0 = [", '"{l}","{u}"', '"', "", "\ufeff", "{{", '{{"entities": [{{"url": "{l}", "expanded_url": "{u}"}}]}},',
    '{{"tweet": {{"created_at": "Tue Nov 24 10:00:09 +0000 2026", "entities": {{"url": "{l}", "expanded_url": "{u}"}}}}}}',
    '{{"data": {{"created_at": "2026-11-24T10:00:09.000Z", "x": {{"url": "{l}", "expanded_url": "{u}"}}}}}}',
    '{{"id_str": "1", "created_at": "Mon Jan 01 00:00:00 +2359 0001", "url": "{l}", "expanded_url": "{u}"}}',
    '{{"url": "{l}", "status": 301, "headers": [["location", "{u}"]], "body": "", "at": "2026-11-24T10:00:00Z", "ms": 3}}',
    '{{"url": "{l}", "status": 1e9, "headers": [["a"]], "body": null, "at": "2026", "ms": -1}}', "[[[", '{{"a":',
]  # fmt: skip
WORDS = [
    "https://t.co/zKHAP1vQMJ", "pic.twitter.com/X1lgDNwjj7", "t.co/", "x.com/jack/status/20", "https://", "http://", "www.", "…",
    "https://dest.example/a?b=c#d", "—", "@jack", "#tag", ".", "/", "status/", "/photo/1", "?amp=1", "(", ")", "&quot;", "word ",
    "灯り", " ", "\n", "://", "https", "pic", "bit.ly/", "[", "]", "…",
]  # fmt: skip


class Drawn(Random):
    """A generator whose numbers are bytes; when there are none left, such that everything ends."""

    def __init__(self, data: bytes) -> None:
        """Take the bytes."""
        super().__init__(0)
        self._data, self._at = data, 0

    def getrandbits(self, k: int) -> int:
        """Return the next bytes as a number of `k` bits."""
        size = (k + 7) // 8
        piece = self._data[self._at : self._at + size]
        self._at += size
        return int.from_bytes(piece, "little") & ((1 << k) - 1)

    def random(self) -> float:
        """Return the next two bytes as a number below 1."""
        return self.getrandbits(16) / 65_536 if self._at < len(self._data) else 0.999


def drawn_url(rng: Random, depth: int = 0) -> str:
    """Draw a URL of the kinds that chains know, often with another one inside, sometimes damaged."""
    url = rng.choice(SCHEMES if rng.random() < 0.3 else SCHEMES[:2]) + rng.choice(HOSTS) + rng.choice(PATHS)
    while depth < 6 and rng.random() < 0.4:
        inner = drawn_url(rng, depth + 1)
        value = rng.choice([inner, quote(inner, safe="", errors="replace"), quote(inner, errors="replace")])
        url += rng.choice(["?", "&", "#", "", "/"]) + f"{rng.choice(NAMES)}=" * (rng.random() < 0.8) + value
    return _damaged(rng, url) if rng.random() < 0.25 else url


def drawn_terms(rng: Random) -> Terms:
    """Draw how far a chain may go."""
    return Terms(rng.random() < 0.5, rng.randint(0, 10), rng.randint(1, 4), rng.choice([0.0, 20.0, 1e9]))


def drawn_answer(rng: Random, asked: str) -> Answer:
    """Draw what a server says to `asked`."""
    status = rng.choice(STATUSES) if rng.random() < 0.95 else rng.randint(-1, 1100)
    leads = rng.random() < 0.8 and 300 <= status < 400
    headers = [("location", _location(rng, asked))] if leads else []
    while rng.random() < 0.3:
        headers.append(_header(rng, asked))
    body = _body(rng, asked) if not leads or rng.random() < 0.1 else ""
    return Answer(asked, status, tuple(headers), body, rng.choice(MOMENTS), rng.randint(0, 9_999))


def drawn_text(rng: Random) -> str:
    """Draw a text with links in it, glued and damaged."""
    pieces = [drawn_url(rng) if rng.random() < 0.3 else rng.choice(WORDS) for _ in range(rng.randint(0, 12))]
    return _damaged(rng, "".join(pieces))


def drawn_lines(rng: Random) -> list[str]:
    """Draw the lines of a file that says where links lead."""
    lines = []
    for _ in range(rng.randint(1, 8)):
        link, url = drawn_url(rng), drawn_url(rng)
        if rng.random() < 0.5:
            link, url = json.dumps(link)[1:-1], json.dumps(url)[1:-1]
        line = rng.choice(LINES).format(l=link, u=url)
        lines.append((_damaged(rng, line) if rng.random() < 0.3 else line) + rng.choice(["\n", "\n", "\r\n", ""]))
    return lines


def _location(rng: Random, asked: str) -> str:
    where = rng.choice(["/ok", "?q=1", "../x", "", asked, f"{asked}#a"]) if rng.random() < 0.15 else drawn_url(rng)
    if rng.random() < 0.2:
        where = where.encode("utf-8", "surrogatepass").decode("latin-1")
    return _damaged(rng, where) if rng.random() < 0.2 else where


def _header(rng: Random, asked: str) -> tuple[str, str]:
    name = rng.choice(["location", "refresh", "retry-after", "content-type", "server", CUT, MAPPED, ""])
    values = {"location": lambda: _location(rng, asked), "retry-after": lambda: rng.choice(PAUSES)}
    refresh = lambda: _filled(rng.choice(REFRESHES), drawn_url(rng))  # noqa: E731  as the others
    value = values.get(name, refresh)()
    return name, _damaged(rng, value) if rng.random() < 0.3 else value


def _body(rng: Random, asked: str) -> str:
    """Draw a page: one that redirects in a known way, or the pieces of such pages in any order."""
    url = asked if rng.random() < 0.05 else drawn_url(rng)
    page = _filled(rng.choice(PAGES), url)
    while rng.random() < 0.5:
        other = url if rng.random() < 0.5 else drawn_url(rng)
        piece = _filled(rng.choice(PAGES), other) if rng.random() < 0.3 else _repeated(rng, rng.choice(TAGS + ODD))
        at = rng.choice([0, len(page), rng.randint(0, len(page))])
        page = page[:at] + piece + page[at:]
    return (_damaged(rng, page) if rng.random() < 0.4 else page)[:LARGEST]


def _filled(page: str, url: str) -> str:
    return page.replace("{u}", url).replace("{j}", url.replace("/", "\\/"))


def _damaged(rng: Random, text: str) -> str:
    """Change a text in a few places: characters lost, doubled, swapped or replaced, pieces repeated many times."""
    for _ in range(rng.randint(1, 4)):
        a = rng.randint(0, len(text))
        b = min(len(text), a + rng.choice([0, 1, 2, 8, 40]))
        part = text[a:b]
        odd = _repeated(rng, rng.choice(ODD))
        wrong = [
            odd,
            odd,
            "",
            part.upper(),
            part[::-1],
            quote(part, safe="", errors="replace"),
            part + odd,
            _repeated(rng, part),
        ]
        text = (text[:a] + rng.choice(wrong) + text[b:])[:LARGEST]
    return text


def _repeated(rng: Random, piece: str) -> str:
    """Repeat a piece: mostly once or a few times, sometimes until it is huge."""
    most = LARGEST // max(1, len(piece))
    times = (
        rng.choice([1, 1, 1, 2, 3, rng.randint(1, 16), 300]) if rng.random() < 0.98 else rng.choice([most, most // 8])
    )
    return piece * min(times, most)
