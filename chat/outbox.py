"""Implements the transactional outbox: mails and webhooks are stored in the transaction of the change that
they report.

Separate threads deliver these messages, so that a slow receiver does not delay the worker's timed tasks. The
process that claims a row sends it. If that process dies, another one claims the row after CLAIM_TTL.
"""

import smtplib
import threading
from collections.abc import Callable, Collection
from concurrent.futures import Future, ThreadPoolExecutor, as_completed
from datetime import datetime, timedelta
from functools import partial

import structlog
from django.conf import settings
from django.core.mail import EmailMessage
from django.db import DatabaseError, InterfaceError, connection, transaction
from django.db.models import F, Q, QuerySet
from psycopg_pool import PoolTimeout

from chat import bells, states
from chat.figures import counters
from chat.models import Invitation, Line, Outgoing
from counsellors import audit
from counsellors.models import EntryLink
from counsellors.signin import entry_links
from helpline.lib import clock, guest_links
from helpline.lib.logs import where
from helpline.lib.signed_post import SignedPost

MAX_PAUSE_SECONDS = 2.0  # between two searches for due rows, however long the worker rests
TIMEOUT_SECONDS = 3.0  # how long an attempt waits for the receiver
# How long a claim lasts: longer than any attempt. A mail server may take ten seconds for each of its replies.
CLAIM_TTL = {Outgoing.Way.WEBHOOK: timedelta(seconds=15), Outgoing.Way.MAIL: timedelta(minutes=2)}
BACKOFF = tuple(timedelta(seconds=seconds) for seconds in (1, 2, 4, 8, 15, 30))
MAX_AT_ONCE = 8
LINK = "[link]"  # placeholder in a stored body: replaced by the one-time link when the message is sent

_log = structlog.get_logger()


def can_mail() -> bool:
    """Returns whether mail can be sent. This is always so in the demo, which writes mails to files in its
    folder."""
    return bool(settings.MAIL_HOST) or settings.DEMO


def post_to_service(invitation: Invitation, delivery: str, body: str, *, now: datetime) -> None:
    """Stores a webhook message. Delivery is tried for as long as the invitation is open."""
    until = invitation.expires_at or now
    Outgoing.objects.create(
        id=delivery, way=Outgoing.Way.WEBHOOK, invitation=invitation, body=body, due_at=now, until=until
    )


def post_link(invitation: Invitation, delivery: str, body: str, *, now: datetime) -> None:
    """Stores a webhook message to the service's own contact. Delivery is tried for as long as the link is
    valid."""
    _to_contact(invitation, Outgoing.Way.WEBHOOK, id=delivery, body=body, now=now)


def mail_link(invitation: Invitation, subject: str, body: str, *, now: datetime) -> None:
    _to_contact(invitation, Outgoing.Way.MAIL, subject=subject, body=body, now=now)


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


def mail_entry_link(link: EntryLink, to: str, subject: str, body: str, *, now: datetime) -> None:
    """Stores a mail to a newcomer. Delivery is tried for as long as the link is valid. If the person gets a
    newer link, the mail is deleted."""
    Outgoing.objects.create(
        way=Outgoing.Way.MAIL,
        entry_link=link,
        to=to,
        subject=subject,
        body=body,
        due_at=now,
        until=link.until,
    )


def mail_to_staff(to: str, subject: str, body: str, *, now: datetime, lasts: timedelta) -> None:
    """Stores a mail to a member of staff, at the address that this person gave for mails of this kind."""
    Outgoing.objects.create(
        way=Outgoing.Way.MAIL, to=to, subject=subject, body=body, due_at=now, until=now + lasts
    )


def readdress_mail_to_staff(old: str, new: str) -> None:
    """Sends what still waits for the address `old` to `new` instead, or to nobody if `new` is empty."""
    waiting = Outgoing.objects.filter(to=old, entry_link=None, invitation=None, line=None).exclude(to="")
    if new:
        waiting.update(to=new)
    else:
        waiting.delete()


def _to_contact(invitation: Invitation, way: Outgoing.Way, *, now: datetime, **facts: str) -> None:
    until = invitation.expires_at or now
    Outgoing.objects.create(way=way, invitation=invitation, to_contact=True, due_at=now, until=until, **facts)


def begin(pause: Callable[[], float]) -> None:
    """Starts threads that deliver due rows for as long as the process lives. Mails have a thread of their
    own, because a mail server that hangs must not keep back the webhooks, for which callers wait.

    `pause` returns the seconds until the worker's next round: the longer nobody is there, the more seldom the
    rows are searched for.
    """
    for way in Outgoing.Way:
        args = (threading.Event(), pause, [way])
        threading.Thread(target=deliver_until, args=args, name=f"outbox {way}", daemon=True).start()


def deliver_until(
    stopping: threading.Event,
    pause: Callable[[], float],
    ways: Collection[Outgoing.Way] = tuple(Outgoing.Way),
) -> None:
    while not stopping.wait(min(pause(), MAX_PAUSE_SECONDS)):
        try:
            deliver(ways, now=clock.now())
        except (DatabaseError, InterfaceError, PoolTimeout):
            connection.close()
        except Exception as error:
            _log.error("loop_failed", error=type(error).__name__, where=where(error))
    connection.close()


def deliver(ways: Collection[Outgoing.Way] = tuple(Outgoing.Way), *, now: datetime) -> int:
    """Delivers the rows that are due, and returns how many were delivered. Several processes may call this at
    the same time. A row that is due later than any attempt puts it off was stored before the clock was set
    back."""
    if not Outgoing.objects.exists():
        return 0  # the usual case; the queries below join six tables
    for row in _rows().filter(_over(now)):
        _settle(row, "given_up", now=now)
    due = Q(due_at__lte=now) | Q(due_at__gt=now + max(*CLAIM_TTL.values(), *BACKOFF))
    rows = _rows().filter(due, way__in=ways)[:MAX_AT_ONCE]
    claimed = [row for row in rows if _claim(row, now=now)]
    if not claimed:
        return 0
    told = 0
    with ThreadPoolExecutor(MAX_AT_ONCE) as threads:
        sending = {threads.submit(_sending(row, now=now)): row for row in claimed}
        # Each is settled as soon as it is sent: a mail server that hangs must not outlast the others' claims,
        # or they would be sent twice.
        for sent in as_completed(sending):
            if _is_taken(sent):
                _settle(sending[sent], "told", now=now)
                told += 1
            else:
                _put_off(sending[sent], now=now)
    return told


def _is_taken(sent: Future[bool]) -> bool:
    """Returns whether the receiver accepted the message. An error that nobody expected is logged, and the
    message is tried again like any other."""
    if (error := sent.exception()) is not None:
        _log.error("loop_failed", error=type(error).__name__, where=where(error))
        return False
    return sent.result()


def _rows() -> QuerySet[Outgoing]:
    rows = Outgoing.objects.select_related(
        "invitation__service", "invitation__conversation", "invitation__inviter", "line", "entry_link"
    )
    return rows.order_by("due_at")


def _over(now: datetime) -> Q:
    """Returns a condition that matches rows that are no longer to be sent: their time has passed, or their
    invitation no longer rings. A row that is being sent now is left alone, because somebody may have opened
    the link before the mail server has answered."""
    silent = Q(invitation__isnull=False) & ~Q(invitation__state=states.Invitation.RINGING)
    return Q(until__lte=now) | (silent & Q(due_at__lte=now))


def _claim(row: Outgoing, *, now: datetime) -> bool:
    """Claims the row for its CLAIM_TTL. Returns False if another process was faster."""
    same = Outgoing.objects.filter(pk=row.pk, due_at=row.due_at)
    return bool(same.update(due_at=now + CLAIM_TTL[Outgoing.Way(row.way)], tries=F("tries") + 1))


def _sending(row: Outgoing, *, now: datetime) -> Callable[[], bool]:
    """Returns a function that makes one attempt to send the row to the address that is configured now. The
    function does not use the database, because it runs on another thread."""
    body = row.body
    if row.to_contact and row.invitation is not None:
        body = body.replace(LINK, guest_links.address(row.invitation.pk))
    if row.entry_link is not None:
        body = body.replace(LINK, entry_links.address_of(row.entry_link))
    if row.way == Outgoing.Way.MAIL:
        return partial(_mail, EmailMessage(row.subject, body, to=_inboxes(row)))
    url, secret = _receiver(row)
    post = SignedPost(url, secret, row.pk, int(now.timestamp()), body.encode())
    return partial(post.send, timeout=TIMEOUT_SECONDS)


def _inboxes(row: Outgoing) -> list[str]:
    if row.to:
        return [row.to]
    if row.invitation is not None:
        return [row.invitation.service.contact_mail] if row.invitation.service is not None else []
    return [row.line.alert_mail] if row.line is not None else settings.AUDIT_MAIL


def _receiver(row: Outgoing) -> tuple[str, str]:
    """Returns the address and the secret of a webhook."""
    if row.line is not None:
        return row.line.alert_url, row.line.alert_secret
    service = row.invitation.service if row.invitation is not None else None
    if service is None:
        return "", ""
    if row.to_contact:
        return service.contact_url, service.contact_secret
    return service.webhook_url, service.webhook_secret


def _mail(message: EmailMessage) -> bool:
    try:
        return bool(message.send())
    except (OSError, smtplib.SMTPException, ValueError):  # ValueError: a name that cannot be in a header
        return False


def _put_off(row: Outgoing, *, now: datetime) -> None:
    wait = BACKOFF[min(row.tries, len(BACKOFF) - 1)]
    Outgoing.objects.filter(pk=row.pk).update(due_at=now + wait)
    if row.to_contact:
        _tell_inviter(row, states.Contact.FAILING, only_from=(states.Contact.SENDING,))


def _settle(row: Outgoing, outcome: str, *, now: datetime) -> None:
    """Deletes the row, and counts or logs the outcome. Does nothing if another process has deleted the
    row."""
    with transaction.atomic():
        gone, _ = Outgoing.objects.filter(pk=row.pk).delete()
        if not gone:
            return
        if row.invitation is not None:
            name = "link" if row.to_contact else "notice"
            place = f"{row.invitation.service_id}:{outcome}"
            counters.count(name, place, row.invitation.conversation.line_id, now=now)
            if row.to_contact:
                _settle_link(row, row.invitation, taken=outcome == "told")
        elif outcome == "given_up":
            _log.error("not_told", line=row.line_id or "", code=row.way)
            # An alert that still lasts is told again: otherwise nobody would hear of it for weeks.
            Line.objects.filter(pk=row.line_id).update(alerting_for="")


def _settle_link(row: Outgoing, invitation: Invitation, *, taken: bool) -> None:
    if taken:
        _tell_inviter(row, states.Contact.TAKEN, only_from=tuple(states.Contact))
    action = "guest_link_sent" if taken else "guest_link_not_sent"
    detail = f"{invitation.service_id} {row.way}"
    audit.record(None, action, subject=invitation.conversation.recorded_as, detail=detail)


def _tell_inviter(row: Outgoing, contact: states.Contact, *, only_from: Collection[states.Contact]) -> None:
    """Stores whether the message with the link was accepted, and notifies the inviter. If the message was not
    accepted, the inviter may have to call the service."""
    invitation = row.invitation
    if invitation is None:
        return
    same = Invitation.objects.filter(pk=invitation.pk, contact__in=only_from)
    person = invitation.inviter.person_id
    if same.update(contact=contact) and person is not None:
        bells.ring_on_commit(bells.InvitationChanged(person, invitation.pk))
