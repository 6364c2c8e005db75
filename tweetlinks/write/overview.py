"""Sum up a corpus as HTML: whom it cites and when, what became of the links, who leads where, and every citation. Pure.

What is counted is in the article itself (not in navigation or comments).
"""

from __future__ import annotations

import re
from collections import Counter

from tweetlinks.record import TYPE_CHECKING
from tweetlinks.write.article import heading, language, outcome, when, who
from tweetlinks.write.charts import Chart, bars, columns, flow
from tweetlinks.write.fates import FATES, fate
from tweetlinks.write.markup import Html, join, tag
from tweetlinks.write.outlets import host, outlet
from tweetlinks.write.table import safe

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from tweetlinks.model import Citation, Document, Link

__all__ = ["Overview"]

_TOP, _FLOW, _MONTHS, _YEARS, _ROWS = 15, 8, 48, 60, 5_000
_OTHERS, _UNKNOWN = "others", "unknown"
_DAY = re.compile(r"(?P<month>(?P<year>\d{4})-(?:0[1-9]|1[0-2]))-\d\d")
_KINDS = ("embed", "link", "reference", "mention")


class Overview:
    """What is counted while documents pass."""

    def __init__(self) -> None:
        """Begin with nothing."""
        self.documents = self.citing = self.links = 0
        self.handles, self.months, self.kinds = Counter[str](), Counter[str](), Counter[str]()
        self.by_year, self.by_domain = dict[str, Counter[str]](), dict[str, Counter[str]]()
        self.paths, self.fates = Counter[tuple[str, str, str]](), Counter[str]()
        self._rows = list[Html]()

    @property
    def citations(self) -> int:
        """How many there are."""
        return self.kinds.total()

    def add(self, document: Document, href: str | None) -> None:
        """Count a document.

        Args:
            document: what was found in it.
            href: where the report shows it; None where it does not.
        """
        here = [citation for citation in document.citations if citation.in_article]
        self.documents += 1
        self.citing += bool(here)
        self.links += len({n for citation in here for n in citation.links})
        paper = safe(outlet(document)) or _UNKNOWN
        for citation in here:
            handle = f"@{safe(citation.screen_name)}" if citation.screen_name else _UNKNOWN
            self.kinds[citation.kind] += 1
            self.handles[handle] += 1
            day = _DAY.match(citation.created_at or citation.date or "")
            self.months[day["month"] if day else ""] += bool(day)
            links = [document.links[n] for n in citation.links if n < len(document.links)]
            self._count(links, day["year"] if day else _UNKNOWN)
            for domain in {_domain(link) for link in links if _leads_out(link)} or {"no link"}:
                self.paths[paper, handle, domain] += 1
            if self.citations <= _ROWS:
                self._rows.append(_row(document, citation, links, href))

    def _count(self, links: list[Link], year: str) -> None:
        for link in links:
            word = fate(link.resolution).name
            self.fates[word] += 1
            if link.resolution and _leads_out(link):
                self.by_year.setdefault(year, Counter())[word] += 1
                self.by_domain.setdefault(_domain(link), Counter())[word] += 1

    def figures(self) -> Html:
        """Return the totals."""
        people = len(self.handles.keys() - {_UNKNOWN})
        rows = [
            ("articles", self.documents), ("of them cite tweets", self.citing), ("citations", self.citations),
            ("authors", people), ("links", self.links),
        ]  # fmt: skip
        return tag(
            "dl",
            *(tag("div", tag("dt", name), tag("dd", f"{number:,}")) for name, number in rows),
            class_="figures",
        )

    def charts(self) -> Iterator[Html]:
        """Yield the charts that have something to show."""
        one = (("citations", "accent"),)
        if self.handles:
            yield bars(Chart("Most cited authors", one, _top(self.handles, _TOP), "author", (_OTHERS, _UNKNOWN)))
        if periods := _periods(self.months):
            name = "year" if len(periods[0][0]) == len("2016") else "month"
            yield columns(Chart(f"Citations per {name} of the tweet", one, periods, name))
        if self.by_year:
            yield columns(
                _rot("What became of the links to elsewhere, by year of the tweet", "year", _years(self.by_year))
            )
            most = sorted(self.by_domain.items(), key=lambda each: (-each[1].total(), each[0]))[:_TOP]
            yield bars(_rot("What became of the links to elsewhere, by domain", "domain", most))
        if self.paths:
            heads = ("outlet", "author", "domain")
            yield flow("From the outlet to the author to where the links lead", heads, _merged(self.paths))

    def table(self) -> Html:
        """Return every citation, with a filter that needs no script (`filters` has its rules)."""
        heads = ("article", "¶", "kind", "author", "when", "words", "links")
        cut = self.citations - len(self._rows)
        more = tag("p", f"{cut:,} more citations are not listed here: -f csv lists all of them.") if cut > 0 else None
        choices = [("kind", list(filter(self.kinds.get, _KINDS))), ("fate", list(filter(self.fates.get, FATES)))]
        return tag(
            "section",
            tag("h2", "Every citation"),
            tag("div", *(_choice(name, words) for name, words in choices), class_="filter"),
            tag(
                "div",
                tag(
                    "table",
                    tag("thead", tag("tr", *(tag("th", head, scope="col") for head in heads))),
                    tag("tbody", join(self._rows)),
                ),
                class_="scroll", tabindex=0, role="group", aria_label="every citation",
            ),
            more,
            class_="every",
        )  # fmt: skip


def filters() -> str:
    """Return the rules of the style sheet that let a choice hide the other rows."""
    rules = [
        f".tweetlinks:has(#only-{word}:checked) .every tbody tr:not(.has-{word}) {{ display: none; }}"
        for word in (*_KINDS, *FATES)
    ]
    return "\n".join(rules)


def _choice(name: str, words: list[str]) -> Html:
    options = [tag("option", "all"), *(tag("option", word, id=f"only-{word}") for word in words)]
    return tag("label", f"{name} ", tag("select", *options), " ")


def _row(document: Document, citation: Citation, links: list[Link], href: str | None) -> Html:
    fates = dict.fromkeys(fate(link.resolution).name for link in links)
    name = heading(document)
    words = safe((citation.text or "")[:240])
    cells = [
        tag("a", tag("bdi", name), href=href) if href else tag("bdi", name),
        str(citation.paragraphs[0] + 1) if citation.paragraphs else "",
        citation.kind,
        who(citation),
        when(citation),
        tag("span", words + ("…" if len(citation.text or "") > 240 else ""), dir="auto", lang=language(document)),  # noqa: PLR2004  some lines
        join(outcome(link.resolution) for link in links),
    ]
    words_of = " ".join(f"has-{word}" for word in (citation.kind, *fates))
    return tag("tr", *(tag("td", cell) for cell in cells), class_=words_of)


def _domain(link: Link) -> str:
    there = link.resolution.final_url if link.resolution else None
    if link.kind in {"tco", "shortener"} and (not there or there == link.url):
        return "not expanded"
    return safe(host(there or link.url)) or _UNKNOWN


def _leads_out(link: Link) -> bool:
    """Tell whether a link of a tweet leads somewhere else than to the tweet and its pictures."""
    return link.kind in {"tco", "shortener", "other"} and link.role not in {"self", "self-media"}


def _top(counts: Counter[str], most: int) -> tuple[tuple[str, tuple[int, ...]], ...]:
    known = [(name, number) for name, number in counts.items() if name != _UNKNOWN]
    order = sorted(known, key=lambda each: (-each[1], each[0]))[:most]
    rest = counts.total() - sum(number for _, number in order) - counts[_UNKNOWN]
    last = [(_OTHERS, rest), (_UNKNOWN, counts[_UNKNOWN])]
    return tuple((name, (number,)) for name, number in [*order, *last] if number)


def _periods(months: Counter[str]) -> tuple[tuple[str, tuple[int, ...]], ...]:
    """Return the months from the first to the last, also those without a citation; years where they are many."""
    known = sorted(month for month in months if months[month])
    if not known:
        return ()
    first, last = _month(known[0]), _month(known[-1])
    if last - first < _MONTHS:
        names = [f"{n // 12:04}-{n % 12 + 1:02}" for n in range(first, last + 1)]
        return tuple((name, (months[name],)) for name in names)
    years = Counter[str]()
    for month in known:
        years[month[:4]] += months[month]
    return tuple((name, (years[name],)) for name in _range(years))


def _range(years: Iterable[str]) -> list[str]:
    """Return the years from the first to the last, or only those that there are where a wrong one lies far off."""
    known = sorted({int(year) for year in years})
    whole = range(known[0], known[-1] + 1) if known else range(0)
    return [f"{n:04}" for n in (whole if len(whole) <= _YEARS else known)]


def _years(found: dict[str, Counter[str]]) -> list[tuple[str, Counter[str]]]:
    """Return the years from the first to the last, and at the end what is of no year."""
    names = _range(year for year in found if year != _UNKNOWN)
    return [(name, found.get(name, Counter())) for name in [*names, *(found.keys() & {_UNKNOWN})]]


def _month(name: str) -> int:
    return int(name[:4]) * 12 + int(name[5:7]) - 1


def _rot(title: str, unit: str, rows: list[tuple[str, Counter[str]]]) -> Chart:
    used = [word for word in FATES if any(counts[word] for _, counts in rows)]
    series = tuple((f"{FATES[word].symbol} {word}", word) for word in used)
    return Chart(title, series, tuple((name, tuple(counts[word] for word in used)) for name, counts in rows), unit)


def _merged(paths: Counter[tuple[str, str, str]]) -> dict[tuple[str, ...], int]:
    """Return the paths, with the small ones of each column together as `others`."""
    kept = []
    for level in range(3):
        sums = Counter[str]()
        for path, number in paths.items():
            sums[path[level]] += number
        kept.append({name for name, _ in sorted(sums.items(), key=lambda each: (-each[1], each[0]))[:_FLOW]})
    out: dict[tuple[str, ...], int] = {}
    for path, number in paths.items():
        way = tuple(name if name in kept[level] else _OTHERS for level, name in enumerate(path))
        out[way] = out.get(way, 0) + number
    return out
