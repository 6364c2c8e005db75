"""Find the embedded tweets of a parsed page: every form of `data/embeds.toml`, and placeholders of any site. Pure.

    elements whose attributes name a tweet → read by the first form that fits, else as a placeholder

What a form does not show (the words of an `<iframe>`) is left out, never guessed. Words that stand in the page keep
their place in its text. Which HTML is hidden in scripts and templates is the business of `hidden`.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from functools import cache
from itertools import accumulate
from urllib.parse import unquote

from tweetlinks.attributions import Attribution, attributions
from tweetlinks.blanks import EDGE
from tweetlinks.cards import read_card
from tweetlinks.errors import TableError
from tweetlinks.model import Mark
from tweetlinks.page import embeds_table, is_notice, keys_of, names_of, read_status, selector, values_of
from tweetlinks.record import TYPE_CHECKING, Record
from tweetlinks.tweets import parse_status_url

if TYPE_CHECKING:
    from bs4 import Tag

    from tweetlinks.flow import Flow
    from tweetlinks.model import Span, TweetRef
    from tweetlinks.page import Page

__all__ = ["Found", "find_embeds"]

_SKIPPED = frozenset("area base body form html img input link meta picture script source style".split())  # noqa: SIM905
"""Elements whose attributes do not embed: pictures, fields, what describes the page."""
_PRESSED = frozenset(("a", "button"))
"""Elements that embed only by attributes of their site: the others say where they lead."""
_ID_NAME = re.compile(r"(?:(?:tweet|twitter|status)s?[-_]?id|[-_]tweet)\Z|\Atweet(?!.*limit)", re.IGNORECASE)
"""The name of an attribute that holds the id of a tweet."""
_ANY_ID = re.compile(r"data-(?:embed-?|social-?|media-?|resource-?|status-?)?id\Z", re.IGNORECASE)
"""The name of one that holds an id of something: of a tweet where the element says that it is one."""
_OTHERS = ("account", "author", "collection", "limit", "list", "moment", "timeline", "user", "widget")
"""What an id under such a name is of instead."""
_SERVICE = re.compile(r"(?<![a-z])(?:twitter|tweet|x-post)(?![a-z]{3})", re.IGNORECASE)
_SHARES = re.compile(
    r"shar(?:e|ing)|follow|button|icon|intent|pixel|addthis|(?<![a-z])(?:ads?|like|widgets/)(?![a-z])", re.IGNORECASE
)
"""What an element does that only names the service."""
_EMBED_URL = re.compile(
    r"""platform\.(?:twitter|x)\.com/embed/[^"'<>\s]{0,4000}?[?&;]id=(?P<id>[1-9][0-9]{0,18})(?![0-9])
      | /twitter\.min\.html\#(?P<hash>[1-9][0-9]{0,18})(?![0-9])""",
    re.VERBOSE,
)
"""The page that an `<iframe>` of the service, or of s9e, loads."""
_STATUS_INSIDE = re.compile(
    r"(?:https?:)?//(?:www\.|mobile\.)?(?:twitter|x)\.com/(?:\#!/)?@?\w{1,20}/(?:web/)?status(?:es)?/[1-9][0-9]{0,18}(?![0-9])"
)
_DIGITS = re.compile(r"[1-9][0-9]{0,18}")
_ID_IN_JSON = re.compile(r"""["']?tweet_?id["']?\s*[:=]\s*["']?(?P<id>[1-9][0-9]{4,18})(?![0-9])""", re.IGNORECASE)
_ID_IN_NAME = re.compile(r"(?:\A|\s)(?:[\w-]{0,40}-)?tweet-(?:id-)?(?P<id>[1-9][0-9]{14,18})(?:\s|\Z)")
_LOOSE = re.compile(
    r"""(?: — | ― | – | --? | &mdash; ) [ \xa0]* (?P<name> [^\n—]{0,80}? ) \s* \(@ (?P<handle> \w{1,20} ) \)
        \s* (?P<date> [^\n]{0,60} ) \Z""",
    re.VERBOSE,
)
"""An attribution without a date that can be read: enough where the markup says that it is a tweet."""
# All linear: bounded runs, or runs parted by what they cannot hold.
_NAME = re.compile(r"(?:—|―)[ \xa0]*(?P<name>[^\n—―]{1,80}?)\s*\Z")
_SNOWFLAKE = 15  # digits from which a number under a general name can be the id of a tweet
_LARGE = 2_000  # characters of an attribute that is a store of data, not a value
_LONGEST = 6_000  # characters of an element that can be one tweet
_LONGEST_DATE = 60  # characters
_NESTED = 24  # elements inside each other that name a tweet and are looked at


class Found(Record):
    """An embed, and the elements that it was found in."""

    mark: Mark
    first: int
    """Index of its element."""
    last: int
    """Index of the last element inside."""


class _Form(Record):
    """A row of the table."""

    name: str
    selector: str
    reads: str
    id: tuple[str, ...] = ()
    url: tuple[str, ...] = ()
    quoted: str = ""


def find_embeds(page: Page) -> list[Found]:
    """Return the embeds among the elements that a reader sees, in order, each as often as it is written."""
    found: list[Found] = []
    around: list[int] = []
    flow = page.flow
    for n in _hinted(flow):
        while around and around[-1] < n:
            around.pop()
        if len(around) < _NESTED:
            found += _read(page, n)
            around.append(flow.lasts[n])
    return found


def _hinted(flow: Flow) -> list[int]:
    """Return the elements that say one of the hints of the table; all are searched at once, as one text."""
    shown = [n for n, tag in enumerate(flow.tags) if not flow.hidden[n] and not flow.deep[n]]
    told = [_described(flow.tags[n]).lower() for n in shown]
    ends = list(accumulate(len(words) + 1 for words in told))
    everything, found = "\n".join(told), set()
    for hint in embeds_table()["hints"]:
        at = everything.find(hint)
        while at >= 0:
            k = bisect_right(ends, at)
            found.add(shown[k])
            at = everything.find(hint, ends[k])
    return sorted(found)


def _described(tag: Tag) -> str:
    """Return the name of an element and all its attributes say; the items of a list are told by what the list says."""
    told = tag.parent if tag.name == "li" and not tag.attrs and tag.parent else tag
    return " ".join([tag.name, *told.attrs, *values_of(told)]) if told.attrs else tag.name


def _read(page: Page, n: int) -> list[Found]:
    """Read element `n` by the first form that fits, else as a placeholder; with it the tweets that it quotes."""
    tag, last = page.flow.tags[n], page.flow.lasts[n]
    words = names_of(tag)
    for form in _forms():
        keys = keys_of(form.selector)
        if keys is not None and keys.isdisjoint(words):
            continue
        if selector(form.selector).match(tag) and (mark := _READERS[form.reads](page, n, form)):
            return [Found(mark, n, last), *_quoted(page, n, form)]
    mark = _placeholder(page, n)
    return [Found(mark, n, last)] if mark else []


def _quoted(page: Page, n: int, form: _Form) -> list[Found]:
    """Return the tweets inside a card that have an id of their own."""
    found = []
    for tag in page.select(n, form.quoted) if form.quoted else ():
        k = page.flow.index.get(id(tag))
        if k is not None and page.links(k) and (mark := read_card(page, k, form=form.name)):
            found.append(Found(mark, k, page.flow.lasts[k]))
    return found


# ---------------------------------------------------------------- a card, a quotation, a frame


def _card(page: Page, n: int, form: _Form) -> Mark | None:
    return read_card(page, n, form=form.name, url=form.url, id=form.id, quoted=form.quoted)


def _quote(page: Page, n: int, form: _Form) -> Mark | None:
    """Read words with an attribution behind them; None when it shows no tweet and leads to none."""
    span = page.flow.spans[n]
    if span[1] - span[0] > _LONGEST:
        return None
    links = page.links(n)
    url, tweet = links[-1][1:] if links else (None, None)
    dated = page.flow.spans[links[-1][0]] if links else None
    attribution = _attribution(page.text, span, dated)
    tweet_id = tweet.id if tweet else _id_at(page, n, form)
    end = span[1]
    if attribution:
        end = attribution.span[0]
    elif dated and dated[1] == end and dated[0] < dated[1]:
        end = dated[0]
    words = page.words((span[0], end))
    if not (tweet_id or attribution or words):
        return None
    author = (attribution and attribution.screen_name) or (tweet and tweet.screen_name)
    date = None if attribution else _shown(page.text, dated, span)
    mark = Mark("embed", span, form.name, url, tweet_id, screen_name=author, date_text=date, text_span=words)
    if attribution:
        facts = attribution.author_name, attribution.date_text, attribution.span
        mark = mark._replace(author_name=facts[0], date_text=facts[1], attribution_span=facts[2])
    return mark


def _attribution(text: str, span: Span, dated: Span | None) -> Attribution | None:
    """Return the attribution that ends a quotation: what the link to the status shows is its date."""
    words, low = text[slice(*span)], span[0]
    found = attributions(words)
    if found:
        a, b = found[-1].span
        date = _shown(text, dated, span) or found[-1].date_text
        return found[-1]._replace(span=(low + a, low + b), date_text=date)
    loose = _LOOSE.search(words.rstrip(EDGE))
    if not loose:
        return _nameless(text, span, dated)
    date = _shown(text, dated, span) or loose["date"].strip() or None
    end = low + (loose.end("date") if loose["date"].strip() else loose.end("handle") + 1)
    name = loose["name"].strip() or None
    return Attribution((low + loose.start(), end), name, loose["handle"], None, date, None, "—", end)


def _nameless(text: str, span: Span, dated: Span | None) -> Attribution | None:
    """Return the attribution that prints no handle: a dash and a name before the link to the status."""
    signed = _NAME.search(text[span[0] : dated[0]]) if dated else None
    if not signed or not dated:
        return None
    place = (span[0] + signed.start(), dated[1])
    return Attribution(place, signed["name"], "", None, _shown(text, dated, span), None, "—", place[1])


def _shown(text: str, dated: Span | None, span: Span) -> str | None:
    """Return what the link to the status shows, when it ends the quotation and is no notice and no URL."""
    if dated is None or text[dated[1] : span[1]].strip(EDGE):
        return None
    shown = " ".join(text[slice(*dated)].split())
    return shown if shown and len(shown) < _LONGEST_DATE and "/" not in shown and not is_notice(shown) else None


def _frame(page: Page, n: int, form: _Form) -> Mark | None:
    """Read an element that shows nothing but knows the id."""
    url, tweet = next(map(read_status, page.at(n, form.url)), ("", None))
    tweet_id = tweet.id if tweet else _id_at(page, n, form)
    return Mark("embed", page.flow.spans[n], form.name, url if tweet else None, tweet_id) if tweet_id else None


def _id_at(page: Page, n: int, form: _Form) -> str | None:
    return next((value for value in page.at(n, form.id) if _DIGITS.fullmatch(value)), None)


_READERS = {"card": _card, "frame": _frame, "quote": _quote}


# ---------------------------------------------------------------- placeholders


def _placeholder(page: Page, n: int) -> Mark | None:
    """Read an element of any site that names a tweet in an attribute; its words, where it holds a whole quotation."""
    span = page.flow.spans[n]
    url, tweet_id = _named(n, page)
    if tweet_id is None:
        return None
    mark = Mark("embed", span, "placeholder", url, tweet_id)
    own = [link for _, link, tweet in page.links(n) if tweet.id == tweet_id]
    if span[0] < span[1]:
        quote = _quote(page, n, _Form("placeholder", "", "quote"))
        if quote and quote.tweet_id == tweet_id and quote.attribution_span:
            return quote
    return mark._replace(url=url or own[-1]) if own else mark


def _named(n: int, page: Page) -> tuple[str | None, str | None]:
    """Return the URL and the id that an element's attributes give: a status URL, or an id under a name that says so."""
    tag = page.flow.tags[n]
    if tag.name in _SKIPPED or (tag.name == "a" and "/" in str(tag.get("href") or "")):
        return None, None
    outer = str(tag.parent.attrs.get("class") or "").split() if tag.parent else ()
    around = " ".join([tag.name, *outer, *tag.attrs, *values_of(tag)])
    for name, value in zip(tag.attrs, values_of(tag), strict=True):
        if len(value) > _LARGE or (name == "href" and tag.name != "div"):
            continue
        if tag.name in _PRESSED and not (name.startswith("data-") and not _SHARES.search(" ".join(values_of(tag)))):
            continue
        url, tweet = _url_inside(value) if "status" in value else ("", None)
        if tweet:
            return url, tweet.id
        tweet_id = _id_inside(name, value, around)
        if tweet_id:
            return None, tweet_id
    return None, None


def _id_inside(name: str, value: str, around: str) -> str | None:
    """Return the id that an attribute holds: as the page of an embed, a number, JSON, or the end of a name."""
    page = _EMBED_URL.search(value) if "embed/" in value or "#" in value else None
    if page:
        return page["id"] or page["hash"]
    number = value.strip()
    if _DIGITS.fullmatch(number):
        return number if _names_id(name, number, around) else None
    found = (
        _ID_IN_JSON.search(value) if "{" in value else _ID_IN_NAME.search(value) if name in {"class", "id"} else None
    )
    return found and found["id"]


def _names_id(name: str, number: str, around: str) -> bool:
    """Tell whether an attribute of that name holds the id of a tweet."""
    if any(other in name for other in _OTHERS):
        return False
    if _ID_NAME.search(name.removeprefix("data-")):
        return True
    if len(number) < _SNOWFLAKE or _SHARES.search(around) or not _SERVICE.search(around):
        return False
    return _ANY_ID.search(name) is not None or name in {"id", "tweet"}


def _url_inside(value: str) -> tuple[str, TweetRef | None]:
    """Return the one status URL that a value is or holds, percent-encoded or not."""
    url, tweet = read_status(value)
    if tweet:
        return url, tweet
    plain = unquote(unquote(value)).replace("\\/", "/")
    urls = _STATUS_INSIDE.findall(plain)
    tweets = {tweet.id for url in urls if (tweet := parse_status_url(url))}
    return read_status(urls[0]) if len(tweets) == 1 and not _SHARES.search(plain) else ("", None)


# ---------------------------------------------------------------- the table


@cache
def _forms() -> tuple[_Form, ...]:
    forms = []
    for row in embeds_table()["form"]:
        if row["reads"] not in _READERS:
            message = f"data/embeds.toml: form {row['name']!r} reads {row['reads']!r}; one of: {', '.join(_READERS)}"
            raise TableError(message)
        places = tuple(row.get("id", ())), tuple(row.get("url", ()))
        forms.append(_Form(row["name"], row["selector"], row["reads"], *places, row.get("quoted", "")))
    return tuple(forms)
