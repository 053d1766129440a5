"""Plays the cast of the domain tests. Anna and Bilal call Helpwanted. Carla and Daan are its counsellors and
rivals. Esra is a counsellor of Stop it Now, another line."""

import hashlib
import secrets
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat
from django.conf import settings

from chat.conversation import boxes, coming_back, grants, log, opening, posting
from chat.conversation.drafts import Posted
from chat.conversation.grants import Share
from chat.conversation.opening import Opened
from chat.conversation.seats import Seat, present
from chat.models import Conversation, Line, Member, Service, Work
from chat.queue import next_caller
from counsellors import devices, duty
from counsellors.models import Device, Person, Role
from helpline.lib import clock, encoding


def a_point() -> bytes:
    key = ec.generate_private_key(ec.SECP256R1()).public_key()
    return key.public_bytes(Encoding.X962, PublicFormat.UncompressedPoint)


def a_line(slug: str = "helpwanted", **facts: object) -> Line:
    return Line.objects.create(
        slug=slug, name=slug.title(), retention=settings.RETENTION, state=Line.State.OPEN, **facts
    )


@dataclass
class Counsellor:
    """Holds a person with an approved device, on duty."""

    person: Person
    device: Device

    def takes_next(self, now: datetime | None = None, line: str | None = None) -> Seat:
        member = next_caller.take_next(self.person, self.device.pk, line, now=now or clock.now())
        return Seat(member.conversation_id, member.pk, member.role)

    def takes_back(self, caller: "Caller") -> Seat:
        """Takes back the caller whom this person's lost seat left waiting."""
        back = caller.conversation
        member = next_caller.take_next(self.person, self.device.pk, None, back=back, now=clock.now())
        return Seat(member.conversation_id, member.pk, member.role)


def a_counsellor(name: str, line: Line, *, slots: int = 4, now: datetime | None = None) -> Counsellor:
    now = now or clock.now()
    person = Person.objects.create_user(name.lower(), None, name)
    Role.objects.create(person=person, name=Role.Name.COUNSELLOR)
    Work.objects.create(person=person, line=line)
    device = devices.register(person, devices.candidate(person, a_point(), f"{name}'s laptop"), now=now)
    Device.objects.filter(pk=device.pk).update(state=Device.State.APPROVED)
    duty.change(person, "on", slots, now=now)
    return Counsellor(person, Device.objects.get(pk=device.pk))


def a_partner(name: str, service: Service) -> Counsellor:
    person = Person.objects.create_user(name.lower(), None, name)
    Role.objects.create(person=person, name=Role.Name.PARTNER)
    Work.objects.create(person=person, service=service)
    device = devices.register(
        person, devices.candidate(person, a_point(), f"{name}'s laptop"), now=clock.now()
    )
    Device.objects.filter(pk=device.pk).update(state=Device.State.APPROVED)
    return Counsellor(person, Device.objects.get(pk=device.pk))


@dataclass
class Caller:
    """Represents a caller's browser, as far as the server knows it."""

    opened: Opened
    socket: str = field(default_factory=encoding.new_id)

    @property
    def seat(self) -> Seat:
        return self.opened.seat

    @property
    def conversation(self) -> str:
        return self.opened.seat.conversation

    @property
    def recorded_as(self) -> str:
        """Returns the number by which audit and journal name it. Ask for it while its row exists."""
        return Conversation.objects.get(pk=self.conversation).recorded_as

    def grants(self, now: datetime | None = None, *, history: bool = False) -> int:
        """Lets in everybody who is present now."""
        caller = Member.objects.select_related("conversation").get(pk=self.seat.member)
        epoch = caller.conversation.epoch + 1
        members = [member.pk for member in present(self.conversation) if member.pk != self.seat.member]
        wraps = [Share(member, epoch, secrets.token_bytes(boxes.WRAP_BYTES)) for member in members]
        earlier = [
            Share(member, k, secrets.token_bytes(boxes.WRAP_BYTES))
            for member in (members if history else [])
            for k in range(epoch)
        ]
        return grants.grant(self.seat, epoch, wraps, earlier, now=now or clock.now())


def a_caller(
    line: str = "helpwanted", *, urgency: int = 0, locale: str = "nl", now: datetime | None = None
) -> Caller:
    socket = encoding.new_id()
    opened = opening.open_conversation(line, locale, urgency, socket=socket, now=now or clock.now())
    return Caller(opened, socket)


def taken(carla: Counsellor, now: datetime | None = None) -> tuple[Caller, Seat]:
    """Returns Anna, who was taken by this counsellor and has granted."""
    now = now or clock.now()
    anna = a_caller(now=now)
    seat = carla.takes_next(now)
    anna.grants(now)
    return anna, seat


def a_box(seat: Seat, *, epoch: int = 0, message: str | None = None, kind: int = 1, size: int = 352) -> bytes:
    """Returns a box with a correct header around random bytes, which the server cannot distinguish from a
    real one."""
    header = bytes([1, 1, kind, 0]) + encoding.decode(seat.conversation) + epoch.to_bytes(4)
    header += encoding.decode(seat.member) + encoding.decode(message or encoding.new_id())
    return header + secrets.token_bytes(size - len(header))


def says(seat: Seat, *, epoch: int = 0, message: str | None = None, now: datetime | None = None) -> Posted:
    message = message or encoding.new_id()
    box = a_box(seat, epoch=epoch, message=message)
    return posting.post(seat, message, epoch, box, now=now or clock.now())


BOX = secrets.token_bytes(64)  # the half of a code that the server cannot read


def writes_down(anna: Caller, box: bytes = BOX) -> bytes:
    """Registers a code. Returns the half that the server checks."""
    code = secrets.token_bytes(32)
    coming_back.keep_code(anna.seat, hashlib.sha256(code).digest(), box, now=clock.now())
    return code


def comes_back(
    code: bytes, line: str = "helpwanted", *, now: datetime | None = None, user: bytes | None = None
) -> coming_back.Returned:
    socket = encoding.new_id()
    return coming_back.return_by_code(line, code, socket=socket, now=now or clock.now(), user=user)


def kinds(seat: Seat) -> list[str]:
    """Returns the kinds of all entries that the seat may see."""
    return [delivered.entry.kind for delivered in log.since(seat, 0).entries]


def state_of(caller: Caller) -> str:
    return Member.objects.select_related("conversation").get(pk=caller.seat.member).conversation.state


def later(now: datetime, seconds: float) -> datetime:
    return now + timedelta(seconds=seconds)
