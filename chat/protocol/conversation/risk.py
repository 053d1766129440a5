"""Frames about the risk flag and the steps of a line's protocol."""

from typing import Annotated, ClassVar, Literal

from msgspec import Meta, Struct

from chat.protocol.fields import At, Id16, Opaque, Texts
from chat.protocol.frames import CONSOLE, Frame, Ok, Request


class Flag(Request):
    """Sets a conversation's risk flag: 0 is none, 1 raised, 2 acute."""

    conversation: Id16
    risk: Literal[0, 1, 2]


class LineProtocol(Request):
    """Asks for the steps that the line's staff take, in order, when a life is in danger."""

    line: Opaque


class Step(Request):
    """Records that a step of the line's protocol was taken in this conversation, or the reason why it was not
    taken. The record contains nothing from the conversation."""

    conversation: Id16
    step: Annotated[str, Meta(max_length=16)]
    how: Literal["done", "not_needed", "caller_gone", "danger"]


class SeenFlag(Request):
    """Records that a supervisor has seen the risk flag of a conversation of one of their lines."""

    conversation: Id16


class ProtocolStep(Struct):
    """Describes a step of a line's protocol: what to `do`, what a counsellor may `say`, and a `label`, which
    is a short name that describes the step as done.

    `numbers` are the services to call. In a step with `calls_in`, the counsellor asks a colleague or
    supervisor to join. In a step with `tells`, the counsellor tells the caller that somebody else will be
    called. In a step with `outside`, the counsellor calls somebody outside the line; this step may be taken
    only after the step with `tells`.
    """

    code: str
    label: Texts
    do: Texts
    say: Texts
    numbers: list[str]
    calls_in: bool
    tells: bool
    outside: bool


class LineProtocolOk(Ok):
    """Answers `lineprotocol`. `urgent` are the line's services for an emergency, in the order in which to
    call them."""

    steps: list[ProtocolStep]
    urgent: list[str]


class TakenStep(Struct):
    """Records that a step was taken, or the reason why it was not taken. `by` is the alias of the person who
    recorded it."""

    step: str
    how: str
    at: At
    by: str


class FlaggedOut(Frame):
    """Reports that a conversation's risk flag changed, or that a step was taken. `known` is whether a
    supervisor has seen the flag."""

    to: ClassVar = (CONSOLE,)
    conversation: str
    risk: int
    known: bool
    steps: list[TakenStep]
