"""Makes and checks one-time links by which people join and choose their own password. A link is valid for a
day.

A newer link replaces the older one. A link stops working when the person has set up the second factor. Until
then the same person may begin again, in another browser too.
"""

from datetime import datetime, timedelta

from django.conf import settings
from django.contrib.auth.password_validation import validate_password
from django.db import transaction

from counsellors import audit
from counsellors.models import EntryLink, Person
from counsellors.signin import sessions
from helpline.lib import signed_links
from helpline.lib.errors import NotFound

LINK_TTL = timedelta(hours=24)
PURPOSE = "entry"


class LinkOver(NotFound):
    """This link does not work any more. Ask for a new one."""


@transaction.atomic
def make(person: Person, *, by: Person | None, now: datetime) -> EntryLink:
    EntryLink.objects.filter(person=person).delete()
    audit.record(by, "entry_link_made", subject=person.handle)
    return EntryLink.objects.create(person=person, by=by, until=now + LINK_TTL)


def token_of(link: EntryLink) -> str:
    """Returns the token that follows `#` in the link's URL."""
    return signed_links.token(PURPOSE, link.pk)


def address_of(link: EntryLink) -> str:
    return f"{settings.ORIGINS[0]}/join/#{token_of(link)}"


def find(token: str, *, now: datetime) -> EntryLink:
    """Returns the link. Raises LinkOver if the link is wrong, used, replaced or expired; the error does not
    say which of these applies."""
    try:
        return by_id(signed_links.name_in(PURPOSE, token), now=now)
    except NotFound:
        raise LinkOver from None


def by_id(pk: str, *, now: datetime) -> EntryLink:
    link = EntryLink.objects.filter(pk=pk, used_at=None, until__gt=now).select_related("person").first()
    if link is None:
        raise LinkOver
    return link


@transaction.atomic
def choose_password(pk: str, password: str, *, now: datetime) -> Person:
    """Sets the password of the link's person and ends their sessions. Raises LinkOver, or ValidationError for
    a password that is easy to guess."""
    # If a newer link is made at the same time, the row's lock decides which comes first.
    EntryLink.objects.select_for_update().filter(pk=pk).first()
    person = by_id(pk, now=now).person
    validate_password(password, person)
    written = ["password"]
    if not person.has_come_in:  # otherwise an administrator may make the person inactive at this moment
        person.came_at = now
        person.is_active = True
        written += ["is_active", "came_at"]
    person.set_password(password)
    person.save(update_fields=written)
    sessions.end_all(person, comes_back=True)
    audit.record(person, "password_set", detail="link")
    return person


def use_up(person: Person, *, now: datetime) -> None:
    """Marks the person's link as used. It is called when the second factor has been set up, and when the
    person signs in with the one that they have."""
    EntryLink.objects.filter(person=person, used_at=None).update(used_at=now)


def founds(person: Person, *, now: datetime) -> bool:
    """Returns whether the person joined within the last day by a link that `setup` made. In that case perhaps
    nobody else can approve their device yet."""
    found = EntryLink.objects.filter(person=person, by=None, until__gt=now).exclude(used_at=None)
    return found.exists()


def forget_old(now: datetime) -> None:
    EntryLink.objects.filter(until__lte=now).delete()
