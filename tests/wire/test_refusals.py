"""A socket is refused what it may not do, and nobody else notices."""

import asyncio
import json
import time
from typing import Any

import pytest

from tests.support.caller import CallerClient
from tests.support.cast import anna, carla, daan, esra, floor, gijs, signed_in
from tests.support.counsellor import CounsellorClient
from tests.support.frames import HandshakeRefused, Refused
from tests.support.platform import Platform
from tests.support.sealing import b64url
from tests.support.seats import Posted


def other_origins(url: str) -> list[str | None]:
    host, port = url.removeprefix("http://").split(":")
    return [
        None,
        "null",
        "http://evil.example",
        f"https://{host}:{port}",
        f"http://{host}:{int(port) + 100}",
        f"http://{host}",
        f"http://{host}.evil.example:{port}",
        f"http://sub.{host}:{port}",
    ]


async def test_a_foreign_missing_or_null_origin_is_refused(platform: Platform) -> None:
    for origin in other_origins(platform.urls[0]):
        with pytest.raises(HandshakeRefused) as refused:
            await CallerClient(platform.urls[0], origin=origin).connect()
        assert refused.value.status == 403, origin


async def test_another_subprotocol_or_path_is_refused(platform: Platform) -> None:
    for subprotocols in ((), ("helpline.v2",), ("chat",)):
        with pytest.raises(HandshakeRefused) as refused:
            await CallerClient(*platform.urls, subprotocols=subprotocols).connect()
        assert refused.value.status == 403
    client = CallerClient(*platform.urls)
    client.path = "/ws/elsewhere/"
    with pytest.raises(HandshakeRefused):
        await client.connect()


async def test_a_console_without_a_session_is_refused(platform: Platform) -> None:
    for cookie in ("", "sessionid=guessed", "sessionid="):
        with pytest.raises(HandshakeRefused) as refused:
            await CounsellorClient(*platform.urls, cookie=cookie).connect()
        assert refused.value.status == 403


async def test_an_administrator_has_no_socket(platform: Platform) -> None:
    ilse = await signed_in(platform, platform.people("administrator")[0])
    with pytest.raises(HandshakeRefused) as refused:
        await CounsellorClient(*platform.urls, cookie=ilse).connect()
    assert refused.value.status == 403


@pytest.mark.long
async def test_a_socket_that_says_nothing_is_closed_after_ten_seconds(platform: Platform) -> None:
    async with await CallerClient(*platform.urls).connect() as client:
        assert await client.closed(within=12) == 4408


@pytest.mark.parametrize(
    "frame",
    [
        b"binary",
        "",
        "no json",
        "null",
        "[]",
        '{"type":"start"}',
        '{"ref":"1"}',
        '{"type":"unknown","ref":"1"}',
        '{"type":"start","ref":"1","line":"helpwanted","locale":"nl","urgency":0,"extra":1}',
        '{"type":"start","ref":"1","line":"helpwanted","locale":"nl","urgency":3}',
        '{"type":"start","ref":"1","line":"helpwanted","locale":"xx","urgency":0}',
        '{"type":"start","ref":"1","line":7,"locale":"nl","urgency":0}',
        '{"type":"start","ref":"' + "r" * 37 + '","line":"helpwanted","locale":"nl","urgency":0}',
        '{"type":"hello","ref":"1","device":null}',
        '{"type":"resume","ref":"1","conversation":"x","token":"y","since":0}',
        '{"type":"resume","ref":"1","conversation":"AAAAAAAAAAAAAAAAAAAAAB","token":"y","since":0}',
        "[" * 16_000,
        '{"a":' * 2_500 + "1" + "}" * 2_500,
        "{" + ",".join(f'"{n}":1' for n in range(1_500)) + "}",
        '{"type":"post","ref":"1","id":"AAAAAAAAAAAAAAAAAAAAAA","epoch":0,"box":""}',
    ],
)  # fmt: skip
async def test_a_frame_that_does_not_fit_is_a_bad_frame_and_the_socket_stays(
    laptop: Platform, frame: str | bytes
) -> None:
    async with await CallerClient(*laptop.urls).connect() as client:
        await client.raw(frame)
        error = await client.until(lambda frame: frame["type"] == "error")
        assert error["code"] == "bad_frame"
        await client.start()
        await client.leave()


async def test_the_ref_of_a_bad_frame_comes_back_where_it_can_be_read(laptop: Platform) -> None:
    async with await CallerClient(*laptop.urls).connect() as client:
        await client.raw('{"type":"nonsense","ref":"mine","more":1}')
        assert (await client.until(lambda frame: frame["type"] == "error"))["ref"] == "mine"
        await client.raw("nonsense")
        assert (await client.until(lambda frame: frame["type"] == "error"))["ref"] is None


async def test_ten_bad_frames_in_a_row_close_the_socket(laptop: Platform) -> None:
    async with await CallerClient(*laptop.urls).connect() as client:
        for _ in range(9):
            await client.raw("nonsense")
        await client.start()
        for _ in range(10):
            await client.raw("nonsense")
        assert await client.closed() == 4400


async def test_a_frame_of_more_than_16_kib_closes_the_socket(laptop: Platform) -> None:
    async with await CallerClient(*laptop.urls).connect() as client:
        await client.raw('{"type":"start","ref":"' + "x" * 16_384 + '"}')
        assert await client.closed() == 1009
    async with await CallerClient(*laptop.urls).connect() as client:
        await client.raw("x" * 1_000_000)
        assert await client.closed() in {1009, 1006}


async def test_what_is_no_websocket_frame_drops_the_connection_and_nobody_else(laptop: Platform) -> None:
    caller = await anna(laptop)
    await caller.start()
    for nonsense in (
        b"\x81\xff" + (2**39).to_bytes(8) + b"mask",  # a header that claims 512 GiB
        b"\x81\x82mask" + bytes(a ^ b for a, b in zip(b"\xff\xfe", b"ma", strict=True)),  # bad UTF-8
        b"\x83\x80mask",  # a reserved opcode
    ):
        client = await CallerClient(*laptop.urls).connect()
        assert client._socket is not None
        client._socket.transport.write(nonsense)
        assert await client.closed() is not None
    await caller.post("ik merk er niets van")
    await caller.leave()


async def test_a_second_opening_frame_is_a_conflict(laptop: Platform) -> None:
    caller = await anna(laptop)
    await caller.start()
    with pytest.raises(Refused) as refused:
        await caller.request("start", line="helpwanted", locale="nl", urgency=0)
    assert refused.value.code == "conflict"
    await caller.leave()


async def test_an_unknown_line_is_told_as_such(laptop: Platform) -> None:
    caller = await anna(laptop)
    with pytest.raises(Refused) as refused:
        await caller.start(line="elsewhere")
    assert refused.value.code == "unknown_line"
    await caller.start()
    await caller.leave()


async def test_what_belongs_to_another_conversation_is_not_found(platform: Platform) -> None:
    caller, other = await anna(platform), await anna(platform)
    await caller.start()
    await other.start()
    for conversation, token in (
        (caller.conversation, other.token),
        (b64url(bytes(16)), caller.token),
        (caller.conversation, "x"),
    ):
        client = await CallerClient(*platform.urls).connect()
        platform.guests.append(client)
        with pytest.raises(Refused) as refused:
            await client.request("resume", conversation=conversation, token=token, since=0)
        assert refused.value.code == "not_found"
    await caller.leave()
    await other.leave()


@pytest.mark.long
async def test_a_counsellor_reaches_no_conversation_but_the_own(platform: Platform) -> None:
    caller = await anna(platform)
    await caller.start()
    counsellor = await carla(platform)
    talk = await counsellor.take()
    requests: dict[str, dict[str, Any]] = {
        "open": {"since": 0},
        "sync": {"since": 0},
        "typing": {},
        "seen": {"seq": 1},
        "leave": {},
        "close": {},
        "post": {"id": b64url(bytes(16)), "epoch": 1, "box": b64url(bytes(352))},
    }
    for stranger in (await daan(platform), await esra(platform), await floor(platform), await gijs(platform)):
        for name, fields in requests.items():
            with pytest.raises(Refused) as refused:
                await stranger.request(name, conversation=talk.conversation, **fields)
            assert refused.value.code == "not_found", name
        await asyncio.sleep(0.2)
        # As a field, because the three letters occur in many a key by chance.
        assert not [frame for frame in stranger.pushed if '"box":' in json.dumps(frame)]
    await counsellor.close(talk.conversation)
    query = "from counsellors.models import AuditRow; print(AuditRow.objects.filter(action='wall').count())"
    assert int(platform.manage("shell", "-v", "0", "-c", query).stdout) >= 4 * len(requests)


async def test_partners_and_supervisors_take_no_callers(platform: Platform) -> None:
    for somebody in (await floor(platform), await gijs(platform)):
        with pytest.raises(Refused) as refused:
            await somebody.next()
        assert refused.value.code == "forbidden"


async def test_a_caller_s_key_that_is_no_point_is_refused(laptop: Platform) -> None:
    counsellor = await carla(laptop)
    for key in (bytes(65), b"\x04" + bytes(64), b"\x02" + bytes(32), b""):
        with pytest.raises(Refused) as refused:
            await counsellor.request("enrol", key=b64url(key), label="x")
        assert refused.value.code == "bad_frame"


async def test_a_key_of_somebody_else_is_a_conflict(laptop: Platform) -> None:
    counsellor, rival = await carla(laptop), await daan(laptop)
    rival.key = counsellor.key
    with pytest.raises(Refused) as refused:
        await rival.enrol()
    assert refused.value.code == "conflict"


async def test_two_hundred_messages_a_second_are_slowed_down_and_the_accepted_ones_arrive(
    platform: Platform,
) -> None:
    caller = await anna(platform)
    await caller.start()
    counsellor = await carla(platform)
    talk = await counsellor.take()
    begun = time.monotonic()
    answers = await asyncio.gather(
        *(caller.post(f"bericht {number}") for number in range(200)), return_exceptions=True
    )
    accepted = [answer for answer in answers if isinstance(answer, Posted)]
    refused = [answer for answer in answers if isinstance(answer, Refused)]
    assert len(accepted) + len(refused) == 200
    assert {answer.code for answer in refused} == {"slow_down"}
    # One a second is regained meanwhile, however slow the machine is.
    assert 10 <= len(accepted) <= 10 + (time.monotonic() - begun) + 1
    await counsellor.becomes(lambda: len(talk.texts()) == len(accepted))
    await counsellor.close(talk.conversation)
