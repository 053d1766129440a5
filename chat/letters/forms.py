"""Stores the wrap-up form of a letter, which the person who answered the letter fills in one time. Its
answers are counted separately from those of chats."""

from datetime import datetime

from django.db import transaction

from chat.figures import batches, codes, wrapup
from chat.figures.codes import CROSSED
from chat.figures.wrapup import WEIGHT
from chat.models import Conversation, Letter, Slot
from counsellors.models import Person
from helpline.lib.errors import BadFrame, Conflict


def wrap_up(person: Person, conversation: str, given: dict[str, str], *, now: datetime) -> None:
    """Stores the form of a letter, filled in by the person who answered the letter. Passes the form of a chat
    on to `wrapup.wrap_up`. Raises BadFrame for codes that are not in the line's form, NotFound without a
    seat, Conflict for a second form."""
    rows = Letter.objects.filter(pk=conversation, answered_by=person, conversation__gone_at=None)
    letter = rows.exclude(conversation__written="").select_related("conversation").first()
    if letter is None:
        wrapup.wrap_up(person, conversation, given, now=now)
        return
    line = letter.conversation.line_id
    known = codes.of_line(line)
    if any(code not in known.get(name, ()) for name, code in given.items()):
        raise BadFrame
    about_caller = {name: code for name, code in given.items() if name != WEIGHT}
    slots = batches.take_slots(len(about_caller) + len(CROSSED), now)
    _store(letter, about_caller, slots, now=now)


@transaction.atomic
def _store(letter: Letter, given: dict[str, str], slots: list[Slot], *, now: datetime) -> None:
    # If two forms arrive at the same time, only one of them changes the row.
    if not Conversation.objects.filter(pk=letter.pk, coded=False).update(coded=True):
        raise Conflict
    apart = [batches.Answer(f"letter_{one.name}", one.key, one.among) for one in wrapup.answers_of(given)]
    batches.wait(letter.conversation.line_id, apart, slots, now=now)
