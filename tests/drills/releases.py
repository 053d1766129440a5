"""Builds what an operator downloads: a wheel with all files that are served, and the locked dependencies."""

import os
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

from tests.drills import root
from tests.support.platform import ROOT

CHANGED = "frontend/caller/waiting/earning.js"  # a module that a page fetches late


def build(folder: Path, tree: Path = ROOT) -> Path:
    """Builds the wheel of a tree into a folder."""
    for command in ("catalogues", "asyncapi"):
        subprocess.run([sys.executable, "manage.py", command], cwd=tree, check=True)
    words = ["hatchling", "build", "-t", "wheel", "-d", str(folder)]
    subprocess.run([sys.executable, "-m", *words], cwd=tree, check=True, stdout=subprocess.DEVNULL)
    shutil.copy(tree / "requirements.txt", folder)
    return folder


def package(folder: Path, wheels: Path | None = None) -> Path:
    """Adds the Debian package to a folder with a wheel; downloads the dependencies unless they are given."""
    outside = root.outside_net() if root.OUTSIDE in os.environ else []
    words = [*outside, sys.executable, str(ROOT / "deploy/debian/build.py"), str(folder)]
    more = ["--wheels", str(wheels)] if wheels else []
    epoch = subprocess.run(
        ["git", "log", "-1", "--format=%ct"], cwd=ROOT, check=True, capture_output=True, text=True
    ).stdout.strip()
    subprocess.run([*words, *more], check=True, env=os.environ | {"SOURCE_DATE_EPOCH": epoch})
    (made,) = folder.glob("*.deb")
    return made


def sign(folder: Path, key: Path) -> Path:
    """Writes and signs the manifest, as `make release` does. Returns the manifest."""
    words = [sys.executable, str(ROOT / "deploy/debian/manifest.py"), str(folder)]
    manifest = Path(subprocess.run(words, check=True, capture_output=True, text=True).stdout.strip())
    subprocess.run(
        ["minisign", "-S", "-s", str(key), "-m", str(manifest)], check=True, capture_output=True, input=b"\n"
    )
    return manifest


def make_key(folder: Path, name: str = "helpline") -> Path:
    """Makes a pair of keys without a password. Returns the secret one; the other ends in .pub."""
    secret, public = folder / f"{name}.sec", folder / f"{name}.pub"
    words = ["minisign", "-G", "-W", "-p", str(public), "-s", str(secret)]
    subprocess.run(words, check=True, capture_output=True)
    return secret


def build_copy(folder: Path, *, one_release_later: bool = False) -> Path:
    """Builds the wheel of a copy of this tree, in another place."""
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
