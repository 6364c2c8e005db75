"""Build the documentation as a site, with Sphinx (extra `docs`). Pure.

    sphinx-build -W --keep-going -b html docs BUILD

The pages are plain Markdown that reads well on a forge. Two things that Sphinx needs and a forge would show as they are
are made here: the tree of pages, of the links in index.md, and the reference of all names, at the end of python.md. The
site loads nothing from other hosts (tests/test_site.py).
"""

from __future__ import annotations

import re
import sys
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from sphinx.application import Sphinx

# It comes first, so that the build needs no installation.
sys.path.insert(0, str(Path(__file__).parents[1]))

import tweetlinks

__all__: list[str] = []

project, author, project_copyright = "tweetlinks", "The tweetlinks authors", "The tweetlinks authors, MIT"
release = version = tweetlinks.__version__
extensions = ["myst_parser", "sphinx.ext.autodoc", "sphinx.ext.napoleon"]
root_doc = "index"
exclude_patterns = ["conf.py"]
html_theme, html_title, html_copy_source, html_show_sourcelink = "furo", f"tweetlinks {release}", False, False
highlight_language = "text"
default_role = "code"  # `name` in a docstring
myst_heading_anchors = 3
autodoc_member_order = "bysource"
autodoc_typehints = "none"  # the signatures show them
autodoc_default_options = {"members": True}

_TREE = """
```{{toctree}}
:hidden:
:caption: {caption}

{pages}
```
"""
_NAMES = """
```{{eval-rst}}
.. automodule:: tweetlinks
   :members:
```
"""


def _made(_app: Sphinx, page: str, source: list[str]) -> None:
    """Add to a page what a forge would not understand."""
    if page == "index":
        for caption, links in re.findall(r"(?ms)^## (.+?)\n(.*?)(?=^## |\Z)", source[0]):
            pages = re.findall(r"\]\((\w+)\.md\)", links)
            source[0] += _TREE.format(caption=caption, pages="\n".join(dict.fromkeys(pages)))
    elif page == "python":
        source[0] += "\n## All names\n" + _NAMES.format()


_KEPT: list[str] = []


def _keep(_app: Sphinx, what: str, _name: str, _thing: object, _options: object, lines: list[str]) -> None:
    """Remember the words under a field: napoleon takes what stands before their first colon for a type."""
    _KEPT[:] = lines if what == "attribute" else []


def _restore(_app: Sphinx, _what: str, _name: str, _thing: object, _options: object, lines: list[str]) -> None:
    """Put back what napoleon changed."""
    lines[:] = _KEPT or lines


def setup(app: Sphinx) -> dict[str, bool]:
    """Register what is made."""
    app.connect("source-read", _made)
    app.connect("autodoc-process-docstring", _keep, priority=400)  # napoleon comes at 500
    app.connect("autodoc-process-docstring", _restore, priority=600)
    return {"parallel_read_safe": True}
