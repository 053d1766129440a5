"""Before the first test: what they all begin with is made, so that none waits for it within its own time."""

import os
import shutil
import tempfile
from pathlib import Path

from django.core.management import call_command

from tests.support import folders, templates
from tests.support.binaries import NoServer
from tests.support.servers import PEOPLE, TABLES, Postgres


class _Blank(Postgres):
    """The one that the others are copies of."""

    copies = False


def everything() -> None:
    """Texts, tables, people, a PostgreSQL cluster with both; what is there already costs nothing."""
    call_command("catalogues", verbosity=0)
    folders.demo_with_people()
    if os.environ.get(Postgres.variable):
        return
    server = _Blank()
    try:
        with tempfile.TemporaryDirectory() as place:
            server.look_for_programs(Path(place))
            key = server.template_key()
    except NoServer:
        return  # who needs it says so
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
