"""Roles that are given, and which of them nobody gives or takes alone."""

from counsellors.models import Person, Role
from helpline.lib.errors import Conflict

PRIVILEGED = (Role.Name.SUPERVISOR, Role.Name.ADMINISTRATOR)
TAKE_TWO = (*PRIVILEGED, Role.Name.PARTNER)  # a partner sits in conversations of every line


def give(handle: str, name: str) -> None:
    """Conflict for who is not there any more. Their sessions end: a role is taken up by signing in."""
    person = Person.objects.filter(handle=handle).first()
    if person is None:
        raise Conflict
    Role.objects.get_or_create(person=person, name=Role.Name(name))
