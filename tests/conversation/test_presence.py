"""Presence is a lease, so connects and disconnects are not counted."""

from django.db import connection
from django.test.utils import CaptureQueriesContext

from chat.conversation import presence
from chat.lines import staff
from chat.models import Conversation, Lease, Line, Member
from counsellors.models import Duty
from helpline.lib import clock
from tests.support.domain.cast import Counsellor, a_caller, later
from tests.support.domain.rival import faster


def is_here(member: str) -> bool:
    return Member.objects.get(pk=member).here


def test_a_console_without_a_device_speaks_for_nobody(helpwanted: Line) -> None:
    anna, now = a_caller(), clock.now()
    presence.depart(anna.socket, now=now)
    presence.arrive("a console", device=None, now=now)
    assert not is_here(anna.seat.member)
    presence.depart("a console", now=now)


def test_of_two_tabs_of_a_console_one_is_enough_to_be_here(helpwanted: Line, carla: Counsellor) -> None:
    now = clock.now()
    for tab in ("one", "two"):
        presence.arrive(tab, device=carla.device.pk, now=now)
    a_caller()
    seat = carla.takes_next()
    presence.depart("one", now=now)
    assert is_here(seat.member)
    presence.depart("two", now=now)
    assert not is_here(seat.member)


def test_who_go_at_once_cost_as_many_statements_as_one_and_who_is_in_a_newer_tab_stays(
    helpwanted: Line,
) -> None:
    now, callers = clock.now(), [a_caller() for _ in range(12)]
    presence.arrive("a newer tab", member=callers[0].seat.member, now=now)
    with CaptureQueriesContext(connection) as one:
        presence.depart(callers[-1].socket, now=now)
    with CaptureQueriesContext(connection) as many:
        presence.depart(*[caller.socket for caller in callers], now=now)
    assert len(many) <= len(one)
    assert [is_here(caller.seat.member) for caller in callers] == [True] + [False] * 11


def test_a_socket_silent_for_45_seconds_is_away_since_its_last_frame(helpwanted: Line) -> None:
    now = clock.now()
    anna, bilal = a_caller(now=now), a_caller(now=now)
    presence.renew({bilal.socket: now}, now=later(now, 20))
    presence.expire(now=later(now, 46))
    assert not is_here(anna.seat.member)
    assert is_here(bilal.seat.member)
    assert Member.objects.get(pk=anna.seat.member).presence_since == now


def test_a_renewed_lease_brings_its_seat_back(helpwanted: Line) -> None:
    anna, now = a_caller(), clock.now()
    Member.objects.filter(pk=anna.seat.member).update(here=False)
    assert presence.renew({anna.socket: now, "unknown": now}, now=now) == {anna.socket}
    assert is_here(anna.seat.member)


def test_leases_and_duties_are_renewed_in_one_statement_each_where_nothing_changed(
    helpwanted: Line, carla: Counsellor
) -> None:
    now = clock.now()
    anna = a_caller(now=now)
    carla.takes_next(now)
    anna.grants(now)
    presence.arrive("console", device=carla.device.pk, now=now)
    with CaptureQueriesContext(connection) as queries:
        presence.renew({anna.socket: now, "console": now}, now=later(now, 2), on_duty=[carla.person.pk])
    told = [query["sql"] for query in queries if not query["sql"].startswith(("SAVEPOINT", "RELEASE"))]
    assert [sql.split()[:2] for sql in told] == [["UPDATE", "chat_lease"], ["UPDATE", '"counsellors_duty"']]
    assert Lease.objects.filter(heard_at=later(now, 2)).count() == 2
    assert Duty.objects.get().renewed_at == later(now, 2)


def test_a_console_brings_back_the_seats_of_its_device_and_a_frame_who_was_passed_over(
    helpwanted: Line, carla: Counsellor
) -> None:
    now = clock.now()
    a_caller(now=now)
    bilal = a_caller(now=later(now, 1))
    seat = carla.takes_next(later(now, 1))
    presence.arrive("console", device=carla.device.pk, now=now)
    Member.objects.filter(pk=seat.member).update(here=False)
    Conversation.objects.filter(pk=bilal.conversation).update(passed_over_at=now)
    presence.renew({"console": later(now, 5), bilal.socket: later(now, 5)}, now=later(now, 6))
    assert is_here(seat.member)
    assert Conversation.objects.get(pk=bilal.conversation).passed_over_at is None


def test_the_socket_of_an_older_tab_takes_nothing_away(helpwanted: Line) -> None:
    anna, now = a_caller(), clock.now()
    presence.arrive("newer", member=anna.seat.member, now=now)
    presence.drop_older("newer", anna.seat.member)
    presence.depart(anna.socket, now=now)
    assert is_here(anna.seat.member)


# Somebody else is faster


def test_a_lease_renewed_while_the_worker_looks_keeps_its_seat_here(helpwanted: Line) -> None:
    now = clock.now()
    anna, late = a_caller(now=now), later(now, 46)
    with faster('DELETE FROM "chat_lease"', lambda: Lease.objects.update(heard_at=late)):
        presence.expire(now=late)
    assert is_here(anna.seat.member)
    assert Lease.objects.count() == 1


def test_a_seat_that_went_away_in_between_is_away_since_then(helpwanted: Line) -> None:
    now = clock.now()
    anna, since = a_caller(now=now), later(now, -5)
    away = {"here": False, "presence_since": since}
    with faster('UPDATE "chat_member"', lambda: Member.objects.update(**away)):
        presence.depart(anna.socket, now=later(now, 1))
    assert Member.objects.get(pk=anna.seat.member).presence_since == since


def test_colleagues_see_that_a_supervisor_s_page_is_open_and_no_more_of_each_other_than_their_duty(
    helpwanted: Line, carla: Counsellor, floor: Counsellor
) -> None:
    Duty.objects.filter(person=carla.person).update(state="off")
    for who in (carla, floor):
        presence.arrive(who.person.username, device=who.device.pk, now=clock.now())
    assert dict(staff.people_of("helpwanted")) == {carla.person: "off", floor.person: "there"}
    staff.change_duty(floor.person, "break", 0, now=clock.now())
    assert dict(staff.people_of("helpwanted"))[floor.person] == "break", (
        "what somebody says of themself counts first"
    )
    staff.change_duty(floor.person, "off", 0, now=clock.now())
    presence.depart(floor.person.username, now=clock.now())
    assert dict(staff.people_of("helpwanted"))[floor.person] == "off"
