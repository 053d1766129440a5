"""Plays a caller's browser: one conversation, its secrets, and the decision whom to let in."""

import asyncio
from dataclasses import replace
from functools import partial
from hashlib import sha256
from typing import Any, Self

from tests.support.frames import Disconnected, Frame, Refused
from tests.support.grants import Card, Grants
from tests.support.sealing import (
    MESSAGE,
    SEATS_ROW,
    Item,
    b64url,
    fresh_secret,
    open_return,
    return_half,
    seal_return,
    seats_hash,
    unb64url,
)
from tests.support.seats import Outgoing, Posted, SeatClient
from tests.support.transcript import Transcript

GRANT_ATTEMPTS = 50


class CallerClient(SeatClient):
    """Plays a caller: `start`, then talk. With `grants` (the default) it lets in by itself whom the rules
    allow."""

    path = "/ws/caller/"

    def __init__(self, *urls: str, grants: bool = True, **options: Any) -> None:
        super().__init__(*urls, **options)
        self.lets_in = grants
        self.conversation = ""
        self.member = ""
        self.token = ""
        self.shelf: str | None = None
        self.state = ""
        self._letting_in = False
        self._log_reaches = 0

    @property
    def talk(self) -> Transcript:
        """Returns the conversation's log. Raises KeyError before `start`."""
        return self.talks[self.conversation]

    @property
    def epoch(self) -> int:
        """Returns the newest valid epoch."""
        return self.grants.current

    async def start(
        self,
        line: str = "helpwanted",
        locale: str = "nl",
        urgency: int = 0,
        *,
        work: str | None = None,
        pad: str | None = None,
        letter: bool | None = None,
    ) -> Frame:
        """Connects if need be and opens a conversation. Returns the ok, or raises Refused if the line is
        closed or full, or if it asks for `work` that is not given. With `letter` it begins a letter."""
        if not self.connected:
            await self.connect()
        fields: dict[str, Any] = {"line": line, "locale": locale, "urgency": urgency}
        given = (("work", work), ("pad", pad), ("letter", letter))
        fields |= {name: value for name, value in given if value is not None}
        return await self.request("start", then=self._started, **fields)

    async def resume(self) -> Frame:
        """Resumes the conversation on a new socket, from the newest entry that is here. Returns the ok."""
        since = self.talk.newest
        return await self.request(
            "resume", then=self._resumed, conversation=self.conversation, token=self.token, since=since
        )

    async def reopen(self) -> None:
        """Connects again, resumes, and waits until everything that was missed is here."""
        await self.connect()
        newest = (await self.resume())["seq"]
        await self.becomes(lambda: self.talk.newest >= newest, 10)

    async def keep_code(self, code: str) -> Frame:
        """Registers the code on paper. Returns the ok."""
        hashed = sha256(return_half(code, "hl1 return token")).digest()
        rows = dict(self.talk.secrets)
        if self.grants.letters and self.grants.review:
            rows[SEATS_ROW] = seats_hash(unb64url(self.grants.letters), unb64url(self.grants.review))
        box = seal_return(code, unb64url(self.conversation), rows)
        return await self.request("keepcode", hash=b64url(hashed), box=b64url(box))

    async def forget_code(self) -> Frame:
        """Deletes the registered code. Returns the ok."""
        return await self.request("keepcode", hash=None, box=None)

    async def return_with(self, code: str, line: str = "helpwanted") -> Frame:
        """Connects if need be and returns with a code alone. Returns the ok, or raises Refused."""
        if not self.connected:
            await self.connect()
        consumer = b64url(return_half(code, "hl1 return token"))
        then = partial(self._returned, code)
        return await self.request("return", then=then, line=line, code=consumer, since=0)

    def another_tab(self, *, secrets: bool = True, name: str = "") -> Self:
        """Returns the conversation in a new tab or after a reload, for `reopen`. Without `secrets` it has
        lost them."""
        tab = type(self)(*self.urls, name=name or f"{self.name}'s other tab", stays=self.stays)
        tab.conversation, tab.member, tab.token = self.conversation, self.member, self.token
        talk = Transcript(self.conversation, self.member)
        tab.talks[self.conversation] = talk
        cards = {invitation: replace(card, used=False) for invitation, card in self.grants.cards.items()}
        tab.grants = Grants(talk, self.grants.review, self.grants.letters, cards=cards)
        if secrets:
            talk.secrets.update(self.talk.secrets)
            tab.grants.counted = self.grants.counted
            # Its secret was kept before it was sent; the tab's `resume` tells whether it counted.
            tab.grants.in_flight = self.grants.in_flight
        return tab

    async def sync(self, since: int | None = None) -> Frame:
        """Ask for the entries above `since` (default: the newest that is here); the ok."""
        return await self.request("sync", since=self.talk.newest if since is None else since)

    async def post(self, text: str, kind: int = MESSAGE, within: float = 30) -> Posted:
        """Seal and send a text; Refused for good reasons, TimeoutError, or Disconnected unless it `stays`."""
        return await self._send_text(Outgoing(self.talk, "post", Item.fresh(text, kind)), within)

    async def grant(self) -> Frame:
        """Send one grant for those present, due or not; the ok. Refused keeps nothing of it."""
        flight = self.grants.draw()
        fields = self.grants.fields(flight)
        try:
            return await self.request("grant", then=lambda _ok: self.grants.count(flight), **fields)
        except Refused as error:
            self.grants.throw_away(error.frame.get("epoch"))
            raise

    async def consent(self, invitation: str, yes: bool = True, history: bool = False) -> Frame:
        """Answer a card; a yes lets in one partner of the service on it."""
        card = self.talk.of("invited", invitation=invitation)[-1]
        if yes:
            self.grants.cards[invitation] = Card(card["to"]["service"], history)
        return await self.request("consent", invitation=invitation, yes=yes, history=history)

    async def typing(self) -> Frame:
        """Tell the others that the caller types."""
        return await self.request("typing")

    async def mark_seen(self, seq: int | None = None) -> Frame:
        """Tell that everything up to `seq` (default: the newest) was read: the wire's `seen`."""
        return await self.request("seen", seq=self.talk.newest if seq is None else seq)

    async def talk_now(self) -> Frame:
        """Wait in the queue, as well as for the answer to the letter: the wire's `chat`."""
        return await self.request("chat")

    async def leave(self) -> Frame:
        """End the conversation."""
        return await self.request("leave")

    async def erase(self) -> Frame:
        """Erase the conversation; the server closes with 4410."""
        return await self.request("erase")

    async def beat(self) -> Frame:
        """Sends a beat."""
        return await self.request("beat")

    def took(self, _talk: Transcript, entry: Frame) -> None:
        """Grants and excludes members by what the log says."""
        self.grants.took(entry)
        if entry["kind"] == "ended":
            self.state = "ended"
        self._let_in()

    def may_post(self, talk: Transcript) -> bool:
        """Returns whether it may post, by the page's rule. A caller that does not grant posts into whatever
        it has."""
        ready = self.grants.may_seal if self.lets_in else self.grants.current in talk.secrets
        return self.opened and ready

    def follows(self, _talk: Transcript) -> bool:
        """Returns whether `start` or `resume` was answered with ok."""
        return self.opened

    def sealing_epoch(self, _talk: Transcript) -> int:
        """Returns the newest valid epoch."""
        return self.grants.current

    def sync_fields(self, _talk: Transcript) -> dict[str, Any]:
        """Returns no fields, because the socket has one conversation."""
        return {}

    def _started(self, ok: Frame) -> None:
        self.conversation, self.member, self.token = ok["conversation"], ok["member"], ok["token"]
        self.shelf, self.state = ok["shelf"], "active" if ok["letters"] else "waiting"
        talk = Transcript(self.conversation, self.member)
        talk.secrets[0] = fresh_secret()
        self.talks[self.conversation] = talk
        keys = (ok[seat] and ok[seat]["key"] for seat in ("review", "letters"))
        self.grants = Grants(talk, *keys)
        self.opened_now(ok)

    def _returned(self, code: str, ok: Frame) -> None:
        self.conversation, self.token = ok["conversation"], ok["token"]
        talk = Transcript(self.conversation, ok["member"])
        talk.secrets.update(open_return(code, unb64url(self.conversation), unb64url(ok["box"])))
        self.talks[self.conversation] = talk
        self.grants = Grants(talk, seats=talk.secrets.pop(SEATS_ROW, None))
        self._resumed(ok)

    def _resumed(self, ok: Frame) -> None:
        self.member, self.state, self.shelf = ok["member"], ok["state"], ok["shelf"]
        self.opened_now(ok)
        self.grants.resumed(ok["epoch"])
        self._log_reaches = ok["seq"]
        self._let_in()

    def _let_in(self) -> None:
        # Not before the log is complete: a part of the log names a part of those present.
        complete = self.talk.newest >= self._log_reaches and self.grants.in_flight is None
        if self.lets_in and not self._letting_in and self.opened and complete and self.grants.due:
            self._letting_in = True
            self.spawn(self._grant_while_due())

    async def _grant_while_due(self) -> None:
        try:
            for attempt in range(GRANT_ATTEMPTS):
                if not self.grants.due or not self.opened:
                    return  # the next opening looks again
                try:
                    await self.grant()
                except Refused as error:
                    if error.code not in {"conflict", "try_again"}:
                        raise
                    self.catch_up(self.talk)
                    await asyncio.sleep(min(2, 0.05 * (attempt + 1)))
                except (Disconnected, TimeoutError):
                    # Only `resume` tells whether it counted.
                    if self.stays and self.connected:
                        self.cut()
                        self.spawn(self.come_back())
                    return
            self.fault(f"{GRANT_ATTEMPTS} grants were refused")
        finally:
            self._letting_in = False
