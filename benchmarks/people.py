"""Plays callers and counsellors that do only what a load driver needs. Unlike real pages, they let people in
without checks."""

import asyncio
import secrets
import time
from collections.abc import Callable
from hashlib import sha256

import msgspec
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.hpke import AEAD, KDF, KEM, Suite
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

from benchmarks.person import REPLY_SECONDS, WRAP_BYTES, Fields, Person, Refused, Writer, b64, unb64
from benchmarks.wire import Frame

GRANT_TRIES = 6
_hpke = Suite(KEM.P256, KDF.HKDF_SHA256, AEAD.AES_256_GCM)


class Caller(Person):
    """Plays a caller whose page lets in everybody who is present. `on_message` gets the id of each
    message."""

    path = "/ws/caller/"

    def __init__(self, url: str, line: str, urgency: int = 0) -> None:
        super().__init__(url)
        self.line = line
        self.urgency = urgency
        self.token = ""
        self.seq = 0
        self.state = ""
        self.present: set[str] = set()
        self.on_message: Callable[[str], None] = _nobody
        self.ahead = -1  # the number that it was told last
        self.told_at = 0.0
        self.on_queue: Callable[[], None] = _nothing
        self.has_ended = asyncio.Event()
        self.let_in = asyncio.Event()
        self._granting = False

    async def start(self) -> None:
        """Connects and enters the queue."""
        await self.connect()
        await self.enter()

    async def enter(self, work: str | None = None) -> None:
        """Enters the queue over an open socket. `work` is the proof of work for an earned place."""
        fields = {} if work is None else {"work": work}
        ok = await self.request("start", line=self.line, locale="nl", urgency=self.urgency, **fields)
        self.writer = Writer(ok["conversation"], ok["member"])
        self.token, self.state = ok["token"], "waiting"
        self.began = time.perf_counter()

    async def resume(self) -> None:
        """Resumes the conversation over a new socket."""
        await self.connect()
        ok = await self.request(
            "resume", conversation=self.writer.conversation, token=self.token, since=self.seq
        )
        self.writer.epoch, self.state = ok["epoch"], ok["state"]

    def say(self, message: str) -> None:
        writer = self.writer
        self.send(
            b'{"type":"post","ref":"%b","id":"%b","epoch":%d,"box":"%b"}'
            % (self.next_ref().encode(), message.encode(), writer.epoch, writer.box(message))
        )

    async def request_post(self, message: str) -> None:
        """Sends one message and waits until it is stored."""
        box = self.writer.box(message).decode()
        await self.request("post", id=message, epoch=self.writer.epoch, box=box)

    async def leave(self) -> None:
        await self.request("leave")

    def heard(self, frame: Frame, _text: bytes) -> None:
        if frame.type == "queue":
            self.ahead, self.told_at = frame.ahead, time.perf_counter()
            self.on_queue()
        if frame.type != "entry":
            return
        self.seq = frame.seq
        if frame.kind == "message":
            self.on_message(frame.id)
        elif frame.kind == "joined":
            self.present.add(frame.member)
            self._grant_soon()
        elif frame.kind == "left":
            self.present.discard(frame.member)
            self._grant_soon()
        elif frame.kind == "granted":
            self.let_in.set()
        elif frame.kind == "ended":
            self.state = "ended"
            self.has_ended.set()

    def _grant_soon(self) -> None:
        self.let_in.clear()
        if not self._granting:
            self._granting = True
            self.spawn(self._grant())

    async def _grant(self) -> None:
        """Grants to everybody present. A conflict names the current epoch and members, which the next try
        uses."""
        try:
            for _ in range(GRANT_TRIES):
                epoch, members = self.writer.epoch + 1, sorted(self.present)
                try:
                    await self.request("grant", epoch=epoch, **_shares(epoch, members))
                except Refused as error:
                    if error.code != "conflict" or "epoch" not in error.fields:
                        raise
                    self.writer.epoch = error.fields["epoch"]
                    self.present = set(error.fields["members"])
                    continue
                self.writer.epoch = epoch
                if sorted(self.present) == members:
                    return
        finally:
            self._granting = False


class Console(Person):
    """Plays a counsellor's console. `on_message` has a callback for each conversation, which gets each
    message's id."""

    path = "/ws/console/"

    def __init__(self, url: str, cookie: str) -> None:
        super().__init__(url, cookie)
        self.writers: dict[str, Writer] = {}
        self.on_message: dict[str, Callable[[str], None]] = {}
        self.granted: dict[str, asyncio.Event] = {}
        self.on_gone: Callable[[str], None] = _nobody

    async def begin(self, slots: int = 4) -> None:
        """Connects, enrols a fresh key and goes on duty."""
        await self.connect()
        await self.request("hello", device=None)
        key = ec.generate_private_key(ec.SECP256R1())
        point = key.public_key().public_bytes(Encoding.X962, PublicFormat.UncompressedPoint)
        ok = await self.request("enrol", key=b64(point), label="benchmark")
        info = b"hl1 prove" + sha256(str(ok["device"]["id"]).encode()).digest()
        await self.request("prove", secret=b64(_hpke.decrypt(unb64(str(ok["prove"])), key, info)))
        await self.request("duty", state="on", slots=slots)

    async def take(self, line: str | None = None) -> str:
        """Takes the next caller, opens the conversation and waits for the caller's grant. Returns the
        conversation, or raises Refused (`not_found`) if nobody waits."""
        ok = await self.request("next", line=line)
        conversation = str(ok["conversation"])
        self.granted[conversation] = asyncio.Event()
        self.writers[conversation] = Writer(conversation, ok["member"])
        await self.request("open", conversation=conversation, since=0)
        async with asyncio.timeout(REPLY_SECONDS):
            await self.granted[conversation].wait()
        return conversation

    def say(self, conversation: str, message: str) -> None:
        writer = self.writers[conversation]
        self.send(
            b'{"type":"post","ref":"%b","conversation":"%b","id":"%b","epoch":%d,"box":"%b"}'
            % (
                self.next_ref().encode(),
                conversation.encode(),
                message.encode(),
                writer.epoch,
                writer.box(message),
            )
        )

    async def close(self, conversation: str) -> None:
        """Ends the conversation."""
        await self.request("close", conversation=conversation)

    def heard(self, frame: Frame, text: bytes) -> None:
        if frame.type != "entry" or frame.conversation not in self.writers:
            return
        if frame.kind == "message":
            self.on_message.get(frame.conversation, _nobody)(frame.id)
        elif frame.kind == "granted":
            self._let_in(frame.conversation, msgspec.json.decode(text))
        elif frame.kind == "ended" or (
            frame.kind == "left" and frame.member == self.writers[frame.conversation].member
        ):
            self.on_gone(frame.conversation)

    def _let_in(self, conversation: str, entry: Fields) -> None:
        writer = self.writers[conversation]
        if writer.member in entry["members"]:
            writer.epoch = entry["epoch"]
            self.granted[conversation].set()


def _shares(epoch: int, members: list[str]) -> Fields:
    """Returns a wrap for each member and, as its history, a wrap of the epoch before, as a page does for
    newcomers."""
    history = [{"epoch": epoch - 1, "member": member, "wrap": _a_wrap()} for member in members]
    return {"wraps": [{"member": member, "wrap": _a_wrap()} for member in members], "history": history}


def _a_wrap() -> str:
    return b64(secrets.token_bytes(WRAP_BYTES))


def _nobody(_message: str) -> None:
    """Ignores a message for which nobody waits."""


def _nothing() -> None:
    """Ignores news for which nobody waits."""
