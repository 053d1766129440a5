"""A supervisor plans a week: shifts in local time, who is on them, and the usual week."""

from datetime import UTC, date, datetime, time, timedelta

import pytest

from chat.lines import schedules
from chat.lines.hours import ALL_DAY, Exceptional, Schedule
from chat.models import Line, Work
from chat.planning import attendance, moving, off_the_rota, places, shifts, usual_week, week
from chat.planning.bells import RotaChanged
from chat.planning.models import Place, Shift
from chat.planning.moving import SomebodyElsewhere
from chat.planning.places import OnAnother, OnItAlready
from chat.planning.shifts import ThereAlready, TooLong, TooMany, When
from chat.planning.usual_week import NothingPlanned, NothingUsual
from chat.supervision import audit_trail
from counsellors.models import AuditRow, Role
from helpline.lib.errors import NotFound
from tests.planning.cast import MONDAY, NOW, a_shift, on, when
from tests.support.domain.cast import Counsellor
from tests.support.domain.fixtures import Rung

pytestmark = pytest.mark.django_db


def test_a_week_has_its_shifts_in_order_with_who_is_on_them(
    floor: Counsellor, carla: Counsellor, daan: Counsellor
) -> None:
    late, early = a_shift(floor, 2), a_shift(floor, 2, "13:00", "17:00")
    a_shift(floor, 7)  # the next week's
    for who in (daan, carla):
        places.put_on(floor.person, late.pk, who.person.handle, now=NOW)
    found = week.of(floor.person, "helpwanted", MONDAY + timedelta(days=3))
    assert [shift.pk for shift in found.shifts] == [early.pk, late.pk]
    assert [place.person.alias for place in found.shifts[1].places.all()] == ["Carla", "Daan"]
    assert [person.alias for person in found.people] == ["Carla", "Daan"]
    assert [day.date for day in found.days] == [MONDAY + timedelta(days=ahead) for ahead in range(7)]


def test_a_shift_is_as_long_as_it_is_on_the_night_when_the_clock_jumps(floor: Counsellor) -> None:
    night = When(date(2026, 10, 24), when().opens, when().opens.replace(hour=7))
    shift = shifts.add(floor.person, "helpwanted", night, 1)
    assert shift.ends_at - shift.starts_at == timedelta(hours=12), "by the wall"
    stored = Shift.objects.get()
    assert stored.ends_at - stored.starts_at == timedelta(hours=13)
    assert When.of(stored) == night


@pytest.mark.parametrize(
    ("opens", "closes", "wanted", "refusal"),
    [
        ("05:00", "05:00", 1, TooLong),
        ("06:00", "23:00", 1, TooLong),
        ("19:00", "22:00", 0, TooMany),
        ("19:00", "22:00", 51, TooMany),
    ],
)
def test_what_nobody_can_do_is_refused(
    floor: Counsellor, opens: str, closes: str, wanted: int, refusal: type[Exception]
) -> None:
    with pytest.raises(refusal):
        a_shift(floor, 0, opens, closes, wanted=wanted)
    assert not Shift.objects.exists()


def test_a_shift_is_there_once(floor: Counsellor) -> None:
    a_shift(floor)
    other = a_shift(floor, 1)
    with pytest.raises(ThereAlready):
        a_shift(floor)
    with pytest.raises(ThereAlready):
        moving.change(floor.person, other.pk, when(), 2)
    assert Shift.objects.count() == 2


def test_a_shift_that_moves_keeps_who_is_on_it_and_one_that_goes_takes_them_along(
    floor: Counsellor, carla: Counsellor
) -> None:
    shift = a_shift(floor)
    places.put_on(floor.person, shift.pk, carla.person.handle, now=NOW)
    moving.change(floor.person, shift.pk, when(3, "20:00", "01:00"), 4)
    moved = Shift.objects.get()
    assert (When.of(moved), moved.wanted) == (when(3, "20:00", "01:00"), 4)
    assert on(moved) == {"Carla": "planned"}
    shifts.drop(floor.person, shift.pk)
    assert not Place.objects.exists()
    assert [row.action for row in AuditRow.objects.filter(actor=floor.person.handle)].count("rota") == 4


def test_a_shift_does_not_move_to_where_somebody_on_it_has_another(
    floor: Counsellor, carla: Counsellor
) -> None:
    monday, tuesday = a_shift(floor), a_shift(floor, 1)
    for shift in (monday, tuesday):
        places.put_on(floor.person, shift.pk, carla.person.handle, now=NOW)
    with pytest.raises(SomebodyElsewhere):
        moving.change(floor.person, tuesday.pk, when(0, "20:00", "23:00"), 2)
    assert When.of(Shift.objects.get(pk=tuesday.pk)) == when(1)
    moving.change(floor.person, tuesday.pk, when(1, "20:00", "23:00"), 2)


def test_who_loses_the_line_or_the_role_is_missed_on_its_shifts(
    floor: Counsellor, carla: Counsellor, daan: Counsellor
) -> None:
    shift = a_shift(floor)
    for who in (carla, daan):
        places.put_on(floor.person, shift.pk, who.person.handle, now=NOW)
    assert off_the_rota.tidy(NOW) == 0
    Work.objects.filter(person=carla.person).delete()
    Role.objects.filter(person=daan.person).delete()
    assert off_the_rota.tidy(NOW) == 2
    assert on(shift) == {}
    seen = [(row.actor, row.subject, row.detail) for row, _ in audit_trail.trail(floor.person)]
    for who in (carla, daan):
        told = ("", who.person.handle, f"helpwanted {When.of(shift).day}")
        assert told in seen, "a supervisor can put them back"


def test_a_night_on_which_the_clock_jumps_is_left_out_and_the_rest_of_the_week_is_made(
    floor: Counsellor,
) -> None:
    first = date(2026, 3, 16)
    for day, opens, closes in ((5, "15:00", "07:00"), (6, "09:00", "12:00")):
        shifts.add(floor.person, "helpwanted", When(first + timedelta(days=day), *_times(opens, closes)), 1)
    usual_week.keep(floor.person, "helpwanted", first)
    assert usual_week.fill(floor.person, "helpwanted", date(2026, 10, 19)) == 1, (
        "sixteen hours became seventeen"
    )


def _times(opens: str, closes: str) -> tuple[time, time]:
    return time.fromisoformat(opens), time.fromisoformat(closes)


def test_nobody_is_on_two_shifts_at_once_or_twice_on_one(
    floor: Counsellor, carla: Counsellor, esra: Counsellor
) -> None:
    shift, beside = a_shift(floor), a_shift(floor, 0, "21:00", "23:00")
    places.put_on(floor.person, shift.pk, carla.person.handle, now=NOW)
    with pytest.raises(OnItAlready):
        places.put_on(floor.person, shift.pk, carla.person.handle, now=NOW)
    with pytest.raises(OnAnother):
        places.put_on(floor.person, beside.pk, carla.person.handle, now=NOW)
    for stranger in (esra.person.handle, floor.person.handle, "nobody"):
        with pytest.raises(NotFound):
            places.put_on(floor.person, shift.pk, stranger, now=NOW)
    places.take_off(floor.person, shift.pk, carla.person.handle)
    places.put_on(floor.person, beside.pk, carla.person.handle, now=NOW)


def test_the_other_line_s_rota_is_not_there(otto: Counsellor, floor: Counsellor, carla: Counsellor) -> None:
    shift = a_shift(floor)
    for action in (
        lambda: week.of(otto.person, "helpwanted", MONDAY),
        lambda: a_shift(otto),
        lambda: moving.change(otto.person, shift.pk, when(1), 1),
        lambda: shifts.drop(otto.person, shift.pk),
        lambda: places.put_on(otto.person, shift.pk, carla.person.handle, now=NOW),
        lambda: usual_week.keep(otto.person, "helpwanted", MONDAY),
        lambda: usual_week.fill(otto.person, "helpwanted", MONDAY),
        lambda: attendance.now_and_soon(otto.person, "helpwanted", now=NOW),
    ):
        with pytest.raises(NotFound):
            action()


def test_the_usual_week_repeats_with_its_people_and_makes_nothing_twice(
    floor: Counsellor, carla: Counsellor, daan: Counsellor
) -> None:
    with pytest.raises(NothingUsual):
        usual_week.fill(floor.person, "helpwanted", MONDAY)
    with pytest.raises(NothingPlanned):
        usual_week.keep(floor.person, "helpwanted", MONDAY)
    monday, friday = a_shift(floor), a_shift(floor, 4, "20:00", "01:00", wanted=3)
    places.put_on(floor.person, monday.pk, carla.person.handle, now=NOW)
    places.put_on(floor.person, friday.pk, daan.person.handle, now=NOW)
    assert usual_week.keep(floor.person, "helpwanted", MONDAY) == 2
    later = MONDAY + timedelta(weeks=2)
    assert usual_week.fill(floor.person, "helpwanted", later) == 2
    assert usual_week.fill(floor.person, "helpwanted", later) == 0
    found = shifts.week(floor.person, "helpwanted", later)
    assert [(When.of(one).day, one.wanted, on(one)) for one in found] == [
        (later, 2, {"Carla": "planned"}),
        (later + timedelta(days=4), 3, {"Daan": "planned"}),
    ]


def test_a_holiday_on_which_the_line_is_closed_is_left_empty_and_named(
    floor: Counsellor, helpwanted: Line
) -> None:
    christmas = date(2026, 12, 25)
    for day in range(7):
        a_shift(floor, day)
    usual_week.keep(floor.person, "helpwanted", MONDAY)
    schedule = Schedule(((ALL_DAY,),) * 7, {"any": ()}, {date(2026, 12, 23): Exceptional((), "training")})
    schedules.replace_of_line(helpwanted, schedule)
    monday = date(2026, 12, 21)
    assert usual_week.fill(floor.person, "helpwanted", monday) == 4
    found = week.of(floor.person, "helpwanted", christmas)
    assert [(day.date.day, day.why) for day in found.days if day.closed] == [
        (23, "training"), (25, "Eerste kerstdag"), (26, "Tweede kerstdag"),
    ]  # fmt: skip


def test_who_has_left_or_works_elsewhere_then_is_not_put_on_by_the_usual_week(
    floor: Counsellor, carla: Counsellor, daan: Counsellor
) -> None:
    shift = a_shift(floor)
    for who in (carla, daan):
        places.put_on(floor.person, shift.pk, who.person.handle, now=NOW)
    usual_week.keep(floor.person, "helpwanted", MONDAY)
    carla.person.is_active = False
    carla.person.save()
    busy = a_shift(floor, 7, "18:00", "20:00")
    places.put_on(floor.person, busy.pk, daan.person.handle, now=NOW)
    usual_week.fill(floor.person, "helpwanted", MONDAY + timedelta(weeks=1))
    filled = Shift.objects.exclude(pk=busy.pk).get(starts_at__gt=shift.starts_at)
    assert on(filled) == {}


def test_who_should_be_there_now_and_within_a_day(floor: Counsellor) -> None:
    over, now, soon = a_shift(floor, 0, "13:00", "18:00"), a_shift(floor), a_shift(floor, 1, "09:00", "12:00")
    a_shift(floor, 2)
    evening = datetime(2026, 11, 30, 19, tzinfo=UTC)
    found = [shift.pk for shift in attendance.now_and_soon(floor.person, "helpwanted", now=evening)]
    assert found == [now.pk, soon.pk]
    assert over.pk not in found


def test_the_line_s_supervisors_are_told(floor: Counsellor, carla: Counsellor, every_bell: Rung) -> None:
    told = RotaChanged(floor.person.pk, "helpwanted")
    assert every_bell(lambda: a_shift(floor)) == [told]
    shift = Shift.objects.get()
    assert told in every_bell(lambda: places.put_on(floor.person, shift.pk, carla.person.handle, now=NOW))


def test_a_year_and_a_month_later_it_is_forgotten(floor: Counsellor) -> None:
    a_shift(floor)
    assert shifts.forget_old(NOW + timedelta(days=400)) == 0
    assert shifts.forget_old(NOW + timedelta(days=404)) == 1
