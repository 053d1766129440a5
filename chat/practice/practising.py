"""Starts practice on the practice line of a real line. A practice line is a hidden copy of the real line, and
only people who work on the real line may practise on it."""

from datetime import datetime, timedelta
from hashlib import sha256

from django.db import transaction

from chat import line_scope, states
from chat.models import Line, Practising
from counsellors import duty
from counsellors.models import Duty, Person
from helpline.lib.errors import Conflict

RETENTION = timedelta(hours=1)  # how long a conversation is kept after its end


def line_of(person: Person, slug: str) -> Line:
    """Returns the practice line of one of the person's lines, after creating it or updating it from the real
    line. Raises NotFound for a line that is not theirs."""
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
        "cases": line.cases,
        "retention": RETENTION,
        "state": Line.State.OPEN,
    }
    twin, _ = Line.objects.update_or_create(practice_for=line, defaults=facts)
    return twin


def twin_of(line: Line) -> Line | None:
    """Returns the practice line of a real line, or None if nobody has practised on the real line yet. If
    `line` is itself a practice line, returns it unchanged."""
    return line if line.is_practice else Line.objects.filter(practice_for=line).first()


@transaction.atomic
def begin(person: Person, slug: str, *, now: datetime) -> Line:
    """Starts practice on one of the person's lines. Raises Conflict while they are on duty, because callers
    may need them."""
    line = line_of(person, slug)
    found = duty.of(person)
    if found is not None and found.state != Duty.State.OFF:
        raise Conflict
    Practising.objects.update_or_create(person=person, defaults={"line": line, "since": now})
    return line
