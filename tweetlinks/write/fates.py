"""Sum up what became of a link in one of seven words, each with a symbol, so that no colour alone tells it. Pure.

docs/outcomes.md has the words of `expansion` and `target` that they come of.
"""

from __future__ import annotations

from tweetlinks.record import TYPE_CHECKING, Record

if TYPE_CHECKING:
    from tweetlinks.model import Resolution

__all__ = ["FATES", "Fate", "fate"]


class Fate(Record):
    """What became of a link."""

    name: str
    """One word, also the name of its class in a style sheet."""
    symbol: str
    """One character, which is told apart without colours."""
    meaning: str
    """What it means, in a few words."""


_TABLE = (
    Fate("works", "✓", "leads to a page that answers"),
    Fate("leads", "→", "leads on; the page was not asked"),
    Fate("archived", "▣", "dead, but an archive knows where it led"),
    Fate("gone", "✗", "the link or its page is not there any more"),
    Fate("refused", "⊘", "somebody refuses or warns: the page may be well"),
    Fate("silent", "!", "no answer, or none that makes sense"),
    Fate("unasked", "·", "not asked"),
)
FATES = {each.name: each for each in _TABLE}
"""The fates by name, the best first."""

_EXPANSIONS = {
    "from-archive": "archived",
    "dead": "gone", "gone": "gone",
    "unsafe": "refused", "blocked-by-host": "refused", "rate-limited": "refused", "archive-blocked": "refused",
    "unsupported-scheme": "refused",
    "not-a-short-link": "unasked", "not-a-link": "unasked", "truncated": "unasked", "offline": "unasked",
    "server-error": "silent", "timeout": "silent", "dns-error": "silent", "connect-error": "silent",
    "tls-error": "silent", "protocol-error": "silent", "invalid-location": "silent", "interstitial-unparsed": "silent",
    "loop": "silent", "too-many-hops": "silent", "too-large": "silent",
}  # fmt: skip
"""Where the link did not arrive."""
_TARGETS = {
    "ok": "works",
    "unchecked": "leads", "terminal-social": "leads",
    "not-found": "gone", "gone": "gone", "legal": "gone", "soft-404": "gone", "dns-error": "gone",
    "forbidden": "refused", "login-wall": "refused", "consent-wall": "refused", "not-contacted": "refused",
    "blocked-address": "refused",
    "server-error": "silent", "timeout": "silent", "connect-error": "silent", "tls-error": "silent",
    "protocol-error": "silent",
}  # fmt: skip
"""Where it did."""
_ARRIVED = ("expanded", "resolved-here")


def fate(resolution: Resolution | None) -> Fate:
    """Return what became of a link; None was not asked.

    >>> fate(None).name
    'unasked'
    """
    if resolution is None:
        return FATES["unasked"]
    if resolution.expansion in _ARRIVED:
        return FATES[_TARGETS.get(resolution.target, "silent")]
    return FATES[_EXPANSIONS.get(resolution.expansion, "silent")]
