"""Stores counters, the codes of wrap-up forms and waiting answers. The rows may be kept longer than
conversations, because they refer to no conversation."""

from django.db import models

from chat.models.lines import Line
from chat.models.slots import Slot
from chat.models.texts import TextByLanguage
from helpline.lib import encoding


class Figure(models.Model):
    """Counts one thing on a line within one hour. The row refers to no conversation and no person, and holds
    no text."""

    name = models.CharField(max_length=32)
    key = models.CharField(max_length=64)
    line = models.ForeignKey(Line, on_delete=models.CASCADE)
    hour = models.DateTimeField()
    value = models.PositiveBigIntegerField(default=0)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["name", "key", "line", "hour"], name="one_counter")]
        indexes = [models.Index(fields=["line", "hour"], name="counters_of_a_while")]

    def __str__(self) -> str:
        return f"{self.name} {self.key} {self.hour:%F %H}"


class OwnCode(models.Model):
    """Represents a line's own code in the wrap-up form. The name of a code is never used for another code,
    even after the code has ended."""

    line = models.ForeignKey(Line, on_delete=models.CASCADE, related_name="own_codes")
    question = models.CharField(max_length=16)
    code = models.SlugField(max_length=40)
    says = TextByLanguage(max_length=60)
    since = models.DateTimeField()
    ended = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["line", "code"], name="a_code_once")]

    def __str__(self) -> str:
        return f"{self.question} {self.code}"


class WaitingAnswer(models.Model):
    """Holds a sealed answer about a conversation until enough people have given an answer of the same kind.
    The row does not say when the answer was given, or about which conversation.

    The row's id is random, because a serial number would reveal which answer was stored last.
    """

    id = models.CharField(max_length=22, primary_key=True, default=encoding.new_id)
    line = models.ForeignKey(Line, on_delete=models.CASCADE, related_name="+")
    hour = models.DateTimeField(help_text="of the slot whose key it lies under; the same for a whole month")
    slot_file = models.PositiveIntegerField()
    slot_number = models.PositiveIntegerField()
    sealed = models.BinaryField()

    def __str__(self) -> str:
        return str(self.line_id)

    @property
    def slot(self) -> Slot:
        return Slot(self.hour, self.slot_file, self.slot_number)
