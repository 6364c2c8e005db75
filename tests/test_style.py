"""What the style forbids and no linter checks: long files, long functions, an unsorted list of steps."""

from __future__ import annotations

import ast
import statistics
from pathlib import Path

import pytest

PACKAGE = Path(__file__).parents[1] / "tweetlinks"
MODULES = sorted(PACKAGE.rglob("*.py"))
LONGEST_FILE, LONGEST_FUNCTION, LARGEST_CORE, LARGEST_OF_FAMILY = 400, 50, 5_000, 250
FAMILIES = ("adapters", "lookups", "read", "rules", "write")
"""One file a format or a rule: each has a limit of its own, and they may become more."""
DOORS = (
    "__main__.py", "cache.py", "checking.py", "cli.py", "comparing.py", "corpora.py", "fetch", "flags.py", "jobs.py",
    "network.py", "options.py", "progress.py", "resuming.py", "rewriting.py", "sources.py", "terminal.py", "upkeep.py",
)  # fmt: skip
"""What touches the world; the core is what is pure."""


def code_lines(tree: ast.AST, text: str) -> int:
    """Count the lines that hold code: no blank lines, comments or docstrings."""
    silent = {n for node in ast.walk(tree) if _is_words(node) for n in range(node.lineno, node.end_lineno + 1)}
    lines = enumerate(text.splitlines(), 1)
    return sum(n not in silent and bool(line.strip()) and not line.lstrip().startswith("#") for n, line in lines)


def _is_words(node: ast.AST) -> bool:
    return isinstance(node, ast.Expr) and isinstance(node.value, ast.Constant) and isinstance(node.value.value, str)


def functions(tree: ast.AST) -> list[tuple[str, int]]:
    """Return each function with its lines, docstring not counted."""
    found = []
    for node in ast.walk(tree):
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
            body = node.body[1:] if _is_words(node.body[0]) else node.body
            found.append((node.name, body[-1].end_lineno - body[0].lineno + 1 if body else 0))
    return found


@pytest.mark.parametrize("path", MODULES, ids=lambda path: str(path.relative_to(PACKAGE)))
def test_no_file_and_no_function_is_long(path):
    text = path.read_text(encoding="utf-8")
    tree = ast.parse(text)
    assert code_lines(tree, text) <= (LARGEST_OF_FAMILY if path.parent.name in FAMILIES else LONGEST_FILE)
    assert not [(name, lines) for name, lines in functions(tree) if lines > LONGEST_FUNCTION]


def test_the_core_is_small_and_functions_are_short():
    texts = {path: path.read_text(encoding="utf-8") for path in MODULES}
    trees = {path: ast.parse(text) for path, text in texts.items()}
    core = [
        path for path in MODULES if path.parent.name not in FAMILIES and path.relative_to(PACKAGE).parts[0] not in DOORS
    ]
    assert sum(code_lines(trees[path], texts[path]) for path in core) < LARGEST_CORE
    assert statistics.median(lines for path in MODULES for _, lines in functions(trees[path])) <= 7


@pytest.mark.parametrize("path", MODULES, ids=lambda path: str(path.relative_to(PACKAGE)))
def test_a_module_says_what_it_is_for_and_what_it_touches(path):
    tree = ast.parse(path.read_text(encoding="utf-8"))
    words = ast.get_docstring(tree) or ""
    assert "Pure" in words or "Touches: " in words
    assert "__all__" in ast.unparse(tree)
