"""On PostgreSQL, two things happen to one letter at once: the second waits, and one of them may fail. In each
pair the first is done and not committed while the second waits for the row."""

from collections.abc import Callable
from itertools import product

import pytest
from django.db import connection, transaction

from chat.conversation import coming_back, endings, erasing, quick_exit
from chat.conversation.seats import Seat
from chat.letters import takes, talking
from chat.models import Conversation, Entry, Letter, Line
from chat.supervision import staff_devices
from counsellors.models import Device
from helpline.lib import clock
from helpline.lib.errors import Refusal
from tests.support.domain.cast import Caller, Counsellor, later
from tests.support.domain.letters import a_letter, answer, keeps_code, takes_letter, writes
from tests.support.domain.rival import beside, until_somebody_waits

pytestmark = [
    pytest.mark.django_db(transaction=True),
    pytest.mark.skipif(connection.vendor != "postgresql", reason="SQLite has one writer"),
    pytest.mark.usefixtures("own_keys"),
]


class Taken:
    """Holds Anna's letter, which Carla has taken, and Daan."""

    def __init__(self, carla: Counsellor, daan: Counsellor) -> None:
        self.now = clock.now()
        self.anna = a_letter(now=self.now)
        self.asked = writes(self.anna, now=self.now).seq
        self.code = keeps_code(self.anna, self.now)
        self.seat = takes_letter(carla, now=self.now)
        self.carla, self.daan = carla, daan


type Event = Callable[[Taken], object]


def posts(it: Taken) -> object:
    return writes(it.anna, now=it.now)


def answers(it: Taken) -> object:
    return answer(it.seat, it.asked, now=it.now)


def gives_back(it: Taken) -> None:
    takes.give_back(it.seat, now=it.now)


def is_silent(it: Taken) -> object:
    return takes.end_silent(it.seat.conversation, now=later(it.now, 4000))


def chats(it: Taken) -> None:
    talking.queue(it.anna.seat, now=it.now)


def closes(it: Taken) -> None:
    endings.close(it.seat, reason="unreadable", now=it.now)


def erases(it: Taken) -> object:
    return erasing.erase(it.anna.seat, now=it.now)


def returns(it: Taken) -> object:
    return coming_back.return_by_code("helpwanted", it.code, socket="phone", now=it.now)


def exits(it: Taken) -> None:
    quick_exit.exit_quickly(it.anna.conversation, it.anna.opened.token, now=it.now)


def replaces_the_code(it: Taken) -> object:
    return keeps_code(it.anna, it.now)


def is_revoked(it: Taken) -> None:
    staff_devices.end(it.carla.device.pk, None, now=it.now)


EVENTS: dict[str, Event] = {
    one.__name__: one
    for one in (
        posts, answers, gives_back, is_silent, chats, closes, erases, returns, exits, replaces_the_code,
        is_revoked,
    )
}  # fmt: skip
# Of those pairs in which one fails: it is the second, with this refusal.
LOSES: dict[tuple[str, str], str] = {
    **{
        ("erases", second): "not_found"
        for second in EVENTS
        if second not in {"exits", "is_revoked", "is_silent"}
    },
    **{("closes", second): "ended" for second in ("posts", "answers", "chats", "replaces_the_code")},
    **{(first, "posts"): "not_found" for first in ("exits",)},
    **{(first, "replaces_the_code"): "not_found" for first in ("exits",)},
    ("closes", "gives_back"): "ended",
    ("closes", "closes"): "ended",
    ("answers", "answers"): "not_found",
    ("answers", "gives_back"): "not_found",
    ("answers", "closes"): "not_found",
    ("gives_back", "answers"): "not_found",
    ("gives_back", "gives_back"): "not_found",
    ("gives_back", "closes"): "not_found",
    ("is_silent", "gives_back"): "not_found",
    ("is_silent", "closes"): "not_found",
    ("is_revoked", "answers"): "not_found",
    ("is_revoked", "gives_back"): "not_found",
    ("is_revoked", "closes"): "not_found",
    ("chats", "answers"): "not_found",
    ("chats", "gives_back"): "not_found",
    ("chats", "closes"): "not_found",
    ("returns", "posts"): "conflict",
    ("returns", "chats"): "conflict",
    ("returns", "erases"): "conflict",
    ("returns", "replaces_the_code"): "conflict",
    ("replaces_the_code", "returns"): "conflict",
    ("exits", "chats"): "not_found",
    ("exits", "erases"): "not_found",
}


def is_whole(pk: str) -> bool:
    """Checks that no message of the caller is unanswered without a promise, and that nobody has it twice."""
    row = Conversation.objects.filter(pk=pk).first()
    if row is None or not row.is_open:
        return True
    letter = Letter.objects.get(pk=pk)
    taken = Entry.objects.filter(conversation=pk, kind="taken").count()
    owes = row.written in ("new", "taken")
    return (letter.due_at is not None) == owes and letter.takes == taken


@pytest.mark.parametrize(("first", "second"), list(product(EVENTS, EVENTS)))
def test_of_two_at_once_the_second_waits_and_the_letter_stays_whole(
    post_box: Line, carla: Counsellor, daan: Counsellor, first: str, second: str
) -> None:
    it = Taken(carla, daan)
    Device.objects.filter(pk=daan.device.pk).update(label="another laptop")
    with transaction.atomic():
        EVENTS[first](it)
        waits = beside(lambda: EVENTS[second](it))
        until_somebody_waits(1)
    outcome = waits()
    lost = outcome.code if isinstance(outcome, Refusal) else None
    assert lost == LOSES.get((first, second))
    assert is_whole(it.anna.conversation)


def test_of_two_who_take_one_letter_at_once_one_gets_it(
    post_box: Line, carla: Counsellor, daan: Counsellor
) -> None:
    anna: Caller = a_letter()
    writes(anna)
    keeps_code(anna)
    with transaction.atomic():
        seat: Seat = takes_letter(carla)
        other = beside(lambda: takes_letter(daan))
        lost = other()
    assert isinstance(lost, Refusal)
    assert lost.code == "not_found"
    assert Letter.objects.get().taker == carla.person
    assert seat.tab == 1
