"""Stores samples of a line's day, missed calls for help, missed acute callers, approval requests, and when
each supervisor last authenticated."""

from datetime import datetime

from django.conf import settings
from django.db import models
from django.db.models import Q

from chat.models.lines import Line
from counsellors.models import Person
from helpline.lib import encoding


class Sample(models.Model):
    """Holds the state of a line at one moment, for the graph of a day. The row holds sums, and refers to no
    conversation and no person."""

    line = models.ForeignKey(Line, on_delete=models.CASCADE)
    at = models.DateTimeField()
    waiting = models.PositiveIntegerField()
    active = models.PositiveIntegerField()
    on = models.PositiveIntegerField(help_text="counsellors on duty")
    longest = models.PositiveIntegerField(help_text="seconds that the first of those waiting has waited")
    open = models.BooleanField(default=False, db_default=False, help_text="callers could come in")

    class Meta:
        constraints = [models.UniqueConstraint(fields=["line", "at"], name="one_sample")]

    def __str__(self) -> str:
        return f"{self.line_id} {self.at:%F %T}"


class Missed(models.Model):
    """Records something that went wrong for somebody who needed help at once. The row refers to no caller and
    no conversation."""

    class Kind(models.TextChoices):
        CALL = "call"  # nobody accepted an invitation that rang, even if its inviter has left
        LEFT = "left"  # an acute caller left the queue, and did not come back
        LOST = "lost"  # an acute caller's last counsellor left, or lost the connection

    id = models.CharField(max_length=22, primary_key=True, default=encoding.new_id)
    line = models.ForeignKey(Line, on_delete=models.CASCADE, related_name="+")
    kind = models.CharField(max_length=4, choices=Kind)
    acute = models.BooleanField(help_text="the conversation was acute")
    since = models.DateTimeField(help_text="to the minute: it rang, or the caller waited")
    at = models.DateTimeField(
        db_index=True, help_text="to the minute: nobody came, or the caller or the counsellor had left"
    )
    seen_at = models.DateTimeField(null=True, help_text="when a supervisor had seen it")
    asked_by = models.ForeignKey(Person, on_delete=models.PROTECT, null=True, related_name="+")
    service = models.ForeignKey(
        "chat.Service",
        on_delete=models.CASCADE,
        null=True,
        related_name="+",
        help_text="the other service that was asked; empty: colleagues were",
    )
    of_service = models.ForeignKey(
        "chat.Service",
        on_delete=models.CASCADE,
        null=True,
        related_name="+",
        help_text="the other service for which `asked_by` works",
    )

    def __str__(self) -> str:
        return f"{self.kind} {self.line_id} {self.at:%F %H:%M}"


class ApprovalRequests(models.QuerySet["ApprovalRequest"]):
    def open(self, now: datetime) -> "ApprovalRequests":
        return self.filter(ended_at=None, asked_at__gt=now - settings.APPROVAL)


class ApprovalRequest(models.Model):
    """Represents a change that one person asked for and another one has to confirm. The request expires after
    a day."""

    class Kind(models.TextChoices):
        REVIEW_KEY = "review_key"
        RETENTION = "retention"
        READ_ALONE = "read_alone"
        CONTACT = "contact"
        ROLE = "role"
        LINE_OF_SUPERVISOR = "line_of_supervisor"
        REVOKE_DEVICE = "revoke_device"
        LEAVE = "leave"
        PASSKEY = "passkey"
        TAKE_ROLE = "take_role"
        TAKE_LINE = "take_line"
        GIVE_SERVICE = "give_service"
        TAKE_SERVICE = "take_service"
        NEW_LINE = "new_line"
        # Most of the following kinds change one field (chat/supervision/held_fields.py).
        HOSTS = "hosts"
        PATH = "path"
        TEMPLATE = "template"
        LINE_PHONE = "line_phone"
        LINE_ON_CALL = "line_on_call"
        LINE_SERVICES = "line_services"
        LETTERS_KEY = "letters_key"
        LETTERS_CLOSED = "letters_closed"
        LETTERS_ALWAYS = "letters_always"
        ALERT_MAIL = "alert_mail"
        ALERT_URL = "alert_url"
        LINE_ENDED = "line_ended"
        SERVICE_PHONE = "service_phone"
        SERVICE_SITE = "service_site"
        SERVICE_WEBHOOK = "service_webhook"
        SERVICE_ENDED = "service_ended"

    class How(models.TextChoices):
        DONE = "done"
        LOST = "lost"  # a device was reported lost, and revoked at once
        REFUSED = "refused"
        WITHDRAWN = "withdrawn"
        LAPSED = "lapsed"

    id = models.CharField(max_length=22, primary_key=True, default=encoding.new_id)
    kind = models.CharField(max_length=20, choices=Kind)
    line = models.ForeignKey(Line, on_delete=models.CASCADE, null=True, related_name="approvals")
    subject = models.CharField(max_length=32, blank=True, help_text="a handle, a slug, a role, a device's id")
    value = models.JSONField(default=str, help_text="what for: hours, a role, a contact")
    asked_by = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="+")
    asked_at = models.DateTimeField()
    confirmed_by = models.ForeignKey(
        Person, on_delete=models.PROTECT, null=True, related_name="+", help_text="nobody: there was none"
    )
    ended_at = models.DateTimeField(null=True)
    how = models.CharField(max_length=9, choices=How, blank=True)

    objects = ApprovalRequests.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["kind", "line", "subject"],
                condition=Q(ended_at=None, line__isnull=False),
                name="one_open_request_of_a_line",
            ),
            models.UniqueConstraint(
                fields=["kind", "subject"], condition=Q(ended_at=None, line=None), name="one_open_request"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.line_id or self.subject}"

    @property
    def waits(self) -> bool:
        return self.ended_at is None


class LastProven(models.Model):
    """Records, to the hour, when a supervisor of this line last authenticated with a device.

    The row stays even if the device, the role or the account is removed, so that nobody can become the only
    approver by removing other people's devices, roles or accounts.
    """

    line = models.ForeignKey(Line, on_delete=models.CASCADE, related_name="+")
    person = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="last_proven")
    at = models.DateTimeField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["line", "person"], name="once_a_line_and_person")]

    def __str__(self) -> str:
        return f"{self.person} for {self.line_id}"
