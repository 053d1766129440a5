"""Stores who works for a line or a service, and who practises."""

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from chat.models.lines import Line
from counsellors.models import Person


class Work(models.Model):
    """Assigns a person to one line or one service."""

    person = models.ForeignKey(
        Person, on_delete=models.CASCADE, related_name="work", verbose_name=_("admin.work.person")
    )
    line = models.ForeignKey(
        Line,
        on_delete=models.CASCADE,
        null=True,
        blank=True,
        related_name="work",
        verbose_name=_("admin.work.line"),
    )
    service = models.ForeignKey(
        "chat.Service",
        on_delete=models.CASCADE,
        null=True,
        blank=True,
        related_name="work",
        verbose_name=_("admin.work.service"),
    )

    class Meta:
        verbose_name, verbose_name_plural = _("admin.work.one"), _("admin.work.many")
        constraints = [
            models.CheckConstraint(
                condition=Q(line__isnull=True) ^ Q(service__isnull=True), name="a_line_or_a_service"
            ),
            models.UniqueConstraint(fields=["person", "line"], name="line_once"),
            models.UniqueConstraint(fields=["person", "service"], name="service_once"),
        ]

    def __str__(self) -> str:
        return f"{self.person} · {self.line or self.service}"


class Practising(models.Model):
    """Records that a person takes callers of a practice line, and no other callers, until the person stops
    practising."""

    person = models.OneToOneField(
        Person, on_delete=models.CASCADE, primary_key=True, related_name="practising"
    )
    line = models.ForeignKey(Line, on_delete=models.CASCADE, related_name="practising")
    since = models.DateTimeField()

    def __str__(self) -> str:
        return f"{self.person} {self.line_id}"
