"""A service of the directory as a whole form: what one supervisor writes alone, and what waits for a second
one."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from django.db import transaction

from chat.handoff import entries
from chat.handoff.entries import Entry, Written
from chat.models import ApprovalRequest, Service
from chat.supervision import held_forms, needs_approval
from chat.supervision.approval_requests import Kind
from counsellors.models import Person

HELD: dict[str, Kind] = {
    "phone": Kind.SERVICE_PHONE,
    "site": Kind.SERVICE_SITE,
    "webhook_url": Kind.SERVICE_WEBHOOK,
}


@dataclass(frozen=True, slots=True)
class Saved:
    """A service that was written. `asked`: the fields that wait for a second supervisor now."""

    service: Service
    asked: list[str]


@dataclass(frozen=True, slots=True)
class Shown:
    """An entry, and what waits for a second supervisor: the field and its new value; `ended` says `end` or
    `back`."""

    entry: Entry
    waits: dict[str, str]


def listed(*, now: datetime) -> list[Shown]:
    waits = held_forms.waiting(Service, now=now)
    return [Shown(entry, waits.get(entry.service.pk, {})) for entry in entries.all_entries()]


@transaction.atomic
def make(by: Person, written: Written, held: Mapping[str, str], *, now: datetime) -> Saved:
    """Makes a service, and asks for its telephone number and sites. Raises a WrongField."""
    service = entries.make(by, written, now=now)
    return Saved(service, held_forms.ask(by, HELD, service.pk, held, now=now))


@transaction.atomic
def change(
    by: Person, slug: str, written: Written, held: Mapping[str, str], *, version: int, now: datetime
) -> Saved:
    """Changes a service, and asks for what takes two. Either all of it is done or nothing."""
    service = entries.change(by, slug, written, version=version, now=now)
    return Saved(service, held_forms.ask(by, HELD, service.pk, held, now=now))


@transaction.atomic
def end(by: Person, slug: str, *, ended: bool, now: datetime) -> ApprovalRequest:
    """Asks to end a service, or to bring it back. Open invitations to it go on."""
    return needs_approval.set_field(by, Kind.SERVICE_ENDED, slug, ended, now=now)
