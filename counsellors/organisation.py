"""Reads the organisation's name."""

from django.utils.translation import gettext

from counsellors.models import Organisation


def name() -> str:
    """Returns the name that `setup` was given, or a general one."""
    return given_name() or gettext("staff.name")


def given_name() -> str:
    """Returns the name that `setup` was given, or ""."""
    found = Organisation.objects.first()
    return found.name if found else ""
