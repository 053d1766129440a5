"""A supervisor reads a line's hours, previews others for four weeks, and saves them."""

from collections.abc import Callable
from dataclasses import replace
from datetime import date, datetime, time, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from pytest_django import DjangoCaptureOnCommitCallbacks

from chat import bells
from chat.bells import ringing
from chat.lines import hours, open_now, timetables
from chat.lines.hours import ALL_DAY, DAY, Exceptional, Schedule, Spans
from chat.lines.timetables import HoursNothing, HoursOverlap, NoSuchFeast
from chat.models import DatedHours, HolidayHours, Line, WeeklyHours
from chat.spans import ANY, FEASTS, Span
from counsellors.models import AuditRow
from helpline.lib.errors import BadFrame
from tests.support.domain.cast import Counsellor

# A Sunday night: the clock has just jumped to three.
NIGHT = datetime.combine(date(2027, 3, 28), time(4), hours.AMSTERDAM)
TODAY = NIGHT.date()


@pytest.fixture
def line(helpwanted: Line) -> Line:
    """Returns Helpwanted, which follows its hours."""
    helpwanted.state = Line.State.HOURS
    helpwanted.save()
    return helpwanted


def span(opens: str, closes: str) -> Span:
    return Span(time.fromisoformat(opens), time.fromisoformat(closes))


def every_day(*spans: Span) -> Schedule:
    return Schedule((spans,) * 7)


def keep(floor: Counsellor, schedule: Schedule, *, now: datetime = NIGHT) -> timetables.Timetable:
    return timetables.change(floor.person, "helpwanted", schedule, keep=True, now=now)


def rows() -> int:
    return sum(model.objects.count() for model in (WeeklyHours, HolidayHours, DatedHours))


# Two who save


def test_who_saves_over_hours_that_a_colleague_has_changed_meanwhile_is_refused(
    floor: Counsellor, line: Line
) -> None:
    christmas = NIGHT.date() + 7 * DAY
    keep(floor, every_day(span("09:00", "17:00")))
    seen = timetables.read(floor.person, "helpwanted", now=NIGHT)
    closed = replace(seen.schedule, dates={christmas: Exceptional((), "Kerst")})
    saved = timetables.change(floor.person, "helpwanted", closed, keep=True, now=NIGHT, version=seen.version)
    later = every_day(span("10:00", "17:00"))
    with pytest.raises(timetables.HoursChanged):
        timetables.change(floor.person, "helpwanted", later, keep=True, now=NIGHT, version=seen.version)
    now = timetables.read(floor.person, "helpwanted", now=NIGHT)
    assert christmas in now.schedule.dates
    assert now.version == saved.version
    timetables.change(floor.person, "helpwanted", later, keep=True, now=NIGHT, version=now.version)


def test_who_types_the_morning_after_the_evening_may_save_a_second_time(
    floor: Counsellor, line: Line
) -> None:
    typed = replace(
        every_day(span("18:00", "22:00"), span("09:00", "12:00")),
        dates={NIGHT.date() - 7 * DAY: Exceptional((), "voorbij")},
    )
    saved = keep(floor, typed)
    assert saved.version == timetables.read(floor.person, "helpwanted", now=NIGHT).version
    timetables.change(floor.person, "helpwanted", every_day(), keep=True, now=NIGHT, version=saved.version)


# Any hours can be set


TIMES = st.times().map(lambda reading: reading.replace(second=0, microsecond=0, fold=0))
SPANS = st.lists(st.builds(Span, TIMES, TIMES).filter(lambda s: not s.is_nothing), max_size=2).map(tuple)


def apart(week: list[Spans]) -> tuple[Spans, ...]:
    """Returns the spans that do not overlap earlier ones."""
    kept: list[Spans] = [()] * len(week)
    for day, spans in enumerate(week):
        for each in spans:
            tried = [*kept[:day], (*kept[day], each), *kept[day + 1 :]]
            kept = kept if hours.overlap(tried) else tried
    return tuple(kept)


def alone(spans: Spans) -> Spans:
    return apart([spans])[0]


@st.composite
def schedules(draw: st.DrawFn) -> Schedule:
    near = st.integers(0, 40).map(lambda ahead: TODAY + ahead * DAY)
    exceptional = st.builds(Exceptional, SPANS.map(alone), st.sampled_from(["", "teamdag"]))
    return Schedule(
        week=apart(draw(st.lists(SPANS, min_size=7, max_size=7))),
        holidays=draw(st.dictionaries(st.sampled_from([ANY, *FEASTS]), SPANS.map(alone), max_size=3)),
        dates=draw(st.dictionaries(near, exceptional, max_size=3)),
    )


@settings(max_examples=40)
@given(schedule=schedules(), minutes=st.integers(0, 28 * 24 * 60))
def test_whatever_is_kept_is_what_is_read_and_what_callers_find(
    line: Line, floor: Counsellor, schedule: Schedule, minutes: int
) -> None:
    tried = timetables.change(floor.person, line.pk, schedule, keep=False, now=NIGHT)
    kept = keep(floor, schedule)
    found = timetables.read(floor.person, line.pk, now=NIGHT)
    assert kept == found
    assert in_order(found.schedule) == in_order(tried.schedule) == in_order(schedule)
    assert [day.date for day in found.preview] == [TODAY + n * DAY for n in range(28)]
    instant = NIGHT + timedelta(minutes=minutes)
    assert open_now.opening(Line.objects.get(pk=line.pk), now=instant).open == hours.is_open(
        schedule, instant
    )


def in_order(schedule: Schedule) -> Schedule:
    def tidy(spans: Spans) -> Spans:
        return tuple(sorted(spans, key=lambda each: each.opens))

    return Schedule(
        tuple(tidy(spans) for spans in schedule.week),
        {feast: tidy(spans) for feast, spans in schedule.holidays.items()},
        {day: replace(how, spans=tidy(how.spans)) for day, how in sorted(schedule.dates.items())},
    )


# Previewing and saving


def test_trying_keeps_nothing_and_shows_four_weeks_with_their_reasons(line: Line, floor: Counsellor) -> None:
    schedule = replace(
        every_day(span("09:00", "17:00")),
        holidays={"Tweede paasdag": ()},
        dates={TODAY + 2 * DAY: Exceptional((span("12:00", "13:00"),), "teamdag")},
    )
    tried = timetables.change(floor.person, line.pk, schedule, keep=False, now=NIGHT)
    assert [(day.spans, day.why) for day in tried.preview[:4]] == [
        ((span("09:00", "17:00"),), ""),
        ((), "Tweede paasdag"),
        ((span("12:00", "13:00"),), "teamdag"),
        ((span("09:00", "17:00"),), ""),
    ]
    assert rows() == 0
    assert not AuditRow.objects.filter(action="hours").exists()
    assert timetables.read(floor.person, line.pk, now=NIGHT).schedule.week == hours.DAY_AND_NIGHT


def test_what_is_kept_stands_instead_of_what_was_and_the_other_line_s_stays(
    line: Line, stopitnow: Line, floor: Counsellor
) -> None:
    WeeklyHours.objects.create(line=stopitnow, weekday=0, opens="09:00", closes="10:00")
    keep(floor, replace(every_day(span("09:00", "17:00")), holidays={ANY: ()}))
    keep(floor, every_day(ALL_DAY))
    assert WeeklyHours.objects.filter(line=line).count() == 7
    assert not HolidayHours.objects.exists()
    assert WeeklyHours.objects.filter(line=stopitnow).count() == 1
    assert [row.subject for row in AuditRow.objects.filter(action="hours")] == ["helpwanted"] * 2


def test_a_week_without_a_single_span_is_closed_and_not_open_day_and_night(
    line: Line, floor: Counsellor
) -> None:
    keep(floor, every_day())
    assert open_now.opening(Line.objects.get(pk=line.pk), now=NIGHT) == open_now.Opening(
        open=False, opens=None
    )


def test_callers_and_consoles_are_told_at_once_when_hours_are_kept(
    line: Line,
    floor: Counsellor,
    monkeypatch: pytest.MonkeyPatch,
    django_capture_on_commit_callbacks: DjangoCaptureOnCommitCallbacks,
) -> None:
    heard: list[bells.Bell] = []
    monkeypatch.setattr(ringing._tower, "ring", heard.append)
    for kept in (False, True):
        with django_capture_on_commit_callbacks(execute=True):
            timetables.change(floor.person, line.pk, every_day(), keep=kept, now=NIGHT)
        told = [bell for bell in heard if isinstance(bell, bells.LineChanged)]
        assert told == ([bells.LineChanged("helpwanted")] if kept else [])


def test_past_dates_are_dropped_but_yesterday_s_which_may_end_this_morning(
    line: Line, floor: Counsellor
) -> None:
    late = Exceptional((span("20:00", "05:00"),), "lang")
    before = TODAY - 2 * DAY
    DatedHours.objects.create(line=line, date=before, reason="voorbij")
    made = keep(floor, replace(every_day(), dates={TODAY: late, TODAY - DAY: late, before: late}))
    assert list(made.schedule.dates) == [TODAY - DAY, TODAY]
    assert set(DatedHours.objects.values_list("date", flat=True)) == {TODAY - DAY, TODAY}
    assert open_now.opening(Line.objects.get(pk=line.pk), now=NIGHT).open, "at four, of the last night"


# Hours that make no sense

WRONG: dict[str, tuple[Callable[[], Schedule], type[BadFrame]]] = {
    "two times of a day": (lambda: every_day(span("09:00", "13:00"), span("12:00", "17:00")), HoursOverlap),
    "over midnight": (lambda: every_day(span("20:00", "02:00"), span("01:00", "05:00")), HoursOverlap),
    "on a holiday": (
        lambda: replace(every_day(), holidays={ANY: (span("09:00", "13:00"), span("12:59", "14:00"))}),
        HoursOverlap,
    ),
    "on a date": (
        lambda: replace(every_day(), dates={TODAY: Exceptional((ALL_DAY, span("12:00", "13:00")))}),
        HoursOverlap,
    ),
    "no time at all": (lambda: every_day(span("09:00", "09:00")), HoursNothing),
    "an unknown holiday": (lambda: replace(every_day(), holidays={"Sinterklaas": ()}), NoSuchFeast),
}


@pytest.mark.parametrize("wrong", WRONG)
@pytest.mark.parametrize("kept", [False, True])
def test_hours_that_cannot_be_meant_are_refused_with_a_sentence_and_nothing_changes(
    line: Line, floor: Counsellor, wrong: str, kept: bool
) -> None:
    keep(floor, every_day(span("09:00", "17:00")))
    schedule, refusal = WRONG[wrong]
    with pytest.raises(refusal) as refused:
        timetables.change(floor.person, line.pk, schedule(), keep=kept, now=NIGHT)
    assert refused.value.code == "bad_frame"
    assert refused.value.detail not in {"", BadFrame().detail}
    assert timetables.read(floor.person, line.pk, now=NIGHT).schedule == every_day(span("09:00", "17:00"))
