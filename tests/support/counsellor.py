"""Plays a console of the staff: counsellors, colleagues, partners and supervisors."""

import json
from typing import Any

from tests.support.frames import Frame
from tests.support.sealing import (
    BRIEF,
    MESSAGE,
    NOTE,
    DeviceKey,
    Item,
    b64url,
    open_challenge,
    open_letters,
    unb64url,
)
from tests.support.seats import Outgoing, Posted, SeatClient
from tests.support.transcript import Transcript


class CounsellorClient(SeatClient):
    """Plays the console of a person who has signed in (`cookie`): `hello`, `enrol`, `duty`, `next` or `take`,
    talk."""

    path = "/ws/console/"

    def __init__(self, *urls: str, device: DeviceKey | None = None, **options: Any) -> None:
        super().__init__(*urls, **options)
        self.key = device or DeviceKey.fresh()
        self.device: str | None = None
        self.greeting: Frame = {}
        self.allowed: dict[str, list[str]] = {}
        self._followed: dict[str, int] = {}

    @property
    def me(self) -> dict[str, Any]:
        """Returns who the server says this is: id, alias, roles, lines, service."""
        found: dict[str, Any] = self.greeting["me"]
        return found

    async def hello(self, device: str | None = None) -> Frame:
        """Connects if need be and opens the console with the enrolled device, or the one named, proven.
        Returns the ok with everything that a console shows, as far as this device may see it."""
        if not self.connected:
            await self.connect()
        ok = await self.request("hello", then=self._greeted, device=device or self.device)
        if ok["prove"] is not None:
            await self.prove(ok)
        return self.greeting

    async def enrol(self, label: str = "test") -> Frame:
        """Registers this browser's key and proves it. Returns the proof's ok with the device's id and
        state."""
        ok = await self.request("enrol", then=self._named, key=b64url(self.key.public), label=label)
        return await self.prove(ok)

    async def prove(self, ok: Frame) -> Frame:
        """Opens the box in an ok of `hello` or `enrol`, and sends its content."""
        secret = open_challenge(self.key, ok["device"]["id"], unb64url(ok["prove"]))
        return await self.request("prove", then=self._proven, secret=b64url(secret))

    async def reopen(self) -> None:
        """Connect again, say hello, and open every conversation where this seat has not left."""
        if self.connected:
            await self.disconnect()
        await self.connect()
        await self.hello()
        for talk in list(self.talks.values()):
            if not talk.gone:
                await self.open(talk.conversation, talk.newest)

    async def duty(self, state: str = "on", slots: int = 4) -> Frame:
        """Go on duty, on a break, or off."""
        return await self.request("duty", state=state, slots=slots)

    async def next(self, line: str | None = None) -> Frame:
        """Asks for the caller at the head of the queue. Returns the ok. Open the conversation to follow
        it."""
        return await self.request("next", line=line)

    async def open(self, conversation: str, since: int = 0) -> Frame:
        """Follow a conversation from `since` on; the ok."""

        def opened(ok: Frame) -> None:
            talk = self.talks.get(conversation)
            if talk is None or talk.me != ok["member"]:
                self.talks[conversation] = Transcript(conversation, ok["member"], self._key_for(ok))
            self.allowed[conversation] = ok["allowed"]
            self._followed[conversation] = self.connections

        return await self.request("open", then=opened, conversation=conversation, since=since)

    def _key_for(self, ok: Frame) -> DeviceKey:
        """Returns the device's own key or, for a letter, the line's key from this device's share."""
        share = ok["share"]
        if share is None:
            return self.key
        sealed, public = unb64url(share["sealed"]), unb64url(share["public"])
        return open_letters(self.key, sealed, ok["line"], share["generation"], public)

    async def take_letter(self, line: str = "helpwanted", conversation: str | None = None) -> Transcript:
        """Sends the wire's `take`, and `open`. Returns the letter's log."""
        named: dict[str, Any] = {} if conversation is None else {"conversation": conversation}
        taken = await self.request("take", line=line, **named)
        await self.open(taken["conversation"])
        talk = self.talks[taken["conversation"]]
        await self.becomes(lambda: self.may_post(talk), 10)
        return talk

    async def answer_letter(self, conversation: str, text: str, answers: int) -> Posted:
        """Seal and send the answer to the caller's message `answers`."""
        outgoing = Outgoing(self.talks[conversation], "post", Item.fresh(text, MESSAGE), answers)
        return await self._send_text(outgoing, 30)

    async def give_back(self, conversation: str) -> Frame:
        """Give a letter back."""
        return await self.request("giveback", conversation=conversation)

    async def take(self, line: str | None = None, within: float = 10) -> Transcript:
        """Sends `next` and `open`, and waits for the caller's grant. Returns the conversation's log."""
        return await self.enter((await self.next(line))["conversation"], within)

    async def enter(self, conversation: str, within: float = 10) -> Transcript:
        """Sends `open`, and waits for the caller's grant. Returns the conversation's log."""
        await self.open(conversation)
        talk = self.talks[conversation]
        await self.becomes(lambda: self.may_post(talk), within)
        return talk

    async def sync(self, conversation: str, since: int | None = None) -> Frame:
        """Ask for the entries above `since` (default: the newest that is here); the ok."""
        newest = self.talks[conversation].newest
        return await self.request("sync", conversation=conversation, since=newest if since is None else since)

    async def post(self, conversation: str, text: str, *, kind: int = MESSAGE, within: float = 30) -> Posted:
        """Seal and send a text; Refused for good reasons, TimeoutError, or Disconnected unless it `stays`."""
        return await self._send_text(
            Outgoing(self.talks[conversation], "post", Item.fresh(text, kind)), within
        )

    async def brief(self, conversation: str, text: str) -> Posted:
        """Post a summary for whoever comes next."""
        return await self.post(conversation, text, kind=BRIEF)

    async def note(self, conversation: str, text: str, within: float = 30) -> Posted:
        """Seal and send a note for the line's staff; it counts in `noted`, not in `sent`."""
        item = Item.fresh(json.dumps({"text": text}), NOTE)
        return await self._send_text(Outgoing(self.talks[conversation], "note", item), within)

    async def typing(self, conversation: str) -> Frame:
        """Tell the others that this person types."""
        return await self.request("typing", conversation=conversation)

    async def mark_seen(self, conversation: str, seq: int | None = None) -> Frame:
        """Tell that everything up to `seq` (default: the newest) was read: the wire's `seen`."""
        newest = self.talks[conversation].newest
        return await self.request("seen", conversation=conversation, seq=newest if seq is None else seq)

    async def leave(self, conversation: str) -> Frame:
        """Leaves the seat. Another member of the staff has to be there."""
        return await self.request("leave", conversation=conversation)

    async def close(self, conversation: str) -> Frame:
        """End the conversation."""
        return await self.request("close", conversation=conversation)

    async def beat(self) -> Frame:
        """Sends a beat."""
        return await self.request("beat")

    async def invite(self, conversation: str, how: str, to: dict[str, str], brief: str | None = None) -> str:
        """Invite by consult, transfer or handoff: `{"staff": id}`, `{"line": slug}`, `{"service": slug}`."""
        ok = await self.request("invite", conversation=conversation, how=how, to=to, brief=brief)
        return str(ok["invitation"])

    async def withdraw(self, invitation: str) -> Frame:
        """Withdraws an invitation."""
        return await self.request("withdraw", invitation=invitation)

    async def answer(self, invitation: str, yes: bool = True) -> Frame:
        """Answers an invitation that rings. After a yes the ok names the conversation."""
        return await self.request("answer", invitation=invitation, yes=yes)

    async def takeover(self, conversation: str) -> Frame:
        """Move a seat of the same person from another device to this one."""
        return await self.request("takeover", conversation=conversation)

    def may_post(self, talk: Transcript) -> bool:
        """Returns whether the newest epoch's wrap opened. After a `left` it is False until the caller's next
        grant."""
        opened = talk.me in talk.granted and talk.epoch in talk.secrets
        verified = talk.epoch not in talk.unverified_epochs
        waits = talk.left_since_granted and self.here.get((talk.conversation, talk.caller), True)
        return self.follows(talk) and opened and verified and not waits

    def follows(self, talk: Transcript) -> bool:
        """Returns whether `open` was answered with ok on this socket."""
        return self.connected and self._followed.get(talk.conversation) == self.connections

    def sealing_epoch(self, talk: Transcript) -> int:
        """Returns the newest granted epoch."""
        return talk.epoch

    def sync_fields(self, talk: Transcript) -> dict[str, Any]:
        """Returns the conversation's field."""
        return {"conversation": talk.conversation}

    async def handle(self, frame: Frame) -> None:
        """Does what every seat does, and also handles `allowed` and `gone`."""
        if frame["type"] == "allowed":
            self.allowed[frame["conversation"]] = frame["allowed"]
        elif frame["type"] == "gone" and frame["conversation"] in self.talks:
            self.talks[frame["conversation"]].gone = True
        await super().handle(frame)

    def _greeted(self, ok: Frame) -> None:
        self.greeting = ok
        self.device = ok["device"] and ok["device"]["id"]
        if ok["prove"] is None:
            self.opened_now(ok)

    def _named(self, ok: Frame) -> None:
        self.device = ok["device"]["id"]

    def _proven(self, ok: Frame) -> None:
        self.greeting = self.greeting | ok
        self.opened_now(ok)


class GuestClient(CounsellorClient):
    """Plays somebody of another service who joins as a partner by a one-time link and PIN, without signing
    in."""

    path = "/ws/desk/"

    def __init__(self, *urls: str, **options: Any) -> None:
        super().__init__(*urls, **options)
        self.conversation = ""
        self.resume_token = ""

    async def desk(self, token: str, pin: str | None) -> Frame:
        """Connects if need be and takes the seat of the link, or (`pin` None) returns by the resume token."""
        if not self.connected:
            await self.connect()
        key = b64url(self.key.public)
        ok = await self.request("desk", then=self._seated, token=token, pin=pin, key=key)
        if ok["prove"] is not None:
            secret = open_challenge(self.key, ok["member"], unb64url(ok["prove"]))
            await self.request("prove", then=self.opened_now, secret=b64url(secret))
        return ok

    async def reopen(self) -> None:
        """Connect again by the resume token and open the conversation."""
        await self.connect()
        await self.desk(self.resume_token, None)
        if self.conversation in self.talks:
            await self.open(self.conversation, self.talks[self.conversation].newest)

    def _seated(self, ok: Frame) -> None:
        self.conversation, self.resume_token = ok["conversation"], ok["resume"]
        if ok["prove"] is None:
            self.opened_now(ok)
