"""The documentation is generated, executed or checked: it says what the program does."""

from __future__ import annotations

import importlib.util
import re
from pathlib import Path

import pytest

import tweetlinks

ROOT = Path(__file__).parents[1]
PAGES = [ROOT / "README.md", *sorted((ROOT / "docs").glob("*.md"))]

_spec = importlib.util.spec_from_file_location("generate", ROOT / "tests" / "generate.py")
generate = importlib.util.module_from_spec(_spec)
_spec.loader.exec_module(generate)


@pytest.mark.parametrize("page", generate.PAGES)
def test_generated_pages_are_up_to_date(page):
    assert (ROOT / "docs" / page).read_text(encoding="utf-8") == generate.PAGES[page](), "python tests/generate.py"


@pytest.mark.parametrize("page", generate.written(), ids=lambda page: page.name)
def test_every_command_shows_what_the_page_shows(page):
    text = page.read_text(encoding="utf-8")
    assert text == generate.executed(text), "python tests/generate.py"


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.name)
def test_links_between_pages_lead_somewhere(page):
    for target in re.findall(r"\]\(([^)#\s]+)(?:#[^)]*)?\)", page.read_text(encoding="utf-8")):
        if "://" not in target:
            assert (page.parent / target).exists(), target


def test_the_two_commands_stand_first_in_the_readme():
    readme = (ROOT / "README.md").read_text(encoding="utf-8")
    first = readme.index("python -m pip install . && tweetlinks seeds/000_15df5f8cc0ffe991.txt")
    second = readme.index("python -m pip install '.[test]' && python -m pytest")
    assert first < second < readme.index("## ")


def test_the_map_of_architecture_names_every_module():
    text = (ROOT / "docs" / "architecture.md").read_text(encoding="utf-8")
    modules = {path.stem for path in (ROOT / "tweetlinks").glob("*.py")} - {"__init__", "__main__"}
    folders = {path.parent.name for path in (ROOT / "tweetlinks").glob("*/__init__.py")}
    assert not {name for name in modules | folders if f"`{name}`" not in text}


def test_the_page_of_python_names_all_that_is_public_and_every_limit_with_its_default():
    text = (ROOT / "docs" / "python.md").read_text(encoding="utf-8")
    named = set(re.findall(r"`(\w+)[`(]", text))
    assert not set(tweetlinks.__all__) - named
    rows = re.findall(r"(?m)^\| `(\w+)` \| ([\d.]+) \| \S", text)
    assert rows == [(name, str(value)) for name, value in tweetlinks.Limits()._asdict().items()]
