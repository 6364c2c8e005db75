"""Take the people out of a record: handles become user1, user2, …, names are left out. Pure.

A handle is what stands in `screen_name`, behind an @, in the URL of a profile or tweet, or behind `from:`. Each is then
replaced wherever it stands, as a word, also where the @ is lost: rather a word too many than a person. The same handle
becomes the same word within a run, so that authors can still be counted. An id still leads to a tweet and its author,
and so do the words: docs/evidence.md says what else to leave out.
"""

from __future__ import annotations

import re
from typing import Any

__all__ = ["Redaction"]

# Linear: one bounded word behind or before a fixed one.
_HANDLES = re.compile(
    r"""
      (?<! \w ) [@＠] (?P<at> \w{1,20} )
    | (?: / | %2F ) (?P<path> \w{1,20} ) (?: / | %2F )+ status
    | \b (?: twitter | x ) \.com (?: / | %2F )+ (?: (?: \#|%23 ) ! (?: / | %2F )+ )? (?P<profile> \w{1,20} )
    | \b from (?: : | %3A ) (?P<search> \w{1,20} )
    """,
    re.IGNORECASE | re.VERBOSE,
)
_NOBODY = frozenset({"hashtag", "i", "intent", "search", "share", "status", "statuses", "web"})
"""What may stand in the place of a handle in a URL."""


class Redaction:
    """What each handle became."""

    def __init__(self) -> None:
        """Begin with nobody."""
        self._names: dict[str, str] = {}

    def of(self, record: Any) -> Any:
        """Return a value of JSON without handles and names.

        >>> Redaction().of({"screen_name": "ann_b", "author_name": "Ann", "text": "@ann_b: see @bob", "diff": "bob"})
        {'screen_name': 'user1', 'author_name': None, 'text': '@user1: see @user2', 'diff': 'user2'}
        """
        self._gather(record, "")
        if not self._names:
            return record
        words = "|".join(sorted(map(re.escape, self._names), key=len, reverse=True))
        return self._without(
            record, "", re.compile(rf"(?:(?<!\w)|(?<=%2F)|(?<=%3A)|(?<=%40))(?:{words})(?!\w)", re.IGNORECASE)
        )

    def _gather(self, value: Any, key: str) -> None:
        """Take note of every handle in a value."""
        if isinstance(value, dict):
            for name, inner in value.items():
                self._gather(inner, name)
        elif isinstance(value, list | tuple):
            for inner in value:
                self._gather(inner, key)
        elif isinstance(value, str):
            found = [(name, match[name]) for match in _HANDLES.finditer(value) for name in match.groupdict()]
            names = [text for name, text in found if text and (name == "at" or text.lower() not in _NOBODY)]
            for name in [value, *names] if key == "screen_name" else names:
                self._names.setdefault(name.casefold(), f"user{len(self._names) + 1}")

    def _without(self, value: Any, key: str, handles: re.Pattern[str]) -> Any:
        if isinstance(value, dict):
            return {name: self._without(inner, name, handles) for name, inner in value.items()}
        if isinstance(value, list | tuple):
            return [self._without(inner, key, handles) for inner in value]
        if not isinstance(value, str):
            return value
        if key == "author_name":
            return None
        return handles.sub(lambda found: self._names.get(found[0].casefold(), "user"), value)
