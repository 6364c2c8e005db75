"""Find the links and citations of a document: the ordered list of rules, each a file with one function. Pure.

A rule is `(Document, Found) -> Iterable[Citation | Link]`. It sees what the rules before it found, adds to that, and
never overlaps a citation that is there already. Format and markup are gone by now: a rule knows text, spans and marks.
"""

from __future__ import annotations

from tweetlinks.blanks import blanked
from tweetlinks.model import Found
from tweetlinks.record import TYPE_CHECKING
from tweetlinks.rules import attributed, marked, mentions, printed, references, status_urls, unattributed

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from tweetlinks.model import Citation, Document, Link

__all__ = ["RULES", "apply_rules"]

RULES: tuple[Callable[[Document, Found], Iterable[Citation | Link]], ...] = (
    printed.find,  # every URL that is printed in the text
    marked.find,  # what the markup says is a tweet, or leads to one
    attributed.find,  # words, and with them — Name (@handle) date
    references.find,  # entries of a bibliography
    status_urls.find,  # the URL of a tweet: alone, or inside a sentence
    unattributed.find,  # words that end in a picture or t.co link: the attribution was lost
    mentions.find,  # prose that tells of a tweet: she tweeted
)
"""In this order: the surer comes first, and a later rule leaves alone what an earlier one took."""


def apply_rules(document: Document) -> Found:
    """Run every rule over a document, each on what those before it found; what is verbatim is blank to them."""
    found = Found()
    if document.marks:
        shown = [mark.span for mark in document.marks if mark.kind == "verbatim"]
        document = document._replace(text=blanked(document.text, shown)) if shown else document
    for find in RULES:
        findings = list(find(document, found))
        if findings:
            found = found.add(findings)
    return found
