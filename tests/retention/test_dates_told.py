"""What the caller is told about how long a conversation stays is what really happens."""

from datetime import UTC, datetime, timedelta

import pytest
from django.conf import settings
from django.test import Client
from hypothesis import given
from hypothesis import strategies as st

from chat.conversation import endings
from chat.keys import outer
from chat.lines import stays
from chat.models import Line
from chat.retention import dates
from helpline.lib import clock
from tests.support.domain.cast import Counsellor, a_caller, a_point

HOURS = [0, 1, 24, 72, 2160]
retentions = st.integers(0, 90 * 24).map(lambda hours: timedelta(hours=hours))
openings = st.floats(1.77e9, 1.9e9).map(lambda seconds: datetime.fromtimestamp(seconds, UTC))


def told(client: Client) -> dict[str, object]:
    texts: dict[str, object] = client.get("/api/lines/helpwanted/").json()["texts"]
    return texts


@pytest.mark.parametrize("hours", HOURS)
def test_the_page_is_told_the_line_s_own_retention(helpwanted: Line, client: Client, hours: int) -> None:
    Line.objects.update(retention=timedelta(hours=hours))
    assert told(client)["retention_hours"] == hours
    assert told(client)["unanswered_hours"] == min(hours, 1)


@given(opened=openings, kept=retentions)
def test_no_backup_can_be_opened_later_than_was_told_nor_much_earlier(
    opened: datetime, kept: timedelta
) -> None:
    late = opened + stays.longest(kept) - outer.purge_instant(opened + settings.OPEN_SPAN, kept)
    assert timedelta() <= late <= settings.PURGE_HOUR


@pytest.mark.parametrize("hours", HOURS)
@pytest.mark.parametrize("answered", [False, True])
def test_a_conversation_goes_when_its_caller_was_told_at_the_start(
    helpwanted: Line, carla: Counsellor, hours: int, answered: bool
) -> None:
    Line.objects.update(retention=timedelta(hours=hours))
    anna = a_caller()
    if answered:
        carla.takes_next()
        anna.grants()
    endings.leave(anna.seat, now=clock.now())
    row = dates.with_rows_end().get(pk=anna.conversation)
    kept = anna.opened.retention if answered else stays.unanswered(anna.opened.retention)
    assert row.rows_end == row.ended_at + kept  # type: ignore[attr-defined,operator]
    assert row.purge_at == anna.opened.purge_at


def test_that_a_supervisor_can_read_is_told_only_of_a_line_with_a_review_key(
    helpwanted: Line, client: Client
) -> None:
    assert told(client)["review"] is False
    Line.objects.update(review_key=a_point())
    assert told(client)["review"] is True
