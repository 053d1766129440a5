"""Of two simultaneous actions the log has one order, and both answers agree with it."""

import asyncio
from typing import Any

import psycopg
import pytest

from tests.faults.pairs import Console, Phone, console, phone
from tests.faults.scale import TIMES
from tests.support.people import Posted, Refused
from tests.support.platform import Platform
from tests.support.servers import Postgres
from tests.support.transcript import Transcript

pytestmark = [pytest.mark.stack, pytest.mark.timeout(240)]
ROUNDS = 3 * TIMES


async def test_of_two_grants_of_one_epoch_one_counts(steady: Platform) -> None:
    counsellor = await console(steady, at=1)
    for _ in range(ROUNDS):
        guest = await phone(steady)
        guest.lets_in = False
        await counsellor.open((await counsellor.next())["conversation"])
        await guest.becomes(lambda guest=guest: guest.talk.of("joined"))  # type: ignore[misc]
        flights = [guest.grants.draw() for _ in range(2)]
        answers = await asyncio.gather(
            *(guest.request("grant", **guest.grants.fields(flight)) for flight in flights),
            return_exceptions=True,
        )
        won = [index for index, answer in enumerate(answers) if isinstance(answer, dict)]
        assert len(won) == 1
        assert code_of(answers[1 - won[0]]) == "conflict"
        guest.grants.count(flights[won[0]])
        await guest.post("met het geheim dat telt")
        talk = counsellor.talks[guest.conversation]
        await counsellor.becomes(lambda talk=talk: talk.texts() == ["met het geheim dat telt"])  # type: ignore[misc]
        assert len(talk.of("granted")) == 1
        await counsellor.close(guest.conversation)


async def test_of_two_tabs_that_grant_at_once_the_newer_counts_and_the_counsellor_reads_it(
    steady: Platform,
) -> None:
    counsellor = await console(steady, at=1)
    for _ in range(ROUNDS):
        older = await phone(steady, at=0)
        older.stays = older.lets_in = False
        talk = await opened(counsellor)
        await older.becomes(lambda older=older: older.talk.of("joined"))  # type: ignore[misc]
        newer = older.another_tab()
        steady.guests.append(newer)
        flight = older.grants.draw()
        first, second = await asyncio.gather(
            older.request("grant", **older.grants.fields(flight)), newer.reopen(), return_exceptions=True
        )
        assert second is None
        assert isinstance(first, dict) or older.closings == [4409] or code_of(first) == "conflict"
        await counsellor.becomes(lambda: counsellor.may_post(talk))  # noqa: B023
        await newer.post("vanuit het nieuwe tabblad")
        await counsellor.becomes(lambda: talk.texts() == ["vanuit het nieuwe tabblad"])  # noqa: B023
        epochs = [entry["epoch"] for entry in talk.of("granted")]
        assert epochs == list(range(1, len(epochs) + 1))
        await counsellor.close(talk.conversation)


async def test_what_is_posted_while_the_counsellor_closes_stands_before_the_end_or_nowhere(
    steady: Platform,
) -> None:
    counsellor = await console(steady, at=1)
    for _ in range(ROUNDS):
        guest = await phone(steady)
        talk = await counsellor.take()
        *posts, closed = await asyncio.gather(
            *(guest.post(f"nog iets {number}") for number in range(4)),
            counsellor.close(talk.conversation),
            return_exceptions=True,
        )
        assert isinstance(closed, dict)
        await ends_in_one_order(guest, talk, counsellor, posts)


async def test_what_is_posted_while_the_caller_leaves_stands_before_the_end_or_nowhere(
    steady: Platform,
) -> None:
    counsellor = await console(steady, at=1)
    for _ in range(ROUNDS):
        guest = await phone(steady)
        talk = await counsellor.take()
        *posts, left = await asyncio.gather(
            *(counsellor.post(talk.conversation, f"wacht even {number}") for number in range(4)),
            guest.leave(),
            return_exceptions=True,
        )
        assert isinstance(left, dict)
        await ends_in_one_order(guest, talk, counsellor, posts)


async def test_a_caller_who_leaves_while_being_taken_is_taken_before_the_end_or_not_at_all(
    steady: Platform,
) -> None:
    counsellor = await console(steady, at=1, slots=1)
    taken = 0
    for _ in range(ROUNDS):
        guest = await phone(steady)
        left, answer = await asyncio.gather(guest.leave(), counsellor.next(), return_exceptions=True)
        assert isinstance(left, dict)
        if isinstance(answer, dict):
            taken += 1
            assert answer["conversation"] == guest.conversation
        else:
            assert code_of(answer) == "not_found"
        await guest.becomes(lambda guest=guest: guest.talk.ended)  # type: ignore[misc]
        kinds = kinds_of(guest.talk)
        assert kinds in (["opened", "ended"], ["opened", "joined", "ended"])
        assert ("joined" in kinds) == isinstance(answer, dict)
    follower = await phone(steady)
    assert (await counsellor.take()).conversation == follower.conversation, "the slot is free in any case"


async def test_an_erase_against_a_post_a_grant_a_close_and_who_comes_next_leaves_nothing(
    steady: Platform, breakable_postgres: Postgres
) -> None:
    """Whatever happens at the same moment is answered, and nothing of the conversation is left."""
    counsellor = await console(steady, at=1)
    for number in range(4 * ROUNDS):
        guest = await phone(steady)
        talk = await counsellor.take()
        guest.stays = False
        rivals = (
            lambda: counsellor.post(talk.conversation, "te laat?"),  # noqa: B023
            lambda: counsellor.close(talk.conversation),  # noqa: B023
            lambda: counsellor.leave(talk.conversation),  # noqa: B023
            lambda: counsellor.sync(talk.conversation),  # noqa: B023
        )
        erased, rival = await asyncio.gather(
            guest.erase(), rivals[number % len(rivals)](), return_exceptions=True
        )
        assert isinstance(erased, dict) or guest.closings == [4410], erased
        if not isinstance(rival, dict | Posted):
            assert code_of(rival) in {"not_found", "ended", "conflict"}
        await counsellor.becomes(lambda: talk.gone or talk.ended)  # noqa: B023
        rows = "SELECT count(*) FROM {} WHERE {} = %s"
        with psycopg.connect(steady.stores["DATABASE_URL"]) as connection:
            for table, column in (("chat_conversation", "id"), ("chat_entry", "conversation_id")):
                question = rows.format(table, column).encode()
                assert connection.execute(question, (guest.conversation,)).fetchone() == (0,), table
    follower = await phone(steady)
    assert (await counsellor.take()).conversation == follower.conversation, "no slot is lost"


async def ends_in_one_order(guest: Phone, talk: Transcript, counsellor: Console, posts: list[Any]) -> None:
    for client, log in ((guest, guest.talk), (counsellor, talk)):
        await client.becomes(lambda log=log: log.ended)  # type: ignore[misc]
    accepted = [answer.seq for answer in posts if isinstance(answer, Posted)]
    refused = {code_of(answer) for answer in posts if not isinstance(answer, Posted)}
    assert refused <= {"ended"}
    assert [seq for seq, _ in talk.seen] == sorted(accepted)
    assert kinds_of(guest.talk) == kinds_of(talk)
    assert list(talk.entries) == list(range(1, talk.newest + 1))
    assert talk.entries[talk.newest]["kind"] == "ended"


async def opened(counsellor: Console) -> Transcript:
    """Sends `next` and `open`, without waiting for the grant."""
    conversation = (await counsellor.next())["conversation"]
    await counsellor.open(conversation)
    return counsellor.talks[conversation]


def kinds_of(talk: Transcript) -> list[str]:
    return [entry["kind"] for entry in talk.entries.values()]


def code_of(answer: object) -> str:
    assert isinstance(answer, Refused), answer
    return answer.code
