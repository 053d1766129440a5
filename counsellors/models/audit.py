"""Stores the audit trail, in which each row authenticates the row before it."""

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

DETAIL = 200


class AuditRow(models.Model):
    """Records something that has to be traceable later. It holds no content and no address; it names a
    caller's conversation only by a number (`recorded_as`).

    Each row's `mac` covers the row and the `mac` before it, so changing or removing a row breaks the chain.
    """

    at = models.DateTimeField(_("admin.auditrow.at"))
    actor = models.CharField(
        _("admin.auditrow.actor"), max_length=22, help_text="a person's handle, or empty for the system"
    )
    action = models.CharField(_("admin.auditrow.action"), max_length=40)
    subject = models.CharField(_("admin.auditrow.subject"), max_length=64, help_text="an opaque id")
    detail = models.CharField(
        _("admin.auditrow.detail"), max_length=DETAIL, help_text="a code, or a field and what it was and is"
    )
    previous = models.BinaryField(
        _("admin.auditrow.previous"), max_length=32, default=bytes(32), help_text="the mac of the row before"
    )
    mac = models.BinaryField(_("admin.auditrow.mac"), max_length=32, default=bytes(32))

    class Meta:
        verbose_name, verbose_name_plural = _("admin.auditrow.one"), _("admin.auditrow.many")

    def __str__(self) -> str:
        return f"{self.at:%F %T} {self.action}"


class AuditHead(models.Model):
    """Holds the newest link of the chain, in one row. Each writer locks this row first, so rows are written
    one after another."""

    id = models.PositiveSmallIntegerField(primary_key=True, default=1)
    mac = models.BinaryField(max_length=32, default=bytes(32))
    count = models.PositiveBigIntegerField(default=0)
    key = models.CharField(
        max_length=8, blank=True, default="", db_default="", help_text="the name of the key of that link"
    )

    class Meta:
        constraints = [models.CheckConstraint(condition=Q(id=1), name="one_audit_head")]

    def __str__(self) -> str:
        return f"{self.count} {bytes(self.mac).hex()}"
