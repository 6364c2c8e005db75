"""Give LlamaIndex one node a citation, with the passage that it serves. Pure; needs the extra `llamaindex`.

    nodes = IngestionPipeline(transformations=[TweetlinksNodes(), SentenceSplitter()]).run(documents=documents)

A splitter cuts a tweet from the paragraph that it supports: a node of a citation is short, and stays whole.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from tweetlinks.adapters.passages import passages
from tweetlinks.errors import MissingExtra
from tweetlinks.pipeline import extract

try:
    from llama_index.core.schema import BaseNode, MetadataMode, NodeRelationship, TextNode, TransformComponent
except ImportError as error:
    raise MissingExtra("llama-index-core", "llamaindex") from error

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

__all__ = ["TweetlinksNodes"]


class TweetlinksNodes(TransformComponent):
    """Adds to each node one for each citation: its passage and its words; the metadata say whose tweet it is."""

    keep: bool = True
    """Pass the nodes on, too; False: only those of citations."""
    source_format: str = "auto"
    """As for `tweetlinks.extract`."""

    def __call__(self, nodes: Sequence[BaseNode], **_: Any) -> list[BaseNode]:
        """Return the nodes, each followed by those of its citations, whose parent it is.

        `start_char_idx` and `end_char_idx` say where the passage stands in the parent.
        """
        return [made for node in nodes for made in self._made(node)]

    def _made(self, node: BaseNode) -> Iterator[BaseNode]:
        if self.keep:
            yield node
        found = extract(node.get_content(MetadataMode.NONE), format=self.source_format, with_text=True)
        parent = node.as_related_node_info()
        for passage in passages(found):
            yield TextNode(
                text=passage.text,
                metadata=node.metadata
                | {f"tweet_{name.removeprefix('tweet_')}": v for name, v in passage.facts.items()},
                start_char_idx=passage.span[0],
                end_char_idx=passage.span[1],
                relationships={NodeRelationship.PARENT: parent, NodeRelationship.SOURCE: node.source_node or parent},
            )
