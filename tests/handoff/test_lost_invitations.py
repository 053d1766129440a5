"""An invitation also rings, and stops ringing, if its bell is lost."""

import pytest

from tests.support.cast import anna, carla, gijs
from tests.support.frames import is_entry, is_frame
from tests.support.platform import Platform


@pytest.mark.long
async def test_a_beat_tells_of_an_invitation_whose_bell_was_lost() -> None:
    with Platform(BELLS_LOST="1", BEAT_SECONDS=1) as platform:
        caller = await anna(platform)
        await caller.start()
        counsellor, partner = await carla(platform), await gijs(platform)
        talk = await counsellor.take(within=15)
        invitation = await counsellor.invite(talk.conversation, "handoff", {"service": "csg"})
        await caller.until(is_entry("invited", state="asked"), within=10)
        await caller.consent(invitation)
        await partner.until(is_frame("invitation", state="ringing"), within=10)
        await counsellor.withdraw(invitation)
        await partner.until(is_frame("invitation", state="withdrawn"), within=10)
        for client in platform.guests:
            await client.disconnect()
        platform.guests.clear()
