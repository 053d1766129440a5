"""Registers the admin pages of the staff. No model with data of callers is registered here or elsewhere."""

from typing import Any, ClassVar

from django.contrib import admin
from django.contrib.auth.models import Group
from django.core.exceptions import ValidationError
from django.db.models import QuerySet
from django.forms import ModelForm
from django.http import HttpRequest
from django.utils.translation import gettext, gettext_lazy
from django_otp.plugins.otp_static.models import StaticDevice
from django_otp.plugins.otp_totp.models import TOTPDevice

from counsellors.administration.awaiting_approval import hold_back, is_privileged
from counsellors.administration.log import AuditRowAdmin
from counsellors.administration.site import OnRecord, ReadOnly
from counsellors.models import AuditRow, Device, Person
from helpline.languages import codes as known
from helpline.lib import scopes

# Groups are not used, and the second factor's secrets are not shown.
for unwanted in (Group, StaticDevice, TOTPDevice):
    admin.site.unregister(unwanted)


class PersonForm(ModelForm):  # type: ignore[type-arg]
    class Meta:
        model = Person
        fields = ("username", "alias", "languages", "is_active")

    def clean_alias(self) -> str:
        alias = str(self.cleaned_data["alias"])
        if Person.objects.is_named(alias, but=self.instance.pk):
            raise ValidationError(gettext("people.alias_taken"))
        return alias

    def clean_languages(self) -> str:
        """Checks the codes. With a mistyped code the person would get no callers, and nobody would know
        why."""
        languages = str(self.cleaned_data["languages"]).split()
        if not {*languages} <= {*known()}:
            raise ValidationError(gettext("person.languages"))
        return " ".join(languages)


@admin.register(Person)
class PersonAdmin(OnRecord):
    """Edits people who joined by an invitation. No account is created here or given to somebody else, because
    each person chooses their own password and second factor. A person who leaves is made inactive and not
    deleted, because the audit refers to them. Roles are read-only, because changing one needs a second
    person's approval (chat/supervision/needs_approval.py)."""

    scope = scopes.ALL
    form = PersonForm
    fields: ClassVar[tuple[str, ...]] = ("username", "alias", "languages", "is_active", "role_names")
    readonly_fields: ClassVar[tuple[str, ...]] = ("role_names",)
    list_display = ("username", "alias", "role_names", "is_active")
    list_filter = ("is_active", "role_rows__name")
    search_fields = ("username", "alias")
    ordering = ("username",)

    def get_queryset(self, request: HttpRequest) -> "QuerySet[Person]":
        """Leaves out the rows of forgotten people. If an administrator could give such a row to somebody
        else, the audit would attribute the actions of the person who left to the new owner of the row."""
        rows: QuerySet[Person] = super().get_queryset(request)
        return rows.filter(forgotten_at=None)

    def has_add_permission(self, request: HttpRequest, *_: Any) -> bool:  # noqa: ARG002
        return False

    def save_model(self, request: HttpRequest, obj: Person, form: Any, change: bool) -> None:
        """Saves the person. Locks and reads the stored row, and holds back a deactivation if the person has a
        privileged role now, because that needs approval."""
        stored = Person.objects.select_for_update(no_key=True).get(pk=obj.pk)
        touched = "is_active" in form.changed_data
        form.wakes = touched and obj.is_active and not stored.is_active
        form.leaves = touched and stored.is_active and not obj.is_active and is_privileged(stored)
        if form.leaves or not touched:
            hold_back(form, stored, "is_active")
        super().save_model(request, obj, form, change)

    def lookup_allowed(self, lookup: str, value: str, request: HttpRequest) -> bool:
        """Forbids filtering by the password's hash, which would reveal it letter by letter."""
        return not lookup.startswith("password") and super().lookup_allowed(lookup, value, request)

    @admin.display(description=gettext_lazy("admin.roles"))
    def role_names(self, person: Person) -> str:
        return ", ".join(gettext(f"role.{role}") for role in person.roles)


@admin.register(Device)
class DeviceAdmin(ReadOnly):
    scope = scopes.ALL
    list_display = ("label", "person", "state", "enrolled_at", "used_at")
    list_filter = ("state",)
    search_fields = ("person__username", "label")


admin.site.register(AuditRow, AuditRowAdmin)
