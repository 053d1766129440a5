"""Roles, and which of them need approval to be given or taken."""

from counsellors.models import Person, Role
from helpline.lib.errors import Conflict

PRIVILEGED = (Role.Name.SUPERVISOR, Role.Name.ADMINISTRATOR)
TAKE_TWO = (*PRIVILEGED, Role.Name.PARTNER)  # a partner sits in conversations of every line


def give(handle: str, name: str) -> None:
    """Gives it and ends their sessions: a role takes effect by signing in. Raises Conflict for a person who
    has left."""
    person = Person.objects.filter(handle=handle).first()
    if person is None:
        raise Conflict
    Role.objects.get_or_create(person=person, name=Role.Name(name))
