"""Roles of which a passkey is demanded: who signs in without one can add one, and nothing else."""

from collections.abc import Collection

from django.db import transaction

from counsellors import audit
from counsellors.models import Passkey, PasskeyDemand, Person
from counsellors.signin import sites


def demanded() -> frozenset[str]:
    """The roles; none where nobody could add a passkey."""
    return (
        frozenset(PasskeyDemand.objects.values_list("role", flat=True)) if sites.possible() else frozenset()
    )


def holds_back(person: Person, factor: str, roles: Collection[str]) -> bool:
    """Whether a sign-in by this second factor, a persistent id, is too little while `roles` are demanded."""
    return not {*person.roles}.isdisjoint(roles) and not factor.startswith(f"{Passkey.model_label()}/")


def wants_more_than_digits(person: Person) -> bool:
    """Six digits can be coaxed out of somebody by telephone: they must not bring in a second passkey."""
    is_demanded = not demanded().isdisjoint(person.roles)
    return is_demanded and Passkey.objects.filter(user=person).exists()


@transaction.atomic
def demand(supervisor: Person, roles: Collection[str]) -> None:
    """Of these roles from now on, and of no other."""
    before = {*PasskeyDemand.objects.select_for_update().values_list("role", flat=True)}
    for role in sorted({*roles} - before):
        PasskeyDemand.objects.get_or_create(role=role)
        audit.record(supervisor, "passkey_demanded", detail=role)
    for role in sorted(before - {*roles}):
        PasskeyDemand.objects.filter(role=role).delete()
        audit.record(supervisor, "passkey_demand_lifted", detail=role)
