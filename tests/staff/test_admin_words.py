"""The admin is in the language of its user: no field, table or choice has only its name in the code."""

import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from django.contrib import admin
from django.db import models
from django.test import RequestFactory
from django.utils import translation

from counsellors import audit
from counsellors.administration.log import action_in_words
from tests.support import admin_pages as staff

pytestmark = pytest.mark.django_db
LANGUAGES = ("nl", "en")


def shown() -> Iterator[tuple[type[models.Model], list[str]]]:
    """Returns each model of ours with a page of its own, or rows in another one's form, and its fields
    there."""
    request = RequestFactory().get("/")
    request.user = staff.ilse()
    for model, page in admin.site._registry.items():
        inlines = [inline(model, admin.site) for inline in page.inlines]
        for one in (page, *inlines):
            fields = one.get_fields(request)
            listed = [*getattr(one, "list_display", ())]
            names = {field.name for field in one.model._meta.get_fields()}
            yield one.model, sorted({*fields, *listed} & names)


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_table_and_field_of_the_admin_has_a_word(language: str) -> None:
    with translation.override(language):
        for model, fields in shown():
            meta = model._meta
            for words in (meta.verbose_name, meta.verbose_name_plural, meta.app_config.verbose_name):
                assert "admin." not in str(words), (meta.label, words)
            for name in fields:
                field = meta.get_field(name)
                assert isinstance(field, models.Field)
                words = str(field.verbose_name)
                assert words, (meta.label, name)
                assert not words.startswith(("admin.", "hours.")), (meta.label, name)
                if language == "nl":
                    assert words != name.replace("_", " "), f"{meta.label}.{name} in English"
                for _, choice in field.choices or ():
                    assert not str(choice).startswith("admin."), (meta.label, name, choice)


@pytest.mark.parametrize(("language", "says"), [("nl", "persoon wijzigen"), ("en", "Change person")])
def test_a_form_is_in_the_language_of_the_browser(language: str, says: str) -> None:
    browser = staff.sign_in(staff.ilse())
    page = browser.get(
        f"/admin/counsellors/person/{staff.carla().pk}/change/", headers={"accept-language": language}
    ).content.decode()
    assert says in page
    assert ".help" not in page
    index = browser.get("/admin/", headers={"accept-language": language}).content.decode()
    assert ("Medewerkers" if language == "nl" else "Staff") in index


ROOT = Path(__file__).parents[2]
RECORDED = re.compile(r"""audit\.record\(\s*[\w.]+,\s*"(\w+)\"""", re.DOTALL)


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_deed_that_is_recorded_has_a_word(language: str) -> None:
    code = "".join(path.read_text() for app in ("chat", "counsellors") for path in (ROOT / app).rglob("*.py"))
    actions = {
        *RECORDED.findall(code),
        "forbidden",
        "wall",
        "admin_added",
        "admin_changed",
        "approval_lapsed",
    }
    assert len(actions) > 40
    with translation.override(language):
        own_word = {"rota", "theme"} if language == "en" else set()
        assert {action for action in actions if action_in_words(action) == action} == own_word


def test_the_log_tells_names_and_words_and_no_handle_and_no_code() -> None:
    ilse, carla = staff.ilse(), staff.carla()
    audit.record(ilse, "flag_seen", subject=carla.handle)
    audit.record(ilse, "admin_changed", subject=carla.handle, detail="person is_active: True → False")
    page = staff.sign_in(ilse).get("/admin/counsellors/auditrow/?q=Carla").content.decode()
    rows = page.split('id="result_list"')[1].split("</table>")[0]
    assert "Ilse" in rows
    assert "Carla" in rows
    for code in (carla.handle, ilse.handle, "flag_seen", "is_active", "admin_changed"):
        assert code not in rows


def test_what_django_s_own_dutch_lacks_is_dutch_here() -> None:
    with translation.override("nl"):
        assert translation.gettext("- Select an option -") == "– Kies –"
        assert translation.gettext("Pagination %(name)s") == "Bladeren door %(name)s"
