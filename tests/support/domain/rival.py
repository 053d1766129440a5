"""Lets somebody else be faster: between the read and the write of an action the row changes. On PostgreSQL
somebody can also act at the same moment, on another connection."""

import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

from django.db import connection

from helpline.lib.errors import Refusal

WAITING = "SELECT count(DISTINCT pid) FROM pg_locks WHERE NOT granted"


@contextmanager
def faster(statement: str, action: Callable[[], object]) -> Iterator[None]:
    """Runs `action` right before the first SQL that begins with this, such as `UPDATE "chat_member"`. Fails
    if there is none."""
    waiting = [action]

    def execute(run: Callable[..., Any], sql: str, *rest: Any) -> Any:
        if waiting and sql.startswith(statement):
            waiting.pop()()
        return run(sql, *rest)

    with connection.execute_wrapper(execute):
        yield
    assert not waiting, f"nothing began with {statement}"


def beside[R](work: Callable[[], R]) -> Callable[[], R | Refusal]:
    """Runs on a connection of its own. Returns the result, or the refusal."""
    answers: list[R | Refusal] = []

    def run() -> None:
        try:
            answers.append(work())
        except Refusal as refusal:
            answers.append(refusal)
        finally:
            connection.close()

    thread = threading.Thread(target=run)
    thread.start()

    def result() -> R | Refusal:
        thread.join(10)
        return answers[0]  # none: it waits

    return result


def until_somebody_waits(many: int) -> None:
    with connection.cursor() as cursor:
        for _ in range(500):
            cursor.execute(WAITING)
            if cursor.fetchone() == (many,):
                return
            time.sleep(0.01)
    raise AssertionError("nobody waits")
