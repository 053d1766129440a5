"""An invitation that does not fit its kind is a bad frame; a person for whom it cannot ring is not found."""

from typing import Any

import pytest

from tests.support.cast import anna, carla, daan, esra, floor, gijs
from tests.support.counsellor import CounsellorClient
from tests.support.frames import Refused
from tests.support.platform import Platform
from tests.support.sealing import b64url


@pytest.mark.timeout(180)
async def test_each_kind_of_invitation_has_its_own_addressees(platform: Platform) -> None:
    caller = await anna(platform)
    await caller.start()
    counsellor = await carla(platform)
    talk = await counsellor.take()
    people = {
        "self": counsellor,
        "daan": await daan(platform),
        "esra": await esra(platform),
        "floor": await floor(platform),
        "gijs": await gijs(platform),
    }
    ids = {name: client.me["id"] for name, client in people.items()}
    line, service = {"line": "helpwanted"}, {"service": "csg"}
    wanted: list[tuple[str, str, dict[str, Any]]] = [
        ("ok", "consult", line),
        ("ok", "consult", {"staff": ids["daan"]}),
        ("ok", "consult", {"staff": ids["floor"]}),
        ("ok", "transfer", {"staff": ids["daan"]}),
        ("ok", "handoff", service),
        ("ok", "handoff", {"service": "helpwanted"}),
        ("forbidden", "handoff", {"service": "stopitnow"}),
        ("not_found", "handoff", {"service": "nowhere"}),
        ("not_found", "transfer", {"staff": ids["floor"]}),
        ("not_found", "consult", {"staff": ids["self"]}),
        ("not_found", "consult", {"staff": ids["esra"]}),
        ("not_found", "consult", {"staff": ids["gijs"]}),
        ("bad_frame", "consult", {"line": "stopitnow"}),
        ("bad_frame", "consult", service),
        ("bad_frame", "consult", {}),
        ("bad_frame", "consult", line | service),
        ("bad_frame", "handoff", line),
        ("bad_frame", "handoff", {"staff": ids["daan"]}),
    ]
    for code, how, to in wanted:
        found = await outcome(counsellor, talk.conversation, how, to)
        assert found == code, (how, to)
    with pytest.raises(Refused) as refused:
        await counsellor.invite(talk.conversation, "consult", line, brief=b64url(bytes(16)))
    assert refused.value.code == "not_found", "a brief is a message of one's own"
    await counsellor.close(talk.conversation)


async def outcome(counsellor: CounsellorClient, conversation: str, how: str, to: dict[str, Any]) -> str:
    try:
        invitation = await counsellor.invite(conversation, how, to)
    except Refused as error:
        return error.code
    with pytest.raises(Refused) as second:
        await counsellor.invite(conversation, "consult", {"line": "helpwanted"})
    assert second.value.code == "conflict", "one open invitation"
    await counsellor.withdraw(invitation)
    return "ok"
