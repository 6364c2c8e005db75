"""Print how often what is said to be so sure is right: `python tests/tables/calibrate.py CORPUS`.

Of the labelled sets `text`, `flattened` and `languages`: a citation is right when it is one of the labelled ones and
its author, day and words are those of the label, as far as the label has them. What is said is `confidence` times
`text_confidence`. Several texts of one article count as one.
"""

from __future__ import annotations

import gzip
import json
import sys
from collections import Counter, defaultdict
from collections.abc import Iterator
from pathlib import Path
from typing import Any, NamedTuple

from tweetlinks import extract

BINS = (0.0, 0.5, 0.6, 0.7, 0.8, 0.85, 0.9, 0.95, 1.01)
SCORE: Any = None


class Case(NamedTuple):
    """One citation."""

    kind: str
    weight: float
    said: float
    right: bool


def texts(corpus: Path) -> Iterator[Case]:
    """Yield the citations of the texts that were labelled by hand."""
    for line in filter(None, (corpus / "text" / "gold.jsonl").read_text(encoding="utf-8").split("\n")):
        row = json.loads(line)
        for citation in extract(row["text"], format="text").citations:
            if citation.kind == "embed" and not any(
                SCORE.overlap(citation.span, span) for span in row.get("ignore", ())
            ):
                yield case("text", 1.0, citation, [right(row["text"], citation, gold) for gold in row["citations"]])


def right(text: str, citation: Any, gold: dict[str, Any]) -> bool | None:
    """Tell whether a citation is what a label says; None when it is another one."""
    at, words, day = gold["attribution"], gold["text"], gold.get("date_iso")
    if gold.get("kind", "attributed") == "attributed":
        if not (
            SCORE.fold(citation.screen_name) == SCORE.fold(gold["screen_name"]) and SCORE.overlap(citation.span, at)
        ):
            return None
        if day and gold.get("date_survives", True) and day != citation.date:
            return False
        if gold["author_name"] and SCORE.squash(gold["author_name"]) != SCORE.squash(citation.author_name):
            return False
    elif not SCORE.overlap(citation.span, words or at):
        return None
    return words is None or SCORE.trim(text, citation.text_span or [0, 0]) == SCORE.trim(text, words)


def outputs(corpus: Path, name: str) -> Iterator[Case]:
    """Yield the citations of what extractors made of pages, whose labels are those of the pages."""
    rows = [
        json.loads(line)
        for line in (corpus / name / "autolabels.jsonl").read_text(encoding="utf-8").split("\n")
        if line
    ]
    rows = [row for row in rows if row["citations"]]
    times = Counter(row["page"] for row in rows)
    for row in rows:
        with gzip.open(corpus / name / f"{row['file']}.gz", "rt", encoding="utf-8", newline="") as file:
            text = file.read()
        known = [gold for gold in row["citations"] if gold.get("has_attribution") and gold.get("attribution")]
        unplaced = {SCORE.fold(gold["screen_name"]) for gold in row["citations"] if not gold.get("attribution")}
        for citation in extract(text, format="text").citations:
            if citation.kind != "embed" or not citation.attribution_span:
                continue
            whole = [gold for gold in known if gold["survives"] == "full" and gold.get("text")]
            found = [right(text, citation, gold) for gold in whole]
            lost = any(right(text, citation, {**gold, "text": None}) for gold in known if gold not in whole)
            if set(found) <= {None} and (lost or SCORE.fold(citation.screen_name) in unplaced):
                continue  # nobody knows its words
            yield case(name, 1 / times[row["page"]], citation, found)


def case(kind: str, weight: float, citation: Any, found: list[bool | None]) -> Case:
    words = 1.0 if citation.text_confidence is None else citation.text_confidence
    return Case(kind, weight, citation.confidence * words, True in found)


def show(name: str, cases: list[Case]) -> None:
    """Print a table."""
    print(f"\n{name}: {len(cases)} citations")
    bins: dict[int, list[Case]] = defaultdict(list)
    for one in cases:
        bins[sum(one.said >= edge for edge in BINS) - 1].append(one)
    for n, rows in sorted(bins.items()):
        weight = sum(row.weight for row in rows)
        said = sum(row.weight * row.said for row in rows) / weight
        share = sum(row.weight * row.right for row in rows) / weight
        edges = f"{BINS[n]:.2f} to {min(BINS[n + 1], 1):.2f}"
        print(f"  {edges}   {len(rows):5} citations   said {said:.3f}   right {share:.3f}")


def cases_of(corpus: Path) -> list[Case]:
    """Return the citations of all sets."""
    global SCORE  # noqa: PLW0603  the scorer lies beside the corpus
    sys.path.insert(0, str(corpus / "eval"))
    import score

    SCORE = score
    return [
        *texts(corpus / "corpus"),
        *outputs(corpus / "corpus", "flattened"),
        *outputs(corpus / "corpus", "languages"),
    ]


def main() -> None:
    """Print the tables of each set, and of all."""
    cases = cases_of(Path(sys.argv[1]))
    for name in ("text", "flattened", "languages"):
        show(name, [one for one in cases if one.kind == name])
    show("all", cases)


if __name__ == "__main__":
    main()
