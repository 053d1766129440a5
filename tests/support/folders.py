"""Copies data folders with tables or with the demo's people, and sets the environment of a platform's
process."""

import json
import os
import shutil
import subprocess
import sys
import tempfile
from functools import cache
from pathlib import Path

from tests.support import orphans, templates
from tests.support.templates import ROOT

OURS = ("HELPLINE_", "DATABASE_URL", "REDIS_URL", "PORT", "PROCESSES", "DJANGO_SETTINGS_MODULE")
PORT = "65535"  # nobody listens there; each copy gets its own port
PREPARE = f"from chat.demo.management.commands import demo; people = demo._prepare([{PORT}])"
KEEP = "from helpline import frontend; frontend.keep_release()"
SEED = "; from chat.demo import people as made_up; made_up.seed(people)"


@cache
def empty_tables() -> Path:
    """Makes a folder with a database that has only its tables."""
    return templates.made("tables", templates.migrations(), _make_tables)


@cache
def demo_with_people() -> Path:
    """Makes a folder as the demo leaves it after its first start with the default settings."""
    return templates.made("people", templates.product(), _make_people)


@cache
def compressed_release() -> Path:
    """Makes a folder with the browser's files as an installation stores them, so that not every platform
    spends three seconds on compressing them."""
    return templates.made("releases", templates.frontend(), _make_release)


def lay_out(var: Path, source: Path, *, ports: list[int]) -> None:
    """Makes a data folder at `var`, like `source`, for a demo that starts on these ports."""
    shutil.copytree(source, var)
    file = var / "demo.json"
    if file.exists():
        demo, urls = json.loads(file.read_text()), [f"http://127.0.0.1:{port}" for port in ports]
        hosts = {name: origin.replace(PORT, str(ports[0])) for name, origin in demo["hosts"].items()}
        file.write_text(json.dumps(demo | {"url": urls[0], "urls": urls, "hosts": hosts}, indent=1))


def make_up_people(var: Path, **stores: str) -> None:
    """Makes the demo's people, in a folder with tables or in the database that is named."""
    _manage(var, "shell", "-v", "0", "-c", PREPARE, **stores)
    # It is a demo from here on, and its settings are read.
    _manage(var, "shell", "-v", "0", "-c", PREPARE + SEED, **stores)


def migrate(var: Path, **stores: str) -> None:
    _manage(var, "migrate", "-v", "0", **stores)


def environment(var: Path, **more: str) -> dict[str, str]:
    """Returns this process's environment, without what would point to another folder or database, or make
    each of a platform's processes compile the whole project anew."""
    left_out = (*OURS, "PYTHONDONTWRITEBYTECODE")
    inherited = {name: value for name, value in os.environ.items() if not name.startswith(left_out)}
    # A platform is a demo, also beside tests without optional apps. A benchmark has no Django settings.
    apps = {"HELPLINE_APPS": "demo"} if os.environ.get("HELPLINE_APPS") == "none" else {}
    letters = {"HELPLINE_DEMO_LETTERS": "0"}  # most tests know one line of each person, and no letters key
    return inherited | {"HELPLINE_VAR": str(var)} | letters | apps | more


def _make_tables(folder: Path) -> None:
    migrate(folder)
    (folder / "db.sqlite3").chmod(0o600)


def _make_release(folder: Path) -> None:
    with tempfile.TemporaryDirectory() as var:
        _manage(Path(var), "shell", "-v", "0", "-c", KEEP, HELPLINE_RELEASES=str(folder))


def _make_people(folder: Path) -> None:
    shutil.copytree(empty_tables(), folder, dirs_exist_ok=True)
    make_up_people(folder)


def _manage(folder: Path, *words: str, **more: str) -> None:
    made = subprocess.Popen(
        [sys.executable, "manage.py", *words],
        cwd=ROOT,
        env=environment(folder, PORT=PORT, **more),
        start_new_session=True,
    )
    orphans.adopt(made.pid)
    status = made.wait()
    orphans.release(made.pid)
    if status:
        raise subprocess.CalledProcessError(status, words)
