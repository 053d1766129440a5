"""The fixed bytes of sealing, version 1, are checked with `cryptography`; tests/js/shared/sealing.test.js
checks them in the browser's code. Since two implementations agree on one file, others can write clients."""

import json
from pathlib import Path
from typing import Any

import pytest

from tests.support import sealing
from tests.support.sealing import DeviceKey, Seat, Unverified

VECTORS: dict[str, Any] = json.loads(
    (Path(__file__).parents[1] / "vectors" / "sealing-v1.json").read_text(encoding="utf-8")
)
CONVERSATION = bytes.fromhex(VECTORS["conversation"])
SECRETS = {int(epoch): bytes.fromhex(secret) for epoch, secret in VECTORS["epochs"].items()}
SEATS = {
    name: Seat(bytes.fromhex(one["member"]), one["role"], bytes.fromhex(one["key"]))
    for name, one in VECTORS["members"].items()
}
DEVICES = {
    name: DeviceKey.from_scalar(bytes.fromhex(one["private"])) for name, one in VECTORS["members"].items()
}


def roster_hash(epoch: int, names: list[str]) -> bytes:
    return sealing.roster_hash(CONVERSATION, epoch, [SEATS[name] for name in names])


def boxes() -> list[Any]:
    return [
        pytest.param(box, id=f"{box['kind']}-{box['length']}-{box['id'][:4]}") for box in VECTORS["boxes"]
    ]


def refusals() -> list[Any]:
    return [pytest.param(bytes.fromhex(one["box"]), id=one["why"]) for one in VECTORS["refuse"]]


def refused_wraps() -> list[Any]:
    return [pytest.param(one, id=one["why"]) for one in VECTORS["refuse_wraps"]]


def wraps() -> list[Any]:
    return [
        pytest.param(roster, name, id=f"{roster['epoch']}-{name}")
        for roster in VECTORS["rosters"]
        for name in roster["members"]
    ]


@pytest.mark.parametrize("vector", boxes())
def test_a_text_is_sealed_to_the_fixed_bytes(vector: dict[str, Any]) -> None:
    item = sealing.Item(bytes.fromhex(vector["id"]), sealing.KINDS[vector["kind"]], vector["text"])
    sender, secret = bytes.fromhex(vector["sender"]), SECRETS[vector["epoch"]]

    box = item.seal(secret, CONVERSATION, vector["epoch"], sender)

    assert box.hex() == vector["box"]
    assert len(box) == vector["length"]


@pytest.mark.parametrize("vector", boxes())
def test_header_and_derived_keys_are_the_fixed_ones(vector: dict[str, Any]) -> None:
    head = sealing.header(
        sealing.KINDS[vector["kind"]],
        CONVERSATION,
        vector["epoch"],
        bytes.fromhex(vector["sender"]),
        bytes.fromhex(vector["id"]),
    )

    keys = sealing.derive(SECRETS[vector["epoch"]], head)

    assert head.hex() == vector["header"]
    assert [part.hex() for part in keys] == [vector["key"], vector["nonce"], vector["commitment"]]


@pytest.mark.parametrize("vector", boxes())
def test_a_fixed_box_opens_to_its_text(vector: dict[str, Any]) -> None:
    opened = sealing.open_box(
        SECRETS[vector["epoch"]],
        bytes.fromhex(vector["box"]),
        conversation=CONVERSATION,
        epoch=vector["epoch"],
        sender=bytes.fromhex(vector["sender"]),
        item=bytes.fromhex(vector["id"]),
    )

    assert opened == (sealing.KINDS[vector["kind"]], vector["text"])


@pytest.mark.parametrize("box", refusals())
def test_a_changed_box_is_refused_for_the_entry_it_came_from(box: bytes) -> None:
    original = VECTORS["boxes"][1]

    with pytest.raises(Unverified):
        sealing.open_box(
            SECRETS[1],
            box,
            conversation=CONVERSATION,
            epoch=1,
            sender=bytes.fromhex(original["sender"]),
            item=bytes.fromhex(original["id"]),
        )


@pytest.mark.parametrize("box", refusals())
def test_a_changed_box_is_refused_even_if_the_entry_says_what_its_header_says(box: bytes) -> None:
    epoch = int.from_bytes(box[20:24])

    with pytest.raises(Unverified):
        sealing.open_box(
            SECRETS[epoch],
            box,
            conversation=box[4:20],
            epoch=epoch,
            sender=box[24:32],
            item=box[32:48],
        )


@pytest.mark.parametrize("roster", [pytest.param(one, id=str(one["epoch"])) for one in VECTORS["rosters"]])
def test_a_roster_has_the_fixed_hash_in_whatever_order_its_members_come(roster: dict[str, Any]) -> None:
    for names in (roster["members"], roster["members"][::-1]):
        assert roster_hash(roster["epoch"], names).hex() == roster["roster_hash"]


@pytest.mark.parametrize(("roster", "name"), wraps())
def test_a_wrap_opens_to_the_epoch_secret_for_its_member(roster: dict[str, Any], name: str) -> None:
    opened = sealing.open_wrap(
        DEVICES[name],
        bytes.fromhex(roster["wraps"][name]),
        CONVERSATION,
        roster["epoch"],
        SEATS[name].member,
        roster=bytes.fromhex(roster["roster_hash"]),
    )

    assert opened == SECRETS[roster["epoch"]]


@pytest.mark.parametrize("one", VECTORS["history"], ids=lambda one: f"{one['epoch']}-{one['to']}")
def test_history_opens_to_the_earlier_secret(one: dict[str, Any]) -> None:
    member = SEATS[one["to"]].member
    wrapped = bytes.fromhex(one["wrap"])

    opened = sealing.open_history(DEVICES[one["to"]], wrapped, CONVERSATION, one["epoch"], member)

    assert opened == SECRETS[one["epoch"]]


@pytest.mark.parametrize("one", refused_wraps())
def test_a_wrap_is_refused_where_roster_epoch_or_purpose_differ(one: dict[str, Any]) -> None:
    with pytest.raises(Unverified):
        sealing.open_wrap(
            DEVICES[one["to"]],
            bytes.fromhex(one["wrap"]),
            CONVERSATION,
            one["epoch"],
            SEATS[one["to"]].member,
            roster=roster_hash(one["epoch"], one["members"]),
        )


@pytest.mark.parametrize("name", list(SEATS))
def test_a_private_scalar_gives_the_public_point_beside_it(name: str) -> None:
    assert DEVICES[name].public == SEATS[name].key
