"""What an administrator sees of the staff. Nothing of a caller is registered here, or anywhere."""

from typing import Any, ClassVar

from django.conf import settings
from django.contrib import admin, messages
from django.contrib.auth.admin import UserAdmin
from django.contrib.auth.forms import AdminUserCreationForm, UserChangeForm
from django.contrib.auth.models import Group
from django.core.exceptions import ValidationError
from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils.translation import gettext, gettext_lazy
from django_otp.plugins.otp_static.models import StaticDevice
from django_otp.plugins.otp_totp.models import TOTPDevice

from counsellors.admin_held_back import RoleRows
from counsellors.admin_site import ForAdministrators, OnRecord, ReadOnly
from counsellors.models import AuditRow, Device, Person, Role
from counsellors.signin import second_factor

# Groups are not used, and the second factor's secrets are not shown.
for unwanted in (Group, StaticDevice, TOTPDevice):
    admin.site.unregister(unwanted)


class NewPersonForm(AdminUserCreationForm):  # type: ignore[type-arg]
    usable_password = None  # type: ignore[assignment]

    class Meta:
        model = Person
        fields = ("username", "alias")


class PersonForm(UserChangeForm):  # type: ignore[type-arg]
    class Meta:
        model = Person
        fields = ("username", "password", "alias", "languages", "is_active")

    def clean_languages(self) -> str:
        """A slip of the pen here would leave somebody without callers, and nobody would know why."""
        languages = str(self.cleaned_data["languages"]).split()
        if not {*languages} <= {code for code, _ in settings.LANGUAGES}:
            raise ValidationError(gettext("person.languages"))
        return " ".join(languages)


class RoleInline(ForAdministrators, admin.TabularInline):  # type: ignore[type-arg]
    model = Role
    formset = RoleRows
    extra = 1


@admin.register(Person)
class PersonAdmin(OnRecord, UserAdmin):  # type: ignore[type-arg]
    """A person who leaves is made inactive: deleting would tear holes in the record."""

    form = PersonForm
    add_form = NewPersonForm
    fieldsets = ((None, {"fields": ("username", "password", "alias", "languages", "is_active")}),)
    add_fieldsets = ((None, {"fields": ("username", "alias", "password1", "password2")}),)
    list_display = ("username", "alias", "role_names", "is_active")
    list_filter = ("is_active", "role_rows__name")
    search_fields = ("username", "alias")
    filter_horizontal = ()
    inlines: ClassVar[tuple[type[admin.TabularInline], ...]] = (RoleInline,)  # type: ignore[type-arg]
    actions = ("forget_second_factor",)

    def save_model(self, request: HttpRequest, obj: Person, form: Any, change: bool) -> None:
        if not change:
            obj.invited_by = request.user  # type: ignore[assignment]
        super().save_model(request, obj, form, change)

    @admin.display(description=gettext_lazy("admin.roles"))
    def role_names(self, person: Person) -> str:
        return ", ".join(person.roles)

    @admin.action(description=gettext_lazy("admin.forget_second_factor"))
    def forget_second_factor(self, request: HttpRequest, people: QuerySet[Person]) -> None:
        for person in people:
            second_factor.forget(person)
        self.message_user(request, gettext("admin.second_factor_forgotten"), messages.SUCCESS)


@admin.register(Device)
class DeviceAdmin(ReadOnly):
    list_display = ("label", "person", "state", "enrolled_at", "used_at")
    list_filter = ("state",)
    search_fields = ("person__username", "label")


@admin.register(AuditRow)
class AuditRowAdmin(ReadOnly):
    list_display = ("at", "actor", "action", "subject", "detail")
    list_filter = ("action",)
    search_fields = ("actor", "subject")
    ordering = ("-at",)
