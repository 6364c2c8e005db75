"""Every recipe of docs/pipelines.md runs: shell in a folder with articles, Python where its library is installed."""

from __future__ import annotations

import gzip
import json
import os
import re
import subprocess
import sys
from importlib.util import find_spec
from pathlib import Path

import pytest

TEXT = (Path(__file__).parents[1] / "docs" / "pipelines.md").read_text(encoding="utf-8")
RECIPES = re.findall(r"(?:<!-- needs: (\S+) -->\n\n)?```(sh|python)\n(.*?)\n```", TEXT, re.DOTALL)
TWEET = "Rain again! https://t.co/abcdefghij pic.twitter.com/abcdefghij\n— Ann Bee (@ann_b) May 3, 2017"
PAGE = b'<p>See <a href="https://x.com/ann_b/status/780925634837913600">this</a></p>'


@pytest.fixture
def folder(tmp_path):
    (tmp_path / "articles").mkdir()
    (tmp_path / "articles" / "a.txt").write_text(f"The pier was shut.\n\n{TWEET}\n", encoding="utf-8")
    rows = [{"id": f"a{n}", "text": f"Report {n}.\n\n{TWEET}"} for n in range(3)]
    (tmp_path / "articles.jsonl").write_text("".join(json.dumps(row) + "\n" for row in rows), encoding="utf-8")
    (tmp_path / "articles.csv").write_text(f'id,text\na1,"{TWEET}"\n', encoding="utf-8")
    (tmp_path / "posts.csv").write_text("n,link\n1,https://t.co/abcdefghij\n", encoding="utf-8")
    block = b"HTTP/1.1 200 OK\r\nContent-Type: text/html\r\n\r\n" + PAGE
    head = "WARC/1.0\r\nWARC-Type: response\r\nWARC-Record-ID: <urn:uuid:1>\r\nWARC-Target-URI: https://paper.example/a\r\n"
    head += f"WARC-Date: 2020-05-06T07:08:09Z\r\nContent-Length: {len(block)}\r\n\r\n"
    (tmp_path / "crawl.warc.gz").write_bytes(gzip.compress(head.encode() + block + b"\r\n\r\n"))
    return tmp_path


def here(name):
    try:
        return find_spec(name) is not None
    except ModuleNotFoundError:
        return False


@pytest.mark.parametrize(("needs", "language", "code"), RECIPES, ids=lambda value: str(value).partition("\n")[0][:40])
def test_a_recipe_runs(folder, environment, needs, language, code):
    if needs and not here(needs):
        pytest.skip(f"{needs} is not installed")
    path = f"{Path(sys.executable).parent}{os.pathsep}{environment['PATH']}"
    for name in ("citations.db", "citations.parquet", "all.jsonl"):  # what the recipe before has made
        if name in code and "-o" not in code:
            words = [sys.executable, "-m", "tweetlinks", "extract", folder / "articles", "-o", folder / name]
            subprocess.run(words, check=True, env=environment)
    words = ["sh", "-e", "-c", code] if language == "sh" else [sys.executable, "-c", code]
    done = subprocess.run(
        words,
        cwd=folder,
        env=environment | {"PATH": path, "PYSPARK_PYTHON": sys.executable, "RAY_ENABLE_UV_RUN_RUNTIME_ENV": "0"},
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr[-3000:]


def test_the_page_has_a_recipe_for_every_engine():
    assert {needs for needs, _, _ in RECIPES if needs} == {
        "dask.dataframe", "datasets", "datatrove", "duckdb", "langchain_core", "llama_index.core", "pandas", "polars",
        "pyspark", "ray.data", "spacy",
    }  # fmt: skip
