"""Stores the telephone number at which a person may be called by the supervisors of their lines. It is shown
to nobody else."""

from django.db import transaction

from counsellors import audit
from counsellors.models import Person
from helpline.lib import phone_numbers


@transaction.atomic
def keep(person: Person, phone: str) -> None:
    """Stores the number, or deletes the stored one if `phone` is empty. The audit records that the number
    changed, but not the number. Raises NoNumber."""
    phone_numbers.require(phone)
    if Person.objects.filter(pk=person.pk).exclude(phone=phone).update(phone=phone):
        audit.record(person, "phone_set" if phone else "phone_removed", subject=person.handle)
