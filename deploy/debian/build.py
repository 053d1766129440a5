"""Builds the Debian package in `dist` from a release's wheel and its locked dependencies: `make deb`.

The same source tree gives the same bytes: each dependency must have its locked hash, every file gets the time
of the commit (SOURCE_DATE_EPOCH), and the package is not compressed, since wheels are compressed already.
"""

import argparse
import gzip
import hashlib
import os
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

HERE = Path(__file__).parent
ROOT = HERE.parents[1]
PYTHON = "3.13"  # the version in Debian 13; `control` depends on the same version
GLIBC = ("2_34", "2_28", "2_17", "2_12", "2_5")
PLATFORMS = (*(f"manylinux_{version}_x86_64" for version in GLIBC), "manylinux2014_x86_64", "any")
SCRIPTS = ("postinst", "prerm", "postrm")


def fetch(requirements: Path, folder: Path) -> None:
    """Downloads the wheels that Debian's Python needs, and checks each against its locked hash."""
    words = ["--require-hashes", "--no-deps", "--only-binary", ":all:", "--implementation", "cp"]
    words += ["--python-version", PYTHON, *(f"--abi={abi}" for abi in ("cp313", "abi3", "none"))]
    words += [f"--platform={platform}" for platform in PLATFORMS]
    pip = [sys.executable, "-m", "pip", "--disable-pip-version-check", "download", "--quiet", *words]
    subprocess.run([*pip, "-r", str(requirements), "-d", str(folder)], check=True)  # noqa: S603


def build(dist: Path, wheels: Path, epoch: int, tree: Path = ROOT) -> Path:
    """Packs the wheel in `dist`, the wheels of its dependencies and the files of `deploy/`. Returns the
    package."""
    (wheel,) = dist.glob("helpline-*.whl")
    version = wheel.name.split("-")[1]
    package = dist / f"helpline_{version}_amd64.deb"
    with tempfile.TemporaryDirectory() as name:
        stage = Path(name, "helpline")
        _program(stage / "usr/lib/helpline", wheel, wheels, dist / "requirements.txt", version)
        _around(stage, tree)
        _control(stage, tree, version)
        _settle(stage, epoch)
        subprocess.run(  # noqa: S603 – a command of our own
            ["/usr/bin/dpkg-deb", "--root-owner-group", "-Znone", "--build", str(stage), str(package)],
            env=os.environ | {"SOURCE_DATE_EPOCH": str(epoch)}, check=True, stdout=subprocess.DEVNULL,
        )  # fmt: skip
    return package


def _program(folder: Path, wheel: Path, wheels: Path, requirements: Path, version: str) -> None:
    """Copies to `folder` the files from which `postinst` installs the release without a network."""
    shutil.copytree(wheels, folder / "wheels")
    shutil.copy(wheel, folder)
    shutil.copy(requirements, folder)
    (folder / "VERSION").write_text(f"{version}\n")
    files = sorted(path for path in folder.rglob("*") if path.is_file())
    (folder / "SHA256SUMS").write_text("".join(f"{_sha256(path)}  {path.name}\n" for path in files))


def _around(stage: Path, tree: Path) -> None:
    """Copies the `helpline` command, the systemd units, the documents and the examples."""
    (stage / "usr/bin").mkdir(parents=True)
    shutil.copy(tree / "deploy/bin/helpline", stage / "usr/bin")
    shutil.copytree(tree / "deploy/systemd", stage / "usr/lib/systemd/system")
    documents = stage / "usr/share/doc/helpline"
    ignored = shutil.ignore_patterns("debian", "container", "systemd", "bin", "__pycache__")
    shutil.copytree(tree / "deploy", documents / "examples", ignore=ignored)
    for page in (tree / "docs").glob("*.md"):
        shutil.copy(page, documents)
    shutil.copy(tree / "LICENSE", documents / "copyright")
    changes = (tree / "CHANGELOG.md").read_bytes()
    (documents / "changelog.gz").write_bytes(gzip.compress(changes, mtime=0))


def _control(stage: Path, tree: Path, version: str) -> None:
    folder, size = stage / "DEBIAN", sum(path.stat().st_size for path in stage.rglob("*") if path.is_file())
    folder.mkdir()
    said = (tree / "deploy/debian/control").read_text()
    said = said.replace("@VERSION@", version).replace("@KIB@", str(size // 1024))
    (folder / "control").write_text(said)
    for name in SCRIPTS:
        shutil.copy(tree / "deploy/debian" / name, folder)


def _settle(stage: Path, epoch: int) -> None:
    """Sets the mode and time of each file to the same values in every build."""
    for path in [stage, *stage.rglob("*")]:
        runs = path.is_dir() or path.parent.name == "bin" or path.name in SCRIPTS
        path.chmod(0o755 if runs else 0o644)
        os.utime(path, (epoch, epoch))


def _sha256(path: Path) -> str:
    return hashlib.sha256(path.read_bytes()).hexdigest()


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("dist", type=Path, help="the folder with the wheel and requirements.txt")
    parser.add_argument("--wheels", type=Path, help="a folder with the dependencies; otherwise downloaded")
    given = parser.parse_args()
    with tempfile.TemporaryDirectory() as name:
        if given.wheels is None:
            fetch(given.dist / "requirements.txt", Path(name))
        made = build(given.dist, given.wheels or Path(name), int(os.environ["SOURCE_DATE_EPOCH"]))
    sys.stdout.write(f"{made} is built\n")


if __name__ == "__main__":
    main()
