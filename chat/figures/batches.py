"""Stores sealed answers about conversations until there are five of the same kind, and then adds them to the
counters of the month.

Each answer is sealed under its own key, which is outside the database and is zeroed when the answer is
counted. Afterwards neither a backup, nor a database log, nor the order of the rows reveals whose answer it
was, or which answers came from one form. An answer that is combined with a subject waits until there are five
answers to that question about that subject.
"""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import partial

from django.db import transaction

from chat import states
from chat.figures import counters
from chat.figures.small_numbers import MIN_COUNT
from chat.keys import outer, slot_files, slots
from chat.models import Line, Slot, WaitingAnswer
from helpline.lib.errors import TryAgain

ANSWER_BYTES = 192  # every answer is padded to this length, and no answer is longer


@dataclass(frozen=True, slots=True)
class Answer:
    """Describes an answer. When five answers with the same `name` and `among` are waiting, each of them adds
    one to its counter (`name`, `key`)."""

    name: str
    key: str
    among: str = ""


def take_slots(many: int, now: datetime) -> list[Slot]:
    """Takes slots for answers that are about to be stored. It must be called outside every transaction, like
    `slots.take`.

    The slots are valid for at least a year. If fewer than five answers of a kind have been stored in that
    time, they are never counted.
    """
    today = now.astimezone(UTC)
    years, month = divmod(today.month, 12)
    hour = datetime(today.year + 1 + years, month + 1, 1, tzinfo=UTC)
    return [slots.take(hour) for _ in range(many)]


def wait(line: str, answers: Sequence[Answer], free: Sequence[Slot], *, now: datetime) -> None:
    """Stores the answers in the current transaction. If five or more answers of a kind are then waiting,
    counts all of that kind.

    `free` has at least one slot for each answer. Raises TryAgain while the keys of the counted answers cannot
    be zeroed.
    """
    if states.is_practice(line) or not answers:
        return
    # If two forms add a fifth answer at the same time, the second form waits for this lock. Without the lock,
    # both forms would count the four answers that were waiting already.
    Line.objects.select_for_update(no_key=True).filter(pk=line).first()
    WaitingAnswer.objects.bulk_create(
        WaitingAnswer(
            line_id=line,
            hour=slot.hour,
            slot_file=slot.file,
            slot_number=slot.number,
            sealed=outer.seal_answer(_padded(answer), line=line, slot=slot),
        )
        for answer, slot in zip(answers, free, strict=False)
    )
    for some in _waiting(line).values():
        if len(some) >= MIN_COUNT:
            _leave(line, some, now=now)


def opened(row: WaitingAnswer) -> Answer | None:
    """Returns the answer, or None if its key was zeroed or cannot be read."""
    told = outer.open_answer(bytes(row.sealed), line=row.line_id, slot=row.slot)
    return Answer(*told.decode().split()) if told else None


def _waiting(line: str) -> dict[tuple[str, str], list[tuple[WaitingAnswer, Answer]]]:
    found = defaultdict(list)
    for row in WaitingAnswer.objects.filter(line=line):
        if answer := opened(row):
            found[answer.name, answer.among].append((row, answer))
        elif slot_files.exists(row.hour, row.slot_file):
            row.delete()  # a restored backup brought the row back: its answer was already counted
    return found


def _leave(line: str, some: list[tuple[WaitingAnswer, Answer]], *, now: datetime) -> None:
    values: defaultdict[counters.Counter, int] = defaultdict(int)
    for _, answer in some:
        values[answer.name, answer.key] += 1
    gone = [row.slot for row, _ in some]
    try:
        slots.note(gone, now=now)
    except OSError:
        raise TryAgain from None
    WaitingAnswer.objects.filter(pk__in=[row.pk for row, _ in some]).delete()
    counters.count_of_month(values, line, now=now)
    transaction.on_commit(partial(slots.finish, gone), robust=True)


def _padded(answer: Answer) -> bytes:
    return f"{answer.name} {answer.key} {answer.among}".encode().ljust(ANSWER_BYTES)
