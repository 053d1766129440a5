"""Defines the entries of a conversation's log, as they are sent to one seat."""

from typing import Literal

from msgspec import UNSET, Struct, UnsetType

from chat.protocol.fields import At, Bytes, Texts


class Entry(Struct, tag_field="kind", tag=lambda name: name.removesuffix("Entry").lower(), kw_only=True):
    """Represents an entry of the log. `prev` is the number of the previous entry that this seat may see, or 0
    if there is none."""

    type: Literal["entry"] = "entry"
    conversation: str
    seq: int
    prev: int
    by: str | None
    at: At


class SignedBy(Struct):
    """Holds one signer's signature of a certificate."""

    signer: Bytes
    sig: Bytes


class CertScope(Struct):
    """Holds a root's signed statement of who may sign for a line or a service. `not_after` is in Unix
    seconds."""

    kind: Literal["line", "service"]
    slug: str
    serial: int
    not_after: int
    quorum: int
    signers: list[Bytes]
    root: Bytes
    sig: Bytes


class Cert(Struct):
    """Holds the certificate of a key. The caller's browser checks the certificate before it gives the holder
    of the key access to the conversation. Times are in Unix seconds."""

    scope: CertScope
    not_before: int
    not_after: int
    sigs: list[SignedBy]


class OpenedEntry(Entry):
    """The conversation began; `by` is the caller's member id."""

    line: str


class JoinedEntry(Entry):
    """A member joined. `cert` is null for a guest who joined by a link, and in an organisation that certifies
    no keys."""

    member: str
    role: Literal["counsellor", "colleague", "partner", "review", "letters"]
    alias: str
    key: Bytes
    service: str | None
    invitation: str | None
    cert: Cert | None = None


class HistoryWrap(Struct):
    """Holds the secret of an earlier epoch, sealed for this seat."""

    epoch: int
    wrap: Bytes


class GrantedEntry(Entry):
    """A new epoch began. `wrap` and `history` are sent only to seats in `members`. `wrap` is null after the
    server has deleted the secret."""

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
    """A member of the line's staff posted a sealed note. It is sent to the line's staff only."""

    id: str
    epoch: int
    box: Bytes


class InvitedTo(Struct):
    """Names the person, line or service that is invited. If `guest` is true, a guest joins by a link, and
    this platform cannot verify who the guest is."""

    name: str
    service: str | None
    guest: bool


class InvitedEntry(Entry):
    """The state of an invitation changed. `history` is true if the caller lets the invited service read the
    earlier messages, and null until the caller has answered."""

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
    """A counsellor gave the caller a service's contact details. The fields hold the details as they were at
    that time.

    `purpose` is the description of the service for callers, in the line's form of address. `always` is true
    if the service is open day and night, and null if its hours are not known.
    """

    service: str
    name: str
    phone: str
    site: str
    chat: bool
    purpose: Texts
    always: bool | None


class RequeuedEntry(Entry):
    """The caller waits at the front of the queue again, because no member of the staff is left in the
    conversation."""


class EndedEntry(Entry):
    """The conversation ended. `idle` is true if the `reason` is `silent` and the caller was still connected,
    but nobody had written for a long time."""

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
    """A letter was sent, or sent again. `due` is the time by which it should be answered."""

    due: At


class TakenEntry(Entry):
    """A counsellor took the letter. This entry is sent only to the staff."""

    alias: str


class AnsweredEntry(Entry):
    """A counsellor, whose alias is `alias`, answered the letter. `answers` is the number of the caller's
    newest message to which this answer replies."""

    alias: str
    answers: int


class ReturnedEntry(Entry):
    """The caller returned with a return code. In a chat, only the line's staff receive this entry."""


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
