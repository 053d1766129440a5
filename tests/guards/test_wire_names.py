"""One search for a wire name finds its handler, and every name has one."""

import yaml

from chat import protocol
from chat.contract import asyncapi
from chat.requests import REQUESTS
from helpline.lib import errors

CODES = [
    "bad_frame", "unknown_line", "line_closed", "line_full", "not_found", "forbidden", "conflict",
    "stale_epoch", "ended", "slow_down", "try_again", "replayed", "work",
]  # fmt: skip


def test_every_request_has_a_handler_and_every_handler_a_request() -> None:
    declared = {frame for consumer in REQUESTS.values() for frame in consumer}
    assert {kind.__name__ for kind in asyncapi.all_of(protocol.Request)} == {
        kind.__name__ for kind in declared
    }


def test_a_reply_is_named_after_its_request() -> None:
    for consumer in REQUESTS.values():
        names = {declared.frame.__name__.removeprefix("Caller") for declared in consumer.values()}
        replies = {declared.reply.__name__ for declared in consumer.values()} - {"Ok"}
        assert {reply.removesuffix("Ok") for reply in replies} <= names


def test_no_two_frames_of_a_consumer_share_a_name_on_the_wire() -> None:
    for consumer in REQUESTS:
        for kinds in (list(REQUESTS[consumer]), asyncapi.pushed(consumer)):
            names = [str(kind.__struct_config__.tag) for kind in kinds]
            assert sorted(names) == sorted(set(names))


def test_every_error_of_the_contract_has_one_class_and_a_sentence() -> None:
    direct = errors.Refusal.__subclasses__()
    assert sorted(kind.code for kind in direct) == sorted(CODES)
    assert all((kind.__doc__ or "").strip().endswith(".") for kind in direct)


def test_the_published_contract_names_every_request_and_what_is_pushed() -> None:
    """`make asyncapi` writes it; `make check` validates it with the specification's own parser."""
    named = {*yaml.safe_load(asyncapi.document())["components"]["messages"]}
    kinds = {kind for consumer in REQUESTS for kind in (*REQUESTS[consumer], *asyncapi.pushed(consumer))}
    assert {kind.__name__ for kind in kinds} <= named
