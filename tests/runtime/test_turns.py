"""Strangers at the sign-in wait for each other only. People who have signed in and callers wait for none of
them."""

import asyncio
import itertools
from typing import Any

import pytest
from pytest_django import Settings

from counsellors.signin import known_browsers, sessions
from helpline.lib import encoding, signed_links
from helpline.page_limits import PageConcurrency

HASHED_AT_ONCE, WAITING = 1, 40
HERS = "known-0123456789abcdef"
_colleagues = itertools.count()


class Pages:
    """Makes pages that take as long as a test holds them."""

    def __init__(self) -> None:
        self.made: list[str] = []
        self.go_on = asyncio.Event()

    async def __call__(self, scope: dict[str, Any], _receive: Any, send: Any) -> None:
        self.made.append(scope["path"])
        await self.go_on.wait()
        await send({"type": "http.response.start", "status": 200, "headers": []})


class OneByOne(Pages):
    async def __call__(self, scope: dict[str, Any], receive: Any, send: Any) -> None:
        await super().__call__(scope, receive, send)
        self.go_on.clear()


class Browser:
    def __init__(self, *cookies: str, accepts: str = "nl") -> None:
        sent = ((b"accept-language", accepts), *((b"cookie", cookie) for cookie in cookies))
        self.sends = [(name, value.encode()) for name, value in sent]
        self.status = 0
        self.body = b""
        self.headers: dict[bytes, bytes] = {}

    async def hears(self, message: dict[str, Any]) -> None:
        self.status = message.get("status", self.status)
        self.headers |= dict(message.get("headers", ()))
        self.body += message.get("body", b"")


def signed_in() -> Browser:
    return Browser(f"csrftoken=x; sessionid={_token(sessions.PURPOSE)}")


def known(cookie: str = "") -> Browser:
    """Returns the browser of each colleague, or of the person whose cookie this is."""
    cookie = cookie or f"known-{next(_colleagues):016x}"
    return Browser("csrftoken=x", f"{cookie}={known_browsers.new_mark(cookie)}:1vP:signature")


def _token(purpose: str) -> str:
    return signed_links.token(purpose, encoding.new_id())


class Asked:
    """Holds browsers that asked at once, and how far each came."""

    def __init__(self, turns: PageConcurrency, path: str, *browsers: Browser, method: str = "GET") -> None:
        self.browsers = browsers
        scope = {"type": "http", "path": path, "method": method}
        self.all_of_them = asyncio.gather(
            *(turns(scope | {"headers": browser.sends}, None, browser.hears) for browser in browsers)
        )

    @property
    def statuses(self) -> list[int]:
        return [browser.status for browser in self.browsers]


async def asks(turns: PageConcurrency, path: str, *browsers: Browser, method: str = "GET") -> Asked:
    asked = Asked(turns, path, *browsers, method=method)
    await asyncio.sleep(0.01)
    return asked


async def flooded(turns: PageConcurrency, many: int = 200) -> Asked:
    return await asks(turns, "/login/", *(Browser() for _ in range(many)), method="POST")


async def test_of_two_hundred_strangers_a_shift_gets_its_turn_and_the_others_are_told_at_once() -> None:
    pages = Pages()
    strangers = await flooded(PageConcurrency(pages))
    assert len(pages.made) == HASHED_AT_ONCE
    assert strangers.statuses.count(503) == 200 - HASHED_AT_ONCE - WAITING
    pages.go_on.set()
    await strangers.all_of_them
    assert strangers.statuses.count(200) == len(pages.made) == HASHED_AT_ONCE + WAITING


async def test_only_the_pages_for_machines_themselves_are_never_turned_away() -> None:
    pages = Pages()
    turns = PageConcurrency(pages)
    for path in ("/healthz", "/healthzzz", "/metrics/more"):
        assert bool(turns._needed({"path": path, "method": "GET", "headers": []})) is (path != "/healthz")


@pytest.mark.parametrize(
    "path", ["/nl/praat/", "/api/lines/praat/", "/app/x/caller.js", "/healthz", "/readyz"]
)
async def test_callers_and_who_asks_whether_all_is_well_do_not_wait_for_the_staff(path: str) -> None:
    pages = Pages()
    turns = PageConcurrency(pages)
    held = [
        await flooded(turns),
        await asks(turns, "/board/", *(signed_in() for _ in range(50))),
        await asks(turns, "/login/", *(known() for _ in range(50))),
        await asks(turns, path, Browser()),
    ]
    assert pages.made[-1] == path
    pages.go_on.set()
    await asyncio.gather(*(one.all_of_them for one in held))


@pytest.mark.parametrize(
    ("path", "method", "who"),
    [
        ("/board/", "GET", signed_in),
        ("/login/code/", "POST", signed_in),
        ("/login/", "GET", known),
        ("/login/", "POST", known),
        ("/login/", "GET", Browser),
        ("/join/", "GET", Browser),
    ],
)
async def test_nobody_else_waits_for_strangers_who_sign_in(path: str, method: str, who: Any) -> None:
    pages = Pages()
    turns = PageConcurrency(pages)
    strangers = await flooded(turns)
    asked = await asks(turns, path, who(), method=method)
    assert len(pages.made) == HASHED_AT_ONCE + 1
    pages.go_on.set()
    await asyncio.gather(strangers.all_of_them, asked.all_of_them)
    assert asked.statuses == [200]


async def test_who_writes_the_method_small_waits_with_who_guesses() -> None:
    """Django accepts `post` for POST."""
    pages = Pages()
    turns = PageConcurrency(pages)
    strangers = await flooded(turns, HASHED_AT_ONCE + WAITING)
    asked = await asks(turns, "/login/", Browser(), method="post")
    assert asked.statuses == [503]
    pages.go_on.set()
    await strangers.all_of_them


@pytest.mark.parametrize(
    "cookie",
    [
        "sessionid=x",
        f"sessionid={'A' * 43}",
        "known-0123456789abcdef=x:y:z",
        f"known-0123456789abcdef={'A' * 43}",
        "known-0123456789abcdef=",
        "\xff=\xff; ;;=",
    ],
)
async def test_a_cookie_that_somebody_made_up_saves_no_stranger_the_wait(cookie: str) -> None:
    pages = Pages()
    turns = PageConcurrency(pages)
    strangers = await flooded(turns, HASHED_AT_ONCE + WAITING)
    asked = await asks(turns, "/login/", Browser(cookie), method="POST")
    assert asked.statuses == [503]
    visitors = await asks(turns, "/board/", *(Browser(cookie) for _ in range(5)))
    at_work = await asks(turns, "/board/", signed_in())
    pages.go_on.set()
    await asyncio.gather(*(one.all_of_them for one in (strangers, visitors, at_work)))
    assert pages.made.index("/board/") == HASHED_AT_ONCE
    assert at_work.statuses == [200]


@pytest.mark.parametrize("other", ["sessionid", "known-fedcba9876543210"])
async def test_the_mark_of_one_cookie_is_none_in_another(other: str) -> None:
    pages = Pages()
    turns = PageConcurrency(pages)
    strangers = await flooded(turns, HASHED_AT_ONCE + WAITING)
    for name, mark in ((other, known_browsers.new_mark(HERS)), (HERS, _token(sessions.PURPOSE))):
        asked = await asks(turns, "/login/", Browser(f"{name}={mark}"), method="POST")
        assert asked.statuses == [503]
    pages.go_on.set()
    await strangers.all_of_them


async def test_who_left_with_sixty_marks_of_their_own_leaves_a_turn_to_colleagues() -> None:
    pages = Pages()
    turns = PageConcurrency(pages)
    left = await asks(turns, "/login/", *(known(HERS) for _ in range(60)), method="POST")
    assert len(pages.made) == 1
    colleague = await asks(turns, "/login/", known(), method="POST")
    assert len(pages.made) == 2
    pages.go_on.set()
    await asyncio.gather(left.all_of_them, colleague.all_of_them)


async def test_who_copied_her_cookie_by_the_hundred_lets_her_next_browser_go_second() -> None:
    pages = OneByOne()
    turns = PageConcurrency(pages)
    stolen = known(HERS).sends
    copies = [known(HERS) for _ in range(100)]
    for copy in copies:
        copy.sends = stolen
    thief = await asks(turns, "/login/", *copies, method="POST")
    hers = await asks(turns, "/login/", known(HERS), method="POST")
    pages.go_on.set()
    await asyncio.sleep(0.01)
    assert (thief.statuses.count(200), hers.statuses) == (1, [0])
    pages.go_on.set()
    await hers.all_of_them
    assert (thief.statuses.count(200), hers.statuses) == (1, [200])
    thief.all_of_them.cancel()


async def test_who_copied_a_cookie_by_the_hundred_leaves_a_turn_to_colleagues() -> None:
    pages = Pages()
    turns = PageConcurrency(pages)
    stolen = known().sends
    copies = [known() for _ in range(100)]
    for copy in copies:
        copy.sends = stolen
    thief = await asks(turns, "/login/", *copies, method="POST")
    assert len(pages.made) == 1
    colleague = await asks(turns, "/login/", known(), method="POST")
    assert len(pages.made) == 2
    pages.go_on.set()
    await asyncio.gather(thief.all_of_them, colleague.all_of_them)


async def test_a_flood_of_callers_pages_leaves_the_staff_s_their_turns() -> None:
    pages = Pages()
    turns = PageConcurrency(pages)
    callers = await asks(turns, "/nl/praat/", *(Browser() for _ in range(50)))
    staff = await asks(turns, "/console/", signed_in())
    assert pages.made[-1] == "/console/"
    pages.go_on.set()
    await asyncio.gather(callers.all_of_them, staff.all_of_them)


@pytest.mark.parametrize(
    ("accepted", "words"),
    [("nl", "Wacht even"), ("en-GB,en;q=0.9", "Wait a moment"), ("fr", "Wacht even")],
)
async def test_who_of_the_staff_waited_long_enough_reads_so_and_may_come_again(
    accepted: str, words: str, settings: Settings
) -> None:
    settings.HASH_PATIENCE *= 0.01
    pages = Pages()
    turns = PageConcurrency(pages)
    first = await asks(turns, "/board/", signed_in(), signed_in())
    late = Browser(*[value.decode() for _, value in signed_in().sends[1:]], accepts=accepted)
    await Asked(turns, "/board/", late).all_of_them
    assert late.status == 503
    assert words in late.body.decode()
    assert int(late.headers[b"retry-after"]) >= 1
    assert b"default-src 'none'" in late.headers[b"content-security-policy"]
    pages.go_on.set()
    await first.all_of_them
    assert len(pages.made) == 2


async def test_a_new_browser_may_wait_longer_than_who_is_signed_in(settings: Settings) -> None:
    settings.HASH_PATIENCE *= 0.001
    pages = Pages()
    turns = PageConcurrency(pages)
    strangers = await flooded(turns, 2)
    at_work = await asks(turns, "/board/", signed_in(), signed_in())
    late = Asked(turns, "/board/", signed_in())
    await late.all_of_them
    assert (late.statuses, strangers.statuses) == ([503], [0, 0])
    pages.go_on.set()
    await asyncio.gather(strangers.all_of_them, at_work.all_of_them)
    assert strangers.statuses == [200, 200]


async def test_nor_does_a_new_browser_wait_for_ever(settings: Settings) -> None:
    settings.SIGN_IN_PATIENCE *= 0.001
    pages = Pages()
    turns = PageConcurrency(pages)
    first = await flooded(turns, HASHED_AT_ONCE)
    late = Asked(turns, "/login/", Browser(), method="POST")
    await late.all_of_them
    assert (late.statuses, first.statuses) == ([503], [0])
    pages.go_on.set()
    await first.all_of_them


@pytest.mark.parametrize("who", [Browser, known, signed_in])
@pytest.mark.parametrize("method", ["GET", "POST"])
async def test_a_page_that_fails_gives_its_turn_back(who: Any, method: str) -> None:
    async def fails(*_: object) -> None:
        raise ValueError("no")

    turns = PageConcurrency(fails)
    for _ in range(5):
        with pytest.raises(ValueError, match="no"):
            await Asked(turns, "/login/", who(), method=method).all_of_them
