"""A guest joins by a link over real sockets: the counsellor has the PIN, the service's contact has the
link."""

import asyncio
import json

import pytest

from tests.support.caller import CallerClient
from tests.support.cast import anna, carla, gijs
from tests.support.counsellor import CounsellorClient, GuestClient
from tests.support.frames import Refused, is_entry, is_frame
from tests.support.mail import Inbox, text_of, token_of
from tests.support.platform import Platform
from tests.support.transcript import Transcript

VEILIG_THUIS = {"service": "veilig-thuis"}


async def talking(platform: Platform) -> tuple[CallerClient, CounsellorClient, Transcript]:
    caller = await anna(platform, first=0)
    await caller.start()
    counsellor = await carla(platform, first=1)
    return caller, counsellor, await counsellor.take()


async def a_guest(platform: Platform) -> GuestClient:
    client = GuestClient(*platform.urls, name="Vera")
    platform.guests.append(client)
    await client.connect()
    return client


async def test_the_link_goes_to_the_service_the_pin_to_the_counsellor_and_together_they_open_once(
    platform: Platform,
) -> None:
    caller, counsellor, talk = await talking(platform)
    inbox = Inbox(platform)
    invitation = await counsellor.invite(talk.conversation, "handoff", VEILIG_THUIS)
    card = await caller.until(is_entry("invited", state="asked"))
    assert card["to"] == {"name": "Veilig Thuis", "service": "veilig-thuis", "guest": True}
    await caller.consent(invitation)
    ringing = await counsellor.until(is_frame("invitation", state="ringing"))
    assert (ringing["link"], len(ringing["pin"])) == (None, 6)
    token = token_of(await inbox.link())
    taken = await counsellor.until(is_frame("invitation", contact="taken"))
    assert taken["pin"] == ringing["pin"]
    vera = await a_guest(platform)
    for wrong in ((token, "------"), (invitation, ringing["pin"])):
        with pytest.raises(Refused) as refused:
            await vera.desk(*wrong)
        assert refused.value.code == "not_found"
    await vera.desk(token, ringing["pin"])
    theirs = await vera.enter(talk.conversation)
    await counsellor.leave(talk.conversation)
    await caller.until(is_entry("left", reason="handed_off"))
    await caller.post("alleen voor Vera")
    await vera.becomes(lambda: "alleen voor Vera" in theirs.texts())
    late = await a_guest(platform)
    with pytest.raises(Refused) as refused:
        await late.desk(token, ringing["pin"])
    assert refused.value.code == "not_found"
    assert token not in json.dumps([counsellor.greeting, ringing, taken, *talk.entries.values()])
    await vera.close(talk.conversation)
    await caller.becomes(lambda: caller.state == "ended")


async def a_valid_link(
    platform: Platform,
) -> tuple[CallerClient, CounsellorClient, Transcript, str, str]:
    """Makes a link with token and PIN: Veilig Thuis was invited, and Anna has agreed."""
    caller, counsellor, talk = await talking(platform)
    inbox = Inbox(platform)
    invitation = await counsellor.invite(talk.conversation, "handoff", VEILIG_THUIS)
    await caller.until(is_entry("invited", state="asked"))
    await caller.consent(invitation)
    ringing = await counsellor.until(is_frame("invitation", state="ringing"))
    return caller, counsellor, talk, token_of(await inbox.link()), ringing["pin"]


async def tries(guest: GuestClient, token: str, pin: str) -> str:
    try:
        await guest.desk(token, pin)
    except Refused as error:
        return error.code
    return "ok"


async def test_many_who_guess_the_pin_at_once_get_five_tries_in_all(platform: Platform) -> None:
    _, counsellor, talk, token, pin = await a_valid_link(platform)
    crowd = [await a_guest(platform) for _ in range(8)]
    wrong = "000000" if pin != "000000" else "000001"
    assert set(await asyncio.gather(*(tries(one, token, wrong) for one in crowd))) == {"not_found"}
    assert await tries(crowd[0], token, pin) == "not_found"
    await counsellor.close(talk.conversation)


async def test_of_those_who_open_the_link_at_once_one_sits_down(platform: Platform) -> None:
    caller, _, _, token, pin = await a_valid_link(platform)
    crowd = [await a_guest(platform) for _ in range(4)]
    found = await asyncio.gather(*(tries(one, token, pin) for one in crowd))
    assert sorted(found) == ["not_found", "not_found", "not_found", "ok"]
    await caller.leave()


async def test_a_counsellor_s_second_console_learns_the_link_as_little(platform: Platform) -> None:
    caller, counsellor, talk = await talking(platform)
    inbox = Inbox(platform)
    invitation = await counsellor.invite(talk.conversation, "handoff", VEILIG_THUIS)
    await caller.until(is_entry("invited", state="asked"))
    await caller.consent(invitation)
    token = token_of(await inbox.link())
    await counsellor.until(is_frame("invitation", contact="taken"))
    await counsellor.reopen()
    [card] = [row for row in counsellor.greeting["invitations"] if row["invitation"] == invitation]
    assert card["link"] is None
    assert token not in json.dumps(counsellor.greeting)
    await counsellor.withdraw(invitation)
    vera = await a_guest(platform)
    with pytest.raises(Refused) as refused:
        await vera.desk(token, card["pin"])
    assert refused.value.code == "not_found"
    await counsellor.close(talk.conversation)


async def test_the_mail_is_for_the_service_s_contact_and_names_line_hour_and_telephone_alone(
    platform: Platform,
) -> None:
    caller, counsellor, talk = await talking(platform)
    inbox = Inbox(platform)
    invitation = await counsellor.invite(talk.conversation, "handoff", VEILIG_THUIS)
    await caller.until(is_entry("invited", state="asked"))
    await caller.consent(invitation)
    letter = await inbox.letter()
    assert letter["To"] == "wacht@veilig-thuis.example"
    text = text_of(letter)
    assert "Helpwanted vraagt" in text
    assert "PIN" in text
    for secret in (talk.conversation, caller.member, "Carla"):
        assert secret not in text
    await counsellor.close(talk.conversation)


async def test_what_cannot_be_asked_is_refused_with_a_reason_and_named_so_beforehand(
    platform: Platform,
) -> None:
    _, counsellor, talk = await talking(platform)
    reach = {row["service"]: (row["desk"], row["guest"]) for row in counsellor.greeting["services"]}
    assert reach["csg"] == (True, False)
    assert reach["veilig-thuis"] == (False, True)
    assert reach["politie"] == reach["stopitnow"] == (False, False)
    with pytest.raises(Refused) as refused:
        await counsellor.invite(talk.conversation, "handoff", {"service": "politie"})
    assert (refused.value.code, refused.value.frame["refer"]) == ("conflict", True)
    assert "no desk here" in refused.value.frame["detail"]
    await counsellor.close(talk.conversation)


async def test_a_partner_cannot_bring_in_a_guest(platform: Platform) -> None:
    caller, counsellor, talk = await talking(platform)
    partner = await gijs(platform)
    invitation = await counsellor.invite(talk.conversation, "handoff", {"service": "csg"})
    await caller.until(is_entry("invited", state="asked"))
    await caller.consent(invitation)
    ringing = await partner.until(is_frame("invitation", state="ringing"))
    await partner.answer(ringing["invitation"])
    await partner.enter(talk.conversation)
    await counsellor.leave(talk.conversation)
    await caller.until(is_entry("left", reason="handed_off"))
    with pytest.raises(Refused) as refused:
        await partner.invite(talk.conversation, "handoff", VEILIG_THUIS)
    assert (refused.value.code, refused.value.frame["refer"]) == ("conflict", True)
    await partner.close(talk.conversation)
