"""Two persons decide to which address the links for a service's guests are sent."""

import pytest

from chat.models import Service
from chat.supervision import needs_approval
from counsellors.models import AuditRow
from helpline.lib import clock
from helpline.lib.errors import BadFrame
from tests.support.domain.approvals import confirms
from tests.support.domain.cast import Counsellor

pytestmark = pytest.mark.usefixtures("all_long_there")


def test_a_service_s_contact_is_set_changed_and_emptied_by_two(
    floor: Counsellor, otto: Counsellor, a_service: str
) -> None:
    service = Service.objects.get(pk=a_service)
    for mail, url in (("desk@example.org", "https://example.org/link"), ("", "")):
        approval = needs_approval.set_contact(floor.person, a_service, mail=mail, url=url, now=clock.now())
        service.refresh_from_db()
        assert service.contact_mail != mail
        confirms(otto, approval)
        service.refresh_from_db()
        assert (service.contact_mail, service.contact_url) == (mail, url)
        assert bool(service.contact_secret) == bool(url)
    assert not AuditRow.objects.filter(detail__contains="example.org").exists()


@pytest.mark.parametrize("contact", [("nobody", ""), ("", "http://example.org/"), ("", "javascript:x")])
def test_what_is_no_address_is_no_contact(
    floor: Counsellor, a_service: str, contact: tuple[str, str]
) -> None:
    mail, url = contact
    with pytest.raises(BadFrame):
        needs_approval.set_contact(floor.person, a_service, mail=mail, url=url, now=clock.now())


@pytest.fixture
def a_service(db: None) -> str:
    return Service.objects.create(slug="csg", name="CSG").pk


def test_the_secret_of_a_webhook_stays_with_its_address(
    floor: Counsellor, otto: Counsellor, a_service: str
) -> None:
    def becomes(mail: str, url: str) -> str:
        confirms(
            otto, needs_approval.set_contact(floor.person, a_service, mail=mail, url=url, now=clock.now())
        )
        return Service.objects.get(pk=a_service).contact_secret

    first = becomes("", "https://example.org/link")
    assert becomes("desk@example.org", "https://example.org/link") == first
    assert becomes("desk@example.org", "https://elsewhere.example.org/") not in {"", first}
