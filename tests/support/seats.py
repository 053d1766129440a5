"""Implements what callers and staff have in common: logs kept without a gap, and posts that survive
faults."""

import asyncio
from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any, NamedTuple

from tests.support.frames import Disconnected, Frame, Refused
from tests.support.sealing import Item, b64url, unb64url
from tests.support.transcript import Transcript
from tests.support.wire import WireClient

SYNC_ROUNDS = 20


class Posted(NamedTuple):
    """Holds an acknowledged post: its id (base64url), `seq` and `at`."""

    id: str
    seq: int
    at: str


@dataclass
class Outgoing:
    """Holds a text to send: its box is fixed from the first send, and sealed again only on `stale_epoch`."""

    talk: Transcript
    request: str
    item: Item
    answers: int | None = None
    epoch: int = -1
    box: str = ""

    @property
    def id(self) -> str:
        """Returns the id in base64url."""
        return b64url(self.item.id)


class SeatClient(WireClient):
    """A client with seats in conversations (`talks`).

    `sent` (id → text) and `acknowledged` (id → seq) are for `compare`; notes count in `noted` (id → seq),
    refusals in `refused` (id → code). `outbox` holds what was neither acknowledged nor refused yet, and
    `resend` sends the same bytes again.
    """

    def __init__(self, *urls: str, **options: Any) -> None:
        super().__init__(*urls, **options)
        self.talks: dict[str, Transcript] = {}
        self.here: dict[tuple[str, str], bool] = {}
        self.sent: dict[str, str] = {}
        self.acknowledged: dict[str, int] = {}
        self.noted: dict[str, int] = {}
        self.refused: dict[str, str] = {}
        self.outbox: dict[str, Outgoing] = {}
        self._gaps: set[str] = set()
        self._filling: set[str] = set()
        self._opened_on = 0

    @property
    def opened(self) -> bool:
        """Returns whether the opening frame was answered with ok on the present socket, and a proof that it
        owed."""
        return self.connected and self._opened_on == self.connections

    @property
    def seen(self) -> list[tuple[int, str]]:
        """Returns (seq, id) of every message that came, in order, per conversation."""
        return [shown for talk in self.talks.values() for shown in talk.seen]

    async def resend(self, within: float = 30) -> None:
        """Send everything in the outbox again, the same bytes under the same ids."""
        for outgoing in list(self.outbox.values()):
            await self._deliver(outgoing, within)

    async def come_back(self) -> None:
        """Comes back if it was ever opened. A seat that was not has nothing to come back to: whoever opens it
        connects again, and a second opening on the same socket would be refused."""
        if self._opened_on:
            await super().come_back()

    async def handle(self, frame: Frame) -> None:
        """Keep logs and presence; ask `sync` where an entry or a beat shows that something is missing."""
        match frame["type"]:
            case "entry":
                self._take(frame)
            case "presence":
                self.here[frame["conversation"], frame["member"]] = frame["here"]
            case "beat":
                for conversation, seq in frame["seqs"].items():
                    talk = self.talks.get(conversation)
                    if talk is not None and talk.newest < seq:
                        self.catch_up(talk)

    def catch_up(self, talk: Transcript) -> None:
        """Ask `sync` until nothing is missing; one question at a time per conversation."""
        self._gaps.add(talk.conversation)
        if talk.conversation not in self._filling:
            self._filling.add(talk.conversation)
            self.spawn(self._fill(talk))

    def took(self, talk: Transcript, entry: Frame) -> None:
        """Is called after a new entry was added to the log; a subclass acts on it."""

    def may_post(self, talk: Transcript) -> bool:
        """Returns whether this seat may seal something now."""
        raise NotImplementedError

    def follows(self, talk: Transcript) -> bool:
        """Returns whether the present socket follows the conversation."""
        raise NotImplementedError

    def sealing_epoch(self, talk: Transcript) -> int:
        """Returns the newest epoch that counts for this seat."""
        raise NotImplementedError

    def sync_fields(self, talk: Transcript) -> dict[str, Any]:
        """Returns what `sync` and `post` have in addition: consoles name the conversation."""
        raise NotImplementedError

    def opened_now(self, _ok: Frame) -> None:
        """Note that the opening frame is ok; to be called before what follows is handled."""
        self._opened_on = self.connections

    async def _send_text(self, outgoing: Outgoing, within: float) -> Posted:
        if outgoing.request == "post":
            self.sent[outgoing.id] = outgoing.item.text
        self.outbox[outgoing.id] = outgoing
        try:
            return await self._deliver(outgoing, within)
        except TimeoutError as error:
            raise TimeoutError(f"{self.name} could not post in {within:g} s; {self.situation()}") from error

    async def _deliver(self, outgoing: Outgoing, within: float) -> Posted:
        async with asyncio.timeout(within):
            while True:
                try:
                    return await self._try(outgoing)
                except Refused as error:
                    await self._after_refusal(outgoing, error)
                except (Disconnected, TimeoutError):
                    if not self.stays:
                        raise
                    # A closing socket refuses at once while `follows` still holds: its reader needs a turn.
                    await asyncio.sleep(0)
                    await self.becomes(lambda: self.follows(outgoing.talk), within)

    async def _try(self, outgoing: Outgoing) -> Posted:
        talk = outgoing.talk
        if not outgoing.box:
            await self.becomes(lambda: self.may_post(talk), 60)
            outgoing.epoch = self.sealing_epoch(talk)
            secret = talk.secrets[outgoing.epoch]
            box = outgoing.item.seal(secret, talk.conversation_id, outgoing.epoch, unb64url(talk.me))
            outgoing.box = b64url(box)
        fields = self.sync_fields(talk) | {"id": outgoing.id, "epoch": outgoing.epoch, "box": outgoing.box}
        fields |= {"answers": outgoing.answers} if outgoing.answers is not None else {}
        ok = await self.request(outgoing.request, **fields)
        stored = self.acknowledged if outgoing.request == "post" else self.noted
        stored[outgoing.id] = ok["seq"]
        self.outbox.pop(outgoing.id, None)
        return Posted(outgoing.id, ok["seq"], ok["at"])

    async def _after_refusal(self, outgoing: Outgoing, error: Refused) -> None:
        if error.code == "try_again":
            await asyncio.sleep(0.2)
            if self.stays:  # it may have lost its socket in the pause
                await self.becomes(lambda: self.follows(outgoing.talk), 60)
        elif error.code == "stale_epoch":
            stale, outgoing.box = outgoing.epoch, ""
            self.catch_up(outgoing.talk)
            await self.becomes(lambda: self.sealing_epoch(outgoing.talk) != stale, 60)
        else:
            self.refused[outgoing.id] = error.code
            self.outbox.pop(outgoing.id, None)
            raise error

    def _take(self, entry: Frame) -> None:
        talk = self.talks.get(entry["conversation"])
        if talk is None:
            self.fault(f"an entry of a conversation that was not opened: {entry['kind']} {entry['seq']}")
            return
        outcome = talk.add(entry)
        if outcome == "gap":
            self.catch_up(talk)
        elif outcome == "new":
            self.took(talk, entry)

    async def _fill(self, talk: Transcript) -> None:
        connection = self.connections
        try:
            for _ in range(SYNC_ROUNDS):
                self._gaps.discard(talk.conversation)
                ok = await self.request("sync", since=talk.newest, **self.sync_fields(talk))
                await self._reaches(talk, ok["seq"], connection)
                if talk.conversation not in self._gaps:
                    return
            self.fault(f"{SYNC_ROUNDS} syncs did not close the gap after seq {talk.newest}")
        finally:
            self._filling.discard(talk.conversation)

    async def _reaches(self, talk: Transcript, seq: int, connection: int) -> None:
        try:
            await self.becomes(lambda: talk.newest >= seq or self.connections != connection, 10)
        except TimeoutError:
            self.fault(f"sync promised seq {seq}, but nothing came after {talk.newest}")
            raise


def compare(
    sent: Iterable[str],
    acknowledged: Mapping[str, int],
    seen: Iterable[tuple[int, str]],
    *,
    who: str = "this seat",
) -> None:
    """AssertionError unless everything acknowledged is seen exactly once, in order, and nothing else is.

    `sent` are ids, `acknowledged` gives each its seq, `seen` is (seq, id) in the order in which they came.
    What was sent but not acknowledged may be seen or not, but not twice.
    """
    shown = list(seen)
    times = Counter(item for _, item in shown)
    problems = {
        "lost": [item for item in acknowledged if item not in times],
        "doubled": [item for item, count in times.items() if count > 1],
        "never sent": sorted(times.keys() - set(sent)),
        "out of order": [late for late, early in zip(shown[1:], shown, strict=False) if late[0] <= early[0]],
        "at another seq": [(seq, item) for seq, item in shown if acknowledged.get(item, seq) != seq],
    }
    found = "; ".join(f"{name}: {which}" for name, which in problems.items() if which)
    assert not found, f"{who}: {found}"


async def settle(*clients: SeatClient, conversation: str, within: float = 20) -> None:
    """Wait until each client has everything that any of them was told is stored; TimeoutError otherwise."""
    newest = max((seq for client in clients for seq in client.acknowledged.values()), default=0)
    for client in clients:
        talk = client.talks[conversation]
        await client.becomes(lambda talk=talk: talk.newest >= newest, within)  # type: ignore[misc]


def compare_all(*clients: SeatClient, conversation: str) -> None:
    """`compare` for every client of one conversation: what all of them sent against what each of them saw."""
    sent = {item for client in clients for item in client.sent}
    acknowledged = {item: seq for client in clients for item, seq in client.acknowledged.items()}
    for client in clients:
        compare(sent, acknowledged, client.talks[conversation].seen, who=client.name)
