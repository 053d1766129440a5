"""Serves the pages on which supervisors and administrators see the people of their own lines, invite
newcomers, and end the access of people who leave."""

from typing import Any

from django import forms
from django.db.models import Q
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext, gettext_lazy
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_GET, require_http_methods

from chat import line_scope, outbox
from chat.models import ApprovalRequest
from chat.supervision import leaving, needs_approval, staff_people
from chat.supervision.approval_requests import NobodyOfAll
from chat.supervision.leaving import LastSupervisor
from chat.supervision.staff_people import (
    NOTHING_GIVEN,
    AliasTaken,
    BadName,
    Given,
    NameTaken,
    Newcomer,
    NoPlace,
    TwoRoles,
)
from counsellors import permissions
from counsellors.models import Device, EntryLink, Person, Role
from counsellors.pages.common import (
    on_a_proven_device_or_administers,
    only_for,
    person_of,
    show,
    signed_in_only,
    touches,
)
from counsellors.pages.forms import OwnPasswordForm, StaffForm
from counsellors.signin import accounts, entry_links, passwords
from counsellors.signin.passwords import Locked, WrongPassword
from helpline.lib import clock
from helpline.lib.errors import NotFound, Refusal
from helpline.lib.scopes import OWN

_SHOW_OR_SEND = ["GET", "HEAD", "POST"]
_WORDS: dict[type[Refusal], Any] = {
    BadName: gettext_lazy("people.bad_name"),
    NameTaken: gettext_lazy("people.name_taken"),
    AliasTaken: gettext_lazy("people.alias_taken"),
    NoPlace: gettext_lazy("people.no_place"),
    TwoRoles: gettext_lazy("people.two_roles"),
    NotFound: gettext_lazy("people.no_place"),
    LastSupervisor: gettext_lazy("people.last_supervisor"),
    NobodyOfAll: gettext_lazy("people.nobody_of_all"),
    WrongPassword: gettext_lazy("password.wrong"),
    Locked: gettext_lazy("password.locked"),
}


class InviteForm(StaffForm):
    """Defines the form for inviting a newcomer. It offers the lines of `by`, the person who invites, and
    every service for partners."""

    alias = forms.CharField(label=gettext_lazy("people.alias"), max_length=40)
    username = forms.CharField(
        label=gettext_lazy("login.username"),
        max_length=40,
        widget=forms.TextInput({"autocapitalize": "none", "autocomplete": "off", "spellcheck": "false"}),
    )
    roles = forms.MultipleChoiceField(
        label=gettext_lazy("people.roles"), widget=forms.CheckboxSelectMultiple, choices=()
    )
    lines = forms.MultipleChoiceField(
        label=gettext_lazy("people.lines"), widget=forms.CheckboxSelectMultiple, choices=(), required=False
    )
    service = forms.ChoiceField(label=gettext_lazy("people.service"), choices=(), required=False)

    mail = forms.EmailField(
        label=gettext_lazy("people.mail"), required=False, widget=forms.EmailInput({"autocomplete": "off"})
    )

    def __init__(self, data: Any, by: Person) -> None:
        super().__init__(data)
        lines = [(line.pk, line.name) for line in staff_people.lines_for(by) if not line.ended]
        services = staff_people.services_for_partners().values_list("slug", "name")
        choices: dict[str, list[tuple[str, Any]]] = {
            "roles": [(role.value, gettext(f"role.{role.value}")) for role in Role.Name],
            "lines": lines,
            "service": [("", gettext("people.no_service")), *services],
        }
        for name, found in choices.items():
            self.fields[name].choices = found  # type: ignore[attr-defined]
        if not outbox.can_mail():
            del self.fields["mail"]
        if len(lines) == 1:
            self.fields["lines"].initial = [lines[0][0]]


@require_GET
@only_for("people")
@on_a_proven_device_or_administers
@touches(OWN)
def people(request: HttpRequest) -> HttpResponse:
    viewer = person_of(request)
    found = staff_people.people_for(viewer).filter(Q(is_active=True) | Q(came_at=None))
    gone = staff_people.fresh_replacements(viewer, now=clock.now())
    return show(request, "chat/staff/people.html", people=found, replacements=gone, viewer=viewer)


@require_http_methods(_SHOW_OR_SEND)
@only_for("people")
@on_a_proven_device_or_administers
@touches(OWN)
def invite(request: HttpRequest) -> HttpResponse:
    by = person_of(request)
    form = InviteForm(request.POST if request.method == "POST" else None, by)
    if request.method == "POST":
        if form.is_valid():
            try:
                made = staff_people.invite(by, Newcomer(**form.cleaned_data), now=clock.now())
            except Refusal as refusal:
                form.refuse(_sentence(refusal))
            else:
                return _show_link(request, made.link, made.given, mailed=form.cleaned_data.get("mail", ""))
        else:
            form.refuse(form.problems())
    return show(request, "chat/staff/invite.html", form=form)


@require_http_methods(_SHOW_OR_SEND)
@only_for("people")
@on_a_proven_device_or_administers
@touches("person")
def person(request: HttpRequest, person: str) -> HttpResponse:
    """Shows one person and the possible actions. A posted form names its action in `choice`."""
    viewer = person_of(request)
    try:
        found = staff_people.person_for(viewer, person)
        if request.method == "POST":
            return _ACTIONS[request.POST.get("choice", "")](request, viewer, found)
    except (NotFound, KeyError):
        raise Http404 from None
    except Refusal as refusal:
        return _show_person(request, viewer, found, problem=_sentence(refusal))
    return _show_person(request, viewer, found)


@require_http_methods(["POST"])
@only_for("people")
@on_a_proven_device_or_administers
@touches(OWN)
def undo(request: HttpRequest, replacement: str) -> HttpResponse:
    """Restores a person's previous second factor."""
    try:
        staff_people.undo_replacement(person_of(request), replacement, now=clock.now())
    except NotFound:
        raise Http404 from None
    except Refusal:
        pass  # a colleague was faster, or the time to undo has passed; the list shows the current state
    return redirect("people")


@require_http_methods(_SHOW_OR_SEND)
@sensitive_post_parameters()
@signed_in_only
@on_a_proven_device_or_administers
@touches(OWN)
def leave(request: HttpRequest) -> HttpResponse:
    """Lets people leave the organisation themselves. The form requires the person's own password, so that
    nobody else can use it on an unlocked laptop."""
    me, form = person_of(request), OwnPasswordForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            passwords.require(me, form.cleaned_data["old"])
            leaving.leave(me, by=me, now=clock.now())
        except Refusal as refusal:
            form.refuse(_sentence(refusal))
        else:
            accounts.sign_out(request)
            return show(request, "chat/staff/left.html")
    return show(request, "chat/staff/leave.html", person=me, hand=leaving.in_hand(me), form=form, own=True)


def _renew(request: HttpRequest, by: Person, found: Person) -> HttpResponse:
    return _show_link(request, staff_people.renew_link(by, found.handle, now=clock.now()))


def _cancel(_request: HttpRequest, by: Person, found: Person) -> HttpResponse:
    staff_people.cancel_invitation(by, found.handle, now=clock.now())
    return redirect("people")


def _replace(request: HttpRequest, by: Person, found: Person) -> HttpResponse:
    code = staff_people.replace_second_factor(by, found.handle, now=clock.now())
    return show(request, "chat/staff/spoken_code.html", person=found, code=code)


def _ask_leave(request: HttpRequest, _by: Person, found: Person) -> HttpResponse:
    return show(request, "chat/staff/leave.html", person=found, hand=leaving.in_hand(found), own=False)


def _leave(request: HttpRequest, by: Person, found: Person) -> HttpResponse:
    approval = needs_approval.let_leave(by, found.handle, now=clock.now())
    return _waits(request, found, approval) or redirect("people")


def _ask_revoke(request: HttpRequest, _by: Person, found: Person) -> HttpResponse:
    return show(request, "chat/staff/revoke.html", person=found, device=_device(request, found))


def _revoke(request: HttpRequest, by: Person, found: Person) -> HttpResponse:
    """Revokes a lost device at once. A device that still waits for approval opened nothing, so it is only
    removed: nothing else follows from its loss."""
    device = _device(request, found)
    is_lost = device.state == Device.State.APPROVED
    asked = needs_approval.revoke(by, device.fingerprint, lost=is_lost, now=clock.now())
    return _waits(request, found, asked) or redirect("person", found.handle)


def _device(request: HttpRequest, found: Person) -> Device:
    device = found.devices.filter(fingerprint=request.POST.get("device", "")).first()
    if device is None:
        raise NotFound
    return device


def _waits(request: HttpRequest, found: Person, asked: ApprovalRequest | None) -> HttpResponse | None:
    """Returns the page that says that a second person has to confirm this, if one has to."""
    return show(request, "chat/staff/waits.html", person=found) if asked and asked.waits else None


def _give(request: HttpRequest, by: Person, found: Person) -> HttpResponse:
    role = request.POST.get("role", "")
    if role not in Role.Name.values or role == Role.Name.PARTNER:
        raise NoPlace
    asked = needs_approval.give_role(by, found.handle, role, now=clock.now())
    return _waits(request, found, asked) or redirect("person", found.handle)


_ACTIONS = {
    "renew": _renew,
    "cancel": _cancel,
    "replace": _replace,
    "ask_leave": _ask_leave,
    "leave": _leave,
    "give": _give,
    "ask_revoke": _ask_revoke,
    "revoke": _revoke,
}


def _show_person(request: HttpRequest, viewer: Person, found: Person, problem: str = "") -> HttpResponse:
    privileged = staff_people.is_privileged(found)
    return show(
        request,
        "chat/staff/person.html",
        person=found,
        lines=line_scope.own_lines(found),
        service=line_scope.own_service(found),
        devices=found.devices.exclude(state="revoked").order_by("enrolled_at"),
        is_self=found.pk == viewer.pk,
        may_revoke=permissions.may(viewer, "devices"),
        privileged=privileged,
        may_renew=staff_people.may_renew(viewer, found, now=clock.now()),
        problem=problem,
    )


def _show_link(
    request: HttpRequest, link: EntryLink, given: Given = NOTHING_GIVEN, mailed: str = ""
) -> HttpResponse:
    """Shows the newcomer's link, unless the link is mailed. The link is never shown again."""
    address = "" if mailed else entry_links.address_of(link)
    waits, alone = ([gettext(f"role.{role}") for role in roles] for roles in (given.waits, given.alone))
    return show(
        request,
        "chat/staff/entry_link.html",
        person=link.person,
        address=address,
        mailed=mailed,
        waits=waits,
        alone=alone,
    )


def _sentence(refusal: Refusal) -> str:
    return str(_WORDS.get(type(refusal), gettext("people.refused")))
