"""Stores the secrets of conversations, sealed under their retention keys."""

from django.db import models

from chat.models.conversation import Conversation, Member


class Wrap(models.Model):
    """Holds the secret of one epoch for one member, sealed under the retention key. The boxes of an epoch can
    be opened only with its secret."""

    conversation = models.ForeignKey(Conversation, on_delete=models.CASCADE)
    member = models.ForeignKey(Member, on_delete=models.CASCADE, related_name="wraps")
    grant = models.PositiveIntegerField(help_text="the epoch of the grant that brought it")
    epoch = models.PositiveIntegerField(help_text="whose secret it holds; below `grant`: history")
    sealed = models.BinaryField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["member", "grant", "epoch"], name="one_wrap_a_grant")]

    def __str__(self) -> str:
        return f"{self.member_id} epoch {self.epoch}"


class ReturnCode(models.Model):
    """Represents a code that the caller wrote down. With the code, the caller can return to a chat one time,
    or to a letter any number of times. Neither the code nor the code's key is stored."""

    conversation = models.OneToOneField(Conversation, on_delete=models.CASCADE, primary_key=True)
    hash = models.BinaryField(max_length=32, unique=True, help_text="SHA-256 of the half that is shown us")
    sealed = models.BinaryField(help_text="the caller's secrets in a box, under the retention key")
    user = models.BinaryField(
        max_length=32, null=True, help_text="used: SHA-256 of what the browser drew that may ask once more"
    )

    def __str__(self) -> str:
        return str(self.conversation_id)
