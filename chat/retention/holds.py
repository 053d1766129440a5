"""Implements holds. With a hold, two supervisors keep a conversation beyond its deletion date, until a set
time, because of a safeguarding duty.

A hold keeps the rows of the conversation, but only the wraps of the review seat. These wraps are sealed again
under the hold's own key, which is destroyed with the other keys of the hour in which the hold ends, or of the
hour D (`purge_at`) if D is later.
"""

from datetime import datetime, timedelta

from django.conf import settings
from django.db import IntegrityError, transaction
from django.db.models import F, Q, QuerySet
from django.utils import timezone

from chat import bells, line_scope, states
from chat.keys import outer, slots
from chat.models import Conversation, Hold, Invitation, Lease, Member, ReturnCode, Slot, Wrap
from chat.retention import dates, news
from counsellors import audit
from counsellors.models import Person
from helpline.lib.errors import Conflict, NotFound

MAX_HOLD = timedelta(days=90)


def list_of(supervisor: Person, slug: str) -> list[Hold]:
    """Returns the holds of one of the supervisor's lines, including open requests. Raises NotFound for any
    other line."""
    return list(_shown().filter(conversation__line=line_scope.own_line(supervisor, slug)))


def approvals(supervisor: Person, *, now: datetime) -> list[Hold]:
    """Returns the requests on the supervisor's lines that can still be confirmed."""
    own = _shown().filter(conversation__line__in=line_scope.own_lines(supervisor))
    return list(own.filter(confirmed_at=None, until__gt=now))


def standing(conversation: Conversation, now: datetime) -> Hold | None:
    """Returns the hold that keeps this conversation now. The caller is informed of this hold."""
    until = conversation.held_until
    if until is None or until <= now:
        return None
    return conversation.holds.exclude(confirmed_at=None).filter(until=until).first()


def latest_end(conversation: Conversation, now: datetime) -> datetime:
    """Returns the latest possible end of a hold: MAX_HOLD after the conversation's first hold was confirmed
    or, if no hold was confirmed yet, MAX_HOLD after `now`."""
    first = conversation.holds.exclude(confirmed_at=None).order_by("confirmed_at").first()
    return (first.confirmed_at if first and first.confirmed_at else now) + MAX_HOLD


def lapses(conversation: Conversation) -> datetime:
    """Returns when the conversation will be deleted if no new hold is confirmed before then."""
    if conversation.held_until is not None:
        return conversation.held_until
    row = dates.with_rows_end().get(pk=conversation.pk)
    rows_end: datetime | None = getattr(row, "rows_end", None)
    return min(rows_end or conversation.purge_at, conversation.purge_at)


@transaction.atomic
def ask(supervisor: Person, conversation: str, reason: str, until: datetime, *, now: datetime) -> Hold:
    """Requests a hold, or a later end of an existing hold. The request alone does not keep the conversation.

    Raises Conflict for an end that is past, too far ahead or no later than the current one; for a
    conversation that has no review wraps or whose rows are due for deletion; and while somebody else's
    request is open.
    """
    row = line_scope.lock_own_conversation(supervisor, conversation)
    end = _on_the_hour(until)
    if not max(now, row.held_until or now) < end <= latest_end(row, now):
        raise Conflict
    if not _review_wraps(row).exists() or dates.due(now).filter(pk=row.pk).exists():
        raise Conflict
    row.holds.filter(confirmed_at=None, asked_by=supervisor).delete()  # replaces the asker's earlier request
    try:
        with transaction.atomic():
            hold = Hold.objects.create(
                conversation=row, reason=reason, until=end, asked_by=supervisor, asked_at=now
            )
    except IntegrityError:
        raise Conflict from None
    audit.record(supervisor, "hold_asked", subject=row.recorded_as, detail=_on_record(reason, end))
    news.tell_supervisors(row.line_id)
    return hold


def confirm(supervisor: Person, pk: str, *, now: datetime) -> Hold:
    """Confirms a request. Raises Conflict for the supervisor who asked, for a request that is confirmed
    already or whose end has passed, and for a conversation that is due for deletion."""
    hold = Hold.objects.filter(pk=pk).select_related("conversation").first()
    if hold is None:
        raise NotFound
    if hold.until <= now:
        raise Conflict
    slot = slots.take(max(hold.until, hold.conversation.purge_at))
    return _confirm(supervisor, hold, slot, now=now)


@transaction.atomic
def _confirm(supervisor: Person, hold: Hold, slot: Slot, *, now: datetime) -> Hold:
    pk = hold.pk
    row = line_scope.lock_own_conversation(supervisor, hold.conversation_id)
    fits = max(now, row.held_until or now) < hold.until <= latest_end(row, now)
    if hold.asked_by_id == supervisor.pk or not fits or dates.due(now).filter(pk=row.pk).exists():
        raise Conflict
    won = Hold.objects.filter(pk=pk, confirmed_at=None).update(confirmed_by=supervisor, confirmed_at=now)
    if not won:
        raise Conflict
    _close_anew(row, slot)
    held = {"held_until": hold.until, "hold_file": slot.file, "hold_number": slot.number}
    Conversation.objects.filter(pk=row.pk).update(**held)
    # The slot of an earlier hold is kept until the rows are deleted: the wraps in an older backup are sealed
    # under the key of that slot.
    Hold.objects.filter(pk=pk).update(slot_file=slot.file, slot_number=slot.number)
    audit.record(
        supervisor, "hold_confirmed", subject=row.recorded_as, detail=_on_record(hold.reason, hold.until)
    )
    news.tell_supervisors(row.line_id)
    bells.ring_on_commit(bells.HoldChanged(row.pk))
    hold.refresh_from_db()
    return hold


@transaction.atomic
def drop(supervisor: Person, pk: str) -> None:
    """Deletes a request: the asker withdraws it, or another supervisor refuses it.

    Raises Conflict for a confirmed hold, which cannot be ended early.
    """
    approval = Hold.objects.filter(pk=pk).first()
    if approval is None:
        raise NotFound
    row = line_scope.lock_own_conversation(supervisor, approval.conversation_id)
    dropped, _ = Hold.objects.filter(pk=pk, confirmed_at=None).delete()
    if not dropped:
        raise Conflict
    how = "withdrawn" if approval.asked_by_id == supervisor.pk else "refused"
    audit.record(supervisor, "hold_dropped", subject=row.recorded_as, detail=f"{approval.reason} {how}")
    news.tell_supervisors(row.line_id)


def end_past(now: datetime) -> int:
    """Marks the holds whose end has passed as ended, and writes an audit row for each. The keys of these
    holds are not destroyed here, but with the other keys of their hour."""
    over = Hold.objects.exclude(confirmed_at=None).filter(ended_at=None, conversation__held_until__lte=now)
    rows = list(over.values_list("pk", "conversation__recorded_as", "conversation__line", "reason"))
    for pk, recorded_as, line, reason in rows:
        with transaction.atomic():
            if Hold.objects.filter(pk=pk, ended_at=None).update(ended_at=now):
                audit.record(None, "hold_ended", subject=recorded_as, detail=reason)
                news.tell_supervisors(line)
    return len(rows)


def hide_past(now: datetime) -> int:
    """Hides the conversations that only a hold still keeps."""
    rows = list(dates.kept_by_a_hold_only(now).values_list("pk", flat=True))
    for pk in rows:
        with transaction.atomic():
            row = Conversation.objects.select_for_update(no_key=True).filter(pk=pk).first()
            if row is not None:
                hide(row, now=now)
    return len(rows)


def hide(conversation: Conversation, *, now: datetime) -> None:
    """Invalidates the caller's token, ends every seat and removes the conversation from every list. Deletes
    all wraps except those of the review seat.

    The conversation's own key is marked for zeroing, because the review wraps are sealed under the hold's
    key.
    """
    pk = conversation.pk
    slots.note(conversation.slots(held=True), now=now)
    Conversation.objects.filter(pk=pk, gone_at=None).update(gone_at=now, token_hash=None, shelf=None)
    Wrap.objects.filter(conversation=pk).exclude(member__role=states.SeatRole.REVIEW).delete()
    ReturnCode.objects.filter(conversation=pk).delete()
    Invitation.objects.filter(conversation=pk).delete()
    Lease.objects.filter(member__conversation=pk).delete()
    Member.objects.present().filter(conversation=pk).update(left_at=now, left_seq=conversation.last_seq)
    bells.ring_on_commit(bells.SeatsChanged(pk))
    news.tell_of(conversation)


def _close_anew(conversation: Conversation, slot: Slot) -> None:
    """Seals the review wraps again, under the key of this slot. Raises Conflict if the current key of these
    wraps no longer exists."""
    for wrap in _review_wraps(conversation):
        place = {"conversation": conversation.pk, "member": wrap.member_id}
        opened = outer.open_wrap(bytes(wrap.sealed), **place, epoch=wrap.epoch, slot=conversation.review_slot)
        if opened is None:
            raise Conflict
        wrap.sealed = outer.seal_wrap(opened, **place, epoch=wrap.epoch, slot=slot)
        wrap.save(update_fields=["sealed"])


def _review_wraps(conversation: Conversation) -> QuerySet[Wrap]:
    return Wrap.objects.filter(conversation=conversation, member__role=states.SeatRole.REVIEW)


def _on_the_hour(until: datetime) -> datetime:
    """Rounds down to the purge hour, so that no hold lasts longer than was requested."""
    hour = settings.PURGE_HOUR.total_seconds()
    return datetime.fromtimestamp(until.timestamp() // hour * hour, until.tzinfo)


def _shown() -> QuerySet[Hold]:
    """Returns the open requests and, for each conversation, the hold in force, which is the one with the
    latest end."""
    counts = Q(confirmed_at=None) | Q(until=F("conversation__held_until"))
    rows = Hold.objects.filter(counts, ended_at=None).select_related(
        "conversation", "asked_by", "confirmed_by"
    )
    return rows.prefetch_related("conversation__members").order_by("until")


def _on_record(reason: str, until: datetime) -> str:
    """Returns the audit detail: the reason, and the day on which the hold ends. The day is in local time,
    because the supervisors chose it in local time."""
    return f"{reason} {timezone.localtime(until):%Y-%m-%d}"
