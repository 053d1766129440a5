"""A flood of sign-ins holds two threads; neither callers nor who asks whether all is well wait for it."""

import asyncio
from typing import Any

import pytest
from pytest_django import Settings

from helpline.turns import PagesTakeTurns

NOTHING: list[tuple[bytes, bytes]] = []


class Pages:
    """Made as long as they are held."""

    def __init__(self) -> None:
        self.made: list[str] = []
        self.go_on = asyncio.Event()

    async def __call__(self, scope: dict[str, Any], _receive: Any, send: Any) -> None:
        self.made.append(scope["path"])
        await self.go_on.wait()
        await send({"type": "http.response.start", "status": 200, "headers": []})


class Browser:
    def __init__(self) -> None:
        self.status = 0
        self.body = b""
        self.headers: dict[bytes, bytes] = {}

    async def hears(self, message: dict[str, Any]) -> None:
        self.status = message.get("status", self.status)
        self.headers |= dict(message.get("headers", ()))
        self.body += message.get("body", b"")


async def asks(
    turns: PagesTakeTurns, *paths: str, headers: list[tuple[bytes, bytes]] = NOTHING
) -> tuple[list[Browser], "asyncio.Future[list[None]]"]:
    browsers = [Browser() for _ in paths]
    scopes = [{"type": "http", "path": path, "headers": headers} for path in paths]
    asked = zip(scopes, browsers, strict=True)
    all_of_them = asyncio.gather(*(turns(scope, None, browser.hears) for scope, browser in asked))
    await asyncio.sleep(0.01)
    return browsers, all_of_them


async def test_of_two_hundred_sign_ins_two_are_made_at_once_and_each_gets_its_turn() -> None:
    pages = Pages()
    _, all_of_them = await asks(PagesTakeTurns(pages), *["/login/"] * 200)
    assert len(pages.made) == 2
    pages.go_on.set()
    await all_of_them
    assert len(pages.made) == 200


@pytest.mark.parametrize(
    "path", ["/nl/praat/", "/api/lines/praat/", "/app/x/caller.js", "/healthz", "/readyz"]
)
async def test_callers_and_who_asks_whether_all_is_well_do_not_wait_for_the_staff(path: str) -> None:
    pages = Pages()
    turns = PagesTakeTurns(pages)
    _, sign_ins = await asks(turns, *["/login/"] * 50)
    _, others = await asks(turns, path)
    assert pages.made[-1] == path
    pages.go_on.set()
    await asyncio.gather(sign_ins, others)


async def test_a_flood_of_callers_pages_leaves_the_staff_s_their_turns() -> None:
    pages = Pages()
    turns = PagesTakeTurns(pages)
    _, callers = await asks(turns, *["/nl/praat/"] * 50)
    _, staff = await asks(turns, "/console/")
    assert pages.made[-1] == "/console/"
    pages.go_on.set()
    await asyncio.gather(callers, staff)


@pytest.mark.parametrize(
    ("accepted", "words"),
    [(b"nl", "Wacht even"), (b"en-GB,en;q=0.9", "Wait a moment"), (b"fr", "Wacht even")],
)
async def test_who_of_the_staff_waited_long_enough_reads_so_and_may_come_again(
    accepted: bytes, words: str, settings: Settings
) -> None:
    settings.HASH_PATIENCE *= 0.01
    pages = Pages()
    headers = [(b"accept-language", accepted)]
    browsers, all_of_them = await asks(PagesTakeTurns(pages), *["/login/"] * 3, headers=headers)
    await asyncio.sleep(0.1)
    assert browsers[2].status == 503
    assert words in browsers[2].body.decode()
    assert int(browsers[2].headers[b"retry-after"]) >= 1
    assert b"default-src 'none'" in browsers[2].headers[b"content-security-policy"]
    pages.go_on.set()
    await all_of_them
    assert len(pages.made) == 2


async def test_a_page_that_fails_gives_its_turn_back() -> None:
    async def fails(*_: object) -> None:
        raise ValueError("no")

    turns = PagesTakeTurns(fails)
    for _ in range(5):
        with pytest.raises(ValueError, match="no"):
            await turns({"type": "http", "path": "/login/", "headers": []}, None, None)
