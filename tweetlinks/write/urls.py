"""Write the URLs of links and nothing else, one a line: where each leads, if that is known. Pure."""

from __future__ import annotations

from tweetlinks.record import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from tweetlinks.lookups.verdicts import Verdict
    from tweetlinks.model import Document, Resolution
    from tweetlinks.write import View

__all__ = ["checks", "links", "write"]


def write(documents: Iterable[Document], view: View) -> Iterator[str]:
    """Yield the links of documents, in the order of the text."""
    for document in documents:
        for link in document.links:
            if link.resolution:
                yield from links([link.resolution], view)
            else:
                yield f"{link.url}\n"


def links(resolutions: Iterable[Resolution], view: View) -> Iterator[str]:  # noqa: ARG001  the family's signature
    """Yield where links lead."""
    for found in resolutions:
        yield f"{found.final_url or found.url}\n"


def checks(verdicts: Iterable[Verdict], view: View) -> Iterator[str]:  # noqa: ARG001  the family's signature
    """Yield where to see what was checked."""
    for verdict in verdicts:
        yield from (f"{url}\n" for url in verdict.proof)
