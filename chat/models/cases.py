"""Removal cases: which results were counted. What a case holds is sealed in the log."""

from django.db import models

from chat.models.conversation import Conversation


class CountedResult(models.Model):
    """Something was counted of an item of a case, so that it is counted once. Not what was counted."""

    conversation = models.ForeignKey(Conversation, on_delete=models.CASCADE, related_name="counted_results")
    item = models.CharField(max_length=16)
    name = models.CharField(max_length=8)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["conversation", "item", "name"], name="counted_once")]

    def __str__(self) -> str:
        return f"{self.name} of {self.item}"
