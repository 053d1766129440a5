"""A caller who comes while the database is away gets phone numbers, not an error."""

import pytest
from django.db import OperationalError
from django.db.backends.utils import CursorWrapper
from django.test import Client


@pytest.mark.django_db
def test_the_pages_show_phone_numbers_when_the_database_is_away(monkeypatch: pytest.MonkeyPatch) -> None:
    def broken(*_: object, **__: object) -> None:
        raise OperationalError

    monkeypatch.setattr(CursorWrapper, "execute", broken)
    client = Client(raise_request_exception=False)
    for path in ("/", "/nl/", "/en/", "/nl/helpwanted/"):
        response = client.get(path)
        assert response.status_code == 503
        assert "0800-0113" in response.content.decode()
        assert "default-src 'none'" in response.headers["Content-Security-Policy"]
        assert not response.cookies
