"""The admin speaks the language of who looks: no field, table or choice has only its name in the code."""

from collections.abc import Iterator

import pytest
from django.contrib import admin
from django.db import models
from django.test import RequestFactory
from django.utils import translation

from tests.support import admin_pages as staff

pytestmark = pytest.mark.django_db
LANGUAGES = ("nl", "en")


def shown() -> Iterator[tuple[type[models.Model], list[str]]]:
    """Each model of ours with a page of its own, or rows in another one's form; and its fields there."""
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


@pytest.mark.parametrize(("language", "says"), [("nl", "Hoogstens wachtend"), ("en", "Waiting at most")])
def test_a_form_is_in_the_language_of_the_browser(language: str, says: str) -> None:
    browser = staff.sign_in(staff.ilse())
    page = browser.get("/admin/chat/line/add/", headers={"accept-language": language}).content.decode()
    assert says in page
    assert ".help" not in page
    index = browser.get("/admin/", headers={"accept-language": language}).content.decode()
    assert ("Medewerkers" if language == "nl" else "Staff") in index
