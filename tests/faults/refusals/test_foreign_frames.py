"""A frame that belongs to another role is refused, and changes nothing."""

from typing import Any

import psycopg
import pytest

from tests.faults.pairs import pair, phone
from tests.support.cast import gijs
from tests.support.people import Refused, WireClient
from tests.support.platform import Platform

pytestmark = pytest.mark.stack
OF_THE_CONSOLE: dict[str, dict[str, Any]] = {
    "hello": {"device": None},
    "next": {"line": None},
    "duty": {"state": "on", "slots": 4},
    "close": {"conversation": "A" * 22},
    "takeover": {"conversation": "A" * 22},
    "invite": {"conversation": "A" * 22, "how": "consult", "to": {"line": "helpwanted"}, "brief": None},
}
OF_THE_SUPERVISOR: dict[str, dict[str, Any]] = {
    "front": {"conversation": "A" * 22},
    "end": {"conversation": "A" * 22},
    "line": {"line": "helpwanted", "state": "closed", "most": None, "reason": None},
    "approve": {"device": "nobody"},
    "trail": {},
    "keys": {},
}
STATE = b"""SELECT (SELECT string_agg(state, ',' ORDER BY id) FROM chat_conversation),
(SELECT string_agg(state, ',' ORDER BY slug) FROM chat_line),
(SELECT count(*) FROM chat_member), (SELECT count(*) FROM counsellors_device WHERE state = 'approved')"""


def state(platform: Platform) -> object:
    with psycopg.connect(platform.stores["DATABASE_URL"]) as connection:
        return connection.execute(STATE).fetchone()


async def refused(client: WireClient, name: str, fields: dict[str, Any]) -> str:
    with pytest.raises(Refused) as refusal:
        await client.request(name, **fields)
    return refusal.value.code


async def test_a_caller_who_sends_what_a_console_sends_changes_nothing(steady: Platform) -> None:
    talking = await pair(steady)
    for name, fields in (OF_THE_CONSOLE | OF_THE_SUPERVISOR).items():
        caller = await phone(steady, name)
        before = state(steady)
        assert await refused(caller, name, fields) in {"forbidden", "bad_frame"}, name
        assert state(steady) == before, name
        await caller.leave()
    await talking.exchange("en we praten door")


async def test_a_partner_who_sends_what_a_supervisor_sends_changes_nothing(steady: Platform) -> None:
    talking = await pair(steady)
    partner = await gijs(steady)
    before = state(steady)
    for name, fields in OF_THE_SUPERVISOR.items():
        assert await refused(partner, name, fields) in {"forbidden", "bad_frame", "not_found"}, name
        assert state(steady) == before, name
    assert await refused(partner, "next", {"line": None}) in {"forbidden", "not_found"}
    await talking.exchange("en we praten door")
