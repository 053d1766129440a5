"""Whether those at the consoles still may be there: for all of a process in a few queries."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from datetime import datetime
from typing import TYPE_CHECKING

from chat.lines import staff
from counsellors import devices
from counsellors.models import Device, Person
from counsellors.signin import accounts, sessions
from helpline.lib.bridge import in_database
from helpline.lib.errors import TryAgain

if TYPE_CHECKING:
    from chat.consumers.console import ConsoleDoor


async def check(doors: Collection[ConsoleDoor]) -> None:
    """Closes the sockets of those whose session ended, who were deactivated, lost a line or their device.

    Of the others each frame counts as a use of the session.
    """
    heard: dict[str, datetime] = {}
    for door in doors:
        if door.session:
            heard[door.session] = max(door.heard_at, heard.get(door.session, door.heard_at))
    asked = {door: door.device.pk if door.device else None for door in doors}
    try:
        people, kept, own = await in_database(_still_there, heard, [pk for pk in asked.values() if pk])
    except TryAgain:
        return  # the next look comes within seconds
    for door, pk in asked.items():
        if pk == (door.device.pk if door.device else None):  # not enrolled in between
            person = people.get(door.session or "")
            lines = own.get(person.pk, set()) if person else set()
            await door.safely(door.require_access(person, kept.get(pk or ""), lines))


def _still_there(
    heard: Mapping[str, datetime], known: list[str]
) -> tuple[dict[str, Person], dict[str, Device], dict[int, set[str]]]:
    running = sessions.living(heard)
    people = accounts.people_of(running)
    for session in people:
        sessions.keep(running[session], used_at=heard[session])
    return people, devices.not_revoked(known), staff.lines_of_all(people.values())
