"""Provides a real browser: Debian's Chromium, headless, with everything that it complains about collected.
All tests of a worker share one process and one event loop: each window has its own storage anyway, and
starting a browser takes half of the CPU of a short story."""

import os
import re
import shutil
from collections.abc import AsyncIterator, Generator, Iterator
from pathlib import Path

import pytest
import pytest_asyncio
from playwright.async_api import Browser, async_playwright

from tests.browser.axe import fine
from tests.browser.people import Browsers
from tests.support.cast import go_home
from tests.support.platform import Platform
from tests.support.servers import Postgres, Redis

FAILED = pytest.StashKey[bool]()
KEPT = Path(__file__).parents[2] / ".cache" / "failed"
FLAGS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]
# With the back/forward cache, which drivers switch off.
AS_PEOPLE_HAVE_IT = ["--disable-back-forward-cache"]


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    for item in items:
        if "tests/browser/" in str(item.path):
            item.add_marker(pytest.mark.browser)
            # It comes before the mark that every coroutine gets by itself, which asks for a loop for each.
            item.add_marker(pytest.mark.asyncio(loop_scope="session"), append=False)


@pytest.fixture(scope="session", autouse=True)
def _workers_share_what_axe_found(tmp_path_factory: pytest.TempPathFactory) -> None:
    if "PYTEST_XDIST_WORKER" in os.environ:  # each has a folder of its own in that of the run
        fine.folder = tmp_path_factory.getbasetemp().parent / "axe"
        fine.folder.mkdir(exist_ok=True)


@pytest_asyncio.fixture(scope="session", loop_scope="session")
async def chromium() -> AsyncIterator[Browser]:
    # The shell draws no browser window around each page: eight windows cost 2.0 CPU seconds instead of 8.3.
    path = shutil.which("chromium-headless-shell") or shutil.which("chromium")
    if path is None:
        if os.environ.get("CI") == "true":
            pytest.fail("Chromium is missing")
        pytest.skip("Chromium is not installed: apt-get install chromium")
    async with async_playwright() as playwright:
        browser = await playwright.chromium.launch(
            executable_path=path, args=FLAGS, ignore_default_args=AS_PEOPLE_HAVE_IT
        )
        yield browser
        await browser.close()


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(item: pytest.Item) -> Generator[None, pytest.TestReport, pytest.TestReport]:
    """Notes the outcome of a story for its windows."""
    report = yield
    if report.when == "call":
        item.stash[FAILED] = report.failed
    return report


@pytest_asyncio.fixture(loop_scope="session")
async def browsers(chromium: Browser, request: pytest.FixtureRequest) -> AsyncIterator[Browsers]:
    """Opens windows, and fails at the end if a page broke a policy or threw an error. If the story failed, it
    keeps what each window showed last and the trace."""
    opened, node = Browsers(chromium), request.node
    place = KEPT / re.sub(r"\W+", "-", f"{node.path.stem}-{node.name}")[:120]
    shutil.rmtree(place, ignore_errors=True)
    yield opened
    if node.stash.get(FAILED, True) or opened.complaints:
        await opened.keep(place)
        node.add_report_section("teardown", "windows", f"{place}: a picture and a trace of each")
    await opened.close()
    assert opened.complaints == [], place


@pytest_asyncio.fixture(loop_scope="session")
async def everybody_goes_home() -> AsyncIterator[None]:
    """Signs out the clients without a browser, in the loop in which they connected, and everybody whom a
    window left behind."""
    yield
    for running in Platform.running:
        await go_home(running)
        if running.is_running:
            running.end_everything()


@pytest.fixture(scope="module")
def laptop() -> Iterator[Platform]:
    """Provides a counsellor's laptop for each file, so that no other test's conversation takes the only
    slot."""
    with Platform(GRANT_SECONDS=15) as running:
        yield running


@pytest.fixture(scope="module")
def stack(postgres: Postgres, redis: Redis) -> Iterator[Platform]:
    with Platform(
        database_url=postgres.database_with_people(), redis_url=redis.url, processes=2, GRANT_SECONDS=15
    ) as running:
        yield running
