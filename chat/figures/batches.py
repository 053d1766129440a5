"""What is said of a conversation waits, sealed, until five have said something, and then counts for a month.

Each waits under a key of its own outside the database, zeroed when it is counted: so no backup, no log of the
database and no order of rows tells afterwards who of the five said what. What two answers of one form say
together waits for five of one subject, or five different subjects would spell out five forms.
"""

from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import partial

from django.db import transaction
from django.utils import timezone

from chat import states
from chat.figures import counters, periods
from chat.figures.small_numbers import LEAST
from chat.keys import outer, slots
from chat.models import Line, Slot, WaitingForm
from helpline.lib.errors import TryAgain

SIZE = 1024  # bytes: the longest form fits, and all are as long

type Answers = Mapping[str, str]


@dataclass(frozen=True, slots=True)
class Kind:
    """A sort of what waits. `alike`: five with the same of it leave together; `counts`: what one adds to."""

    name: str
    alike: Callable[[Answers], str]
    counts: Callable[[Answers], Iterable[counters.Counter]]


def take_slot(now: datetime) -> Slot:
    """For one that is about to wait. Outside every transaction, as `slots.take`.

    It lasts a year: what five have not said by then is not counted at all.
    """
    today = now.astimezone(UTC)
    years, month = divmod(today.month, 12)
    return slots.take(datetime(today.year + 1 + years, month + 1, 1, tzinfo=UTC))


def wait(line: str, kind: Kind, answers: Answers, *, slot: Slot, now: datetime) -> None:
    """One more waits, in the transaction it is called in; where that makes five alike they are counted.

    TryAgain while the keys of those that go cannot be zeroed.
    """
    if states.is_practice(line) or not answers:
        return
    # Two who are each the fifth: the second waits here, and finds what is left.
    Line.objects.select_for_update(no_key=True).filter(pk=line).first()
    WaitingForm.objects.create(
        line_id=line,
        kind=kind.name,
        hour=slot.hour,
        slot_file=slot.file,
        slot_number=slot.number,
        sealed=outer.seal_answers(_padded(answers), line=line, kind=kind.name, slot=slot),
    )
    waiting: defaultdict[str, list[tuple[WaitingForm, Answers]]] = defaultdict(list)
    for row in WaitingForm.objects.filter(line=line, kind=kind.name):
        opened = outer.open_answers(bytes(row.sealed), line=line, kind=kind.name, slot=row.slot)
        if opened is None:
            row.delete()  # of a restored backup: it was counted before
        else:
            told = dict(line.split() for line in opened.decode().splitlines())
            waiting[kind.alike(told)].append((row, told))
    for some in waiting.values():
        if len(some) >= LEAST:
            _leave(line, kind, some, now=now)


def month_of(now: datetime) -> datetime:
    """The hour in which the counters of a month stand: its first, here."""
    return periods.midnight(timezone.localtime(now).date().replace(day=1))


def _leave(line: str, kind: Kind, some: list[tuple[WaitingForm, Answers]], *, now: datetime) -> None:
    rows = [row for row, _ in some]
    values = Counter(counter for _, told in some for counter in kind.counts(told))
    gone = [row.slot for row in rows]
    try:
        slots.note(gone, now=now)
    except OSError:
        raise TryAgain from None
    WaitingForm.objects.filter(pk__in=[row.pk for row in rows]).delete()
    counters.count_all(values, line, now=month_of(now))
    transaction.on_commit(partial(slots.finish, gone), robust=True)


def _padded(answers: Answers) -> bytes:
    return "\n".join(f"{question} {code}" for question, code in answers.items()).encode().ljust(SIZE)
