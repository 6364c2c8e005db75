"""Draw charts as SVG inside HTML, without a script: bars, columns and a flow. Pure.

Every chart has a title and its numbers in a table: the bars stand inside of it, the others above. Colours are classes
of `data/report.css`, because a strict policy forbids styles of elements.
"""

from __future__ import annotations

from tweetlinks.record import TYPE_CHECKING, Record
from tweetlinks.write.markup import Html, join, tag

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

__all__ = ["Chart", "bars", "columns", "flow"]

_WIDTH, _HEIGHT, _BASE = 720, 200, 24
_NODE, _GAP, _NARROW, _ROOM = 10, 6, 14, 170
_LINE = 14
_LABELS = 12
"""How many names fit below columns."""


class Chart(Record):
    """What a chart shows."""

    title: str
    """One line."""
    series: tuple[tuple[str, str], ...]
    """What is counted, each with the class of its colour."""
    rows: tuple[tuple[str, tuple[int, ...]], ...]
    """Names, each with a number for every series."""
    unit: str = ""
    """What the names are."""
    apart: tuple[str, ...] = ()
    """Names that are a rest: they get no bar, which would dwarf the others."""


def bars(chart: Chart) -> Html:
    r"""Return a table with a bar in each row.

    >>> chart = Chart("Most cited", (("citations", "accent"),), (("@ann", (3,)), ("@bob", (1,))))
    >>> "<th scope=\"row\"><bdi>@ann</bdi></th>" in bars(chart)
    True
    """
    longest = max((sum(numbers) for name, numbers in chart.rows if name not in chart.apart), default=0) or 1
    body = join(
        tag("tr", _name(name), tag("td", bar, class_="bar"), *map(_number, numbers))
        for name, numbers in chart.rows
        for bar in [None if name in chart.apart else _bar(chart, numbers, longest)]
    )
    head = tag("tr", tag("th", chart.unit, scope="col"), tag("td"), *_heads(chart))
    return _scroll(
        tag("table", tag("caption", chart.title), tag("thead", head), tag("tbody", body), class_="chart"), chart.title
    )


def columns(chart: Chart) -> Html:
    """Return columns from the left to the right, and their numbers below."""
    highest = max((sum(numbers) for _, numbers in chart.rows), default=0) or 1
    step = _WIDTH / max(len(chart.rows), 1)
    every = -(-len(chart.rows) // _LABELS)
    parts = list[Html]()
    for n, (name, numbers) in enumerate(chart.rows):
        top = float(_HEIGHT)
        for (what, colour), number in zip(chart.series, numbers, strict=True):
            height = number / highest * (_HEIGHT - _BASE)
            top -= height
            if number:
                words = tag("title", f"{name}: {number} {what}")
                box = _box(n * step + step * 0.1, top, step * 0.8, height)
                parts.append(tag("g", words, tag("rect", class_=f"is-{colour}", **box), _symbol(chart, what, box)))
        if n % every == 0:
            parts.append(tag("text", name, x=_round(n * step + step * 0.1), y=_HEIGHT + 16))
    highest_of = tag("text", f"{highest}", x=0, y=12)
    return _figure(chart, [*parts, highest_of], _HEIGHT + _BASE, _table(chart))


def flow(title: str, heads: Sequence[str], paths: Mapping[tuple[str, ...], int]) -> Html:
    """Return how much goes from column to column.

    Args:
        title: one line.
        heads: what each column shows.
        paths: for each way through the columns how much goes there.
    """
    levels = [_levels(level, paths) for level in range(len(heads))]
    total = sum(paths.values()) or 1
    tallest = max((len(level) for level in levels), default=1)
    scale = (max(_HEIGHT * 2, tallest * 28) - tallest * _NARROW) / total
    places = [_places(level, scale) for level in levels]
    step = (_WIDTH - 2 * _ROOM - _NODE) / max(len(heads) - 1, 1)
    parts = [
        part
        for n in range(len(heads) - 1)
        for part in _ribbons(_pairs(n, paths), places[n : n + 2], _ROOM + n * step, step, scale)
    ]
    for n, level in enumerate(places):
        parts += _nodes(level, levels[n], _ROOM + n * step, scale, last=n == len(heads) - 1, first=n == 0)
    height = max((max(level.values(), default=0.0) + 40 for level in places), default=40)
    height = max(height, *(sum(level.values()) * scale + len(level) * _NARROW for level in levels), 40)
    table = tag(
        "table",
        tag("thead", tag("tr", *(tag("th", head, scope="col") for head in (*heads, "citations")))),
        tag(
            "tbody",
            join(
                tag("tr", *(tag("td", tag("bdi", name)) for name in path), _number(number))
                for path, number in sorted(paths.items(), key=lambda each: (-each[1], each[0]))
            ),
        ),
    )
    return _figure(Chart(title, (), ()), parts, height, table)


# ---------------------------------------------------------------- parts of charts


def _figure(chart: Chart, parts: Iterable[Html], height: float, table: Html) -> Html:
    drawn = tag(
        "svg", tag("title", chart.title), *parts, viewBox=f"0 0 {_WIDTH} {_round(height)}", role="img",
        aria_label=chart.title,
    )  # fmt: skip
    numbers = tag("details", tag("summary", "The numbers"), _scroll(table, f"{chart.title}: the numbers"))
    key = tag(
        "p",
        *(
            piece
            for what, colour in chart.series
            for piece in (tag("span", tag("span", class_=f"key is-{colour}"), " ", what, class_="legend"), " ")
        ),
    )
    legend = key if len(chart.series) > 1 else None
    return tag("figure", tag("figcaption", chart.title), legend, _scroll(drawn, chart.title), numbers, class_="chart")


def _symbol(chart: Chart, what: str, box: Mapping[str, float]) -> Html | None:
    """Name a series by its first character inside of its box, where that is high enough: no colour alone tells it."""
    if len(chart.series) == 1 or box["height"] < _LINE:
        return None
    middle = {"x": _round(box["x"] + box["width"] / 2), "y": _round(box["y"] + box["height"] / 2 + 4)}
    return tag("text", what[:1], text_anchor="middle", class_="inside", **middle)


def _scroll(inner: Html, label: str) -> Html:
    """Let what is wide move by itself, also with the keyboard, instead of the page."""
    return tag("div", inner, class_="scroll", tabindex=0, role="group", aria_label=label)


def _table(chart: Chart) -> Html:
    body = join(tag("tr", _name(name), *map(_number, numbers)) for name, numbers in chart.rows)
    head = tag("tr", tag("th", chart.unit, scope="col"), *_heads(chart))
    return tag("table", tag("thead", head), tag("tbody", body))


def _heads(chart: Chart) -> list[Html]:
    return [tag("th", what, scope="col", class_="number") for what, _ in chart.series]


def _name(name: str) -> Html:
    return tag("th", tag("bdi", name), scope="row")


def _number(number: int) -> Html:
    return tag("td", f"{number:,}", class_="number")


def _bar(chart: Chart, numbers: Sequence[int], longest: int) -> Html:
    parts, at = list[Html](), 0.0
    for (_, colour), number in zip(chart.series, numbers, strict=True):
        width = 100 * number / longest
        if number:
            parts.append(tag("rect", class_=f"is-{colour}", **_box(at, 0, width, 8)))
        at += width
    return tag("svg", *parts, viewBox="0 0 100 8", preserveAspectRatio="none", aria_hidden="true")


def _box(x: float, y: float, width: float, height: float) -> dict[str, float]:
    return {"x": _round(x), "y": _round(y), "width": _round(width), "height": _round(height)}


def _round(number: float) -> float:
    return round(number, 1)


def _levels(level: int, paths: Mapping[tuple[str, ...], int]) -> dict[str, int]:
    """Return how much stands at each name of a column, the most first."""
    sums: dict[str, int] = {}
    for path, number in paths.items():
        sums[path[level]] = sums.get(path[level], 0) + number
    return dict(sorted(sums.items(), key=lambda each: (-each[1], each[0])))


def _places(level: Mapping[str, int], scale: float) -> dict[str, float]:
    """Return where each name of a column starts, from above."""
    places, at = dict[str, float](), 0.0
    for name, number in level.items():
        places[name] = at
        at += number * scale + _NARROW
    return places


def _pairs(level: int, paths: Mapping[tuple[str, ...], int]) -> dict[tuple[str, str], int]:
    sums: dict[tuple[str, str], int] = {}
    for path, number in paths.items():
        sums[path[level], path[level + 1]] = sums.get((path[level], path[level + 1]), 0) + number
    return sums


def _ribbons(
    pairs: Mapping[tuple[str, str], int], places: Sequence[Mapping[str, float]], x: float, step: float, scale: float
) -> list[Html]:
    used: list[dict[str, float]] = [{}, {}]
    parts = list[Html]()
    order = sorted(pairs, key=lambda pair: (places[0][pair[0]], places[1][pair[1]]))
    for pair in order:
        thick = pairs[pair] * scale
        ends = [places[side][name] + used[side].get(name, 0.0) + thick / 2 for side, name in enumerate(pair)]
        for side, name in enumerate(pair):
            used[side][name] = used[side].get(name, 0.0) + thick
        left, right, middle = (f"{at:.1f}" for at in (x + _NODE, x + step, x + step / 2))
        here, there = (f"{end:.1f}" for end in ends)
        curve = f"M{left} {here}C{middle} {here} {middle} {there} {right} {there}"
        words = tag("title", f"{pair[0]} → {pair[1]}: {pairs[pair]}")
        parts.append(tag("g", words, tag("path", d=curve, stroke_width=_round(max(thick, 1)), class_="ribbon")))
    return parts


def _nodes(
    places: Mapping[str, float], sums: Mapping[str, int], x: float, scale: float, *, first: bool, last: bool
) -> list[Html]:
    parts = list[Html]()
    for name, top in places.items():
        height = max(sums[name] * scale, 1)
        left = x - _GAP if first else x + _NODE + _GAP
        label = tag(
            "text", _short(name), x=_round(left), y=_round(top + height / 2 + 4), text_anchor="end" if first else None,
            class_="node" if first or last else "node inner",
        )  # fmt: skip
        words = tag("title", f"{name}: {sums[name]}")
        parts.append(tag("g", words, tag("rect", class_="is-accent", **_box(x, top, _NODE, height)), label))
    return parts


def _short(name: str, width: int = 22) -> str:
    return name if len(name) <= width else name[: width - 1] + "…"
