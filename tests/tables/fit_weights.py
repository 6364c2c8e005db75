"""Fit the weights of `data/starts.tsv` and `data/contexts.tsv` on labelled documents, and say how good they are.

    python tests/tables/fit_weights.py starts CORPUS [--write]

CORPUS holds `text/gold.jsonl`, `text/context.jsonl`, `flattened/` and `languages/` as `eval/score.py` describes them.
A conditional logit: for each citation the candidates of `tweetlinks.starts`, the labelled one is right; the weights
maximise the likelihood less an L2 penalty. Printed is the share of right choices on documents that were not fitted on
(five folds, whole documents held out), also of those where the best or the second is right. Needs numpy.
"""

from __future__ import annotations

import argparse
import collections
import gzip
import json
import pathlib
import sys
from typing import TYPE_CHECKING, Any, NamedTuple

import numpy as np

from tweetlinks import contexts, pipeline, starts
from tweetlinks.lexicon import names_of

if TYPE_CHECKING:
    from collections.abc import Iterator

    from tweetlinks.model import Citation, Document


class Case(NamedTuple):
    """A choice that was labelled."""

    name: str
    """The set it is of."""
    page: str
    """The document."""
    candidates: list[list[str]]
    """The features of each."""
    right: list[int]
    """Which of them are right."""
    weight: float
    hedge: tuple[float, bool] | None = None
    """What may be chosen in place of the second: how likely it is, and whether it is right."""


PRIORS = {"leads": 3.0, "before:dot": -3.0, "holds-start": -5.0}
"""What is known without fitting, as the weight the penalty draws to: a colon right before a citation led on in 16 of 16
labelled cases, a full stop alone on a line is the first character of `.@handle`, and no tweet of 3,742 goes on behind a
colon of the article's or with a second `.@handle`."""

PENALTIES = {"starts": 0.05, "contexts": 0.5}
"""The L2 penalty of each table: of those tried (0.05 to 2) the one that was right most often on held-out documents."""

EDGE = " \t\n\r\x0b\x0c\u2028\u2029\xa0\ufeff\u2800>"


def documents(corpus: pathlib.Path) -> Iterator[tuple[str, str, str, list[dict[str, Any]], float]]:
    """Yield set, document (page), text, labels and weight."""
    for line in (corpus / "text/gold.jsonl").open(encoding="utf-8"):
        row = json.loads(line)
        yield "text", row["id"], row["text"], row["citations"], 1.0
    for name in ("flattened", "languages"):
        for line in (corpus / name / "autolabels.jsonl").open(encoding="utf-8"):
            row = json.loads(line)
            text = gzip.decompress((corpus / name / (row["file"] + ".gz")).read_bytes()).decode("utf-8")
            labels = [c for c in row["citations"] if c.get("attribution") and c["survives"] == "full" and c.get("text")]
            yield name, row["page"], text, labels, 0.2


def start_cases(corpus: pathlib.Path) -> tuple[list[Case], collections.Counter[str]]:
    """Return the cases of `starts`, and how many labelled starts were no candidate."""
    cases: list[Case] = []
    absent: collections.Counter[str] = collections.Counter()
    for name, page, text, labels, weight in documents(corpus):
        low = 0
        for label in labels:
            words, attribution = label["text"], label["attribution"]
            if label.get("kind") != "url_only":
                end = len(text[: attribution[0]].rstrip(EDGE)) if not words else words[1]
                end = len(text[:end].rstrip(EDGE))
                names = names_of(label["author_name"], label["screen_name"])
                limit = starts.longest_at(label.get("date_iso"))
                ranked = starts.rank_starts(text, low, end, limit=limit, names=names)
                want = words and words[0] + len(text[words[0] : words[1]]) - len(text[words[0] : words[1]].lstrip(EDGE))
                ats = [start.at for start in ranked]
                if want in ats:
                    cases.append(Case(name, page, [list(s.evidence) for s in ranked], [ats.index(want)], weight))
                else:
                    absent[name] += 1
            low = (attribution or words)[1]
    return cases, absent


def context_cases(corpus: pathlib.Path) -> tuple[list[Case], collections.Counter[str]]:
    """Return the cases of `contexts`, labels that are guesses left out; right is what `eval/score.py` calls right."""
    served = collections.defaultdict(dict)
    for line in (corpus / "text/context.jsonl").open(encoding="utf-8"):
        row = json.loads(line)
        served[row["id"]][row["n"]] = row
    cases: list[Case] = []
    absent: collections.Counter[str] = collections.Counter()
    for line in (corpus / "text/gold.jsonl").open(encoding="utf-8"):
        row = json.loads(line)
        document = pipeline.extract(row["text"])
        around = contexts.Surroundings(document, document.citations)
        gold = [_predicted(document, label) for label in row["citations"]]
        for n, label in served[row["id"]].items():
            citation = gold[n]
            if label["certainty"] == "guess" or citation is None:
                continue
            ranked = contexts.rank_contexts(around, citation)
            right = [k for k, (_, passage, _) in enumerate(ranked) if _serves(passage and passage[0], label)]
            if right:
                early = around.swallowed(citation)
                hedge = early and (early.confidence, _serves(early.span, label))
                weight = 1.0 if label["context"] else 0.15
                cases.append(Case("text", row["id"], [names for _, _, names in ranked], right, weight, hedge))
            else:
                absent["text"] += 1
    return cases, absent


def _predicted(document: Document, label: dict[str, Any]) -> Citation | None:
    """Return the citation that was found for a label: the weights must live with the starts that are found."""
    a, b = label["attribution"] or label["text"]
    return next((c for c in document.citations if c.kind == "embed" and c.span[0] < b and a < c.span[1]), None)


def _serves(span: tuple[int, int] | None, label: dict[str, Any]) -> bool:
    """Tell whether a passage is the labelled one, as `eval/score.py` does."""
    if span is None or not label["context"]:
        return span is None and not label["context"]
    a, b = span
    for c, d in [label["context"], *label.get("alt", [])]:
        overlap = max(0, min(b, d) - max(a, c))
        if (overlap >= 0.5 * (d - c) and b - a <= 4 * (d - c) + 200) or overlap >= 0.8 * (b - a) > 0:
            return True
    return False


class Fit:
    """A conditional logit over named features."""

    def __init__(self, cases: list[Case], names: list[str]) -> None:
        self.names = names
        self.prior = np.array([PRIORS.get(name, 0.0) for name in names], dtype=np.float32)
        index = {name: n for n, name in enumerate(names)}
        rows = [features for case in cases for features in case.candidates]
        self.x = np.zeros((len(rows), len(names)), dtype=np.float32)
        for n, features in enumerate(rows):
            for feature in features:
                if feature in index:
                    self.x[n, index[feature]] = 1
        sizes = np.array([len(case.candidates) for case in cases])
        self.first = np.concatenate([[0], np.cumsum(sizes)[:-1]])
        self.group = np.repeat(np.arange(len(cases)), sizes)
        self.right = np.zeros(len(rows), dtype=bool)
        for start, case in zip(self.first, cases, strict=True):
            self.right[start + np.array(case.right)] = True
        self.weight = np.array([case.weight for case in cases], dtype=np.float32)

    def run(self, penalty: float, rounds: int = 400) -> np.ndarray[Any, Any]:
        """Return the weights (Adam, full batch)."""
        w = np.zeros(len(self.names), dtype=np.float32)
        m, v = np.zeros_like(w), np.zeros_like(w)
        for n in range(1, rounds + 1):
            p = self.probabilities(w)
            q = np.where(self.right, p, 0)
            q /= np.add.reduceat(q, self.first)[self.group] + 1e-12
            gradient = self.x.T @ ((q - p) * self.weight[self.group]) - penalty * (w - self.prior)
            m = 0.9 * m + 0.1 * gradient
            v = 0.999 * v + 0.001 * gradient**2
            w = w + 0.05 * (m / (1 - 0.9**n)) / (np.sqrt(v / (1 - 0.999**n)) + 1e-8)
        return w

    def probabilities(self, w: np.ndarray[Any, Any]) -> np.ndarray[Any, Any]:
        score = self.x @ w
        score -= np.maximum.reduceat(score, self.first)[self.group]
        odds = np.exp(score)
        return odds / np.add.reduceat(odds, self.first)[self.group]

    def correct(self, w: np.ndarray[Any, Any]) -> np.ndarray[Any, Any]:
        """Return for each case whether the right candidate scores best."""
        score = self.x @ w
        right = np.where(self.right, score, -np.inf)
        return np.maximum.reduceat(right, self.first) >= np.maximum.reduceat(score, self.first) - 1e-6


def either(case: Case, chances: np.ndarray[Any, Any]) -> bool:
    """Tell whether the best or the second is right; no passage at all is no second."""
    order = [int(n) for n in np.argsort(-chances, kind="stable")]
    first, *others = [n for n in order if n == order[0] or not case.candidates[n][0].startswith("none")]
    if case.hedge and others and case.hedge[0] > chances[others[0]]:
        return first in case.right or case.hedge[1]
    return first in case.right or any(n in case.right for n in others[:1])


def vocabulary(cases: list[Case], least: int = 3) -> list[str]:
    """Return the features that occur in at least `least` cases."""
    seen = collections.Counter(f for case in cases for f in {f for features in case.candidates for f in features})
    return sorted(name for name, count in seen.items() if count >= least)


def cross_validate(cases: list[Case], penalty: float, folds: int = 5) -> dict[str, tuple[float, float]]:
    """Return by set, of held-out documents, the share of right choices, and of those where one of the best two is."""
    hits: dict[str, list[tuple[bool, bool]]] = collections.defaultdict(list)
    fold = [sum(case.page.encode()) % folds for case in cases]
    for k in range(folds):
        train = [case for case, f in zip(cases, fold, strict=True) if f != k]
        test = [case for case, f in zip(cases, fold, strict=True) if f == k]
        if not train or not test:
            continue
        names = vocabulary(train)
        w = Fit(train, names).run(penalty)
        held = Fit(test, names)
        chances = np.split(held.probabilities(w), held.first[1:])
        for case, ok, of in zip(test, held.correct(w), chances, strict=True):
            hits[case.name].append((bool(ok), either(case, of)))
    return {
        name: (sum(ok for ok, _ in oks) / len(oks), sum(two for _, two in oks) / len(oks)) for name, oks in hits.items()
    }


def write_table(table: str, names: list[str], w: np.ndarray[Any, Any]) -> None:
    """Write the weights into `data/`, under the head of the table that is there."""
    path = pathlib.Path(starts.__file__).parent / "data" / table
    head = [line for line in path.read_text(encoding="utf-8").splitlines() if line.startswith("#")]
    rows = [f"{name}\t{weight:.2f}" for name, weight in zip(names, w, strict=True) if abs(weight) >= 0.005]
    path.write_text("\n".join([*head, *rows]) + "\n", encoding="utf-8")


def main() -> None:
    """Fit, print, and write when asked."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("what", choices=("starts", "contexts"))
    parser.add_argument("corpus", type=pathlib.Path)
    parser.add_argument("--penalty", type=float, help="default: what held-out documents chose for each table")
    parser.add_argument("--write", action="store_true")
    options = parser.parse_args()
    penalty = PENALTIES[options.what] if options.penalty is None else options.penalty
    cases, absent = (start_cases if options.what == "starts" else context_cases)(options.corpus)
    print(f"{len(cases)} cases; labelled but no candidate: {dict(absent)}", file=sys.stderr)
    for name, (share, two) in cross_validate(cases, penalty).items():
        total = sum(case.name == name for case in cases)
        print(f"{name}: {share:.3f} of {total} held out; of all labelled {share * total / (total + absent[name]):.3f}")
        print(f"{name}: best or second {two:.3f}; of all labelled {two * total / (total + absent[name]):.3f}")
    names = vocabulary(cases)
    fit = Fit(cases, names)
    w = fit.run(penalty)
    print(f"fitted on all: {fit.correct(w).mean():.3f}; {len(names)} features")
    if options.write:
        write_table(f"{options.what}.tsv", names, w)


if __name__ == "__main__":
    main()
