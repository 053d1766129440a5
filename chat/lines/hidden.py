"""Hidden lines, on which staff practise with made-up callers: who practises where, and who may come in."""

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
    """Returns a ticket with which a signed-in person can play a caller on this practice line. Nobody gets in
    without one."""
    return signing.dumps([line.pk, person.pk], salt=_SALT)


def admit(slug: str, shown: str) -> int:
    """Checks a caller of a practice line, and returns the id of who plays it. Raises LineClosed while nobody
    practises there. Without a ticket of the last twelve hours it raises UnknownLine, as for a line that does
    not exist."""
    try:
        line, person = signing.loads(shown, salt=_SALT, max_age=MAX_DURATION)
    except signing.BadSignature:
        line, person = "", 0
    if line != slug:
        raise UnknownLine
    if not Practising.objects.filter(line=slug).exists():
        raise LineClosed(opens=None)  # a made-up caller would wait for nobody
    return int(person)


def letters_key(line: Line, person: int) -> bytes | None:
    """Returns the key of practice letters that this person's browser made, None where it made none."""
    keys = LineKey.objects.filter(line=line, use=LineKey.Use.LETTERS, shares__device__person=person)
    newest = keys.order_by("-generation").first()
    return bytes(newest.public) if newest else None
