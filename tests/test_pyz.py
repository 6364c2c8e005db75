"""tweetlinks.pyz: the same bytes each time, nothing compiled, and a bare Python runs it from anywhere.

Building it needs pip and its packages: `.ci/run` does that, and names the file in TWEETLINKS_PYZ.
"""

from __future__ import annotations

import importlib.util
import json
import os
import re
import subprocess
import sys
import venv
import zipfile
from pathlib import Path

import pytest

from tweetlinks.options import COMMANDS

ROOT = Path(__file__).parents[1]
PAGES = ROOT / "tests" / "cases" / "pages"
_spec = importlib.util.spec_from_file_location("pyz", ROOT / ".ci" / "pyz.py")
pyz = importlib.util.module_from_spec(_spec)
_spec.loader.exec_module(pyz)


@pytest.fixture
def packages(tmp_path):
    for name, text in {
        "tweetlinks/cli.py": "def main():\n    print('hello')\n    return 7\n",
        "tweetlinks/__init__.py": "",
        "tweetlinks/__pycache__/cli.pyc": "x",
        "bin/tweetlinks": "#!/home/of/this/machine",
        "a-1.dist-info/RECORD": "x",
        "a-1.dist-info/METADATA": "Name: a",
    }.items():
        (tmp_path / "all" / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / "all" / name).write_text(text, encoding="utf-8")
    return tmp_path / "all"


def test_the_same_files_are_the_same_bytes_whenever_they_were_written(packages):
    first = pyz.pack(packages)
    for path in packages.rglob("*.py"):
        os.utime(path, (1, 1_000_000_000))
        path.chmod(0o600)
    assert pyz.pack(packages) == first


def test_nothing_of_the_machine_is_kept(packages, tmp_path):
    (tmp_path / "a.pyz").write_bytes(pyz.SHEBANG + pyz.pack(packages))
    with zipfile.ZipFile(tmp_path / "a.pyz") as archive:
        assert archive.namelist() == [
            "__main__.py", "a-1.dist-info/METADATA", "tweetlinks/__init__.py", "tweetlinks/cli.py",
        ]  # fmt: skip
    done = subprocess.run([sys.executable, "-I", tmp_path / "a.pyz"], capture_output=True, check=False)
    assert (done.returncode, done.stdout) == (7, b"hello\n")


@pytest.mark.parametrize("name", ["lxml/etree.cpython-311-x86_64-linux-gnu.so", "a/b.pyd", "c.dylib"])
def test_compiled_parts_are_refused(packages, name):
    (packages / name).parent.mkdir(exist_ok=True)
    (packages / name).write_bytes(b"\x7fELF")
    with pytest.raises(SystemExit, match=re.escape(name)):
        pyz.pack(packages)


@pytest.mark.parametrize("name", ["no/such/folder/x.pyz", "."])
def test_a_file_that_cannot_be_written_is_said_before_anything_is_built(name, tmp_path):
    command = [sys.executable, ROOT / ".ci" / "pyz.py", tmp_path / "no.whl", "-o", tmp_path / name]
    done = subprocess.run(command, capture_output=True, check=False, encoding="utf-8", timeout=20)
    assert (done.returncode, done.stdout) == (1, "")
    assert [line for line in done.stderr.splitlines() if not line.startswith("built with")] == [
        f"{tmp_path / name}: {os.strerror(21 if name == '.' else 2)}"
    ]


def test_the_oldest_python_is_that_of_the_package():
    text = (ROOT / "pyproject.toml").read_text(encoding="utf-8")
    assert f'requires-python = ">={".".join(map(str, pyz.OLDEST))}"' in text


# ---------------------------------------------------------------- the real one


@pytest.fixture(scope="module")
def bare(tmp_path_factory):
    """Run tweetlinks.pyz with a Python that has nothing installed, in an empty folder."""
    if "TWEETLINKS_PYZ" not in os.environ:
        pytest.skip("no tweetlinks.pyz here: TWEETLINKS_PYZ names one that .ci/pyz.py built")
    folder = tmp_path_factory.mktemp("bare")
    venv.create(folder / "env", with_pip=False)
    (folder / "here").mkdir()
    told = {"HOME": str(folder), "TWEETLINKS_OFFLINE": "1", "PATH": os.environ["PATH"]}

    def run(*arguments, stdin=""):
        return subprocess.run(
            [folder / "env" / "bin" / "python", "-I", os.environ["TWEETLINKS_PYZ"], *arguments],
            capture_output=True,
            check=False,
            cwd=folder / "here",
            encoding="utf-8",
            env=told,
            input=stdin,
            timeout=60,
        )

    return run


def handles(done):
    assert (done.returncode, done.stderr) == (0, "")
    found = [json.loads(line) for line in done.stdout.splitlines()]
    return [citation["screen_name"] for record in found for citation in record["citations"]]


@pytest.mark.parametrize("command", [("extract",), ("extract", "--jobs", "2"), ("--offline",)])
def test_a_bare_python_finds_the_tweets_of_the_seed(bare, seed, command):
    assert handles(bare(*command, seed, seed)) == ["RTenfrancais", "RT_com"] * 2


def test_pages_are_read_with_the_parser_within_the_file(bare):
    assert handles(bare("extract", PAGES / "embed.html", PAGES / "list.html")) == [
        "harbour_office", "bay_council", "gretaholm_bay", "mvoss",
    ]  # fmt: skip


def test_all_commands_run(bare, seed):
    assert bare("schema").stdout == (ROOT / "docs" / "schema.json").read_text(encoding="utf-8")
    (record,) = map(json.loads, bare("resolve", "--offline", "https://t.co/zKHAP1vQMJ").stdout.splitlines())
    assert record["expansion"] == "offline"
    assert "unproven" in bare("check", "--offline", "-f", "table", seed).stdout
    assert json.loads(bare("cite", "--offline", seed).stdout)[-1]["genre"] == "Tweet"
    assert bare("report", "--offline", seed).stdout.startswith("<!doctype html>")
    assert bare("audit", PAGES / "embed.html", PAGES / "embed.html").returncode == 0
    assert bare("extract", seed, "-o", "found.db").returncode == 0
    assert bare("freeze", "--offline", PAGES / "embed.html").stdout.count('<figure class="tweet"') == 1
    assert json.loads(bare("annotate", "--offline", seed).stdout)["type"] == "AnnotationPage"
    assert bare("cache", "stats").returncode == 0
    assert "complete" in bare("completion", "bash").stdout
    done = {
        "",
        "extract",
        "schema",
        "resolve",
        "check",
        "cite",
        "report",
        "audit",
        "freeze",
        "annotate",
        "cache",
        "completion",
    }
    assert done == set(COMMANDS)
    assert "extract" in bare("--help").stdout


def test_certificates_are_within_the_file(bare):
    with zipfile.ZipFile(os.environ["TWEETLINKS_PYZ"]) as archive:
        names = archive.namelist()
    assert "certifi/cacert.pem" in names
    assert not [name for name in names if Path(name).suffix in pyz.COMPILED]
    assert bare("--version").stdout.startswith("tweetlinks ")
