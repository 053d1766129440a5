"""Generates docs/asyncapi.yaml from the declared requests and the frames (AsyncAPI 3.0).

Each request becomes an operation. Its reply is either the request's own `ok` frame or an error.
"""

from typing import Any

import msgspec
import yaml

from chat import protocol
from chat.requests.declared import EVERY_CONSUMER, REQUESTS, Declared

CODES = {
    1009: "a frame of more than 16 KiB",
    1011: "internal",
    1012: "restarting: reconnect after a random delay",
    4400: "ten invalid frames in a row",
    4403: "access withdrawn",
    4408: "no opening frame in time",
    4409: "taken over by a newer tab",
    4410: "conversation gone",
}
SCHEMAS = "#/components/schemas/{name}"


def document() -> str:
    """Returns the whole document as YAML."""
    page = {
        "asyncapi": "3.0.0",
        "info": {"title": "Helpline", "version": "1", "description": (protocol.__doc__ or "").strip()},
        "channels": {consumer: _channel(consumer) for consumer in EVERY_CONSUMER},
        "operations": _operations(),
        "components": {
            "schemas": _schemas(),
            "messages": {kind.__name__: _message(kind) for kind in _every_frame()},
        },
        "x-close-codes": {str(code): words for code, words in CODES.items()},
    }
    return str(yaml.safe_dump(page, sort_keys=False, allow_unicode=True, width=110))


def pushed(consumer: str) -> list[type[msgspec.Struct]]:
    """Returns the kinds of frames and entries that the server pushes to a consumer."""
    frames = [kind for kind in all_of(protocol.Frame) if consumer in kind.to]
    return [*frames, *protocol.ENTRIES.values()]


def asked_at(consumer: str) -> list[Declared]:
    """Returns the requests that a consumer accepts, sorted by wire name, so that the result does not depend
    on the order of imports."""
    return sorted(REQUESTS[consumer].values(), key=lambda declared: declared.name)


def replies(consumer: str) -> list[type[protocol.Ok]]:
    return list(dict.fromkeys(declared.reply for declared in asked_at(consumer)))


def all_of[Kind: msgspec.Struct](base: type[Kind]) -> list[type[Kind]]:
    """Returns all direct and indirect subclasses of `base`, sorted by name."""
    found: dict[type[Kind], None] = {}
    for kind in base.__subclasses__():
        found |= dict.fromkeys((kind, *all_of(kind)))
    return sorted(found, key=lambda kind: kind.__name__)


def _every_frame() -> list[type[msgspec.Struct]]:
    return [*all_of(protocol.Request), *all_of(protocol.Frame), *protocol.ENTRIES.values()]


def _channel(consumer: str) -> dict[str, Any]:
    frames = [declared.frame for declared in asked_at(consumer)]
    kinds: list[type[msgspec.Struct]] = [*frames, *replies(consumer), protocol.Error, *pushed(consumer)]
    return {
        "address": f"/ws/{consumer}/",
        "messages": {kind.__name__: {"$ref": f"#/components/messages/{kind.__name__}"} for kind in kinds},
    }


def _operations() -> dict[str, Any]:
    operations: dict[str, Any] = {}
    for consumer in EVERY_CONSUMER:
        for declared in asked_at(consumer):
            operations[f"{consumer}.{declared.name}"] = _asked(consumer, declared)
        operations[f"{consumer}.pushed"] = {
            "action": "send",
            "channel": {"$ref": f"#/channels/{consumer}"},
            "messages": [_in_channel(consumer, kind) for kind in pushed(consumer)],
        }
    return operations


def _asked(consumer: str, declared: Declared) -> dict[str, Any]:
    return {
        "action": "receive",
        "channel": {"$ref": f"#/channels/{consumer}"},
        "messages": [_in_channel(consumer, declared.frame)],
        "reply": {
            "channel": {"$ref": f"#/channels/{consumer}"},
            "messages": [_in_channel(consumer, declared.reply), _in_channel(consumer, protocol.Error)],
        },
    }


def _in_channel(consumer: str, kind: type[msgspec.Struct]) -> dict[str, str]:
    return {"$ref": f"#/channels/{consumer}/messages/{kind.__name__}"}


def _message(kind: type[msgspec.Struct]) -> dict[str, Any]:
    return {
        "name": str(kind.__struct_config__.tag or kind.__name__),
        "summary": (kind.__doc__ or "").strip(),
        "payload": {"$ref": SCHEMAS.format(name=kind.__name__)},
    }


def _schemas() -> dict[str, Any]:
    _, schemas = msgspec.json.schema_components(_every_frame(), ref_template=SCHEMAS)
    return {name: _as_asyncapi(schema) for name, schema in schemas.items()}


def _as_asyncapi(schema: Any) -> Any:
    """Converts a schema from msgspec to JSON Schema draft 07, which AsyncAPI uses. In draft 07 the types of a
    tuple are in `items`. In AsyncAPI a `discriminator` may only be a name, so the object that msgspec puts
    there is removed."""
    if isinstance(schema, list):
        return [_as_asyncapi(part) for part in schema]
    if not isinstance(schema, dict):
        return schema
    made = {key: _as_asyncapi(part) for key, part in schema.items()}
    if "prefixItems" in made:
        made["additionalItems"] = made.pop("items", True)
        made["items"] = made.pop("prefixItems")
    made.pop("discriminator", None)  # the tag is a constant in each branch of the union
    return made
