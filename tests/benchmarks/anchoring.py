"""Print how many annotations are found again after an edit: `python tests/benchmarks/anchoring.py CORPUS…`.

CORPUS is a file of JSON lines with a `text` each, or a file of text. Each text is annotated, edited, and each of its
citations looked for. An edit says where every character went, so that the right place is known: one is found rightly
when the span begins and ends with the same characters as before, but for what shows nothing. Where citations are
repeated at the top, texts that begin with one are left out: nobody could say which of both is the old one.
"""

from __future__ import annotations

import json
import sys
import time
import unicodedata
from pathlib import Path

ROOT = Path(__file__).parents[2]
sys.path.insert(0, str(ROOT))

from tweetlinks import extract, reanchor, web_annotations  # noqa: E402  the path comes first: nothing is installed
from tweetlinks.write.anchoring import Folded  # noqa: E402

AD = "\n\nAdvertisement: a pier, a boat and a sea. https://t.co/adadadadad\n\n"
TYPOGRAPHY = {'"': "”", "'": "’", "-": "–", " ": "\u00a0"}


class Text:
    """A text of which each character is a piece that may change, and knows where it stands."""

    def __init__(self, text):
        self.pieces = list(text)
        self.before = []

    def place(self, n):
        return sum(map(len, self.before + self.pieces[:n]))

    def text(self):
        return "".join(self.before + self.pieces)

    def change(self, by):
        self.before, self.pieces = [*map(by, self.before)], [*map(by, self.pieces)]


def outside(spans, n):
    return not any(a <= n < b for a, b in spans)


def intro_removed(new, spans):
    first = min((a for a, _ in spans), default=0)
    new.pieces[: first // 2] = [""] * (first // 2)


def ad_inserted(new, spans):
    for n in {a for a, _ in spans if a and outside(spans, a - 1)}:
        new.pieces[n - 1] += AD


def words_deleted(new, spans):
    for n in range(0, len(new.pieces) - 40, 120):
        if all(outside(spans, m) for m in range(n, n + 40)):
            new.pieces[n : n + 40] = [""] * 40


def repeated_at_top(new, spans):
    text = new.text()
    new.before = [char for a, b in spans for char in text[a:b] + "\n\n"]


def first_repeated(new, spans):
    repeated_at_top(new, spans[:1])


def crlf(new, _):
    new.change(lambda piece: piece.replace("\n", "\r\n"))


def nfd(new, _):
    new.change(lambda piece: unicodedata.normalize("NFD", piece))


def nfc(new, _):
    """Compose a letter and its marks: what the marks were is then empty."""
    for n in range(len(new.pieces) - 1, 0, -1):
        both = unicodedata.normalize("NFC", new.pieces[n - 1] + new.pieces[n])
        if unicodedata.combining(new.pieces[n][:1] or " ") and len(both) == 1:
            new.pieces[n - 1], new.pieces[n] = both, ""


def typographic(new, _):
    new.change(lambda piece: "".join(TYPOGRAPHY.get(char, char) for char in piece))


def typos(new, spans):
    """Change one character in thirty inside of each quotation, but in no link and at neither end."""
    text = "".join(new.pieces)
    for a, b in spans:
        for n in range(a + 15, b - 15, 30):
            if text[n].isalpha() and text[n - 1].isspace() and not text.startswith(("http", "pic."), n):
                new.pieces[n] = "x"


def combined(new, spans):
    for edit in (first_repeated, intro_removed, ad_inserted, words_deleted, typographic, nfd, crlf):
        edit(new, spans)


EDITS = {
    "nothing": lambda *_: None,
    "intro removed": intro_removed,
    "ad before each": ad_inserted,
    "words deleted": words_deleted,
    "first repeated": first_repeated,
    "all repeated": repeated_at_top,
    "CRLF": crlf,
    "NFD": nfd,
    "NFC": nfc,
    "typographic": typographic,
    "all of these": combined,
    "typos inside": typos,
}


def shown(text, span):
    """Return a span without what shows nothing at its ends."""
    a, b = span
    while a < b and not Folded(text[a]).text:
        a += 1
    while a < b and not Folded(text[b - 1]).text:
        b -= 1
    return a, b


def measure(texts):
    counts = {name: [0, 0, 0, 0.0] for name in EDITS}
    for text in texts:
        document = extract(text, format="text")
        spans = [citation.span for citation in document.citations]
        marks = web_annotations(document)
        for name, edit in EDITS.items():
            if not spans or (edit in {repeated_at_top, first_repeated, combined} and not text[: min(spans)[0]].strip()):
                continue
            new = Text(text)
            edit(new, spans)
            now = new.text()
            start = time.perf_counter()
            folded = Folded(now)
            found = [reanchor(mark, folded) for mark in marks]
            counts[name][3] += time.perf_counter() - start
            for span, anchor in zip(spans, found, strict=True):
                right = (new.place(span[0]), new.place(span[1]))
                counts[name][0] += 1
                counts[name][1] += anchor is not None and shown(now, anchor.span) == shown(now, right)
                counts[name][2] += anchor is None
                if "-v" in sys.argv and (anchor is None or shown(now, anchor.span) != shown(now, right)):
                    print(name, anchor, right, repr(text[slice(*span)])[:200], len(text))
    return counts


def main():
    texts = []
    for path in map(Path, (word for word in sys.argv[1:] if word != "-v")):
        data = path.read_bytes().decode()
        texts += [json.loads(line)["text"] for line in data.splitlines()] if path.suffix == ".jsonl" else [data]
    print(f"{'edit':18}{'of':>6}{'right':>7}{'lost':>6}{'elsewhere':>11}{'share':>8}{'ms each':>9}")
    for name, (total, right, lost, seconds) in measure(texts).items():
        each = 1000 * seconds / max(total, 1)
        print(f"{name:18}{total:6}{right:7}{lost:6}{total - right - lost:11}{right / max(total, 1):8.3f}{each:9.2f}")


if __name__ == "__main__":
    main()
