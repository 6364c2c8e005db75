"""Read an article of any format into a `Document`. Pure.

One reader a format, all of one shape: `(source, *, id, url) -> Document` without citations or links.
"""

from __future__ import annotations

from tweetlinks.errors import InputError
from tweetlinks.read import text as _text
from tweetlinks.record import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable

    from tweetlinks.model import Document

__all__ = ["FORMATS", "READERS", "read"]

FORMATS = ("text", "html", "markdown", "mediawiki", "bbcode")
"""The formats the record knows."""

READERS: dict[str, Callable[..., Document]] = {"text": _text.read_text}
"""The reader of each format; a format without one is refused by name."""


def read(source: str | bytes, *, format: str = "auto", id: str = "", url: str | None = None) -> Document:
    """Read one document.

    Args:
        source: the article; bytes are decoded (BOM, else UTF-8, else cp1252).
        format: one of `FORMATS`; `auto` is text.
        id: what the record calls the document: a path or a name.
        url: where the article was published, if known.

    Raises:
        InputError: the bytes are no text, or there is no reader for the format.
    """
    reader = READERS.get("text" if format == "auto" else format)
    if reader is None:
        reason = f"no reader for {format}; one of: {', '.join(READERS)}"
        raise InputError(id or "<source>", reason)
    return reader(source, id=id, url=url)
