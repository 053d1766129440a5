"""Represents the machine: its files, and the programs that root runs on it. A test uses a folder and its own
programs instead."""

import os
import shutil
import subprocess
import sys
from collections.abc import Mapping
from itertools import chain, count
from pathlib import Path

ACCOUNT = "helpline"


class Stopped(Exception):
    """Reports, in a sentence, why the command stopped. It is safe to repeat everything that was done
    before."""


class Machine:
    """Reads and writes files below `root`. Programs run on the real system, in `root` or a given folder."""

    def __init__(self, root: Path = Path("/")) -> None:
        self.root = root

    def path(self, name: str) -> Path:
        return self.root / name.lstrip("/")

    def has(self, program: str) -> bool:
        return shutil.which(program) is not None

    def run(self, *words: str, folder: str = "/", environment: Mapping[str, str] | None = None) -> int:
        """Runs a program that reads from and writes to this terminal, and returns its status."""
        more, place = dict(environment or {}), self.path(folder)
        return subprocess.run(words, cwd=place, env=os.environ | more, check=False).returncode  # noqa: S603

    def says(self, *words: str) -> tuple[int, str]:
        """Runs a program without a terminal. Returns its status and everything that it printed."""
        done = subprocess.run(  # noqa: S603 – a command of our own
            words, cwd=self.root, input="", capture_output=True, text=True, check=False
        )
        return done.returncode, (done.stdout + done.stderr).strip()

    def must(self, *words: str) -> str:
        """Runs a program, and returns what it printed. Raises Stopped if it fails."""
        status, said = self.says(*words)
        if status:
            raise Stopped(f"`{' '.join(words)}` ended with {status}: {said[-500:]}")
        return said

    def write(self, name: str, text: str, mode: int, group: str = "root") -> bool:
        """Replaces a file atomically, so that an interrupted run leaves the old file or the new one. Returns
        whether anything changed."""
        path = self.path(name)
        path.parent.mkdir(parents=True, exist_ok=True)
        changed = not path.exists() or path.read_text() != text
        draft = path.with_name(f".{path.name}.new")
        draft.unlink(missing_ok=True)
        descriptor = os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        with os.fdopen(descriptor, "w") as file:
            file.write(text)
            file.flush()
            os.fsync(file.fileno())
        self.own(draft, group)
        draft.chmod(mode)
        draft.replace(path)
        return changed

    def rewrite(self, name: str, text: str, mode: int, group: str = "root") -> bool:
        """Replaces a file as `write` does. If somebody had changed it, keeps what was there beside it as
        `….before`, and says so. An earlier `….before` stays: it may have the only copy of a change."""
        path = self.path(name)
        if path.exists() and path.read_text() != text:
            names = chain([".before"], (f".before.{number}" for number in count(2)))
            suffix = next(one for one in names if not path.with_name(path.name + one).exists())
            path.replace(path.with_name(path.name + suffix))
            sys.stdout.write(f"{name} was different: what was there is now in {name}{suffix}.\n")
        return self.write(name, text, mode, group)

    def own(self, path: Path, group: str) -> None:
        shutil.chown(path, "root", group)
