"""Write `dates.tsv` and `dates_more.tsv` of `tweetlinks/data` from CLDR, as Babel carries it.

    python tests/tables/make_dates.py FOLDER | --in-place
    python tests/tables/make_dates.py --list > LINES        the names and patterns of this release alone

`--in-place` writes them where they belong, `tests/cases/date_collisions.tsv` with them; nothing else writes into the
project, and a word too many writes nowhere. Run it in a process of its own: Babel's locales change a little once dates
have been formatted with them.

Every pattern of every locale is filled in with every month name, and what then stands between the numbers is folded:
that is the key. So `8 de setembre del 2016`, `8 בספטמבר 2016` and `2016(e)ko irailaren 8(a)` need no code of their own.

Pages are older than the newest release: what earlier ones printed and this one does not stands in `dates_earlier.tsv`,
which is the lines of `--list` of an earlier Babel that a later one lacks (`comm -23`, both sorted).
"""

from __future__ import annotations

import json
import re
import sys
from collections import defaultdict
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

from babel import Locale
from babel import __version__ as babel_version
from babel.core import get_cldr_version
from babel.dates import format_date
from babel.localedata import locale_identifiers

import tweetlinks
from tweetlinks.dates import fold, strip_particles

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

__all__ = ["format_date", "locales"]

_TAGS = (
    "en fr de es pt it nl ru tr ja ko zh ar fa he ur hi id pl cs sv da no fi hu ro uk ca el th vi bg hr sr sk sl gl eu "
    "ga ms fil bn gu kn mr ta te lv lt et"
)
_LEFT_OUT = frozenset(("tok",))
"""Languages that nobody dates tweets in, and whose particles are words of others: Toki Pona's `la` is French, too."""
MAIN = tuple(_TAGS.split())
"""Languages that Twitter's interface has had, the ones with more readers first: they win where a name is shared."""
CLDR = get_cldr_version()
"""The release of CLDR that Babel carries."""
UNNAMED = re.compile(r"M\d\d")
"""How a release writes a month whose name it does not know."""
EARLIER = Path(__file__).with_name("dates_earlier.tsv")
"""What an earlier release had and this one lacks."""
OURS = ("of", "d", "er", "re", "st", "nd", "rd", "th", "o", "a")
"""Particles that CLDR's patterns lack: `5th of May`, `29 d’abril`, `1er`, `1º`."""
BUDDHIST_ERA = "พ.ศ."


class Use(NamedTuple):
    """One way one language prints a month."""

    key: str
    month: int
    language: str
    signature: str
    tail: str


class Pattern(NamedTuple):
    """A date pattern, cut at its fields."""

    order: str
    literals: tuple[str, ...]
    """What stands before, between and after the three fields."""

    def glue(self, name: str) -> str:
        """Return a month name with the letters that stand right before and after it."""
        at = self.order.index("M")
        left, right = self.literals[at], self.literals[at + 1]
        before = left.split()[-1] if fold(left[-1:]) else ""
        after = right.split()[0] if fold(right[:1]) else ""
        return before + name + after

    def tail(self, name: str) -> str:
        """Return what is printed after the last number; where the month comes last, its own dot."""
        if self.order[2] == "M":
            return "." * name.endswith(".")
        return re.sub(r"[\s\u200e\u200f]", "", self.literals[3])

    @property
    def shape(self) -> str:
        """The order of the fields, and a dot where one follows the first number."""
        first = self.literals[2 if self.order[0] == "M" else 1]
        return self.order + "." * (first.startswith(".") and self.order[0] != "M")


def cut(pattern: str, era: str) -> Pattern | None:
    """Cut a CLDR pattern at its fields; None when its month is a number."""
    order, literals = "", [""]
    for quoted, field, other in re.findall(r"'([^']*)'|((?:d+|M+|y+|G+))|(.)", pattern):
        if field and field[0] != "G":
            if field in {"M", "MM"}:
                return None
            order += field[0].upper()
            literals.append("")
        else:
            literals[-1] += era if field else quoted or other
    return Pattern(order, tuple(literals)) if sorted(order) == ["D", "M", "Y"] else None


def locales() -> Iterator[tuple[str, Locale]]:
    """Yield every locale with the language tag it counts under: the region is left out, a script is kept."""
    for identifier in sorted(locale_identifiers(), key=lambda one: (one.count("_"), one)):
        language, *rest = identifier.split("_")
        if language in _LEFT_OUT:
            continue
        script = next((part for part in rest if len(part) == len("Latn")), None)
        yield f"{language}-{script}" if script else language, Locale.parse(identifier)


def months(locale: Locale) -> Iterator[tuple[int, str]]:
    """Yield the month names of a locale, wide and abbreviated, in a date and alone."""
    for context in ("format", "stand-alone"):
        for width in ("wide", "abbreviated"):
            yield from locale.months[context][width].items()


def patterns(locale: Locale) -> set[Pattern]:
    """Return the long and medium patterns of a locale whose month is a word."""
    era = locale.eras["abbreviated"][1]
    found = {cut(locale.date_formats[width].pattern, era) for width in ("long", "medium")}
    return {pattern for pattern in found if pattern}


def shapes() -> Iterator[tuple[str, Pattern]]:
    """Yield every pattern of every language, also of earlier releases."""
    for language, locale in locales():
        for pattern in patterns(locale):
            yield language, pattern
    for language, what, value in earlier():
        if not what.isdigit():
            yield language, Pattern(what, tuple(json.loads(value)))


def spellings() -> Iterator[tuple[str, int, str]]:
    """Yield every name of a month in every language, also of earlier releases."""
    for language, locale in locales():
        for month, name in months(locale):
            yield language, month, name
    for language, what, value in earlier():
        if what.isdigit():
            yield language, int(what), value


def earlier() -> Iterator[list[str]]:
    """Yield what earlier releases had and this one lacks: language, month or order of a pattern, name or literals."""
    for line in EARLIER.read_text(encoding="utf-8").splitlines():
        if not line.startswith("#"):
            yield line.split("\t")


def listing() -> list[str]:
    """Return the lines that `dates_earlier.tsv` is made of."""
    lines = set()
    for language, locale in locales():
        lines |= {f"{language}\t{month}\t{name}" for month, name in months(locale) if not UNNAMED.fullmatch(name)}
        for order, literals in patterns(locale):
            lines.add(f"{language}\t{order}\t{json.dumps(literals, ensure_ascii=False)}")
    return sorted(lines)


def particles_and_openings() -> tuple[set[str], set[str]]:
    """Collect the words of the patterns: those that may stand around a month name, and those that open a date."""
    particles, openings = {*OURS, *fold(BUDDHIST_ERA).split()}, set()
    for _, pattern in shapes():
        at = pattern.order.index("M")
        for place, literal in enumerate(pattern.literals[:3]):
            tokens = fold(literal).split()
            if place == 0:
                openings |= {fold(literal)} if at and tokens else set()
                continue
            glued_left = place == at and bool(fold(literal[-1:]))
            glued_right = place == at + 1 and bool(fold(literal[:1]))
            particles |= set(tokens[glued_right : len(tokens) - glued_left])
    return particles, openings


def bare(name: str, table: dict[str, str]) -> str:
    """Take the particles before a name away (`de setembre`), but never so that less than two letters are left."""
    forms = strip_particles(name, table)
    return next((form for form in reversed(forms) if name.endswith(form) and sum(map(str.isalpha, form)) > 1), name)


def uses(particles: set[str]) -> Iterator[Use]:
    """Yield every month name of every language in every pattern of that language."""
    table = dict.fromkeys(particles, "particle")
    names: dict[str, set[tuple[int, str]]] = defaultdict(set)
    known: dict[str, set[Pattern]] = defaultdict(set)
    for language, month, name in spellings():
        names[language].add((month, name))
    for language, pattern in shapes():
        known[language].add(pattern)
    for language, month_names in names.items():
        for month, name in sorted(month_names):
            for pattern in sorted(known[language]):
                glued = pattern.glue(name)
                key = fold(glued) if pattern.order[0] == "M" else bare(fold(glued), table)
                if not key.isdigit() and not set(key) & {"月", "월"}:
                    tag = "und" if UNNAMED.fullmatch(name) else language
                    yield Use(key, month, tag, pattern.shape + "^" * (glued != glued.lower()), pattern.tail(name))


def rank(language: str) -> int:
    """Return the place of a language among those that win; the rest are equal."""
    return MAIN.index(language) if language in MAIN else len(MAIN)


def decide(all_uses: Iterable[Use]) -> list[Use]:
    """Keep one reading for each signature and tail of a name.

    Where a language of `MAIN` has the name, the others count only if they print something after the year, and mean the
    same month. Then the language with more readers wins, and among the others the month that more languages mean.
    """
    found = sorted(set(all_uses))
    if main := {use.month for use in found if use.language in MAIN}:
        found = [use for use in found if use.language in MAIN or (use.tail and use.month in main)]
    votes = {month: len({use.language for use in found if use.month == month}) for month in range(1, 13)}
    kept: dict[tuple[str, str], Use] = {}
    for use in sorted(found, key=lambda use: (rank(use.language), -votes[use.month], use)):
        kept.setdefault((use.signature, use.tail), use)
    return list(kept.values())


def cell(kept: Iterable[Use]) -> str:
    """Write the readings of one name: `9 fr DMY;9 ru DMY г.`."""
    signatures = defaultdict(list)
    for use in kept:
        signatures[use.month, use.language, use.tail].append(use.signature)
    return ";".join(f"{m} {lang} {','.join(s)} {tail}".rstrip() for (m, lang, tail), s in signatures.items())


def by_name(particles: set[str]) -> dict[str, list[Use]]:
    """Gather the uses of every name."""
    found: dict[str, list[Use]] = defaultdict(list)
    for use in uses(particles):
        found[use.key].append(use)
    return found


def tables() -> dict[str, str]:
    """Return the files of the table: the names of `MAIN` with all particles, and the names only others have."""
    particles, openings = particles_and_openings()
    names = by_name(particles)
    cells = {key: cell(decide(found)) for key, found in names.items() if key not in particles | openings}
    main = {key for key in cells if any(use.language in MAIN for use in names[key])}
    words = {**dict.fromkeys(particles, "particle"), **dict.fromkeys(openings, "opening")}
    return {
        "dates.tsv": table(f"Languages: {' '.join(MAIN)}", words | {key: cells[key] for key in main}),
        "dates_more.tsv": table("Languages: all others", {key: cells[key] for key in cells.keys() - main}),
    }


def collisions() -> Iterator[tuple[str, str, str]]:
    """Yield each name that means several months: who means what, and what the table makes of it."""
    particles, _ = particles_and_openings()
    for key, found in sorted(by_name(particles).items()):
        meant: dict[int, set[str]] = defaultdict(set)
        for use in found:
            meant[use.month].add(use.language)
        if len(meant) > 1 or key in particles:
            claims = " | ".join(f"{month} {' '.join(sorted(meant[month]))}" for month in sorted(meant))
            yield key, claims, "particle" if key in particles else cell(decide(found))


def table(languages: str, rows: dict[str, str]) -> str:
    """Write one file."""
    return "\n".join([HEADER, f"# {languages}", *(f"{key}\t{rows[key]}" for key in sorted(rows)), ""])


def files() -> dict[str, str]:
    """Return every file this writes, by name."""
    rows = ("\t".join(row) for row in collisions())
    return tables() | {"date_collisions.tsv": "\n".join([COLLISIONS, *rows, ""])}


HEADER = f"""\
# What stands between the numbers of a printed date. Written by tests/tables/make_dates.py: do not edit.
# Source: Unicode CLDR {CLDR}, long and medium dates of the Gregorian calendar, read through Babel {babel_version},
# and what earlier releases printed (tests/tables/dates_earlier.tsv);
# particles that CLDR lacks are ours: {" ".join(OURS)} {BUDDHIST_ERA}
# Licence of CLDR: Unicode License v3, https://www.unicode.org/license.txt. Copyright 1991-2025 Unicode, Inc.
# Made: 2026-11-26
# Fields: folded words, then `particle`, `opening`, or readings parted by `;`, each
#   month language signatures tail
# signature: order of the fields, `.` when a dot follows the first number, `^` when the name has a capital.
# tail: what that language prints after the last number."""

COLLISIONS = """\
# Every name that means several months, or is a particle too: name, who means which month, what the table makes of it.
# Where both have the name, a language of Twitter's interface wins over another; then the signature decides (order, dot
# after the first number, capital), then what follows the year, then the language with more readers, else the majority.
# Written by tests/tables/make_dates.py: do not edit."""

if __name__ == "__main__":
    data, cases = Path(tweetlinks.__file__).parent / "data", Path(__file__).parent.parent / "cases"
    place, *too_many = sys.argv[1:] or [""]
    if place == "--list" and not too_many:
        print("\n".join(listing()))
        sys.exit()
    if too_many or not (place == "--in-place" or Path(place or "?").is_dir()):
        sys.exit("usage: python tests/tables/make_dates.py FOLDER | --in-place | --list")
    homes = {"dates.tsv": data, "dates_more.tsv": data}
    for name, content in files().items():
        folder = homes.get(name, cases) if place == "--in-place" else Path(place)
        (folder / name).write_text(content, encoding="utf-8", newline="\n")
