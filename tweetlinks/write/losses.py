"""Write what is left of the tweets of pages: a table, JSON, or CSV, one row a tweet. Pure.

    a.html → a.txt
      tweet                        words   author  date    id      links   found
      @ann_b 2017-05-03            ✓ whole ✓ kept  ✓ kept  ✗ lost  ~ glued ✓ kept
                                   glued https://t.co/abcdefghij

    1 of 1 tweet kept; lost or cut: id 1

A symbol and a word in each cell, so that it is read without colours and by a screen reader.
"""

from __future__ import annotations

from tweetlinks.lookups.survival import LOSSES, PARTS
from tweetlinks.record import TYPE_CHECKING
from tweetlinks.write.csvrows import row
from tweetlinks.write.jsonl import line
from tweetlinks.write.table import safe, shown_width, wrap

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from tweetlinks.lookups.survival import Audit, Trace
    from tweetlinks.write import View

__all__ = ["COLUMNS", "Count", "write"]

COLUMNS = (
    "page", "text_of", "citation", "kind", "form", "screen_name", "date", "tweet_id", "url",
    *(f"{part}_kept" for part in PARTS), "share", "lost",
    "lost_links", "glued_links", "found_as", "differs", "text",
)  # fmt: skip
"""The columns of CSV, in order."""
_SIGNS = {"whole": "✓", "kept": "✓", "glued": "~", "cut": "~", "other": "~", "lost": "✗", "none": "–"}
_COLOURS = {"✓": "32", "~": "33", "✗": "31", "–": "2"}
_CELL, _WHO, _INDENT = 8, 29, "  "
_WIDE = len(_INDENT) + _WHO + _CELL * len(PARTS) - 1
"""Columns that the table takes; on a narrower terminal a tweet is a few lines."""


class Count:
    """Audits on their way to a writer, counted."""

    def __init__(self, audits: Iterable[Audit], parts: Iterable[str]) -> None:
        """Take the audits, and which losses count."""
        self._audits, self.parts = audits, tuple(parts)
        self.tweets = self.lost = 0
        self.losses = dict.fromkeys(LOSSES, 0)

    def __iter__(self) -> Iterator[Audit]:
        for audit in self._audits:
            self.tweets += len(audit.traces)
            self.lost += len(audit.lost(self.parts))
            for trace in audit.traces:
                for part in trace.lost:
                    self.losses[part] += 1
            yield audit

    def summary(self) -> str:
        """Say in a line how many tweets are left, and what the others lost."""
        if not self.tweets:
            return "no tweet in the pages"
        losses = ", ".join(f"{part} {number}" for part, number in self.losses.items() if number)
        what = f"{self.tweets - self.lost} of {self.tweets} tweet{'s' * (self.tweets != 1)} kept"
        return f"{what}; lost or cut: {losses}" if losses else what


def write(audits: Count, form: str, view: View) -> Iterator[str]:
    """Yield the audits in one of the formats `table`, `jsonl`, `json`, `csv` and `tsv`."""
    if form == "table":
        return _table(audits, view)
    if form in {"csv", "tsv"}:
        return _rows(audits, "," if form == "csv" else "\t")
    records = (line(record) for audit in audits for record in audit.to_dict())
    return _array(records) if form == "json" else (f"{record}\n" for record in records)


def _array(records: Iterable[str]) -> Iterator[str]:
    before = "["
    for record in records:
        yield f"{before}\n{record}"
        before = ","
    yield "[]\n" if before == "[" else "\n]\n"


def _rows(audits: Iterable[Audit], mark: str) -> Iterator[str]:
    yield row(COLUMNS, mark)
    for audit in audits:
        for record in audit.to_dict():
            more = {
                **{f"{part}_kept": word for part, word in record["kept"].items()},
                "lost": " ".join(record["lost"]),
                "lost_links": " ".join(each["url"] for each in record["links"] if each["kept"] in {"cut", "lost"}),
                "glued_links": " ".join(each["url"] for each in record["links"] if each["kept"] == "glued"),
                "differs": " ".join(record["differs"]),
            }
            yield row([more.get(name, record.get(name)) for name in COLUMNS], mark)


def _table(audits: Count, view: View) -> Iterator[str]:
    for audit in audits:
        lines = [_paint(f"{safe(audit.page)} → {safe(audit.text)}", "1", view)]
        if not audit.traces:
            lines.append(_paint(f"{_INDENT}no tweet in this page", "2", view))
        elif view.width >= _WIDE:
            names = "".join(name.ljust(_CELL) for name in PARTS)
            lines.append(_paint(f"{_INDENT}{'tweet'.ljust(_WHO)}{names}".rstrip(), "2", view))
        for trace in audit.traces:
            lines += _tweet(trace, view)
        yield "\n".join(lines) + "\n\n"
    yield audits.summary() + "\n"


def _tweet(trace: Trace, view: View) -> Iterator[str]:
    """Yield the lines of one tweet: its row, then the links that are not as they were, and what is found otherwise."""
    who, words = _who(trace), [getattr(trace, part) for part in PARTS]
    cells = [_paint(f"{_SIGNS[word]} {word}".ljust(_CELL), _COLOURS[_SIGNS[word]], view) for word in words]
    wide = view.width >= _WIDE
    if wide:
        yield f"{_INDENT}{who}{' ' * max(_WHO - shown_width(who), 1)}{''.join(cells)}".rstrip()
    else:
        yield f"{_INDENT}{who}"
        for line_ in wrap(
            ", ".join(f"{part} {_SIGNS[w]} {w}" for part, w in zip(PARTS, words, strict=True)), view.width - 4
        ):
            yield f"{_INDENT * 2}{line_}"
    gutter = len(_INDENT) + _WHO if wide else 2 * len(_INDENT)
    notes = [f"{word} {safe(url)}" for url, word in trace.urls if word != "kept"]
    if trace.words == "cut" and trace.share is not None:
        notes.insert(0, f"words: {trace.share:.0%} of them")
    if trace.differs:
        notes.append(f"found with other {', '.join(trace.differs)}")
    yield from (_paint(" " * gutter + note, "2", view) for note in notes)


def _who(trace: Trace) -> str:
    """Return what tells a tweet from the others, in at most the width of its column."""
    citation = trace.citation
    day = (citation.date or citation.created_at or "")[:10]
    name = (
        f"@{citation.screen_name}" if citation.screen_name else f"id {citation.tweet_id}" if citation.tweet_id else ""
    )
    kind = "" if citation.kind == "embed" else citation.kind
    who = safe(" ".join(filter(None, (name, day, kind))) or citation.author_name or "a tweet")
    return wrap(who, _WHO - 1)[0]


def _paint(text: str, code: str, view: View) -> str:
    return f"\x1b[{code}m{text}\x1b[0m" if view.colour else text
