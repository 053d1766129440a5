"""The server is started with the right options."""

from typing import Any

import pytest
from django.conf import settings
from django.core.management import call_command

from chat.management.commands import serve
from chat.runtime import key_check, starting


class Started(Exception):
    pass


@pytest.mark.long
def test_each_wait_of_a_handshake_is_as_long_as_the_setting_says(monkeypatch: pytest.MonkeyPatch) -> None:
    """autobahn's own limit is five seconds, so a crowd that came back was dropped while it was let in."""
    told: dict[str, Any] = {}

    def start(**facts: Any) -> None:
        told.update(facts)
        raise Started

    monkeypatch.setattr(serve, "Server", start)
    monkeypatch.setattr(key_check, "require", lambda _say: None)
    monkeypatch.setattr(starting, "refuse", lambda *_: None)
    with pytest.raises(Started):
        call_command("serve")
    waits = {told["websocket_connect_timeout"], told["websocket_handshake_timeout"]}
    assert waits == {settings.HANDSHAKE.total_seconds()}
