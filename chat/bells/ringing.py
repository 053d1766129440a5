"""Delivers bells to this process's sockets and, through the channel layer, to the other processes.

No other module uses the channel layer. A process notifies its own sockets at once. The other processes get
bells through one group with one channel per process, so a socket that connects or disconnects causes no work
in the layer. A full channel drops bells; in that case the sockets find the news at their next heartbeat.
"""

import asyncio
import random
import time
from collections import defaultdict
from collections.abc import Callable, Sequence
from functools import cache
from typing import Any

import msgspec
import structlog
from asgiref.sync import async_to_sync
from channels.layers import get_channel_layer
from cryptography.fernet import InvalidToken
from django.conf import settings
from django.db import transaction

from chat.bells.kinds import Bell, NewEntry, every_kind
from helpline.lib import decoding, encoding, measures

_log = structlog.get_logger()
GROUP = "bells"
RESUBSCRIBE_SECONDS = 2.0  # how often each process joins the group, which a flushed Redis has lost
ALONE_AFTER_SECONDS = 5 * RESUBSCRIBE_SECONDS
# While the layer does not answer, each packet would take a worker two seconds. It would miss its deadlines.
SILENCE_SECONDS = 5.0
MAX_PENDING = 10_000
PUBLISH_INTERVAL_SECONDS = 0.02  # bells that ring within this time after a packet share the next packet
MAX_SENDERS = 1_000  # a restarted process counts as a new sender

type Listener = Callable[[Bell], None]

_listeners: dict[str, set[Listener]] = defaultdict(set)
_pack = msgspec.msgpack.Encoder().encode


def listen(topic: str, listener: Listener) -> None:
    _listeners[topic].add(listener)


def stop_listening(topic: str, listener: Listener) -> None:
    _listeners[topic].discard(listener)
    if not _listeners[topic]:
        del _listeners[topic]


def ring_on_commit(bell: Bell) -> None:
    """Sends the bell when the transaction commits, and not if it is rolled back."""
    transaction.on_commit(lambda: _tower.ring(bell))


def ring_all_on_commit(some: Sequence[Bell]) -> None:
    """Sends the bells of one batch when the transaction commits, in one call on the event loop."""
    if some:
        transaction.on_commit(lambda: _tower.ring_all(some))


def ring_here(some: Sequence[Bell]) -> None:
    """Sends bells for a transaction that the event loop itself has just committed."""
    if some:
        _tower.ring_here(some)


def ring(bell: Bell) -> None:
    """Sends a bell for an event that is not stored, for example typing."""
    _tower.ring(bell)


@cache
def _unpacker() -> Callable[[bytes], list[Bell]]:
    """Returns the decoder of packets. It is built when the first packet arrives, because every app has
    defined its bells by then."""
    kinds: Any = every_kind()
    return msgspec.msgpack.Decoder[list[Bell]](list[kinds]).decode


def _hear(bell: Bell) -> None:
    if settings.BELLS_LOST and random.random() < settings.BELLS_LOST:  # noqa: S311 – an experiment, no secret
        return
    for listener in tuple(_listeners.get(bell.topic, ())):
        listener(bell)


def _layer() -> Any:
    """Returns the configured channel layer. It is typed as Any, because the base class does not declare all
    methods that every layer has."""
    return get_channel_layer()


def _layer_is_sealed() -> bool:
    """Returns whether nobody can forge packets, because the channel layer is in this process's memory or
    encrypted."""
    layer = settings.CHANNEL_LAYERS["default"]
    return bool(
        layer["BACKEND"] == "channels.layers.InMemoryChannelLayer"
        or layer["CONFIG"].get("symmetric_encryption_keys")
    )


def _without_hint(bell: Bell) -> Bell:
    """Drops the hint of a bell from another process, so that the socket reads the entry from the database.
    Otherwise a forged hint would be shown as an entry."""
    return msgspec.structs.replace(bell, hint=None) if isinstance(bell, NewEntry) else bell


class _Packet(msgspec.Struct, frozen=True):
    """Holds the bells that one process sends to the others together."""

    sender: str = msgspec.field(name="from")
    listens: bool
    number: int
    bells: bytes


_to_packet = decoding.from_values(_Packet)


class _Tower:
    """Connects this process to the channel layer."""

    def __init__(self) -> None:
        self.loop: asyncio.AbstractEventLoop | None = None
        self.name = encoding.new_id()
        self.pending: list[Bell] = []
        self.wake = asyncio.Event()
        self.connected = False
        self.has_thrown_away = False
        self.on_return: Callable[[], None] = lambda: None
        self.sent = 0
        self.silent_until = 0.0  # in monotonic seconds
        self.heard: dict[str, int] = {}  # sender → the number of its last packet
        self.greets = False  # whether to send a packet even if there are no bells
        self.neighbour_at = time.monotonic()  # when the last packet of another process with sockets came

    def ring(self, bell: Bell) -> None:
        self.ring_all([bell])

    def ring_all(self, some: Sequence[Bell]) -> None:
        if self.loop is None:
            self._ring_from_a_command(some)
        else:
            # This runs on a database thread, before the event loop gets the result of the transaction.
            self.loop.call_soon_threadsafe(self.ring_here, some)

    def ring_here(self, some: Sequence[Bell]) -> None:
        for bell in some:
            _hear(bell)
        if len(self.pending) < MAX_PENDING:
            self.pending += some
            self.wake.set()

    def _ring_from_a_command(self, some: Sequence[Bell]) -> None:
        if not settings.REDIS_URL:
            return  # an in-memory layer reaches no other process; the sockets find the news later
        if time.monotonic() < self.silent_until:
            self.sent += 1  # by the gap in the numbers the other processes see that they missed bells
            return
        try:
            async_to_sync(self._send)(some)
        except Exception:
            self.silent_until = time.monotonic() + SILENCE_SECONDS

    async def _send(self, pending: Sequence[Bell]) -> None:
        self.sent += 1
        packet = {
            "type": GROUP,
            "from": self.name,
            "listens": self.loop is not None,
            "number": self.sent,
            "bells": _pack(pending),
        }
        await asyncio.wait_for(_layer().group_send(GROUP, packet), 2)

    async def publish(self) -> None:
        """Sends one packet at a time. All bells that ring while a packet is being sent go into the next
        packet."""
        while True:
            await self.wake.wait()
            self.wake.clear()
            pending, self.pending = ([] if self._is_alone() else self.pending), []
            greets, self.greets = self.greets, False
            if not pending and not greets:
                continue
            try:
                await self._send(pending)
            except Exception as error:
                self._lost(error)
            await asyncio.sleep(PUBLISH_INTERVAL_SECONDS)

    async def subscribe(self) -> None:
        """Joins the group every few seconds and then sends a packet. The packet's number shows the other
        processes whether they missed any packets."""
        layer = _layer()
        self.channel = await layer.new_channel(GROUP)
        while True:
            try:
                await asyncio.wait_for(layer.group_add(GROUP, self.channel), 2)
                self._found()
                self._greet()
            except Exception as error:
                self._lost(error)
            await asyncio.sleep(RESUBSCRIBE_SECONDS if self.connected else 0.5)

    async def receive(self) -> None:
        layer = _layer()
        while True:
            try:
                packet = _to_packet(await layer.receive(self.channel))
                rung = _unpacker()(packet.bells)
            except (InvalidToken, msgspec.MsgspecError) as error:
                self._throw_away(error)
            except Exception as error:
                self._lost(error)
                await asyncio.sleep(0.5)
            else:
                self._open(packet, rung)

    def _open(self, packet: _Packet, rung: Sequence[Bell]) -> None:
        if packet.sender != self.name:
            if packet.listens:
                self._meet()
            self._count(packet.sender, packet.number)
            for bell in rung:
                _hear(bell if _layer_is_sealed() else _without_hint(bell))

    def _throw_away(self, error: Exception) -> None:
        """Drops a packet that is forged or comes from another release. Only the first one is logged, because
        an attacker could send many."""
        if not self.has_thrown_away:
            _log.warning("bells_thrown_away", error=type(error).__name__)
        self.has_thrown_away = True

    def _is_alone(self) -> bool:
        """Returns whether no packet from another process with sockets has arrived for ALONE_AFTER_SECONDS.
        Each process with sockets sends a packet at least every two seconds. If there is no such process,
        nobody would receive the packets of this one."""
        return time.monotonic() - self.neighbour_at > ALONE_AFTER_SECONDS

    def _meet(self) -> None:
        if self._is_alone():
            # While this process seemed to be the only one, it sent no bells to others. The skipped number
            # makes the other process compare its sockets with the database.
            self.sent += 1
            self._greet()
        self.neighbour_at = time.monotonic()

    def _greet(self) -> None:
        self.greets = True
        self.wake.set()

    def _count(self, sender: str, number: int) -> None:
        """Calls `on_return` if a sender's numbers have a gap. A gap means that a flushed Redis or a full
        channel lost packets."""
        missed = number != self.heard.get(sender, 0) + 1
        if len(self.heard) > MAX_SENDERS:
            self.heard.clear()
        self.heard[sender] = number
        if missed:
            measures.GAPS.inc()
            self.on_return()

    def _lost(self, error: Exception) -> None:
        if self.connected:
            _log.warning("layer_lost", error=type(error).__name__)
        self.connected = False

    def _found(self) -> None:
        if not self.connected:
            self.connected = True
            self.on_return()  # bells were lost until now, so each socket is compared with the database


_tower = _Tower()


async def start(on_return: Callable[[], None]) -> list[asyncio.Task[None]]:
    """Starts to receive and to send bells. The tasks must be kept, because asyncio holds only weak references
    to them."""
    _tower.loop = asyncio.get_running_loop()
    _tower.on_return = on_return
    subscribing = asyncio.create_task(_tower.subscribe())
    for _ in range(30):  # at most three seconds; the first connection takes about half a second
        if _tower.connected:
            break
        await asyncio.sleep(0.1)
    return [subscribing, asyncio.create_task(_tower.publish()), asyncio.create_task(_tower.receive())]


def connected() -> bool:
    return _tower.connected
