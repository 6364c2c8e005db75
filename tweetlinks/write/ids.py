"""Write the ids of tweets and nothing else, one a line, each once. Pure."""

from __future__ import annotations

from tweetlinks.record import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from tweetlinks.lookups.verdicts import Verdict
    from tweetlinks.model import Document, Resolution
    from tweetlinks.write import View

__all__ = ["checks", "links", "write"]


def write(documents: Iterable[Document], view: View) -> Iterator[str]:  # noqa: ARG001  the family's signature
    """Yield the ids of the tweets that documents cite."""
    return _once(citation.tweet_id for document in documents for citation in document.citations)


def links(resolutions: Iterable[Resolution], view: View) -> Iterator[str]:  # noqa: ARG001  the family's signature
    """Yield the ids of the tweets that links lead to."""
    return _once(found.tweet.id if found.tweet else None for found in resolutions)


def checks(verdicts: Iterable[Verdict], view: View) -> Iterator[str]:  # noqa: ARG001  the family's signature
    """Yield the ids of the tweets that were checked."""
    return _once(verdict.citation.tweet_id for verdict in verdicts)


def _once(ids: Iterable[str | None]) -> Iterator[str]:
    """Yield each line once; what was seen is kept as numbers, which take little."""
    seen = set[int]()
    for tweet_id in ids:
        if tweet_id and int(tweet_id) not in seen:
            seen.add(int(tweet_id))
            yield f"{tweet_id}\n"
