"""Ends the seats of a person as soon as the person signs out or is signed out, so that the callers do not
have to wait until the lease expires."""

from typing import Any

from django.dispatch import receiver

from chat import bells, states
from chat.conversation import departures
from chat.lines import staff
from chat.models import Lease, Member
from counsellors.signin import sessions
from helpline.lib import clock


@receiver(sessions.signed_out)
def is_gone(person: int, device: str | None, **_: Any) -> None:
    """Ends the person's duty and seats, unless they are connected with another authenticated device. In that
    case the seats stay until the lease of `device` expires, and the other device can take them over. A
    partner's seats cannot be taken over, so they end.

    If `device` is None, the seats of all their devices end.
    """
    seats = Member.objects.present().staff().filter(person=person, conversation__state__in=states.OPEN)
    if device is not None:
        seats = seats.filter(device=device)
    if Lease.objects.filter(device__in=sessions.elsewhere(person, device)).exists():
        seats = seats.filter(role=states.SeatRole.PARTNER)
    else:
        staff.end_duty(person)  # first, so that a reader of the `left` entry finds the duty ended
    for seat in list(seats.order_by("conversation__opened_at").values_list("pk", flat=True)):
        departures.expel(seat, now=clock.now())
    bells.ring_on_commit(bells.AccessChanged(person))
