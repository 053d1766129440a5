"""Lines, services and who works for them. Conversations are not registered: nobody browses them."""

from collections import defaultdict
from typing import Any, ClassVar

from django.contrib import admin
from django.core.exceptions import ValidationError
from django.forms import BaseInlineFormSet, ModelForm
from django.http import HttpRequest
from django.utils.formats import date_format
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString
from django.utils.timezone import localtime
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from chat.handoff import directory
from chat.lines import hours, schedules
from chat.models import DatedHours, HolidayHours, Line, Service, WeeklyHours, Work
from counsellors.admin import PersonAdmin
from counsellors.admin_site import ForAdministrators, OnRecord
from counsellors.models import Person
from helpline.lib import clock, signed_post

type Inlines = tuple[type[admin.TabularInline], ...]  # type: ignore[type-arg]


class HoursFormSet(BaseInlineFormSet):  # type: ignore[type-arg]
    """Spans that share a moment, and a day that is both closed and open, are slips of the pen."""

    def clean(self) -> None:
        super().clean()
        days = self._days()
        for spans in days.values():
            if len(spans) > 1 and () in spans:
                raise ValidationError(gettext("hours.closed_and_open"))
            if hours.overlap([_joined(spans)]):
                raise ValidationError(gettext("hours.overlap"))
        if self.model is WeeklyHours and hours.overlap([_joined(days[weekday]) for weekday in range(7)]):
            raise ValidationError(gettext("hours.overlap"))

    def _days(self) -> defaultdict[Any, list[hours.Spans]]:
        days: defaultdict[Any, list[hours.Spans]] = defaultdict(list)
        for form in self.forms:
            stays = form.has_changed() or form.instance.pk
            if stays and form.is_valid() and form not in self.deleted_forms:
                days[form.instance.day].append(form.instance.spans)
        return days


def _joined(rows: list[hours.Spans]) -> hours.Spans:
    return tuple(span for spans in rows for span in spans)


class WeeklyInline(ForAdministrators, admin.TabularInline):  # type: ignore[type-arg]
    model = WeeklyHours
    formset = HoursFormSet
    fields = ("weekday", "opens", "closes")
    extra = 1


class HolidayInline(ForAdministrators, admin.TabularInline):  # type: ignore[type-arg]
    model = HolidayHours
    formset = HoursFormSet
    fields = ("holiday", "opens", "closes")
    extra = 0


class DatedInline(ForAdministrators, admin.TabularInline):  # type: ignore[type-arg]
    model = DatedHours
    formset = HoursFormSet
    fields = ("date", "opens", "closes", "reason")
    extra = 0


class WithHours(OnRecord):
    """What has opening hours: they are edited here, and shown for the next four weeks as saved."""

    readonly_fields = ("four_weeks",)
    inlines: ClassVar[Inlines] = (WeeklyInline, HolidayInline, DatedInline)

    @admin.display(description=_("hours.four_weeks"))
    def four_weeks(self, owner: Line | Service) -> str:
        schedule = _schedule_of(owner) if owner.pk else None
        if schedule is None:
            return gettext("hours.unknown")
        days = hours.four_weeks(schedule, localtime(clock.now()).date())
        return format_html_join(SafeString("<br>"), "{}", ((_in_words(day),) for day in days))


def _schedule_of(owner: Line | Service) -> hours.Schedule | None:
    return schedules.of_line(owner) if isinstance(owner, Line) else schedules.of_service(owner)


def _in_words(day: hours.Day) -> str:
    """As `ma 7 dec: 09:00–17:00, 19:00–02:00 (Koningsdag)`."""
    spans = ", ".join(
        f"{span.opens:%H:%M}–{span.closes:%H:%M}" for span in sorted(day.spans, key=_by_opening)
    )
    why = f" ({day.why})" if day.why else ""
    return f"{date_format(day.date, 'D j b')}: {spans or gettext('hours.closed')}{why}"


def _by_opening(span: hours.Span) -> Any:
    return span.opens


@admin.register(Line)
class LineAdmin(WithHours):
    list_display = ("name", "slug", "state", "retention")
    exclude = ("unstaffed_since", "alerting_since")  # the worker's

    def save_model(self, request: HttpRequest, obj: Line, form: "ModelForm[Line]", change: bool) -> None:
        if obj.alert_url and not obj.alert_secret:
            obj.alert_secret = signed_post.new_secret()
        super().save_model(request, obj, form, change)


@admin.register(Service)
class ServiceAdmin(WithHours):
    list_display = ("name", "slug", "phone", "desk", "freshness")
    list_filter = ("desk", "chat", "free")
    search_fields = ("name", "purpose", "needs")
    exclude = ("contact_mail", "contact_url", "contact_secret")  # two persons set these

    class Media:
        css = {"all": ("chat/admin.css",)}

    @admin.display(description=_("service.verified_on"), ordering="verified_on")
    def freshness(self, service: Service) -> str:
        """Amber, and in words, once nobody has looked for a year."""
        read = date_format(service.verified_on) if service.verified_on else gettext("service.never_verified")
        if not directory.is_stale(service, today=localtime(clock.now()).date()):
            return read
        return format_html('<span class="stale">{} – {}</span>', read, gettext("service.stale"))

    def save_model(
        self, request: HttpRequest, obj: Service, form: "ModelForm[Service]", change: bool
    ) -> None:
        if obj.webhook_url and not obj.webhook_secret:
            obj.webhook_secret = signed_post.new_secret()
        super().save_model(request, obj, form, change)


class WorkInline(ForAdministrators, admin.TabularInline):  # type: ignore[type-arg]
    model = Work
    extra = 1


admin.site.unregister(Person)


@admin.register(Person)
class PersonWithWorkAdmin(PersonAdmin):
    inlines: ClassVar[Inlines] = (*PersonAdmin.inlines, WorkInline)
