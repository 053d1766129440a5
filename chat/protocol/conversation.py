"""Opening, seats, grants, posting, who is here, risk, and the ends of a conversation; its log: entries.py."""

from typing import Annotated, ClassVar, Literal

from msgspec import UNSET, Meta, Struct, UnsetType

from chat.protocol.entries import Cert
from chat.protocol.fields import At, Bytes, Epoch, HoldReason, Id8, Id16, Locale, Opaque, Seq, Texts, Urgency
from chat.protocol.frames import CALLER, CONSOLE, DESK, Frame, Ok, Request

# At most 12 KiB, in base64url.
type SecretsBox = Annotated[Bytes, Meta(max_length=16_384)]


class Beat(Request):
    """Answers a beat: still here."""


class Start(Request):
    """Opens a conversation. `work`: an altcha payload, the answer to a challenge; `pad`: ignored; `ticket`:
    of a page to practise on, without which a practice line is an unknown one.
    """

    line: Opaque
    locale: Locale
    urgency: Urgency
    work: Annotated[str, Meta(max_length=4096)] = ""
    pad: Opaque = ""
    ticket: Annotated[str, Meta(max_length=200)] = ""


class Resume(Request):
    """Comes back to a conversation, in this or a newer tab."""

    conversation: Id16
    token: Opaque
    since: Seq


class KeepCode(Request):
    """A return code that the caller wrote down: its hash, and what it opens. Both null forget it."""

    hash: Bytes | None
    box: SecretsBox | None


class Return(Request):
    """Comes back with a return code, which is used up: `code` is the half that the server checks.

    `user`: 32 bytes that the browser drew; with them it may ask again, should the answer be lost.
    """

    line: Opaque
    code: Bytes
    since: Seq
    user: Bytes | None = None


class CallerSync(Request):
    """Asks for the entries above `since`."""

    since: Seq


class WrapFor(Struct, forbid_unknown_fields=True):
    """The new epoch's secret for one member."""

    member: Id8
    wrap: Bytes


class HistoryFor(Struct, forbid_unknown_fields=True):
    """An earlier epoch's secret for one member."""

    epoch: Epoch
    member: Id8
    wrap: Bytes


class Grant(Request):
    """Makes a new epoch and lets in those who are present."""

    epoch: Epoch
    wraps: list[WrapFor]
    history: list[HistoryFor]


class CallerPost(Request):
    """A sealed message."""

    id: Id16
    epoch: Epoch
    box: Bytes


class CallerTyping(Request):
    """The caller is typing."""


class CallerSeen(Request):
    """Read up to `seq`."""

    seq: Seq


class CallerLeave(Request):
    """Ends the conversation."""


class Erase(Request):
    """Deletes the conversation at once, for everybody."""


class Takeover(Request):
    """Moves this person's seat from another device to this one."""

    conversation: Id16


class Open(Request):
    """Follows a conversation from `since` on."""

    conversation: Id16
    since: Seq


class Sync(Request):
    """Asks for the entries above `since`."""

    conversation: Id16
    since: Seq


class Post(Request):
    """A sealed message."""

    conversation: Id16
    id: Id16
    epoch: Epoch
    box: Bytes


class Note(Request):
    """A sealed note for the line's staff."""

    conversation: Id16
    id: Id16
    epoch: Epoch
    box: Bytes


class Typing(Request):
    """This seat is typing."""

    conversation: Id16


class Seen(Request):
    """Read up to `seq`."""

    conversation: Id16
    seq: Seq


class Flag(Request):
    """Marks a risk: 0 none, 1 raised, 2 acute."""

    conversation: Id16
    risk: Literal[0, 1, 2]


class LineProtocol(Request):
    """What staff of a line do when a life is at stake, in order."""

    line: Opaque


class Step(Request):
    """A step of it was taken in this conversation, or why not. No word of what was said."""

    conversation: Id16
    step: Annotated[str, Meta(max_length=16)]
    how: Literal["done", "not_needed", "caller_gone", "danger"]


class SeenFlag(Request):
    """A supervisor has seen the flag of a conversation of one of their lines."""

    conversation: Id16


class Leave(Request):
    """This seat leaves."""

    conversation: Id16


class Close(Request):
    """Ends the conversation."""

    conversation: Id16


class Unserious(Request):
    """Ends the conversation, too: this caller is not serious. The line asks more of who comes next."""

    conversation: Id16


class ReviewSeat(Struct):
    """A member with its key. `cert` is null where nobody certifies keys."""

    member: str
    key: Bytes
    cert: Cert | None = None


class Keeps(Struct):
    """How long a conversation stays after its end, in seconds, and until when backups can be opened."""

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
    keeps: Keeps


class StandingHold(Struct):
    """Two supervisors keep the conversation for the line until then, whoever erases it, and why."""

    reason: HoldReason
    until: At


class ResumeOk(Ok):
    """Answer of `resume`. `path`: of the line's page, for a tab that cannot open what it kept."""

    member: str
    path: str
    state: str
    epoch: int
    seq: int
    shelf: Bytes | None
    keeps: Keeps
    hold: StandingHold | None


class ReturnOk(ResumeOk):
    """Answer of `return`. `box`: the secrets, as `keepcode` brought them."""

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
    """Answer of `post`: it is on disk."""

    seq: int
    at: At


class EraseOk(Ok):
    """Answer of `erase`. `copies`: those are gone too; if not, at D. `held`: kept for the `hold` alone."""

    copies: bool
    held: bool | UnsetType = UNSET
    hold: StandingHold | UnsetType = UNSET


class ProtocolStep(Struct):
    """A step: what to do, what may be said with it, and its `label` once it is done.

    `numbers`: services to call. `calls_in`: somebody is asked in. `tells` the caller that others are called;
    nothing `outside` before it.
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
    """Answer of `lineprotocol`."""

    steps: list[ProtocolStep]


class TakenStep(Struct):
    """A step that was taken, or why it was not; `by`: an alias."""

    step: str
    how: str
    at: At
    by: str


class OpenOk(Ok):
    """Answer of `open`; entries, presence and seen follow.

    `letter`: of the conversation on its line. `risk`: as flagged, 0 for a partner. `read`: its `seen`.
    `steps`: of the line's protocol, where it was flagged as acute.
    """

    member: str
    line: str
    locale: str
    urgency: int
    state: str
    epoch: int
    seq: int
    allowed: list[str]
    letter: str
    risk: int
    known: bool
    steps: list[TakenStep]
    read: int


class BeatOut(Frame):
    """For each conversation that the socket follows, the newest `seq` that its seat may see."""

    to: ClassVar = (CALLER, CONSOLE, DESK)
    at: At
    seqs: dict[str, int]


class HeldOut(Frame):
    """The line holds the conversation from now on, or for longer: see `StandingHold`."""

    to: ClassVar = (CALLER,)
    reason: HoldReason
    until: At


class NoticeOut(Frame):
    """Something about the connection or the line."""

    to: ClassVar = (CALLER, CONSOLE, DESK)
    code: Literal["restarting", "slow_down", "line_closing"]


class TypingOut(Frame):
    """Somebody else is typing."""

    to: ClassVar = (CALLER, CONSOLE, DESK)
    conversation: str
    by: str


class SeenOut(Frame):
    """Somebody else has read up to `seq`."""

    to: ClassVar = (CALLER, CONSOLE, DESK)
    conversation: str
    by: str
    seq: int


class PresenceOut(Frame):
    """Somebody else is here, or away. `code`: a caller who left quickly, and can return by code only."""

    to: ClassVar = (CALLER, CONSOLE, DESK)
    conversation: str
    member: str
    here: bool
    code: bool


class AllowedOut(Frame):
    """The requests that this seat may send now."""

    to: ClassVar = (CONSOLE, DESK)
    conversation: str
    allowed: list[str]


class GoneOut(Frame):
    """The conversation is gone."""

    to: ClassVar = (CONSOLE,)
    conversation: str


class FlaggedOut(Frame):
    """A conversation's risk flag changed, or a step was taken. `known`: a supervisor has seen the flag."""

    to: ClassVar = (CONSOLE,)
    conversation: str
    risk: int
    known: bool
    steps: list[TakenStep]
