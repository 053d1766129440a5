"""Handles practice letters. Their key is made in the browser of the person who practises, and is deleted when
the practice ends."""

from datetime import datetime

from django.db import transaction
from django.db.models import Max, QuerySet

from chat import states
from chat.lines import hidden
from chat.models import Conversation, KeyShare, Line, LineKey, Member
from chat.retention import line_keys
from counsellors import devices
from counsellors.models import Person
from helpline.lib.errors import Conflict


def next_generation(line: Line) -> int:
    """Returns the generation of the next key for letters of a practice line."""
    keys = line.line_keys.filter(use=LineKey.Use.LETTERS)
    return int(keys.aggregate(newest=Max("generation"))["newest"] or 0) + 1


@transaction.atomic
def keep_key(
    person: Person, device: str | None, generation: int, public: bytes, sealed: bytes, *, now: datetime
) -> None:
    """Stores the key of the person's practice letters, with a share for the device that made the key.

    The key is stored as retired, so that the line never offers it to callers: only the letters that this
    person writes use it. Raises Conflict if the person does not practise, if the key `public` is stored
    already, and if a colleague stored a key with the same generation first.
    """
    approved = devices.require_approved(person, device)
    line = hidden.of(person)
    if line is None:
        raise Conflict
    devices.require_point(public)
    line_keys.require_share(sealed)
    Line.objects.select_for_update(no_key=True).get(pk=line.pk)
    if generation != next_generation(line) or LineKey.objects.filter(public=public).exists():
        raise Conflict
    key = LineKey.objects.create(
        line=line,
        use=LineKey.Use.LETTERS,
        generation=generation,
        public=public,
        made_at=now,
        confirmed_at=now,
        retired_at=now,
    )
    KeyShare.objects.create(key=key, device=approved, sealed=sealed)


def open_letters(person: Person) -> list[str]:
    """Returns the ids of the conversations of the person's open practice letters."""
    keys = _keys(person).values("public")
    seats = Member.objects.filter(role=states.SeatRole.LETTERS, key__in=keys)
    still = seats.filter(conversation__state__in=states.OPEN).exclude(conversation__written="")
    return list(still.values_list("conversation", flat=True))


def waiting(person: Person) -> int:
    """Returns how many of the person's practice letters wait to be answered."""
    return Conversation.objects.filter(pk__in=open_letters(person), written=states.Written.NEW).count()


def drop_keys(person: Person) -> None:
    """Deletes the keys of the person's practice letters, and the only share of each key."""
    _keys(person).delete()


def _keys(person: Person) -> QuerySet[LineKey]:
    return LineKey.objects.filter(line__slug__startswith=states.PRACTICE, shares__device__person=person)
