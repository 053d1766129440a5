"""Forgets people who left. When they have been inactive for FORGET_STAFF, everything with which they signed
in is deleted. From then on, only the audit can show who they were.

The row of a person who joined stays, because the audit, the rota and certificates refer to it by handle or by
primary key. The row of an invited person who never joined is deleted.
"""

from datetime import datetime

from django.conf import settings
from django.contrib.admin.models import LogEntry
from django.contrib.auth.hashers import make_password
from django.db import transaction
from django.db.models import F, Q, QuerySet
from django.utils import translation
from django.utils.translation import gettext
from django_otp.plugins.otp_static.models import StaticDevice
from django_otp.plugins.otp_totp.models import TOTPDevice

from counsellors import audit
from counsellors.models import (
    Device,
    Duty,
    EntryLink,
    Passkey,
    PasskeyChallenge,
    Person,
    Replacement,
    Role,
    Session,
)

OF_A_PERSON = (Session, EntryLink, Replacement, PasskeyChallenge, Duty)
FACTORS = (TOTPDevice, StaticDevice, Passkey)


def note_leavers(now: datetime) -> None:
    """Records for each inactive person the date on which they became inactive, whichever page or command
    deactivated them. When a person is active again and their row is saved, the date is removed."""
    Person.objects.filter(is_active=False, inactive_since=None).update(inactive_since=now)


def due(now: datetime) -> QuerySet[Person]:
    """Returns the people to be forgotten now. Leaves out people with a valid link, because they may still
    join. Also leaves out people whom `setup` invited and who have not joined yet, because without them nobody
    could join."""
    invited = EntryLink.objects.filter(used_at=None, until__gt=now).values("person")
    gone = Person.objects.filter(is_active=False, inactive_since__lte=now - settings.FORGET_STAFF)
    return gone.filter(forgotten_at=None).exclude(pk__in=invited).exclude(came_at=None, invited_by=None)


@transaction.atomic
def forget(person: Person, *, now: datetime) -> bool:
    """Forgets the person if they are still due, and returns whether the person was forgotten. Of two calls at
    the same time, only one forgets the person."""
    still = due(now).filter(pk=person.pk)
    if person.has_come_in:
        done = bool(still.update(**_nobody(person, now)))
    else:
        done = bool(still.filter(came_at=None).delete()[0])
    if done:
        _delete_what_is_theirs(person)
        _entries_about(person).delete()
        audit.record(None, "forgotten", subject=person.handle)
    return done


def _nobody(person: Person, now: datetime) -> dict[str, object]:
    """Returns the new values of a forgotten person's row. `alias` is the name that colleagues then see beside
    the person's past actions."""
    with translation.override(settings.LANGUAGE_CODE):
        alias = gettext("person.forgotten") % {"number": person.pk}
    return {
        "username": f"-{person.handle}",  # nobody can choose such a name
        "alias": alias,
        "alias_key": person.handle,
        "password": make_password(None),
        "languages": "",
        "phone": "",
        "last_login": None,
        "is_superuser": False,
        "forgotten_at": now,
    }


def _delete_what_is_theirs(person: Person) -> None:
    """Deletes everything with which the person could sign in. Devices stay, because certificates and the
    audit refer to them, but the names of their browsers are deleted."""
    for model in OF_A_PERSON:
        model.objects.filter(person=person).delete()
    for factor in FACTORS:
        factor.objects.filter(user=person).delete()
    for role in Role.objects.filter(person=person):
        role.delete()
    Device.objects.filter(person=person).update(label=F("fingerprint"))


def _entries_about(person: Person) -> QuerySet[LogEntry]:
    """Returns the entries of the admin's own log whose subject is the person, because each entry contains
    their name."""
    about = Q(content_type__app_label="counsellors", content_type__model="person", object_id=str(person.pk))
    return LogEntry.objects.filter(about)
