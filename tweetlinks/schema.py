"""Describe the record as JSON Schema (2020-12), generated from the values of `model`. Pure.

The types of the fields, and the sentences under them, are read from `model` itself: a field that is added there shows
here. What the types cannot say (which words a `kind` may be, that an id is digits) stands in `_NARROWER`.
"""

from __future__ import annotations

import ast
import inspect
import json
import types
from collections.abc import Iterator
from functools import cache
from itertools import pairwise
from typing import Any, Union, get_args, get_origin, get_type_hints

from tweetlinks import model

__all__ = ["as_json", "fault", "schema"]

_CLASSES = (
    model.Citation, model.Context, model.Estimate, model.Hop, model.Link, model.Paragraph, model.Resolution,
    model.TweetRef,
)  # fmt: skip
"""What a record holds; each is a definition of the schema."""

_SIMPLE = {str: "string", int: "integer", float: "number", bool: "boolean", type(None): "null"}

_KINDS: dict[str, type | tuple[type, ...]] = {
    "array": list,
    "boolean": bool,
    "integer": int,
    "null": type(None),
    "number": (int, float),
    "object": dict,
    "string": str,
}

_DATE = r"^\d{4}-\d{2}-\d{2}$"
_DIGITS = r"^\d+$"
_TIME = r"^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}(\.\d+)?Z$"
_SURENESS = {"minimum": 0, "maximum": 1}

_NARROWER: dict[str, dict[str, Any]] = {
    "Citation.confidence": _SURENESS,
    "Citation.created_at": {"pattern": _TIME},
    "Citation.date": {"pattern": _DATE},
    "Citation.kind": {"enum": ["embed", "link", "reference", "mention"]},
    "Citation.links": {"uniqueItems": True},
    "Citation.screen_name": {"pattern": "^[^@]"},
    "Citation.text_confidence": _SURENESS,
    "Citation.tweet_id": {"pattern": _DIGITS},
    "Context.confidence": _SURENESS,
    "Context.position": {"enum": ["before", "after", "same"]},
    "Document.format": {"enum": ["text", "html", "markdown", "mediawiki", "bbcode"]},
    "Estimate.at": {"pattern": _TIME},
    "Estimate.within": {"minimum": 0},
    "Link.kind": {"enum": ["tco", "media", "status", "profile", "hashtag", "shortener", "other"]},
    "Resolution.source": {"enum": ["network", "cache", "archive", "mapping", "derived"]},
    "TweetRef.id": {"pattern": _DIGITS},
}
"""What is known of a field beyond its type."""


def schema() -> dict[str, Any]:
    """Return the JSON Schema of one record."""
    fields = _fields(model.Document)
    sample = model.Document("", "", "text", None, model.Paragraphs([], [], [], {})).to_dict()
    extra = {
        "schema": {"const": model.SCHEMA, "description": "Version of the record."},
        "text": {
            "type": ["string", "null"],
            "description": "The text that every span refers to; null unless asked for.",
        },
        "text_sha256": {
            "type": ["string", "null"],
            "pattern": "^[0-9a-f]{64}$",
            "description": "SHA-256 of the text in UTF-8; null for a page that was not parsed.",
        },
    }
    return {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "$id": f"urn:{model.SCHEMA.replace('/', ':')}",
        "title": "A document and the tweets it cites",
        "description": "Spans are [start, end) in Unicode code points of the text. Fields are added, never renamed.",
        "type": "object",
        "required": list(sample),
        "properties": {name: extra.get(name) or fields[name] for name in sample},
        "$defs": {cls.__name__: _definition(cls) for cls in _CLASSES}
        | {
            "Span": {
                "type": "array",
                "prefixItems": [{"type": "integer", "minimum": 0}] * 2,
                "items": False,
                "minItems": 2,
            }
        },
    }


def as_json() -> str:
    """Return the schema as it is printed and committed: indented JSON with a newline at its end."""
    return json.dumps(schema(), indent=2, ensure_ascii=False) + "\n"


def fault(record: object) -> str | None:
    """Say where a record is of another kind than the schema says; None when it is nowhere.

    Only kinds are looked at. What is missing is a later field, as a word that is not listed is a later word.

    >>> fault({"id": "a", "citations": [{"span": [0, "x"]}]})
    "citations[0].span[1] is no integer: 'x'"
    """
    told = _told()
    return _fault(record, told, told["$defs"], "it")


@cache
def _told() -> dict[str, Any]:
    return schema()


def _fault(value: object, told: dict[str, Any], kinds: dict[str, Any], place: str) -> str | None:
    """Compare a value with a schema of the few words that ours are made of."""
    if "$ref" in told:
        told = kinds[told["$ref"].rpartition("/")[2]]
    if "anyOf" in told:
        found = [_fault(value, choice, kinds, place) for choice in told["anyOf"]]
        return None if None in found else found[0]
    named = told.get("type", "string" if "enum" in told else [])
    names = [named] if isinstance(named, str) else named
    if names and not any(_is(value, name) for name in names):
        return f"{place} is no {' or '.join(names)}: {value!r:.60}"
    for key, inner, rule in _parts(value, told):
        if wrong := _fault(inner, rule, kinds, f"{'' if place == 'it' else place}{key}".removeprefix(".")):
            return wrong
    least = told.get("minItems", 0)
    return f"{place} has fewer than {least} items" if isinstance(value, list) and len(value) < least else None


def _parts(value: object, told: dict[str, Any]) -> Iterator[tuple[str, object, dict[str, Any]]]:
    """Yield the parts of a value that a schema speaks of: where, what, and its schema."""
    if isinstance(value, dict):
        for name, rule in told.get("properties", {}).items():
            if name in value:
                yield f".{name}", value[name], rule
        if isinstance(more := told.get("additionalProperties"), dict):
            yield from ((f".{name}", inner, more) for name, inner in value.items())
    elif isinstance(value, list):
        rules = told.get("prefixItems") or [told.get("items") or {}] * len(value)
        yield from ((f"[{n}]", inner, rule) for n, (inner, rule) in enumerate(zip(value, rules, strict=False)))


def _is(value: object, name: str) -> bool:
    """Tell whether a value of JSON is of a kind; true and false are no numbers."""
    if isinstance(value, bool):
        return name == "boolean"
    return isinstance(value, _KINDS[name])


def _definition(cls: type) -> dict[str, Any]:
    fields = _fields(cls)
    return {
        "description": inspect.getdoc(cls),
        "type": "object",
        "required": list(fields),
        "properties": fields,
    }


def _fields(cls: type) -> dict[str, dict[str, Any]]:
    """Return the schema of each field of a NamedTuple, with the sentence under it."""
    sentences = _sentences(cls)
    hints = get_type_hints(cls, vars(model))
    return {
        name: _narrower(cls.__name__, name, _type(hints[name])) | {"description": sentences[name]}
        for name in cls._fields  # type: ignore[attr-defined]
    }


def _narrower(cls: str, name: str, described: dict[str, Any]) -> dict[str, Any]:
    known = dict(_NARROWER.get(f"{cls}.{name}", {}))
    if "enum" in known:
        return known
    return described | known


def _type(hint: Any) -> dict[str, Any]:
    if hint in _SIMPLE:
        return {"type": _SIMPLE[hint]}
    if hint == model.Span:
        return {"$ref": "#/$defs/Span"}
    if hint is model.Paragraphs:
        return _array(model.Paragraph)
    if get_origin(hint):
        return _compound(get_origin(hint), get_args(hint))
    return {"$ref": f"#/$defs/{hint.__name__}"}


def _compound(origin: Any, inner: tuple[Any, ...]) -> dict[str, Any]:
    if origin in {Union, types.UnionType}:
        return _either([_type(choice) for choice in inner])
    if origin is tuple:
        return _array(inner[0])
    return {"type": "object", "additionalProperties": _type(inner[1])}


def _array(inner: Any) -> dict[str, Any]:
    return {"type": "array", "items": _type(inner)}


def _either(choices: list[dict[str, Any]]) -> dict[str, Any]:
    if all(list(choice) == ["type"] for choice in choices):
        return {"type": [choice["type"] for choice in choices]}
    return {"anyOf": choices}


def _sentences(cls: type) -> dict[str, str]:
    """Return the docstring under each field, which only the source holds."""
    body = ast.parse(inspect.getsource(cls)).body[0].body  # type: ignore[attr-defined]
    pairs = pairwise(body)
    return {
        field.target.id: ast.literal_eval(words.value)
        for field, words in pairs
        if isinstance(field, ast.AnnAssign) and isinstance(field.target, ast.Name) and isinstance(words, ast.Expr)
    }
