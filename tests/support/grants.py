"""Decides as the caller's browser does whom to let in, with which new secret, and with which earlier ones."""

from dataclasses import dataclass, field
from typing import Any

from tests.support.frames import Frame
from tests.support.sealing import b64url, fresh_secret, roster_hash, seats_hash, unb64url, wrap, wrap_history
from tests.support.transcript import Transcript

LINE_ROLES = frozenset({"counsellor", "colleague"})
KEYS = frozenset({"letters", "review"})
HISTORY_IN_A_FRAME = 55  # of 200 bytes each, beside the wraps, within 16 KiB


@dataclass
class Card:
    """Holds the caller's yes to a partner: the service on the card, and whether it may read what was said."""

    service: str | None
    history: bool
    used: bool = False


@dataclass(frozen=True)
class Flight:
    """Holds the one grant in flight; its secret is stored before it is sent."""

    epoch: int
    secret: bytes
    members: frozenset[str]
    history: frozenset[tuple[int, str]]
    changes: int
    lefts: int


@dataclass
class Grants:
    """Holds the grants of one conversation. `review` and `letters` are the keys named in `start`, base64url,
    if there are any; `seats` is the hash of both in the box of a return code. `current` is the server's epoch
    as far as known, `counted` the highest of ours that was ever ok, and below `least` nothing is sealed."""

    talk: Transcript
    review: str | None = None
    letters: str | None = None
    seats: bytes | None = None
    current: int = 0
    counted: int = 0
    least: int = 0
    members: frozenset[str] = frozenset()
    in_flight: Flight | None = None
    not_let_in: dict[str, str] = field(default_factory=dict)
    cards: dict[str, Card] = field(default_factory=dict)
    partner_only: set[int] = field(default_factory=set)
    given: set[tuple[int, str]] = field(default_factory=set)
    owed: set[tuple[int, str]] = field(default_factory=set)
    _checked: dict[str, Frame] = field(default_factory=dict)
    _changes: int = 0
    _answered: int = 0
    _lefts: int = 0
    _lefts_answered: int = 0

    @property
    def due(self) -> bool:
        """Returns whether a grant has to be sent, and may be: nobody is present who was not let in."""
        if self.talk.ended or self.not_let_in.keys() & self.talk.present:
            return False
        owing = any(member in self.talk.present for _, member in self.owed)
        return self._changes != self._answered or owing or not self.newest_counts

    @property
    def newest_counts(self) -> bool:
        """Returns whether the present epoch's secret is ours and its number is above those that the server
        has undone."""
        return self.current in self.talk.secrets and self.current >= self.least

    @property
    def may_seal(self) -> bool:
        """Returns whether something may be sealed into `current`: nothing after a `left` until our grant is
        ok."""
        return self.newest_counts and self._lefts == self._lefts_answered

    def took(self, entry: Frame) -> None:
        """Follow a new entry of the log."""
        match entry["kind"]:
            case "joined":
                self._joined(entry)
            case "left":
                self._changes += 1
                self._lefts += 1
            case "granted":
                self._granted(entry)

    def resumed(self, epoch: int) -> None:
        """Take the `epoch` of a `resume`: it tells whether the grant in flight counted."""
        if self.in_flight is not None and self.in_flight.epoch == epoch:
            self.count(self.in_flight)
        self.throw_away(epoch)

    def draw(self) -> Flight:
        """Makes the next grant, with a fresh secret that is stored from now on."""
        epoch, present = self.current + 1, frozenset(self.talk.present)
        for newcomer in present - self.members:
            self.owed |= {(earlier, newcomer) for earlier in self._may_read(newcomer, epoch)}
        self.owed -= self.given
        possible = sorted(pair for pair in self.owed if pair[1] in present and pair[0] < epoch)
        history = frozenset(possible[:HISTORY_IN_A_FRAME])
        self.in_flight = Flight(epoch, fresh_secret(), present, history, self._changes, self._lefts)
        return self.in_flight

    def count(self, flight: Flight) -> None:
        """Notes that a grant is ok, so that its epoch counts."""
        self.in_flight = None
        self.talk.secrets[flight.epoch] = flight.secret
        self.current, self.counted = flight.epoch, max(self.counted, flight.epoch)
        self.members = flight.members
        self.given |= flight.history
        self.owed -= flight.history
        self._answered, self._lefts_answered = flight.changes, flight.lefts
        self._note_line(flight.epoch, flight.members)

    def throw_away(self, epoch: int | None = None) -> None:
        """Drops the grant in flight, which was refused. The refusal may name the current epoch."""
        self.in_flight = None
        if epoch is not None:
            self.current = epoch
            # The number is lower than one that counted, by a lie or a restored backup. Nothing is sealed
            # until a number is above all that counted.
            self.least = self.counted + 1 if epoch < self.counted else self.least

    def fields(self, flight: Flight) -> dict[str, Any]:
        """Returns the fields of the request `grant`."""
        conversation, seats = self.talk.conversation_id, self.talk.seats
        members = self.talk.roster(sorted(flight.members))
        roster = roster_hash(conversation, flight.epoch, members)
        wraps = [(seat, wrap(flight.secret, conversation, flight.epoch, seat, roster)) for seat in members]
        history = [
            (number, member, wrap_history(self.talk.secrets[number], conversation, number, seats[member]))
            for number, member in sorted(flight.history)
        ]
        return {
            "epoch": flight.epoch,
            "wraps": [{"member": b64url(seat.member), "wrap": b64url(wrapped)} for seat, wrapped in wraps],
            "history": [
                {"epoch": number, "member": member, "wrap": b64url(wrapped)}
                for number, member, wrapped in history
            ],
        }

    def _note_line(self, epoch: int, members: frozenset[str]) -> None:
        if not members <= self.talk.seats.keys():
            return  # `resume` says that it counted before the log is here; its own `granted` follows
        roles = {self.talk.seats[member].role for member in members}
        if "partner" in roles and not roles & LINE_ROLES:
            self.partner_only.add(epoch)

    def _joined(self, entry: Frame) -> None:
        self._changes += 1
        reason = self._why_not(entry)
        if reason:
            self.not_let_in[entry["member"]] = reason
        elif entry["role"] == "partner":
            self.cards[entry["invitation"]].used = True
        self._checked[entry["member"]] = entry

    def _why_not(self, entry: Frame) -> str | None:
        others = [self._checked[member] for member in self.talk.present - {entry["member"]}]
        role, service = entry["role"], entry["service"]
        if entry["member"] in self._checked:
            return "the member id is not new"
        if entry["key"] in {other["key"] for other in others}:
            return "another present member has that key"
        if role in KEYS:
            return self._why_not_key(entry, others)
        if role == "partner":
            card = self.cards.get(entry["invitation"])
            fits = card is not None and not card.used and card.service == service
            return None if fits else "no yes was said to this invitation of this service"
        if role in LINE_ROLES:
            return None if service is None else "somebody of the line with a service"
        return f"the role {role}"

    def _why_not_key(self, entry: Frame, others: list[Frame]) -> str | None:
        """Returns why a line's own key is not let in: it has to be that of `start` or, in a letter that was
        opened by its code, of the box."""
        role = entry["role"]
        if self.seats:
            keys = {other["role"]: unb64url(other["key"]) for other in (*others, entry)}
            fits = not keys.keys() >= KEYS or seats_hash(keys["letters"], keys["review"]) == self.seats
            return None if fits else "not the keys that were checked at the start"
        twice = any(other["role"] == role for other in others)
        named = self.review if role == "review" else self.letters
        return f"not the {role} key named in start" if twice or entry["key"] != named else None

    def _granted(self, entry: Frame) -> None:
        self.current = max(self.current, entry["epoch"])
        self._note_line(entry["epoch"], frozenset(entry["members"]))
        if entry["epoch"] == self.current and self.current in self.talk.secrets:
            # This entry answers everybody who joined or left before it in the log: the server accepts a grant
            # only for exactly those present.
            self.counted = max(self.counted, self.current)
            self.members = frozenset(entry["members"])
            self._answered, self._lefts_answered = self._changes, self._lefts

    def _may_read(self, newcomer: str, epoch: int) -> list[int]:
        joined = self._checked[newcomer]
        ours = [number for number in self.talk.secrets if number < epoch]
        if joined["role"] == "partner":
            return ours if self.cards[joined["invitation"]].history else []
        return [number for number in ours if number not in self.partner_only]
