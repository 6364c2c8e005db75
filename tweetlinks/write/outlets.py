"""Know whose account is an outlet's own, from a table that the reader brings. Pure.

Papers and broadcasters cite their own accounts, too: studies count that as self-citation. Nobody has a
list of all, so it is a CSV of `domain,handle`, a row an account.
"""

from __future__ import annotations

import csv
import re

from tweetlinks.errors import InputError
from tweetlinks.record import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

    from tweetlinks.model import Citation, Document

__all__ = ["host", "is_own", "outlet", "outlets"]

_DOMAIN = re.compile(r"(?:www\.)?(?P<domain>[^\s/:@,]+\.[^\s/:@,.]+)\.?")
_HANDLE = re.compile(r"@?(?P<handle>[A-Za-z0-9_]{1,20})")
_HOST = re.compile(r"https?://(?:[^/?#@]*@)?(?:www\.)?(?P<host>[^/?#:]+)", re.IGNORECASE)
# All linear: the dots of a domain part its classes at most once more.


def outlets(lines: Iterable[str], name: str) -> dict[str, frozenset[str]]:
    """Read the table.

    Args:
        lines: the CSV, whose first row names `domain` and `handle`; other columns are ignored.
        name: what a complaint calls it.

    Returns:
        The handles of each domain, both in small letters.

    Raises:
        InputError: a column is missing, or a row has no domain or no handle; the message names the line.

    >>> outlets(["domain,handle", "paper.example,@The_Paper"], "outlets.csv")
    {'paper.example': frozenset({'the_paper'})}
    """
    rows = csv.DictReader(lines, restval="")
    found: dict[str, frozenset[str]] = {}
    try:
        rows.fieldnames = [each.strip().lower() for each in rows.fieldnames or ()]
        if missing := {"domain", "handle"} - set(rows.fieldnames or ()):
            raise InputError(name, f"no column {' and no '.join(sorted(missing))}: the first row is domain,handle")
        for row in rows:
            domain = _DOMAIN.fullmatch(row["domain"].strip().lower())
            handle = _HANDLE.fullmatch(row["handle"].strip().lower())
            if not (domain and handle):
                wrong = f"no domain: {row['domain']!r}" if not domain else f"no handle: {row['handle']!r}"
                raise InputError(name, f"line {rows.line_num}: {wrong}")
            found[domain["domain"]] = found.get(domain["domain"], frozenset()) | {handle["handle"]}
    except csv.Error as error:
        raise InputError(name, f"line {rows.line_num}: {error}") from error
    return found


def is_own(document: Document, citation: Citation, handles: Mapping[str, frozenset[str]] | None) -> int | None:
    """Tell whether an outlet cites its own account: 1 or 0; None where the outlet or the author is unknown.

    The outlet is told by the host of the article's URL, or else by a folder in its path that is named after the domain.
    """
    own = next(filter(None, map((handles or {}).get, _domains(document))), None)
    return int(citation.screen_name.lower() in own) if own and citation.screen_name else None


def outlet(document: Document) -> str:
    """Return who published an article: the host of its URL, else the folder that it lies in; empty without both."""
    return host(document.url or document.id) or next(reversed(_folders(document)), "")


def host(url: str) -> str:
    """Return the host of a URL in small letters, without `www.`; empty where it has none.

    >>> host("https://me@www.Paper.example:80/a"), host("corpus/a.txt")
    ('paper.example', '')
    """
    found = _HOST.match(url)
    return found["host"].lower().rstrip(".") if found else ""


def _domains(document: Document) -> Iterator[str]:
    """Yield what may be the domain of an outlet: a host, those above it, and the folders of a path."""
    for url in (document.url or "", document.id):
        labels = host(url).split(".")
        yield from (".".join(labels[n:]) for n in range(len(labels) - 1))
    yield from (folder.lower().removeprefix("www.") for folder in _folders(document))


def _folders(document: Document) -> list[str]:
    return document.id.replace("\\", "/").split("/")[:-1]
