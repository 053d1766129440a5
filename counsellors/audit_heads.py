"""The head of the audit chain, kept outside the database each hour, and mailed each day where somebody asks.

Whoever has the database can cut the chain off at its end and set its head back: what is left still fits
together. Here stands how far it had come.
"""

import os
import smtplib
import threading
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta

import structlog
from django.conf import settings
from django.core.mail import EmailMessage

from counsellors import audit
from counsellors.models import AuditHead, AuditRow
from helpline.lib import clock

EVERY = timedelta(hours=1)

_log = structlog.get_logger()


@dataclass(frozen=True, slots=True)
class Kept:
    """A line of the file: at that moment `count` rows had been recorded, and `mac` was the newest link."""

    at: datetime
    count: int
    mac: str

    def __str__(self) -> str:
        return f"{clock.stamp(self.at)} {self.count} {self.mac}"


def keep(now: datetime) -> bool:
    """A line, where an hour has gone by and something was recorded in it.

    Where the file cannot be read or written that is an alarm, and nothing more: the purge comes after this.
    """
    try:
        return _keep(now)
    except (OSError, ValueError) as error:
        _log.error("audit_head_not_kept", error=type(error).__name__)
        return False


def _keep(now: datetime) -> bool:
    head = AuditHead.objects.filter(pk=1).first()
    last = _last()
    if head is None or (last and (now < last.at + EVERY or last.mac == bytes(head.mac).hex())):
        return False
    line = Kept(now, head.count, bytes(head.mac).hex())
    _append(line)
    if settings.AUDIT_MAIL and settings.MAIL_HOST and (last is None or last.at.date() < now.date()):
        threading.Thread(target=mail, args=(line,), name="audit head", daemon=True).start()
    return True


def first_missing(now: datetime) -> Kept | None:
    """The oldest head that is not in the chain any more: what followed the rows before it was cut off."""
    links = {bytes(mac).hex() for mac in AuditRow.objects.values_list("mac", flat=True).iterator()}
    return next((line for line in _lines() if line.at > now - audit.KEPT and line.mac not in links), None)


def mail(line: Kept) -> None:
    """Numbers only. Tomorrow there is another one."""
    message = EmailMessage(subject="helpline: audit head", body=f"{line}\n", to=settings.AUDIT_MAIL)
    try:
        message.send()
    except (OSError, smtplib.SMTPException) as error:
        _log.error("audit_head_not_mailed", error=type(error).__name__)


def _append(line: Kept) -> None:
    settings.AUDIT_HEADS.parent.mkdir(parents=True, exist_ok=True)
    descriptor = os.open(settings.AUDIT_HEADS, os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o600)
    try:
        os.write(descriptor, f"{line}\n".encode())
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


def _last() -> Kept | None:
    """The worker asks every minute, and the file grows for years: only its end is read."""
    if not settings.AUDIT_HEADS.exists():
        return None
    with settings.AUDIT_HEADS.open("rb") as file:
        file.seek(max(0, file.seek(0, os.SEEK_END) - 1024))
        return next(_parsed(reversed(file.read().decode().splitlines())), None)


def _lines() -> Iterator[Kept]:
    if settings.AUDIT_HEADS.exists():
        yield from _parsed(settings.AUDIT_HEADS.read_text().splitlines())


def _parsed(lines: Iterable[str]) -> Iterator[Kept]:
    """A line that a crash cut short is none."""
    for line in lines:
        at, _, rest = line.partition(" ")
        count, _, mac = rest.partition(" ")
        if len(mac) == 64:
            yield Kept(datetime.fromisoformat(at), int(count), mac)
