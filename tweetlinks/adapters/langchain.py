"""Give LangChain one document a citation, with the passage that it serves. Pure; needs the extra `langchain`.

    documents = TweetlinksTransformer().transform_documents(loader.load())

A splitter cuts a tweet from the paragraph that it supports, or its author from its words: transform before you split,
and split only what is without `tweetlinks` in its metadata.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from tweetlinks.adapters.passages import passages
from tweetlinks.errors import MissingExtra
from tweetlinks.pipeline import extract

try:
    from langchain_core.documents import BaseDocumentTransformer, Document
except ImportError as error:
    raise MissingExtra("langchain-core", "langchain") from error

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

__all__ = ["TweetlinksTransformer"]


class TweetlinksTransformer(BaseDocumentTransformer):
    """Adds to each document one for each citation: its passage and its words; the metadata say whose tweet it is."""

    def __init__(self, *, keep: bool = True, format: str = "auto") -> None:
        """Take the options.

        Args:
            keep: pass the documents on, too; False: only those of citations.
            format: as for `tweetlinks.extract`.
        """
        self._keep, self._format = keep, format

    def transform_documents(self, documents: Sequence[Document], **_: Any) -> list[Document]:
        """Return the documents, each followed by those of its citations.

        Their metadata are those of the document, and `tweetlinks`, what is known of the tweet; `start_index` is where
        the passage begins.
        """
        return [made for document in documents for made in self._made(document)]

    def _made(self, document: Document) -> Iterator[Document]:
        if self._keep:
            yield document
        found = extract(document.page_content, format=self._format, with_text=True)
        for passage in passages(found):
            more = {"tweetlinks": passage.facts, "start_index": passage.span[0]}
            yield Document(page_content=passage.text, metadata=document.metadata | more)
