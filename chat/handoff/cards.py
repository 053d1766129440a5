"""What a console is shown of an invitation: before the answer no conversation, never content."""

from dataclasses import dataclass
from datetime import datetime

from django.conf import settings
from django.db.models import QuerySet

from chat import states
from chat.handoff import guests
from chat.handoff.rings import rings_for
from chat.models import Invitation
from counsellors.models import Person


@dataclass(frozen=True, slots=True)
class Card:
    """One invitation as one person may see it. `link` and `pin` are for the inviter."""

    invitation: str
    conversation: str | None
    how: str
    inviter: str
    line: str
    locale: str
    urgency: int
    state: str
    expires: datetime | None
    link: str | None
    pin: str | None


def card(pk: str, person: Person) -> Card | None:
    """The card, or None for whom it is not."""
    invitation = _invitations().filter(pk=pk).first()
    return _card(invitation, person) if invitation is not None else None


def open_cards(person: Person, *, approved: bool = True) -> list[Card]:
    """Those that this person sent, or that ring for them, on an approved device, and were not silenced."""
    found = _invitations().filter(state__in=states.INVITED).order_by("since")
    cards = []
    for invitation in found:
        silenced = invitation.silenced.filter(pk=person.pk).exists()
        shown = None if silenced else _card(invitation, person)
        if shown is not None and (approved or shown.conversation is not None):
            cards.append(shown)
    return cards


def _invitations() -> QuerySet[Invitation]:
    return Invitation.objects.select_related("conversation", "inviter", "service", "line", "person", "member")


def _card(invitation: Invitation, person: Person) -> Card | None:
    is_inviter = invitation.inviter.person_id == person.pk
    has_rung = invitation.how != states.How.HANDOFF or invitation.history is not None
    if not is_inviter and not (has_rung and person.pk in rings_for(invitation, also_silenced=True)):
        return None
    conversation = invitation.conversation
    has_joined = invitation.member is not None and invitation.member.person_id == person.pk
    link = is_inviter and guests.has_link(invitation)
    return Card(
        invitation=invitation.pk,
        conversation=conversation.pk if is_inviter or has_joined else None,
        how=invitation.how,
        inviter=invitation.inviter.alias,
        line=conversation.line_id,
        locale=conversation.locale,
        urgency=conversation.urgency,
        state=invitation.state,
        expires=invitation.expires_at,
        link=f"{settings.ORIGINS[0]}/guest/#{guests.link_token(invitation)}" if link else None,
        pin=guests.pin(invitation) if link else None,
    )
