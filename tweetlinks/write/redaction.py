"""Take the people out of a record: handles become user1, user2, …, names are left out. Pure.

The same handle becomes the same word within a run, so that authors can still be counted. An id still leads to a tweet
and its author, and so do the words: docs/evidence.md says what else to leave out.
"""

from __future__ import annotations

import re
from typing import Any

__all__ = ["Redaction"]

# Linear: one bounded word behind a fixed beginning.
_HANDLE = re.compile(r"(?<![\w@])@(?P<name>\w{1,20})")
_URL = re.compile(
    r"(?P<place>\b(?:twitter|x)\.com/|(?:from(?::|%3A)))(?P<name>\w{1,20})(?=[/?#%\s\"]|\Z)", re.IGNORECASE
)
_NOBODY = frozenset({"i", "search", "hashtag"})


class Redaction:
    """What each handle became."""

    def __init__(self) -> None:
        """Begin with nobody."""
        self._names: dict[str, str] = {}

    def of(self, value: Any, key: str = "") -> Any:
        """Return a value of JSON without handles and names.

        >>> Redaction().of({"screen_name": "ann_b", "author_name": "Ann", "text": "@ann_b: see @bob"})
        {'screen_name': 'user1', 'author_name': None, 'text': '@user1: see @user2'}
        """
        if isinstance(value, dict):
            return {name: self.of(inner, name) for name, inner in value.items()}
        if isinstance(value, list | tuple):
            return [self.of(inner, key) for inner in value]
        if not isinstance(value, str):
            return value
        if key == "author_name":
            return None
        return self._name(value) if key == "screen_name" else self._text(value)

    def _text(self, text: str) -> str:
        text = _HANDLE.sub(lambda found: "@" + self._name(found["name"]), text)
        return _URL.sub(lambda found: found["place"] + self._name(found["name"]), text)

    def _name(self, name: str) -> str:
        if name.lower() in _NOBODY:
            return name
        return self._names.setdefault(name.casefold(), f"user{len(self._names) + 1}")
