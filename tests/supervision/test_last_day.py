"""A supervisor who was away reads what happened on a line in the last day: numbers, and no names."""

from datetime import UTC, datetime, timedelta

import pytest

from chat.figures import counters
from chat.models import Line, Missed, Sample
from chat.supervision import last_day, missed
from chat.supervision.last_day import LastDay
from helpline.lib import clock
from tests.support.cast import carla as carla_connects
from tests.support.cast import floor as floor_connects
from tests.support.domain.cast import Counsellor, later
from tests.support.frames import Refused
from tests.support.platform import Platform

NOON = datetime(2026, 11, 18, 12, 30, tzinfo=UTC)
NIGHT = datetime(2026, 11, 18, 2, 10, tzinfo=UTC)
EARLIER = datetime(2026, 11, 17, 11, 59, tzinfo=UTC)  # before the day begins at 12:00


@pytest.mark.django_db
def test_the_last_day_is_summed_up_and_what_was_before_it_or_on_another_line_is_not(
    helpwanted: Line, stopitnow: Line, floor: Counsellor
) -> None:
    for at in (NIGHT, EARLIER):
        counters.count_all(
            {("started", "0"): 3, ("started", "2"): 1, ("answered", ""): 2, ("line_full", ""): 4},
            "helpwanted",
            now=at,
        )
        Sample.objects.create(line=helpwanted, at=at, waiting=2, active=0, on=0, longest=540, open=True)
    counters.count(counters.ABANDONED, "", "helpwanted", now=NIGHT)
    counters.count(counters.ABANDONED, "", "stopitnow", now=NIGHT)
    Sample.objects.create(
        line=helpwanted, at=later(NIGHT, 60), waiting=0, active=0, on=1, longest=0, open=True
    )
    assert last_day.of_lines(floor.person, now=NOON) == [
        LastDay(*("helpwanted", 4, 1, 2, 1, 4, 0), longest=timedelta(minutes=9), alone=timedelta(minutes=1))
    ]


@pytest.mark.django_db
def test_what_nobody_came_to_still_counts_once_a_supervisor_has_seen_it(
    helpwanted: Line, floor: Counsellor
) -> None:
    now = clock.now()
    rows = [
        Missed.objects.create(line=helpwanted, kind="left", since=now, at=now, acute=True) for _ in range(2)
    ]
    missed.see(floor.person, "helpwanted", rows[0].pk, now=now)
    Missed.objects.create(line=helpwanted, kind="call", since=now, at=now, acute=False)
    lost = Missed.objects.create(line=helpwanted, kind="lost", since=now, at=later(now, 60), acute=True)
    (found,) = last_day.of_lines(floor.person, now=later(now, 60))
    assert found.missed == 3
    assert found.grave[0] == lost, "the newest first"
    assert {row.pk for row in found.grave} == {lost.pk, *(row.pk for row in rows)}, "what was acute"


async def test_a_board_asks_for_it_and_a_counsellor_may_not(laptop: Platform) -> None:
    supervisor, counsellor = await floor_connects(laptop), await carla_connects(laptop)
    told = await supervisor.request("lastday")
    assert {row["line"] for row in told["lines"]} == set(supervisor.me["lines"])
    with pytest.raises(Refused) as refused:
        await counsellor.request("lastday")
    assert refused.value.code == "forbidden"
