"""Frames by which a caller returns to a conversation."""

from typing import Annotated

from msgspec import Meta

from chat.protocol.conversation.opening import Keeps
from chat.protocol.fields import At, Bytes, Id16, Opaque, Seq, Urgency
from chat.protocol.frames import Ok, Request
from chat.protocol.letters import Written
from chat.protocol.retention.holds import StandingHold

# At most 12 KiB, in base64url.
type SecretsBox = Annotated[Bytes, Meta(max_length=16_384)]


class Resume(Request):
    """Returns to a conversation with the token that the tab stored, from the same or a newer tab."""

    conversation: Id16
    token: Opaque
    since: Seq


class KeepCode(Request):
    """Registers a return code that the caller wrote down: the `hash` of one half, and the `box` that the
    other half opens. If both are null, the code is deleted."""

    hash: Bytes | None
    box: SecretsBox | None


class Return(Request):
    """Returns to a conversation with a return code, which can then not be used again. `code` is the half that
    the server checks.

    `user` are 32 random bytes of the browser. If the answer is lost, the browser may send the code again with
    the same bytes.
    """

    line: Opaque
    code: Bytes
    since: Seq
    user: Bytes | None = None


class ResumeOk(Ok):
    """Answers `resume`. `path` is that of the line's page, to which a tab goes that cannot open what it
    stored. `shelf` is null once its key was deleted. `due` is by when a letter has to be answered, null if it
    needs no answer now. `queued` is whether the caller of a letter also waits to talk. `urgency` is what the
    caller chose; what a counsellor flagged is not told."""

    member: str
    path: str
    state: str
    urgency: Urgency
    epoch: int
    seq: int
    shelf: Bytes | None
    keeps: Keeps
    hold: StandingHold | None
    written: Written | None
    due: At | None
    queued: bool


class ReturnOk(ResumeOk):
    """Answers `return`. `box` holds the secrets, as `keepcode` stored them."""

    conversation: str
    token: str
    box: Bytes
