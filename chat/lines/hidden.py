"""Hidden lines, on which staff practise with made-up callers: who practises where, and who may come in."""

from datetime import timedelta

from django.core import signing

from chat.models import Line, Practising
from counsellors.models import Person
from helpline.lib.errors import LineClosed, UnknownLine

MAX_DURATION = timedelta(hours=12)
_SALT = "helpline practice"


def of(person: Person) -> Line | None:
    """Returns the practice line on which this person practises now, if any."""
    return Line.objects.filter(practising__person=person).select_related("practice_for").first()


def ticket(line: Line) -> str:
    """Returns a ticket with which a signed-in person can play a caller on this practice line. Nobody gets in
    without one."""
    return signing.dumps(line.pk, salt=_SALT)


def admit(slug: str, shown: str) -> None:
    """Checks a caller of a practice line. Raises LineClosed while nobody practises there. Without a ticket of
    the last twelve hours it raises UnknownLine, as for a line that does not exist."""
    try:
        known = signing.loads(shown, salt=_SALT, max_age=MAX_DURATION) == slug
    except signing.BadSignature:
        known = False
    if not known:
        raise UnknownLine
    if not Practising.objects.filter(line=slug).exists():
        raise LineClosed(opens=None)  # a made-up caller would wait for nobody
