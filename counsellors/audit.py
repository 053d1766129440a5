"""Records events that have to be traceable later: refused access to another line, sign-ins, devices, reviews
and holds, and everything that an administrator writes (administration/record.py).

The audit is a chain of HMAC-SHA256 (RFC 2104): each link covers its row and the previous link. Somebody who
can write to the database but lacks the audit's key cannot change, insert or delete a row unnoticed. Copies of
the newest link outside the database (audit_heads.py) show whether the newest rows were deleted.

The key is a file beside the retention keys (helpline/lib/key_files.py). The first row under a new key
contains the names of the new key and of the previous one. Therefore somebody who learns the previous key
later can neither append rows under that key nor delete the newest rows unnoticed.
"""

import hmac
import re
from collections.abc import Iterator
from datetime import datetime, timedelta
from typing import NamedTuple

from django.contrib.admin.models import LogEntry
from django.db import transaction
from django.db.models import Q

from counsellors.models import AuditHead, AuditRow, Person
from counsellors.models.audit import DETAIL
from helpline.lib import clock, key_files

RETENTION = timedelta(days=5 * 365)
KIND = "audit"
BEGINS = "audit_key"  # the action of the first row under a new key; the row's subject is the key's name

_A_CODE = re.compile(r"[a-z]+(_[a-z]+)*")
_in_use: dict[str, bytes] = {}  # the key of the newest link, for times when the key folder is not available


class Checked(NamedTuple):
    """Holds the result of a check: the first row that does not fit into the chain, and the last row that
    could not be checked, because its key is missing. Each is None if there is no such row."""

    broken: AuditRow | None
    unchecked: AuditRow | None


@transaction.atomic
def record(actor: Person | None, action: str, *, subject: str = "", detail: str = "") -> None:
    """Adds a row. `action` is a code, `subject` an id; `detail` is a code, or a field with its old and new
    value.

    None of these values may contain a caller's text, an address or a secret.
    """
    if not _A_CODE.fullmatch(action):
        raise ValueError("an audit action is a code")
    head, key = _locked()
    row = AuditRow(
        actor=actor.handle if actor else "", action=action, subject=subject[:64], detail=detail[:DETAIL]
    )
    _add(head, key, row)


@transaction.atomic
def begin_key() -> None:
    """Makes a new key, under which the chain continues, and records that change."""
    key_files.make(KIND)
    _locked()


def newest(wanted: Q, most: int) -> list[AuditRow]:
    """Returns at most `most` of the rows that match `wanted`, newest first."""
    return list(AuditRow.objects.filter(wanted).order_by("-pk")[:most])


def link(row: AuditRow, key: bytes) -> bytes:
    """Returns the row's link. The link covers the previous link and the row's fields in order, each with its
    length, so that two different rows never give the same bytes."""
    fields = [row.at.isoformat(), row.actor, row.action, row.subject, row.detail]
    message = bytes(row.previous) + b"".join(
        len(field.encode()).to_bytes(4) + field.encode() for field in fields
    )
    return hmac.new(key, message, "sha256").digest()


def check() -> Checked:
    """Checks every row. If the key of a row is missing, the row counts as unchecked, but only if the first
    row under the next key names the missing key as the previous one. Without this condition, a changed row
    could pass as an unchecked one.

    The last row must be under the newest key, because somebody who has an older key could append rows under
    the older key.
    """
    keys = key_files.every(KIND)
    name = _first_key(keys)
    last: AuditRow | None = None
    unchecked: AuditRow | None = None
    for row in _rows():
        if row.action == BEGINS and last is not None:
            if row.detail != name:
                return Checked(row, unchecked)
            name = row.subject
        if name not in keys:
            unchecked = row
        elif bytes(row.mac) != link(row, keys[name]):
            return Checked(row, unchecked)
        if last is not None and bytes(row.previous) != bytes(last.mac):
            return Checked(row, unchecked)
        last = row
    head = AuditHead.objects.filter(pk=1).first()
    is_cut = last is not None and head is not None and bytes(head.mac) != bytes(last.mac)
    if is_cut or name != next(reversed(keys), name) or (last is not None and unchecked == last):
        return Checked(last, unchecked)
    return Checked(None, unchecked)


def keys_gone() -> list[str]:
    """Returns the names of the keys that were used for rows and are missing now."""
    begun = AuditRow.objects.filter(action=BEGINS).order_by("pk").values_list("detail", flat=True)
    now = AuditHead.objects.filter(pk=1).exclude(key="").values_list("key", flat=True)
    here = key_files.every(KIND)
    return [name for name in dict.fromkeys([*begun, *now]) if name not in here]


def is_newest_key_gone() -> bool:
    """Returns whether the key of the newest row is missing. This shows that somebody emptied the folder of
    keys, until the next row begins a new key."""
    head = AuditHead.objects.filter(pk=1).exclude(key="").first()
    return head is not None and head.key not in key_files.every(KIND)


def forget_old(now: datetime) -> int:
    """Deletes rows older than five years; the chain then begins with the oldest row that is left. Also
    deletes entries of that age from the log of Django's admin."""
    deleted, _ = AuditRow.objects.filter(at__lt=now - RETENTION).delete()
    LogEntry.objects.filter(action_time__lt=now - RETENTION).delete()
    return deleted


def _rows() -> Iterator[AuditRow]:
    return AuditRow.objects.order_by("pk").iterator()


def _first_key(keys: key_files.Keys) -> str:
    """Returns the name of the oldest row's key. The first row under the next key contains that name."""
    rows = AuditRow.objects.order_by("pk")
    first, begins = rows.first(), rows.filter(action=BEGINS)
    if first is not None and first.action == BEGINS:
        return first.subject
    following = begins.first()
    return following.detail if following else next(reversed(keys), "")


def _locked() -> tuple[AuditHead, bytes]:
    """Locks the chain's head until the transaction ends. Returns the head and the key for the next row. If
    the previous row has another key, first adds a row that records the change of keys."""
    AuditHead.objects.get_or_create(pk=1)
    head = AuditHead.objects.select_for_update().get(pk=1)
    name, key = _present_key(head.key)
    before, head.key = head.key, name
    if before not in {"", name}:
        _add(head, key, AuditRow(action=BEGINS, subject=name, detail=before))
    return head, key


def _present_key(before: str) -> tuple[str, bytes]:
    """Returns the name and the key for the next row: the newest key that exists. If the previous row's key is
    missing, makes a new one, because a chain that continues under an older key looks like a forgery.

    While the key folder is not available, a process continues with the key that it used last.
    """
    keys = key_files.every(KIND)
    if not keys and before in _in_use:
        return before, _in_use[before]
    if before and before not in keys:
        key_files.make(KIND)
    name, key = key_files.newest(KIND)
    _in_use.clear()
    _in_use[name] = key
    return name, key


def _add(head: AuditHead, key: bytes, row: AuditRow) -> None:
    """Appends the row to the chain, and updates the locked head."""
    row.at, row.previous = clock.now(), bytes(head.mac)
    row.mac = head.mac = link(row, key)
    row.save(force_insert=True)
    head.count += 1
    head.save()
