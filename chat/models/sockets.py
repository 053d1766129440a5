"""Stores the open sockets, and the heartbeat of the leading worker."""

from typing import ClassVar

from django.db import models

from chat.models.conversation import Member
from counsellors.models import Device


class Lease(models.Model):
    """Represents one open socket. The socket connects one seat (a caller's or a guest's) or all seats of a
    device."""

    socket = models.CharField(max_length=22, primary_key=True)
    member = models.ForeignKey(Member, on_delete=models.CASCADE, null=True, related_name="leases")
    device = models.ForeignKey(Device, on_delete=models.CASCADE, null=True, related_name="leases")
    heard_at = models.DateTimeField()

    class Meta:
        indexes: ClassVar = [models.Index(fields=["heard_at"], name="oldest_lease")]

    def __str__(self) -> str:
        return self.socket


class Heartbeat(models.Model):
    """Records when the leading worker last wrote to the database (`seen_at`), and when its current period of
    writing without interruption began (`since`). The table has only one row."""

    seen_at = models.DateTimeField()
    since = models.DateTimeField()

    def __str__(self) -> str:
        return f"{self.seen_at:%F %T}"
