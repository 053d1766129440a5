"""A transaction that a test undoes, in which what must stand alone may stand all the same."""

from django.db import transaction


def undone() -> transaction.Atomic:
    """As Django's own test cases mark theirs: what is `durable` may be nested in it."""
    atomic = transaction.atomic()
    vars(atomic)["_from_testcase"] = True
    return atomic
