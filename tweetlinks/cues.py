"""Tell whether a passage says that somebody tweeted, wrote or said something. Pure.

The stems stand in `data/cues.tsv`: a language is added there, not here.
"""

from __future__ import annotations

import re

from tweetlinks.tables import read_table

__all__ = ["says", "tweets"]

_patterns: dict[str, re.Pattern[str]] = {}


def says(passage: str) -> bool:
    """Tell whether a passage holds any cue.

    >>> says("„Nein“, schrieb sie"), says("It rained.")
    (True, False)
    """
    return (_patterns.get("any") or _load("any")).search(passage.lower()) is not None


def tweets(passage: str) -> bool:
    """Tell whether a passage names a tweet or Twitter.

    >>> tweets("Sie twitterte: Nein"), tweets("Sie schrieb: Nein")
    (True, False)
    """
    return (_patterns.get("tweet") or _load("tweet")).search(passage.lower()) is not None


def _load(kind: str) -> re.Pattern[str]:
    # Linear: an alternation of literals.
    stems = [stem for _, group, stem in read_table("cues.tsv", fields=3) if kind == "any" or group != "say"]
    _patterns[kind] = re.compile("|".join(map(re.escape, stems)))
    return _patterns[kind]
