"""Stores the data of letters that is not in the conversation's log."""

from django.db import models

from chat.models.conversation import Conversation
from counsellors.models import Device, Person


class Letter(models.Model):
    """Holds a letter's data, except the state in `Conversation.written`. The row stays when the letter
    becomes a chat."""

    conversation = models.OneToOneField(Conversation, on_delete=models.CASCADE, primary_key=True)
    ends_at = models.DateTimeField(help_text="the end of its life as a letter")
    due_at = models.DateTimeField(null=True, help_text="the promise; empty unless it is to be answered")
    answered_upto = models.PositiveIntegerField(
        default=0, help_text="the last message of the caller that an answer was for"
    )
    answer_seq = models.PositiveIntegerField(default=0, help_text="the last answer's own number")
    answered_by = models.ForeignKey(Person, on_delete=models.PROTECT, null=True, related_name="+")
    messages = models.PositiveSmallIntegerField(default=0, help_text="of the caller since the last answer")
    case_boxes = models.PositiveSmallIntegerField(default=0, db_default=0, help_text="likewise")
    takes = models.PositiveIntegerField(default=0, help_text="numbers the takes; the newest counts")
    taker = models.ForeignKey(Person, on_delete=models.PROTECT, null=True, related_name="+")
    device = models.ForeignKey(Device, on_delete=models.PROTECT, null=True, related_name="+")
    timed_out = models.BooleanField(default=False, help_text="the last take ended for silence alone")
    heard_at = models.DateTimeField(null=True, help_text="the last request of its taker about it")
    chat_at = models.DateTimeField(null=True, help_text="when its caller asked to talk, while that counts")
    returned_at = models.DateTimeField(null=True, help_text="the last `returned` entry")
    alarmed_at = models.DateTimeField(null=True, help_text="when it was told that the promise breaks soon")

    class Meta:
        indexes = [models.Index(fields=["due_at"], condition=models.Q(due_at__isnull=False), name="promises")]

    def __str__(self) -> str:
        return str(self.conversation_id)


class GivenBack(models.Model):
    """Records that somebody gave a letter back, so that the letter is not offered to the same person again
    for a day."""

    letter = models.ForeignKey(Letter, on_delete=models.CASCADE, related_name="given_back")
    person = models.ForeignKey(Person, on_delete=models.CASCADE, related_name="+")
    at = models.DateTimeField()

    def __str__(self) -> str:
        return f"{self.person} {self.letter_id}"


class ReplacedCode(models.Model):
    """Holds an old return code of a letter, which a newer code has replaced. A caller who types the old code
    is told when the code was replaced."""

    hash = models.BinaryField(max_length=32, primary_key=True)
    conversation = models.ForeignKey(Conversation, on_delete=models.CASCADE, related_name="replaced_codes")
    at = models.DateTimeField()

    def __str__(self) -> str:
        return str(self.conversation_id)
