"""Makes what tests begin with once, and keeps it below `.cache/`: data folders and a PostgreSQL cluster to
copy. Each is named after a hash of what it is made from, so that a change makes it anew and nobody gets an
old one. A run makes them before its first test (`tests/support/prepare.py`)."""

import fcntl
import hashlib
import os
import shutil
import tempfile
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from functools import cache
from pathlib import Path

from tests.support import orphans

ROOT = Path(__file__).parents[2]
CACHE = ROOT / ".cache" / "test-templates"
PRODUCT = ("helpline", "chat", "counsellors")
MADE_FROM = {".py", ".json", ".yaml", ".yml", ".md"}
FOR_BROWSERS = {".js", ".css", ".svg", ".json"}
KEPT = 3  # of each kind, so that changing a branch and back makes nothing anew


def migrations() -> str:
    """Returns a hash of what makes the tables."""
    return _hash(path for app in PRODUCT for path in (ROOT / app).glob("**/migrations/*.py"))


@cache
def product() -> str:
    """Returns a hash of everything that may affect how the demo's people are made."""
    files = (path for app in PRODUCT for path in (ROOT / app).rglob("*") if path.suffix in MADE_FROM)
    return _hash([*files, Path(__file__).with_name("folders.py")])


@cache
def frontend() -> str:
    """Returns a hash of every file that a browser may be given."""
    own = (place for place in (ROOT / "frontend").iterdir() if place.name != "node_modules")
    folders = [*own, *(ROOT / app for app in PRODUCT)]  # the apps have the texts
    return _hash(path for folder in folders for path in folder.rglob("*") if path.suffix in FOR_BROWSERS)


def find(kind: str, key: str) -> Path | None:
    """Returns the folder of this kind and key, if it was made."""
    place = CACHE / f"{kind}-{key}"
    return place if place.exists() else None


def made(kind: str, key: str, make: Callable[[Path], None]) -> Path:
    """Returns the folder of this kind and key. Whoever comes first lets `make` fill it."""
    place = CACHE / f"{kind}-{key}"
    with _one_at_a_time(kind):
        if not place.exists():
            draft = Path(tempfile.mkdtemp(prefix="draft-", dir=CACHE))
            orphans.adopt_folder(draft)
            try:
                make(draft)
                draft.rename(place)
            except BaseException:
                shutil.rmtree(draft, ignore_errors=True)
                raise
            orphans.release_folder(draft)
        os.utime(place)
        _forget_old(kind)
    return place


@contextmanager
def _one_at_a_time(kind: str) -> Iterator[None]:
    """Locks against two runs in one checkout, or two workers: the second finds what the first has made."""
    CACHE.mkdir(parents=True, exist_ok=True)
    with (CACHE / f"{kind}.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        yield


def _forget_old(kind: str) -> None:
    places = [place for place in CACHE.glob(f"{kind}-*") if place.is_dir()]
    for place in sorted(places, key=lambda place: place.stat().st_mtime, reverse=True)[KEPT:]:
        shutil.rmtree(place, ignore_errors=True)


def _hash(files: Iterable[Path]) -> str:
    found = hashlib.sha256((ROOT / "requirements.txt").read_bytes())
    found.update(os.environ.get("HELPLINE_APPS", "").encode())
    for path in sorted(files):
        found.update(f"{path.relative_to(ROOT)}\0".encode() + path.read_bytes())
    return found.hexdigest()[:16]
