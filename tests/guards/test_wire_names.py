"""From a wire name, one search finds the handler; and no name is without one."""

from pathlib import Path

from chat import asyncapi
from chat.consumers.base import Door
from chat.consumers.caller import CallerDoor
from chat.consumers.console import ConsoleDoor
from chat.consumers.desk import DeskDoor
from helpline.lib import errors

DOORS: dict[str, type[Door]] = {"caller": CallerDoor, "console": ConsoleDoor, "desk": DeskDoor}
CODES = [
    "bad_frame", "unknown_line", "line_closed", "line_full", "not_found", "forbidden", "conflict",
    "stale_epoch", "ended", "slow_down", "try_again", "replayed",
]  # fmt: skip


def test_every_request_has_a_handler_and_every_handler_a_request() -> None:
    for name, door in DOORS.items():
        tags = {str(request.__struct_config__.tag) for request in asyncapi.requests(name)}
        handlers = {attribute.removeprefix("on_") for attribute in dir(door) if attribute.startswith("on_")}
        assert handlers == tags


def test_every_error_of_the_contract_has_one_class_and_a_sentence() -> None:
    direct = errors.Refusal.__subclasses__()
    assert sorted(kind.code for kind in direct) == sorted(CODES)
    assert all((kind.__doc__ or "").strip().endswith(".") for kind in direct)


def test_the_published_contract_is_what_the_code_speaks() -> None:
    page = Path(__file__).parents[2] / "docs" / "asyncapi.yaml"
    assert page.read_text() == asyncapi.document(), "run `make asyncapi` and commit it"
