"""Ends a person's sessions when their password or a role changes, when a second factor is removed, or when
they become inactive, whichever page or command makes the change.

The rows of the sessions are deleted, so that no old session becomes valid again when a role is given back or
somebody is reactivated. Sockets of these sessions close at the next check (chat/consumers/access.py).
"""

from collections.abc import Collection
from typing import Any

from django.db.models.signals import post_delete, post_save, pre_save
from django.dispatch import receiver
from django_otp.models import Device as SecondFactor
from django_otp.plugins.otp_static.models import StaticDevice
from django_otp.plugins.otp_totp.models import TOTPDevice

from counsellors.models import Authenticator, Passkey, Person, RecoveryCodes, Role
from counsellors.signin import sessions

STANDS_ON = {"password", "is_active"}


@receiver(pre_save, sender=Person)
def person_changes(instance: Person, update_fields: Collection[str] | None, **_: Any) -> None:
    fields = STANDS_ON if update_fields is None else STANDS_ON & {*update_fields}
    before = Person.objects.filter(pk=instance.pk).first() if fields else None
    if before is not None and any(getattr(before, name) != getattr(instance, name) for name in fields):
        sessions.end_all(instance, comes_back=instance.is_active)


@receiver(post_save, sender=Role)
def role_changes(instance: Role, **_: Any) -> None:
    sessions.end_all(instance.person, comes_back=True)


@receiver(post_delete, sender=Role)
def role_goes(instance: Role, **_: Any) -> None:
    sessions.end_all(instance.person)


# If the rows are deleted through django-otp's own models, as in the admin, the signal's sender is such a
# model.
@receiver(post_delete, sender=TOTPDevice)
@receiver(post_delete, sender=StaticDevice)
@receiver(post_delete, sender=Authenticator)
@receiver(post_delete, sender=RecoveryCodes)
@receiver(post_delete, sender=Passkey)
def second_factor_goes(instance: SecondFactor, **_: Any) -> None:
    if instance.confirmed:
        sessions.end_all(instance.user, comes_back=True)
