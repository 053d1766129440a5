"""Whether those at the consoles still may be there: for all of a process in a few queries."""

from __future__ import annotations

from collections.abc import Collection
from typing import TYPE_CHECKING

from chat.lines import staff
from counsellors import accounts, devices
from counsellors.models import Device, Person
from helpline.lib.bridge import in_database
from helpline.lib.errors import TryAgain

if TYPE_CHECKING:
    from chat.consumers.console import ConsoleDoor


async def check(doors: Collection[ConsoleDoor]) -> None:
    """Closes the sockets of those who signed out, were deactivated, lost a line or their device."""
    sessions = [door.session for door in doors if door.session]
    asked = {door: door.device.pk if door.device else None for door in doors}
    try:
        people, kept, own = await in_database(_still_there, sessions, [pk for pk in asked.values() if pk])
    except TryAgain:
        return  # the next look comes within seconds
    for door, pk in asked.items():
        if pk == (door.device.pk if door.device else None):  # not enrolled in between
            person = people.get(door.session or "")
            lines = own.get(person.pk, set()) if person else set()
            await door.safely(door.require_access(person, kept.get(pk or ""), lines))


def _still_there(
    sessions: list[str], known: list[str]
) -> tuple[dict[str, Person], dict[str, Device], dict[int, set[str]]]:
    people = accounts.people_of_sessions(sessions)
    return people, devices.not_revoked(known), staff.lines_of_all(people.values())
