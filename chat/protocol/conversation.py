"""Frames about opening a conversation, seats, grants, posting, presence, risk, and endings. The entries of
its log are in entries.py."""

from typing import Annotated, ClassVar, Literal

from msgspec import UNSET, Meta, Struct, UnsetType

from chat.protocol.entries import Cert
from chat.protocol.fields import At, Bytes, Epoch, HoldReason, Id8, Id16, Locale, Opaque, Seq, Texts, Urgency
from chat.protocol.frames import CALLER, CONSOLE, DESK, Frame, Ok, Request
from chat.protocol.letters import LetterShare, LettersSeat, Written

# At most 12 KiB, in base64url.
type SecretsBox = Annotated[Bytes, Meta(max_length=16_384)]


class Beat(Request):
    """Answers the server's `beat` frame, which shows that the client is still connected."""


class Start(Request):
    """Opens a conversation.

    `work` is an altcha payload that solves an earlier `challenge`. `pad` is ignored: it hides how long the
    name of the line is. `letter` begins a letter. `ticket` comes from a practice page; without it a practice
    line is answered like an unknown one.
    """

    line: Opaque
    locale: Locale
    urgency: Urgency
    work: Annotated[str, Meta(max_length=4096)] = ""
    pad: Opaque = ""
    letter: bool = False
    ticket: Annotated[str, Meta(max_length=200)] = ""


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


class CallerSync(Request):
    """Asks for the entries above `since`."""

    since: Seq


class WrapFor(Struct, forbid_unknown_fields=True):
    """Holds the secret of the new epoch, sealed for one member."""

    member: Id8
    wrap: Bytes


class HistoryFor(Struct, forbid_unknown_fields=True):
    """Holds the secret of an earlier epoch, sealed for one member."""

    epoch: Epoch
    member: Id8
    wrap: Bytes


class Grant(Request):
    """Opens a new epoch and lets in the members who are present."""

    epoch: Epoch
    wraps: list[WrapFor]
    history: list[HistoryFor]


class CallerPost(Request):
    """Posts a sealed message of the caller. `urgency` raises the urgency of a letter."""

    id: Id16
    epoch: Epoch
    box: Bytes
    urgency: Urgency | None = None


class CallerTyping(Request):
    """Reports that the caller is typing."""


class CallerSeen(Request):
    """Reports that the caller has read up to `seq`."""

    seq: Seq


class CallerLeave(Request):
    """Ends the conversation."""


class Erase(Request):
    """Deletes the conversation at once, for everybody in it."""


class Takeover(Request):
    """Moves this person's seat from another device to this one."""

    conversation: Id16


class Open(Request):
    """Subscribes this socket to a conversation, and asks for its entries above `since`."""

    conversation: Id16
    since: Seq


class Sync(Request):
    """Asks for the entries above `since`."""

    conversation: Id16
    since: Seq


class Post(Request):
    """Posts a sealed message. In a letter, `answers` is the number of the caller's message that it
    answers."""

    conversation: Id16
    id: Id16
    epoch: Epoch
    box: Bytes
    answers: Seq | None = None


class Note(Request):
    """Posts a sealed note that only the line's staff can see."""

    conversation: Id16
    id: Id16
    epoch: Epoch
    box: Bytes


class Typing(Request):
    """Reports that the person in this seat is typing."""

    conversation: Id16


class Seen(Request):
    """Reports that the person in this seat has read up to `seq`."""

    conversation: Id16
    seq: Seq


class Flag(Request):
    """Sets a conversation's risk flag: 0 is none, 1 raised, 2 acute."""

    conversation: Id16
    risk: Literal[0, 1, 2]


class LineProtocol(Request):
    """Asks for the steps that the line's staff take, in order, when a life is in danger."""

    line: Opaque


class Step(Request):
    """Records that a step of the line's protocol was taken in this conversation, or why it was not. It
    contains nothing that was said."""

    conversation: Id16
    step: Annotated[str, Meta(max_length=16)]
    how: Literal["done", "not_needed", "caller_gone", "danger"]


class SeenFlag(Request):
    """Records that a supervisor has seen the risk flag of a conversation of one of their lines."""

    conversation: Id16


class Leave(Request):
    """Leaves the conversation: this person gives up their seat."""

    conversation: Id16


class Close(Request):
    """Ends the conversation. `reason` is why a letter ends before its caller has seen an answer."""

    conversation: Id16
    reason: Literal["unserious", "unreadable"] | None = None


class Unserious(Request):
    """Ends the conversation as `close` does, and reports that the caller was not serious. For the next hour
    the line asks new callers for proof of work sooner."""

    conversation: Id16


class ReviewSeat(Struct):
    """Represents the line's review seat in this conversation, with its key. `cert` is null if the
    organisation certifies no keys."""

    member: str
    key: Bytes
    cert: Cert | None = None


class Keeps(Struct):
    """Holds for how many seconds a conversation is kept after its end: `answered` if a member of the staff
    was let in, `unanswered` if not. Backups of it can be opened until `backups`."""

    answered: int
    unanswered: int
    backups: At


class StartOk(Ok):
    """Answers `start`."""

    conversation: str
    member: str
    token: str
    shelf: Bytes
    epoch: int
    review: ReviewSeat | None
    letters: LettersSeat | None
    written: Written | None
    keeps: Keeps


class StandingHold(Struct):
    """Describes a hold: two supervisors keep the conversation for the line up to `until`, even if the caller
    erases it."""

    reason: HoldReason
    until: At


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


class SyncOk(Ok):
    """Answers `sync`. The entries follow as frames of their own."""

    seq: int


class GrantOk(Ok):
    """Answers `grant`."""

    epoch: int


class PostOk(Ok):
    """Answers `post` and `note` once the message is on disk."""

    seq: int
    at: At


class EraseOk(Ok):
    """Answers `erase`. `copies` is whether backups of the conversation are unreadable already; if not, they
    become so at the time that `keeps` named as `backups`. `held` is true if only the `hold` still keeps the
    conversation, and is otherwise left out."""

    copies: bool
    held: bool | UnsetType = UNSET
    hold: StandingHold | UnsetType = UNSET


class ProtocolStep(Struct):
    """Describes a step of a line's protocol: what to `do`, what a counsellor may `say`, and its `label` once
    it is done.

    `numbers` are the services to call. In a step that `calls_in`, a colleague or supervisor is asked to join.
    In a step that `tells`, the caller is told that others will be called; a step `outside` may be taken only
    after that.
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
    """Answers `lineprotocol`. `urgent` are the services that the line names for danger, in the order in which
    to call them."""

    steps: list[ProtocolStep]
    urgent: list[str]


class TakenStep(Struct):
    """Records that a step was taken, or why it was not. `by` is the alias of the person who recorded it."""

    step: str
    how: str
    at: At
    by: str


class OpenOk(Ok):
    """Answers `open`. Entries, presence and read marks follow as frames of their own.

    `initial` is the name of the conversation on its line. `risk` is the risk flag, always 0 for a partner;
    `known` is whether a supervisor has seen it. This seat has read up to the entry `read`, and `wrapped` is
    whether its form after the conversation was sent. `steps` are those taken of the line's protocol, if the
    conversation was flagged as acute. `written`, `due` and `share` are set for a letter only.
    """

    member: str
    line: str
    locale: str
    urgency: int
    state: str
    epoch: int
    seq: int
    allowed: list[str]
    initial: str
    risk: int
    known: bool
    steps: list[TakenStep]
    read: int
    wrapped: bool
    written: Written | None
    due: At | None
    share: LetterShare | None


class BeatOut(Frame):
    """Sends, for each conversation that this socket follows, the newest `seq` that its seat may see. The
    client answers with `beat`."""

    to: ClassVar = (CALLER, CONSOLE, DESK)
    at: At
    seqs: dict[str, int]


class HeldOut(Frame):
    """Reports to the caller that the line now holds the conversation, or holds it for longer (see
    `StandingHold`)."""

    to: ClassVar = (CALLER,)
    reason: HoldReason
    until: At


class NoticeOut(Frame):
    """Reports that the server restarts, that the client sends too fast, or that the line takes no new
    callers."""

    to: ClassVar = (CALLER, CONSOLE, DESK)
    code: Literal["restarting", "slow_down", "line_closing"]


class TypingOut(Frame):
    """Reports that another member is typing."""

    to: ClassVar = (CALLER, CONSOLE, DESK)
    conversation: str
    by: str


class SeenOut(Frame):
    """Reports that another member has read up to `seq`."""

    to: ClassVar = (CALLER, CONSOLE, DESK)
    conversation: str
    by: str
    seq: int


class PresenceOut(Frame):
    """Reports that another member is here or away. `code` is true for a caller who left by the quick exit and
    can return only with a return code."""

    to: ClassVar = (CALLER, CONSOLE, DESK)
    conversation: str
    member: str
    here: bool
    code: bool


class AllowedOut(Frame):
    """Lists which requests this seat may send now."""

    to: ClassVar = (CONSOLE, DESK)
    conversation: str
    allowed: list[str]


class GoneOut(Frame):
    """Reports that the conversation was deleted, or hidden from everybody in it."""

    to: ClassVar = (CONSOLE,)
    conversation: str


class FlaggedOut(Frame):
    """Reports that a conversation's risk flag changed, or that a step was taken. `known` is whether a
    supervisor has seen the flag."""

    to: ClassVar = (CONSOLE,)
    conversation: str
    risk: int
    known: bool
    steps: list[TakenStep]
