"""Builds the cards that consoles show for invitations. An addressee's card never holds content of the
conversation, and holds the conversation's id only after that addressee has accepted."""

from collections.abc import Collection
from dataclasses import dataclass, replace
from datetime import datetime

from django.db.models import QuerySet

from chat import states
from chat.handoff.recipients import rings_for, rings_for_all
from chat.models import Invitation
from counsellors.models import Person
from helpline.lib import guest_links


@dataclass(frozen=True, slots=True)
class Card:
    """Describes one invitation as one person may see it. `risk`: always 0 in a handoff, because its card may
    be shown to a partner.

    `pin`, `wrong_pins` and `contact` are set only on the card of an inviter who waits for a guest. The
    inviter never gets the link itself: with link and PIN they could join as the guest.
    """

    invitation: str
    conversation: str | None
    how: str
    inviter: str
    line: str
    locale: str
    urgency: int
    risk: int
    state: str
    expires: datetime | None
    pin: str | None
    wrong_pins: int | None
    contact: str | None


def card(pk: str, person: Person) -> Card | None:
    """Returns the invitation's card, or None if the invitation neither rings for this person nor was sent by
    them. To somebody who said no it is declined, although it may still ring for others."""
    invitation = _invitations().filter(pk=pk).first()
    if invitation is None:
        return None
    if _is_from(invitation, person.pk):
        return _card(invitation, person)
    if not _has_rung(invitation) or person.pk not in rings_for(invitation, also_silenced=True):
        return None
    found = _card(invitation, person)
    said_no = found.state in states.INVITED and invitation.silenced.contains(person)
    return replace(found, state=states.Invitation.DECLINED) if said_no else found


def open_cards(person: Person, *, approved: bool = True) -> list[Card]:
    """Returns the open invitations that this person sent, and those that ring for this person and were not
    silenced by them. On a device that is not approved, returns only the invitations that the person sent."""
    cards = [_card(invitation, person) for invitation in _open_for([person.pk])[person.pk]]
    return [card for card in cards if approved or card.conversation is not None]


def open_states(people: Collection[int]) -> dict[int, dict[str, str]]:
    """Returns the states of the invitations that `open_cards` finds on an approved device, as a mapping of
    person → invitation → state. For many people it needs as many queries as for one."""
    return {
        person: {invitation.pk: invitation.state for invitation in found}
        for person, found in _open_for(people).items()
    }


def _open_for(people: Collection[int]) -> dict[int, list[Invitation]]:
    """Returns, for each person, the open invitations that the person sent, and those that ring for the person
    and were not silenced by them, oldest first."""
    found = list(_invitations().filter(state__in=states.INVITED).order_by("since")) if people else []
    if not found:
        return {person: [] for person in people}
    rings = rings_for_all([invitation for invitation in found if _has_rung(invitation)], people)
    silencing = Invitation.silenced.through.objects.filter(invitation__in=found, person__in=people)
    silenced = set(silencing.values_list("invitation", "person"))
    return {
        person: [
            invitation
            for invitation in found
            if (invitation.pk, person) not in silenced
            and (_is_from(invitation, person) or (invitation.pk, person) in rings)
        ]
        for person in people
    }


def _is_from(invitation: Invitation, person: int) -> bool:
    return invitation.inviter.person_id == person


def _has_rung(invitation: Invitation) -> bool:
    return invitation.how != states.How.HANDOFF or invitation.history is not None


def _invitations() -> QuerySet[Invitation]:
    return Invitation.objects.select_related("conversation", "inviter", "service", "line", "person", "member")


def _card(invitation: Invitation, person: Person) -> Card:
    is_inviter = _is_from(invitation, person.pk)
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
        risk=0 if invitation.how == states.How.HANDOFF else conversation.risk,
        state=invitation.state,
        expires=invitation.expires_at,
        pin=guest_links.pin(invitation.pk) if waits_for_guest else None,
        wrong_pins=invitation.pin_tries if waits_for_guest else None,
        contact=invitation.contact if waits_for_guest else None,
    )
