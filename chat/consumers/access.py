"""Whether those at the consoles still may be there: for all of a process in one query."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from datetime import datetime
from typing import TYPE_CHECKING

from django.db.models import OuterRef

from chat.lines import staff
from counsellors.models import Person
from counsellors.signin import accounts, sessions
from helpline.lib.bridge import in_database
from helpline.lib.errors import TryAgain
from helpline.lib.words import split

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
        people, kept, own = await in_database(_still_there, heard)
    except TryAgain:
        return  # the next look comes within seconds
    for door, pk in asked.items():
        device = door.device
        if pk == (device.pk if device else None):  # not enrolled in between
            person = people.get(door.session or "")
            lines = own.get(person.pk, set()) if person else set()
            if device is not None and pk in kept:
                device.state = kept[pk]
            await door.safely(door.require_access(person, device if pk in kept else None, lines))


def _still_there(
    heard: Mapping[str, datetime],
) -> tuple[dict[str, Person], dict[str, str], dict[int, set[str]]]:
    """By session, by device (its state), and by person."""
    found = accounts.all_signed_in(heard, lines=staff.lines_of(OuterRef("person")))
    devices: dict[str, str] = {}
    for session, one in found.items():
        sessions.keep(one.session, used_at=heard[session])
        devices |= one.devices
    lines = {one.person.pk: {*split(getattr(one.session, "lines", ""))} for one in found.values()}
    return {session: one.person for session, one in found.items()}, devices, lines
