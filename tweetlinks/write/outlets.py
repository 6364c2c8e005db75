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
    from collections.abc import Iterable, Mapping

    from tweetlinks.model import Citation, Document

__all__ = ["is_own", "outlets"]

_DOMAIN = re.compile(r"(?:www\.)?(?P<domain>[^\s/:@,]+\.[^\s/:@,.]+)\.?")
_HANDLE = re.compile(r"@?(?P<handle>[A-Za-z0-9_]{1,20})")
# Both linear: the dots of a domain part its classes at most once more.


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
    rows = csv.DictReader(lines)
    found: dict[str, frozenset[str]] = {}
    try:
        if missing := {"domain", "handle"} - set(rows.fieldnames or ()):
            raise InputError(name, f"no column {' and no '.join(sorted(missing))}: the first row is domain,handle")
        for row in rows:
            domain = _DOMAIN.fullmatch((row["domain"] or "").strip().lower())
            handle = _HANDLE.fullmatch((row["handle"] or "").strip().lower())
            if not (domain and handle):
                wrong = f"no domain: {row['domain']!r}" if not domain else f"no handle: {row['handle']!r}"
                raise InputError(name, f"line {rows.line_num}: {wrong}")
            found[domain["domain"]] = found.get(domain["domain"], frozenset()) | {handle["handle"]}
    except csv.Error as error:
        raise InputError(name, f"line {rows.line_num}: {error}") from error
    return found


def is_own(document: Document, citation: Citation, handles: Mapping[str, frozenset[str]] | None) -> int | None:
    """Tell whether an outlet cites its own account: 1 or 0; None where the outlet or the author is unknown.

    The outlet is told by the host of the article's URL, or by a folder in its path that is named after the domain.
    """
    own = next(filter(None, map((handles or {}).get, _domains(document))), None)
    return int(citation.screen_name.lower() in own) if own and citation.screen_name else None


def _domains(document: Document) -> list[str]:
    """Return what may be the domain of an outlet: a host, those above it, and the folders of a path."""
    address = (document.url or document.id).lower()
    if "://" not in address:
        return address.split("/")
    host = address.split("/")[2].rpartition("@")[2].partition(":")[0].rstrip(".")
    labels = host.split(".")
    return [".".join(labels[n:]) for n in range(len(labels) - 1)]
