"""Speak with the terminal: output in whole pieces, complaints, what goes on. Touches: standard input, output and error.

Never decides what is said. Data goes to standard output, everything else to standard error.
"""

from __future__ import annotations

import os
import sys
from contextlib import suppress

from tweetlinks.errors import InputError
from tweetlinks.record import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable
    from typing import BinaryIO, Literal, Self

__all__ = ["Out", "complain", "shown", "silence", "status", "stdin", "watched", "width"]

_ATOMIC = 4096
"""Bytes that a pipe takes whole or not at all (POSIX says at least 512, Linux has 4096)."""


class Out:
    """Standard output, or a file: takes whole pieces, so that an interruption tears none.

    A file is opened, and what was in it lost, only when the first piece is there to be written, or `end` says
    that there is none.
    """

    def __init__(self, path: str | None, *, inputs: Iterable[str] = (), keep: int | None = None) -> None:
        """Take the name of the file; None is standard output.

        Args:
            path: where to write.
            inputs: what is read meanwhile.
            keep: so many bytes of the file stay, and what is written is added; None: nothing stays.

        Raises:
            InputError: the file is one of the inputs.
        """
        self._path = path or (os.devnull if sys.stdout is None else None)
        self._file: BinaryIO | None = None
        if self._path and any(_same_file(self._path, name) for name in inputs):
            raise InputError(self._path, "is read, and cannot be written to at the same time")
        self._mode: Literal["wb", "ab"] = "wb" if keep is None else "ab"
        if self._path and keep is not None and os.path.exists(self._path):  # noqa: PTH110  pathlib costs 10 ms of start
            os.truncate(self._path, keep)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, kind: object, *_: object) -> None:
        if self._path and self._file:
            try:
                self._file.close()
            except OSError as error:
                if kind is None:  # else it is what went wrong before, once more
                    error.filename = self._path
                    raise

    def _open(self) -> BinaryIO:
        if self._file is None:
            self._file = open(self._path, self._mode) if self._path else sys.stdout.buffer  # noqa: PTH123, SIM115
        return self._file

    def put(self, pieces: Iterable[str | bytes]) -> None:
        """Write each piece as soon as it is there, text in UTF-8."""
        for piece in pieces:
            data = piece if isinstance(piece, bytes) else piece.encode("utf-8", "backslashreplace")
            if len(data) > _ATOMIC:
                self._put_large(data)
            else:
                self._write(data)

    def end(self) -> None:
        """Leave an empty file where nothing was found: an older one would say what is not so."""
        if self._path:
            self._open()

    def _put_large(self, data: bytes) -> None:
        """Write a piece that the system may take in parts: Ctrl-C waits until it is out."""
        import signal

        waiting: list[int] = []
        before = signal.getsignal(signal.SIGINT)
        try:
            signal.signal(signal.SIGINT, lambda number, _: waiting.append(number))
        except ValueError:  # not the main thread: no signal arrives here
            before = None
        try:
            self._write(data)
        finally:
            if before is not None:
                signal.signal(signal.SIGINT, before)
        if waiting:
            raise KeyboardInterrupt

    def _write(self, data: bytes) -> None:
        file, rest = self._open(), memoryview(data)
        if not self._path and _Status.visible and shown():
            status("")
        try:
            while rest:  # unbuffered (python -u), a pipe may take less than all
                rest = rest[file.write(rest) :]
            file.flush()
        except OSError as error:
            error.filename = self._path or "standard output"
            if not self._path:
                silence()  # what is still in the buffer would fail once more when the program ends
            raise


def _same_file(one: str, other: str) -> bool:
    try:
        return os.path.samefile(one, other)  # noqa: PTH121  pathlib costs 10 ms of start
    except OSError:
        return False


def shown() -> bool:
    """Tell whether standard output is a terminal."""
    return sys.stdout is not None and sys.stdout.isatty()


def silence() -> None:
    """Let what is still unwritten go nowhere: whoever read standard output has left, or takes no more."""
    os.dup2(os.open(os.devnull, os.O_WRONLY), 1)


def width() -> int:
    """Return the columns of the terminal; 80 where there is none."""
    return _columns(1)


def _columns(descriptor: int) -> int:
    try:
        return max(os.get_terminal_size(descriptor).columns or 80, 40)
    except OSError:
        return 80


def stdin() -> BinaryIO | None:
    """Return standard input as bytes; None where it is closed."""
    return sys.stdin.buffer if sys.stdin else None


class _Status:
    """The one line that says what goes on."""

    visible = False
    """It stands on the terminal."""


def watched() -> bool:
    """Tell whether somebody sees what goes on: standard error is a terminal."""
    return sys.stderr is not None and sys.stderr.isatty()


def status(text: str) -> None:
    """Show what goes on, on a terminal only, in the place of what was shown; the empty text takes it away."""
    if watched() and (text or _Status.visible):
        from tweetlinks.write.table import safe

        _Status.visible = bool(text)
        with suppress(OSError):  # the terminal is gone: the data goes on
            sys.stderr.write(f"\r{safe(text)[: _columns(2) - 1]}\x1b[K")
            sys.stderr.flush()


def complain(reason: str) -> None:
    """Say in one line on standard error what went wrong."""
    from tweetlinks.write.table import safe

    status("")
    if sys.stderr:
        with suppress(OSError):  # nobody hears it: the data goes on
            sys.stderr.write(f"tweetlinks: {safe(reason)}\n")
