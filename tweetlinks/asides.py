"""Tell the article of a page from what stands around it: navigation, rails, comments, other articles. Pure.

An element is an aside by its name, its role, or its class and id (`data/asides.tsv`), unless it holds the main heading
or most of the page: themes call the whole page `has-sidebar`. What is inside of an aside is aside.
"""

from __future__ import annotations

import re
from bisect import bisect_left
from functools import cache
from itertools import accumulate

from tweetlinks.record import TYPE_CHECKING, Record
from tweetlinks.tables import read_table

if TYPE_CHECKING:
    from bs4 import Tag

    from tweetlinks.flow import Flow
    from tweetlinks.model import Span

__all__ = ["asides_of"]

_PARTS = frozenset("aside div dl fieldset footer form header li main nav ol section span table td ul".split())  # noqa: SIM905
"""Elements that can be a part of a page."""
_MOST = {"sure": 0.7, "perhaps": 0.35}
"""The share of a page's prose above which an element is no aside, by how sure its name is."""
_AROUND = 100  # characters of a box around one tweet that are not the tweet's
_LEAST = 0.2  # of the text of a page: with less in `<p>` its article is made of other elements
_NAME = r"(?:(?!(?:no|has|with|without|hide|show)[-_])[a-z0-9]+[-_]+)?(?:{})(?:[-_]|\Z)"
"""Where in a class a word of the table stands. Linear: one run, ended by what it cannot hold."""


def asides_of(flow: Flow, embeds: list[tuple[int, Span]]) -> list[tuple[int, int]]:
    """Return the outermost asides, in order, each as the indexes of its first and its last element.

    Args:
        flow: the page.
        embeds: the element and the span of each tweet that was found in it, in any order.
    """
    prose = _Prose(flow)
    heading = next((n for n, tag in enumerate(flow.tags) if tag.name == "h1"), -1)
    embeds = sorted(embeds)
    found: list[tuple[int, int]] = []
    n, article_ends = 0, -1
    while n < len(flow.tags):
        tag, last = flow.tags[n], flow.lasts[n]
        if tag.name == "article":
            article_ends = max(article_ends, last)
        named = _named(tag, in_article=n <= article_ends)
        aside = named and not n <= heading <= last and prose.share(flow.spans[n]) <= _MOST[named]
        if aside and not (n <= article_ends and _holds_one_tweet(flow, n, embeds)):
            found.append((n, last))
            n = last
        n += 1
    return found


def _holds_one_tweet(flow: Flow, n: int, embeds: list[tuple[int, Span]]) -> bool:
    """Tell whether an element of an article is hardly more than one tweet: the box that a site puts around it."""
    low, high = bisect_left(embeds, (n, (0, 0))), bisect_left(embeds, (flow.lasts[n] + 1, (0, 0)))
    if high - low != 1:
        return False
    (a, b), (start, end) = flow.spans[n], embeds[low][1]
    return b - a - (end - start) <= _AROUND


class _Prose:
    """The `<p>` of a page, or all its text where it has few: of that the article has most."""

    def __init__(self, flow: Flow) -> None:
        spans = [span for tag, span in zip(flow.tags, flow.spans, strict=True) if tag.name == "p" and span[0] < span[1]]
        if sum(end - start for start, end in spans) < _LEAST * len(flow.text):
            spans = list(zip(flow.starts, flow.ends, strict=True))
        self.starts = [start for start, _ in spans]
        self.sizes = [0, *accumulate(end - start for start, end in spans)]

    def share(self, span: Span) -> float:
        """Return what share of the prose stands inside a span; 0 on a page without paragraphs."""
        first, last = bisect_left(self.starts, span[0]), bisect_left(self.starts, span[1])
        return (self.sizes[last] - self.sizes[first]) / (self.sizes[-1] or 1)


def _named(tag: Tag, *, in_article: bool) -> str | None:
    """Return how sure the name, role, class and id of an element make it that it is an aside; None for not at all."""
    if tag.name not in _PARTS:
        return None
    rules, attrs = _rules(), tag.attrs
    if tag.name in rules.names:
        own = tag.name == "footer" and in_article  # the footer of an article: sources and credits stand there
        return None if own or _between_paragraphs(tag) else "sure"
    if not attrs:
        return None
    if str(attrs.get("role") or "").lower() in rules.roles:
        return "sure"
    words = [str(word).lower() for word in (*str(attrs.get("class") or "").split(), attrs.get("id") or "")]
    found = next((sure for sure, pattern in rules.patterns if any(map(pattern.match, words))), None)
    if found is None or any(map(rules.article.match, words)):
        return None
    return None if found == "perhaps" and _between_paragraphs(tag) else found


def _sibling(tag: Tag, step: int) -> Tag | None:
    """Return the element before (-1) or after (1) an element, text in between not counted."""
    node = tag.next_sibling if step > 0 else tag.previous_sibling
    while node is not None and not isinstance(node, type(tag)):
        node = node.next_sibling if step > 0 else node.previous_sibling
    return node


def _between_paragraphs(tag: Tag) -> bool:
    """Tell whether an element stands between the paragraphs of an article: then it is a part of it."""
    before, after = _sibling(tag, -1), _sibling(tag, 1)
    return before is not None and after is not None and before.name == after.name == "p"


class _Rules(Record):
    """The table, made ready."""

    names: frozenset[str]
    roles: frozenset[str]
    patterns: tuple[tuple[str, re.Pattern[str]], ...]
    article: re.Pattern[str]


@cache
def _rules() -> _Rules:
    rows = read_table("asides.tsv", fields=3)
    kinds = {name: [word for kind, word, _ in rows if kind == name] for name in ("element", "role", "article", *_MOST)}
    words = {name: re.compile(_NAME.format("|".join(kinds[name]))) for name in ("article", *_MOST)}
    patterns = tuple((sure, words[sure]) for sure in _MOST)
    return _Rules(frozenset(kinds["element"]), frozenset(kinds["role"]), patterns, words["article"])
