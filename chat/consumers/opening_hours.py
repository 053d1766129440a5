"""A line's opening hours at a supervisor's door, as plain values in and as frames out."""

from collections.abc import Iterable
from datetime import date, time

from chat import hours, protocol, timetables
from chat.consumers.acting import Acting
from chat.hours import Exceptional, Schedule, Span, Spans
from chat.timetables import NoSuchDate, Timetable
from counsellors import permissions
from helpline.lib import clock
from helpline.lib.bridge import in_database


class Opening(Acting):
    async def on_hours(self, request: protocol.HoursAsked) -> protocol.Ok:
        permissions.require(self.person, "hours")
        found = await in_database(timetables.read, self.person, request.line, now=clock.now())
        return _ok(request.ref, found)

    async def on_sethours(self, request: protocol.HoursSet) -> protocol.Ok:
        """Trying is looking; keeping is acting."""
        permissions.require(self.person, "hours")
        if request.keep:
            await self._require_device()
        made = await in_database(
            timetables.change,
            self.person,
            request.line,
            _schedule(request),
            keep=request.keep,
            now=clock.now(),
        )
        return _ok(request.ref, made)


def _schedule(request: protocol.HoursSet) -> Schedule:
    dates = {_date(row.date): Exceptional(_spans(row.spans), row.reason) for row in request.dates}
    if len(dates) < len(request.dates):
        raise NoSuchDate
    return Schedule(
        week=tuple(_spans(spans) for spans in request.week),
        holidays={feast: _spans(spans) for feast, spans in request.holidays.items()},
        dates=dates,
    )


def _date(day: str) -> date:
    try:
        return date.fromisoformat(day)
    except ValueError:
        raise NoSuchDate from None


def _spans(spans: Iterable[protocol.SpanSet]) -> Spans:
    return tuple(Span(time.fromisoformat(span.opens), time.fromisoformat(span.closes)) for span in spans)


def _ok(ref: str, found: Timetable) -> protocol.Ok:
    schedule = found.schedule
    return protocol.HoursOk(
        ref=ref,
        week=[_shown(spans) for spans in schedule.week],
        holidays={feast: _shown(spans) for feast, spans in schedule.holidays.items()},
        dates=[
            protocol.DateShown(date=day.isoformat(), spans=_shown(how.spans), reason=how.reason)
            for day, how in schedule.dates.items()
        ],
        feasts=list(hours.FEASTS),
        preview=[
            protocol.DayShown(date=day.date.isoformat(), spans=_shown(day.spans), why=day.why)
            for day in found.preview
        ],
    )


def _shown(spans: Spans) -> list[protocol.SpanShown]:
    in_order = sorted(spans, key=lambda span: span.opens)
    return [protocol.SpanShown(f"{span.opens:%H:%M}", f"{span.closes:%H:%M}") for span in in_order]
