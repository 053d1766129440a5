"""Implements `next`, which gives a counsellor the first caller in the queue."""

import contextlib
import random
from datetime import datetime
from typing import Any

from django.db import IntegrityError
from django.db.models import Count, Exists, F, OuterRef, Subquery, Value
from django.db.models.functions import Coalesce

from chat import bells, states
from chat.conversation import initials, joining
from chat.models import Conversation, Entry, Member
from chat.queue import rank
from counsellors import devices, duty
from counsellors.certificates import certified
from counsellors.models import MAX_SLOTS, Device, Person
from helpline.lib.errors import Conflict, NotFound, TryAgain
from helpline.lib.locks import LockTimeout, lock_timeout

MAX_TRIES = 8  # tries while other counsellors take callers of the same line at the same moment


def take_next(
    person: Person, device: str | None, line: str | None, *, back: str | None = None, now: datetime
) -> Member:
    """Gives the person a seat with the first connected caller whom they may serve, and returns the seat.

    `back`: only this conversation is taken, and only if it waits because the person's own seat in it was
    lost: then it is enough that they have fewer than MAX_SLOTS conversations. Raises Conflict if the person
    is off duty, or has no free slot or no approved device; NotFound if there is no caller to take; TryAgain
    if other counsellors were faster in every try.
    """
    for tried in range(MAX_TRIES):
        # Somebody who takes a caller of this line at the same moment may compute the same initial. Each call
        # therefore skips a random number of initials, more with every try: otherwise the last of n
        # simultaneous calls would need n tries.
        leaving = random.randrange(2**tried)  # noqa: S311 – no secret
        try:
            return _take(person, device, line, back=back, now=now, leaving=leaving)
        except IntegrityError:
            continue
        except LockTimeout:
            # A slow transaction kept the first caller's row locked, so this try skips locked rows.
            with contextlib.suppress(IntegrityError, LockTimeout):
                return _take(person, device, line, back=back, now=now, leaving=leaving, also_held=False)
    raise TryAgain


def _take(
    person: Person,
    device: str | None,
    line: str | None,
    *,
    back: str | None,
    now: datetime,
    leaving: int,
    also_held: bool = True,
) -> Member:
    with lock_timeout():
        approved = _require_free_slot(person, device, back, now=now)
        lines = _lines_to_serve(person, approved, line, now=now)
        conversation = _first(person, lines, back=back, also_held=also_held, now=now, leaving=leaving)
        if conversation is None:
            raise NotFound
        bells.ring_on_commit(bells.QueueChanged(conversation.line_id))
        taken = {"state": states.Conversation.ACTIVE, "active_at": now, "initial": conversation.free_initial}
        return joining.join_staff(
            conversation, person, approved, states.SeatRole.COUNSELLOR, now=now, moves=taken
        )


def _require_free_slot(person: Person, device: str | None, back: str | None, *, now: datetime) -> Device:
    """Returns the device. Raises Conflict if the person has no free slot. The person's duty is locked first,
    so that the slots are counted after any other `next` of the same person has finished."""
    duty.require_on_duty(person, now=now)
    talks = Member.objects.present().filter(person=OuterRef("person"), conversation__state__in=states.OPEN)
    counted = talks.order_by().values("person").annotate(many=Count("pk")).values("many")
    # Somebody who takes no more callers, or who lost more than one, still takes back their own.
    slots = F("person__duty__slots") if back is None else Value(MAX_SLOTS)
    free = slots - Coalesce(Subquery(counted), 0)
    found = devices.approved(person, device).annotate(free=free).first()
    if found is None or found.free <= 0:
        raise Conflict
    return found


def _lines_to_serve(person: Person, device: Device, line: str | None, *, now: datetime) -> Any:
    """Returns the lines that the person works for and for which this browser is certified. If `line` is
    given, only that line is considered. Raises NotCertified if the browser is certified for none of them."""
    rows = person.work.filter(line__isnull=False)
    lines = (rows if line is None else rows.filter(line=line)).values("line")
    if not certified.is_needed():
        return lines
    slugs = list(lines.values_list("line", flat=True))
    good = certified.lines_of(bytes(device.key), slugs, now=now)
    if slugs and not good:
        raise certified.NotCertified
    return list(good)


def _first(
    person: Person, lines: Any, *, back: str | None, also_held: bool, now: datetime, leaving: int
) -> Any:
    """Returns the first caller's conversation, with its row locked and up to date. Of several simultaneous
    calls only one gets this conversation.

    The other calls wait for the locked row, find the caller taken, and get the next row from the same
    statement. A caller who left during that wait is skipped.
    """
    callers = Conversation.objects.filter(
        rank.caller_is_here(),
        line__in=lines,
        state__in=states.sources(states.Conversation.ACTIVE),
        passed_over_at=None,
    )
    if person.languages:
        callers = callers.filter(locale__in=person.languages.split())
    if back is not None:
        callers = callers.filter(_was_lost_by(person), pk=back)
    callers = callers.annotate(free_initial=initials.next_initial(now, leaving=leaving))
    locked = callers.select_for_update(of=("self",), no_key=True, skip_locked=not also_held)
    return locked.select_related("line").order_by("rank", "pk").first()


def _was_lost_by(person: Person) -> Exists:
    """Returns the condition that this person's seat in the conversation was lost. A seat that was left on
    purpose or handed over does not count."""
    lost = Entry.objects.filter(
        conversation=OuterRef("conversation"), seq=OuterRef("left_seq"), facts__reason="lost"
    )
    return Exists(Member.objects.filter(Exists(lost), person=person, conversation=OuterRef("pk")))
