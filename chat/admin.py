"""Lines, services and who works for them. Conversations are not registered: nobody browses them."""

from typing import ClassVar

from django.contrib import admin

from chat.models import Line, Service, Work
from counsellors.admin import PersonAdmin
from counsellors.admin_site import ForAdministrators
from counsellors.models import Person


@admin.register(Line)
class LineAdmin(ForAdministrators, admin.ModelAdmin):  # type: ignore[type-arg]
    list_display = ("name", "slug", "state", "retention")


@admin.register(Service)
class ServiceAdmin(ForAdministrators, admin.ModelAdmin):  # type: ignore[type-arg]
    list_display = ("name", "slug", "phone", "desk", "verified_on")
    list_filter = ("desk",)


class WorkInline(ForAdministrators, admin.TabularInline):  # type: ignore[type-arg]
    model = Work
    extra = 1


admin.site.unregister(Person)


@admin.register(Person)
class PersonWithWorkAdmin(PersonAdmin):
    inlines: ClassVar[tuple[type[admin.TabularInline], ...]] = (  # type: ignore[type-arg]
        *PersonAdmin.inlines,
        WorkInline,
    )
