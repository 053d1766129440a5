"""Django's admin needs both factors and one role, has a policy without `unsafe`, and shows no secret."""

import pytest
from django.contrib import admin
from django.test import Client
from django_otp.plugins.otp_totp.models import TOTPDevice

from counsellors import audit
from counsellors.models import AuditRow, Device, Person
from helpline.lib import clock
from tests.support import admin_pages as staff

pytestmark = pytest.mark.django_db
REGISTERED = {
    "counsellors.person",
    "counsellors.device",
    "counsellors.auditrow",
}


@pytest.fixture
def ilse() -> Client:
    return staff.sign_in(staff.ilse())


def test_only_people_devices_and_the_audit_are_registered() -> None:
    assert {model._meta.label_lower for model in admin.site._registry} == REGISTERED


@pytest.mark.parametrize("label", sorted(REGISTERED))
def test_every_registered_list_opens(ilse: Client, label: str) -> None:
    assert ilse.get(f"/admin/{label.replace('.', '/')}/").status_code == 200


def test_the_policy_of_the_admin_forbids_inline_code_and_other_sites(ilse: Client) -> None:
    policy = ilse.get("/admin/").headers["Content-Security-Policy"]
    assert policy.startswith("default-src 'none'")
    assert "script-src 'self'" in policy
    assert "unsafe" not in policy
    assert "trusted-types" not in policy
    assert "trusted-types" in Client().get("/login/").headers["Content-Security-Policy"]


def test_the_stock_sign_in_of_the_admin_leads_to_ours() -> None:
    assert Client().get("/admin/login/").headers["Location"] == "/login/"
    carla = staff.carla()
    answer = Client().post("/admin/login/", {"username": carla.username, "password": staff.PASSWORD})
    assert answer.headers["Location"] == "/login/"
    assert "sessionid" not in answer.cookies


def test_signing_out_from_the_admin_is_audited_and_ends_the_session(ilse: Client) -> None:
    assert ilse.post("/admin/logout/").headers["Location"] == "/login/"
    assert ilse.get("/admin/").headers["Location"] == "/login/"
    assert len(staff.audited("signed_out")) == 1


def test_an_administrator_takes_over_no_account_by_a_password_of_their_choosing(ilse: Client) -> None:
    carla = staff.carla()
    words = {"password1": "een andere lange zin", "password2": "een andere lange zin", "password": "x"}
    words |= {"usable_password": "true"}
    fields = {"username": "carla", "alias": "Carla", "is_active": "on", "languages": ""}
    page = f"/admin/counsellors/person/{carla.pk}/"
    assert ilse.get(f"{page}password/", follow=True).redirect_chain[-1][0] == "/admin/"
    ilse.post(f"{page}password/", words, follow=True)
    ilse.post(f"{page}change/", fields | words)
    carla.refresh_from_db()
    assert carla.check_password(staff.PASSWORD)
    assert "password" not in ilse.get(f"{page}change/").content.decode().replace("password_change", "")


def test_an_administrator_takes_over_no_account_by_forgetting_its_second_factor(ilse: Client) -> None:
    carla = staff.carla()
    fields = {"action": "forget_second_factor", "_selected_action": carla.pk}
    ilse.post("/admin/counsellors/person/", fields)
    carla.refresh_from_db()
    assert carla.check_password(staff.PASSWORD)
    assert TOTPDevice.objects.filter(user=carla).exists()


def test_an_administrator_makes_no_account_with_a_password_people_are_invited(ilse: Client) -> None:
    words = {"password1": "een andere lange zin", "password2": "een andere lange zin"}
    fields = {"username": "daan", "alias": "Daan"} | words
    assert ilse.post("/admin/counsellors/person/add/", fields).status_code == 403
    assert not Person.objects.filter(username="daan").exists()
    assert 'href="/people/invite/"' in ilse.get("/admin/counsellors/person/").content.decode()


def test_a_list_of_people_tells_no_hash_letter_by_letter(ilse: Client) -> None:
    staff.carla()
    assert ilse.get("/admin/counsellors/person/?password__startswith=argon2").status_code == 400


def test_the_own_password_is_changed_where_everybody_s_is(ilse: Client) -> None:
    words = {
        "old_password": staff.PASSWORD,
        "new_password1": "een nieuwe zin",
        "new_password2": "een nieuwe zin",
    }
    for answer in (ilse.get("/admin/password_change/"), ilse.post("/admin/password_change/", words)):
        assert answer.headers["Location"] == "/account/password/"
    assert Person.objects.get(username="ilse").check_password(staff.PASSWORD)


def test_no_page_of_a_person_shows_the_hash_or_the_secret(ilse: Client) -> None:
    carla = staff.carla()
    page = ilse.get(f"/admin/counsellors/person/{carla.pk}/change/").content.decode()
    assert carla.password.split("$")[-1] not in page
    assert TOTPDevice.objects.get(user=carla).key not in page


def test_nobody_is_renamed_to_what_a_colleague_is_called(ilse: Client) -> None:
    carla = staff.carla()
    fields = {"username": "carla", "alias": "ILSE", "is_active": "on", "languages": ""}
    page = ilse.post(f"/admin/counsellors/person/{carla.pk}/change/", fields)
    assert "Zo heet of heette een collega al" in page.content.decode()
    carla.refresh_from_db()
    assert carla.alias == "Carla"


@pytest.mark.parametrize(
    ("typed", "kept"), [("nl  en", "nl en"), ("", ""), ("Nederlands", None), ("nl, en", None)]
)
def test_languages_are_known_codes_since_a_slip_would_leave_somebody_without_callers(
    ilse: Client, typed: str, kept: str | None
) -> None:
    carla = staff.carla()
    Person.objects.filter(pk=carla.pk).update(languages="en")
    fields = {"username": carla.username, "alias": "Carla", "is_active": "on", "languages": typed}
    page = ilse.post(f"/admin/counsellors/person/{carla.pk}/change/", fields)
    carla.refresh_from_db()
    assert carla.languages == ("en" if kept is None else kept)
    assert page.status_code == (200 if kept is None else 302)


def test_nobody_deletes_a_person(ilse: Client) -> None:
    carla = staff.carla()
    assert ilse.post(f"/admin/counsellors/person/{carla.pk}/delete/", {"post": "yes"}).status_code == 403
    assert Person.objects.filter(pk=carla.pk).exists()


@pytest.mark.parametrize("label", ["auditrow", "device"])
def test_audit_rows_and_devices_cannot_be_added_changed_or_deleted(ilse: Client, label: str) -> None:
    carla = staff.carla()
    audit.record(carla, "sign_in")
    Device.objects.create(
        id="d", person=carla, key=b"k", label="Laptop", enrolled_at=clock.now(), used_at=clock.now()
    )
    row = "d" if label == "device" else AuditRow.objects.latest("pk").pk
    base = f"/admin/counsellors/{label}/"
    assert ilse.get(f"{base}{row}/change/").status_code == 200
    for path in ("add/", f"{row}/change/", f"{row}/delete/"):
        assert ilse.post(base + path, {"post": "yes", "action": "x", "label": "x"}).status_code == 403


def test_the_admin_s_own_files_are_served(ilse: Client) -> None:
    answer = ilse.get("/static/admin/css/base.css")
    assert answer.status_code == 200
    assert answer.headers["Content-Type"].startswith("text/css")
    for path in ("/static/../manage.py", "/static/admin/", "/static/admin/none.js"):
        assert ilse.get(path).status_code == 404
