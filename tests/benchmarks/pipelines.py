"""Measure what a corpus costs: one process, two, Spark, Ray; memory; and a worker killed.

    python tests/benchmarks/pipelines.py FOLDER                       # 1 GB
    python tests/benchmarks/pipelines.py FOLDER --mb 100 --without ray
    python tests/benchmarks/pipelines.py FOLDER --kill 1000000        # records, while an executor is killed

FOLDER gets the corpus (kept for the next run). One article in fifty quotes a tweet. Each engine reads all of it, finds
the citations and writes them: the command line JSON lines and, to be compared row for row, Parquet; Spark and Ray
Parquet. Spark runs as `local[2]`, with --kill as `local-cluster[2,1,2048]`; its start is counted. Needs the extras
`arrow`, `spark`, and the package `ray`.
"""

from __future__ import annotations

import argparse
import filecmp
import json
import os
import signal
import subprocess
import sys
import threading
import time
from contextlib import suppress
from itertools import count
from pathlib import Path
from random import Random

from articles import articles

PART = 50_000_000
"""Bytes of text of one Parquet file."""
NAMES = ("Ann Bee", "Bob Sea", "Кэт Ди", "Dora É", "Emil F")


def corpus(folder: Path, size: int) -> tuple[Path, Path, int]:
    """Write the articles, unless they are there: JSON lines, and the same as Parquet files; and say how many."""
    import pyarrow as pa
    from pyarrow import parquet

    lines, parts = folder / f"{size}.jsonl", folder / f"{size}.parquet"
    if not lines.exists():
        rng, written, rows, held, pool = Random(7), 0, [], 0, articles(3_000)  # noqa: S311  the same every time
        parts.mkdir(parents=True, exist_ok=True)
        with lines.with_suffix(".part").open("w", encoding="utf-8") as file:
            for number in count():
                text = f"{number}. {pool[number % len(pool)]}"
                if number % 50 == 0:
                    text += f"\n\n{tweet(rng)}\n"
                row = {"id": f"a{number:08}", "text": text}
                line = json.dumps(row, ensure_ascii=False) + "\n"
                file.write(line)
                rows.append(row)
                written, held = written + len(line.encode()), held + len(line)
                if held >= PART or written >= size:
                    parquet.write_table(pa.Table.from_pylist(rows), parts / f"{number:08}.parquet")
                    rows, held = [], 0
                if written >= size:
                    break
        lines.with_suffix(".part").rename(lines)
    with lines.open("rb") as file:
        return lines, parts, sum(1 for _ in file)


def tweet(rng: Random) -> str:
    """Return a flattened tweet."""
    code = "".join(rng.choices("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789", k=10))
    name = rng.choice(NAMES)
    return f"The pier is shut again #rain https://t.co/{code}pic.twitter.com/{code}\n— {name} (@{code[:8]}) May 3, 2017"


def timed(words: list[object]) -> float:
    """Run a command; return its seconds."""
    begun = time.perf_counter()
    subprocess.run([*map(str, words)], check=True, stderr=subprocess.DEVNULL, env=ENVIRONMENT)
    return time.perf_counter() - begun


ENVIRONMENT = os.environ | {"PYSPARK_PYTHON": sys.executable, "TWEETLINKS_OFFLINE": "1", "TZ": "UTC"}
COLUMNS = ("--text-column", "text", "--id-column", "id")


def command(lines: Path, out: Path, jobs: int) -> list[object]:
    return [sys.executable, "-m", "tweetlinks", "extract", lines, *COLUMNS, "--jobs", jobs, "-o", out]


def spark(parts: Path, out: Path) -> list[object]:
    job = Path(__file__).parents[2] / "tweetlinks" / "adapters" / "spark.py"
    options = ["--master", "local[2]", "--driver-memory", "4g", "--conf", "spark.ui.enabled=false"]
    return [Path(sys.executable).with_name("spark-submit"), *options, job, parts, "-o", out, *COLUMNS]


RAY = """
import sys, ray
from functools import partial
from tweetlinks.adapters.arrow import explode_citations
ray.init(num_cpus=2, include_dashboard=False, log_to_driver=False)
found = ray.data.read_parquet(sys.argv[1]).map_batches(explode_citations, batch_format="pyarrow", batch_size=2000)
found.write_parquet(sys.argv[2])
"""


def rows(path: Path, order: tuple[str, ...] = ("id", "citation")) -> list[dict[str, object]]:
    """Return citations in one order."""
    from pyarrow import parquet

    return sorted(parquet.read_table(path).to_pylist(), key=lambda row: tuple(str(row[name]) for name in order))


def engines(folder: Path, size: int, without: set[str]) -> None:
    """Print the table."""
    lines, parts, documents = corpus(folder, size)
    mb = lines.stat().st_size / 1e6
    out = folder / "out"
    subprocess.run(["rm", "-rf", out], check=True)
    out.mkdir()
    runs = {
        "one process": command(lines, out / "1.jsonl", 1),
        "--jobs 2": command(lines, out / "2.jsonl", 2),
        "Spark local[2]": spark(parts, out / "spark"),
        "Ray, 2 CPUs": [sys.executable, "-c", RAY, parts, out / "ray"],
    }
    print(f"{documents:,} articles, {mb:,.0f} MB")
    first = 0.0
    for name, words in runs.items():
        if name.partition(" ")[0].strip(",").lower() in without:
            continue
        seconds = timed(words)
        first = first or seconds
        speed = f"{documents / seconds:8,.0f} documents/s  {mb / seconds:6.1f} MB/s"
        print(f"  {name:16} {speed}  {first / seconds:5.2f} times one")
    same = filecmp.cmp(out / "1.jsonl", out / "2.jsonl", shallow=False)
    print(f"  two processes write what one writes: {same}")
    timed(command(lines, out / "1.parquet", 2))
    wanted = rows(out / "1.parquet")
    if "spark" not in without:
        same = rows(out / "spark" / "citations") == wanted
        print(f"  Spark's rows are those of the command line: {same} ({len(wanted):,})")


def memory(folder: Path, size: int) -> None:
    """Print what the streaming command holds at most, of a tenth and of all."""
    for part in (size // 10, size):
        lines, _, _ = corpus(folder, part)
        code = (
            "import resource, subprocess, sys; subprocess.run(sys.argv[1:], check=True);"
            " print(resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss)"
        )
        done = subprocess.run(
            [sys.executable, "-c", code, *map(str, command(lines, folder / "memory.jsonl", 1))],
            capture_output=True, text=True, check=True, env=ENVIRONMENT,
        )  # fmt: skip
        print(f"  {lines.stat().st_size / 1e6:6,.0f} MB read: {int(done.stdout) / 1000:.1f} MB held at most")


def descendants(pid: int) -> list[int]:
    """Return the processes that one began, and those that these began."""
    found = []
    for place in Path(f"/proc/{pid}/task").glob("*/children"):
        with suppress(OSError):
            for child in map(int, place.read_text(encoding="ascii").split()):
                found += [child, *descendants(child)]
    return found


def killed(folder: Path, records: int) -> None:
    """Let Spark read so many short records on two workers, kill one of them half-way, and count what came."""
    import pyarrow as pa
    from pyarrow import parquet

    given, out = folder / f"records-{records}", folder / "killed"
    subprocess.run(["rm", "-rf", out], check=True)
    if not given.exists():
        rough = given.with_suffix(".part")
        rough.mkdir(parents=True, exist_ok=True)
        rng, step = Random(7), max(records // 20, 1)  # noqa: S311  the same every time
        for start in range(0, records, step):
            numbers = range(start, min(start + step, records))
            some = [{"id": f"r{n:08}", "text": f"Report {n}.\n\n{tweet(rng)}"} for n in numbers]
            parquet.write_table(pa.Table.from_pylist(some), rough / f"{start:08}.parquet")
        rough.rename(given)
    words = spark(given, out)
    words[words.index("local[2]")] = "local-cluster[2,1,2048]"
    done = threading.Event()

    shot: list[int] = []

    def kill() -> None:
        while not list(out.glob("citations/_temporary/**/*.parquet")) and not done.is_set():
            time.sleep(0.05)
        time.sleep(2)
        for pid in descendants(os.getpid()):
            with suppress(OSError):
                if b"CoarseGrainedExecutorBackend" in Path(f"/proc/{pid}/cmdline").read_bytes():
                    os.kill(pid, signal.SIGKILL)
                    shot.append(pid)
                    return

    thread = threading.Thread(target=kill)
    thread.start()
    seconds = timed(words)
    done.set()
    thread.join()
    if not shot:
        raise SystemExit("no executor was killed: it was over too soon")
    print(f"  killed executor {shot[0]}")
    found = parquet.read_table(out / "citations", columns=["id"])["id"].to_pylist()
    lost = {f"r{n:08}" for n in range(records)} - {*found}
    print(f"  {records:,} records, {seconds:.0f} s: {len(lost):,} lost, {len(found) - len(set(found)):,} written twice")


def main() -> None:
    """Run what is asked for."""
    reader = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    reader.add_argument("folder", type=Path)
    reader.add_argument("--mb", type=int, default=1000)
    reader.add_argument("--without", action="append", default=[], choices=("spark", "ray"))
    reader.add_argument("--kill", type=int, metavar="RECORDS")
    told = reader.parse_args()
    if told.kill:
        killed(told.folder, told.kill)
        return
    engines(told.folder, told.mb * 1_000_000, set(told.without))
    memory(told.folder, told.mb * 1_000_000)


if __name__ == "__main__":
    main()
