"""What a guest is given: the link's token, from the inviter or by the service's own post, and the PIN."""

import asyncio
from pathlib import Path

from tests.support.caller import CallerClient
from tests.support.counsellor import CounsellorClient
from tests.support.frames import is_frame
from tests.support.platform import Platform

POST = 5.0  # seconds in which a mail lies in the demo's folder


async def a_link(platform: Platform, caller: CallerClient, counsellor: CounsellorClient) -> tuple[str, str]:
    """An invitation of their conversation that rings at a service without a desk; its token and PIN."""
    conversation = caller.conversation
    invitation = await counsellor.invite(conversation, "handoff", {"service": "veilig-thuis"})
    await caller.becomes(lambda: caller.talk.of("invited", invitation=invitation))
    earlier = {*_mails(platform)}
    await caller.consent(invitation, yes=True)
    card = await counsellor.until(is_frame("invitation", invitation=invitation, state="ringing"))
    link = str(card["link"] or await _mailed(platform, earlier))
    return link.partition("/guest/#")[2].split()[0], str(card["pin"])


async def _mailed(platform: Platform, earlier: set[Path]) -> str:
    """The link of this invitation: that of an earlier one, with another PIN, may still lie there."""
    async with asyncio.timeout(POST):
        while True:
            texts = [file.read_text() for file in _mails(platform) if file not in earlier]
            if found := next((text for text in texts if "/guest/#" in text), ""):
                return found
            await asyncio.sleep(0.1)


def _mails(platform: Platform) -> list[Path]:
    return list(platform.var.glob("mail/*"))
