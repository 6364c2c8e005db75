"""Run tweetlinks from a terminal or in a pipe. Touches: the terminal, standard input and output, the environment.

Never reads an article itself and never decides what a citation is: it parses options, joins `sources`, `pipeline` and
`write`, and turns mistakes into one line and an exit status:

    0 all done · 1 some inputs failed (each named on stderr, the rest done) · 2 usage · 3 an outcome that `--fail-on`
    names came (and no input failed) · 130 interrupted

Data goes to stdout, everything else to stderr; a closed pipe ends it silently. Imports are inside functions wherever a
command does not need them: `extract` starts without httpx, bs4, tenacity, asyncio and ssl.
"""

from __future__ import annotations

import os
import re
import sys

from tweetlinks import options, terminal
from tweetlinks.errors import InputError, TweetlinksError
from tweetlinks.record import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Sequence
    from types import SimpleNamespace
    from typing import Any, TypeVar

    from tweetlinks.jobs import Plan
    from tweetlinks.model import Document
    from tweetlinks.network import Network
    from tweetlinks.sources import Input, Row, Word
    from tweetlinks.write import View

    T = TypeVar("T")

__all__ = ["main"]


def main(arguments: Sequence[str] | None = None) -> int:
    """Run one command.

    Args:
        arguments: what follows the program's name; None takes it from the process.

    Returns:
        The exit status.
    """
    name, told = options.parse(sys.argv[1:] if arguments is None else arguments)
    try:
        return _RUN[name](told)
    except BrokenPipeError:
        terminal.silence()
        return 0
    except KeyboardInterrupt:
        return 130
    except TweetlinksError as error:
        terminal.complain(str(error))
        return 1
    except OSError as error:
        terminal.complain(": ".join(str(part) for part in (error.filename, error.strerror or error) if part))
        return 1


# ---------------------------------------------------------------- the commands


def _network(told: SimpleNamespace, unit: str) -> Network:
    from tweetlinks import sources
    from tweetlinks.network import Network
    from tweetlinks.progress import Progress

    def total() -> int | None:
        if unit == "documents":
            return sources.count(told.paths)
        lines = sources.count_lines(told.urls)
        return lines - len(told.urls) if lines and unit == "rows" else lines  # without the names of the columns

    return Network(told, Progress(unit, total))


def _whole_job(told: SimpleNamespace) -> int:
    with _network(told, "documents") as network:
        return _documents(told, network)


def _extract(told: SimpleNamespace) -> int:
    return _documents(told, None)


def _resolve(told: SimpleNamespace) -> int:
    from itertools import chain

    from tweetlinks import sources

    failures: list[InputError] = []
    with _network(told, "rows" if told.column else "links") as network:
        if told.column:
            about, pieces = "rows", _csv(told, network, failures)
        else:
            words = _readable(sources.urls(told.urls, stdin=terminal.stdin()), failures)
            first = next(words, None)
            as_records = first is not None and first.text.startswith("{")
            about = "documents" if as_records else "links"
            network.progress.unit = "records" if as_records else "links"
            expand = _records if as_records else _links
            pieces = expand(chain([first] if first else [], words), network, told, failures)
        with _out(told, told.urls, about, network) as out:
            _put(out, told, pieces, failures)
        return _status(failures, network)


def _check_citations(told: SimpleNamespace) -> int:
    from tweetlinks.checking import verdicts
    from tweetlinks.write import writer

    failures: list[InputError] = []
    with _network(told, "documents") as network, _out(told, told.paths, "documents", network) as out:
        checked = verdicts(_read(told, network, failures), told, network)
        _put(out, told, writer(_format(told)).checks(checked, _view(told)), failures)
    return _status(failures, network)


def _annotate(told: SimpleNamespace) -> int:
    if not told.reanchor:
        return _whole_job(told)
    from tweetlinks.sources import lines
    from tweetlinks.write import reanchoring

    failures: list[InputError] = []
    lost: list[InputError] = []
    told.with_text = True  # an article that cites nothing any more is read, too
    data = "".join(lines(told.reanchor, stdin=terminal.stdin()))
    with _out(told, [*told.paths, told.reanchor], "documents", None) as out:
        documents = _read(told, None, failures)
        _put(out, told, reanchoring.write(data, told.reanchor, documents, _view(told).offsets, lost), failures)
    for error in lost:
        _failed(error, failures)
    return _status(failures, None)


def _audit(told: SimpleNamespace) -> int:
    from tweetlinks.comparing import audits
    from tweetlinks.write import losses

    failures: list[InputError] = []
    with terminal.Out(told.output, inputs=told.pairs) as out:
        found = losses.Count(_readable(audits(told, terminal.stdin()), failures), told.fail_on)
        _put(out, told, losses.write(found, _format(told), _view(told)), failures)
    return 1 if failures else 3 if found.lost else 0


def _out(told: SimpleNamespace, inputs: list[str], about: str, network: Network | None) -> terminal.Out:
    """Open the output; to go on with a file, read what it holds."""
    told.kept = None
    if told.resume:
        from tweetlinks.resuming import Kept

        form = "csv" if getattr(told, "column", None) else _format(told)
        if about == "documents" and form != "jsonl":
            raise InputError(told.output, "documents are resumed as JSON lines only")
        told.kept = Kept(told.output, form, about=about)
        if network:
            network.watch(*told.kept.outcomes)
    return terminal.Out(told.output, inputs=_used(told, inputs), keep=told.kept.size if told.kept else None)


def _used(told: SimpleNamespace, inputs: list[str]) -> list[str]:
    """Return the files that are read meanwhile, the output too where a folder or a glob stands for it."""
    from tweetlinks import sources

    used = [*inputs, *filter(None, [getattr(told, "cache", None), getattr(told, "outlets", None)])]
    if told.output and os.path.exists(told.output) and sources.reads(inputs, told.output):  # noqa: PTH110  pathlib
        used.append(told.output)
    return used


def _is_done(told: SimpleNamespace, key: object, network: Network | None) -> bool:
    """Tell whether an earlier run has written what became of an input."""
    done = told.kept is not None and told.kept.take(key)
    if done and network:
        network.progress.skip()
    return done


def _status(failures: list[InputError], network: Network | None) -> int:
    """Return the exit status of a command that came to its end."""
    if network and network.unasked:
        terminal.complain(f"links that were not asked: {network.unasked} (offline), so --fail-on knows nothing of them")
    if failures:
        return 1
    return 3 if network and network.matched else 0


def _freeze(told: SimpleNamespace) -> int:
    from tweetlinks import rewriting

    failures: list[InputError] = []

    def failed(error: InputError) -> None:
        _failed(error, failures)

    if told.restore:
        rewriting.restore(told.restore, failed)
        return _status(failures, None)
    with _network(told, "documents") as network, rewriting.output(told) as out:
        out.put(rewriting.freeze(told, network, failed))
    return _status(failures, network)


def _cache(told: SimpleNamespace) -> int:
    from tweetlinks import upkeep
    from tweetlinks.network import cache_path

    failures: list[InputError] = []
    with terminal.Out(told.output, inputs=[*told.files, told.cache or cache_path()]) as out:
        out.put(upkeep.run(told, lambda error: _failed(error, failures)))
    return 1 if failures else 0


def _completion(told: SimpleNamespace) -> int:
    from tweetlinks.tables import read_text

    with terminal.Out(None) as out:
        out.put([read_text(f"completion.{told.shell}")])
    return 0


def _schema(told: SimpleNamespace) -> int:
    from tweetlinks.schema import as_json

    with terminal.Out(told.output) as out:
        out.put([as_json()])
    return 0


_RUN: dict[str, Callable[[SimpleNamespace], int]] = {
    "": _whole_job,
    "extract": _extract,
    "resolve": _resolve,
    "check": _check_citations,
    "cite": _whole_job,
    "report": _whole_job,
    "annotate": _annotate,
    "audit": _audit,
    "freeze": _freeze,
    "cache": _cache,
    "completion": _completion,
    "schema": _schema,
}
"""What does each command of `options.COMMANDS`; the empty name is the whole job."""


# ---------------------------------------------------------------- documents


def _documents(told: SimpleNamespace, network: Network | None) -> int:
    """Read every input, write what was found, and return 1 when an input failed."""
    from tweetlinks import jobs
    from tweetlinks.write import APART, FILES, saver, writer

    failures: list[InputError] = []
    told.kept = None
    if told.explain and _format(told) != "table":
        terminal.complain("--explain shows in a table only: -f table")
    if _format(told) in FILES:
        terminal.Out(told.output, inputs=_used(told, told.paths))  # refuses to write over what is read
        saver(_format(told))(_read(told, network, failures), told.output)
        return _status(failures, network)
    with _out(told, told.paths, "documents", network) as out:
        if told.jobs > 1 and not network and _format(told) in APART:
            made = jobs.pieces(_inputs(told, network), _plan(told, _format(told)), told.jobs)
            lines: Iterable[str] = _readable(made, failures)
        else:
            lines = writer(_format(told)).write(_read(told, network, failures), _view(told))
        _put(out, told, lines, failures)
    return _status(failures, network)


def _inputs(told: SimpleNamespace, network: Network | None) -> Iterator[Input | InputError]:
    """Yield what is to be read, but for what an earlier run has done."""
    from tweetlinks import sources

    for path in told.paths:
        if not told.text_column and path.lower().endswith((".csv", ".jsonl", ".ndjson", ".tsv")):
            terminal.complain(f"{path}: is read as one text; --text-column NAME reads the texts of a column or key")
        if not path.startswith(("http://", "https://")):
            items = sources.inputs([path], stdin=terminal.stdin(), column=told.text_column, names=told.id_column)
            yield from (each for each in items if isinstance(each, InputError) or not _is_done(told, each.id, network))
        elif not (network and told.fetch):
            yield InputError(path, _NOT_FETCHED)
        elif not _is_done(told, path, network):
            yield network.article(path)


_NOT_FETCHED = "an article's URL is fetched with --fetch only (and not by extract); `resolve` expands links"


def _plan(told: SimpleNamespace, writer: str = "") -> Plan:
    from tweetlinks.jobs import Plan

    return Plan(told.source_format, told.with_text, told.min_confidence, writer, _view(told))


def _read(told: SimpleNamespace, network: Network | None, failures: list[InputError]) -> Iterator[Document]:
    from tweetlinks import jobs
    from tweetlinks.write import confident

    plan = _plan(told)
    if network:  # what is known of a tweet when its links are expanded makes it surer, or less
        plan = plan._replace(least=0.0)
    for document in _readable(jobs.documents(_inputs(told, network), plan, told.jobs), failures):
        if network:
            found = confident(_resolved(document, network), told.min_confidence)
            network.progress.step()
            yield found
        else:
            yield document


def _resolved(document: Document, network: Network) -> Document:
    """Expand the links of a document, and note what came of those too that nobody was asked about."""
    from tweetlinks.pipeline import resolve_links

    document = resolve_links(document, network)
    for link in document.links:
        if link.resolution:
            network.watch(link.resolution.expansion, link.resolution.target)
    return document


# ---------------------------------------------------------------- links


def _failed(error: InputError, failures: list[InputError]) -> None:
    """Name an input that failed; the others go on."""
    failures.append(error)
    terminal.complain(str(error))


def _readable(items: Iterable[T | InputError], failures: list[InputError]) -> Iterator[T]:
    for item in items:
        if isinstance(item, InputError):
            _failed(item, failures)
        else:
            yield item


def _links(words: Iterable[Word], network: Network, told: SimpleNamespace, failures: list[InputError]) -> Iterator[str]:
    from tweetlinks.write import writer

    def urls() -> Iterator[str]:
        for word in words:
            found: list[str] = []
            if word.text.startswith("{"):
                _failed(InputError(word.source, "a record among links"), failures)
            elif not (found := _parted(word.text)):
                _failed(InputError(word.source, _no_link(word)), failures)
            for link in found:
                url = link if "://" in link else f"https://{link}"
                if not _is_done(told, url, network):
                    yield url

    yield from _beyond_header(told, writer(_format(told)).links(network.in_order(urls()), _view(told)))


def _beyond_header(told: SimpleNamespace, pieces: Iterator[str]) -> Iterator[str]:
    """Leave out the names of the columns where the file has them that an earlier run wrote."""
    if told.kept and _format(told) == "csv":
        from tweetlinks.write.csvrows import LINK_COLUMNS

        if told.kept.header([*LINK_COLUMNS]):
            next(pieces)
    return pieces


_SHORT = frozenset(("media", "shortener", "status", "tco"))
"""Kinds of links whose end is known, so that what is glued to them can be cut off."""


def _parted(word: str) -> list[str]:
    """Return the links of a word: itself, or those that are glued together in it, without what stands around them.

    >>> _parted("(https://t.co/aaaaaaaaaapic.twitter.com/bbbbbbbbbb)."), _parted("bit.ly/a"), _parted("rain")
    (['https://t.co/aaaaaaaaaa', 'https://pic.twitter.com/bbbbbbbbbb'], ['bit.ly/a'], [])
    """
    from tweetlinks.urls import find_links

    found = find_links(word)
    known = found and found[0].kind in _SHORT and "truncated" not in found[0].evidence
    if len(found) > 1 or (known and found[0].raw != word):
        return [link.url for link in found]
    return [word] if _is_link(word) else []


def _is_link(text: str) -> bool:
    from tweetlinks.chain import start

    return start(text).expansion != "not-a-link"


def _no_link(word: Word) -> str:
    """Say what is wrong with a word that is no link, and what may have been meant."""
    if word.source == word.text:
        return "no link, and no file of that name"
    hint = " (a column of a CSV file is read with --column NAME)" if "," in word.text else ""
    return f"no link: {word.text[:80]!r}{hint}"


def _records(
    lines: Iterable[Word], network: Network, told: SimpleNamespace, failures: list[InputError]
) -> Iterator[str]:
    """Expand the links of records: JSON lines stay records, field by field; another format shows them."""
    from tweetlinks.resuming import reread
    from tweetlinks.write import jsonl, writer

    def pairs() -> Iterator[tuple[dict[str, Any], Document]]:
        for line in lines:
            try:
                record, document = reread(line)
            except InputError as error:
                _failed(error, failures)
            else:
                if _is_done(told, document.id, network):
                    continue
                yield record, _resolved(document, network)
                network.progress.step()

    name = _format(told)
    if name != "jsonl":
        return writer(name).write((document for record, document in _hinted(pairs(), name)), _view(told))
    return (
        jsonl.line({**record, **document.to_dict(with_text=record.get("text") is not None)}) + "\n"
        for record, document in pairs()
    )


def _hinted(pairs: Iterable[tuple[dict[str, Any], Document]], name: str) -> Iterator[tuple[dict[str, Any], Document]]:
    """Say once that passages cannot be shown, where records came without their text."""
    silent = name != "table"
    for record, document in pairs:
        if not silent and document.text_sha256 and any(citation.contexts for citation in document.citations):
            silent = True
            terminal.complain("the records hold no text, so no passage is shown: extract --with-text keeps it")
        yield record, document


_BETWEEN = re.compile(r"\s+|\||[,;](?=\s|https?://|\Z)")  # linear: one run, or one character
"""What parts the links of a cell."""


def _csv(told: SimpleNamespace, network: Network, failures: list[InputError]) -> Iterator[str]:
    """Expand a column of CSV files, whose column names must be the same; they are printed once."""
    from tweetlinks.sources import cells
    from tweetlinks.write.csvrows import LINK_COLUMNS, row

    names: list[str] = []
    for path in told.urls:
        try:
            rows = cells(path, told.column, stdin=terminal.stdin())
            here = next(_readable(rows, failures)).cells
            if names and here != names:
                reason = f"its columns are not those of the first file: {', '.join(here)}"
                _failed(InputError(path, reason), failures)
                continue
            wanted = [*here, *(f"link_{name}" if name in here else name for name in LINK_COLUMNS[1:])]
            if not names and not (told.kept and told.kept.header(wanted)):
                yield row(wanted)
            names = here
            yield from _filled(_readable(rows, failures), told, network, failures, names.index(told.column))
        except InputError as error:
            _failed(error, failures)


def _filled(
    rows: Iterable[Row], told: SimpleNamespace, network: Network, failures: list[InputError], place: int
) -> Iterator[str]:
    """Yield the rows, each with what became of the link in its cell `place`; for several links there, several rows."""
    from tweetlinks.network import batches
    from tweetlinks.write.csvrows import LINK_COLUMNS, link_cells, row

    def links(line: Row) -> list[str]:
        cell = line.cells[place]
        found = [link for word in filter(None, _BETWEEN.split(cell)) for link in _parted(word)]
        if cell.strip() and not found:
            _failed(InputError(line.source, f"no link: {cell[:80]!r}"), failures)
        return found

    def wanted(line: Row) -> Iterator[tuple[str, list[str]]]:
        for word in links(line) or [line.cells[place]]:
            cells = [*line.cells[:place], word, *line.cells[place + 1 :]]
            if not (told.kept and told.kept.take(tuple(cells))):
                yield word, cells

    for batch in batches(rows):
        left = [list(wanted(line)) for line in batch]
        found = network(word for pairs in left for word, _ in pairs if _is_link(word))
        for pairs in left:
            network.progress.step()
            for word, cells in pairs:
                answer = found.get(word)
                yield row([*cells, *(link_cells(answer) if answer else [""] * (len(LINK_COLUMNS) - 1))])


# ---------------------------------------------------------------- how it is shown


def _format(told: SimpleNamespace) -> str:
    if told.format:
        return str(told.format)
    if told.output:
        from tweetlinks.write import SUFFIXES

        return SUFFIXES.get(os.path.splitext(told.output)[1].lower(), "jsonl")  # noqa: PTH122  pathlib costs 10 ms
    return "table" if terminal.shown() else "jsonl"


def _put(out: terminal.Out, told: SimpleNamespace, pieces: Iterable[str], failures: list[InputError]) -> None:
    """Write what was found; where nothing was read, an older file stays."""
    if getattr(told, "excel", False):
        from tweetlinks.write.csvrows import harmless

        pieces = harmless(pieces)
    out.put(_marked(told, pieces))
    if not failures:
        out.end()


def _marked(told: SimpleNamespace, pieces: Iterable[str]) -> Iterator[str]:
    """Yield the pieces; CSV in a file begins with the mark of UTF-8, without which spreadsheets garble it."""
    kept = getattr(told, "kept", None)
    mark = (
        "\ufeff"
        if (told.output or getattr(told, "excel", False))
        and not (kept and kept.size)
        and (_format(told) in {"csv", "coding-sheet"} or getattr(told, "column", None))
        else ""
    )
    for piece in pieces:
        yield mark + piece
        mark = ""


def _outlets(told: SimpleNamespace) -> dict[str, frozenset[str]] | None:
    """Read whose handles are whose."""
    if not getattr(told, "outlets", None):
        return None
    from tweetlinks.write.outlets import outlets

    with open(told.outlets, encoding="utf-8-sig", newline="", errors="surrogateescape") as file:  # noqa: PTH123
        return outlets(file, told.outlets)


def _view(told: SimpleNamespace) -> View:
    from tweetlinks.write import View

    shown = told.output is None and terminal.shown()
    return View(
        with_text=getattr(told, "with_text", False),
        explain=getattr(told, "explain", False),
        redacted=getattr(told, "redact_handles", False),
        width=terminal.width() if shown else View().width,
        colour=shown and not os.environ.get("NO_COLOR") and os.environ.get("TERM") != "dumb",
        offsets=getattr(told, "offsets", None) or View().offsets,
        outlets=_outlets(told),
    )
