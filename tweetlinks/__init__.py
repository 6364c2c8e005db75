"""Find the tweets an article cites, expand their links, tie each to its paragraph.

    extract(source)                     read an article: paragraphs, citations, links; nothing is sent
    annotate(source, resolver=…)        the same, with every link expanded
    resolve_links(document, resolver)   the second half of `annotate`
    judge(document, citation)           whether a citation is so, with what speaks for and against it
    compare(printed, found)             the words of an article and those of a tweet
    audit(page, text)                   what an extractor lost of a page's tweets
    web_annotations, reanchor           where tweets are cited, for others to read; found again after an edit
    freeze(source)                      the source with quotations that need no script in the place of embeds
    strip, mask, normalise              a text without its tweets, with a word for each, with all in one shape
    Resolver, AsyncResolver             ask the network what became of a link; `Limits` bounds them

The flow, one module for each step (docs/architecture.md):

    sources ─▶ read ─▶ rules ─▶ pipeline ─▶ write        an article goes from the left to the right
                 │       │          │
                 │   urls dates     └── fetch ── chain, cache     only where links are expanded
                 └── model: Document Paragraph Citation Link Resolution

Importing the package loads none of its modules: a name is loaded when it is first used (PEP 562), because httpx and
beautifulsoup4 cost more than all the rest, and half of the documents need neither. Pure.
"""

from __future__ import annotations

TYPE_CHECKING = False  # as typing's, whose import costs 9 ms: type checkers know the name
if TYPE_CHECKING:
    from tweetlinks.adapters.auditing import audit
    from tweetlinks.adapters.cleaning import Edit, Edited, mask, normalise, strip
    from tweetlinks.adapters.freezing import freeze
    from tweetlinks.errors import CacheError, InputError, MissingExtra, TableError, TweetlinksError
    from tweetlinks.fetch import AsyncResolver, Limits, Resolver
    from tweetlinks.lookups.quotes import Comparison, compare
    from tweetlinks.lookups.survival import Audit, Trace
    from tweetlinks.lookups.verdicts import Verdict, judge
    from tweetlinks.model import (
        Citation,
        Context,
        Document,
        Estimate,
        Finding,
        Hop,
        Link,
        Mark,
        Paragraph,
        Resolution,
        TweetRef,
    )  # fmt: skip
    from tweetlinks.pipeline import annotate, extract, resolve_links
    from tweetlinks.write.anchoring import Anchor, reanchor
    from tweetlinks.write.freeze import Frozen, FrozenEdit, Left
    from tweetlinks.write.webannotation import web_annotations

__all__ = [
    "Anchor", "AsyncResolver", "Audit", "CacheError", "Citation", "Comparison", "Context", "Document", "Edit", "Edited",
    "Estimate", "Finding", "Frozen", "FrozenEdit", "Hop", "InputError", "Left", "Limits", "Link", "Mark",
    "MissingExtra", "Paragraph", "Resolution", "Resolver", "TableError", "Trace", "TweetRef", "TweetlinksError",
    "Verdict", "annotate", "audit", "compare", "extract", "freeze", "judge", "mask", "normalise", "reanchor",
    "resolve_links", "strip", "web_annotations",
]  # fmt: skip

__version__ = "0.1.0"

_HOMES = {
    "errors": ("CacheError", "InputError", "MissingExtra", "TableError", "TweetlinksError"),
    "fetch": ("AsyncResolver", "Limits", "Resolver"),
    "lookups.quotes": ("Comparison", "compare"),
    "lookups.survival": ("Audit", "Trace"),
    "lookups.verdicts": ("Verdict", "judge"),
    "model": (
        "Citation", "Context", "Document", "Estimate", "Finding", "Hop", "Link", "Mark", "Paragraph", "Resolution",
        "TweetRef",
    ),
    "pipeline": ("annotate", "extract", "resolve_links"),
    "adapters.auditing": ("audit",),
    "write.anchoring": ("Anchor", "reanchor"),
    "write.webannotation": ("web_annotations",),
    "adapters.freezing": ("freeze",),
    "write.freeze": ("Frozen", "FrozenEdit", "Left"),
    "adapters.cleaning": ("Edit", "Edited", "mask", "normalise", "strip"),
}  # fmt: skip


def __getattr__(name: str) -> object:
    """Load the module that holds a public name, on its first use."""
    for home, names in _HOMES.items():
        if name in names:
            from importlib import import_module

            value: object = getattr(import_module(f"tweetlinks.{home}"), name)
            globals()[name] = value
            return value
    raise AttributeError(f"module 'tweetlinks' has no attribute {name!r}")


def __dir__() -> list[str]:
    return sorted([*globals(), *__all__])
