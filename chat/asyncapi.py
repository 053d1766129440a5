"""docs/asyncapi.yaml, made from chat/protocol.py (AsyncAPI 3.0)."""

from typing import Any, get_args

import msgspec
import yaml

from chat import protocol

DOORS = {
    "caller": ("/ws/caller/", protocol.CallerRequest, ("CallerQueue",)),
    "console": (
        "/ws/console/",
        protocol.ConsoleRequest,
        (
            "LineQueue",
            "Allowed",
            "Gone",
            "DeviceOut",
            "InvitationOut",
            "BoardOut",
            "Flagged",
            "ReviewNews",
            "FloorOut",
            "RestOut",
            "ListenOut",
        ),
    ),
    "desk": ("/ws/desk/", protocol.DeskRequest, ("Allowed",)),
}
SHARED = ("Ok", "Error", "BeatOut", "TypingOut", "SeenOut", "Presence", "Notice")
CODES = {
    1009: "a frame of more than 16 KiB",
    1011: "internal",
    1012: "restarting: come back with jitter",
    4400: "ten frames in a row that are none",
    4403: "access withdrawn",
    4408: "no opening frame in time",
    4409: "taken over by a newer tab",
    4410: "conversation gone",
}


def document() -> str:
    """The whole page as YAML."""
    replies = [kind for kind in _all(protocol.Ok) if kind is not protocol.Ok]
    structs = [*_all(protocol.Request), *_all(protocol.Frame), *protocol.ENTRIES.values()]
    _, schemas = msgspec.json.schema_components(structs, ref_template="#/components/schemas/{name}")
    page = {
        "asyncapi": "3.0.0",
        "info": {"title": "Helpline", "version": "1", "description": (protocol.__doc__ or "").strip()},
        "channels": {name: _channel(name, *door) for name, door in DOORS.items()},
        "operations": {
            f"{name}{direction}": {
                "action": action,
                "channel": {"$ref": f"#/channels/{name}"},
            }
            for name in DOORS
            for direction, action in (("Sends", "receive"), ("Gets", "send"))
        },
        "components": {
            "schemas": schemas,
            "messages": {kind.__name__: _message(kind) for kind in structs},
        },
        "x-replies": sorted(kind.__name__ for kind in replies),
        "x-close-codes": CODES,
    }
    return str(yaml.safe_dump(page, sort_keys=False, allow_unicode=True, width=110))


def requests(door: str) -> list[type[protocol.Request]]:
    union: Any = DOORS[door][1]
    return list(get_args(union.__value__))


def _channel(name: str, address: str, _union: Any, own: tuple[str, ...]) -> dict[str, Any]:
    kinds = [kind.__name__ for kind in requests(name)]
    kinds += [*SHARED, *own, *(kind.__name__ for kind in protocol.ENTRIES.values())]
    return {
        "address": address,
        "messages": {kind: {"$ref": f"#/components/messages/{kind}"} for kind in kinds},
    }


def _message(kind: type[msgspec.Struct]) -> dict[str, Any]:
    return {
        "name": str(kind.__struct_config__.tag or kind.__name__),
        "summary": (kind.__doc__ or "").strip(),
        "payload": {"$ref": f"#/components/schemas/{kind.__name__}"},
    }


def _all(base: type[msgspec.Struct]) -> list[type[msgspec.Struct]]:
    """Every frame that derives from `base`."""
    found: list[type[msgspec.Struct]] = []
    for kind in base.__subclasses__():
        found += [kind, *_all(kind)]
    return sorted(found, key=lambda kind: kind.__name__)
