"""Stores sessions, invitations to join, and other rows that signing in needs besides second factors."""

from importlib import import_module
from typing import Any

from django.conf import settings
from django.contrib.sessions.base_session import AbstractBaseSession
from django.db import models
from django.db.models import Q

from counsellors.models.devices import Device
from counsellors.models.people import Person, Role
from helpline.lib import encoding


class Session(AbstractBaseSession):
    """Stores a session of somebody who is signing in or has signed in. Its token is only in the browser's
    cookie."""

    session_key = models.CharField(max_length=64, primary_key=True, help_text="SHA-256 of the token")
    person = models.ForeignKey(Person, null=True, on_delete=models.CASCADE, related_name="sessions")
    used_at = models.DateTimeField()
    device = models.ForeignKey(
        Device, null=True, on_delete=models.SET_NULL, related_name="+", help_text="proven in this browser"
    )

    def __str__(self) -> str:
        return f"session of {self.person}"

    def save(self, **how: Any) -> None:
        """Inserts the row, or updates only the columns that a page may have changed. So an update does not
        overwrite the device that a socket has authenticated in the meantime."""
        if how.get("force_update"):
            how["update_fields"] = ["session_data", "expire_date", "used_at", "person"]
        super().save(**how)

    @classmethod
    def get_session_store_class(cls) -> Any:
        return import_module(settings.SESSION_ENGINE).SessionStore


class EntryLink(models.Model):
    """Stores a one-time link by which a person joins. Its token is derived from `id` and is in no table."""

    id = models.CharField(max_length=22, primary_key=True, default=encoding.new_id)
    person = models.OneToOneField(Person, on_delete=models.CASCADE, related_name="entry_link")
    by = models.ForeignKey(Person, on_delete=models.PROTECT, null=True, related_name="+")
    until = models.DateTimeField()
    used_at = models.DateTimeField(null=True)

    def __str__(self) -> str:
        return f"link for {self.person}"


class Replacement(models.Model):
    """Records that a lost second factor was replaced. The lost factor is set aside for a day, within which
    any supervisor can undo the replacement."""

    id = models.CharField(max_length=22, primary_key=True, default=encoding.new_id)
    person = models.ForeignKey(Person, on_delete=models.CASCADE, related_name="replacements")
    by = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField()
    mark = models.CharField(max_length=80, help_text="what the spoken code is known again by")
    tries = models.PositiveSmallIntegerField(default=0)
    aside = models.JSONField(default=list, help_text="the second factors that open nothing since")
    done_at = models.DateTimeField(null=True, help_text="a new second factor was set up")
    undone_by = models.ForeignKey(Person, on_delete=models.PROTECT, null=True, related_name="+")
    undone_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["person"],
                condition=Q(done_at=None, undone_at=None),
                name="one_open_replacement",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.person} at {self.at:%F %T}"


class PasskeyChallenge(models.Model):
    """Stores a challenge for a passkey to sign. The first answer deletes the row, so that only one of two
    answers succeeds."""

    class Purpose(models.TextChoices):
        ADD = "add"
        ASK = "ask"

    challenge = models.CharField(max_length=43, primary_key=True)
    person = models.ForeignKey(Person, on_delete=models.CASCADE, related_name="+")
    purpose = models.CharField(max_length=3, choices=Purpose)
    until = models.DateTimeField()

    def __str__(self) -> str:
        return f"{self.purpose} {self.person}"


class PasskeyDemand(models.Model):
    """Records that the people with a role have to sign in with a passkey."""

    role = models.CharField(max_length=16, choices=Role.Name, primary_key=True)

    def __str__(self) -> str:
        return self.role


class WrongGuesses(models.Model):
    """Counts the consecutive wrong passwords or codes under one name, from one known browser or from all
    others together."""

    key = models.CharField(
        max_length=65, primary_key=True, help_text="a keyed hash; `?` before a made-up name's"
    )
    wrong = models.PositiveIntegerField()
    last_at = models.DateTimeField(db_index=True)

    def __str__(self) -> str:
        return f"{self.wrong} until {self.last_at:%F %T}"
