"""Plays a busy evening in domain calls, on a clock of its own: callers with different patience and urgency,
and counsellors who pause between two conversations and take breaks. Everything is drawn with its seed."""

import heapq
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from itertools import count
from random import Random

from chat.conversation import endings
from chat.conversation.seats import Seat
from chat.models import Conversation, Line
from counsellors import duty
from helpline.lib.errors import Conflict, NotFound
from tests.support.domain.cast import Caller, Counsellor, a_caller, a_counsellor

SLOTS = 3
NAMES = ("Carla", "Daan", "Fatma", "Geert", "Henk", "Iris", "Joris", "Kim")


@dataclass
class Evening:
    """Holds what happened: the rows in the database, and by conversation `promised` and `waited`."""

    line: Line
    begin: datetime
    seed: int
    callers: int = 200
    hours: float = 4.3
    promised: dict[str, tuple[int, int] | None] = field(default_factory=dict)
    waited: dict[str, timedelta] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self.now = self.begin
        self.dice = Random(self.seed)
        self.waiting: dict[str, Caller] = {}
        self.idle: set[tuple[int, int]] = set()  # counsellor and slot
        self.agenda: list[tuple[datetime, int, Callable[[], None]]] = []
        self.number = count()
        self.counsellors = [a_counsellor(name, self.line, slots=SLOTS, now=self.begin) for name in NAMES]
        self.talks = [0] * len(NAMES)
        self.back = [self.begin] * len(NAMES)
        for _ in range(self.callers):
            self._in(self.dice.uniform(0, self.hours * 60), self._somebody_calls)
        for who in range(len(NAMES)):
            for slot in range(SLOTS):
                self._in(self.dice.uniform(0, 5), self._asks_for_the_next, who, slot)

    def play(self, *, until: float = 24.0) -> None:
        """Plays until this many hours after the beginning, or until everybody has gone."""
        while self.agenda and self.agenda[0][0] <= self.begin + timedelta(hours=until):
            self.now, _, action = heapq.heappop(self.agenda)
            action()

    def _in(self, minutes: float, action: Callable[..., None], *facts: object) -> None:
        at = self.now + timedelta(minutes=minutes)
        heapq.heappush(self.agenda, (at, next(self.number), lambda: action(*facts)))

    def _somebody_calls(self) -> None:
        urgency = self.dice.choices((0, 1, 2), (80, 12, 8))[0]
        caller = a_caller(self.line.pk, urgency=urgency, now=self.now)
        row = Conversation.objects.get(pk=caller.conversation)
        shown = (row.promised_low, row.promised_high)
        self.promised[caller.conversation] = None if None in shown else shown  # type: ignore[assignment]
        self.waiting[caller.conversation] = caller
        self._in(self.dice.expovariate(1 / 60), self._hangs_up, caller)
        for who, slot in sorted(self.idle):
            self._in(self.dice.uniform(0.1, 1), self._looks_up, who, slot)

    def _looks_up(self, who: int, slot: int) -> None:
        if (who, slot) in self.idle and self.waiting:
            self._asks_for_the_next(who, slot)

    def _hangs_up(self, caller: Caller) -> None:
        if self.waiting.pop(caller.conversation, None):
            endings.leave(caller.seat, now=self.now)

    def _asks_for_the_next(self, who: int, slot: int) -> None:
        if self.now < self.back[who]:
            self._in(
                (self.back[who] - self.now).total_seconds() / 60 + 0.1, self._asks_for_the_next, who, slot
            )
            return
        counsellor = self.counsellors[who]
        self.idle.discard((who, slot))
        try:
            seat = counsellor.takes_next(self.now)
        except NotFound:
            self.idle.add((who, slot))
        except Conflict:
            return  # it was asked twice
        else:
            caller = self.waiting.pop(seat.conversation)
            self._in(0.05, self._is_let_in, caller, seat, who, slot)

    def _is_let_in(self, caller: Caller, seat: Seat, who: int, slot: int) -> None:
        caller.grants(self.now)
        opened = Conversation.objects.get(pk=caller.conversation).opened_at
        self.waited[caller.conversation] = self.now - opened
        self._in(self.dice.uniform(5, 60), self._ends, seat, who, slot)

    def _ends(self, seat: Seat, who: int, slot: int) -> None:
        endings.close(seat, now=self.now)
        self.talks[who] += 1
        if self.talks[who] % 8 == 0:
            self._takes_a_break(self.counsellors[who], who)
        self._in(self.dice.uniform(0.5, 4), self._asks_for_the_next, who, slot)

    def _takes_a_break(self, counsellor: Counsellor, who: int) -> None:
        self.back[who] = self.now + timedelta(minutes=12)
        duty.change(counsellor.person, "break", SLOTS, now=self.now)
        self._in(12, self._is_back, counsellor)

    def _is_back(self, counsellor: Counsellor) -> None:
        duty.change(counsellor.person, "on", SLOTS, now=self.now)
