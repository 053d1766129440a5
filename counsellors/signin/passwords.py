"""Checks and changes a person's own password."""

from django.contrib.auth.password_validation import MinimumLengthValidator, validate_password
from django.db import transaction
from django.utils.translation import gettext

from counsellors import audit
from counsellors.models import Person
from counsellors.signin import locks
from helpline.lib.errors import Forbidden, SlowDown


class LongEnough(MinimumLengthValidator):
    """Gives the error for a short password in the page's language, because Django's own sentence has no Dutch
    translation."""

    def get_error_message(self) -> str:
        return gettext("password.short") % {"n": self.min_length}


class WrongPassword(Forbidden):
    """That is not your present password."""


class Locked(SlowDown):
    """Too many wrong passwords. Wait a moment."""


def require(person: Person, password: str) -> None:
    """Checks the person's own password, which somebody at an unattended laptop does not know. Raises
    WrongPassword, or Locked after too many wrong ones. The limit is the same as at sign-in, but is counted
    separately."""
    wrong = locks.guesses(locks.PASSWORDS, f"own {person.handle}")
    if wrong.lock():
        raise Locked
    if not person.check_password(password):
        wrong.count()
        audit.record(person, "password_refused")
        raise WrongPassword
    wrong.forget()


def change(person: Person, old: str, new: str) -> None:
    """Changes the password and ends every session of the person. Raises ValidationError for a new one that is
    easy to guess."""
    require(person, old)  # outside the transaction, so that a rollback keeps the count
    validate_password(new, person)
    person.set_password(new)
    with transaction.atomic():
        person.save(update_fields=["password"])
        audit.record(person, "password_set", detail="own")


def end(person: Person) -> None:
    """Makes the person's password open nothing any more."""
    person.set_unusable_password()
    person.save(update_fields=["password"])
