"""What a console is shown of an invitation: before the answer no conversation, never content."""

from dataclasses import dataclass
from datetime import datetime

from django.db.models import QuerySet

from chat import states
from chat.handoff.rings import rings_for
from chat.models import Invitation
from counsellors.models import Person
from helpline.lib import guest_links


@dataclass(frozen=True, slots=True)
class Card:
    """One invitation as one person may see it. `pin`, and what became of the link, are for a guest's inviter,
    who never gets the link itself: with both they could sit down as the guest."""

    invitation: str
    conversation: str | None
    how: str
    inviter: str
    line: str
    locale: str
    urgency: int
    state: str
    expires: datetime | None
    pin: str | None
    contact: str | None


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
    waits_for_guest = is_inviter and invitation.guest and invitation.state == states.Invitation.RINGING
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
        pin=guest_links.pin(invitation.pk) if waits_for_guest else None,
        contact=invitation.contact if waits_for_guest else None,
    )
