"""Stores the keys of lines, readings, holds, and the journal. The private half of a key is never stored
unless it is sealed."""

from django.db import models
from django.db.models import Q

from counsellors.models import Device, Person
from helpline.lib import encoding


class LineKey(models.Model):
    """Represents one generation of a line's review key or letters key, with its public key (a P-256 point). A
    generation is current from its confirmation until it is retired. New conversations get a seat for the
    current generation."""

    class Use(models.TextChoices):
        REVIEW = "review"  # opens transcripts, for quality and safeguarding
        LETTERS = "letters"  # opens letters, for any counsellor of the line

    use = models.CharField(max_length=7, choices=Use, default=Use.REVIEW, db_default=Use.REVIEW)
    line = models.ForeignKey("chat.Line", on_delete=models.CASCADE, related_name="line_keys")
    generation = models.PositiveIntegerField()
    public = models.BinaryField(max_length=65, unique=True, help_text="uncompressed P-256 point")
    made_at = models.DateTimeField()
    confirmed_at = models.DateTimeField(null=True, help_text="empty while a second supervisor has to say yes")
    retired_at = models.DateTimeField(null=True)
    until = models.DateTimeField(
        null=True, help_text="no new letter names it afterwards: somebody who could open it has left"
    )

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["line", "use", "generation"], name="generation_once_a_line"),
            models.UniqueConstraint(
                fields=["line", "use"],
                condition=Q(confirmed_at__isnull=False, retired_at=None),
                name="one_present_key",
            ),
            models.UniqueConstraint(
                fields=["line", "use"], condition=Q(confirmed_at=None), name="one_key_that_waits"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.line_id} {self.use} {self.generation}"

    @property
    def counts(self) -> bool:
        return self.confirmed_at is not None and self.retired_at is None


class KeyShare(models.Model):
    """Holds the private half of a line's key, sealed in a browser for one device."""

    key = models.ForeignKey(LineKey, on_delete=models.CASCADE, related_name="shares")
    device = models.ForeignKey(Device, on_delete=models.CASCADE, related_name="key_shares")
    sealed = models.BinaryField(max_length=113)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["key", "device"], name="one_share_a_device")]

    def __str__(self) -> str:
        return f"{self.key} for {self.device_id}"


class Reading(models.Model):
    """Represents a supervisor's request to read a transcript, with its reason. The request expires after an
    hour."""

    id = models.CharField(max_length=22, primary_key=True, default=encoding.new_id)
    conversation = models.ForeignKey("chat.Conversation", on_delete=models.CASCADE, related_name="readings")
    person = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="+")
    reason = models.CharField(max_length=16)
    asked_at = models.DateTimeField()
    allowed_by = models.ForeignKey(Person, on_delete=models.PROTECT, null=True, related_name="+")
    allowed_at = models.DateTimeField(null=True, help_text="empty while a second supervisor has to say yes")

    def __str__(self) -> str:
        return f"{self.id} {self.reason}"


class Hold(models.Model):
    """Represents a request to keep a conversation beyond its deletion date. The request becomes a hold when a
    second supervisor confirms it."""

    id = models.CharField(max_length=22, primary_key=True, default=encoding.new_id)
    conversation = models.ForeignKey("chat.Conversation", on_delete=models.CASCADE, related_name="holds")
    reason = models.CharField(max_length=16)
    until = models.DateTimeField()
    asked_by = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="+")
    asked_at = models.DateTimeField()
    confirmed_by = models.ForeignKey(Person, on_delete=models.PROTECT, null=True, related_name="+")
    confirmed_at = models.DateTimeField(null=True)
    ended_at = models.DateTimeField(null=True)
    slot_file = models.PositiveIntegerField(null=True, help_text="of the hour of its end, or of a later D")
    slot_number = models.PositiveIntegerField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["conversation"], condition=Q(confirmed_at=None), name="one_open_request_to_hold"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.id} until {self.until:%F %H}"


class Purged(models.Model):
    """Represents a numbered record in the journal of purges. It is committed in the same transaction as the
    deletion that it reports."""

    number = models.PositiveBigIntegerField(primary_key=True)
    conversation_hash = models.CharField(max_length=64, help_text="SHA-256 of its number on record, hex")
    hour = models.DateTimeField(help_text="of the slot; D of the conversation, or the end of its hold")
    slot_file = models.PositiveIntegerField(null=True, help_text="empty where its keys were lost before")
    slot_number = models.PositiveIntegerField(null=True)
    held = models.BooleanField(default=False, help_text="erased by its caller, and kept for a hold only")
    written = models.BooleanField(default=False, help_text="it stands in the file")

    class Meta:
        indexes = [
            models.Index(fields=["number"], condition=Q(written=False), name="not_yet_in_the_file"),
        ]

    def __str__(self) -> str:
        return f"{self.number} {self.hour:%F %H}"


class Process(models.Model):
    """Represents a running web process or worker, and its host. If this host does not have the same key
    folders as the other hosts, the row is deleted and the process stops."""

    class Does(models.TextChoices):
        CALLERS = "callers"
        STAFF = "staff"
        BOTH = "both"
        WORKER = "worker"

    id = models.CharField(max_length=22, primary_key=True)
    host = models.CharField(max_length=64)
    seen_at = models.DateTimeField()
    does = models.CharField(max_length=7, choices=Does, blank=True, db_default="")
    port = models.PositiveIntegerField(null=True, help_text="on which a web process listens")
    release = models.CharField(max_length=32, blank=True, db_default="")

    def __str__(self) -> str:
        return self.host


class JournalHead(models.Model):
    """Holds the newest number in the journal. The table has only one row. Each transaction that takes a
    number locks this row, so that the numbers are committed in order."""

    id = models.PositiveSmallIntegerField(primary_key=True, default=1)
    number = models.PositiveBigIntegerField(default=0)

    class Meta:
        constraints = [models.CheckConstraint(condition=Q(id=1), name="one_head")]

    def __str__(self) -> str:
        return str(self.number)
