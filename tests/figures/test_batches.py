"""Answers about a conversation leave it in batches of five, so that an attacker with every copy can rebuild
no form."""

import random
from collections import Counter
from datetime import UTC, datetime, timedelta
from itertools import pairwise
from typing import Any

import pytest
from django.conf import settings
from django.db import transaction
from pytest_django import DjangoCaptureOnCommitCallbacks
from time_machine import TimeMachineFixture

from chat.conversation import endings
from chat.figures import batches, codes, wrapup
from chat.figures.batches import Answer
from chat.figures.codes import CROSSED
from chat.keys import slot_files, slots
from chat.models import Conversation, Figure, Line, Member, Puncture, WaitingAnswer
from chat.retention import hosts
from helpline.lib import clock
from helpline.lib.errors import TryAgain
from tests.support.domain.cast import Counsellor, a_caller

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("own_keys")]
FORMS, DAYS = 50, 7
NOW = datetime(2026, 11, 23, 9, tzinfo=UTC)
PEERS = Answer("wrapup_subject", "peers")

type Form = dict[str, str]
type Row = tuple[str, str, str]  # of Figure: hour, name, key


def a_form(chance: random.Random) -> Form:
    """Makes a form. Some leave out what others answer, and some only say how heavy it was."""
    full = {question: chance.choice(answers) for question, answers in codes.CODES.items()}
    told = [question for question in full if chance.random() < 0.7]
    return {question: full[question] for question in (["weight"] if chance.random() < 0.3 else told)}


def waits(*answers: Answer, line: str = "helpwanted") -> None:
    now = clock.now()
    free = batches.take_slots(len(answers), now)
    with transaction.atomic():
        batches.wait(line, answers, free, now=now)


class Copy:
    """Represents a copy of the database: every row that could reveal a form."""

    def __init__(self) -> None:
        rows = Figure.objects.values_list("hour", "name", "key", "value")
        self.figures: Counter[Row] = Counter(
            {(f"{hour:%F %T}", name, key): value for hour, name, key, value in rows}
        )
        self.waiting = list(WaitingAnswer.objects.all())

    def opened(self) -> list[Answer]:
        """Returns what somebody can open who has all keys that are left."""
        return [answer for row in self.waiting if (answer := batches.opened(row))]


type Week = tuple[list[Form], list[Copy]]


@pytest.fixture
def week(helpwanted: Line, time_machine: TimeMachineFixture, django_capture_on_commit_callbacks: Any) -> Week:
    """Plays a quiet week: some seven forms a day, and a copy after each of them, more often than any
    backup."""
    chance, forms, copies = random.Random(2611), [], [Copy()]
    for number in range(FORMS):
        time_machine.move_to(NOW + timedelta(minutes=number * DAYS * 24 * 60 // FORMS), tick=False)
        forms.append(a_form(chance))
        with django_capture_on_commit_callbacks(execute=True):
            waits(*wrapup.answers_of(forms[-1]))
        copies.append(Copy())
    return forms, copies


def test_every_difference_of_two_copies_is_of_five_who_answered_that_question_or_of_none(week: Week) -> None:
    """For a cross table, five with that subject who answered that question are needed."""
    _, copies = week
    steps = 0
    for before, after in pairwise(copies):
        sums: Counter[tuple[str, str]] = Counter()
        for (_, name, key), many in (after.figures - before.figures).items():
            sums[name, key.partition(":")[0] if name.startswith("cross_") else ""] += many
        assert set(sums.values()) <= {5}
        steps += len(sums)
    names = {row[1] for row in copies[-1].figures}
    assert names >= {f"wrapup_{question}" for question in codes.CODES}
    assert steps > len(codes.CODES)


def test_pairs_are_told_too_once_five_of_a_subject_answered(helpwanted: Line) -> None:
    for number in range(5):
        told = {"subject": "peers", "age": codes.CODES["age"][number % 2]}
        waits(*wrapup.answers_of(told))
        waits(*wrapup.answers_of({"subject": "school", "age": "12_15"} if number else {"subject": "school"}))
    pairs = Figure.objects.filter(name__in=[f"cross_{question}" for question in CROSSED])
    assert dict(pairs.values_list("key", "value")) == {"peers:under_12": 3, "peers:12_15": 2}


def test_four_who_tell_one_thing_only_do_not_give_away_the_fifth_s_whole_form(helpwanted: Line) -> None:
    for _ in range(4):
        waits(*wrapup.answers_of({"weight": "light"}))
    waits(*wrapup.answers_of({question: answers[0] for question, answers in codes.CODES.items()}))
    assert {row.name for row in Figure.objects.all()} == {"wrapup_weight"}


def test_what_was_said_is_counted_of_a_month_and_not_of_an_hour(week: Week) -> None:
    _, copies = week
    assert {hour for hour, _, _ in copies[-1].figures} == {"2026-10-31 23:00:00"}  # November's first, here


def test_with_every_copy_and_all_keys_that_are_left_nobody_opens_what_was_counted(week: Week) -> None:
    forms, copies = week
    still = Counter(copies[-1].opened())
    groups = Counter((answer.name, answer.among) for answer in still.elements())
    assert max(groups.values()) < 5
    for copy in copies:
        assert not Counter(copy.opened()) - still, "whatever opens of an old copy is waiting yet"
    counted = sum(many for (_, name, _), many in copies[-1].figures.items() if name.startswith("wrapup_"))
    waiting = sum(many for answer, many in still.items() if answer.name.startswith("wrapup_"))
    assert counted + waiting == sum(map(len, forms)), "none is lost"
    assert len({len(bytes(row.sealed)) for copy in copies for row in copy.waiting}) == 1


def test_nothing_beside_a_sealed_answer_tells_which_when_or_of_whom(helpwanted: Line) -> None:
    waits(PEERS, Answer("feedback_heard", "yes"))
    rows = list(WaitingAnswer.objects.values("line", "hour"))
    assert rows[0] == rows[1], "the hour is that of a month, a year ahead"
    assert set(WaitingAnswer.objects.values().first() or {}) == {
        "id", "line_id", "hour", "slot_file", "slot_number", "sealed",
    }  # fmt: skip


def test_four_wait_and_the_fifth_of_that_line_takes_them_along_and_their_keys(
    helpwanted: Line, stopitnow: Line, django_capture_on_commit_callbacks: DjangoCaptureOnCommitCallbacks
) -> None:
    for _ in range(4):
        waits(PEERS)
    waits(PEERS, line="stopitnow")
    before = [row.slot for row in WaitingAnswer.objects.filter(line="helpwanted")]
    assert not Figure.objects.exists()
    with django_capture_on_commit_callbacks(execute=True):
        waits(PEERS)
    assert Figure.objects.get().value == 5
    assert [slot_files.read(slot) for slot in before] == [None] * 4
    assert not Puncture.objects.exists()
    (other,) = WaitingAnswer.objects.all()
    assert other.line_id == "stopitnow"
    assert slot_files.read(other.slot) is not None


def test_what_a_month_leaves_waits_for_the_next(helpwanted: Line, time_machine: TimeMachineFixture) -> None:
    time_machine.move_to(datetime(2026, 11, 30, 12, tzinfo=UTC), tick=False)
    for _ in range(3):
        waits(PEERS)
    time_machine.move_to(datetime(2026, 12, 2, 12, tzinfo=UTC), tick=False)
    for _ in range(2):
        waits(PEERS)
    row = Figure.objects.get()
    assert (row.value, row.hour) == (5, datetime(2026, 11, 30, 23, tzinfo=UTC))


def test_where_a_key_cannot_be_zeroed_the_fifth_does_not_come_in(
    helpwanted: Line, monkeypatch: pytest.MonkeyPatch
) -> None:
    for _ in range(4):
        waits(PEERS)

    def read_only(*_: object, **__: object) -> None:
        raise OSError("read-only")

    monkeypatch.setattr(slots, "note", read_only)
    with pytest.raises(TryAgain):
        waits(PEERS)
    assert WaitingAnswer.objects.count() == 4
    assert not Figure.objects.exists()


def test_what_a_restored_backup_brings_back_is_not_counted_twice(helpwanted: Line) -> None:
    for _ in range(4):
        waits(PEERS)
    old = list(WaitingAnswer.objects.all())
    waits(PEERS)
    slots.finish_noted()
    WaitingAnswer.objects.bulk_create(old)
    waits(Answer("wrapup_subject", "school"))
    assert Figure.objects.get().value == 5
    assert WaitingAnswer.objects.count() == 1


def test_what_waits_under_a_key_that_cannot_be_read_now_waits_on(helpwanted: Line) -> None:
    waits(PEERS)
    slot = WaitingAnswer.objects.get().slot
    slots.take(slot.hour + timedelta(hours=1))
    path = slot_files.path_of(settings.KEY_FOLDERS[0], slot.hour, slot.file)
    path.rename(path.with_name("away"))
    slots.forget()
    waits(PEERS)
    assert WaitingAnswer.objects.count() == 2


def test_what_waits_under_lost_keys_goes_with_them(helpwanted: Line) -> None:
    waits(PEERS)
    slot = WaitingAnswer.objects.get().slot
    slot_files.path_of(settings.KEY_FOLDERS[0], slot.hour, slot.file).unlink()
    assert hosts.lost(clock.now()) == [slot.hour]
    hosts.give_up_lost_keys(clock.now())
    assert not WaitingAnswer.objects.exists()


def test_a_form_leaves_its_conversation_and_nothing_takes_it_back(
    carla: Counsellor, helpwanted: Line
) -> None:
    anna = a_caller()
    carla.takes_next()
    anna.grants()
    endings.leave(anna.seat, now=clock.now())
    wrapup.wrap_up(carla.person, anna.conversation, {"subject": "peers", "age": "12_15"}, now=clock.now())
    told = {(answer.name, answer.key) for answer in Copy().opened()}
    assert told == {("wrapup_subject", "peers"), ("wrapup_age", "12_15"), ("cross_age", "peers:12_15")}
    Member.objects.all().delete()
    Conversation.objects.all().delete()
    assert WaitingAnswer.objects.count() == 3


def test_the_longest_answer_fits() -> None:
    longest = Answer("wrapup_" + "q" * 16, f"{'c' * 40}:{'d' * 40}", among="c" * 40)
    assert len(batches._padded(longest)) == batches.ANSWER_BYTES
