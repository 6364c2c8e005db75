"""Tell roughly in which language or script a passage is written, to see where one ends and another begins. Pure.

This is a cue among many for `starts` and `contexts`, never a fact of the record: a few words are enough, and a wrong
guess costs a little weight. Other scripts than Latin are named by the script (`Arab`, `Jpan`, …), not the language.
"""

from __future__ import annotations

import re

from tweetlinks.tables import read_table

__all__ = ["language_of"]

_SAMPLE = 400  # characters
_WORD = re.compile(r"[^\W\d_]+")
_SCRIPT = re.compile(
    r"(?P<Arab>[\u0600-\u06ff]{2})|(?P<Cyrl>[\u0400-\u04ff]{2})|(?P<Grek>[\u0370-\u03ff]{2})|(?P<Hebr>[\u0590-\u05ff]{2})"
    r"|(?P<Jpan>[\u3040-\u30ff])|(?P<Hani>[\u4e00-\u9fff]{2})|(?P<Kore>[\uac00-\ud7af])|(?P<Deva>[\u0900-\u0d7f]{2})"
    r"|(?P<Thai>[\u0e00-\u0e7f]{2})|(?P<Latn>[A-Za-z\u00c0-\u024f]{4})"
)
# Linear: classes of a bounded length.

_function_words: dict[str, frozenset[str]] = {}


def language_of(passage: str) -> str | None:
    """Return the language of a passage in Latin script, or the other script; None when it is too short to tell.

    >>> language_of("the end of the year and of the war"), language_of("Kein Bild ist nicht auch ein Bild")
    ('en', 'de')
    >>> language_of("OK"), language_of("Опять дождь")
    (None, 'Cyrl')
    """
    sample = passage[:_SAMPLE]
    if not sample.isascii():
        match = _SCRIPT.search(sample)
        if match and match.lastgroup != "Latn":
            return "Jpan" if match.lastgroup == "Hani" else match.lastgroup
    words = set(_WORD.findall(sample.lower()))
    best, second, name = 0, 0, None
    for language, known in (_function_words or _load()).items():
        count = len(words & known)
        if count > best:
            best, second, name = count, best, language
        elif count > second:
            second = count
    return name if best > second and best > 1 else None


def _load() -> dict[str, frozenset[str]]:
    for language, words in read_table("function_words.tsv", fields=2):
        _function_words[language] = frozenset(words.split())
    return _function_words
