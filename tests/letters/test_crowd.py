"""In a crowd of letters each costs more work than the one before, and a person's letter still gets in."""

from unittest.mock import Mock

import pytest
from pytest_django import Settings

from chat.letters import beginning
from chat.models import Conversation, Line
from helpline.lib import clock
from helpline.lib.errors import LineFull, WorkAsked
from tests.support.domain.cast import later
from tests.support.domain.letters import a_letter

HOUR = 3600


@pytest.fixture(autouse=True)
def _full_price(settings: Settings) -> None:
    settings.WORK_SCALE = 1


def ten_letters() -> None:
    for _ in range(10):
        a_letter()


def test_ten_letters_of_an_hour_are_free_and_from_then_on_each_costs_more(post_box: Line) -> None:
    ten_letters()
    with pytest.raises(WorkAsked):
        a_letter()
    now = clock.now()
    first = beginning.work_of("helpwanted", now=now)
    Conversation.objects.filter(written="draft").update(written="answered")  # answered ones count by the hour
    assert beginning.work_of("helpwanted", now=now) == first > 0
    assert beginning.work_of("helpwanted", now=later(now, HOUR + 1)) == 0


def test_it_rises_with_each_to_what_a_slow_phone_solves_in_twenty_seconds(
    post_box: Line, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked = []
    for many in (9, 10, 11, 12, 10_000):
        monkeypatch.setattr(beginning, "begun_lately", Mock(return_value=many))
        asked.append(beginning.work_of("helpwanted", now=clock.now()))
    assert asked == sorted(asked)
    assert asked[0] == 0
    assert asked[1] < asked[2] < asked[3] < asked[4] == beginning.MAX_ITERATIONS


def test_while_too_many_wait_each_costs_the_most_and_ten_times_as_many_fill_the_line(
    post_box: Line, settings: Settings
) -> None:
    ten_letters()
    settings.LETTERS_MAX = 10
    assert beginning.work_of("helpwanted", now=later(clock.now(), HOUR + 1)) == beginning.MAX_ITERATIONS
    settings.LETTERS_MAX = 1
    with pytest.raises(LineFull):
        a_letter()
