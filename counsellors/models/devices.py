"""Stores the devices of the staff, and who takes callers now."""

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from counsellors.models.people import Person
from helpline.lib import encoding

MAX_SLOTS = 4  # conversations that somebody may have at once


class Device(models.Model):
    """Stores a browser's public key. Only an approved device can take callers. The row of a revoked device
    stays as a record."""

    class State(models.TextChoices):
        PENDING = "pending", _("admin.device.pending")
        APPROVED = "approved", _("admin.device.approved")
        REVOKED = "revoked", _("admin.device.revoked")

    id = models.CharField(_("admin.device.id"), max_length=22, primary_key=True, default=encoding.new_id)
    person = models.ForeignKey(
        Person, on_delete=models.CASCADE, related_name="devices", verbose_name=_("admin.device.person")
    )
    key = models.BinaryField(
        _("admin.device.key"), max_length=65, unique=True, help_text="uncompressed P-256 point"
    )
    fingerprint = models.CharField(
        _("admin.device.fingerprint"), max_length=15, unique=True, help_text="what others call it"
    )
    label = models.CharField(_("admin.device.label"), max_length=80)
    state = models.CharField(_("admin.device.state"), max_length=8, choices=State, default=State.PENDING)
    enrolled_at = models.DateTimeField(_("admin.device.enrolled_at"))
    was_approved = models.BooleanField(
        default=False,
        db_default=False,
        editable=False,
        help_text="waits again, because its owner gained access",
    )
    used_at = models.DateTimeField(_("admin.device.used_at"))

    class Meta:
        verbose_name, verbose_name_plural = _("admin.device.one"), _("admin.device.many")

    def __str__(self) -> str:
        return f"{self.label} ({self.state})"


class Duty(models.Model):
    """Stores whether somebody takes callers now. It is a lease: the console renews the lease, and without
    renewal it ends."""

    class State(models.TextChoices):
        OFF = "off"
        ON = "on"
        BREAK = "break"

    person = models.OneToOneField(Person, on_delete=models.CASCADE, primary_key=True)
    state = models.CharField(max_length=5, choices=State, default=State.OFF)
    slots = models.PositiveSmallIntegerField(default=1)
    renewed_at = models.DateTimeField()

    class Meta:
        constraints = [models.CheckConstraint(condition=Q(slots__lte=MAX_SLOTS), name="at_most_four_slots")]

    def __str__(self) -> str:
        return f"{self.person}: {self.state}"
