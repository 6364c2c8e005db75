r"""Read a page that only redirects: META refresh without delay, a script that goes elsewhere at once. Pure.

    <head><noscript><META http-equiv="refresh" content="0;URL=https://dest.example/"></noscript>
    <title>https://dest.example/</title></head>
    <script>window.opener = null; location.replace("https:\/\/dest.example\/")</script>

No script is run: a literal that is assigned to `location`, without a condition and without a delay, is all that counts,
and only where the page shows hardly any text. An article that reloads itself, or that sends old browsers away, is none.
"""

from __future__ import annotations

import re
from html import unescape
from itertools import islice
from json import loads

from tweetlinks.locations import LONGEST_URL, BadLocation, clean, host_of
from tweetlinks.record import Record

__all__ = ["attributes", "refresh", "stub", "title", "visible"]

LONGEST_SIGN = 200
"""Characters of text a page may show and still be nothing but a redirect ("Click here if …")."""
LONGEST_SCRIPTED = 8_192
"""Characters of the longest page whose script alone is believed: longer ones are applications."""
MANY = 16
"""Elements of one kind, attributes of one element: no page that only redirects has more."""

# What these find is only looked for a few times in a page, and each then reads on once: linear.
_META = re.compile(r"<meta\b", re.IGNORECASE)
_BASE = re.compile(r"<base\b", re.IGNORECASE)
_BODY = re.compile(r"<body\b", re.IGNORECASE)
_TITLE = re.compile(r"<title\b[^>]{0,200}>([^<]{0,4000})", re.IGNORECASE)
_CUT = re.compile(r"<!--|<script\b", re.IGNORECASE)
_GOES = re.compile(
    r"""
    (?: (?<! [.\w$] ) | (?<= window\. ) | (?<= document\. ) | (?<= self\. ) | (?<= top\. ) | (?<= parent\. ) )
    location \s? (?: \. \s? (?: replace | assign ) \s? \( | (?: \. \s? href \s? )? = (?! = ) ) \s{0,9}
    (?P<literal> " (?: [^"\\\n] | \\. )* " | ' (?: [^'\\\n] | \\. )* ' ) \s{0,9} (?! \s | \+ )
    """,
    re.VERBOSE,
)
_WRITTEN = re.compile(r""""(?:[^"\\\n]|\\.)*"|'(?:[^'\\\n]|\\.)*'|(?P<comment>//[^\n]*|/\*(?:[^*]|\*(?!/))*\*/)""")
_CONDITION = re.compile(
    r"\b (?: if | switch | while | for | else | case | catch | addEventListener ) \b | && | \|\| | \? | =>"
    r" | \b function \s{1,9} \w | \b on\w{1,20} \s{0,9} = \s{0,9} function",
    re.VERBOSE,
)
_TIMER = re.compile(r"\bset(?:Timeout|Interval)\b")
_AT_ONCE = re.compile(r",\s{0,9}0\s{0,9}\)")
_HEX = re.compile(r"\\x([0-9A-Fa-f]{2})")
_ATTRIBUTE = re.compile(
    r"""
    [\s/]* (?P<name> [^\s=>/"']+ )
    (?: \s* = \s* (?: "(?P<double>[^"]*)" | '(?P<single>[^']*)' | (?P<bare>[^\s"'>]+) ) )?
    """,
    re.VERBOSE,
)
# `0;URL=U`, `0; url='U'`. Linear: a bounded number, one word, the rest.
_REFRESH = re.compile(
    r"""
    \s* (?P<delay> [0-9]{1,6} ) (?: \.[0-9]{0,6} )? (?: \s* [;,] | \s ) \s* (?: url \s* = )? \s*
    (?: "(?P<double>[^"]*) | '(?P<single>[^']*) | (?P<url> .* ) )
    """,
    re.VERBOSE | re.IGNORECASE | re.DOTALL,
)
_ENTITY = re.compile(r"&(?:#[0-9]{1,7}|#[xX][0-9a-fA-F]{1,6}|[A-Za-z][A-Za-z0-9]{1,30});")
_UNSEEN = re.compile(r"<(script|style|noscript|title|template)\b", re.IGNORECASE)


class _Page(Record):
    """A page taken apart."""

    markup: str
    """Without comments and scripts."""
    scripts: list[str]
    """Those that stand in the page, and what it does when it is loaded."""


def stub(body: str, *, base: str, known: bool) -> list[str]:
    """Say where a page redirects.

    Args:
        body: the page.
        base: its URL, which relative ones are joined to.
        known: it is a shortener's, whose META refresh counts even beside text.

    Returns:
        One cleaned URL; several where the parts of the page disagree; none when it is no redirect.

    Raises:
        BadLocation: it redirects to what is no URL.
    """
    page = _taken_apart(body)
    small = len(visible(page.markup, LONGEST_SIGN + 1)) <= LONGEST_SIGN
    base = _base(page.markup, base)
    scripts = _scripts(page.scripts, base) if small and len(body) <= LONGEST_SCRIPTED else []
    metas = _metas(page.markup, base, lone=not (known or scripts)) if known or small else []
    said = [metas, scripts[:1], _titles(page.markup, base)] if scripts or metas else []
    voices = [voice for voice in said if voice]
    if len(scripts) > 1 or any(not {*voice} & {*voices[0]} for voice in voices[1:]):
        return list(dict.fromkeys([*(voice[0] for voice in voices), *scripts]))
    return scripts or metas[:1]


def refresh(value: str) -> str | None:
    """Return the URL of a refresh without delay, `0; url=U`; None for a delay, or for a page that reloads itself."""
    match = _REFRESH.match(value[:LONGEST_URL])
    if not match or int(match["delay"]):
        return None
    return (match["double"] or match["single"] or match["url"] or "").strip() or None


def attributes(page: str, start: int) -> dict[str, str]:
    """Return the attributes of the element whose name ends at `start`, as they are written."""
    found: dict[str, str] = {}
    for _ in range(MANY):
        match = _ATTRIBUTE.match(page, start)
        if not match:
            break
        value = match["double"] or match["single"] or match["bare"] or ""
        found.setdefault(match["name"].lower(), value)
        start = match.end()
    return found


def title(page: str) -> str:
    """Return the title of a page in one line; empty when it has none."""
    found = _TITLE.search(page)
    return " ".join(unescape(found[1]).split()) if found else ""


def visible(page: str, enough: int) -> str:
    """Return the first `enough` characters a reader of the page would see, white space left out."""
    seen, at, lower = "", 0, _lower(page)
    while at < len(page) and len(seen) < enough:
        tag = page.find("<", at)
        tag = len(page) if tag < 0 else tag
        seen += "".join(page[at:tag].split())
        hidden = _UNSEEN.match(page, tag)
        mark = f"</{hidden[1].lower()}" if hidden else "-->" if page.startswith("<!--", tag) else ">"
        end = lower.find(mark, tag)
        at = len(page) if end < 0 else end if hidden else end + len(mark)
    return seen


def _lower(page: str) -> str:
    """Return a page in lower case, every character in its place: `İ` alone would become two."""
    return page.replace("İ", "I").lower()


def _taken_apart(body: str) -> _Page:
    markup, scripts = list[str](), list[str]()
    at, lower = 0, _lower(body)
    while found := _CUT.search(body, at):
        markup.append(body[at : found.start()])
        comment = found[0] == "<!--"
        end = lower.find("-->" if comment else "</script", found.end())
        at = len(body) if end < 0 else end + 3 if comment else end
        begin = body.find(">", found.end(), at)
        if not comment and begin >= 0 and len(scripts) < MANY and "src" not in attributes(body, found.end()):
            scripts.append(body[begin + 1 : at])
    markup.append(body[at:])
    page = "".join(markup)
    loading = _BODY.search(page)
    return _Page(page, scripts + ([unescape(attributes(page, loading.end()).get("onload", ""))] if loading else []))


def _base(page: str, base: str) -> str:
    """Return what the URLs of a page are relative to."""
    found = _BASE.search(page)
    try:
        return clean(attributes(page, found.end()).get("href", ""), base=base) if found else base
    except BadLocation:
        return base


def _metas(page: str, base: str, *, lone: bool) -> list[str]:
    """Return the URL of the first META refresh without delay, read with and without its entities.

    Args:
        page: without comments and scripts.
        base: what its URLs are relative to.
        lone: no script says the same; then one for browsers without scripts, within the same site, is no redirect.
    """
    for match in islice(_META.finditer(page), MANY):
        named = attributes(page, match.end())
        if named.get("http-equiv", "").strip().lower() == "refresh" and (raw := refresh(named.get("content", ""))):
            found = _readings(raw, base)
            before = page[: match.start()].lower()
            plain = before.rfind("<noscript") <= before.rfind("</noscript")
            return found if plain or not lone or host_of(found[0]) != host_of(base) else []
    return []


def _readings(raw: str, base: str) -> list[str]:
    """Return a URL as it is meant in HTML, and as it is written: some servers do not escape it."""
    decoded = _ENTITY.sub(lambda entity: unescape(entity[0]), raw)
    return [clean(text, base=base) for text in dict.fromkeys((decoded, raw))]


def _titles(page: str, base: str) -> list[str]:
    """Return the title of a page when it is a whole URL."""
    found = _TITLE.search(page)
    said = found[1].strip() if found else ""
    if not said.startswith(("http://", "https://")) or "…" in said or " " in said:
        return []
    try:
        return _readings(said, base)
    except BadLocation:
        return []


def _scripts(scripts: list[str], base: str) -> list[str]:
    """Return the URLs to which scripts go at once."""
    found: list[str] = []
    for written in scripts:
        script = _WRITTEN.sub(lambda part: " " if part["comment"] else part[0], written)
        bare = _WRITTEN.sub("''", script)
        if _CONDITION.search(bare) or len(_TIMER.findall(bare)) > len(_AT_ONCE.findall(bare)):
            continue
        for match in islice(_GOES.finditer(script), MANY):
            try:
                found.append(clean(_literal(match["literal"]), base=base))
            except (ValueError, BadLocation):
                continue
    return list(dict.fromkeys(found))


def _literal(text: str) -> str:
    r"""Read a string of JavaScript: `"https:\/\/dest.example\/?a\u0026b"`.

    Raises:
        ValueError: it is none that JSON knows, too.
    """
    inner = _HEX.sub(r"\\u00\1", text[1:-1])
    if text[0] == "'":
        inner = inner.replace("\\'", "'").replace('"', '\\"')
    return str(loads(f'"{inner}"', strict=False))
