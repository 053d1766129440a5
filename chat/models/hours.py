"""Stores when a line or a service is open: weekly hours, holidays, exceptions."""

import datetime as dt

from django.core.exceptions import ValidationError
from django.db import models
from django.db.models import F, Q
from django.utils.dates import WEEKDAYS
from django.utils.translation import gettext_lazy as _

from chat.spans import ANY, FEASTS, MIDNIGHT, Span


class Hours(models.Model):
    """Represents one span in which a line or a service is open. A row without times means that the line or
    service is closed all day."""

    line = models.ForeignKey(
        "chat.Line", on_delete=models.CASCADE, null=True, blank=True, related_name="%(class)s"
    )
    service = models.ForeignKey(
        "chat.Service", on_delete=models.CASCADE, null=True, blank=True, related_name="%(class)s"
    )
    opens = models.TimeField(_("hours.opens"), null=True, blank=True)
    closes = models.TimeField(_("hours.closes"), null=True, blank=True)

    class Meta:
        abstract = True
        constraints = [
            models.CheckConstraint(
                condition=Q(line__isnull=True) ^ Q(service__isnull=True), name="%(class)s_of_one"
            ),
            models.CheckConstraint(
                condition=Q(opens__isnull=True, closes__isnull=True)
                | Q(opens__isnull=False, closes__isnull=False) & (~Q(opens=F("closes")) | Q(opens=MIDNIGHT)),
                name="%(class)s_last_a_while",
            ),
        ]

    def clean(self) -> None:
        if (self.opens is None) != (self.closes is None):
            raise ValidationError({"closes": _("hours.half")})
        if any(span.is_nothing for span in self.spans):
            raise ValidationError({"closes": _("hours.nothing")})

    @property
    def spans(self) -> tuple[Span, ...]:
        if self.opens is None or self.closes is None:
            return ()
        return (Span(self.opens, self.closes),)

    @property
    def day(self) -> int | str | dt.date:
        """Returns the weekday, holiday or date to which the row applies. Rows with the same value apply to
        the same day."""
        raise NotImplementedError


class WeeklyHours(Hours):
    weekday = models.PositiveSmallIntegerField(_("hours.weekday"), choices=list(WEEKDAYS.items()))

    class Meta(Hours.Meta):
        verbose_name = verbose_name_plural = _("hours.weekly")
        ordering = ["weekday", "opens"]

    def __str__(self) -> str:
        return str(WEEKDAYS[self.weekday])

    @property
    def day(self) -> int:
        return self.weekday


class HolidayHours(Hours):
    holiday = models.CharField(
        _("hours.holiday"), max_length=30, choices=[(ANY, _("hours.holiday.any")), *((f, f) for f in FEASTS)]
    )

    class Meta(Hours.Meta):
        verbose_name = verbose_name_plural = _("hours.holidays")
        ordering = ["holiday", "opens"]

    def __str__(self) -> str:
        return self.holiday

    @property
    def day(self) -> str:
        return self.holiday


class DatedHours(Hours):
    date = models.DateField(_("hours.date"))
    reason = models.CharField(_("hours.reason"), max_length=120)

    class Meta(Hours.Meta):
        verbose_name = verbose_name_plural = _("hours.exceptions")
        ordering = ["date", "opens"]

    def __str__(self) -> str:
        return f"{self.date}: {self.reason}"

    @property
    def day(self) -> dt.date:
        return self.date
