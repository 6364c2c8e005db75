"""Write one JSON array, a record a line. Pure."""

from __future__ import annotations

from tweetlinks.record import TYPE_CHECKING
from tweetlinks.write import jsonl

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from tweetlinks.lookups.verdicts import Verdict
    from tweetlinks.model import Document, Resolution
    from tweetlinks.write import View

__all__ = ["checks", "links", "write"]


def write(documents: Iterable[Document], view: View) -> Iterator[str]:
    """Yield the array of documents."""
    return _array(jsonl.write(documents, view))


def links(resolutions: Iterable[Resolution], view: View) -> Iterator[str]:
    """Yield the array of resolutions."""
    return _array(jsonl.links(resolutions, view))


def checks(verdicts: Iterable[Verdict], view: View) -> Iterator[str]:
    """Yield the array of verdicts."""
    return _array(jsonl.checks(verdicts, view))


def _array(lines: Iterable[str]) -> Iterator[str]:
    before = "["
    for line in lines:
        yield before + "\n" + line.rstrip("\n")
        before = ","
    yield "[]\n" if before == "[" else "\n]\n"
