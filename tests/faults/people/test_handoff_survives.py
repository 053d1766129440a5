"""A process is killed at each step of a handoff: it completes or is undone, and nothing is lost."""

import asyncio
from collections.abc import Awaitable, Callable

import pytest

from tests.faults.pairs import console, on_duty, phone, stored
from tests.faults.scale import LONG
from tests.support.frames import Disconnected, Frame, Refused
from tests.support.platform import Platform
from tests.support.seats import SeatClient

pytestmark = [pytest.mark.stack, pytest.mark.timeout(240)]
STEPS = 7
WITHIN = 60.0  # how soon all are back is measured elsewhere: test_process_killed.py


class Handoff:
    """Holds Anna, Carla and Gijs, who each reconnect by themselves."""

    def __init__(self, platform: Platform) -> None:
        self.platform = platform
        self.invitation = ""

    async def begin(self) -> None:
        self.anna = await phone(self.platform, "Anna")
        await self.anna.post("voor de overdracht")
        self.carla = await console(self.platform, at=1)
        self.gijs = await on_duty(self.platform, self.platform.people("partner", service="csg")[0])
        self.talk = await stored(lambda: self.carla.take(within=WITHIN))

    def steps(self) -> list[Callable[[], Awaitable[object]]]:
        return [self.invite, self.consent, self.answer, self.enter, self.introduce, self.leave, self.speak]

    async def invite(self) -> None:
        self.invitation = await self.carla.invite(self.talk.conversation, "handoff", {"service": "csg"})

    async def consent(self) -> None:
        await self.anna.becomes(lambda: self.anna.talk.of("invited", state="asked"), WITHIN)
        self.invitation = self.anna.talk.of("invited", state="asked")[-1]["invitation"]
        await self.anna.consent(self.invitation, history=True)

    async def answer(self) -> Frame:
        return await self.gijs.answer(self.invitation)

    async def enter(self) -> None:
        self.theirs = await self.gijs.enter(self.talk.conversation, WITHIN)

    async def introduce(self) -> None:
        await self.carla.post(self.talk.conversation, "dit is Gijs")

    async def leave(self) -> None:
        await self.carla.leave(self.talk.conversation)

    async def speak(self) -> None:
        await self.anna.post("na de overdracht")


async def surely(step: Callable[[], Awaitable[object]], *those: SeatClient) -> None:
    """Tries again, as a person would, until it works or has worked before, once `those` are back."""
    async with asyncio.timeout(WITHIN):
        while True:
            try:
                await step()
            except (Disconnected, TimeoutError):
                await asyncio.sleep(0.3)
            except Refused as error:
                back = all(client.opened for client in those)
                if back and error.code in {"conflict", "not_found"}:
                    return  # the first try had counted
                if back and error.code not in {"try_again", "bad_frame"}:
                    raise
                await asyncio.sleep(0.3)  # not back yet
            else:
                return


@pytest.mark.parametrize("killed_before", range(STEPS))
@pytest.mark.parametrize("process", [0, 1] if LONG else [0])
async def test_a_process_killed_at_any_step_stops_no_handoff(
    steady: Platform, killed_before: int, process: int
) -> None:
    handoff = Handoff(steady)
    await handoff.begin()
    victim = (process + killed_before) % 2
    killed = None
    for number, step in enumerate(handoff.steps()):
        if number == killed_before:
            killed = steady.kill_process(victim)
        await surely(step, handoff.anna, handoff.carla, handoff.gijs)
    await handoff.gijs.becomes(lambda: "na de overdracht" in handoff.theirs.texts(), WITHIN)
    assert [text for text in handoff.theirs.texts() if text is not None] == [
        "voor de overdracht", "dit is Gijs", "na de overdracht",
    ]  # fmt: skip
    assert "na de overdracht" not in handoff.talk.texts()
    assert handoff.anna.talk.of("requeued") == []
    assert killed is not None
    await surely(lambda: handoff.gijs.close(handoff.talk.conversation))
    await handoff.anna.becomes(lambda: handoff.anna.state == "ended", WITHIN)
    await asyncio.to_thread(steady.wait_replaced, victim, killed, 20)
