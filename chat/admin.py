"""Registers the admin page of people, which also shows the lines and services that they work for.

Lines and services are edited on the board. Conversations are not registered, so that nobody can browse them.
"""

from typing import Any

from django.contrib import admin, messages
from django.http import HttpRequest
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from chat.supervision import approval_requests, staff_devices
from chat.supervision.leaving import LastSupervisor
from counsellors.administration.awaiting_approval import take_powers
from counsellors.administration.people import PersonAdmin
from counsellors.models import Person
from counsellors.pages.common import person_of
from helpline.lib import clock
from helpline.lib.errors import Refusal

Kind = approval_requests.Kind


def _ask(writer: Person, kind: str, **of: Any) -> tuple[str, int]:
    """Requests a change that a second person has to approve. Returns a message that tells the administrator
    the outcome, and the message's level."""
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


admin.site.unregister(Person)


@admin.register(Person)
class PersonWithWorkAdmin(PersonAdmin):
    fields = (*PersonAdmin.fields, "works_for")
    readonly_fields = (*PersonAdmin.readonly_fields, "works_for")

    def save_model(self, request: HttpRequest, obj: Person, form: Any, change: bool) -> None:
        """Saves the person. Whoever is made inactive without approval loses their devices and the keys to
        letters at once, as somebody who leaves does, and gets no device back with the account."""
        was_active = Person.objects.filter(pk=obj.pk, is_active=True).exists()
        super().save_model(request, obj, form, change)
        if was_active and not Person.objects.filter(pk=obj.pk, is_active=True).exists():
            staff_devices.end_all(obj, person_of(request), now=clock.now())

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
