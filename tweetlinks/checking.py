"""Check the citations of articles, for the command line. Touches: the network, through `network`."""

from __future__ import annotations

from tweetlinks.record import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator
    from types import SimpleNamespace

    from tweetlinks.lookups.verdicts import Verdict
    from tweetlinks.model import Citation, Document, Finding
    from tweetlinks.network import Network

__all__ = ["verdicts"]


def verdicts(documents: Iterable[Document], told: SimpleNamespace, network: Network) -> Iterator[Verdict]:
    """Judge every citation of documents whose links are expanded.

    Args:
        documents: the articles.
        told: the options; `lookup` names who is asked.
        network: asks, and takes note of outcomes that `--fail-on` names.
    """
    from functools import partial

    from tweetlinks.lookups.verdicts import judge

    def look_up(of: Document, citation: Citation) -> list[Finding]:
        near = "".join(filter(str.isdigit, of.archived_at or citation.created_at or citation.date or ""))[:8]
        return [network.look_up(source, citation.url or "", near) for source in told.lookup]

    for document in documents:
        for citation in document.citations:
            verdict = judge(document, citation, partial(look_up, document))
            network.watch(verdict.word, verdict.state or "", verdict.quote.word if verdict.quote else "")
            yield verdict
