"""A guest's link goes from the outbox to the service's contact, and is stored nowhere meanwhile."""

import base64
import hmac
from hashlib import sha256

import pytest
from django.core import mail
from django.db import connection
from django.utils import timezone
from pytest_django import DjangoCaptureOnCommitCallbacks, Settings

from chat import bells, outbox
from chat.bells import ringing
from chat.handoff import invitations
from chat.handoff.cards import card
from chat.models import Conversation, Figure, Invitation, Member, Outgoing, Service
from counsellors.models import AuditRow, Person
from helpline.lib import clock, guest_links
from helpline.lib.signed_post import new_secret
from tests.support.domain.cast import Counsellor, later
from tests.support.domain.guests import CONTACT, Asked, asked, delivered, veilig_thuis
from tests.support.domain.receivers import Receiver

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _mail_goes_out(settings: Settings) -> None:
    settings.MAIL_HOST = "mail.example"


@pytest.fixture
def by_mail(carla: Counsellor) -> Asked:
    veilig_thuis()
    return asked(carla)


@pytest.fixture
def by_webhook(carla: Counsellor, receiver: Receiver) -> Asked:
    veilig_thuis(contact_mail="", contact_url=f"{receiver.url}/gast", contact_secret=new_secret())
    return asked(carla, urgency=2)


def outcomes() -> dict[str, int]:
    return {row.key: row.value for row in Figure.objects.filter(name="link")}


def contact_of(found: Asked, carla: Counsellor) -> str | None:
    shown = card(found.invitation.pk, carla.person)
    return shown.contact if shown is not None else None


# What is sent, and to whom


def test_where_the_contact_was_removed_before_the_yes_the_inviter_reads_that_no_link_goes_out(
    by_mail: Asked, carla: Counsellor
) -> None:
    Service.objects.update(contact_mail="")
    by_mail.says_yes()
    assert (contact_of(by_mail, carla), Outgoing.objects.count()) == ("failing", 0)


def test_after_the_caller_s_yes_the_service_s_own_inbox_gets_the_link(by_mail: Asked) -> None:
    assert delivered() == 0, "the caller has not answered"
    invitation = by_mail.says_yes()
    assert delivered() == 1
    [sent] = mail.outbox
    assert sent.to == [CONTACT]
    assert f"https://hulp.example/guest/#{by_mail.token}\n" in sent.body
    assert invitation.expires_at is not None
    assert "Helpwanted vraagt" in sent.body
    assert "leest een PIN voor" in sent.body
    assert by_mail.pin not in sent.body
    assert not Outgoing.objects.exists()
    assert outcomes() == {"veilig-thuis:told": 1}


def test_a_no_sends_nothing(by_mail: Asked) -> None:
    invitations.consent(by_mail.anna.seat, by_mail.invitation.pk, yes=False, history=False, now=clock.now())
    assert not Outgoing.objects.exists()


@pytest.mark.parametrize(
    ("locale", "words"), [("nl", "De link werkt één keer, tot "), ("en", "The link works once, until ")]
)
def test_the_mail_speaks_the_conversation_s_language_and_says_until_when(
    carla: Counsellor, locale: str, words: str
) -> None:
    veilig_thuis()
    found = asked(carla, locale=locale)
    expires = found.says_yes().expires_at
    delivered()
    assert expires is not None
    assert f"{words}{timezone.localtime(expires):%H:%M}" in mail.outbox[0].body


def test_the_service_s_own_system_gets_a_signed_post_of_a_kind_of_its_own(
    by_webhook: Asked, receiver: Receiver
) -> None:
    invitation = by_webhook.says_yes()
    assert delivered() == 1
    [(headers, body)] = receiver.got
    secret = Service.objects.get().contact_secret
    key = base64.b64decode(secret.removeprefix("whsec_"))
    signed = f"{headers['webhook-id']}.{headers['webhook-timestamp']}.".encode() + body
    expected = base64.b64encode(hmac.new(key, signed, sha256).digest()).decode()
    assert headers["webhook-signature"] == f"v1,{expected}"
    assert invitation.expires_at is not None
    assert receiver.bodies() == [
        {
            "kind": "guest",
            "delivery": headers["webhook-id"],
            "service": "veilig-thuis",
            "line": "helpwanted",
            "urgency": 2,
            "expires": clock.stamp(invitation.expires_at),
            "link": f"https://hulp.example/guest/#{by_webhook.token}",
        }
    ]


def test_a_service_with_both_is_told_by_both(carla: Counsellor, receiver: Receiver) -> None:
    veilig_thuis(contact_url=f"{receiver.url}/gast", contact_secret=new_secret())
    found = asked(carla)
    found.says_yes()
    assert delivered() == 2
    assert len(receiver.got) == len(mail.outbox) == 1
    details = AuditRow.objects.filter(action="guest_link_sent").values_list("detail", flat=True)
    assert set(details) == {"veilig-thuis mail", "veilig-thuis webhook"}


def test_neither_mail_nor_webhook_names_the_caller_the_counsellor_or_the_conversation(
    carla: Counsellor, receiver: Receiver
) -> None:
    veilig_thuis(contact_url=f"{receiver.url}/gast", contact_secret=new_secret())
    found = asked(carla)
    found.says_yes()
    delivered()
    [sent] = mail.outbox
    [(headers, body)] = receiver.got
    told = f"{sent.subject} {sent.body} {headers} {body.decode()}".replace(found.token, "").lower()
    known = {found.invitation.pk, *Conversation.objects.values_list("pk", flat=True)}
    known |= set(Member.objects.values_list("pk", flat=True))
    known |= set(Person.objects.values_list("handle", flat=True)) | {"carla", "anna"}
    assert not [name for name in known if name.lower() in told]


# What is stored meanwhile


def rows_anywhere(needle: str) -> list[str]:
    """Returns the tables in which a text is, in any column."""
    found = []
    with connection.cursor() as cursor:
        for table in connection.introspection.table_names(cursor):
            cursor.execute(f'SELECT * FROM "{table}"')  # noqa: S608 – our own tables
            if any(needle in str(value) for row in cursor.fetchall() for value in row):
                found.append(table)
    return found


@pytest.mark.parametrize("way", ["by_mail", "by_webhook"])
def test_the_token_stands_in_no_row_before_while_and_after_it_is_sent(
    request: pytest.FixtureRequest, way: str
) -> None:
    found: Asked = request.getfixturevalue(way)
    found.says_yes()
    assert Outgoing.objects.exists()
    secret = found.token[-20:]
    assert rows_anywhere(secret) == []
    delivered()
    assert rows_anywhere(secret) == []
    assert rows_anywhere(found.invitation.pk), "the search can find"


# If nobody accepts it


def test_a_link_that_is_not_taken_is_tried_again_and_the_inviter_is_told_both(
    by_webhook: Asked, carla: Counsellor, receiver: Receiver
) -> None:
    receiver.answers = [500, 204]
    by_webhook.says_yes()
    assert contact_of(by_webhook, carla) == "sending"
    assert delivered() == 0
    assert contact_of(by_webhook, carla) == "failing"
    assert outbox.deliver(now=later(clock.now(), 2)) == 1
    assert contact_of(by_webhook, carla) == "taken"
    assert len({body for _, body in receiver.got}) == 1


def test_what_one_contact_has_taken_is_not_called_failing_because_of_the_other(
    carla: Counsellor, receiver: Receiver
) -> None:
    receiver.answers = [500] * 9
    veilig_thuis(contact_url=f"{receiver.url}/gast", contact_secret=new_secret())
    found = asked(carla)
    found.says_yes()
    for seconds in range(5):
        outbox.deliver(now=later(clock.now(), seconds))
    assert contact_of(found, carla) == "taken"


def test_a_bell_tells_the_inviter_s_console_that_the_link_was_taken(
    by_mail: Asked,
    carla: Counsellor,
    monkeypatch: pytest.MonkeyPatch,
    django_capture_on_commit_callbacks: DjangoCaptureOnCommitCallbacks,
) -> None:
    by_mail.says_yes()
    heard: list[object] = []
    monkeypatch.setattr(ringing._tower, "ring", heard.append)
    with django_capture_on_commit_callbacks(execute=True):
        delivered()
    assert heard == [bells.InvitationChanged(carla.person.pk, by_mail.invitation.pk)]


def test_a_link_withdrawn_before_it_was_sent_is_not_sent_and_that_is_on_record(
    by_mail: Asked, carla: Counsellor
) -> None:
    by_mail.says_yes()
    invitations.withdraw(by_mail.invitation.pk, carla.person, carla.device.pk, now=clock.now())
    assert delivered() == 0
    assert mail.outbox == []
    assert not Outgoing.objects.exists()
    row = AuditRow.objects.get(action="guest_link_not_sent")
    assert (row.subject, row.detail) == (by_mail.anna.recorded_as, "veilig-thuis mail")


def test_a_link_that_is_opened_while_its_mail_server_still_answers_counts_as_sent(by_mail: Asked) -> None:
    by_mail.says_yes()
    now = clock.now()
    [row] = Outgoing.objects.all()
    assert outbox._claim(row, now=now)
    Invitation.objects.update(state="accepted")
    assert outbox.deliver(now=later(now, 1)) == 0
    assert not AuditRow.objects.filter(action="guest_link_not_sent").exists()
    outbox._settle(row, "told", now=later(now, 2))
    assert outcomes() == {"veilig-thuis:told": 1}
    assert AuditRow.objects.filter(action="guest_link_sent").exists()


def test_a_name_that_no_header_takes_is_a_failure_like_any_other_and_stops_no_other_mail(
    by_mail: Asked, daan: Counsellor
) -> None:
    Service.objects.update(name="Veilig\nThuis")
    by_mail.says_yes()
    Service.objects.update(name="Veilig Thuis")
    other = asked(daan)
    other.says_yes()
    assert delivered() == 1
    assert other.token in mail.outbox[0].body
    assert Outgoing.objects.get().invitation == by_mail.invitation


def test_the_address_is_the_contact_as_it_is_at_each_try(by_mail: Asked) -> None:
    by_mail.says_yes()
    Service.objects.update(contact_mail="nieuw@veilig-thuis.example")
    delivered()
    assert mail.outbox[0].to == ["nieuw@veilig-thuis.example"]


def test_another_server_secret_makes_other_links(by_mail: Asked, settings: Settings) -> None:
    before = by_mail.token, by_mail.pin
    settings.SECRET_KEY = "another one"
    assert by_mail.token != before[0]
    assert guest_links.token(Invitation.objects.get().pk) == by_mail.token
