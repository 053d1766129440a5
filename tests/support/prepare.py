"""Makes what all tests begin with before the first test, so that none waits for it within its own time
limit."""

import os
import re
import shutil
import tempfile
from collections.abc import Iterator, Sequence
from pathlib import Path

from django.core.management import call_command

from tests.support import folders, templates
from tests.support.binaries import NoServer
from tests.support.servers import PEOPLE, TABLES, Postgres


class _Blank(Postgres):
    """Makes the database that the others are copies of."""

    copies = False


PLATFORMS = re.compile(r"\b(Platform|platform|laptop|stack|Postgres|postgres|Browsers)\b")


def before(places: Sequence[str]) -> None:
    """Makes what tests in these places need: texts and tables, and people if there is a platform."""
    call_command("catalogues", verbosity=0)
    folders.empty_tables()
    if any(PLATFORMS.search(file.read_text()) for place in places for file in _files(place)):
        folders.demo_with_people()
        folders.compressed_release()
        _cluster()


def _files(place: str) -> Iterator[Path]:
    """Returns the files of a place as pytest accepts it: a folder, a file, or a test in a file."""
    path = Path(place.partition("::")[0])
    yield from [path] if path.is_file() else path.rglob("test_*.py")


def _cluster() -> None:
    """Makes a PostgreSQL with tables and people, if there is a PostgreSQL and it is the tests' own."""
    if os.environ.get(Postgres.variable):
        return
    server = _Blank()
    try:
        with tempfile.TemporaryDirectory() as place:
            server.look_for_programs(Path(place))
            key = server.template_key()
    except NoServer:
        return  # tests that need it report it
    templates.made("postgres", key, _make_cluster)


def _make_cluster(place: Path) -> None:
    with _Blank() as server:
        server.execute(f"CREATE DATABASE {TABLES}")
        folders.migrate(place / "migrating", DATABASE_URL=server.url_of(TABLES))
        server.execute(f"CREATE DATABASE {PEOPLE} TEMPLATE {TABLES}")
        folders.make_up_people(place / "var", DATABASE_URL=server.url_of(PEOPLE))
        shutil.rmtree(place / "migrating", ignore_errors=True)
        server.stop()
        shutil.copytree(server.data, place / "data")
