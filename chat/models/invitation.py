"""Invitations: consult, transfer and handoff."""

from django.db import models
from django.db.models import Q

from chat import states
from chat.models.conversation import Conversation
from chat.models.organisation import Line, Service
from counsellors.models import Person
from helpline.lib import encoding


class Invitation(models.Model):
    """A request to join a conversation. One is open at a time; each change of state is an entry."""

    id = models.CharField(max_length=22, primary_key=True, default=encoding.new_id)
    conversation = models.ForeignKey(Conversation, on_delete=models.CASCADE, related_name="invitations")
    how = models.CharField(max_length=8, choices=[(how, how) for how in states.How])
    inviter = models.ForeignKey("Member", on_delete=models.CASCADE, related_name="invitations")
    person = models.ForeignKey(Person, on_delete=models.PROTECT, null=True, related_name="+")
    line = models.ForeignKey(Line, on_delete=models.PROTECT, null=True, related_name="+")
    service = models.ForeignKey(Service, on_delete=models.PROTECT, null=True, related_name="+")
    brief = models.CharField(max_length=22, null=True, help_text="id of a message")  # noqa: DJ001
    history = models.BooleanField(null=True, help_text="the caller's answer; empty before it")
    state = models.CharField(max_length=9, choices=[(state, state) for state in states.Invitation])
    since = models.DateTimeField(help_text="of the present state")
    expires_at = models.DateTimeField(null=True)
    pin_tries = models.PositiveSmallIntegerField(default=0)
    member = models.OneToOneField("Member", on_delete=models.SET_NULL, null=True, related_name="came_by")
    silenced = models.ManyToManyField(Person, related_name="+", help_text="said no")

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["conversation"], condition=Q(state__in=states.INVITED), name="one_open_invitation"
            ),
        ]
        indexes = [
            models.Index(
                fields=["expires_at"], condition=Q(state__in=states.INVITED), name="invitations_by_deadline"
            )
        ]

    def __str__(self) -> str:
        return f"{self.how} {self.state}"

    @property
    def is_way_back(self) -> bool:
        """A handoff to the line that the caller came from: its counsellors answer as counsellors."""
        return self.service_id == self.conversation.line_id

    @property
    def target(self) -> str:
        """The name of whom or what is invited."""
        if self.person is not None:
            return self.person.alias
        return str((self.line or self.service or self.conversation.line).name)
