"""Frames with which a caller returns to a conversation."""

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
    """Returns to a conversation with the token that a tab stored. The request comes from that tab or from a
    newer one."""

    conversation: Id16
    token: Opaque
    since: Seq


class KeepCode(Request):
    """Registers a return code that the caller wrote down. The fields are the `hash` of one half of the code,
    and the `box` that the other half opens. If both are null, the code is deleted."""

    hash: Bytes | None
    box: SecretsBox | None


class Return(Request):
    """Returns to a conversation with a return code. A return code can be used only once, except for a letter.
    `code` is the half of the return code that the server checks.

    `user` has 32 random bytes that the browser chose. If the reply is lost, the browser can send the code
    again with the same bytes.
    """

    line: Opaque
    code: Bytes
    since: Seq
    user: Bytes | None = None


class ResumeOk(Ok):
    """Answers `resume`. `path` is the path of the line's page, for a tab that cannot decrypt its stored data.
    `shelf` is the key of the tab's storage; it is null after the server has deleted this key. `due` is the
    time by which a letter has to be answered, null if the letter needs no answer now. `queued` is whether a
    caller who wrote a letter also waits for a chat. `urgency` is what the caller chose; a counsellor's flag
    is not sent to callers."""

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
