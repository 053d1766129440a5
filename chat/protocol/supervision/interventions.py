"""Frames by which a supervisor asks for a break, asks to join a conversation, or ends an idle one."""

from typing import ClassVar

from chat.protocol.fields import Id16, Opaque
from chat.protocol.frames import CONSOLE, Frame, Request


class Rest(Request):
    """Asks a counsellor to take a break. The counsellor's duty does not change."""

    person: Opaque


class Listen(Request):
    """Asks the person in charge of a conversation to let the supervisor join."""

    conversation: Id16


class NoListen(Request):
    """Refuses a supervisor's request to join this conversation now. `supervisor` is that supervisor's id."""

    conversation: Id16
    supervisor: Opaque


class End(Request):
    """Ends an idle conversation."""

    conversation: Id16


class RestOut(Frame):
    """Reports to a counsellor that the supervisor `by` asks them to take a break."""

    to: ClassVar = (CONSOLE,)
    by: str


class NoListenOut(Frame):
    """Reports to a supervisor that the person in charge of the conversation has, for now, refused the request
    to join."""

    to: ClassVar = (CONSOLE,)
    conversation: str
    alias: str


class ListenOut(Frame):
    """Reports that the supervisor `id` asks to join. The console can then send an `invite` that asks this
    supervisor for a consult."""

    to: ClassVar = (CONSOLE,)
    conversation: str
    id: str
    alias: str
