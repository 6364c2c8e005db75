"""Show an article as HTML: its paragraphs, and beside each the tweets that are cited there. Pure.

Also what a notebook shows of a document, a citation, a link or a resolution. What the article and its tweets hold is
hostile: all of it is escaped, only web links can be followed, and nothing is loaded.
"""

from __future__ import annotations

import re
import unicodedata

from tweetlinks.model import Citation, Document, Link
from tweetlinks.record import TYPE_CHECKING
from tweetlinks.write.fates import fate
from tweetlinks.write.markup import Html, join, tag, web
from tweetlinks.write.table import safe

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from tweetlinks.model import Resolution, Span

__all__ = ["article", "card", "heading", "language", "link", "links_of", "notebook", "outcome", "when", "who"]

_WHOLE = 400
"""An article of more paragraphs is shown around its citations."""
_AROUND = 3
"""How many paragraphs before and after a citation are shown then."""
_LONG, _KEPT = 4_000, 600
"""Of a stretch without a citation that is longer, so much is shown at either end; in code points."""
_SAMPLE = 2_000
"""Code points that tell which way an article is written."""
_CODES = frozenset(
    """aa ab ae af ak am an ar as av ay az ba be bg bh bi bm bn bo br bs ca ce ch co cr cs cu cv cy da de dv dz ee el en
    eo es et eu fa ff fi fj fo fr fy ga gd gl gn gu gv ha he hi ho hr ht hu hy hz ia id ie ig ii ik in io is it iu iw ja
    ji jv jw ka kg ki kj kk kl km kn ko kr ks ku kv kw ky la lb lg li ln lo lt lu lv mg mh mi mk ml mn mo mr ms mt my na
    nb nd ne ng nl nn no nr nv ny oc oj om or os pa pi pl ps pt qu rm rn ro ru rw sa sc sd se sg sh si sk sl sm sn so sq
    sr ss st su sv sw ta te tg th ti tk tl tn to tr ts tt tw ty ug uk ur uz ve vi vo wa wo xh yi yo za zh zu""".split()  # noqa: SIM905  a list is a line a word
)
"""The languages of two letters (IANA's registry of language subtags, of which ISO 639-1 is a part)."""
_FROM_THE_RIGHT = frozenset(("ar", "ckb", "dv", "fa", "he", "iw", "ji", "ps", "sd", "ug", "ur", "yi"))
_TAG = re.compile(r"(?P<code>[a-z]{2,3})(?:-[a-z0-9]{2,8})*\Z")  # linear: parts begin with a hyphen
_NO_WORDS = ("its words are not here", "a mention in prose, which does not say its words")


def article(document: Document, prefix: str | None = "d1") -> Html:
    """Return an article with its citations.

    Args:
        document: what was found; the passages are shown where its text is here.
        prefix: what the ids of its elements start with; None leaves them out, and the ways from one to another too.
    """
    beside, touching = _beside(document), _touching(document)
    rows, last = list[Html](), -1
    for n in [*_shown(document, beside), len(document.paragraphs)]:
        if n > last + 1:
            rows.append(tag("p", f"… {n - last - 1:,} paragraphs without a citation …", class_="left-out"))
        if n < len(document.paragraphs):
            rows.append(_row(document, n, touching.get(n, ()), prefix))
            cards = [card(document, citation, prefix) for citation in beside.get(n, ())]
            rows += [tag("div", *cards, class_="cards")] if cards else []
        last = n
    astray = [card(document, citation, prefix) for citation in beside.get(-1, ())]
    code = language(document)
    return tag("div", *rows, *astray, class_="article", dir=_direction(document, code), lang=code, id=prefix)


def language(document: Document) -> str:
    """Return the tag of an article's language as a browser may be told it; empty where it is unknown.

    Pages say `en_US`, `fr,en` and worse; what is no tag of a language tells a reader's voice nothing.
    """
    first = re.split(r"[,; ]", (document.language or "").strip().replace("_", "-").lower(), maxsplit=1)[0]
    found = _TAG.match(first)
    return first if found and (len(found["code"]) > 2 or found["code"] in _CODES) else ""  # noqa: PLR2004  letters


def heading(document: Document) -> str:
    """Return what an article is called: its title, its first words, or its name."""
    if document.title or not document.paragraphs or document.text_sha256 is not None:
        return safe(document.title or "") or safe(document.id) or "an article"
    words = safe(document.text[slice(*document.paragraphs[0].span)][:200])
    return words[:100] + ("…" if len(words) > 100 else "") or safe(document.id) or "an article"  # noqa: PLR2004  a line


def card(document: Document, citation: Citation, prefix: str | None = "d1") -> Html:
    """Return one citation: the words, who, when, its links with their fate, and what speaks for it."""
    words = citation.text
    quote = tag("blockquote", tag("p", words, dir="auto"), cite=web(citation.url)) if words else None
    lost = None if words else tag("p", _NO_WORDS[citation.kind == "mention"], class_="quiet")
    kind = citation.kind if citation.in_article else f"{citation.kind}, not in the article itself"
    number = tag("span", _number(citation), class_="ref")
    return tag(
        "div",
        tag("p", number, " ", who(citation), " ", when(citation), class_="who"),
        quote,
        lost,
        tag("ul", join(links_of(document, citation)), class_="links") if citation.links else None,
        _about(document, citation, prefix),
        _evidence(citation, kind),
        class_="card",
        id=_place(prefix, _safe_id(citation)),
        role="group",
        aria_label=f"citation {_number(citation)}",
    )


def who(citation: Citation) -> Html:
    """Return the author, with a way to the tweet."""
    printed = safe(citation.author_name or "")
    name = tag("b", tag("bdi", printed)) if printed else None
    handle = tag("bdi", f"@{safe(citation.screen_name)}") if citation.screen_name else None
    shown = join([part for part in (name, handle) if part], " ") or "unknown author"
    return link(citation.url, shown)


def when(citation: Citation) -> Html:
    """Return the day, or the moment that the id holds."""
    if citation.created_at:
        moment = citation.created_at.replace("T", " ").removesuffix("Z")[:16] + " UTC"
        return tag("time", moment, datetime=citation.created_at)
    if citation.date:
        return tag("time", citation.date, datetime=citation.date)
    guess = citation.created_estimate
    if guess:
        return tag("span", "about ", tag("time", guess.at[:10], datetime=guess.at))
    return tag("span", f"“{safe(citation.date_text)}”") if citation.date_text else Html("")


def links_of(document: Document, citation: Citation) -> Iterator[Html]:
    """Yield the links of a citation as items of a list."""
    for each in (document.links[n] for n in citation.links if n < len(document.links)):
        yield tag("li", link(each.url, safe(each.url)), outcome(each.resolution))


def link(url: str | None, shown: object) -> Html:
    """Return a way to a page, which is told nothing about ours; only what is shown, where nobody may follow."""
    inner = shown if isinstance(shown, Html) else tag("bdi", shown)
    return tag("a", inner, href=web(url), rel="noreferrer noopener nofollow") if web(url) else join([inner])


def outcome(resolution: Resolution | None) -> Html:
    """Return what became of a link: symbol, word, where it leads, and why not."""
    found = fate(resolution)
    badge = tag(
        "span", tag("span", found.symbol, aria_hidden="true"), f" {found.name}", class_=f"fate is-{found.name}",
        title=found.meaning,
    )  # fmt: skip
    if resolution is None:
        return tag("div", badge, dir="ltr")
    there = None
    if resolution.final_url and resolution.final_url != resolution.url:
        there = link(resolution.final_url, safe(resolution.final_url))
    words = [resolution.expansion] if found.name == "unasked" else [resolution.expansion, resolution.target]
    why = " / ".join(dict.fromkeys(words))
    if resolution.error and found.name != "unasked":
        why = f"{why}: {resolution.error}"
    return tag("div", badge, " ", there, " ", tag("span", safe(why), class_="quiet"), dir="ltr")


def notebook(value: Document | Citation | Link | Resolution) -> str:
    """Return what a notebook shows of a value: `_repr_html_`."""
    from tweetlinks.tables import read_text

    if isinstance(value, Document):
        inner = [tag("p", tag("b", heading(value))), article(value, None)]
    elif isinstance(value, Citation):
        inner = [card(_alone(value), value._replace(links=(), contexts=()), None)]
    elif isinstance(value, Link):
        inner = [tag("p", link(value.url, safe(value.url))), outcome(value.resolution)]
    else:
        inner = [tag("p", link(value.url, safe(value.url))), outcome(value)]
    return tag("style", Html(read_text("report.css"))) + tag("div", *inner, class_="tweetlinks")


# ---------------------------------------------------------------- parts of an article


def _beside(document: Document) -> dict[int, list[Citation]]:
    """Return the citations by the paragraph beside which they are shown; -1 for those of none."""
    out: dict[int, list[Citation]] = {}
    for citation in document.citations:
        out.setdefault(citation.paragraphs[-1] if citation.paragraphs else -1, []).append(citation)
    return out


def _touching(document: Document) -> dict[int, list[Citation]]:
    """Return the citations by each paragraph that they stand in."""
    out: dict[int, list[Citation]] = {}
    for citation in document.citations:
        for n in citation.paragraphs:
            out.setdefault(n, []).append(citation)
    return out


def _shown(document: Document, beside: dict[int, list[Citation]]) -> list[int]:
    """Return the paragraphs that are shown."""
    total = len(document.paragraphs)
    if document.text_sha256 is not None:
        return sorted(n for n in beside if n >= 0)
    if total <= _WHOLE:
        return list(range(total))
    near = {n + step for n in beside for step in range(-_AROUND, _AROUND + 1)}
    near |= {context.paragraph for citation in document.citations for context in citation.contexts}
    return sorted(n for n in near if 0 <= n < total)


def _row(document: Document, n: int, touching: Sequence[Citation], prefix: str | None) -> Html:
    """Return a paragraph, with the citations that touch it marked."""
    columns = document.paragraphs
    kind = columns.kinds.get(n, "body")
    words = []
    if document.text_sha256 is None:
        words = _words(document.text, (columns.starts[n], columns.ends[n]), touching, prefix)
    shown = tag("p", *words, class_=f"words {kind}", dir="auto", id=_place(prefix, f"p{n + 1}"))
    return tag("div", tag("span", f"¶ {n + 1}", class_="place"), shown, class_="line")


def _place(prefix: str | None, name: str) -> str | None:
    return prefix and f"{prefix}-{name}"


def _way(prefix: str | None, name: str) -> str | None:
    return prefix and f"#{prefix}-{name}"


def _words(text: str, span: Span, citations: Sequence[Citation], prefix: str | None) -> list[object]:
    """Return the words of a paragraph, with citations marked."""
    a, b = span
    parts, at = list[object](), a
    for start, end, citation in _stretches(citations, a, b):
        parts.append(_cut(text[at:start]))
        number = tag("a", _number(citation), class_="ref", href=_way(prefix, _safe_id(citation)))
        parts.append(tag("mark", text[start:end]) if start < end else None)
        parts.append(number)
        at = end
    return [*parts, _cut(text[at:b])]


def _stretches(citations: Sequence[Citation], a: int, b: int) -> Iterator[tuple[int, int, Citation]]:
    """Yield where outer citations stand between `a` and `b`."""
    at = a
    for citation in citations:
        start, end = max(citation.span[0], at), min(citation.span[1], b)
        if start <= end and (start < end or a <= citation.span[0] == citation.span[1] <= b):
            yield start, end, citation
            at = end


def _cut(text: str) -> str:
    return text if len(text) <= _LONG else f"{text[:_KEPT]} […] {text[-_KEPT:]}"


def _about(document: Document, citation: Citation, prefix: str | None) -> Html | None:
    if not citation.contexts:
        return None
    best = citation.contexts[0]
    words = document.text[slice(*best.span)] if document.text_sha256 is None else ""
    shown = safe(words[:120]) + ("…" if len(words) > 120 else "")  # noqa: PLR2004  a line or two
    way = _way(prefix, f"p{best.paragraph + 1}") if document.text_sha256 is None else None
    place = tag("a", f"¶ {best.paragraph + 1}", href=way)
    return tag("p", "about ", place, " ", tag("span", shown, dir="auto"), class_="about")


def _evidence(citation: Citation, kind: str) -> Html:
    rows = [("kind", f"{kind} ({citation.form})"), ("id", citation.tweet_id), ("sure", f"{citation.confidence:.2f}")]
    if citation.text_confidence is not None:
        rows.append(("of its start", f"{citation.text_confidence:.2f}"))
    rows += [("for it", ", ".join(citation.evidence))]
    rows += [("for the passage", ", ".join(context.evidence)) for context in citation.contexts[:1]]
    terms = (join([tag("dt", name), tag("dd", tag("bdi", safe(words)))]) for name, words in rows if words)
    return tag("details", tag("summary", f"Evidence ({citation.confidence:.0%} sure)"), tag("dl", join(terms)))


def _number(citation: Citation) -> str:
    return citation.id.removeprefix("c") if citation.id[1:].isdigit() else safe(citation.id or "?")


def _safe_id(citation: Citation) -> str:
    return "".join(char for char in citation.id if char.isalnum()) or "c0"


def _direction(document: Document, code: str) -> str:
    """Tell which way an article is written: by its language, else by its words but for those of the tweets."""
    if code:
        return "rtl" if code.partition("-")[0] in _FROM_THE_RIGHT else "ltr"
    words, at = list[str](), 0
    for citation in document.citations:
        words.append(document.text[at : citation.span[0]][:_SAMPLE])
        at = max(at, citation.span[1])
    kinds = [unicodedata.bidirectional(char) for char in "".join([*words, document.text[at:][:_SAMPLE]])[:_SAMPLE]]
    return "rtl" if sum(kind in {"R", "AL"} for kind in kinds) > kinds.count("L") else "ltr"


def _alone(citation: Citation) -> Document:
    """Return a document without words, around a citation that is shown by itself."""
    from tweetlinks.model import Paragraphs

    return Document("", "", "text", None, Paragraphs([], [], [], {}), citations=(citation,), text_sha256="-")
