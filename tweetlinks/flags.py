"""List the options of the command line: their names, what argparse is told, and how a word is read. Pure.

Which command takes which of them is in `options`.
"""

from __future__ import annotations

from tweetlinks.record import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable
    from typing import Any, NoReturn

__all__ = ["LOOKUPS", "LOSSES", "OPTIONS", "OUTCOMES", "VERDICTS"]

_SOURCES = ("auto", "text", "html", "markdown", "mediawiki", "bbcode")
_FORMATS = (
    "table", "jsonl", "json", "csv", "tsv", "ids", "urls", "sqlite", "parquet", "csl", "bibtex", "ris", "coding-sheet",
    "html", "webannotation",
)  # fmt: skip
LONGEST_NUMBER = 10
"""Digits of a number of links or requests, one more than sensible."""
OUTCOMES = (
    "archive-blocked", "blocked-address", "blocked-by-host", "connect-error", "consent-wall", "dead", "dns-error",
    "expanded", "forbidden", "from-archive", "gone", "interstitial-unparsed", "invalid-location", "legal", "login-wall",
    "loop", "not-a-link", "not-a-short-link", "not-contacted", "not-found", "offline", "ok", "protocol-error",
    "rate-limited", "resolved-here", "server-error", "soft-404", "terminal-social", "timeout", "tls-error",
    "too-large", "too-many-hops", "truncated", "unchecked", "unsafe", "unsupported-scheme",
)  # fmt: skip
"""Every word that says what became of a link or of its target, as docs/outcomes.md explains them."""
VERDICTS = (
    "altered", "blocked", "confirmed", "conflict", "consistent", "deleted", "exact", "found", "missing", "protected",
    "shortened", "suspended", "unknown", "unproven", "unverifiable", "withheld",
)  # fmt: skip
"""Every word that `check` says of a citation, of its tweet or of its words, as docs/evidence.md explains them."""
LOOKUPS = ("oembed", "syndication", "wayback", "memento")
"""Who can be asked about a tweet."""
LOSSES = ("tweet", "words", "author", "date", "id", "links", "found")
"""What `audit` can find lost, as docs/audit.md explains it."""
MOST = 1e9
"""Of seconds and of requests a second: what is beyond is a slip."""


def _share(word: str) -> float:
    """Read a number from 0 to 1.

    >>> _share("0.5")
    0.5
    """
    return _number(word, "no number from 0 to 1", lambda number: 0 <= number <= 1)


def _above_zero(word: str) -> float:
    """Read a number above 0.

    >>> _above_zero("2.5")
    2.5
    """
    return _number(word, "no number above 0", lambda number: 0 < number < MOST)


def _from_zero(word: str) -> int:
    """Read a whole number from 0 on.

    >>> _from_zero("0")
    0
    """
    return _whole(word, 0)


def _from_one(word: str) -> int:
    """Read a whole number from 1 on."""
    return _whole(word, 1)


def _number(word: str, complaint: str, fits: Callable[[float], bool]) -> float:
    try:
        number = float(word)
    except ValueError:
        number = float("nan")
    return number if fits(number) else _refuse(f"{complaint}: {word!r}")  # NaN fits nowhere


def _whole(word: str, least: int) -> int:
    plain = word.isascii() and word.isdigit() and len(word) < LONGEST_NUMBER
    return int(word) if plain and int(word) >= least else _refuse(f"no whole number from {least} on: {word!r}")


def _refuse(complaint: str) -> NoReturn:
    from argparse import ArgumentTypeError

    raise ArgumentTypeError(complaint)


def _outcomes(words: str) -> frozenset[str]:
    """Read outcomes, parted by commas.

    >>> sorted(_outcomes("dead, not-found"))
    ['dead', 'not-found']
    """
    return frozenset(_known(words, OUTCOMES, "outcome"))


def _verdicts(words: str) -> frozenset[str]:
    return frozenset(_known(words, (*VERDICTS, *OUTCOMES), "verdict"))


def _lookups(words: str) -> tuple[str, ...]:
    return tuple(_known(words, LOOKUPS, "look-up"))


def _losses(words: str) -> tuple[str, ...]:
    """Read what must not be lost; `none` is nothing.

    >>> _losses("words,links"), _losses("none")
    (('words', 'links'), ())
    """
    return () if words == "none" else tuple(_known(words, LOSSES, "loss"))


def _known(words: str, known: tuple[str, ...], what: str) -> dict[str, None]:
    wanted = dict.fromkeys(word.strip() for word in words.split(","))
    if unknown := wanted.keys() - set(known):
        _refuse(f"unknown {what} {', '.join(map(repr, sorted(unknown)))}; known are: {', '.join(known)}")
    return wanted


def _shaped(*choices: str) -> tuple[tuple[str, ...], dict[str, Any]]:
    """Return the option that names a format, of those that a command can write."""
    words = "format of the output (a table on a terminal, jsonl in a pipe; by the suffix of -o)"
    return ("-f", "--format"), {"choices": choices, "help": words}


OPTIONS: dict[str, tuple[tuple[str, ...], dict[str, Any]]] = {
    "paths": (
        ("paths",),
        {"nargs": "+", "metavar": "PATH", "help": "a file, a folder, a glob, or - for standard input"},
    ),
    "urls": (
        ("urls",),
        {
            "nargs": "+",
            "metavar": "URL|FILE|-",
            "help": "a link; or a file, or - for standard input, with a link or a record of extract on each line"
            " (or a JSON array of them)",
        },
    ),
    "action": (
        ("action",),
        {
            "choices": ("stats", "purge", "export", "import"),
            "help": "count what is kept, forget what is too old to be used, write all of it as JSON lines, or take in"
            " files",
        },
    ),
    "shell": (
        ("shell",),
        {
            "choices": ("bash", "zsh", "fish"),
            "help": 'the shell: `eval "$(tweetlinks completion bash)"` in ~/.bashrc; with zsh in ~/.zshrc, behind'
            " compinit; `tweetlinks completion fish | source` in config.fish",
        },
    ),
    "files": (
        ("files",),
        {
            "nargs": "*",
            "metavar": "FILE",
            "help": "what to import, - for standard input: what export wrote, or where links lead: CSV or TSV of two"
            " columns, JSON lines of url and target, a BEACON link dump, tweets as JSON lines, a Twitter archive's"
            " tweets.js",
        },
    ),
    "from": (
        ("--from",),
        {
            "dest": "source_format",
            "default": "auto",
            "choices": _SOURCES,
            "help": "format of the documents (auto: by name; HTML is told by its first bytes)",
        },
    ),
    "format": (
        ("-f", "--format"),
        {
            "choices": _FORMATS,
            "help": "format of the output (a table on a terminal, jsonl in a pipe; by the suffix of -o); ids are"
            " those of tweets, sqlite and parquet are of documents and go to -o FILE; csl, bibtex and ris are"
            " references, coding-sheet is a row a citation with empty columns for the coder,"
            " webannotation is JSON-LD of the W3C, html is a report to look at;"
            " paragraphs count from 1 in a table, a report and a coding sheet, from 0 in the others",
        },
    ),
    "fetch": (
        ("--fetch",),
        {"action": "store_true", "help": "fetch articles whose URLs stand among the paths (nothing is fetched else)"},
    ),
    "excel": (
        ("--excel",),
        {
            "action": "store_true",
            "help": "write CSV for a spreadsheet: what it would take for a formula gets a ' before it, and UTF-8 is"
            " marked on standard output, too",
        },
    ),
    "output": (("-o", "--output"), {"metavar": "FILE", "help": "write to a file instead of standard output"}),
    "text_column": (
        ("--text-column",),
        {
            "metavar": "NAME",
            "help": "read the texts in this column of .csv, .tsv and .parquet files, or under this key of .jsonl,"
            " each as a document",
        },
    ),
    "id_column": (("--id-column",), {"metavar": "NAME", "help": "what such documents are called (default: FILE:LINE)"}),
    "resume": (
        ("--resume",),
        {
            "action": "store_true",
            "help": "go on with the -o FILE of the same command that was ended: its whole lines stay and are not done"
            " again, whatever came of them: another -o asks again what is not in the cache (JSON lines; of links and"
            " columns CSV too)",
        },
    ),
    "min_confidence": (
        ("--min-confidence",),
        {
            "type": _share,
            "default": 0.0,
            "metavar": "X",
            "help": "leave out citations that are less sure than X (0 to 1)",
        },
    ),
    "with_text": (("--with-text",), {"action": "store_true", "help": "put the whole text into each record"}),
    "explain": (
        ("--explain",),
        {
            "action": "store_true",
            "help": "say what speaks for each citation and its passage, what its words could be else, and what almost"
            " was one (in a table only)",
        },
    ),
    "jobs": (
        ("--jobs",),
        {"type": _from_one, "default": 1, "metavar": "N", "help": "read documents in N processes (default 1)"},
    ),
    "column": (
        ("--column",),
        {
            "metavar": "NAME",
            "help": "read CSV files (or -), parted by commas, semicolons or tabs, of the same columns, and expand the"
            " links of this one, several of a cell (parted by blanks, |, or a comma or semicolon before a blank or a"
            " link) in a row each; writes CSV with commas",
        },
    ),
    "cache": (
        ("--cache",),
        {
            "metavar": "PATH",
            "help": "where answers are kept: a file, or the redis:// URL of a server"
            " (default: tweetlinks/answers.sqlite in the user's cache folder)",
        },
    ),
    "offline": (
        ("--offline",),
        {"action": "store_true", "help": "send nothing: only the cache answers (or set TWEETLINKS_OFFLINE=1)"},
    ),
    "refresh": (
        ("--refresh",),
        {"action": "store_true", "help": "ask again although the cache has an answer, and keep the new one"},
    ),
    "check_target": (
        ("--check-target",),
        {
            "action": "store_true",
            "help": "also ask the page that a link leads to, and links of hosts that are not known to be shorteners",
        },
    ),
    "archive": (
        ("--archive",),
        {
            "action": "store_true",
            "help": "ask the Internet Archive about short links that their shortener does not know any more",
        },
    ),
    "lookup": (
        ("--lookup",),
        {
            "type": _lookups,
            "default": (),
            "metavar": "NAME,…",
            "help": "ask about the tweets, too: oembed and syndication (the service itself), wayback and memento (the"
            " Internet Archive); nobody is asked else",
        },
    ),
    "redact_handles": (
        ("--redact-handles",),
        {"action": "store_true", "help": "write user1, user2, … for handles, and no names"},
    ),
    "offsets": (
        ("--offsets",),
        {
            "choices": ("codepoint", "utf16", "utf8"),
            "help": "what positions in web annotations count (default codepoint; JavaScript counts utf16)",
        },
    ),
    "reanchor": (
        ("--reanchor",),
        {
            "metavar": "FILE",
            "help": "take the annotations in FILE, - is standard input, to the articles as they are now: what is not"
            " found again is named and left out",
        },
    ),
    "outlets": (
        ("--outlets",),
        {
            "metavar": "FILE",
            "help": "CSV of domain,handle: the accounts of outlets, for the column self_citation of a coding sheet",
        },
    ),
    "rewritten": (
        ("paths",),
        {"nargs": "*", "metavar": "PATH", "help": "a file, a folder, a glob, or - for standard input"},
    ),
    "to": (
        ("--to",),
        {
            "default": "auto",
            "choices": ("auto", "markdown", "html"),
            "help": "how quotations are written in plain text and Markdown (auto: in Markdown); pages, wikis and posts"
            " of forums keep their own language",
        },
    ),
    "rewritten_output": (
        ("-o", "--output"),
        {
            "metavar": "FILE|FOLDER/",
            "help": "write to a file instead of standard output; to a folder, each source under the way that leads to"
            " it, also where nothing changes",
        },
    ),
    "in_place": (
        ("--in-place",),
        {"action": "store_true", "help": "replace the sources, each whole or not at all; others stay untouched"},
    ),
    "backup": (
        ("--backup",),
        {
            "action": "store_true",
            "help": "keep what is replaced as FILE.bak (FILE.bak2, … where there is one: no copy is overwritten)",
        },
    ),
    "diff": (("--diff",), {"action": "store_true", "help": "write nothing, show what would change, as diff -u does"}),
    "map": (
        ("--map",),
        {"metavar": "MAP", "help": "add to this file, as JSON lines, what was replaced and what was left, and why"},
    ),
    "restore": (
        ("--restore",),
        {
            "metavar": "MAP",
            "help": "undo what a map tells of, from the folder in which it was made; a file that was changed since is"
            " left as it is, and named",
        },
    ),
    "respect_deletions": (
        ("--respect-deletions",),
        {
            "action": "store_true",
            "help": "put a notice in the place of a tweet that a look-up says was deleted, not its words",
        },
    ),
    "fail_on_verdict": (
        ("--fail-on",),
        {
            "type": _verdicts,
            "default": frozenset(),
            "metavar": "WORD,…",
            "help": "exit with 3 when a verdict, a state of a tweet or of its words, or an outcome of a link is one of"
            " these (conflict,altered,deleted; docs/evidence.md has the words)",
        },
    ),
    "pairs": (
        ("pairs",),
        {
            "nargs": "+",
            "metavar": "PAGE TEXT",
            "help": "a page, and the text that an extractor made of it (one of them may be -, standard input); further"
            " pairs; or two folders, whose files belong together when their names but for the suffix are the same",
        },
    ),
    "text_from": (
        ("--text-from",),
        {
            "default": "auto",
            "choices": _SOURCES,
            "help": "format of the texts (auto: by name; HTML is told by its first bytes); --from is that of the pages",
        },
    ),
    "reference_format": (
        ("-f", "--format"),
        {"choices": ("csl", "bibtex", "ris"), "help": "format of the references (csl; or by the suffix of -o)"},
    ),
    "link_format": _shaped("table", "jsonl", "json", "csv", "tsv", "ids", "urls"),
    "plain_format": _shaped("table", "jsonl", "json", "csv", "tsv"),
    "fail_on_loss": (
        ("--fail-on",),
        {
            "type": _losses,
            "default": ("tweet", "words", "author", "date", "links"),
            "metavar": "LOSS,…",
            "help": "exit with 3 when one of these was lost or cut: tweet (all of it), words, author, date, id, links,"
            " found (by `extract`, in the text); none: never (default tweet,words,author,date,links: hardly an"
            " extractor keeps ids)",
        },
    ),
    "fast": (
        ("--fast",),
        {
            "action": "store_true",
            "help": "ask over aiohttp, which takes less of the processor (needs the extra `fast`)",
        },
    ),
    "concurrency": (
        ("--concurrency",),
        {
            "type": _from_one,
            "metavar": "N",
            "help": "links under way at the same time, of one host too (default 16, and 2 requests to one host)",
        },
    ),
    "rate": (
        ("--rate",),
        {"type": _above_zero, "metavar": "R", "help": "requests to one host in a second, at most (default 10)"},
    ),
    "timeout": (
        ("--timeout",),
        {
            "type": _above_zero,
            "metavar": "S",
            "help": "seconds until a request is answered (default 10; a link as a whole may take three times that,"
            " 30 at least)",
        },
    ),
    "retries": (
        ("--retries",),
        {
            "type": _from_zero,
            "metavar": "N",
            "help": "how often to ask again where that may help (default 2; a link that got no answer at all is asked"
            " three times at most)",
        },
    ),
    "max_hops": (
        ("--max-hops",),
        {"type": _from_one, "metavar": "N", "help": "redirects in a row for one link (default 10)"},
    ),
    "fail_on": (
        ("--fail-on",),
        {
            "type": _outcomes,
            "default": frozenset(),
            "metavar": "OUTCOME,…",
            "help": "exit with 3 when a link or its target came to one of these (dead,not-found; docs/outcomes.md"
            " has the words)",
        },
    ),
}
"""Every option: its names, and what argparse is told."""
