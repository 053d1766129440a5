"""Reads the organisation's name."""

from django.utils.translation import gettext

from counsellors.models import Organisation


def name() -> str:
    """Returns the name that `setup` was given, or a general one."""
    found = Organisation.objects.first()
    return found.name if found else gettext("staff.name")
