"""Put citations into spaCy documents. Pure; needs the extra `spacy`.

    import tweetlinks.adapters.spacy
    nlp.add_pipe("tweetlinks")
    doc = nlp(text)
    doc.spans["tweets"]           a span for each citation, its label the kind: EMBED, LINK, REFERENCE, MENTION
    doc._.tweets                  the citations as dicts
    doc._.tweet_links             the links as dicts

Dicts, and not our own records, so that `nlp.pipe(n_process=…)` and `DocBin` work; a `DocBin` may give lists back as
tuples. A span grows to whole tokens, because a tokenizer may glue two links, or a link and a handle.
"""

from __future__ import annotations

from tweetlinks.errors import MissingExtra
from tweetlinks.pipeline import extract

try:
    from spacy.language import Language
    from spacy.tokens import Doc, SpanGroup
except ImportError as error:
    raise MissingExtra("spacy", "spacy") from error

__all__ = ["GROUP", "Tweetlinks"]

GROUP = "tweets"
"""The name of the group of spans."""

for _name in ("tweets", "tweet_links"):
    if not Doc.has_extension(_name):
        Doc.set_extension(_name, default=[])


class Tweetlinks:
    """The component."""

    def __call__(self, doc: Doc) -> Doc:
        """Find the citations of a document."""
        found = extract(doc.text, format="text")
        spans = [
            doc.char_span(*citation.span, citation.kind.upper(), alignment_mode="expand")
            for citation in found.citations
        ]
        doc.spans[GROUP] = SpanGroup(doc, name=GROUP, spans=[span for span in spans if span is not None])
        doc._.tweets = [citation.to_dict() for citation in found.citations]
        doc._.tweet_links = [link.to_dict() for link in found.links]
        return doc


@Language.factory("tweetlinks")
def _make(nlp: Language, name: str) -> Tweetlinks:  # noqa: ARG001  the signature of a factory
    return Tweetlinks()
