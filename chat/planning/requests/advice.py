"""Handles the request for staffing advice, which may contain assumptions to try."""

from chat.planning import advice, frames
from chat.planning.advice import Checked, WhatIf
from chat.planning.demand import Letters
from chat.planning.requests.rota import monday_in
from chat.protocol import CONSOLE
from chat.requests import consumers
from chat.requests.declared import request
from helpline.lib import clock
from helpline.lib.bridge import in_database


@request(frames.Advice, consumers=CONSOLE, may="rota", scope="line")
async def staffing_advice(consumer: consumers.Console, asked: frames.Advice) -> frames.AdviceOk:
    what_if = WhatIf(people=asked.people, slots=asked.slots, longer=asked.longer)
    found = await in_database(
        advice.of_week, consumer.person, asked.line, monday_in(asked.monday), what_if, now=clock.now()
    )
    return frames.AdviceOk(
        ref=asked.ref,
        hours=[
            frames.HourShown(
                day=one.at.date().isoformat(),
                hour=one.at.hour,
                verdict=str(one.verdict),
                planned=one.planned,
                expected=None if one.expected is None else round(one.expected, 1),
                low=one.low,
                high=one.high,
                helped=None if one.helped is None else round(one.helped, 3),
            )
            for one in found.hours
        ],
        handling=round(found.working.handling, 1),
        patience=round(found.working.patience, 1),
        slots=found.working.slots,
        goals=[round(goal.share * 100) for goal in found.goals],
        helped=None if found.helped is None else round(found.helped, 3),
        checked=_checked(found.checked),
        letters=_letters(found.letters),
    )


def _letters(letters: Letters | None) -> frames.LettersShown | None:
    if letters is None:
        return None
    return frames.LettersShown(week=round(letters.week, 1), hours=round(letters.hours, 1))


def _checked(checked: Checked | None) -> frames.CheckedShown | None:
    if checked is None:
        return None
    return frames.CheckedShown(
        hours=checked.hours,
        foretold=round(checked.foretold, 1),
        came=checked.came,
        off=round(checked.off, 2),
        short=checked.short,
    )
