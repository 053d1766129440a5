"""Lets supervisors make and change entries of the referral directory, and record when an entry was checked.

Changes of fields that need a second supervisor are handled elsewhere (chat/supervision/held_fields.py).
"""

import re
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass, fields, replace
from datetime import date, datetime

from django.db import transaction
from django.db.models import Count, F
from django.db.models.functions import Lower
from django.utils.text import slugify

from chat import bells, states
from chat.lines import schedules, templates, timetables
from chat.lines.editions import OWN
from chat.lines.hours import DAY_AND_NIGHT, Schedule
from chat.lines.timetables import Timetable
from chat.models import Invitation, Line, Service
from counsellors import audit
from counsellors.models import Person
from helpline import languages
from helpline.languages import Texts
from helpline.lib.errors import Conflict, NotFound, WrongField

MAX_SERVICES = 200  # every console receives all of them
LONGEST_SLUG = 32
_LANGUAGES = re.compile(r"[a-z]{2,3}")


class NotNamed(WrongField):
    """A service needs a name."""


class AgesSwapped(WrongField):
    """The lowest age is above the highest."""


class NoLanguage(WrongField):
    """Write each language as a code, for example nl or en."""


class NotReadYet(WrongField):
    """The day on which the service was last checked is in the future."""


class ChangedMeanwhile(Conflict):
    """A colleague changed this service just now. Look at it again."""


class TooManyServices(Conflict):
    """The directory is full. End a service first."""


@dataclass(frozen=True, slots=True)
class Written:
    """Holds the fields of a service that a supervisor may write without approval. The fields have the names
    of the columns."""

    name: str
    purpose: Texts
    for_callers: Texts
    needs: str
    chat: bool
    free: bool | None
    languages: str
    age_from: int | None
    age_to: int | None
    always_open: bool
    source: str
    verified_on: date | None

    def columns(self) -> Iterator[str]:
        return (one.name for one in fields(self))


@dataclass(frozen=True, slots=True)
class Entry:
    """Describes a service as supervisors see it. `in_use`: how many invitations to it are open now."""

    service: Service
    in_use: int


def all_entries() -> list[Entry]:
    """Returns all services, sorted by name, including those that have ended."""
    to_them = Invitation.objects.filter(state__in=states.INVITED).exclude(service=None)
    used = dict(to_them.values_list("service").annotate(Count("pk")).order_by())
    return [Entry(row, used.get(row.pk, 0)) for row in Service.objects.order_by(Lower("name"), "pk")]


def lines_by_service() -> dict[str, list[Line]]:
    """Returns, for each service, the lines that show it to their callers, sorted by name. A line shows the
    services that it chose or, if it chose none, those of its template. Lines that have ended and lines for
    practice are left out."""
    found: defaultdict[str, list[Line]] = defaultdict(list)
    lines = Line.objects.filter(ended_at=None, practice_for=None).prefetch_related("services")
    for line in lines.order_by(Lower("name"), "pk"):
        chosen = {one.pk for one in line.services.all() if one.ended_at is None}
        for slug in chosen or {*templates.read(line.template).services}:
            found[slug].append(line)
    return found


@transaction.atomic
def make(supervisor: Person, written: Written, *, now: datetime) -> Service:
    """Makes a service, with a slug that is made from its name. Raises a WrongField or TooManyServices."""
    _check(written, today=now.date())
    if Service.objects.offered().count() >= MAX_SERVICES:
        raise TooManyServices
    stored = {name: getattr(written, name) for name in written.columns()}
    for slug in _slugs(written.name):
        service, made = Service.objects.get_or_create(slug=slug, defaults=stored | {"since": now})
        if made:
            break
    audit.record(supervisor, "service", subject=service.pk, detail="added")
    tell()
    return service


@transaction.atomic
def change(supervisor: Person, slug: str, written: Written, *, version: int, now: datetime) -> Service:
    """Changes a service. Raises a WrongField, NotFound for a service that is unknown or has ended, or
    ChangedMeanwhile if the stored version is no longer `version`."""
    _check(written, today=now.date())
    row = Service.objects.offered().filter(pk=slug).first()
    if row is None:
        raise NotFound
    changed = [name for name in written.columns() if getattr(row, name) != getattr(written, name)]
    if not changed and row.version == version:
        return row
    stored = {name: getattr(written, name) for name in changed}
    of_that_version = Service.objects.offered().filter(pk=slug, version=version)
    if not of_that_version.update(**stored, version=F("version") + 1):
        raise ChangedMeanwhile
    audit.record(supervisor, "service", subject=slug, detail=" ".join(["changed", *changed]))
    tell()
    return Service.objects.get(pk=slug)


def hours(slug: str, *, now: datetime) -> Timetable:
    """Returns a service's timetable. If the hours are unknown, its week has no spans and its preview no
    days."""
    service = Service.objects.filter(pk=slug).first()
    if service is None:
        raise NotFound
    return _as_open(service, timetables.of(schedules.stored(service), now=now), now=now)


@transaction.atomic
def change_hours(
    supervisor: Person, slug: str, schedule: Schedule, *, keep: bool, now: datetime, version: str = ""
) -> Timetable:
    """Returns the timetable that follows from the schedule, and with `keep` also saves the schedule. Raises a
    BadFrame that says what is wrong with the schedule, NotFound for a service that is unknown or has ended,
    and HoursChanged as for a line."""
    # The lock makes the second of two simultaneous changes wait: otherwise the rows of both could be mixed.
    rows = Service.objects.offered().filter(pk=slug)
    service = (rows.select_for_update(no_key=True) if keep else rows).first()
    if service is None:
        raise NotFound
    made = timetables.tried(schedule, now=now)
    if keep:
        timetables.require_version(schedules.stored(service), version)
        schedules.replace_of_service(service, made.schedule)
        audit.record(supervisor, "service", subject=slug, detail="changed service_hours")
        tell()
        made = timetables.of(schedules.stored(service), now=now)
    return _as_open(service, made, now=now)


def _as_open(service: Service, made: Timetable, *, now: datetime) -> Timetable:
    """Returns the timetable with a preview of when the service is really open. If the service is open day and
    night, the preview ignores the weekly hours. If there are no weekly hours, the preview is empty, because
    nobody knows when the service is open."""
    if service.always_open:
        always = replace(made.schedule, week=DAY_AND_NIGHT)
        return replace(made, preview=timetables.of(always, now=now).preview)
    return made if any(made.schedule.week) else replace(made, preview=())


def tell() -> None:
    """Notifies every console that the directory changed."""
    bells.ring_on_commit(bells.ServicesChanged())


def _check(written: Written, *, today: date) -> None:
    if not written.name:
        raise NotNamed("name")
    for name, formal in (("purpose", False), ("for_callers", True)):
        known = languages.addresses() if formal else languages.codes()
        if not {*getattr(written, name)} <= {*known}:
            raise WrongField(name)
    if None not in (ages := (written.age_from, written.age_to)) and ages[0] > ages[1]:  # type: ignore[operator]
        raise AgesSwapped("age_to")
    if not all(map(_LANGUAGES.fullmatch, written.languages.split())):
        raise NoLanguage("languages")
    if written.verified_on and written.verified_on > today:
        raise NotReadYet("verified_on")


def _slugs(name: str) -> Iterator[str]:
    """Yields possible slugs of a service, to be tried until one is free. The slugs of lines are left out: an
    invitation to a service with a line's slug would ring for the line's counsellors."""
    first = slugify(name)[:LONGEST_SLUG].strip("-") or "dienst"
    taken = {OWN, *Line.objects.values_list("pk", flat=True)}
    for number in range(1, MAX_SERVICES * 2):
        end = f"-{number}" if number > 1 else ""
        if (slug := f"{first[: LONGEST_SLUG - len(end)]}{end}") not in taken:
            yield slug
    raise TooManyServices
