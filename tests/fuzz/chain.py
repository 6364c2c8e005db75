# ruff: noqa: E501  what is drawn reads best in long lines
"""Look for an input that breaks a law of the chain, of links, or of mappings, or that takes long. Not a test.

    python tests/fuzz/chain.py --minutes 10 --seed 1            cases drawn from a seed, one after the other
    python tests/fuzz/chain.py --seed 1 --case 4711             one of them again
    python tests/fuzz/chain.py --minutes 10 --guided            cases that atheris changes, by what they reach
    python tests/fuzz/chain.py --bytes BASE64                   one of those again

Every finding is printed with the arguments that repeat it. Exit: 0 no finding, 1 some. What is drawn, `inputs.py` says.
"""

from __future__ import annotations

import argparse
import base64
import json
import math
import os
import re
import signal
import sys
import time
import traceback
from collections import Counter
from collections.abc import Callable
from itertools import pairwise
from pathlib import Path
from random import Random
from typing import Any

sys.path.insert(0, str(Path(__file__).parents[2]))  # this tree, not an installed package
if "--guided" in sys.argv:
    import atheris

    with atheris.instrument_imports(include=["tweetlinks"]):
        pass

from inputs import Drawn, drawn_answer, drawn_lines, drawn_terms, drawn_text, drawn_url

from tweetlinks import chain as chains
from tweetlinks import detours, locations, mappings, tweets, urls
from tweetlinks.chain import MAPPED, Chain, advance, fail, keep, resolution, start
from tweetlinks.errors import InputError
from tweetlinks.locations import LONGEST_URL, BadLocation, clean, host_of, path_of, without_fragment
from tweetlinks.model import Answer, Resolution
from tweetlinks.tweets import parse_status_url

SLOW = 1.0
"""CPU seconds of one call that are a finding: no input is larger than `inputs.LARGEST`."""
STUCK = 60
"""Seconds of one case after which it is given up."""
ENOUGH = 20
"""Findings at different places after which a run ends."""
DAY = 86_400
FAILURES = [
    "timeout", "dns-tempfail", "dns-error", "connect-error", "connect-timeout", "disconnected", "tls-timeout", "tls-error",
    "blocked-address", "offline", "protocol-error",
]  # fmt: skip
OUTCOMES = (Path(__file__).parents[2] / "docs" / "outcomes.md").read_text(encoding="utf-8").split("\n## ")
EXPANSIONS, TARGETS = ({*re.findall(r"`([a-z0-9-]+)`", part)} for part in OUTCOMES[1:3])
ALL = chains.Terms(check_target=True)
CACHES = [
    function
    for module in (chains, detours, locations, tweets, urls)
    for function in vars(module).values()
    if hasattr(function, "cache_clear")
    and function.__module__ == module.__name__
    and function.cache_parameters()["maxsize"]
]
spent: Counter[str] = Counter()
"""CPU seconds of the slowest call of each function so far."""


def timed(function: Callable[..., Any], *args: Any, **named: Any) -> Any:
    """Call a function, and find fault with it when it takes long twice."""
    for attempt in (1, 2):
        begun = time.process_time()
        result = function(*args, **named)
        seconds = time.process_time() - begun
        if seconds < SLOW:
            break
        forget()  # the second time must not profit from the first
        assert attempt == 1, f"{function.__name__} took {seconds:.1f} s"
    spent[function.__name__] = max(spent[function.__name__], seconds)
    return result


def forget() -> None:
    """Empty the caches of what was computed; tables stay."""
    for function in CACHES:
        function.cache_clear()


# The laws.


def check_chain(rng: Random) -> None:
    """A chain is total, ends, only grows, and says the same again."""
    url, terms = drawn_url(rng), drawn_terms(rng)
    chain, told = timed(start, url, terms), list[tuple[Callable[..., Chain], tuple[Any, ...], dict[str, Any]]]()
    check_state(chain)
    while chain.ask:
        assert len(told) < (terms.hops + 2) * terms.tries, "it does not end"
        step = drawn_step(rng, chain)
        after = timed(step[0], chain, *step[1], **step[2])
        assert after.hops[: len(chain.hops)] == chain.hops, "a hop has changed"
        assert after.ask is None or after.hops != chain.hops or after.tries == chain.tries + 1, "nothing has happened"
        chain = after
        check_state(chain)
        told.append(step)
    assert chain.expansion in EXPANSIONS, f"no word of the documentation: {chain.expansion}"
    assert chain.target in TARGETS, f"no word of the documentation: {chain.target}"
    assert advance(chain, Answer(url, 200, (), "", "", 0)) is chain, "it has ended, and goes on"
    if rng.random() < 0.1:
        forget()
    again = start(url, terms)
    for function, args, named in told:
        again = function(again, *args, **named)
    assert again == chain, "the same answers make another chain"


def drawn_step(rng: Random, chain: Chain) -> tuple[Callable[..., Chain], tuple[Any, ...], dict[str, Any]]:
    """Draw what happens to the next request."""
    last = rng.random() < 0.1
    if rng.random() < 0.1:
        status = rng.choice([None, None, 200, 404, 503])
        named = {"ms": 1, "sent": rng.random() < 0.9, "last": last, "status": status}
        return fail, (rng.choice(FAILURES), "as drawn"), named
    answer = drawn_answer(rng, chain.ask or "")
    held = timed(keep, answer)
    assert held is None or (math.isfinite(held) and held >= 0), f"it is kept for {held} s"
    return advance, (answer,), {"source": rng.choice(["network", "network", "cache", "shared"]), "last": last}


def check_state(chain: Chain) -> None:
    """Whatever a chain says is fit to be used."""
    assert math.isfinite(chain.wait)
    assert 0 <= chain.wait <= max(chain.terms.patience, chain.terms.backoff * 2**10)
    assert chain.retry_after is None or 0 <= chain.retry_after <= DAY
    said = [hop.url for hop in chain.hops] + [
        url for url in (chain.ask, chain.final_url, chain.landed) if url is not None
    ]
    for url in said:
        check_url(url)
    if chain.ask is not None:
        assert "#" not in chain.ask, "a fragment would be sent"
        assert parse_status_url(chain.ask) is None, f"the URL of a tweet would be asked: {chain.ask!r}"
    found = resolution(chain)
    told = json.dumps(found.to_dict())
    torn = "\\ud8" in told  # two halves of a letter are one when they come back
    assert torn or Resolution.from_dict(json.loads(told)) == found, "it does not come back from JSON"


def check_url(url: str) -> None:
    """A URL that was cleaned is http(s), ASCII and short, has a host, and stays as it is."""
    assert url.startswith(("http://", "https://")), f"no http: {url[:200]!r}"
    assert re.fullmatch(r"[!-~]+", url), f"not ASCII: {url[:200]!r}"
    assert len(url) <= 4 * LONGEST_URL, f"{len(url)} characters"
    assert host_of(url), f"no host: {url[:200]!r}"
    assert path_of(url).startswith("/")
    try:
        again = clean(url)
    except BadLocation as bad:
        raise AssertionError(f"cleaned, and refused: {bad.reason}: {url[:200]!r}") from bad
    assert again == url, f"cleaned, and cleaned again: {url[:200]!r} {again[:200]!r}"


def check_links(rng: Random) -> None:
    """Links stand in the text in order, and each is fit for a chain."""
    text = drawn_text(rng)
    links = timed(urls.find_links, text)
    assert all(low.span[1] <= high.span[0] for low, high in pairwise(links)), "links overlap"
    for link in links:
        assert text[slice(*link.span)] == link.raw, "a span does not fit"
        assert link.url.startswith(("http://", "https://"))
        assert timed(urls.classify, link.url)
        timed(tweets.parse_status_url, link.url)
        timed(tweets.slug, link.url)
        assert timed(urls.unwrap, link.url)[:8].lower().startswith(("http://", "https://"))
        check_state(timed(start, link.url, ALL))


def check_clean(rng: Random) -> None:
    """Whatever is written as a URL is cleaned or refused."""
    raw, octets = drawn_text(rng) if rng.random() < 0.2 else drawn_url(rng), rng.random() < 0.5
    base = rng.choice(
        [None, "https://r.example/a/b?c", "http://[::1]:8080", "https://r.example?q", "http://r.example/a//b/../c"]
    )
    try:
        url = timed(clean, raw, base=base, octets=octets)
    except BadLocation as bad:
        assert bad.outcome in EXPANSIONS, bad.outcome  # noqa: PT017
        return
    check_url(url)
    timed(detours.detour, url, code=None)
    timed(detours.is_gone, raw, url=url, before=base or url)
    check_url(without_fragment(url))


def check_mappings(rng: Random) -> None:
    """A file of mappings is read to its end; what it maps is where a chain then goes."""
    lines = drawn_lines(rng)
    for item in timed(lambda: list(mappings.read("a", lines, at="2026-11-24T10:00:00Z"))):
        assert isinstance(item, Answer | InputError)
        if isinstance(item, InputError):
            assert str(item).isprintable() or str(item)
        elif item.header(MAPPED) is None:
            assert item.url.isascii()
            timed(keep, item)
        else:
            check_url(item.url)
            check_url(item.header("location") or "")
            assert keep(item) is None, "a mapping is not kept"
            chain = start(item.url, ALL)
            assert chain.ask in {item.url, None}, f"a mapping of what is not asked: {item.url} {chain.ask}"
            check_state(advance(chain, item, source="cache"))


CHECKS = [check_chain] * 6 + [check_links, check_clean, check_mappings]


# The runs.


def check(rng: Random) -> Exception | None:
    """Check one case, and return what is wrong."""
    signal.alarm(STUCK)
    try:
        rng.choice(CHECKS)(rng)
    except Exception as wrong:  # noqa: BLE001  whatever is raised is the finding
        return wrong
    finally:
        signal.alarm(0)
    return None


def report(wrong: Exception, arguments: str) -> None:
    """Print a finding, and how to repeat it."""
    lines = traceback.format_exception(wrong)
    print("".join(line if len(line) < 2_000 else f"{line[:2_000]} …\n" for line in lines[-12:]).rstrip())
    print(f"AGAIN: python tests/fuzz/chain.py {arguments}\n", flush=True)


def seeded(seed: int, minutes: float) -> int:
    """Draw cases until the time is over; return the number of findings."""
    begun, number, known = time.monotonic(), 0, set[tuple[Any, ...]]()
    while time.monotonic() - begun < minutes * 60 and len(known) < ENOUGH:
        wrong = check(Random(f"{seed}.{number}"))  # noqa: S311  the same cases every time
        if wrong:
            place = (
                type(wrong),
                tuple((frame.filename, frame.lineno) for frame in traceback.extract_tb(wrong.__traceback__)[-2:]),
            )
            if place not in known:
                report(wrong, f"--seed {seed} --case {number}")
            known.add(place)
        number += 1
    print(f"seed {seed}: {number} cases in {time.monotonic() - begun:.0f} s, {len(known)} findings")
    print("slowest calls:", ", ".join(f"{name} {seconds:.3f} s" for name, seconds in spent.most_common()))
    return len(known)


def guided(seed: int, minutes: float) -> None:
    """Let atheris change bytes until the time is over; it ends the process itself, at the first finding."""

    def one(data: bytes) -> None:
        wrong = check(Drawn(data))
        if wrong:
            report(wrong, f"--bytes {base64.b64encode(data).decode()}")
            os._exit(1)

    options = [
        f"-max_total_time={math.ceil(minutes * 60)}",
        f"-seed={seed}",
        "-max_len=4096",
        "-len_control=0",
        "-handle_alrm=0",
    ]
    atheris.Setup([sys.argv[0], *options], one)
    atheris.Fuzz()


def main() -> int:
    """Run as the arguments say."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--minutes", type=float, default=1.0)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--case", type=int, help="check this case of the seed alone")
    parser.add_argument("--bytes", help="check this case of atheris alone")
    parser.add_argument("--guided", action="store_true", help="by atheris, which must be installed")
    given = parser.parse_args()
    if given.case is not None or given.bytes is not None:
        drawn = Random(f"{given.seed}.{given.case}") if given.bytes is None else Drawn(base64.b64decode(given.bytes))  # noqa: S311
        wrong = check(drawn)
        if wrong:
            traceback.print_exception(wrong)
        return int(wrong is not None)
    if given.guided:
        guided(given.seed, given.minutes)
    return int(seeded(given.seed, given.minutes) > 0)


def _stuck(_signal: int, _frame: object) -> None:
    raise TimeoutError(f"no end after {STUCK} s")


if __name__ == "__main__":
    signal.signal(signal.SIGALRM, _stuck)
    raise SystemExit(main())
