"""Real platforms for the tests that talk over sockets, started once a worker and stopped by pid."""

import inspect
import os
import shutil
from collections.abc import AsyncIterator, Iterator

import pytest
from django.conf import settings
from django.db import connection, connections
from pytest_django import DjangoDbBlocker

from tests.support import folders, prepare
from tests.support.binaries import NoServer
from tests.support.cast import go_home
from tests.support.platform import Platform
from tests.support.servers import Postgres, Redis, Server

pytest_plugins = ["tests.support.domain.fixtures"]
IDLE = 5  # seconds: a supervisor may end a conversation in which nothing was said for so long


def pytest_sessionstart(session: pytest.Session) -> None:
    """By the process that hands the tests out, before there are others."""
    if not hasattr(session.config, "workerinput"):
        prepare.everything()


@pytest.fixture(scope="session")
def django_db_setup(django_test_environment: None, django_db_blocker: DjangoDbBlocker) -> Iterator[None]:
    """The domain tests' own database; in PostgreSQL the one that they were given."""
    if connection.vendor == "sqlite":
        shutil.copy(folders.empty_tables() / "db.sqlite3", connection.settings_dict["NAME"])
    yield
    with django_db_blocker.unblock():
        connections.close_all()


@pytest.fixture(autouse=True)
def _no_heads_of_earlier_tests() -> None:
    """A chain begins anew with each test's database; the heads lie outside it."""
    settings.AUDIT_HEADS.unlink(missing_ok=True)


@pytest.fixture(scope="session")
def postgres() -> Iterator[Postgres]:
    yield from started(Postgres())


@pytest.fixture(scope="session")
def redis() -> Iterator[Redis]:
    yield from started(Redis())


def started[S: Server](server: S) -> Iterator[S]:
    """The running server; without one, a skip on a laptop and a failure in CI."""
    try:
        server.start()
    except NoServer as error:
        if os.environ.get("CI") == "true":
            raise
        pytest.skip(str(error))
    try:
        yield server
    finally:
        server.close()


@pytest.fixture(scope="session")
def laptop() -> Iterator[Platform]:
    """SQLite and the in-memory layer, one process."""
    with Platform(GRANT_SECONDS=4, IDLE_SECONDS=IDLE) as running:
        yield running


@pytest.fixture(scope="session")
def stack(postgres: Postgres, redis: Redis) -> Iterator[Platform]:
    """PostgreSQL and Redis, two processes: whoever connects next lands on the other one."""
    with Platform(
        database_url=postgres.database_with_people(),
        redis_url=redis.url,
        processes=2,
        GRANT_SECONDS=4,
        IDLE_SECONDS=IDLE,
    ) as running:
        yield running


@pytest.fixture(params=["laptop", pytest.param("stack", marks=pytest.mark.stack)])
def platform(request: pytest.FixtureRequest) -> Platform:
    """The same promises on both."""
    running: Platform = request.getfixturevalue(request.param)
    return running


def pytest_itemcollected(item: pytest.Item) -> None:
    """What talks brings clients in."""
    if isinstance(item, pytest.Function) and inspect.iscoroutinefunction(item.function):
        item.fixturenames.insert(0, "everybody_goes_home")


@pytest.fixture
async def everybody_goes_home() -> AsyncIterator[None]:
    """No client outlives its test: its loop ends with it."""
    yield
    for running in Platform.running:
        await go_home(running)
