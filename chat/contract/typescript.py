"""Generates frontend/shared/protocol.d.ts from the declared requests and frames, so that `tsc` checks how the
frontend uses them."""

import json
from typing import Any

import msgspec

from chat import protocol
from chat.contract.asyncapi import all_of, asked_at, pushed
from chat.requests.declared import EVERY_CONSUMER

HEAD = "// Made from chat/protocol/ by `make asyncapi`. Requests are listed without their `type` and `ref`."


def document() -> str:
    """Returns the text of the whole file."""
    kinds = [*all_of(protocol.Request), *all_of(protocol.Frame), *protocol.ENTRIES.values()]
    _, schemas = msgspec.json.schema_components(kinds, ref_template="{name}")
    asked = {kind.__name__ for kind in all_of(protocol.Request)}
    parts = [HEAD]
    for name, schema in schemas.items():
        parts.append(_interface(name, schema, leave_out={"type", "ref"} if name in asked else set()))
    parts += [_of_consumer(consumer) for consumer in EVERY_CONSUMER]
    return "\n\n".join(parts) + "\n"


def _interface(name: str, schema: dict[str, Any], *, leave_out: set[str]) -> str:
    required = set(schema.get("required", ()))
    fields = [
        f"  {_key(field)}{'' if field in required else '?'}: {_type(part)};"
        for field, part in schema.get("properties", {}).items()
        if field not in leave_out
    ]
    words = " ".join(schema.get("description", "").split())
    comment = f"/** {words} */\n" if words else ""
    return f"{comment}export interface {name} {{\n" + "".join(f"{field}\n" for field in fields) + "}"


def _of_consumer(consumer: str) -> str:
    """Returns the types of a consumer: its requests and replies by wire name, and the union of the frames
    that the server pushes to it."""
    name, table = consumer.title(), asked_at(consumer)
    requests = "".join(f"  {declared.name}: {declared.frame.__name__};\n" for declared in table)
    replies = "".join(f"  {declared.name}: {declared.reply.__name__};\n" for declared in table)
    frames = "".join(f"\n  | {kind.__name__}" for kind in pushed(consumer))
    return (
        f"export interface {name}Requests {{\n{requests}}}\n\n"
        f"export interface {name}Replies {{\n{replies}}}\n\n"
        f"export type {name}Frame ={frames};"
    )


def _type(schema: dict[str, Any]) -> str:
    if "$ref" in schema:
        return str(schema["$ref"])
    if "enum" in schema:
        return " | ".join(json.dumps(value) for value in schema["enum"])
    if "const" in schema:
        return json.dumps(schema["const"])
    if "anyOf" in schema:
        return " | ".join(dict.fromkeys(_type(part) for part in schema["anyOf"]))
    return _plain(schema)


def _plain(schema: dict[str, Any]) -> str:
    kind = schema.get("type")
    if kind == "array":
        if "prefixItems" in schema:
            return "[" + ", ".join(_type(part) for part in schema["prefixItems"]) + "]"
        inner = _type(schema["items"])
        return f"({inner})[]" if "|" in inner else f"{inner}[]"
    if kind == "object":
        return f"Record<string, {_type(schema['additionalProperties'])}>"
    return {
        "string": "string",
        "integer": "number",
        "number": "number",
        "boolean": "boolean",
        "null": "null",
    }[str(kind)]


def _key(field: str) -> str:
    return field if field.isidentifier() else json.dumps(field)
