"""This host and whoever has the token may read the metrics. For others there is no such page."""

import asyncio
import http.client
from typing import Any
from urllib.parse import urlsplit

import pytest
from asgiref.testing import ApplicationCommunicator
from pytest_django import Settings

from chat.retention import journal, purge
from chat.runtime import heartbeat, key_folders
from helpline import checks, line_gauges, operations
from helpline.asgi import application
from tests.support.platform import Platform

TOKEN = "a token of a test, of 32 characters or more"
communicator: Any = ApplicationCommunicator
HERE, ELSEWHERE = "127.0.0.1", "192.0.2.7"


@pytest.fixture(autouse=True)
def nothing_overdue(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(purge, "overdue", lambda _now: 0)
    monkeypatch.setattr(key_folders, "away", lambda: 0)
    monkeypatch.setattr(heartbeat, "silent_seconds", lambda _now: 0.0)
    monkeypatch.setattr(journal, "is_restored", lambda: False)
    monkeypatch.setattr(operations, "levels", lambda: {"helpwanted": 0})
    monkeypatch.setattr(line_gauges, "look", lambda _now: None)


async def ask(peer: str | None, path: str = "/metrics", **headers: str) -> tuple[int, bytes]:
    """Returns status and body for a request over a connection from `peer`."""
    named = {"host": "hulp.example"} | {name.replace("_", "-"): value for name, value in headers.items()}
    scope = {
        "type": "http",
        "http_version": "1.1",
        "method": "GET",
        "path": path,
        "query_string": b"",
        "client": [peer, 40_000] if peer else None,
        "headers": [(name.encode(), value.encode()) for name, value in named.items()],
    }
    asking: Any = communicator(application, scope)
    await asking.send_input({"type": "http.request", "body": b"", "more_body": False})
    begin, body = await asking.receive_output(5), await asking.receive_output(5)
    await asking.wait()
    return int(begin["status"]), bytes(body["body"])


async def status(peer: str | None, **headers: str) -> int:
    return (await ask(peer, "/metrics", **headers))[0]


@pytest.mark.parametrize("peer", [HERE, "127.8.9.10", "::1", "::ffff:127.0.0.1"])
async def test_this_host_reads_the_numbers(peer: str) -> None:
    code, body = await ask(peer)
    assert code == 200
    assert b"helpline_purge_overdue" in body


@pytest.mark.parametrize("path", ["/metrics", "/healthz", "/readyz"])
@pytest.mark.parametrize("name", ["127.0.0.1:8001", "127.0.0.1", "localhost:8001", "[::1]:8001"])
async def test_what_watches_a_process_needs_no_name_of_the_site(
    monkeypatch: pytest.MonkeyPatch, path: str, name: str
) -> None:
    monkeypatch.setattr(operations, "_why_not_ready", lambda: "")
    assert (await ask(HERE, path, host=name))[0] == 200


@pytest.mark.parametrize(
    "name", ["10.0.0.4:8001", "other.example", "localhost.other.example", "[::2]", "[", ""]
)
async def test_any_other_name_is_refused_there(name: str) -> None:
    assert (await ask(HERE, "/metrics", host=name))[0] == 400


@pytest.mark.parametrize("path", ["/", "/nl/", "/login/", "/metrics/", "/api/lines/helpwanted/"])
async def test_no_other_page_is_there_under_a_loopback_name(
    monkeypatch: pytest.MonkeyPatch, path: str
) -> None:
    monkeypatch.setattr(journal, "is_restored", lambda: False)
    assert (await ask(HERE, path, host="127.0.0.1:8001"))[0] == 400


async def test_who_says_a_loopback_name_is_not_this_host_for_that() -> None:
    assert await status(ELSEWHERE, host="127.0.0.1:8001") == 404


@pytest.mark.parametrize(
    "peer", [ELSEWHERE, "10.0.0.4", "::ffff:10.0.0.4", "2001:db8::1", None, "not an address"]
)
async def test_from_elsewhere_it_is_as_if_the_page_did_not_exist(peer: str | None) -> None:
    assert await ask(peer) == await ask(peer, "/static/nothing")
    assert await status(peer) == 404


@pytest.mark.parametrize(
    "name", ["x_forwarded_for", "x_forwarded_proto", "x_forwarded_host", "forwarded", "x_real_ip", "via"]
)
async def test_what_a_proxy_on_this_host_passes_on_is_not_from_this_host(name: str) -> None:
    assert await status(HERE, **{name: "203.0.113.9"}) == 404


async def test_a_caller_who_says_to_be_this_host_is_not(settings: Settings) -> None:
    assert await status(ELSEWHERE, x_forwarded_for=HERE) == 404
    assert await status(HERE, x_forwarded_for=HERE) == 404
    settings.PROXY_SSL_HEADER = "X-Scheme"
    assert await status(HERE, x_scheme="https") == 404, "the proxy's own header tells of it, too"
    assert await status(HERE) == 200


async def test_who_bears_the_token_reads_them_from_anywhere(settings: Settings) -> None:
    settings.METRICS_TOKEN = TOKEN
    assert await status(ELSEWHERE, authorization=f"Bearer {TOKEN}") == 200
    assert await status(HERE, x_forwarded_for="203.0.113.9", authorization=f"bearer {TOKEN}") == 200


@pytest.mark.parametrize(
    "said", ["", "Bearer", "Bearer ", f"Bearer {TOKEN}x", f"Basic {TOKEN}", TOKEN, "Bearer é"]
)
async def test_a_wrong_token_opens_nothing(settings: Settings, said: str) -> None:
    settings.METRICS_TOKEN = TOKEN
    assert await status(ELSEWHERE, authorization=said) == 404


@pytest.mark.parametrize("said", ["", "Bearer", "Bearer ", "Bearer None"])
async def test_without_a_token_in_the_settings_none_is_right(settings: Settings, said: str) -> None:
    settings.METRICS_TOKEN = ""
    assert await status(ELSEWHERE, authorization=said) == 404


async def test_the_address_itself_goes_no_further_than_the_decision() -> None:
    from helpline.asgi import Anonymous  # noqa: PLC0415

    seen: list[dict[str, Any]] = []

    async def behind(scope: dict[str, Any], *_: object) -> None:
        seen.append(scope)

    scope = {"type": "http", "client": [ELSEWHERE, 1], "headers": [(b"x-forwarded-for", b"203.0.113.9")]}
    await Anonymous(behind)(scope, None, None)
    (scope,) = seen
    assert scope == {
        "type": "http",
        "client": None,
        "root_path": "",
        "from_this_host": False,
        "headers": [],
    }


def test_a_token_that_could_be_guessed_does_not_start(settings: Settings) -> None:
    settings.METRICS_TOKEN = "short"
    assert "helpline.E007" in [error.id for error in checks.production_is_safe()]
    settings.METRICS_TOKEN = TOKEN
    assert "helpline.E007" not in [error.id for error in checks.production_is_safe()]


async def test_a_running_server_tells_its_own_host_and_nobody_behind_a_proxy(laptop: Platform) -> None:
    def get(headers: dict[str, str]) -> int:
        place = urlsplit(laptop.url)
        connection = http.client.HTTPConnection(place.hostname or "", place.port, timeout=5)
        connection.request("GET", "/metrics", headers=headers)
        code = connection.getresponse().status
        connection.close()
        return code

    assert await asyncio.to_thread(get, {}) == 200
    assert await asyncio.to_thread(get, {"X-Forwarded-For": "203.0.113.9"}) == 404
