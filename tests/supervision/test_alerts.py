"""An alert is raised for the right reason and sent once, and contains nothing about a caller."""

from datetime import timedelta

import pytest
from django.core import mail
from django.db import DatabaseError, connection
from django.test.utils import CaptureQueriesContext
from pytest_django import Settings

from chat import outbox
from chat.lines.hours import AMSTERDAM
from chat.models import ApprovalRequest, Conversation, Line, Member, Outgoing
from chat.queue import signs
from chat.retention import purge
from chat.runtime import rounds
from chat.supervision import alert_messages, alerts, needs_approval
from chat.supervision.alerts import Alert
from counsellors import duty
from counsellors.models import AuditRow
from helpline.lib import clock
from helpline.lib.errors import NotFound
from helpline.lib.signed_post import SignedPost, new_secret
from tests.support.domain.approvals import confirms
from tests.support.domain.cast import Counsellor, a_caller, later
from tests.support.domain.receivers import Receiver


@pytest.fixture(autouse=True)
def _nothing_remembered() -> None:
    """Forgets the overdue purges of an earlier test."""
    alerts.forget()


def raised(line: Line, *, seconds: float = 0) -> list[str]:
    return alerts.codes([Line.objects.get(pk=line.pk)], now=later(clock.now(), seconds))[line.pk]


# What raises one


def test_a_quiet_line_raises_nothing(helpwanted: Line, carla: Counsellor) -> None:
    assert raised(helpwanted) == []
    a_caller()
    assert raised(helpwanted, seconds=599) == []


def test_a_new_line_alerts_from_the_fifth_who_waits_and_after_ten_minutes(
    helpwanted: Line, carla: Counsellor
) -> None:
    for _ in range(4):
        a_caller()
    assert raised(helpwanted) == []
    a_caller()
    assert raised(helpwanted) == ["waiting"]
    assert raised(helpwanted, seconds=601) == ["waiting", "wait"]


def test_where_no_thresholds_are_set_neither_many_nor_long_raise_an_alert(
    helpwanted: Line, carla: Counsellor
) -> None:
    Line.objects.update(alert_waiting=None, alert_wait=None)
    for _ in range(6):
        a_caller()
    assert raised(helpwanted, seconds=86_000) == []


@pytest.mark.parametrize("here", [True, False])
def test_an_acute_caller_who_waits_raises_an_alert_whatever_the_thresholds(
    helpwanted: Line, carla: Counsellor, here: bool
) -> None:
    """This includes a caller whose page is away, for example because the phone went dark."""
    Line.objects.update(alert_waiting=None, alert_wait=None)
    a_caller(urgency=1)
    assert raised(helpwanted) == []
    a_caller(urgency=2)
    Member.objects.filter(role="caller").update(here=here)
    assert raised(helpwanted) == ["urgent"]
    Member.objects.filter(role="caller").update(here=True)
    carla.takes_next()
    assert raised(helpwanted) == []


def test_so_many_who_wait_raise_an_alert(helpwanted: Line, carla: Counsellor) -> None:
    Line.objects.update(alert_waiting=2)
    a_caller()
    assert raised(helpwanted) == []
    a_caller(locale="en")
    assert raised(helpwanted) == ["waiting"]
    a_caller()
    assert raised(helpwanted) == ["waiting"]


@pytest.mark.parametrize("oldest", ["nl", "en"])
def test_somebody_who_waits_too_long_raises_an_alert(
    helpwanted: Line, carla: Counsellor, oldest: str
) -> None:
    Line.objects.update(alert_wait=timedelta(minutes=5))
    now = clock.now()
    for locale in ("nl", "en"):
        a_caller(locale=locale, now=later(now, -10 if locale == oldest else 0))
    line = Line.objects.get(pk="helpwanted")
    assert alerts.codes([line], now=later(now, 289))["helpwanted"] == []
    assert alerts.codes([line], now=later(now, 290))["helpwanted"] == ["wait"]


def test_who_is_away_raises_nothing(helpwanted: Line, carla: Counsellor) -> None:
    """Callers who left stay in the queue for minutes, and `next` finds nobody."""
    Line.objects.update(alert_waiting=1, alert_wait=timedelta(minutes=5))
    a_caller(locale="en")
    duty.change(carla.person, "break", 1, now=clock.now())
    assert raised(helpwanted, seconds=600) == ["waiting", "wait", "nobody"]
    Member.objects.filter(role="caller").update(here=False)
    assert raised(helpwanted, seconds=600) == []


def test_nobody_on_duty_raises_an_alert_only_while_somebody_waits(
    helpwanted: Line, carla: Counsellor
) -> None:
    duty.change(carla.person, "break", 1, now=clock.now())
    assert raised(helpwanted) == []
    a_caller()
    assert raised(helpwanted) == ["nobody"]
    duty.change(carla.person, "on", 1, now=clock.now())
    assert raised(helpwanted) == []


def test_nobody_who_speaks_the_language_of_somebody_who_waits_is_nobody(
    helpwanted: Line, carla: Counsellor, daan: Counsellor
) -> None:
    for who, languages in ((carla, "nl"), (daan, "nl en")):
        who.person.languages = languages
        who.person.save()
    a_caller(locale="en")
    a_caller()
    assert raised(helpwanted) == []
    for state in ("on", "off"):  # on with no slots: the last conversations
        duty.change(daan.person, state, 0, now=clock.now())
        assert raised(helpwanted) == ["nobody"]


def test_the_other_line_s_counsellor_is_nobody(helpwanted: Line, esra: Counsellor) -> None:
    a_caller()
    found = alerts.codes(Line.objects.all(), now=clock.now())
    assert found == {"helpwanted": ["nobody"], "stopitnow": []}


def test_a_purge_that_is_late_raises_an_alert(helpwanted: Line, carla: Counsellor) -> None:
    now = clock.now()
    a_caller()
    Conversation.objects.update(state="ended", ended_at=later(now, -90_000), purge_at=later(now, -301))
    assert raised(helpwanted) == ["overdue"]


def test_whether_a_purge_is_late_is_asked_again_after_twenty_seconds(
    helpwanted: Line, carla: Counsellor
) -> None:
    now = clock.now()
    assert alerts.codes([helpwanted], now=now) == {"helpwanted": []}
    a_caller()
    Conversation.objects.update(state="ended", ended_at=later(now, -90_000), purge_at=later(now, -301))
    assert alerts.codes([helpwanted], now=later(now, 19)) == {"helpwanted": []}
    assert alerts.codes([helpwanted], now=later(now, 20)) == {"helpwanted": ["overdue"]}


def test_a_hundred_callers_cost_as_many_queries_as_one(helpwanted: Line, stopitnow: Line) -> None:
    lines = list(Line.objects.all())
    counts = []
    for _ in range(2):
        alerts.forget()
        signs.forget()
        a_caller()
        a_caller("stopitnow", locale="en")
        with CaptureQueriesContext(connection) as found:
            alerts.codes(lines, now=clock.now())
        counts.append(len(found))
    assert counts == [4 + 2 * 3] * 2, "four, and for each line three of its pressure"


# Sent once


def test_an_alert_begins_once_and_of_two_workers_one_tells(
    helpwanted: Line, monkeypatch: pytest.MonkeyPatch
) -> None:
    a_caller()
    now = clock.now()
    read = alerts.codes
    second: list[Alert] = []

    def read_while_another_worker_is_faster(*args: object, **kwargs: object) -> object:
        monkeypatch.setattr(alerts, "codes", read)
        second.extend(alerts.watch(now=now))
        return read(*args, **kwargs)  # type: ignore[arg-type]

    monkeypatch.setattr(alerts, "codes", read_while_another_worker_is_faster)
    first = alerts.watch(now=now)
    assert (len(first), len(second)) == (0, 1)
    assert alerts.watch(now=later(now, 5)) == []
    assert Line.objects.get(pk="helpwanted").alerting_since == now


def test_an_alert_that_comes_and_goes_is_told_again_only_after_ten_minutes(
    helpwanted: Line, carla: Counsellor
) -> None:
    Line.objects.update(alert_wait=None)
    now = clock.now()
    a_caller(now=now)
    duty.change(carla.person, "off", 0, now=now)
    assert len(alerts.watch(now=now)) == 1
    duty.change(carla.person, "on", 1, now=now)
    assert alerts.watch(now=later(now, 599)) == []
    duty.change(carla.person, "off", 0, now=now)
    assert alerts.watch(now=later(now, 600)) == [], "it never ended"
    duty.change(carla.person, "on", 1, now=now)
    assert alerts.watch(now=later(now, 601)) == []
    assert Line.objects.get(pk="helpwanted").alerting_since is None
    duty.change(carla.person, "off", 0, now=now)
    (again,) = alerts.watch(now=later(now, 602))
    assert (again.line.pk, again.codes, again.at) == ("helpwanted", ["nobody"], later(now, 602))


def test_a_clock_that_was_set_back_silences_no_line(helpwanted: Line, carla: Counsellor) -> None:
    Line.objects.update(alert_wait=None)
    now = clock.now()
    Line.objects.update(alerting_since=later(now, 6 * 3600), alerting_for="overdue")
    a_caller(now=now)
    duty.change(carla.person, "off", 0, now=now)
    assert [one.codes for one in alerts.watch(now=now)] == [["nobody"]]
    assert Line.objects.get(pk="helpwanted").alerting_since == now


def test_a_cause_that_lasts_for_days_does_not_hide_another_which_is_told_each_time_it_begins(
    helpwanted: Line, carla: Counsellor, monkeypatch: pytest.MonkeyPatch
) -> None:
    Line.objects.update(alert_wait=None)
    monkeypatch.setattr(purge, "overdue_lines", lambda _now: {"helpwanted"})
    now = clock.now()
    assert [one.codes for one in alerts.watch(now=now)] == [["overdue"]]
    a_caller(now=now)
    for day in (1, 2):
        evening = later(now, day * 86_400)
        duty.change(carla.person, "off", 0, now=now)
        assert [one.codes for one in alerts.watch(now=evening)] == [["nobody", "overdue"]]
        assert alerts.watch(now=later(evening, 3600)) == []
        duty.change(carla.person, "on", 1, now=now)
        assert alerts.watch(now=later(evening, 7200)) == []
    assert Line.objects.get(pk="helpwanted").alerting_since is not None


def test_an_acute_caller_alone_is_told_to_nobody_outside_and_hides_no_later_alert(
    helpwanted: Line, carla: Counsellor
) -> None:
    now = clock.now()
    a_caller(urgency=2, now=now)
    assert alerts.watch(now=now) == []
    duty.change(carla.person, "off", 0, now=now)
    (begun,) = alerts.watch(now=later(now, 5))
    assert begun.codes == ["urgent", "nobody"]


def test_an_alert_and_what_is_told_of_it_commit_together(
    helpwanted: Line, monkeypatch: pytest.MonkeyPatch
) -> None:
    Line.objects.update(alert_url="https://example.org/alarm", alert_secret=new_secret())
    a_caller()
    rounds.Rounds().go(clock.now())
    assert Outgoing.objects.get().line == helpwanted

    def broken(*_: object, **__: object) -> None:
        raise DatabaseError

    Line.objects.update(alerting_since=None)
    monkeypatch.setattr(alert_messages, "tell", broken)
    with pytest.raises(DatabaseError):
        alert_messages.watch(now=clock.now())
    assert Line.objects.get(pk="helpwanted").alerting_since is None


def test_an_alert_that_lasts_is_told_again_where_telling_it_was_given_up(helpwanted: Line) -> None:
    url = "https://example.org/alarm"
    Line.objects.update(alert_url=url, alert_secret=new_secret(), alert_wait=None)
    now = clock.now()
    a_caller(now=now)
    alert_messages.watch(now=now)
    alert_messages.watch(now=later(now, 3600))
    (first,) = Outgoing.objects.all()
    outbox.deliver([Outgoing.Way.MAIL], now=later(now, 3600))  # its hour has passed
    alert_messages.watch(now=later(now, 3605))
    (again,) = Outgoing.objects.all()
    assert (again.line, again.pk != first.pk) == (helpwanted, True)


def test_an_alert_that_lasts_is_told_to_a_new_address(
    helpwanted: Line, floor: Counsellor, hanna: Counsellor, all_long_there: None
) -> None:
    now = clock.now()
    Line.objects.update(alert_wait=None)
    a_caller(now=now)
    alert_messages.watch(now=now)
    assert not Outgoing.objects.exists()
    asked = needs_approval.set_field(
        floor.person, ApprovalRequest.Kind.ALERT_URL, "helpwanted", "https://example.org/alarm", now=now
    )
    confirms(hanna, asked)
    alert_messages.watch(now=later(now, 601))
    assert Outgoing.objects.get().line == helpwanted


# Who is notified, and of what


@pytest.fixture
def alert(helpwanted: Line, settings: Settings) -> Alert:
    """Raises an alert of a line with a mail address, on a host that can send it."""
    settings.MAIL_HOST = "mail.example"
    helpwanted.alert_mail = "rooster@example.org"
    helpwanted.save()
    return Alert(helpwanted, ["waiting", "nobody"], clock.now().replace(hour=19, minute=5))


def test_a_mail_holds_the_line_the_alerts_and_the_hour(alert: Alert) -> None:
    now = clock.now()
    alert_messages.tell(alert, now=now)
    assert outbox.deliver(now=now) == 1
    (sent,) = mail.outbox
    assert sent.to == ["rooster@example.org"]
    assert sent.subject == "Helpwanted: er is iets aan de hand"
    local = alert.at.astimezone(AMSTERDAM)
    assert str(sent.body).splitlines() == [
        f"Helpwanted, {local:%H:%M} uur. Kijk op het bord.",
        "- Er wachten veel mensen.",
        "- Er wacht iemand en niemand kan opnemen.",
    ]


def test_what_was_put_off_before_the_clock_was_set_back_is_sent(alert: Alert) -> None:
    now = clock.now()
    alert_messages.tell(alert, now=now)
    Outgoing.objects.update(due_at=later(now, 6 * 3600), until=later(now, 7 * 3600))
    assert outbox.deliver(now=now) == 1


def test_a_mail_server_may_be_slow_and_no_other_worker_sends_the_mail_meanwhile(alert: Alert) -> None:
    now = clock.now()
    alert_messages.tell(alert, now=now)
    assert outbox._claim(Outgoing.objects.get(), now=now)
    assert outbox.deliver(now=later(now, 60)) == 0
    assert outbox.deliver(now=later(now, 120)) == 1, "the process that claimed it died"


def test_webhooks_do_not_wait_for_a_mail_server_that_hangs(
    alert: Alert, receiver: Receiver, monkeypatch: pytest.MonkeyPatch
) -> None:
    alert.line.alert_url, alert.line.alert_secret = receiver.url, new_secret()
    alert.line.save()
    alert_messages.tell(alert, now=clock.now())
    assert {row.way for row in Outgoing.objects.all()} == {"mail", "webhook"}
    begun: list[list[str]] = []

    class Thread:
        def __init__(self, *, args: tuple[object, object, list[str]], **_: object) -> None:
            begun.append(args[2])

        def start(self) -> None: ...

    with monkeypatch.context() as patch:
        patch.setattr("threading.Thread", Thread)
        outbox.begin(lambda: 1.0)
    assert begun == [["mail"], ["webhook"]]
    assert outbox.deliver([Outgoing.Way.WEBHOOK], now=clock.now()) == 1
    assert (len(receiver.got), mail.outbox) == (1, [])


def test_without_a_mail_server_no_mail_is_tried(alert: Alert, settings: Settings) -> None:
    settings.MAIL_HOST = ""
    alert_messages.tell(alert, now=clock.now())
    assert not Outgoing.objects.exists()


def test_a_mail_server_that_refuses_is_tried_again_for_an_hour_and_then_the_log_says_so(
    alert: Alert, monkeypatch: pytest.MonkeyPatch
) -> None:
    tried: list[object] = []
    logged: list[tuple[str, dict[str, str]]] = []

    class Log:
        def error(self, event: str, **facts: str) -> None:
            logged.append((event, facts))

    def refuse(message: object, **_: object) -> int:
        tried.append(message)
        raise ConnectionRefusedError

    monkeypatch.setattr(outbox, "_log", Log())
    monkeypatch.setattr(mail.EmailMessage, "send", refuse)
    now = clock.now()
    alert_messages.tell(alert, now=now)
    for second in (0, 1, 2, 3, 3599):
        outbox.deliver(now=later(now, second))
    assert len(tried) == 4
    assert logged == []
    outbox.deliver(now=later(now, 3600))
    assert len(tried) == 4
    assert logged == [("not_told", {"line": "helpwanted", "code": "mail"})]
    assert not Outgoing.objects.exists()


def test_the_webhook_is_signed_repeated_and_holds_nothing_else(alert: Alert, receiver: Receiver) -> None:
    alert.line.alert_mail, alert.line.alert_url = "", receiver.url
    alert.line.alert_secret = new_secret()
    alert.line.save()
    receiver.answers = [500]
    now = clock.now()
    alert_messages.tell(alert, now=now)
    assert outbox.deliver(now=now) == 0
    assert outbox.deliver(now=later(now, 1)) == 1
    assert len(receiver.got) == 2
    first, told = receiver.bodies()
    assert first == told, "the same notice"
    assert set(told) == {"kind", "delivery", "line", "alerts", "at"}
    assert (told["kind"], told["line"], told["alerts"]) == ("alert", "helpwanted", ["waiting", "nobody"])
    assert told["at"] == clock.stamp(alert.at)
    headers, body = receiver.got[1]
    at = int(headers["webhook-timestamp"])
    expected = SignedPost(receiver.url, alert.line.alert_secret, told["delivery"], at, body)
    assert headers["webhook-signature"] == expected.signature
    assert mail.outbox == []


def test_what_a_process_had_not_told_when_it_ended_the_next_one_tells(
    alert: Alert, receiver: Receiver
) -> None:
    Line.objects.update(alert_mail="", alert_url=receiver.url, alert_secret=new_secret())
    alert.line.refresh_from_db()
    now = clock.now()
    alert_messages.tell(alert, now=now)
    assert outbox._claim(Outgoing.objects.get(), now=now), "and the process that claimed it died"
    assert outbox.deliver(now=later(now, 14)) == 0
    assert outbox.deliver(now=later(now, 15)) == 1


# Thresholds


def test_a_supervisor_sets_the_thresholds_of_the_own_line_on_record(
    helpwanted: Line, stopitnow: Line, floor: Counsellor
) -> None:
    assert alerts.thresholds(floor.person, "helpwanted") == alerts.Thresholds(5, 10, told=False)
    kept = alerts.set_thresholds(floor.person, "helpwanted", waiting=7, minutes=20)
    assert kept == alerts.thresholds(floor.person, "helpwanted") == alerts.Thresholds(7, 20, told=False)
    assert AuditRow.objects.get(action="alerting").detail == "waiting 7 minutes 20"
    alerts.set_thresholds(floor.person, "helpwanted", waiting=None, minutes=None)
    assert alerts.thresholds(floor.person, "helpwanted") == alerts.Thresholds(None, None, told=False)
    with pytest.raises(NotFound):
        alerts.set_thresholds(floor.person, "stopitnow", waiting=5, minutes=20)


@pytest.mark.parametrize(
    ("facts", "host", "told"),
    [
        ({"alert_mail": "rooster@example.org"}, "mail.example", True),
        ({"alert_mail": "rooster@example.org"}, "", False),
        ({"alert_url": "https://example.org/alarm"}, "", True),
        ({}, "mail.example", False),
    ],
)
def test_told_means_that_somebody_outside_hears_of_it(
    helpwanted: Line, floor: Counsellor, settings: Settings, facts: dict[str, str], host: str, told: bool
) -> None:
    settings.MAIL_HOST = host
    Line.objects.update(**facts)
    assert alerts.thresholds(floor.person, "helpwanted").told is told
