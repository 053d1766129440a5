"""The entries of a conversation's log, as one seat is sent them."""

from typing import Literal

from msgspec import UNSET, Struct, UnsetType

from chat.protocol.fields import At, Bytes, Texts


class Entry(Struct, tag_field="kind", tag=lambda name: name.removesuffix("Entry").lower(), kw_only=True):
    """An entry of the log. `prev`: the number of the last earlier entry that this seat may see, 0 for
    none."""

    type: Literal["entry"] = "entry"
    conversation: str
    seq: int
    prev: int
    by: str | None
    at: At


class SignedBy(Struct):
    """The signature of one signer under a certificate."""

    signer: Bytes
    sig: Bytes


class CertScope(Struct):
    """A root's signed statement of who may sign for a line or a service. `not_after`: Unix seconds."""

    kind: Literal["line", "service"]
    slug: str
    serial: int
    not_after: int
    quorum: int
    signers: list[Bytes]
    root: Bytes
    sig: Bytes


class Cert(Struct):
    """A certificate of a key, which the caller's browser checks before it lets the key's holder in. Times are
    Unix seconds."""

    scope: CertScope
    not_before: int
    not_after: int
    sigs: list[SignedBy]


class OpenedEntry(Entry):
    """The conversation began; `by` is the caller's member."""

    line: str


class JoinedEntry(Entry):
    """A member joined. `cert` is null for a guest by link, and where nobody certifies keys."""

    member: str
    role: Literal["counsellor", "colleague", "partner", "review", "letters"]
    alias: str
    key: Bytes
    service: str | None
    invitation: str | None
    cert: Cert | None = None


class HistoryWrap(Struct):
    """The secret of an earlier epoch, sealed for this seat."""

    epoch: int
    wrap: Bytes


class GrantedEntry(Entry):
    """A new epoch began. `wrap` and `history` are set for a member it names; `wrap` is null once deleted."""

    epoch: int
    members: list[str]
    wrap: Bytes | None | UnsetType = UNSET
    history: list[HistoryWrap] | UnsetType = UNSET


class MessageEntry(Entry):
    """A member posted a sealed message."""

    id: str
    epoch: int
    box: Bytes


class NoteEntry(Entry):
    """A member of the line's staff posted a sealed note, which only the line's staff are sent."""

    id: str
    epoch: int
    box: Bytes


class InvitedTo(Struct):
    """Whom an invitation is for. `guest`: somebody who comes by a link, whose identity nobody here can
    verify."""

    name: str
    service: str | None
    guest: bool


class InvitedEntry(Entry):
    """An invitation changed its state. `history` is null until the caller has answered."""

    invitation: str
    how: Literal["consult", "transfer", "handoff"]
    to: InvitedTo
    brief: str | None
    history: bool | None
    state: Literal["asked", "ringing", "joined", "refused", "declined", "expired", "withdrawn"]


class LeftEntry(Entry):
    """A member left."""

    member: str
    reason: Literal["left", "released", "lost", "transferred", "handed_off"]


class ReferredEntry(Entry):
    """The caller was given a service's contact details, as they were at that time.

    `purpose`: in the words that callers read, as the line addresses them. `always`: whether it is open day
    and night, null where its hours are not known.
    """

    service: str
    name: str
    phone: str
    site: str
    chat: bool
    purpose: Texts
    always: bool | None


class RequeuedEntry(Entry):
    """The caller waits again, at the front of the queue, because nobody of the staff is left."""


class EndedEntry(Entry):
    """The conversation ended. `idle`: it ended as `silent` while the caller was here, because nobody said
    anything for long."""

    reason: Literal[
        "caller",
        "counsellor",
        "silent",
        "abandoned",
        "expired",
        "line_closed",
        "unserious",
        "unreadable",
    ]
    idle: bool = False


class SentEntry(Entry):
    """A letter was sent, or sent again. `due`: by when it is answered."""

    due: At


class TakenEntry(Entry):
    """A counsellor took the letter. Only staff are sent it."""

    alias: str


class AnsweredEntry(Entry):
    """The letter was answered by somebody with this alias. `answers`: the number of the caller's message up
    to which it is."""

    alias: str
    answers: int


class ReturnedEntry(Entry):
    """The letter's return code was used."""


type EntryFrame = (
    OpenedEntry
    | JoinedEntry
    | GrantedEntry
    | MessageEntry
    | NoteEntry
    | InvitedEntry
    | LeftEntry
    | ReferredEntry
    | RequeuedEntry
    | EndedEntry
    | SentEntry
    | TakenEntry
    | AnsweredEntry
    | ReturnedEntry
)
ENTRIES: dict[str, type[Entry]] = {str(kind.__struct_config__.tag): kind for kind in Entry.__subclasses__()}
