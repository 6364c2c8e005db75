"""Ask the network what became of a link: the one door to it. Touches: the network; a cache; the environment.

    faces       Resolver and AsyncResolver: what people use
    drive       takes chains to their end: cache, turn, request, repetition
    pace        how often a host is asked, and when no more
    budget      the same for many processes, counted by a Redis server
    guard       which addresses may be contacted
    transport   sends one GET, and takes down what comes back
    lines       the connections, and where a new one may lead
    dial_httpcore, dial_aiohttp
                who dials: httpx's own way, or the extra `fast`

What an answer means is not decided here: `chain` judges. Nothing is sent offline (`offline=True`, or
`TWEETLINKS_OFFLINE=1` in the environment), and then every link that the cache does not know says `offline`:

>>> with Resolver(offline=True) as resolver:
...     found = resolver.resolve("https://t.co/zKHAP1vQMJ")
>>> found.expansion, found.error
('offline', 'not asked: offline')
"""

from __future__ import annotations

from tweetlinks.fetch.budget import SharedBudget
from tweetlinks.fetch.faces import AsyncResolver, Resolver
from tweetlinks.fetch.pace import Limits

__all__ = ["AsyncResolver", "Limits", "Resolver", "SharedBudget"]
