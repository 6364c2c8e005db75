"""Change some stretches of a file and no other byte of it: places in its text are places in its bytes. Pure.

Only what is new is encoded, in the file's own encoding, with a reference (`&#8212;`) for a character that it lacks.
Where the bytes are damaged, so that encoding its text would not give them back, they are decoded one by one.
"""

from __future__ import annotations

import codecs

from tweetlinks.record import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from typing import Any

    from tweetlinks.model import Span

__all__ = ["bytes_of", "spliced"]

_BOMS = (
    (b"\xef\xbb\xbf", "utf-8"), (b"\xff\xfe\0\0", "utf-32-le"), (b"\0\0\xfe\xff", "utf-32-be"),
    (b"\xff\xfe", "utf-16-le"), (b"\xfe\xff", "utf-16-be"),
)  # fmt: skip


def spliced(
    source: str | bytes, text: str, encoding: str | None, changes: Sequence[tuple[Span, str]]
) -> tuple[str | bytes, list[tuple[Span, str | bytes]]] | None:
    """Replace stretches of a source.

    Args:
        source: the source.
        text: what was decoded of it.
        encoding: how; None for a source that is text itself.
        changes: where in `text`, and what comes there; in order, none overlapping another.

    Returns:
        The new source, and for each change where it stands there (in bytes, of a text in code points) and what stood
        there before; None when it cannot be told which bytes make which character.
    """
    if isinstance(source, str):
        return _joined("", source, [(span, new) for span, new in changes])
    codec, head = _codec(source, encoding or "utf-8", text)
    places = _places(source, text, codec, head)
    if places is None:
        return None
    made: list[tuple[Span, bytes]] = []
    for (a, b), new in changes:
        low, high = places(a), places(b)
        if low is None or high is None:
            return None
        made.append(((low, high), bytes_of(new, codec)))
    return _joined(b"", source, made)


def bytes_of(words: str, codec: str) -> bytes:
    r"""Encode words, with a reference for what the encoding lacks.

    >>> bytes_of("— 🌧", "cp1252")
    b'\x97 &#127783;'
    """
    return words.encode(codec, "xmlcharrefreplace")


def _joined(empty: Any, source: Any, changes: Sequence[tuple[Span, Any]]) -> tuple[Any, list[tuple[Span, Any]]]:
    """Put the parts together, all of them text, or all of them bytes."""
    parts: list[Any] = []
    done: list[tuple[Span, Any]] = []
    at = size = 0
    for (low, high), new in changes:
        parts += [source[at:low], new]
        size += low - at
        done.append(((size, size + len(new)), source[low:high]))
        size, at = size + len(new), high
    return empty.join([*parts, source[at:]]), done


def _codec(data: bytes, encoding: str, text: str) -> tuple[str, int]:
    """Return the codec of what follows the byte-order mark, and how many bytes of a mark are not in the text."""
    for bom, name in _BOMS:
        if data.startswith(bom) and (encoding == name or name.startswith(encoding)):
            return name, 0 if text.startswith("\ufeff") and encoding == "utf-8" else len(bom)
    return encoding, 0


def _places(data: bytes, text: str, codec: str, head: int) -> Callable[[int], int | None] | None:
    """Return what says where in the bytes a character begins; None when there is no telling."""
    body = data[head:]
    try:
        whole = text.encode(codec) == body
    except UnicodeEncodeError:
        whole = False
    if not whole:
        starts = _starts(body, text, codec)
        return None if starts is None else lambda n: head + starts[n]

    done = [0, 0]

    def place(n: int) -> int | None:  # asked in order, so that each character is encoded once
        if n < done[0]:
            done[:] = 0, 0
        part = text[done[0] : n].encode(codec)
        if not body.startswith(part, done[1]):
            return None  # inside a shift of ISO 2022
        done[:] = n, done[1] + len(part)
        return head + done[1]

    return place


def _starts(body: bytes, text: str, codec: str) -> list[int] | None:
    """Return where in damaged bytes each character begins, and where the last ends."""
    decoder = codecs.getincrementaldecoder(codec)("replace")
    starts: list[int] = []
    made: list[str] = []
    at = 0
    for n in range(len(body)):
        came = decoder.decode(body[n : n + 1], final=n + 1 == len(body))
        if came:
            waiting = len(decoder.getstate()[0])  # bytes of a character that is not whole yet
            own = not waiting and len(came) > 1  # the last is whole, what is before it came of bytes that make none
            size = 1 if came[-1] == "\ufffd" else len(came[-1].encode(codec))
            starts += [at] * (len(came) - own) + [n + 1 - size] * own
            made.append(came)
            at = n + 1 - waiting
    return [*starts, len(body)] if "".join(made) == text else None
