"""How fast links are found, beside ural's `urls_from_text` in the same run; prints, and is no part of the tests.

    python tests/benchmarks/urls.py [FILE …]

Without files it reads texts of its own: an article without links, one with the links of two tweets in three thousand
characters, and one full of ordinary URLs.
"""

from __future__ import annotations

import sys
from pathlib import Path
from time import perf_counter

from tweetlinks.urls import find_links

PROSE = "Le boulanger a ouvert son four à six heures, et/ou à sept – nul ne le sait. « Du pain ! » dit-il. " * 30
TWEET = (
    "Du #pain pour tous >>> https://t.co/aB3dE6gH9jpic.twitter.com/Kk1Mm2Nn3O\n— Le Four (@le_four) 28 septembre 2016\n"
)
TEXTS = {
    "prose": [PROSE] * 1000,
    "tweets": [PROSE[:1400] + TWEET + PROSE[:1400] + TWEET] * 1000,
    "ordinary URLs": ["Lisez https://boulangerie.example/2016/09/pain.html?page=2 (https://bit.ly/2abc). " * 20] * 200,
}


def rate(find, texts, *, rounds=5):
    """Return MB of UTF-8 a second, the best of some rounds."""
    size = sum(len(text.encode()) for text in texts)
    best = min(_seconds(find, texts) for _ in range(rounds))
    return size / best / 1e6


def _seconds(find, texts):
    start = perf_counter()
    for text in texts:
        find(text)
    return perf_counter() - start


def main(paths):
    """Print one line for each set of texts."""
    try:
        from ural import urls_from_text
    except ImportError:
        urls_from_text = None
    sets = {"files": [Path(path).read_text(encoding="utf-8") for path in paths]} if paths else TEXTS
    for name, texts in sets.items():
        ours = rate(find_links, texts)
        line = f"{name:14} {ours:8.1f} MB/s {sum(len(find_links(text)) for text in texts):7} links"
        if urls_from_text:
            theirs = rate(lambda text: list(urls_from_text(text)), texts, rounds=2)
            line += f"   ural {theirs:6.1f} MB/s   {ours / theirs:6.1f} times"
        print(line)


if __name__ == "__main__":
    main(sys.argv[1:])
