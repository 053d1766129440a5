"""The console can be installed as an app with a click, and its service worker stores nothing."""

import json

import pytest
from django.test import Client

from chat.models import Line
from tests.support import admin_pages as staff
from tests.support.domain.cast import a_line

pytestmark = pytest.mark.django_db


@pytest.fixture
def helpwanted() -> Line:
    return a_line()


def test_the_console_names_its_manifest_and_may_register_its_worker() -> None:
    page = staff.sign_in(staff.carla()).get("/console/")
    assert '<link rel="manifest" href="/staff/app.webmanifest">' in page.content.decode()
    policy = page.headers["Content-Security-Policy"]
    assert "manifest-src 'self'" in policy
    assert "installing" in policy


def test_a_caller_s_page_has_no_manifest_and_may_register_none(client: Client, helpwanted: Line) -> None:
    page = client.get(f"/nl/{helpwanted.path}/")
    assert "manifest" not in page.content.decode()
    assert "manifest-src" not in page.headers["Content-Security-Policy"]
    assert "installing" not in page.headers["Content-Security-Policy"]


def test_the_manifest_is_of_the_console_alone_and_names_no_line_and_no_person(
    client: Client, helpwanted: Line
) -> None:
    told = client.get("/staff/app.webmanifest")
    assert told.headers["Content-Type"] == "application/manifest+json"
    app = json.loads(told.content)
    assert (app["scope"], app["start_url"]) == ("/console/", "/console/")
    assert client.get(app["icons"][0]["src"]).headers["Content-Type"] == "image/svg+xml"
    assert helpwanted.name not in told.content.decode()


def test_the_worker_has_no_store(client: Client) -> None:
    told = client.get("/staff/service-worker.js")
    assert told.headers["Content-Type"].startswith("text/javascript")
    assert told.headers["Cache-Control"] == "no-cache"
    assert told.headers["Service-Worker-Allowed"] == "/console/"
    text = told.content.decode()
    assert "fetch" in text
    for store in ("caches", "indexedDB", "cache.put", "setItem"):
        assert store not in text
