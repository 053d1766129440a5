"""Records what has to be traceable later: refused access to another line, sign-ins, devices, reviews and
holds, and everything that an administrator writes (administration/record.py).

The audit is a chain of HMAC-SHA256 (RFC 2104): each link covers its row and the link before. Somebody who has
the database but not the server's secret cannot change, insert or drop a row unnoticed. The heads that are
kept outside the database (audit_heads.py) show whether the end was cut off.
"""

import hmac
import re
from collections.abc import Iterator
from datetime import datetime, timedelta
from hashlib import sha256

from django.conf import settings
from django.db import transaction
from django.db.models import Q

from counsellors.models import DETAIL, AuditHead, AuditRow, Person
from helpline.lib import clock

RETENTION = timedelta(days=5 * 365)

_A_CODE = re.compile(r"[a-z]+(_[a-z]+)*")


@transaction.atomic
def record(actor: Person | None, action: str, *, subject: str = "", detail: str = "") -> None:
    """Adds a row. `action` is a code, `subject` an id; `detail` is a code, or a field with its old and new
    value.

    It never holds a caller's text, an address or a secret.
    """
    if not _A_CODE.fullmatch(action):
        raise ValueError("an audit action is a code")
    AuditHead.objects.get_or_create(pk=1)
    head = AuditHead.objects.select_for_update().get(pk=1)
    row = AuditRow(
        at=clock.now(),
        actor=actor.handle if actor else "",
        action=action,
        subject=subject[:64],
        detail=detail[:DETAIL],
        previous=bytes(head.mac),
    )
    row.mac = link(row)
    row.save(force_insert=True)
    AuditHead.objects.filter(pk=1).update(mac=row.mac, count=head.count + 1)


def newest(wanted: Q, most: int) -> list[AuditRow]:
    """Returns at most `most` of the wanted rows, newest first."""
    return list(AuditRow.objects.filter(wanted).order_by("-pk")[:most])


def link(row: AuditRow) -> bytes:
    """Returns the row's link. It covers the fields in order, each with its length, so that no two rows have
    the same bytes."""
    fields = [row.at.isoformat(), row.actor, row.action, row.subject, row.detail]
    message = bytes(row.previous) + b"".join(
        len(field.encode()).to_bytes(4) + field.encode() for field in fields
    )
    key = sha256(b"helpline audit " + settings.SECRET_KEY.encode()).digest()
    return hmac.new(key, message, sha256).digest()


def first_broken() -> AuditRow | None:
    """Returns the first row that does not fit the one before it, or the last row if later ones are missing;
    None if the chain holds."""
    last: AuditRow | None = None
    for row in _rows():
        if bytes(row.mac) != link(row) or (last is not None and bytes(row.previous) != bytes(last.mac)):
            return row
        last = row
    head = AuditHead.objects.filter(pk=1).first()
    if last is not None and head is not None and bytes(head.mac) != bytes(last.mac):
        return last  # rows after it are missing
    return None


def first_is_of_another_secret() -> bool:
    """Returns whether the oldest row does not fit the present secret. That is so for every row from before a
    change of the secret."""
    first = AuditRow.objects.order_by("pk").first()
    return first is not None and bytes(first.mac) != link(first)


def forget_old(now: datetime) -> int:
    """Deletes rows older than five years; the chain then begins with the oldest row that is left."""
    deleted, _ = AuditRow.objects.filter(at__lt=now - RETENTION).delete()
    return deleted


def _rows() -> Iterator[AuditRow]:
    return AuditRow.objects.order_by("pk").iterator()
