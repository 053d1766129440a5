"""Opening hours follow the wall clock: over midnight, on holidays and at both clock changes."""

from collections.abc import Iterator
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest
from django.test import Client
from hypothesis import example, given, settings
from hypothesis import strategies as st

from chat import protocol
from chat.lines import hours, open_now
from chat.lines.hours import ALL_DAY, DAY_AND_NIGHT, Exceptional, Schedule, Spans
from chat.models import Conversation, DatedHours, Line, WeeklyHours
from chat.spans import ANY, FEASTS, Span
from helpline.lib.errors import LineClosed
from tests.support.domain.cast import a_caller

AMSTERDAM = ZoneInfo("Europe/Amsterdam")
MINUTE, DAY = timedelta(minutes=1), timedelta(days=1)
SKIPPED = date(2027, 3, 28)  # 02:00 becomes 03:00; Easter Sunday besides
DOUBLED = date(2026, 10, 25)  # 03:00 becomes 02:00

# The holidays of the days that are drawn below, from a paper calendar. Liberation Day 2026 is not public.
CALENDAR = {
    date(2026, 4, 27): ("Koningsdag", True),
    date(2026, 5, 5): ("Bevrijdingsdag", False),
    date(2025, 5, 5): ("Bevrijdingsdag", True),
    date(2026, 12, 25): ("Eerste kerstdag", True),
    date(2026, 12, 26): ("Tweede kerstdag", True),
    date(2027, 1, 1): ("Nieuwjaarsdag", True),
    date(2027, 3, 26): ("Goede vrijdag", True),
    date(2027, 3, 28): ("Eerste paasdag", True),
    date(2027, 3, 29): ("Tweede paasdag", True),
}
STARTS = (
    DOUBLED - DAY,
    SKIPPED - DAY,
    date(2026, 3, 28),  # the hour that is skipped in the other year, on no holiday
    date(2026, 4, 26),
    date(2026, 5, 4),
    date(2025, 5, 4),
    date(2026, 12, 24),
    date(2026, 12, 31),
    date(2026, 11, 9),
)
WINDOW_DAYS = 3


def at(day: date, reading: str, *, fold: int = 0) -> datetime:
    return datetime.combine(day, time.fromisoformat(reading), AMSTERDAM).replace(fold=fold).astimezone(UTC)


def today() -> date:
    return datetime.now(AMSTERDAM).date()


def span(opens: str, closes: str) -> Span:
    return Span(time.fromisoformat(opens), time.fromisoformat(closes))


def weekly(*spans: Span) -> tuple[Spans, ...]:
    """Makes a timetable that is the same every day."""
    return (spans,) * 7


# The oracle marks every minute that the wall clock can show, one by one.


def open_minutes(schedule: Schedule, first: date) -> set[datetime]:
    marked: set[datetime] = set()
    for ahead in range(-1, WINDOW_DAYS + 2):
        day = first + ahead * DAY
        for each in spans_by_hand(schedule, day):
            minute = datetime.combine(day, each.opens)
            end = datetime.combine(day, each.closes)
            end += DAY if end <= minute else timedelta()
            while minute < end:
                marked.add(minute)
                minute += MINUTE
    return marked


def spans_by_hand(schedule: Schedule, day: date) -> Spans:
    if day in schedule.dates:
        return schedule.dates[day].spans
    if day in CALENDAR:
        feast, public = CALENDAR[day]
        if feast in schedule.holidays:
            return schedule.holidays[feast]
        if public and ANY in schedule.holidays:
            return schedule.holidays[ANY]
    return schedule.week[day.weekday()]


def shows(instant: datetime) -> datetime:
    """Returns the minute that the wall clock shows."""
    return instant.astimezone(AMSTERDAM).replace(tzinfo=None, second=0, microsecond=0)


def minutes_after(instant: datetime) -> Iterator[datetime]:
    minute = instant.replace(second=0, microsecond=0)
    for _ in range((WINDOW_DAYS - 1) * 24 * 60):
        minute += MINUTE
        yield minute


# Any schedule, any instant

TIMES = st.one_of(
    st.sampled_from(
        [time(0), time(1, 59), time(2), time(2, 15), time(2, 30), time(3), time(3, 30), time(23, 59)]
    ),
    st.times().map(lambda reading: reading.replace(second=0, microsecond=0, fold=0)),
)
SPANS = st.lists(st.builds(Span, TIMES, TIMES).filter(lambda s: not s.is_nothing), max_size=3).map(tuple)
FIRST_DAYS = st.sampled_from(STARTS)


@st.composite
def schedules_and_instants(draw: st.DrawFn) -> tuple[Schedule, datetime, date]:
    first = draw(FIRST_DAYS)
    near = st.sampled_from([first + ahead * DAY for ahead in range(-1, WINDOW_DAYS + 2)])
    schedule = Schedule(
        week=tuple(draw(st.lists(SPANS, min_size=7, max_size=7))),
        holidays=draw(st.dictionaries(st.sampled_from([ANY, *FEASTS]), SPANS, max_size=4)),
        dates=draw(st.dictionaries(near, st.builds(Exceptional, SPANS), max_size=3)),
    )
    begin = datetime.combine(first, time(), AMSTERDAM).astimezone(UTC)
    return schedule, begin + timedelta(seconds=draw(st.integers(0, 36 * 3600))), first


@pytest.mark.long
@settings(max_examples=150)
@given(schedules_and_instants())
def test_open_is_what_the_wall_clock_reads(drawn: tuple[Schedule, datetime, date]) -> None:
    schedule, instant, first = drawn
    marked = open_minutes(schedule, first)
    assert hours.is_open(schedule, instant) == (shows(instant) in marked)
    for minute in minutes_after(instant):
        assert hours.is_open(schedule, minute) == (shows(minute) in marked), minute


@settings(max_examples=150)
@given(schedules_and_instants())
def test_the_next_opening_is_the_first_open_instant(drawn: tuple[Schedule, datetime, date]) -> None:
    schedule, instant, first = drawn
    marked = open_minutes(schedule, first)
    found = hours.next_opening(schedule, instant)
    if shows(instant) in marked:
        assert found == instant
        return
    expected = next((minute for minute in minutes_after(instant) if shows(minute) in marked), None)
    last = instant + (WINDOW_DAYS - 1) * DAY
    assert found == expected if expected else found is None or found > last - MINUTE


@settings(max_examples=150)
@given(schedules_and_instants())
def test_the_next_change_is_the_first_instant_that_differs(drawn: tuple[Schedule, datetime, date]) -> None:
    schedule, instant, first = drawn
    marked = open_minutes(schedule, first)
    now = shows(instant) in marked
    found = hours.next_change(schedule, instant)
    expected = next((minute for minute in minutes_after(instant) if (shows(minute) in marked) != now), None)
    last = instant + (WINDOW_DAYS - 1) * DAY
    assert found == expected if expected else found is None or found > last - MINUTE


@settings(max_examples=150)
@given(st.lists(SPANS, min_size=7, max_size=7))
@example([*[()] * 6, (span("20:00", "02:00"),)])
@example([(span("01:00", "05:00"),), *[()] * 5, (span("20:00", "02:00"),)])
def test_a_week_overlaps_when_a_minute_of_it_is_covered_twice(week: list[Spans]) -> None:
    covered = [
        minute % (7 * 1440)
        for weekday, spans in enumerate(week)
        for each in spans
        for minute in range(
            weekday * 1440 + minutes(each.opens),
            weekday * 1440 + minutes(each.closes) + (1440 if each.runs_over_midnight else 0),
        )
    ]
    assert hours.overlap(week) == (len(covered) > len(set(covered)))


def minutes(reading: time) -> int:
    return reading.hour * 60 + reading.minute


# Both clock changes, calculated by hand


def test_a_span_inside_the_skipped_hour_never_comes() -> None:
    schedule = Schedule(weekly(span("02:15", "02:45")))
    assert hours.next_opening(schedule, at(SKIPPED, "00:00")) == at(SKIPPED + DAY, "02:15")


def test_a_span_that_begins_in_the_skipped_hour_opens_when_the_clock_has_jumped() -> None:
    schedule = Schedule(weekly(span("02:30", "05:00")))
    assert hours.next_opening(schedule, at(SKIPPED, "00:00")) == at(SKIPPED, "03:00")


def test_a_span_that_ends_in_the_skipped_hour_closes_when_the_clock_jumps() -> None:
    schedule = Schedule(weekly(span("22:00", "02:30")))
    assert hours.next_change(schedule, at(SKIPPED, "01:00")) == at(SKIPPED, "03:00")


def test_a_time_that_comes_twice_is_open_both_times() -> None:
    schedule = Schedule(weekly(span("02:15", "02:45")))
    first, second = at(DOUBLED, "02:15"), at(DOUBLED, "02:15", fold=1)
    assert second - first == timedelta(hours=1)
    assert hours.next_opening(schedule, at(DOUBLED, "00:00")) == first
    assert hours.next_change(schedule, first) == at(DOUBLED, "02:45")
    assert hours.next_opening(schedule, at(DOUBLED, "02:45")) == second
    assert hours.next_change(schedule, second) == at(DOUBLED, "02:45", fold=1)


@pytest.mark.parametrize(("day", "lasts"), [(SKIPPED, 23), (DOUBLED, 25)])
def test_a_whole_day_is_as_long_as_the_day(day: date, lasts: int) -> None:
    schedule = Schedule(weekly(), dates={day: Exceptional((ALL_DAY,))})
    opens = hours.next_opening(schedule, at(day - DAY, "12:00"))
    assert opens == at(day, "00:00")
    assert hours.next_change(schedule, opens) == opens + timedelta(hours=lasts)


# What takes precedence, and what never happens


def test_a_date_wins_over_a_holiday_and_a_holiday_over_the_weekday() -> None:
    christmas = date(2026, 12, 25)
    week, noon = weekly(span("09:00", "17:00")), at(christmas, "12:00")
    closed: dict[str, Spans] = {"Eerste kerstdag": ()}
    assert hours.is_open(Schedule(week), noon)
    assert not hours.is_open(Schedule(week, holidays=closed), noon)
    dates = {christmas: Exceptional((span("11:00", "13:00"),), "kerstdienst")}
    assert hours.is_open(Schedule(week, holidays=closed, dates=dates), noon)
    assert hours.is_open(Schedule(week, holidays=closed), at(christmas + DAY, "12:00"))


def test_a_holiday_s_own_rule_wins_over_the_rule_for_any() -> None:
    schedule = Schedule(weekly(ALL_DAY), holidays={ANY: (), "Koningsdag": (span("10:00", "12:00"),)})
    assert schedule.on(date(2026, 4, 27)).spans == (span("10:00", "12:00"),)
    assert schedule.on(date(2026, 4, 6)).spans == ()


def test_liberation_day_is_any_holiday_once_in_five_years_and_itself_always() -> None:
    anyone = Schedule(weekly(ALL_DAY), holidays={ANY: ()})
    assert anyone.on(date(2025, 5, 5)).spans == ()
    assert anyone.on(date(2026, 5, 5)).spans == (ALL_DAY,)
    itself = Schedule(weekly(ALL_DAY), holidays={"Bevrijdingsdag": ()})
    assert itself.on(date(2026, 5, 5)).spans == ()


def test_two_holidays_on_one_date_both_count() -> None:
    both = date(2016, 5, 5)  # Ascension Day and Liberation Day
    assert set(hours.feasts_of(both)) == {"Hemelvaartsdag", "Bevrijdingsdag"}
    for feast in hours.feasts_of(both):
        assert Schedule(weekly(ALL_DAY), holidays={feast: ()}).on(both).spans == ()


def test_what_opened_before_midnight_ends_at_its_own_time_also_on_a_closed_day() -> None:
    closed = date(2026, 11, 14)
    schedule = Schedule(weekly(span("20:00", "02:00")), dates={closed: Exceptional(())})
    assert hours.is_open(schedule, at(closed, "01:59"))
    assert not hours.is_open(schedule, at(closed, "02:00"))
    assert not hours.is_open(schedule, at(closed, "21:00"))
    assert not hours.is_open(schedule, at(closed + DAY, "01:00"))


def test_day_and_night_never_changes_and_never_open_never_opens() -> None:
    now = at(DOUBLED, "12:00")
    assert hours.next_change(Schedule(DAY_AND_NIGHT), now) is None
    assert hours.next_opening(Schedule(DAY_AND_NIGHT), now) == now
    assert hours.next_opening(Schedule(weekly()), now) is None


def test_an_opening_just_after_the_night_of_the_clock_change_is_not_late() -> None:
    schedule = Schedule(((span("00:01", "00:00"),), *[()] * 6))
    assert hours.next_opening(schedule, at(SKIPPED - DAY, "00:00")) == at(SKIPPED + DAY, "00:01")


def test_an_opening_months_away_is_found() -> None:
    far = DOUBLED + timedelta(days=200)
    schedule = Schedule(weekly(), dates={far: Exceptional((span("09:00", "10:00"),))})
    assert hours.next_opening(schedule, at(DOUBLED, "12:00")) == at(far, "09:00")


def test_every_dutch_holiday_has_the_name_that_rules_are_stored_under() -> None:
    """If the library renames a holiday, this test fails before a rule silently stops applying: change FEASTS
    and migrate."""
    first, last = date(2020, 1, 1), date(2051, 1, 1)
    days = (first + n * DAY for n in range((last - first).days))
    assert {feast for day in days for feast in hours.feasts_of(day)} == set(FEASTS)


def test_the_preview_shows_four_weeks_and_why_a_day_differs() -> None:
    schedule = Schedule(
        weekly(span("09:00", "17:00")),
        holidays={"Eerste kerstdag": ()},
        dates={date(2026, 12, 24): Exceptional((span("09:00", "12:00"),), "teamdag")},
    )
    days = hours.four_weeks(schedule, date(2026, 12, 7))
    assert [day.date for day in days] == [date(2026, 12, 7) + n * DAY for n in range(28)]
    why = {day.date.day: (day.spans, day.why) for day in days if day.why}
    assert why == {24: ((span("09:00", "12:00"),), "teamdag"), 25: ((), "Eerste kerstdag")}


# A line


@pytest.fixture
def line(helpwanted: Line) -> Line:
    """Returns Helpwanted, which follows its hours."""
    helpwanted.state = Line.State.HOURS
    helpwanted.save()
    return helpwanted


def on_weekdays(line: Line, opens: str, closes: str) -> None:
    for weekday in range(5):
        WeeklyHours.objects.create(line=line, weekday=weekday, opens=opens, closes=closes)


MONDAY = date(2026, 11, 9)


def test_a_line_without_hours_is_closed_for_nobody(line: Line) -> None:
    assert open_now.opening(line, now=at(MONDAY, "03:00")) == open_now.Opening(open=True)


def test_a_line_without_weekly_hours_still_keeps_its_exceptions(line: Line) -> None:
    DatedHours.objects.create(line=line, date=MONDAY, reason="verhuizing")
    assert open_now.opening(line, now=at(MONDAY, "12:00")) == open_now.Opening(
        False, at(MONDAY + DAY, "00:00")
    )


def test_a_closed_line_says_when_it_opens(line: Line) -> None:
    on_weekdays(line, "09:00", "17:00")
    line = Line.objects.get(pk=line.pk)
    assert open_now.opening(line, now=at(MONDAY, "09:00")).open
    assert not open_now.opening(line, now=at(MONDAY, "17:00")).open
    friday = at(MONDAY + 4 * DAY, "17:00")
    assert open_now.opening(line, now=friday) == open_now.Opening(False, at(MONDAY + 7 * DAY, "09:00"))


def test_a_supervisor_s_word_counts_more_than_the_hours(line: Line) -> None:
    on_weekdays(line, "09:00", "17:00")
    line.state = Line.State.OPEN
    assert open_now.opening(line, now=at(MONDAY, "03:00")) == open_now.Opening(open=True)
    line.state = Line.State.CLOSED
    assert open_now.opening(line, now=at(MONDAY, "12:00")) == open_now.Opening(open=False, opens=None)


def test_nobody_enters_a_closed_line_and_the_refusal_says_when_it_opens(line: Line) -> None:
    on_weekdays(line, "09:00", "17:00")
    with pytest.raises(LineClosed) as refused:
        a_caller(now=at(MONDAY, "08:59"))
    assert refused.value.facts == {"opens": at(MONDAY, "09:00")}
    assert not Conversation.objects.exists()


def test_the_refusal_on_the_wire_carries_the_opening_in_utc() -> None:
    refusal = protocol.refusal("1", LineClosed(opens=at(MONDAY, "09:00")))
    assert refusal.opens == "2026-11-09T08:00:00.000Z"
    assert protocol.refusal("1", LineClosed(opens=None)).opens is None


def test_the_closed_page_is_told_the_next_opening_in_utc(line: Line, client: Client) -> None:
    day_after = today() + 2 * DAY
    for weekday in range(7):
        WeeklyHours.objects.create(line=line, weekday=weekday)
    DatedHours.objects.create(line=line, date=day_after, opens="09:00", closes="10:00", reason="proef")
    answer = client.get("/api/lines/helpwanted/").json()
    assert answer["open"] is False
    assert answer["opens"] == at(day_after, "09:00").strftime("%Y-%m-%dT%H:%M:%S.000Z")
