"""Shows the audit in the admin, with names and words where the table holds handles and codes."""

from typing import Any, ClassVar

from django.apps import apps
from django.conf import settings
from django.contrib import admin
from django.core.exceptions import FieldDoesNotExist
from django.db.models import F, OuterRef, QuerySet, Subquery, Value
from django.db.models.functions import Coalesce, Concat
from django.http import HttpRequest
from django.utils import translation
from django.utils.translation import gettext, gettext_lazy

from counsellors.administration.site import ReadOnly
from counsellors.models import AuditRow, Device, Person
from helpline import languages
from helpline.lib import scopes

ROWS = ("chat", "counsellors")  # apps with tables that an administrator can change


def _of_the_board() -> languages.Texts:
    """Returns the texts of the supervisors' board, so that an action has the same name in both places."""
    return languages.texts("board", translation.get_language() or settings.LANGUAGE_CODE)


def action_in_words(action: str) -> str:
    board = _of_the_board()
    key = f"audit.{action}"
    own = gettext(key)
    return board.get(f"board.trail.{action}", action) if own == key else own


def detail_in_words(action: str, detail: str) -> str:
    """Returns an audit row's detail in words: the names of table and field for a write in the admin, and a
    name for each code in any other detail."""
    if action.startswith("admin_"):
        return _field_in_words(detail)
    board = _of_the_board()
    return " ".join(board.get(f"board.code.{code}", code) for code in detail.split(" "))


def _field_in_words(detail: str) -> str:
    """Returns a detail with the names of table and field in words, such as `line retention: 24 h → 12 h`, or
    `work 12 line: → helpwanted` for an inline row."""
    what, colon, values = detail.partition(":")
    table, *rest = what.split(" ")
    model = next((found for app in ROWS if (found := _model(app, table)) is not None), None)
    if model is None or not rest:
        return detail
    meta = model._meta  # noqa: SLF001 – public in Django
    try:
        field = str(getattr(meta.get_field(rest[-1]), "verbose_name", rest[-1]))
    except FieldDoesNotExist:
        field = rest[-1]
    return f"{meta.verbose_name}, {field}{colon}{values}"


def _model(app: str, table: str) -> Any:
    try:
        return apps.get_model(app, table)
    except LookupError:
        return None


class ActionFilter(admin.SimpleListFilter):
    title = gettext_lazy("admin.auditrow.action")
    parameter_name = "action"

    def lookups(self, _request: HttpRequest, _page: Any) -> list[tuple[str, str]]:
        found = AuditRow.objects.order_by().values_list("action", flat=True).distinct()
        return sorted(
            ((action, action_in_words(action)) for action in found), key=lambda one: one[1].casefold()
        )

    def queryset(self, _request: HttpRequest, rows: "QuerySet[AuditRow]") -> "QuerySet[AuditRow]":
        return rows.filter(action=self.value()) if self.value() else rows


class AuditRowAdmin(ReadOnly):
    scope = scopes.ALL
    list_display = ("at", "who", "what", "whom", "how")
    list_filter = (ActionFilter,)
    fields: ClassVar[tuple[str, ...]] = list_display
    search_fields = ("actor_alias", "about", "actor", "subject")
    ordering = ("-at",)

    def get_queryset(self, request: HttpRequest) -> "QuerySet[AuditRow]":
        """Adds the names of people and devices in the same query."""
        actor = Person.objects.filter(handle=OuterRef("actor")).values("alias")
        person = Person.objects.filter(handle=OuterRef("subject")).values("alias")
        device = Device.objects.filter(pk=OuterRef("subject"))
        owned = device.values(named=Concat("person__alias", Value(" · "), "label"))
        rows: QuerySet[AuditRow] = super().get_queryset(request)
        return rows.annotate(
            actor_alias=Subquery(actor[:1]),
            about=Coalesce(Subquery(person[:1]), Subquery(owned[:1]), F("subject")),
        )

    @admin.display(description=gettext_lazy("admin.auditrow.actor"), ordering="actor_alias")
    def who(self, row: Any) -> str:
        return row.actor_alias or row.actor or gettext("audit.by_system")

    @admin.display(description=gettext_lazy("admin.auditrow.action"), ordering="action")
    def what(self, row: AuditRow) -> str:
        return action_in_words(row.action)

    @admin.display(description=gettext_lazy("admin.auditrow.subject"), ordering="about")
    def whom(self, row: Any) -> str:
        return str(row.about)

    @admin.display(description=gettext_lazy("admin.auditrow.detail"))
    def how(self, row: AuditRow) -> str:
        return detail_in_words(row.action, row.detail)
