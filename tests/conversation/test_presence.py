"""Presence is a lease: nobody counts connects and disconnects."""

from chat.conversation import presence
from chat.models import Lease, Line, Member
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


def test_a_socket_silent_for_45_seconds_is_away_since_its_last_frame(helpwanted: Line) -> None:
    now = clock.now()
    anna, bilal = a_caller(now=now), a_caller(now=now)
    presence.renew([bilal.socket], heard_since=now, now=later(now, 20))
    presence.expire(now=later(now, 46))
    assert not is_here(anna.seat.member)
    assert is_here(bilal.seat.member)
    assert Member.objects.get(pk=anna.seat.member).presence_since == now


def test_a_renewed_lease_brings_its_seat_back(helpwanted: Line) -> None:
    anna, now = a_caller(), clock.now()
    Member.objects.filter(pk=anna.seat.member).update(here=False)
    assert presence.renew([anna.socket, "unknown"], heard_since=now, now=now) == {anna.socket}
    assert is_here(anna.seat.member)


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
