r"""Write one JSON object a line. Pure.

Text stays readable (no `\u` escapes) unless it holds a lone surrogate, which UTF-8 cannot: then that one line is
ASCII, and a reader gets the same string back.
"""

from __future__ import annotations

import json

from tweetlinks.record import TYPE_CHECKING
from tweetlinks.write import told

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping
    from typing import Any

    from tweetlinks.lookups.verdicts import Verdict
    from tweetlinks.model import Document, Resolution
    from tweetlinks.write import View

__all__ = ["checks", "line", "links", "write"]

_readable = json.JSONEncoder(ensure_ascii=False, allow_nan=False).encode
_ascii = json.JSONEncoder(allow_nan=False).encode


def line(record: Mapping[str, Any]) -> str:
    r"""Return a record as JSON without its newline.

    >>> line({"text": "Syrie «»"})
    '{"text": "Syrie «»"}'
    >>> line({"text": "torn \ud83d"})
    '{"text": "torn \\ud83d"}'
    """
    text = _readable(record)
    try:
        text.encode()
    except UnicodeEncodeError:
        return _ascii(record)
    return text


def write(documents: Iterable[Document], view: View) -> Iterator[str]:
    """Yield each document as a line."""
    for document in documents:
        yield line(document.to_dict(with_text=view.with_text)) + "\n"


def checks(verdicts: Iterable[Verdict], view: View) -> Iterator[str]:
    """Yield each verdict as a line."""
    for record in told(verdicts, view):
        yield line(record) + "\n"


def links(resolutions: Iterable[Resolution], view: View) -> Iterator[str]:  # noqa: ARG001  the family's signature
    """Yield each resolution as a line."""
    for resolution in resolutions:
        yield line(resolution.to_dict()) + "\n"
