"""Print what people use today makes of tweets, for docs/compared.md: `python tests/benchmarks/compared.py`.

The seed's two glued links with a regular expression and ural; then a page of tests/cases/pages as get_text and
trafilatura print it, and the links that a regular expression finds there. What is not installed is left out.
"""

from __future__ import annotations

import re
from importlib import metadata
from pathlib import Path

from tweetlinks import extract

ROOT = Path(__file__).parents[2]
SEED = (ROOT / "seeds" / "000_15df5f8cc0ffe991.txt").read_text(encoding="utf-8")
PAGE = (ROOT / "tests" / "cases" / "pages" / "embed.html").read_text(encoding="utf-8")


def regex(text):
    return re.findall(r"https?://\S+", text)


def ural(text):
    from ural import urls_from_text

    return urls_from_text(text)


def ours(text):
    return [link.url for link in extract(text).links]


def get_text(page):
    from bs4 import BeautifulSoup

    return BeautifulSoup(page, "html.parser").get_text()


def trafilatura(page):
    from trafilatura import extract as text

    return text(page)


def show(name, package, rows):
    version = f" ({package} {metadata.version(package)})" if package else ""
    print("\n".join([f"{name}{version}", *(f"    {row}" for row in rows), ""]))


def tried(name, package, run):
    """Show what comes of it, if it is installed."""
    try:
        rows = run()
    except ImportError as error:
        print(f"{name} is left out: {error}\n")
    else:
        show(name, package, rows)


def tweet_in(page, extractor):
    """Return the lines of a text that hold the tweet of the page, and the links that a regular expression finds."""
    text = extractor(page)
    lines = [line for line in text.splitlines() if "No sailings" in line or "@harbour_office" in line]
    return [*lines, *(f"regex: {url}" for url in regex("\n".join(lines))), *(f"ours:  {url}" for url in ours(text))]


def main():
    tried("regex of the seed", "", lambda: regex(SEED))
    tried("urls_from_text of the seed", "ural", lambda: ural(SEED))
    tried("tweetlinks of the seed", "", lambda: ours(SEED))
    tried("get_text of the page", "beautifulsoup4", lambda: tweet_in(PAGE, get_text))
    tried("trafilatura.extract of the page", "trafilatura", lambda: tweet_in(PAGE, trafilatura))


if __name__ == "__main__":
    main()
