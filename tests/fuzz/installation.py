"""Makes an installation with people, and its consumers without a network. It knows what a socket may leave
behind."""

import asyncio
import contextlib
import json
import secrets
import sqlite3
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from channels.exceptions import StopConsumer
from django.conf import settings
from django.db import connection

from chat import protocol
from chat.bells import ringing
from chat.consumers import board_news, heartbeats, leases, queue_news
from chat.consumers.base import INTERNAL, Consumer
from chat.consumers.caller import CallerConsumer
from chat.consumers.console import ConsoleConsumer
from chat.consumers.desk import DeskConsumer
from chat.conversation.seats import Seat
from chat.models import Line, Member, Service
from counsellors.models import Person
from helpline.lib import clock, encoding
from tests.support.domain.cast import Caller, Counsellor, a_box, a_caller, a_partner, a_point

# These are written unasked: the record of refusals, and that somebody is there.
UNASKED = (
    "counsellors_auditrow",
    "counsellors_audithead",
    "chat_lease",
    "counsellors_duty",
    "sqlite_sequence",
)
UNASKED_COLUMNS = frozenset({"here", "presence_since", "used_at"})
SETTLED = 2.0


class Store:
    """Watches the test's database from outside, and can restore its first state."""

    def __init__(self) -> None:
        self.outside = sqlite3.connect(connection.settings_dict["NAME"], timeout=10)
        self.beginning = sqlite3.connect(":memory:")
        self.outside.backup(self.beginning)
        tables = self.outside.execute("SELECT name FROM sqlite_master WHERE type = 'table' ORDER BY name")
        names = [name for (name,) in tables if name not in UNASKED]
        self.columns = {name: self._columns(name) for name in names}
        self.first = self.rows()
        self.known = self.version

    @property
    def version(self) -> int:
        """Returns a number that differs after each commit of anybody."""
        return int(self.outside.execute("PRAGMA data_version").fetchone()[0])

    def rows(self) -> dict[str, list[Any]]:
        return {
            name: self.outside.execute(f'SELECT {columns} FROM "{name}"').fetchall()  # noqa: S608 – our tables
            for name, columns in self.columns.items()
        }

    def begin_anew(self) -> None:
        """Restores the first state, also of the journal: if it has an erasure that the database does not
        know, no socket opens."""
        if self.version != self.known:
            self.beginning.backup(self.outside)
            settings.JOURNAL.unlink(missing_ok=True)
            self.known = self.version

    def close(self) -> None:
        self.outside.close()
        self.beginning.close()

    def _columns(self, table: str) -> str:
        found = self.outside.execute(f'PRAGMA table_info("{table}")').fetchall()
        return ", ".join(f'"{row[1]}"' for row in found if row[1] not in UNASKED_COLUMNS)


@dataclass
class Installation:
    """Holds the installation: Anna talks with Carla, Bilal waits, Floor supervises, Gijs works for CSG, and
    there is a guest."""

    anna: Caller
    carla: Counsellor
    floor: Counsellor
    gijs: Counsellor
    guest: Seat
    things: dict[str, Any]

    @classmethod
    def furnished(cls, line: Line, carla: Counsellor, floor: Counsellor) -> "Installation":
        csg = Service.objects.create(slug="csg", name="CSG", desk=True)
        anna = a_caller()
        carla.takes_next()
        anna.grants()
        now = clock.now()
        guest = Member.objects.create(
            conversation_id=a_caller().conversation, role="partner", joined_seq=2, joined_at=now,
            presence_since=now, key=secrets.token_bytes(65),
        )  # fmt: skip
        box = a_box(anna.seat, epoch=1, message=(message := encoding.new_id()))
        things = {
            "line": line.pk, "locale": "nl", "language": "nl", "conversation": anna.conversation, "since": 0,
            "epoch": 1,
            "token": anna.opened.token, "member": guest.pk, "person": carla.person.handle,
            "device": carla.device.pk, "service": "csg", "id": message, "box": encoding.encode(box),
            "key": encoding.encode(a_point()), "week": [[]] * 7, "to": {"line": line.pk},
        }  # fmt: skip
        seat = Seat(guest.conversation_id, guest.pk, guest.role)
        carla, floor, gijs = map(_with_roles, (carla, floor, a_partner("Gijs", csg)))
        return cls(anna, carla, floor, gijs, seat, things)

    def visitors(self) -> dict[str, Callable[[], Consumer]]:
        """Returns every kind of socket, before and after its opening frame."""
        return {
            "a page": lambda: _page(None),
            "a page that waits or talks": lambda: _page(self.anna.seat),
            "a console": lambda: _console(self.carla, greeted=False),
            "a counsellor": lambda: _console(self.carla),
            "a counsellor whose browser is not proven": lambda: _console(self.carla, proven=False),
            "a supervisor": lambda: _console(self.floor),
            "a partner": lambda: _console(self.gijs),
            "a desk": lambda: _desk(None),
            "a guest": lambda: _desk(self.guest),
        }


def _with_roles(who: Counsellor) -> Counsellor:
    """Returns the person with their roles, as a consumer knows them, without a query."""
    return Counsellor(Person.objects.prefetch_related("role_rows").get(pk=who.person.pk), who.device)


async def _admitted() -> bool:
    return True


def _page(seat: Seat | None) -> Consumer:
    consumer = CallerConsumer()
    if seat is not None:
        consumer.opened = True
        consumer.sit(seat, "helpwanted", since=0)
    return consumer


def _console(who: Counsellor, *, greeted: bool = True, proven: bool = True) -> Consumer:
    consumer = ConsoleConsumer()
    consumer.admit = _admitted  # type: ignore[method-assign]
    consumer.person = who.person
    consumer.cards, consumer.opened = {}, greeted
    if greeted and proven:
        consumer.device = who.device
    return consumer


def _desk(seat: Seat | None) -> Consumer:
    consumer = DeskConsumer()
    if seat is not None:
        consumer.own_seat, consumer.opened = seat, True
    return consumer


@dataclass
class Visit:
    """Represents one socket, with what it sends and what it is answered."""

    consumer: Consumer
    store: Store
    sent: list[dict[str, Any]] = field(default_factory=list)
    codes: list[int] = field(default_factory=list)

    async def arrives(self) -> None:
        self.consumer.scope = {"type": "websocket", "subprotocols": [protocol.SUBPROTOCOL], "headers": []}  # type: ignore[typeddict-item]
        self.consumer.base_send = self._sent  # type: ignore[assignment]
        await self.consumer.dispatch({"type": "websocket.connect"})
        self.known = self.store.version, self.store.first

    async def sends(self, frame: str | bytes) -> None:
        """Sends a frame, and checks that there is exactly one reply, no failure of ours, and no change if it
        was refused."""
        before = len(self.sent)
        text, data = (frame, None) if isinstance(frame, str) else (None, frame)
        await self.consumer.dispatch({"type": "websocket.receive", "text": text, "bytes": data})
        replies = await self._replies(before)
        assert INTERNAL not in self.codes, "closed with 1011"
        assert len(replies) == 1 or (self.consumer.closed and not replies), replies
        if (version := self.store.version) != self.known[0]:
            rows = self.store.rows()
            if not replies or replies[0]["type"] == "error":
                changed = [name for name in rows if rows[name] != self.known[1][name]]
                assert not changed, f"refused ({replies}), and yet written: {changed}"
            self.known = version, rows

    async def _replies(self, before: int) -> list[dict[str, Any]]:
        """Waits for the replies. They come at once, except a beat's, which waits for the lease."""
        loop = asyncio.get_running_loop()
        until = loop.time() + SETTLED
        while True:
            replies = [found for found in self.sent[before:] if found["type"] in {"ok", "error"}]
            if replies or self.consumer.closed or loop.time() > until:
                return replies
            await asyncio.sleep(0.001)

    @property
    def answers(self) -> list[str]:
        return [found.get("code", found["type"]) for found in self.sent if found["type"] in {"ok", "error"}]

    async def goes(self) -> None:
        with contextlib.suppress(StopConsumer):
            await self.consumer.dispatch({"type": "websocket.disconnect"})

    async def _sent(self, message: dict[str, Any]) -> None:
        if message["type"] == "websocket.send":
            self.sent.append(json.loads(message["text"]))
        elif message["type"] == "websocket.close":
            self.codes.append(message["code"])


def topics() -> set[str]:
    """Returns the topics that a socket listens to. A line's topic is listened to by the process."""
    return {topic for topic in ringing._listeners if not topic.startswith("line:")}


def left_behind(tasks: int, others: set[str]) -> list[str]:
    """Returns what a process still holds of closed sockets. `tasks` are its own, `others` are an earlier
    test's."""
    found = {
        "consumers": len(heartbeats.consumers()),
        "leases": len(leases._heard) + len(leases._confirming),
        "topics": len(topics() - others),
        "line listeners": max(0, max(map(len, ringing._listeners.values()), default=0) - 3),
        "waiting": sum(
            len(line.waiting) + len(line.watching) + len(line.told) for line in queue_news._lines.values()
        ),
        "viewers": sum(len(view.viewers) for view in board_news.VIEWS.values()),
        "tasks": len(asyncio.all_tasks()) - tasks,
    }
    return [f"{many} {name}" for name, many in found.items() if many > 0]


async def settled(tasks: int, others: set[str]) -> list[str]:
    """Waits until running tasks are done. Returns what is left."""
    until = asyncio.get_running_loop().time() + SETTLED
    while (left := left_behind(tasks, others)) and asyncio.get_running_loop().time() < until:  # noqa: ASYNC110
        await asyncio.sleep(0.005)
    ringing._tower.pending.clear()
    return left
