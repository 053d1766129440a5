"""Who gains work, by whatever page or command, is approved for it anew (staff_devices.py)."""

from typing import Any

from django.db.models.signals import post_save
from django.dispatch import receiver

from chat.models import Work
from chat.supervision import staff_devices
from counsellors.models import Role

READS = {Role.Name.COUNSELLOR, Role.Name.PARTNER}


@receiver(post_save, sender=Work)
def work_is_gained(instance: Work, created: bool, **_: Any) -> None:
    if created:
        staff_devices.ask_anew(instance.person)


@receiver(post_save, sender=Role)
def role_is_gained(instance: Role, created: bool, **_: Any) -> None:
    if created and instance.name in READS:
        staff_devices.ask_anew(instance.person)
