"""Make HTML of values, all of which are hostile: tweets hold what strangers wrote. Pure.

What is a `str` is escaped, what is `Html` stands as it is, and only `tag` and `join` make that. Nothing here knows a
citation.
"""

from __future__ import annotations

import re

from tweetlinks.record import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable

__all__ = ["Html", "join", "tag", "web"]

_VOID = frozenset(("input", "link", "meta", "path", "rect"))
"""Elements without an end tag; `path` and `rect` are of SVG and end themselves."""
_SPECIAL = {"&": "&amp;", "<": "&lt;", ">": "&gt;", '"': "&quot;", "'": "&#39;"}
# Characters that HTML must not hold, halves of pairs, which no encoding takes, and what turns words around, which only
# deceives: languages that are written from the right need no override. One class: linear.
_FORBIDDEN = re.compile("[\u202d\u202e\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\ud800-\udfff\ufdd0-\ufdef\ufffe\uffff]")
_ESCAPED = re.compile("[&<>\"']")


class Html(str):
    """Markup that stands as it is."""

    __slots__ = ()


def tag(name: str, /, *children: object, **attributes: object) -> Html:
    r"""Return an element.

    Args:
        name: its name.
        children: what it holds: `Html` as it is, None is nothing, all else as text.
        attributes: None and False leave one out, True has no value; `class_` is `class`, `aria_label` is `aria-label`.

    >>> tag("p", "a < b", tag("b", "!"), None, class_="x", hidden=True, title=None)
    '<p class="x" hidden>a &lt; b<b>!</b></p>'
    """
    opened = "".join(
        f" {key.rstrip('_').replace('_', '-')}" + ("" if value is True else f'="{_escaped(str(value))}"')
        for key, value in attributes.items()
        if value is not None and value is not False
    )
    if name in _VOID:
        return Html(f"<{name}{opened}{'/' if name in ('path', 'rect') else ''}>")
    return Html(f"<{name}{opened}>{join(children)}</{name}>")


def join(parts: Iterable[object], between: str = "") -> Html:
    """Return parts one after the other, text escaped.

    >>> join(["<", tag("b", "x"), None])
    '&lt;<b>x</b>'
    """
    return Html(
        between.join(part if isinstance(part, Html) else _escaped(str(part)) for part in parts if part is not None)
    )


def web(url: str | None) -> str | None:
    """Return a URL that a reader may follow; None where it is of another kind than http and https.

    >>> web("https://example.org/"), web("javascript:alert(1)")
    ('https://example.org/', None)
    """
    return url if url and url[:8].lower().startswith(("http://", "https://")) else None


def _escaped(text: str) -> str:
    return _ESCAPED.sub(lambda found: _SPECIAL[found[0]], _FORBIDDEN.sub("\ufffd", text))
