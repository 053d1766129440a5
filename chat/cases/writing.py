"""Stores the boxes of removal cases, whose content the server cannot read."""

from datetime import datetime

from chat import states
from chat.conversation import posting
from chat.conversation.drafts import Draft, Posted
from chat.letters import answers as letters_answers
from chat.letters import writing
from chat.models import Entry, Line
from helpline.lib.errors import BadFrame


def post(draft: Draft, *, answers: int | None = None, urgency: int | None = None, now: datetime) -> Posted:
    """Stores a box of a removal case. In a letter, the rules for letters apply, too. Raises BadFrame on a
    line that keeps no cases, unless the box is already stored and this is only a retry."""
    if not (_keeps_cases(draft) or _is_known(draft)):
        raise BadFrame
    if draft.seat.role == states.SeatRole.CALLER:
        return writing.post(draft, urgency=urgency, now=now)
    if draft.seat.role == states.SeatRole.LETTERS:
        return letters_answers.post(draft, answers=answers, now=now)
    return posting.post_one(draft, now=now)


def _keeps_cases(draft: Draft) -> bool:
    return Line.objects.filter(cases=True, conversation=draft.seat.conversation).exists()


def _is_known(draft: Draft) -> bool:
    seat = draft.seat
    return Entry.objects.filter(
        conversation=seat.conversation, by=seat.member, message=draft.message
    ).exists()
