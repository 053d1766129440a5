"""Whoever asked for it gets one mail before each shift, which does not say what it is about or where."""

from datetime import timedelta

import pytest

from chat.models import Line, Outgoing
from chat.planning import calendar_feed, moving, own_rota, places, preferences, reminders
from chat.planning.models import Place
from chat.planning.preferences import Preferences
from tests.planning.cast import NOW, a_shift, when
from tests.support.domain.cast import Counsellor
from tests.support.domain.rival import faster

pytestmark = pytest.mark.django_db


def test_who_gave_an_address_is_reminded_once_a_day_before(
    floor: Counsellor, carla: Counsellor, daan: Counsellor
) -> None:
    shift = a_shift(floor)
    for who in (carla, daan):
        places.take(who.person, shift.pk, now=NOW)
    preferences.store(carla.person, Preferences(mail="carla@example.org"))
    day_before = shift.starts_at - timedelta(hours=24)
    assert reminders.send(now=day_before - timedelta(minutes=1)) == 0
    assert reminders.send(now=day_before) == 1
    assert reminders.send(now=day_before + timedelta(hours=1)) == 0
    mail = Outgoing.objects.get()
    assert (mail.to, mail.until) == ("carla@example.org", shift.starts_at)
    for word in ("helpwanted", "19:00", "Carla", "30", "dienst"):
        assert word not in mail.subject + mail.body
    assert "/rota/" in mail.body


@pytest.mark.parametrize("new", ["carla@example.net", ""])
def test_a_reminder_that_waits_for_the_mail_server_follows_the_person_s_address(
    floor: Counsellor, carla: Counsellor, new: str
) -> None:
    shift = a_shift(floor)
    places.take(carla.person, shift.pk, now=NOW)
    preferences.store(carla.person, Preferences(mail="carla@example.org"))
    assert reminders.send(now=shift.starts_at - timedelta(hours=3)) == 1
    preferences.store(carla.person, Preferences(mail=new))
    assert [mail.to for mail in Outgoing.objects.all()] == ([new] if new else [])


def test_a_shift_that_moves_is_reminded_of_again_and_a_sick_one_is_not(
    floor: Counsellor, carla: Counsellor
) -> None:
    shift = a_shift(floor)
    places.take(carla.person, shift.pk, now=NOW)
    preferences.store(carla.person, Preferences(mail="carla@example.org"))
    before = shift.starts_at - timedelta(hours=3)
    assert reminders.send(now=before) == 1
    moving.change(floor.person, shift.pk, when(1), 2)
    assert reminders.send(now=before + timedelta(days=1)) == 1
    moving.change(floor.person, shift.pk, when(2), 2)
    places.call_in_sick(carla.person, shift.pk, now=before)
    assert reminders.send(now=before + timedelta(days=2)) == 0


def test_a_place_that_changes_hands_at_that_moment_is_reminded_of_to_who_has_it(
    floor: Counsellor, carla: Counsellor, daan: Counsellor
) -> None:
    shift = a_shift(floor)
    places.take(carla.person, shift.pk, now=NOW)
    for who in (carla, daan):
        preferences.store(who.person, Preferences(mail=f"{who.person.username}@example.org"))
    before = shift.starts_at - timedelta(hours=3)
    swapped = Place.objects.filter(shift=shift)
    with faster('UPDATE "planning_place"', lambda: swapped.update(person=daan.person)):
        assert reminders.send(now=before) == 0
    assert reminders.send(now=before) == 1
    assert Outgoing.objects.get().to == f"{daan.person.username}@example.org"


def test_of_a_line_that_has_ended_nobody_is_reminded_and_its_shifts_are_in_no_rota(
    floor: Counsellor, carla: Counsellor
) -> None:
    shift = a_shift(floor)
    places.take(carla.person, shift.pk, now=NOW)
    preferences.store(carla.person, Preferences(mail="carla@example.org"))
    before = shift.starts_at - timedelta(hours=3)
    assert len(own_rota.coming(carla.person, now=before)) == 1
    assert b"VEVENT" in calendar_feed.write(carla.person, now=before)
    Line.objects.update(ended_at=NOW)
    assert own_rota.coming(carla.person, now=before) == []
    assert b"VEVENT" not in calendar_feed.write(carla.person, now=before)
    assert reminders.send(now=before) == 0
    Line.objects.update(ended_at=None)
    assert reminders.send(now=before) == 1, "it was brought back"
