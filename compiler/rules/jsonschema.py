"""JSON Schema of the rule and template files, with Chinese descriptions, for completion in editors."""

from __future__ import annotations

from typing import Any

from compiler.rules.shapes import (
    Either,
    Figure,
    Flag,
    Interval,
    Key,
    ListOf,
    MapOf,
    OneOf,
    Record,
    Shape,
    Text,
    Whole,
)


def schema_of(kind: str, title: str, record: Record) -> dict[str, Any]:
    """Return the JSON Schema of one kind of file, with titles, descriptions and examples in Chinese."""
    return {
        "$schema": "http://json-schema.org/draft-07/schema#",
        "$id": f"{kind}.json",
        "title": title,
        **_json(record),
    }


def _json(shape: Shape) -> dict[str, Any]:
    if isinstance(shape, Text):
        # Editors read 985 as a number and yes as a flag; the program reads both as text.
        result: dict[str, Any] = {"type": ["string", "number", "boolean"], "maxLength": shape.longest}
        if shape.form == "code":
            result["type"] = "string"
        if shape.form == "id":
            result = {"type": "string", "maxLength": shape.longest, "pattern": "^[a-z][a-z0-9]*(_[a-z0-9]+)*$"}
        return result
    if isinstance(shape, Flag):
        return {"enum": [True, False, "yes", "no"]}
    if isinstance(shape, Whole):
        return {"type": "integer", "minimum": shape.low, "maximum": shape.high}
    if isinstance(shape, Figure):
        return {"type": "number", "minimum": 0}
    if isinstance(shape, Interval):
        number = "[0-9]+" if shape.whole else r"[+-]?[0-9]+(\.[0-9]+)?"
        return {"type": "string", "pattern": rf"^{number}\s*\.\.\s*{number}$"}
    if isinstance(shape, OneOf):
        return {"enum": list(shape.words()), "enumDescriptions": [title for _, title in shape.choices]}
    if isinstance(shape, ListOf):
        result = {"type": "array", "items": _json(shape.item)}
        if shape.unique:
            result["uniqueItems"] = True
        if isinstance(shape.item, Record):
            result["defaultSnippets"] = [_snippet(shape.item)]
        return result
    if isinstance(shape, Either):
        return {"anyOf": [_json(shape.text), _json(shape.other)]}
    if isinstance(shape, MapOf):
        value = _json(shape.value)
        if shape.key is None:
            return {"type": "object", "additionalProperties": value}
        properties = {word: {**value, "title": title} for word, title in shape.key.choices}
        return {"type": "object", "properties": properties, "additionalProperties": False}
    result = {
        "type": "object",
        "properties": {key.name: _json_key(key) for key in shape.keys},
        "additionalProperties": shape.open,
    }
    required = [key.name for key in shape.keys if key.required]
    if required:
        result["required"] = required
    return result


def _json_key(key: Key) -> dict[str, Any]:
    result = {"title": key.title, "description": _description(key), **_json(key.shape)}
    if key.example:
        result["examples"] = [_example(key)]
    return result


def _description(key: Key) -> str:
    """Return what an editor shows on a key: its use, its choices, what holds without it, an example."""
    parts = [key.about]
    choices = key.shape if isinstance(key.shape, OneOf) else None
    if isinstance(key.shape, ListOf) and isinstance(key.shape.item, OneOf):
        choices = key.shape.item
    if choices:
        parts.append("可以写：" + "；".join(f"{word}（{title}）" for word, title in choices.choices) + "。")
    if key.required:
        parts.append("必须写。")
    elif key.default:
        parts.append(f"不写时：{key.default}。")
    if key.example:
        parts.append(f"例：{key.name}: {key.example}")
    return "".join(parts)


def _example(key: Key) -> Any:
    """Return the example of ``key`` as data, every scalar as text unless the shape is a number or a flag."""
    from compiler.rules.nodes import to_plain
    from compiler.rules.parse import parse_document

    document, _ = parse_document(f"example: {key.example}\n".encode(), key.name)
    assert document is not None and document.root is not None, key.name
    value = to_plain(document.root)["example"]
    if isinstance(key.shape, Flag):
        return value == "true"
    if isinstance(key.shape, Whole):
        return int(value)
    if isinstance(key.shape, Figure):
        return float(value) if "." in value else int(value)
    return value


def _snippet(record: Record) -> dict[str, Any]:
    """Return what an editor offers for a new entry of a list: its required keys, to be filled in."""
    body = {
        key.name: f"${{{number}:{key.example}}}"
        for number, key in enumerate((key for key in record.keys if key.required), 1)
    }
    return {"label": "新的一条", "description": "填好必须写的键", "body": body}
