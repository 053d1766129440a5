"""Tells those whom an administrator named that an alert began: by mail, by webhook, or both.

Beside everything else, so that a slow mail server holds nobody's deadline. A process that dies meanwhile
tells nobody; the board shows the alert for as long as it lasts.
"""

import smtplib
import threading
import time
from collections.abc import Callable, Iterable

import msgspec
import structlog
from django.conf import settings
from django.core.mail import EmailMessage
from django.utils import timezone, translation
from django.utils.translation import gettext

from chat.alerts import Alert
from helpline.lib import clock, encoding
from helpline.lib.signed_post import SignedPost

TIMEOUT = 3.0  # seconds that a receiver may keep silent
TRIES = (0, 2, 10, 60)  # seconds before each

_log = structlog.get_logger()


class Alerting(msgspec.Struct):
    """The body of the webhook."""

    delivery: str
    line: str
    alerts: list[str]
    at: str
    kind: str = "alert"


def tell_beside(alerts: Iterable[Alert]) -> None:
    """In a thread of its own, for each."""
    for alert in alerts:
        threading.Thread(target=tell, args=(alert,), name="alarm", daemon=True).start()


def tell(alert: Alert) -> None:
    if alert.line.alert_mail and settings.MAIL_HOST:
        _insist(lambda: _mail(alert), alert, "mail")
    if alert.line.alert_url:
        delivery = encoding.new_id()
        _insist(lambda: _post(alert, delivery).send(timeout=TIMEOUT), alert, "webhook")


def _insist(try_once: Callable[[], bool], alert: Alert, way: str) -> None:
    for pause in TRIES:
        time.sleep(pause)
        if try_once():
            return
    _log.error("alert_not_told", line=alert.line.pk, code=way)


def _mail(alert: Alert) -> bool:
    """Line, alerts and hour. An inbox is no place for more."""
    with translation.override(settings.LANGUAGE_CODE):
        facts = {"line": alert.line.name, "time": f"{timezone.localtime(alert.at):%H:%M}"}
        words = [gettext(f"alert.{code}") for code in alert.codes]
        message = EmailMessage(
            subject=gettext("alert.subject") % facts,
            body="\n".join([gettext("alert.body") % facts, *(f"- {word}" for word in words)]),
            to=[alert.line.alert_mail],
        )
        try:
            return bool(message.send())
        except (OSError, smtplib.SMTPException):
            return False


def _post(alert: Alert, delivery: str) -> SignedPost:
    body = msgspec.json.encode(Alerting(delivery, alert.line.pk, alert.codes, clock.stamp(alert.at)))
    at = int(clock.now().timestamp())
    return SignedPost(alert.line.alert_url, alert.line.alert_secret, delivery, at, body)
