"""Look after the answers that are kept: count, forget, write out, take in. Touches: a cache; files, through `sources`.

What is taken in is merged: of two answers for one link the newer stays, so importing a file twice changes nothing, and
a mapping never takes the place of what a server said later.
"""

from __future__ import annotations

import os
from contextlib import closing
from datetime import UTC, datetime
from time import time
from typing import TYPE_CHECKING

from tweetlinks import mappings, sources, terminal
from tweetlinks.cache import MemoryCache, at, shown, stored
from tweetlinks.errors import InputError
from tweetlinks.network import batches, cache_path
from tweetlinks.write.jsonl import line

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from types import SimpleNamespace

    from tweetlinks.cache import Store
    from tweetlinks.model import Answer

__all__ = ["run"]


def run(told: SimpleNamespace, failed: Callable[[InputError], None]) -> Iterator[str]:
    """Do what `told.action` says, and yield what is to be printed, in whole lines.

    Raises:
        CacheError: the cache cannot be used.
        InputError: there is no cache where the options say.
    """
    path = told.cache or cache_path()
    with closing(_opened(told, path)) as cache:
        if told.action == "export":
            yield from (line(answer._asdict()) + "\n" for answer in cache.answers())
            return
        if told.action == "import":
            facts = _take(cache, told.files, failed)
        else:
            facts = cache.stats()._asdict() if told.action == "stats" else {"purged": cache.purge()}
    yield from (f"{name} {value}\n" for name, value in {"path": shown(path), **facts}.items())


def _opened(told: SimpleNamespace, path: str) -> Store:
    """Open the cache; only who takes something in makes one."""
    if told.action == "import" or not stored(path) or os.path.exists(path):  # noqa: PTH110  a path is text here
        return at(path, now=time)
    if told.cache:
        raise InputError(path, "no such cache")
    return MemoryCache(now=time)


def _take(cache: Store, files: list[str], failed: Callable[[InputError], None]) -> dict[str, int]:
    """Take in files, a batch at a time; what is wrong in them is named, and the rest is done."""
    counts = {"read": 0, "kept": 0}
    for batch in batches(_answers(files, failed)):
        counts["read"] += len(batch)
        counts["kept"] += cache.merge(batch)
    return counts


def _answers(files: list[str], failed: Callable[[InputError], None]) -> Iterator[Answer]:
    for path in files:
        written = sources.written(path)
        moment = datetime.fromtimestamp(time() if written is None else written, UTC)
        lines = sources.lines(path, stdin=terminal.stdin())
        try:
            for item in mappings.read(path, lines, at=moment.isoformat(timespec="seconds").replace("+00:00", "Z")):
                if isinstance(item, InputError):
                    failed(item)
                else:
                    yield item
        except InputError as error:
            failed(error)
