"""Read an article of any format into a `Document`. Pure.

One reader a format, all of one shape: `(source, *, id, url) -> Document` without citations or links.
"""

from __future__ import annotations

import re
from functools import cache
from importlib import import_module

from tweetlinks.errors import InputError
from tweetlinks.record import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable

    from tweetlinks.model import Document

__all__ = ["FORMATS", "READERS", "read"]

FORMATS = ("text", "html", "markdown", "mediawiki", "bbcode")
"""The formats the record knows."""

READERS = {name: f"read_{name}" for name in FORMATS}
"""The reader of each format: the function of that name in the module of the format, imported when it is needed."""

_HEAD = 4096
"""Characters or bytes in which HTML must have begun."""
# Linear: classes of marks and blanks, then words; comments before them are bounded.
_HTML = r"""(?xis)
        (?: [\s\ufeff]* (?: <\?xml [^>]{0,200} > | <!-- .{0,2000}? --> ) ){0,5}
        [\s\ufeff]* < (?: !doctype \s+ html | html | head | body | article | blockquote | div | figure | h[1-6] | header
            | iframe | main | ol | p | section | table | ul ) [\s>]"""
"""How HTML begins, a page or the body of a post; compiled where no suffix tells the format."""


def read(
    source: str | bytes,
    *,
    format: str = "auto",
    id: str = "",
    url: str | None = None,
    with_text: bool = False,
    placed: bool = False,
) -> Document:
    """Read one document.

    Args:
        source: the article; bytes are decoded.
        format: one of `FORMATS`; `auto` is text, unless it starts as HTML does.
        id: what the record calls the document: a path or a name.
        url: where the article was published, if known.
        with_text: read a page of HTML also when nothing in it can be a citation.
        placed: know of a page of HTML, too, where in its source things stand.

    Raises:
        InputError: the bytes are no text, there is no reader for the format, or a package that it needs is missing.

    >>> read("<!DOCTYPE html><p>Words.", id="a").format
    'html'
    >>> read("Words.", format="pdf", id="a")
    Traceback (most recent call last):
    tweetlinks.errors.InputError: a: no reader for pdf; one of: text, html, markdown, mediawiki, bbcode
    """
    told = "html" if format == "auto" and _is_html(source) else "text" if format == "auto" else format
    if told not in READERS:
        raise InputError(id or "<source>", f"no reader for {told}; one of: {', '.join(READERS)}")
    more = {"whole": with_text, "placed": placed} if told == "html" else {}
    try:
        return _reader(told)(source, id=id, url=url, **more)
    except ModuleNotFoundError as error:  # the one file without its dependencies reads text only
        raise InputError(id or "<source>", f"{told} needs a package that is not installed: {error.name}") from error


@cache
def _reader(format: str) -> Callable[..., Document]:
    """Load the reader of a format, when a document of it comes."""
    reader: Callable[..., Document] = getattr(import_module(f"tweetlinks.read.{format}"), READERS[format])
    return reader


def _is_html(source: str | bytes) -> bool:
    """Tell whether a document starts as HTML does, after a byte-order mark and blanks."""
    if isinstance(source, str):
        return re.match(_HTML, source[:_HEAD]) is not None
    head = source[:_HEAD].lstrip(b"\xef\xbb\xbf\xff\xfe\0").replace(b"\0", b"")  # NUL: half of UTF-16
    return re.match(_HTML, head.decode("latin-1")) is not None
