"""Give a citation its tweet back, and say what speaks for and against it. Pure.

    links      what each link of a tweet is to it: its own picture, a tweet it quotes, a page elsewhere
    identity   the id, from the tweet's own media link or from its own URL
    checks     the printed day against the id, the handle against the link, the language, the length

`pic.twitter.com/S` is t.co/S, and that leads to `…/status/ID/photo/1` of the very tweet: so a tweet of which only the
words are left gets its id back, and the id holds the time. Each check gives one named piece of evidence, or none;
`data/strengths.tsv` says how much each weighs, for or against.
"""

from __future__ import annotations

import re
import unicodedata

from tweetlinks.ages import estimate
from tweetlinks.record import TYPE_CHECKING
from tweetlinks.strengths import confidence
from tweetlinks.tweets import created_at, parse_status_url, slug, status_url, utc_day

if TYPE_CHECKING:
    from collections.abc import Sequence

    from tweetlinks.model import Citation, Document, Link, TweetRef

__all__ = ["CHECKS", "DOUBTS", "check", "identify", "length", "most"]

DAY = 86_400
_MEDIA = re.compile(r"/status(?:es)?/\d{1,19}/(?:photo|video)/\d")  # linear: parted by /
LIMITS: tuple[tuple[str, int], ...] = (
    ("2006-03-21", 140),
    ("2017-09-26", 280),  # "Giving you more characters to express yourself", the trial; for all on 7 November
    ("2023-02-08", 4_000),  # for subscribers: 9to5mac.com/2023/02/08/twitter-supersizes-tweets-4000-characters
    ("2023-04-14", 10_000),
    ("2023-06-29", 25_000),
)
"""Since which day a tweet may have so many characters."""
SHORT = 23
"""Characters that a link counts, whatever its length (twitter-text, `config/v3.json`)."""
ONCE = (range(0x1100), range(0x2000, 0x200E), range(0x2010, 0x2020), range(0x2032, 0x2038))
"""Letters that count once since 2017; the others count twice (twitter-text, `config/v3.json`)."""
UNCOUNTED = "2016-09-19"
"""Since which day a picture, a film and a quoted tweet do not count (newsbytesapp.com/timeline/Science/3379/20135): the
last link may be one. The handles that a reply begins with were announced with these, and followed in 2017."""
FIRST_DAY = "2006-03-21"
"""Of the first tweet, which is the first row of `data/old_ids.tsv`."""
DOUBTS = frozenset({"id!=link", "media-of-other"})
"""What the page of a picture may say against a citation; neither gives it an id."""
SLACK = 1.05
"""A printed tweet may be a little longer than it was: blanks and dashes that an extractor added."""


def identify(document: Document) -> Document:
    """Return the document with what its links tell about its tweets.

    Of a link of a tweet: its `role`. Of a tweet: the id, URL and time, the evidence, and the confidence that it gives.
    """
    if not document.citations:
        return document
    links = list(document.links)
    citations = []
    for citation in document.citations:
        own = _own(citation, [links[n] for n in citation.links])
        found = _identified(citation, own)
        for n in citation.links:
            links[n] = links[n]._replace(role=_role(found, links[n]))
        citations.append(check(found, language=document.language))
    return document._replace(citations=tuple(citations), links=tuple(links))


def check(citation: Citation, *, language: str | None = None) -> Citation:
    """Return a citation with the evidence of all checks, and the confidence that all its evidence gives.

    Args:
        citation: a citation, identified as far as may be.
        language: the language of the article, BCP 47; None for unknown.
    """
    named = [name for test in CHECKS if (name := test(citation, language)) and name not in citation.evidence]
    moment = created_at(citation.tweet_id) if citation.tweet_id else None
    guess = estimate(citation.tweet_id) if citation.tweet_id and not moment else None
    if not named and moment == citation.created_at and guess == citation.created_estimate:
        return citation
    evidence = (*citation.evidence, *named)
    sure = confidence(evidence, form=citation.form)
    return citation._replace(created_at=moment, created_estimate=guess, evidence=evidence, confidence=sure)


def _own(citation: Citation, links: Sequence[Link]) -> tuple[TweetRef, str] | None:
    """Return the tweet that a link of a citation says it is, and the name of that evidence.

    A picture belongs to the tweet when the handles agree, or when the citation has none: one may show the picture of
    another. A tweet that was cut short ends in `…` and the link to itself, which names nobody.
    """
    for link in reversed(links):  # its picture is the last one
        tweet = link.resolution.tweet if link.resolution else None
        if tweet is None or link.resolution is None:
            continue
        if _MEDIA.search(link.resolution.final_url or ""):
            return tweet, _of_picture(citation, tweet)
        if not tweet.screen_name and _is_behind_ellipsis(citation, link):
            return tweet, "own-link"
    return None


def _of_picture(citation: Citation, tweet: TweetRef) -> str:
    """Name what the page of a picture says about the citation that shows it."""
    if citation.tweet_id:
        return "media-link" if citation.tweet_id == tweet.id else "id!=link"
    strangers = citation.screen_name and tweet.screen_name and not _same(citation.screen_name, tweet.screen_name)
    return "media-of-other" if strangers else "media-link"


def _identified(citation: Citation, own: tuple[TweetRef, str] | None) -> Citation:
    """Give a citation the id that its link holds; one that it has already stays, and is confirmed or not."""
    if own is None:
        return citation
    tweet, name = own
    if name in DOUBTS or (citation.tweet_id and citation.tweet_id != tweet.id):
        return _named(citation, *({name} & DOUBTS))
    author = citation.screen_name or tweet.screen_name
    same = name == "media-link" and citation.attribution_span and _same(citation.screen_name, tweet.screen_name)
    url = citation.url or status_url(tweet._replace(screen_name=author))
    named = _named(citation, name, *(["handle=link"] if same else []))
    return named._replace(tweet_id=tweet.id, url=url, screen_name=author)


def _named(citation: Citation, *names: str) -> Citation:
    return citation._replace(evidence=(*citation.evidence, *(name for name in names if name not in citation.evidence)))


def _role(citation: Citation, link: Link) -> str | None:
    """Say what a link is to the tweet that holds it; None where that is not known."""
    found = link.resolution
    tweet = (found.tweet if found else None) or (parse_status_url(link.url) if link.kind == "status" else None)
    url = (found.final_url if found else None) or link.url
    if tweet:
        if tweet.id == citation.tweet_id:
            return "self-media" if _MEDIA.search(url) else "self"
        return "quote"
    if link.kind == "media":
        return "self-media"
    if link.kind in {"profile", "hashtag"} or (found and found.expansion == "expanded"):
        return "outlink"
    return None if slug(link.url) or found or link.kind == "shortener" else "outlink"


def _same(one: str | None, other: str | None) -> bool:
    return bool(one and other) and (one or "").casefold() == (other or "").casefold()


def _is_behind_ellipsis(citation: Citation, link: Link) -> bool:
    words = citation.text or ""
    return bool(link.raw) and words.partition(link.raw)[0].rstrip().endswith(("…", "..."))


# ---------------------------------------------------------------- the checks


def _day(citation: Citation, _language: str | None) -> str | None:
    """Compare the printed day with the day in the id: embed codes print that of UTC (159 of 159 real ones)."""
    if not (citation.date and citation.tweet_id and citation.date_text):
        return None
    day = utc_day(citation.tweet_id)
    if day is None:
        return _old_day(citation.date, citation.tweet_id)
    apart = abs(_number(day) - _number(citation.date))
    return "date=id" if apart == 0 else "date~id" if apart == 1 else "date!=id"


def _old_day(day: str, tweet_id: str) -> str | None:
    """Compare the printed day with the days in which such an id was given out."""
    guess = estimate(tweet_id)
    if guess is None:
        return None
    apart = abs(_number(guess.at[:10]) - _number(day)) * DAY
    return "id-range" if apart <= guess.within + DAY else "date!=id"


def _handle(citation: Citation, _language: str | None) -> str | None:
    """Compare the handle of the attribution with that in the tweet's URL, which nobody checks when it is opened."""
    tweet = parse_status_url(citation.url) if citation.url and citation.attribution_span else None
    ours = {"media-link", "own-link"} & {*citation.evidence}  # the URL was made of the attribution
    if tweet is None or ours or not (tweet.screen_name and citation.screen_name):
        return None
    return "handle=link" if _same(tweet.screen_name, citation.screen_name) else "handle!=link"


def _possible(citation: Citation, _language: str | None) -> str | None:
    """Ask whether there can be such a tweet: ids were never that high, or the first tweet came later."""
    if citation.tweet_id and not (created_at(citation.tweet_id) or estimate(citation.tweet_id)):
        return "no-such-id"
    return "too-early" if citation.date and citation.date < FIRST_DAY else None


def _date_language(citation: Citation, language: str | None) -> str | None:
    """Compare the language of the date, which is that of the embed code, with that of the article."""
    named = next((name[5:] for name in citation.evidence if name.startswith("date:")), None)
    spoken = (language or "").partition("-")[0].lower()
    return "date-language" if named and spoken and named.partition("-")[0].lower() == spoken else None


def _long(citation: Citation, _language: str | None) -> str | None:
    """Compare the length of the words with what a tweet of that day could have."""
    if not (citation.date and citation.text):
        return None
    return "length" if length(citation.text, day=citation.date) <= most(citation.date) * SLACK else "too-long"


CHECKS = (_day, _handle, _possible, _date_language, _long)
"""Every check, in the order in which its evidence is named."""

_REPLY = re.compile(r"\A(?:\s*@\w{1,20})+")  # linear: each round eats an @
_LINK = re.compile(r"(?:https?://|pic\.twitter\.com/|pic\.x\.com/)\S+")  # linear: one run


def length(text: str, *, day: str) -> int:
    """Count the characters of a tweet as the service did on a day.

    >>> length("Rain https://t.co/aaaaaaaaaa", day="2015-09-28"), length("雨", day="2018-01-01")
    (28, 2)
    """
    plain = unicodedata.normalize("NFC", text)
    links, words = _LINK.findall(plain), _LINK.sub("", plain)
    if day >= UNCOUNTED:
        words = _REPLY.sub("", words)
        links = [link for link in links[:-1] if not link.startswith("pic.")]
    more = sum(not any(ord(letter) in letters for letters in ONCE) for letter in words) if day >= LIMITS[1][0] else 0
    return len(links) * SHORT + len(words) + more


def most(day: str) -> int:
    """Return how many characters a tweet of a day could have.

    >>> most("2016-09-28"), most("2020-01-01")
    (140, 280)
    """
    return max((limit for since, limit in LIMITS if since <= day), default=LIMITS[0][1])


def _number(day: str) -> int:
    """Number the days, so that they can be subtracted."""
    from datetime import date

    return date.fromisoformat(day).toordinal()
