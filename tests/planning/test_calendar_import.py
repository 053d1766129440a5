"""From a calendar file of another program the readable events are taken, and the others are named by their
lines."""

from datetime import UTC, datetime

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from chat.planning import calendar_feed, calendar_import, places
from chat.planning.calendar_import import FileTooLarge, Imported, Left, NoCalendar, Why
from chat.planning.models import Place, Shift
from helpline.lib.errors import NotFound
from tests.planning.cast import NOW, a_shift, on
from tests.support.domain.cast import Counsellor

pytestmark = pytest.mark.django_db

MESSY = """BEGIN:VCALENDAR
PRODID:-//Some Planner 2009//EN
VERSION:2.0
X-WR-CALNAME:Rooster helplijn
BEGIN:VTIMEZONE
TZID:W. Europe Standard Time
BEGIN:STANDARD
DTSTART:16010101T030000
TZOFFSETFROM:+0200
TZOFFSETTO:+0100
RRULE:FREQ=YEARLY;BYDAY=-1SU;BYMONTH=10
END:STANDARD
BEGIN:DAYLIGHT
DTSTART:16010101T020000
TZOFFSETFROM:+0100
TZOFFSETTO:+0200
RRULE:FREQ=YEARLY;BYDAY=-1SU;BYMONTH=3
END:DAYLIGHT
END:VTIMEZONE
BEGIN:VEVENT
UID:1
SUMMARY:Carla
DTSTART;TZID=W. Europe Standard Time:20261201T190000
DTEND;TZID=W. Europe Standard Time:20261201T220000
END:VEVENT
BEGIN:VEVENT
UID:2
SUMMARY:daan
DTSTART;TZID="W. Europe Standard Time":20261201T190000
DTEND:20261201T210000Z
END:VEVENT
BEGIN:VEVENT
SUMMARY:no zone\\, and a len
 gth
DTSTART:20261202T190000
DURATION:PT3H
END:VEVENT
BEGIN:VEVENT
SUMMARY:no start
DTEND:20261202T220000Z
END:VEVENT
BEGIN:VEVENT
DTSTART:2026-12-03 19:00
DTEND:20261203T220000Z
END:VEVENT
BEGIN:VEVENT
THIS IS NO LINE
DTSTART:20261204T180000Z
DTEND:20261204T210000Z
END:VEVENT
BEGIN:VEVENT
DTSTART;VALUE=DATE:20261205
DTEND;VALUE=DATE:20261206
END:VEVENT
BEGIN:VEVENT
DTSTART:20261206T180000Z
DTEND:20261208T210000Z
END:VEVENT
BEGIN:VEVENT
DTSTART:20261207T180000Z
DTEND:20261207T210000Z
RRULE:FREQ=WEEKLY
END:VEVENT
BEGIN:VEVENT
DTSTART:20200101T180000Z
DTEND:20200101T210000Z
END:VEVENT
BEGIN:VEVENT
DTSTART:20261208T180000Z
END:VEVENT
BEGIN:VEVENT
DTSTART:20261209T180000Z
BEGIN:VEVENT
DTSTART:20261210T180000Z
DTEND:20261210T210000Z
END:VEVENT
BEGIN:VEVENT
DTSTART:20261211T180000Z
DTEND:20261211T210000Z
"""


def test_a_messy_file_gives_its_shifts_and_names_every_bad_event(
    floor: Counsellor, carla: Counsellor, daan: Counsellor
) -> None:
    taken = calendar_import.take(floor.person, "helpwanted", MESSY, now=NOW)
    found = {shift.starts_at: shift for shift in Shift.objects.all()}
    assert sorted(found) == [datetime(2026, 12, day, 18, tzinfo=UTC) for day in (1, 2, 4, 10)]
    tuesday = found[datetime(2026, 12, 1, 18, tzinfo=UTC)]
    assert (tuesday.wanted, on(tuesday)) == (2, {"Carla": "planned", "Daan": "planned"})
    assert taken == Imported(
        shifts=4,
        people=2,
        left=[
            Left(line_of("no zone") - 1, Why.UNKNOWN, "no zone, and a length"),
            Left(line_of("no start") - 1, Why.NO_START),
            Left(line_of("2026-12-03") - 1, Why.NO_START),
            Left(line_of("VALUE=DATE:20261205") - 1, Why.WHOLE_DAY),
            Left(line_of("20261206T18") - 1, Why.TOO_LONG),
            Left(line_of("20261207T18") - 1, Why.REPEATS),
            Left(line_of("20200101T18") - 1, Why.OVER),
            Left(line_of("20261208T18") - 1, Why.NO_END),
            Left(line_of("20261209T18") - 1, Why.CUT_OFF),
            Left(line_of("20261211T18") - 1, Why.CUT_OFF),
        ],
    )


def test_sent_again_it_puts_nobody_back_who_gave_their_place_away(
    floor: Counsellor, carla: Counsellor, daan: Counsellor
) -> None:
    sent = MESSY.split("BEGIN:VEVENT")
    one = "BEGIN:VEVENT".join((sent[0], sent[1])) + "END:VCALENDAR"
    assert calendar_import.take(floor.person, "helpwanted", one, now=NOW).people == 1
    shift = Shift.objects.get()
    Place.objects.filter(shift=shift).update(person=daan.person)
    again = calendar_import.take(floor.person, "helpwanted", one, now=NOW)
    assert (again.shifts, again.people, [left.why for left in again.left]) == (0, 0, [Why.FULL])
    assert on(shift) == {"Daan": "planned"}


def line_of(words: str) -> int:
    return next(number for number, line in enumerate(MESSY.splitlines(), 1) if words in line)


@pytest.mark.parametrize(
    ("lines", "why"),
    [
        ("DTSTART:99991231T235959Z\nDTEND:99991231T235959Z", Why.NO_END),
        ("DTSTART:99991231T180000\nDTEND:99991231T210000", Why.TOO_FAR),
        ("DTSTART:20300101T180000Z\nDTEND:20300101T210000Z", Why.TOO_FAR),
        ("DTSTART:20261201T180000Z\nDURATION:nonsense", Why.NO_END),
        ("DTSTART:20261201T180000Z\nDURATION:-PT3H", Why.NO_END),
        ("DTSTART:20261201T180000Z\nDURATION:P3000000D", Why.TOO_LONG),
        ("DTSTART:20261201T180000Z\nDURATION:-P3000000D", Why.NO_END),
        ("DTSTART:20261201T180000Z\nDTEND:20261201T210000Z\nSTATUS:CANCELLED", Why.CANCELLED),
        ("DTSTART:\x00\nDTEND:20261201T210000Z", Why.NO_START),
    ],
)
def test_what_makes_no_sense_is_named(floor: Counsellor, lines: str, why: Why) -> None:
    text = f"BEGIN:VCALENDAR\nBEGIN:VEVENT\n{lines}\nEND:VEVENT\nEND:VCALENDAR\n"
    assert calendar_import.take(floor.person, "helpwanted", text, now=NOW).left == [Left(2, why)]


def test_what_a_file_says_of_zones_is_not_believed(floor: Counsellor) -> None:
    """Known zones are found by name. A definition in the file would apply to everybody, and could take very
    long to read."""
    own = MESSY.replace("FREQ=YEARLY;BYDAY=-1SU;BYMONTH=10", "FREQ=SECONDLY").replace("+0100", "+0900")
    taken = calendar_import.take(floor.person, "helpwanted", own, now=NOW)
    assert taken.shifts == 4
    assert Shift.objects.filter(starts_at=datetime(2026, 12, 1, 18, tzinfo=UTC)).exists()
    left = calendar_import.take(floor.person, "helpwanted", strange_zone(), now=NOW).left
    assert [one.why for one in left].count(Why.NO_ZONE) == 2


WITHIN = """BEGIN:VEVENT
{begin}VTIMEZONE
TZID:Our own time
BEGIN:STANDARD
DTSTART:19700101T000000
TZOFFSETFROM:+0900
TZOFFSETTO:+0900
END:STANDARD
END:VTIMEZONE
DTSTART;TZID=Our own time:20261201T190000
DTEND;TZID=Our own time:20261201T220000
SUMMARY:Carla
END:VEVENT
"""


@pytest.mark.parametrize("begin", ["BEGIN:", "BEG\n IN:", "begin;X=1:"])
def test_a_zone_within_an_event_is_not_believed_either_now_or_by_a_later_file(
    floor: Counsellor, begin: str
) -> None:
    for file in (WITHIN.format(begin=begin), strange_zone()):
        left = calendar_import.take(floor.person, "helpwanted", file, now=NOW).left
        assert Why.NO_ZONE in [one.why for one in left]
    assert not Shift.objects.filter(starts_at=datetime(2026, 12, 1, 10, tzinfo=UTC)).exists()


def strange_zone() -> str:
    return MESSY.replace("W. Europe Standard Time", "Our own time")


def test_a_file_with_more_than_a_year_is_refused_as_a_whole(floor: Counsellor) -> None:
    event = "BEGIN:VEVENT\nDTSTART:20261201T180000Z\nDTEND:20261201T210000Z\nEND:VEVENT\n"
    with pytest.raises(FileTooLarge):
        calendar_import.take(floor.person, "helpwanted", event * 1001, now=NOW)
    with pytest.raises(FileTooLarge):
        calendar_import.take(floor.person, "helpwanted", "é" * 130_000, now=NOW)
    assert not Shift.objects.exists()


def test_sent_twice_it_changes_nothing(floor: Counsellor, carla: Counsellor, daan: Counsellor) -> None:
    calendar_import.take(floor.person, "helpwanted", MESSY, now=NOW)
    again = calendar_import.take(floor.person, "helpwanted", MESSY, now=NOW)
    assert (again.shifts, again.people, Shift.objects.count()) == (0, 0, 4)


def test_who_is_elsewhere_then_is_named_and_the_shift_is_there(floor: Counsellor, carla: Counsellor) -> None:
    busy = a_shift(floor, 1, "18:00", "20:00")
    places.put_on(floor.person, busy.pk, carla.person.handle, now=NOW)
    taken = calendar_import.take(floor.person, "helpwanted", MESSY, now=NOW)
    assert Left(line_of("SUMMARY:Carla") - 2, Why.ELSEWHERE, "Carla") in taken.left
    assert taken.shifts == 4


def at_seven(*names: str) -> str:
    """Makes a file in which each of them has the same evening, with the first event at its second line."""
    events = (
        f"BEGIN:VEVENT\nSUMMARY:{name}\nDTSTART:20261201T180000Z\nDTEND:20261201T210000Z\nEND:VEVENT\n"
        for name in names
    )
    return f"BEGIN:VCALENDAR\n{''.join(events)}END:VCALENDAR\n"


def test_a_name_that_nobody_of_the_line_has_is_reported_and_its_shift_is_there(
    floor: Counsellor, carla: Counsellor
) -> None:
    taken = calendar_import.take(floor.person, "helpwanted", at_seven("Carla", "Onbekend"), now=NOW)
    assert taken == Imported(shifts=1, people=1, left=[Left(7, Why.UNKNOWN, "Onbekend")])
    assert (Shift.objects.get().wanted, on(Shift.objects.get())) == (2, {"Carla": "planned"})


def test_a_name_that_fits_several_people_is_reported_with_theirs_and_nobody_is_guessed(
    floor: Counsellor, carla: Counsellor, daan: Counsellor
) -> None:
    for who, alias in ((carla, "Noor de Wit"), (daan, "Noor V.")):
        who.person.alias = alias
        who.person.save()
    taken = calendar_import.take(floor.person, "helpwanted", at_seven("noor", "NOOR V.", "Noo"), now=NOW)
    assert taken == Imported(
        shifts=1,
        people=1,
        left=[
            Left(2, Why.SEVERAL, "noor", ("Noor de Wit", "Noor V.")),
            Left(12, Why.UNKNOWN, "Noo"),
        ],
    )
    assert (Shift.objects.get().wanted, on(Shift.objects.get())) == (3, {"Noor V.": "planned"})


def test_somebody_who_stands_there_twice_at_one_time_is_put_on_once_and_is_not_missed(
    floor: Counsellor, carla: Counsellor
) -> None:
    taken = calendar_import.take(floor.person, "helpwanted", at_seven("Carla", "CARLA "), now=NOW)
    assert taken == Imported(shifts=1, people=1, left=[Left(7, Why.TWICE, "CARLA")])
    assert Shift.objects.get().wanted == 1


def test_what_this_installation_writes_it_reads_again(
    floor: Counsellor, otto: Counsellor, carla: Counsellor
) -> None:
    for day in (0, 1):
        places.put_on(floor.person, a_shift(floor, day).pk, carla.person.handle, now=NOW)
    text = calendar_feed.write(carla.person, now=NOW).decode()
    taken = calendar_import.take(otto.person, "stopitnow", text, now=NOW)
    assert (taken.shifts, taken.people, {one.why for one in taken.left}) == (2, 0, {Why.UNKNOWN})


@pytest.mark.parametrize("text", ["", "Naam;Van;Tot\nCarla;19:00;22:00", "BEGIN:VCALENDAR\nEND:VCALENDAR"])
def test_what_is_no_calendar_is_refused(floor: Counsellor, text: str) -> None:
    with pytest.raises(NoCalendar):
        calendar_import.take(floor.person, "helpwanted", text, now=NOW)


def test_a_file_too_large_and_another_line_are_refused(floor: Counsellor, otto: Counsellor) -> None:
    with pytest.raises(FileTooLarge):
        calendar_import.take(floor.person, "helpwanted", " " * 1_000_001, now=NOW)
    with pytest.raises(NotFound):
        calendar_import.take(otto.person, "helpwanted", MESSY, now=NOW)


@settings(max_examples=60)
@given(st.data())
def test_however_a_file_is_torn_it_gives_an_answer(data: st.DataObject) -> None:
    """Lines are lost, doubled or cut: each event is taken or named."""
    lines = MESSY.splitlines()
    for _ in range(data.draw(st.integers(1, 6))):
        place = data.draw(st.integers(0, len(lines) - 1))
        piece = data.draw(
            st.sampled_from(["", lines[place][:9], lines[place] * 2, "DTSTART:x", "END:VTIMEZONE"])
        )
        lines[place] = piece
    found, left = calendar_import._events("\n".join(lines), NOW)
    begun = sum(line.strip().upper() == "BEGIN:VEVENT" for line in lines)
    assert sum(map(len, found.values())) + len(left) == begun
