"""The coded form after a conversation is stored once and linked to nobody."""

from datetime import datetime, timedelta

import pytest

from chat.conversation import departures, endings
from chat.figures import batches, wrapup
from chat.handoff import invitations
from chat.handoff.invitations import To
from chat.models import Carried, Figure, Line, Member, Slot
from chat.states import How
from helpline.lib import clock
from helpline.lib.errors import BadFrame, Conflict, NotFound
from tests.support.domain.cast import Counsellor, a_caller, taken

pytestmark = pytest.mark.usefixtures("counted_at_once")


def test_a_wrap_up_is_counted_once_and_only_with_known_codes(
    carla: Counsellor, daan: Counsellor, helpwanted: Line
) -> None:
    anna = a_caller()
    carla.takes_next()
    anna.grants()
    now = clock.now()
    endings.leave(anna.seat, now=now)
    for codes in ({"subject": "my name is Anna"}, {"remarks": "peers"}):
        with pytest.raises(BadFrame):
            wrapup.wrap_up(carla.person, anna.conversation, codes, now=now)
    with pytest.raises(NotFound):
        wrapup.wrap_up(daan.person, anna.conversation, {"subject": "peers"}, now=now)
    codes = {"subject": "peers", "detail": "sextortion"}
    wrapup.wrap_up(carla.person, anna.conversation, codes, now=now)
    with pytest.raises(Conflict):
        wrapup.wrap_up(carla.person, anna.conversation, codes, now=now)
    rows = Figure.objects.filter(name__startswith="wrapup_").values_list("name", "key", "value")
    assert set(rows) == {("wrapup_subject", "peers", 1), ("wrapup_detail", "sextortion", 1)}


def test_a_form_that_is_refused_uses_up_no_slot(
    carla: Counsellor, daan: Counsellor, helpwanted: Line, monkeypatch: pytest.MonkeyPatch
) -> None:
    anna = a_caller()
    carla.takes_next()
    anna.grants()
    endings.leave(anna.seat, now=clock.now())
    codes = {"subject": "peers"}
    wrapup.wrap_up(carla.person, anna.conversation, codes, now=clock.now())
    used: list[object] = []

    def take_slots(*asked: object) -> list[Slot]:
        used.append(asked)
        return []

    monkeypatch.setattr(batches, "take_slots", take_slots)
    for person, given, refusal in (
        (carla.person, {"nl": ""}, BadFrame),
        (carla.person, codes, Conflict),
        (daan.person, codes, NotFound),
    ):
        with pytest.raises(refusal):
            wrapup.wrap_up(person, anna.conversation, given, now=clock.now())
    assert used == []


def test_a_conversation_that_was_passed_on_is_coded_once_and_weighs_on_each(
    carla: Counsellor, daan: Counsellor, helpwanted: Line
) -> None:
    anna, seat = taken(carla)
    asked = invitations.invite(seat, How.TRANSFER, To(staff=daan.person.handle), None, now=clock.now())
    invitations.accept(asked.pk, daan.person, daan.device.pk, now=clock.now())
    anna.grants()
    now = clock.now()
    wrapup.wrap_up(carla.person, anna.conversation, {"weight": "heavy"}, now=now)
    endings.leave(anna.seat, now=now)
    wrapup.wrap_up(daan.person, anna.conversation, {"subject": "peers", "weight": "light"}, now=now)
    assert counted() == {"subject peers": 1, "weight heavy": 1, "weight light": 1}

    bilal, seat = taken(carla)
    endings.leave(bilal.seat, now=now)
    for who in (carla, daan):
        Member.objects.filter(pk=seat.member).update(person=who.person, wrapped_up=False)
        wrapup.wrap_up(who.person, bilal.conversation, {"subject": "peers", "weight": "heavy"}, now=now)
    assert counted() == {"subject peers": 2, "weight heavy": 3, "weight light": 1}


def test_who_was_there_twice_tells_once_how_heavy_it_was(carla: Counsellor, helpwanted: Line) -> None:
    anna, seat = taken(carla)
    Member.objects.filter(pk=seat.member).update(here=False, presence_since=clock.now())
    departures.lose(seat.member, away_since=clock.now(), now=clock.now())
    wrapup.wrap_up(carla.person, anna.conversation, {"weight": "heavy"}, now=clock.now())
    carla.takes_next()
    anna.grants()
    endings.leave(anna.seat, now=clock.now())
    wrapup.wrap_up(carla.person, anna.conversation, {"weight": "heavy"}, now=clock.now())
    assert counted() == {"weight heavy": 1}
    assert list(Carried.objects.values_list("talks", "heavy")) == [(1, 1)]


def test_it_weighs_on_the_day_of_the_conversation_whenever_the_form_comes(
    carla: Counsellor, helpwanted: Line
) -> None:
    anna, _ = taken(carla)
    over: datetime = clock.now()
    endings.leave(anna.seat, now=over)
    wrapup.wrap_up(carla.person, anna.conversation, {"weight": "heavy"}, now=over + timedelta(days=1))
    assert [(row.talks, row.heavy) for row in Carried.objects.all()] == [(1, 1)]


def counted() -> dict[str, int]:
    rows = Figure.objects.filter(name__startswith="wrapup_", value__gt=0)
    return {f"{row.name.removeprefix('wrapup_')} {row.key}": row.value for row in rows}
