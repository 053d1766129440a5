"""Reads the organisation's name."""

from django.utils.translation import gettext

from counsellors.models import Organisation


def name() -> str:
    """Returns the organisation's name as it was given to `setup`, or a general name."""
    return given_name() or gettext("staff.name")


def given_name() -> str:
    """Returns the organisation's name as it was given to `setup`, or ""."""
    found = Organisation.objects.first()
    return found.name if found else ""
