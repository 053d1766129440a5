"""The guest's page opens without an account and stores nothing; another service's desk needs an account."""

import re

import pytest
from django.test import Client

from tests.support import admin_pages as staff

pytestmark = pytest.mark.django_db


def test_the_guest_s_page_needs_no_sign_in_and_sets_no_cookie() -> None:
    answer = Client().get("/guest/")
    assert answer.status_code == 200
    assert not answer.cookies
    assert answer.headers["Cache-Control"] == "max-age=0, no-cache, no-store, must-revalidate, private"


def test_the_guest_s_page_has_the_strict_policy() -> None:
    answer = Client().get("/guest/")
    policy = answer.headers["Content-Security-Policy"]
    assert policy.startswith("default-src 'none'")
    assert "unsafe" not in policy
    assert "require-trusted-types-for 'script'" in policy
    assert answer.headers["X-Frame-Options"] == "DENY"
    text = answer.content.decode()
    assert not re.search(r"<script>| style=| onclick=|src=\"http", text)


def test_the_guest_s_page_holds_no_form_that_is_sent_and_no_token_of_one() -> None:
    text = Client().get("/guest/").content.decode()
    assert "<form" not in text
    assert "csrf" not in text


def test_the_guest_s_page_is_the_same_for_who_is_signed_in() -> None:
    guest = Client().get("/guest/", headers={"accept-language": "nl"})
    carla = staff.sign_in(staff.carla()).get("/guest/", headers={"accept-language": "nl"})
    assert carla.content == guest.content
    assert not carla.cookies


def test_the_guest_s_page_speaks_the_browser_s_language() -> None:
    for language in ("nl", "en"):
        answer = Client().get("/guest/", headers={"accept-language": language})
        assert f'<html lang="{language}"' in answer.content.decode()


def test_the_guest_s_page_is_only_read() -> None:
    assert Client().post("/guest/").status_code == 405


def test_a_partner_s_desk_is_the_console_in_a_partner_s_mode_and_for_partners_only() -> None:
    gijs = staff.sign_in(staff.gijs()).get("/desk/").content.decode()
    assert 'data-mode="partner"' in gijs
    assert "/console/main.js" in gijs
    assert Client().get("/desk/").headers["Location"] == "/login/"
    assert staff.sign_in(staff.carla()).get("/desk/").status_code == 404
