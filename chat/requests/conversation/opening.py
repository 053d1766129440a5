"""Opening a conversation, coming back to it, following it at a console."""

from chat import protocol, states
from chat.conversation import departures, log, opening, seats
from chat.lines import stays
from chat.models import Member
from chat.protocol import CALLER, CONSOLE, DESK
from chat.requests import doors
from chat.requests.conversation.delivery import Following
from chat.requests.declared import APPROVED_NOW, SEATED, request
from helpline.lib import clock, encoding
from helpline.lib.bridge import in_database


@request(protocol.Start, doors=CALLER, opens=True)
async def start(door: doors.Caller, asked: protocol.Start) -> protocol.StartOk:
    opened = await in_database(
        opening.open_conversation,
        asked.line,
        asked.locale,
        asked.urgency,
        socket=door.socket,
        now=clock.now(),
    )
    door.sit(opened.seat, asked.line, since=0)
    review = opened.review
    return protocol.StartOk(
        ref=asked.ref,
        conversation=opened.seat.conversation,
        member=opened.seat.member,
        token=opened.token,
        shelf=encoding.encode(opened.shelf),
        epoch=0,
        review=protocol.ReviewSeat(review.pk, opening.member_key(review)) if review else None,
        keeps=protocol.Keeps(
            answered=int(opened.retention.total_seconds()),
            unanswered=int(stays.unanswered(opened.retention).total_seconds()),
            backups=clock.stamp(opened.purge_at),
        ),
    )


@request(protocol.Resume, doors=CALLER, opens=True)
async def resume(door: doors.Caller, asked: protocol.Resume) -> protocol.ResumeOk:
    resumed = await in_database(
        opening.resume, asked.conversation, asked.token, socket=door.socket, now=clock.now()
    )
    door.sit(resumed.seat, resumed.line, since=asked.since)
    return protocol.ResumeOk(
        ref=asked.ref,
        member=resumed.seat.member,
        state=resumed.state,
        epoch=resumed.epoch,
        seq=resumed.seq,
        shelf=encoding.encode(resumed.shelf) if resumed.shelf else None,
    )


@request(protocol.Open, doors=(CONSOLE, DESK), wall="conversation", seat=SEATED)
async def open_(door: doors.Staff, asked: protocol.Open) -> protocol.OpenOk:
    seat = await door.find_seat(asked.conversation)
    member = await in_database(seats.require_seat, seat)
    if (old := door.followings.get(seat.conversation)) is not None:
        door.unfollow(old)
    following = door.followings[seat.conversation] = Following(door, seat, asked.since, with_allowed=True)
    following.allowed = await in_database(seats.allowed, seat)
    door.after_reply += [following.deliver, following.tell_people]
    conversation = member.conversation
    return protocol.OpenOk(
        ref=asked.ref,
        member=member.pk,
        line=conversation.line_id,
        locale=conversation.locale,
        urgency=conversation.urgency,
        state=states.on_the_wire(conversation.state),
        epoch=conversation.epoch,
        seq=log.newest(member),
        allowed=following.allowed,
    )


@request(
    protocol.Takeover, doors=CONSOLE, may="takeover", device=APPROVED_NOW, wall="conversation", seat=SEATED
)
async def takeover(door: doors.Console, asked: protocol.Takeover) -> protocol.NextOk:
    member = await in_database(
        departures.take_over, asked.conversation, door.person, door.device_id, now=clock.now()
    )
    return seat_taken(asked.ref, member)


def seat_taken(ref: str, member: Member) -> protocol.NextOk:
    """A seat that this person has from now on."""
    conversation = member.conversation
    return protocol.NextOk(
        ref=ref,
        conversation=conversation.pk,
        member=member.pk,
        line=conversation.line_id,
        locale=conversation.locale,
        urgency=conversation.urgency,
    )
