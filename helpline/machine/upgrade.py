"""Changes this machine to another release: to the release in a signed package, to the installed one, or to
the previous one."""

import argparse
import fcntl
import shutil
import sys
import tempfile
from pathlib import Path

from helpline.machine import environment_file, signed_release
from helpline.machine.machine import Machine, Stopped

LOCK = "/run/helpline-upgrade.lock"
PACKAGED = "/usr/lib/helpline"
RELEASES = "/opt/helpline"
COMPLETE = "packaged"  # `postinst` writes this file last into the folder of a release
LEFT = f"{RELEASES}/left"  # names the installed release, if an administrator rolled back from it
PASSED_ON = ("without_backup", "stopped")
OPTIONS = "UPGRADE_OPTIONS"  # passes options to `postinst`, which apt runs
GOING = "on the way back"  # stands in LEFT until the processes run the previous release
WENT_BACK = "Nothing was changed. {running} runs already. `helpline upgrade` changes to {installed} again."
BACK_AGAIN = "{running} runs, and {installed} is installed. `helpline upgrade` without a file changes to it."
INCOMPLETE = "helpline {installed} is not wholly installed. Type: dpkg --configure helpline"
STAYS = "{running} goes on: you went back to it. `helpline upgrade` changes to {installed} again.\n"
ANOTHER = "Nothing was changed. Another `helpline upgrade` runs on this machine: wait until it has ended."
RUNS_ALREADY = (
    "Nothing was changed. {running} runs already: the upgrade to {installed} did not happen, and there is "
    "nothing to go back from."
)
NOTHING_NEWER = (
    "Nothing was changed: {installed} is installed, and runs. For a newer release give its file: `helpline "
    "upgrade helpline_VERSION_amd64.deb`.\n"
)
UNPACKED = (
    "helpline {installed} is unpacked, and not configured. Mend what stands above; then type: "
    "dpkg --configure helpline"
)


def add_options(parser: argparse.ArgumentParser) -> None:
    parser.add_argument(
        "file", type=Path, nargs="?", help="helpline_VERSION_amd64.deb, with its manifest beside it"
    )
    parser.add_argument("--back", action="store_true", help="to the release before")
    parser.add_argument(
        "--without-backup", action="store_true", help="where something else copies the database"
    )
    parser.add_argument("--stopped", action="store_true", help="no process runs: migrations may take away")
    parser.add_argument("--configuring", action="store_true", help=argparse.SUPPRESS)  # only for `postinst`


def run(machine: Machine, given: argparse.Namespace) -> None:
    """Upgrades. Without a file, changes to the installed release. For `postinst`, keeps the running release
    if somebody rolled back from the installed one. Raises Stopped while another upgrade runs on this machine:
    each would restart what the other has just started."""
    if given.configuring:  # for apt, which a `helpline upgrade` with the lock may have started
        _configuring(machine, _words(given))
        return
    lock = machine.path(LOCK)
    lock.parent.mkdir(parents=True, exist_ok=True)
    with lock.open("w") as held:
        try:
            fcntl.flock(held, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            raise Stopped(ANOTHER) from None
        _run(machine, given)


def _words(given: argparse.Namespace) -> list[str]:
    return [f"--{name.replace('_', '-')}" for name in PASSED_ON if getattr(given, name)]


def _run(machine: Machine, given: argparse.Namespace) -> None:
    words = _words(given)
    if given.file:
        install(machine, given.file.resolve(), words)
    elif given.back:
        go_back(machine)
    else:
        go_on(machine, words)


def _configuring(machine: Machine, words: list[str]) -> None:
    if was_left(machine):
        sys.stdout.write(STAYS.format(running=running(machine), installed=installed(machine)))
    else:
        configure(machine, words)


def go_back(machine: Machine) -> None:
    """Rolls back to the previous release, and records the rollback, so that dpkg does not undo it when it
    configures the package again. Raises Stopped after an upgrade that failed: the release before that one
    runs already, and the one before it may not know the database any more."""
    left = machine.path(LEFT)
    if running(machine) != installed(machine) and not (left.exists() and GOING in left.read_text()):
        words = WENT_BACK if was_left(machine) else RUNS_ALREADY
        raise Stopped(words.format(running=running(machine), installed=installed(machine)))
    # It is recorded first: otherwise a rollback that was interrupted would look like a failed upgrade.
    machine.write(LEFT, f"{installed(machine)}\n{GOING}\n", 0o644)
    try:
        change_over(machine, machine.path(RELEASES) / "current", ["--back"])
        machine.write(LEFT, f"{installed(machine)}\n", 0o644)
    finally:
        if running(machine) == installed(machine):
            left.unlink(missing_ok=True)


def go_on(machine: Machine, words: list[str]) -> None:
    """Changes to the installed release. If it runs already, and no upgrade was interrupted, does nothing: an
    administrator who types this without a file may believe that it fetches a newer release."""
    begun = machine.path(f"{RELEASES}/unfinished").is_symlink()
    if running(machine) == installed(machine) and not (begun or words or was_left(machine)):
        sys.stdout.write(NOTHING_NEWER.format(installed=installed(machine)))
    else:
        go_forward(machine, words)


def go_forward(machine: Machine, words: list[str]) -> None:
    release = machine.path(RELEASES) / installed(machine)
    if not (release / COMPLETE).exists():
        raise Stopped(INCOMPLETE.format(installed=installed(machine)))
    change_over(machine, release, words)
    machine.path(LEFT).unlink(missing_ok=True)
    prune(machine)


def configure(machine: Machine, words: list[str]) -> None:
    """Upgrades for dpkg. If that fails, the package stays unpacked but not configured, and the error says
    so."""
    try:
        go_forward(machine, words)
    except Stopped:
        raise Stopped(UNPACKED.format(installed=installed(machine))) from None


def was_left(machine: Machine) -> bool:
    """Returns whether somebody rolled back from the installed release and has not upgraded to it again."""
    left = machine.path(LEFT)
    return left.exists() and left.read_text().split("\n")[0] == installed(machine)


def running(machine: Machine) -> str:
    return machine.path(f"{RELEASES}/current").resolve().name


def installed(machine: Machine) -> str:
    return machine.path(f"{PACKAGED}/VERSION").read_text().strip()


def install(machine: Machine, file: Path, words: list[str]) -> None:
    """Verifies copies of package and manifest that only root can change, and passes the verified copy to
    apt."""
    manifest = signed_release.manifest_of(file)
    with tempfile.TemporaryDirectory(prefix="helpline-") as name:
        folder = Path(name)
        folder.chmod(0o755)  # apt reads the package under an account of its own
        for path in (file, manifest, signed_release.signature_of(manifest)):
            if path.is_file():
                shutil.copyfile(path, folder / path.name)
        if not (folder / file.name).exists():
            raise Stopped(f"Nothing was changed. {file} is not there.")
        try:
            version = signed_release.verify(machine, folder / file.name, folder / manifest.name)
            _require_newer(machine, version)
        except Stopped as error:
            raise Stopped(f"Nothing was changed. {error}") from None
        more = {OPTIONS: " ".join(words), "DEBIAN_FRONTEND": "noninteractive"}
        # The package that was refused may be newer than this one.
        further = ["--allow-downgrades"] if _in_use(machine) != installed(machine) else []
        command = ("apt-get", "install", "--yes", *further, str(folder / file.name))
        if machine.run(*command, environment=more):
            raise Stopped(
                f"apt did not finish: above it says why. {running(machine)} is the release that runs."
            )


def _require_newer(machine: Machine, version: str) -> None:
    if was_left(machine) and version == installed(machine):
        raise Stopped(BACK_AGAIN.format(running=running(machine), installed=version))
    signed_release.require_newer(machine, version, _in_use(machine))


def _in_use(machine: Machine) -> str:
    """Returns the release than which another one has to be newer. After an upgrade that was refused, that is
    the running one: the refused release may be given again, or one between the two."""
    runs = machine.path(f"{RELEASES}/current").is_symlink()
    return running(machine) if runs and not was_left(machine) else installed(machine)


def change_over(machine: Machine, release: Path, words: list[str]) -> None:
    """Runs the command `upgrade` of the release in that folder, with the settings of the processes. That
    command prints its own errors."""
    command = (str(release / "bin/python"), "-I", "-m", "helpline", "upgrade", *words)
    if machine.run(*command, environment=environment_file.read(machine)):
        raise Stopped


def prune(machine: Machine) -> None:
    """Deletes every release except the current and the previous one."""
    folder = machine.path(RELEASES)
    links = [folder / name for name in ("current", "previous")]
    kept = {link.resolve().name for link in links if link.is_symlink()}
    for place in folder.iterdir():
        if place.is_dir() and not place.is_symlink() and place.name not in kept:
            shutil.rmtree(place)
