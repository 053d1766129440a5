"""Every answer has the security headers: pages, the admin, files and refusals alike."""

import os
import runpy
from pathlib import Path
from typing import Any

import pytest
from django.core.management import call_command
from django.test import Client
from django.test.utils import override_settings
from pytest_django import Settings

from chat.models import Line
from helpline.frontend import release
from tests.support.domain.cast import a_line

SETTINGS = Path(__file__).parents[2] / "helpline" / "settings.py"
YEAR = "max-age=31536000; includeSubDomains"
ADDRESSES = (
    "/",
    "/nl/helpwanted/",
    "/api/lines/helpwanted/",
    "/api/exit/",
    "/login/",
    "/console/",
    "/admin/",
    "/static/admin/css/base.css",
    "/app/{release}/caller/caller.js",
    "/healthz",
    "/nowhere/",
)


@pytest.fixture(autouse=True)
def helpwanted(db: None) -> Line:
    return a_line()


def read_with(monkeypatch: pytest.MonkeyPatch, **environment: str) -> dict[str, Any]:
    """Returns the settings of a server that starts with this environment."""
    for name in [name for name in os.environ if name.startswith("HELPLINE_PROXY")]:
        monkeypatch.delenv(name)
    for name, value in environment.items():
        monkeypatch.setenv(name, value)
    return runpy.run_path(str(SETTINGS))


@pytest.mark.parametrize("address", ADDRESSES)
def test_every_answer_keeps_the_browser_on_https_and_other_sites_out(client: Client, address: str) -> None:
    headers = client.get(address.format(release=release())).headers
    assert headers["Strict-Transport-Security"] == YEAR, "also where TLS ended at a proxy that says nothing"
    assert headers["Cross-Origin-Opener-Policy"] == "same-origin"
    assert headers["Cross-Origin-Resource-Policy"] == "same-origin"
    assert headers["X-Content-Type-Options"] == "nosniff"
    assert "Content-Security-Policy" in headers


def test_over_tls_hsts_is_the_same(client: Client) -> None:
    assert client.get("/healthz", secure=True).headers["Strict-Transport-Security"] == YEAR


def test_a_demo_on_a_laptop_binds_no_browser_to_https(client: Client, settings: Settings) -> None:
    settings.SECURE_HSTS_SECONDS = 0
    assert "Strict-Transport-Security" not in client.get("/").headers


def test_a_restored_backup_is_refused_with_every_header(
    client: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("chat.retention.journal.is_restored", lambda: True)
    response = client.get("/")
    assert response.status_code == 503
    assert response.headers["Strict-Transport-Security"] == YEAR
    assert "Content-Security-Policy" in response.headers


def test_only_the_script_for_other_sites_may_be_loaded_by_them(client: Client) -> None:
    response = client.get("/embed.js")
    assert response.headers["Cross-Origin-Resource-Policy"] == "cross-origin"
    assert response.headers["Strict-Transport-Security"] == YEAR


@pytest.mark.parametrize("address", ADDRESSES)
def test_a_page_may_play_a_sound_copy_and_ask_for_passkeys_and_nothing_else(
    client: Client, address: str
) -> None:
    policy = client.get(address.format(release=release())).headers["Permissions-Policy"]
    rules = dict(rule.split("=") for rule in policy.split(", "))
    allowed = {name: who for name, who in rules.items() if who != "()"}
    passkeys = {"publickey-credentials-create", "publickey-credentials-get"}
    assert {*allowed} == {"autoplay", "clipboard-write", *passkeys}
    assert {*allowed.values()} == {"(self)"}
    assert {"camera", "microphone", "geolocation", "display-capture", "usb", "payment"} <= set(rules)


def test_a_header_that_nobody_named_does_not_make_a_request_secure(
    client: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert read_with(monkeypatch)["SECURE_PROXY_SSL_HEADER"] is None
    response = client.get("/healthz", headers={"X-Forwarded-Proto": "https"})
    assert not response.wsgi_request.is_secure()


def test_the_proxy_s_header_is_believed_where_it_is_named(
    client: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    read = read_with(monkeypatch, HELPLINE_PROXY_SSL_HEADER="X-Forwarded-Proto")
    named = read["SECURE_PROXY_SSL_HEADER"]
    with override_settings(SECURE_PROXY_SSL_HEADER=named):
        for said in ("https", "http"):
            response = client.get("/healthz", headers={"X-Forwarded-Proto": said})
            assert response.wsgi_request.is_secure() == (said == "https")


def test_django_s_own_checks_of_a_server_find_nothing(settings: Settings) -> None:
    settings.SECRET_KEY = "a secret of a test, long enough and of many letters: 0123456789 xyz"
    settings.SESSION_COOKIE_SECURE = settings.CSRF_COOKIE_SECURE = True
    settings.DATABASE_URL, settings.REDIS_URL = "postgresql://", "redis://"
    call_command("check", deploy=True, fail_level="WARNING")
