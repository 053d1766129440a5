"""Upgrades from the running release to this one, one process after the other, while conversations
continue."""

import os
import shlex
import subprocess
import sys
import time
from argparse import ArgumentParser
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management import call_command
from django.core.management.base import BaseCommand, CommandError
from django.db import DatabaseError, connection

from chat.administration import backups, health, ports, reach, upgrades
from chat.administration.findings import Finding
from chat.administration.management.commands.backup import REFUSALS, in_words
from chat.runtime import releases
from helpline.lib import clock, failures, readiness

UNITS = ("helpline-worker", *(f"helpline-{part}={port}" for part, port in ports.OF_UNITS.items()))
LINK = Path("/opt/helpline/current")
type Units = list[tuple[str, str]]  # name and port
READY_SECONDS = 60
ALIVE_SECONDS = 5
AS_BEFORE = "No process was restarted, and the database is as it was."
NO_WAY_BACK = (
    "{failed} did not become ready; its log says why. After --stopped there is no way back: mend it and type "
    "`helpline upgrade --stopped` again, or restore the backup on another machine with the release before."
)
NONE_BEFORE = (
    "Nothing was changed. The release before is not on this machine, or cannot use the database any more "
    "since an upgrade with --stopped."
)


class Command(BaseCommand):
    help = (
        "Changes to this release while people talk. Run by the new release, as root: it checks, backs up, "
        "migrates, then restarts one process after the other, each once the one before is ready. What does "
        "not become ready goes back. With --back all run the release before this one again."
    )
    requires_system_checks = ()

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--prepare", action="store_true", help="all but the restarts, as the own account")
        parser.add_argument(
            "--without-backup", action="store_true", help="where something else copies the database"
        )
        parser.add_argument(
            "--stopped", action="store_true", help="no process runs: migrations may take away"
        )
        parser.add_argument(
            "--back", action="store_true", help="changes to the release before, and back again"
        )
        parser.add_argument("--link", type=Path, default=LINK, help="leads to the release that is started")
        parser.add_argument(
            "--unit", action="append", metavar="NAME[=PORT]", help=f"default: {' '.join(UNITS)}"
        )
        parser.add_argument("--restart", default="systemctl restart {unit}", help="how one is restarted")
        parser.add_argument("--alive", default="systemctl is-active --quiet {unit}", help="whether one lives")

    def handle(self, *_: Any, **options: Any) -> None:
        link: Path = options["link"]
        before = _read(link)
        if options["prepare"]:
            self._prepare(before, backs_up=not options["without_backup"], stopped=options["stopped"])
            return
        if options["back"]:
            target = _other(link)
        else:
            words = [word for word in sys.argv[2:] if word in {"--without-backup", "--stopped"}]
            self._prepare_as_account(["--link", str(link), *words])
            target = Path(sys.prefix)
            before = self._note(link, before, target, stopped=options["stopped"])
        self._change_over(before, target, options)
        there = f" {before.name} is still in its folder." if before and before.name != target.name else ""
        self.stdout.write(f"{target.name} runs.{there}")

    def _note(self, link: Path, before: Path | None, target: Path, *, stopped: bool) -> Path | None:
        """Stores which release runs before the change, so that a run that was interrupted can be undone or
        repeated. Returns that release, or None if none can run on the database any more."""
        if stopped:
            _previous(link).unlink(missing_ok=True)
            _unfinished(link).unlink(missing_ok=True)
            return None
        begun = _read(_unfinished(link))
        # Processes that were started by hand or by a reboot may have finished that change long ago.
        if begun is not None and before is not None and before.name in {begun.name, target.name}:
            before = begun
        if before is None or link.parent / before == link.parent / target:
            return None
        _lead(_unfinished(link), before)
        return before

    def _change_over(self, before: Path | None, target: Path, options: dict[str, Any]) -> None:
        """Restarts the units one by one with the release in `target`. If all restarts succeed, the link
        `previous` then points to the release in `before`, so that `--back` finds that release."""
        link: Path = options["link"]
        _lead(link, target)
        begun: Units = []
        units = [(name, port) for name, _, port in (unit.partition("=") for unit in options["unit"] or UNITS)]
        for name, port in units:
            self._say(f"restarting {name} …")
            begun.append((name, port))
            if not self._begins(name, port, options):
                self._goes_back(name, before, begun, options)
        for name, port in units:
            # A worker may end long after ALIVE_SECONDS, when a folder of its own refuses it.
            if not port and not _says_yes(options["alive"], name):
                self._goes_back(name, before, begun, options)
        if before is not None and link.parent / before != link.parent / target:
            _lead(_previous(link), before)
        _unfinished(link).unlink(missing_ok=True)

    def _begins(self, name: str, port: str, options: dict[str, Any]) -> bool:
        """Restarts a unit. Returns whether the unit becomes ready. For a unit without a port, returns whether
        the unit still runs after ALIVE_SECONDS."""
        if not _says_yes(options["restart"], name):
            return False
        if port:
            return readiness.wait(int(port), seconds=READY_SECONDS)
        time.sleep(ALIVE_SECONDS)
        return _says_yes(options["alive"], name)

    def _goes_back(self, failed: str, before: Path | None, begun: Units, options: dict[str, Any]) -> None:
        """Restarts the units in `begun` with the previous release, if there is one, because two releases may
        run side by side only for a short time. Always raises CommandError, which names the failed unit."""
        back = "It does not run"
        if options["stopped"]:
            raise CommandError(NO_WAY_BACK.format(failed=failed), returncode=1)
        if before is not None:
            _lead(options["link"], before)
            well = [self._begins(name, port, options) for name, port in reversed(begun)]
            back = "All run the release before again" if all(well) else "Not all run the release before again"
            _unfinished(options["link"]).unlink(missing_ok=True)
        raise CommandError(f"{failed} did not become ready. {back}; its log says why.", returncode=1)

    def _prepare(self, before: Path | None, *, backs_up: bool, stopped: bool) -> None:
        try:
            waiting = upgrades.pending()
        except DatabaseError as error:
            why = failures.in_words(error) or f"The database does not answer: {type(error).__name__}."
            raise CommandError(f"{AS_BEFORE} {why}", returncode=1) from None
        wrong = [row for row in _looked_at() if row.is_wrong]
        if wrong:
            words = "; ".join(str(row).removeprefix("WRONG ") for row in wrong)
            raise CommandError(f"{AS_BEFORE} {words}", returncode=1)
        try:
            if stopped:
                backups.require_stopped(clock.now())
            elif upgrades.has_release():
                upgrades.require_additive(waiting, before.name if before else "")
            if backs_up:
                self._say("backing up …")
                self._say(f"backed up: {backups.make(clock.now())}")
        except (*REFUSALS, upgrades.NeedsAStop) as error:
            raise CommandError(f"{AS_BEFORE} {in_words(error)}", returncode=1) from None
        releases.keep()
        self._say("migrating …")
        call_command("migrate", verbosity=0, interactive=False)
        self._say(f"migrated: {len(waiting)}")

    def _say(self, words: str) -> None:
        """Prints at once: through apt, this is a pipe, and a backup may take minutes."""
        self.stdout.write(words)
        self.stdout.flush()

    def _prepare_as_account(self, words: list[str]) -> None:
        """Runs `--prepare` as the account that owns the data, so that new files do not belong to root."""
        owner = settings.VAR.stat()
        account = {} if os.geteuid() else {"user": owner.st_uid, "group": owner.st_gid, "extra_groups": []}
        self.stdout.flush()
        done = subprocess.run(  # noqa: S603 – a command of our own
            [*settings.COMMAND, "upgrade", "--prepare", *words],
            cwd=settings.VAR, stderr=subprocess.PIPE, text=True, check=False, **account,  # type: ignore[call-overload]
        )  # fmt: skip
        if done.returncode:
            raise CommandError(done.stderr.removeprefix("CommandError: ").strip(), returncode=1)


def _previous(link: Path) -> Path:
    return link.with_name("previous")


def _unfinished(link: Path) -> Path:
    """Returns the link that exists while a change is under way. It leads to the release that ran before."""
    return link.with_name("unfinished")


def _read(link: Path) -> Path | None:
    return link.readlink() if link.is_symlink() else None


def _other(link: Path) -> Path:
    """Returns the folder of the release to which `--back` changes. After an interrupted change that is the
    release that ran before it. Raises CommandError if there is none on this machine."""
    for place in (_unfinished(link), _previous(link)):
        if place.is_symlink() and place.exists():
            return place.readlink()
    raise CommandError(NONE_BEFORE, returncode=1)


def _lead(link: Path, target: Path) -> None:
    """Points the link to `target` atomically, so that a process that starts at this moment finds either the
    old release or the new one."""
    draft = link.with_name(f".{link.name}.new")
    draft.unlink(missing_ok=True)
    draft.symlink_to(target)
    draft.replace(link)


def _says_yes(template: str, name: str) -> bool:
    words = [word.format(unit=name) for word in shlex.split(template)]
    return subprocess.run(words, check=False).returncode == 0  # noqa: S603 – the operator's own command


def _looked_at() -> Iterator[Finding]:
    """Yields the findings of the checks that must pass before an upgrade changes anything. They also work on
    a database that is not migrated yet."""
    now, tables = clock.now(), connection.introspection.table_names()
    yield from (reach.layer(), health.disk())
    if "chat_slotfile" in tables:
        yield from health.key_folders()
    if "chat_journalhead" in tables:
        yield from (health.place_of_keys(), health.restored())
    if "chat_process" in tables:
        yield health.one_key_folder(now)
