"""Bring the resolver to the command line, with what the options say. Touches: network and cache, through `fetch`.

Nothing is loaded before the first link needs it: a document without links starts no network code.
"""

from __future__ import annotations

import os
from collections import Counter

from tweetlinks import terminal
from tweetlinks.record import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping
    from types import SimpleNamespace
    from typing import Any, Self

    from tweetlinks.cache import Cache
    from tweetlinks.corpora import Input
    from tweetlinks.errors import InputError
    from tweetlinks.fetch import Limits, Resolver
    from tweetlinks.model import Finding, Resolution
    from tweetlinks.progress import Progress

__all__ = ["Network", "batches", "cache_path", "limits"]

_BATCH = 500
"""URLs that are expanded together."""


class Network:
    """The resolver, opened when the first link needs it."""

    def __init__(self, told: SimpleNamespace, progress: Progress) -> None:
        """Take the options of the command, and whom to tell of every link that is done."""
        self._told, self.progress = told, progress
        self._resolver: Resolver | None = None
        self.matched = False
        """One of the outcomes that `--fail-on` names has come."""
        self.unasked = 0
        """Links that nobody was asked about, while `--fail-on` names what must not come of them."""

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.progress.end()
        if self._resolver:
            self._resolver.close()

    def __call__(self, urls: Iterable[str]) -> Mapping[str, Resolution]:
        """Say what became of each URL: this is what the pipeline asks for."""
        wanted = dict.fromkeys(urls, 1)
        return dict(self._finished(wanted)) if wanted else {}

    def watch(self, *outcomes: str) -> None:
        """Take note of outcomes, which may be a failure to whoever asked."""
        self.matched = self.matched or not self._told.fail_on.isdisjoint(outcomes)
        self.unasked += bool(self._told.fail_on) and "offline" in outcomes

    def in_order(self, urls: Iterable[str]) -> Iterator[Resolution]:
        """Yield what became of each URL, in the order asked, each as soon as those before it are done."""
        for batch in batches(urls):
            done: dict[str, Resolution] = {}
            answers = self._finished(Counter(batch))
            for url in batch:
                while url not in done:
                    key, resolution = next(answers)
                    done[key] = resolution
                yield done[url]

    def _finished(self, wanted: Mapping[str, int]) -> Iterator[tuple[str, Resolution]]:
        """Yield each URL when it is done; `wanted` says how often it is asked for."""
        self.progress.begin(len(wanted))
        for url, found in self._open().resolve_many(wanted):
            self.watch(found.expansion, found.target)
            self.progress.link(found.expansion, wanted[url])
            yield url, found

    def look_up(self, source: str, url: str, near: str) -> Finding:
        """Ask one service about a tweet."""
        finding = self._open().look_up(source, url, near=near)
        self.progress.link(finding.outcome)
        return finding

    def article(self, url: str) -> Input | InputError:
        """Fetch an article."""
        from tweetlinks.corpora import Input
        from tweetlinks.errors import InputError
        from tweetlinks.sources import SUFFIXES

        found = self._open().look_up("article", url)
        if found.text is None:
            return InputError(url, f"{found.outcome}: {found.error}")
        named = SUFFIXES.get(os.path.splitext(url)[1].lower(), "text")  # noqa: PTH122  a URL is no path
        kind = "html" if found.text.lstrip("\ufeff \r\n\t").startswith("<") else named  # a.md may be shown as a page
        return Input(url, found.text.encode("utf-8", "replace"), kind, found.target)

    def _open(self) -> Resolver:
        if self._resolver is None:
            from tweetlinks.fetch import Resolver

            told = self._told
            self._resolver = Resolver(
                cache=self._cache(),
                offline=told.offline,
                check_target=told.check_target,
                limits=limits(told),
                transport="fast" if told.fast else None,
                archive=told.archive,
            )
        return self._resolver

    def _cache(self) -> Cache | None:
        """Return the cache, as one to be asked again if so told."""
        from time import time

        from tweetlinks.cache import Refreshed, at

        path = self._place()
        cache = at(path, now=time) if path else None
        return Refreshed(cache, since=time()) if cache and self._told.refresh else cache

    def _place(self) -> str | None:
        """Return where the cache is; where the usual one cannot be used, say so and remember for this run only."""
        from time import time

        from tweetlinks.cache import SqliteCache
        from tweetlinks.errors import CacheError

        if self._told.cache:
            return str(self._told.cache)
        try:
            path = cache_path()
            SqliteCache(path, now=time).close()
        except (CacheError, OSError) as error:
            terminal.complain(
                f"nothing is kept between runs, the cache cannot be used: {error} (--cache FILE names another)"
            )
            return None
        return path


def limits(told: SimpleNamespace) -> Limits:
    """Return how far, how long and how often to ask, as the options say; what they leave open is as usual."""
    from tweetlinks.fetch import Limits

    usual = Limits()
    changes: dict[str, Any] = {}
    if told.concurrency is not None:
        changes |= {"links": told.concurrency, "per_host": told.concurrency}
    if told.rate is not None:
        changes["spacing"] = 1 / told.rate
    if told.timeout is not None:
        changes["hop_seconds"] = told.timeout
        changes["connect_seconds"] = min(usual.connect_seconds, told.timeout)
        changes["chain_seconds"] = max(usual.chain_seconds, 3 * told.timeout)
    if told.retries is not None:
        changes["tries"] = told.retries + 1
    if told.max_hops is not None:
        changes["hops"] = told.max_hops
    return usual._replace(**changes)


def batches(items: Iterable[Any]) -> Iterator[list[Any]]:
    """Yield the items a few hundred at a time."""
    from itertools import islice

    rest = iter(items)
    while batch := list(islice(rest, _BATCH)):
        yield batch


def cache_path() -> str:
    """Return where answers are kept when no option says so, and make its folder."""
    home = os.environ.get("XDG_CACHE_HOME") or os.path.join(os.path.expanduser("~"), ".cache")  # noqa: PTH111, PTH118  pathlib costs 10 ms of start
    folder = os.path.join(home, "tweetlinks")  # noqa: PTH118  the same
    os.makedirs(folder, exist_ok=True)  # noqa: PTH103  the same
    return os.path.join(folder, "answers.sqlite")  # noqa: PTH118  the same
