"""Runs the transitions that are due, in one round of the worker. Each action runs in its own transaction, so
that the process may be killed at any point."""

from collections.abc import Callable, Iterator
from datetime import datetime, timedelta
from functools import partial

from django.conf import settings
from django.core.exceptions import ObjectDoesNotExist
from django.db.models import Exists, Max, OuterRef, Q, QuerySet, Value

from chat import bells, states
from chat.conversation import departures, endings, presence
from chat.conversation.seats import lock_conversation
from chat.handoff import invitation_states
from chat.letters import takes, waiting
from chat.lines import open_now, open_or_close, staff
from chat.models import Conversation, Entry, Lease, Line, Member, Members
from counsellors.models import Duty
from helpline.lib.errors import Ended
from helpline.lib.locks import LockTimeout, lock_timeout

MAX_GONE_PER_ROUND = 100
OUT = "out of the queue"  # the conversation does not end: a caller who wrote a letter only leaves the queue


def meet(*, now: datetime, writable_since: datetime = presence.LONG_AGO, is_quiet: bool = False) -> int:
    """Runs everything that is due at `now`. Returns how many actions succeeded.

    `writable_since` is the time since which the database has accepted writes. A lease ends only when its full
    length has passed since then, because before that time nobody could renew it. `is_quiet` means that
    somebody_is_there() is false.
    """
    done = 0
    if not is_quiet:
        presence.expire(now=now, writable_since=writable_since)
        done = sum(1 for action in _of_people(now, now - writable_since) if _do(action))
        done += sum(1 for action in _of_lines(now, now - writable_since) if _do(action))
    return done + sum(1 for action in _due(now) if _do(action))


def somebody_is_there() -> bool:
    """Returns whether anybody is connected, on duty, waiting or talking. If not, there is no lease that could
    end. Stored letters are ignored, because their deadlines are an hour or days away."""
    waiting = Conversation.objects.filter(state__in=states.OPEN)
    waiting = waiting.filter(Q(written__in=("", states.Written.DRAFT)) | Q(state=states.Conversation.WAITING))
    there = (Lease.objects.all(), Duty.objects.exclude(state=Duty.State.OFF), waiting, _open_seats().staff())
    first, *others = (rows.order_by().values_list(Value(1)) for rows in there)
    return first.union(*others, all=True).exists()


def unheard() -> timedelta:
    """Returns how long a place in the queue is kept for an absent caller who has written nothing."""
    return min(settings.UNHEARD, settings.WAITING_AWAY)


type Action = Callable[[], object]


def _do(action: Action) -> bool:
    try:
        with lock_timeout():
            action()
    # Ended or erased meanwhile, or locked until the next round: the other actions still run.
    except (Ended, ObjectDoesNotExist, LockTimeout):
        return False
    return True


def _of_people(now: datetime, writable: timedelta) -> Iterator[Action]:
    """Yields the actions for leases that have ended. `writable` is how long the server has been able to write
    without a gap."""
    if writable >= settings.STAFF_LEASE:
        yield partial(staff.expire_duty, now=now)  # first: the duty must end before a `left` entry appears
        yield from _silent_staff(now)
    yield from _not_granted(now)
    yield from _gone_callers(now, writable)


def _of_lines(now: datetime, writable: timedelta) -> Iterator[Action]:
    """Yields an action for each line whose `unstaffed_since` has to change, or whose waiting callers must
    leave the queue. It is called only while `somebody_is_there()` is true."""
    may_end = writable >= settings.CLOSING
    for line in Line.objects.all():
        since = _alone_since(line, now)
        if since != line.unstaffed_since:  # _close_down decides again, under its lock
            yield partial(_close_down, line.pk, now)
        if may_end and _is_over(since, now):
            for pk in list(_waiting(line.pk).order_by("rank").values_list("pk", flat=True)):
                yield partial(_send_away, pk, now)


def _due(now: datetime) -> Iterator[Action]:
    """Yields the due actions that run even if `somebody_is_there()` is false: for conversations, letters,
    invitations and lines."""
    yield from _too_long(now)
    for letter in takes.silent(now=now):
        yield partial(takes.end_silent, letter, now=now)
    for invitation in invitation_states.overdue(now=now):
        yield partial(invitation_states.expire, invitation, now=now)
    over = Line.objects.filter(state=Line.State.OPEN, steered_until__lte=now)
    for slug in list(over.values_list("pk", flat=True)):
        yield partial(open_or_close.follow_hours, slug, now=now)
    if _old_shelves(now).exists():
        yield partial(_end_old_shelves, now)


def _silent_staff(now: datetime) -> Iterator[Action]:
    limit = now - settings.STAFF_LEASE
    lost = _open_seats().staff().filter(here=False, presence_since__lte=limit)
    # The callers of the counsellor who has been away longest are requeued first; among these callers, the one
    # whose conversation was opened first.
    for seat in _ids(lost.order_by("presence_since", "conversation__opened_at")):
        yield partial(_lose, seat, limit, now)


def _lose(seat: str, away_since: datetime, now: datetime) -> None:
    """Ends the seat. Also ends the duty of the seat's holder if no other console of theirs is connected.

    The duty may outlast the seat's lease, because a `next` request may have renewed the duty in the meantime.
    """
    if departures.lose(seat, away_since=away_since, now=now):
        person = Member.objects.values_list("device__person", flat=True).get(pk=seat)
        # A guest is nobody of the staff.
        if person is not None and not Lease.objects.filter(device__person=person).exists():
            staff.end_duty(person)


def _not_granted(now: datetime) -> Iterator[Action]:
    late = _open_seats().staff().filter(granted_at=None, joined_at__lte=now - settings.GRANT)
    for seat in _ids(late):
        yield partial(departures.release, seat, now=now)


def _gone_callers(now: datetime, writable: timedelta) -> Iterator[Action]:
    """Yields the actions that end conversations whose caller has been away too long. A conversation is kept
    for CALLER_SILENT, a place in the queue for WAITING_AWAY.

    The place of a caller who has written nothing is kept only for UNHEARD, because anybody can take such a
    place without effort. The number of actions per round is limited, so that a flood of callers who left
    again does not delay the other deadlines.
    """
    callers = _open_seats().filter(role=states.SeatRole.CALLER, here=False)
    letters = callers.exclude(conversation__written="")
    callers = callers.filter(conversation__written="")
    never_answered = Q(conversation__state=states.Conversation.WAITING, conversation__requeued=False)
    written = Entry.objects.filter(conversation=OuterRef("conversation"), kind="message")
    leases = (
        ("abandoned", settings.WAITING_AWAY, letters.filter(conversation__written=states.Written.DRAFT)),
        (OUT, settings.WAITING_AWAY, letters.filter(conversation__state=states.Conversation.WAITING)),
        ("abandoned", settings.WAITING_AWAY, callers.filter(never_answered)),
        ("abandoned", unheard(), callers.filter(never_answered, ~Exists(written))),
        ("silent", settings.CALLER_SILENT, callers.exclude(never_answered)),
    )
    for reason, lease, whose in leases:
        if writable < lease:
            continue
        seats = whose.filter(presence_since__lte=now - lease)
        for seat in _ids(seats.order_by("presence_since")[:MAX_GONE_PER_ROUND]):
            yield partial(_end_if_gone, seats, seat, reason, now)


def _end_if_gone(still: Members, caller: str, reason: str, now: datetime) -> None:
    conversation = lock_conversation(Member.objects.values_list("conversation", flat=True).get(pk=caller))
    if not still.filter(pk=caller).exists():  # the caller has come back or written since the query
        return
    if reason == OUT:
        waiting.drop_out(conversation)
    else:
        endings.end(conversation, reason, now=now)


def _too_long(now: datetime) -> Iterator[Action]:
    overlong = Conversation.objects.filter(state__in=states.OPEN, expires_at__lte=now)
    for pk in list(overlong.values_list("pk", flat=True)):
        yield partial(_expire, pk, now)


def _expire(pk: str, now: datetime) -> None:
    endings.expire(lock_conversation(pk), now=now)


def _close_down(slug: str, now: datetime) -> None:
    """Updates the line's `unstaffed_since`. While the line is closed and without a counsellor for less than
    the time CLOSING, counsellors can still serve the callers who wait."""
    line = Line.objects.select_for_update(no_key=True).get(pk=slug)
    since = _alone_since(line, now)
    if since != line.unstaffed_since:
        Line.objects.filter(pk=slug).update(unstaffed_since=since)
        bells.ring_on_commit(bells.QueueChanged(slug))  # waiting callers then see whether they can stay


def _send_away(pk: str, now: datetime) -> None:
    """Ends one conversation that waits on a line that has been closed and without a counsellor for the time
    CLOSING. The line is looked at again under its lock: a counsellor may have come, and may have taken this
    caller."""
    slug = Conversation.objects.values_list("line", flat=True).get(pk=pk)
    line = Line.objects.select_for_update(no_key=True).get(pk=slug)
    conversation = lock_conversation(pk)
    if not _is_over(_alone_since(line, now), now) or conversation.state != states.Conversation.WAITING:
        return
    if conversation.written:
        waiting.drop_out(conversation)
    else:
        endings.end(conversation, "line_closed", now=now)


def _alone_since(line: Line, now: datetime) -> datetime | None:
    """Returns the time since which the line has been closed and without a counsellor: `now` if this is new,
    or None if the line is open or staffed. A caller who lost their counsellor after that time starts it
    again, because they must have the whole of CLOSING, too."""
    if open_now.opening(line, now=now).open or staff.is_staffed(line):
        return None
    lost = _waiting(line.pk).aggregate(last=Max("requeued_at"))["last"]
    since = max(line.unstaffed_since or now, lost or presence.LONG_AGO)
    return min(since, now)  # it lies ahead where the clock was set back


def _is_over(since: datetime | None, now: datetime) -> bool:
    return since is not None and now >= since + settings.CLOSING


def _waiting(slug: str) -> QuerySet[Conversation]:
    return Conversation.objects.filter(line=slug, state=states.Conversation.WAITING)


def _old_shelves(now: datetime) -> QuerySet[Conversation]:
    return Conversation.objects.filter(ended_at__lte=now - settings.SHELF, shelf__isnull=False)


def _end_old_shelves(now: datetime) -> None:
    """Deletes the shelf keys of conversations that ended more than SHELF ago. With these keys, callers' tabs
    seal the secrets that they store."""
    _old_shelves(now).update(shelf=None)


def _open_seats() -> Members:
    return Member.objects.present().filter(conversation__state__in=states.OPEN)


def _ids(seats: Members) -> list[str]:
    return list(seats.values_list("pk", flat=True))
