#!/usr/bin/env python3
"""Build tweetlinks.pyz: one file that a bare Python runs, with all that it needs. Touches: files, and pip the network.

    python3.11 .ci/pyz.py                    tweetlinks.pyz, beside pyproject.toml
    python3.11 .ci/pyz.py -o FILE --no-deps  tweetlinks alone: enough for `extract` of plain text

Build it with the oldest Python that it shall run on: pip takes versions of the dependencies that fit the Python that
builds. Of the same versions the same bytes come: names are sorted, times fixed, and nothing of this machine is kept. A
package with compiled parts is refused: it would run on this platform only.
"""

from __future__ import annotations

import argparse
import subprocess
import sys
import tempfile
import zipfile
from pathlib import Path

__all__ = ["build", "main", "pack"]

ROOT = Path(__file__).parents[1]
OLDEST = (3, 11)
MAIN = b"""\
import sys

if sys.version_info < (3, 11):
    sys.exit("tweetlinks needs Python 3.11 or later")

from tweetlinks.cli import main

sys.exit(main())
"""
SHEBANG = b"#!/usr/bin/env python3\n"
COMPILED = {".dll", ".dylib", ".pyd", ".so"}
OF_THIS_MACHINE = {"INSTALLER", "RECORD", "REQUESTED", "direct_url.json"}
"""What pip writes down about where and how it installed."""
LONG_AGO = (1980, 1, 1, 0, 0, 0)
"""The first moment that a zip can hold."""


def build(output: Path, *, source: Path = ROOT, deps: bool = True) -> None:
    """Install tweetlinks into a folder and pack it.

    Args:
        output: the file to write.
        source: the project, or a wheel of it.
        deps: put in what it depends on.

    Raises:
        SystemExit: pip failed, a package has compiled parts, or the file cannot be written.
    """
    _check(output)  # before pip has worked for a minute
    with tempfile.TemporaryDirectory() as work:
        wheels, folder = Path(work, "wheels"), Path(work, "all")
        wheel = source
        if source.is_dir():
            _pip("wheel", "--no-deps", "--wheel-dir", str(wheels), str(source))
            (wheel,) = wheels.glob("*.whl")
        _pip("install", "--no-compile", "--target", str(folder), *([] if deps else ["--no-deps"]), str(wheel))
        output.write_bytes(SHEBANG + pack(folder))
        output.chmod(0o755)


def pack(folder: Path) -> bytes:
    """Return a zip of a folder of packages, the same bytes for the same files.

    Raises:
        SystemExit: it holds compiled parts.
    """
    paths = sorted(path for path in folder.rglob("*") if path.is_file() and not _left_out(path.relative_to(folder)))
    compiled = [str(path.relative_to(folder)) for path in paths if path.suffix in COMPILED]
    if compiled:
        sys.exit(f"compiled parts run on this platform only: {', '.join(compiled)}")
    named = [(path.relative_to(folder).as_posix(), path.read_bytes()) for path in paths]
    with tempfile.SpooledTemporaryFile() as file:
        with zipfile.ZipFile(file, "w") as archive:
            for name, data in sorted([("__main__.py", MAIN), *named]):
                about = zipfile.ZipInfo(name, LONG_AGO)
                about.compress_type, about.external_attr, about.create_system = zipfile.ZIP_DEFLATED, 0o644 << 16, 3
                archive.writestr(about, data, compresslevel=9)
        file.seek(0)
        return file.read()


def _check(output: Path) -> None:
    is_new = not output.exists()
    try:
        with output.open("ab"):
            pass
    except OSError as error:
        sys.exit(f"{output}: {error.strerror}")
    if is_new:
        output.unlink()


def _left_out(name: Path) -> bool:
    ours = name.parts[0] == "bin" or "__pycache__" in name.parts
    return ours or (name.parts[0].endswith(".dist-info") and name.name in OF_THIS_MACHINE)


def _pip(*words: str) -> None:
    done = subprocess.run([sys.executable, "-m", "pip", "--quiet", *words], check=False, stdout=sys.stderr)
    if done.returncode:
        sys.exit(f"pip {words[0]} failed")


def main() -> None:
    """Read the command line, and build."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("source", nargs="?", type=Path, default=ROOT, help="the project, or a wheel of it")
    parser.add_argument("-o", "--output", type=Path, default=ROOT / "tweetlinks.pyz")
    parser.add_argument("--no-deps", action="store_true", help="leave out httpx, beautifulsoup4 and tenacity")
    told = parser.parse_args()
    if sys.version_info[:2] != OLDEST:
        print(f"built with {sys.version.split()[0]}: it may not run on an older Python", file=sys.stderr)
    build(told.output, source=told.source, deps=not told.no_deps)
    print(f"{told.output}: {told.output.stat().st_size:,} bytes")


if __name__ == "__main__":
    main()
