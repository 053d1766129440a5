"""Stores the steps taken in acute conversations, how many conversations each staff member had, and
debriefs."""

from django.db import models
from django.db.models import Q

from chat.models.conversation import Conversation
from chat.models.lines import Line
from counsellors.models import Person
from helpline.lib import encoding


class AcuteStep(models.Model):
    """Records a step of the line's protocol in an acute conversation: which step, who recorded it and when,
    whether the step was done, and if not, why. The row never contains anything from the conversation."""

    class How(models.TextChoices):
        DONE = "done"
        NOT_NEEDED = "not_needed"
        CALLER_GONE = "caller_gone"  # the caller had left and could not be told of the call
        DANGER = "danger"  # telling the caller would have put somebody in danger

    conversation = models.ForeignKey(Conversation, on_delete=models.CASCADE, related_name="acute_steps")
    code = models.CharField(max_length=16)
    how = models.CharField(max_length=11, choices=How)
    at = models.DateTimeField()
    by = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="+")

    class Meta:
        constraints = [models.UniqueConstraint(fields=["conversation", "code"], name="a_step_once")]

    def __str__(self) -> str:
        return f"{self.conversation_id} {self.code} {self.how}"


class Carried(models.Model):
    """Counts the conversations that a person had on a line on one day. The row holds sums only, and refers to
    no conversation."""

    person = models.ForeignKey(Person, on_delete=models.CASCADE, related_name="carried")
    line = models.ForeignKey(Line, on_delete=models.CASCADE, related_name="+")
    day = models.DateField(help_text="local")
    talks = models.PositiveIntegerField(default=0)
    heavy = models.PositiveIntegerField(default=0)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["line", "person", "day"], name="once_a_day")]

    def __str__(self) -> str:
        return f"{self.person} {self.line_id} {self.day}"


class Debrief(models.Model):
    """Represents a talk with a supervisor that a staff member should have about a distressing experience. The
    row refers to no conversation."""

    class Why(models.TextChoices):
        ASKED = "asked"
        ACUTE = "acute"

    id = models.CharField(max_length=22, primary_key=True, default=encoding.new_id)
    person = models.ForeignKey(Person, on_delete=models.CASCADE, related_name="debriefs")
    line = models.ForeignKey(Line, on_delete=models.CASCADE, related_name="+")
    why = models.CharField(max_length=5, choices=Why)
    asked_at = models.DateTimeField()
    held_at = models.DateTimeField(null=True)
    held_by = models.ForeignKey(Person, on_delete=models.SET_NULL, null=True, related_name="+")

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["person", "line"], condition=Q(held_at=None), name="one_open_debrief"
            )
        ]

    def __str__(self) -> str:
        return f"{self.person} {self.line_id} {self.why}"
