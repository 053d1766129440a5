"""The example proxies run: what a caller gets while no process answers, and what is logged."""

import contextlib
import gzip
import math
import re
import socket
import threading
import time
from collections import Counter
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest
from django.conf import settings
from django.test import Client, override_settings

from chat.retention import journal
from chat.runtime import releases
from helpline import compression, frontend
from tests.conftest import started
from tests.support.proxies import CALLERS, CLIENT, STAFF, Caddy, Nginx, Proxy
from tests.support.servers import free_ports

pytestmark = pytest.mark.long
PAGE = "<p>of somebody</p>" * 200
FILE = f"/app/{frontend.release()}/caller/plain.js"


class Staff(BaseHTTPRequestHandler):
    """Stands for the staff's process, and records its requests."""

    told: str = ""

    def do_GET(self) -> None:
        Staff.told = str(self.headers)
        self.send_response(200)
        self.send_header("Content-Type", "text/html; charset=utf-8")
        self.send_header("Content-Length", str(len(PAGE)))
        self.end_headers()
        self.wfile.write(PAGE.encode())

    do_POST = do_GET  # noqa: N815 – the library's name

    def log_message(self, *_: object) -> None:
        pass


@pytest.fixture(scope="module")
def served(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Returns the file that a process writes when it starts."""
    folder = tmp_path_factory.mktemp("served")
    with override_settings(RELEASES=folder):
        releases.keep()
    return folder


@pytest.fixture(scope="module")
def upstream() -> Iterator[int]:
    """Provides two ports: nobody answers at the callers' port; a server answers at the next one, the
    staff's."""
    first = free_ports(2)
    server = ThreadingHTTPServer(("127.0.0.1", first + 1), Staff)
    threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02}).start()
    yield first
    server.shutdown()
    server.server_close()


@pytest.fixture(scope="module", params=[Nginx, Caddy], ids=["nginx", "caddy"])
def proxy(request: pytest.FixtureRequest, served: Path, upstream: int) -> Iterator[Proxy]:
    yield from started(request.param(served, upstream))


@pytest.mark.parametrize("path", ["/", "/nl/helpwanted/", "/en/", "/api/lines/helpwanted/", "/app/none.js"])
def test_while_no_process_answers_a_caller_finds_telephone_numbers(
    proxy: Proxy, served: Path, path: str
) -> None:
    answer, body = proxy.get(CALLERS, path)
    assert answer.status == 502
    assert answer.headers["Content-Type"] == "text/html; charset=utf-8"
    assert body == (served / releases.DOWN).read_bytes()
    text = body.decode()
    for number, in_dutch, in_english in (
        ("112", "bij direct gevaar", "in immediate danger"),
        ("0800-0113", "dag en nacht", "day and night"),
    ):
        assert f">{number}</a> " in text
        assert in_dutch in text
        assert in_english in text
    assert "data-exit" in text


@pytest.mark.parametrize("name", ["page", "file"])
def test_what_a_proxy_serves_itself_bears_the_headers_that_the_program_sends(
    proxy: Proxy, client: Client, monkeypatch: pytest.MonkeyPatch, name: str
) -> None:
    monkeypatch.setattr(journal, "is_restored", lambda: False)
    own, asked = {"page": ("/-/", "/nl/"), "file": (FILE, FILE)}[name]
    answer, _ = proxy.get(CALLERS, asked)
    for header, value in client.get(own, secure=True).headers.items():
        if header != "Content-Length":
            assert answer.headers.get_all(header) == [value], header
    assert "Server" not in answer.headers or not re.search(r"\d", answer.headers["Server"])


def test_that_page_has_its_style_and_its_way_out_from_the_same_folder(proxy: Proxy) -> None:
    _, body = proxy.get(CALLERS, "/nl/")
    needed = re.findall(r'(?:src|href)="(/[^"]+)"', body.decode())
    assert [Path(path).name for path in needed] == ["caller.css", "plain.js"]
    for path in needed:
        answer, _ = proxy.get(CALLERS, path)
        assert answer.status == 200


def test_that_page_is_at_no_address_of_its_own(proxy: Proxy) -> None:
    _, body = proxy.get(STAFF, f"/{releases.DOWN}")
    assert body.decode() == PAGE, "what is not there is the program's to answer"


@pytest.mark.parametrize("accepted", ["gzip", "br", ""])
def test_a_cache_is_told_that_a_file_comes_in_several_encodings(proxy: Proxy, accepted: str) -> None:
    answer, body = proxy.get(CALLERS, FILE, **{"Accept-Encoding": accepted})
    plain = (settings.FRONTEND / "caller/plain.js").read_bytes()
    assert answer.headers.get_all("Vary") == ["Accept-Encoding"]
    encoding = answer.headers.get("Content-Encoding", "")
    assert encoding in {accepted, ""}
    assert body == (compression.compressed(plain, encoding) if encoding else plain)
    if accepted == "gzip":
        assert gzip.decompress(body) == plain


def test_what_holds_anything_of_somebody_is_not_made_smaller_on_the_way(proxy: Proxy) -> None:
    answer, body = proxy.get(STAFF, "/console/", **{"Accept-Encoding": "gzip, br"})
    assert answer.headers["Content-Encoding"] is None
    assert body.decode() == PAGE


def test_nobody_behind_it_is_told_who_came(proxy: Proxy) -> None:
    proxy.get(
        STAFF, "/console/", **{"X-Real-IP": CLIENT, "Forwarded": f"for={CLIENT}", "X-Forwarded-For": CLIENT}
    )
    assert "unknown" in Staff.told
    assert CLIENT not in Staff.told


def test_a_header_by_which_a_visitor_would_move_the_path_goes_no_further(proxy: Proxy) -> None:
    proxy.get(STAFF, "/console/", **{"Daphne-Root-Path": "/healthz"})
    assert "/healthz" not in Staff.told


@pytest.mark.parametrize("proxy", [Nginx], ids=["nginx"], indirect=True)
def test_one_address_signs_in_once_a_second_and_looks_as_often_as_it_likes(proxy: Proxy) -> None:
    """The first ten at once are free, because a shift may sign in from one office."""
    begun = time.monotonic()
    answers = Counter(proxy.get(STAFF, "/login/", method="POST")[0].status for _ in range(40))
    let_through = 11 + math.ceil(time.monotonic() - begun)
    assert 11 <= answers[200] <= let_through
    assert answers[429] == 40 - answers[200] > 0
    for path, method in (("/login/", "GET"), ("/console/", "GET"), ("/login/code/", "POST")):
        assert {proxy.get(STAFF, path, method=method)[0].status for _ in range(5)} == {200}
    assert proxy.get(STAFF, "/login/", method="POST", client="127.77.13.10")[0].status == 200


@pytest.mark.parametrize(
    "said",
    [
        b"GET / HTTP/1.1\r\nHost: hulp.example\r\nConnection: close\r\n\r\n",
        b"GET /by-address HTTP/1.1\r\nHost: 127.0.0.1\r\nConnection: close\r\n\r\n",
        b"GET /elsewhere HTTP/1.1\r\nHost: other.example\r\nConnection: close\r\n\r\n",
        b"GET / HTTP/1.1\r\nHost: a b\r\n\r\n",
        b"\x16\x03\x01\x00\x05\x01\x00\x00\x01\x00",
        b"GET /" + b"x" * 70_000 + b" HTTP/1.1\r\n\r\n",
    ],
    ids=["site", "address", "other", "no host", "no HTTP", "too long"],
)
def test_no_address_is_written_down_whatever_is_asked(proxy: Proxy, said: bytes) -> None:
    for port in {proxy.plain, proxy.port}:
        with (
            contextlib.suppress(ConnectionError),
            socket.create_connection(("127.0.0.1", port), timeout=10, source_address=(CLIENT, 0)) as wire,
        ):
            wire.sendall(said)
            wire.shutdown(socket.SHUT_WR)
            while wire.recv(65536):
                pass
    proxy.get(CALLERS, "/nl/")
    assert CLIENT not in proxy.written()
