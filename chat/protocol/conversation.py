"""Opening, seats, grants, posting, presence, risk, and the ends of a conversation. Its log is in
entries.py."""

from typing import Annotated, ClassVar, Literal

from msgspec import UNSET, Meta, Struct, UnsetType

from chat.protocol.entries import Cert
from chat.protocol.fields import At, Bytes, Epoch, HoldReason, Id8, Id16, Locale, Opaque, Seq, Texts, Urgency
from chat.protocol.frames import CALLER, CONSOLE, DESK, Frame, Ok, Request
from chat.protocol.letters import LetterShare, LettersSeat, Written

# At most 12 KiB, in base64url.
type SecretsBox = Annotated[Bytes, Meta(max_length=16_384)]


class Beat(Request):
    """Answers a beat, which shows that the client is still there."""


class Start(Request):
    """Opens a conversation.

    `work`: an altcha payload that solves an earlier `challenge`; `pad`: ignored; `letter`: a letter is
    begun; `ticket`: from a practice page, without which a practice line is answered like an unknown one.
    """

    line: Opaque
    locale: Locale
    urgency: Urgency
    work: Annotated[str, Meta(max_length=4096)] = ""
    pad: Opaque = ""
    letter: bool = False
    ticket: Annotated[str, Meta(max_length=200)] = ""


class Resume(Request):
    """Returns to a conversation with the token that the tab kept, from this or a newer tab."""

    conversation: Id16
    token: Opaque
    since: Seq


class KeepCode(Request):
    """Registers a return code that the caller wrote down: its `hash`, and the `box` that its other half
    opens. If both are null, the code is forgotten."""

    hash: Bytes | None
    box: SecretsBox | None


class Return(Request):
    """Returns to a conversation with a return code, which is used up. `code`: the half that the server
    checks.

    `user`: 32 bytes that the browser drew. With the same bytes it may send the code again when the answer was
    lost.
    """

    line: Opaque
    code: Bytes
    since: Seq
    user: Bytes | None = None


class CallerSync(Request):
    """Asks for the entries above `since`."""

    since: Seq


class WrapFor(Struct, forbid_unknown_fields=True):
    """The secret of the new epoch, sealed for one member."""

    member: Id8
    wrap: Bytes


class HistoryFor(Struct, forbid_unknown_fields=True):
    """The secret of an earlier epoch, sealed for one member."""

    epoch: Epoch
    member: Id8
    wrap: Bytes


class Grant(Request):
    """Opens a new epoch and lets in the members who are present."""

    epoch: Epoch
    wraps: list[WrapFor]
    history: list[HistoryFor]


class CallerPost(Request):
    """Posts a sealed message of the caller. `urgency` raises that of a letter."""

    id: Id16
    epoch: Epoch
    box: Bytes
    urgency: Urgency | None = None


class CallerTyping(Request):
    """Tells that the caller is typing."""


class CallerSeen(Request):
    """Tells that the caller has read up to `seq`."""

    seq: Seq


class CallerLeave(Request):
    """Ends the conversation."""


class Erase(Request):
    """Deletes the conversation at once, for everybody in it."""


class Takeover(Request):
    """Moves this person's seat from another device to this one."""

    conversation: Id16


class Open(Request):
    """Follows a conversation and asks for its entries above `since`."""

    conversation: Id16
    since: Seq


class Sync(Request):
    """Asks for the entries above `since`."""

    conversation: Id16
    since: Seq


class Post(Request):
    """Posts a sealed message. `answers`: the number of a message of a letter's caller, which this answers."""

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
    """Tells that this seat is typing."""

    conversation: Id16


class Seen(Request):
    """Tells that this seat has read up to `seq`."""

    conversation: Id16
    seq: Seq


class Flag(Request):
    """Flags a conversation's risk: 0 none, 1 raised, 2 acute."""

    conversation: Id16
    risk: Literal[0, 1, 2]


class LineProtocol(Request):
    """Asks for the steps that the line's staff take, in order, when a life is at stake."""

    line: Opaque


class Step(Request):
    """Records that a step of the line's protocol was taken in this conversation, or why it was not. It holds
    no word of what was said."""

    conversation: Id16
    step: Annotated[str, Meta(max_length=16)]
    how: Literal["done", "not_needed", "caller_gone", "danger"]


class SeenFlag(Request):
    """Records that a supervisor has seen the risk flag of a conversation of one of their lines."""

    conversation: Id16


class Leave(Request):
    """Leaves the conversation with this seat."""

    conversation: Id16


class Close(Request):
    """Ends the conversation. `reason`: why a letter ends before its caller has seen an answer."""

    conversation: Id16
    reason: Literal["unserious", "unreadable"] | None = None


class Unserious(Request):
    """Ends the conversation as `close` does, and reports that the caller was not serious, so that the line
    asks for work sooner for an hour."""

    conversation: Id16


class ReviewSeat(Struct):
    """The line's review seat in this conversation, and its key. `cert` is null where nobody certifies
    keys."""

    member: str
    key: Bytes
    cert: Cert | None = None


class Keeps(Struct):
    """How many seconds a conversation is kept after its end: `answered` if staff was let in, `unanswered` if
    not. `backups`: until when backups of it can be opened."""

    answered: int
    unanswered: int
    backups: At


class StartOk(Ok):
    """Answer of `start`."""

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
    """A hold by which two supervisors keep the conversation for the line up to `until`, even if its caller
    erases it."""

    reason: HoldReason
    until: At


class ResumeOk(Ok):
    """Answer of `resume`. `path`: of the line's page, for a tab that cannot open what it stored; `shelf`:
    null once its key has ended; `due`: a letter's promise while it runs; `queued`: its caller waits to talk,
    too."""

    member: str
    path: str
    state: str
    epoch: int
    seq: int
    shelf: Bytes | None
    keeps: Keeps
    hold: StandingHold | None
    written: Written | None
    due: At | None
    queued: bool


class ReturnOk(ResumeOk):
    """Answer of `return`. `box`: the secrets, as `keepcode` stored them."""

    conversation: str
    token: str
    box: Bytes


class SyncOk(Ok):
    """Answer of `sync`; the entries follow."""

    seq: int


class GrantOk(Ok):
    """Answer of `grant`."""

    epoch: int


class PostOk(Ok):
    """Answer of `post` and `note`: the message is on disk."""

    seq: int
    at: At


class EraseOk(Ok):
    """Answer of `erase`. `copies`: whether backups of it are unreadable already; if not, they are from the
    time `backups` of `keeps` on. `held`: true where the `hold` alone still keeps the conversation, else left
    out."""

    copies: bool
    held: bool | UnsetType = UNSET
    hold: StandingHold | UnsetType = UNSET


class ProtocolStep(Struct):
    """A step of a line's protocol: what to `do`, what one may `say` with it, and its `label` once it is done.

    `numbers`: services to call. `calls_in`: a colleague or supervisor is asked to join. `tells`: the caller
    is told that others will be called; a step `outside` comes only after that.
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
    """Answer of `lineprotocol`. `urgent`: the services that the line names where there is danger, first
    first."""

    steps: list[ProtocolStep]
    urgent: list[str]


class TakenStep(Struct):
    """A step that was taken, or the reason why it was not. `by`: the alias of the person who recorded it."""

    step: str
    how: str
    at: At
    by: str


class OpenOk(Ok):
    """Answer of `open`; entries, presence and read marks follow.

    `initial`: the conversation's on its line. `risk`: as flagged, always 0 for a partner; `known`: a
    supervisor has seen the flag. `read`: up to which `seq` this seat has read. `steps`: those taken of the
    line's protocol, if the conversation was flagged as acute. `written`, `due` and `share` are a letter's.
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
    written: Written | None
    due: At | None
    share: LetterShare | None


class BeatOut(Frame):
    """Tells the newest `seq` that this socket's seat may see, for each conversation that it follows. The
    client answers with `beat`."""

    to: ClassVar = (CALLER, CONSOLE, DESK)
    at: At
    seqs: dict[str, int]


class HeldOut(Frame):
    """Tells the caller that the line now holds the conversation, or holds it for longer (see
    `StandingHold`)."""

    to: ClassVar = (CALLER,)
    reason: HoldReason
    until: At


class NoticeOut(Frame):
    """Tells that the server restarts, that the client sends too fast, or that the line takes no new
    callers."""

    to: ClassVar = (CALLER, CONSOLE, DESK)
    code: Literal["restarting", "slow_down", "line_closing"]


class TypingOut(Frame):
    """Tells that another member is typing."""

    to: ClassVar = (CALLER, CONSOLE, DESK)
    conversation: str
    by: str


class SeenOut(Frame):
    """Tells that another member has read up to `seq`."""

    to: ClassVar = (CALLER, CONSOLE, DESK)
    conversation: str
    by: str
    seq: int


class PresenceOut(Frame):
    """Tells that another member is here or away. `code`: it is a caller who left by the quick exit and can
    return only with a return code."""

    to: ClassVar = (CALLER, CONSOLE, DESK)
    conversation: str
    member: str
    here: bool
    code: bool


class AllowedOut(Frame):
    """Tells which requests this seat may send now."""

    to: ClassVar = (CONSOLE, DESK)
    conversation: str
    allowed: list[str]


class GoneOut(Frame):
    """Tells that the conversation was deleted, or hidden from everybody in it."""

    to: ClassVar = (CONSOLE,)
    conversation: str


class FlaggedOut(Frame):
    """Tells that a conversation's risk flag changed or a step was taken. `known`: a supervisor has seen the
    flag."""

    to: ClassVar = (CONSOLE,)
    conversation: str
    risk: int
    known: bool
    steps: list[TakenStep]
