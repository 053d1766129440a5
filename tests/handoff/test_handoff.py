"""A caller is handed over over real sockets. The tests check on the bytes who can read what."""

import pytest

from tests.support.caller import CallerClient
from tests.support.cast import anna, carla, daan, gijs
from tests.support.counsellor import CounsellorClient
from tests.support.frames import Refused, is_entry, is_frame
from tests.support.platform import Platform
from tests.support.transcript import Transcript


async def talking(platform: Platform) -> tuple[CallerClient, CounsellorClient, Transcript]:
    caller = await anna(platform, first=0)
    await caller.start()
    await caller.post("voor de overdracht")
    counsellor = await carla(platform, first=1)
    return caller, counsellor, await counsellor.take()


async def answered(partner: CounsellorClient) -> str:
    """Lets the partner accept. Returns the conversation."""
    frame = await partner.until(is_frame("invitation", state="ringing"))
    assert frame["conversation"] is None, "before the answer it names no conversation"
    ok = await partner.answer(frame["invitation"])
    return str(ok["conversation"])


@pytest.mark.parametrize("history", [False, True])
@pytest.mark.short("stack")
async def test_a_warm_handoff_from_the_first_question_to_the_last_word(
    platform: Platform, history: bool
) -> None:
    caller, counsellor, talk = await talking(platform)
    partner = await gijs(platform, first=0)
    brief = await counsellor.brief(talk.conversation, "Anna wil hulp na een aanranding")
    invitation = await counsellor.invite(talk.conversation, "handoff", {"service": "csg"}, brief.id)
    card = await caller.until(is_entry("invited", state="asked"))
    assert (card["to"]["service"], card["brief"], card["history"]) == ("csg", brief.id, None)
    await caller.consent(invitation, history=history)
    theirs = partner.talks.get(await answered(partner))
    assert theirs is None
    theirs = await partner.enter(talk.conversation)
    await counsellor.post(talk.conversation, "Gijs, dit is Anna")
    await counsellor.leave(talk.conversation)
    await caller.until(is_entry("left", reason="handed_off"))
    await caller.post("alleen voor Gijs")
    await partner.becomes(lambda: "alleen voor Gijs" in theirs.texts())
    readable = [text for text in theirs.texts() if text is not None]
    assert ("voor de overdracht" in readable) is history
    assert "alleen voor Gijs" not in talk.texts()
    assert not [seq for seq, frame in talk.entries.items() if seq > talk.newest], "nothing after the own left"
    await partner.close(talk.conversation)
    await caller.becomes(lambda: caller.state == "ended")


async def test_with_history_refused_not_even_the_boxes_from_before_are_sent(platform: Platform) -> None:
    caller, counsellor, talk = await talking(platform)
    partner = await gijs(platform)
    invitation = await counsellor.invite(talk.conversation, "handoff", {"service": "csg"})
    await caller.until(is_entry("invited", state="asked"))
    await caller.consent(invitation, history=False)
    theirs = await partner.enter(await answered(partner))
    assert theirs.of("message") == []
    assert len(theirs.secrets) == 1, "the epoch that let it in, and none before"
    await partner.leave(talk.conversation)
    await caller.until(is_entry("left"))
    await caller.leave()


async def test_a_consult_joins_and_leaves_and_reads_no_later_word(platform: Platform) -> None:
    caller, counsellor, talk = await talking(platform)
    colleague = await daan(platform)
    await counsellor.invite(talk.conversation, "consult", {"staff": colleague.me["id"]})
    theirs = await colleague.enter(await answered(colleague))
    assert "voor de overdracht" in theirs.texts()
    await colleague.leave(talk.conversation)
    await caller.until(is_entry("left"))
    await caller.post("daan hoort dit niet")
    await counsellor.becomes(lambda: "daan hoort dit niet" in talk.texts())
    assert "daan hoort dit niet" not in theirs.texts()
    assert caller.epoch not in theirs.secrets
    with pytest.raises(Refused) as refused:
        await colleague.sync(talk.conversation, 0)
    assert refused.value.code == "not_found"
    await counsellor.close(talk.conversation)


async def test_a_transfer_leaves_the_first_counsellor_without_a_key(platform: Platform) -> None:
    caller, counsellor, talk = await talking(platform)
    newcomer = await daan(platform)
    await counsellor.invite(talk.conversation, "transfer", {"line": "helpwanted"})
    theirs = await newcomer.enter(await answered(newcomer))
    await caller.until(is_entry("left", reason="transferred"))
    await caller.post("voor de nieuwe")
    await newcomer.becomes(lambda: "voor de nieuwe" in theirs.texts())
    assert "voor de nieuwe" not in talk.texts()
    assert caller.epoch not in talk.secrets
    await newcomer.close(talk.conversation)


async def test_when_nobody_comes_the_caller_stays_where_they_are(platform: Platform) -> None:
    caller, counsellor, talk = await talking(platform)
    partner = await gijs(platform)
    first = await counsellor.invite(talk.conversation, "handoff", {"service": "csg"})
    await caller.until(is_entry("invited", state="asked"))
    await caller.consent(first, yes=False)
    await counsellor.until(is_entry("invited", state="refused"))
    second = await counsellor.invite(talk.conversation, "handoff", {"service": "csg"})
    await caller.until(is_entry("invited", state="asked"))
    await caller.consent(second)
    ringing = await partner.until(is_frame("invitation", state="ringing"))
    await partner.answer(ringing["invitation"], yes=False)
    await caller.until(is_entry("invited", state="declined"))
    third = await counsellor.invite(talk.conversation, "handoff", {"service": "csg"})
    await counsellor.withdraw(third)
    await caller.until(is_entry("invited", state="withdrawn"))
    with pytest.raises(Refused) as refused:
        await caller.consent(third)
    assert (refused.value.code, refused.value.frame["state"]) == ("conflict", "withdrawn")
    await caller.post("ik ben er nog")
    await counsellor.becomes(lambda: "ik ben er nog" in talk.texts())
    await counsellor.close(talk.conversation)


async def test_a_partner_sees_nothing_but_what_it_was_invited_to(platform: Platform) -> None:
    partner = await gijs(platform)
    greeting = partner.greeting
    assert [row for row in greeting["conversations"] if row["state"] != "ended"] == []
    for empty in ("lines", "queue", "colleagues", "invitations"):
        assert greeting[empty] == [], empty
    assert greeting["me"]["service"] == "csg"
    _, counsellor, talk = await talking(platform)
    with pytest.raises(Refused) as refused:
        await partner.open(talk.conversation)
    assert refused.value.code == "not_found"
    await counsellor.close(talk.conversation)
