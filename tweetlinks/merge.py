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

_TOGETHER = 2  # characters between two blocks with nothing between: copies for large and small screens
_FACTS = ("url", "tweet_id", "screen_name", "author_name", "date_text", "source")


def merge(found: list[Found]) -> list[Found]:
    """Return one embed for each tweet at each place, in the order of the page; parents are indexes of the result."""
    kept: list[Found] = []
    around: list[int] = []
    by_id: dict[str, list[int]] = {}
    for embed in sorted(found, key=lambda f: (f.first, -f.last)):
        while around and kept[around[-1]].last < embed.first:
            around.pop()
        tweet_id = embed.mark.tweet_id
        twin = _twin(kept, around, by_id.get(tweet_id or "", []), embed)
        if twin is None:
            twin = len(kept)
            kept.append(embed)
            around.append(twin)
        else:
            kept[twin] = _joined(kept[twin], embed)
            if twin not in around:
                around.append(twin)
                kept[twin] = kept[twin]._replace(last=max(kept[twin].last, embed.last))
        tweet_id = kept[twin].mark.tweet_id
        if tweet_id and twin not in by_id.setdefault(tweet_id, [])[-1:]:
            by_id[tweet_id].append(twin)
    return _with_parents(sorted(kept, key=lambda f: (f.mark.span[0], f.first, -f.last)))


def _twin(kept: list[Found], around: list[int], same_id: list[int], embed: Found) -> int | None:
    """Return the embed before that is the same tweet at the same place, or None."""
    if around and not (embed.mark.tweet_id and kept[around[-1]].mark.tweet_id):
        return around[-1]
    if not same_id:
        return None
    if same_id[-1] in around:
        return same_id[-1]
    last = kept[same_id[-1]].mark
    apart = embed.mark.span[0] - last.span[1] > _TOGETHER
    return None if last.text_span and embed.mark.text_span and apart else same_id[-1]


def _joined(one: Found, other: Found) -> Found:
    """Join two: the place of the one that shows words, else of one that shows anything, and every fact of either."""
    better = other.mark.text_span and (not one.mark.text_span or _is_signed(other) > _is_signed(one))
    best, rest = (other, one) if better else (one, other)
    span = best.mark.span if best.mark.span[0] < best.mark.span[1] else rest.mark.span
    if span[0] <= rest.mark.span[0] <= span[1] + _TOGETHER:
        span = span[0], max(span[1], rest.mark.span[1])
    facts = {name: getattr(best.mark, name) or getattr(rest.mark, name) for name in _FACTS}
    mark = best.mark._replace(span=span, **facts)
    if not mark.text_span and not mark.text and rest.mark.text:
        mark = mark._replace(text=rest.mark.text, links=rest.mark.links)
    if not one.first <= other.first <= one.last:
        return best._replace(mark=mark)
    outer = mark._replace(source=one.mark.source or mark.source)
    return best._replace(mark=outer, first=one.first, last=one.last)


def _is_signed(found: Found) -> bool:
    return found.mark.attribution_span is not None


def _with_parents(kept: list[Found]) -> list[Found]:
    """Name for each embed the nearest one around it."""
    order = sorted(range(len(kept)), key=lambda n: (kept[n].first, -kept[n].last))
    parents: dict[int, int] = {}
    around: list[int] = []
    for n in order:
        while around and kept[around[-1]].last < kept[n].first:
            around.pop()
        if around and kept[n].last <= kept[around[-1]].last and kept[n].first > kept[around[-1]].first:
            parents[n] = around[-1]
        around.append(n)
    return [embed._replace(mark=embed.mark._replace(parent=parents.get(n))) for n, embed in enumerate(kept)]
