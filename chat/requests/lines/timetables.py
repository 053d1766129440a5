"""Handles requests about a line's opening hours: reading them, previewing new ones, and saving them."""

from collections.abc import Iterable
from datetime import date, time

from chat import protocol
from chat.lines import timetables
from chat.lines.hours import Exceptional, Schedule, Spans
from chat.lines.timetables import NoSuchDate, Timetable
from chat.protocol import CONSOLE
from chat.requests import consumers
from chat.requests.declared import APPROVED, APPROVED_NOW, request
from chat.spans import FEASTS, Span
from helpline.lib import clock
from helpline.lib.bridge import in_database


@request(protocol.Hours, consumers=CONSOLE, may="hours", scope="line")
async def hours(consumer: consumers.Console, asked: protocol.Hours) -> protocol.HoursOk:
    return timetable_frame(
        asked.ref, await in_database(timetables.read, consumer.person, asked.line, now=clock.now())
    )


def _if_kept(asked: protocol.SetHours) -> str:
    """Returns the state that the device must have. For a request that saves the hours, the database must
    still list the device as approved. A preview saves nothing, so the state known to the socket is enough."""
    return APPROVED_NOW if asked.keep else APPROVED


@request(protocol.SetHours, consumers=CONSOLE, may="hours", device=_if_kept, scope="line")
async def set_hours(consumer: consumers.Console, asked: protocol.SetHours) -> protocol.HoursOk:
    made = await in_database(
        timetables.change,
        consumer.person,
        asked.line,
        schedule_of(asked),
        keep=asked.keep,
        now=clock.now(),
        version=asked.version,
    )
    return timetable_frame(asked.ref, made)


def schedule_of(asked: protocol.SetHours | protocol.SetServiceHours) -> Schedule:
    dates = {_date(row.date): Exceptional(_spans(row.spans), row.reason) for row in asked.dates}
    if len(dates) < len(asked.dates):
        raise NoSuchDate
    return Schedule(
        week=tuple(_spans(spans) for spans in asked.week),
        holidays={feast: _spans(spans) for feast, spans in asked.holidays.items()},
        dates=dates,
    )


def _date(day: str) -> date:
    try:
        return date.fromisoformat(day)
    except ValueError:
        raise NoSuchDate from None


def _spans(spans: Iterable[protocol.SpanSet]) -> Spans:
    return tuple(Span(time.fromisoformat(span.opens), time.fromisoformat(span.closes)) for span in spans)


def timetable_frame(ref: str, found: Timetable) -> protocol.HoursOk:
    schedule = found.schedule
    return protocol.HoursOk(
        ref=ref,
        week=[_shown(spans) for spans in schedule.week],
        holidays={feast: _shown(spans) for feast, spans in schedule.holidays.items()},
        dates=[
            protocol.DateShown(date=day.isoformat(), spans=_shown(how.spans), reason=how.reason)
            for day, how in schedule.dates.items()
        ],
        feasts=list(FEASTS),
        preview=[
            protocol.DayShown(date=day.date.isoformat(), spans=_shown(day.spans), why=day.why)
            for day in found.preview
        ],
        version=found.version,
    )


def _shown(spans: Spans) -> list[protocol.SpanShown]:
    in_order = sorted(spans, key=lambda span: span.opens)
    return [protocol.SpanShown(f"{span.opens:%H:%M}", f"{span.closes:%H:%M}") for span in in_order]
