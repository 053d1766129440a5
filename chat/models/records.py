"""What outlives conversations because it holds nothing of them."""

from django.db import models
from django.db.models import Q

from chat.models.organisation import Line


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


class Sample(models.Model):
    """How a line stood at one moment: sums, for the curve of a day. No conversation, no person."""

    line = models.ForeignKey(Line, on_delete=models.CASCADE)
    at = models.DateTimeField()
    waiting = models.PositiveIntegerField()
    active = models.PositiveIntegerField()
    on = models.PositiveIntegerField(help_text="counsellors on duty")
    longest = models.PositiveIntegerField(help_text="seconds that the first of those waiting has waited")

    class Meta:
        constraints = [models.UniqueConstraint(fields=["line", "at"], name="one_sample")]

    def __str__(self) -> str:
        return f"{self.line_id} {self.at:%F %T}"
