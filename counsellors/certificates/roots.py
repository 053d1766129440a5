"""Reads and writes the file of roots. The file lists the roots that the pages name, the lowest serial number
that the pages accept, and the line of each page.

The file is not in the database. Otherwise somebody who can write to the database could direct a page's
callers to the people of another line.
"""

import os
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import msgspec
from django.conf import settings

from counsellors.certificates import signed_bytes
from helpline.lib import decoding, durable, encoding
from helpline.lib.errors import BadFrame

MAX_ROOTS = 3
MAX_SERIAL = 2**32 - 1


class Unreadable(ValueError):
    """The file of roots cannot be read, so nobody gets in. Restore it from what you wrote down."""


class Root(msgspec.Struct, kw_only=True):
    """Describes a root key. `since` is when the key was made, in Unix seconds; `named` says whether the pages
    name this root."""

    point: str
    since: int
    named: bool


class File(msgspec.Struct, kw_only=True):
    """Holds the content of the file. `paths` maps the last part of a page's path to the slug of its line;
    `hosts` maps a line's own host to the line's slug."""

    serial: int = 0
    roots: list[Root] = msgspec.field(default_factory=list)
    paths: dict[str, str] = msgspec.field(default_factory=dict)
    hosts: dict[str, str] = msgspec.field(default_factory=dict)

    @property
    def is_named(self) -> bool:
        return any(root.named for root in self.roots)


_of_json = decoding.from_json(File)


@dataclass(frozen=True, slots=True)
class Trust:
    """Holds the roots and the lowest serial that the pages name. Only certificates under one of these roots,
    with at least this serial, are valid."""

    points: frozenset[bytes]
    serial: int


NOBODY = Trust(frozenset(), MAX_SERIAL)
_read: dict[Path, tuple[tuple[int, int, int], File]] = {}


def trust() -> Trust | None:
    """Returns the roots and the serial that the pages name, or None for an installation without named roots.
    While the file cannot be read, no root is trusted."""
    try:
        found = read()
    except Unreadable:
        return NOBODY
    named = [encoding.decode(root.point) for root in found.roots if root.named] if found else []
    return Trust(frozenset(named), found.serial) if found and named else None


def metas() -> tuple[str, int] | None:
    """Returns the content of a page's two meta elements, the roots and the lowest serial; None if no root is
    named."""
    found = trust()
    if found is None:
        return None
    return " ".join(sorted(encoding.encode(point) for point in found.points)), found.serial


def line_of_page(host: str, path: str = "") -> str | None:
    """Returns the slug of the line whose certificates the page accepts. Without a path, the page is the
    host's first page.

    Returns "" for a page that accepts no certificates: the file does not list the page, or it lists the
    page's path and the page's host for different lines. Returns None while no root is named.
    """
    if trust() is None:
        return None
    file = read_or_none() or File()
    of_host = file.hosts.get(host)
    listed = file.paths.get(path, "") if path else of_host or ""
    return listed if of_host in (None, listed) else ""


def read() -> File | None:
    """Returns the file's content, or None if there is no file. Raises Unreadable if the file is damaged, or
    if this process has read it before and it is gone now."""
    try:
        facts = os.stat(settings.ROOTS)
    except FileNotFoundError:
        if settings.ROOTS in _read:  # the file has vanished: without it, pages would check no certificates
            raise Unreadable from None
        return None
    version = (facts.st_mtime_ns, facts.st_size, facts.st_ino)
    known = _read.get(settings.ROOTS)
    if known is None or known[0] != version:
        known = _read[settings.ROOTS] = (version, _decode(settings.ROOTS.read_bytes()))
    return known[1]


def was_here() -> bool:
    """Returns whether this process has read the file before."""
    return settings.ROOTS in _read


def read_or_none() -> File | None:
    """Returns the file's content, or None if it is missing or cannot be read."""
    try:
        return read()
    except Unreadable:
        return None


def write(file: File) -> None:
    """Replaces the file atomically, because with half a file no certificate would be valid."""
    draft = settings.ROOTS.with_suffix(".new")
    draft.unlink(missing_ok=True)
    settings.ROOTS.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    durable.write(draft, msgspec.json.format(msgspec.json.encode(file)) + b"\n")
    draft.replace(settings.ROOTS)
    durable.sync_folder(settings.ROOTS.parent)


def add(point: bytes, *, named: bool, since: int) -> File:
    """Adds a root. Raises ValueError if there are three already."""
    found = read() or File()
    if len(found.roots) >= MAX_ROOTS:
        raise ValueError(f"an installation has at most {MAX_ROOTS} roots: drop one first")
    made = Root(point=encoding.encode(point), since=since, named=named)
    return change(found, roots=[*found.roots, made])


def change(file: File, **facts: Any) -> File:
    """Writes the file with the given fields changed. Returns the new content."""
    changed = msgspec.structs.replace(file, **facts)
    write(changed)
    return changed


def _decode(data: bytes) -> File:
    try:
        found = _of_json(data)
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
