"""What works once: the answer to a challenge, the ticket of a conversation that ended.

A hash of what was used is kept until it would be too late anyway; not who used it, nor for what.
"""

from datetime import datetime
from hashlib import sha256

from django.db import connection

from chat.models import UsedWork


def use(what: str, until: datetime) -> bool:
    """Marks it as used until `until`. Of rivals who use it at once, one gets True."""
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
