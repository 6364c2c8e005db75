"""Find every URL that is printed in the text. Pure."""

from __future__ import annotations

from tweetlinks.record import TYPE_CHECKING
from tweetlinks.urls import find_links

if TYPE_CHECKING:
    from collections.abc import Iterable

    from tweetlinks.model import Document, Found, Link

__all__ = ["find"]


def find(document: Document, found: Found) -> Iterable[Link]:  # noqa: ARG001  the signature of a rule
    """Return the links of the text, glued ones cut apart."""
    return find_links(document.text)
