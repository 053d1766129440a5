"""Each kind of bell is rung somewhere and has a handler."""

import re
from pathlib import Path

from chat.bells import Bell, LineBell
from chat.contract.asyncapi import all_of
from chat.requests import HEARD

CHAT = Path(__file__).parents[2] / "chat"


def kinds() -> list[type[Bell]]:
    return [kind for kind in all_of(Bell) if not kind.__subclasses__()]


def test_each_kind_of_bell_is_rung() -> None:
    text = "\n".join(
        path.read_text() for path in CHAT.rglob("*.py") if path.name not in ("kinds.py", "bells.py")
    )
    rung = set(re.findall(r"(?:bells\.|ring_on_commit\()([A-Z]\w+)\(", text))
    assert [kind.__name__ for kind in kinds() if kind.__name__ not in rung] == []


def test_each_kind_of_bell_is_heard() -> None:
    heard = {kind for consumer in HEARD.values() for kind in consumer}
    # A listener of a line hears all its bells: the queue's news and the board's.
    unheard = [kind for kind in kinds() if kind not in heard and not issubclass(kind, LineBell)]
    assert [kind.__name__ for kind in unheard] == [], "declare what is done about it with @heard"
    listening = [path.name for path in (CHAT / "consumers").glob("*.py") if "bells.line(" in path.read_text()]
    assert sorted(listening) == ["live.py", "queue_news.py"]
