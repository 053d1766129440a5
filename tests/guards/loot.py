"""Copies what a thief could steal: the whole database and all of Redis. It knows no table: it takes every
value of every row and of every key of Redis, in every encoding."""

import base64
import json
import re
from collections.abc import Iterable, Iterator
from contextlib import closing, suppress
from dataclasses import dataclass, field
from typing import Any

import psycopg
import redis
from psycopg import sql

from tests.support.sealing import b64url

PIECE = re.compile(r"[A-Za-z0-9_\-+/=]{16,}|\b[0-9]{6}\b")


@dataclass
class Loot:
    """Holds everything that was copied, as text and as bytes, and the conversations that it names."""

    texts: set[str] = field(default_factory=set)
    blobs: set[bytes] = field(default_factory=set)
    conversations: set[str] = field(default_factory=set)

    def add(self, value: Any) -> None:
        """Adds a value of any type, in all its encodings."""
        match value:
            case dict():
                for pair in value.items():
                    self.add(pair)
            case list() | tuple() | set():
                for one in value:
                    self.add(one)
            case memoryview() | bytes():
                self._add_bytes(bytes(value))
            case str():
                self._add_text(value)
            case None | bool() | float():
                pass
            case _:
                self._add_text(str(value))

    def sized(self, size: int) -> list[bytes]:
        return [one for one in self.blobs if len(one) == size]

    def _add_bytes(self, data: bytes) -> None:
        if data in self.blobs:
            return
        self.blobs.add(data)
        self.texts |= {b64url(data), data.hex()}
        with suppress(UnicodeDecodeError):
            self._add_text(data.decode())

    def _add_text(self, text: str) -> None:
        if not text or text in self.texts:
            return
        self.texts.add(text)
        self.blobs.add(text.encode())
        with suppress(ValueError):
            self.add(json.loads(text))
        for piece in {text, *PIECE.findall(text)}:
            self.texts.add(piece)
            for data in _decoded(piece):
                self._add_bytes(data)


def _decoded(text: str) -> Iterator[bytes]:
    if len(text) < 16:
        return
    with suppress(ValueError):
        yield bytes.fromhex(text)
    with suppress(ValueError):
        yield base64.b32decode(text + "=" * (-len(text) % 8))
    for altchars in (b"-_", b"+/"):
        with suppress(ValueError):
            yield base64.b64decode(text + "=" * (-len(text) % 4), altchars, validate=True)


def copied(database_url: str, redis_url: str) -> Loot:
    """Copies every row of every table, and every key of Redis with its content."""
    loot = Loot()
    with psycopg.connect(database_url) as opened:
        tables = opened.execute("SELECT tablename FROM pg_tables WHERE schemaname = 'public'").fetchall()
        for (table,) in tables:
            for row in opened.execute(sql.SQL("SELECT * FROM {}").format(sql.Identifier(table))):
                loot.add(row)
        loot.conversations = {row[0] for row in opened.execute("SELECT id FROM chat_conversation")}
    with closing(redis.Redis.from_url(redis_url)) as store:
        for key in store.scan_iter():
            loot.add(key)
            loot.add(_all_of(store, key))
    return loot


def _all_of(store: Any, key: bytes) -> Any:
    match store.type(key).decode():
        case "string":
            return store.get(key)
        case "hash":
            return store.hgetall(key)
        case "list":
            return store.lrange(key, 0, -1)
        case "set":
            return store.smembers(key)
        case "zset":
            return store.zrange(key, 0, -1)
        case kind:
            return store.xrange(key) if kind == "stream" else []


def loot_of(values: Iterable[Any]) -> Loot:
    loot = Loot()
    for value in values:
        loot.add(value)
    return loot
