"""Find codes that say "show this tweet here" in Markdown dialects, wikis and forums, and what is verbatim. Pure.

    form     = opening name arguments closing [argument "[/" name "]"]
    argument = [key ("=" | ":")] (quoted | "{" quoted "}" | run without blanks and brackets)

The forms are rows of `data/shortcodes.toml`; here is what they have in common. A timeline, a profile, a variable and an
empty string are no tweet.
"""

from __future__ import annotations

import re
from functools import cache, lru_cache

from tweetlinks.model import Mark
from tweetlinks.record import TYPE_CHECKING
from tweetlinks.tables import read_toml
from tweetlinks.tweets import parse_status_url

if TYPE_CHECKING:
    from collections.abc import Iterator
    from typing import Any

    from tweetlinks.model import Span

__all__ = ["find_shortcodes", "verbatim"]

_LONGEST = 2_000  # characters of the arguments, and of inline code
_PAIRED = 400  # characters between `[tweet]` and `[/tweet]`
_ID = re.compile(r"[1-9][0-9]{0,18}")
_PATH = re.compile(r"@?\w{1,15}/status(?:es)?/[1-9][0-9]{0,18}", re.ASCII)
# Linear: every repetition ends at a character that it cannot hold; a key is bounded.
_ARGUMENT = re.compile(
    r"""(?: \#:(?P<keyword>\w{1,30})\s+ | (?P<key>[\w-]{1,30})\s*[=:](?!//)\s* )?
        (?: \{\s* )?
        (?: " (?P<double>[^"]*) " | ' (?P<single>[^']*) ' | [“”] (?P<curly>[^“”]*) [“”] | ` (?P<tick>[^`]*) `
          | (?P<bare>[^\s"'`“”{}<>()\[\],]+) )""",
    re.VERBOSE,
)

Argument = tuple[str, str]
"""Its key in small letters without `-` and `_`, empty without one, and its value."""


def find_shortcodes(text: str, dialect: str) -> list[Mark]:
    """Return a mark for each code that shows a tweet, in order.

    Args:
        text: the source, of which `verbatim` stretches are blanked.
        dialect: `markdown`, `mediawiki`, `bbcode` or `html` (what a system has not filled in): the forms looked for.

    >>> [(mark.tweet_id, mark.screen_name) for mark in find_shortcodes('{{< x user="ann_b" id="20" >}}', "markdown")]
    [('20', 'ann_b')]
    >>> find_shortcodes("{% twitter https://twitter.com/ann_b limit=5 %} <Tweet id={id} />", "markdown")
    []
    """
    marks: list[Mark] = []
    at = 0
    forms = _forms(dialect)
    while found := _openings(dialect).search(text, at):
        form = forms[int((found.lastgroup or "f0")[1:])]
        name = found["n" + (found.lastgroup or "f0")[1:]].lower()
        end, arguments = _arguments(text, found.end(), form, name)
        mark = _tweet(name, arguments, form) if end else None
        if mark:
            marks.append(mark._replace(span=(found.start(), end), source=(found.start(), end)))
        at = end if mark else max(found.end(), at + 1)
    return marks


def _arguments(text: str, start: int, form: dict[str, Any], name: str) -> tuple[int, list[Argument]]:
    """Return where a code ends whose arguments start at `start`, 0 when it does not end, and the arguments."""
    close = form["close"]
    stop = text.find(close, start, start + _LONGEST)
    if stop < 0 and (close != "\n" or len(text) - start > _LONGEST):
        return 0, []
    stop = len(text) if stop < 0 else stop
    end = stop if close == "\n" else stop + len(close)
    if form.get("line") and text[end : end + _LONGEST].partition("\n")[0].strip():
        return 0, []
    arguments = list(_read(text[start:stop].lstrip("{([:>|= \t")))
    if form.get("pair"):
        begin = "[/" if close == "]" else "</"
        behind = text[end : end + _PAIRED].lower()
        size = behind.find(begin + name + close)
        if size >= 0:
            content = text[end : end + size].strip()
            return end + size + len(begin + name + close), [*arguments, *_read(content), ("id", content)]
        if close == "]" and text[end : end + 1] in ("(", "[", ":"):
            return 0, []  # words of a link
    return end, arguments


def _read(words: str) -> Iterator[Argument]:
    for m in _ARGUMENT.finditer(words):
        value = next(v for v in m.group("double", "single", "curly", "tick", "bare") if v is not None)
        key = (m["keyword"] or m["key"] or "").lower().replace("-", "").replace("_", "")
        yield key, value.strip() if m["bare"] is None else value.rstrip("/;|")


def _tweet(name: str, arguments: list[Argument], form: dict[str, Any]) -> Mark | None:
    """Return the tweet that the arguments name."""
    table = _table()
    kinds = [value.lower() for key, value in arguments if (not key or key in table["kinds"]) and ":" not in value]
    if any(part in word for part in table["never"] for word in (name, *(kinds if name in table["carriers"] else ()))):
        return None
    tells = _tells(name) or any(map(_tells, kinds))
    for _, value in arguments:
        path = tells and _PATH.fullmatch(value)
        tweet = parse_status_url("https://twitter.com/" + value if path else value)
        if tweet:
            url = value if "://" in value else None if path else "https://" + value.lstrip("/")
            return Mark("embed", (0, 0), form["name"], url=url, tweet_id=tweet.id, screen_name=tweet.screen_name)
    least = form.get("least", 1)
    ids = [v for k, v in arguments if k in table["ids"] or (not k and len(v) >= least)] if tells else []
    found = next((value for value in ids if _ID.fullmatch(value)), None)
    if not found:
        return None
    user = next((value.lstrip("@") for key, value in arguments if key in table["users"]), "i")
    named = parse_status_url(f"https://twitter.com/{user}/status/{found}")
    return Mark("embed", (0, 0), form["name"], tweet_id=found, screen_name=named and named.screen_name)


def _tells(name: str) -> bool:
    table = _table()
    return name in table["also"] or any(part in name for part in table["tells"])


def verbatim(text: str, dialect: str) -> list[Span]:
    """Return the stretches that are shown as they are, or not at all: code and comments; nothing in them cites.

    >>> verbatim("See `x` and <!-- a note -->.", "markdown")
    [(4, 7), (12, 27)]
    """
    spans: list[Span] = []
    at = 0
    dead: set[str] = set()
    while found := _shown(dialect).search(text, at):
        close, live = _close(text, found, dialect, dead)
        at = max(found.end(), close)
        if close and not live:
            spans.append((found.start(), close))
    return spans


def _close(text: str, found: re.Match[str], dialect: str, dead: set[str]) -> tuple[int, bool]:
    """Return where a stretch ends, 0 when it does not, and whether it is run and not shown."""
    kind = found.lastgroup or ""
    words = _table()["verbatim"][dialect].get("live", [])
    if kind == "info":
        end = _fence(found["fence"][0], len(found["fence"])).search(text, found.end())
        info = found["info"].strip()
        return end.end() if end else len(text), info in words or any(info.startswith(w) for w in words if w[0] == "{")
    if kind == "ticks":
        stop = text.find("\n\n", found.end(), found.end() + _LONGEST)
        ticks = _ticks(len(found["ticks"])).search(text, found.end(), found.end() + _LONGEST if stop < 0 else stop)
        return ticks.end() if ticks else 0, text.startswith(tuple(w for w in words if w[-1] in ": "), found.end())
    closers = _closers(dialect)
    if int(kind[1:]) == len(closers):
        return found.end(), False  # a tag that forms what is between it and the next: only the tag itself
    if kind in dead:
        return 0, False
    literal = closers[int(kind[1:])].search(text, found.end())
    if literal is None:
        dead.add(kind)
    return literal.end() if literal else 0, False


@cache
def _table() -> dict[str, Any]:
    return read_toml("shortcodes.toml")


@cache
def _forms(dialect: str) -> list[dict[str, Any]]:
    return [form for form in _table()["form"] if dialect in form["dialects"]]


@cache
def _openings(dialect: str) -> re.Pattern[str]:
    """Return what opens any form. Linear: a literal or a bounded run, then a bounded name."""
    table = _table()
    telling = rf"[\w.:$-]{{0,20}}(?:{'|'.join(table['tells'])})[\w.-]{{0,30}}"
    names = "|".join([telling, *sorted(map(re.escape, [*table["also"], *table["carriers"]]), key=len, reverse=True)])
    parts = []
    for n, form in enumerate(_forms(dialect)):
        name = form.get("names", rf"(?:{names})(?![\w-])")
        parts.append(rf"(?P<f{n}>{form['open']}(?P<n{n}>{name}))")
    return re.compile("|".join(parts), re.IGNORECASE | re.MULTILINE)


@cache
def _shown(dialect: str) -> re.Pattern[str]:
    """Return what opens a stretch that is shown as it is. Linear: literals and bounded runs."""
    rows = _table()["verbatim"][dialect]
    openings = [rf"<{tag}(?=[\s>])[^>]{{0,200}}>" for tag in rows["tags"]]
    openings += [re.escape(pair[0]) for pair in rows["pairs"]]
    if "markup" in rows:
        openings.append(rf"\[/?(?:{'|'.join(rows['markup'])})(?:[ =][^\[\]\n]{{0,200}})?\]")
    parts = [rf"(?P<p{n}>{opening})" for n, opening in enumerate(openings)]
    if dialect == "markdown":
        parts = [r"^[ \t>]{0,40}(?P<fence>`{3,}|~{3,})(?P<info>[^`\n]*)$", r"(?<![\\`])(?P<ticks>`+)", *parts]
    return re.compile("|".join(parts), re.IGNORECASE | re.MULTILINE)


@cache
def _closers(dialect: str) -> list[re.Pattern[str]]:
    rows = _table()["verbatim"][dialect]
    closings = [f"</{tag}>" for tag in rows["tags"]] + [pair[1] for pair in rows["pairs"]]
    return [re.compile(re.escape(closing), re.IGNORECASE) for closing in closings]


@lru_cache(64)
def _fence(char: str, size: int) -> re.Pattern[str]:
    return re.compile(rf"^[ \t>]{{0,40}}{char}{{{size},}}[ \t\r]*$", re.MULTILINE)


@lru_cache(64)
def _ticks(size: int) -> re.Pattern[str]:
    return re.compile(rf"(?<!`)`{{{size}}}(?!`)")
