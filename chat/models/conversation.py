"""Stores conversations, their seats and their logs."""

from datetime import datetime, timedelta

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.db.models.functions import UUID4, Cast

from chat import states
from chat.models.lines import IN_BOUNDS, Line
from chat.models.slots import Slot
from counsellors.models import Device, Person
from helpline.lib import clock, encoding


def _member_id() -> str:
    return encoding.new_id(encoding.MEMBER_BYTES)


class Conversation(models.Model):
    """Represents one contact, from opening to purge."""

    id = models.CharField(max_length=22, primary_key=True, default=encoding.new_id)
    recorded_as = models.CharField(
        max_length=36,
        unique=True,
        default=encoding.new_id,
        db_default=Cast(UUID4(), models.CharField(max_length=36)),
        help_text="its number in what outlives it: the audit, the journal. No caller's browser is sent it",
    )
    line = models.ForeignKey(Line, on_delete=models.PROTECT)
    locale = models.CharField(max_length=16)
    urgency = models.PositiveSmallIntegerField()
    state = models.CharField(max_length=9, choices=[(s, s) for s in states.Conversation])
    opened_at = models.DateTimeField()
    expires_at = models.DateTimeField(help_text="it ends then, whatever happens")
    written = models.CharField(
        max_length=8,
        blank=True,
        default="",
        db_default="",
        choices=[(s, s) for s in states.Written],
        help_text="of a letter, until it becomes a chat; else empty",
    )
    active_at = models.DateTimeField(null=True)
    ended_at = models.DateTimeField(null=True)
    purge_at = models.DateTimeField(help_text="D: its retention key ends here, whatever happens")
    slot_file = models.PositiveIntegerField(null=True, help_text="of hour D; empty once its keys were lost")
    slot_number = models.PositiveIntegerField(null=True)
    hold_file = models.PositiveIntegerField(null=True, help_text="of the hour of `review_until`")
    hold_number = models.PositiveIntegerField(null=True)
    rank = models.BigIntegerField(help_text="microseconds; the smallest is served first")
    requeued = models.BooleanField(default=False)
    requeued_at = models.DateTimeField(null=True, help_text="the last time; since then it waits")
    moved = models.CharField(max_length=16, blank=True, help_text="why a supervisor moved it to the front")
    promised_low = models.PositiveIntegerField(null=True, help_text="minutes of waiting first shown, from")
    promised_high = models.PositiveIntegerField(null=True, help_text="and to")
    passed_over_at = models.DateTimeField(
        null=True, help_text="its browser did not grant; not handed out before the next frame"
    )
    token_hash = models.BinaryField(max_length=32, null=True)
    tab = models.PositiveIntegerField(default=1, help_text="the newest tab's number; older ones are refused")
    shelf = models.BinaryField(null=True, help_text="under the retention key")
    retention = models.DurationField(
        default=timedelta(hours=24), help_text="the line's when this opened: a later one only shortens it"
    )
    answered = models.BooleanField(default=False, help_text="a staff seat was let in at some time")
    coded = models.BooleanField(default=False, db_default=False, help_text="a form about it was sent")
    held_until = models.DateTimeField(null=True, help_text="on hold: its rows stay until then")
    gone_at = models.DateTimeField(
        null=True, help_text="gone for everybody but the hold: erased by the caller, or past its rows' date"
    )
    grants_limited_until = models.BigIntegerField(
        default=0, help_text="microseconds; when a full burst of grants is allowed again"
    )
    sealed_bytes = models.PositiveIntegerField(default=0, help_text="of its messages and notes together")
    epoch = models.PositiveIntegerField(default=0)
    last_seq = models.PositiveIntegerField(default=0)
    initial = models.PositiveSmallIntegerField(null=True, help_text="A is 1; from the first `next` on")
    risk = models.PositiveSmallIntegerField(default=0, help_text="flagged by a counsellor, 0 to 2")
    acute_at = models.DateTimeField(null=True, help_text="first flagged as acute")
    risk_known_at = models.DateTimeField(null=True, help_text="a supervisor has seen that flag")
    last_public_seq = models.PositiveIntegerField(default=0, help_text="the last entry that everybody sees")

    class Meta:
        indexes = [
            models.Index(
                fields=["line", "rank"], condition=Q(state=states.Conversation.WAITING), name="the_queue"
            ),
            models.Index(fields=["state", "opened_at"], name="by_state"),
            models.Index(fields=["expires_at"], condition=Q(state__in=states.OPEN), name="by_expiry"),
            models.Index(fields=["line"], condition=~Q(written=""), name="letters_of_a_line"),
            models.Index(fields=["ended_at"], condition=Q(ended_at__isnull=False), name="by_end"),
            models.Index(fields=["purge_at"], name="by_purge_hour"),
        ]
        constraints = [
            models.CheckConstraint(condition=IN_BOUNDS, name="retention_in_bounds"),
            models.UniqueConstraint(
                fields=["line", "initial"], condition=Q(state__in=states.OPEN), name="one_initial"
            ),
        ]

    def __str__(self) -> str:
        return self.id

    @property
    def is_open(self) -> bool:
        """Returns whether the conversation is still open. After its time limit a conversation is no longer
        open, even if the worker has not ended it yet."""
        return self.state in states.OPEN and clock.now() < self.expires_at

    @property
    def wire_state(self) -> str:
        """Returns the state that is sent to browsers. A letter whose caller also waits in the queue is shown
        as "active", like any other open letter."""
        return states.Conversation.ACTIVE if self.is_queued_letter else states.on_the_wire(self.state)

    @property
    def is_sent_letter(self) -> bool:
        """Returns whether the conversation is a letter that was sent. A sent letter, unlike a draft, does not
        end when its caller leaves."""
        return self.written not in ("", states.Written.DRAFT)

    @property
    def is_queued_letter(self) -> bool:
        """Returns whether the conversation is a letter whose caller also waits in the queue."""
        return bool(self.written) and self.state == states.Conversation.WAITING

    @property
    def needs_code(self) -> bool:
        """Returns whether the caller left an open conversation by a quick exit, and so can return to it only
        with the return code."""
        return self.token_hash is None and self.gone_at is None and self.state in states.OPEN

    def is_held(self, now: datetime) -> bool:
        return self.held_until is not None and self.held_until > now

    @property
    def review_until(self) -> datetime:
        """Returns the latest time at which the key of the review seat's wraps is destroyed: `purge_at`, or
        the end of a longer hold."""
        return max(self.purge_at, self.held_until or self.purge_at)

    @property
    def slot(self) -> Slot | None:
        """Returns the slot of the conversation's retention key."""
        return _slot(self.purge_at, self.slot_file, self.slot_number)

    @property
    def review_slot(self) -> Slot | None:
        """Returns the slot of the key for the review seat's wraps: the hold's own slot or, without a hold,
        the conversation's."""
        return self.hold_slot or self.slot

    def slots(self, *, held: bool) -> list[Slot]:
        """Returns the slots that are zeroed when the conversation is deleted: the conversation's own slot and
        the slots of all its holds. If a hold still keeps the conversation (`held`), the slots of the holds
        are left out."""
        holds = [] if held else self.holds.all()
        ended = [_slot(max(self.purge_at, one.until), one.slot_file, one.slot_number) for one in holds]
        return [slot for slot in (self.slot, *ended) if slot]

    @property
    def hold_slot(self) -> Slot | None:
        return _slot(self.review_until, self.hold_file, self.hold_number)


def _slot(hour: datetime, file: int | None, number: int | None) -> Slot | None:
    return None if file is None or number is None else Slot(hour, file, number)


class Members(models.QuerySet["Member"]):
    def present(self) -> "Members":
        return self.filter(left_seq=None)

    def staff(self) -> "Members":
        return self.filter(role__in=states.STAFF)


class Member(models.Model):
    """Represents a seat in a conversation. A seat is never used again after its member has left: a member who
    comes back gets a new seat."""

    id = models.CharField(max_length=11, primary_key=True, default=_member_id)
    conversation = models.ForeignKey(Conversation, on_delete=models.CASCADE, related_name="members")
    role = models.CharField(max_length=10, choices=[(r, r) for r in states.SeatRole])
    alias = models.CharField(max_length=40, blank=True)
    person = models.ForeignKey(Person, on_delete=models.PROTECT, null=True, related_name="seats")
    device = models.ForeignKey(Device, on_delete=models.PROTECT, null=True)
    service = models.ForeignKey("chat.Service", on_delete=models.PROTECT, null=True)
    key = models.BinaryField(max_length=65, null=True)
    joined_seq = models.PositiveIntegerField()
    joined_at = models.DateTimeField()
    granted_at = models.DateTimeField(null=True, help_text="the first grant that named this seat")
    epoch = models.PositiveIntegerField(default=0, help_text="the last epoch that named this seat")
    left_seq = models.PositiveIntegerField(null=True)
    left_at = models.DateTimeField(null=True)
    here = models.BooleanField(default=True)
    presence_since = models.DateTimeField(help_text="since when it is here, or away")
    seen_seq = models.PositiveIntegerField(default=0)
    rate_limited_until = models.BigIntegerField(
        default=0, help_text="microseconds; when it may send a full burst again"
    )
    history = models.BooleanField(default=True, help_text="is sent what was written before it joined")
    wrapped_up = models.BooleanField(default=False, help_text="the coded form was sent")
    resume_hash = models.BinaryField(max_length=32, null=True, help_text="of a guest's token")

    objects = Members.as_manager()

    class Meta:
        indexes = [
            models.Index(fields=["person"], condition=Q(left_seq=None), name="seats_of_a_person"),
            models.Index(fields=["here", "presence_since"], condition=Q(left_seq=None), name="present_seats"),
        ]
        constraints = [
            models.UniqueConstraint(
                fields=["conversation"], condition=Q(role=states.SeatRole.CALLER), name="one_caller_for_ever"
            ),
            models.UniqueConstraint(
                fields=["conversation"], condition=Q(role=states.SeatRole.LETTERS), name="one_letters_seat"
            ),
            models.UniqueConstraint(
                fields=["conversation", "person"], condition=Q(left_seq=None), name="one_seat_a_person"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.role} {self.id}"

    @property
    def is_staff(self) -> bool:
        return self.role in states.STAFF

    @property
    def is_guest(self) -> bool:
        """Returns whether a guest holds the seat: somebody who joined by a link and has no account."""
        return self.role == states.SeatRole.PARTNER and self.person_id is None

    @property
    def is_granted(self) -> bool:
        """Returns whether the caller's browser granted the seat. Until the seat leaves, every later grant
        includes it."""
        return self.left_seq is None and self.granted_at is not None

    def may_still_be_granted(self, now: datetime) -> bool:
        """Returns whether the seat joined so recently that the caller's browser still has time to grant
        it."""
        return self.left_seq is None and self.granted_at is None and not self.is_overdue(now)

    def is_overdue(self, now: datetime) -> bool:
        """Returns whether this is a staff seat that was not granted in time."""
        return self.is_staff and self.granted_at is None and now >= self.joined_at + settings.GRANT

    @property
    def was_released(self) -> bool:
        """Returns whether the seat ended because it was not granted in time."""
        return self.left_at is not None and self.is_overdue(self.left_at)


class Entry(models.Model):
    """Represents one numbered entry of a conversation's log. An entry is never changed after it was
    written."""

    class Audience(models.IntegerChoices):
        ALL = 0
        LINE = 1  # visible only to the line's counsellors, colleagues and review seat

    # This column has no separate index, because the index of `dense_log` begins with this column. A further
    # index would add work to every new message.
    conversation = models.ForeignKey(
        Conversation, on_delete=models.CASCADE, related_name="entries", db_index=False
    )
    seq = models.PositiveIntegerField()
    kind = models.CharField(max_length=10)
    by = models.CharField(max_length=11, blank=True, help_text="a member, or empty")
    at = models.DateTimeField()
    audience = models.PositiveSmallIntegerField(choices=Audience, default=Audience.ALL)
    facts = models.JSONField(default=dict, help_text="the kind's own fields; never text of people")
    message = models.CharField(max_length=22, null=True, help_text="id of a message or note")  # noqa: DJ001
    epoch = models.PositiveIntegerField(null=True)
    box = models.BinaryField(null=True, help_text="sealed in a browser")

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["conversation", "seq"], name="dense_log"),
            models.UniqueConstraint(fields=["conversation", "by", "message"], name="id_once_a_seat"),
        ]

    def __str__(self) -> str:
        return f"{self.conversation_id}:{self.seq} {self.kind}"
