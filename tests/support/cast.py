"""Plays the cast of the tests. Anna calls Helpwanted. Bilal calls it too, after her, and must never learn of
her. Carla and Daan are counsellors of Helpwanted and compete for every caller. Esra is a counsellor of Stop
it Now, another line, so she must not see Anna. Floor supervises Helpwanted. Gijs works at CSG, another
service, and sees of a caller only what the caller agrees to."""

from contextlib import suppress
from typing import Any

from benchmarks.signin import Person, SignIn
from tests.support.caller import CallerClient
from tests.support.counsellor import CounsellorClient
from tests.support.frames import Disconnected, Refused
from tests.support.platform import Platform


async def anna(platform: Platform, **options: Any) -> CallerClient:
    """Returns a caller on the page of Helpwanted, connected, who has not started yet."""
    return await caller(platform, **{"name": "Anna"} | options)


async def bilal(platform: Platform, **options: Any) -> CallerClient:
    """Returns a second caller, connected, who has not started yet."""
    return await caller(platform, **{"name": "Bilal"} | options)


async def carla(platform: Platform, **options: Any) -> CounsellorClient:
    """Returns a counsellor of Helpwanted, on duty."""
    return await staff(platform, counsellors(platform, "helpwanted")[0], **{"name": "Carla"} | options)


async def daan(platform: Platform, **options: Any) -> CounsellorClient:
    """Returns another counsellor of Helpwanted, on duty."""
    return await staff(platform, counsellors(platform, "helpwanted")[1], **{"name": "Daan"} | options)


async def esra(platform: Platform, **options: Any) -> CounsellorClient:
    """Returns a counsellor of Stop it Now, on duty."""
    return await staff(platform, counsellors(platform, "stopitnow")[0], **{"name": "Esra"} | options)


async def floor(platform: Platform, **options: Any) -> CounsellorClient:
    """Returns the supervisor of Helpwanted."""
    who = platform.people("supervisor", line="helpwanted")[0]
    return await staff(platform, who, **{"name": "Floor", "duty": ""} | options)


async def gijs(platform: Platform, **options: Any) -> CounsellorClient:
    """Returns a partner at CSG."""
    who = platform.people("partner", service="csg")[0]
    return await staff(platform, who, **{"name": "Gijs", "duty": ""} | options)


async def caller(platform: Platform, **options: Any) -> CallerClient:
    """Returns a connected caller, with the options of `CallerClient`."""
    client = CallerClient(*platform.urls, **options)
    platform.guests.append(client)
    await client.connect()
    return client


async def staff(
    platform: Platform, who: Person, *, duty: str = "on", slots: int = 4, enrols: bool = True, **options: Any
) -> CounsellorClient:
    """Returns a member of the staff, signed in, greeted, enrolled, and on `duty` unless that is "", with the
    client's options."""
    client = CounsellorClient(*platform.urls, cookie=await signed_in(platform, who), **options)
    platform.guests.append(client)
    await client.hello()
    if enrols:
        await client.enrol()
    if duty:
        await client.duty(duty, slots)
    return client


async def go_home(platform: Platform) -> None:
    """Ends the conversations of a test's callers that somebody joined, and disconnects all clients: a caller
    who is left behind keeps a counsellor's place in the next test."""
    while platform.guests:
        guest = platform.guests.pop()
        if isinstance(guest, CallerClient) and guest.opened and guest.talk.of("joined", role="counsellor"):
            with suppress(Refused, Disconnected, TimeoutError):
                await guest.request("leave", within=2)
        await guest.disconnect()


async def signed_in(platform: Platform, who: Person) -> str:
    """Returns the Cookie header of a person, who signs in only once per platform, because each one-time code
    costs 30 s."""
    if who.username not in platform.sessions:
        platform.sessions[who.username] = await SignIn(platform.url, who).run()
    return platform.sessions[who.username]


def counsellors(platform: Platform, line: str) -> list[Person]:
    """Returns the counsellors of a line, in the demo's order."""
    return platform.people("counsellor", line=line)
