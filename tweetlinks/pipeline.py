"""Join the steps: read, find, tie together, and expand when asked. Pure: the resolver is a parameter.

read      → a Document without findings
rules     → links and citations
tie       → citations numbered, their links, paragraphs and contexts
resolve   → what became of each link, by a resolver that the caller brings
identify  → what the links tell about the tweets: whose, when, and what speaks for it
"""

from __future__ import annotations

from bisect import bisect_right

from tweetlinks.contexts import Surroundings, contexts_of
from tweetlinks.evidence import check, identify
from tweetlinks.model import Resolution
from tweetlinks.read import read
from tweetlinks.record import TYPE_CHECKING
from tweetlinks.rules import apply_rules
from tweetlinks.tweets import parse_status_url, status_url

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping, Sequence

    from tweetlinks.model import Citation, Document, Found, Link

__all__ = ["annotate", "extract", "resolve_links"]


def extract(
    source: str | bytes,
    *,
    format: str = "auto",
    id: str | None = None,
    url: str | None = None,
    with_text: bool = False,
    placed: bool = False,
) -> Document:
    r"""Find the citations and links of an article. Nothing is sent anywhere.

    Args:
        source: the article: text, or the bytes of a file.
        format: `text`, `html`, `markdown`, `mediawiki` or `bbcode`; `auto` is HTML when it starts so, else text.
        id: what the record calls the article; None gives `<text>`.
        url: where it was published; None is what a page says of itself (its canonical address).
        with_text: read the text of a page also when nothing in it can be a citation; such pages are not parsed else.
        placed: know of a page where in its source things stand, as `freeze` needs it; it takes longer to read.

    Returns:
        The document; without a citation `citations` is empty.

    Raises:
        InputError: the bytes are no text, or nothing reads this format.
        TypeError: the source is neither str nor bytes.

    >>> doc = extract("Rain again. https://t.co/abcdefghij\\n— Ann (@ann_b) 3 mai 2017")
    >>> doc.citations[0].screen_name, doc.citations[0].date, doc.links[0].url
    ('ann_b', '2017-05-03', 'https://t.co/abcdefghij')
    """
    _check_source(source)
    document = read(source, format=format, id=id or "<text>", url=url, with_text=with_text, placed=placed)
    found = apply_rules(document)
    return _tie(document, found) if found.links or found.citations else document


def annotate(
    source: str | bytes,
    *,
    resolver: Callable[[Iterable[str]], Mapping[str, Resolution]],
    format: str = "auto",
    id: str | None = None,
    url: str | None = None,
    with_text: bool = False,
) -> Document:
    """Find the citations and links of an article, and what every link expands to.

    Args:
        source: as for `extract`.
        resolver: told all URLs of the article at once; answers with a resolution for each.
        format: as for `extract`.
        id: as for `extract`.
        url: as for `extract`.
        with_text: as for `extract`.

    Raises:
        InputError: as for `extract`.
        TypeError: as for `extract`, or the resolver cannot be called: an `AsyncResolver` must be awaited.
    """
    return resolve_links(extract(source, format=format, id=id, url=url, with_text=with_text), resolver)


def resolve_links(document: Document, resolver: Callable[[Iterable[str]], Mapping[str, Resolution]]) -> Document:
    """Return the document with `Link.resolution` filled for every link the resolver answers for.

    A link that an ellipsis cut off in the text is not asked about. A tweet whose picture or own link leads to it has
    its id, URL and time then, and the evidence that comes of these.

    Raises:
        TypeError: the resolver cannot be called.
    """
    _check_resolver(resolver)
    asked = dict.fromkeys([link.url for link in document.links if not _is_cut_off(link)])
    answers = resolver(asked) if asked else {}
    links = tuple(
        link._replace(resolution=_cut_off(link) if _is_cut_off(link) else answers.get(link.url, link.resolution))
        for link in document.links
    )
    return identify(document._replace(links=links)) if links else document


def _check_source(source: object) -> None:
    if not isinstance(source, str | bytes):
        kind = type(source).__name__
        hint = ": pass what it holds, source.read_bytes()" if hasattr(source, "read_bytes") else ""
        raise TypeError(f"source is the article itself, a str or bytes, not {kind}{hint}")


def _check_resolver(resolver: object) -> None:
    kind = type(resolver).__name__
    if hasattr(resolver, "__aenter__"):
        raise TypeError(f"{kind} must be awaited: bring what it found, as docs/python.md shows, or a Resolver")
    if not callable(resolver):
        raise TypeError(f"resolver is called with URLs and answers with a mapping; {kind} cannot be called")


def _is_cut_off(link: Link) -> bool:
    """Tell whether an ellipsis cut a link in the text, so that what is there leads elsewhere or nowhere."""
    return "truncated" in link.evidence


def _cut_off(link: Link) -> Resolution:
    from tweetlinks.chain import CUT_OFF

    return Resolution(link.url, "truncated", "unchecked", None, None, source="derived", error=CUT_OFF)


def _tie(document: Document, found: Found) -> Document:
    """Number the citations; tie links, paragraphs and contexts to them."""
    if not found.citations:
        return document._replace(links=tuple(_placed(document, link, None) for link in found.links))
    around = Surroundings(document, found.citations)
    owners, owned = _owners(found)
    citations = []
    for n, citation in enumerate(found.citations):
        text_span = citation.text_span
        citations.append(
            citation._replace(
                id=f"c{n + 1}",
                url=_canonical(citation.url) if citation.url else None,
                text=citation.text if text_span is None else document.text[text_span[0] : text_span[1]],
                paragraphs=document.paragraphs.within(citation.span),
                contexts=contexts_of(around, citation),
                links=tuple(owned[n]),
            )
        )
    if document.marks:
        citations = _marked(document, found, citations)
    known = tuple(check(c, language=document.language) if c.tweet_id else c for c in citations)
    links = tuple(_placed(document, link, owner) for link, owner in zip(found.links, owners, strict=True))
    return document._replace(citations=known, links=links)


def _marked(document: Document, found: Found, citations: list[Citation]) -> list[Citation]:
    """Say of each citation what the markup knew of its place: what it stands inside of, and whether in the article."""
    numbers = {citation.id: f"c{n + 1}" for n, citation in enumerate(found.citations)}
    asides = [mark.span for mark in document.marks if mark.kind == "aside"]
    starts = [start for start, _ in asides]
    inside = []
    for own, citation in zip(found.citations, citations, strict=True):
        n = bisect_right(starts, own.span[0]) - 1
        inside_it = own.in_article if own.id else n < 0 or own.span[0] >= asides[n][1]
        inside.append(
            citation._replace(
                parent=numbers[own.parent] if own.parent else None,
                in_article=inside_it,
                contexts=citation.contexts if inside_it else (),
            )
        )
    return inside


def _canonical(url: str) -> str:
    """Return the one spelling of a tweet's URL; how it was printed stands in `links`."""
    tweet = parse_status_url(url)
    return status_url(tweet) if tweet else url


def _placed(document: Document, link: Link, owner: int | None) -> Link:
    paragraph = document.paragraphs.at(link.span[0]) if link.span else None
    raw = document.text[slice(*link.span)] if link.span and document.marks else link.raw  # rules see no verbatim text
    return link._replace(paragraph=paragraph, raw=raw, citation=None if owner is None else f"c{owner + 1}")


def _beside(citations: Sequence[Citation], c: int, link: Link) -> int | None:
    """Return which of the citations before and after a link that stands in neither has its URL; None for no link."""
    if link.kind != "status":
        return None
    tweet = parse_status_url(link.url)
    near = [k for k in (c, c - 1) if 0 <= k < len(citations) and citations[k].attribution_span]
    return next((k for k in near if tweet and citations[k].tweet_id == tweet.id), None)


def _owners(found: Found) -> tuple[list[int | None], list[list[int]]]:
    """Return for each link its citation, and for each citation its links, by index; both lists are in text order.

    A link that stands nowhere in the text names its citation itself; of citations inside each other the inner has it.
    """
    owners: list[int | None] = []
    owned: list[list[int]] = [[] for _ in found.citations]
    named = {citation.id: n for n, citation in enumerate(found.citations) if citation.id}
    c, last = 0, len(found.citations)
    for n, link in enumerate(found.links):
        owner: int | None
        if link.citation:
            owner = named.get(link.citation)
        elif link.span is None:
            owner = None
        else:
            at = link.span[0]
            while c < last and found.citations[c].span[1] <= at:
                c += 1
            owner = _innermost(found.citations, c, at) if c < last else None
            if owner is None:
                owner = _beside(found.citations, c, link)
        owners.append(owner)
        if owner is not None:
            owned[owner].append(n)
    return owners, owned


def _innermost(citations: Sequence[Citation], c: int, at: int) -> int | None:
    """Return the last citation from `c` on that starts at or before `at` and ends behind it."""
    owner = None
    while c < len(citations) and citations[c].span[0] <= at:
        if at < citations[c].span[1]:
            owner = c
        c += 1
    return owner
