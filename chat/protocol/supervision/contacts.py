"""Frames about the addresses to which a service's invitations and a line's alerts are sent."""

from typing import Annotated

from msgspec import Meta, Struct

from chat.protocol.fields import Opaque
from chat.protocol.frames import Ok, Request


class Contacts(Request):
    """Asks for two kinds of addresses: those to which links for the services' guests are sent, and those to
    which alerts of the supervisor's lines are mailed."""


class SetContact(Request):
    """Sets the contact of a service. If both fields are empty, nobody of that service can be invited by a
    link."""

    service: Opaque
    mail: Annotated[str, Meta(max_length=254, pattern=r"^[^\x00]*$")]
    url: Annotated[str, Meta(max_length=200, pattern=r"^[^\x00]*$")]


class SetAlertMail(Request):
    """Sets the address to which a line's alerts are mailed. If `mail` is empty, no alerts are mailed."""

    line: Opaque
    mail: Annotated[str, Meta(max_length=254, pattern=r"^[^\x00]*$")]


class ContactRow(Struct):
    """Holds the contact of a service, by mail or by webhook. If both are empty, the service has no
    contact."""

    service: str
    name: str
    mail: str
    url: str


class AlertMailRow(Struct):
    """Holds the address to which a line's alerts are mailed. If `mail` is empty, no alerts are mailed."""

    line: str
    mail: str


class ContactsOk(Ok):
    """Answers `contacts` with the services, sorted by name, and the address for alerts of each of the
    supervisor's lines."""

    services: list[ContactRow]
    alerts: list[AlertMailRow]


class SetContactOk(Ok):
    """Answers `setcontact`. `waits` is true if a second supervisor has to confirm the change."""

    waits: bool


class SetAlertMailOk(Ok):
    """Answers `setalertmail`. `waits` is true if a second supervisor has to confirm the change."""

    waits: bool
