"""Read what the service's widgets load about a tweet. Pure.

`GET https://cdn.syndication.twimg.com/tweet-result?id=…&token=…`, without an account, undocumented (vercel/react-tweet
`api/fetch-tweet.ts`, MIT; yt-dlp). The token is a float in base 36 as JavaScript writes it. 200 has a `Tweet`, or a
`TweetTombstone` whose text says "deleted", or one without a text for what is withheld; a tweet of a suspended author
has no `user`; `{}` says nothing; 404 is a page of HTML.
"""

from __future__ import annotations

from math import pi
from typing import Any

from tweetlinks.lookups.words import parsed
from tweetlinks.model import Finding
from tweetlinks.record import TYPE_CHECKING

if TYPE_CHECKING:
    from tweetlinks.lookups import Lookup
    from tweetlinks.model import Answer

__all__ = ["STEPS", "first", "token"]

_DIGITS = "0123456789abcdefghijklmnopqrstuvwxyz"
_TOMBS = (
    ("deleted", "tweet-deleted"),
    ("suspend", "tweet-suspended"),
    ("limits who can view", "tweet-protected"),
    ("protected", "tweet-protected"),
    ("no longer exists", "tweet-deleted"),
)
"""What the text of a tombstone says, and what that means; without any of these it is withheld."""


def first(lookup: Lookup) -> Lookup:
    """Ask for the tweet."""
    assert lookup.tweet  # noqa: S101  begin has looked
    tweet_id = lookup.tweet.id
    return lookup.go(f"https://cdn.syndication.twimg.com/tweet-result?id={tweet_id}&token={token(tweet_id)}", "tweet")


def token(tweet_id: str) -> str:
    """Return the token that goes with an id: `((Number(id) / 1e15) * Math.PI).toString(36)` without zeros and the dot.

    >>> token("463440424141459456"), token("20")
    ('14fxvks611f', '6dq1a2xwd93')
    """
    return _base36(int(tweet_id) / 1e15 * pi).replace(".", "").replace("0", "")


def _base36(value: float) -> str:
    """Write a float as V8 does: as many digits as tell it from its neighbours (`DoubleToRadixCString`)."""
    from math import nextafter, ulp

    whole, rest = int(value), value - int(value)
    delta = max(0.5 * (nextafter(value, float("inf")) - value), ulp(0.0))
    digits: list[int] = []
    while rest >= delta:
        rest, delta = rest * 36, delta * 36
        digit = int(rest)
        rest -= digit
        digits.append(digit)
        if (rest > 0.5 or (rest == 0.5 and digit & 1)) and rest + delta > 1:  # noqa: PLR2004  round up
            while digits and digits[-1] == 35:  # noqa: PLR2004  the last digit
                digits.pop()
            if digits:
                digits[-1] += 1
            else:
                whole += 1
            break
    head = ""
    while whole:
        whole, digit = divmod(whole, 36)
        head = _DIGITS[digit] + head
    return (head or "0") + ("." + "".join(_DIGITS[digit] for digit in digits) if digits else "")


def _tweet(lookup: Lookup, answer: Answer) -> Lookup:
    kind = answer.header("content-type") or ""
    if answer.status != 200 or "json" not in kind:  # noqa: PLR2004
        word = {401: "blocked", 403: "blocked", 404: "tweet-missing"}.get(answer.status, "protocol-error")
        return lookup.end(word, error=f"no tweet, but {answer.status} {kind}")
    data = parsed(answer)
    if data.get("__typename") == "TweetTombstone":
        said = str(_inside(data, "tombstone", "text", "text") or "")
        word = next((word for part, word in _TOMBS if part in said.lower()), "tweet-withheld")
        return lookup.end(word, error=said or "it is not shown to those who are not logged in, or not here")
    if data.get("__typename") != "Tweet":
        return lookup.end("unknown", error="it says nothing about the tweet")
    if lookup.tweet and data.get("id_str", lookup.tweet.id) != lookup.tweet.id:
        return lookup.end("protocol-error", error=f"it answers about another tweet: {str(data['id_str'])[:40]}")
    if not isinstance(data.get("user"), dict):
        return lookup.end("tweet-suspended", error="it has no author any more")
    return lookup._replace(found=_finding(lookup, data)).end("tweet-found")


def _finding(lookup: Lookup, data: dict[str, Any]) -> Finding:
    text = data.get("text")
    links = []
    for kind in ("urls", "media"):
        rows = _inside(data, "entities", kind)
        for row in rows if isinstance(rows, list) else ():
            pair = (_inside(row, "url"), _inside(row, "expanded_url"))
            if all(isinstance(url, str) for url in pair):
                links.append(pair)
    return Finding(
        "syndication",
        lookup.url,
        "tweet-found",
        text=text if isinstance(text, str) else None,
        screen_name=_word(_inside(data, "user", "screen_name")),
        author_name=_word(_inside(data, "user", "name")),
        created_at=_word(data.get("created_at")),
        date=(_word(data.get("created_at")) or "")[:10] or None,
        links=tuple(links),
        cut=isinstance(data.get("note_tweet"), dict),
    )


def _inside(data: Any, *path: str) -> Any:
    for name in path:
        data = data.get(name) if isinstance(data, dict) else None
    return data


def _word(value: Any) -> str | None:
    return value if isinstance(value, str) else None


STEPS = {"tweet": _tweet}
