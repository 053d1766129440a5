"""Makes a guest by a link: Anna talks with Carla, who invites Veilig Thuis, a service without a desk."""

from dataclasses import dataclass

from chat import outbox
from chat.conversation.seats import Seat
from chat.handoff import guests, invitations
from chat.handoff.guests import Seated
from chat.handoff.invitations import To
from chat.models import Invitation, Service
from chat.states import How
from helpline.lib import clock, guest_links
from tests.support.domain.cast import Caller, Counsellor, a_caller, a_point

CONTACT = "wacht@veilig-thuis.example"


def veilig_thuis(**facts: object) -> Service:
    """Returns a service that has no desk here. Its contact is a mail address, unless another one is given."""
    return Service.objects.create(
        slug="veilig-thuis", name="Veilig Thuis", **{"contact_mail": CONTACT} | facts
    )


@dataclass
class Asked:
    """Holds an invitation that Carla has sent, and whose card Anna sees."""

    anna: Caller
    carla: Seat
    invitation: Invitation

    def says_yes(self) -> Invitation:
        invitations.consent(self.anna.seat, self.invitation.pk, yes=True, history=False, now=clock.now())
        self.invitation.refresh_from_db()
        return self.invitation

    @property
    def token(self) -> str:
        """Returns the token that only the service's contact is sent."""
        return guest_links.token(self.invitation.pk)

    @property
    def pin(self) -> str:
        return guest_links.pin(self.invitation.pk)

    def guest_sits(self, *, key: bytes | None = None) -> Seated:
        return guests.sit(self.token, self.pin, key or a_point(), socket="guest", now=clock.now())


def asked(carla: Counsellor, *, locale: str = "nl", urgency: int = 0) -> Asked:
    anna = a_caller(locale=locale, urgency=urgency)
    seat = carla.takes_next()
    anna.grants()
    to = To(service="veilig-thuis")
    return Asked(anna, seat, invitations.invite(seat, How.HANDOFF, to, None, now=clock.now()))


def delivered() -> int:
    return outbox.deliver(now=clock.now())
