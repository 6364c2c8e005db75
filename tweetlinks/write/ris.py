"""Write references to tweets as RIS, which EndNote, Mendeley and Zotero read. Pure.

A tweet is an electronic source (`ELEC`), the type that every program knows; `M3` says that it is a tweet.
"""

from __future__ import annotations

from tweetlinks.record import TYPE_CHECKING
from tweetlinks.write.csl import references, unique

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator
    from typing import Any

    from tweetlinks.model import Document
    from tweetlinks.write import View

__all__ = ["write"]


def write(documents: Iterable[Document], view: View) -> Iterator[str]:  # noqa: ARG001  the family's signature
    r"""Yield a record for each reference.

    >>> from tweetlinks import extract
    >>> from tweetlinks.write import View
    >>> print("".join(write([extract("Rain! #pier\n— Ann (@ann_b) 3 mai 2017", id="a.txt")], View())), end="")
    TY  - ELEC
    ID  - a.txt#c1
    AU  - Ann [@ann_b]
    TI  - Rain! #pier
    PB  - Twitter
    M3  - Tweet
    PY  - 2017
    DA  - 2017/05/03
    N1  - Quoted in a.txt
    ER  -
    <BLANKLINE>
    """
    seen = set[str]()
    for item in references(documents):
        key = " ".join(item["id"].split())
        if key in seen:
            key = unique(key, item["id"])
        seen.add(key)
        yield _record(item, key)


def _record(item: dict[str, Any], key: str) -> str:
    day, seen = (item[name]["date-parts"][0] if name in item else () for name in ("issued", "accessed"))
    rows = [
        ("TY", "GEN" if item["type"] == "document" else "ELEC"),
        ("ID", key),
        *[("AU", each["literal"]) for each in item.get("author", ())],
        ("TI", item.get("title")),
        ("PB", item.get("container-title")),
        ("M3", item.get("genre")),
        ("PY", str(day[0]) if day else None),
        ("DA", "/".join(f"{part:02}" for part in day)),
        ("Y2", "/".join(f"{part:02}" for part in seen)),
        ("LA", item.get("language")),
        ("UR", item.get("URL")),
        ("N1", item.get("note")),
    ]
    lines = [f"{tag}  - {' '.join(value.split())}" for tag, value in rows if value]
    return "\n".join([*lines, "ER  -"]) + "\n\n"
