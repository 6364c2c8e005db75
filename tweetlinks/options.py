"""Know the options of the command line. Touches: the terminal, where argparse prints help and complaints.

Never runs a command. What a command takes is a table (`flags` has the options themselves); the help, docs/cli.md and
the parser come of it. argparse is loaded only for what is more than a list of paths: it costs 4 ms of every start.
"""

from __future__ import annotations

import os
from types import SimpleNamespace

from tweetlinks import terminal
from tweetlinks.flags import OPTIONS
from tweetlinks.record import TYPE_CHECKING, Record

if TYPE_CHECKING:
    from argparse import ArgumentParser, RawDescriptionHelpFormatter
    from collections.abc import Mapping, Sequence

__all__ = ["COMMANDS", "Command", "parse", "parser"]

_NETWORK = (
    "cache", "offline", "refresh", "check_target", "archive", "concurrency", "rate", "timeout", "retries", "max_hops",
    "fast",
)  # fmt: skip
_ASKING = (*_NETWORK, "fail_on")
_READING = (
    "from", "text_column", "id_column", "format", "excel", "output", "resume", "min_confidence", "with_text", "explain",
    "jobs",
)  # fmt: skip


_ABSENT = frozenset(("explain", "resume", "with_text"))
"""What is as if it were not said where a command does not take it."""


class Command(Record):
    """One command."""

    summary: str
    """What it does, in one line."""
    options: tuple[str, ...]
    """Its options, from `OPTIONS`."""
    formats: Mapping[str, str] = {}
    """Of a command with formats of its own: the suffixes that -o may have, each with its format, the first without."""


COMMANDS: dict[str, Command] = {
    "": Command(
        "Find the tweets that articles cite, expand their links, tie each to its paragraph.",
        ("paths", "fetch", *_READING, "offsets", "outlets", *_ASKING),
    ),
    "extract": Command(
        "The same without any network: links are found, not expanded.", ("paths", *_READING, "offsets", "outlets")
    ),
    "resolve": Command(
        "Expand links, the links of extract's records, or a column of CSV files.",
        ("urls", "column", "link_format", "excel", "output", "resume", *_ASKING),
    ),
    "check": Command(
        "Say of each tweet that articles cite whether it is so: verdict, evidence, proof.",
        (
            "paths", "fetch", "from", "text_column", "id_column", "link_format", "excel", "output", "min_confidence",
            "jobs", "lookup", "redact_handles", *_NETWORK, "fail_on_verdict",
        ),
    ),
    "cite": Command(
        "Write references to the tweets that articles cite: CSL-JSON, BibLaTeX, RIS.",
        (
            "paths", "fetch", "from", "text_column", "id_column", "reference_format", "output", "min_confidence",
            "jobs", *_ASKING,
        ),
        {".json": "csl", ".bib": "bibtex", ".ris": "ris"},
    ),
    "report": Command(
        "Write a report to look at: one file of HTML, of an article or of many.",
        ("paths", "fetch", "from", "text_column", "id_column", "output", "min_confidence", "jobs", *_ASKING),
        {".html": "html", ".htm": "html"},
    ),
    "annotate": Command(
        "Write W3C Web Annotations of the tweets that articles cite, or take such to an edited article.",
        (
            "paths", "reanchor", "offsets", "fetch", "from", "text_column", "id_column", "output", "min_confidence",
            "jobs", *_ASKING,
        ),
        {".jsonld": "webannotation", ".json": "webannotation"},
    ),
    "audit": Command(
        "Say what an extractor lost of a page's tweets: words, author, date, id, links.",
        ("pairs", "from", "text_from", "plain_format", "output", "min_confidence", "fail_on_loss"),
    ),
    "freeze": Command(
        "Put quotations that need no script in the place of embedded tweets, in the source.",
        (
            "rewritten", "from", "to", "min_confidence", "rewritten_output", "in_place", "backup", "diff", "map",
            "restore", "lookup", "respect_deletions", *_ASKING,
        ),
    ),
    "cache": Command("Look after the answers that are kept.", ("action", "files", "cache", "output")),
    "completion": Command("Print what makes a shell complete commands, options and file names.", ("shell",)),
    "schema": Command("Print the JSON Schema of the record.", ("output",)),
}  # fmt: skip
"""Every command; the empty name is the whole job."""


def parse(words: Sequence[str]) -> tuple[str, SimpleNamespace]:
    """Return the name of the command that was typed, and its options.

    Args:
        words: what follows the program's name.

    Raises:
        SystemExit: help was printed (0), or the words make no sense (2).
    """
    name, rest = (words[0], list(words[1:])) if words and words[0] in COMMANDS else ("", list(words))
    if not name and (meant := _meant(rest)):
        parser(name).error(f"no command and no file: {rest[0]}; did you mean {meant}?")
    told = _plain(name, rest)
    if told is None:
        reader = parser(name)
        told = reader.parse_intermixed_args(rest, SimpleNamespace())  # paths before and behind options
        if wrong := _disagreement(told, COMMANDS[name].formats):
            reader.error(wrong)
    if (own := COMMANDS[name].formats) and not vars(told).get("format"):
        told.format = own[_suffix(told) or next(iter(own))]
    for option in _ABSENT - vars(told).keys():
        setattr(told, option, False)
    return name, told


def _meant(words: list[str]) -> str | None:
    """Return the command that a first word seems to mean: a slip must not send the links of an article anywhere."""
    if not words or not words[0].isalpha() or os.path.lexists(words[0]):
        return None
    from difflib import get_close_matches

    return next(iter(get_close_matches(words[0].lower(), [name for name in COMMANDS if name], cutoff=0.7)), None)


def _disagreement(told: SimpleNamespace, own: Mapping[str, str]) -> str | None:
    """Say which options do not go together; None when all do."""
    said = vars(told).get
    inputs = [word for name in ("paths", "urls", "files", "pairs") for word in said(name) or ()] + [said("reanchor")]
    action, files, suffix = said("action"), said("files"), _suffix(told)
    wrong = {
        "-: standard input can be read once only": inputs.count("-") > 1,
        "a page and the text that was made of it: PAGE TEXT": len(said("pairs") or ()) % 2,
        "import takes files": action == "import" and not files,
        f"{action} takes no files": action != "import" and files,
        "argument --refresh: it asks again, and --offline asks nobody": said("refresh") and said("offline"),
        "argument --reanchor: it asks nobody, so no --fetch": said("reanchor") and said("fetch"),
        f"argument -o/--output: suffix {suffix!r} is none of {', '.join(own)}": own
        and not said("format")
        and suffix not in {"", *own},
    }
    if found := _first(wrong):
        return found
    if "in_place" in vars(told):
        return _unwritable(told)
    return _misshapen(told) if "format" in vars(told) and not own else None


def _first(wrong: dict[str, object]) -> str | None:
    return next((words for words, is_so in wrong.items() if is_so), None)


def _unwritable(told: SimpleNamespace) -> str | None:
    """Say which options of `freeze` do not go together; None when all do."""
    places = sum([bool(told.output), told.in_place, told.diff])
    return _first(
        {
            "it takes a PATH, or --restore MAP": not (told.paths or told.restore),
            "argument --restore: it takes no paths": told.paths and told.restore,
            "argument --restore: it puts files back where they were, and takes no other option": told.restore
            and (places or told.backup or told.map or told.lookup or told.respect_deletions),
            "argument --map: it is a file": told.map == "-",
            "arguments -o/--output, --in-place, --diff: one of them": places > 1,
            "argument --in-place: standard input is no file": told.in_place and "-" in told.paths,
            "argument --backup: it keeps what --in-place replaces": told.backup and not told.in_place,
            "argument --map: it leads back from a file: --in-place, or -o": told.map
            and not (told.output or told.in_place),
            "argument --respect-deletions: --lookup NAME,… says who knows": told.respect_deletions and not told.lookup,
        }
    )


def _misshapen(told: SimpleNamespace) -> str | None:
    """Say which options do not go with the format of the output; None when all do."""
    from tweetlinks.write import SUFFIXES

    suffix = _suffix(told)
    if suffix and suffix not in SUFFIXES and not told.format:
        return f"argument -o/--output: unknown suffix {suffix!r}; one of: {', '.join(SUFFIXES)}; or -f names a format"
    wanted = told.format or _by_suffix(told)
    return _unsaveable(told, wanted) or _unsafe(told, wanted) or _unfit(told, wanted)


def _suffix(told: SimpleNamespace) -> str:
    from os.path import splitext

    return splitext(vars(told).get("output") or "")[1].lower()  # noqa: PTH122  pathlib costs 10 ms of start


def _by_suffix(told: SimpleNamespace) -> str | None:
    """Return the format that the name of the output asks for."""
    from tweetlinks.write import SUFFIXES

    return SUFFIXES.get(_suffix(told))


def _unsaveable(told: SimpleNamespace, wanted: str | None) -> str | None:
    from tweetlinks.write import FILES, OF_DOCUMENTS

    if wanted in OF_DOCUMENTS and not hasattr(told, "with_text"):
        return f"argument -f/--format: {wanted} is written of documents, by `tweetlinks` and `extract`"
    if wanted in FILES and not (told.output and hasattr(told, "with_text")):
        return f"argument -f/--format: {wanted} is written of documents, by `tweetlinks` and `extract`, to -o FILE"
    return None


def _unsafe(told: SimpleNamespace, wanted: str | None) -> str | None:
    if getattr(told, "excel", False):
        if wanted not in {"csv", "coding-sheet"} and not getattr(told, "column", None):
            return "argument --excel: it is for CSV: -f csv, or -o FILE.csv"
        if getattr(told, "resume", False):
            return "argument --excel: what it writes cannot be resumed"
    return None


def _unfit(told: SimpleNamespace, wanted: str | None) -> str | None:
    if getattr(told, "column", None) and wanted not in {None, "csv"}:
        return "argument --column: it writes CSV, so no other -f/--format or suffix of -o"
    if getattr(told, "explain", False) and wanted not in {None, "table"}:
        return "argument --explain: it shows in a table, so no other -f/--format or suffix of -o"
    for option, form in (("offsets", "webannotation"), ("outlets", "coding-sheet")):
        if getattr(told, option, None) and wanted != form:
            return f"argument --{option}: it is for -f {form}"
    resume = getattr(told, "resume", False)
    if resume and not told.output:
        return "argument --resume: it goes on with a file: -o FILE"
    if resume and wanted not in ({None, "jsonl"} if hasattr(told, "paths") else {None, "jsonl", "csv"}):
        return "argument --resume: it goes on with JSON lines, of links and columns with CSV too: -f jsonl"
    return None


def _plain(name: str, words: list[str]) -> SimpleNamespace | None:
    """Return the options of a command that was given paths alone, as argparse would: it costs 4 ms to start it.

    >>> _plain("extract", ["a.txt"]) == parser("extract").parse_args(["a.txt"], SimpleNamespace())
    True
    """
    options = COMMANDS[name].options
    if not words or options[0] != "paths" or any(word.startswith("-") for word in words):
        return None
    told = SimpleNamespace(paths=words)
    for flags, settings in (OPTIONS[option] for option in options[1:]):
        place = settings.get("dest") or flags[-1].lstrip("-").replace("-", "_")
        setattr(told, place, settings.get("default", False if settings.get("action") else None))
    return told


def parser(name: str) -> ArgumentParser:
    """Return the parser of one command; the empty name is the whole job."""
    from argparse import ArgumentParser

    command = COMMANDS[name]
    out = ArgumentParser(
        prog=f"tweetlinks {name}".rstrip(),
        description=command.summary,
        epilog=None if name else _overview(),
        formatter_class=_formatter,
        allow_abbrev=False,
    )
    for option in command.options:
        flags, settings = OPTIONS[option]
        out.add_argument(*flags, **settings)
    if not name:
        from tweetlinks import __version__

        out.add_argument("--version", action="version", version=f"tweetlinks {__version__}")
    return out


def _formatter(prog: str) -> RawDescriptionHelpFormatter:
    """Lay out the help; to be told the width spares argparse the import of shutil, 3 ms of every start."""
    from argparse import RawDescriptionHelpFormatter

    return RawDescriptionHelpFormatter(prog, width=terminal.width() - 2)


def _overview() -> str:
    rows = [f"  tweetlinks {name:11}{command.summary}" for name, command in COMMANDS.items() if name]
    return "\n".join(["other commands (the name comes first; a file of that name is ./name):", *rows])
