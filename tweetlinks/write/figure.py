"""Write one tweet as a quotation that needs no script and no server: in HTML, Markdown, MediaWiki, BBCode. Pure.

words, then `— Name (@handle) date`, as the service's own embed code has it, so that whoever reads it finds it again;
where the words are lost, a line that says so much as is known. Everything that it is given is hostile: nothing of it
becomes markup, a code of a content system or of a site generator, and no link leads but to the web.
"""

from __future__ import annotations

import re
from html import escape
from urllib.parse import quote

from tweetlinks.record import TYPE_CHECKING, Record

if TYPE_CHECKING:
    from collections.abc import Callable

__all__ = ["WRITERS", "Piece", "Quotation", "is_web"]

Piece = tuple[str, str | None]
"""Words, and where they lead: an http(s) URL, or nowhere."""

_CONTROL = re.compile(r"[\x00-\x08\x0b-\x1f\x7f-\x9f]")
_TURNING = re.compile("[\u202a-\u202e\u2066-\u2069]")
"""What turns the direction of the words around a name."""
_WEB = re.compile(r"https?://[^\s\x00-\x20\x7f-\x9f<>\"]+\Z", re.IGNORECASE)
_CODES = str.maketrans({"[": "&#91;", "]": "&#93;", "{": "&#123;", "}": "&#125;"})
"""What content systems and site generators would run in words: `[gallery]`, `{{< x >}}`, `{% include %}`."""
_INLINE = re.compile(r"[\\`*\[\]~|]|(?<![^\W_])_|_(?![^\W_])")
_LEADING = re.compile(r"(?m)^(?P<before>[ \t]*\d{0,9})(?P<mark>[#>+=:.)-])")
_WIKI = re.compile(r"[\[\]{}|<~]|_(?=_)|(?<=_)_|'(?=')|(?<=')'|&(?=#?\w{1,32};)|^[*#:;=-]", re.MULTILINE)
# All linear: single classes, and bounded runs at the start of a line.


class Quotation(Record):
    """A tweet, as far as it is known."""

    words: tuple[Piece, ...]
    """Its words in pieces; empty when they are lost, or shall not be shown."""
    name: str | None
    """Whose it is."""
    handle: str | None
    """The same, without @."""
    date: str | None
    """When, as it is to be printed."""
    moment: str | None
    """When: ISO 8601, a day or a time in UTC."""
    url: str | None
    """Where it is, or was."""
    language: str | None = None
    """What language the source says that the words are in."""
    rightwards: bool = True
    """False for words that the source says run from the right to the left."""
    told_by: str | None = None
    """The look-up that found the words."""
    gone: bool = False
    """A look-up says that it was deleted."""


def _joined(words: tuple[Piece, ...]) -> list[Piece]:
    """Return words with their neighbours that lead nowhere in one piece: what is markup may stand across two."""
    joined: list[Piece] = []
    for said, url in words:
        there = url if is_web(url) else None
        if joined and there is None and joined[-1][1] is None:
            joined[-1] = joined[-1][0] + said, None
        else:
            joined.append((said, there))
    return joined


def is_web(url: str | None) -> bool:
    """Tell whether a URL leads to the web, and to nothing else.

    >>> is_web("https://pier.example/a"), is_web("javascript:alert(1)"), is_web('https://a/"><b>')
    (True, False, False)
    """
    return url is not None and _WEB.match(url) is not None


# ---------------------------------------------------------------- HTML


def _html(q: Quotation, newline: str) -> str:  # noqa: ARG001  one line: it may stand in a list, or where lines are breaks
    """Write a figure with the terms of schema.org."""
    kind = "tweet tweet-deleted" if q.gone else "tweet"
    source = f' data-source="{_attribute(q.told_by)}"' if q.told_by else ""
    opening = f'<figure class="{kind}" itemscope itemtype="https://schema.org/SocialMediaPosting"{source}>'
    if not q.words:
        return f"{opening}<figcaption>{_html_caption(q, 'Tweet: ')}</figcaption></figure>"
    cite = f' cite="{_attribute(q.url)}"' if is_web(q.url) else ""
    lang = f' lang="{_attribute(q.language)}"' if q.language else ""
    turned = "" if q.rightwards else ' dir="rtl"'
    said = "".join(_html_piece(piece) for piece in _joined(q.words))
    said = re.sub(r"\n{2,}", "</p><p>", said).replace("\n", "<br>")
    return (
        f'{opening}<blockquote{cite}{lang}{turned} itemprop="articleBody"><p>{said}</p></blockquote>'
        f"<figcaption>{_html_caption(q, '— ')}</figcaption></figure>"
    )


def _html_piece(piece: Piece) -> str:
    words, url = piece
    shown = _text(words)
    return f'<a href="{_attribute(url)}">{shown}</a>' if is_web(url) else shown


def _html_caption(q: Quotation, start: str) -> str:
    """Write whose a tweet is, and when it was written."""
    at = f'<a itemprop="url" href="https://twitter.com/{_text(q.handle)}">@{_text(q.handle)}</a>' if q.handle else ""
    name = f'<span itemprop="name">{_text(_plain(q.name))}</span>' if q.name else ""
    author = f"{name} ({at})" if name and at else name or at
    person = 'itemprop="author" itemscope itemtype="https://schema.org/Person"'
    shown = _text(_plain(q.date)) if q.date else ""
    day = f'<time itemprop="datePublished" datetime="{_attribute(q.moment)}">{shown}</time>' if q.moment else shown
    if is_web(q.url):
        day = f'<a itemprop="url" href="{_attribute(q.url)}">{day or _text(q.url)}</a>'
    parts = [f"<span {person}>{author}</span>" if author else "", day, "(deleted)" if q.gone else ""]
    return start + (" " if q.words else ", ").join(filter(None, parts)).replace(", (deleted)", " (deleted)")


def _text(words: str | None) -> str:
    return escape(_CONTROL.sub("", words or ""), quote=True).translate(_CODES)


def _attribute(value: str | None) -> str:
    return _text(_plain(value))


def _plain(words: str | None) -> str:
    """Return what stands in a line: on one line, and with nothing that turns the direction of what follows."""
    return " ".join(_TURNING.sub("", words or "").split())


# ---------------------------------------------------------------- Markdown


def _markdown(q: Quotation, newline: str) -> str:
    """Write a quotation; a line break of the words ends in two blanks."""
    name = _marked(_plain(q.name))
    author = f"{name} (@{q.handle})" if name and q.handle else name or (f"@{q.handle}" if q.handle else "")
    date = _marked(_plain(q.date or ("" if q.words else q.moment)))
    gone = " (deleted)" if q.gone else ""
    if not q.words:
        label = ", ".join(filter(None, [author, date])) or "Tweet"
        return f"> Tweet: {_link(label, q)}{gone}"
    said = "".join(_marked_piece(piece) for piece in _joined(q.words))
    said = _LEADING.sub(r"\g<before>\\\g<mark>", "\n".join(line.strip() for line in said.split("\n")))
    lines = [f"> {line}".rstrip() for line in said.split("\n")]
    broken = [
        line + "  " if line != ">" and after not in {">", None} else line
        for line, after in zip(lines, [*lines[1:], None], strict=True)
    ]
    signed = " ".join(filter(None, ["> —", author, _link(date, q)]))
    return newline.join([*broken, ">", signed])


def _marked_piece(piece: Piece) -> str:
    words, url = piece
    if not is_web(url):
        return _marked(words)
    if words in (url, (url or "").partition("://")[2]):
        return quote(words, safe="/:?#@!$&'(+,;=-._~%)")
    return f"[{_marked(words)}]({_target(url)})"


def _link(label: str, q: Quotation) -> str:
    """Write where a tweet is; the title says when it was written, and that this is a quotation of ours."""
    if not is_web(q.url):
        return label
    when = re.sub(r"[^\w:.+-]", "", q.moment or "")
    return f'[{label or when or "Tweet"}]({_target(q.url)} "{f"Tweet, {when}" if when else "Tweet"}")'


def _target(url: str | None) -> str:
    return quote(url or "", safe="/:?#@!$&'+,;=-._~%")


def _marked(words: str) -> str:
    r"""Write words so that Markdown, and what runs before it, show them as they are.

    >>> _marked("a_b *c* {{< x >}} <b> &amp; _d_")
    'a_b \\*c\\* &#123;&#123;&lt; x >&#125;&#125; &lt;b> &amp;amp; \\_d\\_'
    """
    words = _INLINE.sub(r"\\\g<0>", _CONTROL.sub("", words))
    words = re.sub(r"&(?=#?\w{1,32};)", "&amp;", words)
    return words.replace("<", "&lt;").replace("{", "&#123;").replace("}", "&#125;")


# ---------------------------------------------------------------- wikis and forums


def _mediawiki(q: Quotation, newline: str) -> str:
    name, handle = _wiki(_plain(q.name)), f"@{q.handle}" if q.handle else ""
    author = f"{name} ({handle})" if name and handle else name or handle
    date = _wiki(_plain(q.date))
    if is_web(q.url):
        date = f"[{_wiki_target(q.url)} {date or _wiki(_plain(q.moment)) or 'Tweet'}]"
    gone = "(deleted)" if q.gone else ""
    if not q.words:
        return f"<blockquote>Tweet: {', '.join(filter(None, [author, date]))}{' ' * bool(gone)}{gone}</blockquote>"
    said = "".join(f"[{_wiki_target(url)} {_wiki(words)}]" if is_web(url) and words != url else _wiki_words(words, url)
                   for words, url in _joined(q.words))  # fmt: skip
    said = re.sub(r"\s*\n\s*", "<br>", said.strip())  # a line that begins with a blank would be shown as code
    return f"<blockquote>{newline}{said}{newline}— {' '.join(filter(None, [author, date]))}{newline}</blockquote>"


def _wiki_words(words: str, url: str | None) -> str:
    return _wiki_target(url) if is_web(url) else _wiki(words)


def _wiki_target(url: str | None) -> str:
    """Return a URL in which no template, signature, bold face or switch of the wiki is read."""
    return quote(url or "", safe="/:?#@!$&+,;=-._%").replace("__", "_%5F").replace("~~", "~%7E")


def _wiki(words: str) -> str:
    return _WIKI.sub(lambda m: f"&#{ord(m[0])};", _CONTROL.sub("", words))


def _bbcode(q: Quotation, newline: str) -> str:
    name, handle = _forum(_plain(q.name)), f"@{q.handle}" if q.handle else ""
    author = f"{name} ({handle})" if name and handle else name or handle
    date = _forum(_plain(q.date))
    if is_web(q.url):
        date = f"[url={_target(q.url)}]{date or _forum(_plain(q.moment)) or 'Tweet'}[/url]"
    gone = " (deleted)" if q.gone else ""
    if not q.words:
        return f"[quote]Tweet: {', '.join(filter(None, [author, date]))}{gone}[/quote]"
    said = _forum("".join(words for words, _ in q.words)).replace("\n", newline)
    return f"[quote]{said}{newline}— {' '.join(filter(None, [author, date]))}[/quote]"


def _forum(words: str) -> str:
    """BBCode has no escape: a blank that has no width keeps a bracket from opening a code."""
    return re.sub(r"\[(?=[\w/*])", "[\u200b", _CONTROL.sub("", words))


WRITERS: dict[str, Callable[[Quotation, str], str]] = {
    "html": _html,
    "markdown": _markdown,
    "mediawiki": _mediawiki,
    "bbcode": _bbcode,
}
"""What writes a quotation in each language of markup, with the end of a line that the document uses."""
