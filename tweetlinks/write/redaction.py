"""Take the people out of a record: handles become user1, user2, …, names are left out. Pure.

A handle is what stands in `screen_name`, behind an @ (also one that is glued to the word before it), in the URL of a
profile or tweet, percent-encoded or not, or behind `from:`. Each is then replaced wherever it stands in what people
wrote, as a word, also where the @ is lost: rather a word too many than a person; so are the names of authors. Words of
ours (verdicts, outcomes, evidence, days), hosts and short links stay. The same handle becomes the same word within a
run, so that authors can still be counted. An id still leads to a tweet and its author, and so do the words:
docs/evidence.md says what else to leave out.
"""

from __future__ import annotations

import re
from typing import Any
from urllib.parse import unquote

__all__ = ["Redaction"]

_FREE = frozenset({
    "archive_url", "author_name", "date_text", "error", "final_url", "found", "links", "printed", "proof", "raw",
    "screen_name", "search", "search_url", "text", "title", "url",
})  # fmt: skip
"""The fields that hold what people wrote, and URLs."""
_DROPPED = frozenset({"author_name", "queries"})
"""The fields that are left out: a search for somebody who is called user1 finds nobody."""
_NAME = "[A-Za-z0-9_]{1,20}(?![A-Za-z0-9_])"
_SLASH = "(?:/|%2F)+"
_HANDLES = re.compile(
    rf"""
      [@＠] [\u200b-\u200f\u2060-\u2069]* (?P<at> {_NAME} )
    | {_SLASH} (?P<path> {_NAME} ) {_SLASH} status
    | (?<! pic ) (?: (?<= [./] ) | (?<! [\w.-] ) ) (?: [fv]x )? (?: twitter | x | nitter ) (?: \. [a-z]{{2,12}} ){{1,3}}
        (?: :\d{{1,5}} )? {_SLASH} (?: (?: \#|%23 ) ! {_SLASH} )? (?P<profile> {_NAME} )
    | \b (?: from | to ) (?: : | %3A ) (?P<search> {_NAME} )
    | [?&/] (?: screen_name | user ) [=/] (?P<named> {_NAME} )
    """,
    re.IGNORECASE | re.VERBOSE,
)  # linear: bounded words behind or before fixed ones
_KEPT = r"(?P<kept> https?://[^\s/?\#]+ | \b pic\.(?:twitter|x)\.com/\w+ | \b t\.co/\w+ | \b (?:twitter|x)\.com (?=/) )"
"""What is no handle though it looks like one: hosts, and the codes of short links."""
_AUTHOR = r"(?<=/) (?P<author>[A-Za-z0-9_]{1,20}) (?=/+status(?:es)?/)"
_WORD = r"(?: (?<![A-Za-z0-9_]) | (?<=%2F) | (?<=%3A) | (?<=%40) ) [A-Za-z0-9_]{1,20} (?![A-Za-z0-9_])"
_FLAGS = re.IGNORECASE | re.VERBOSE
_NOBODY = frozenset(
    """about account compose download events explore hashtag help home i intent jobs login logout messages oauth
    notifications personalization privacy rules search settings share signup status statuses tos user web who_to_follow
    widgets""".split()  # noqa: SIM905  a list is a line a word
)
"""What may stand in the place of a handle in a URL."""


class Redaction:
    """What each handle became."""

    def __init__(self) -> None:
        """Begin with nobody."""
        self._handles: dict[str, str] = {}

    def of(self, record: Any, field: str = "text") -> Any:
        """Return a value of JSON without handles and names.

        Args:
            record: an object, or what stands in a field of one.
            field: the field.

        >>> Redaction().of({"screen_name": "ann_b", "author_name": "Ann", "text": "@ann_b: see @bob", "found": "bob"})
        {'screen_name': 'user1', 'author_name': None, 'text': '@user1: see @user2', 'found': 'user2'}
        """
        names = set[str]()
        self._gather(record, field, names)
        people = "|".join(sorted(map(re.escape, names), key=len, reverse=True)) or "(?!)"
        named = (
            rf"(?<!\w) (?P<name> {people} ) (?!\w)"  # those of this record: a text may hold those of its own authors
        )
        return self._without(record, field, re.compile(f"{_KEPT} | {_AUTHOR} | {named} | {_WORD}", _FLAGS))

    def _gather(self, value: Any, field: str, names: set[str]) -> None:
        """Take note of every handle and name in a value."""
        if isinstance(value, dict):
            for name, inner in value.items():
                self._gather(inner, name, names)
        elif isinstance(value, list | tuple):
            for inner in value:
                self._gather(inner, field, names)
        elif isinstance(value, str) and field == "author_name":
            names.add(value)
        elif isinstance(value, str) and field in _FREE:
            plain = _decoded(value)
            found = [(kind, match[kind]) for match in _HANDLES.finditer(plain) for kind in match.groupdict()]
            handles = [name for kind, name in found if name and (kind == "at" or name.lower() not in _NOBODY)]
            for name in [value, *handles] if field == "screen_name" else handles:
                self._handles.setdefault(name.casefold(), f"user{len(self._handles) + 1}")

    def _without(self, value: Any, field: str, people: re.Pattern[str]) -> Any:
        if field in _DROPPED:
            return None
        if isinstance(value, dict):
            return {name: self._without(inner, name, people) for name, inner in value.items()}
        if isinstance(value, list | tuple):
            return [self._without(inner, field, people) for inner in value]
        if not isinstance(value, str) or field not in _FREE:
            return value
        return people.sub(self._word, _decoded(value))

    def _word(self, found: re.Match[str]) -> str:
        if found["author"]:
            return found[0] if found[0].lower() in _NOBODY else "i"  # which leads there all the same
        if found["kept"]:
            return found[0]
        if found["name"]:
            return self._handles.get(found[0].casefold(), "…")
        return self._handles.get(found[0].casefold(), found[0])


def _decoded(text: str) -> str:
    """Undo percent signs, twice, where a handle is behind them."""
    plain = unquote(unquote(text)) if "%" in text else text
    return plain if plain != text and _HANDLES.search(plain) else text
