"""A quick exit meets somebody else's action at the same time: the first commit counts, and nobody is left
alone. Each race is held open: the other action is done but not committed while the exit waits for the row."""

from collections.abc import Callable

import pytest
from django.db import connection, transaction

from chat.conversation import coming_back, departures, endings, erasing, quick_exit
from chat.conversation.seats import Seat
from chat.models import Conversation, Entry
from helpline.lib import clock
from helpline.lib.errors import Ended, Gone, Refusal
from tests.support.domain.cast import Caller, a_counsellor, a_line, taken, writes_down
from tests.support.domain.rival import beside, until_somebody_waits

pytestmark = [
    pytest.mark.django_db(transaction=True),
    pytest.mark.skipif(connection.vendor != "postgresql", reason="SQLite has one writer"),
    pytest.mark.usefixtures("own_keys"),
]
type Action = Callable[[Caller, Seat], object]


@pytest.fixture
def talk() -> tuple[Caller, Seat]:
    return taken(a_counsellor("Carla", a_line()))


def exits(anna: Caller, _seat: Seat | None = None) -> None:
    quick_exit.exit_quickly(anna.conversation, anna.opened.token, now=clock.now())


def keeps_a_code(anna: Caller, _seat: Seat) -> None:
    writes_down(anna)


def closes(_anna: Caller, seat: Seat) -> None:
    endings.close(seat, now=clock.now())


@transaction.atomic
def is_lost(_anna: Caller, seat: Seat) -> None:
    departures.expel(seat.member, now=clock.now())


def erases(anna: Caller, _seat: Seat) -> None:
    erasing.erase(anna.seat, now=clock.now())


def beside_each_other(first: Action, second: Action, anna: Caller, seat: Seat) -> object:
    """Returns the outcome of the second action, which waits until the first has committed."""
    with transaction.atomic():
        first(anna, seat)
        waits = beside(lambda: second(anna, seat))
        until_somebody_waits(1)
    return waits()


def outcome(anna: Caller) -> tuple[str, list[str]]:
    """Returns the conversation's state, and its last two entries with the reason of an end."""
    state = Conversation.objects.get(pk=anna.conversation).state
    last = Entry.objects.filter(conversation=anna.conversation).order_by("-seq")[:2]
    return state, [entry.facts.get("reason", entry.kind) for entry in reversed(last)]


@pytest.mark.parametrize(
    ("action", "state", "last"),
    [
        (closes, "ended", ["granted", "counsellor"]),
        (is_lost, "ended", ["requeued", "caller"]),
        (keeps_a_code, "active", ["joined", "granted"]),
    ],
    ids=["a close", "a counsellor who is lost", "a code that was typed back"],
)
def test_an_exit_sees_what_was_done_just_before_it(
    talk: tuple[Caller, Seat], action: Action, state: str, last: list[str]
) -> None:
    anna, seat = talk
    assert beside_each_other(action, exits, anna, seat) is None
    assert outcome(anna) == (state, last)


def test_an_exit_after_an_erasure_finds_nothing(talk: tuple[Caller, Seat]) -> None:
    assert beside_each_other(erases, exits, *talk) is None
    assert not Conversation.objects.exists()


@pytest.mark.parametrize(
    ("action", "refusal"),
    [(closes, Ended), (keeps_a_code, Gone), (erases, Gone)],
    ids=lambda one: one.__name__,
)
def test_what_comes_just_after_an_exit_is_refused(
    talk: tuple[Caller, Seat], action: Action, refusal: type[Refusal]
) -> None:
    anna, seat = talk
    assert isinstance(beside_each_other(exits, action, anna, seat), refusal)
    assert outcome(anna) == ("ended", ["granted", "caller"])


def test_a_counsellor_who_is_lost_just_after_an_exit_puts_nobody_in_the_queue(
    talk: tuple[Caller, Seat],
) -> None:
    anna, seat = talk
    beside_each_other(exits, is_lost, anna, seat)
    assert outcome(anna) == ("ended", ["granted", "caller"])


def test_a_return_while_the_last_counsellor_leaves_puts_the_caller_in_the_queue(
    talk: tuple[Caller, Seat],
) -> None:
    anna, seat = talk
    code = writes_down(anna)
    exits(anna)
    returned: list[coming_back.Returned] = []

    def returns(_anna: Caller, _seat: Seat) -> None:
        returned.append(coming_back.return_by_code("helpwanted", code, socket="library", now=clock.now()))

    beside_each_other(is_lost, returns, anna, seat)
    assert returned[0].resumed.state == "waiting"
    assert outcome(anna) == ("waiting", ["lost", "requeued"])


def test_a_counsellor_who_leaves_just_after_a_return_puts_the_caller_in_the_queue(
    talk: tuple[Caller, Seat],
) -> None:
    anna, seat = talk
    code = writes_down(anna)
    exits(anna)

    def returns(_anna: Caller, _seat: Seat) -> None:
        coming_back.return_by_code("helpwanted", code, socket="library", now=clock.now())

    beside_each_other(returns, is_lost, anna, seat)
    assert outcome(anna) == ("waiting", ["lost", "requeued"])
