"""Telephone and mail are counted by hand; debriefs, hours and crossed answers are counted automatically."""

from datetime import UTC, datetime, timedelta

import pytest

from chat.care import debriefs
from chat.conversation import endings
from chat.figures import by_hand, counters, wrapup
from chat.models import Debrief, Figure, Line, Sample
from chat.supervision import samples
from helpline.lib import clock
from helpline.lib.errors import Conflict, NotFound
from tests.support.domain.cast import Counsellor, a_caller

pytestmark = pytest.mark.django_db


def values(name: str) -> dict[str, int]:
    return dict(Figure.objects.filter(name=name).values_list("key", "value"))


def test_a_tap_counts_and_a_mistake_is_taken_back(carla: Counsellor, esra: Counsellor) -> None:
    now = clock.now()
    for how in ("telephone", "telephone", "mail"):
        by_hand.count(carla.person, "helpwanted", how, now=now)
    by_hand.uncount(carla.person, "helpwanted", "telephone", now=now)
    assert values("by_hand") == {"telephone": 1, "mail": 1}
    by_hand.uncount(carla.person, "helpwanted", "mail", now=now)
    with pytest.raises(Conflict):
        by_hand.uncount(carla.person, "helpwanted", "mail", now=now)
    with pytest.raises(NotFound):
        by_hand.count(esra.person, "helpwanted", "mail", now=now)


def test_a_tap_just_before_the_hour_is_taken_back_just_after_it(carla: Counsellor) -> None:
    before = datetime(2026, 11, 30, 18, 59, 50, tzinfo=UTC)
    by_hand.count(carla.person, "helpwanted", "mail", now=before)
    by_hand.uncount(carla.person, "helpwanted", "mail", now=before + timedelta(seconds=20))
    assert values("by_hand") == {"mail": 0}
    by_hand.count(carla.person, "helpwanted", "mail", now=before)
    with pytest.raises(Conflict):
        by_hand.uncount(carla.person, "helpwanted", "mail", now=before + timedelta(hours=2))


def test_debriefs_are_counted_when_asked_for_and_when_held(carla: Counsellor, floor: Counsellor) -> None:
    now = clock.now()
    for _ in range(2):  # two identical requests are one
        debriefs.ask(carla.person, "helpwanted", now=now)
    debriefs.hold(floor.person, Debrief.objects.get().pk, now=now)
    assert values("debrief") == {"asked": 1, "held": 1}


@pytest.mark.usefixtures("counted_at_once")
def test_two_answers_of_one_form_are_told_together_of_a_month_and_of_no_hour(
    carla: Counsellor, helpwanted: Line
) -> None:
    anna = a_caller()
    carla.takes_next()
    anna.grants()
    endings.leave(anna.seat, now=clock.now())
    at = datetime(2026, 11, 18, 12, 40, tzinfo=UTC)
    codes = {"subject": "peers", "age": "12_15", "weight": "light"}
    wrapup.wrap_up(carla.person, anna.conversation, codes, now=at)
    crossed = Figure.objects.get(name__startswith="cross_")
    assert (crossed.name, crossed.key) == ("cross_age", "peers:12_15")
    assert crossed.hour == datetime(2026, 10, 31, 23, tzinfo=UTC), "the month's first hour, here"


def test_an_hour_s_samples_are_summed_up_once_it_is_over_and_once_only(helpwanted: Line) -> None:
    hour = datetime(2026, 11, 18, 12, tzinfo=UTC)
    for minute in range(60):
        Sample.objects.create(
            line=helpwanted, at=hour + timedelta(minutes=minute), waiting=0, active=0, longest=0,
            on=2 if minute < 30 else 0, open=minute < 45,
        )  # fmt: skip
    samples.sum_up(hour + timedelta(minutes=59))
    assert not Figure.objects.exists()
    for _ in range(2):
        samples.sum_up(hour + timedelta(minutes=61))
    assert [values(name)[""] for name in (counters.OPEN_FOR, counters.STAFFED_FOR, counters.PEOPLE_FOR)] == [
        45, 30, 60,
    ]  # fmt: skip


def test_a_worker_that_was_away_sums_up_what_it_has_samples_of(helpwanted: Line) -> None:
    hour = datetime(2026, 11, 18, 12, tzinfo=UTC)
    Sample.objects.create(line=helpwanted, at=hour, waiting=0, active=0, longest=0, on=1, open=True)
    samples.sum_up(hour + timedelta(hours=30))
    assert Figure.objects.get(name=counters.OPEN_FOR).hour == hour
