"""Admin pages of lines and who works for them. Services are kept on the board. Conversations are not
registered: nobody browses them.

Fields that one person alone may not change are read-only here (chat/supervision/held_fields.py);
docs/permissions.md lists them.
"""

from collections import defaultdict
from typing import Any, ClassVar

from django.conf import settings
from django.contrib import admin, messages
from django.core.exceptions import ValidationError
from django.db.models import QuerySet
from django.forms import ModelForm
from django.http import HttpRequest
from django.utils.formats import date_format
from django.utils.html import format_html_join
from django.utils.safestring import SafeString
from django.utils.timezone import localtime
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from chat.lines import hours, schedules
from chat.models import DatedHours, HolidayHours, Line, WeeklyHours
from chat.spans import Span
from chat.supervision import approval_requests, held_fields
from chat.supervision.leaving import LastSupervisor
from counsellors.administration.awaiting_approval import hold_back, take_powers
from counsellors.administration.people import PersonAdmin
from counsellors.administration.site import ForAdministrators, OnRecord, Rows
from counsellors.models import Person
from helpline.lib import clock, scopes
from helpline.lib.errors import Refusal

Kind = approval_requests.Kind

type Inlines = tuple[type[admin.TabularInline], ...]  # type: ignore[type-arg]


def _ask(writer: Person, kind: str, **of: Any) -> tuple[str, int]:
    """Asks a second person to approve a change. Returns the message that tells the administrator the outcome,
    and its level."""
    what = gettext(f"approval.{kind}")
    try:
        approval = approval_requests.ask(writer, kind, **of, now=clock.now())
    except LastSupervisor:
        return gettext("people.last_supervisor"), messages.ERROR
    except approval_requests.NobodyOfAll:
        return gettext("people.nobody_of_all"), messages.ERROR
    except Refusal:
        return gettext("admin.not_asked") % {"what": what}, messages.ERROR
    if approval.waits:
        return gettext("admin.asked") % {"what": what}, messages.WARNING
    return gettext("admin.done_alone") % {"what": what}, messages.SUCCESS


class HoursFormSet(Rows):
    """Refuses spans that overlap, and a day that is both closed and open."""

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
    scope = scopes.ALL
    model = WeeklyHours
    formset = HoursFormSet
    fields = ("weekday", "opens", "closes")
    extra = 1


class HolidayInline(ForAdministrators, admin.TabularInline):  # type: ignore[type-arg]
    scope = scopes.ALL
    model = HolidayHours
    formset = HoursFormSet
    fields = ("holiday", "opens", "closes")
    extra = 0


class DatedInline(ForAdministrators, admin.TabularInline):  # type: ignore[type-arg]
    scope = scopes.ALL
    model = DatedHours
    formset = HoursFormSet
    fields = ("date", "opens", "closes", "reason")
    extra = 0


class WithHours(OnRecord):
    """Edits opening hours, and shows the next four weeks as they are saved.

    A slug cannot be changed: renaming would create a copy without the settings that needed two persons.
    """

    readonly_fields: ClassVar[tuple[str, ...]] = ("four_weeks",)
    inlines: ClassVar[Inlines] = (WeeklyInline, HolidayInline, DatedInline)

    def get_readonly_fields(self, request: HttpRequest, obj: Any = None) -> tuple[str, ...]:  # noqa: ARG002
        return (*self.readonly_fields, *(["slug"] if obj else []))

    @admin.display(description=_("hours.four_weeks"))
    def four_weeks(self, owner: Line) -> str:
        if not owner.pk:
            return gettext("hours.unknown")
        schedule = schedules.of_line(owner)
        days = hours.four_weeks(schedule, localtime(clock.now()).date())
        return format_html_join(SafeString("<br>"), "{}", ((_in_words(day),) for day in days))


def _in_words(day: hours.Day) -> str:
    """Returns a day as `ma 7 dec: 09:00–17:00, 19:00–02:00 (Koningsdag)`."""
    spans = ", ".join(
        f"{span.opens:%H:%M}–{span.closes:%H:%M}" for span in sorted(day.spans, key=_by_opening)
    )
    why = f" ({day.why})" if day.why else ""
    return f"{date_format(day.date, 'D j b')}: {spans or gettext('hours.closed')}{why}"


def _by_opening(span: Span) -> Any:
    return span.opens


@admin.register(Line)
class LineAdmin(WithHours):
    scope = scopes.ALL
    list_display = ("name", "slug", "state", "kept")
    exclude = ("unstaffed_since", "alerting_since")  # only the worker sets them
    by_two = tuple(name for name in held_fields.names(Line) if name != held_fields.ENDED)
    readonly_fields: ClassVar[tuple[str, ...]] = ("four_weeks", *by_two, "alert_secret")
    units: ClassVar[dict[str, str]] = {"retention": "hours"}

    @admin.display(description=_("admin.line.retention"), ordering="retention")
    def kept(self, line: Line) -> str:
        hours = line.retention.total_seconds() / 3600
        if hours >= 48 and hours % 24 == 0:
            return gettext("admin.days") % {"n": f"{hours / 24:g}"}
        return gettext("admin.hours") % {"n": f"{hours:.3g}"}

    def get_queryset(self, request: HttpRequest) -> "QuerySet[Line]":
        return super().get_queryset(request).filter(practice_for=None)

    def save_model(self, request: HttpRequest, obj: Line, form: "ModelForm[Line]", change: bool) -> None:
        stored = Line.objects.select_for_update(no_key=True).filter(pk=obj.pk).first()
        self._hold_back(obj, form, stored)
        super().save_model(request, obj, form, change)

    def _hold_back(self, obj: Line, form: "ModelForm[Line]", stored: Line | None) -> None:
        """Holds back a longer retention and reading alone, compared with the row as it is now, so that
        `propose` asks for approval. A new line begins with the defaults."""
        form.held_back = []  # type: ignore[attr-defined]
        if stored is None:
            self._begin(obj, form)
            return
        hold_back(form, stored, *held_fields.columns(Line))
        if "retention" not in form.changed_data or obj.retention > stored.retention:
            self._hold(form, stored, "retention", Kind.RETENTION, obj.retention.total_seconds() / 3600)
        if "review_needs_two" not in form.changed_data or not obj.review_needs_two:
            self._hold(form, stored, "review_needs_two", Kind.READ_ALONE, "")

    def _begin(self, obj: Line, form: "ModelForm[Line]") -> None:
        if obj.retention > settings.RETENTION:
            form.held_back.append((Kind.RETENTION, obj.retention.total_seconds() / 3600))  # type: ignore[attr-defined]
            obj.retention = settings.RETENTION

    def _hold(self, form: "ModelForm[Line]", stored: Line, name: str, kind: str, value: Any) -> None:
        if name in form.changed_data:
            form.held_back.append((kind, value))  # type: ignore[attr-defined]
        hold_back(form, stored, name)

    def propose(self, writer: Person, form: Any, formsets: Any) -> list[tuple[str, int]]:  # noqa: ARG002
        return [_ask(writer, kind, line=form.instance.pk, value=value) for kind, value in form.held_back]


admin.site.unregister(Person)


@admin.register(Person)
class PersonWithWorkAdmin(PersonAdmin):
    fields = (*PersonAdmin.fields, "works_for")
    readonly_fields = (*PersonAdmin.readonly_fields, "works_for")

    @admin.display(description=_("admin.work.many"))
    def works_for(self, person: Person) -> str:
        """Returns the lines and services that the person works for."""
        rows = person.work.select_related("line", "service")
        return ", ".join(sorted(str(row.line or row.service) for row in rows))

    def propose(self, writer: Person, form: Any, formsets: Any) -> list[tuple[str, int]]:  # noqa: ARG002
        person: Person = form.instance
        roles = take_powers(writer, person) if form.wakes else []
        return [
            *([_ask(writer, Kind.LEAVE, subject=person.handle)] if form.leaves else []),
            *(_ask(writer, Kind.ROLE, subject=person.handle, value=name) for name in sorted(roles)),
        ]
