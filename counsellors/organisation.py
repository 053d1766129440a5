"""Whose helpline this is."""

from django.utils.translation import gettext

from counsellors.models import Organisation


def name() -> str:
    """As `setup` was told, or what a helpline is called."""
    found = Organisation.objects.first()
    return found.name if found else gettext("staff.name")
