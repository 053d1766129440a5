"""Records how many slots were allocated, and which slots still have to be overwritten with zeros. A slot is
the place of a key outside the database.

No row refers to a conversation. The files are read and written in chat/keys/slot_files.py.
"""

from dataclasses import dataclass
from datetime import datetime

from django.db import models


@dataclass(frozen=True, slots=True, order=True)
class Slot:
    """Identifies where one key of 32 bytes is stored: at position `number` of the file `file` of the purge
    hour `hour`."""

    hour: datetime
    file: int
    number: int


class SlotFile(models.Model):
    """Represents a file of slots, and counts how many of these slots were allocated. The row exists as long
    as the file."""

    hour = models.DateTimeField(help_text="the purge hour at which the file is destroyed")
    file = models.PositiveIntegerField(help_text="its number within the hour")
    given = models.PositiveIntegerField(help_text="slots below this number are given out, or lost, for ever")
    folders = models.PositiveSmallIntegerField(help_text="in how many key folders it was made")

    class Meta:
        constraints = [models.UniqueConstraint(fields=["hour", "file"], name="slot_file_once")]

    def __str__(self) -> str:
        return f"{self.hour:%F %H} {self.file}"


class Puncture(models.Model):
    """Records that a slot has to be zeroed. The row is committed together with the deletion of the data that
    this slot's key sealed. The row is deleted when every key folder contains the zeros."""

    hour = models.DateTimeField()
    file = models.PositiveIntegerField()
    number = models.PositiveIntegerField()
    since = models.DateTimeField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["hour", "file", "number"], name="puncture_once")]

    def __str__(self) -> str:
        return f"{self.hour:%F %H} {self.file} {self.number}"

    @property
    def slot(self) -> Slot:
        return Slot(self.hour, self.file, self.number)
