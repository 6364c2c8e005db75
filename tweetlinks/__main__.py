"""Run the command line: `python -m tweetlinks`. Touches: the terminal, through `tweetlinks.cli`."""

from __future__ import annotations

from tweetlinks.cli import main

__all__: list[str] = []

if __name__ == "__main__":
    raise SystemExit(main())
