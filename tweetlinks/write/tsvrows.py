"""Write the rows of `csvrows` with tabs between the cells. Pure."""

from __future__ import annotations

from tweetlinks.record import TYPE_CHECKING
from tweetlinks.write import csvrows

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from tweetlinks.lookups.verdicts import Verdict
    from tweetlinks.model import Document, Resolution
    from tweetlinks.write import View

__all__ = ["checks", "links", "write"]


def write(documents: Iterable[Document], view: View) -> Iterator[str]:
    """Yield the names of the columns, then the rows of each document."""
    return _tabbed(csvrows.write(documents, view))


def links(resolutions: Iterable[Resolution], view: View) -> Iterator[str]:
    """Yield the names of the columns, then one row for each resolution."""
    return _tabbed(csvrows.links(resolutions, view))


def checks(verdicts: Iterable[Verdict], view: View) -> Iterator[str]:
    """Yield the names of the columns, then one row for each citation."""
    return _tabbed(csvrows.checks(verdicts, view))


def _tabbed(pieces: Iterable[str]) -> Iterator[str]:
    for piece in pieces:
        yield "".join(csvrows.row(cells, "\t") for cells in csvrows.rows(piece))
