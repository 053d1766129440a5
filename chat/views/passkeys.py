"""Serves the page on which a supervisor requests a rule: everybody with a certain role, on any line, must use
a passkey. A second supervisor has to confirm the request."""

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext
from django.views.decorators.http import require_http_methods

from chat.models import ApprovalRequest
from chat.supervision import approval_requests, needs_approval
from counsellors.models import Role
from counsellors.pages.common import on_a_proven_device_or_administers, only_for, person_of, show, touches
from counsellors.signin import demands
from counsellors.signin.sites import site_of
from helpline.lib import clock
from helpline.lib.errors import Conflict
from helpline.lib.scopes import ALL


@require_http_methods(["GET", "HEAD", "POST"])
@only_for("passkeys")
@on_a_proven_device_or_administers
@touches(ALL)
def demand(request: HttpRequest) -> HttpResponse:
    if site_of(request.get_host()) is None:
        raise Http404
    if request.method != "POST":
        return _show(request)
    roles = {*request.POST.getlist("role")} & {*Role.Name.values}
    try:
        needs_approval.demand_passkeys(person_of(request), roles, now=clock.now())
    except Conflict:
        return _show(request, problem=gettext("passkeys.demand_conflict"))
    return redirect("account-passkeys-demand")


def _show(request: HttpRequest, problem: str = "") -> HttpResponse:
    waiting = approval_requests.open_approvals(person_of(request), now=clock.now())
    open_ = {
        one.approval.subject: one for one in waiting if one.approval.kind == ApprovalRequest.Kind.PASSKEY
    }
    rows = [(one, gettext(f"role.{one.role}"), open_.get(one.role)) for one in demands.standings()]
    return show(request, "chat/staff/passkeys_demand.html", rows=rows, problem=problem)
