"""Plays a thief who tries everything in a stolen copy on everything that could be opened."""

import asyncio
import base64
import http.client
import json
import re
import time
from collections.abc import Awaitable, Callable, Iterable
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing, suppress
from dataclasses import dataclass
from urllib.parse import urlencode, urlsplit

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from websockets.asyncio.client import ClientConnection, connect
from websockets.exceptions import ConnectionClosed

from benchmarks.signin import STEP, SignIn, totp
from tests.guards.loot import Loot
from tests.support.frames import Frame
from tests.support.sealing import DeviceKey, Unverified, b64url, decrypt, open_challenge, unb64url
from tests.support.wire import SUBPROTOCOL

AT_ONCE = 12
COOKIE = re.compile(r"[!#-+\--:<-\[\]-~]{8,200}")
OPAQUE = 64
TRIES = 3
RECOVERY = re.compile("[a-z0-9-]{8,24}")
POINT = 65
DEVICE = re.compile("[A-Za-z0-9_-]{22}")  # 16 bytes, as the thief reads in our code


@dataclass(frozen=True)
class Thief:
    """Tries all values of the copy against a running server. Each method returns what it opened. `cookie` is
    that of somebody whose password and code were stolen too, but not the browser."""

    urls: list[str]
    cookie: str

    def signs_in(self, loot: Loot) -> list[str]:
        """Tries each value as the session of a browser that has signed in completely or by half, and as its
        form's token."""
        tokens = [text for text in loot.texts if COOKIE.fullmatch(text)]
        with ThreadPoolExecutor(AT_ONCE) as several:
            parts = [tokens[number::AT_ONCE] for number in range(AT_ONCE)]
            found = several.map(self._sign_in, range(AT_ONCE), parts)
        return [f"a session: {token}" for part in found for token in part]

    def _sign_in(self, number: int, tokens: list[str]) -> list[str]:
        place = urlsplit(self.urls[number % len(self.urls)])
        found = []
        with closing(http.client.HTTPConnection(place.hostname or "", place.port, timeout=30)) as opened:
            for token in tokens:
                cookie = {"Cookie": f"sessionid={token}; csrftoken={token}"}
                opened.request("GET", "/console/", headers=cookie)
                if _lets_in(opened):
                    found.append(token)
                if len(token) in {32, POINT - 1}:
                    form = urlencode({"csrfmiddlewaretoken": token, "code": "000000"})
                    kind = {"Content-Type": "application/x-www-form-urlencoded", "Origin": self.urls[0]}
                    opened.request("POST", "/login/code/", form, cookie | kind)
                else:
                    opened.request("GET", "/login/code/", headers=cookie)
                if _lets_in(opened):
                    found.append(token)
        return found

    def makes_codes(self, loot: Loot, seeds: Iterable[str]) -> list[str]:
        """Tries each value as the seed of somebody's one-time codes."""
        step = int(time.time()) // STEP
        wanted = {tuple(totp(seed, step + ahead) for ahead in range(3)) for seed in seeds}
        seeds = (base64.b32encode(one).decode() for one in loot.blobs if 10 <= len(one) <= OPAQUE)
        codes = (tuple(totp(seed, step + ahead) for ahead in range(3)) for seed in seeds)
        return ["a seed of one-time codes" for three in codes if three in wanted]

    def signs_in_with_a_code(self, loot: Loot, half: SignIn) -> list[str]:
        """Tries a few values as the code of somebody whose password was stolen too. More attempts would have
        to wait."""
        digits = [text for text in loot.texts if re.fullmatch("[0-9]{6}", text)]
        words = [text for text in loot.texts if RECOVERY.fullmatch(text)]
        found = []
        for code in [*digits[:TRIES], *words[:TRIES]]:
            answer = half.submit(half.get("/login/code/"), "code", code=code)
            if answer.status != http.HTTPStatus.OK:
                found.append("a code")
        return found

    def opens(self, loot: Loot) -> list[str]:
        """Tries each 32 bytes as the key of each box, and as the private half of each public key."""
        points = set(loot.sized(POINT))
        boxes = [data for data in loot.blobs if 28 < len(data) < 20_000]
        found = []
        for secret in loot.sized(32):
            found += [f"a box of {len(box)} bytes" for box in boxes if _opens(secret, box)]
            with suppress(ValueError):
                if DeviceKey.from_scalar(secret).public in points:
                    found.append("a private key")
        return found

    async def proves_a_device(self, loot: Loot) -> list[str]:
        """Tries each value of that shape as the id of a device, and each 32 bytes as its key."""
        ids = [text for text in loot.texts if DEVICE.fullmatch(text)]
        keys = [
            DeviceKey.from_scalar(secret) for secret in loot.sized(32) if 0 < int.from_bytes(secret) < ORDER
        ]

        async def try_keys(opened: ClientConnection, ok: Frame) -> str | None:
            if ok["prove"] is None:
                return None
            for key in keys:
                with suppress(Unverified):
                    secret = open_challenge(key, ok["device"]["id"], unb64url(ok["prove"]))
                    return str(await _ask(opened, {"type": "prove", "secret": b64url(secret)}))
            with suppress(StopIteration):
                guess = b64url(next(iter(loot.sized(32))))
                answer = await _ask(opened, {"type": "prove", "secret": guess})
                return None if answer["type"] == "error" else str(answer)
            return None

        frames = [{"type": "hello", "device": one} for one in ids]
        return await self._each("/ws/console/", frames, try_keys, cookie=self.cookie)

    async def resumes(self, loot: Loot) -> list[str]:
        """Tries each value as a caller's token, for each conversation."""
        tokens = [text for text in loot.texts if len(text) <= OPAQUE and text.isprintable()]
        frames = [
            {"type": "resume", "conversation": conversation, "token": token, "since": 0}
            for conversation in loot.conversations
            for token in tokens
            if len(token) >= 16
        ]
        return await self._each("/ws/caller/", frames, _found)

    async def takes_a_guest_s_seat(self, loot: Loot) -> list[str]:
        """Tries each value as a link, with each six digits as its PIN, and as a resume token with each
        key."""
        tokens = [text for text in loot.texts if 16 <= len(text) <= OPAQUE and text.isprintable()]
        pins = [text for text in loot.texts if re.fullmatch("[0-9]{6}", text)] or ["000000"]
        keys = [b64url(point) for point in loot.sized(POINT) if _is_point(point)] or [b64url(OWN.public)]
        frames = [
            {"type": "desk", "token": token, "pin": pin, "key": key}
            for token in tokens
            for pin, key in [*((pin, b64url(OWN.public)) for pin in pins[:5]), *((None, key) for key in keys)]
        ]
        return await self._each("/ws/desk/", frames, _found)

    async def _each(
        self,
        path: str,
        frames: list[Frame],
        ok: Callable[[ClientConnection, Frame], Awaitable[str | None]],
        *,
        cookie: str = "",
    ) -> list[str]:
        """Sends every frame as the first of a socket. A refused frame leaves the socket for the next one."""
        left, found = list(frames), list[str]()

        async def one(opened: ClientConnection) -> None:
            while left:
                frame = left.pop()
                try:
                    answer = await _ask(opened, frame)
                except ConnectionClosed:  # ten bad frames, or the time to open is over
                    left.append(frame)
                    raise
                if answer["type"] == "ok":
                    if said := await ok(opened, answer):
                        found.append(f"{frame['type']}: {said}")
                    return

        async def one_after_another(number: int) -> None:
            while left:
                with suppress(ConnectionClosed):
                    async with _socket(self.urls[number % len(self.urls)], path, cookie) as opened:
                        await one(opened)

        await asyncio.gather(*(one_after_another(number) for number in range(AT_ONCE)))
        return found


OWN = DeviceKey.fresh()
ORDER = 0xFFFFFFFF00000000FFFFFFFFFFFFFFFFBCE6FAADA7179E84F3B9CAC2FC632551


def _is_point(data: bytes) -> bool:
    with suppress(ValueError):
        return bool(ec.EllipticCurvePublicKey.from_encoded_point(ec.SECP256R1(), data))
    return False


async def _found(_opened: ClientConnection, ok: Frame) -> str:
    return str(sorted(ok))


def _socket(url: str, path: str, cookie: str) -> connect:
    return connect(
        url.replace("http", "ws", 1) + path,
        origin=url,  # type: ignore[arg-type]
        subprotocols=[SUBPROTOCOL],  # type: ignore[list-item]
        additional_headers={"Cookie": cookie} if cookie else {},
        compression=None,
        proxy=None,
    )


async def _ask(opened: ClientConnection, frame: Frame) -> Frame:
    await opened.send(json.dumps({"ref": "1"} | frame))
    while True:
        answer: Frame = json.loads(await opened.recv())
        if answer["type"] in {"ok", "error"}:
            return answer


def _lets_in(opened: http.client.HTTPConnection) -> bool:
    answer = opened.getresponse()
    answer.read()
    return answer.status != 403 and (answer.headers.get("Location") or "") != "/login/"


def _opens(secret: bytes, box: bytes) -> bool:
    with suppress(InvalidTag, ValueError):
        AESGCM(secret).decrypt(box[:12], box[12:], None)
        return True
    with suppress(Unverified, ValueError, IndexError):
        if box[:2] == b"\1\1":  # a box of a conversation
            decrypt(secret, box)
            return True
    return False
