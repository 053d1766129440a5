"""Finds the practice line on which a person practises, and checks who may enter a practice line as a made-up
caller.

To a caller without a ticket, a practice line looks as if it did not exist.
"""

from datetime import timedelta

from django.core import signing

from chat.models import Line, LineKey, Practising
from counsellors.models import Person
from helpline.lib.errors import LineClosed, UnknownLine

MAX_DURATION = timedelta(hours=12)
_SALT = "helpline practice"


def of(person: Person) -> Line | None:
    """Returns the practice line on which this person practises now, if any."""
    return Line.objects.filter(practising__person=person).select_related("practice_for").first()


def ticket(line: Line, person: Person) -> str:
    """Returns a ticket with which a signed-in person can play a caller on this practice line. Without such a
    ticket nobody can enter the practice line."""
    return signing.dumps([line.pk, person.pk], salt=_SALT)


def admit(slug: str, shown: str) -> int:
    """Checks the ticket of a practice line's caller. Returns the id of the person who plays the caller.
    Raises LineClosed while nobody practises there. Raises UnknownLine, as for a line that does not exist, if
    the ticket is for another line, is forged, or is older than MAX_DURATION."""
    try:
        line, person = signing.loads(shown, salt=_SALT, max_age=MAX_DURATION)
    except signing.BadSignature:
        line, person = "", 0
    if line != slug:
        raise UnknownLine
    if not Practising.objects.filter(line=slug).exists():
        raise LineClosed(opens=None)  # nobody would answer the made-up caller
    return int(person)


def letters_key(line: Line, person: int) -> bytes | None:
    """Returns the newest letters key that this person's browser made for practice, or None."""
    keys = LineKey.objects.filter(line=line, use=LineKey.Use.LETTERS, shares__device__person=person)
    newest = keys.order_by("-generation").first()
    return bytes(newest.public) if newest else None
