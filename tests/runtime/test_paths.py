"""A visitor's header cuts nothing off the path: limits, parts and refusals use the path that is served."""

import http.client
from contextlib import closing
from typing import Any
from urllib.parse import urlsplit

import pytest
from asgiref.testing import ApplicationCommunicator

from chat.retention import journal
from helpline.asgi import Anonymous, application
from tests.support.platform import Platform
from tests.support.wire import SUBPROTOCOL

communicator: Any = ApplicationCommunicator
CUT = "/healthz"  # uses no concurrency limit, is on every address, and is served while a backup is unchecked


@pytest.mark.parametrize("kind", ["http", "websocket"])
async def test_the_whole_path_is_what_the_program_serves(kind: str) -> None:
    seen: list[dict[str, Any]] = []

    async def behind(scope: dict[str, Any], *_: object) -> None:
        seen.append(scope)

    await Anonymous(behind)({"type": kind, "path": f"{CUT}/login/", "root_path": CUT}, None, None)
    (scope,) = seen
    assert (scope["path"], scope["root_path"]) == ("/healthz/login/", "")


@pytest.mark.parametrize("method", ["GET", "POST"])
async def test_the_sign_in_is_at_no_second_address_which_takes_no_turn(method: str) -> None:
    assert await _status("/healthz/login/", CUT, method) == 404


async def test_nor_is_a_restored_database_served_at_one(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(journal, "is_restored", lambda: True)
    assert await _status("/healthz/login/", CUT) == 404
    assert await _status("/login/", "") == 503


@pytest.mark.parametrize("path", ["/healthz/login/", "/healthz/nl/", "/app/login/", "/x/metrics"])
def test_a_running_server_leaves_the_path_whole(laptop: Platform, path: str) -> None:
    assert _answered(laptop, path, path[: path.index("/", 1)]) == 404


@pytest.mark.parametrize(("path", "cut", "status"), [("/ws/caller/", "", 101), ("/x/ws/caller/", "/x", 403)])
def test_a_socket_is_at_no_second_address_either(laptop: Platform, path: str, cut: str, status: int) -> None:
    upgrade = {
        "Connection": "Upgrade",
        "Upgrade": "websocket",
        "Origin": laptop.url,
        "Sec-WebSocket-Key": "AAAAAAAAAAAAAAAAAAAAAA==",
        "Sec-WebSocket-Version": "13",
        "Sec-WebSocket-Protocol": SUBPROTOCOL,
    }
    assert _answered(laptop, path, cut, **upgrade) == status


def _answered(platform: Platform, path: str, cut: str, **headers: str) -> int:
    place = urlsplit(platform.url)
    with closing(http.client.HTTPConnection(place.hostname or "", place.port, timeout=10)) as connection:
        connection.request("GET", path, headers={"Daphne-Root-Path": cut, **headers})
        return connection.getresponse().status


async def _status(path: str, root_path: str, method: str = "GET") -> int:
    scope = {
        "type": "http",
        "http_version": "1.1",
        "method": method,
        "path": path,
        "root_path": root_path,
        "query_string": b"",
        "headers": [(b"host", b"hulp.example")],
    }
    asking = communicator(application, scope)
    await asking.send_input({"type": "http.request", "body": b""})
    begin = await asking.receive_output(5)
    await asking.receive_output(5)
    await asking.wait(5)
    return int(begin["status"])
