"""Draws frames that nobody should send: some are close to those that the consumers declare, some are far from
them."""

import json
from collections.abc import Mapping
from typing import Any

import msgspec
from hypothesis import strategies as st
from msgspec import inspect

from chat.protocol import Request
from chat.requests.declared import REQUESTS
from helpline.lib import encoding

DEEP, MANY = "(nested deep)", "(many keys)"
NESTED = '{"a":' * 2_000 + "[" * 2_000 + "]" * 2_000 + "}" * 2_000
KEYED = "{" + ",".join(f'"{number}":1' for number in range(1_400)) + "}"
IDS = st.sampled_from(
    [encoding.encode(bytes([fill]) * size) for size in (0, 1, 8, 16, 65, 352) for fill in (0, 9)]
)
ODD = st.sampled_from(
    [
        "",
        "\0",
        "\x00a",
        "\u202e\u202d",
        "\u200b" * 60,
        "\ufeff",
        "\U0001f494" * 20,
        "\ud800",
        "\udfff\ud800",
        "é" * 64,
    ]
)
HUGE = st.sampled_from([65, 121, 4_097, 9_000, 13_000, 17_000]).map("x".__mul__)
NUMBERS = st.sampled_from(
    [-1, 0, 1, 2, 3, 5, 2**31 - 1, 2**31, 2**63, 2**64, -(2**63) - 1, 10**400, 1.5, 1e308]
)
NOT_NUMBERS = st.sampled_from([float("nan"), float("inf")])
TIMES = st.sampled_from(
    ["2027-01-01T00:00:00Z", "2027-01-01", "9999-12-31T23:59:59Z", "0001-01-01T00:00:00+14:00", "x"]
)
PLAIN = st.none() | st.booleans() | NUMBERS | NOT_NUMBERS | ODD | IDS | st.text(max_size=20)
KEYS = ODD | st.text(max_size=8)
JUNK = st.recursive(
    PLAIN,
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(KEYS, inner, max_size=4),
    max_leaves=12,
)
WEIRD = JUNK | HUGE | st.sampled_from([DEEP, MANY]) | st.integers(0, 3_000).map(lambda many: [0] * many)
REFS: st.SearchStrategy[Any] = st.sampled_from(
    ["r", "", "r" * 36, "r" * 37, None, 7, [], {}, "\ud800", "\0", DEEP]
)

EXAMPLES: dict[type[inspect.Type], Any] = {
    inspect.NoneType: None,
    inspect.BoolType: True,
    inspect.IntType: 1,
    inspect.StrType: "AA",
    inspect.ListType: [],
    inspect.DateTimeType: "2027-01-01T00:00:00Z",
}

type Things = Mapping[str, Any]


def frames(consumer: str, things: Things) -> st.SearchStrategy[str | bytes]:
    """Draws what a socket of this consumer may send. Most are close to its own requests, some are no frames
    at all."""
    kinds = list(REQUESTS[consumer])
    foreign = [kind for other in REQUESTS.values() for kind in other if kind not in kinds]
    own, others = (
        st.sampled_from([near(kind, things) for kind in among]).flatmap(_itself) for among in (kinds, foreign)
    )
    fitting = st.sampled_from([as_text(_fitting(kind, things)) for kind in kinds])
    return _weighed((5, fitting), (3, own), (1, others), (1, nothing()))


def _itself[S](strategy: S) -> S:
    """Returns one strategy for all its frames, because Hypothesis takes longer to inspect one than to draw
    from it."""
    return strategy


def _weighed(*ways: tuple[int, st.SearchStrategy[Any]]) -> st.SearchStrategy[Any]:
    """Draws by weight. `one_of` would take each branch, and each branch within a branch, equally often."""
    turns = [way for times, way in ways for _ in range(times)]
    return st.integers(0, len(turns) - 1).flatmap(turns.__getitem__)


def near(kind: type[Request], things: Things) -> st.SearchStrategy[str | bytes]:
    """Draws the request as it should be, or with up to three mistakes."""
    fields = {field.name: _fits(field.name, field.type, things) for field in _fields(kind)}
    fitting = st.fixed_dictionaries(fields | {"ref": st.just("r")}).map(
        lambda found: {"type": str(kind.__struct_config__.tag), **found}
    )
    wrongs = st.lists(st.tuples(_WAYS, st.integers(0, 12), WEIRD, REFS), min_size=1, max_size=3)
    return st.builds(_spoilt, fitting, _weighed((1, st.just([])), (2, wrongs)), _CUTS)


def _fitting(kind: type[Request], things: Things) -> dict[str, Any]:
    """Draws a request that reaches its rule."""
    fields = {field.name: _example(field.name, field.type, things) for field in _fields(kind)}
    return {"type": kind.__struct_config__.tag, "ref": "r", **fields}


def _example(name: str, kind: inspect.Type, things: Things) -> Any:
    if name in things:
        return things[name]
    match kind:
        case inspect.Metadata():
            return _example(name, kind.type, things)
        case inspect.UnionType():
            return _example(name, kind.types[0], things)
        case inspect.LiteralType():
            return kind.values[0]
        case inspect.StructType():
            return {field.name: _example(field.name, field.type, things) for field in _fields(kind.cls)}
        case _:
            return EXAMPLES.get(type(kind), {})


def nothing() -> st.SearchStrategy[str | bytes]:
    return (
        st.binary(max_size=40)
        | st.text(st.characters(exclude_categories=["Cs"]), max_size=60)
        | WEIRD.map(as_text)
        | st.dictionaries(st.sampled_from(["type", "ref", "line", "id", ""]), WEIRD, max_size=4).map(as_text)
        | st.sampled_from(
            [
                '{"type":"start","type":"leave","ref":"r"}',
                "[" * 9_000,
                "{" * 3_000,
                "-",
                '"\\ud800"',
                "1e999999",
            ]
        )
    )


def as_text(value: object) -> str:
    """Returns JSON in which a few placeholders stand for what no library would write."""
    text = json.dumps(value)
    return text.replace(json.dumps(DEEP), NESTED).replace(json.dumps(MANY), KEYED)


_WAYS = st.sampled_from(["drop", "retype", "retype", "extra", "ref", "type"])
_CUTS = st.sampled_from([None] * 40 + [1, 10, 40, -1])


def _spoilt(frame: dict[str, Any], wrongs: list[tuple[str, int, Any, Any]], cut: int | None) -> str | bytes:
    names = [name for name in frame if name not in {"type", "ref"}]
    for way, place, weird, ref in wrongs:
        name = names[place % len(names)] if names else "ref"
        if way == "drop":
            frame.pop(name, None)
        elif way == "retype":
            frame[name] = weird
        elif way == "extra":
            frame[f"extra{place}"] = weird
        elif way == "ref":
            frame["ref"] = ref
        else:
            frame["type"] = weird
    text = as_text(frame)
    return text if cut is None else text[:cut]


def _fields(kind: type[msgspec.Struct]) -> list[inspect.Field]:
    info = inspect.type_info(kind)
    assert isinstance(info, inspect.StructType)
    return [field for field in info.fields if field.encode_name != "ref"]


def _fits(name: str, kind: inspect.Type, things: Things) -> st.SearchStrategy[Any]:
    """Returns a value that fits the field by its name or its type."""
    by_type = _of_type(kind, things)
    return _weighed((5, st.just(things[name])), (1, by_type)) if name in things else by_type


def _of_type(kind: inspect.Type, things: Things) -> st.SearchStrategy[Any]:  # noqa: C901, PLR0911 – a row a type
    match kind:
        case inspect.Metadata():
            return _of_type(kind.type, things)
        case inspect.UnionType():
            return st.one_of(*(_of_type(one, things) for one in kind.types))
        case inspect.LiteralType():
            return st.sampled_from(kind.values)
        case inspect.BoolType():
            return st.booleans()
        case inspect.IntType():
            return st.sampled_from([0, 1, 1, 2, 3, 60, 2**31 - 1])
        case inspect.DateTimeType():
            return TIMES
        case inspect.ListType():
            return st.lists(_of_type(kind.item_type, things), max_size=3)
        case inspect.DictType():
            return st.dictionaries(
                st.sampled_from(["nl", "nl.formal", "en", "xx", ""]), _of_type(kind.value_type, things)
            )
        case inspect.StructType():
            return st.fixed_dictionaries(
                {field.name: _fits(field.name, field.type, things) for field in _fields(kind.cls)}
            )
        case inspect.StrType():
            return IDS | st.sampled_from(["AA", "x", "helpwanted", "nl"]) | ODD
        case _:
            return st.none() if isinstance(kind, inspect.NoneType) else JUNK
