"""Measure what extractors lose of the tweets of pages: `python tests/benchmarks/extractors.py [PAGE…]`.

Prints the table of docs/audit.md: how many tweets of tests/cases/pages kept each part, of those that have it. An
extractor that is not installed is left out, and named on standard error:

    python -m venv /tmp/extractors
    /tmp/extractors/bin/python -m pip install . trafilatura readability-lxml goose3 newspaper4k jusText
    /tmp/extractors/bin/python tests/benchmarks/extractors.py
"""

from __future__ import annotations

import logging
import sys
import warnings
from importlib import metadata
from pathlib import Path

from tweetlinks import audit, extract
from tweetlinks.lookups.survival import PARTS

PAGES = sorted((Path(__file__).parents[1] / "cases" / "pages").glob("*.html"))


def trafilatura(html):
    from trafilatura import extract as text

    return text(html)


def trafilatura_with_links(html):
    from trafilatura import extract as text

    return text(html, output_format="markdown", include_links=True)


def readability(html):
    from readability import Document

    return Document(html).summary()


def readability_as_text(html):
    import lxml.html

    return lxml.html.fromstring(readability(html)).text_content()


def goose(html):
    from goose3 import Goose

    with Goose() as reader:
        return reader.extract(raw_html=html).cleaned_text


def newspaper(html):
    from newspaper import Article

    article = Article("https://paper.example/article")
    article.download(input_html=html)
    article.parse()
    return article.text


def justext(html):
    from justext import get_stoplist
    from justext import justext as paragraphs

    return "\n\n".join(
        each.text for each in paragraphs(html.encode(), get_stoplist("English")) if not each.is_boilerplate
    )


def soup(html):
    from bs4 import BeautifulSoup

    return BeautifulSoup(html, "html.parser").get_text()


EXTRACTORS = (
    ("trafilatura", "trafilatura", "", trafilatura, "text"),
    ("trafilatura", "trafilatura", "Markdown, include_links", trafilatura_with_links, "markdown"),
    ("readability-lxml", "readability", "summary, HTML", readability, "html"),
    ("readability-lxml", "readability", "text_content of it", readability_as_text, "text"),
    ("goose3", "goose3", "", goose, "text"),
    ("newspaper4k", "newspaper", "", newspaper, "text"),
    ("jusText", "justext", "English", justext, "text"),
    ("beautifulsoup4", "bs4", "get_text", soup, "text"),
)
"""Distribution, module, how it is used, what does it, and the format of what it makes."""


def row(name, how, run, form, pages):
    """Return one line of the table."""
    traces = [trace for page in pages for trace in audit(page, run(page) or "", text_format=form).traces]
    cells = []
    for part in PARTS:
        words = [word for trace in traces if (word := getattr(trace, part)) != "none"]
        kept, glued = sum(word in {"kept", "whole"} for word in words), words.count("glued")
        cells.append(f"{kept}/{len(words)}" + (f" ({glued} glued)" if glued else ""))
    gone = sum("tweet" in trace.lost for trace in traces)
    version = metadata.version(name)
    return f"| {' '.join(filter(None, (name, version)))}{f', {how}' if how else ''} | {gone} | {' | '.join(cells)} |"


def main():
    warnings.simplefilter("ignore")
    logging.disable(logging.CRITICAL)
    pages = [Path(name).read_text(encoding="utf-8") for name in sys.argv[1:]] or [
        path.read_text(encoding="utf-8") for path in PAGES
    ]
    tweets = sum(len(audit(page, "").traces) for page in pages)
    assert tweets == sum(len(extract(page).citations) for page in pages), "all of them are in the article"
    print(f"| {tweets} tweets of {len(pages)} pages | lost as a whole | {' | '.join(PARTS)} |")
    print("| --- " * (len(PARTS) + 2) + "|")
    for name, module, how, run, form in EXTRACTORS:
        try:
            __import__(module)
        except ImportError as error:
            print(f"{name} is left out: {error}", file=sys.stderr)
        else:
            print(row(name, how, run, form, pages))


if __name__ == "__main__":
    main()
