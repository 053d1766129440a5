"""Checks which of this process's consoles may stay connected, with one query for the people of all
consoles."""

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
from helpline.lib.string_agg import split

if TYPE_CHECKING:
    from chat.consumers.console import ConsoleConsumer


async def check(consumers: Collection[ConsoleConsumer]) -> None:
    """Closes the sockets of people whose session ended, who were deactivated, or who lost a line or their
    device.

    For everybody else, stores the time of the newest frame as the last use of the session.
    """
    heard: dict[str, datetime] = {}
    for consumer in consumers:
        if consumer.session:
            heard[consumer.session] = max(consumer.heard_at, heard.get(consumer.session, consumer.heard_at))
    asked = {consumer: consumer.device.pk if consumer.device else None for consumer in consumers}
    try:
        people, kept, own = await in_database(_still_there, heard)
    except TryAgain:
        return  # the check is repeated within seconds
    for consumer, pk in asked.items():
        device = consumer.device
        if pk == (device.pk if device else None):  # the device has not changed during the query
            person = people.get(consumer.session or "")
            lines = own.get(person.pk, set()) if person else set()
            if device is not None and pk in kept:
                device.state = kept[pk]
            await consumer.safely(consumer.require_access(person, device if pk in kept else None, lines))


def _still_there(
    heard: Mapping[str, datetime],
) -> tuple[dict[str, Person], dict[str, str], dict[int, set[str]]]:
    """Returns three maps: session → person, device → its state, and person → their lines. Also stores when
    each session was last used."""
    found = accounts.all_signed_in(heard, lines=staff.lines_of(OuterRef("person")))
    devices: dict[str, str] = {}
    for session, one in found.items():
        sessions.keep(one.session, used_at=heard[session])
        devices |= one.devices
    lines = {one.person.pk: {*split(getattr(one.session, "lines", ""))} for one in found.values()}
    return {session: one.person for session, one in found.items()}, devices, lines
