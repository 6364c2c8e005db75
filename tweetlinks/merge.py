"""Make one of what a page writes several times: a tweet in markup, script, hidden copy and wrapper. Pure.

same id, only one of them shows words          one: the shown place, the richer facts
same id, words shown at two places             two
no id, inside or around one with an id         one
another id inside                              two, the inner names the outer as its parent
"""

from __future__ import annotations

from tweetlinks.record import TYPE_CHECKING

if TYPE_CHECKING:
    from tweetlinks.embeds import Found

__all__ = ["merge"]

_FACTS = ("url", "tweet_id", "screen_name", "author_name", "date_text")


def merge(found: list[Found]) -> list[Found]:
    """Return one embed for each tweet at each place, in the order of the page; parents are indexes of the result."""
    kept: list[Found] = []
    for embed in sorted(found, key=lambda f: (f.first, -f.last)):
        twin = next((n for n, other in enumerate(kept) if _same(other, embed)), None)
        if twin is None:
            kept.append(embed)
        else:
            kept[twin] = _joined(kept[twin], embed)
    kept.sort(key=lambda f: (f.mark.span[0], f.first, -f.last))
    return [embed._replace(mark=embed.mark._replace(parent=_parent(kept, n))) for n, embed in enumerate(kept)]


def _same(one: Found, other: Found) -> bool:
    """Tell whether two embeds are the same tweet at the same place."""
    inside = one.first <= other.first <= one.last or other.first <= one.first <= other.last
    if one.mark.tweet_id and other.mark.tweet_id:
        shown = one.mark.text_span is not None and other.mark.text_span is not None
        return one.mark.tweet_id == other.mark.tweet_id and (inside or not shown)
    return inside


def _joined(one: Found, other: Found) -> Found:
    """Join two: the place of the one that shows words, and every fact that either has."""
    best, rest = (other, one) if other.mark.text_span and not one.mark.text_span else (one, other)
    if not best.mark.span[1] > best.mark.span[0] < rest.mark.span[1] and rest.mark.span[0] < rest.mark.span[1]:
        best = best._replace(mark=best.mark._replace(span=rest.mark.span))
    facts = {name: getattr(best.mark, name) or getattr(rest.mark, name) for name in _FACTS}
    mark = best.mark._replace(**facts)
    if not mark.text_span and not mark.text and rest.mark.text:
        mark = mark._replace(text=rest.mark.text, links=rest.mark.links)
    return best._replace(mark=mark, first=min(one.first, other.first), last=max(one.last, other.last))


def _parent(kept: list[Found], n: int) -> int | None:
    """Return the index of the nearest embed around embed `n`."""
    around = [k for k, other in enumerate(kept) if k != n and other.first < kept[n].first <= kept[n].last <= other.last]
    return max(around, key=lambda k: kept[k].first, default=None)
