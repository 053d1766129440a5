"""security.txt says whom to tell about a vulnerability; if nobody is named, there is no such page."""

from datetime import datetime, timedelta

from django.test import Client
from pytest_django import Settings

from helpline.lib import clock

PLACE = "/.well-known/security.txt"


def test_whom_to_tell_stands_where_the_standard_says_and_does_not_run_out(
    client: Client, settings: Settings
) -> None:
    settings.SECURITY_CONTACT = ["mailto:veilig@helpline.example", "https://helpline.example/lek"]
    answer = client.get(PLACE)
    assert answer.headers["Content-Type"] == "text/plain; charset=utf-8"
    fields = [line.split(": ", 1) for line in answer.content.decode().splitlines()]
    assert [value for name, value in fields if name == "Contact"] == settings.SECURITY_CONTACT
    (expires,) = [datetime.fromisoformat(value) for name, value in fields if name == "Expires"]
    assert timedelta(days=30) < expires - clock.now() < timedelta(days=365)
    assert not answer.cookies


def test_where_nobody_is_named_there_is_none(client: Client, settings: Settings) -> None:
    settings.SECURITY_CONTACT = []
    assert client.get(PLACE).status_code == 404
