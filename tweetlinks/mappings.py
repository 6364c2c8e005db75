r"""Read where links lead from files that people have, as answers that a cache can keep. Pure.

What a file holds is told by its first line:

    {                               JSON lines: an answer that `cache export` wrote, {"url", "target"}, or a tweet
    [                               a JSON array of these
    window.YTD.tweets.part0 = [     a Twitter archive
    #                               a BEACON link dump (https://gbv.github.io/beaconspec/): #PREFIX: … then slug|target
    else                            CSV, or TSV when the line holds a tab: link, target; column names are passed over

A mapping becomes the answer 301 with the header `chain.MAPPED`, to `http` and to `https` (of t.co there is one form
only); `at` is when somebody knew it: the day of the tweet or of the dump, else when the file was written.

>>> [(answer.url, answer.header("location")) for answer in read("a.csv", ["t.co/x,https://dest.example/\n"], at="")]
[('https://t.co/x', 'https://dest.example/')]
"""

from __future__ import annotations

import json
from datetime import UTC, datetime
from itertools import chain as joined
from itertools import pairwise
from typing import TYPE_CHECKING, Any

from tweetlinks.chain import MAPPED, Terms, start
from tweetlinks.errors import InputError
from tweetlinks.locations import BadLocation, clean, host_of
from tweetlinks.model import Answer
from tweetlinks.tweets import SHORT_HOSTS

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

__all__ = ["read"]

_ALL = Terms(check_target=True)
"""Links of every host may be mapped; those of hosts that are not known as shorteners are asked with such terms only."""
_TWITTER_DAY = "%a %b %d %H:%M:%S %z %Y"
_LARGEST = 2**31

Item = Answer | InputError


def read(name: str, lines: Iterable[str], *, at: str) -> Iterator[Item]:
    """Read a file.

    Args:
        name: what errors call it.
        lines: its lines, with their ends.
        at: when it was written: ISO 8601, UTC.

    Returns:
        An answer for each link; an error that names the line in the place of what is damaged.
    """
    rest, before = iter(lines), 0
    for line in rest:
        text, first = line.strip(), joined([line], rest)
        if not text:
            before += 1
            continue
        if text.startswith("{"):
            yield from _json_lines(name, first, before, at)
        elif text.startswith(("[", "window.YTD")):
            yield from _array(name, first, at)
        elif text.startswith("#"):
            yield from _beacon(name, first, before, at)
        else:
            yield from _table(name, first, before, at)


def _json_lines(name: str, lines: Iterable[str], before: int, at: str) -> Iterator[Item]:
    for number, line in enumerate(lines, before + 1):
        if line.strip():
            place = f"{name}:{number}"
            try:
                yield from _value(place, json.loads(line), at)
            except (ValueError, RecursionError) as error:
                yield InputError(place, f"no JSON: {error}")


def _array(name: str, lines: Iterable[str], at: str) -> Iterator[Item]:
    """Read a JSON array; in an archive the name of a variable stands before it."""
    text = "".join(lines)
    try:
        items = json.loads(text[text.index("[") :])
    except (ValueError, RecursionError) as error:
        yield InputError(name, f"no JSON array, though it begins like one: {error}")
        return
    for number, item in enumerate(items):
        yield from _value(f"{name}[{number}]", item, at)


def _value(place: str, value: Any, at: str) -> Iterator[Item]:
    """Read one JSON value: an answer, a mapping, or a tweet."""
    if not isinstance(value, dict):
        yield InputError(place, "no JSON object")
    elif "status" in value and "headers" in value:
        yield _answer(place, value)
    elif "expansion" in value and "url" in value:
        if value["expansion"] == "expanded":  # a line of `resolve`; the others are no mappings
            yield from _mapping(place, value["url"], value.get("final_url"), at)
    elif "target" in value and "url" in value:
        yield from _mapping(place, value["url"], value["target"], at)
    elif not value.keys().isdisjoint(("entities", "tweet", "data", "id_str", "extended_tweet")):
        yield from _tweet(place, value, at)
    else:
        yield InputError(place, "neither an answer, nor url and target, nor a tweet")


def _answer(place: str, value: dict[str, Any]) -> Item:
    """Read what `cache export` wrote."""
    try:
        url, status, body, at, ms = (value[name] for name in ("url", "status", "body", "at", "ms"))
        headers = tuple((name, text) for name, text in value["headers"])
        texts = [url, body, at, *(text for pair in headers for text in pair)]
        right = all(type(text) is str for text in texts) and type(status) is type(ms) is int
        if right and url.isascii() and 0 <= status < _LARGEST and 0 <= ms < _LARGEST and _is_moment(at):
            return Answer(url, status, headers, body, at, ms)
    except (KeyError, TypeError, ValueError):
        pass
    return InputError(place, "no answer of a cache")


def _is_moment(text: str) -> bool:
    return datetime.fromisoformat(text).tzinfo is not None


def _tweet(place: str, tweet: dict[str, Any], at: str) -> Iterator[Item]:
    """Yield a mapping for every link of a tweet, and of the tweets inside of it: whatever has url and expanded_url."""
    left: list[tuple[Any, str]] = [(tweet, at)]
    while left:
        part, at = left.pop()
        if isinstance(part, dict):
            at = _day(part.get("created_at")) or at
            way = [url for name in ("url", "expanded_url", "unwound_url") if isinstance(url := part.get(name), str)]
            for link, target in pairwise(way if "url" in part else []):
                if link != target and start(link).ask:
                    yield from _mapping(place, link, target, at)
            left.extend((inner, at) for inner in reversed(part.values()))
        elif isinstance(part, list):
            left.extend((inner, at) for inner in reversed(part))


def _day(text: Any) -> str | None:
    """Read the date of a tweet, in the form of either API; None when it is in neither."""
    for form in (_TWITTER_DAY, None):
        try:
            day = datetime.strptime(text, form) if form else datetime.fromisoformat(text)  # noqa: DTZ007  it has %z
            return day.astimezone(UTC).isoformat(timespec="seconds").replace("+00:00", "Z")
        except (TypeError, ValueError, OverflowError):
            continue
    return None


def _beacon(name: str, lines: Iterable[str], before: int, at: str) -> Iterator[Item]:
    """Read a link dump: the fields of its head, then `slug|target` or `slug|remark|target`."""
    fields: dict[str, str] = {}
    for number, line in enumerate(lines, before + 1):
        text = line.strip().lstrip("\ufeff")
        if text.startswith("#"):
            field, _, value = text[1:].partition(":")
            fields[field.strip().upper()] = value.strip()
        elif text:
            slug, _, rest = text.partition("|")
            remark, bar, last = rest.partition("|")
            target = last.strip() if bar and "://" not in remark else rest.strip()
            link = _filled(fields.get("PREFIX", ""), slug.strip())
            target = _filled(fields.get("TARGET", ""), target or slug.strip()) if "TARGET" in fields else target
            yield from _mapping(f"{name}:{number}", link, target, _day(fields.get("TIMESTAMP")) or at)


def _filled(pattern: str, word: str) -> str:
    """Put a word where a pattern of BEACON wants it: `{ID}`, `{+ID}`, or at its end."""
    filled = pattern.replace("{+ID}", word).replace("{ID}", word)
    return filled if filled != pattern else pattern + word


def _table(name: str, lines: Iterable[str], before: int, at: str) -> Iterator[Item]:
    """Read CSV or TSV of two columns."""
    import csv

    rest = iter(lines)
    head = next(rest, "")
    rows = csv.reader(joined([head], rest), delimiter="\t" if "\t" in head else ",", strict=True)
    while True:
        number = before + rows.line_num + 1
        try:
            row = next(rows)
        except StopIteration:
            return
        except csv.Error as error:
            yield InputError(f"{name}:{number}", f"no row of CSV: {error}")
            continue
        if row and len(row) != len(("link", "target")):
            yield InputError(f"{name}:{number}", f"{len(row)} columns, where link and target are 2")
        elif row and not (number == before + 1 and start(row[0], _ALL).expansion == "not-a-link"):
            yield from _mapping(f"{name}:{number}", row[0], row[1], at)


def _mapping(place: str, link: Any, target: Any, at: str) -> Iterator[Item]:
    """Yield the answer that a server would have given to the link, as it is asked, in both schemes."""
    if not isinstance(link, str) or not isinstance(target, str):
        yield InputError(place, "url and target are no text")
        return
    asked = start(link, _ALL).ask
    if asked is None:
        yield InputError(place, f"no link that needs a mapping: {link[:80]!r}")
        return
    try:
        where = _target(target)
    except BadLocation as bad:
        yield InputError(place, f"no target: {bad.reason}")
        return
    rest = asked.partition("://")[2]
    for url in [asked] if host_of(asked) in SHORT_HOSTS else [f"http://{rest}", f"https://{rest}"]:
        yield Answer(url, 301, (("location", where), (MAPPED, "1")), "", at, 0)


def _target(text: str) -> str:
    """Return where a link leads, fit to be asked.

    Raises:
        BadLocation: that is nowhere.
    """
    where = clean(text)
    if "." not in host_of(where) and "[" not in where:
        raise BadLocation("invalid-location", repr(text[:80]))
    return where
