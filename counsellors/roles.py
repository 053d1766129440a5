"""Gives roles, and lists those that need approval to be given or removed."""

from counsellors.models import Person, Role
from helpline.lib.errors import Conflict

PRIVILEGED = (Role.Name.SUPERVISOR, Role.Name.ADMINISTRATOR)
TAKE_TWO = (*PRIVILEGED, Role.Name.PARTNER)  # a partner may join conversations of every line


def give(handle: str, name: str) -> None:
    """Gives a person the role. This ends their sessions, and the role takes effect at the next sign-in.
    Raises Conflict for a handle that nobody has."""
    person = Person.objects.filter(handle=handle).first()
    if person is None:
        raise Conflict
    Role.objects.get_or_create(person=person, name=Role.Name(name))
