"""What is said of a conversation leaves it among five: an attacker with every copy puts no form together."""

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
from chat.figures import batches, codes, feedback, wrapup
from chat.figures.published import CROSSED
from chat.keys import outer, slot_files, slots
from chat.models import Conversation, Figure, Line, Member, Puncture, WaitingForm
from chat.retention import hosts
from helpline.lib import clock
from helpline.lib.errors import TryAgain
from tests.support.domain.cast import Counsellor, a_caller

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("own_keys")]
FORMS, DAYS = 50, 7
NOW = datetime(2026, 11, 23, 9, tzinfo=UTC)

type Form = dict[str, str]
type Row = tuple[str, str, str, int]  # of Figure: hour, name, key, value


def a_form(chance: random.Random) -> Form:
    """With an answer to each question, so that no two of them are alike but by chance."""
    return {question: chance.choice(answers) for question, answers in codes.CODES.items()}


def waits(form: Form, *, line: str = "helpwanted", kind: batches.Kind = wrapup.FORM) -> None:
    now = clock.now()
    slot = batches.take_slot(now)
    with transaction.atomic():
        batches.wait(line, kind, form, slot=slot, now=now)


def says_of_it(form: Form) -> None:
    """As a counsellor's form does."""
    waits(form)
    waits(wrapup._together(form), kind=wrapup.CROSS)


class Copy:
    """A copy of the database: every row that could tell of a form."""

    def __init__(self) -> None:
        self.figures: list[Row] = [
            (f"{row.hour:%F %T}", row.name, row.key, row.value) for row in Figure.objects.all()
        ]
        self.waiting = list(WaitingForm.objects.all())

    def opened(self) -> list[Form]:
        """By whoever has all keys that are left."""
        found = []
        for row in self.waiting:
            told = outer.open_answers(bytes(row.sealed), line=row.line_id, kind=row.kind, slot=row.slot)
            found += [dict(line.split() for line in told.decode().splitlines())] if told else []
        return found

    def values(self, *names: str) -> Counter[tuple[str, str, str]]:
        return Counter({row[:3]: row[3] for row in self.figures if row[1].startswith(names)})


@pytest.fixture
def week(
    helpwanted: Line, time_machine: TimeMachineFixture, django_capture_on_commit_callbacks: Any
) -> tuple[list[Form], list[Copy]]:
    """A quiet one: some seven forms a day, and a copy after each of them, more than any backup has."""
    chance, forms, copies = random.Random(2611), [], [Copy()]
    for number in range(FORMS):
        time_machine.move_to(NOW + timedelta(minutes=number * DAYS * 24 * 60 // FORMS), tick=False)
        forms.append(a_form(chance))
        with django_capture_on_commit_callbacks(execute=True):
            says_of_it(forms[-1])
        copies.append(Copy())
    return forms, copies


def test_every_difference_of_two_copies_is_of_five_forms_or_of_none(
    week: tuple[list[Form], list[Copy]],
) -> None:
    _, copies = week
    steps = [after.values("wrapup_") - before.values("wrapup_") for before, after in pairwise(copies)]
    subjects = [sum(many for key, many in step.items() if key[1] == "wrapup_subject") for step in steps]
    assert set(subjects) == {0, 5}
    assert sum(subjects) == FORMS


def test_no_pair_of_answers_is_told_but_of_five_forms_of_one_subject(
    week: tuple[list[Form], list[Copy]],
) -> None:
    _, copies = week
    pairs = 0
    for before, after in pairwise(copies):
        step = after.values("cross_") - before.values("cross_")
        for question in CROSSED:
            of_subjects: Counter[str] = Counter()
            for (_, name, key), many in step.items():
                if name == f"cross_{question}":
                    of_subjects[key.partition(":")[0]] += many
            assert set(of_subjects.values()) <= {5}, "a pair of a smaller group could be somebody"
            pairs += of_subjects.total()
    assert pairs > 0


def test_what_was_said_is_counted_of_a_month_and_not_of_an_hour(week: tuple[list[Form], list[Copy]]) -> None:
    _, copies = week
    assert {row[0] for row in copies[-1].figures if row[1].startswith(("wrapup_", "cross_"))} == {
        "2026-10-31 23:00:00"  # the first of November here
    }


def test_with_every_copy_and_all_keys_that_are_left_nobody_opens_a_form_that_was_counted(
    week: tuple[list[Form], list[Copy]],
) -> None:
    forms, copies = week
    opened = [form for copy in copies for form in copy.opened() if "gender" in form]
    still = [form for form in copies[-1].opened() if "gender" in form]
    assert still == [], "fifty are ten batches"
    assert opened == []
    assert any(copy.waiting for copy in copies)
    assert len({len(bytes(row.sealed)) for copy in copies for row in copy.waiting}) == 1
    assert forms


def test_nothing_beside_the_sealed_answers_tells_when_or_of_whom(helpwanted: Line) -> None:
    waits({"subject": "peers"})
    waits({"subject": "school"})
    rows = list(WaitingForm.objects.values("line", "kind", "hour"))
    assert rows[0] == rows[1], "the hour is that of a month, a year ahead"
    assert set(WaitingForm.objects.values().first() or {}) == {
        "id", "line_id", "kind", "hour", "slot_file", "slot_number", "sealed",
    }  # fmt: skip


def test_four_wait_and_the_fifth_of_that_line_takes_them_along_and_their_keys(
    helpwanted: Line, stopitnow: Line, django_capture_on_commit_callbacks: DjangoCaptureOnCommitCallbacks
) -> None:
    for number in range(4):
        waits({"subject": "peers", "age": codes.CODES["age"][number]})
    waits({"subject": "school"}, line="stopitnow")
    before = [row.slot for row in WaitingForm.objects.filter(line="helpwanted")]
    assert not Figure.objects.exists()
    with django_capture_on_commit_callbacks(execute=True):
        waits({"subject": "peers"})
    assert Figure.objects.get(name="wrapup_subject").value == 5
    assert [slot_files.read(slot) for slot in before] == [None] * 4
    assert not Puncture.objects.exists()
    (other,) = WaitingForm.objects.all()
    assert other.line_id == "stopitnow"
    assert slot_files.read(other.slot) is not None


def test_what_a_month_leaves_waits_for_the_next(helpwanted: Line, time_machine: TimeMachineFixture) -> None:
    time_machine.move_to(datetime(2026, 11, 30, 12, tzinfo=UTC), tick=False)
    for _ in range(3):
        waits({"subject": "peers"})
    time_machine.move_to(datetime(2026, 12, 2, 12, tzinfo=UTC), tick=False)
    for _ in range(2):
        waits({"subject": "peers"})
    row = Figure.objects.get()
    assert (row.value, row.hour) == (5, datetime(2026, 11, 30, 23, tzinfo=UTC))


def test_where_a_key_cannot_be_zeroed_the_fifth_waits_outside(
    helpwanted: Line, monkeypatch: pytest.MonkeyPatch
) -> None:
    for _ in range(4):
        waits({"subject": "peers"})

    def read_only(*_: object, **__: object) -> None:
        raise OSError("read-only")

    monkeypatch.setattr(slots, "note", read_only)
    with pytest.raises(TryAgain):
        waits({"subject": "peers"})
    assert WaitingForm.objects.count() == 4
    assert not Figure.objects.exists()


def test_what_a_restored_backup_brings_back_is_not_counted_twice(helpwanted: Line) -> None:
    for _ in range(4):
        waits({"subject": "peers"})
    old = list(WaitingForm.objects.all())
    waits({"subject": "peers"})
    slots.finish_noted()
    WaitingForm.objects.bulk_create(old)
    waits({"subject": "school"})
    assert Figure.objects.get().value == 5
    assert WaitingForm.objects.count() == 1


def test_what_waits_under_lost_keys_goes_with_them(helpwanted: Line) -> None:
    waits({"subject": "peers"})
    slot = WaitingForm.objects.get().slot
    slot_files.path_of(settings.KEY_FOLDERS[0], slot.hour, slot.file).unlink()
    assert hosts.lost(clock.now()) == [slot.hour]
    hosts.give_up_lost_keys(clock.now())
    assert not WaitingForm.objects.exists()


def test_a_form_leaves_its_conversation_and_an_erase_takes_nothing_back(
    carla: Counsellor, helpwanted: Line
) -> None:
    anna = a_caller()
    carla.takes_next()
    anna.grants()
    endings.leave(anna.seat, now=clock.now())
    wrapup.wrap_up(carla.person, anna.conversation, {"subject": "peers", "age": "12_15"}, now=clock.now())
    assert [row.kind for row in WaitingForm.objects.order_by("kind")] == ["cross", "form"]
    Member.objects.all().delete()
    Conversation.objects.all().delete()
    assert WaitingForm.objects.count() == 2


def test_the_two_questions_to_callers_wait_apart(helpwanted: Line) -> None:
    for _ in range(4):
        waits({"heard": "yes"}, kind=feedback.ANSWER)
        waits({"knows_on": "yes"}, kind=feedback.ANSWER)
    assert not Figure.objects.exists()
    waits({"heard": "no"}, kind=feedback.ANSWER)
    assert dict(Figure.objects.values_list("key", "value")) == {"yes": 4, "no": 1}
    assert {row.name for row in Figure.objects.all()} == {"feedback_heard"}


def test_the_longest_form_fits(helpwanted: Line) -> None:
    longest = {f"{name:<16}".replace(" ", "_"): "c" * 40 for name in codes.CODES}
    assert len(batches._padded(longest)) == batches.SIZE
