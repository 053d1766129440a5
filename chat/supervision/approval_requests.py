"""Stores approval requests: one person asks for a change that needs a second person, and a supervisor
confirms it. The audit has a row for each of the two steps.

If no other supervisor counts as an approver, the action runs at once and the row in the audit says `alone`.
Each step checks again who counts as an approver and who may confirm (approvers.py). If two people decide at
the same time, only one decision takes effect.
"""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.conf import settings
from django.db import IntegrityError, transaction
from django.db.models import QuerySet

from chat import bells, line_scope
from chat.models import ApprovalRequest
from chat.supervision import approvers
from chat.supervision.approval_kinds import RULES, About
from chat.supervision.approvers import Lines
from counsellors import audit
from counsellors.models import Person, Role
from helpline.lib.errors import Conflict, NotFound

Kind = ApprovalRequest.Kind

REST_AFTER_LOSS = timedelta(days=7)  # no confirmations after a supervisor's device was reported lost
RETENTION = timedelta(days=90)  # how long an ended request stays in the database


class NobodyOfAll(Conflict):
    """Nobody can say yes for all of these lines now. Ask for one line first, then for each other line."""


@dataclass(frozen=True, slots=True)
class OpenApproval:
    """Holds an approval request as one supervisor sees it. `may`: whether this supervisor may confirm it;
    `may_drop`: whether this supervisor may withdraw or refuse it; `others`: the other people who may confirm
    it; `rests`: the time before which nobody may confirm it."""

    approval: ApprovalRequest
    about: About
    own: bool
    may: bool
    may_drop: bool
    others: list[Person]
    until: datetime
    rests: datetime | None


@dataclass(frozen=True, slots=True)
class Approvers:
    """Holds what happens if a supervisor requests a change to `line` or, if `line` is None, a change that
    concerns no single line. `alone`: nobody else counts as an approver, so the change applies at once;
    `others`: who may confirm the change now."""

    line: str | None
    alone: bool
    others: list[Person]


@transaction.atomic
def ask(
    person: Person, kind: str, *, line: str | None = None, subject: str = "", value: Any = "", now: datetime
) -> ApprovalRequest:
    """Stores a request, and runs its action at once if nobody else counts as an approver. It replaces the
    asker's own open request of the same kind and subject.

    Raises NotFound if the request concerns only lines of other supervisors, and Conflict if somebody else has
    an open request of this kind for the same line and subject.

    If the request gives power over lines that the asker does not supervise, the approver must supervise all
    of these lines. Raises NobodyOfAll if no possible approver does.
    """
    approval = ApprovalRequest(
        kind=Kind(kind), line_id=line, subject=subject, value=value, asked_by=person, asked_at=now
    )
    lines = RULES[approval.kind].lines(approval)
    _require_concerned(person, lines)
    replaced = _replace_own(approval, now=now)
    each = _unspoken(approval, lines)
    if each and not approvers.who_may_confirm(person, lines, each=each, now=now).exists():
        raise NobodyOfAll
    alone = not each and _is_alone(person, lines, now=now)
    if alone:
        ApprovalRequest.objects.filter(pk=approval.pk).update(ended_at=now, how=ApprovalRequest.How.DONE)
        RULES[approval.kind].action(approval, person, now)
    for old in replaced:
        _record_end(old, person, ApprovalRequest.How.WITHDRAWN)
    audit.record(
        person, "approval_asked", subject=_about(approval), detail=_detail(approval, "alone" if alone else "")
    )
    _tell(approval, lines)
    approval.refresh_from_db()
    return approval


@transaction.atomic
def confirm(supervisor: Person, pk: str, *, now: datetime) -> ApprovalRequest:
    """Confirms a request and runs its action. Raises NotFound if the request does not concern the supervisor.
    Raises Conflict if the supervisor may not confirm the request, if nobody may confirm it until a later time
    (`rests_until`), and if the request has ended."""
    approval, lines = _seen_by(supervisor, pk)
    if rests_until(lines, now=now) is not None:
        raise Conflict
    if not _who_may_confirm(approval, lines, now=now).filter(pk=supervisor.pk).exists():
        raise Conflict
    waiting = ApprovalRequest.objects.open(now).filter(pk=pk)
    if not waiting.update(confirmed_by=supervisor, ended_at=now, how=ApprovalRequest.How.DONE):
        raise Conflict
    RULES[approval.kind].action(approval, supervisor, now)  # first, because record() locks the audit
    audit.record(supervisor, "approval_confirmed", subject=_about(approval), detail=_detail(approval))
    _tell(approval, lines)
    approval.refresh_from_db()
    return approval


@transaction.atomic
def drop(supervisor: Person, pk: str, *, now: datetime) -> None:
    """Ends an open request: the asker withdraws it, or another supervisor whom it concerns refuses it. Raises
    Conflict for a request that has ended, and for the person who would lose something by it: nobody could
    ever take a power from them."""
    approval, _ = _seen_by(supervisor, pk)
    if not _may_drop(supervisor, approval):
        raise Conflict
    how = (
        ApprovalRequest.How.WITHDRAWN
        if approval.asked_by_id == supervisor.pk
        else ApprovalRequest.How.REFUSED
    )
    if not _end_undone(approval, how, now=now):
        raise Conflict
    _record_end(approval, supervisor, how)


def _may_drop(supervisor: Person, approval: ApprovalRequest) -> bool:
    return approval.asked_by_id == supervisor.pk or RULES[approval.kind].loser(approval) != supervisor.handle


def withdraw_power(by: Person, handle: str, *, now: datetime) -> None:
    """Withdraws the open requests to give a role to a person who now gets another line. Otherwise an approver
    could confirm such a request while looking at a list of the person's lines that lacks the new line. If
    somebody confirms at the same time, only the confirmation or the withdrawal takes effect."""
    for approval in list(ApprovalRequest.objects.filter(kind=Kind.ROLE, subject=handle, ended_at=None)):
        if _end_undone(approval, ApprovalRequest.How.WITHDRAWN, now=now):
            _record_end(approval, by, ApprovalRequest.How.WITHDRAWN)


def lapse(now: datetime) -> int:
    """Ends requests that nobody confirmed in time and returns their number. Also deletes requests that ended
    more than RETENTION ago."""
    late = ApprovalRequest.objects.filter(ended_at=None, asked_at__lte=now - settings.APPROVAL)
    lapsed = 0
    for approval in list(late):
        with transaction.atomic():
            if _end_undone(approval, ApprovalRequest.How.LAPSED, now=now):
                _record_end(approval, None, ApprovalRequest.How.LAPSED)
                lapsed += 1
    ApprovalRequest.objects.filter(ended_at__lte=now - RETENTION).delete()
    return lapsed


def open_approvals(supervisor: Person, *, now: datetime) -> list[OpenApproval]:
    """Returns the open requests that this supervisor made or that concern them, oldest first."""
    found = (
        _as_seen(approval, supervisor, now=now)
        for approval in ApprovalRequest.objects.open(now).order_by("asked_at")
    )
    return [one for one in found if one is not None]


def _as_seen(approval: ApprovalRequest, supervisor: Person, *, now: datetime) -> OpenApproval | None:
    rule, own = RULES[approval.kind], approval.asked_by_id == supervisor.pk
    lines = rule.lines(approval)
    if not own and not _concerns(supervisor, lines):
        return None
    rests, able = rests_until(lines, now=now), set(_who_may_confirm(approval, lines, now=now))
    return OpenApproval(
        approval=approval,
        about=rule.about(approval),
        own=own,
        may=rests is None and supervisor in able,
        may_drop=_may_drop(supervisor, approval),
        others=sorted(able - {supervisor}, key=lambda person: person.alias),
        until=approval.asked_at + settings.APPROVAL,
        rests=rests,
    )


def approvers_by_line(supervisor: Person, *, now: datetime) -> list[Approvers]:
    """Returns who would have to confirm a change by this supervisor. The first item is for a change that
    concerns no single line, the others are for a change to each of the supervisor's lines."""
    lines = [str(line.pk) for line in line_scope.own_lines(supervisor)]
    asked = [(Kind.CONTACT, None), *((Kind.LINE_ENDED, line) for line in lines)]
    return [_approvers(supervisor, ApprovalRequest(kind=kind, line_id=line), now=now) for kind, line in asked]


def _approvers(supervisor: Person, wanted: ApprovalRequest, *, now: datetime) -> Approvers:
    lines = RULES[wanted.kind].lines(wanted)
    able = () if rests_until(lines, now=now) else approvers.who_may_confirm(supervisor, lines, now=now)
    return Approvers(wanted.line_id, _is_alone(supervisor, lines, now=now), list(able))


def _is_alone(person: Person, lines: Lines, *, now: datetime) -> bool:
    """Returns whether the person can act alone: nobody else counts as an approver, and no rest period runs
    for the lines (`rests_until`)."""
    return not approvers.exist(person, lines, now=now) and rests_until(lines, now=now) is None


def rests_until(lines: Lines, *, now: datetime) -> datetime | None:
    """Returns when the rest period of these lines ends, or None if they have none. A rest period begins when
    a supervisor's device is reported lost. During this period nobody may confirm a request for these lines,
    and nobody may act without approval."""
    lost = ApprovalRequest.objects.filter(how=ApprovalRequest.How.LOST, ended_at__gt=now - REST_AFTER_LOSS)
    if lines is not None:
        lost = lost.filter(line__in=lines)
    last = lost.order_by("-ended_at").values_list("ended_at", flat=True).first()
    return last + REST_AFTER_LOSS if last else None


@transaction.atomic
def rest(supervisor: Person, lines: Collection[str], device: str, *, now: datetime) -> None:
    """Starts a rest period for these lines after a supervisor's device was reported lost. It lasts a week, so
    that a supervisor who makes a false report gains nothing by it in that time."""
    for line in lines:
        approval = ApprovalRequest.objects.create(
            kind=Kind.REVOKE_DEVICE,
            line_id=line,
            subject=device,
            asked_by=supervisor,
            asked_at=now,
            ended_at=now,
            how=ApprovalRequest.How.LOST,
        )
        audit.record(supervisor, "approval_asked", subject=device, detail=f"{approval.kind} {line} lost")
        _tell(approval, [line])


def _replace_own(approval: ApprovalRequest, *, now: datetime) -> list[ApprovalRequest]:
    """Stores a request, after withdrawing earlier requests of the same kind, line and subject: the asker's
    own requests, and expired requests of anybody. Raises Conflict if somebody else's request is
    still open."""
    same = ApprovalRequest.objects.filter(
        kind=approval.kind, line=approval.line_id, subject=approval.subject, ended_at=None
    )
    own = same.filter(asked_by=approval.asked_by) | same.filter(asked_at__lte=now - settings.APPROVAL)
    replaced = [old for old in own if _end_undone(old, ApprovalRequest.How.WITHDRAWN, now=now)]
    try:
        with transaction.atomic():
            approval.save(force_insert=True)
    except IntegrityError:
        raise Conflict from None
    return replaced


def _end_undone(approval: ApprovalRequest, how: str, *, now: datetime) -> bool:
    """Ends a request. Returns False if it had ended already: if two people decide at the same time, only one
    decision takes effect."""
    if not ApprovalRequest.objects.filter(pk=approval.pk, ended_at=None).update(ended_at=now, how=how):
        return False
    RULES[approval.kind].dropped(approval)
    return True


def _record_end(approval: ApprovalRequest, by: Person | None, how: str) -> None:
    action = "approval_lapsed" if how == ApprovalRequest.How.LAPSED else "approval_dropped"
    audit.record(by, action, subject=_about(approval), detail=_detail(approval, how))
    _tell(approval, RULES[approval.kind].lines(approval))


def _seen_by(supervisor: Person, pk: str) -> tuple[ApprovalRequest, Lines]:
    """Returns a request that this supervisor made or that concerns them, and the lines that the request is
    about. Raises NotFound for any other request."""
    approval = ApprovalRequest.objects.filter(pk=pk).select_related("asked_by").first()
    if approval is None:
        raise NotFound
    lines = RULES[approval.kind].lines(approval)
    if approval.asked_by_id != supervisor.pk and not _concerns(supervisor, lines):
        raise NotFound
    return approval, lines


def _who_may_confirm(approval: ApprovalRequest, lines: Lines, *, now: datetime) -> QuerySet[Person]:
    return approvers.who_may_confirm(approval.asked_by, lines, each=_unspoken(approval, lines), now=now)


def _unspoken(approval: ApprovalRequest, lines: Lines) -> list[str]:
    """Returns the lines over which a request gives power, without the lines that the asker supervises."""
    if lines is None or not RULES[approval.kind].of_each:
        return []
    return [line for line in lines if not _concerns(approval.asked_by, [line])]


def _require_concerned(person: Person, lines: Lines) -> None:
    if Role.Name.ADMINISTRATOR not in person.roles and not _concerns(person, lines):
        raise NotFound


def _concerns(person: Person, lines: Lines) -> bool:
    if Role.Name.SUPERVISOR not in person.roles:
        return False
    return lines is None or line_scope.own_lines(person).filter(pk__in=lines).exists()


def _tell(approval: ApprovalRequest, lines: Lines) -> None:
    """Notifies the asker and the supervisors whom the request concerns."""
    people = set(line_scope.supervisors_of_any(lines).values_list("pk", flat=True))
    for person in sorted(people | {approval.asked_by_id}):
        bells.ring_on_commit(bells.ApprovalsChanged(person))


def _about(approval: ApprovalRequest) -> str:
    return approval.subject or str(approval.line_id)


def _detail(approval: ApprovalRequest, more: str = "") -> str:
    return " ".join(word for word in (approval.kind, RULES[approval.kind].told(approval), more) if word)
