"""Practice lines: a hidden one beside each real one, only for people who work there."""

from datetime import datetime, timedelta
from hashlib import sha256

from django.core import signing
from django.db import transaction

from chat import line_scope, states
from chat.models import Line, Practising
from counsellors import duty
from counsellors.models import Duty, Person
from helpline.lib.errors import Conflict, LineClosed, NotFound, UnknownLine

MAX_DURATION = timedelta(hours=12)
RETENTION = timedelta(hours=1)  # what was said, after the end
_SALT = "helpline practice"


def line_of(person: Person, slug: str) -> Line:
    """Returns the hidden line of one of their lines, made when somebody first asks. Raises NotFound for
    another line."""
    line = line_scope.own_line(person, slug)
    if line.is_practice:
        return line
    name = states.PRACTICE + sha256(line.pk.encode()).hexdigest()[:12]
    facts = {
        "slug": name,
        "path": name,
        "name": line.name,
        "template": line.template,
        "formal": line.formal,
        "retention": RETENTION,
        "state": Line.State.OPEN,
    }
    twin, _ = Line.objects.update_or_create(practice_for=line, defaults=facts)
    return twin


def twin_of(person: Person, slug: str) -> Line:
    """Returns the one that exists since somebody practised. Raises NotFound for another line, and before."""
    line = line_scope.own_line(person, slug)
    twin = line if line.is_practice else Line.objects.filter(practice_for=line).first()
    if twin is None:
        raise NotFound
    return twin


@transaction.atomic
def begin(person: Person, slug: str, *, now: datetime) -> Line:
    """Starts practice on one of their lines. Raises Conflict on duty: somebody may need them."""
    line = line_of(person, slug)
    found = duty.of(person)
    if found is not None and found.state != Duty.State.OFF:
        raise Conflict
    Practising.objects.update_or_create(person=person, defaults={"line": line, "since": now})
    return line


def of(person: Person) -> Line | None:
    """Returns the line that they practise on now."""
    return Line.objects.filter(practising__person=person).select_related("practice_for").first()


def ticket(line: Line) -> str:
    """Returns a ticket with which somebody who signed in can play a caller there; nobody else gets in."""
    return signing.dumps(line.pk, salt=_SALT)


def admit(slug: str, shown: str) -> None:
    """Checks a caller of a practice line. Raises LineClosed while nobody practises; without today's ticket
    UnknownLine, as for a line that does not exist."""
    try:
        known = signing.loads(shown, salt=_SALT, max_age=MAX_DURATION) == slug
    except signing.BadSignature:
        known = False
    if not known:
        raise UnknownLine
    if not Practising.objects.filter(line=slug).exists():
        raise LineClosed(opens=None)  # a made-up caller would wait for nobody
