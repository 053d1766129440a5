"""What platforms did is counted once for each item and name, and never linked to a person."""

import re
from datetime import timedelta
from pathlib import Path
from typing import get_args, get_type_hints

import pytest
from django.conf import settings
from django.utils import timezone

from chat import protocol
from chat.cases import results
from chat.conversation import endings, erasing
from chat.models import Conversation, CountedResult, Figure, Line
from helpline.lib import clock
from helpline.lib.errors import BadFrame, Conflict, Ended, Forbidden
from tests.support.domain.cast import Counsellor, later, taken
from tests.support.domain.letters import sent, takes_letter

pytestmark = pytest.mark.django_db
ITEM, OTHER = "0123456789abcdef", "fedcba9876543210"


@pytest.fixture(autouse=True)
def _keeps(helpwanted: Line) -> None:
    Line.objects.filter(pk=helpwanted.pk).update(cases=True)


def counted() -> dict[str, int]:
    rows = Figure.objects.filter(name__startswith="case_")
    return {f"{row.name} {row.key}": row.value for row in rows}


def test_each_name_of_an_item_counts_once_in_the_figures_of_the_month(carla: Counsellor) -> None:
    _, seat = taken(carla)
    now = clock.now()
    for item, name, code in (
        (ITEM, "platform", "snapchat"),
        (ITEM, "platform", "tiktok"),  # the first value counts
        (ITEM, "outcome", "removed"),
        (OTHER, "platform", "snapchat"),
    ):
        results.count(seat, item, {name: code}, now=now)
    assert counted() == {"case_platform snapchat": 2, "case_outcome removed": 1}
    [hour] = set(Figure.objects.filter(name="case_platform").values_list("hour", flat=True))
    local = timezone.localtime(hour)
    assert (local.day, local.hour) == (1, 0), "not when it was"


def test_the_row_that_it_was_counted_goes_with_the_conversation(carla: Counsellor) -> None:
    anna, seat = taken(carla)
    results.count(seat, ITEM, {"what": "image"}, now=clock.now())
    assert not [field.name for field in CountedResult._meta.fields if field.name in ("code", "value", "at")]
    erasing.erase(anna.seat, now=clock.now())
    assert not CountedResult.objects.exists()
    assert counted() == {"case_what image": 1}


def test_a_colleague_who_is_not_in_charge_counts_nothing(carla: Counsellor, daan: Counsellor) -> None:
    _, seat = taken(carla)
    Conversation.objects.get(pk=seat.conversation).members.filter(pk=seat.member).update(role="partner")
    with pytest.raises(Forbidden):
        results.count(seat, ITEM, {"what": "image"}, now=clock.now())


def test_a_letter_s_taker_counts(post_box: Line, carla: Counsellor) -> None:
    Line.objects.update(cases=True)
    sent()
    results.count(takes_letter(carla), ITEM, {"days": "0-1"}, now=clock.now())
    assert counted() == {"case_days 0-1": 1}


def test_after_the_end_it_counts_until_the_wraps_of_the_staff_end(carla: Counsellor) -> None:
    _, seat = taken(carla)
    now = clock.now()
    endings.close(seat, now=now)
    results.count(seat, ITEM, {"outcome": "refused"}, now=later(now, 60))
    assert counted() == {"case_outcome refused": 1}
    with pytest.raises(Ended):
        results.count(seat, ITEM, {"days": "more"}, now=now + settings.STAFF_WRAPS + timedelta(seconds=1))


@pytest.mark.parametrize(
    "told", [{}, {"what": "image", "days": "0-1"}, {"what": "link"}, {"platform": "x.com"}]
)
def test_anything_but_one_code_that_is_known_is_refused(carla: Counsellor, told: dict[str, str]) -> None:
    _, seat = taken(carla)
    with pytest.raises(BadFrame):
        results.count(seat, ITEM, told, now=clock.now())


def test_a_line_that_keeps_no_cases_counts_none(carla: Counsellor) -> None:
    _, seat = taken(carla)
    Line.objects.update(cases=False)
    with pytest.raises(Conflict):
        results.count(seat, ITEM, {"what": "image"}, now=clock.now())


def test_the_wire_and_the_page_name_the_codes_that_are_counted() -> None:
    hints = get_type_hints(protocol.CaseResult)
    for name in ("what", "outcome", "days"):
        literal, _ = get_args(hints[name])
        assert get_args(literal) == results.CODES[name]
    page = (Path(__file__).parents[2] / "frontend/shared/platforms.js").read_text()
    assert dict(re.findall(r'platform\("(\w+)", "([^"]+)"', page)) == results.PLATFORMS
