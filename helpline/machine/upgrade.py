"""Changes this machine to another release: from a signed package, to the one that is installed, or back."""

import argparse
import shutil
import tempfile
from pathlib import Path

from helpline.machine import environment_file, signed_release
from helpline.machine.machine import Machine, Stopped

PACKAGED = "/usr/lib/helpline"
RELEASES = "/opt/helpline"
PASSED_ON = ("without_backup", "stopped")
OPTIONS = "UPGRADE_OPTIONS"  # for `postinst`, which apt runs


def add_options(parser: argparse.ArgumentParser) -> None:
    parser.add_argument(
        "file", type=Path, nargs="?", help="helpline_VERSION_amd64.deb, with its manifest beside it"
    )
    parser.add_argument("--back", action="store_true", help="to the release before")
    parser.add_argument(
        "--without-backup", action="store_true", help="where something else copies the database"
    )
    parser.add_argument("--stopped", action="store_true", help="no process runs: migrations may take away")


def run(machine: Machine, given: argparse.Namespace) -> None:
    """Upgrades. Without a file it changes to the installed release, as `postinst` does."""
    words = [f"--{name.replace('_', '-')}" for name in PASSED_ON if getattr(given, name)]
    if given.file:
        install(machine, given.file.resolve(), words)
    elif given.back:
        change_over(machine, machine.path(RELEASES) / "current", ["--back"])
    else:
        change_over(machine, machine.path(RELEASES) / installed(machine), words)
        prune(machine)


def installed(machine: Machine) -> str:
    return machine.path(f"{PACKAGED}/VERSION").read_text().strip()


def install(machine: Machine, file: Path, words: list[str]) -> None:
    """Verifies copies of package and manifest that nobody else can change, and gives the verified copy to
    apt."""
    manifest = signed_release.manifest_of(file)
    with tempfile.TemporaryDirectory(prefix="helpline-") as name:
        folder = Path(name)
        folder.chmod(0o755)  # apt reads it as an account of its own
        for path in (file, manifest, signed_release.signature_of(manifest)):
            if path.is_file():
                shutil.copyfile(path, folder / path.name)
        if not (folder / file.name).exists():
            raise Stopped(f"Nothing was changed. {file} is not there.")
        try:
            version = signed_release.verify(machine, folder / file.name, folder / manifest.name)
            signed_release.require_newer(machine, version, installed(machine))
        except Stopped as error:
            raise Stopped(f"Nothing was changed. {error}") from None
        more = {OPTIONS: " ".join(words), "DEBIAN_FRONTEND": "noninteractive"}
        if machine.run("apt-get", "install", "--yes", str(folder / file.name), environment=more):
            raise Stopped("apt did not finish. Above it says why; the release before goes on.")


def change_over(machine: Machine, release: Path, words: list[str]) -> None:
    """Runs `upgrade` of the program in that folder, with the settings of the processes. It says itself what
    went wrong."""
    command = (str(release / "bin/python"), "-I", "-m", "helpline", "upgrade", *words)
    if machine.run(*command, environment=environment_file.read(machine)):
        raise Stopped


def prune(machine: Machine) -> None:
    """Deletes every release but the current one and the one before it."""
    folder = machine.path(RELEASES)
    links = [folder / name for name in ("current", "previous")]
    kept = {link.resolve().name for link in links if link.is_symlink()}
    for place in folder.iterdir():
        if place.is_dir() and not place.is_symlink() and place.name not in kept:
            shutil.rmtree(place)
