"""Rewrite sources: with their tweets frozen, and back again. Touches: files; the network, through `network`.

Never decides what takes the place of a tweet: `write.freeze` does. A file is replaced whole or not at all, keeps its
mode, and stays as it is, its time too, where there is nothing to freeze. The way back is written before the file is.
"""

from __future__ import annotations

import json
import os
from contextlib import suppress
from hashlib import sha256

from tweetlinks import terminal
from tweetlinks.errors import InputError
from tweetlinks.record import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator
    from types import SimpleNamespace
    from typing import Any

    from tweetlinks.corpora import Input
    from tweetlinks.model import Citation, Document, Finding
    from tweetlinks.network import Network
    from tweetlinks.write.freeze import Frozen

__all__ = ["freeze", "output", "restore"]

_MAP = b'{"path": "'
"""How a map begins."""


def freeze(told: SimpleNamespace, network: Network, failed: Callable[[InputError], None]) -> Iterator[str | bytes]:
    """Freeze sources, and yield what goes to the output.

    Args:
        told: the options.
        network: expands links, and asks the look-ups that the options name.
        failed: told of a source that cannot be read or written.

    Raises:
        InputError: several sources, and one place to write to.
    """
    counts, written = [0, 0, 0, 0], dict[str, str]()
    if _is_folder(told.output):
        written = dict.fromkeys(_read_files(told.paths), "a source")
    for path, item in _inputs(told):
        if isinstance(item, InputError):
            failed(item)
            continue
        try:
            done = _frozen(told, item, network)
            yield from _written(told, path, item, done, written)
        except InputError as error:
            failed(error)
        except OSError as error:
            failed(InputError(str(error.filename or item.id), error.strerror or str(error)))
        else:
            for number, more in enumerate((1, bool(done.edits), len(done.edits), len(done.left))):
                counts[number] += more
            _tell(item.id, done)
        network.progress.step()
    if counts[0] and (told.in_place or told.output):
        terminal.complain("sources: {}, changed: {}, tweets frozen: {}, left: {}".format(*counts))


def _tell(name: str, done: Frozen) -> None:
    """Say what was left of a source, in a line for each reason."""
    reasons: dict[tuple[str, str], list[str]] = {}
    for left in done.left:
        reasons.setdefault((left.form, left.reason), []).append(left.citation)
    for (form, reason), citations in reasons.items():
        terminal.complain(f"{name}: left: {' '.join(filter(None, citations)) or 'a tweet'} ({form}): {reason}")


def output(told: SimpleNamespace) -> terminal.Out:
    """Open what is written to where sources are not replaced: a file, or standard output.

    Raises:
        InputError: what would be written to is read, or is none of ours.
    """
    folder = os.path.realpath(told.output) if _is_folder(told.output) else None
    if folder and (around := next((path for path in told.paths if _within(folder, path)), None)):
        raise InputError(told.output, f"lies in {around}, which is read: what is written there would be read, too")
    if told.map:
        _check_map(told, folder)
    return terminal.Out(None if folder else told.output, inputs=told.paths)


def _check_map(told: SimpleNamespace, folder: str | None) -> None:
    """Refuse a map that is a source, or something else, or stands where sources are written to."""
    real = os.path.realpath(told.map)
    if real in _read_files(told.paths):
        raise InputError(told.map, "is a source, and cannot be the map")
    if (folder and _within(real, folder)) or (told.output and real == os.path.realpath(told.output)):
        raise InputError(told.map, "stands where sources are written to, and cannot be the map")
    if os.path.isfile(real):  # noqa: PTH113
        with open(real, "rb") as file:  # noqa: PTH123
            start = file.read(len(_MAP))
        if start and start != _MAP:
            raise InputError(told.map, "is no map: it is left as it is")


def _read_files(paths: list[str]) -> set[str]:
    """Return every file that is read, by its one name."""
    from tweetlinks import sources

    return {os.path.realpath(name) for path in paths for name in sources.files(path) if isinstance(name, str)}


def _within(path: str, folder: str) -> bool:
    """Tell whether a path is a folder, or lies in it, whatever links lead there."""
    real, around = os.path.realpath(path), os.path.realpath(folder)
    return os.path.isdir(around) and (real == around or real.startswith(os.path.join(around, "")))  # noqa: PTH112, PTH118


def _inputs(told: SimpleNamespace) -> Iterator[tuple[str, Input | InputError]]:
    """Yield each source with the path that named it; several need several places to go to."""
    from itertools import chain

    items = _sources(told.paths)
    if not (told.in_place or told.diff or _is_folder(told.output)):
        first, second = next(items), next(items, None)
        if second:
            raise InputError(second[0], "is not the only source: --in-place, --diff, or -o FOLDER/ takes several")
        items = chain([first])
    return items


def _sources(paths: list[str]) -> Iterator[tuple[str, Input | InputError]]:
    from tweetlinks import sources
    from tweetlinks.corpora import PACKED

    for path in paths:
        for item in sources.inputs([path], stdin=terminal.stdin()):
            own = isinstance(item, InputError) or item.id == sources.STDIN or os.path.isfile(item.id)  # noqa: PTH113
            if isinstance(item, InputError) or (own and not item.id.lower().endswith(tuple(PACKED))):
                yield path, item
            else:
                yield path, InputError(item.id or path, "is packed or holds many documents: unpack it to rewrite it")


def _is_folder(output: str | None) -> bool:
    return bool(output) and (str(output).endswith(("/", os.sep)) or os.path.isdir(str(output)))  # noqa: PTH112


def _frozen(told: SimpleNamespace, item: Input, network: Network) -> Frozen:
    from tweetlinks.write.settling import settled

    return settled(item.data, lambda data: _frozen_once(told, item, data, network))


def _frozen_once(told: SimpleNamespace, item: Input, data: str | bytes, network: Network) -> Frozen:
    from tweetlinks.pipeline import extract, resolve_links
    from tweetlinks.write import confident
    from tweetlinks.write.freeze import frozen

    form = item.format if told.source_format == "auto" else told.source_format
    document = extract(data, format=form, id=item.id, placed=True)
    document = confident(resolve_links(document, network), told.min_confidence)
    for link in document.links if data is item.data else ():
        if link.resolution:
            network.watch(link.resolution.expansion, link.resolution.target)
    findings = {
        citation.id: _look_up(told, document, citation, network)
        for citation in document.citations
        if citation.kind == "embed" and citation.form != "frozen" and (told.respect_deletions or not citation.text)
    }
    return frozen(data, document, to=told.to, findings=findings, respect_deletions=told.respect_deletions)


def _look_up(told: SimpleNamespace, of: Document, citation: Citation, network: Network) -> list[Finding]:
    """Ask about one tweet that has an address."""
    from tweetlinks.write.freeze import address

    near = "".join(filter(str.isdigit, of.archived_at or citation.created_at or citation.date or ""))[:8]
    url = address(citation)
    return [network.look_up(source, url, near) for source in told.lookup] if url else []


# ---------------------------------------------------------------- what is written, and where


def _written(
    told: SimpleNamespace, path: str, item: Input, done: Frozen, written: dict[str, str]
) -> Iterator[str | bytes]:
    """Put a source where the options say, or yield it."""
    data = bytes(done.source)  # type: ignore[arg-type]  # of bytes
    if told.diff:
        yield from _difference(item, done)
    elif told.in_place:
        _note(told, item.id, item, done)
        if done.edits:
            _replace(item.id, data, before=item.data, backup=told.backup)
    elif _is_folder(told.output):
        place = _under(told.output, path, item.id)
        real = os.path.realpath(place)
        if real in written:
            raise InputError(item.id, f"would be written to {place}, as {written[real]}")
        written[real] = item.id
        os.makedirs(os.path.dirname(place) or ".", exist_ok=True)  # noqa: PTH103, PTH120  a path is text here
        _note(told, place, item, done)
        _replace(place, data, mode_of=item.id)
    else:
        if told.output:
            _note(told, told.output, item, done)
        yield data


def _under(folder: str, named: str, path: str) -> str:
    """Return where a source goes in a folder: the way that leads to it from the folder that was named."""
    if path == "-":
        return os.path.join(folder, "stdin")  # noqa: PTH118
    inside = os.path.isdir(named)  # noqa: PTH112
    return os.path.join(folder, os.path.relpath(path, named) if inside else os.path.basename(path))  # noqa: PTH118, PTH119


def _replace(
    path: str, data: bytes, *, before: bytes | None = None, backup: bool = False, mode_of: str | None = None
) -> None:
    """Replace a file whole, through a link to it; it keeps its mode.

    Raises:
        InputError: it is not what it was when it was read.
        OSError: it cannot be written.
    """
    import shutil

    real = os.path.realpath(path)
    _check(path, before)
    if backup:
        _keep(real)
    handle, temporary = _temporary(real)
    try:
        with os.fdopen(handle, "wb") as file:
            file.write(data)
            file.flush()
            os.fsync(file.fileno())
        model = real if os.path.exists(real) else mode_of  # noqa: PTH110
        if model and os.path.exists(model):  # noqa: PTH110
            shutil.copymode(model, temporary)
        _check(path, before)
        os.replace(temporary, real)  # noqa: PTH105
    except BaseException as error:
        with suppress(OSError):
            os.unlink(temporary)  # noqa: PTH108
        if isinstance(error, OSError):
            error.filename = path
        raise


def _check(path: str, before: bytes | None) -> None:
    if before is not None:
        with open(path, "rb") as file:  # noqa: PTH123
            if file.read() != before:
                raise InputError(path, "was changed while it was read: it is left as it is")


def _temporary(path: str) -> tuple[int, str]:
    """Open a new file beside another."""
    import tempfile

    try:
        return tempfile.mkstemp(dir=os.path.dirname(path), prefix=".tweetlinks-")  # noqa: PTH120
    except OSError as error:
        error.filename = path
        raise


def _keep(path: str) -> None:
    """Copy a file to a name that is free; the name is there when all of the copy is."""
    import shutil

    handle, temporary = _temporary(path)
    try:
        with os.fdopen(handle, "wb") as copy, open(path, "rb") as file:  # noqa: PTH123
            shutil.copyfileobj(file, copy)
            copy.flush()
            os.fsync(copy.fileno())
        shutil.copystat(path, temporary)
        _name(temporary, path)
    except OSError as error:
        error.filename, error.filename2 = f"{path}.bak", None
        raise
    finally:
        with suppress(OSError):
            os.unlink(temporary)  # noqa: PTH108


def _name(temporary: str, path: str) -> None:
    """Give a copy the first free name; where there are no hard links, by renaming it."""
    while True:
        name = _free(path)
        try:
            os.link(temporary, name)
        except FileExistsError:
            continue
        except OSError:
            os.rename(temporary, name)  # noqa: PTH104
        return


def _free(path: str) -> str:
    """Return the name of a copy that does not exist yet: an older copy may be the only one of the first state."""
    number, name = 1, f"{path}.bak"
    while os.path.lexists(name):
        number += 1
        name = f"{path}.bak{number}"
    return name


def _difference(item: Input, done: Frozen) -> Iterator[str]:
    """Yield what changes, line by line, as `diff -u` shows it."""
    from difflib import unified_diff

    if done.edits:
        encoding = done.document.encoding or "utf-8"
        old, new = (bytes(each).decode(encoding, "replace") for each in (item.data, done.source))  # type: ignore[arg-type]
        names = f"a/{item.id}", f"b/{item.id}"
        for line in unified_diff(_lines(old), _lines(new), *names):
            yield line if line.endswith("\n") else f"{line}\n\\ No newline at end of file\n"


def _lines(text: str) -> list[str]:
    """Return the lines of a text as `patch` counts them: only a line feed ends one."""
    lines = [f"{line}\n" for line in text.split("\n")]
    return lines[:-1] if lines[-1] == "\n" else [*lines[:-1], lines[-1][:-1]]


# ---------------------------------------------------------------- the way back


def _note(told: SimpleNamespace, path: str, item: Input, done: Frozen) -> None:
    """Add a line to the map, and see to it that it is on the disk before the file changes."""
    if not told.map or not (done.edits or done.left):
        return
    forms = {citation.id: citation for citation in done.document.citations}
    record = {
        "path": path if _within(path, ".") else os.path.abspath(path),  # noqa: PTH100
        "source": item.id,
        "encoding": done.document.encoding,
        "sha256_before": sha256(item.data).hexdigest(),
        "sha256_after": sha256(bytes(done.source)).hexdigest(),  # type: ignore[arg-type]  # of bytes
        "edits": [
            {"start": edit.span[0], "end": edit.span[1], **_kept(edit.old, done.document.encoding),
             **_about(forms.get(edit.citation))}
            for edit in done.edits
        ],
        "left": [left._asdict() for left in done.left],
    }  # fmt: skip
    _add(told.map, json.dumps(record, ensure_ascii=False).encode("utf-8", "backslashreplace") + b"\n")


def _add(path: str, line: bytes) -> None:
    """Add a line to a map, whole or not at all; one that was torn before is ended first.

    Raises:
        OSError: it cannot be written.
    """
    with open(path, "ab+", buffering=0) as file:  # noqa: PTH123
        size = file.seek(0, os.SEEK_END) if file.seekable() else 0
        if size:
            file.seek(-1, os.SEEK_END)
            line = line if file.read(1) == b"\n" else b"\n" + line
        rest = memoryview(line)
        try:
            while rest:
                rest = rest[file.write(rest) :]
            os.fsync(file.fileno())
        except OSError as error:
            with suppress(OSError):
                file.truncate(size)
            error.filename = path
            raise


def _kept(old: str | bytes, encoding: str | None) -> dict[str, str]:
    """Return what stood at a place: as text, or in base64 where text would not give the bytes back."""
    from base64 import b64encode

    data = bytes(old)  # type: ignore[arg-type]  # of bytes
    with suppress(UnicodeError):
        text = data.decode(encoding or "utf-8")
        if text.encode(encoding or "utf-8") == data:
            return {"old": text}
    return {"old_base64": b64encode(data).decode()}


def _about(citation: Citation | None) -> dict[str, str | None]:
    if citation is None:  # it was found when its neighbour was frozen
        return {"citation": "", "form": None, "tweet_id": None, "url": None}
    return {"citation": citation.id, "form": citation.form, "tweet_id": citation.tweet_id, "url": citation.url}


def restore(path: str, failed: Callable[[InputError], None]) -> None:
    """Undo what a map tells of, the last first; a file that is as it was before is left as it is.

    Args:
        path: the map.
        failed: told of a file that is neither what it became nor what it was.

    Raises:
        OSError: there is no such map.
    """
    with open(path, "rb") as file:  # noqa: PTH123
        lines = file.read().splitlines()
    for number, line in reversed([*enumerate(lines, 1)]):
        try:
            _undo(f"{path}:{number}", line)
        except InputError as error:
            failed(error)
        except OSError as error:
            failed(InputError(str(error.filename or path), error.strerror or str(error)))


def _undo(place: str, line: bytes) -> None:
    try:
        record: dict[str, Any] = json.loads(line)
        name, before, after = str(record["path"]), record["sha256_before"], record["sha256_after"]
        changes = [(int(e["start"]), int(e["end"]), _old(e, record.get("encoding"))) for e in record["edits"]]
        os.fsencode(name)
    except (ArithmeticError, AttributeError, LookupError, RecursionError, TypeError, ValueError) as error:
        raise InputError(place, f"no line of a map: {error}") from error
    if not changes:
        return
    if "\0" in name:
        raise InputError(place, "no line of a map: a path holds no NUL")
    if not _within(name, "."):
        raise InputError(name, f"lies outside of the folder in which this runs ({place}): it is left as it is")
    if os.path.exists(name) and not os.path.isfile(name):  # noqa: PTH110, PTH113  a pipe would wait
        raise InputError(name, f"is no file ({place})")
    with open(name, "rb") as file:  # noqa: PTH123
        data = file.read()
    if sha256(data).hexdigest() == before:
        return
    if sha256(data).hexdigest() != after:
        raise InputError(name, f"is not what it was made ({place}): it was changed since, and is left as it is")
    old = _joined(data, changes)
    if sha256(old).hexdigest() != before:
        raise InputError(place, "the map is damaged: it does not lead back to what the file was")
    _replace(name, old, before=data)


def _old(edit: dict[str, Any], encoding: str | None) -> bytes:
    from base64 import b64decode

    return b64decode(edit["old_base64"]) if "old_base64" in edit else str(edit["old"]).encode(encoding or "utf-8")


def _joined(data: bytes, changes: Iterable[tuple[int, int, bytes]]) -> bytes:
    parts, at = list[bytes](), 0
    for start, end, old in changes:
        parts += [data[at:start], old]
        at = end
    return b"".join([*parts, data[at:]])
