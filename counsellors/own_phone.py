"""Keeps the telephone number at which a person lets the supervisors of their lines call them. Nobody else is
shown it."""

from django.db import transaction

from counsellors import audit
from counsellors.models import Person
from helpline.lib import phone_numbers


@transaction.atomic
def keep(person: Person, phone: str) -> None:
    """Stores the number, or forgets it if it is empty. The audit says that it changed, and holds no number.
    Raises NoNumber."""
    phone_numbers.require(phone)
    if Person.objects.filter(pk=person.pk).exclude(phone=phone).update(phone=phone):
        audit.record(person, "phone_set" if phone else "phone_removed", subject=person.handle)
