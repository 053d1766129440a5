"""Data folders that are made once and copied: not every test has to make tables and people anew."""

import atexit
import json
import os
import shutil
import subprocess
import sys
import tempfile
from functools import cache
from pathlib import Path

ROOT = Path(__file__).parents[2]
OURS = ("HELPLINE_", "DATABASE_URL", "REDIS_URL", "PORT", "PROCESSES", "DJANGO_SETTINGS_MODULE")
PORT = "65535"  # nobody listens there: each copy gets its own
PREPARE = f"from chat.management.commands import demo; people = demo._prepare([{PORT}])"
SEED = "; from chat.runtime import seed; seed.seed_demo(people)"


@cache
def empty_tables() -> Path:
    """A folder with a database that holds nothing but its tables."""
    folder = _new("helpline-tables-")
    _manage(folder, "migrate", "-v", "0")
    (folder / "db.sqlite3").chmod(0o600)
    return folder


@cache
def demo_with_people() -> Path:
    """A folder as the demo leaves it after its first start with the settings as they come."""
    folder = _new("helpline-people-")
    shutil.copytree(empty_tables(), folder, dirs_exist_ok=True)
    _manage(folder, "shell", "-v", "0", "-c", PREPARE)
    _manage(folder, "shell", "-v", "0", "-c", PREPARE + SEED)  # it is a demo now, and its settings are read
    return folder


def lay_out(var: Path, *, ports: list[int], people: bool) -> None:
    """A data folder at `var`; with `people`, those of the demo, for whoever starts it on these ports."""
    shutil.copytree(demo_with_people() if people else empty_tables(), var)
    if people:
        file = var / "demo.json"
        demo, urls = json.loads(file.read_text()), [f"http://127.0.0.1:{port}" for port in ports]
        hosts = {name: origin.replace(PORT, str(ports[0])) for name, origin in demo["hosts"].items()}
        file.write_text(json.dumps(demo | {"url": urls[0], "urls": urls, "hosts": hosts}, indent=1))


def environment(var: Path, **more: str) -> dict[str, str]:
    """This process's, without what would point to another folder or database, or make each of a platform's
    processes compile the whole project anew.
    """
    left_out = (*OURS, "PYTHONDONTWRITEBYTECODE")
    inherited = {name: value for name, value in os.environ.items() if not name.startswith(left_out)}
    return inherited | {"HELPLINE_VAR": str(var)} | more


def _new(prefix: str) -> Path:
    folder = Path(tempfile.mkdtemp(prefix=prefix))
    atexit.register(shutil.rmtree, folder, ignore_errors=True)
    return folder


def _manage(folder: Path, *words: str) -> None:
    subprocess.run(
        [sys.executable, "manage.py", *words], cwd=ROOT, env=environment(folder, PORT=PORT), check=True
    )
