"""The file of roots beside the settings: which roots the pages name, the lowest serial, and which line each
page is for.

It is never in the database: whoever writes that would lead a page's callers to the people of another line.
"""

import os
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import msgspec
from django.conf import settings

from counsellors.certificates import signed_bytes
from helpline.lib import durable, encoding
from helpline.lib.errors import BadFrame

MAX_ROOTS = 3
MAX_SERIAL = 2**32 - 1


class Unreadable(ValueError):
    """The file of the roots cannot be read: bring it back from where it was written down. Nobody gets in."""


class Root(msgspec.Struct, kw_only=True):
    """A root key. `since`: when it was made, in Unix seconds. `named`: whether the pages name it."""

    point: str
    since: int
    named: bool


class File(msgspec.Struct, kw_only=True):
    """The file's content. `paths`: the line's slug by the last part of a page's path; `hosts`: by a line's
    own host."""

    serial: int = 0
    roots: list[Root] = msgspec.field(default_factory=list)
    paths: dict[str, str] = msgspec.field(default_factory=dict)
    hosts: dict[str, str] = msgspec.field(default_factory=dict)

    @property
    def is_named(self) -> bool:
        return any(root.named for root in self.roots)


@dataclass(frozen=True, slots=True)
class Trust:
    """What the pages name: nothing else certifies anybody."""

    points: frozenset[bytes]
    serial: int


NOBODY = Trust(frozenset(), MAX_SERIAL)
_read: dict[Path, tuple[tuple[int, int, int], File]] = {}


def trust() -> Trust | None:
    """Returns it; None for an uncertified installation. A file that cannot be read trusts nobody."""
    try:
        found = read()
    except Unreadable:
        return NOBODY
    named = [encoding.decode(root.point) for root in found.roots if root.named] if found else []
    return Trust(frozenset(named), found.serial) if found and named else None


def metas() -> tuple[str, int] | None:
    """Returns what the two lines of a page say; None: it has none."""
    found = trust()
    if found is None:
        return None
    return " ".join(sorted(encoding.encode(point) for point in found.points)), found.serial


def line_of_page(host: str, path: str = "") -> str | None:
    """Returns by which line's certificates the page lets people in; without a path it is the first page of
    that host.

    "": by nobody's, since it is not listed, or for another line than the host is. None: no root is named.
    """
    if trust() is None:
        return None
    file = read_or_none() or File()
    of_host = file.hosts.get(host)
    listed = file.paths.get(path, "") if path else of_host or ""
    return listed if of_host in (None, listed) else ""


def read() -> File | None:
    """Returns the content, None where there is no file. Raises Unreadable."""
    try:
        facts = os.stat(settings.ROOTS)
    except FileNotFoundError:
        if settings.ROOTS in _read:  # it was here: a page without the line would check nothing
            raise Unreadable from None
        return None
    version = (facts.st_mtime_ns, facts.st_size, facts.st_ino)
    known = _read.get(settings.ROOTS)
    if known is None or known[0] != version:
        known = _read[settings.ROOTS] = (version, _decode(settings.ROOTS.read_bytes()))
    return known[1]


def was_here() -> bool:
    """Whether this process has read the file before."""
    return settings.ROOTS in _read


def read_or_none() -> File | None:
    """Returns None also where it cannot be read."""
    try:
        return read()
    except Unreadable:
        return None


def write(file: File) -> None:
    """Writes atomically: half a file would let nobody in."""
    draft = settings.ROOTS.with_suffix(".new")
    draft.unlink(missing_ok=True)
    settings.ROOTS.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    durable.write(draft, msgspec.json.format(msgspec.json.encode(file)) + b"\n")
    draft.replace(settings.ROOTS)
    durable.sync_folder(settings.ROOTS.parent)


def add(point: bytes, *, named: bool, since: int) -> File:
    """Adds a root, three at most."""
    found = read() or File()
    if len(found.roots) >= MAX_ROOTS:
        raise ValueError(f"an installation has at most {MAX_ROOTS} roots: drop one first")
    made = Root(point=encoding.encode(point), since=since, named=named)
    return change(found, roots=[*found.roots, made])


def change(file: File, **facts: Any) -> File:
    """Changes some of it; the rest stays."""
    changed = msgspec.structs.replace(file, **facts)
    write(changed)
    return changed


def _decode(data: bytes) -> File:
    try:
        found = msgspec.json.decode(data, type=File, strict=True)
        points = [encoding.decode(root.point, signed_bytes.POINT_BYTES) for root in found.roots]
    except (msgspec.MsgspecError, BadFrame, UnicodeDecodeError) as error:
        raise Unreadable from error
    if (
        not 0 <= found.serial <= MAX_SERIAL
        or len(points) > MAX_ROOTS
        or not all(map(signed_bytes.is_point, points))
    ):
        raise Unreadable
    return found
