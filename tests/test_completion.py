"""What shells complete: made from the parser, up to date, and asked of the real shells."""

from __future__ import annotations

import importlib.util
import shutil
import subprocess
from pathlib import Path

import pytest

from tweetlinks.flags import OPTIONS
from tweetlinks.options import COMMANDS

ROOT = Path(__file__).parents[1]
DATA = ROOT / "tweetlinks" / "data"
_spec = importlib.util.spec_from_file_location("generate", ROOT / "tests" / "generate.py")
generate = importlib.util.module_from_spec(_spec)
_spec.loader.exec_module(generate)

ASKED = [
    (("ex",), {"extract", "ext.txt"}),
    (("art",), {"article.html"}),
    (("extract", "art"), {"article.html"}),
    (("extract", "--fr"), {"--from"}),
    (("extract", "--from", ""), {"auto", "text", "html", "markdown", "mediawiki", "bbcode"}),
    (("extract", "-o", "art"), {"article.html"}),
    (("audit", "article.html", "ext"), {"ext.txt"}),
    (("audit", "-f", "j"), {"jsonl", "json"}),
    (("resolve", "--cache", "art"), {"article.html"}),
    (("cache", ""), {"stats", "purge", "export", "import"}),
    (("cache", "import", "art"), {"article.html"}),
    (("completion", ""), set(generate.SHELLS)),
    (("article.html", "--offl"), {"--offline"}),
]
"""Words of a command line, and what the last of them may become in a folder with article.html and ext.txt."""


@pytest.fixture
def shell(tmp_path, environment):
    """Run a script in one of the shells, in a folder with two files."""
    for name in ("article.html", "ext.txt"):
        (tmp_path / name).touch()

    def run(program, script, *options):
        if not shutil.which(program):
            pytest.skip(f"no {program} here")
        return subprocess.run(
            [program, *options, "-c", script],
            capture_output=True,
            check=False,
            cwd=tmp_path,
            encoding="utf-8",
            env=environment,
            timeout=60,
        )

    return run


@pytest.mark.parametrize("name", generate.SHELLS)
def test_it_is_what_the_parser_makes(name):
    pytest.importorskip("shtab", reason="shtab makes the completions: python -m pip install '.[dev]'")
    made = generate.completion(name)
    assert (DATA / f"completion.{name}").read_text(encoding="utf-8") == made, "python tests/generate.py"


@pytest.mark.parametrize("name", generate.SHELLS)
def test_it_names_every_command_and_option_even_where_nothing_can_make_it_anew(name):
    text = (DATA / f"completion.{name}").read_text(encoding="utf-8")
    options = {flag for command in COMMANDS.values() for option in command.options for flag in OPTIONS[option][0]}
    mark = "-l " if name == "fish" else "--"
    wanted = [mark + flag.removeprefix("--") for flag in options if flag.startswith("--")]
    assert not [word for word in [*filter(None, COMMANDS), *wanted] if word not in text], "python tests/generate.py"


@pytest.mark.parametrize("name", generate.SHELLS)
def test_the_command_prints_it(run, name):
    done = run("completion", name)
    assert (done.returncode, done.stderr) == (0, "")
    assert done.stdout == (DATA / f"completion.{name}").read_text(encoding="utf-8")


def test_another_shell_is_a_usage_error(run):
    assert run("completion", "powershell").returncode == 2


@pytest.mark.parametrize(("words", "expected"), ASKED, ids=[" ".join(words) for words, _ in ASKED])
def test_bash_completes(shell, words, expected):
    line = " ".join(f"'{word}'" for word in ("tweetlinks", *words))
    script = (
        f"source '{DATA}/completion.bash'; COMP_WORDS=({line}); COMP_CWORD={len(words)}; _shtab_tweetlinks;"
        " printf '%s\\n' \"${COMPREPLY[@]}\"; complete -p tweetlinks >&2"
    )
    done = shell("bash", script, "--norc")
    assert set(done.stdout.split()) == expected
    assert "-F _shtab_tweetlinks tweetlinks" in done.stderr


@pytest.mark.parametrize(("words", "expected"), ASKED, ids=[" ".join(words) for words, _ in ASKED])
def test_fish_completes(shell, words, expected):
    line = " ".join(("tweetlinks", *words))
    done = shell("fish", f"source '{DATA}/completion.fish'; complete -C '{line}'", "--no-config")
    assert {row.split("\t")[0] for row in done.stdout.splitlines()} == expected


def test_zsh_takes_it(shell):
    script = (
        f"autoload -U compinit; compinit -D; eval \"$(cat '{DATA}/completion.zsh')\"; print $_comps[tweetlinks];"
        " functions _shtab_tweetlinks_commands"
    )
    done = shell("zsh", script, "-f")
    assert (done.returncode, done.stderr) == (0, "")
    first, *more = done.stdout.splitlines()
    assert first == "_shtab_tweetlinks"
    assert not [name for name in filter(None, COMMANDS) if f"{name}:" not in "\n".join(more)]
    assert (DATA / "completion.zsh").read_text(encoding="utf-8").startswith("#compdef tweetlinks\n")  # for fpath
