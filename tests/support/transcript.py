"""Represents a conversation as one seat gets it: entries in order, who is in it, secrets, and what it can
read."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Literal

from tests.support.frames import Frame
from tests.support.sealing import (
    BRIEF,
    CASE,
    INTAKE,
    MESSAGE,
    NOTE,
    DeviceKey,
    Seat,
    Unverified,
    check_header,
    decrypt,
    open_history,
    open_wrap,
    roster_hash,
    unb64url,
)

BOXES = frozenset({"message", "note"})


@dataclass(frozen=True)
class Reading:
    """One message or note as the page shows it: its text, or why there is none.

    `text` is None with a `fault` ("could not be verified") or without one ("from before you could read").
    """

    seq: int
    by: str
    kind: int | None
    id: str
    text: str | None
    fault: str | None = None


@dataclass(frozen=True)
class _Moment:
    """Holds what the log said just before a box: the last granted epoch, and who of its members was still
    present."""

    epoch: int
    present: frozenset[str]
    repeated: bool


@dataclass
class Transcript:
    """Holds the log of one conversation for the seat `me` (ids in base64url); a `device` opens wraps."""

    conversation: str
    me: str
    device: DeviceKey | None = None
    entries: dict[int, Frame] = field(default_factory=dict)
    newest: int = 0
    duplicates: int = 0
    secrets: dict[int, bytes] = field(default_factory=dict)
    unverified_epochs: dict[int, str] = field(default_factory=dict)
    seats: dict[str, Seat] = field(default_factory=dict)
    present: set[str] = field(default_factory=set)
    caller: str = ""
    epoch: int = 0
    granted: frozenset[str] = frozenset()
    left_since_granted: bool = False
    ended: str | None = None
    gone: bool = False
    _moments: dict[int, _Moment] = field(default_factory=dict)
    _ids: set[tuple[str, str]] = field(default_factory=set)

    def add(self, entry: Frame) -> Literal["new", "known", "gap"]:
        """Take an entry if it is the next one; a known `seq` is dropped, after a gap ask `sync`."""
        if entry["seq"] in self.entries:
            self.duplicates += 1
            return "known"
        if entry["prev"] != self.newest:
            return "gap"
        self.entries[entry["seq"]] = entry
        self.newest = entry["seq"]
        follow = getattr(self, f"_on_{entry['kind']}", None)
        if follow is not None:
            follow(entry)
        return "new"

    @property
    def conversation_id(self) -> bytes:
        """Returns the 16 bytes."""
        return unb64url(self.conversation)

    @property
    def seen(self) -> list[tuple[int, str]]:
        """Returns (seq, id) of each message, in the order in which they came."""
        return [(seq, entry["id"]) for seq, entry in self.entries.items() if entry["kind"] == "message"]

    def of(self, kind: str, **fields: object) -> list[Frame]:
        """Returns the entries of one kind with these fields."""
        found = (entry for entry in self.entries.values() if entry["kind"] == kind)
        return [entry for entry in found if all(entry.get(name) == value for name, value in fields.items())]

    def readings(self) -> list[Reading]:
        """Returns all messages and notes, read with the present secrets."""
        return [self._read(entry) for entry in self.entries.values() if entry["kind"] in BOXES]

    def texts(self, entry_kind: str = "message") -> list[str | None]:
        """Returns the texts of all messages, or notes; None for one that does not open."""
        return [self._read(entry).text for entry in self.entries.values() if entry["kind"] == entry_kind]

    def roster(self, members: Iterable[str]) -> list[Seat]:
        """Returns the seats of these members by the `joined` entries. Raises KeyError for one that never
        joined."""
        return [self.seats[member] for member in members]

    def _on_opened(self, entry: Frame) -> None:
        self.caller = entry["by"]

    def _on_joined(self, entry: Frame) -> None:
        member = entry["member"]
        self.seats[member] = Seat(unb64url(member), entry["role"], unb64url(entry["key"]))
        self.present.add(member)

    def _on_left(self, entry: Frame) -> None:
        self.present.discard(entry["member"])
        self.left_since_granted = True
        self.gone = self.gone or entry["member"] == self.me

    def _on_granted(self, entry: Frame) -> None:
        self.epoch, self.granted = entry["epoch"], frozenset(entry["members"])
        self.left_since_granted = False
        if self.device is not None and self.me in self.granted:
            self._open_wraps(entry, self.device)

    def _on_message(self, entry: Frame) -> None:
        who = (entry["by"], entry["id"])
        self._moments[entry["seq"]] = _Moment(
            self.epoch, self.granted & self.present | {self.caller}, who in self._ids
        )
        self._ids.add(who)

    _on_note = _on_message

    def _on_ended(self, entry: Frame) -> None:
        self.ended = entry["reason"]

    def _open_wraps(self, entry: Frame, device: DeviceKey) -> None:
        mine, number = unb64url(self.me), entry["epoch"]
        try:
            if entry["wrap"] is not None:
                roster = roster_hash(self.conversation_id, number, self.roster(entry["members"]))
                self.secrets[number] = open_wrap(
                    device, unb64url(entry["wrap"]), self.conversation_id, number, mine, roster=roster
                )
        except (Unverified, KeyError) as error:
            self.unverified_epochs[number] = repr(error)
        for earlier in entry["history"]:
            try:
                secret = open_history(
                    device, unb64url(earlier["wrap"]), self.conversation_id, earlier["epoch"], mine
                )
            except Unverified as error:
                self.unverified_epochs[earlier["epoch"]] = repr(error)
            else:
                self.secrets.setdefault(earlier["epoch"], secret)

    def _read(self, entry: Frame) -> Reading:
        shown = (entry["seq"], entry["by"])
        try:
            kind = self._checked_kind(entry)
            secret = self.secrets.get(entry["epoch"])
            text = decrypt(secret, unb64url(entry["box"])) if secret else None
        except (Unverified, ValueError) as error:
            return Reading(*shown, None, entry["id"], None, str(error))
        return Reading(*shown, kind, entry["id"], text)

    def _checked_kind(self, entry: Frame) -> int:
        """Checks what needs the log, and what the header alone shows."""
        moment = self._moments[entry["seq"]]
        if entry["epoch"] != moment.epoch:
            raise Unverified(f"epoch {entry['epoch']} where {moment.epoch} was granted last")
        if entry["by"] not in moment.present:
            raise Unverified("the sender is neither the caller nor granted and present")
        if moment.repeated:
            raise Unverified("the id was already at another seq")
        kind = check_header(
            unb64url(entry["box"]),
            self.conversation_id,
            entry["epoch"],
            unb64url(entry["by"]),
            unb64url(entry["id"]),
        )
        if kind not in self._kinds(entry):
            raise Unverified(f"kind {kind} does not fit the entry")
        return kind

    def _kinds(self, entry: Frame) -> tuple[int, ...]:
        if entry["kind"] == "note":
            return (NOTE,)
        return (MESSAGE, INTAKE, CASE) if entry["by"] == self.caller else (MESSAGE, BRIEF, CASE)
