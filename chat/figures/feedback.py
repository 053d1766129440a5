"""Stores the feedback that callers give about a conversation in two taps. The feedback is linked to no
conversation, and at least five answers are counted at a time.

A stored answer contains neither the id of a conversation nor a time. It is sealed until five people have
answered the question, and is then counted together with the others (chat/figures/batches.py).

Each answer needs the ticket of a conversation that was answered and has ended. A caller who comes back gets
the same ticket. Each ticket allows one answer to each question. The ticket does not reveal the conversation:
its unguessable part is derived from the conversation's id with the server's secret. Only a hash of the ticket
is stored, until the ticket expires (`chat/one_use.py`).
"""

from collections.abc import Mapping
from datetime import UTC, datetime, time, timedelta

from django.core import signing
from django.db import transaction
from django.utils.crypto import salted_hmac

from chat import one_use, states
from chat.figures import batches
from chat.models import Conversation, Line, Slot
from helpline.lib.errors import BadFrame, Forbidden

ANSWERS: dict[str, tuple[str, ...]] = {
    "heard": ("yes", "some", "no"),
    "knows_on": ("yes", "some", "no"),
    "reached": ("yes", "no"),  # whether the caller reached the service of the referral
}
DAY = timedelta(days=1)
# Counted from the midnight (UTC) before the conversation ended, so that all tickets of a day expire together.
TICKET_TTL = 2 * DAY
SALT = "helpline feedback"


class NoTicket(Forbidden):
    """You can answer once, after the conversation has ended, and no later than the day after it."""


def ticket(conversation: Conversation, *, now: datetime) -> str | None:
    """Returns the conversation's ticket. Returns None before the end of the conversation, after the ticket
    has expired, and if no staff was ever granted access."""
    if conversation.state != states.Conversation.ENDED or not conversation.answered:
        return None
    until = _until(conversation)
    if now >= until:
        return None
    derived = salted_hmac(SALT, conversation.pk, algorithm="sha256").hexdigest()[:32]
    return signing.Signer(salt=SALT).sign_object([conversation.line_id, until.isoformat(), derived])


def give(given: str, answers: Mapping[str, str], *, now: datetime) -> None:
    """Stores the answers. Raises BadFrame for invalid answers, and NoTicket for a ticket that is forged, has
    expired or has already answered one of the questions."""
    line, until = _read(given)
    if not answers or any(answer not in ANSWERS.get(name, ()) for name, answer in answers.items()):
        raise BadFrame
    if all(one_use.is_used(_mark(name, given)) for name in answers):
        raise NoTicket  # checked before any slot is used up
    _give(line, until, given, answers, batches.take_slots(len(answers), now), now=now)


@transaction.atomic
def _give(
    line: str, until: datetime, given: str, answers: Mapping[str, str], slots: list[Slot], *, now: datetime
) -> None:
    if now >= until or not Line.objects.select_for_update(no_key=True).filter(pk=line).exists():
        raise NoTicket
    for name in answers:
        if not one_use.use(_mark(name, given), until):
            raise NoTicket
    told = [batches.Answer(f"feedback_{name}", answer) for name, answer in answers.items()]
    batches.wait(line, told, slots, now=now)


def _mark(name: str, given: str) -> str:
    return f"feedback {name} {given}"


def _until(conversation: Conversation) -> datetime:
    ended = conversation.ended_at or conversation.opened_at
    return datetime.combine(ended.astimezone(UTC).date(), time(), UTC) + TICKET_TTL


def _read(given: str) -> tuple[str, datetime]:
    """Returns the line for which the ticket is valid, and when it expires. Raises NoTicket for a forged
    one."""
    try:
        line, until, _ = signing.Signer(salt=SALT).unsign_object(given)
        return line, datetime.fromisoformat(until)
    except (signing.BadSignature, ValueError):
        raise NoTicket from None
