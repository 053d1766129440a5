"""Somebody's calendar reads their shifts from a secret address, with times alone, as any client understands
them."""

from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
import vobject

from chat.planning import calendar_feed, places, shifts
from chat.planning.shifts import When
from helpline.lib.errors import NotFound
from tests.planning.cast import NOW, a_shift, when
from tests.support.domain.cast import Counsellor

pytestmark = pytest.mark.django_db
AUTUMN = datetime(2026, 10, 20, 12, tzinfo=UTC)


def read(carla: Counsellor, *, now: datetime = NOW) -> str:
    return calendar_feed.write(carla.person, now=now).decode()


def events(carla: Counsellor, *, now: datetime = NOW) -> list[Any]:
    """Returns the events, read by another library."""
    return list(getattr(vobject.readOne(read(carla, now=now)), "vevent_list", []))


def puts_on(floor: Counsellor, carla: Counsellor, *dated: When) -> None:
    for one in dated:
        shift = shifts.add(floor.person, "helpwanted", one, 2)
        places.put_on(floor.person, shift.pk, carla.person.handle, now=AUTUMN)


def test_another_library_reads_the_same_times(floor: Counsellor, carla: Counsellor, daan: Counsellor) -> None:
    puts_on(floor, carla, when(0), when(4, "22:00", "02:00"))
    puts_on(floor, daan, when(2))
    found = [(one.dtstart.value, one.dtend.value) for one in events(carla)]
    utc = [(starts.astimezone(UTC), ends.astimezone(UTC)) for starts, ends in found]
    assert utc == [
        (datetime(2026, 11, 30, 18, tzinfo=UTC), datetime(2026, 11, 30, 21, tzinfo=UTC)),
        (datetime(2026, 12, 4, 21, tzinfo=UTC), datetime(2026, 12, 5, 1, tzinfo=UTC)),
    ]


def test_over_the_night_on_which_summer_time_ends_it_is_right_to_the_minute(
    floor: Counsellor, carla: Counsellor
) -> None:
    puts_on(floor, carla, When(date(2026, 10, 24), when().opens, when().opens.replace(hour=5)))
    (night,) = events(carla, now=AUTUMN)
    assert night.dtstart.value.utcoffset() == timedelta(hours=2)
    assert night.dtend.value.utcoffset() == timedelta(hours=1)
    assert night.dtend.value.astimezone(UTC) - night.dtstart.value.astimezone(UTC) == timedelta(hours=11)


def test_it_keeps_a_client_s_rules_of_lines_zones_and_names(floor: Counsellor, carla: Counsellor) -> None:
    puts_on(floor, carla, when(0), when(1))
    text = calendar_feed.write(carla.person, now=NOW)
    lines = text.split(b"\r\n")
    assert text.endswith(b"END:VCALENDAR\r\n")
    assert b"\n" not in text.replace(b"\r\n", b"")
    assert max(map(len, lines)) <= 75, "RFC 5545, 3.1: folded"
    words = [line.decode() for line in lines]
    assert words.count("BEGIN:VTIMEZONE") == 1
    assert "TZID:Europe/Amsterdam" in words
    assert all(
        line.startswith("DTSTART;TZID=Europe/Amsterdam:") for line in words if line.startswith("DTSTART;")
    )
    assert "REFRESH-INTERVAL;VALUE=DURATION:PT4H" in words, "RFC 7986, 5.7"
    names = [line for line in words if line.startswith("UID:")]
    assert len({*names}) == 2
    assert read(carla, now=NOW + timedelta(hours=1)).count(names[0]) == 1, "the same name each time"
    assert any(line.startswith("DTSTAMP:") and line.endswith("Z") for line in words)


def test_it_says_when_and_neither_where_nor_for_whom(floor: Counsellor, carla: Counsellor) -> None:
    puts_on(floor, carla, when(0))
    text = read(carla).lower()
    for word in ("helpwanted", "stop", "carla", "floor", "location", "attendee", "organizer", "description"):
        assert word not in text, word


def test_a_sick_day_is_not_in_it_and_a_swap_is(
    floor: Counsellor, carla: Counsellor, daan: Counsellor
) -> None:
    shift = a_shift(floor)
    places.take(carla.person, shift.pk, now=NOW)
    places.call_in_sick(carla.person, shift.pk, now=NOW)
    assert events(carla) == []
    places.take(daan.person, shift.pk, now=NOW)
    assert len(events(daan)) == 1


def test_the_address_opens_until_a_newer_one_is_made_or_it_is_ended(
    floor: Counsellor, carla: Counsellor
) -> None:
    first = secret(calendar_feed.make(carla.person, now=NOW))
    assert calendar_feed.read(first, now=NOW).startswith(b"BEGIN:VCALENDAR")
    assert calendar_feed.made(carla.person) == NOW
    second = secret(calendar_feed.make(carla.person, now=NOW))
    for old in (first, "", "x" * 43):
        with pytest.raises(NotFound):
            calendar_feed.read(old, now=NOW)
    calendar_feed.end(carla.person)
    with pytest.raises(NotFound):
        calendar_feed.read(second, now=NOW)


def test_who_has_left_is_read_no_more(carla: Counsellor) -> None:
    own = secret(calendar_feed.make(carla.person, now=NOW))
    carla.person.is_active = False
    carla.person.save()
    with pytest.raises(NotFound):
        calendar_feed.read(own, now=NOW)


def secret(address: str) -> str:
    return address.rpartition("/")[2].removesuffix(".ics")
