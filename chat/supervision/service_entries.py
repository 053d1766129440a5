"""Saves a service of the directory from one form: some fields are written at once, the others wait for a
second supervisor."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from django.db import transaction

from chat import line_scope
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
    """Holds the saved service, and the names of the fields (`asked`) that now wait for a second
    supervisor."""

    service: Service
    asked: list[str]


@dataclass(frozen=True, slots=True)
class Shown:
    """Holds an entry and the new values that wait for a second supervisor, by field. For the field `ended`,
    the value is `end` or `back`. `lines` are the names of the supervisor's own lines whose callers are shown
    the service, and `other_lines` is how many other lines show it."""

    entry: Entry
    waits: dict[str, str]
    lines: list[str]
    other_lines: int


def listed(by: Person, *, now: datetime) -> list[Shown]:
    """Returns all services. Of the lines that show a service, only this person's own lines are named; the
    others are only counted."""
    waits, showing = held_forms.waiting(Service, now=now), entries.lines_by_service()
    own = {*line_scope.own_lines(by).values_list("pk", flat=True)}
    shown = []
    for entry in entries.all_entries():
        lines = showing.get(entry.service.pk, [])
        names = [line.name for line in lines if line.pk in own]
        shown.append(Shown(entry, waits.get(entry.service.pk, {}), names, len(lines) - len(names)))
    return shown


@transaction.atomic
def make(by: Person, written: Written, held: Mapping[str, str], *, now: datetime) -> Saved:
    """Makes a service, and asks for approval of its telephone number and sites. Raises WrongField for a wrong
    value."""
    return _saved(by, entries.make(by, written, now=now), held, now=now)


@transaction.atomic
def change(
    by: Person, slug: str, written: Written, held: Mapping[str, str], *, version: int, now: datetime
) -> Saved:
    """Changes a service, and asks for approval of the fields that need it, in one transaction."""
    return _saved(by, entries.change(by, slug, written, version=version, now=now), held, now=now)


def _saved(by: Person, service: Service, held: Mapping[str, str], *, now: datetime) -> Saved:
    waits = held_forms.ask(by, HELD, service.pk, held, now=now)
    return Saved(Service.objects.get(pk=service.pk), waits)  # what needed no second person has been written


@transaction.atomic
def end(by: Person, slug: str, *, ended: bool, now: datetime) -> ApprovalRequest:
    """Asks for approval to end a service or to bring it back. Open invitations to it stay open."""
    return needs_approval.set_field(by, Kind.SERVICE_ENDED, slug, ended, now=now)
