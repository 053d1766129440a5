"""Manages roles that need a passkey: a person in such a role who signs in without a passkey can only add one.

A demand is checked when somebody signs in, and the result applies to that session. Somebody who is at work
when a demand begins keeps their callers, because their session continues. It ends SIGNED_IN after the
sign-in, as always.
"""

from collections.abc import Collection
from dataclasses import dataclass

from django.db import transaction
from django.db.models import QuerySet

from counsellors import audit
from counsellors.models import Passkey, PasskeyDemand, Person, Role
from counsellors.signin import sessions, sites


@dataclass(frozen=True, slots=True)
class Standing:
    """Describes a role's state on all lines. `signed_in` is how many people with the role are signed in, and
    `without` how many of those signed-in people have no passkey yet."""

    role: str
    is_demanded: bool
    signed_in: int
    without: int


def demanded() -> frozenset[str]:
    """Returns the roles that need a passkey; none if no configured origin can have passkeys."""
    return (
        frozenset(PasskeyDemand.objects.values_list("role", flat=True)) if sites.possible() else frozenset()
    )


def owed(person: Person, factor: str) -> list[str]:
    """Returns the person's roles that demand a passkey now; none if `factor`, the persistent id of a second
    factor, is a passkey."""
    if factor.startswith(f"{Passkey.model_label()}/"):
        return []
    return sorted(demanded() & {*person.roles})


def holds_back(person: Person, owed: Collection[str], roles: Collection[str]) -> bool:
    """Returns whether a session has to wait for a passkey. It has to if one of the person's roles is both in
    `owed` (it demanded a passkey when the session began) and in `roles` (it demands a passkey now)."""
    return not ({*person.roles} & {*owed}).isdisjoint(roles)


def wants_more_than_digits(person: Person) -> bool:
    """Returns whether this person needs more than six digits to add or remove a passkey, because people can
    be talked into giving digits away by telephone. A passkey of an earlier host name opens nothing, so it
    asks for nothing."""
    is_demanded = not demanded().isdisjoint(person.roles)
    usable = Passkey.objects.filter(user=person, confirmed=True, site__in=sites.hosts())
    return is_demanded and usable.exists()


@transaction.atomic
def demand(by: Person, role: str) -> None:
    """Demands a passkey for a role, from the next sign-in on. This needs approval:
    chat/supervision/needs_approval.py."""
    _, is_new = PasskeyDemand.objects.get_or_create(role=role)
    if is_new:
        audit.record(by, "passkey_demanded", subject=role, detail=role)


@transaction.atomic
def lift(by: Person, role: str) -> None:
    """Lifts the demand immediately, also for people who are held back by it."""
    if PasskeyDemand.objects.filter(role=role).delete()[0]:
        audit.record(by, "passkey_demand_lifted", subject=role, detail=role)


def standings(roles: Collection[str] = tuple(Role.Name.values)) -> list[Standing]:
    now = sessions.who_signed_in()
    return [_standing(role, Person.objects.filter(is_active=True, pk__in=now)) for role in roles]


def _standing(role: str, signed_in: QuerySet[Person]) -> Standing:
    people = signed_in.filter(role_rows__name=role)
    return Standing(
        role=role,
        is_demanded=PasskeyDemand.objects.filter(role=role).exists(),
        signed_in=people.count(),
        without=people.exclude(pk__in=Passkey.objects.filter(confirmed=True).values("user")).count(),
    )
