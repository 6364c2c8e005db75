"""Read plain text into a `Document`: decode, cut into paragraphs. Pure.

A paragraph is a line, or a block of lines where the document is wrapped at a fixed width. Its span leaves out white
space and `> ` marks at the left. Nothing of the text is changed: spans are code points of the decoded input.
"""

from __future__ import annotations

import re
from operator import sub

from tweetlinks.blanks import BREAKS, EDGE, SPACE
from tweetlinks.errors import InputError
from tweetlinks.model import Document, Mark, Paragraphs

__all__ = ["decode", "paragraphs", "read_text", "refuse_binary"]

_BOMS = (
    (b"\xef\xbb\xbf", "utf-8"),
    (b"\xff\xfe\x00\x00", "utf-32"),
    (b"\x00\x00\xfe\xff", "utf-32"),
    (b"\xff\xfe", "utf-16"),
    (b"\xfe\xff", "utf-16"),
)
_HEAD = 20  # characters: blanks and a mark of the encoding may stand before JSON
_DATA = ("{", "[")
"""How JSON begins."""
_STATUS = r"https?:[^\s\"'<>]{3,60}status(?:es)?\\{0,2}/(?P<id>[1-9][0-9]{0,18})[^\s\"'<>\\]{0,200}"
_QUOTED = r"(?s)blockquote.{1,20000}?/blockquote"
# Both linear: bounded runs between literals.
_ODD = ">\ufeff\u2800"
_EDGES = frozenset(EDGE)
_RARE_BREAKS = BREAKS.replace("\n", "")
_WRAPPED = (45, 100)  # characters of a line that was cut at a fixed width
_LEAST_LINES = 2
_RAGGED = 3  # characters by which a wrapped line may be shorter than it had to be
_LONGEST_HEADING = 200
_CONTROL = re.compile(r"[\x00-\x08\x0e-\x1a\x7f]")


def read_text(source: str | bytes, *, id: str = "", url: str | None = None) -> Document:
    r"""Read plain text.

    >>> doc = read_text("A title\n\nTwo words.\r\n")
    >>> [(p.span, p.kind, p.locator) for p in doc.paragraphs]
    [((0, 7), 'heading', 'line 1'), ((9, 19), 'body', 'line 3')]

    Raises:
        InputError: the bytes are no text.
    """
    text, encoding = (source, None) if isinstance(source, str) else decode(source, id=id)
    marks = _marks_of_data(text) if text[:_HEAD].lstrip(SPACE)[:1] in _DATA and "status" in text else ()
    return Document(text, id, "text", encoding, paragraphs(text), marks, url=url)


def _marks_of_data(text: str) -> tuple[Mark, ...]:
    """Return the tweets in a text that is JSON: an article as its content system writes it.

    Each stands where its id stands first; its URLs and its HTML are no citations of their own.
    """
    from tweetlinks.hidden import find_in_data
    from tweetlinks.merge import merge
    from tweetlinks.read.html import parse

    embeds = [found.mark._replace(parent=None) for found in merge(find_in_data(text, parse))]
    ids = {mark.tweet_id for mark in embeds if mark.tweet_id}
    again = [m.span() for m in re.finditer(_STATUS, text) if m["id"] in ids]
    again += [m.span() for m in re.finditer(_QUOTED, text) if any(tweet_id in m[0] for tweet_id in ids)]
    return (*embeds, *[Mark("verbatim", span) for span in sorted(again)])


def decode(data: bytes, *, id: str = "") -> tuple[str, str]:
    """Return the text of `data` and the name of its encoding.

    A byte-order mark decides; else UTF-8 when all of it is valid; else Windows' cp1252, whose five undefined bytes
    become U+FFFD. A mark of UTF-8 stays in the text as U+FEFF, so that spans count what `bytes.decode("utf-8")` gives.

    Raises:
        InputError: it holds NUL or many control bytes, or ends inside a character of UTF-16: no text.
    """
    encoding = next((name for bom, name in _BOMS if data.startswith(bom)), None)
    if encoding in (None, "utf-8"):
        if b"\0" in data:
            raise InputError(id or "<bytes>", "binary data, no text (it holds NUL bytes)")
        try:
            text, encoding = data.decode("utf-8"), "utf-8"
        except UnicodeDecodeError:
            text, encoding = data.decode("cp1252", "replace"), "cp1252"
    else:
        try:
            text = data.decode(encoding)
        except UnicodeDecodeError as error:
            raise InputError(id or "<bytes>", f"damaged {encoding}: {error.reason}") from error
    refuse_binary(text, encoding, id=id)
    return text, encoding


def refuse_binary(text: str, encoding: str, *, id: str = "", what: str = "text") -> None:
    """Refuse what is no text, though its bytes could be read: in valid UTF-8 a control character is a slip.

    Raises:
        InputError: many control characters stand in its beginning.
    """
    if encoding != "utf-8" and len(_CONTROL.findall(text[:4096])) * 20 > len(text[:4096]):
        raise InputError(id or "<bytes>", f"binary data, no {what} (it holds control bytes)")


def paragraphs(text: str) -> Paragraphs:
    """Cut a text into paragraphs, by line or, where it is wrapped, by block of lines."""
    starts: list[int] = []
    ends: list[int] = []
    numbers: list[int] = []
    kinds: dict[int, str] = {}
    plain, size = _with_plain_breaks(text), len(text)
    at = number = 0
    while at < size:
        start, end = at, plain.find("\n", at)
        if end < 0:
            end = size
        at, number = end + 1, number + 1
        if start < end and (plain[start] in _EDGES or plain[end - 1] in _EDGES):
            start, end, quoted = _stripped(plain, start, end)
            if quoted:
                kinds[len(starts)] = "quote"
        if start < end:
            starts.append(start)
            ends.append(end)
            numbers.append(number)
    if _may_be_wrapped(starts) and _is_wrapped(text, starts, ends, numbers):
        starts, ends, numbers, kinds = _join(starts, ends, numbers, kinds)
    if len(starts) > 1 and 0 not in kinds and _is_heading(text[starts[0] : ends[0]]):
        kinds[0] = "heading"
    return Paragraphs(starts, ends, numbers, kinds)


def _with_plain_breaks(text: str) -> str:
    """Return a text with the same places in which every line ends in a line feed, as nearly every text has them."""
    for mark in _RARE_BREAKS:
        if mark in text:
            return text.replace("\r\n", " \n").translate(dict.fromkeys(map(ord, _RARE_BREAKS), "\n"))
    return text


def _stripped(text: str, start: int, end: int) -> tuple[int, int, bool]:
    """Return where a line starts and ends without white space and marks of quotation, and whether it has such marks."""
    line = text[start:end]
    body = line.strip()
    quoted = body[:1] == ">"
    if body and body[0] in _ODD:
        body = body.lstrip(EDGE).rstrip(SPACE)
    start += line.index(body)
    return start, start + len(body), quoted and body != ""


def _may_be_wrapped(starts: list[int]) -> bool:
    return len(starts) > _LEAST_LINES and starts[-1] - starts[0] < _WRAPPED[1] * len(starts)


def _is_heading(line: str) -> bool:
    return len(line) <= _LONGEST_HEADING and line[-1] not in ".!?…:;,»”\"'。！？"


def _is_wrapped(text: str, starts: list[int], ends: list[int], lines: list[int]) -> bool:
    """Tell whether lines were broken at a fixed width: cut inside sentences, where the next word did not fit."""
    low, high = _WRAPPED
    if max(map(sub, ends, starts)) > high:
        return False
    inner = [n for n in range(len(starts) - 1) if lines[n + 1] == lines[n] + 1]
    cut = [n for n in inner if low <= ends[n] - starts[n] and text[ends[n] - 1] not in '.!?:”"»…']
    sizes = [ends[n] - starts[n] + 1 + len(text[starts[n + 1] : ends[n + 1]].split(None, 1)[0]) for n in cut]
    width = max([ends[n] - starts[n] for n in cut], default=0)
    full = sum([size > width - _RAGGED for size in sizes])  # the next word would not have fitted
    return full > _LEAST_LINES and full * 2 >= len(inner)


def _join(
    starts: list[int], ends: list[int], lines: list[int], kinds: dict[int, str]
) -> tuple[list[int], list[int], list[int], dict[int, str]]:
    """Join neighbouring lines of one kind into blocks."""
    heads = [
        n for n in range(len(starts)) if n == 0 or lines[n] != lines[n - 1] + 1 or kinds.get(n) != kinds.get(n - 1)
    ]
    tails = [*[n - 1 for n in heads[1:]], len(starts) - 1]
    joined = {block: kinds[n] for block, n in enumerate(heads) if n in kinds}
    return [starts[n] for n in heads], [ends[n] for n in tails], [lines[n] for n in heads], joined
