r"""Take cited tweets out of a text, mark their place, or bring them into one shape. Pure, and reversible.

    strip(text)       without them
    mask(text)        with a word in the place of each
    normalise(text)   each as `words link link`, a line, `— Name (@handle) 2016-09-28`; links apart, expanded if known

For those who build corpora: filters that drop lines without a full stop (C4's) delete tweets line by line, so do this,
or annotate, before. Every edit is kept, and `Edited.restore` undoes them all.

>>> edited = strip("It rained.\n\nRain! pic.twitter.com/abcdefghij— Ann (@ann_b) 3 mai 2017\n\nThe pier was shut.")
>>> edited.text
'It rained.\n\nThe pier was shut.'
>>> edited.restore()
'It rained.\n\nRain! pic.twitter.com/abcdefghij— Ann (@ann_b) 3 mai 2017\n\nThe pier was shut.'
"""

from __future__ import annotations

from tweetlinks.model import Document
from tweetlinks.pipeline import extract
from tweetlinks.record import TYPE_CHECKING, Record

if TYPE_CHECKING:
    from collections.abc import Iterable

    from tweetlinks.model import Citation, Link, Span

__all__ = ["Edit", "Edited", "mask", "normalise", "strip"]


class Edit(Record):
    """One place that was changed."""

    span: Span
    """Where it stands in the new text, in code points."""
    old: str
    """What stood there."""
    citation: str | None
    """The citation that it is of; None for a link that is of none."""


class Edited(Record):
    """A text, and what was changed in it."""

    text: str
    """The new text."""
    edits: tuple[Edit, ...]
    """What was changed, in the order of the text; they do not overlap."""
    document: Document
    """What was found in the old text."""

    def restore(self) -> str:
        """Return the text as it was."""
        parts, at = list[str](), 0
        for edit in self.edits:
            parts += [self.text[at : edit.span[0]], edit.old]
            at = edit.span[1]
        return "".join([*parts, self.text[at:]])


Change = tuple[int, int, str, str | None]
"""Where something is replaced in the old text, by what, and of which citation it is."""


def strip(source: str | bytes | Document, *, kinds: Iterable[str] = ("embed",), format: str = "auto") -> Edited:
    """Return a text without the tweets that it shows.

    Args:
        source: the article, as for `extract`, or what that returned; of HTML the text that a reader reads is changed.
        kinds: which citations to leave out; a link or a mention is part of a sentence.
        format: as for `extract`.

    Raises:
        InputError: as for `extract`.
        ValueError: the document came from a record without its text.
    """
    return mask(source, "", kinds=kinds, format=format)


def mask(
    source: str | bytes | Document, word: str = "[tweet]", *, kinds: Iterable[str] = ("embed",), format: str = "auto"
) -> Edited:
    r"""Return a text with a word in the place of each tweet that it shows.

    Args:
        source: as for `strip`.
        word: what to put there; `{handle}`, `{id}` and `{date}` in it stand for what is known of the tweet.
        kinds: as for `strip`.
        format: as for `strip`.

    Raises:
        InputError, ValueError: as for `strip`.

    >>> mask("Rain! pic.twitter.com/abcdefghij\n— Ann (@ann_b) 3 mai 2017\n\nSo.", "[tweet of {handle}]").text
    '[tweet of ann_b]\n\nSo.'
    """
    document, wanted = _document(source, format), frozenset(kinds)
    changes, end = list[Change](), 0
    for citation in document.citations:
        a, b = citation.span
        if citation.kind in wanted and a >= end and a < b:
            end = b if word else _beyond(document.text, a, b)
            changes.append((a, end, _filled(word, citation), citation.id))
    return _edited(document, changes)


def normalise(source: str | bytes | Document, *, format: str = "auto") -> Edited:
    r"""Return a text with the tweets that it shows in one shape.

    Links that are glued to what stands around them get a blank, the attribution a line, a dash and a day in ISO 8601. A
    link whose expansion is known (`annotate`, `resolve_links`) is replaced by where it leads.

    Args:
        source: as for `strip`.
        format: as for `strip`.

    Raises:
        InputError, ValueError: as for `strip`.

    >>> normalise("Rain! https://t.co/abcdefghijpic.twitter.com/abcdefghij— Ann (@ann_b) 3 mai 2017").text
    'Rain! https://t.co/abcdefghij pic.twitter.com/abcdefghij\n— Ann (@ann_b) 2017-05-03'
    """
    document = _document(source, format)
    changes = [change for link in document.links if (change := _parted(document, link))]
    changes += [change for citation in document.citations if (change := _signed(document.text, citation))]
    return _edited(document, sorted(changes))


def _document(source: str | bytes | Document, format: str) -> Document:
    document = source if isinstance(source, Document) else extract(source, format=format, with_text=True)
    if document.text_sha256 is not None:
        raise ValueError(f"{document.id}: its record holds no text (extract --with-text keeps it)")
    return document


def _beyond(text: str, start: int, end: int) -> int:
    """Return where what is cut ends: the white space behind it goes too, where there is some before it."""
    if start == 0 or text[start - 1].isspace():
        while end < len(text) and text[end].isspace():
            end += 1
    return end


def _filled(word: str, citation: Citation) -> str:
    known = {"handle": citation.screen_name, "id": citation.tweet_id, "date": citation.date}
    for name, value in known.items():
        word = word.replace(f"{{{name}}}", value or "")
    return word


def _parted(document: Document, link: Link) -> Change | None:
    """Return a link with blanks around it, and as it leads."""
    if link.span is None:
        return None
    a, b = link.span
    found = link.resolution
    there = (
        found.final_url if found and found.final_url and found.expansion != "not-a-short-link" else document.text[a:b]
    )
    before = " " if a and _holds(document.text[a - 1]) else ""
    behind = " " if b < len(document.text) and _holds(document.text[b]) else ""
    new = f"{before}{there}{behind if not document.text.startswith(('http', 'pic.'), b) else ''}"
    return None if new == document.text[a:b] else (a, b, new, link.citation)


def _holds(char: str) -> bool:
    """Tell whether a character is part of a word, so that a link beside it is glued to it."""
    return char.isalnum() or char in "@#_"


def _signed(text: str, citation: Citation) -> Change | None:
    """Return the attribution of a citation in its one shape."""
    if citation.attribution_span is None or not citation.screen_name:
        return None
    a, b = citation.attribution_span
    name = f"{citation.author_name} (@{citation.screen_name})" if citation.author_name else f"@{citation.screen_name}"
    line = " ".join(filter(None, ("—", name, citation.date or citation.date_text)))
    start = len(text[:a].rstrip())
    new = f"\n{line}" if start else line
    return None if text[start:b] == new else (start, b, new, citation.id)


def _edited(document: Document, changes: list[Change]) -> Edited:
    text, edits, at, size = list[str](), list[Edit](), 0, 0
    for start, end, new, citation in changes:
        if start < at:  # inside what is changed already
            continue
        kept = document.text[at:start]
        size += len(kept)
        edits.append(Edit((size, size + len(new)), document.text[start:end], citation))
        text += [kept, new]
        size, at = size + len(new), end
    return Edited("".join([*text, document.text[at:]]), tuple(edits), document)
