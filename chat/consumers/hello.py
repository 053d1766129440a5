"""The first reply of a console: everything that its page shows at once."""

from msgspec import UNSET

from chat import cards, directory, lines, log, protocol, queue, states, work, wrapup
from chat.cards import Card
from chat.consumers.queue_news import load_frame
from chat.models import Member
from counsellors import duty
from counsellors.models import Device, Duty, Person
from helpline.lib import clock


def hello(person: Person, device: Device | None, ref: str) -> protocol.HelloOk:
    own_lines = work.lines_of(person)
    service = work.service_of(person)
    on_duty = duty.of(person)
    return protocol.HelloOk(
        ref=ref,
        me=protocol.Me(
            id=person.handle,
            alias=person.alias,
            roles=person.roles,
            lines=[line.pk for line in own_lines],
            service=service.pk if service else None,
        ),
        device=protocol.DeviceState(device.pk, device.state) if device else None,
        duty=protocol.DutyState(on_duty.state, on_duty.slots)
        if on_duty
        else protocol.DutyState(Duty.State.OFF, 0),
        lines=[protocol.LineState(line.pk, line.name, lines.opening(line).open) for line in own_lines],
        queue=[load_frame(queue.load(line.pk)) for line in own_lines],
        colleagues=[
            protocol.Colleague(other.handle, other.alias, line, state)
            for other, line, state in work.colleagues_of(person)
        ],
        services=[
            protocol.ServiceCard(row.service.pk, row.service.name, row.service.desk, row.open)
            for row in directory.listed(now=clock.now())
        ],
        conversations=[_held(member) for member in work.seats_of(person)],
        invitations=[card_frame(card) for card in cards.open_cards(person, approved=_is_approved(device))],
        codes={name: list(codes) for name, codes in wrapup.CODES.items()},
    )


def _held(member: Member) -> protocol.Held:
    conversation = member.conversation
    return protocol.Held(
        conversation=conversation.pk,
        line=conversation.line_id,
        locale=conversation.locale,
        urgency=conversation.urgency,
        member=member.pk,
        state=states.on_the_wire(conversation.state),
        seq=log.newest(member),
        epoch=conversation.epoch,
    )


def _is_approved(device: Device | None) -> bool:
    return device is not None and device.state == Device.State.APPROVED


def card_frame(card: Card) -> protocol.InvitationOut:
    return protocol.InvitationOut(
        invitation=card.invitation,
        conversation=card.conversation,
        how=card.how,
        from_=card.inviter,
        line=card.line,
        locale=card.locale,
        urgency=card.urgency,
        state=card.state,
        expires=clock.stamp(card.expires) if card.expires else None,
        link=card.link or UNSET,
        pin=card.pin or UNSET,
    )
