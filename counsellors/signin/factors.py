"""Sets aside a person's second factors as long as their replacement can be undone, puts them back, and seals
secrets again under a newer key."""

from collections.abc import Collection

from django.db import transaction
from django_otp.models import Device as SecondFactor
from django_otp.plugins.otp_static.models import StaticToken

from counsellors import audit
from counsellors.models import Authenticator, Person
from counsellors.models.factors import KINDS
from counsellors.signin import locks, sessions
from helpline.lib import keyring


def set_aside(person: Person) -> list[str]:
    """Disables the person's second factors in such a way that `put_back` can restore them. Returns their
    persistent ids."""
    gone = []
    for kind in KINDS:
        gone += [one.persistent_id for one in kind.objects.filter(user=person, confirmed=True)]
        kind.objects.filter(user=person, confirmed=True).update(confirmed=False)
    return gone


def put_back(person: Person, aside: Collection[str]) -> None:
    """Restores the second factors that were set aside, and deletes those that are in use."""
    for kind in KINDS:
        for other in kind.objects.filter(user=person, confirmed=True):
            other.delete()
    for one in _unconfirmed(person, aside):
        type(one).objects.filter(pk=one.pk).update(confirmed=True)


def forget_aside(person: Person, aside: Collection[str]) -> None:
    for one in _unconfirmed(person, aside):
        one.delete()


@transaction.atomic
def forget_all(person: Person) -> None:
    """Deletes the person's second factors, also those that could be put back, and ends their sessions."""
    for kind in KINDS:
        kind.objects.filter(user=person).delete()
    locks.forget_codes(person.handle)
    sessions.end_all(person)
    audit.record(None, "second_factor_replaced", subject=person.handle, detail="command")


def _unconfirmed(person: Person, named: Collection[str]) -> list[SecondFactor]:
    every = (kind.objects.filter(user=person, confirmed=False) for kind in KINDS)
    return [one for found in every for one in found if one.persistent_id in named]


def reseal() -> int:
    """Seals again, under the newest key, each seed that is sealed under an older key which still exists.
    Returns how many seeds it sealed again."""
    done = 0
    for one in Authenticator.objects.select_related("user"):
        if keyring.has_key_of(one.key) and not keyring.is_newest(one.key):
            sealed = keyring.seal(one.bin_key, one.place)
            done += Authenticator.objects.filter(pk=one.pk, key=one.key).update(key=sealed)
    return done


def under_older_keys() -> int:
    """Returns how many recovery codes are hashed under an older key. The server cannot hash them again: when
    the older key is deleted they stop working, and the people have to make new codes."""
    tokens = StaticToken.objects.values_list("token", flat=True)
    return sum(not keyring.is_newest(token) for token in tokens)


def without_key() -> int:
    """Returns how many seeds and recovery codes cannot be used with the keys that exist."""
    seeds = Authenticator.objects.select_related("user")
    closed = sum(keyring.unseal(one.key, one.place) is None for one in seeds)
    tokens = StaticToken.objects.values_list("token", flat=True)
    return closed + sum(not keyring.has_key_of(token) for token in tokens)
