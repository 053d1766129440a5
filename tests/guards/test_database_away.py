"""While the database is away, a caller gets phone numbers and staff are told what they can do. Nobody gets an
error."""

import pytest
from django.db import OperationalError
from django.db.backends.utils import CursorWrapper
from django.test import Client


@pytest.fixture
def client(monkeypatch: pytest.MonkeyPatch) -> Client:
    def broken(*_: object, **__: object) -> None:
        raise OperationalError

    monkeypatch.setattr(CursorWrapper, "execute", broken)
    return Client(raise_request_exception=False)


@pytest.mark.django_db
def test_the_pages_show_phone_numbers_when_the_database_is_away(client: Client) -> None:
    for path in ("/", "/nl/", "/en/", "/nl/helpwanted/"):
        response = client.get(path)
        assert response.status_code == 503
        assert "0800-0113" in response.content.decode()
        assert "default-src 'none'" in response.headers["Content-Security-Policy"]
        assert not response.cookies


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("language", "said"), [("nl", "bel dan wie de server beheert"), ("en", "call whoever runs")]
)
def test_staff_read_what_became_of_their_work_and_get_no_caller_s_page(
    client: Client, language: str, said: str
) -> None:
    for path in ("/console/", "/login/", "/board/"):
        client.cookies["staff"] = "x" * 32  # somebody who has signed in
        response = client.get(path, headers={"Accept-Language": language})
        assert response.status_code == 503, path
        page = response.content.decode()
        assert said in page
        assert "0800-0113" not in page
