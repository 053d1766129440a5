"""A device is proven by its key, not its name. Each title is an attack, or what an honest browser does."""

import asyncio
import secrets
from typing import Any

import pytest

from tests.support.cast import anna, carla, counsellors, daan, floor, signed_in, staff
from tests.support.counsellor import CounsellorClient
from tests.support.frames import Frame, Refused
from tests.support.platform import Platform
from tests.support.sealing import DeviceKey, b64url, open_challenge, unb64url
from tests.support.wire import WireClient

LISTS = ("queue", "colleagues", "services", "conversations", "invitations")


async def console(platform: Platform, who: str = "helpwanted-counsellor-1") -> CounsellorClient:
    """Returns a connected browser of somebody who gave both factors."""
    person = next(one for one in platform.people() if one.username == who)
    client = CounsellorClient(*platform.urls, cookie=await signed_in(platform, person))
    platform.guests.append(client)
    await client.connect()
    return client


async def says_hello(client: WireClient, device: str | None) -> Frame:
    return await client.request("hello", device=device)


async def refusal(client: WireClient, name: str, **fields: Any) -> str:
    with pytest.raises(Refused) as refused:
        await client.request(name, **fields)
    return refused.value.code


async def test_password_code_and_a_listed_device_id_on_a_strange_machine_open_nothing(
    platform: Platform,
) -> None:
    """The thief has everything but the key. The id that a supervisor is shown is not the device's id
    either."""
    honest, supervisor = await carla(platform), await floor(platform)
    rows = (await supervisor.request("devices"))["devices"]
    shown = {row["id"] for row in rows}
    assert honest.device not in shown
    thief = await console(platform)
    for device in (*shown, "none"):
        ok = await says_hello(await console(platform), device)
        assert (ok["device"], ok["prove"]) == (None, None)
    ok = await says_hello(thief, honest.device)
    assert ok["device"] == {"id": honest.device, "state": "unproven"}
    assert [ok[name] for name in LISTS] == [[]] * len(LISTS)
    asked: dict[str, dict[str, Any]] = {
        "next": {"line": None},
        "duty": {"state": "on", "slots": 4},
        "devices": {},
        "open": {"conversation": "A" * 22, "since": 0},
        "takeover": {"conversation": "A" * 22},
    }
    for name, fields in asked.items():
        assert await refusal(thief, name, **fields) == "conflict"
    assert await refusal(thief, "prove", secret=b64url(secrets.token_bytes(32))) == "forbidden"
    await thief.request("duty", state="off", slots=0)
    await thief.request("beat")


async def test_a_counsellor_s_public_key_which_every_caller_is_sent_makes_no_device(
    platform: Platform,
) -> None:
    honest = await carla(platform)
    thief = await console(platform)
    await says_hello(thief, None)
    ok = await thief.request("enrol", key=b64url(honest.key.public), label="dief")
    assert ok["device"]["state"] == "unproven"
    assert await refusal(thief, "next", line=None) == "conflict"
    assert await refusal(thief, "prove", secret=ok["prove"][:43]) in {"forbidden", "bad_frame"}


async def test_nobody_learns_whether_another_person_s_key_is_known(platform: Platform) -> None:
    honest, rival = await carla(platform), await daan(platform)
    fresh = DeviceKey.fresh()
    answers = [await rival.request("enrol", key=b64url(key.public), label="x") for key in (honest.key, fresh)]
    assert {len(ok["prove"]) for ok in answers} == {151}
    assert {ok["device"]["state"] for ok in answers} == {"unproven"}
    assert answers[0]["device"]["id"] != honest.device
    thief = await console(platform, "helpwanted-counsellor-2")
    await says_hello(thief, None)
    thief.key = honest.key
    with pytest.raises(Refused) as refused:
        await thief.enrol()
    assert refused.value.code == "conflict", "only who holds it learns that it is somebody else's"


async def test_a_wrong_secret_ends_it_for_that_socket_and_the_next_one_begins_anew(
    platform: Platform,
) -> None:
    honest = await carla(platform)
    again = await console(platform)
    again.key = honest.key
    ok = await says_hello(again, honest.device)
    assert await refusal(again, "prove", secret=b64url(bytes(32))) == "forbidden"
    secret = open_challenge(again.key, honest.device or "", unb64url(ok["prove"]))
    assert await refusal(again, "prove", secret=b64url(secret)) == "forbidden"
    assert await refusal(again, "enrol", key=b64url(again.key.public), label="x") == "forbidden"
    again.device = honest.device
    await again.reopen()
    assert again.greeting["device"]["state"] == "approved"


async def test_only_the_newest_box_counts(laptop: Platform) -> None:
    client = await console(laptop)
    await says_hello(client, None)
    first = await client.request("enrol", key=b64url(client.key.public), label="x")
    await client.request("enrol", key=b64url(client.key.public), label="x")
    secret = open_challenge(client.key, first["device"]["id"], unb64url(first["prove"]))
    assert await refusal(client, "prove", secret=b64url(secret)) == "forbidden"


@pytest.mark.long
async def test_a_secret_that_comes_late_is_refused() -> None:
    with Platform(OPENING_SECONDS=4) as brisk:
        client = await console(brisk)
        ok = await says_hello(client, None)
        ok = await client.request("enrol", key=b64url(client.key.public), label="x")
        await asyncio.sleep(4.2)
        secret = open_challenge(client.key, ok["device"]["id"], unb64url(ok["prove"]))
        assert await refusal(client, "prove", secret=b64url(secret)) == "forbidden"
        await client.disconnect()


async def test_nothing_is_stored_before_the_proof(laptop: Platform) -> None:
    client, supervisor = await console(laptop), await floor(laptop)
    before = (await supervisor.request("devices"))["devices"]
    await says_hello(client, None)
    ok = await client.request("enrol", key=b64url(client.key.public), label="x")
    assert (await supervisor.request("devices"))["devices"] == before
    await client.prove(ok)
    assert len((await supervisor.request("devices"))["devices"]) == len(before) + 1


async def test_a_proven_device_is_told_all_that_a_console_shows_and_keeps_its_id(platform: Platform) -> None:
    honest = await carla(platform)
    device = honest.device
    assert honest.greeting["device"] == {"id": device, "state": "approved"}
    assert honest.greeting["services"]
    assert honest.greeting["colleagues"]
    await honest.disconnect()
    await honest.reopen()
    assert honest.greeting["device"] == {"id": device, "state": "approved"}
    caller = await anna(platform)
    await caller.start()
    talk = await honest.take()
    await honest.close(talk.conversation)


@pytest.mark.long
async def test_a_pending_device_is_told_and_may_do_no_more_until_a_new_socket() -> None:
    with Platform(DEVICE_APPROVAL="supervisor") as strict:
        who = strict.people("supervisor", line="helpwanted")[0]
        supervisor = await staff(strict, who, name="Floor", duty="")
        approve_by_command(strict)
        await supervisor.reopen()
        waiting = await staff(strict, counsellors(strict, "helpwanted")[0], name="Carla", duty="")
        assert waiting.greeting["device"]["state"] == "pending"
        assert await refusal(waiting, "next", line=None) == "conflict"
        await waiting.request("beat")
        row = next(
            one for one in (await supervisor.request("devices"))["devices"] if one["state"] == "pending"
        )
        assert row["id"] != waiting.device
        await supervisor.request("approve", device=row["id"])
        told = await waiting.until(lambda frame: frame["type"] == "device" and frame["state"] == "approved")
        assert (told["id"], told["state"]) == (waiting.device, "approved")
        assert await refusal(waiting, "next", line=None) == "conflict", "a new socket proves anew"
        await waiting.reopen()
        assert await refusal(waiting, "next", line=None) == "conflict", "off duty"
        await waiting.duty("on")
        assert await refusal(waiting, "next", line=None) == "not_found"
        for client in (waiting, supervisor):
            await client.disconnect()


def approve_by_command(platform: Platform) -> None:
    listed = platform.manage("approvedevice").stdout.split()
    done = platform.manage("approvedevice", listed[0])
    assert done.stdout == "approved\n", done.stderr


async def test_an_unproven_socket_keeps_nobody_on_duty_and_no_seat_here(platform: Platform) -> None:
    caller = await anna(platform)
    await caller.start()
    honest = await carla(platform)
    talk = await honest.take()
    await honest.disconnect()
    lurker = await console(platform)
    await says_hello(lurker, honest.device)
    await caller.until(
        lambda frame: frame["type"] == "presence" and frame["member"] == talk.me and not frame["here"]
    )
    await honest.reopen()
    await honest.close(talk.conversation)
