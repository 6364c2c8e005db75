"""What several test files need: the command line as its own process, with nothing but loopback."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import time
from importlib.util import find_spec
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from collections.abc import Callable

ROOT = Path(__file__).parents[1]
OURS = tuple(str(ROOT / name) + os.sep for name in (".ci", "docs", "seeds", "tests", "tweetlinks"))
SEED = ROOT / "seeds" / "000_15df5f8cc0ffe991.txt"


def _forbid_writing(event: str, arguments: tuple[object, ...]) -> None:
    """Refuse to open a file of the checkout for writing: a test run leaves it as it was."""
    if event == "open" and isinstance(arguments[0], str) and arguments[0].startswith(OURS):
        name, mode, flags = arguments
        writes = set(mode) & set("wax+") if isinstance(mode, str) else int(str(flags)) & (os.O_WRONLY | os.O_RDWR)
        if writes and "__pycache__" not in name and ".hypothesis" not in name:
            raise PermissionError(f"a test writes into the checkout: {name}")


sys.addaudithook(_forbid_writing)


@pytest.fixture(scope="session")
def root() -> Path:
    """The checkout."""
    return ROOT


@pytest.fixture(scope="session")
def seed() -> Path:
    """The article of the first command in the README."""
    return SEED


@pytest.fixture
def environment(tmp_path: Path) -> dict[str, str]:
    """An environment that sends nothing and keeps its cache to itself."""
    kept = {name: value for name, value in os.environ.items() if not name.startswith(("TWEETLINKS_", "NO_COLOR"))}
    return kept | {
        "PYTHONPATH": str(ROOT),
        "PYTHONUTF8": "1",
        "TERM": "xterm",
        "TWEETLINKS_OFFLINE": "1",
        "XDG_CACHE_HOME": str(tmp_path / "xdg"),
    }


@pytest.fixture
def run(environment: dict[str, str], tmp_path: Path) -> Callable[..., subprocess.CompletedProcess[str]]:
    """Run one command in an empty folder and return what it said."""
    folder = tmp_path / "here"
    folder.mkdir()

    def tweetlinks(*arguments: str | Path, stdin: str | bytes = b"", **more: str) -> subprocess.CompletedProcess[str]:
        done = subprocess.run(
            [sys.executable, "-m", "tweetlinks", *map(str, arguments)],
            input=stdin.encode() if isinstance(stdin, str) else stdin,
            capture_output=True,
            check=False,
            cwd=folder,
            env=environment | more,
            timeout=60,
        )
        return subprocess.CompletedProcess(done.args, done.returncode, done.stdout.decode(), done.stderr.decode())

    return tweetlinks


@pytest.fixture(scope="session")
def redis_server(tmp_path_factory):
    """A server of our own, which keeps nothing; its place as a URL."""
    program = shutil.which("redis-server")
    if not program or not find_spec("redis"):
        pytest.skip("no redis-server here: install Debian's, or set it on the PATH")
    folder = tmp_path_factory.mktemp("redis")
    options = ["--port", "0", "--unixsocket", folder / "s", "--save", "", "--appendonly", "no", "--dir", folder]
    with subprocess.Popen([program, *map(str, options)], stdout=subprocess.DEVNULL) as server:
        try:
            while not (folder / "s").exists():
                assert server.poll() is None
                time.sleep(0.01)
            yield f"unix://{folder / 's'}"
        finally:
            server.terminate()


@pytest.fixture
def redis_url(redis_server):
    import redis

    with redis.Redis.from_url(redis_server) as client:
        client.flushall()
    return redis_server
