"""Each conversation keeps its own initial on its line, so that nobody writes to the wrong person."""

from datetime import datetime

import pytest
from django.db import IntegrityError

from chat.conversation import departures, endings, initials
from chat.models import Conversation, Line, Member
from helpline.lib import clock
from tests.support.domain.cast import Caller, Counsellor, a_caller, later, state_of


@pytest.mark.parametrize(
    ("number", "name"), [(None, ""), (1, "A"), (26, "Z"), (27, "AA"), (28, "AB"), (52, "AZ"), (702, "ZZ")]
)
def test_initials_go_on_behind_z(number: int | None, name: str) -> None:
    assert initials.name(number) == name


def initial_of(conversation: str) -> str:
    return initials.name(Conversation.objects.get(pk=conversation).initial)


def taken(who: Counsellor, now: datetime, line: str = "helpwanted") -> Caller:
    caller = a_caller(line=line, now=now)
    assert initial_of(caller.conversation) == "", "nobody knows it yet"
    who.takes_next(now)
    caller.grants(now)
    return caller


def test_the_next_one_of_a_line_has_the_next_initial_and_other_lines_have_their_own(
    helpwanted: Line, stopitnow: Line, carla: Counsellor, daan: Counsellor, esra: Counsellor
) -> None:
    now = clock.now()
    found = [taken(carla, now), taken(daan, now), taken(carla, now)]
    assert [initial_of(one.conversation) for one in found] == ["A", "B", "C"]
    assert initial_of(taken(esra, now, "stopitnow").conversation) == "A"


def test_an_initial_rests_for_an_hour_after_the_end_and_a_quiet_line_begins_at_a_again(
    helpwanted: Line, carla: Counsellor
) -> None:
    now = clock.now()
    first = taken(carla, now)
    endings.leave(first.seat, now=now)
    second = taken(carla, later(now, 60))
    assert initial_of(second.conversation) == "B"
    endings.leave(second.seat, now=later(now, 120))
    third = taken(carla, later(now, 3650))
    assert initial_of(third.conversation) == "C", "the second ended within the hour"
    endings.leave(third.seat, now=later(now, 3660))
    assert initial_of(taken(carla, later(now, 3660 + 3601)).conversation) == "A"


def test_who_goes_back_to_the_queue_keeps_the_initial(
    helpwanted: Line, carla: Counsellor, daan: Counsellor
) -> None:
    now = clock.now()
    anna, other = taken(carla, now), taken(daan, now)
    assert (initial_of(anna.conversation), initial_of(other.conversation)) == ("A", "B")
    seat = Member.objects.get(conversation=anna.conversation, person=carla.person)
    assert departures.expel(seat.pk, now=now)
    assert state_of(anna) == "waiting"
    assert daan.takes_next(now).conversation == anna.conversation
    assert initial_of(anna.conversation) == "A"


def test_two_open_ones_of_a_line_never_have_the_same_initial(helpwanted: Line, carla: Counsellor) -> None:
    now = clock.now()
    found = {taken(carla, now).conversation, taken(carla, now).conversation}
    with pytest.raises(IntegrityError):
        Conversation.objects.filter(pk__in=found).update(initial=3)
