"""Anna writes a letter, and Carla answers it, over sockets and sealed."""

import secrets
from collections.abc import Callable, Iterator

import pytest

from tests.support.caller import CallerClient
from tests.support.cast import anna, carla, daan, floor
from tests.support.frames import Frame, Refused
from tests.support.platform import Platform
from tests.support.servers import Postgres, Redis

LETTERS = "ABCDEFGHJKMNPQRSTVWX"


@pytest.fixture(scope="module")
def laptop() -> Iterator[Platform]:
    with Platform(DEMO_LETTERS="1", GRANT_SECONDS=4) as running:
        yield running


@pytest.fixture(scope="module")
def stack(postgres: Postgres, redis: Redis) -> Iterator[Platform]:
    """Provides two processes. Each client connects to the other one than the client before."""
    url = postgres.fresh_database()
    with Platform(
        database_url=url, redis_url=redis.url, processes=2, DEMO_LETTERS="1", GRANT_SECONDS=4
    ) as running:
        yield running


async def a_sent_letter(platform: Platform, text: str, urgency: int = 0) -> tuple[CallerClient, str]:
    """Returns the caller, and the code on their paper."""
    caller = await anna(platform)
    ok = await caller.start(letter=True, urgency=urgency)
    assert (ok["written"], ok["epoch"]) == ("draft", 0)
    assert set(ok["letters"]) == {"member", "key", "cert", "due"}
    assert set(ok["letters"]["cert"]) == {"scope", "not_before", "not_after", "sigs"}
    await caller.post(text)
    code = "".join(secrets.choice(LETTERS) for _ in range(20))
    await caller.keep_code(code)
    await caller.until(lambda frame: frame.get("kind") == "sent", within=10)
    return caller, code


async def test_whoever_works_next_answers_and_the_code_shows_it_on_another_phone(platform: Platform) -> None:
    caller, code = await a_sent_letter(platform, "Ik durf niet te bellen.")
    counsellor = await carla(platform)
    shelf = next(one for one in counsellor.greeting["letters"] if one["line"] == "helpwanted")
    assert shelf["new"] >= 1
    talk = await counsellor.take_letter()
    if talk.conversation != caller.conversation:
        pytest.fail("an earlier test left a letter behind")
    await counsellor.becomes(lambda: any(one.text for one in talk.readings()), 10)
    (read,) = [one for one in talk.readings() if one.text]
    assert read.text == "Ik durf niet te bellen."
    await counsellor.answer_letter(talk.conversation, "Goed dat je schrijft.", read.seq)
    gone = await counsellor.until(lambda frame: frame["type"] == "gone", within=10)
    assert gone["conversation"] == talk.conversation
    with pytest.raises(Refused) as refused:
        await counsellor.sync(talk.conversation)
    assert refused.value.code == "not_found"

    phone = await anna(platform)
    back = await phone.return_with(code)
    assert (back["written"], back["due"], back["queued"]) == ("answered", None, False)
    answered = await phone.until(lambda frame: frame.get("kind") == "answered", within=10)
    assert (answered["answers"], answered["by"]) == (read.seq, None)
    assert [one.text for one in phone.talk.readings() if one.text][-1] == "Goed dat je schrijft."
    await caller.becomes(lambda: caller.close_code == 4409, 10)
    await phone.post("Dank je wel.")
    await phone.until(lambda frame: frame.get("kind") == "sent" and frame["seq"] > answered["seq"], within=10)
    await phone.erase()


async def test_a_letter_turns_into_a_chat_and_its_counsellor_reads_all_of_it(platform: Platform) -> None:
    caller, _ = await a_sent_letter(platform, "Eerst geschreven.")
    await caller.talk_now()
    await caller.until(lambda frame: frame["type"] == "queue" and frame["queued"], within=10)
    counsellor = await daan(platform)
    talk = await counsellor.take()
    assert talk.conversation == caller.conversation
    await caller.until(lambda frame: frame.get("kind") == "left", within=10)
    await caller.post("En nu gepraat.")
    await counsellor.becomes(lambda: "En nu gepraat." in [one.text for one in talk.readings()], within=10)
    await counsellor.close(talk.conversation)


async def test_the_shelf_is_told_to_the_line_s_staff_as_it_changes(platform: Platform) -> None:
    counsellor = await carla(platform)

    def tells(new: int, acute: int) -> Callable[[Frame], bool]:
        def is_it(frame: Frame) -> bool:
            return frame["type"] == "letters" and (frame["new"], frame["acute"]) == (new, acute)

        return is_it

    before = next(one for one in counsellor.greeting["letters"] if one["line"] == "helpwanted")
    caller, _ = await a_sent_letter(platform, "Het is dringend.", urgency=2)
    await counsellor.until(tells(before["new"] + 1, before["acute"] + 1), within=10)
    talk = await counsellor.take_letter()
    await counsellor.until(tells(before["new"], before["acute"]), within=10)
    await counsellor.give_back(talk.conversation)
    await counsellor.until(lambda frame: frame["type"] == "gone", within=10)
    await caller.erase()


async def test_a_supervisor_says_that_they_know_of_letters_that_ended_unanswered(platform: Platform) -> None:
    supervisor = await floor(platform)
    await supervisor.request("ackletters", line="helpwanted")
    with pytest.raises(Refused) as refused:
        await supervisor.request("ackletters", line="stopitnow")
    assert refused.value.code == "not_found"
