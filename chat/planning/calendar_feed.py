"""Serves a calendar feed of a person's shifts (RFC 5545), at a URL that nobody can guess.

Calendar programs send neither cookie nor password, so the URL itself is the secret: anybody who has it can
read when the person works, but not for which line. Making a new URL invalidates the old one.
"""

from datetime import datetime, timedelta

import icalendar
from django.conf import settings
from django.db import transaction
from django.utils.translation import gettext

from chat.lines.hours import AMSTERDAM
from chat.planning import places
from chat.planning.models import CalendarFeed, Place
from counsellors import audit
from counsellors.models import Person
from helpline.lib import tokens
from helpline.lib.errors import NotFound

LOOK_BACK, LOOK_AHEAD = timedelta(weeks=4), timedelta(weeks=26)
REFRESH_INTERVAL = timedelta(hours=4)
# These are the European Union's rules for summer time, which have applied since 1996. The library's own
# definition would begin in the middle of a summer, and some clients would then treat earlier times as winter
# time.
ZONE = """BEGIN:VTIMEZONE
TZID:Europe/Amsterdam
BEGIN:DAYLIGHT
DTSTART:19960331T020000
RRULE:FREQ=YEARLY;BYMONTH=3;BYDAY=-1SU
TZOFFSETFROM:+0100
TZOFFSETTO:+0200
TZNAME:CEST
END:DAYLIGHT
BEGIN:STANDARD
DTSTART:19961027T030000
RRULE:FREQ=YEARLY;BYMONTH=10;BYDAY=-1SU
TZOFFSETFROM:+0200
TZOFFSETTO:+0100
TZNAME:CET
END:STANDARD
END:VTIMEZONE
"""


@transaction.atomic
def make(person: Person, *, now: datetime) -> str:
    """Makes a URL, which invalidates any earlier one, and returns it. Only a digest of its secret is stored,
    so the URL cannot be shown again."""
    secret = tokens.new_token()
    CalendarFeed.objects.update_or_create(
        person=person, defaults={"mark": tokens.digest(secret).hex(), "made_at": now}
    )
    audit.record(person, "calendar", detail="made")
    return f"{settings.ORIGINS[0]}/calendar/{secret}.ics"


@transaction.atomic
def end(person: Person) -> None:
    gone, _ = CalendarFeed.objects.filter(person=person).delete()
    if gone:
        audit.record(person, "calendar", detail="ended")


def made(person: Person) -> datetime | None:
    return CalendarFeed.objects.filter(person=person).values_list("made_at", flat=True).first()


def read(secret: str, *, now: datetime) -> bytes:
    """Returns the calendar file for the URL with this secret. Raises NotFound if the secret is unknown or was
    invalidated, or if the person to whom it belongs has left."""
    rows = CalendarFeed.objects.select_related("person")
    feed = rows.filter(mark=tokens.digest(secret).hex(), person__is_active=True).first()
    if feed is None:
        raise NotFound
    return write(feed.person, now=now)


def write(person: Person, *, now: datetime) -> bytes:
    """Returns a calendar that contains only the times of the person's shifts, because other people often see
    a person's calendar."""
    calendar = icalendar.Calendar()
    for name, value in (("PRODID", "-//helpline//rota//NL"), ("VERSION", "2.0")):
        calendar.add(name, value)
    calendar.calendar_name = gettext("rota.calendar.name")
    calendar.add("REFRESH-INTERVAL", REFRESH_INTERVAL, parameters={"VALUE": "DURATION"})  # RFC 7986, 5.7
    calendar.add_component(icalendar.Timezone.from_ical(ZONE))
    rows = Place.objects.filter(
        person=person,
        state__in=places.COMING,
        shift__line__ended_at=None,
        shift__ends_at__gt=now - LOOK_BACK,
        shift__starts_at__lt=now + LOOK_AHEAD,
    )
    for place in rows.select_related("shift").order_by("shift__starts_at", "shift"):
        calendar.add_component(_event(place, now))
    return bytes(calendar.to_ical())


def _event(place: Place, now: datetime) -> icalendar.Event:
    """Returns an event whose UID is that of the shift, so that a calendar shows the shift only one time, even
    if the person swapped it away and got it back later."""
    return icalendar.Event.new(
        uid=f"{place.shift_id}@helpline",
        stamp=now,
        summary=gettext("rota.calendar.shift"),
        start=place.shift.starts_at.astimezone(AMSTERDAM),
        end=place.shift.ends_at.astimezone(AMSTERDAM),
    )
