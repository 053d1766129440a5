"""Compares what a server still has with what browsers had: the same value, or one that was derived from
it."""

import base64
import hashlib
import re
import sqlite3
from collections.abc import Iterable, Iterator
from contextlib import closing
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from django.apps import apps
from django.db import connection, models

from chat.models import Conversation

ID = re.compile(r"[A-Za-z0-9_-]{11}([A-Za-z0-9_-]{11})?")
LEAST = 8  # bytes: a value of this length does not equal another one by chance
# These columns of a conversation's rows are the staff's own or the organisation's, or the number in the
# record.
NOT_OF_IT = {"recorded_as", "key", "device", "person", "line", "service", "contact"}


@dataclass
class Known:
    """Holds what somebody with a browser's profile can compare: values, as text or as bytes, and what each
    is."""

    values: dict[bytes, str] = field(default_factory=dict)

    def add(self, name: str, value: str | bytes | memoryview | None) -> None:
        data = value.encode() if isinstance(value, str) else bytes(value or b"")
        if len(data) >= LEAST:
            self.values.setdefault(data, name)

    def found_in(self, places: dict[str, bytes], *, plain: bool = False) -> list[str]:
        """Returns where each value is, as it is or, unless `plain`, in any form that needs no secret."""
        return sorted(
            {
                f"{name} in {place}"
                for value, name in self.values.items()
                for spelt in ({value, *_decoded(value)} if plain else _forms(value))
                for place, data in places.items()
                if spelt in data
            }
        )


def of_rows(conversation: str) -> Known:
    """Returns every random value in the rows of a conversation, which is more than any browser was ever
    sent."""
    known = Known()
    known.add("Conversation.id", conversation)
    for model in apps.get_app_config("chat").get_models():
        for row in _rows_of(model, conversation):
            for column in model._meta.concrete_fields:
                value = getattr(row, column.attname)
                if column.name in NOT_OF_IT:
                    continue
                for name, one in (value if isinstance(value, dict) else {column.name: value}).items():
                    if name not in NOT_OF_IT and _is_random(one):
                        known.add(f"{model.__name__}.{name}", one)
    return known


def tables() -> dict[str, bytes]:
    """Returns every row of every table of the test's own database."""
    with connection.cursor() as cursor:
        return _dumped(cursor, connection.introspection.table_names(cursor))


def tables_of(file: Path) -> dict[str, bytes]:
    """Returns the same of an SQLite file that somebody else has open."""
    with closing(sqlite3.connect(f"file:{file}?mode=ro", uri=True, timeout=30)) as database:
        named = database.execute("SELECT name FROM sqlite_master WHERE type = 'table'").fetchall()
        return _dumped(database.cursor(), [name for (name,) in named])


def _dumped(cursor: Any, names: Iterable[str]) -> dict[str, bytes]:
    """Returns the rows by table, in each encoding that a search needs."""
    dumped = {}
    for table in names:
        cursor.execute(f'SELECT * FROM "{table}"')  # noqa: S608 – no input
        dumped[table] = b"\n".join(_as_bytes(value) for row in cursor.fetchall() for value in row)
    return dumped


def _rows_of(model: type[models.Model], conversation: str) -> Iterable[models.Model]:
    if model is Conversation:
        return Conversation.objects.filter(pk=conversation)
    for path in ("conversation", "member__conversation", "invitation__conversation"):
        first = path.split("__", maxsplit=1)[0]
        if any(column.name == first for column in model._meta.concrete_fields):
            return model._default_manager.filter(**{path: conversation})
    return []


def _is_random(value: Any) -> bool:
    """Returns whether it is bytes, or an id of 8 or 16 bytes, and no word, time or number."""
    if isinstance(value, bytes | memoryview):
        return True
    return isinstance(value, str) and bool(ID.fullmatch(value)) and not value.islower()


def _as_bytes(value: Any) -> bytes:
    if isinstance(value, bytes | memoryview):
        data = bytes(value)
        return b"\n".join((data, data.hex().encode(), *_in_base64(data)))
    return str(value).encode()


def _forms(value: bytes) -> Iterator[bytes]:
    """Returns the value, what it means in base64url, and the digests of both: raw, in hex and in base64."""
    for data in {value, *_decoded(value)}:
        for name in ("md5", "sha1", "sha256"):
            digest = hashlib.new(name, data, usedforsecurity=False).digest()
            for some in (digest, digest[:16]):
                yield from (some, some.hex().encode(), *_in_base64(some))
        yield from (data, data.hex().encode(), *_in_base64(data))


def _in_base64(data: bytes) -> tuple[bytes, bytes]:
    """Returns it without the last character, which padding or what follows may have changed."""
    return (
        base64.b64encode(data).rstrip(b"=")[:-1],
        base64.urlsafe_b64encode(data).rstrip(b"=")[:-1],
    )


def _decoded(value: bytes) -> Iterator[bytes]:
    if re.fullmatch(rb"[A-Za-z0-9_-]+", value):
        yield base64.urlsafe_b64decode(value + b"=" * (-len(value) % 4))
