"""Read what the service's oEmbed endpoint says of a tweet: its embed code. Pure.

`GET https://publish.twitter.com/oembed?url=…` needs no account and is meant to be kept (developer.x.com, "oEmbed API").
200 has the author and a `<blockquote>`; 404 is a tweet that is not there, whyever; 403 with an `error` one that is
protected or of a suspended author. publish.x.com redirects to publish.twitter.com (php-embed/Embed, tests, 2024-06).
"""

from __future__ import annotations

from tweetlinks.lookups.words import linked, parsed, words
from tweetlinks.model import Finding
from tweetlinks.record import TYPE_CHECKING
from tweetlinks.tweets import parse_status_url, status_url

if TYPE_CHECKING:
    from tweetlinks.lookups import Lookup
    from tweetlinks.model import Answer

__all__ = ["STEPS", "first"]

_REFUSALS = (("suspend", "tweet-suspended"), ("not authorized", "tweet-protected"))
"""What an `error` says, and what that means; else it is us whom the service refuses."""
HOSTS = frozenset({"publish.twitter.com", "publish.x.com"})


def first(lookup: Lookup) -> Lookup:
    """Ask for the embed code."""
    from urllib.parse import quote

    assert lookup.tweet  # noqa: S101  begin has looked
    about = quote(status_url(lookup.tweet), safe="")
    return lookup.go(f"https://publish.twitter.com/oembed?url={about}&omit_script=true&dnt=true", "embed")


def _embed(lookup: Lookup, answer: Answer) -> Lookup:
    if 300 <= answer.status < 400:  # noqa: PLR2004
        return _elsewhere(lookup, answer)
    if answer.status == 404:  # noqa: PLR2004
        return lookup.end("tweet-missing")
    data = parsed(answer)
    if answer.status in {401, 403}:
        said = str(data.get("error") or "")
        word = next((word for part, word in _REFUSALS if part in said.lower()), "blocked")
        return lookup.end(word, error=said or f"it answered {answer.status}")
    html = data.get("html")
    if answer.status != 200 or not isinstance(html, str):  # noqa: PLR2004
        return lookup.end("protocol-error", error=f"no embed code, but {answer.status} {answer.header('content-type')}")
    if "url" in data and not lookup.is_about(data["url"]):
        return lookup.end("protocol-error", error=f"it answers about another tweet: {str(data['url'])[:200]}")
    return lookup._replace(found=_finding(lookup, data, html)).end("tweet-found")


def _elsewhere(lookup: Lookup, answer: Answer) -> Lookup:
    from urllib.parse import urljoin

    try:
        there = urljoin(answer.url, answer.header("location") or "")
    except ValueError:
        there = ""
    host = there.partition("://")[2].partition("/")[0]
    if host not in HOSTS or not there.startswith("https://"):
        return lookup.end("protocol-error", error=f"it leads to {there[:200]}")
    return lookup.go(there, "embed")


def _finding(lookup: Lookup, data: dict[str, object], html: str) -> Finding:
    """Read the embed code as any page is read."""
    told = words(html)
    named = parse_status_url(str(data.get("url") or ""))
    author = named.screen_name if named else None
    name = data.get("author_name")
    return Finding(
        "oembed",
        lookup.url,
        "tweet-found",
        text=told.text,
        screen_name=author or told.screen_name,
        author_name=name if isinstance(name, str) else None,
        date=told.date,
        links=linked(html),
    )


STEPS = {"embed": _embed}
