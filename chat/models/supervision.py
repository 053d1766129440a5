"""The curve of a line's day."""

from django.db import models

from chat.models.lines import Line


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
