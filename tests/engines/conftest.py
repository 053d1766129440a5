"""Provides the engines that callers have besides Chromium's, and the sites before and after ours."""

import os
import shutil
import threading
from collections.abc import AsyncIterator, Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import pytest

from tests.engines.firefox import Firefox
from tests.engines.webkit import WebKit
from tests.engines.window import Crashed, Window
from tests.support.platform import Platform

ENGINES: dict[str, tuple[type[Firefox] | type[WebKit], tuple[str, ...]]] = {
    "firefox": (Firefox, ("firefox-esr",)),
    "webkit": (WebKit, ("WebKitWebDriver", "Xvfb")),
}
PHONE = (400, 740)


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    for item in items:
        if "window" in getattr(item, "fixturenames", ()):
            item.add_marker(pytest.mark.flaky(reruns=1, only_rerun=[Crashed.__name__]))


class _Elsewhere(BaseHTTPRequestHandler):
    def do_GET(self) -> None:
        body = f"<!doctype html><title>elders</title><p>hier is {self.path}".encode()
        self.send_response(200)
        self.send_header("Content-Type", "text/html; charset=utf-8")
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *_: object) -> None:
        pass


@pytest.fixture(scope="module")
def elsewhere() -> Iterator[str]:
    server = ThreadingHTTPServer(("127.0.0.1", 0), _Elsewhere)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    yield f"http://127.0.0.1:{server.server_port}"
    server.shutdown()
    server.server_close()


@pytest.fixture(scope="module")
def here(elsewhere: str) -> Iterator[Platform]:
    with Platform(GRANT_SECONDS=20, NEUTRAL_SITE=f"{elsewhere}/weer") as running:
        yield running


@pytest.fixture(params=list(ENGINES))
async def window(request: pytest.FixtureRequest) -> AsyncIterator[Window]:
    engine, programs = ENGINES[request.param]
    missing = [name for name in programs if shutil.which(name) is None]
    if missing and os.environ.get("CI") == "true":
        pytest.fail(f"missing: {missing}")
    if missing:
        pytest.skip(f"missing: {missing}; Debian's firefox-esr, webkit2gtk-driver and xvfb have them")
    async with await engine.open(*PHONE) as opened:
        yield opened
