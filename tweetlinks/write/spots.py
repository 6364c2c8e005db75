"""Say which stretch of a source one tweet takes up, so that something can take its place; or why it has none. Pure.

of a page      the element that shows it, the script that would fill it, the block or paragraph that holds nothing else
of the others  its lines; with blank lines around, where a quotation needs them

Two tweets in one element, words in the middle of an element, and code are left as they are: nothing but tweets is lost.
"""

from __future__ import annotations

import re
from bisect import bisect_left
from collections import defaultdict

from tweetlinks.record import TYPE_CHECKING
from tweetlinks.tame import tame
from tweetlinks.write.lines import Lines, Spot, holds_markup, quotations
from tweetlinks.write.remainder import balanced, remainder, targets

if TYPE_CHECKING:
    from tweetlinks.model import Citation, Document, Mark, Span

__all__ = ["Spots", "needs_script"]

OWN = "frozen"
"""The form of what was frozen before."""
_STATIC = frozenset(("screenshot", "static", "substack"))
_CODE = frozenset(("call", "directive", "inline-code", "macro", "pollen"))
_SCRIPT = re.compile(
    r"""\s*(?:<p>\s*)?<script\b(?![^<>]{0,1200}\bonload\b)[^<>]{0,600}?\bplatform\.(?:twitter|x)\.com/widgets\.js[^<>]{0,600}>\s*</script\s*>
        (?P<end>\s*</p>)?""",
    re.IGNORECASE | re.VERBOSE,
)
"""What fills embeds that stand before it."""
_LIVE = re.compile(
    r"""\bclass\s*=\s*["']?[^"'<>]{0,200}
        \btwitter-(?:tweet|video|timeline|grid|moment|(?:share|follow|hashtag|mention|dm)-button) | \btwttr\b
      | <script\b[^<>]{0,600}\bwidgets\.js[^<>]{0,600}\bonload\b
      | <script\b[^<>]{0,600}\bonload\b[^<>]{0,600}\bwidgets\.js""",
    re.IGNORECASE | re.VERBOSE,
)
"""What needs that script."""
_BLOCK = re.compile(
    r"<!--\s*wp:(?P<name>(?:core-)?embed|paragraph|quote|pullquote|html)\b(?:(?!-->)[^\n]){0,2000}-->\s*\Z",
    re.IGNORECASE,
)
_BLOCK_END = re.compile(r"\s*<!--\s*/wp:(?P<name>[a-z-]{1,20})\b[\w/ -]{0,60}-->", re.IGNORECASE)
_PARAGRAPH = re.compile(r"<p(?:\s[^<>]{0,200})?>\s*\Z", re.IGNORECASE)
_PARAGRAPH_END = re.compile(r"\s*</p\s*>", re.IGNORECASE)
_TARGET = re.compile(r"\]\([^\s()]{1,2000}(?:[ ]+\"[^\"\n]{0,200}\")?\)")
"""Where a date leads, in Markdown: what a citation ends before."""
_QUOTE = re.compile(r"[ \t]*>")
_OURS = re.compile(r'itemprop="url" href="([^"<>]{0,2000})"')
_LANGUAGE = re.compile(
    r"<(?:p|blockquote)\b[^<>]{0,400}?\slang\s*=\s*[\"']?(?P<lang>[A-Za-z]{2,3}(?:-[A-Za-z0-9]{2,8})*)"
)
_TURNED = re.compile(r"<(?:p|blockquote)\b[^<>]{0,400}?\sdir\s*=\s*[\"']?rtl\b", re.IGNORECASE)
# All linear: bounded runs, or runs up to a literal.
_NO_LANGUAGE = frozenset("art qam qct qht qme qst und zxx".split())  # noqa: SIM905
"""What the service says of tweets without words, in the place of a language."""
_BLOCK_BEFORE = 2_200  # characters looked at before an embed for what wraps it
_AROUND = re.compile(
    r"<(?P<close>/?)(?P<name>a|button|noembed|noframes|plaintext|script|select|textarea|xmp)(?=[\s/>])", re.IGNORECASE
)
"""Elements in which a figure would be no element, or one that breaks them."""
_PARTS = ("<li", "<td", "<th", "<tr", "<dd", "<dt", "<body", "<main", "<article", "<section")
"""Elements that are part of the page, though they name a tweet."""


class Spots:
    """A source, and where in it its citations stand."""

    def __init__(self, document: Document, text: str, *, keeps_script: bool = False) -> None:
        """Take a document that was read with its places.

        Args:
            document: what was found.
            text: the source, decoded.
            keeps_script: something that stays needs the script of the service.
        """
        self._document, self._text, self._keeps_script = document, text, keeps_script
        self._lines = Lines(text, document.format)
        self.newline = self._lines.newline
        self._marks: dict[tuple[str, Span], list[Mark]] = defaultdict(list)
        self._blocks = [mark for mark in document.marks if mark.kind == "block" and mark.source]
        self._starts = [mark.span[0] for mark in self._blocks]
        tweets = [mark for mark in document.marks if mark.kind == "embed"]
        for mark in tweets:
            self._marks[mark.form, mark.span].append(mark)
        self._elements = sorted((mark.source, mark.tweet_id or "") for mark in tweets if mark.source)
        hidden = [mark.parent for mark in tweets if mark.parent is not None and not mark.source]
        self._carriers = {document.marks[n].source for n in hidden}
        embeds = [citation for citation in document.citations if citation.kind == "embed"]
        self._crowded = {c.span[1] for c in embeds if c.span[0] == c.span[1]} if document.format != "html" else set()
        self._around = _tags(tame(text)) if document.format == "html" else {}
        self._quotations = quotations(text, document.format)
        self._targets, self._ours = targets(text), set(_OURS.findall(text))

    def of(self, citation: Citation) -> Spot | str:
        """Return where a tweet stands, or why it is left as it is; the empty reason is that nothing is to be done."""
        form = citation.form
        marks = self._marks.get((form, citation.span))
        mark = marks.pop(0) if marks else None
        if form == OWN:
            return ""
        if form in _STATIC:
            return "it is static already"
        if form in _CODE:
            return "it is a call in code"
        if form == "front-matter":
            return "it stands in front matter"
        return self._in_page(citation, mark) if self._document.format == "html" else self._in_text(citation, mark)

    def twins(self) -> list[str]:
        """Return the forms of elements that show the tweet of the element before again: no citation tells of them."""
        twins = []
        for mark in self._document.marks:
            if mark.kind == "embed" and mark.source and mark.parent is None and mark.form not in _STATIC:
                first, last = (bisect_left(self._starts, place) for place in mark.span)
                twins += [block.form for block in self._blocks[first:last] if _again(block, mark)][:1]
        return twins

    # ------------------------------------------------------------ a page

    def _in_page(self, citation: Citation, mark: Mark | None) -> Spot | str:
        if mark and mark.form != "brackets":
            if citation.span[0] == citation.span[1] and not mark.source:
                return "it is hidden, in a script or in what a script fills"
            span = mark.source
        else:
            span = self._block(citation.span)
        if not span:
            return "it is not the whole of an element"
        segment = self._text[slice(*span)]
        if reason := self._refused(citation, span, segment):
            return reason
        spot = self._wrapped(span)
        printed = "" if mark and mark.form != "brackets" else self._document.text[slice(*citation.span)]
        whole = self._text[slice(*spot.span)]
        if more := remainder(whole, self._document, citation, printed=printed, targets=self._targets):
            return f"its element shows {more}"
        return self._told(spot, segment)

    def _told(self, spot: Spot, segment: str) -> Spot:
        """Add what the source says of the language of a tweet."""
        language = _LANGUAGE.search(segment)
        known = language and language["lang"].lower() not in _NO_LANGUAGE
        return spot._replace(
            language=language["lang"] if language and known else None, rightwards=not _TURNED.search(segment)
        )

    def _refused(self, citation: Citation, span: Span, segment: str) -> str | None:
        """Say why an element is left."""
        if segment[:1] != "<" or segment[-1:] != ">" or segment.lower().startswith(_PARTS):
            return "it is not an element of its own"
        if self._holds_another(span, citation):
            return "it holds another tweet"
        if citation.form == "embetty" and segment[:2] == "<a":
            return "it is static already"
        for name, tags in self._around.items():
            n = bisect_left(tags, (span[0], False)) - 1
            if n >= 0 and (tags[n][1] or name == "plaintext"):
                return f"it stands inside of <{name}>"
        return None

    def _block(self, span: Span) -> Span | None:
        """Return the element, or the elements one behind the other, that show just this stretch of the text."""
        first, last = bisect_left(self._starts, span[0]), bisect_left(self._starts, span[1])
        near = self._blocks[first:last]
        whole = [mark.source for mark in near if mark.span == span and mark.source]
        if whole:
            return min(whole, key=lambda source: source[0] - source[1])
        inside = [mark for mark in near if mark.span[1] <= span[1]]
        at, end = span[0], None
        start: int | None = None
        for mark in inside:
            low, high = mark.source or (0, 0)
            between = self._text[end:low] if end is not None else ""
            if self._document.text[at : mark.span[0]].strip() or between.strip():
                return None
            start, at, end = low if start is None else start, mark.span[1], high
        return (start, end) if start is not None and end is not None and at == span[1] else None

    def _holds_another(self, span: Span, citation: Citation) -> bool:
        """Tell whether an element of another tweet stands in an element, or something that hides one."""
        first, last = (bisect_left(self._elements, ((place, 0), "")) for place in span)
        inside = [tweet for (_, end), tweet in self._elements[first:last] if end <= span[1]]
        return span in self._carriers or any(tweet and tweet != citation.tweet_id for tweet in inside)

    def _wrapped(self, span: Span) -> Spot:
        """Take in what belongs to an embed: its script, its paragraph, its block of WordPress."""
        start, end = span
        before, behind = "", ""
        script = None if self._keeps_script else _SCRIPT.match(self._text, end)
        if script:
            opened = "<p>" in script[0][: script[0].lower().find("<script")]
            end = script.end() if opened == bool(script["end"]) else script.start("end") if script["end"] else end
        opening = _PARAGRAPH.search(self._text, max(0, start - 220), start)
        closing = _PARAGRAPH_END.match(self._text, end)
        if opening and closing:
            start, end = opening.start(), closing.end()
        block = _BLOCK.search(self._text, max(0, start - _BLOCK_BEFORE), start)
        close = _BLOCK_END.match(self._text, end)
        if block and close and block["name"].lower() == close["name"].lower():
            start, end = block.start(), close.end()
            before, behind = f"<!-- wp:html -->{self.newline}", f"{self.newline}<!-- /wp:html -->"
        return Spot((start, end), before, behind)

    # ------------------------------------------------------------ other formats

    def _in_text(self, citation: Citation, mark: Mark | None) -> Spot | str:
        start, end = citation.span
        segment = self._text[start:end]
        reason = self._why_not(citation, mark, segment)
        if reason is not None:
            return reason
        if not mark and citation.form in {"url", "anchor"}:
            n = self._document.paragraphs.at(start)
            start, end = self._document.paragraphs[n].span if n is not None else (start, end)
        if not mark and self._document.format in {"markdown", "text"} and (target := _TARGET.match(self._text, end)):
            end = target.end()
        element = mark is not None and segment[:1] == "<"
        if element and (script := _SCRIPT.match(self._text, end)) and not self._keeps_script:
            end = script.end()
        if self._is_own(start, end):
            return ""
        spot = self._lines.of(start, end, alone=mark is not None and not element)
        if not isinstance(spot, str) and not mark and holds_markup(self._text[start:end], self._document.format):
            return "its words hold markup"
        return spot if isinstance(spot, str) or not element else self._told(spot, segment)

    def _why_not(self, citation: Citation, mark: Mark | None, segment: str) -> str | None:
        """Say why a tweet in running text is left."""
        if not segment or citation.span[1] in self._crowded:
            return "its element shows several tweets"
        if self._document.format == "text" and mark:
            return "it stands in data"
        if not mark and citation.form in {"url", "anchor"} and "alone" not in citation.evidence:
            return "it stands in a sentence"
        if citation.attribution_span and not citation.text and not mark:
            return "its words are not known, and its author stands there"
        if not mark and citation.url in self._ours:
            return ""  # a figure of ours, in what is no page, has it already
        return self._why_not_element(citation, segment) if mark and segment[:1] == "<" else None

    def _why_not_element(self, citation: Citation, segment: str) -> str | None:
        if not balanced(segment):
            return "it is part of an element"
        more = remainder(segment, self._document, citation, targets=self._targets)
        return f"its element shows {more}" if more else None

    def _is_own(self, start: int, end: int) -> bool:
        """Tell whether a stretch is a quotation already that freezing would not write otherwise."""
        if self._quotations is not None:
            n = bisect_left(self._quotations, (end, end)) - 1
            return n >= 0 and self._quotations[n][1] > start
        low, high = self._lines.around(start, end)
        if not _QUOTE.match(self._text, low):
            return False
        lines = self._text[low:high].splitlines()
        own = len(lines) > 1 and all(line.lstrip()[:1] == ">" for line in lines)
        linked = "](" not in lines[-1] or lines[-1].rstrip().endswith('")')
        return own and lines[-2].strip() == ">" and lines[-1].lstrip().startswith("> — ") and linked


def _again(block: Mark, mark: Mark) -> bool:
    """Tell whether an element belongs to a tweet, but stands behind the element that the tweet is known by."""
    return block.span[1] <= mark.span[1] and bool(block.source and mark.source and block.source[0] >= mark.source[1])


def _tags(page: str) -> dict[str, list[tuple[int, bool]]]:
    """Return where the tags of `_AROUND` stand, by their names, and whether each opens; in a script there are none."""
    tags: dict[str, list[tuple[int, bool]]] = defaultdict(list)
    scripted = False
    for m in _AROUND.finditer(page):
        name = m["name"].lower()
        if name == "script":
            scripted = not m["close"]
        elif not scripted:
            tags[name].append((m.start(), not m["close"]))
    return tags


def needs_script(text: str) -> bool:
    """Tell whether what a page shows needs the script of the service.

    >>> needs_script("<a class=twitter-timeline href=/x>Ann</a>"), needs_script("<p>Fog</p>")
    (True, False)
    """
    return bool(_LIVE.search(text))
