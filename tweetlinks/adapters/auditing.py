r"""Say what an extractor lost of the tweets of a page, from both as they are. Pure.

    audit(page, text)      the page, and what trafilatura, readability, … made of it

>>> page = "<blockquote class='twitter-tweet'><p>Rain at the pier all day long</p>— Ann (@a) May 3, 2017</blockquote>"
>>> [(trace.citation.screen_name, trace.lost) for trace in audit(page, "So:\nRain at the pier all day long").traces]
[('a', ('author', 'date', 'found'))]
"""

from __future__ import annotations

from tweetlinks.lookups.survival import survival
from tweetlinks.model import Document
from tweetlinks.pipeline import extract
from tweetlinks.record import TYPE_CHECKING

if TYPE_CHECKING:
    from tweetlinks.lookups.survival import Audit

__all__ = ["audit"]


def audit(
    page: str | bytes | Document, text: str | bytes | Document, *, format: str = "auto", text_format: str = "auto"
) -> Audit:
    """Say what of the tweets of a page is left in a text.

    Args:
        page: the page as it was given to the extractor, or what `extract` returned for it.
        text: what the extractor made of it, or what `extract(…, with_text=True)` returned for that.
        format: of the page, as for `extract`.
        text_format: of the text; `auto` is HTML when it starts so, else text.

    Returns:
        One `Trace` for each tweet of the article; none when it cites none.

    Raises:
        InputError: as for `extract`.
        ValueError: a document came from a record without its text.
    """
    one, other = (
        source if isinstance(source, Document) else extract(source, format=how, id=name, with_text=True)
        for source, how, name in ((page, format, "<page>"), (text, text_format, "<text>"))
    )
    return survival(one, other)
