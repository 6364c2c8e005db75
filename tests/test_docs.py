"""The documentation is generated, executed or checked: it says what the program does."""

from __future__ import annotations

import ast
import importlib.util
import re
import tomllib
from pathlib import Path

import pytest

import tweetlinks
from tweetlinks import contexts, starts, urls
from tweetlinks.rules import attributed

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


def words_of(kind):
    return {word for of, word, _ in generate.evidence() if of == kind}


def known(word, words):
    """Tell whether a word is explained, or a longer one by its beginning."""
    return word in words or any(one.endswith("…") and word.startswith(one[:-1]) for one in words)


def produced():
    """Yield what the cases of all formats produce: of what, and its evidence."""
    for path in sorted((ROOT / "tests" / "cases").glob("*.toml")):
        name = path.stem if path.stem in {"html", "markdown", "mediawiki", "bbcode"} else "text"
        for case in tomllib.loads(path.read_text(encoding="utf-8")).get("case", []):
            source = next(
                (case[key] for key in ("text", "source", "input", "html") if isinstance(case.get(key), str)), ""
            )
            document = tweetlinks.extract(source, format=name)
            yield from (("link", link.evidence) for link in document.links)
            for citation in document.citations:
                yield "citation", citation.evidence
                yield from (("context", context.evidence) for context in citation.contexts)


def test_every_word_of_evidence_that_the_cases_produce_is_explained():
    unknown = set()
    for kind, evidence in produced():
        marker = evidence[1:2] if evidence[:1] == ("bibliography",) else ()  # as printed
        unknown |= {(kind, word) for word in evidence if word not in marker and not known(word, words_of(kind))}
    assert not unknown


def test_every_word_of_evidence_in_the_code_is_explained():
    every = {word for _, word, _ in generate.evidence()}
    named = {*starts._TELLING, *contexts._TELLING, *attributed.DOUBTS, *urls._SLUGS.values()}
    for path in (ROOT / "tweetlinks").rglob("*.py"):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Call):
                given = [keyword.value for keyword in node.keywords if keyword.arg == "evidence"]
                parts = [part for value in given for part in ast.walk(value) if not isinstance(part, ast.JoinedStr)]
                named |= {
                    part.value for part in parts if isinstance(part, ast.Constant) and isinstance(part.value, str)
                }
    plain = {word for word in named if re.fullmatch(r"[a-z][a-z0-9:-]+[a-z0-9]", word)}
    assert {"attribution", "status-url", "slug10", "start-doubtful"} <= every
    assert not {word for word in plain if word not in every and not any(one.startswith(word) for one in every)}


def test_no_word_of_evidence_is_explained_that_nothing_says():
    code = "".join(path.read_text(encoding="utf-8") for path in (ROOT / "tweetlinks").rglob("*.py"))
    said = {
        word: word.rstrip("…").removeprefix("start:").removeprefix("ends-in-").removeprefix("quote:")
        for _, word, _ in generate.evidence()
    }
    assert not {word for word, part in said.items() if f'"{part}' not in code}
