"""Sends messages to a line's external addresses when an alert begins: by mail, by webhook, or both."""

from datetime import datetime, timedelta

import msgspec
from django.conf import settings
from django.db import transaction
from django.utils import timezone, translation
from django.utils.translation import gettext

from chat import outbox
from chat.supervision import alerts
from chat.supervision.alerts import Alert
from helpline.lib import clock, encoding

MESSAGE_TTL = timedelta(hours=1)  # an older message would alarm somebody although the cause may be over


class AlertBegan(msgspec.Struct):
    """Defines the body of the webhook."""

    delivery: str
    line: str
    alerts: list[str]
    at: str
    kind: str = "alert"


@transaction.atomic
def watch(*, now: datetime) -> None:
    """Updates the lines' alerts, and stores messages about the alerts that begin, in one transaction."""
    for alert in alerts.watch(now=now):
        tell(alert, now=now)


def tell(alert: Alert, *, now: datetime) -> None:
    if alert.line.alert_mail and outbox.can_mail():
        subject, body = _in_words(alert)
        outbox.mail_to_line(alert.line, subject, body, now=now, lasts=MESSAGE_TTL)
    if alert.line.alert_url:
        delivery = encoding.new_id()
        began = AlertBegan(delivery, alert.line.pk, alert.codes, clock.stamp(alert.at))
        body = msgspec.json.encode(began).decode()
        outbox.post_to_line(alert.line, delivery, body, now=now, lasts=MESSAGE_TTL)


def _in_words(alert: Alert) -> tuple[str, str]:
    """Returns the mail's subject and text. Both mention only the line, the alerts and the hour, because other
    people may read the inbox."""
    with translation.override(settings.LANGUAGE_CODE):
        facts = {"line": alert.line.name, "time": f"{timezone.localtime(alert.at):%H:%M}"}
        words = [gettext(f"alert.{code}") for code in alert.codes]
        lines = [gettext("alert.body") % facts, *(f"- {word}" for word in words)]
        return gettext("alert.subject") % facts, "\n".join(lines)
