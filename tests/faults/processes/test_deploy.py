"""A web process gets SIGTERM, as in a rolling restart."""

import asyncio
import http.client
import json
import os
import signal
from contextlib import closing
from urllib.parse import urlsplit

import psutil
import pytest

from tests.faults.pairs import Pair, all_are_back, pair, pairs
from tests.faults.slow_commits import SlowCommits
from tests.support.frames import is_frame
from tests.support.platform import Platform
from tests.support.servers import Postgres

pytestmark = pytest.mark.stack
ENDS = 8.0


async def test_everybody_is_told_closed_with_1012_and_back_with_nothing_lost(steady: Platform) -> None:
    some = await pairs(steady, 6)
    stop = asyncio.Event()
    chats = asyncio.gather(*(one.chat(stop) for one in some))
    for index in range(2):
        pid = steady.pids[index]
        process = psutil.Process(pid)
        os.kill(pid, signal.SIGTERM)
        await asyncio.to_thread(process.wait, ENDS)
        await asyncio.to_thread(steady.wait_replaced, index, pid)
        await all_are_back(some, 10)
    stop.set()
    await chats
    for one in some:
        await one.settle()
        one.compare()
        one.assert_undisturbed()
        for client in (one.caller, one.counsellor):
            assert set(client.closings) == {1012}
            told = list(filter(is_frame("notice", code="restarting"), client.pushed))
            assert len(told) == len(client.closings)


async def test_a_message_whose_commit_is_under_way_gets_its_ok_before_the_socket_closes(
    steady: Platform, breakable_postgres: Postgres
) -> None:
    one = await pair(steady, caller_at=0, console_at=1)
    with SlowCommits(breakable_postgres, steady, one.conversation) as slow:
        posting = asyncio.create_task(one.caller_says("net voor de deploy"))
        await slow.one_is_under_way()
        pid = steady.pids[0]
        os.kill(pid, signal.SIGTERM)
        await posting
        assert one.caller.connections == 1, "the ok came on the socket that asked"
        await one.caller.becomes(lambda: one.caller.close_code == 1012)
    await asyncio.to_thread(steady.wait_replaced, 0, pid)
    await one.settle()
    one.compare()
    one.assert_undisturbed()


def exits(one: Pair, url: str) -> int:
    """Sends what the caller's page sends while it closes. Returns the status."""
    body = json.dumps({"conversation": one.conversation, "token": one.caller.token})
    place = urlsplit(url)
    with closing(http.client.HTTPConnection(place.hostname or "", place.port, timeout=10)) as connection:
        connection.request("POST", "/api/exit/", body, {"Content-Type": "application/json", "Origin": url})
        return connection.getresponse().status


async def test_a_quick_exit_that_is_under_way_is_made_before_the_process_ends(
    steady: Platform, breakable_postgres: Postgres
) -> None:
    one = await pair(steady, caller_at=0, console_at=1)
    with SlowCommits(breakable_postgres, steady, one.conversation) as slow:
        exiting = asyncio.create_task(asyncio.to_thread(exits, one, steady.urls[0]))
        await slow.one_is_under_way()
        pid = steady.pids[0]
        os.kill(pid, signal.SIGTERM)
        assert await exiting == 204
    await asyncio.to_thread(steady.wait_replaced, 0, pid)
