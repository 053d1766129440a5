"""The one way out of the house: mails and webhooks, written with the deed that they tell of.

A row commits together with its cause, and is delivered beside everything else: a slow receiver holds nobody's
deadline. Whoever claims it sends it; a sender that dies leaves it to the next.
"""

import smtplib
import threading
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import datetime, timedelta
from functools import partial

import structlog
from django.conf import settings
from django.core.mail import EmailMessage
from django.db import DatabaseError, InterfaceError, connection, transaction
from django.db.models import F, Q, QuerySet
from psycopg_pool import PoolTimeout

from chat import states
from chat.figures import counters
from chat.models import Invitation, Line, Outgoing
from helpline.lib import clock
from helpline.lib.logs import where
from helpline.lib.signed_post import SignedPost

ROUND = 1.0  # seconds between two looks
TIMEOUT = 3.0  # seconds that a receiver may keep silent
CLAIM = timedelta(seconds=15)  # how long a claim lasts: longer than any try
BACKOFF = tuple(timedelta(seconds=seconds) for seconds in (1, 2, 4, 8, 15, 30))
AT_ONCE = 8

_log = structlog.get_logger()


def post_to_service(invitation: Invitation, delivery: str, body: str, *, now: datetime) -> None:
    """For as long as it rings."""
    until = invitation.expires_at or now
    Outgoing.objects.create(
        id=delivery, way=Outgoing.Way.WEBHOOK, invitation=invitation, body=body, due_at=now, until=until
    )


def post_to_line(line: Line, delivery: str, body: str, *, now: datetime, lasts: timedelta) -> None:
    Outgoing.objects.create(
        id=delivery, way=Outgoing.Way.WEBHOOK, line=line, body=body, due_at=now, until=now + lasts
    )


def mail_to_line(line: Line, subject: str, body: str, *, now: datetime, lasts: timedelta) -> None:
    Outgoing.objects.create(
        way=Outgoing.Way.MAIL, line=line, subject=subject, body=body, due_at=now, until=now + lasts
    )


def mail_to_auditors(subject: str, body: str, *, now: datetime, lasts: timedelta) -> None:
    Outgoing.objects.create(way=Outgoing.Way.MAIL, subject=subject, body=body, due_at=now, until=now + lasts)


def begin() -> None:
    """Delivers in a thread of its own for as long as the process lives."""
    threading.Thread(target=deliver_until, args=(threading.Event(),), name="outbox", daemon=True).start()


def deliver_until(stopping: threading.Event) -> None:
    while not stopping.wait(ROUND):
        try:
            deliver(now=clock.now())
        except (DatabaseError, InterfaceError, PoolTimeout):
            connection.close()
        except Exception as error:
            _log.error("loop_failed", error=type(error).__name__, where=where(error))
    connection.close()


def deliver(*, now: datetime) -> int:
    """One round; how many were told."""
    for row in _rows().filter(_over(now)):
        _settle(row, "given_up", now=now)
    claimed = [row for row in _rows().filter(due_at__lte=now)[:AT_ONCE] if _claim(row, now=now)]
    if not claimed:
        return 0
    with ThreadPoolExecutor(AT_ONCE) as threads:
        answers = list(threads.map(lambda send: send(), [_sending(row, now=now) for row in claimed]))
    for row, taken in zip(claimed, answers, strict=True):
        if taken:
            _settle(row, "told", now=now)
        else:
            _put_off(row, now=now)
    return sum(answers)


def _rows() -> QuerySet[Outgoing]:
    rows = Outgoing.objects.select_related("invitation__service", "invitation__conversation", "line")
    return rows.order_by("due_at")


def _over(now: datetime) -> Q:
    """Too late; or answered or withdrawn, and nothing rings any more."""
    silent = Q(invitation__isnull=False) & ~Q(invitation__state=states.Invitation.RINGING)
    return Q(until__lte=now) | silent


def _claim(row: Outgoing, *, now: datetime) -> bool:
    """Whether this process sends it: of two that see it due, one moves the hand."""
    same = Outgoing.objects.filter(pk=row.pk, due_at=row.due_at)
    return bool(same.update(due_at=now + CLAIM, tries=F("tries") + 1))


def _sending(row: Outgoing, *, now: datetime) -> Callable[[], bool]:
    """One try, to the address as it is set now; without the database, for it runs in a thread."""
    if row.way == Outgoing.Way.MAIL:
        to = [row.line.alert_mail] if row.line is not None else settings.AUDIT_MAIL
        return partial(_mail, EmailMessage(row.subject, row.body, to=to))
    owner = row.invitation.service if row.invitation is not None else row.line
    url, secret = ("", "")
    if owner is not None:
        url, secret = (
            (owner.alert_url, owner.alert_secret)
            if isinstance(owner, Line)
            else (owner.webhook_url, owner.webhook_secret)
        )
    post = SignedPost(url, secret, row.pk, int(now.timestamp()), row.body.encode())
    return partial(post.send, timeout=TIMEOUT)


def _mail(message: EmailMessage) -> bool:
    try:
        return bool(message.send())
    except (OSError, smtplib.SMTPException):
        return False


def _put_off(row: Outgoing, *, now: datetime) -> None:
    wait = BACKOFF[min(row.tries, len(BACKOFF) - 1)]
    Outgoing.objects.filter(pk=row.pk).update(due_at=now + wait)


def _settle(row: Outgoing, outcome: str, *, now: datetime) -> None:
    """The row goes, and what became of it is counted or logged. Nothing where another process did it."""
    with transaction.atomic():
        gone, _ = Outgoing.objects.filter(pk=row.pk).delete()
        if not gone:
            return
        if row.invitation is not None:
            place = f"{row.invitation.service_id}:{outcome}"
            counters.count("notice", place, row.invitation.conversation.line_id, now=now)
        elif outcome == "given_up":
            _log.error("not_told", line=row.line_id or "", code=row.way)
