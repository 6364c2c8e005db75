"""Write references to tweets as BibLaTeX (`@online`), which BibTeX styles with URLs read as well. Pure."""

from __future__ import annotations

import re

from tweetlinks.record import TYPE_CHECKING
from tweetlinks.write.csl import references, unique

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator
    from typing import Any

    from tweetlinks.model import Document
    from tweetlinks.write import View

__all__ = ["write"]

_SPECIAL = {
    "\\": r"\textbackslash{}", "{": r"\textbraceleft{}", "}": r"\textbraceright{}", "%": r"\%", "&": r"\&", "$": r"\$",
    "#": r"\#", "_": r"\_", "~": r"\textasciitilde{}", "^": r"\textasciicircum{}",
}  # fmt: skip
"""What TeX would run; a brace is named, because BibTeX counts braces with a backslash, too."""
_ESCAPES = str.maketrans(_SPECIAL)
_KEY = re.compile(r"[^A-Za-z0-9]+")  # linear: one run


def write(documents: Iterable[Document], view: View) -> Iterator[str]:  # noqa: ARG001  the family's signature
    r"""Yield an entry for each reference.

    >>> from tweetlinks import extract
    >>> from tweetlinks.write import View
    >>> print("".join(write([extract("Rain! #pier\n— Ann (@ann_b) 3 mai 2017", id="a.txt")], View())), end="")
    @online{a-txt-c1,
      author = {{Ann [@ann\_b]}},
      title = {Rain! \#pier},
      titleaddon = {Tweet},
      organization = {Twitter},
      date = {2017-05-03},
      note = {Quoted in a.txt},
    }
    <BLANKLINE>
    """
    seen = set[str]()
    for item in references(documents):
        key = _key(item["id"])
        if key.lower() in seen:  # BibTeX takes `A` and `a` for the same
            key = unique(key, item["id"])
        seen.add(key.lower())
        yield _entry(item, key)


def _entry(item: dict[str, Any], key: str) -> str:
    author = "".join(each["literal"] for each in item.get("author", ()))
    day, seen = (
        "-".join(f"{part:02}" for part in item[name]["date-parts"][0]) if name in item else None
        for name in ("issued", "accessed")
    )
    fields = {
        "author": author and f"{{{author.translate(_ESCAPES)}}}",  # braces: the name is not to be parted
        "title": item.get("title", "").translate(_ESCAPES),
        "titleaddon": item.get("genre"),
        "organization": item.get("container-title"),
        "date": day,
        "url": item.get("URL", "").translate({ord("{"): "%7B", ord("}"): "%7D", ord("\\"): "%5C"}),
        "urldate": seen if "URL" in item else None,
        "note": item.get("note", "").translate(_ESCAPES),
    }
    lines = [f"  {name} = {{{value}}}," for name, value in fields.items() if value]
    kind = "misc" if item["type"] == "document" else "online"
    return "\n".join([f"@{kind}{{{key},", *lines, "}"]) + "\n\n"


def _key(name: str) -> str:
    """Return a key that every program reads; names in other scripts are told apart by a hash."""
    key = _KEY.sub("-", name).strip("-")
    return key if name.isascii() else unique(key, name)
