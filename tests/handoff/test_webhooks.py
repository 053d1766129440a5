"""The notice to a partner's own system is signed, repeated while it rings, and contains nothing that the
caller wrote."""

import base64
import hmac
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from hashlib import sha256

import pytest
from django.db import transaction

from chat import outbox, states
from chat.conversation.seats import Seat
from chat.handoff import invitations
from chat.handoff.invitations import To
from chat.models import Conversation, Figure, Invitation, Line, Member, Outgoing, Service
from chat.runtime import deadlines
from chat.states import How
from counsellors.models import Person
from helpline.lib import clock
from helpline.lib.signed_post import SignedPost, new_secret
from tests.support.domain.cast import Caller, Counsellor, a_caller, a_partner, later
from tests.support.domain.receivers import Receiver, receiving


@pytest.fixture
def csg(db: None, receiver: Receiver) -> Service:
    """Returns a service whose own system is notified."""
    return Service.objects.create(
        slug="csg", name="CSG", desk=True, webhook_url=f"{receiver.url}/bel", webhook_secret=new_secret()
    )


@pytest.fixture
def gijs(csg: Service) -> Counsellor:
    return a_partner("Gijs", csg)


def test_a_receiver_that_hangs_does_not_keep_what_others_accepted_from_being_settled(
    helpwanted: Line, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Their claims would end meanwhile, and another worker would send them a second time."""
    settled, settle = threading.Event(), outbox._settle
    seen: list[bool] = []

    def hangs() -> bool:
        seen.append(settled.wait(10))
        return True

    def noted(row: Outgoing, outcome: str, *, now: datetime) -> None:
        settle(row, outcome, now=now)
        settled.set()

    ways = {"slow": hangs, "fast": lambda: True}
    monkeypatch.setattr(outbox, "_sending", lambda row, now: ways[row.body])  # noqa: ARG005 – as it is called
    monkeypatch.setattr(outbox, "_settle", noted)
    now = clock.now()
    for body in ways:
        outbox.post_to_line(helpwanted, body, body, now=now, lasts=timedelta(hours=1))
    assert outbox.deliver(now=now) == 2
    assert seen == [True]


def test_an_error_that_nobody_expected_puts_off_one_message_and_no_other(
    helpwanted: Line, monkeypatch: pytest.MonkeyPatch
) -> None:
    def breaks() -> bool:
        raise RuntimeError

    ways = {"breaks": breaks, "fast": lambda: True}
    monkeypatch.setattr(outbox, "_sending", lambda row, now: ways[row.body])  # noqa: ARG005 – as it is called
    now = clock.now()
    for body in ways:
        outbox.post_to_line(helpwanted, body, body, now=now, lasts=timedelta(hours=1))
    assert outbox.deliver(now=now) == 1
    assert [row.body for row in Outgoing.objects.all()] == ["breaks"]


@dataclass
class Handoff:
    """Holds a handoff: Anna talks with Carla, who has asked her about CSG."""

    anna: Caller
    carla: Seat
    invitation: Invitation

    def consents(self, *, yes: bool = True, now: datetime | None = None) -> datetime:
        now = now or clock.now()
        invitations.consent(self.anna.seat, self.invitation.pk, yes=yes, history=False, now=now)
        self.invitation.refresh_from_db()
        return now


@pytest.fixture
def handoff(carla: Counsellor, gijs: Counsellor) -> Handoff:
    anna = a_caller(urgency=2)
    seat = carla.takes_next()
    anna.grants()
    asked = invitations.invite(seat, How.HANDOFF, To(service="csg"), None, now=clock.now())
    return Handoff(anna, seat, asked)


def outcomes() -> dict[str, int]:
    return {row.key: row.value for row in Figure.objects.filter(name="notice")}


# When a notice is written


def test_a_notice_is_written_when_it_rings_and_not_while_the_caller_is_asked(handoff: Handoff) -> None:
    assert not Outgoing.objects.exists()
    handoff.consents()
    assert Outgoing.objects.get().invitation == handoff.invitation


def test_a_caller_s_no_tells_nobody(handoff: Handoff) -> None:
    handoff.consents(yes=False)
    assert not Outgoing.objects.exists()


def test_ringing_that_was_rolled_back_tells_nobody(handoff: Handoff) -> None:
    with transaction.atomic():
        handoff.consents()
        transaction.set_rollback(True)
    assert not Outgoing.objects.exists()
    assert Invitation.objects.get().state == states.Invitation.ASKED


def test_a_service_without_a_webhook_is_not_told(handoff: Handoff, receiver: Receiver) -> None:
    Service.objects.update(webhook_url="")
    now = handoff.consents()
    assert not Outgoing.objects.exists()
    assert outbox.deliver(now=now) == 0


# What is sent


def test_the_signature_is_that_of_standard_webhooks() -> None:
    """This is the reference vector of the specification's own test suite."""
    post = SignedPost(
        "https://receiver.example/",
        "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw",
        "msg_p5jXN8AQM9LWM0D4loKWxJek",
        1614265330,
        b'{"test": 2432232314}',
    )
    assert post.signature == "v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE="


def test_the_partner_s_system_gets_a_signed_notice(
    handoff: Handoff, csg: Service, receiver: Receiver
) -> None:
    now = handoff.consents()
    assert outbox.deliver(now=now) == 1
    [(headers, body)] = receiver.got
    assert headers["content-type"] == "application/json"
    assert headers["webhook-timestamp"] == str(int(now.timestamp()))
    key = base64.b64decode(csg.webhook_secret.removeprefix("whsec_"))
    signed = f"{headers['webhook-id']}.{headers['webhook-timestamp']}.".encode() + body
    expected = base64.b64encode(hmac.new(key, signed, sha256).digest()).decode()
    assert headers["webhook-signature"] == f"v1,{expected}"
    assert handoff.invitation.expires_at is not None
    assert receiver.bodies() == [
        {
            "kind": "ringing",
            "delivery": headers["webhook-id"],
            "service": "csg",
            "line": "helpwanted",
            "urgency": 2,
            "expires": clock.stamp(handoff.invitation.expires_at),
        }
    ]
    assert not Outgoing.objects.exists()
    assert outcomes() == {"csg:told": 1}


def test_nothing_that_is_sent_points_to_the_caller_or_the_counsellor(
    handoff: Handoff, receiver: Receiver
) -> None:
    outbox.deliver(now=handoff.consents())
    [(headers, body)] = receiver.got
    sent = (" ".join(headers.values()) + body.decode()).lower()
    known = {handoff.invitation.pk, *Conversation.objects.values_list("pk", flat=True)}
    known |= set(Member.objects.values_list("pk", flat=True))
    known |= set(Person.objects.values_list("handle", flat=True)) | {"carla", "gijs", "anna"}
    assert len(known) >= 8
    assert not [name for name in known if name.lower() in sent]


# Until it is delivered, or no longer rings


def test_a_refused_notice_is_sent_again_later_and_later_with_the_same_id(
    handoff: Handoff, receiver: Receiver
) -> None:
    receiver.answers = [500, 404, 204]
    now = handoff.consents()
    assert outbox.deliver(now=now) == 0
    assert outbox.deliver(now=later(now, 0.9)) == 0
    assert len(receiver.got) == 1
    assert outbox.deliver(now=later(now, 1)) == 0
    assert outbox.deliver(now=later(now, 2.9)) == 0
    assert len(receiver.got) == 2
    assert outbox.deliver(now=later(now, 3)) == 1
    assert outbox.deliver(now=later(now, 30)) == 0
    assert len(receiver.got) == 3
    assert len({headers["webhook-id"] for headers, _ in receiver.got}) == 1
    assert len({body for _, body in receiver.got}) == 1
    assert len({headers["webhook-signature"] for headers, _ in receiver.got}) == 3


def test_it_gives_up_when_the_ringing_ends(handoff: Handoff, receiver: Receiver) -> None:
    receiver.answers = [503] * 100
    begin = handoff.consents()
    for second in range(0, 119, 1):
        outbox.deliver(now=later(begin, second))
    tries = len(receiver.got)
    assert 6 <= tries <= 9
    outbox.deliver(now=later(begin, 120))
    assert len(receiver.got) == tries
    assert not Outgoing.objects.exists()
    assert outcomes() == {"csg:given_up": 1}


def test_what_was_answered_or_withdrawn_is_not_told_any_more(
    handoff: Handoff, gijs: Counsellor, receiver: Receiver
) -> None:
    now = handoff.consents()
    invitations.decline(handoff.invitation.pk, gijs.person, gijs.device.pk, now=now)
    assert outbox.deliver(now=now) == 0
    assert receiver.got == []
    assert not Outgoing.objects.exists()


def test_a_purged_conversation_takes_its_notice_along(handoff: Handoff) -> None:
    handoff.consents()
    Conversation.objects.all().delete()
    assert not Outgoing.objects.exists()


# Other receivers, and failures


@pytest.mark.parametrize("status", [301, 302, 303, 307, 308])
def test_a_redirect_is_not_followed(handoff: Handoff, receiver: Receiver, status: int) -> None:
    receiver.answers = [status]
    now = handoff.consents()
    assert outbox.deliver(now=now) == 0
    assert len(receiver.got) == 1
    assert outbox.deliver(now=later(now, 1)) == 1


def test_a_certificate_that_nobody_vouches_for_is_told_nothing(
    handoff: Handoff, receiver: Receiver, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("SSL_CERT_FILE")
    assert outbox.deliver(now=handoff.consents()) == 0
    assert receiver.got == []


def test_plain_http_is_not_spoken() -> None:
    with receiving(None) as plain:
        assert not SignedPost(plain.url, new_secret(), "id", 1, b"{}").send(timeout=1)
        assert plain.got == []


def test_a_system_that_is_away_is_tried_again(handoff: Handoff, receiver: Receiver) -> None:
    own = Service.objects.get().webhook_url
    Service.objects.update(webhook_url="https://127.0.0.1:1/")
    now = handoff.consents()
    assert outbox.deliver(now=now) == 0
    Service.objects.update(webhook_url=own)
    assert outbox.deliver(now=later(now, 1)) == 1


def test_of_two_workers_one_sends(handoff: Handoff) -> None:
    now = handoff.consents()
    seen_by_one, seen_by_other = Outgoing.objects.get(), Outgoing.objects.get()
    assert outbox._claim(seen_by_one, now=now)
    assert not outbox._claim(seen_by_other, now=now)


def test_what_a_dead_worker_had_claimed_is_sent_by_the_next(handoff: Handoff, receiver: Receiver) -> None:
    now = handoff.consents()
    outbox._claim(Outgoing.objects.get(), now=now)
    assert outbox.deliver(now=later(now, 14)) == 0
    assert outbox.deliver(now=later(now, 15)) == 1


def test_of_two_workers_that_settle_one_counts(handoff: Handoff) -> None:
    now = handoff.consents()
    seen_by_one, seen_by_other = Outgoing.objects.get(), Outgoing.objects.get()
    outbox._settle(seen_by_one, "told", now=now)
    outbox._settle(seen_by_other, "told", now=now)
    assert outcomes() == {"csg:told": 1}


@pytest.mark.django_db(transaction=True)
def test_a_partner_who_keeps_silent_holds_no_deadline(handoff: Handoff, receiver: Receiver) -> None:
    receiver.silence = 2.5
    handoff.consents()
    stopping = threading.Event()
    thread = threading.Thread(target=outbox.deliver_until, args=(stopping, lambda: 0.05))
    thread.start()
    try:
        waited_until(lambda: bool(receiver.got))
        deadlines.meet(now=clock.now())
        assert outcomes() == {}, "they keep silent still"
        waited_until(lambda: outcomes() == {"csg:told": 1})
    finally:
        stopping.set()
        thread.join()


@pytest.mark.django_db(transaction=True)
def test_due_rows_are_searched_for_as_often_as_the_worker_makes_its_rounds() -> None:
    pauses, waited = iter([1.0, 4.0, 1.0]), list[float]()

    class Stopping(threading.Event):
        def wait(self, timeout: float | None = None) -> bool:
            waited.append(timeout or 0.0)
            return len(waited) == 3

    outbox.deliver_until(Stopping(), lambda: next(pauses))
    assert waited == [1.0, outbox.MAX_PAUSE_SECONDS, 1.0]


def test_a_secret_or_an_address_that_is_none_is_a_failure_like_any_other(receiver: Receiver) -> None:
    assert not SignedPost(receiver.url, "whsec_no base64", "id", 1, b"{}").send(timeout=1)
    assert not SignedPost("no address", new_secret(), "id", 1, b"{}").send(timeout=1)
    assert receiver.got == []


def test_a_partner_who_answers_a_byte_at_a_time_is_given_up(handoff: Handoff, receiver: Receiver) -> None:
    receiver.dripping = 10.0
    begin = time.monotonic()
    assert not SignedPost(receiver.url, new_secret(), "id", 1, b"{}").send(timeout=0.5)
    assert time.monotonic() - begin < 3.0


def waited_until(holds: Callable[[], bool]) -> None:
    end = time.monotonic() + 10
    while not holds():
        assert time.monotonic() < end
        time.sleep(0.05)
