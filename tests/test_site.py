"""The documentation as a site: Sphinx builds it without a warning, and it loads nothing from other hosts."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from importlib.util import find_spec
from pathlib import Path

import pytest

import tweetlinks

DOCS = Path(__file__).parents[1] / "docs"
# Linear: a name, then runs that end at `>` or at a quotation mark.
LOADED = re.compile(r"""<(?:script|link|img|iframe|source)\b[^>]*?\b(?:src|href)=["']?([^"'\s>]+)""")
STYLED = re.compile(r"""(?:@import|url\()\s*["']?((?:https?:)?//[^"')\s]+)""")


@pytest.fixture(scope="module")
def site(tmp_path_factory):
    """The site, built as `.ci/run` builds it."""
    if not (find_spec("sphinx") and find_spec("furo") and find_spec("myst_parser")):
        pytest.skip("no Sphinx here: python -m pip install '.[docs]'")
    folder = tmp_path_factory.mktemp("site")
    told = os.environ | {"PYTHONDONTWRITEBYTECODE": "1", "TWEETLINKS_OFFLINE": "1"}
    command = [sys.executable, "-m", "sphinx", "-W", "--keep-going", "-q", "-b", "html", "-d", folder / "doctrees"]
    done = subprocess.run([*command, DOCS, folder / "html"], capture_output=True, check=False, env=told, timeout=300)
    assert (done.returncode, done.stderr.decode()) == (0, "")
    return folder / "html"


def test_the_map_leads_to_every_page():
    text = (DOCS / "index.md").read_text(encoding="utf-8")
    named = set(re.findall(r"\]\((\w+)\.md\)", text))
    assert named == {path.stem for path in DOCS.glob("*.md")} - {"index"}


def test_no_page_loads_anything_from_another_host(site):
    pages = sorted(site.rglob("*.html"))
    assert len(pages) > len(list(DOCS.glob("*.md")))
    loaded = {url for page in pages for url in LOADED.findall(page.read_text(encoding="utf-8"))}
    assert any("furo" in url for url in loaded)
    assert not {url for url in loaded if url.startswith(("http:", "https:", "//"))}
    styles = [path.read_text(encoding="utf-8") for path in site.rglob("*.css")]
    assert styles
    assert not {url for style in styles for url in STYLED.findall(style)}


def test_links_between_pages_are_links_of_the_site(site):
    text = (site / "index.html").read_text(encoding="utf-8")
    assert {f"{path.stem}.html" for path in DOCS.glob("*.md")} <= {
        *re.findall(r'href="(\w+\.html)"', text),
        "index.html",
    }
    for page in site.glob("*.html"):
        targets = re.findall(r'href="([\w./-]+)(?:#[^"]*)?"', page.read_text(encoding="utf-8"))
        assert not [target for target in targets if target.endswith(".md")]
        assert not [target for target in targets if not (page.parent / target).exists()], page.name


def test_the_reference_has_every_public_name(site):
    text = (site / "python.html").read_text(encoding="utf-8")
    assert not [name for name in tweetlinks.__all__ if f'id="tweetlinks.{name}"' not in text]
