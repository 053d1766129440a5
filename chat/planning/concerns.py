"""Finds reasons against putting a person on a shift: the person's preferences, their other shifts in that
week or just before or after it, and a day with many heavy conversations before the shift. These concerns are
shown, never enforced."""

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping
from datetime import date, datetime, timedelta
from enum import StrEnum

from chat.lines.hours import AMSTERDAM
from chat.models import Carried, Line
from chat.planning import places, preferences, shifts
from chat.planning.models import Place, RotaPreferences, Shift
from chat.planning.preferences import Preferences

LATE = 22  # o'clock: a shift that ends at this hour or later counts as late
HEAVY = 2  # heavy conversations in a day, used if the line has set no limit
DAY = timedelta(days=1)


class Concern(StrEnum):
    """Lists the reasons against putting somebody on a shift. The pages have a text for each."""

    TOO_MANY_HOURS = "too_many_hours"
    TWO_LATES = "two_lates"
    AFTER_HEAVY = "after_heavy"
    RATHER_NOT = "rather_not"


def of_shifts(line: Line, planned: Iterable[Shift]) -> dict[str, list[Concern]]:
    """Returns the concerns about each place, by the key of the place. Places without concerns are left out.
    The number of queries does not depend on how many people there are."""
    planned = list(planned)
    on_them = [place for shift in planned for place in shift.places.all() if place.state in places.COMING]
    if not on_them:
        return {}
    people = {place.person_id for place in on_them}
    around = _around(people, planned)
    wanted_by = {
        row.person_id: preferences.shown(row) for row in RotaPreferences.objects.filter(person__in=people)
    }
    heavy = _heavy_days(line, people, planned)
    by_shift = {shift.pk: shift for shift in planned}
    found = {
        place.pk: _against(
            by_shift[place.shift_id],
            wanted_by.get(place.person_id, Preferences()),
            around[place.person_id],
            heavy[place.person_id],
        )
        for place in on_them
    }
    return {pk: concerns for pk, concerns in found.items() if concerns}


def of_taking(person: int, offered: Collection[Shift]) -> dict[str, list[Concern]]:
    """Returns, by the key of each shift, the concerns that would arise if this person took that shift."""
    found: dict[str, list[Concern]] = {}
    wanted_by = preferences.shown(RotaPreferences.objects.filter(person=person).first())
    if wanted_by == Preferences() or not offered:
        return found
    around = _around({person}, list(offered))[person]
    for line in {shift.line for shift in offered}:
        own = [shift for shift in offered if shift.line_id == line.pk]
        heavy = _heavy_days(line, {person}, own)[person]
        found |= {shift.pk: _against(shift, wanted_by, [*around, shift], heavy) for shift in own}
    return found


def _against(
    shift: Shift, wanted_by: Preferences, around: Iterable[Shift], heavy: set[date]
) -> list[Concern]:
    around = {one.pk: one for one in around}.values()
    day = _day(shift)
    found = []
    if wanted_by.most is not None and _in_week(around, day) > wanted_by.most:
        found.append(Concern.TOO_MANY_HOURS)
    if (
        wanted_by.no_two_lates
        and _is_late(shift)
        and any(_is_late(one) and abs(_day(one) - day) == DAY for one in around)
    ):
        found.append(Concern.TWO_LATES)
    if wanted_by.rest_after_heavy and day - DAY in heavy:
        found.append(Concern.AFTER_HEAVY)
    if day.weekday() in wanted_by.rather_not:
        found.append(Concern.RATHER_NOT)
    return found


def _around(people: Iterable[int], planned: list[Shift]) -> Mapping[int, list[Shift]]:
    """Returns each person's shifts on any line, in the weeks of the planned shifts and on the days just
    before and after these weeks. Only the times of these shifts may be used, because a supervisor must not
    learn for which other lines a person works."""
    first, last = min(map(_day, planned)), max(map(_day, planned))
    rows = Place.objects.filter(
        person__in=people,
        state__in=places.COMING,
        shift__line__ended_at=None,
        shift__starts_at__gte=shifts.midnight(shifts.monday_of(first) - DAY),
        shift__starts_at__lt=shifts.midnight(shifts.monday_of(last) + shifts.WEEK + DAY),
    ).select_related("shift")
    found: defaultdict[int, list[Shift]] = defaultdict(list)
    for row in rows:
        found[row.person_id].append(row.shift)
    return found


def _heavy_days(line: Line, people: Iterable[int], planned: list[Shift]) -> Mapping[int, set[date]]:
    """Returns, by person, the days on which their number of heavy conversations reached the line's limit."""
    rows = Carried.objects.filter(
        line=line,
        person__in=people,
        day__gte=min(map(_day, planned)) - DAY,
        heavy__gte=line.most_heavy or HEAVY,
    )
    found: defaultdict[int, set[date]] = defaultdict(set)
    for row in rows:
        found[row.person_id].add(row.day)
    return found


def _in_week(around: Iterable[Shift], day: date) -> timedelta:
    monday = shifts.monday_of(day)
    own = [one for one in around if shifts.monday_of(_day(one)) == monday]
    return sum((one.ends_at - one.starts_at for one in own), timedelta())


def _is_late(shift: Shift) -> bool:
    ends = shift.ends_at.astimezone(AMSTERDAM)
    return ends.hour >= LATE or ends.date() > _day(shift)


def _day(shift: Shift) -> date:
    return _local(shift.starts_at).date()


def _local(at: datetime) -> datetime:
    return at.astimezone(AMSTERDAM)
