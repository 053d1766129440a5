"""Makes up a rota for a demo."""

import random
from datetime import datetime, time, timedelta

from django.utils import timezone

from chat.models import Line
from chat.planning import places, shifts
from chat.planning.models import Place, Shift
from chat.planning.shifts import When

WANTED = 2
WEEKS_PLANNED = 2
SHIFTS = ((time(9), time(14)), (time(14), time(19)), (time(19), time(22)))


def make(line: Line, chance: random.Random, now: datetime) -> None:
    """Plans shifts for this week and the next with the existing people, and leaves some shifts one person
    short. Does nothing for a line that has shifts."""
    if Shift.objects.filter(line=line).exists():
        return
    people = list(places.people_for(line))
    monday = shifts.monday_of(timezone.localtime(now).date())
    for ahead in range(7 * WEEKS_PLANNED):
        for opens, closes in SHIFTS:
            starts, ends = When(monday + timedelta(days=ahead), opens, closes).span
            shift = Shift.objects.create(line=line, starts_at=starts, ends_at=ends, wanted=WANTED)
            on = chance.sample(people, min(len(people), chance.choice((1, 2, 2))))
            Place.objects.bulk_create(Place(shift=shift, person=person) for person in on)
