"""Reads what a guest is given: the link's token, by the service's own mail, and the PIN, by the inviter."""

from tests.support.caller import CallerClient
from tests.support.counsellor import CounsellorClient
from tests.support.frames import is_frame
from tests.support.mail import Inbox, token_of
from tests.support.platform import Platform


async def a_link(platform: Platform, caller: CallerClient, counsellor: CounsellorClient) -> tuple[str, str]:
    """Makes an invitation of their conversation that rings at a service without a desk. Returns its token and
    PIN."""
    conversation, inbox = caller.conversation, Inbox(platform)
    invitation = await counsellor.invite(conversation, "handoff", {"service": "veilig-thuis"})
    await caller.becomes(lambda: caller.talk.of("invited", invitation=invitation))
    await caller.consent(invitation, yes=True)
    card = await counsellor.until(is_frame("invitation", invitation=invitation, state="ringing"))
    return token_of(await inbox.link()), str(card["pin"])
