"""Sets up an installation: the organisation, its lines, the referral directory, and entry links for its first
people."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from django.db import transaction

from chat.lines import templates
from chat.lines.templates import Wanted
from chat.models import Line, Work
from chat.runtime import first_services
from counsellors import audit
from counsellors.models import EntryLink, Organisation, Person, Role
from counsellors.signin import entry_links
from helpline.lib.errors import Conflict


class NotEmpty(Conflict):
    """There are people or lines already. Let somebody who works here invite the next ones."""


class AliasTwice(Conflict):
    """Two of these people have the same alias, so callers and the rota could not tell them apart. Give one of
    them another: NAME=ALIAS."""


@dataclass(frozen=True, slots=True)
class First:
    """Describes a person whom `setup` adds: the sign-in name, the name that callers see, and the role."""

    username: str
    alias: str
    role: str


@transaction.atomic
def found(name: str, lines: Sequence[Wanted], people: Sequence[First], *, now: datetime) -> list[EntryLink]:
    """Makes the organisation, its lines and people in one transaction. Returns an entry link for each person,
    valid for a day. Each supervisor supervises every line. Raises NotEmpty if people or lines exist already,
    and AliasTwice if two people have the same alias."""
    if Person.objects.exists() or Line.objects.exists():
        raise NotEmpty
    Organisation.objects.create(name=name)
    first_services.fill()
    made = [templates.make(wanted, now=now) for wanted in lines]
    return [entry_links.make(_add(first, made), by=None, now=now) for first in people]


def links_again(*, now: datetime) -> list[EntryLink]:
    """Makes new entry links for the first people, if none of these people has used an entry link yet. The
    earlier links may have expired, or `setup` may have been interrupted before anybody saw them. Returns []
    if one of the people has used a link."""
    if Person.objects.exclude(came_at=None).exists():
        return []
    return [entry_links.make(person, by=None, now=now) for person in Person.objects.order_by("pk")]


def _add(first: First, lines: Sequence[Line]) -> Person:
    if Person.objects.is_named(first.alias):
        raise AliasTwice
    person = Person.objects.invite(first.username, first.alias)
    Role.objects.create(person=person, name=first.role)
    if first.role == Role.Name.SUPERVISOR:
        for line in lines:
            Work.objects.create(person=person, line=line)
    audit.record(None, "person_invited", subject=person.handle, detail=f"setup {first.role}")
    return person
