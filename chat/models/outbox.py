"""Stores the rows of the transactional outbox (chat/outbox.py)."""

from django.db import models
from django.db.models import Q
from django.db.models.functions import Now

from helpline.lib import encoding


class Outgoing(models.Model):
    """Holds a mail, or a webhook's body, that is sent to a member of the staff or to an address that the
    organisation set. The row is deleted when the message has been delivered, or when `until` has passed.

    The row contains nothing about a caller: no text, no name, and no id that is used anywhere else. A link is
    put into the body while the message is sent, and is never stored here.
    """

    class Way(models.TextChoices):
        MAIL = "mail"
        WEBHOOK = "webhook"

    id = models.CharField(max_length=22, primary_key=True, default=encoding.new_id)
    way = models.CharField(max_length=7, choices=Way)
    # One of these columns says who the recipient is: the invited service, a line's alert address, a newcomer,
    # or the owner of the address `to`. If all are empty, the message is for the auditors.
    invitation = models.ForeignKey("chat.Invitation", on_delete=models.CASCADE, null=True, related_name="+")
    line = models.ForeignKey("chat.Line", on_delete=models.CASCADE, null=True, related_name="+")
    entry_link = models.ForeignKey(
        "counsellors.EntryLink", on_delete=models.CASCADE, null=True, related_name="+"
    )
    to = models.EmailField(blank=True, help_text="of somebody who is invited; kept nowhere else")
    to_contact = models.BooleanField(default=False, help_text="a guest's link, for the service's own contact")
    subject = models.CharField(max_length=200, blank=True)
    body = models.TextField()
    since = models.DateTimeField(db_default=Now(), editable=False, help_text="stored then")
    due_at = models.DateTimeField(help_text="of the next try")
    until = models.DateTimeField(help_text="afterwards nobody wants to hear it")
    tries = models.PositiveSmallIntegerField(default=0)

    class Meta:
        indexes = [models.Index(fields=["due_at"], name="outgoing_by_time")]
        constraints = [
            models.CheckConstraint(
                condition=Q(invitation__isnull=True) | Q(line__isnull=True), name="outgoing_to_one"
            )
        ]

    def __str__(self) -> str:
        return f"{self.way} {self.id}"
