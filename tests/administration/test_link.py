"""`helpline link` lets somebody back in if nobody is left who can sign in and help."""

import re
from io import StringIO
from pathlib import Path

import pytest
from django.core.management import CommandError, call_command
from django.test import Client
from pytest_django import Settings

from counsellors.models import Authenticator, Person, Session
from counsellors.signin import replacements
from helpline.lib import clock
from tests.support import admin_pages as staff

pytestmark = pytest.mark.django_db
PASSWORD = "vier andere woorden op straat"


def link(*name: str) -> str:
    out = StringIO()
    call_command("link", *name, stdout=out)
    return out.getvalue()


def test_who_has_the_link_chooses_a_password_and_a_second_factor_although_the_old_key_is_lost(
    tmp_path: Path, settings: Settings
) -> None:
    settings.KEY_FOLDERS = [tmp_path / "keys"]
    carla = staff.carla()
    for path in (tmp_path / "keys").glob("*.seal"):
        path.unlink()
    found = re.search(r"https://\S+/join/#(\S+)", link("carla"))
    assert found
    client = Client()
    client.post("/join/", {"link": found[1]})
    client.post("/join/", {"password": PASSWORD, "again": PASSWORD})
    client.get("/login/setup/")
    client.post("/login/setup/", {"code": staff.code_of(carla)})
    assert client.get("/console/").status_code == 200


def test_the_old_password_s_sessions_and_second_factors_end_and_the_audit_says_so() -> None:
    carla, client = staff.carla(), Client()
    staff.give_password(client, "carla")
    staff.give_code(client, staff.code_of(carla))
    link("carla")
    assert not Authenticator.objects.filter(user=carla).exists()
    assert not Session.objects.filter(person=carla).exists()
    assert staff.audited("second_factor_replaced") == [("", carla.handle, "command")]
    assert staff.audited("entry_link_made") == [("", carla.handle, "")]


def test_the_old_password_alone_sets_up_no_second_factor() -> None:
    staff.carla()
    link("carla")
    thief = Client()
    staff.give_password(thief, "carla")
    thief.get("/login/setup/")
    assert not Authenticator.objects.exists()


def test_a_replacement_that_was_begun_asks_the_owner_of_the_link_for_no_spoken_code() -> None:
    carla = staff.carla()
    replacements.begin(carla, by=staff.floor(), now=clock.now())
    found = re.search(r"/join/#(\S+)", link("carla"))
    assert found
    client = Client()
    client.post("/join/", {"link": found[1]})
    answer = client.post("/join/", {"password": PASSWORD, "again": PASSWORD})
    assert answer.headers["Location"] == "/login/setup/"
    assert client.get("/login/setup/").status_code == 200


def test_who_never_came_in_because_the_link_of_setup_lapsed_gets_another_and_who_left_gets_none() -> None:
    carla = staff.carla()
    Person.objects.filter(pk=carla.pk).update(is_active=False, came_at=None)
    assert "/join/#" in link("carla")
    Person.objects.filter(pk=carla.pk).update(came_at=clock.now())
    with pytest.raises(CommandError, match="Nobody of that name"):
        link("carla")


def test_without_a_name_it_lists_who_works_here_and_a_stranger_gets_none() -> None:
    staff.carla()
    staff.ilse()
    assert [row.split()[:2] for row in link().splitlines()] == [["carla", "Carla"], ["ilse", "Ilse"]]
    with pytest.raises(CommandError, match="Nobody of that name"):
        link("mallory")
