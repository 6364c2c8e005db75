"""Say what the caller did wrong. Pure.

    TweetlinksError
    ├── InputError      an input cannot be read, or is no document
    ├── TableError      a table of data/ is damaged
    ├── CacheError      a cache file cannot be used
    └── MissingExtra    an optional package is not installed

What the outside world does wrong (a dead link, a timeout) is a value, `Resolution`, and never an exception.
"""

from __future__ import annotations

__all__ = ["CacheError", "InputError", "MissingExtra", "TableError", "TweetlinksError"]


class TweetlinksError(Exception):
    """Any error that tweetlinks raises on purpose."""


class InputError(TweetlinksError):
    """An input cannot be read, or is not a document of the format asked for."""

    def __init__(self, source: str, reason: str) -> None:
        """Name the input and the reason.

        Args:
            source: the path or name of the input as the caller gave it.
            reason: why it cannot be used, in words, without the name.
        """
        super().__init__(f"{source}: {reason}")
        self.source = source
        self.reason = reason

    def __reduce__(self) -> tuple[type[InputError], tuple[str, str]]:
        """Survive pickling, so that a worker process can report it."""
        return type(self), (self.source, self.reason)


class TableError(TweetlinksError):
    """A table of `tweetlinks/data` is damaged: the message names the file and the line."""


class CacheError(TweetlinksError):
    """A cache file is damaged, foreign or unreachable: it is left as it is."""


class MissingExtra(TweetlinksError, ImportError):
    """An optional package is missing: the message says what to install. Also an `ImportError`."""

    def __init__(self, package: str, extra: str) -> None:
        """Name the missing package and the extra that brings it.

        Args:
            package: the import name that was not found.
            extra: the extra of tweetlinks that installs it.
        """
        super().__init__(f"{package} is not installed: python -m pip install 'tweetlinks[{extra}]'")
        self.package = package
        self.extra = extra

    def __reduce__(self) -> tuple[type[MissingExtra], tuple[str, str]]:
        """Survive pickling, so that a worker process can report it."""
        return type(self), (self.package, self.extra)
