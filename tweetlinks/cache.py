"""Keep what servers said, so that no link is asked twice. Touches: SQLite files; a Redis server.

A cache keeps answers, not conclusions: a better rule needs no new crawl. How long an answer holds is `chain.keep`'s
judgement, made when the answer is read. `now` is a parameter: nothing here looks at the clock.

`SqliteCache` may be used by several threads and several processes at a time (write-ahead log; each writer waits for the
other), and a process that is killed loses at most the answer it was writing. A file that is damaged, or that another
program wrote, gives `CacheError` and is left as it is. A row that nobody here wrote (bytes for a text, a word for a
number) is as if it were not there, and the next purge takes it away.

`RedisCache` is the same for many machines. The server forgets by itself what does not hold any more.
"""

from __future__ import annotations

import os
import sqlite3
from collections import OrderedDict
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import contextmanager
from datetime import datetime
from itertools import islice
from json import dumps, loads
from threading import Lock
from typing import Any, NamedTuple, Protocol

from tweetlinks.chain import keep
from tweetlinks.errors import CacheError, MissingExtra
from tweetlinks.model import Answer

__all__ = [
    "Cache",
    "MemoryCache",
    "RedisCache",
    "Refreshed",
    "SqliteCache",
    "Stats",
    "Store",
    "at",
    "fresh",
    "shown",
    "stored",
]

APPLICATION_ID = 0x74774C6B
"""`twlk`: the mark of our files in the header of SQLite's."""
VERSION = 1
"""Version of the table; a file of a later one is refused."""
BUSY_SECONDS = 30
"""Seconds to wait for another process that writes."""
BATCH = 500
"""Rows of one question to SQLite, keys of one to Redis."""
PREFIX = "tweetlinks:1:"
"""What our keys in Redis begin with; the number is the version of what they hold."""
REDIS_SECONDS = 10.0
"""Until a Redis server that does not answer is given up."""

_Row = tuple[str, int, str, str, str, int]
"""URL, status, headers, body, when, milliseconds."""

Now = Callable[[], float]
"""Seconds since 1970."""

_SCHEMA = """
    CREATE TABLE IF NOT EXISTS answers (
        url TEXT PRIMARY KEY, status INTEGER NOT NULL, headers TEXT NOT NULL, body TEXT NOT NULL,
        at TEXT NOT NULL, ms INTEGER NOT NULL
    ) WITHOUT ROWID
"""
_GET = "SELECT url, status, headers, body, at, ms FROM answers WHERE url = ?"
_ERRORS = (sqlite3.Error, OSError, UnicodeError, OverflowError)
"""What SQLite raises."""
_DELETE = "DELETE FROM answers WHERE url IN (?1, CAST(?1 AS TEXT)) AND at IN (?2, CAST(?2 AS TEXT))"  # or odd bytes
_PUT = "INSERT OR REPLACE INTO answers (url, status, headers, body, at, ms) VALUES (?, ?, ?, ?, ?, ?)"


class Stats(NamedTuple):
    """What a cache holds."""

    answers: int
    """Answers held."""
    stale: int
    """Of these, the ones too old to be used."""
    bytes: int
    """Size of the file; 0 in memory."""


class Cache(Protocol):
    """What a resolver needs of a cache."""

    def get(self, url: str) -> Answer | None:
        """Return the answer to `url` that still holds, or None."""

    def put(self, url: str, answer: Answer) -> None:
        """Keep an answer, in place of an older one."""

    def get_many(self, urls: Iterable[str]) -> dict[str, Answer]:
        """Return the answers that still hold, by URL."""

    def put_many(self, answers: Mapping[str, Answer]) -> None:
        """Keep many answers at once."""

    def close(self) -> None:
        """Let go of files and connections; using the cache again opens them again."""


def fresh(answer: Answer, now: float) -> bool:
    """Say whether an answer still holds.

    Args:
        answer: what a server said.
        now: seconds since 1970.
    """
    held = keep(answer)
    if held is None:
        return True
    return now - _seconds(answer.at) < held


def _seconds(moment: str) -> float:
    """Return the seconds since 1970 of an answer; long before for what is no moment."""
    try:
        return datetime.fromisoformat(moment).timestamp()
    except (ValueError, OverflowError):
        return float("-inf")


def at(url: str, *, now: Now) -> SqliteCache | RedisCache:
    """Open the cache of a place.

    Args:
        url: a file (SQLite, made if missing), or the `redis://`, `rediss://` or `unix://` URL of a server.
        now: gives seconds since 1970.

    Raises:
        CacheError: it cannot be used.
        MissingExtra: it is on a server, and the package `redis` is not installed.
    """
    return RedisCache(url, now=now) if not stored(url) else SqliteCache(url, now=now)


def stored(url: str) -> bool:
    """Tell whether a cache is a file, and not on a server.

    >>> stored("answers.sqlite"), stored("redis://127.0.0.1/0")
    (True, False)
    """
    return not url.startswith(("redis://", "rediss://", "unix://"))


class Refreshed:
    """A cache that gives only what was put in since a moment: whoever uses it asks everything once more."""

    def __init__(self, cache: Cache, *, since: float) -> None:
        """Take a cache, and seconds since 1970; what was said within that very second is given."""
        self._cache, self._since = cache, int(since)

    def get(self, url: str) -> Answer | None:
        """Return the answer to `url` that still holds and is new, or None."""
        answer = self._cache.get(url)
        return answer if answer and self._new(answer) else None

    def put(self, url: str, answer: Answer) -> None:
        """Keep an answer, in place of an older one."""
        self._cache.put(url, answer)

    def get_many(self, urls: Iterable[str]) -> dict[str, Answer]:
        """Return the answers that still hold and are new, by URL."""
        return {url: answer for url, answer in self._cache.get_many(urls).items() if self._new(answer)}

    def put_many(self, answers: Mapping[str, Answer]) -> None:
        """Keep many answers at once."""
        self._cache.put_many(answers)

    def close(self) -> None:
        """Let go of files and connections."""
        self._cache.close()

    def _new(self, answer: Answer) -> bool:
        return _seconds(answer.at) >= self._since


class Store(Cache, Protocol):
    """What who looks after a cache needs beyond that."""

    def answers(self) -> Iterator[Answer]:
        """Yield every answer that is held, whether it still holds or not."""

    def merge(self, answers: Iterable[Answer]) -> int:
        """Keep the answers that are newer than what is held for their URL; return how many."""

    def stats(self) -> Stats:
        """Count what is held."""

    def purge(self) -> int:
        """Forget the answers too old to be used; return how many."""


def _newer(answers: Iterable[Answer], held: Mapping[str, Answer]) -> dict[str, Answer]:
    """Return the newest of the answers for each URL, where what is held is not as new."""
    found: dict[str, Answer] = {}
    for answer in answers:
        known = found.get(answer.url) or held.get(answer.url)
        if known is None or _seconds(known.at) < _seconds(answer.at):
            found[answer.url] = answer
    return found


class MemoryCache:
    """Answers kept as long as the process runs.

    >>> cache = MemoryCache(now=lambda: 0.0)
    >>> cache.put("https://t.co/x", Answer("https://t.co/x", 404, (), "", "1970-01-01T00:00:00Z", 1))
    >>> cache.get("https://t.co/x").status
    404
    """

    def __init__(self, *, now: Now, limit: int = 100_000) -> None:
        """Begin empty.

        Args:
            now: gives seconds since 1970.
            limit: the number of answers beyond which the oldest is forgotten.
        """
        self._answers: OrderedDict[str, Answer] = OrderedDict()
        self._now, self._limit = now, limit

    def get(self, url: str) -> Answer | None:
        """Return the answer to `url` that still holds, or None."""
        answer = self._answers.get(url)
        return answer if answer and fresh(answer, self._now()) else None

    def put(self, url: str, answer: Answer) -> None:
        """Keep an answer, in place of an older one."""
        self._answers[url] = answer
        self._answers.move_to_end(url)
        while len(self._answers) > self._limit:
            self._answers.popitem(last=False)

    def get_many(self, urls: Iterable[str]) -> dict[str, Answer]:
        """Return the answers that still hold, by URL."""
        return {url: answer for url in urls if (answer := self.get(url))}

    def put_many(self, answers: Mapping[str, Answer]) -> None:
        """Keep many answers at once."""
        for url, answer in answers.items():
            self.put(url, answer)

    def answers(self) -> Iterator[Answer]:
        """Yield every answer that is held, whether it still holds or not."""
        yield from self._answers.values()

    def merge(self, answers: Iterable[Answer]) -> int:
        """Keep the answers that are newer than what is held for their URL; return how many."""
        wanted = _newer(answers, self._answers)
        self.put_many(wanted)
        return len(wanted)

    def stats(self) -> Stats:
        """Count what is held."""
        now = self._now()
        return Stats(len(self._answers), sum(not fresh(answer, now) for answer in self._answers.values()), 0)

    def purge(self) -> int:
        """Forget the answers too old to be used; return how many."""
        now = self._now()
        stale = [url for url, answer in self._answers.items() if not fresh(answer, now)]
        for url in stale:
            del self._answers[url]
        return len(stale)

    def close(self) -> None:
        """Do nothing: memory needs no closing."""


class SqliteCache:
    """Answers kept in a file."""

    def __init__(self, path: str | os.PathLike[str], *, now: Now) -> None:
        """Open a file, or make it.

        Args:
            path: the file; its folder exists.
            now: gives seconds since 1970.

        Raises:
            CacheError: the file is damaged, is not ours, was written by a later version, or cannot be opened.
        """
        self.path, self._now = os.fspath(path), now
        self._lock, self._owner = Lock(), 0
        self._held: sqlite3.Connection | None = None
        with self._connection():
            pass

    def get(self, url: str) -> Answer | None:
        """Return the answer to `url` that still holds, or None."""
        with self._lock:  # and not `_connection`, which takes half as long as the question
            try:
                row = self._opened().execute(_GET, (url,)).fetchone()
            except _ERRORS as error:
                raise CacheError(f"cache {self.path}: {error}") from error
        answer = _answer(row) if row else None
        return answer if answer and fresh(answer, self._now()) else None

    def put(self, url: str, answer: Answer) -> None:
        """Keep an answer, in place of an older one."""
        self.put_many({url: answer})

    def get_many(self, urls: Iterable[str]) -> dict[str, Answer]:
        """Return the answers that still hold, by URL."""
        now, left, found = self._now(), iter(urls), {}
        while batch := list(islice(left, BATCH)):
            marks = ",".join("?" * len(batch))
            with self._connection() as db:
                rows = db.execute(_GET.replace("= ?", f"IN ({marks})"), batch).fetchall()
            read = {row[0]: answer for row in rows if (answer := _answer(row))}
            found.update({url: answer for url, answer in read.items() if fresh(answer, now)})
        return found

    def put_many(self, answers: Mapping[str, Answer]) -> None:
        """Keep many answers at once: all of them or, if the process is killed, none."""
        rows = [_row(url, answer) for url, answer in answers.items()]
        with self._connection() as db, db:
            db.executemany(_PUT, rows)

    def answers(self) -> Iterator[Answer]:
        """Yield every answer that is held, whether it still holds or not, in the order of the URLs."""
        yield from (answer for _, answer in self._all() if answer)

    def merge(self, answers: Iterable[Answer]) -> int:
        """Keep the answers that are newer than what is held for their URL; return how many."""
        left, count = iter(answers), 0
        while batch := list(islice(left, BATCH)):
            marks = ",".join("?" * len(batch))
            with self._connection() as db, db:
                db.execute("BEGIN IMMEDIATE")  # nobody puts a newer one between the look and the writing
                rows = db.execute(_GET.replace("= ?", f"IN ({marks})"), [answer.url for answer in batch])
                wanted = _newer(batch, {row[0]: answer for row in rows if (answer := _answer(row))})
                db.executemany(_PUT, [_row(url, answer) for url, answer in wanted.items()])
            count += len(wanted)
        return count

    def stats(self) -> Stats:
        """Count what is held; the size is that of the file without its log."""
        now = self._now()
        kinds = [answer is not None and fresh(answer, now) for _, answer in self._all()]
        return Stats(len(kinds), kinds.count(False), os.stat(self.path).st_size)  # noqa: PTH116

    def purge(self) -> int:
        """Forget the answers too old to be used, and give their space back; return how many."""
        now = self._now()
        stale = [(row[0], row[4]) for row, answer in self._all() if not (answer and fresh(answer, now))]
        with self._connection() as db, db:
            db.executemany(_DELETE, stale)
        with self._connection() as db:
            db.execute("VACUUM")
        return len(stale)

    def close(self) -> None:
        """Close the file; using the cache again opens it again."""
        with self._lock:
            if self._held and self._owner == os.getpid():
                self._held.close()
            self._held = None

    def __reduce__(self) -> tuple[Any, ...]:
        """Travel to a worker process as a path: a connection cannot."""
        return _reopen, (type(self), self.path, self._now)

    def _all(self) -> Iterator[tuple[_Row, Answer | None]]:
        """Read every row, a batch at a time, so that a large file never stands in memory."""
        last: Any = ""
        while True:
            with self._connection() as db:
                rows = db.execute(
                    f"{_GET.replace('= ?', '> CAST(? AS TEXT)')} ORDER BY url LIMIT {BATCH}", (last,)
                ).fetchall()
            yield from ((row, _answer(row)) for row in rows)
            if len(rows) < BATCH:
                return
            last = rows[-1][0]

    @contextmanager
    def _connection(self) -> Iterator[sqlite3.Connection]:
        """Lend the connection of this process to one thread; a fork opens its own."""
        with self._lock, _explained(self.path):
            yield self._opened()

    def _opened(self) -> sqlite3.Connection:
        if self._held is None or self._owner != os.getpid():
            self._held, self._owner = _open(self.path), os.getpid()
        return self._held


class RedisCache:
    """Answers kept on a Redis server, for many machines."""

    def __init__(self, url: str, *, now: Now) -> None:
        """Find the server.

        Args:
            url: `redis://HOST:PORT/DATABASE`, or `rediss://` with TLS, or `unix://PATH`.
            now: gives seconds since 1970.

        Raises:
            CacheError: it does not answer, or lets nobody in.
            MissingExtra: the package `redis` is not installed.
        """
        try:
            import redis
        except ImportError as error:
            raise MissingExtra("redis", "redis") from error
        self.url, self._now, self._errors = url, now, (redis.RedisError, OSError, ValueError)
        with self._explained():
            self._db: Any = redis.Redis.from_url(
                url, socket_timeout=REDIS_SECONDS, socket_connect_timeout=REDIS_SECONDS
            )
            self._db.ping()

    def get(self, url: str) -> Answer | None:
        """Return the answer to `url` that still holds, or None."""
        return self.get_many([url]).get(url)

    def put(self, url: str, answer: Answer) -> None:
        """Keep an answer, in place of an older one."""
        self.put_many({url: answer})

    def get_many(self, urls: Iterable[str]) -> dict[str, Answer]:
        """Return the answers that still hold, by URL."""
        now, left, found = self._now(), iter(urls), {}
        while batch := list(islice(left, BATCH)):
            with self._explained():
                values = self._db.mget([_key(url) for url in batch])
            read = {url: answer for url, value in zip(batch, values, strict=True) if (answer := _packed(value))}
            found.update({url: answer for url, answer in read.items() if fresh(answer, now)})
        return found

    def put_many(self, answers: Mapping[str, Answer]) -> None:
        """Keep many answers at once."""
        with self._explained(), self._db.pipeline(transaction=False) as many:
            _set(many, answers)
            many.execute()

    def answers(self) -> Iterator[Answer]:
        """Yield every answer that is held, whether it still holds or not."""
        yield from (answer for _, value in self._all() if (answer := _packed(value)))

    def merge(self, answers: Iterable[Answer]) -> int:
        """Keep the answers that are newer than what is held for their URL; return how many."""
        left, count = iter(answers), 0
        while batch := list(islice(left, BATCH)):
            keys = [_key(answer.url) for answer in batch]

            def write(many: Any, batch: list[Answer] = batch, keys: list[bytes] = keys) -> int:
                held = {answer.url: answer for value in many.mget(keys) if (answer := _packed(value))}
                wanted = _newer(batch, held)
                many.multi()
                _set(many, wanted)
                return len(wanted)

            with self._explained():  # done again when somebody else writes one of the keys meanwhile
                count += self._db.transaction(write, *keys, value_from_callable=True)
        return count

    def stats(self) -> Stats:
        """Count what is held; the bytes are those of the answers."""
        now, counted, stale, size = self._now(), 0, 0, 0
        for _, value in self._all():
            answer = _packed(value)
            counted, size = counted + 1, size + len(value)
            stale += not (answer and fresh(answer, now))
        return Stats(counted, stale, size)

    def purge(self) -> int:
        """Forget the answers too old to be used, though the server does so too; return how many."""
        now = self._now()
        stale = [key for key, value in self._all() if not ((answer := _packed(value)) and fresh(answer, now))]
        with self._explained():
            return sum(self._db.unlink(*stale[n : n + BATCH]) for n in range(0, len(stale), BATCH))

    def close(self) -> None:
        """Hang up; using the cache again connects again."""
        self._db.close()

    def __reduce__(self) -> tuple[Any, ...]:
        """Travel to a worker process as a URL: a connection cannot."""
        return _reopen, (type(self), self.url, self._now)

    def _all(self) -> Iterator[tuple[bytes, bytes]]:
        """Read every key of ours with its value, a batch at a time."""
        with self._explained():
            keys = self._db.scan_iter(match=f"{PREFIX}*", count=BATCH)
            while batch := list(islice(keys, BATCH)):
                yield from ((key, value) for key, value in zip(batch, self._db.mget(batch), strict=True) if value)

    @contextmanager
    def _explained(self) -> Iterator[None]:
        """Turn what Redis says into `CacheError`, naming the server without its password."""
        try:
            yield
        except self._errors as error:
            raise CacheError(f"cache {shown(self.url)}: {error}") from error


def _set(many: Any, answers: Mapping[str, Answer]) -> None:
    """Let a pipeline of Redis keep answers, each as long as it holds."""
    for url, answer in answers.items():
        held = keep(answer)
        many.set(_key(url), dumps(_row(url, answer)), ex=None if held is None else max(1, int(held)))


def _key(url: str) -> bytes:
    return (PREFIX + url).encode("utf-8", "surrogatepass")


def _packed(value: bytes | None) -> Answer | None:
    """Read what `RedisCache` wrote; None when somebody else did."""
    try:
        row = loads(value or b"")
        return _answer(tuple(row)) if isinstance(row, list) else None
    except (ValueError, RecursionError):
        return None


def shown(url: str) -> str:
    """Return the place of a cache without the password that the URL of a server may hold.

    >>> shown("redis://me:secret@host:6379/0?x=y"), shown("answers.sqlite")
    ('redis://host:6379/0', 'answers.sqlite')
    """
    if "://" not in url:
        return url
    scheme, _, rest = url.partition("://")
    return f"{scheme}://{rest.rpartition('@')[2].partition('?')[0]}"


def _reopen(kind: Callable[..., Any], place: str, now: Now) -> Any:
    return kind(place, now=now)


@contextmanager
def _explained(path: str) -> Iterator[None]:
    """Turn what SQLite says into `CacheError`, naming the file."""
    try:
        yield
    except _ERRORS as error:
        raise CacheError(f"cache {path}: {error}") from error


def _open(path: str) -> sqlite3.Connection:
    """Open a file after looking whose it is: nothing is written to a file that is not ours."""
    db = sqlite3.connect(path, timeout=BUSY_SECONDS, check_same_thread=False)
    db.text_factory = _text
    try:
        db.execute("BEGIN")  # one look: another process may be making the file at this moment
        with db:
            _check(db, path)
            empty = not db.execute("PRAGMA user_version").fetchone()[0]
        if empty:
            _create(db, path)
        # Safe with a write-ahead log, and a commit need not wait for the disk.
        db.execute("PRAGMA synchronous = NORMAL")
        db.execute("SELECT url, status, headers, body, at, ms FROM answers LIMIT 1").fetchone()
    except BaseException:
        db.close()
        raise
    return db


def _check(db: sqlite3.Connection, path: str) -> None:
    """Refuse the file of another program or of a later version."""
    mark = db.execute("PRAGMA application_id").fetchone()[0]
    version = db.execute("PRAGMA user_version").fetchone()[0]
    tables = db.execute("SELECT count(*) FROM sqlite_master").fetchone()[0]
    if mark != APPLICATION_ID and (mark or version or tables):
        raise CacheError(f"cache {path}: a database of another program")
    if version > VERSION:
        raise CacheError(f"cache {path}: written by a later version of tweetlinks")


def _create(db: sqlite3.Connection, path: str) -> None:
    """Make the table; another process may be doing the same."""
    db.execute("PRAGMA journal_mode = WAL")
    db.execute("BEGIN IMMEDIATE")
    with db:
        _check(db, path)
        db.execute(_SCHEMA)
        db.execute(f"PRAGMA application_id = {APPLICATION_ID}")
        db.execute(f"PRAGMA user_version = {VERSION}")


def _text(data: bytes) -> str | bytes:
    """Return a text of SQLite's; one that is no UTF-8 stays bytes, and makes its row one that nobody here wrote."""
    try:
        return data.decode()
    except UnicodeDecodeError:
        return data


def _row(url: str, answer: Answer) -> _Row:
    """Write an answer as a row: headers one a line; a torn character, which no file keeps, becomes a question mark."""
    headers = "\n".join(f"{name}:{value}".replace("\n", " ") for name, value in answer.headers)
    headers, body = (text.encode("utf-8", "replace").decode() for text in (headers, answer.body))
    return url, answer.status, headers, body, answer.at, answer.ms


def _answer(row: tuple[Any, ...]) -> Answer | None:
    """Read the row that `_row` wrote; None when it did not."""
    if tuple(map(type, row)) != (str, int, str, str, str, int):
        return None
    url, status, text, body, at, ms = row
    pairs = [line.partition(":") for line in text.split("\n") if line]
    return Answer(url, status, tuple([(name, value) for name, _, value in pairs]), body, at, ms)
