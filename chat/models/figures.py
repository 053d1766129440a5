"""Counters: they outlive conversations because they hold nothing of them."""

from django.db import models

from chat.models.lines import Line


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
