"""Makes sure that an answer to a challenge, or a ticket for feedback on an ended conversation, is used only
once.

A hash of each used answer or ticket is stored until the answer or ticket expires. It is not stored who used
the answer or ticket, and for what.
"""

from datetime import datetime
from hashlib import sha256

from django.db import connection

from chat.models import UsedWork


def use(what: str, until: datetime) -> bool:
    """Marks `what` as used until the time `until`. Returns whether it was unused before; only one of several
    simultaneous calls gets True."""
    table = connection.ops.quote_name(UsedWork._meta.db_table)  # noqa: SLF001
    row = [_mark(what), connection.ops.adapt_datetimefield_value(until)]
    with connection.cursor() as cursor:
        cursor.execute(
            f"INSERT INTO {table} (mark, expires_at) VALUES (%s, %s)"  # noqa: S608 – no input
            " ON CONFLICT (mark) DO NOTHING",
            row,
        )
        return bool(cursor.rowcount == 1)


def is_used(what: str) -> bool:
    return UsedWork.objects.filter(mark=_mark(what)).exists()


def forget_old(now: datetime) -> None:
    UsedWork.objects.filter(expires_at__lte=now).delete()


def _mark(what: str) -> str:
    return sha256(what.encode()).hexdigest()
