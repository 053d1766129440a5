"""If somebody leaves, the caller is told and is never left alone."""

import pytest

from chat import bells
from chat.conversation import coming_back, departures, endings, presence
from chat.conversation.seats import lock_conversation
from chat.lines import staff
from chat.models import Conversation, Line, Member
from chat.runtime import deadlines
from counsellors import devices, duty
from helpline.lib import clock, encoding
from helpline.lib.errors import Conflict, Ended, Forbidden, NotFound
from tests.support.domain.cast import (
    Caller,
    Counsellor,
    a_caller,
    a_point,
    kinds,
    later,
    says,
    state_of,
    taken,
)
from tests.support.domain.fixtures import Rung
from tests.support.domain.rival import faster


def test_the_only_granted_counsellor_cannot_leave_but_can_close(helpwanted: Line, carla: Counsellor) -> None:
    anna = a_caller()
    seat = carla.takes_next()
    anna.grants()
    with pytest.raises(Conflict):
        departures.leave(seat, now=clock.now())
    endings.close(seat, now=clock.now())
    assert state_of(anna) == "ended"
    departures.leave(seat, now=clock.now())
    with pytest.raises(NotFound):
        departures.leave(seat, now=clock.now())


def test_who_was_not_let_in_yet_is_not_in_charge(helpwanted: Line, carla: Counsellor) -> None:
    a_caller()
    seat = carla.takes_next()
    with pytest.raises(Forbidden):
        endings.close(seat, now=clock.now())


def test_a_conversation_ends_once(helpwanted: Line, carla: Counsellor) -> None:
    anna = a_caller()
    seat = carla.takes_next()
    anna.grants()
    endings.leave(anna.seat, now=clock.now())
    with pytest.raises(Ended):
        endings.close(seat, now=clock.now())
    assert kinds(seat)[-1] == "ended"


def test_a_caller_whose_browser_does_not_grant_in_twenty_seconds_releases_the_counsellor(
    helpwanted: Line, carla: Counsellor
) -> None:
    anna, now = a_caller(), clock.now()
    bilal = a_caller(now=later(now, 1))
    seat = carla.takes_next(now)
    deadlines.meet(now=later(now, 19))
    assert state_of(anna) == "active"
    deadlines.meet(now=later(now, 20))
    assert kinds(anna.seat)[-2:] == ["left", "requeued"]
    assert state_of(anna) == "waiting"
    with pytest.raises(NotFound):
        departures.leave(seat, now=later(now, 21))
    assert carla.takes_next(later(now, 21)).conversation == bilal.conversation, "the slot is free"
    presence.show_life({anna.seat.member: later(now, 22)})
    assert carla.takes_next(later(now, 22)).conversation == anna.conversation


def test_a_caller_who_slept_through_a_claim_is_passed_over_until_the_next_frame(
    helpwanted: Line, carla: Counsellor, daan: Counsellor
) -> None:
    anna, now = a_caller(), clock.now()
    bilal = a_caller(now=later(now, 1))
    carla.takes_next(now)
    deadlines.meet(now=later(now, 20))
    assert daan.takes_next(later(now, 21)).conversation == bilal.conversation
    with pytest.raises(NotFound):
        carla.takes_next(later(now, 22))
    # A beat from before the release does not count as a sign of life after it.
    presence.renew({anna.socket: later(now, 19)}, now=later(now, 23))
    with pytest.raises(NotFound):
        carla.takes_next(later(now, 23))
    # Another seat's frame in the same batch may have come before.
    presence.renew({bilal.socket: later(now, 19), anna.socket: later(now, 23)}, now=later(now, 24))
    assert carla.takes_next(later(now, 24)).conversation == anna.conversation


def test_a_page_that_beats_and_never_lets_anybody_in_holds_up_the_line_once(
    helpwanted: Line, carla: Counsellor
) -> None:
    now = clock.now()
    anna, bilal = a_caller(now=now), a_caller(now=later(now, 1))

    def beats(second: int, *callers: Caller) -> None:
        at = later(now, second)
        presence.renew(dict.fromkeys([one.socket for one in callers], at), now=at, on_duty=[carla.person.pk])

    for second in (2, 32):  # the first time may be a phone that slept: it is first again
        assert carla.takes_next(later(now, second)).conversation == anna.conversation
        beats(second + 19, anna, bilal)
        deadlines.meet(now=later(now, second + 20))
        beats(second + 21, anna, bilal)
    assert carla.takes_next(later(now, 60)).conversation == bilal.conversation
    carl = a_caller(now=later(now, 61))
    assert carla.takes_next(later(now, 62)).conversation == anna.conversation, "still before who came later"
    anna.grants(later(now, 63))
    seat = Member.objects.present().get(conversation=anna.conversation, person=carla.person)
    departures.expel(seat.pk, now=later(now, 64))
    assert carla.takes_next(later(now, 65)).conversation == anna.conversation
    beats(84, anna, bilal, carl)
    deadlines.meet(now=later(now, 85))
    beats(86, anna)
    assert carla.takes_next(later(now, 87)).conversation == anna.conversation, "who let somebody in is first"
    assert state_of(carl) == "waiting"


def test_a_counsellor_whose_machine_dies_is_lost_and_the_caller_is_first(
    helpwanted: Line, carla: Counsellor, daan: Counsellor
) -> None:
    now = clock.now()
    anna = a_caller(now=now)
    presence.arrive("console", device=carla.device.pk, now=now)
    bilal = a_caller(now=later(now, 1))
    seat = carla.takes_next(now)
    anna.grants(later(now, 2))
    for second in range(10, 61, 10):
        presence.renew({anna.socket: now, bilal.socket: now}, now=later(now, second))
        duty.renew([daan.person.pk], now=later(now, second))
        deadlines.meet(now=later(now, second))
    assert kinds(anna.seat)[-2:] == ["left", "requeued"]
    assert daan.takes_next(later(now, 61)).conversation == anna.conversation
    with pytest.raises(NotFound):
        kinds(type(seat)(seat.conversation, "AAAAAAAAAAA", "counsellor"))


def test_whoever_is_lost_is_off_duty_even_where_next_renewed_the_duty_after_the_lease(
    helpwanted: Line, carla: Counsellor
) -> None:
    now = clock.now()
    anna = a_caller(now=now)
    presence.arrive("console", device=carla.device.pk, now=now)
    carla.takes_next(later(now, 1))
    anna.grants(later(now, 2))
    presence.renew({anna.socket: now}, now=later(now, 60))
    deadlines.meet(now=later(now, 60))
    assert kinds(anna.seat)[-2:] == ["left", "requeued"]
    found = duty.of(carla.person)
    assert found is not None
    assert found.state == "off"


def test_whoever_is_lost_at_one_machine_and_sits_at_another_stays_on_duty(
    helpwanted: Line, carla: Counsellor
) -> None:
    now = clock.now()
    anna = a_caller(now=now)
    presence.arrive("console", device=carla.device.pk, now=now)
    carla.takes_next(later(now, 1))
    anna.grants(later(now, 2))
    desk = devices.register(carla.person, devices.candidate(carla.person, a_point(), "desk"), now=now)
    presence.arrive("other", device=desk.pk, now=now)
    presence.renew({anna.socket: now, "other": now}, now=later(now, 59), on_duty=[carla.person.pk])
    deadlines.meet(now=later(now, 60))
    assert kinds(anna.seat)[-2:] == ["left", "requeued"]
    found = duty.of(carla.person)
    assert found is not None
    assert found.state == "on"


def slept_through(carla: Counsellor) -> Caller:
    """Makes a caller whose counsellor's machine slept for a whole lease."""
    now = clock.now()
    presence.arrive("console", device=carla.device.pk, now=now)
    anna, _ = taken(carla, now)
    presence.renew({anna.socket: now}, now=later(now, 61))
    deadlines.meet(now=later(now, 61))
    return anna


def test_who_changes_their_duty_is_told_in_their_other_tabs_and_so_are_their_colleagues(
    helpwanted: Line, carla: Counsellor, every_bell: Rung
) -> None:
    told = [bells.OwnDutyChanged(carla.person.pk), bells.DutyChanged("helpwanted")]
    assert every_bell(lambda: staff.change_duty(carla.person, "off", 0, now=clock.now())) == told


def test_whose_duty_lapses_is_told_as_are_their_colleagues(
    helpwanted: Line, carla: Counsellor, every_bell: Rung
) -> None:
    told = [bells.OwnDutyChanged(carla.person.pk), bells.DutyChanged("helpwanted")]
    assert every_bell(lambda: deadlines.meet(now=later(clock.now(), 59))) == []
    assert every_bell(lambda: deadlines.meet(now=later(clock.now(), 61))) == told
    assert every_bell(lambda: deadlines.meet(now=later(clock.now(), 62))) == [], "once"


def test_whose_frame_comes_between_the_look_and_the_end_stays_on_duty(
    helpwanted: Line, carla: Counsellor
) -> None:
    late = later(clock.now(), 61)
    with faster('UPDATE "counsellors_duty"', lambda: duty.renew([carla.person.pk], now=late)):
        deadlines.meet(now=late)
    found = duty.of(carla.person)
    assert found is not None
    assert found.state == "on"


def test_who_slept_takes_the_own_caller_back_before_others_who_came_to_the_front_meanwhile(
    helpwanted: Line, carla: Counsellor, daan: Counsellor
) -> None:
    anna = slept_through(carla)
    bilal = a_caller()
    Conversation.objects.filter(pk=bilal.conversation).update(rank=0)
    duty.change(carla.person, "on", 4, now=clock.now())
    seat = carla.takes_back(anna)
    assert (seat.conversation, state_of(anna)) == (anna.conversation, "active")
    with pytest.raises(NotFound):
        carla.takes_back(anna)


@pytest.mark.parametrize("slots", [0, 1])
def test_who_lost_several_takes_all_of_them_back_also_while_taking_no_new_ones(
    helpwanted: Line, carla: Counsellor, slots: int
) -> None:
    (anna, first), (bilal, second) = taken(carla), taken(carla)
    for seat in (first, second):
        departures.expel(seat.member, now=clock.now())
    duty.change(carla.person, "on", slots, now=clock.now())
    for caller in (anna, bilal):
        assert carla.takes_back(caller).conversation == caller.conversation
    a_caller()
    with pytest.raises(Conflict):
        carla.takes_next()


def test_nobody_takes_back_whom_they_did_not_lose_or_who_does_not_wait_here(
    helpwanted: Line, carla: Counsellor, daan: Counsellor
) -> None:
    anna, bilal = slept_through(carla), a_caller()
    for who in (carla, daan):
        duty.change(who.person, "on", 4, now=clock.now())
    for who, caller in ((daan, anna), (carla, bilal)):
        with pytest.raises(NotFound):
            who.takes_back(caller)
    presence.depart(anna.socket, now=clock.now())
    with pytest.raises(NotFound):
        carla.takes_back(anna)


def test_a_caller_who_wrote_and_stays_away_loses_the_place_after_ten_minutes(helpwanted: Line) -> None:
    now = clock.now()
    anna = a_caller(now=now)
    says(anna.seat, now=now)
    presence.depart(anna.socket, now=now)
    deadlines.meet(now=later(now, 599))
    assert state_of(anna) == "waiting"
    deadlines.meet(now=later(now, 600))
    assert state_of(anna) == "abandoned"


def test_a_caller_who_wrote_nothing_and_stays_away_loses_the_place_after_a_minute(
    helpwanted: Line,
) -> None:
    now = clock.now()
    anna, bilal = a_caller(now=now), a_caller(now=now)
    for caller in (anna, bilal):
        presence.depart(caller.socket, now=now)
    deadlines.meet(now=later(now, 59))
    assert (state_of(anna), state_of(bilal)) == ("waiting", "waiting")
    coming_back.resume(bilal.conversation, bilal.opened.token, socket="bilal's", now=later(now, 59))
    deadlines.meet(now=later(now, 60))
    assert (state_of(anna), state_of(bilal)) == ("abandoned", "waiting")


def test_a_flood_that_went_away_is_ended_a_part_at_a_time_and_keeps_no_other_deadline_waiting(
    helpwanted: Line, carla: Counsellor, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(deadlines, "MAX_GONE_PER_ROUND", 2)
    now = clock.now()
    flood = [a_caller(now=now) for _ in range(5)]
    for caller in flood:
        presence.depart(caller.socket, now=now)
    anna = a_caller(now=later(now, 45))
    carla.takes_next(later(now, 45))
    ended = []
    for second in (66, 67, 68):
        presence.renew({anna.socket: now}, now=later(now, second))
        deadlines.meet(now=later(now, second))
        ended.append(sum(state_of(caller) == "abandoned" for caller in flood))
        assert kinds(anna.seat)[-2:] == ["left", "requeued"]
    assert ended == [2, 4, 5]


def test_who_is_heard_between_the_look_and_the_end_keeps_the_place(helpwanted: Line) -> None:
    now = clock.now()
    anna = a_caller(now=now)
    presence.depart(anna.socket, now=now)
    with faster('SELECT "chat_conversation"', lambda: says(anna.seat, now=now)):
        deadlines.meet(now=later(now, 60))
    assert state_of(anna) == "waiting"


def test_a_requeued_caller_keeps_the_place_for_half_an_hour(helpwanted: Line, carla: Counsellor) -> None:
    now = clock.now()
    anna = a_caller(now=now)
    carla.takes_next(now)
    presence.depart(anna.socket, now=later(now, 5))
    deadlines.meet(now=later(now, 20))
    deadlines.meet(now=later(now, 1800))
    assert state_of(anna) == "waiting"
    deadlines.meet(now=later(now, 1805))
    assert state_of(anna) == "ended"
    assert Conversation.objects.get().entries.order_by("seq").last().facts == {"reason": "silent"}  # type: ignore[union-attr]


def test_nothing_lasts_longer_than_the_open_span(helpwanted: Line) -> None:
    now = clock.now()
    anna = a_caller(now=now)
    presence.renew({anna.socket: now}, now=later(now, 12 * 3600))
    deadlines.meet(now=later(now, 12 * 3600))
    assert state_of(anna) == "ended"


def test_an_unknown_socket_departing_changes_nothing(helpwanted: Line) -> None:
    anna, now = a_caller(), clock.now()
    presence.depart(encoding.new_id(), now=now)
    assert Conversation.objects.filter(members__pk=anna.seat.member, members__here=True).exists()


# The sweep was slower


def test_a_seat_let_in_just_before_its_time_was_over_stays(helpwanted: Line, carla: Counsellor) -> None:
    anna = a_caller()
    seat = carla.takes_next()
    anna.grants()
    assert not departures.release(seat.member, now=clock.now())
    assert "left" not in kinds(anna.seat)
    assert Conversation.objects.get().passed_over_at is None


def test_a_seat_that_came_back_just_before_its_lease_was_over_stays(
    helpwanted: Line, carla: Counsellor
) -> None:
    anna, now = a_caller(), clock.now()
    seat = carla.takes_next()
    assert not departures.lose(seat.member, away_since=now, now=now)
    assert "left" not in kinds(anna.seat)


def test_nobody_gets_up_from_a_conversation_that_has_ended(helpwanted: Line, carla: Counsellor) -> None:
    anna = a_caller()
    seat = carla.takes_next()
    endings.leave(anna.seat, now=clock.now())
    assert not departures.release(seat.member, now=clock.now())
    assert not departures.expel(seat.member, now=clock.now())
    assert kinds(anna.seat)[-1] == "ended"


def test_a_caller_who_is_back_while_the_worker_looks_is_not_ended(
    helpwanted: Line, monkeypatch: pytest.MonkeyPatch
) -> None:
    now = clock.now()
    anna = a_caller(now=now)
    presence.depart(anna.socket, now=now)

    def locks_when_she_is_back(pk: str) -> Conversation:
        presence.arrive("newer", member=anna.seat.member, now=now)
        return lock_conversation(pk)

    monkeypatch.setattr("chat.runtime.deadlines.lock_conversation", locks_when_she_is_back)
    deadlines.meet(now=later(now, 601))
    assert state_of(anna) == "waiting"
