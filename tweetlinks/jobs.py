"""Read documents one after the other, or in several processes at once. Touches: processes.

Never opens a file: whoever calls hands over bytes, and gets back what was made of them, in the same order. A process
that is killed, or that one input ends, is replaced: what it held is done again, and an input that ends a second one is
an `InputError` in its place.
"""

from __future__ import annotations

from contextlib import suppress
from typing import TYPE_CHECKING, Any

from tweetlinks.errors import InputError
from tweetlinks.pipeline import extract
from tweetlinks.record import Record
from tweetlinks.write import View, confident, writer

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from tweetlinks.corpora import Input
    from tweetlinks.model import Document

__all__ = ["Plan", "documents", "pieces"]

_MOST, _LARGEST = 400, 1_000_000
"""Inputs, and bytes, that are handed over together."""
_AHEAD = 2
"""Batches a process that may be done before the first of them is."""


class Plan(Record):
    """What is made of each input; it can be sent to a process."""

    format: str
    """How to read it; `auto` leaves it to the input."""
    with_text: bool = False
    """Read the text of a page also when nothing in it can be a citation."""
    least: float = 0.0
    """How sure a citation must be."""
    writer: str = ""
    """The format that it is written in; empty: documents are handed back."""
    view: View = View()
    """How it is written."""


def documents(items: Iterable[Input | InputError], plan: Plan, jobs: int = 1) -> Iterator[Document | InputError]:
    """Read each input.

    Args:
        items: inputs, and errors, which come back in their place.
        plan: what to make of them.
        jobs: processes; 1 is this one.

    Returns:
        A document, or what is wrong with it, for each.
    """
    return (_read(item, plan) for item in items) if jobs == 1 else _spread(items, plan, jobs)


def pieces(items: Iterable[Input | InputError], plan: Plan, jobs: int) -> Iterator[str | InputError]:
    """Read and write each input in several processes: the writing takes as long as the reading.

    Args:
        items: as for `documents`.
        plan: names a format of `write.APART`.
        jobs: processes.

    Returns:
        The head, then whole lines of several documents at a time, and what is wrong with others.
    """
    yield from writer(plan.writer).write((), plan.view)
    yield from _spread(items, plan, jobs)


def _read(item: Input | InputError, plan: Plan) -> Document | InputError:
    if isinstance(item, InputError):
        return item
    wanted = item.format if plan.format == "auto" else plan.format
    try:
        document = extract(item.data, format=wanted, id=item.id, url=item.url, with_text=plan.with_text)
    except InputError as error:
        return InputError(f"{item.place} ({item.id})", error.reason) if item.place not in {None, item.id} else error
    kept = document._replace(archived_at=item.archived_at) if item.archived_at else document
    return confident(kept, plan.least) if plan.least else kept


def _work(items: list[Input | InputError], plan: Plan) -> list[Any]:
    """Do one batch, in a process of its own; the lines of neighbours come back as one piece."""
    found = [_read(item, plan) for item in items]
    if not plan.writer:
        return found
    out: list[Any] = []
    head = sum(1 for _ in writer(plan.writer).write((), plan.view))
    while found:
        good = next((n for n, each in enumerate(found) if isinstance(each, InputError)), len(found))
        lines = writer(plan.writer).write(
            (each for each in found[:good] if not isinstance(each, InputError)), plan.view
        )
        out += ["".join(list(lines)[head:]), *found[good : good + 1]]
        del found[: good + 1]
    return out


def _spread(items: Iterable[Input | InputError], plan: Plan, jobs: int) -> Iterator[Any]:
    """Do the batches in processes; what comes of them comes in order.

    A process has one batch at a time, and the next one lies ready. The pools of the standard library hang when a
    process is killed while it takes a large batch (Python 3.11).
    """
    from multiprocessing.connection import wait

    batches = enumerate(_batches(items))
    readers, idle, busy, done = (
        list[_Reader](),
        list[_Reader](),
        dict[Any, tuple[_Reader, int, list[Any]]](),
        _InOrder(),
    )
    try:
        ahead = next(batches, None)
        while ahead or busy:
            while ahead and (idle or len(readers) < jobs) and ahead[0] - done.next < jobs * _AHEAD:
                if not idle:  # it begins when there is something for it
                    idle.append(_Reader(plan))
                    readers += idle
                reader = idle.pop()
                reader.give(ahead[1])
                busy[reader.pipe] = (reader, *ahead)
                ahead = next(batches, None)
            for pipe in wait([*busy]):
                reader, number, batch = busy.pop(pipe)
                done.put(number, reader.take(batch))
                idle.append(reader)
            yield from done.take()
    finally:
        for reader in readers:
            reader.end()


def _batches(items: Iterable[Input | InputError]) -> Iterator[list[Input | InputError]]:
    batch: list[Input | InputError] = []
    size = 0
    for item in items:
        batch.append(item)
        size += 0 if isinstance(item, InputError) else len(item.data)
        if len(batch) >= _MOST or size >= _LARGEST:
            yield batch
            batch, size = [], 0
    if batch:
        yield batch


class _InOrder:
    """What is done, until what comes before it is done too."""

    def __init__(self) -> None:
        self.next, self._done = 0, dict[int, list[Any]]()

    def put(self, number: int, found: list[Any]) -> None:
        self._done[number] = found

    def take(self) -> Iterator[Any]:
        while self.next in self._done:
            yield from self._done.pop(self.next)
            self.next += 1


class _Reader:
    """A process that reads, and a new one in the place of one that was killed."""

    def __init__(self, plan: Plan) -> None:
        self._plan = plan
        self._begin()

    def _begin(self) -> None:
        from multiprocessing import get_context

        context = get_context("spawn")  # a fork would share the connections of who forks
        self.pipe, theirs = context.Pipe()
        self._process = context.Process(target=_serve, args=(theirs, self._plan), daemon=True)
        self._process.start()
        theirs.close()

    def give(self, batch: list[Any]) -> None:
        """Hand over a batch; that the process is gone is seen when it is taken back."""
        with suppress(OSError):
            self.pipe.send(batch)

    def take(self, batch: list[Any]) -> list[Any]:
        """Return what came of a batch; where the process was lost, it is done again, one by one."""
        try:
            return self._taken()
        except (EOFError, OSError):
            self._renew()
            return [each for item in batch for each in self._alone(item)]

    def _taken(self) -> list[Any]:
        found: list[Any] | Exception = self.pipe.recv()
        if isinstance(found, Exception):  # what would have ended the run with one process, too
            raise found
        return found

    def _alone(self, item: Any) -> list[Any]:
        if isinstance(item, InputError):
            return [item]
        self.give([item])
        try:
            return self._taken()
        except (EOFError, OSError):
            self._renew()
            return [InputError(item.id, "the process that read it was killed, and the next one too")]

    def _renew(self) -> None:
        self.end()
        self._begin()

    def end(self) -> None:
        """End the process, whatever it does."""
        self.pipe.close()
        self._process.kill()
        self._process.join()


def _serve(pipe: Any, plan: Plan) -> None:
    """Read batches until nobody hands over any; Ctrl-C is the business of who does."""
    import signal

    signal.signal(signal.SIGINT, signal.SIG_IGN)
    with suppress(EOFError, OSError):
        while True:
            batch = pipe.recv()
            try:
                found: list[Any] | Exception = _work(batch, plan)
            except Exception as error:  # noqa: BLE001  raised again by whoever began this process
                found = error
            pipe.send(found)
