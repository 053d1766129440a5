"""A process of the staff's part serves no caller, and one of the callers' part no sign-in."""

import http.client
import os
import shutil
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from channels.testing import ApplicationCommunicator
from django.urls import URLPattern, URLResolver, get_resolver

from helpline import asgi, parts
from tests.support.folders import empty_tables
from tests.support.servers import Redis, free_ports

SERVE = [sys.executable, str(Path(__file__).parents[2] / "manage.py"), "serve"]

STAFF = [
    "/login/",
    "/login/code/",
    "/account/passkeys/",
    "/console/",
    "/board/",
    "/desk/",
    "/guest/",
    "/admin/",
    "/static/x",
]
CALLERS = ["/", "/nl", "/nl/", "/en/helpwanted/", "/api/exit/", "/embed.js"]


@pytest.mark.parametrize(
    ("part", "path"),
    [("callers", path) for path in STAFF]
    + [("staff", path) for path in CALLERS if path != "/"]
    + [("staff", "/x/")],
)
async def test_a_page_of_the_other_part_is_not_there(part: str, path: str) -> None:
    assert await _status(part, path) == 404


@pytest.mark.parametrize(
    ("part", "path"), [("staff", path) for path in STAFF] + [("callers", path) for path in CALLERS]
)
async def test_a_page_of_the_own_part_is(part: str, path: str) -> None:
    assert await _status(part, path) == 200


async def test_the_name_of_the_staff_s_host_alone_leads_to_the_sign_in() -> None:
    seen: list[str] = []

    async def notes(scope: dict[str, Any], _receive: Any, _send: Any) -> None:
        seen.append(scope["path"])

    await parts.Only("staff", notes)({"type": "http", "path": "/"}, None, None)
    assert seen == ["/login/"]


@pytest.mark.django_db
@pytest.mark.parametrize(("part", "path"), [("callers", "/login/"), ("staff", "/nl/")])
async def test_an_address_of_the_other_part_is_answered_with_every_header(part: str, path: str) -> None:
    """An unknown address has the headers, too, so that a page that an attacker makes there can do nothing."""
    asked = {"type": "http", "path": path, "raw_path": path.encode(), "method": "GET"}
    scope = asked | {"headers": [(b"host", b"testserver")]}
    answers = ApplicationCommunicator(parts.Only(part, asgi.application), scope)  # type: ignore[no-untyped-call]
    await answers.send_input({"type": "http.request", "body": b""})
    head = await answers.receive_output(5)
    assert head["status"] == 404
    assert {b"Content-Security-Policy", b"Referrer-Policy"} <= {name for name, _ in head["headers"]}
    await answers.wait(5)


@pytest.mark.parametrize("path", ["/healthz", "/readyz", "/metrics", "/app/release/x.js"])
async def test_machines_and_served_bytes_are_answered_by_both(path: str) -> None:
    assert [await _status(part, path) for part in parts.PARTS] == [200, 200]


@pytest.mark.parametrize(
    ("part", "path", "opens"),
    [
        ("staff", "/ws/console/", True),
        ("staff", "/ws/desk/", True),
        ("staff", "/ws/caller/", False),
        ("callers", "/ws/caller/", True),
        ("callers", "/ws/console/", False),
        ("callers", "/ws/desk/", False),
    ],
)
async def test_a_socket_opens_in_its_own_part_alone(part: str, path: str, *, opens: bool) -> None:
    socket = ApplicationCommunicator(  # type: ignore[no-untyped-call]
        parts.Only(part, _all_there), {"type": "websocket", "path": path}
    )
    answer = await socket.receive_output()
    assert answer["type"] == ("websocket.accept" if opens else "websocket.close")


def test_every_address_and_every_socket_belongs_to_one_part_or_to_both() -> None:
    """A new page that nobody put into a part would be served nowhere."""
    consumers = [f"/{consumer.pattern}" for consumer in asgi._consumers[:-1]]
    for path in [*_addresses(get_resolver().url_patterns), *consumers]:
        served = [part for part in parts.PARTS if parts.serves(part, path)]
        assert len(served) == (2 if path.startswith(parts.EVERYWHERE) else 1), path


def test_one_part_alone_is_not_served_without_redis(tmp_path: Path) -> None:
    refused = subprocess.run(
        [*SERVE, "--only=staff", "--port", str(free_ports(1))],
        env=_environment(tmp_path),
        capture_output=True,
        text=True,
        check=False,
        timeout=30,
    )
    assert refused.returncode == 1
    assert "REDIS_URL" in refused.stderr


@pytest.mark.stack
def test_a_process_of_the_callers_part_has_no_sign_in(tmp_path: Path, redis: Redis) -> None:
    shutil.copytree(empty_tables(), tmp_path, dirs_exist_ok=True)
    port = free_ports(1)
    words = [*SERVE, "--only=callers", "--port", str(port)]
    with subprocess.Popen(words, env=_environment(tmp_path, REDIS_URL=redis.url)) as process:
        try:
            assert _get(port, "/login/") == _get(port, "/an-address-that-is-not-there/")
            assert _get(port, "/login/") not in {200, 302}
        finally:
            process.kill()


async def _all_there(scope: dict[str, Any], _receive: Any, send: Any) -> None:
    if scope["type"] == "websocket":
        await send({"type": "websocket.accept"})
    else:
        status = 404 if scope["path"] == parts.NOWHERE else 200
        await send({"type": "http.response.start", "status": status, "headers": []})


def _environment(folder: Path, **more: str) -> dict[str, str]:
    ours = ("HELPLINE_", "DATABASE_URL", "REDIS_URL", "DJANGO_SETTINGS_MODULE")
    kept = {name: value for name, value in os.environ.items() if not name.startswith(ours)}
    return {**kept, "HELPLINE_VAR": str(folder), "HELPLINE_SECRET_KEY": "x" * 50, **more}


def _get(port: int, path: str) -> int:
    for _ in range(300):
        connection = http.client.HTTPConnection("127.0.0.1", port, timeout=10)
        try:
            connection.request("GET", path)
            return connection.getresponse().status
        except ConnectionError:
            time.sleep(0.1)
        finally:
            connection.close()
    raise AssertionError("nobody listens")


async def _status(part: str, path: str) -> int:
    page = ApplicationCommunicator(  # type: ignore[no-untyped-call]
        parts.Only(part, _all_there), {"type": "http", "path": path}
    )
    answer = await page.receive_output()
    return int(answer["status"])


def _addresses(patterns: list[Any], before: str = "/") -> Iterator[str]:
    for pattern in patterns:
        route = before + str(pattern.pattern).replace("<any_language:language>", "nl")
        if isinstance(pattern, URLResolver):
            yield from _addresses(pattern.url_patterns, route)
        elif isinstance(pattern, URLPattern):
            yield route
