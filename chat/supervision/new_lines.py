"""Makes a new line: one supervisor requests it, a second one approves, and both supervise it from then on.

If one person could make a line without approval, this person could be the line's only approver and read what
its callers write.
"""

import re
from datetime import datetime

from chat import states
from chat.lines import staff, templates
from chat.lines.editions import OWN
from chat.lines.templates import Wanted
from chat.models import ApprovalRequest, Line, Service
from chat.supervision import approvers
from counsellors import audit
from counsellors.models import Person, Role
from helpline.lib import phone_numbers
from helpline.lib.errors import Conflict, WrongField

_PATH = re.compile(r"(?=.{1,32}$)[a-z0-9]+(-[a-z0-9]+)*")


def require_fit(wanted: Wanted) -> None:
    """Raises WrongField, which names the field of the form, for a value that a new line cannot have."""
    if wanted.template not in templates.names():
        raise WrongField("template")
    if not wanted.name:
        raise WrongField("name")
    if not _PATH.fullmatch(wanted.slug) or states.is_practice(wanted.slug) or _is_taken(wanted.slug):
        raise WrongField("path")
    if not phone_numbers.fits(wanted.phone or ""):
        raise WrongField("phone")


def asked_for(wanted: Wanted) -> dict[str, str]:
    """Returns the `value` of the approval request. The request's `subject` is the slug."""
    return {"template": wanted.template, "name": wanted.name, "phone": wanted.phone or ""}


def put(approval: ApprovalRequest, by: Person, *, now: datetime) -> None:
    """Makes the line, which is closed at first. The asker and the approver `by` supervise the new line, and
    each counts as an approver for it at once. Raises Conflict if somebody else has taken the line's address
    after the request."""
    # All lines are locked, in the same order each time: if two requests for the same address are approved at
    # the same time, the second check sees the first line.
    list(Line.objects.select_for_update(no_key=True).order_by("pk").values("pk"))
    wanted = Wanted(slug=approval.subject, **approval.value)
    try:
        require_fit(wanted)
    except WrongField as taken:
        raise Conflict from taken
    line = templates.make(wanted, now=now)
    for person in {approval.asked_by, by}:
        if person.is_active and Role.Name.SUPERVISOR in person.roles:
            staff.give_line(person.handle, line.pk)
            approvers.note(person, now=now)
    audit.record(by, "line", subject=line.pk, detail="added")
    staff.tell_supervisors(line.pk)


def in_words(approval: ApprovalRequest) -> str:
    """Returns the address, the template and, if there is one, the telephone number, separated by spaces."""
    return " ".join(filter(None, [approval.subject, approval.value["template"], approval.value["phone"]]))


def _is_taken(slug: str) -> bool:
    """Returns whether a line has this slug or path, or a service has this slug. A line and a service may not
    have the same slug, because an invitation stores the slug of either in one field."""
    return (
        slug == OWN
        or Line.objects.filter(pk=slug).exists()
        or Line.objects.filter(path=slug).exists()
        or Service.objects.filter(pk=slug).exists()
    )
