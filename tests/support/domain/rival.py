"""Somebody who is faster: between the read and the write of a deed the row changes."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

from django.db import connection


@contextmanager
def faster(statement: str, deed: Callable[[], object]) -> Iterator[None]:
    """`deed` comes right before the first SQL that begins so, as in `UPDATE "chat_member"`; it must come."""
    waiting = [deed]

    def execute(run: Callable[..., Any], sql: str, *rest: Any) -> Any:
        if waiting and sql.startswith(statement):
            waiting.pop()()
        return run(sql, *rest)

    with connection.execute_wrapper(execute):
        yield
    assert not waiting, f"nothing began with {statement}"
