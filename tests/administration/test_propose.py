"""What `helpline propose` asks for needs the same approval as what a page asks for."""

from io import StringIO

import pytest
from django.core.management import CommandError, call_command

from chat.models import ApprovalRequest, Line, Service, Work
from counsellors.certificates import certified
from tests.support import admin_pages
from tests.support.domain.approvals import confirms
from tests.support.domain.cast import Counsellor

pytestmark = pytest.mark.django_db


def proposes(*words: str, by: str = "ilse") -> str:
    out = StringIO()
    call_command("propose", "--by", by, *words, stdout=out)
    return out.getvalue()


@pytest.fixture(autouse=True)
def ilse(db: None) -> str:
    return admin_pages.ilse().handle


@pytest.mark.usefixtures("all_long_there")
def test_a_field_is_asked_for_in_an_administrator_s_name_and_a_supervisor_says_yes(
    ilse: str, floor: Counsellor
) -> None:
    assert "waits" in proposes("line", "helpwanted", "hosts", "praat.example.org", "chat.example.org")
    approval = ApprovalRequest.objects.get()
    assert approval.asked_by.handle == ilse
    assert admin_pages.audited("by_command") == [("", "helpwanted", "hosts")]
    confirms(floor, approval)
    assert Line.objects.get(pk="helpwanted").hosts == "praat.example.org chat.example.org"
    with pytest.raises(CommandError, match="or --empty"):
        proposes("line", "helpwanted", "hosts")
    assert "praat.example.org chat.example.org → –" in proposes("line", "helpwanted", "hosts", "--empty")
    confirms(floor, ApprovalRequest.objects.get(ended_at=None))
    assert Line.objects.get(pk="helpwanted").hosts == ""


def test_where_nobody_is_second_it_is_done(helpwanted: Line) -> None:
    Service.objects.create(slug="csg", name="CSG")
    assert "nobody counts" in proposes("line", "helpwanted", "services", "csg")
    assert [one.pk for one in helpwanted.services.all()] == ["csg"]
    proposes("service", "csg", "phone", "0900", "0101")
    assert Service.objects.get(pk="csg").phone == "0900 0101"
    proposes("line", "helpwanted", "path", "JONGEREN")
    assert Line.objects.get(pk="helpwanted").path == "jongeren", "as addresses are written"


@pytest.mark.parametrize("certified_here", [False, True])
def test_under_roots_who_moves_an_address_is_told_to_list_it(
    helpwanted: Line, monkeypatch: pytest.MonkeyPatch, certified_here: bool
) -> None:
    monkeypatch.setattr(certified, "is_needed", lambda: certified_here)
    assert ("root paths" in proposes("line", "helpwanted", "path", "chat")) is certified_here
    assert "root paths" not in proposes("line", "helpwanted", "phone", "0900")


def test_in_whose_name_may_stand_behind_and_a_host_that_no_setting_names_is_told(helpwanted: Line) -> None:
    out = StringIO()
    call_command("propose", "line", "helpwanted", "hosts", "praat.example.org", "--by", "ilse", stdout=out)
    assert "hosts: – → praat.example.org" in out.getvalue()
    assert "Nobody gets in at praat.example.org yet" in out.getvalue()
    assert Line.objects.get(pk="helpwanted").hosts == "praat.example.org"


@pytest.mark.usefixtures("all_long_there")
def test_work_and_roles_are_given_and_taken(floor: Counsellor, carla: Counsellor, stopitnow: Line) -> None:
    assert proposes("give", "carla", "line", "stopitnow") == "Done. It takes one person alone.\n"
    assert Work.objects.filter(person=carla.person, line=stopitnow).exists()
    assert admin_pages.audited("by_command") == [("", carla.person.handle, "line stopitnow")]
    assert "waits" in proposes("take", "floor", "role", "supervisor")


@pytest.mark.parametrize(
    ("words", "by", "says"),
    [
        (("line", "helpwanted", "phone", "1"), "carla", "no administrator"),
        (("line", "helpwanted", "phone", "1"), "nobody", "no administrator"),
        (("line", "none", "phone", "1"), "ilse", "There is no line none: helpwanted"),
        (("line", "helpwanted", "services", "none"), "ilse", "There is none"),
        (("give", "carla", "service", "none"), "ilse", "There is no service none"),
        (("line", "helpwanted", "hosts", "hulp.example"), "ilse", "HELPLINE_OWN_HOSTS"),
        (("line", "helpwanted", "hosts", "https://praat.example.org"), "ilse", "a full name"),
        (("line", "helpwanted", "phone", "bel", "ons"), "ilse", "three digits"),
        (("line", "helpwanted", "alert_url", "http://example.org"), "ilse", "geldige URL"),
        (("line", "helpwanted", "path", "/praat/"), "ilse", "slug"),
        (("line", "helpwanted", "hosts", "127.0.0.1"), "ilse", "no IP address"),
        (("line", "helpwanted", "phone", "112"), "", "in whose name"),
        (("line", "helpwanted", "retention", "1"), "ilse", "invalid choice"),
        (("give", "nobody", "role", "partner"), "ilse", "Nobody is called"),
        (("give", "carla", "role", "king"), "ilse", "no role"),
        (("give", "carla", "role", "counsellor"), "ilse", "already the current value"),
    ],
)
def test_what_cannot_be_is_said_in_a_sentence_and_leaves_nothing(
    carla: Counsellor, words: tuple[str, ...], by: str, says: str
) -> None:
    with pytest.raises(CommandError, match=says):
        proposes(*words, by=by)
    assert not ApprovalRequest.objects.exists()
    assert admin_pages.audited("by_command") == []
