"""Write a report that people look at: one file of HTML, which needs no script and loads nothing. Pure.

Of one article it shows the paragraphs and, beside each, the tweets that are cited there (`article`); of several it sums
up first whom they cite, when, and what became of the links (`overview`). Its policy forbids all but its own style sheet
(`data/report.css`) and an empty icon, so that nothing that a tweet holds can do more than be read.
"""

from __future__ import annotations

from tweetlinks.record import TYPE_CHECKING
from tweetlinks.tables import read_text
from tweetlinks.write.article import article, heading, link
from tweetlinks.write.fates import FATES
from tweetlinks.write.markup import Html, join, tag
from tweetlinks.write.overview import Overview, filters
from tweetlinks.write.table import safe

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from tweetlinks.model import Document
    from tweetlinks.write import View

__all__ = ["write"]

SHOWN = 50
"""So many articles are shown in whole; of a larger corpus only the overview says more."""


def write(documents: Iterable[Document], view: View) -> Iterator[str]:  # noqa: ARG001  the family's signature
    """Yield the report, whole, when the last document has passed; nothing where there is none."""
    overview, folds, alone = Overview(), list[Html](), None
    for n, document in enumerate(documents, 1):
        prefix, cites = f"d{n}", any(citation.in_article for citation in document.citations)
        shown = cites and len(folds) < SHOWN
        overview.add(document, f"#{prefix}" if shown else None)
        alone = document if n == 1 else None
        if shown:
            name = tag("summary", heading(document), dir="auto")
            folds.append(tag("details", name, _section(document, prefix), open=True))
    if alone:
        yield from _page(heading(alone), [_section(alone, "d1")])
    elif overview.documents:
        bodies = [_summed(overview, overview.citing - len(folds)), tag("h2", "The articles"), *folds]
        yield from _page(f"Tweets in {overview.documents:,} articles", bodies)


def _summed(overview: Overview, left: int) -> Html:
    more = tag("p", f"{left:,} more articles cite tweets; a report of each shows it in whole.") if left > 0 else None
    return tag("div", overview.figures(), *overview.charts(), overview.table(), more)


def _section(document: Document, prefix: str) -> Html:
    facts = [document.url, document.language, document.archived_at and f"archived {document.archived_at}"]
    counts = f"{_count(len(document.citations), 'citation')}, {_count(len(document.links), 'link')}"
    line = " · ".join([counts, *(safe(fact) for fact in facts if fact)])
    where = tag("p", link(document.url, safe(document.id)), " · ", line, class_="quiet")
    return join([where, article(document, prefix)])


def _count(number: int, noun: str) -> str:
    return f"{number:,} {noun}" + "s" * (number != 1)


def _page(name: str, bodies: list[Html]) -> Iterator[str]:
    style = Html("\n" + read_text("report.css") + filters() + "\n")
    head = tag(
        "head",
        tag("meta", charset="utf-8"),
        tag("meta", http_equiv="Content-Security-Policy", content=_policy(style)),
        tag("meta", name="viewport", content="width=device-width, initial-scale=1"),
        tag("meta", name="referrer", content="no-referrer"),
        tag("meta", name="generator", content="tweetlinks"),
        tag("link", rel="icon", href="data:,"),
        tag("title", name),
        tag("style", style),
    )
    yield f'<!doctype html>\n<html lang="en">{head}<body class="tweetlinks"><main>{tag("h1", name, dir="auto")}'
    yield from bodies
    yield tag("footer", _legend(), tag("p", "Made by tweetlinks, without a script; nothing is loaded.", class_="quiet"))
    yield "</main></body></html>\n"


def _legend() -> Html:
    rows = [
        tag("li", tag("span", f"{each.symbol} {each.name}", class_=f"fate is-{each.name}"), " ", each.meaning)
        for each in FATES.values()
    ]
    return tag("ul", *rows, class_="legend", aria_label="what became of links")


def _policy(style: str) -> str:
    from base64 import b64encode
    from hashlib import sha256

    digest = b64encode(sha256(style.encode()).digest()).decode()
    return f"default-src 'none'; style-src 'sha256-{digest}'; img-src data:; base-uri 'none'; form-action 'none'"
