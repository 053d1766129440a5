"""Sends one mail before each shift to those people on it who asked for reminders. The mail says that there is
a shift, but not for which line."""

from datetime import datetime, timedelta

from django.conf import settings
from django.db import transaction
from django.utils.translation import gettext

from chat import outbox
from chat.planning import places
from chat.planning.models import Place, RotaPreferences

REMIND_BEFORE = timedelta(hours=24)


def send(*, now: datetime) -> int:
    """Sends the reminders that are due, and returns how many."""
    inboxes = dict(RotaPreferences.objects.exclude(mail="").values_list("person", "mail"))
    due = Place.objects.filter(
        reminded=False,
        state__in=places.COMING,
        shift__line__ended_at=None,
        shift__starts_at__gt=now,
        shift__starts_at__lte=now + REMIND_BEFORE,
        person__in=inboxes,
        person__is_active=True,
    )
    return sum(_remind(place, inboxes[place.person_id], now=now) for place in due.select_related("shift"))


@transaction.atomic
def _remind(place: Place, inbox: str, *, now: datetime) -> bool:
    # If two workers find the place due, only one UPDATE changes the row. If a swap at the same time gives the
    # place to a colleague, the colleague is reminded in the next round.
    due = Place.objects.filter(pk=place.pk, person=place.person_id, state__in=places.COMING, reminded=False)
    if not due.update(reminded=True):
        return False
    facts = {"link": f"{settings.ORIGINS[0]}/rota/"}
    subject, body = gettext("rota.mail.subject"), gettext("rota.mail.body") % facts
    outbox.mail_to_staff(inbox, subject, body, now=now, lasts=place.shift.starts_at - now)
    return True
