"""What the database holds. Constraints and questions; no workflow."""

from datetime import datetime, timedelta
from typing import ClassVar

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from chat import states
from chat.directory_models import DatedHours, HolidayHours, Notice, WeeklyHours
from chat.review_models import Hold, Reading, ReviewKey, ReviewShare
from counsellors.models import Device, Person
from helpline.lib import clock, encoding
from helpline.lib.signed_post import https_only, validate_secret

__all__ = [
    "Conversation", "DatedHours", "Entry", "Figure", "Hold", "HolidayHours", "Invitation", "JournalHead",
    "Lease", "Line", "Member", "Members", "Notice", "Purged", "Reading", "ReviewKey", "ReviewShare",
    "Service", "WeeklyHours", "Work", "Wrap",
]  # fmt: skip


def _member_id() -> str:
    return encoding.new_id(encoding.MEMBER_BYTES)


class Line(models.Model):
    """A helpline: its own name, hours, staff, texts and retention."""

    class State(models.TextChoices):
        HOURS = "hours"  # as its hours say
        OPEN = "open"  # a supervisor opened it
        CLOSED = "closed"  # a supervisor closed it

    slug = models.SlugField(max_length=32, primary_key=True)
    name = models.CharField(max_length=60)
    formal = models.BooleanField(default=False, help_text="Dutch with `u` instead of `je`")
    phone = models.CharField(max_length=20, blank=True)
    state = models.CharField(max_length=6, choices=State, default=State.HOURS)
    reason = models.CharField(max_length=200, blank=True, help_text="shown to callers when closed")
    unstaffed_since = models.DateTimeField(null=True, blank=True, help_text="closed, and no counsellor there")
    most_waiting = models.PositiveIntegerField(null=True, blank=True, help_text="empty: the server's limit")
    retention = models.DurationField(help_text="after the end; 0 to 90 days")
    boost_soon = models.DurationField(default=timedelta())
    boost_acute = models.DurationField(default=timedelta(minutes=15))
    review_key = models.BinaryField(
        max_length=65, null=True, blank=True, help_text="of the present generation; new conversations name it"
    )
    review_needs_two = models.BooleanField(
        default=False, help_text="a second supervisor says yes before a transcript is read"
    )

    def __str__(self) -> str:
        return self.name


class Service(models.Model):
    """An entry of the referral directory, with or without a desk on this platform."""

    slug = models.SlugField(max_length=32, primary_key=True)
    name = models.CharField(max_length=80)
    purpose = models.CharField(max_length=160, blank=True)
    needs = models.CharField(max_length=300, blank=True, help_text="words to find it by")
    phone = models.CharField(max_length=20, blank=True)
    chat = models.BooleanField(default=False)
    site = models.URLField(blank=True, validators=[https_only])
    free = models.BooleanField(null=True, blank=True, help_text="empty: not known")
    languages = models.CharField(max_length=40, blank=True, help_text="as `nl en`; empty: not known")
    age_from = models.PositiveSmallIntegerField(null=True, blank=True)
    age_to = models.PositiveSmallIntegerField(null=True, blank=True, help_text="the last age that is welcome")
    always_open = models.BooleanField(default=False, help_text="day and night, whatever the weekly hours say")
    desk = models.BooleanField(default=False)
    webhook_url = models.URLField(blank=True, validators=[https_only], help_text="told when a handoff rings")
    webhook_secret = models.CharField(
        max_length=100, blank=True, validators=[validate_secret], help_text="empty: one is made"
    )
    source = models.CharField(max_length=120, blank=True)
    verified_on = models.DateField(null=True, blank=True)

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(age_from__isnull=True) | Q(age_to__isnull=True) | Q(age_from__lte=F("age_to")),
                name="ages_in_order",
                violation_error_message=_("service.ages"),
            ),
        ]

    def __str__(self) -> str:
        return self.name

    @property
    def is_a_line(self) -> bool:
        """A service whose slug is a line means that line's counsellors: the way back."""
        return Line.objects.filter(pk=self.pk).exists()


class Work(models.Model):
    """Who works for which line or service."""

    person = models.ForeignKey(Person, on_delete=models.CASCADE, related_name="work")
    line = models.ForeignKey(Line, on_delete=models.CASCADE, null=True, blank=True, related_name="work")
    service = models.ForeignKey(Service, on_delete=models.CASCADE, null=True, blank=True, related_name="work")

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(line__isnull=True) ^ Q(service__isnull=True), name="a_line_or_a_service"
            ),
            models.UniqueConstraint(fields=["person", "line"], name="line_once"),
            models.UniqueConstraint(fields=["person", "service"], name="service_once"),
        ]

    def __str__(self) -> str:
        return f"{self.person} for {self.line or self.service}"


class Conversation(models.Model):
    """One contact, from opening to purge."""

    id = models.CharField(max_length=22, primary_key=True, default=encoding.new_id)
    line = models.ForeignKey(Line, on_delete=models.PROTECT)
    locale = models.CharField(max_length=5)
    urgency = models.PositiveSmallIntegerField()
    state = models.CharField(max_length=9, choices=[(s, s) for s in states.Conversation])
    opened_at = models.DateTimeField()
    active_at = models.DateTimeField(null=True)
    ended_at = models.DateTimeField(null=True)
    purge_at = models.DateTimeField(help_text="D: its retention key ends here, whatever happens")
    rank = models.BigIntegerField(help_text="microseconds; the smallest is served first")
    requeued = models.BooleanField(default=False)
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
    held_until = models.DateTimeField(null=True, help_text="on hold: its rows stay until then")
    gone_at = models.DateTimeField(
        null=True, help_text="gone for everybody but the hold: erased by the caller, or past its rows' date"
    )
    paced_until = models.DateTimeField(null=True)
    epoch = models.PositiveIntegerField(default=0)
    last_seq = models.PositiveIntegerField(default=0)
    risk = models.PositiveSmallIntegerField(default=0, help_text="flagged by a counsellor, 0 to 2")
    last_public_seq = models.PositiveIntegerField(default=0, help_text="the last entry that everybody sees")

    class Meta:
        indexes = [
            models.Index(
                fields=["line", "rank"], condition=Q(state=states.Conversation.WAITING), name="the_queue"
            ),
            models.Index(fields=["state", "opened_at"], name="by_state"),
            models.Index(fields=["ended_at"], condition=Q(ended_at__isnull=False), name="by_end"),
            models.Index(fields=["purge_at"], name="by_purge_hour"),
        ]

    def __str__(self) -> str:
        return self.id

    @property
    def is_open(self) -> bool:
        """Also false once the longest span is over, even if the worker has not said so yet."""
        return self.state in states.OPEN and clock.now() < self.opened_at + settings.OPEN_SPAN

    def is_held(self, now: datetime) -> bool:
        return self.held_until is not None and self.held_until > now

    @property
    def review_until(self) -> datetime:
        """Under the key of this instant lie the review seat's wraps: D, or the end of a longer hold."""
        return max(self.purge_at, self.held_until or self.purge_at)


class Invitation(models.Model):
    """A request to join a conversation. One is open at a time; each change of state is an entry."""

    id = models.CharField(max_length=22, primary_key=True, default=encoding.new_id)
    conversation = models.ForeignKey(Conversation, on_delete=models.CASCADE, related_name="invitations")
    how = models.CharField(max_length=8, choices=[(how, how) for how in states.How])
    inviter = models.ForeignKey("Member", on_delete=models.CASCADE, related_name="invitations")
    person = models.ForeignKey(Person, on_delete=models.PROTECT, null=True, related_name="+")
    line = models.ForeignKey(Line, on_delete=models.PROTECT, null=True, related_name="+")
    service = models.ForeignKey(Service, on_delete=models.PROTECT, null=True, related_name="+")
    brief = models.CharField(max_length=22, null=True, help_text="id of a message")  # noqa: DJ001
    history = models.BooleanField(null=True, help_text="the caller's answer; empty before it")
    state = models.CharField(max_length=9, choices=[(state, state) for state in states.Invitation])
    since = models.DateTimeField(help_text="of the present state")
    expires_at = models.DateTimeField(null=True)
    pin_tries = models.PositiveSmallIntegerField(default=0)
    member = models.OneToOneField("Member", on_delete=models.SET_NULL, null=True, related_name="came_by")
    silenced = models.ManyToManyField(Person, related_name="+", help_text="said no")

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["conversation"], condition=Q(state__in=states.INVITED), name="one_open_invitation"
            ),
        ]
        indexes = [
            models.Index(
                fields=["expires_at"], condition=Q(state__in=states.INVITED), name="invitations_by_deadline"
            )
        ]

    def __str__(self) -> str:
        return f"{self.how} {self.state}"

    @property
    def is_way_back(self) -> bool:
        """A handoff to the line that the caller came from: its counsellors answer as counsellors."""
        return self.service_id == self.conversation.line_id

    @property
    def target(self) -> str:
        """The name of whom or what is invited."""
        if self.person is not None:
            return self.person.alias
        return str((self.line or self.service or self.conversation.line).name)


class Members(models.QuerySet["Member"]):
    def present(self) -> "Members":
        return self.filter(left_seq=None)

    def staff(self) -> "Members":
        return self.filter(role__in=states.STAFF)


class Member(models.Model):
    """A seat in a conversation. Left is for good: who comes back gets a new seat."""

    id = models.CharField(max_length=11, primary_key=True, default=_member_id)
    conversation = models.ForeignKey(Conversation, on_delete=models.CASCADE, related_name="members")
    role = models.CharField(max_length=10, choices=[(r, r) for r in states.Role])
    alias = models.CharField(max_length=40, blank=True)
    person = models.ForeignKey(Person, on_delete=models.PROTECT, null=True, related_name="seats")
    device = models.ForeignKey(Device, on_delete=models.PROTECT, null=True)
    service = models.ForeignKey(Service, on_delete=models.PROTECT, null=True)
    key = models.BinaryField(max_length=65, null=True)
    joined_seq = models.PositiveIntegerField()
    joined_at = models.DateTimeField()
    granted_at = models.DateTimeField(null=True, help_text="the first grant that named this seat")
    epoch = models.PositiveIntegerField(default=0, help_text="the last epoch that named this seat")
    left_seq = models.PositiveIntegerField(null=True)
    left_at = models.DateTimeField(null=True)
    here = models.BooleanField(default=True)
    turned_at = models.DateTimeField(help_text="since when it is here, or away")
    seen_seq = models.PositiveIntegerField(default=0)
    history = models.BooleanField(default=True, help_text="is sent what was written before it joined")
    wrapped_up = models.BooleanField(default=False, help_text="the coded form was sent")
    resume_hash = models.BinaryField(max_length=32, null=True, help_text="of a guest's token")

    objects = Members.as_manager()

    class Meta:
        indexes = [
            models.Index(fields=["person"], condition=Q(left_seq=None), name="seats_of_a_person"),
            models.Index(fields=["here", "turned_at"], condition=Q(left_seq=None), name="present_seats"),
        ]
        constraints = [
            models.UniqueConstraint(
                fields=["conversation"], condition=Q(role=states.Role.CALLER), name="one_caller_for_ever"
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
    def is_granted(self) -> bool:
        """Let in by the caller's browser. Every later grant names it again, until it leaves."""
        return self.left_seq is None and self.granted_at is not None

    def may_still_be_granted(self, now: datetime) -> bool:
        """Joined so lately that the caller's browser still has time to let this seat in."""
        return self.left_seq is None and self.granted_at is None and not self.is_overdue(now)

    def is_overdue(self, now: datetime) -> bool:
        """A staff seat that was not let in in time."""
        return self.is_staff and self.granted_at is None and now >= self.joined_at + settings.GRANT


class Entry(models.Model):
    """One numbered line of a conversation's log. Written once, never changed."""

    class Audience(models.IntegerChoices):
        ALL = 0
        LINE = 1  # counsellors, colleagues and review of the line

    conversation = models.ForeignKey(Conversation, on_delete=models.CASCADE, related_name="entries")
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


class Wrap(models.Model):
    """An epoch secret for one member, under the retention key. Without it no box opens."""

    conversation = models.ForeignKey(Conversation, on_delete=models.CASCADE)
    member = models.ForeignKey(Member, on_delete=models.CASCADE, related_name="wraps")
    grant = models.PositiveIntegerField(help_text="the epoch of the grant that brought it")
    epoch = models.PositiveIntegerField(help_text="whose secret it holds; below `grant`: history")
    sealed = models.BinaryField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["member", "grant", "epoch"], name="one_wrap_a_grant")]

    def __str__(self) -> str:
        return f"{self.member_id} epoch {self.epoch}"


class Purged(models.Model):
    """A numbered line of the journal of purges. It commits together with the deletion that it tells of."""

    number = models.PositiveBigIntegerField(primary_key=True)
    conversation_hash = models.CharField(max_length=64, help_text="SHA-256 of the id, hex")
    hour = models.DateTimeField(help_text="D of the conversation")
    held = models.BooleanField(default=False, help_text="erased by its caller, and kept for a hold only")
    written = models.BooleanField(default=False, help_text="it stands in the file")

    class Meta:
        indexes = [
            models.Index(fields=["number"], condition=Q(written=False), name="not_yet_in_the_file"),
        ]

    def __str__(self) -> str:
        return f"{self.number} {self.hour:%F %H}"


class JournalHead(models.Model):
    """The last number given out. One row; its lock makes numbers commit in order."""

    id = models.PositiveSmallIntegerField(primary_key=True, default=1)
    number = models.PositiveBigIntegerField(default=0)

    class Meta:
        constraints = [models.CheckConstraint(condition=Q(id=1), name="one_head")]

    def __str__(self) -> str:
        return str(self.number)


class Figure(models.Model):
    """A counter of one hour. No conversation, no person, no text."""

    name = models.CharField(max_length=32)
    key = models.CharField(max_length=64)
    line = models.ForeignKey(Line, on_delete=models.CASCADE)
    hour = models.DateTimeField()
    value = models.PositiveBigIntegerField(default=0)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["name", "key", "line", "hour"], name="one_counter")]

    def __str__(self) -> str:
        return f"{self.name} {self.key} {self.hour:%F %H}"


class Lease(models.Model):
    """One open socket. It speaks for a seat (a caller's) or for a device (all its seats)."""

    socket = models.CharField(max_length=22, primary_key=True)
    member = models.ForeignKey(Member, on_delete=models.CASCADE, null=True, related_name="leases")
    device = models.ForeignKey(Device, on_delete=models.CASCADE, null=True, related_name="leases")
    heard_at = models.DateTimeField()

    class Meta:
        indexes: ClassVar = [models.Index(fields=["heard_at"], name="oldest_lease")]

    def __str__(self) -> str:
        return self.socket
