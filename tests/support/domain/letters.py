"""Lets Anna write letters, which somebody of the line takes and answers."""

import hashlib
import secrets
from datetime import datetime

from chat.conversation import coming_back
from chat.conversation.drafts import Draft, Posted
from chat.conversation.seats import Seat
from chat.letters import answers, beginning, takes, writing
from chat.models import Conversation, Letter
from helpline.lib import clock, encoding
from tests.support.domain.cast import BOX, Caller, Counsellor, a_box


def a_letter(
    line: str = "helpwanted", *, urgency: int = 0, grants: bool = True, now: datetime | None = None
) -> Caller:
    """Makes a draft in which both keys of the line are let in."""
    now, socket = now or clock.now(), encoding.new_id()
    anna = Caller(beginning.begin(line, "nl", urgency, socket=socket, now=now), socket)
    if grants:
        anna.grants(now)
    return anna


def writes(anna: Caller, *, kind: int = 1, urgency: int | None = None, now: datetime | None = None) -> Posted:
    message = encoding.new_id()
    letter = Conversation.objects.filter(pk=anna.conversation).first()
    epoch = letter.epoch if letter else 1  # somebody who has erased it still knows an epoch, and is refused
    draft = Draft(anna.seat, message, epoch, a_box(anna.seat, epoch=epoch, message=message, kind=kind))
    return writing.post(draft, urgency=urgency, now=now or clock.now())


def keeps_code(anna: Caller, now: datetime | None = None) -> bytes:
    """Registers a code. Returns the half that the server checks."""
    code = secrets.token_bytes(32)
    coming_back.keep_code(anna.seat, hashlib.sha256(code).digest(), BOX, now=now or clock.now())
    return code


def sent(line: str = "helpwanted", *, urgency: int = 0, now: datetime | None = None) -> Caller:
    """Makes a letter that was sent."""
    anna = a_letter(line, urgency=urgency, now=now)
    writes(anna, now=now)
    keeps_code(anna, now)
    return anna


def takes_letter(
    who: Counsellor, *, line: str = "helpwanted", of: Caller | None = None, now: datetime | None = None
) -> Seat:
    member = takes.take(
        who.person,
        who.device.pk,
        line,
        conversation=of.conversation if of else None,
        now=now or clock.now(),
    )
    letter = Letter.objects.get(pk=member.conversation_id)
    return Seat(member.conversation_id, member.pk, member.role, letter.takes)


def an_answer(seat: Seat) -> Draft:
    message, epoch = encoding.new_id(), Conversation.objects.get(pk=seat.conversation).epoch
    return Draft(seat, message, epoch, a_box(seat, epoch=epoch, message=message))


def answer(seat: Seat, to: int | None, *, now: datetime | None = None) -> Posted:
    return answers.post(an_answer(seat), answers=to, now=now or clock.now())


def row(anna: Caller) -> Conversation:
    return Conversation.objects.get(pk=anna.conversation)


def written(anna: Caller) -> str:
    return row(anna).written
