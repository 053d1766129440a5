"""People wait from `next` to the first readable word, so each step may use only so many statements."""

import secrets
from collections.abc import Callable

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from chat.conversation import boxes, grants, reading
from chat.conversation.grants import Share
from chat.conversation.presence import There
from chat.models import Figure, Line, Member
from counsellors import devices
from helpline.lib import clock
from tests.support.domain.cast import Counsellor, a_caller, says

pytestmark = pytest.mark.django_db(transaction=True)

# The device at `hello`; `next`; the caller reads `joined`; `grant`; the caller reads `granted`; `open`.
APPROVED, NEXT, JOINED, GRANT, GRANTED, OPEN = 1, 6, 3, 8, 3, 5
TO_THE_FIRST_WORD = 27
TRANSACTIONS = ("BEGIN", "COMMIT")


def statements(action: Callable[[], object]) -> list[str]:
    """Counts the statements with savepoints, and without the begin and end of the transaction."""
    with CaptureQueriesContext(connection) as queries:
        action()
    return [sql for query in queries if not (sql := query["sql"]).startswith(TRANSACTIONS)]


def test_from_next_to_the_first_readable_word_each_step_keeps_to_its_number(
    helpwanted: Line, carla: Counsellor
) -> None:
    anna = a_caller()
    says(anna.seat)
    counts = [len(statements(lambda: devices.require_approved(carla.person, carla.device.pk)))]
    counts.append(len(statements(carla.takes_next)))
    seat = Member.objects.get(person=carla.person)

    def read_by_anna(upto: int) -> reading.News:
        return reading.news(anna.seat, upto, prev=upto)

    counts.append(len(statements(lambda: read_by_anna(2))))
    shares = [Share(seat.pk, 1, secrets.token_bytes(boxes.WRAP_BYTES))]
    history = [Share(seat.pk, 0, secrets.token_bytes(boxes.WRAP_BYTES))]
    now = clock.now()
    counts.append(len(statements(lambda: grants.grant(anna.seat, 1, shares, history, now=now))))
    counts.append(len(statements(lambda: read_by_anna(3))))
    opened: list[reading.Opened] = []

    def opens() -> None:
        opened.append(reading.open_own(anna.conversation, carla.person, carla.device.pk, 0))

    counts.append(len(statements(opens)))
    extra = int(connection.vendor == "postgresql")  # the limit on the wait for a row
    assert counts == [APPROVED, NEXT + extra, JOINED, GRANT, GRANTED, OPEN]
    assert sum(counts) <= TO_THE_FIRST_WORD
    news = opened[0].news
    assert [one.entry.kind for one in news.part.entries] == ["opened", "message", "joined", "granted"]
    assert news.part.entries[-1].history == ((0, history[0].wrap),)
    assert news.people == {anna.seat.member: There(here=True, seen=0, code=False)}
    assert Figure.objects.filter(name="answered").exists()
