"""The tables of transitions are complete, and the code makes no other transition."""

import importlib.util
import re

import pytest

from chat import states
from chat.conversation import endings
from chat.conversation.seats import lock_conversation
from chat.models import Conversation, Line
from chat.queue import front
from helpline.lib import clock
from helpline.lib.errors import Ended
from tests.support.domain.cast import Counsellor, a_caller


def test_every_state_has_its_row_and_every_edge_its_reason() -> None:
    assert set(states.CONVERSATION) == set(states.Conversation)
    for edges in states.CONVERSATION.values():
        assert all(reason for reason in edges.values())


def test_each_edge_names_a_deed_that_is_there() -> None:
    for table in (states.CONVERSATION, states.INVITATION):
        for edges in table.values():
            for words in edges.values():
                for module, action in re.findall(r"\b([a-z_]+)\.([a-z_]+)", words):
                    homes = [f"chat.{package}.{module}" for package in ("conversation", "queue", "handoff")]
                    found = [home for home in homes if importlib.util.find_spec(home)]
                    assert found, f"{module} is no module of a conversation's life"
                    assert hasattr(importlib.import_module(found[0]), action), f"{module}.{action}"


def test_nothing_leads_out_of_an_end() -> None:
    assert states.CONVERSATION[states.Conversation.ENDED] == {}
    assert states.CONVERSATION[states.Conversation.ABANDONED] == {}


@pytest.mark.parametrize("reason", ["caller", "abandoned"])
def test_who_ends_an_ended_conversation_loses(helpwanted: Line, reason: str) -> None:
    anna = a_caller()
    endings.end(lock_conversation(anna.conversation), reason, now=clock.now())
    length = Conversation.objects.get().last_seq
    for again in ("caller", "abandoned"):
        with pytest.raises(Ended):
            endings.end(lock_conversation(anna.conversation), again, now=clock.now())
    assert Conversation.objects.get().last_seq == length


def test_a_waiting_conversation_is_not_requeued(helpwanted: Line, carla: Counsellor) -> None:
    anna = a_caller()
    front.requeue(lock_conversation(anna.conversation), now=clock.now())
    assert Conversation.objects.get().last_seq == 1


def test_an_active_conversation_is_never_abandoned(helpwanted: Line, carla: Counsellor) -> None:
    anna = a_caller()
    carla.takes_next()
    with pytest.raises(Ended):
        endings.end(lock_conversation(anna.conversation), "abandoned", now=clock.now())
