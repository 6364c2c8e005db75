"""Describe the record as JSON Schema (2020-12), generated from the values of `model`. Pure.

The types of the fields, and the sentences under them, are read from `model` itself: a field that is added there shows
here. What the types cannot say (which words a `kind` may be, that an id is digits) stands in `_NARROWER`.
"""

from __future__ import annotations

import ast
import inspect
import json
import types
from itertools import pairwise
from typing import Any, Union, get_args, get_origin, get_type_hints

from tweetlinks import model

__all__ = ["as_json", "schema"]

_CLASSES = (model.Citation, model.Context, model.Hop, model.Link, model.Paragraph, model.Resolution, model.TweetRef)
"""What a record holds; each is a definition of the schema."""

_SIMPLE = {str: "string", int: "integer", float: "number", bool: "boolean", type(None): "null"}

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
