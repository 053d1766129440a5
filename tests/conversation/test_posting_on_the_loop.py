"""The loop's own connection: it stores what fits, breaks as a thread's does, and comes back."""

import asyncio
from collections.abc import Iterator

import pytest
from django.db import connection
from psycopg import _queries

from chat.conversation import posting_sql
from chat.conversation.drafts import Posted
from chat.models import Entry
from chat.requests.conversation import posting as request
from helpline.lib import encoding
from helpline.lib.bridge import loop
from helpline.lib.errors import StaleEpoch, TryAgain
from tests.conversation.test_posting_together import draft
from tests.support.domain.cast import a_caller, a_line

pytestmark = [
    pytest.mark.django_db(transaction=True),
    pytest.mark.skipif(connection.vendor != "postgresql", reason="SQLite is asked on a thread"),
]


@pytest.fixture(autouse=True)
def _its_own_connection() -> Iterator[None]:
    """A test's loop ends with it."""
    yield
    loop._connection = None


def end_it() -> None:
    assert loop._connection is not None
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_terminate_backend(%s)", [loop._connection.info.backend_pid])
    connection.close()


async def stored(*drafts: object) -> list[object]:
    result = await asyncio.gather(*map(request.store, drafts), return_exceptions=True)  # type: ignore[arg-type]
    return list(result)


def test_many_at_once_are_stored_or_refused_by_name_and_the_same_bytes_get_the_same_answer() -> None:
    a_line()
    anna, bilal = a_caller(), a_caller()
    first = draft(anna.seat)

    async def play() -> list[object]:
        try:
            together = [first, draft(anna.seat, epoch=7), draft(bilal.seat)]
            return [*await request._all(together), *await request._all([first])]
        finally:
            await loop._hang_up()

    answers = asyncio.run(play())
    assert [type(answer) for answer in answers] == [Posted, StaleEpoch, Posted, Posted]
    assert answers[3] == answers[0]
    assert Entry.objects.filter(kind="message").count() == 2


def test_the_statement_is_short_enough_that_psycopg_parses_it_once() -> None:
    assert len(posting_sql.statement(wait=False)) <= _queries.MAX_CACHED_STATEMENT_LENGTH


def test_a_connection_that_broke_refuses_once_and_is_made_anew() -> None:
    a_line()
    anna = a_caller()
    message = encoding.new_id()
    again = draft(anna.seat, message=message)

    async def play() -> list[object]:
        try:
            answers = await stored(draft(anna.seat))
            await asyncio.to_thread(end_it)
            for _ in range(2):
                answers += await stored(again)
            return answers
        finally:
            await loop._hang_up()

    first, broken, whole = asyncio.run(play())
    assert isinstance(first, Posted)
    assert isinstance(broken, TryAgain)
    assert isinstance(whole, Posted)


def test_a_statement_that_hangs_is_given_up(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(loop, "STATEMENT", " -c statement_timeout=200")

    async def play() -> None:
        try:
            with pytest.raises(TryAgain):
                await loop.on_loop("SELECT pg_sleep(30)", {})
            assert await loop.on_loop("SELECT 1", {}) == [(1,)]
        finally:
            await loop._hang_up()

    asyncio.run(asyncio.wait_for(play(), 10))
