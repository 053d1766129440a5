"""Replaces a lost second factor. A colleague begins the replacement while the person is on the telephone; any
supervisor can undo it.

The previous factor is set aside for a day. The colleague reads a code out; with that code and the password
the person sets up a new factor. The new factor alone gives no access to conversations, because the person
also needs their device.
"""

import secrets
from datetime import datetime, timedelta

from django.db import transaction
from django.db.models import F

from counsellors import audit
from counsellors.models import Person, Replacement
from counsellors.signin import factors, locks, sessions
from helpline.lib import keyring
from helpline.lib.errors import Conflict

UNDO_WITHIN = timedelta(days=1)
SPOKEN_CODE_TTL = timedelta(minutes=15)
RETENTION = timedelta(days=30)
MAX_TRIES = 5
ALPHABET = "23456789ABCDEFGHJKMNPQRSTVWXYZ"  # without characters that sound or look like another
CODE_LENGTH = 8


@transaction.atomic
def begin(person: Person, *, by: Person, now: datetime) -> tuple[Replacement, str]:
    """Sets the person's second factors aside and ends their sessions. Returns the code to read out, valid for
    a quarter of an hour; a second call makes a new code."""
    Person.objects.select_for_update(no_key=True).get(pk=person.pk)
    code = "".join(secrets.choice(ALPHABET) for _ in range(CODE_LENGTH))
    made, _ = Replacement.objects.update_or_create(
        person=person,
        done_at=None,
        undone_at=None,
        defaults={"by": by, "at": now, "tries": 0, "mark": _mark(person, code)},
    )
    made.aside += factors.set_aside(person)
    locks.forget_codes(person.handle)
    made.save(update_fields=["aside"])
    sessions.end_all(person)
    audit.record(by, "second_factor_replaced", subject=person.handle)
    return made, f"{code[:4]} {code[4:]}"


def owed(person: Person) -> Replacement | None:
    """Returns the person's unfinished replacement, if any. While there is one, the person needs the spoken
    code to set up a new second factor."""
    return Replacement.objects.filter(person=person, done_at=None, undone_at=None).first()


def kept(person: Person) -> set[str]:
    """Returns the persistent ids of second factors that may still be put back."""
    rows = Replacement.objects.filter(person=person, undone_at=None).values_list("aside", flat=True)
    return {one for aside in rows for one in aside}


def opens(replacement: Replacement, typed: str, *, now: datetime) -> bool:
    """Returns whether the spoken code is right and was typed in time. The try is counted before the
    comparison, in a separate statement, so that parallel guesses cannot exceed the limit of tries."""
    code = "".join(letter for letter in typed.upper() if letter.isalnum())
    row = Replacement.objects.filter(pk=replacement.pk, done_at=None, undone_at=None)
    row = row.filter(tries__lt=MAX_TRIES, at__gt=now - SPOKEN_CODE_TTL)
    if not row.update(tries=F("tries") + 1):
        return False
    place = _place(replacement.person)
    return replacement.mark in keyring.marks(code, place)


def finish(person: Person, *, now: datetime) -> None:
    """Marks the open replacement as finished. It is called when there is a new second factor."""
    Replacement.objects.filter(person=person, done_at=None, undone_at=None).update(done_at=now)


@transaction.atomic
def undo(replacement: Replacement, *, by: Person, now: datetime) -> None:
    """Restores the previous second factors and deletes any newer one, also one that a later replacement set
    aside: to undo that one too would bring it back. Raises Conflict after a day, or if the replacement was
    undone already."""
    person = Person.objects.select_for_update(no_key=True).get(pk=replacement.person_id)
    row = Replacement.objects.filter(pk=replacement.pk, undone_at=None, at__gt=now - UNDO_WITHIN)
    if not row.update(undone_at=now, undone_by=by):
        raise Conflict
    later = Replacement.objects.filter(person=person, undone_at=None, at__gt=replacement.at)
    for one in later:
        factors.forget_aside(person, one.aside)
    later.update(undone_at=now, undone_by=by)
    factors.put_back(person, replacement.aside)
    sessions.end_all(person)
    audit.record(by, "second_factor_put_back", subject=person.handle)


def drop(person: Person) -> None:
    """Deletes the replacements that could be finished or undone: there is nothing left to put back."""
    Replacement.objects.filter(person=person, undone_at=None).delete()


def forget_old(now: datetime) -> None:
    for row in Replacement.objects.filter(at__lte=now - UNDO_WITHIN, undone_at=None).exclude(aside=[]):
        factors.forget_aside(row.person, row.aside)
        Replacement.objects.filter(pk=row.pk).update(aside=[])
    Replacement.objects.filter(at__lte=now - RETENTION).exclude(done_at=None, undone_at=None).delete()


def _mark(person: Person, code: str) -> str:
    return keyring.mark(code, _place(person))


def _place(person: Person) -> bytes:
    return b"spoken code " + person.handle.encode()
