"""Runs a transaction that a test rolls back, and in which durable blocks may be nested."""

from django.db import transaction


def undone() -> transaction.Atomic:
    """Marks it as Django's own test cases do, so that what is `durable` may be nested in it."""
    atomic = transaction.atomic()
    vars(atomic)["_from_testcase"] = True
    return atomic
