"""Write a table for a reader: who, when, the words, where each link leads, which passage it serves. Pure.

    seeds/a.txt
    The title of the article
    2 tweets cited, 3 links

      ¶ 4  Ada Byron @ada, 2016-09-28
           The words of the tweet, as wide as the terminal
           link    https://t.co/aaaaaaaaaa
                   → https://example.org/story
           about   ¶ 3  The first words of the passage it serves

Paragraphs count from 1 here, as people do (the record counts from 0). What a tweet holds is hostile: control
characters and direction overrides are shown escaped, so that no text can drive the terminal.
"""

from __future__ import annotations

import re
import unicodedata

from tweetlinks.attributions import near_misses
from tweetlinks.model import Found
from tweetlinks.record import TYPE_CHECKING
from tweetlinks.write import told

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator
    from typing import Any

    from tweetlinks.lookups.verdicts import Verdict
    from tweetlinks.model import Citation, Context, Document, Link, Resolution
    from tweetlinks.write import View

__all__ = ["checks", "links", "safe", "shown_width", "wrap", "write"]

_BOLD, _DIM, _RED, _GREEN = "1", "2", "31", "32"
_INDENT = 2
_LABEL = 8
_NARROW = 24
_EVEN_ASCII = 0x7F
_GOOD_TARGETS = ("ok", "unchecked")
_UNKNOWN = ("unknown author", "a tweet")
_PLAIN = {
    "not-a-short-link": "no short link",
    "offline": "not asked: offline",
    "truncated": "cut off in the text: not asked",
}
"""What is said of a link that nobody was asked about."""
_SIDES = ("for", "against")
_LEADS = ("expanded", "from-archive", "resolved-here")

# One character class: linear.
_HOSTILE = re.compile(r"[\x00-\x1f\x7f-\x9f\u202a-\u202e\ud800-\udfff]")
_ISOLATES = dict.fromkeys(range(0x2066, 0x206A))


def write(documents: Iterable[Document], view: View) -> Iterator[str]:
    """Yield each document as a block that ends in an empty line."""
    for document in documents:
        yield "\n".join([*_head(document, view), *_body(document, view)]) + "\n\n"


def links(resolutions: Iterable[Resolution], view: View) -> Iterator[str]:
    """Yield each link and, under it, where it leads."""
    for resolution in resolutions:
        lines = _hang("", _INDENT, _outcome(resolution, view, view.width - _INDENT))
        yield "\n".join([safe(resolution.url), *lines]) + "\n"


def checks(verdicts: Iterable[Verdict], view: View) -> Iterator[str]:
    """Yield each verdict as a block that ends in an empty line."""
    for record in told(verdicts, view):
        yield "\n".join(_checked(record, view)) + "\n\n"


def safe(text: str) -> str:
    r"""Return text that a terminal only shows: white space is one blank, the rest of the controls escaped.

    >>> safe("a\tb\n\x1b[31mc\u202ed")
    'a b \\x1b[31mc\\u202ed'
    """
    joined = " ".join(text.translate(_ISOLATES).split())
    return _HOSTILE.sub(lambda m: m[0].encode("unicode_escape", "backslashreplace").decode(), joined)


def shown_width(text: str) -> int:
    """Return how many columns a text takes: Chinese, Japanese, Korean and emoji two, combining marks none.

    >>> shown_width("Ada"), shown_width("東京"), shown_width("e\u0301")
    (3, 4, 1)
    """
    if text.isascii():
        return len(text)
    return sum(_columns(char) for char in text)


def wrap(text: str, width: int) -> list[str]:
    """Break a text into lines of at most `width` columns, between words where it can.

    >>> wrap("one two three", 8)
    ['one two', 'three']
    >>> wrap("abcdefghij", 4)
    ['abcd', 'efgh', 'ij']
    """
    lines, used = [""], 0
    for word in _pieces(text, width):
        size = shown_width(word)
        if used and used + size + 1 > width:
            lines.append("")
            used = 0
        lines[-1] += " " + word if used else word
        used += size + 1 if used else size
    return lines


def _columns(char: str) -> int:
    if ord(char) <= _EVEN_ASCII:
        return 1
    if unicodedata.category(char) in {"Mn", "Me", "Cf"}:
        return 0
    return 2 if unicodedata.east_asian_width(char) in {"W", "F"} else 1


def _pieces(text: str, width: int) -> Iterator[str]:
    for word in text.split():
        piece, used = "", 0
        for char in word if shown_width(word) > width else ():
            size = _columns(char)
            if used + size > width:
                yield piece
                piece, used = "", 0
            piece += char
            used += size
        yield piece or word


def _paint(text: str, code: str, view: View) -> str:
    return f"\x1b[{code}m{text}\x1b[0m" if view.colour and text else text


def _head(document: Document, view: View) -> list[str]:
    lines = [_paint(safe(document.id), _BOLD, view)]
    title = _title(document)
    if title:
        lines.append(_short(title, view.width))
    embeds = sum(citation.kind != "mention" for citation in document.citations)
    mentions = len(document.citations) - embeds
    counts = [_count(embeds, "tweet", "cited"), _count(len(document.links), "link")]
    if mentions:
        counts.insert(1, _count(mentions, "mention"))
    return [*lines, _paint(", ".join(counts), _DIM, view)]


def _count(number: int, noun: str, after: str = "") -> str:
    return " ".join(filter(None, (str(number or "no"), noun + "s" * (number != 1), after)))


def _title(document: Document) -> str:
    if document.title or not document.paragraphs:
        return document.title or ""
    start, end = document.paragraphs[0].span
    return document.text[start:end]


def _short(text: str, width: int) -> str:
    first = wrap(safe(text[: 2 * width]), max(width - 2, 1))
    return first[0] + (" …" if len(first) > 1 or len(text) > 2 * width else "")


def _body(document: Document, view: View) -> Iterator[str]:
    marks = [_place(citation.paragraphs) for citation in document.citations]
    loose = [link for link in document.links if link.citation is None]
    marks += [_place(() if link.paragraph is None else (link.paragraph,)) for link in loose]
    gutter = max(map(len, marks), default=0) + 2 * _INDENT
    for citation, mark in zip(document.citations, marks, strict=False):
        yield ""
        yield from _hang(f"{' ' * _INDENT}{mark}", gutter, _citation(document, citation, view, view.width - gutter))
    if loose and document.citations:
        yield ""
        yield _paint(" " * _INDENT + "other links", _DIM, view)
    for link, mark in zip(loose, marks[len(document.citations) :], strict=True):
        yield from _hang(f"{' ' * _INDENT}{mark}", gutter, _link(link, view, view.width - gutter))
    if view.explain:
        yield from _almost(document, view, gutter)


def _almost(document: Document, view: View, gutter: int) -> Iterator[str]:
    """Yield what almost was a citation, and why it is none: the handles in brackets outside of citations."""
    cited = Found(citations=tuple(citation for citation in document.citations if citation.kind == "embed"))
    misses = [miss for miss in near_misses(document.text) if not cited.covering(miss.span)]
    if misses:
        yield ""
        yield _paint(" " * _INDENT + "almost citations", _DIM, view)
    for miss in misses:
        paragraph = document.paragraphs.at(miss.span[0])
        mark = f"{' ' * _INDENT}{_place(() if paragraph is None else (paragraph,))}"
        words = f"{document.text[slice(*miss.span)]}: {miss.reason}"
        yield from _hang(mark, max(gutter, len(mark) + _INDENT), wrap(safe(words), view.width - gutter))


def _place(paragraphs: tuple[int, ...]) -> str:
    if not paragraphs:
        return "¶ ?"
    first, last = paragraphs[0] + 1, paragraphs[-1] + 1
    return f"¶ {first}" if first == last else f"¶ {first}-{last}"


def _hang(mark: str, gutter: int, lines: Iterable[str]) -> Iterator[str]:
    for line in lines:
        yield (mark.ljust(gutter) + line).rstrip()
        mark = ""


def _citation(document: Document, citation: Citation, view: View, width: int) -> Iterator[str]:
    yield _who(citation, view)
    start, end = citation.text_span or citation.span
    words = citation.text or document.text[start:end]
    for line in wrap(safe(words), max(width, _NARROW)) if words != citation.url else ():
        if line:
            yield line
    if citation.url:
        yield _labelled("tweet", safe(citation.url), view)
    for link in [document.links[number] for number in citation.links]:
        if link.url != citation.url or (link.resolution and link.resolution.expansion != "not-a-short-link"):
            yield from _hang(_label("link", view), _LABEL, _link(link, view, width - _LABEL))
    for context in citation.contexts[:1]:
        yield _labelled("about", _passage(document, context, max(width - _LABEL, _NARROW)), view)
        if view.explain:
            sure = f"{', '.join(context.evidence)} (sure of the passage {context.confidence:.2f})"
            yield _labelled("because", sure, view)
    if view.explain:
        yield _labelled("why", _why(citation), view)
        if citation.alternative and document.text_sha256 is None:
            yield _labelled("or", _short(document.text[slice(*citation.alternative)], width - _LABEL), view)


def _why(citation: Citation) -> str:
    words = "" if citation.text_confidence is None else f", of its words {citation.text_confidence:.2f}"
    return f"{', '.join(citation.evidence)} (sure of the citation {citation.confidence:.2f}{words})"


def _who(citation: Citation, view: View) -> str:
    name = safe(citation.author_name or "")
    handle = f"@{safe(citation.screen_name)}" if citation.screen_name else ""
    who = _paint(" ".join(filter(None, (name, handle))) or _UNKNOWN[citation.kind == "mention"], _BOLD, view)
    when = citation.date or (f"“{safe(citation.date_text)}”" if citation.date_text else "")
    if not when and citation.created_at:
        when = citation.created_at[:10]
    kind = "" if citation.kind == "embed" else citation.kind
    return ", ".join(filter(None, (who, when, kind)))


def _checked(record: dict[str, Any], view: View) -> Iterator[str]:
    """Yield what is to be said of one citation, in lines."""
    handle = f"@{record['screen_name']}" if record["screen_name"] else _UNKNOWN[record["kind"] == "mention"]
    guess = record["created_estimate"]
    moment = record["created_at"] or (guess and _about(guess))
    printed = record["date"] or record["date_text"]
    when = ", ".join(filter(None, (printed and f"printed {printed}", moment and f"written {moment}")))
    what = ", ".join(filter(None, (record["verdict"], record["state"] and f"the tweet is {record['state']}")))
    colour = {"conflict": _RED, "altered": _RED, "confirmed": _GREEN}.get(record["verdict"], _BOLD)
    yield f"{safe(record['id'])} {record['citation']}  {_paint(what, colour, view)}"
    yield from _hang("", _INDENT, [safe(f"{handle}, {when}".rstrip(", "))])
    width = max(view.width - _INDENT - _LABEL, _NARROW)
    rows = [("", record["text"] or "")]
    rows += [(side, ", ".join(f"{each['name']} {each['strength']:+.1f}" for each in record[side])) for side in _SIDES]
    if quote := record["quote"]:
        rows.append(("words", f"{quote['word']}, compared with {quote['with']}"))
        rows += [("", f"{_printed(change)}") for change in quote["diff"]]
    rows.append(("asked", ", ".join(f"{found['source']}: {found['outcome']}" for found in record["findings"])))
    rows += [("see", url) for url in record["proof"]]
    if record["queries"]:
        rows += [("search", record["queries"]["search"]), ("ids", " to ".join(record["queries"]["ids"] or ()))]
        rows.append(("archive", record["queries"]["index_url"] or ""))
    for label, words in rows:
        if words:
            yield from _hang(" " * _INDENT + _label(label, view), _INDENT + _LABEL, wrap(safe(words), width))


def _about(guess: dict[str, Any]) -> str:
    """Show an estimate; that of a tweet whose time is known is one."""
    return f"about {guess['at']}, ± {guess['within'] / 3600:.1f} h" if guess["within"] else str(guess["at"])


def _printed(change: dict[str, Any]) -> str:
    """Show one difference: what the article prints, and what the tweet says."""
    return f"“{change['printed']}” for “{change['found']}”"


def _label(name: str, view: View) -> str:
    return _paint(name.ljust(_LABEL - 1), _DIM, view) + " "


def _labelled(name: str, text: str, view: View) -> str:
    return _label(name, view) + text


def _passage(document: Document, context: Context, width: int) -> str:
    mark = f"¶ {context.paragraph + 1}"
    if document.text_sha256 is not None:
        return mark
    words = _short(document.text[slice(*context.span)], max(width - len(mark) - 2, _NARROW))
    return f"{mark}  {words}".rstrip()


def _link(link: Link, view: View, width: int) -> Iterator[str]:
    yield safe(link.url)
    if link.resolution:
        yield from _outcome(link.resolution, view, width)


def _outcome(resolution: Resolution, view: View, width: int) -> Iterator[str]:
    if resolution.expansion in _PLAIN:
        yield _paint(_PLAIN[resolution.expansion], _DIM, view)
        return
    if resolution.expansion in _LEADS:
        note = "" if resolution.target in _GOOD_TARGETS else f" ({resolution.target})"
        yield _paint("→ ", _GREEN, view) + safe((resolution.final_url or resolution.url) + note)
        return
    reason = resolution.error or resolution.expansion
    if resolution.expansion not in reason:
        reason = f"{resolution.expansion}: {reason}"
    first, *rest = wrap(safe("not expanded: " + reason), max(width, _NARROW))
    yield _paint(first, _RED, view)
    yield from (_paint(line, _RED, view) for line in rest)
