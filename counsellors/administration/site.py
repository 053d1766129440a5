"""Sets up Django's admin behind both factors and the administrator's role, with its own Content Security
Policy."""

from collections.abc import Callable, Iterable
from dataclasses import replace
from functools import wraps
from typing import Any, ClassVar

from django.conf import settings
from django.contrib import admin
from django.contrib.admin.options import ActionLocation
from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext
from django.views.decorators.csp import csp_override

from counsellors import permissions
from counsellors.administration import record
from counsellors.models import Person
from counsellors.pages import signing_in
from counsellors.pages.common import only_for
from counsellors.signin import accounts
from helpline.lib import scopes

# The stock admin builds HTML from strings, which Trusted Types forbids. Inline scripts stay forbidden.
_POLICY = {name: sources for name, sources in settings.SECURE_CSP.items() if "trusted-types" not in name}


def _at_once(view: Callable[..., Any]) -> Callable[..., Any]:
    """Commits a write and its audit row together, or neither."""

    @wraps(view)
    def whole(request: HttpRequest, *args: Any, **named: Any) -> Any:
        if request.method != "POST":
            return view(request, *args, **named)
        with transaction.atomic():
            return view(request, *args, **named)

    return whole


class StaffSite(admin.AdminSite):
    site_header = site_title = "Helpline"
    scope = scopes.ALL

    def has_permission(self, request: HttpRequest) -> bool:
        person = accounts.signed_in(request)
        return person is not None and permissions.may(person, "admin")

    def admin_view(self, view: Callable[..., Any], cacheable: bool = False) -> Any:
        guarded = only_for("admin")(_at_once(super().admin_view(view, cacheable)))
        return csp_override(_POLICY)(guarded)

    @scopes.public
    def login(self, _request: HttpRequest, extra_context: dict[str, Any] | None = None) -> HttpResponse:  # noqa: ARG002
        return redirect("login")

    def logout(self, request: HttpRequest, extra_context: dict[str, Any] | None = None) -> Any:  # noqa: ARG002
        return signing_in.logout(request)

    def password_change(self, *_: Any, **__: Any) -> Any:
        return redirect("account-password")

    password_change_done = password_change


class ForAdministrators(admin.options.BaseModelAdmin):  # type: ignore[type-arg]
    """Requires the administrator's role; Django's own permissions are not used.

    A subclass must set `scope` to ALL. This declares that administrators see the rows of every line.
    """

    scope: ClassVar[str | None] = None

    def formfield_for_dbfield(self, db_field: Any, request: HttpRequest, **kwargs: Any) -> Any:
        """Replaces the model's help text, which is for developers, with a text in the reader's language."""
        field = super().formfield_for_dbfield(db_field, request, **kwargs)
        if field is not None and db_field.help_text:
            key = f"admin.{db_field.model._meta.model_name}.{db_field.name}.help"  # noqa: SLF001 – public in Django
            field.help_text = gettext(key)
        return field

    def _may(self, request: HttpRequest) -> bool:
        return self.scope == scopes.ALL and admin.site.has_permission(request)

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


class OnRecord(ForAdministrators, admin.ModelAdmin):  # type: ignore[type-arg]
    """Records every write of an admin page in the audit chain.

    Nothing can be deleted here. Otherwise an administrator could delete a row and create it again under the
    same name, without the settings that needed approval.
    """

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:  # noqa: ARG002
        return False

    def get_form(self, request: HttpRequest, obj: Any = None, change: bool = False, **more: Any) -> Any:
        """Gives read-only fields help texts in the reader's language, too."""
        meta = self.model._meta  # noqa: SLF001 – public in Django
        read = {*self.get_readonly_fields(request, obj)}
        explained = [field.name for field in meta.get_fields() if getattr(field, "help_text", "")]
        helps = {name: gettext(f"admin.{meta.model_name}.{name}.help") for name in explained if name in read}
        return super().get_form(request, obj, change=change, **more | {"help_texts": helps})

    def construct_change_message(
        self, request: HttpRequest, form: Any, formsets: Any, add: bool = False
    ) -> Any:
        writer = _writer(request)
        record.form_saved(writer, form, formsets or (), add=add)
        for words, level in self.propose(writer, form, formsets or ()):
            self.message_user(request, words, level)
        return super().construct_change_message(request, form, formsets, add)

    def propose(self, writer: Person, form: Any, formsets: Any) -> Iterable[tuple[str, int]]:  # noqa: ARG002
        """Requests approval for the changes that were held back (awaiting_approval.py), after everything else
        is saved. Returns messages for the reader, with their levels."""
        return ()

    def get_actions(self, request: HttpRequest, action_location: Any = ActionLocation.CHANGE_LIST) -> Any:
        actions: dict[str, Any] = super().get_actions(request, action_location=action_location)
        return {name: replace(action, func=_recorded(action.func, name)) for name, action in actions.items()}


def _recorded(action: Callable[..., Any], name: str) -> Callable[..., Any]:
    @wraps(action)
    def recorded(page: OnRecord, request: HttpRequest, rows: "QuerySet[Any]") -> Any:
        record.acted(_writer(request), name, rows)
        return action(page, request, rows)

    return recorded


def _writer(request: HttpRequest) -> Person:
    person = request.user
    if not isinstance(person, Person):
        raise PermissionDenied
    return person


class ReadOnly(OnRecord):
    def has_add_permission(self, request: HttpRequest, *_: Any) -> bool:  # noqa: ARG002
        return False

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:  # noqa: ARG002
        return False
