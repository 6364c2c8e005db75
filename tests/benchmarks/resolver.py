"""Measure the resolver beside a bare httpx client, its own limits and raw SQLite, on a loopback server.

    python tests/benchmarks/resolver.py [--rounds N] [--links N] [--stream N] [--minet PYTHON] [--only NAME …]

The server is a process of its own that answers every path with a redirect to a page of its own, on one of 100 sites.
Nothing is looked up by name, and nothing leaves 127.0.0.1. CPU seconds are those of the asking process.
"""

from __future__ import annotations

import argparse
import asyncio
import resource
import sqlite3
import subprocess
import sys
import tempfile
import time
from collections.abc import Awaitable, Callable, Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path
from statistics import median

import httpx
from rounds import ratio, seconds, side_by_side

from tweetlinks import AsyncResolver, Resolver
from tweetlinks.fetch import Limits

SHORT = "http://bit.ly/"
ADDRESS = "127.0.0.1"
OK = 200


class _Redirects(asyncio.Protocol):
    """Answers GETs: `/count` with the number of requests so far, `/there/…` with a page, others with a redirect."""

    asked = 0
    latency = 0.0

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self.transport, self.held = transport, b""

    def data_received(self, data: bytes) -> None:
        self.held += data
        while (end := self.held.find(b"\r\n\r\n")) >= 0:
            path = self.held[: self.held.find(b"\r\n")].split(b" ")[1]
            self.held = self.held[end + 4 :]
            if path == b"/count":
                self.answer(b"HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\n%09d" % _Redirects.asked)
                continue
            _Redirects.asked += 1
            answer = self.page() if path.startswith(b"/there") else self.redirect(path)
            if _Redirects.latency:
                asyncio.get_running_loop().call_later(_Redirects.latency, self.answer, answer)
            else:
                self.answer(answer)

    def redirect(self, path: bytes) -> bytes:
        location = b"https://site-%b.example/article/%b" % (path[-2:], path[1:])
        if path.startswith((b"/here", b"/far")):
            location = (b"/there" if path[1:2] == b"h" else b"http://there.example/there") + path[-8:]
        return b"HTTP/1.1 301 Moved\r\nLocation: %b\r\nContent-Length: 0\r\n\r\n" % location

    def page(self) -> bytes:
        return b"HTTP/1.1 200 OK\r\nContent-Type: text/html\r\nContent-Length: 2\r\n\r\nok"

    def answer(self, data: bytes) -> None:
        if not self.transport.is_closing():
            self.transport.write(data)


async def serve(latency: float) -> None:
    """Serve until the process that began it closes our input."""
    _Redirects.latency = latency
    server = await asyncio.get_running_loop().create_server(_Redirects, ADDRESS, 0, backlog=1024)
    print(server.sockets[0].getsockname()[1], flush=True)
    await asyncio.to_thread(sys.stdin.read)


@contextmanager
def server(latency: float = 0.0) -> Iterator[int]:
    """Start a server in a process of its own, and lend its port."""
    command = [sys.executable, __file__, "--serve", str(latency)]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as process:
        yield int(process.stdout.readline())
        process.stdin.close()


def links(count: int, mark: str = "") -> list[str]:
    """Return distinct links of one shortener."""
    return [f"{SHORT}{mark}{number:07d}" for number in range(count)]


def options(port: int, concurrency: int) -> dict[str, object]:
    """Return what a resolver needs to ask the server, and to ask it as fast as it can."""
    limits = Limits(links=concurrency, per_host=concurrency, spacing=0)
    return {
        "limits": limits,
        "allow": ("127.0.0.0/8",),
        "resolve_host": lambda _host, _port: [ADDRESS],
        "connect": lambda address, _port: (address, port),
    }


async def ours(urls: Iterable[str], port: int, concurrency: int, **more: object) -> None:
    """Resolve every link with tweetlinks."""
    async with AsyncResolver(**options(port, concurrency), **more) as resolver:
        async for url, found in resolver.resolve_many(urls):
            if found.expansion != "expanded":
                raise RuntimeError(f"{url}: {found}")


async def bare(urls: Iterable[str], port: int, concurrency: int) -> None:
    """Ask for every link with a client of httpx and nothing else."""
    left = iter(urls)

    async def work() -> None:
        for url in left:
            answer = await client.get(f"http://{ADDRESS}:{port}/{url.removeprefix(SHORT)}")
            if not answer.headers["location"]:
                raise RuntimeError(url)

    async with httpx.AsyncClient() as client:
        await asyncio.gather(*(work() for _ in range(concurrency)))


def run(work: Callable[[], Awaitable[None]]) -> Callable[[], None]:
    """Make a function of a coroutine, for the clock."""
    return lambda: asyncio.run(work())


def verdict(name: str, value: float, floor: float, *, most: bool = False, unit: str = "times") -> None:
    """Print a figure and whether it holds its floor, or its ceiling."""
    holds = value <= floor if most else value >= floor
    print(f"  {name:44} {value:8.2f} {unit}   {'at most' if most else 'floor'} {floor:g}{'' if holds else ': MISSED'}")


def against_httpx(count: int, rounds: int) -> None:
    """Compare with a bare client, in CPU time and at no latency."""
    urls = links(count)
    with server() as port:
        for concurrency in (10, 100):
            runs = {
                "ours": run(lambda c=concurrency: ours(urls, port, c)),
                "fast": run(lambda c=concurrency: ours(urls, port, c, transport="fast")),
                "bare": run(lambda c=concurrency: bare(urls, port, c)),
            }
            times = side_by_side(runs, rounds=rounds)
            each = ", ".join(f"{name} {median(spent) / count * 1e6:.0f} µs" for name, spent in times.items())
            print(f"\nconcurrency {concurrency}, no latency: CPU a link: {each}")
            verdict("rate of a bare httpx.AsyncClient", ratio(times, "ours", "bare"), 0.75)
            verdict("rate with the extra fast, of the same", ratio(times, "fast", "bare"), 0.75)


MINET = """
import sys, time
from minet.executors import HTTPThreadPoolExecutor
with HTTPThreadPoolExecutor(max_workers=100) as executor:
    list(executor.resolve([sys.argv[1] + "warm"], throttle=0))
    begun = time.process_time()
    links = (f"{sys.argv[1]}{number:07d}" for number in range(int(sys.argv[2])))
    for found in executor.resolve(links, throttle=0, domain_parallelism=100):
        assert found.error is None and found.stack[-1].url.count("/there/"), found
    print(time.process_time() - begun)
"""
"""Resolves as many links, in the interpreter that has minet (whose dependencies exclude ours); prints CPU seconds."""


def against_minet(count: int, rounds: int, interpreter: str) -> None:
    """Compare the CPU of a link with minet's, which asks the target as well; both with 100 links at a time."""
    urls = [f"{SHORT}far/{number:07d}" for number in range(count)]

    async def both(port: int, transport: str | None) -> None:
        async with AsyncResolver(check_target=True, transport=transport, **options(port, 100)) as resolver:
            async for url, found in resolver.resolve_many(urls):
                if found.target != "ok":
                    raise RuntimeError(f"{url}: {found}")

    def theirs(port: int) -> float:
        command = [interpreter, "-c", MINET, f"http://{ADDRESS}:{port}/here/", str(count)]
        return float(subprocess.run(command, check=True, stdout=subprocess.PIPE, text=True).stdout)

    spent: dict[str, list[float]] = {"ours": [], "fast": [], "minet": []}
    with server() as port:
        for _ in range(rounds + 1):
            spent["ours"].append(seconds(run(lambda: both(port, None))))
            spent["fast"].append(seconds(run(lambda: both(port, "fast"))))
            spent["minet"].append(theirs(port))
    times = {name: rows[1:] for name, rows in spent.items()}  # the first round warms up
    each = ", ".join(f"{name} {median(rows) / count * 1e6:.0f} µs" for name, rows in times.items())
    print(f"\nconcurrency 100, no latency, the target too: CPU a link: {each}")
    verdict("CPU with the extra fast, of minet's", ratio(times, "minet", "fast"), 1, most=True)


def at_latency(count: int, rounds: int) -> None:
    """Compare with the rate that latency and concurrency allow, on the wall clock."""
    latency = 0.1
    with server(latency) as port:
        for concurrency, transport, floor in ((20, None, 0.8), (100, None, 0), (100, "fast", 0.85)):
            urls, shares = links(min(count, concurrency * 100)), []
            for _ in range(rounds):
                begun = time.perf_counter()
                asyncio.run(ours(urls, port, concurrency, transport=transport))
                shares.append(len(urls) * latency / concurrency / (time.perf_counter() - begun))
            over = f"the extra {transport}" if transport else "httpx's transport"
            print(f"\nconcurrency {concurrency}, {latency * 1000:.0f} ms, {over}: {len(urls)} links")
            verdict("of the possible rate", median(shares), floor)


def crowded(count: int, rounds: int) -> None:
    """Compare the CPU of many at a time with that of few."""
    urls = links(count)
    with server() as port:
        runs = {f"{c}": run(lambda c=c: ours(urls, port, c)) for c in (10, 500)}
        times = side_by_side(runs, rounds=rounds)
    each = ", ".join(f"at {name} {median(spent) / count * 1e6:.0f} µs" for name, spent in times.items())
    print(f"\nCPU a link: {each}")
    verdict("CPU at concurrency 500, of that at 10", ratio(times, "10", "500"), 2, most=True)


def cached(count: int, rounds: int) -> None:
    """Compare links that the cache knows with rows read from SQLite, and a warm run with a cold one."""
    urls = links(count)
    with tempfile.TemporaryDirectory() as folder, server() as port:
        path = str(Path(folder, "answers.sqlite"))
        begun = time.process_time()
        asyncio.run(ours(urls, port, 10, cache=path))
        cold = time.process_time() - begun

        def one_by_one() -> None:
            with Resolver(cache=path, offline=True) as resolver:
                for url in urls:
                    resolver.resolve(url)

        def many() -> None:
            with Resolver(cache=path, offline=True) as resolver:
                for _ in resolver.resolve_many(urls):
                    pass

        def raw() -> None:
            db = sqlite3.connect(path)
            for url in urls:
                db.execute("SELECT url, status, headers, body, at, ms FROM answers WHERE url = ?", (url,)).fetchone()
            db.close()

        times = side_by_side({"one by one": one_by_one, "many": many, "raw": raw}, rounds=max(rounds, 7))
    rates = ", ".join(f"{name} {count / median(spent):.0f}/s" for name, spent in times.items())
    print(f"\ncached, {count} links: {rates}; cold {count / cold:.0f}/s")
    verdict("resolve, of raw sqlite3 gets", ratio(times, "one by one", "raw"), 0.2)
    verdict("resolve_many, of raw sqlite3 gets", ratio(times, "many", "raw"), 0.2)
    verdict("warm run, of the speed of a cold one", cold / median(times["many"]), 20)


def duplicates(count: int) -> None:
    """Count the requests for links of which each comes five times, at once and later."""
    once = links(count // 5)
    urls = [url for url in once for _ in range(3)] + once * 2
    with server() as port:
        asyncio.run(ours(urls, port, 20))
        asked = int(httpx.get(f"http://{ADDRESS}:{port}/count").text)
    print(f"\nduplicates: {len(urls)} links, {len(once)} of them distinct, {asked} requests")
    verdict("requests a distinct link", asked / len(once), 1, most=True)


def streamed(count: int) -> None:
    """Print the memory of a process that resolves many distinct links from a file; it answers itself, for speed."""
    with tempfile.TemporaryDirectory() as folder:
        source = Path(folder, "links.txt")
        with source.open("w", encoding="utf-8") as file:
            file.writelines(f"{SHORT}{number:07d}\n" for number in range(count))
        command = [sys.executable, __file__, "--reader", str(source), str(Path(folder, "answers.sqlite"))]
        begun = time.perf_counter()
        most = int(subprocess.run(command, check=True, stdout=subprocess.PIPE, text=True).stdout)
    print(f"\nstreamed: {count} distinct links from a file, in {time.perf_counter() - begun:.0f} s")
    verdict("memory", most / 1024, 300, most=True, unit="MB")


class _Canned(httpx.AsyncBaseTransport):
    """Answers as the server does, without one."""

    async def handle_async_request(self, request: httpx.Request) -> httpx.Response:
        page = f"https://site-{request.url.path[-2:]}.example/article{request.url.path}"
        return httpx.Response(301, headers={"Location": page, "Content-Length": "0"})


def read(source: str, cache: str) -> None:
    """Resolve the links of a file, in a process of its own, and print its largest size in KiB."""
    with (
        Path(source).open(encoding="utf-8") as file,
        Resolver(cache=cache, transport=_Canned(), limits=Limits(spacing=0, per_host=16)) as resolver,
    ):
        for url, found in resolver.resolve_many(line.strip() for line in file):
            if found.expansion != "expanded":
                raise RuntimeError(f"{url}: {found}")
    print(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss)


def main() -> None:
    """Print the figures."""
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--links", type=int, default=5000)
    parser.add_argument("--stream", type=int, default=50_000, help="links of the streaming run")
    parser.add_argument("--minet", metavar="PYTHON", help="an interpreter that has minet, to be compared with")
    parser.add_argument("--only", nargs="*", default=[])
    parser.add_argument("--serve", type=float, help=argparse.SUPPRESS)
    parser.add_argument("--reader", nargs=2, help=argparse.SUPPRESS)
    args = parser.parse_args()
    if args.serve is not None:
        asyncio.run(serve(args.serve))
        return
    if args.reader:
        read(*args.reader)
        return
    parts = {
        "httpx": lambda: against_httpx(args.links, args.rounds),
        "minet": lambda: against_minet(args.links, args.rounds, args.minet),
        "latency": lambda: at_latency(args.links, args.rounds),
        "crowded": lambda: crowded(args.links, args.rounds),
        "cached": lambda: cached(args.links, args.rounds),
        "duplicates": lambda: duplicates(args.links),
        "streamed": lambda: streamed(args.stream),
    }
    if not args.minet:
        del parts["minet"]
    for name, part in parts.items():
        if not args.only or name in args.only:
            part()


if __name__ == "__main__":
    main()
