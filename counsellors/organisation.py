"""The organisation's name."""

from django.utils.translation import gettext

from counsellors.models import Organisation


def name() -> str:
    """Returns what `setup` was told, or a general name."""
    found = Organisation.objects.first()
    return found.name if found else gettext("staff.name")
