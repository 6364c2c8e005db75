"""What an import costs, and what the package offers."""

from __future__ import annotations

import subprocess
import sys

import pytest

import tweetlinks

HEAVY = {"argparse", "asyncio", "bs4", "httpx", "sqlite3", "tenacity"}
ONLY_FOR_THE_NETWORK = {"asyncio", "bs4", "httpx", "ssl", "tenacity"}


def loaded(code: str, environment: dict[str, str]) -> set[str]:
    bare = {name: value for name, value in environment.items() if not name.startswith("COVERAGE_")}
    done = subprocess.run(
        [sys.executable, "-c", f"{code}\nimport sys; print(*sys.modules, file=sys.stderr)"],
        capture_output=True,
        check=True,
        env=bare,
        text=True,
    )
    return set(done.stderr.split())


def test_importing_the_package_loads_nothing_heavy(environment):
    assert not HEAVY & loaded("import tweetlinks", environment)


def test_extracting_text_loads_nothing_of_the_network(environment, seed):
    code = f"import tweetlinks; tweetlinks.extract(open({str(seed)!r}, 'rb').read())"
    assert not HEAVY & loaded(code, environment)


@pytest.mark.parametrize("form", ["jsonl", "json", "csv", "table"])
def test_the_extract_command_loads_nothing_of_the_network(environment, seed, form):
    code = f"from tweetlinks.cli import main; main(['extract', '-f', {form!r}, {str(seed)!r}])"
    assert not ONLY_FOR_THE_NETWORK & loaded(code, environment)


def test_a_document_without_links_loads_nothing_of_the_network(environment, tmp_path):
    plain = tmp_path / "plain.txt"
    plain.write_text("A title\nNo link here.\n", encoding="utf-8")
    code = f"from tweetlinks.cli import main; main([{str(plain)!r}])"
    assert not ONLY_FOR_THE_NETWORK & loaded(code, environment)


def test_every_public_name_is_there_and_the_list_is_sorted():
    assert tweetlinks.__all__ == sorted(tweetlinks.__all__)
    assert all(getattr(tweetlinks, name).__name__ == name for name in tweetlinks.__all__)
    assert set(tweetlinks.__all__) <= set(dir(tweetlinks))


def test_an_unknown_name_is_an_attribute_error():
    with pytest.raises(AttributeError, match="no attribute 'extracts'"):
        _ = tweetlinks.extracts


def test_extraction_opens_no_file_no_socket_and_no_database(environment, seed):
    code = f"""
import sys, tweetlinks
data = open({str(seed)!r}, "rb").read()
warm = tweetlinks.extract(data).to_dict()
def forbid(event, arguments):
    if event in ("open", "sqlite3.connect", "subprocess.Popen") or event.startswith(("socket.", "os.")):
        raise RuntimeError(event)
sys.addaudithook(forbid)
assert tweetlinks.extract(data).to_dict() == warm
"""
    loaded(code, environment)
