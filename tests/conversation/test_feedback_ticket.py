"""A caller whose conversation has ended is sent the ticket for feedback, and again each time they come
back."""

from tests.support.cast import anna, carla
from tests.support.frames import is_frame
from tests.support.people import CallerClient
from tests.support.platform import Platform


async def ticket_of(caller: CallerClient) -> str:
    return str((await caller.until(is_frame("feedback")))["ticket"])


async def test_it_comes_after_the_end_and_the_same_one_at_each_coming_back(laptop: Platform) -> None:
    caller = await anna(laptop)
    await caller.start()
    counsellor = await carla(laptop)
    talk = await counsellor.take()
    await counsellor.post(talk.conversation, "Dag.")
    await counsellor.close(talk.conversation)
    ticket = await ticket_of(caller)
    assert caller.talk.of("ended"), "the entry came first"
    assert caller.conversation not in ticket
    caller.cut()
    await caller.reopen()
    assert await ticket_of(caller) == ticket
    tab = caller.another_tab()
    laptop.guests.append(tab)
    await tab.reopen()
    assert await ticket_of(tab) == ticket


async def test_who_talked_with_nobody_is_sent_none(laptop: Platform) -> None:
    caller = await anna(laptop)
    await caller.start()
    await caller.leave()
    caller.cut()
    await caller.reopen()
    await caller.request("beat")
    assert [frame for frame in caller.pushed if frame["type"] == "feedback"] == []
