"""What a guest is given: the link's token, from the inviter or by the service's own post, and the PIN."""

import asyncio

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
    await caller.consent(invitation, yes=True)
    card = await counsellor.until(is_frame("invitation", invitation=invitation, state="ringing"))
    link = str(card["link"] or await _mailed(platform))
    return link.partition("/guest/#")[2].split()[0], str(card["pin"])


async def _mailed(platform: Platform) -> str:
    async with asyncio.timeout(POST):
        while True:
            mails = sorted(platform.var.glob("mail/*"), key=lambda file: file.stat().st_mtime)
            texts = [file.read_text() for file in reversed(mails)]
            if found := next((text for text in texts if "/guest/#" in text), ""):
                return found
            await asyncio.sleep(0.1)
