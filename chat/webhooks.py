"""Tells a partner's own system that an invitation rings at its desk: docs/webhooks.md.

A notice is written with the ringing itself, and delivered beside everything else, so that a slow partner
holds nobody's deadline. Whoever claims it sends it; a sender that dies leaves it to the next.
"""

import threading
from concurrent.futures import ThreadPoolExecutor
from datetime import datetime, timedelta

import msgspec
import structlog
from django.db import DatabaseError, InterfaceError, connection, transaction
from django.db.models import F, Q, QuerySet
from psycopg_pool import PoolTimeout

from chat import figures, states
from chat.models import Invitation, Notice
from helpline.lib import clock
from helpline.lib.logs import where
from helpline.lib.signed_post import SignedPost

ROUND = 1.0  # seconds between two looks
TIMEOUT = 3.0  # seconds that a receiver may keep silent
CLAIM = timedelta(seconds=15)  # how long a claim holds: longer than any try
BACKOFF = tuple(timedelta(seconds=seconds) for seconds in (1, 2, 4, 8, 15, 30))
AT_ONCE = 8

_log = structlog.get_logger()


class Ringing(msgspec.Struct):
    """The body: what rings, where, until when. Nothing of the caller, and no id that stands anywhere else."""

    delivery: str
    service: str
    line: str
    urgency: int
    expires: str
    kind: str = "ringing"


def notify_ringing(invitation: Invitation, *, now: datetime) -> None:
    """In the transaction that makes it ring: told if and only if it rings."""
    if invitation.service is not None and invitation.service.webhook_url:
        Notice.objects.create(invitation=invitation, due_at=now)


def begin() -> None:
    """Delivers in a thread of its own for as long as the process lives."""
    threading.Thread(target=deliver_until, args=(threading.Event(),), name="webhooks", daemon=True).start()


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
    """One round; the number of partners told."""
    for notice in _notices().filter(_over(now)):
        _settle(notice, "given_up", now=now)
    claimed = [notice for notice in _notices().filter(due_at__lte=now)[:AT_ONCE] if _claim(notice, now=now)]
    if not claimed:
        return 0
    with ThreadPoolExecutor(AT_ONCE) as threads:
        answers = list(threads.map(_send, [_post(notice, now=now) for notice in claimed]))
    for notice, taken in zip(claimed, answers, strict=True):
        if taken:
            _settle(notice, "told", now=now)
        else:
            _put_off(notice, now=now)
    return sum(answers)


def _notices() -> QuerySet[Notice]:
    return Notice.objects.select_related("invitation__service", "invitation__conversation").order_by("due_at")


def _over(now: datetime) -> Q:
    """Answered, withdrawn or late: nothing rings any more."""
    return ~Q(invitation__state=states.Invitation.RINGING, invitation__expires_at__gt=now)


def _claim(notice: Notice, *, now: datetime) -> bool:
    """Whether this process sends it: of two that see it due, one moves the hand."""
    row = Notice.objects.filter(pk=notice.pk, due_at=notice.due_at)
    return bool(row.update(due_at=now + CLAIM, tries=F("tries") + 1))


def _post(notice: Notice, *, now: datetime) -> SignedPost:
    invitation, conversation = notice.invitation, notice.invitation.conversation
    service, expires = invitation.service, invitation.expires_at
    assert service is not None  # noqa: S101 – both stand in every row that rings for a service
    assert expires is not None  # noqa: S101
    body = Ringing(
        delivery=notice.pk,
        service=service.pk,
        line=conversation.line_id,
        urgency=conversation.urgency,
        expires=clock.stamp(expires),
    )
    at, encoded = int(now.timestamp()), msgspec.json.encode(body)
    return SignedPost(service.webhook_url, service.webhook_secret, notice.pk, at, encoded)


def _send(post: SignedPost) -> bool:
    return post.send(timeout=TIMEOUT)


def _put_off(notice: Notice, *, now: datetime) -> None:
    wait = BACKOFF[min(notice.tries, len(BACKOFF) - 1)]
    Notice.objects.filter(pk=notice.pk).update(due_at=now + wait)


def _settle(notice: Notice, outcome: str, *, now: datetime) -> None:
    """The row goes, and one counter says how it ended. Nothing to count where another process did it."""
    place = f"{notice.invitation.service_id}:{outcome}"
    with transaction.atomic():
        gone, _ = Notice.objects.filter(pk=notice.pk).delete()
        if gone:
            figures.count("notice", place, notice.invitation.conversation.line_id, now=now)
