"""Makes devices wait for approval again when their owner is assigned to a line or service or gets a role,
whichever page or command does this (staff_devices.py)."""

from typing import Any

from django.db import models
from django.db.models.signals import post_save, pre_save
from django.dispatch import receiver

from chat.models import Work
from chat.supervision import staff_devices
from counsellors.models import Role

READS = {Role.Name.COUNSELLOR, Role.Name.PARTNER}
GAINED = {Work: ("person_id", "line_id", "service_id"), Role: ("person_id", "name")}


@receiver(pre_save, sender=Work)
@receiver(pre_save, sender=Role)
def row_changes(sender: type[models.Model], instance: Any, **_: Any) -> None:
    """Notes on the instance whether saving it gives somebody a new line, service or role. Saving a changed
    row can do so, too."""
    names = GAINED[sender]
    before = sender._default_manager.filter(pk=instance.pk).values_list(*names).first()  # noqa: SLF001 – Django documents this attribute
    instance.is_gained = before != tuple(getattr(instance, name) for name in names)


@receiver(post_save, sender=Work)
def work_is_gained(instance: Any, **_: Any) -> None:
    if instance.is_gained:
        staff_devices.ask_anew(instance.person)


@receiver(post_save, sender=Role)
def role_is_gained(instance: Any, **_: Any) -> None:
    if instance.is_gained and instance.name in READS:
        staff_devices.ask_anew(instance.person)
