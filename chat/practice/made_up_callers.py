"""Gives a person the next made-up caller, and ends practice."""

import random
from datetime import datetime

from django.db import IntegrityError, transaction
from django.db.models import Q

from chat import bells, states
from chat.conversation import endings, initials, joining
from chat.conversation.seats import lock_conversation
from chat.lines import hidden
from chat.models import Conversation, Member, Practising
from chat.practice import made_up_letters
from chat.queue import rank
from counsellors import devices
from counsellors.models import Person
from helpline.lib.errors import Conflict, Ended, NotFound, TryAgain

MAX_TRIES = 8  # tries while others who practise on the line take a caller at the same moment


def take_next(person: Person, device: str | None, *, now: datetime) -> Member:
    """Gives the person a seat with the newest made-up caller who waits on their practice line. Raises
    Conflict if the person does not practise, NotFound if nobody waits, and TryAgain if others who practise
    there took the same initial in every try."""
    for tried in range(MAX_TRIES):
        try:
            return _take(person, device, now=now, leaving=random.randrange(2**tried))  # noqa: S311 – no secret
        except IntegrityError:
            continue
    raise TryAgain


@transaction.atomic
def _take(person: Person, device: str | None, *, now: datetime, leaving: int) -> Member:
    approved = devices.require_approved(person, device)
    line = hidden.of(person)
    if line is None:
        raise Conflict
    waiting = Conversation.objects.filter(
        rank.caller_is_here(), line=line, state__in=states.sources(states.Conversation.ACTIVE)
    ).annotate(free_initial=initials.next_initial(now, leaving=leaving))
    # The newest made-up caller is chosen: an older one may belong to a tab that was closed in the middle of
    # an exercise.
    found = waiting.select_for_update(of=("self",), no_key=True).order_by("-opened_at").first()
    if found is None:
        raise NotFound
    found.line = line
    bells.ring_on_commit(bells.QueueChanged(line.pk))
    taken = {"state": states.Conversation.ACTIVE, "active_at": now, "initial": found.free_initial}
    return joining.join_staff(found, person, approved, states.SeatRole.COUNSELLOR, now=now, moves=taken)


def stop(person: Person, *, now: datetime) -> None:
    """Ends the person's practice and practice letters, and deletes the keys of these letters. Also ends the
    open practice conversations that the person leads, because they would still count against the number of
    chats that the person can have at once. A conversation that the person only watches as a trainer
    continues."""
    leads = states.SeatRole.COUNSELLOR
    mine = Q(members__person=person, members__role=leads, members__left_seq=None)
    still = Conversation.objects.filter(
        mine, state__in=states.OPEN, line__slug__startswith=states.PRACTICE
    ).values_list("pk", flat=True)
    for pk in {*still, *made_up_letters.open_letters(person)}:
        _end(pk, now)
    made_up_letters.drop_keys(person)
    # Last: if the process ends before, `forget_old` finds the row and does all of it again.
    Practising.objects.filter(person=person).delete()


def forget_old(now: datetime) -> None:
    """Ends practice that has lasted longer than MAX_DURATION, because somebody forgot to stop it."""
    for row in Practising.objects.filter(since__lte=now - hidden.MAX_DURATION).select_related("person"):
        stop(row.person, now=now)


@transaction.atomic
def _end(pk: str, now: datetime) -> None:
    try:
        endings.end(lock_conversation(pk), "counsellor", now=now)
    except Ended:
        return
