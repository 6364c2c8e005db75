"""Read pages and the texts that extractors made of them, pair by pair, and compare them. Touches: files.

Pairs are named one after the other, or by two folders: there a page and a text belong together when the way down to
both is the same, but for the suffix. What has no other half, or more than one, is an error with its name.
"""

from __future__ import annotations

import os

from tweetlinks.errors import InputError
from tweetlinks.record import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator
    from types import SimpleNamespace
    from typing import BinaryIO

    from tweetlinks.lookups.survival import Audit
    from tweetlinks.model import Document

__all__ = ["audits"]


def audits(told: SimpleNamespace, stdin: BinaryIO | None = None) -> Iterator[Audit | InputError]:
    """Yield what is left of the tweets of each page.

    Args:
        told: the options; `pairs` names pages and texts by turns.
        stdin: what `-` reads; None where there is none.

    Returns:
        An audit, or what is wrong with the page or the text, for each pair.
    """
    from tweetlinks.lookups.survival import survival
    from tweetlinks.write import confident

    for page, text in zip(told.pairs[::2], told.pairs[1::2], strict=True):
        for pair in _pairs(page, text):
            try:
                if isinstance(pair, InputError):
                    raise pair
                one, other = _read(pair[0], told.source_format, stdin), _read(pair[1], told.text_from, stdin)
            except InputError as error:
                yield error
            else:
                yield survival(confident(one, told.min_confidence), other)


def _pairs(page: str, text: str) -> Iterator[tuple[str, str] | InputError]:
    if not (os.path.isdir(page) and os.path.isdir(text)):  # noqa: PTH112  pathlib costs 10 ms of start
        yield page, text
        return
    pages, texts = _files(page), _files(text)
    for way, names in pages.items():
        there = texts.pop(way, [])
        if len(names) == len(there) == 1:
            yield names[0], there[0]
        elif not there:
            yield from (InputError(name, f"no text of that name in {text}") for name in names)
        else:
            several = ", ".join([*names[1:], *there])
            yield InputError(names[0], f"which belong together is not known, the names are alike: {several}")
    yield from (InputError(name, f"no page of that name in {page}") for names in texts.values() for name in names)


def _files(folder: str) -> dict[str, list[str]]:
    """Return the files of a folder by the way down to each, hidden ones left out."""
    found: dict[str, list[str]] = {}
    for here, folders, names in os.walk(folder):
        folders[:] = sorted(name for name in folders if not name.startswith("."))
        for name in sorted(names):
            if not name.startswith("."):
                path = os.path.join(here, name)  # noqa: PTH118  pathlib costs 10 ms of start
                found.setdefault(_way(folder, path), []).append(path)
    return found


def _way(folder: str, name: str) -> str:
    return os.path.splitext(os.path.relpath(name, folder))[0]  # noqa: PTH122  pathlib costs 10 ms of start


def _read(path: str, form: str, stdin: BinaryIO | None) -> Document:
    """Read one document with its text.

    Raises:
        InputError: it cannot be read, holds many, or is binary: `extract` reads any bytes as a page, and finds nothing.
    """
    from tweetlinks import sources
    from tweetlinks.charsets import decode_page
    from tweetlinks.pipeline import extract
    from tweetlinks.read.text import refuse_binary

    found = list(sources.inputs([path], stdin=stdin))
    if len(found) != 1:
        raise InputError(path, "one document is compared with one: name two files, or two folders")
    (item,) = found
    if isinstance(item, InputError):
        raise item
    wanted = item.format if form == "auto" else form
    if wanted == "html":
        refuse_binary(*decode_page(item.data), id=item.id, what="page")
    return extract(item.data, format=wanted, id=item.id, url=item.url, with_text=True)
