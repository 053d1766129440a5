"""The referral directory shows what is open now, and what nobody has verified for a year."""

import re
from datetime import UTC, date, datetime, timedelta

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from chat.handoff import directory
from chat.lines import templates
from chat.models import DatedHours, Line, Service, WeeklyHours
from chat.requests.staff import _everything
from chat.runtime import first_services
from chat.views import line_state
from helpline import languages
from tests.support.domain.cast import Counsellor, a_line

pytestmark = pytest.mark.django_db
MONDAY_NOON = datetime(2026, 11, 9, 11, tzinfo=UTC)


@pytest.fixture
def seeded() -> None:
    first_services.fill()


def a_service(slug: str = "csg", **facts: object) -> Service:
    return Service.objects.create(slug=slug, name=slug.upper(), **facts)


def is_open(slug: str, now: datetime = MONDAY_NOON) -> bool | None:
    return next(row.open for row in directory.listed(now=now) if row.service.pk == slug)


# Open now


def test_hours_that_nobody_knows_stay_unknown() -> None:
    a_service()
    assert is_open("csg") is None
    DatedHours.objects.create(service_id="csg", date=MONDAY_NOON.date(), reason="inventaris")
    assert is_open("csg") is None


def test_hours_that_somebody_read_are_there_from_the_first_day(seeded: None) -> None:
    """Seeding again changes nothing that the organisation has set since."""
    assert is_open("kindertelefoon", datetime(2026, 11, 14, 12, tzinfo=UTC)) is True, "a Saturday"
    assert is_open("kindertelefoon", datetime(2026, 11, 14, 21, tzinfo=UTC)) is False
    assert Service.objects.get(pk="kindertelefoon").source
    WeeklyHours.objects.filter(service="kindertelefoon").delete()
    first_services.fill()
    assert is_open("kindertelefoon") is None


def test_a_service_with_weekly_hours_is_open_or_closed() -> None:
    a_service()
    WeeklyHours.objects.create(service_id="csg", weekday=0, opens="09:00", closes="17:00")
    assert is_open("csg") is True
    assert is_open("csg", MONDAY_NOON + timedelta(hours=5)) is False


def test_day_and_night_is_open_save_on_an_exception() -> None:
    a_service(always_open=True)
    assert is_open("csg") is True
    DatedHours.objects.create(service_id="csg", date=MONDAY_NOON.date(), reason="storing")
    assert is_open("csg") is False


def test_a_service_that_is_a_line_is_as_open_as_the_line(helpwanted: Line) -> None:
    a_service("helpwanted")
    assert is_open("helpwanted") is True
    Line.objects.update(state=Line.State.CLOSED)
    assert is_open("helpwanted") is False


def test_a_page_is_told_when_a_number_opens_or_closes_next(seeded: None, helpwanted: Line) -> None:
    rows = {row.service.pk: row for row in directory.of_line(helpwanted, now=MONDAY_NOON)}
    evening = datetime(2026, 11, 9, 20, tzinfo=UTC)
    assert directory.next_change(rows["kindertelefoon"], now=MONDAY_NOON) == evening
    assert directory.next_change(rows["113"], now=MONDAY_NOON) is None, "day and night"
    assert directory.next_change(rows["politie"], now=MONDAY_NOON) is None
    assert directory.next_change(rows["mind"], now=MONDAY_NOON) is None, "nobody knows"


def test_a_line_whose_chosen_services_have_all_ended_shows_those_of_its_template(
    seeded: None, helpwanted: Line
) -> None:
    templated = {row.service.pk for row in directory.of_line(helpwanted, now=MONDAY_NOON)}
    helpwanted.services.set([a_service("a-closed-one", ended_at=MONDAY_NOON)])
    assert {row.service.pk for row in directory.of_line(helpwanted, now=MONDAY_NOON)} == templated != set()


def test_a_line_that_chose_no_services_shows_those_of_its_template(seeded: None, client: Client) -> None:
    """Somebody who worries about themselves is shown no service for victims, and no other line."""
    a_line("stopitnow", template="worried-adults")
    told = client.get("/api/lines/stopitnow/").json()
    for services in ({row["service"] for row in told["services"]}, told["hours"].keys() - {"line"}):
        assert services == {*templates.read("worried-adults").services}


def test_the_whole_directory_takes_the_same_queries_however_long_it_is(seeded: None) -> None:
    with CaptureQueriesContext(
        connection,
    ) as all_of_it:
        directory.listed(now=MONDAY_NOON)
    Service.objects.exclude(slug__in=["112", "csg"]).delete()
    with CaptureQueriesContext(connection) as two_rows:
        directory.listed(now=MONDAY_NOON)
    assert len(all_of_it) == len(two_rows)


def test_a_console_and_a_closed_page_are_told_open_closed_or_unknown(
    seeded: None, carla: Counsellor, client: Client
) -> None:
    for weekday in range(7):
        WeeklyHours.objects.create(service_id="mind", weekday=weekday)
    wanted = {"csg": True, "mind": False, "fier": None}
    shown = {card.service: card.open for card in _everything(carla.person)["services"]}
    assert {slug: shown[slug] for slug in wanted} == wanted
    answer = client.get("/api/lines/helpwanted/").json()["services"]
    assert {row["service"]: row["open"] for row in answer if row["service"] in wanted} == wanted
    assert answer[0]["service"] == "112"
    hours = client.get("/api/lines/helpwanted/").json()["hours"]
    assert {slug: hours[slug]["open"] for slug in wanted} == wanted
    assert hours["line"] == {"open": True, "changes": None}, "as a supervisor set it"


# What the rows say


def test_the_seeded_rows_name_their_source_and_never_guess_hours(seeded: None) -> None:
    assert Service.objects.count() == 19
    hours = set(WeeklyHours.objects.values_list("service", flat=True))
    assert hours == {"kindertelefoon"}, "the only one that says so on a page of its own"
    always = set(Service.objects.filter(always_open=True).values_list("pk", flat=True))
    assert always == {"112", "csg", "113", "veilig-thuis", "politie"}
    unsourced = set(Service.objects.filter(source="").values_list("pk", flat=True))
    assert unsourced == set(Service.objects.filter(verified_on=None).values_list("pk", flat=True))
    for service in Service.objects.all():
        service.full_clean()


def test_every_seeded_row_speaks_to_callers_and_to_the_staff_in_both_languages(seeded: None) -> None:
    """A sentence with `je` has one with `u`, and no caller reads what is for the staff."""
    informal = re.compile(r"\b(je|jij|jou|jouw)\b", re.IGNORECASE)
    for one in Service.objects.all():
        assert languages.is_complete(one.purpose), one.pk
        assert languages.is_complete(one.for_callers), one.pk
        assert all(text.endswith(".") for text in one.for_callers.values()), one.pk
        assert not informal.search(one.for_callers.get("nl.formal", one.for_callers["nl"])), one.pk
        staff_words, callers_words = (
            {text.lower() for text in says.values()} for says in (one.purpose, one.for_callers)
        )
        assert staff_words.isdisjoint(callers_words)


def test_a_line_s_page_tells_callers_what_a_service_is_for_as_it_addresses_them(
    seeded: None, client: Client
) -> None:
    a_line("stopitnow", template="worried-adults", formal=True)
    told = client.get("/api/lines/stopitnow/").json()["services"]
    waag = next(row for row in told if row["service"] == "de-waag")
    assert waag["purpose"]["nl"].startswith("Behandeling als u zich zorgen maakt")
    assert waag["purpose"]["en"].startswith("Treatment when you worry")


def test_the_closed_page_tells_how_to_reach_a_service_and_what_it_costs(seeded: None) -> None:
    line = a_line()
    rows = line_state._services(line, directory.of_line(line, now=MONDAY_NOON))
    csg = next(row for row in rows if row["service"] == "csg")
    assert csg["free"] is True
    assert csg["chat"] is True
    assert csg["site"] == "https://centrumseksueelgeweld.nl/"


@pytest.mark.parametrize(
    ("verified", "stale"), [(date(2025, 11, 25), False), (date(2025, 11, 24), True), (None, True)]
)
def test_a_row_is_stale_a_year_after_it_was_verified(verified: date | None, stale: bool) -> None:
    service = a_service(verified_on=verified)
    assert directory.is_stale(service, today=date(2026, 11, 25)) == stale
