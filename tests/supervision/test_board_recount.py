"""The board's figures are those that somebody would get who counted the conversations by hand."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from itertools import pairwise

import pytest
from django.utils import timezone
from time_machine import TimeMachineFixture

from chat.letters.shelf import Shelf
from chat.models import Conversation, Line
from chat.supervision.board import LineBoard, Pressure, board
from counsellors.models import Duty
from tests.support.domain.evening import Evening

BEGIN = datetime(2026, 11, 18, 21, 30, tzinfo=UTC)  # half past ten at night: midnight comes in between


def counted_by_hand(now: datetime) -> LineBoard:
    """Counts row by row, from conversations and duties alone. Nobody here works for two lines."""
    rows = list(Conversation.objects.prefetch_related("members"))
    waiting = [row for row in rows if row.state == "waiting"]
    here = [row for row in waiting if any(seat.here and seat.role == "caller" for seat in row.members.all())]
    active = [row for row in rows if row.state == "active"]
    answers = [(row, at) for row in rows if (at := first_grant(row)) is not None and is_today(at, now)]
    in_vain = [row for row in rows if row.ended_at and is_today(row.ended_at, now) and not first_grant(row)]
    on = {duty.person_id: duty for duty in Duty.objects.all() if duty.state == "on"}
    seats = [seat for row in active for seat in row.members.all() if seat.left_seq is None]
    slots = sum(duty.slots for duty in on.values())
    return LineBoard(
        line="helpwanted",
        open=True,
        waiting=len(waiting),
        away=len(waiting) - len(here),
        oldest=min((row.opened_at for row in waiting), default=None),
        oldest_here=min((row.opened_at for row in here), default=None),
        urgent=sum(row.urgency == 2 for row in waiting),
        urgent_away=sum(row.urgency == 2 for row in waiting) - sum(row.urgency == 2 for row in here),
        pressure=Pressure(0, 0, 0, 0),
        active=len(active),
        on=len(on),
        on_break=sum(duty.state == "break" for duty in Duty.objects.all()),
        slots=slots,
        free=slots - sum(seat.person_id in on for seat in seats),
        answered=len(answers),
        within=sum(at - row.opened_at <= timedelta(minutes=1) for row, at in answers),
        abandoned=sum(
            row.ended_at - row.opened_at > timedelta(seconds=15) for row in in_vain if row.ended_at
        ),
        overdue=0,
        letters=Shelf("helpwanted", new=0, acute=0, taken=0, overdue=0, due=None),
        letters_answered=0,
        letters_in_time=0,
        letters_expired=0,
    )


def first_grant(row: Conversation) -> datetime | None:
    staff = (seat for seat in row.members.all() if seat.person_id is not None)
    return min((seat.granted_at for seat in staff if seat.granted_at is not None), default=None)


def is_today(moment: datetime, now: datetime) -> bool:
    return timezone.localtime(moment).date() == timezone.localtime(now).date()


@pytest.mark.long
def test_all_through_an_evening_the_board_shows_what_the_rows_say(
    helpwanted: Line, time_machine: TimeMachineFixture
) -> None:
    time_machine.move_to(BEGIN)
    evening = Evening(helpwanted, BEGIN, seed=4, callers=100, hours=2)
    shown = []
    for minutes in range(5, 245, 6):
        evening.play(until=minutes / 60)
        now = BEGIN + timedelta(minutes=minutes)
        shown.append(replace(board(helpwanted, now=now), overdue=0))  # no purge runs here
        assert shown[-1] == counted_by_hand(now), f"after {minutes} minutes"
    assert any(later.answered < before.answered for before, later in pairwise(shown)), "a new day"
    for name in ("waiting", "urgent", "on_break", "abandoned", "within", "answered"):
        assert any(getattr(sums, name) for sums in shown), f"an evening that shows nothing of {name}"
