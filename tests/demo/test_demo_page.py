"""The way into a demo: each of its people by a click, at an address of their own, and nowhere but there."""

import re
from html.parser import HTMLParser
from http.client import HTTPConnection
from urllib.parse import urlencode, urlsplit

import pytest
from django.test import Client
from pytest_django import Settings

from chat.demo.pages import demo
from tests.support.platform import Platform

FORM = {"Content-Type": "application/x-www-form-urlencoded"}


class Forms(HTMLParser):
    """The ticket that each form of a page sends, by its address."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.tickets: dict[str, str] = {}
        self._action = ""
        self.feed(text)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = {name: value or "" for name, value in attrs}
        if tag == "form":
            self._action = given["action"]
        if tag == "input" and given.get("name") == "ticket":
            self.tickets[self._action] = given["value"]


def ask(
    url: str, path: str, *, host: str = "", ticket: str | None = None, **headers: str
) -> tuple[int, str, str]:
    """Status, text and cookies; `ticket`: sent by a form, else it is a look."""
    place = urlsplit(url)
    connection = HTTPConnection(place.hostname or "", place.port, timeout=20)
    body = urlencode({"ticket": ticket}) if ticket is not None else None
    named = {"Host": host or place.netloc} | (FORM if body else {}) | headers
    try:
        connection.request("POST" if body else "GET", path, body, named)
        answer = connection.getresponse()
        cookies = [cookie.partition(";")[0] for cookie in answer.headers.get_all("Set-Cookie", [])]
        return answer.status, answer.read().decode(), "; ".join(cookies)
    finally:
        connection.close()


def tickets(platform: Platform) -> dict[str, str]:
    status, text, _ = ask(platform.url, "/demo/")
    assert status == 200
    return Forms(text).tickets


def test_everybody_is_signed_in_by_a_click_at_an_address_of_their_own(laptop: Platform) -> None:
    forms = tickets(laptop)
    hosts: dict[str, str] = laptop.demo["hosts"]
    assert set(hosts) == {person["username"] for person in laptop.demo["people"]}
    for username, origin in hosts.items():
        host = urlsplit(origin).netloc
        status, text, cookie = ask(laptop.url, "/demo/in/", host=host, ticket=forms[f"{origin}/demo/in/"])
        assert status == 200, username
        (home,) = re.findall(r'content="0;url=(/[a-z]+/)"', text)
        assert ask(laptop.url, home, host=host, Cookie=cookie)[0] == 200, (username, home)


def test_a_ticket_opens_its_own_person_s_address_alone(laptop: Platform) -> None:
    forms, (carla, daan, *_) = tickets(laptop), list(laptop.demo["hosts"].values())
    ticket = forms[f"{carla}/demo/in/"]
    assert ask(laptop.url, "/demo/in/", host=urlsplit(daan).netloc, ticket=ticket)[0] == 404
    assert ask(laptop.url, "/demo/in/", ticket=ticket)[0] == 404
    assert ask(laptop.url, "/demo/in/", host=urlsplit(carla).netloc, ticket=ticket[:-1] + "_")[0] == 404
    assert ask(laptop.url, "/demo/in/", host=urlsplit(carla).netloc, ticket=forms["/demo/evening/"])[0] == 404


def test_whoever_comes_through_a_proxy_finds_no_such_page(laptop: Platform) -> None:
    assert ask(laptop.url, "/demo/", **{"X-Forwarded-For": "192.0.2.7"})[0] == 404


@pytest.mark.django_db
def test_an_installation_has_no_such_page(settings: Settings, monkeypatch: pytest.MonkeyPatch) -> None:
    settings.DEMO = False
    monkeypatch.setattr(demo, "is_from_this_host", lambda _request: True)
    client = Client()
    assert client.get("/demo/").status_code == 404
    for path in ("/demo/in/", "/demo/evening/"):
        assert client.post(path, {"ticket": "made-up"}).status_code == 404
