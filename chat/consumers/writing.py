"""The one writer of a process: messages of all its sockets, batched while a commit is under way."""

from collections.abc import Sequence

from chat import messages
from chat.messages import Draft, Posted
from helpline.lib import clock
from helpline.lib.bridge import Together
from helpline.lib.errors import Refusal

MOST = 100  # messages in one transaction


def _all(drafts: list[Draft]) -> Sequence[Posted | Refusal | None]:
    return messages.post_all(drafts, now=clock.now())


def _alone(draft: Draft) -> Posted:
    return messages.post(draft.seat, draft.message, draft.epoch, draft.box, kind=draft.kind, now=clock.now())


store = Together(_all, _alone, most=MOST)
