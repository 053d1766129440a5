"""Runs real platforms for the tests over sockets. Each starts once in a worker and is stopped by its pid."""

import gc
import inspect
import os
import shutil
from collections.abc import AsyncIterator, Iterator
from functools import cache
from pathlib import Path

import pytest
from django.conf import settings as project
from django.db import connection, connections
from django.db.models.signals import post_migrate
from hypothesis import HealthCheck, settings
from pytest_django import DjangoDbBlocker

from tests.support import chance, folders, prepare
from tests.support.binaries import NoServer
from tests.support.cast import go_home
from tests.support.costs import Costs
from tests.support.platform import Platform
from tests.support.servers import Postgres, Redis, Server

pytest_plugins = ["tests.support.domain.fixtures"]
HERE = Path(__file__).parent
LONG = {"browser", "drills", "engines", "faults", "fuzz"}
# Runs with no optional app installed: HELPLINE_APPS=none.
CORE = {
    "care", "certificates", "conversation", "figures", "handoff", "letters", "lines", "queue", "retention",
    "runtime", "staff", "supervision", "wire",
}  # fmt: skip
# Files of over 110 seconds come first: begun last, one of them would keep the other workers waiting.
SLOWEST = {
    "browser/test_acute.py", "browser/test_certified_days.py", "browser/test_every_state.py",
    "browser/test_first_day.py", "browser/test_languages.py", "browser/test_letters.py",
    "browser/test_lines_and_services.py", "browser/test_passkeys.py", "browser/test_planted_key.py",
    "browser/test_practice.py", "browser/test_rota.py", "browser/test_supervisor.py",
    "browser/test_words_and_codes.py", "engines/test_letters.py", "faults/databases/test_away_for_long.py",
    "faults/purge/test_backup_opens_with_no_key.py", "faults/processes/test_signing_in_at_once.py",
    "guards/test_stolen_copy.py", "permissions/test_requests.py",
}  # fmt: skip
WITHOUT_CORE = "not long and not core"
IDLE = 5  # seconds without a message after which a supervisor may end a conversation


settings.register_profile(
    "helpline",
    deadline=None,  # a busy machine is slow
    database=None,
    derandomize=chance.RUN == chance.SAME,
    suppress_health_check=[
        HealthCheck.too_slow,
        HealthCheck.filter_too_much,
        HealthCheck.function_scoped_fixture,
    ],
)
settings.load_profile("helpline")


@pytest.hookimpl(tryfirst=True)
def pytest_configure(config: pytest.Config) -> None:
    """Seeds Hypothesis with the run's seed. In CI it counts what tests cost."""
    if chance.RUN != chance.SAME:
        config.option.hypothesis_seed = chance.seed("hypothesis")

    parts = {"not long and core": "short", WITHOUT_CORE: "short", "long": "long"}
    if os.environ.get("CI") == "true" and (part := parts.get(config.option.markexpr)):
        config.pluginmanager.register(Costs(part))


def pytest_report_header() -> str:
    return f"seed {chance.RUN} (TESTS_SEED)"


def pytest_sessionstart(session: pytest.Session) -> None:
    """Prepares databases in the process that distributes the tests, before there are others."""
    if not hasattr(session.config, "workerinput"):
        try:
            prepare.before(session.config.args)
        except OSError as error:
            pytest.exit(f"What the tests begin with cannot be made: {error}", returncode=2)


def pytest_ignore_collect(collection_path: Path, config: pytest.Config) -> bool | None:
    """Leaves out what imports an optional app if none is installed. In the part without the core it leaves
    out the core's folders, whose imports would take each worker three seconds."""
    folder = next(iter(collection_path.relative_to(HERE).parts), "")
    is_core, is_other = folder in CORE, folder in _folders() - CORE
    if (is_other and not project.OPTIONAL_APPS) or (is_core and config.option.markexpr == WITHOUT_CORE):
        return True
    return None


@cache
def _folders() -> set[str]:
    return {path.parent.name for path in HERE.glob("*/__init__.py")} - {"support"}


def pytest_collection_finish() -> None:
    """Takes what collecting has made out of every later garbage collection, a tenth of what domain tests
    cost."""
    gc.collect()
    gc.freeze()


@pytest.hookimpl(tryfirst=True)
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Marks as long the tests that need a browser or break a server, unless they are marked as short, and
    those that repeat on the other stack what one has shown, unless they are short on both. The slowest files
    come first."""
    for item in items:
        if item.path.relative_to(HERE).parts[0] in CORE:
            item.add_marker(pytest.mark.core)
        short = item.get_closest_marker("short")
        is_short = short is not None and (item.get_closest_marker("stack") is None or "stack" in short.args)
        is_like_long = item.path.relative_to(HERE).parts[0] in LONG or item.get_closest_marker("stack")
        if is_like_long and not is_short:
            item.add_marker(pytest.mark.long)
    items.sort(key=lambda item: item.path.relative_to(HERE).as_posix() not in SLOWEST)


@pytest.fixture(scope="session")
def django_db_setup(django_test_environment: None, django_db_blocker: DjangoDbBlocker) -> Iterator[None]:
    """Prepares the database of the domain tests; on PostgreSQL it is the one that they were given."""
    if connection.vendor == "sqlite":
        shutil.copy(folders.empty_tables() / "db.sqlite3", connection.settings_dict["NAME"])
    # A test with transactions empties all tables, and Django then writes the permissions of all models anew,
    # which costs more than most tests do. No rule of ours reads them.
    post_migrate.disconnect(dispatch_uid="django.contrib.auth.management.create_permissions")
    yield
    with django_db_blocker.unblock():
        connections.close_all()


@pytest.fixture(autouse=True)
def _no_heads_of_earlier_tests() -> None:
    """Removes the heads, because each test's database begins a new chain and the heads are outside it."""
    project.AUDIT_HEADS.unlink(missing_ok=True)


@pytest.fixture(scope="session")
def postgres() -> Iterator[Postgres]:
    yield from started(Postgres())


@pytest.fixture(scope="session")
def redis() -> Iterator[Redis]:
    yield from started(Redis())


def started[S: Server](server: S) -> Iterator[S]:
    """Returns the running server. Without one the test is skipped on a laptop and fails in CI."""
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
    """Provides SQLite and the in-memory layer in one process."""
    with Platform(GRANT_SECONDS=4, IDLE_SECONDS=IDLE) as running:
        yield running


@pytest.fixture(scope="session")
def stack(postgres: Postgres, redis: Redis) -> Iterator[Platform]:
    """Provides PostgreSQL, Redis and two processes. Each client connects to the other one than the client
    before."""
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
    """Provides each of the two stacks."""
    running: Platform = request.getfixturevalue(request.param)
    return running


def pytest_itemcollected(item: pytest.Item) -> None:
    """Adds the fixture that disconnects the clients to each test that uses a platform."""
    if isinstance(item, pytest.Function) and inspect.iscoroutinefunction(item.function):
        item.fixturenames.insert(0, "everybody_goes_home")


@pytest.fixture
async def everybody_goes_home() -> AsyncIterator[None]:
    """Disconnects all clients, because a test's loop ends with it."""
    yield
    for running in Platform.running:
        await go_home(running)
