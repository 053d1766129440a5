"""Stores which results of removal cases were counted. The cases themselves are sealed in the log."""

from django.db import models

from chat.models.conversation import Conversation


class CountedResult(models.Model):
    """Marks one result of one link of a removal case as counted, so that it is counted only once. Of the
    result, the row stores only which kind it is (`name`)."""

    conversation = models.ForeignKey(Conversation, on_delete=models.CASCADE, related_name="counted_results")
    item = models.CharField(max_length=16)
    name = models.CharField(max_length=8)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["conversation", "item", "name"], name="counted_once")]

    def __str__(self) -> str:
        return f"{self.name} of {self.item}"
