"""What an operator gets: a wheel with all that is served in it, and the locked dependencies."""

import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

from tests.support.platform import ROOT

CHANGED = "frontend/caller/waiting/earning.js"  # a module that a page fetches late


def build(folder: Path, tree: Path = ROOT) -> Path:
    """Of a tree, into a folder."""
    for command in ("catalogues", "asyncapi"):
        subprocess.run([sys.executable, "manage.py", command], cwd=tree, check=True)
    words = ["hatchling", "build", "-t", "wheel", "-d", str(folder)]
    subprocess.run([sys.executable, "-m", *words], cwd=tree, check=True, stdout=subprocess.DEVNULL)
    shutil.copy(tree / "requirements.txt", folder)
    return folder


def build_next(folder: Path) -> Path:
    """Of this tree as it would be one release later: another number, other bytes of a page."""
    return build_copy(folder, one_release_later=True)


def build_copy(folder: Path, *, one_release_later: bool = False) -> Path:
    """Of this tree, copied to another place."""
    tree = Path(tempfile.mkdtemp(prefix="helpline-next-"))
    listed = subprocess.run(["git", "ls-files"], cwd=ROOT, check=True, capture_output=True, text=True)
    for name in listed.stdout.splitlines():
        if (ROOT / name).is_file():
            (tree / name).parent.mkdir(parents=True, exist_ok=True)
            shutil.copy(ROOT / name, tree / name)
    if one_release_later:
        version = tree / "helpline/__init__.py"
        version.write_text(version.read_text().replace('"1.0.0"', '"1.1.0"'))
        module = tree / CHANGED
        module.write_text(module.read_text() + "// one release later\n")
    try:
        return build(folder, tree)
    finally:
        shutil.rmtree(tree)
