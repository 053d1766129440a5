"""Defines the application that `daphne benchmarks.baselines.insert.asgi:application` runs."""

import asyncio
import os
from functools import cache

import psycopg

from benchmarks.baselines.echo.asgi import Message, Receive, Send, passes_on

TABLE = """CREATE TABLE IF NOT EXISTS message
(id bigserial PRIMARY KEY, room text, text text, at timestamptz DEFAULT now())"""
INSERT = "INSERT INTO message (room, text) VALUES (%s, %s)"


@cache
def connecting() -> "asyncio.Task[psycopg.AsyncConnection]":
    """Connects on the first message, because Daphne has no hook for the start."""
    return asyncio.ensure_future(_connected())


async def _connected() -> psycopg.AsyncConnection:
    connection = await psycopg.AsyncConnection.connect(os.environ["DATABASE_URL"], autocommit=True)
    await connection.execute(TABLE)
    return connection


async def store(room: str, text: str) -> None:
    await (await connecting()).execute(INSERT, (room, text))


async def application(scope: Message, receive: Receive, send: Send) -> None:
    await passes_on(scope, receive, send, store)
