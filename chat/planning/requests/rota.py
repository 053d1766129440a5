"""Handles the requests with which a supervisor plans a line's week."""

from collections.abc import Mapping
from datetime import date, time

from chat.lines.hours import AMSTERDAM
from chat.lines.timetables import NoSuchDate
from chat.planning import bells, frames, moving, places, shifts, usual_week, week
from chat.planning.concerns import Concern
from chat.planning.models import Shift
from chat.planning.shifts import When
from chat.protocol import CONSOLE
from chat.requests import consumers
from chat.requests.declared import APPROVED_NOW, heard, request
from helpline.lib import clock
from helpline.lib.bridge import in_database

YEARS = range(2020, 2100)


@request(frames.Rota, consumers=CONSOLE, may="rota", scope="line")
async def rota(consumer: consumers.Console, asked: frames.Rota) -> frames.RotaOk:
    found = await in_database(week.of, consumer.person, asked.line, date_in(asked.monday))
    return frames.RotaOk(
        ref=asked.ref,
        days=[frames.RotaDay(day=day.date.isoformat(), closed=day.closed, why=day.why) for day in found.days],
        shifts=[shown(shift, found.concerns, found.elsewhere) for shift in found.shifts],
        people=[frames.RotaPerson(person=one.handle, alias=one.alias) for one in found.people],
        usual=found.usual,
    )


@request(frames.AddShift, consumers=CONSOLE, may="rota", device=APPROVED_NOW, scope="line")
async def add_shift(consumer: consumers.Console, asked: frames.AddShift) -> None:
    await in_database(shifts.add, consumer.person, asked.line, _when(asked), asked.wanted)


@request(frames.ChangeShift, consumers=CONSOLE, may="rota", device=APPROVED_NOW, scope="shift")
async def change_shift(consumer: consumers.Console, asked: frames.ChangeShift) -> None:
    await in_database(moving.change, consumer.person, asked.shift, _when(asked), asked.wanted)


@request(frames.DropShift, consumers=CONSOLE, may="rota", device=APPROVED_NOW, scope="shift")
async def drop_shift(consumer: consumers.Console, asked: frames.DropShift) -> None:
    await in_database(shifts.drop, consumer.person, asked.shift)


@request(frames.PutOn, consumers=CONSOLE, may="rota", device=APPROVED_NOW, scope="shift")
async def put_on(consumer: consumers.Console, asked: frames.PutOn) -> None:
    await in_database(places.put_on, consumer.person, asked.shift, asked.person, now=clock.now())


@request(frames.TakeOff, consumers=CONSOLE, may="rota", device=APPROVED_NOW, scope="shift")
async def take_off(consumer: consumers.Console, asked: frames.TakeOff) -> None:
    await in_database(places.take_off, consumer.person, asked.shift, asked.person)


@request(frames.MovePerson, consumers=CONSOLE, may="rota", device=APPROVED_NOW, scope="shift")
async def move_person(consumer: consumers.Console, asked: frames.MovePerson) -> None:
    await in_database(places.move, consumer.person, asked.shift, asked.person, asked.onto, now=clock.now())


@request(frames.KeepUsual, consumers=CONSOLE, may="rota", device=APPROVED_NOW, scope="line")
async def keep_usual(consumer: consumers.Console, asked: frames.KeepUsual) -> frames.KeepUsualOk:
    kept = await in_database(usual_week.keep, consumer.person, asked.line, monday_in(asked.monday))
    return frames.KeepUsualOk(ref=asked.ref, shifts=kept)


@request(frames.FillWeek, consumers=CONSOLE, may="rota", device=APPROVED_NOW, scope="line")
async def fill_week(consumer: consumers.Console, asked: frames.FillWeek) -> frames.FillWeekOk:
    made = await in_database(usual_week.fill, consumer.person, asked.line, monday_in(asked.monday))
    return frames.FillWeekOk(ref=asked.ref, shifts=made)


@heard(bells.RotaChanged, consumers=CONSOLE, missed=True, may="rota")
async def tell_rota(consumer: consumers.Console, bell: bells.RotaChanged) -> None:
    await consumer.write(frames.RotaOut(line=bell.line))


def date_in(day: str) -> date:
    """Parses a date. Raises NoSuchDate if the text is no date, or if its year is not in YEARS."""
    try:
        found = date.fromisoformat(day)
    except ValueError:
        raise NoSuchDate from None
    if found.year not in YEARS:
        raise NoSuchDate
    return found


def monday_in(day: str) -> date:
    return shifts.monday_of(date_in(day))


def shown(
    shift: Shift, concerns: Mapping[str, list[Concern]], elsewhere: Mapping[str, list[str]]
) -> frames.ShiftShown:
    starts, ends = shift.starts_at.astimezone(AMSTERDAM), shift.ends_at.astimezone(AMSTERDAM)
    return frames.ShiftShown(
        shift=shift.pk,
        day=starts.date().isoformat(),
        opens=f"{starts:%H:%M}",
        closes=f"{ends:%H:%M}",
        starts=clock.stamp(shift.starts_at),
        ends=clock.stamp(shift.ends_at),
        wanted=shift.wanted,
        places=[
            frames.PlaceShown(
                person=place.person.handle,
                alias=place.person.alias,
                state=place.state,
                concerns=[str(concern) for concern in concerns.get(place.pk, [])],
            )
            for place in shift.places.all()
        ],
        elsewhere=elsewhere.get(shift.pk, []),
    )


def _when(asked: frames.AddShift | frames.ChangeShift) -> When:
    return When(date_in(asked.day), time.fromisoformat(asked.opens), time.fromisoformat(asked.closes))
