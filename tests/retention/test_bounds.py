"""No conversation is kept for more than 90 days, whoever asks for it and by whatever way."""

from datetime import timedelta

import pytest
from django.db import IntegrityError, transaction

from chat.models import Conversation, Line
from tests.support import admin_pages
from tests.support.domain.cast import a_caller

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("own_keys")]
MOST, OUTSIDE = (
    timedelta(days=90),
    [timedelta(days=90, seconds=1), timedelta(days=3650), timedelta(seconds=-1)],
)
WORDS = {"nl": "Kies een bewaartijd van 0 tot en met 90 dagen.", "en": "Choose a retention of 0 to 90 days."}


@pytest.mark.parametrize("outside", OUTSIDE)
@pytest.mark.parametrize("rows", [Line, Conversation])
def test_the_database_refuses_a_retention_outside_its_bounds(
    helpwanted: Line, rows: type[Line] | type[Conversation], outside: timedelta
) -> None:
    a_caller()
    with pytest.raises(IntegrityError), transaction.atomic():
        rows._default_manager.update(retention=outside)


@pytest.mark.parametrize("inside", [timedelta(), MOST])
def test_nothing_and_ninety_days_are_within(helpwanted: Line, inside: timedelta) -> None:
    a_caller()
    assert Line.objects.update(retention=inside) == Conversation.objects.update(retention=inside) == 1


@pytest.mark.parametrize("language", ["nl", "en"])
def test_an_administrator_who_types_ten_years_is_told_the_bounds_in_words(
    helpwanted: Line, language: str
) -> None:
    client = admin_pages.sign_in(admin_pages.ilse())
    numbers = {"TOTAL_FORMS": "0", "INITIAL_FORMS": "0"}
    tables = {
        f"{prefix}-{name}": value
        for prefix in ("weeklyhours", "holidayhours", "datedhours")
        for name, value in numbers.items()
    }
    typed = {"slug": "helpwanted", "name": "Helpwanted", "state": "open", "retention": str(3650 * 24)}
    times = {"boost_soon": "0", "boost_acute": "15"}
    client.defaults["HTTP_ACCEPT_LANGUAGE"] = language
    page = client.post("/admin/chat/line/helpwanted/change/", typed | times | tables)
    assert page.status_code == 200
    assert WORDS[language] in page.content.decode()
    helpwanted.refresh_from_db()
    assert helpwanted.retention <= MOST
