"""A step of a datatrove pipeline that annotates, strips, masks or normalises cited tweets. Pure; needs `datatrove`.

    pipeline = [WarcReader(…), Trafilatura(), TweetCitations("annotate"), C4QualityFilter(), JsonlWriter(…)]

Place it before filters that look at lines: C4's drops each that does not end in a full stop, which tweets do not.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from tweetlinks.adapters.cleaning import Edited, mask, normalise, strip
from tweetlinks.errors import MissingExtra
from tweetlinks.pipeline import extract

try:
    from datatrove.pipeline.base import PipelineStep
except ImportError as error:
    raise MissingExtra("datatrove", "datatrove") from error

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from datatrove.data import Document

__all__ = ["MODES", "TweetCitations"]

MODES: dict[str, Callable[[Any], Edited] | None] = {
    "annotate": None, "strip": strip, "mask": mask, "normalise": normalise,
}  # fmt: skip
"""What is done to the text of each mode."""


class TweetCitations(PipelineStep):
    """Puts the tweets of each document into its metadata (`tweetlinks`), and changes its text if so told."""

    name = "🔗 tweetlinks"
    type = "🔎 - TWEETS"

    def __init__(self, mode: str = "annotate", *, format: str = "text") -> None:
        """Take the options.

        Args:
            mode: one of `MODES`: `annotate` leaves the text as it is; the others do what `tweetlinks.strip`, `mask` and
                `normalise` do. Spans refer to the text before.
            format: as for `tweetlinks.extract`.

        Raises:
            ValueError: no such mode.
        """
        if mode not in MODES:
            raise ValueError(f"mode is one of {', '.join(MODES)}, not {mode!r}")
        super().__init__()
        self.mode, self.format = mode, format

    def run(self, data: Iterator[Document], rank: int = 0, world_size: int = 1) -> Iterator[Document]:  # noqa: ARG002  the signature of a step
        """Yield every document; the statistics count `citations` and `documents_with_citations`."""
        for document in data:
            with self.track_time():
                self._work(document)
            yield document

    def _work(self, document: Document) -> None:
        found = extract(document.text, format=self.format, with_text=True)
        document.metadata["tweetlinks"] = {
            "citations": [citation.to_dict() for citation in found.citations],
            "links": [link.to_dict() for link in found.links],
        }
        if found.citations:
            self.stat_update("documents_with_citations")
            self.stat_update("citations", value=len(found.citations))
            if edit := MODES[self.mode]:
                document.text = edit(found).text
