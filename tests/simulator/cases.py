"""Read `tests/cases/resolver.toml`, build the web of a case, resolve its links, and compare.

A case says what hosts do and what must come of it. What is not said is the usual: the link is `LINK`, the target is
asked as well, `dest.example` answers with a page, every certificate is good.

    ask         links to resolve, one after the other; each must come out the same
    each        a table a variant: `{name}` in the case stands for its value
    says        the steps of the link itself
    web         the steps of other places, `host` or `host/path`
    names       what each look-up of a host gives in turn: `ok`, `NONAME`, `AGAIN` or addresses
    closed, silent, crossed, self-signed, wrong-name
                hosts that refuse, never answer, mistake TLS, and show certificates of nobody's and of somebody else
    limits      what differs from `LIMITS`
    expansion, target
                one word, or those that will do
    final, method, attempts, hops, error, retry_after, waits
                the same of the resolution; `error` is a part of it, `waits` are the pauses, at least
    hits, never how often places were asked, and hosts that were not
    sent, peak  bytes at most that the server could send, that were held at a time
    next        another link, afterwards, and what must come of it

A step is a table: `status`, `body`, and any other name is a header; or `raw` lines; or `template`, a page of t.co, with
the target as `location`; `json` is a body of that type; `delay`, `drip`, `then`, `method`, `agent` as in `script.Say`;
`gzip` packs the body, `zeros` makes it of so many zeros; `headers` is a list of pairs where a name stands twice;
`flood` is the length of one header more.
"""

from __future__ import annotations

import gzip
import tomllib
import tracemalloc
import zlib
from functools import cache
from pathlib import Path

from simulator.clock import Clock
from simulator.script import Say, bare, say
from simulator.script import head as head_of
from simulator.templates import stub, tco
from simulator.web import Web
from tweetlinks.cache import MemoryCache
from tweetlinks.fetch import Limits

__all__ = ["CASES", "LIMITS", "LINK", "build", "check", "read", "variants"]


def read(name: str) -> list[dict]:
    """Return the cases of a file, each as often as it has variants."""
    return tomllib.loads((Path(__file__).parents[1] / "cases" / name).read_text(encoding="utf-8"))["case"]


CASES = read("resolver.toml")
LINK, DEST = "https://t.co/zKHAP1vQMJ", "https://dest.example/a?x=1"
LIMITS = Limits(hop_seconds=0.8, connect_seconds=0.4, spacing=0.0)
OWN = {"agent", "body", "delay", "drip", "flood", "gzip", "headers", "json", "method", "status", "then", "zeros"}


def variants(case: dict) -> list[dict]:
    """Return the case once for each of its variants."""
    return [_filled(case, values) for values in case.get("each", [{}])]


def build(web: Web, case: dict) -> None:
    """Script the web of a case."""
    web.on("dest.example", say(200, "<title>A page</title><p>A page"))
    for place, steps in {"t.co/zKHAP1vQMJ": case.get("says", []), **case.get("web", {})}.items():
        if steps:
            web.on(place, *(one for step in steps for one in _steps(step)))
    web.turns.update({host: list(turns) for host, turns in case.get("names", {}).items()})
    web.closed.update(case.get("closed", ()))
    web.crossed.update(case.get("crossed", ()))
    for host in case.get("silent", ()):
        web.swallow(host)
    for kind in ("self-signed", "wrong-name"):
        web.server.certificates.update(dict.fromkeys(case.get(kind, ()), kind))


def check(case: dict, resolve) -> None:
    """Play one variant of a case in a web of its own.

    Args:
        case: the variant.
        resolve: takes the options of a resolver and links; gives their resolutions.
    """
    with Web() as web:
        build(web, case)
        clock = Clock()
        options = web.options(
            cache=MemoryCache(now=clock.now),
            check_target=case.get("check", True),
            limits=LIMITS._replace(**case.get("limits", {})),
            sleep=clock.sleep,
            now=clock.now,
        )
        links, after = case.get("ask", [LINK]), case.get("next")
        if "peak" in case:
            tracemalloc.start()
        *found, last = resolve(options, [*links, *([after["ask"]] if after else [])])
        if "peak" in case:
            peak = tracemalloc.get_traced_memory()[1]
            tracemalloc.stop()
            assert peak < case["peak"]
        for one in [*found] if after else [*found, last]:
            _compare(case, one)
        if after:
            _compare(after, last)
        _count(case, web, clock)


def _compare(case: dict, found) -> None:
    for name in ("expansion", "target"):
        accepted = case.get(name, [])
        assert getattr(found, name) in ([accepted] if isinstance(accepted, str) else accepted), (name, found)
    for name in ("attempts", "method", "retry_after"):
        if name in case:
            assert getattr(found, name) == case[name], (name, found)
    if "final" in case:
        assert (found.final_url or "") == case["final"], found
    if "hops" in case:
        assert [[hop.url, hop.status or 0, hop.via] for hop in found.hops] == case["hops"]
    assert case.get("error", "") in (found.error or ""), found
    assert found.url
    assert found.hops or found.source == "derived" or found.error


def _count(case: dict, web: Web, clock: Clock) -> None:
    assert {place: web.hits(place) for place in case.get("hits", {})} == case.get("hits", {})
    assert not [host for host in case.get("never", ()) if web.hits(host)]
    assert not [seen for seen in web.requests if {"cookie", "referer", "authorization"} & set(seen.headers)]
    assert not [address for address, _ in web.dialled if not address.startswith("93.184.")]
    pauses = [seconds for seconds in clock.slept if seconds > 0]
    wanted = case.get("waits", [])
    assert all(least <= seconds < least + 1 for least, seconds in zip(wanted, pauses, strict=False)), pauses
    assert len(pauses) >= len(wanted)
    assert web.server.sent <= case.get("sent", web.server.sent)


def _filled(value, names: dict):
    """Put the values of a variant where their names stand."""
    if isinstance(value, dict):
        return {_filled(key, names): _filled(item, names) for key, item in value.items() if key != "each"}
    if isinstance(value, list):
        return [_filled(item, names) for item in value]
    for name, put in names.items() if isinstance(value, str) else ():
        if value == f"{{{name}}}":
            return put
        value = value.replace(f"{{{name}}}", str(put))
    return value


def _steps(step: dict) -> list[Say]:
    if "tco" in step:
        return tco(step["tco"])
    how = {name: step[name] for name in ("agent", "delay", "drip", "method", "then") if name in step}
    return [_said(step)._replace(**how)]


def _said(step: dict) -> Say:
    if "raw" in step:
        return Say(bare(*step["raw"]))
    if "template" in step:
        return stub(step.get("location", DEST), step.get("script"), page=step["template"])
    body = step.get("body", "").encode()
    if "zeros" in step:
        body = _zeros(step["zeros"])
    elif step.get("gzip"):
        body = gzip.compress(body)
    if "headers" in step:
        return Say(head_of(step["status"], [tuple(pair) for pair in step["headers"]]) + body)
    if "json" in step:
        body = step["json"].encode()
        step = {"content_type": "application/json; charset=utf-8"} | step
    more = {"x_flood": "y" * step["flood"]} if "flood" in step else {}
    return say(step.get("status", 200), body, **{name: f"{step[name]}" for name in step if name not in OWN}, **more)


@cache
def _zeros(size: int) -> bytes:
    """Pack so many zeros, without having them all at once."""
    pack = zlib.compressobj(9, zlib.DEFLATED, zlib.MAX_WBITS | 16)
    piece = b"\0" * 1_000_000
    return b"".join(pack.compress(piece) for _ in range(size // len(piece))) + pack.flush()
