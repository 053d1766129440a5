"""Defines the base class of the consumers. It checks the subprotocol and the first frame, parses requests,
sends one reply to each, and closes the socket.

Each request is handled by the function that chat/requests/ declares for it. The module has over 300 lines,
because replies and deliveries share one lock, which decides the order of the frames.
"""

import asyncio
import contextlib
import contextvars
import itertools
import time
from collections.abc import Callable, Mapping
from typing import Any, ClassVar

import msgspec
import structlog
from autobahn.exception import Disconnected
from channels.consumer import AsyncConsumer
from channels.exceptions import StopConsumer
from django.conf import settings

from chat import protocol, requests
from chat.bells import Bell
from chat.consumers import heartbeats, leases, restored
from chat.consumers.frame_limits import FrameLimits
from chat.conversation.seats import Seat
from chat.requests.conversation.delivery import Following
from helpline.lib import clock, encoding, measures
from helpline.lib.bridge import bulkheads
from helpline.lib.errors import BadFrame, Conflict, NotFound, Refusal, SlowDown, TryAgain
from helpline.lib.logs import where
from helpline.lib.tasks import spawn

_log = structlog.get_logger()

TOO_BIG, INTERNAL, RESTARTING = 1009, 1011, 1012
PROTOCOL, WITHDRAWN, NO_OPENING, TAKEN_OVER, GONE = 4400, 4403, 4408, 4409, 4410
MAX_BAD_FRAMES = 10
# A socket is closed when this many of its frames have been throttled since its bucket was last full.
MAX_THROTTLED_FRAMES = 200
FRAMES_BEFORE_YIELD = 8  # after this many frames of one socket, other sockets may run


class Consumer(AsyncConsumer):
    """Serves one socket. Requests and deliveries take the lock `turn` one after the other, so that the `ok`
    of a request is sent before the entries that it caused."""

    channel_layer_alias = "none"  # only chat/bells uses the layer: no layer message may call a method here
    name: ClassVar[str]  # the consumer's name in the declarations of requests
    bulkhead: ClassVar[str] = bulkheads.STAFF  # the limited thread pool for its database work
    bulkhead_before: ClassVar[str | None] = None  # the pool used until the opening request succeeds

    decode: ClassVar[dict[str, Callable[[str], protocol.Request]]] = {
        name: requests.decoder(name) for name in requests.REQUESTS
    }

    def __init__(self) -> None:
        self.socket = encoding.new_id()
        self.context = contextvars.copy_context()
        self.turn = asyncio.Lock()
        self.opened = False
        self.closed = False
        self.has_gone = False
        self.bad_frames = 0
        self.limits = FrameLimits()
        self.heartbeats: list[protocol.Request] = []  # heartbeats that wait for the lease's renewal
        self.followings: dict[str, Following] = {}
        self.after_reply: list[Callable[[], Any]] = []
        self.pending: list[Bell] = []
        self.answering: asyncio.Task[None] | None = None
        self.typed_at = 0.0
        self.heard_at = clock.now()
        self.renewed_at = 0.0  # when the lease was last renewed, in monotonic seconds

    # The socket's life

    async def __call__(self, scope: Any, receive: Any, send: Any) -> None:
        """Receives messages one by one. This method replaces the loop of Channels: that loop makes two tasks
        per message, because it waits for several sources."""
        self.scope, self.base_send = scope, send
        self._work_in(self.bulkhead_before or self.bulkhead)
        try:
            for number in itertools.count(1):
                await self.dispatch(await receive())
                if (
                    number % FRAMES_BEFORE_YIELD == 0
                ):  # otherwise a full queue would never let other tasks run
                    await asyncio.sleep(0)
        except StopConsumer:
            return
        except Exception as error:  # Daphne would close with 1011 and log nothing
            measures.FAILED.labels("consumer").inc()
            _log.error("consumer_failed", error=type(error).__name__, where=where(error))
            raise
        finally:
            # Daphne cancels a consumer that is still busy ten seconds after its client has gone.
            if not self.has_gone:
                self._go()
                spawn(self.departed())

    def _work_in(self, bulkhead: str) -> None:
        bulkheads.choose(bulkhead)
        self.context = contextvars.copy_context()

    async def dispatch(self, message: dict[str, Any]) -> None:
        """Handles the three types of websocket messages, and ignores all others."""
        if message["type"] == "websocket.receive":
            await self.receive(message)
        elif message["type"] == "websocket.connect":
            await self.connect()
        elif message["type"] == "websocket.disconnect":
            await self.disconnect()
            raise StopConsumer

    async def connect(self) -> None:
        admitted = protocol.SUBPROTOCOL in self.scope["subprotocols"]
        away = heartbeats.draining()
        try:
            admitted = admitted and await self.admit()
        except TryAgain:
            away = True  # the database is down: the client should reconnect, not sign in again
        if not admitted:
            self.closed = True
            await self.send({"type": "websocket.close", "code": WITHDRAWN})
            return
        await self.send({"type": "websocket.accept", "subprotocol": protocol.SUBPROTOCOL})
        if away:
            await self.close(RESTARTING)
            return
        heartbeats.add(self)
        self.opening = asyncio.get_running_loop().call_later(
            settings.OPENING.total_seconds(), self._no_opening
        )

    async def admit(self) -> bool:
        """Returns whether this socket may open. While a restored backup still has to be checked, no socket
        may open."""
        return not await restored.asked_lately()

    async def disconnect(self) -> None:
        self._go()
        await self.departed()

    def _go(self) -> None:
        """Removes the socket from everything in this process that would still ring or count it."""
        self.has_gone = self.closed = True
        heartbeats.remove(self)
        if hasattr(self, "opening"):
            self.opening.cancel()
        if self.answering is not None:
            self.answering.cancel()
        for following in tuple(self.followings.values()):
            self.unfollow(following)

    async def departed(self) -> None:
        """Runs after the socket has closed. Subclasses remove the socket's lease here, so that its seats are
        shown as away."""

    async def close(self, code: int) -> None:
        if not self.closed:
            self.closed = True
            heartbeats.remove(self)
            await self._transmit({"type": "websocket.close", "code": code})

    def _no_opening(self) -> None:
        if not self.opened and not self.closed:
            spawn(self.close(NO_OPENING))

    # Requests

    async def receive(self, message: dict[str, Any]) -> None:
        if self.closed:
            return
        text = message.get("text")
        size = len(text.encode() if text is not None else message.get("bytes") or b"")
        if size > settings.FRAME_BYTES:
            await self.close(TOO_BIG)
            return
        try:
            request = self._parse(text)
        except BadFrame as error:
            measures.REFUSED.labels(error.code).inc()
            await self.write(protocol.refusal(protocol.ref_of(text) if text else None, error))
            await self._count_bad_frame()
            return
        leases.heard(self)
        if not self.limits.allows(self._declared(request)):
            await self._slow_down(request)
            return
        if isinstance(request, protocol.Beat):
            # The reply to a `beat` waits until the lease is renewed. This must not delay the other frames of
            # this socket.
            self.heartbeats.append(request)
            if len(self.heartbeats) == 1:
                spawn(self._answer_beats())
            return
        async with self.turn:
            await self._reply([request])
            await self._after_reply()
            await self.hear_pending()

    async def _slow_down(self, request: protocol.Request) -> None:
        """Refuses the request and pauses reading. A client that keeps exceeding the limit is disconnected."""
        await self.refuse(request, SlowDown())
        if self.limits.slowed(self._declared(request)) >= MAX_THROTTLED_FRAMES:
            await self.close(PROTOCOL)
        else:
            await self.limits.wait()

    async def _answer_beats(self) -> None:
        """Waits until the lease has been renewed, and then replies to all `beat` requests that arrived before
        that."""
        try:
            await self._reply(self.heartbeats)
        finally:
            self.heartbeats = []

    def _parse(self, text: str | None) -> protocol.Request:
        if text is None:
            raise BadFrame  # a binary frame
        try:
            request = self.decode[self.name](text)
        except (msgspec.MsgspecError, RecursionError, UnicodeEncodeError) as error:
            raise BadFrame from error
        if not self.opened and not self._declared(request).opens:
            raise BadFrame
        return request

    def _declared(self, request: protocol.Request) -> requests.Declared:
        return requests.REQUESTS[self.name][type(request)]

    async def _count_bad_frame(self) -> None:
        """Counts bad frames in a row; a good frame resets the count."""
        self.bad_frames += 1
        if self.bad_frames >= MAX_BAD_FRAMES:
            await self.close(PROTOCOL)

    async def _reply(self, alike: list[protocol.Request]) -> None:
        """Handles the first of these identical requests, and sends a reply to each of them."""
        request = alike[0]
        declared = self._declared(request)
        try:
            if self.opened and declared.opens:
                raise Conflict  # noqa: TRY301 – all refusals are handled below
            await self.allow(declared, request)
            ok: protocol.Ok | None = await declared.handler(self, request)
        except Refusal as error:
            if declared.opens and not isinstance(error, TryAgain):
                self.limits.opening_failed()
            for asked in alike:
                await self.refuse(asked, error)
        except Exception as error:
            measures.FAILED.labels("request").inc()
            _log.error("request_failed", error=type(error).__name__, where=where(error))
            await self.close(INTERNAL)
        else:
            self.bad_frames = 0
            if declared.opens:
                self.opened = True
                self._work_in(self.bulkhead)
            for asked in alike:
                await self.write(ok or protocol.Ok(ref=asked.ref))

    async def allow(self, declared: requests.Declared, request: protocol.Request) -> None:
        """Raises a Refusal if this person may not send this request. By default every request is allowed."""

    async def refuse(self, request: protocol.Request, error: Refusal) -> None:
        measures.REFUSED.labels(error.code).inc()
        await self.write(protocol.refusal(request.ref, error))
        if isinstance(error, BadFrame):
            await self._count_bad_frame()
        else:
            self.bad_frames = 0

    async def _after_reply(self) -> None:
        """Runs the functions in `after_reply`, now that the `ok` was sent. For example, they send new entries
        and then the presence."""
        while self.after_reply and not self.closed:
            await self.safely(self.after_reply.pop(0)())
        self.after_reply.clear()

    async def confirm_lease(self) -> None:
        await leases.confirm(self)

    def may_tell_typing(self) -> bool:
        """Returns whether to pass `typing` on now, which is at most once per settings.TYPING. If the result
        is True, a new interval begins."""
        now = time.monotonic()
        if now - self.typed_at < settings.TYPING.total_seconds():
            return False
        self.typed_at = now
        return True

    # Deliveries

    def ring(self, bell: Bell) -> None:
        """Queues a bell for this socket. The bell is handled after the current request."""
        self.pending.append(bell)
        # If the lock is taken, the task with the lock handles the bell before releasing the lock. So the
        # entry is sent right after `ok`.
        if not self.turn.locked() and (self.answering is None or self.answering.done()):
            # The task has this consumer's context, not the sender's, so that it reads in this consumer's
            # thread pool.
            loop = asyncio.get_running_loop()
            self.answering = loop.create_task(self._answer(), context=self.context)

    async def _answer(self) -> None:
        async with self.turn:
            await self.hear_pending()

    async def hear_pending(self) -> None:
        """Handles the bells that rang while `turn` was taken. Whoever took it calls this."""
        while self.pending and not self.closed:
            pending, self.pending = self.pending, []
            for bell in pending:
                await self.safely(self.hear(bell))

    async def hear(self, bell: Bell) -> None:
        """Runs the handler that is declared for the bell. If there is none, the bell is meant for other
        consumers that listen to the same topic."""
        listening = requests.HEARD[self.name].get(type(bell))
        if listening is not None and self.is_told(listening.device):
            await listening.handler(self, bell)

    def is_told(self, _device: str) -> bool:
        """Returns whether this socket's device is in the state that the handler of a bell requires
        (`_device`)."""
        return True

    async def safely(self, work: Any) -> None:
        """Runs a delivery. After TryAgain the socket stays open, and the missing frames are sent when the
        database answers again. Any other Refusal is passed to `withdraw`, and any other error closes the
        socket."""
        try:
            await work
        except TryAgain:
            heartbeats.owe(self)
        except Refusal as error:
            await self.withdraw(error)
        except Exception as error:
            measures.FAILED.labels("delivery").inc()
            _log.error("delivery_failed", error=type(error).__name__, where=where(error))
            await self.close(INTERNAL)

    async def withdraw(self, error: Refusal) -> None:
        """Runs after a delivery raised a Refusal, because the socket may have lost its right to read."""

    async def find_seat(self, _conversation: str) -> Seat:
        """Returns this client's seat in the conversation. Raises NotFound if there is none, and Conflict if
        another device uses the seat."""
        raise NotFound

    async def seat_in(self, conversation: str) -> Seat:
        """Returns the seat through which this socket follows the conversation. If the socket does not follow
        it, looks the seat up."""
        following = self.followings.get(conversation)
        return following.seat if following is not None else await self.find_seat(conversation)

    def unfollow(self, following: Following) -> None:
        following.stop()
        self.followings.pop(following.seat.conversation, None)

    async def write(self, frame: msgspec.Struct) -> None:
        if not self.closed:
            await self.write_text(protocol.write(frame))

    async def write_text(self, frame: str) -> None:
        """Sends a frame that is already encoded, because the same frame is sent to many sockets."""
        if not self.closed:
            await self._transmit({"type": "websocket.send", "text": frame})

    async def _transmit(self, message: dict[str, Any]) -> None:
        # If a client closes during a slow request, `disconnect` runs only after that request. Until then
        # every write fails. Such a failure must not end a loop that writes to all sockets.
        with contextlib.suppress(Disconnected):
            await self.send(message)

    @property
    def duty_of(self) -> int | None:
        """Returns the id of the person who stays on duty because of this socket's frames, or None."""
        return None

    def missed_bells(self) -> None:
        """Runs after bells between processes were lost. Subclasses send their frames again here, except
        entries, presence and invitations: heartbeats compare those with the frames that were sent."""

    def compare_cards(self, _open: Mapping[int, Mapping[str, str]]) -> None:
        """Runs at each heartbeat, because a bell may have been lost. Compares the open invitations with those
        that the console shows. `_open` maps person → invitation → state."""

    async def lease_lost(self) -> None:
        """Runs when the lease has ended while the socket is open, because a newer tab took over or the socket
        was silent for too long."""
