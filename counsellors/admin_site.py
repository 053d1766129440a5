"""Django's admin behind both factors and the administrator's role, under a policy of its own."""

from collections.abc import Callable
from typing import Any

from django.conf import settings
from django.contrib import admin
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.views.decorators.csp import csp_override

from counsellors import accounts, permissions, views
from counsellors.pages import only_for

# The stock admin builds HTML from strings, which Trusted Types forbids. Inline stays forbidden.
_POLICY = {name: sources for name, sources in settings.SECURE_CSP.items() if "trusted-types" not in name}


class StaffSite(admin.AdminSite):
    site_header = site_title = "Helpline"

    def has_permission(self, request: HttpRequest) -> bool:
        person = accounts.signed_in(request)
        return person is not None and permissions.may(person, "admin")

    def admin_view(self, view: Callable[..., Any], cacheable: bool = False) -> Any:
        guarded = only_for("admin")(super().admin_view(view, cacheable))
        return csp_override(_POLICY)(guarded)

    def login(self, _request: HttpRequest, extra_context: dict[str, Any] | None = None) -> HttpResponse:  # noqa: ARG002
        return redirect("login")

    def logout(self, request: HttpRequest, extra_context: dict[str, Any] | None = None) -> Any:  # noqa: ARG002
        return views.logout(request)


class ForAdministrators(admin.options.BaseModelAdmin):  # type: ignore[type-arg]
    """The administrator's role is the permission; Django's own table of permissions is not used."""

    def _may(self, request: HttpRequest) -> bool:
        return admin.site.has_permission(request)

    def has_module_permission(self, request: HttpRequest) -> bool:
        return self._may(request)

    def has_view_permission(self, request: HttpRequest, obj: Any = None) -> bool:  # noqa: ARG002
        return self._may(request)

    def has_add_permission(self, request: HttpRequest, *_: Any) -> bool:
        return self._may(request)

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:  # noqa: ARG002
        return self._may(request)

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:  # noqa: ARG002
        return self._may(request)


class ReadOnly(ForAdministrators):
    def has_add_permission(self, request: HttpRequest, *_: Any) -> bool:  # noqa: ARG002
        return False

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:  # noqa: ARG002
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:  # noqa: ARG002
        return False
