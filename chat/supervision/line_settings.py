"""Reads and changes a line as one form. A supervisor may change some fields without approval. Other fields, a
new line and the end of a line need a second supervisor."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from django.db import transaction
from django.db.models import Count, Q

from chat import states
from chat.lines import settings, templates
from chat.lines.settings import Settings
from chat.lines.templates import Wanted
from chat.models import ApprovalRequest, Conversation, Line, Service
from chat.supervision import approval_requests, held_forms, needs_approval, new_lines
from chat.supervision.approval_requests import Kind
from chat.supervision.held_forms import AskedAlready
from counsellors.models import Person
from helpline.lib.errors import Conflict

HELD: dict[str, Kind] = {
    "phone": Kind.LINE_PHONE,
    "on_call_phone": Kind.LINE_ON_CALL,
    "path": Kind.PATH,
    "hosts": Kind.HOSTS,
    "template": Kind.TEMPLATE,
    "services": Kind.LINE_SERVICES,
    "alert_url": Kind.ALERT_URL,
}


@dataclass(frozen=True, slots=True)
class Inside:
    """Counts the open conversations of a line. The line cannot be ended while there are any. `letters`
    includes letters that are answered and not closed yet."""

    waiting: int
    talking: int
    letters: int


@dataclass(frozen=True, slots=True)
class Shown:
    """Holds a line, and the other data of its form. `services`: the chosen services; `offered`: the names of
    all services that can be chosen; `waits`: the new values of the fields that wait for a second supervisor;
    `asked`: the fields for which the last change requested approval."""

    line: Line
    services: list[str]
    offered: dict[str, str]
    templates: list[str]
    waits: dict[str, str]
    inside: Inside
    asked: list[str] = field(default_factory=list)


def read(supervisor: Person, slug: str, *, now: datetime) -> Shown:
    """Returns the line. Raises NotFound for a line that is not the supervisor's."""
    return _shown(settings.read(supervisor, slug), [], now=now)


@transaction.atomic
def change(
    by: Person, slug: str, written: Settings, held: Mapping[str, Any], *, version: int, now: datetime
) -> Shown:
    """Changes a line, and requests approval for the fields that need it, in one transaction."""
    line = settings.change(by, slug, written, version=version)
    asked = held_forms.ask(by, HELD, str(line.pk), held, now=now)
    return _shown(settings.read(by, slug), asked, now=now)


@transaction.atomic
def make(by: Person, wanted: Wanted, *, now: datetime) -> ApprovalRequest:
    """Requests a new line. Raises WrongField for an invalid value, and AskedAlready if there is an open
    request for a line at this address."""
    new_lines.require_fit(wanted)
    value = new_lines.asked_for(wanted)
    try:
        return approval_requests.ask(by, Kind.NEW_LINE, subject=wanted.slug, value=value, now=now)
    except Conflict as open_already:
        raise AskedAlready("path") from open_already


@transaction.atomic
def end(by: Person, slug: str, *, ended: bool, now: datetime) -> ApprovalRequest:
    """Requests to end a line, or to bring it back. Raises StillInside while the line has an open conversation
    or letter."""
    settings.read(by, slug)
    return needs_approval.set_field(by, Kind.LINE_ENDED, slug, ended, now=now)


def _shown(line: Line, asked: list[str], *, now: datetime) -> Shown:
    chosen = sorted(line.services.filter(ended_at=None).values_list("pk", flat=True))
    offered = dict(Service.objects.offered().order_by("name").values_list("pk", "name"))
    waits = held_forms.waiting(Line, now=now).get(line.pk, {})
    return Shown(line, chosen, offered, templates.names(), waits, _inside(line), asked)


def _inside(line: Line) -> Inside:
    rows = Conversation.objects.filter(line=line, state__in=states.OPEN)
    chats = Q(written="")
    found = rows.aggregate(
        waiting=Count("pk", filter=chats & Q(state=states.Conversation.WAITING)),
        talking=Count("pk", filter=chats & Q(state=states.Conversation.ACTIVE)),
        letters=Count("pk", filter=~chats),
    )
    return Inside(**found)
