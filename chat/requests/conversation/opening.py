"""Handles requests to open a conversation, and to follow one at a console."""

from datetime import datetime, timedelta
from functools import partial
from typing import Any

from chat import bells, protocol
from chat.conversation import initials, log, opening, risk
from chat.conversation.opening import Opened
from chat.letters import beginning, takes
from chat.lines import stays
from chat.models import Member
from chat.protocol import CALLER, CONSOLE, DESK
from chat.queue import entrance
from chat.requests import consumers, letters
from chat.requests.conversation.delivery import Following
from chat.requests.conversation.risk import step_frames
from chat.requests.declared import APPROVED_NOW, SEATED, request
from helpline.lib import clock, decoding, encoding
from helpline.lib.bridge import in_database
from helpline.lib.scopes import PUBLIC

_to_cert = decoding.from_values(protocol.Cert)


@request(protocol.Start, consumers=CALLER, opens=True, scope=PUBLIC)
async def start(consumer: consumers.Caller, asked: protocol.Start) -> protocol.StartOk:
    place = (asked.line, asked.locale, asked.urgency)
    how: Any = {
        "answer": asked.work,
        "ticket": asked.ticket,
        "socket": consumer.socket,
        "now": clock.now(),
    }
    opened = await in_database(beginning.begin if asked.letter else entrance.enter, *place, **how)
    following = consumer.sit(opened.seat, asked.line, since=0)
    consumer.after_reply.append(partial(following.send, opened.log))  # no presence, as nobody else is there
    review = opened.review
    return protocol.StartOk(
        ref=asked.ref,
        conversation=opened.seat.conversation,
        member=opened.seat.member,
        token=opened.token,
        shelf=encoding.encode(opened.shelf),
        epoch=0,
        review=_review_seat(review, opened.review_cert) if review else None,
        letters=_letters_seat(opened),
        written="draft" if asked.letter else None,
        keeps=keeps(opened.retention, opened.purge_at, letter=asked.letter),
    )


def _review_seat(review: Member, cert: dict[str, Any] | None) -> protocol.ReviewSeat:
    return protocol.ReviewSeat(review.pk, opening.member_key(review), _cert(cert))


def _letters_seat(opened: Opened) -> protocol.LettersSeat | None:
    if opened.letters is None or opened.due is None:
        return None
    seat, key = opened.letters, opening.member_key(opened.letters)
    return protocol.LettersSeat(seat.pk, key, _cert(opened.letters_cert), clock.stamp(opened.due))


def _cert(cert: dict[str, Any] | None) -> protocol.Cert | None:
    return _to_cert(cert) if cert else None


def keeps(retention: timedelta, purge_at: datetime, *, letter: bool) -> protocol.Keeps:
    """Returns how long a conversation is kept after its end. An unanswered letter is kept for as long as an
    answered one."""
    unanswered = retention if letter else stays.unanswered(retention)
    return protocol.Keeps(
        answered=int(retention.total_seconds()),
        unanswered=int(unanswered.total_seconds()),
        backups=clock.stamp(purge_at),
    )


@request(protocol.Open, consumers=(CONSOLE, DESK), scope="conversation", seat=SEATED)
async def open_(consumer: consumers.Staff, asked: protocol.Open) -> protocol.OpenOk:
    topic = bells.conversation(asked.conversation)
    # The socket subscribes before it reads: if an entry is stored after the read, its bell is handled after
    # this request.
    bells.listen(topic, consumer.ring)
    try:
        opened = await consumer.open_seat(asked.conversation, asked.since)
    except BaseException:  # a console that goes meanwhile is cancelled, which is no Exception
        if asked.conversation not in consumer.followings:
            bells.stop_listening(topic, consumer.ring)
        raise
    if (old := consumer.followings.get(asked.conversation)) is not None:
        consumer.unfollow(old)
    member, news, seat = opened.member, opened.news, opened.seat
    following = consumer.followings[seat.conversation] = Following(
        consumer, seat, asked.since, with_allowed=True
    )
    following.allowed = news.allowed
    consumer.after_reply.append(lambda: following.begin(news))
    conversation = member.conversation
    return protocol.OpenOk(
        ref=asked.ref,
        member=member.pk,
        line=conversation.line_id,
        locale=conversation.locale,
        urgency=conversation.urgency,
        state=conversation.wire_state,
        epoch=conversation.epoch,
        seq=log.newest(member),
        allowed=news.allowed or [],
        initial=initials.name(conversation.initial),
        risk=risk.as_seen(member),
        known=risk.is_known(member),
        steps=step_frames(opened.steps),
        read=member.seen_seq,
        wrapped=member.wrapped_up,
        written=conversation.written or None,
        due=clock.stamp_or_none(opened.due),
        share=letters.share_frame(opened.share),
    )


@request(
    protocol.Takeover,
    consumers=CONSOLE,
    may="takeover",
    device=APPROVED_NOW,
    scope="conversation",
    seat=SEATED,
)
async def takeover(consumer: consumers.Console, asked: protocol.Takeover) -> protocol.NextOk:
    member = await in_database(
        takes.take_over_any, asked.conversation, consumer.person, consumer.device_id, now=clock.now()
    )
    return seat_taken(asked.ref, member)


def seat_taken(ref: str, member: Member) -> protocol.NextOk:
    """Returns the reply with the seat that this person has just taken."""
    conversation = member.conversation
    return protocol.NextOk(
        ref=ref,
        conversation=conversation.pk,
        member=member.pk,
        line=conversation.line_id,
        locale=conversation.locale,
        urgency=conversation.urgency,
        initial=initials.name(conversation.initial),
        written=conversation.written or None,
    )
