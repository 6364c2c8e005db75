r"""Freeze the tweets that an article shows: read it, expand its links, put quotations in their place. Pure.

For those who move articles to another system, or keep them: what stays needs no script and no server. The resolver is
a parameter, as for `annotate`.

>>> frozen = freeze("It rained.\n\nRain! pic.twitter.com/abcdefghij— Ann (@ann_b) 3 mai 2017\n\nThe pier was shut.")
>>> print(frozen.source)
It rained.
<BLANKLINE>
> Rain! pic.twitter.com/abcdefghij
>
> — Ann (@ann_b) 3 mai 2017
<BLANKLINE>
The pier was shut.
>>> frozen.restore()
'It rained.\n\nRain! pic.twitter.com/abcdefghij— Ann (@ann_b) 3 mai 2017\n\nThe pier was shut.'
"""

from __future__ import annotations

from tweetlinks.pipeline import extract, resolve_links
from tweetlinks.record import TYPE_CHECKING
from tweetlinks.write.freeze import TARGETS, frozen
from tweetlinks.write.settling import settled

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping, Sequence

    from tweetlinks.model import Citation, Document, Finding, Resolution
    from tweetlinks.write.freeze import Frozen

__all__ = ["freeze"]


def freeze(
    source: str | bytes,
    *,
    resolver: Callable[[Iterable[str]], Mapping[str, Resolution]] | Document | None = None,
    format: str = "auto",
    to: str = "auto",
    look_up: Callable[[Document, Citation], Sequence[Finding]] | None = None,
    respect_deletions: bool = False,
) -> Frozen:
    """Put a quotation in the place of each tweet that an article shows, in its source.

    Args:
        source: the article, as for `extract`.
        resolver: as for `annotate`; a Document whose links are expanded answers, too. None leaves short links.
        format: as for `extract`.
        to: `markdown` or `html`, for plain text and Markdown; `auto` is Markdown. Others keep their language.
        look_up: asked about each tweet that the article shows; what it finds gives words where the article has none.
        respect_deletions: write no words of a tweet that a look-up says was deleted.

    Returns:
        The new source, of the type of the old one, and every change; `restore` undoes them.

    Raises:
        InputError: as for `extract`.
        TypeError: as for `annotate`.
        ValueError: `to` is none of the three.
    """
    if to not in TARGETS:
        raise ValueError(f"to is one of {', '.join(TARGETS)}, not {to!r}")
    known = _known(resolver) if resolver is not None and not callable(resolver) else resolver

    def once(source: str | bytes) -> Frozen:
        document = extract(source, format=format, placed=True)
        document = resolve_links(document, known) if known else document
        embeds = [each for each in document.citations if each.kind == "embed" and each.form != "frozen"]
        findings = {citation.id: look_up(document, citation) for citation in embeds} if look_up else None
        return frozen(source, document, to=to, findings=findings, respect_deletions=respect_deletions)

    return settled(source, once)


def _known(document: Document) -> Callable[[Iterable[str]], Mapping[str, Resolution]]:
    """Return what answers as the links of a document were answered."""
    known = {link.url: link.resolution for link in document.links if link.resolution}
    return lambda urls: {url: known[url] for url in urls if url in known}
