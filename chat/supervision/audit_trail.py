"""Reads the newest rows of the audit about a supervisor's lines and people."""

from collections.abc import Collection, Iterable
from functools import reduce
from operator import or_

from django.db.models import Q, QuerySet

from chat import line_scope
from chat.conversation import initials
from chat.models import Conversation, LastProven, Line, Service, Work
from chat.supervision import approvers
from chat.supervision.approval_kinds import EVERYWHERE, OF_EVERY_LINE
from chat.supervision.approval_requests import Kind
from counsellors import audit
from counsellors.models import AuditRow, Device, Person, Role
from helpline.lib import clock

MAX_ROWS = 100
APPROVALS = ("approval_asked", "approval_confirmed", "approval_dropped", "approval_lapsed", "by_command")
BY_COLLEAGUES = (
    *APPROVALS, "approved", "revoked", "words_differ", "review_key", "review_share", "review_asked",
    "review_allowed", "review_dropped", "review", "hold_asked", "hold_confirmed", "hold_dropped",
    "hold_ended", "line", "queue_front", "rest", "listen", "end", "hours", "alerting", "unserious",
    "numbers_read", "words_read", "acute", "acute_step", "debriefed", "limits", "handover", "wording",
    "letters", "letters_key", "letters_share", "letters_expired", "missed_seen",
    "guest_invited", "guest_link_sent", "guest_link_not_sent", "guest_opened", "guest_wrong_pin",
    "guest_seated", "guest_left",
)  # fmt: skip
TO_THEMSELVES = (
    "second_factor_set", "password_set", "passkey_added", "passkey_removed", "enrolled",
    "phone_set", "phone_removed",
)  # fmt: skip
IN_ADMIN = ("admin_added", "admin_changed", "admin_deleted", "admin_action")
TO_PEOPLE = (
    *IN_ADMIN, "person_invited", "entry_link_made", "second_factor_replaced", "second_factor_put_back",
    "left", "role_given", "role_taken", "line_given", "line_taken",
)  # fmt: skip
TO_EVERYBODY = ("passkey_demanded", "passkey_demand_lifted", "service")
TO_OWN = (*APPROVALS, *TO_PEOPLE, "line", "revoked")
TRAIL = tuple(dict.fromkeys((*BY_COLLEAGUES, *TO_THEMSELVES, *TO_OWN, *TO_EVERYBODY, "off_rota")))


def trail(supervisor: Person) -> list[tuple[AuditRow, str]]:
    """Returns the newest rows, each with the name of the person who acted, or "" for the system."""
    lines = list(line_scope.own_lines(supervisor).values_list("pk", flat=True))
    beside = list(Person.objects.filter(work__line__in=lines).values_list("handle", flat=True).distinct())
    people = {*_people(supervisor, lines), *beside}
    devices = list(Device.objects.filter(person__handle__in=people).values_list("pk", flat=True))
    wanted = (
        (_by_colleagues(beside, [*lines, *devices]) & ~_of_others(lines))
        | Q(action__in=TO_THEMSELVES, actor__in=people)
        | Q(action__in=TO_OWN, subject__in=[*lines, *devices, *people])
        | _of_work(lines)
        | _everybody_s(lines)
    )
    rows = audit.newest(wanted, MAX_ROWS)
    names = _names(row.actor for row in rows)
    return [(row, names.get(row.actor, "")) for row in rows]


def about(supervisor: Person, rows: Iterable[AuditRow]) -> dict[int, str]:
    """Returns for each row the name of its subject: a person, a device with its owner, a service, a line, or
    the initial of a conversation.

    People of other lines are named only in rows about approval requests. The name is "" if none is
    known, for example because the subject no longer exists.
    """
    rows = list(rows)
    lines = dict(line_scope.own_lines(supervisor).values_list("pk", "name"))
    own = _people(supervisor, lines)
    named = _names(row.subject for row in rows if row.action in APPROVALS or row.subject in own)
    services = dict(Service.objects.values_list("pk", "name"))
    named |= services | dict(_unwatched().values_list("pk", "name")) | lines
    subjects = {row.subject for row in rows} - named.keys()
    named |= _devices(subjects, own) | _conversations(subjects, lines)
    return {row.pk: named.get(row.subject, "") for row in rows}


def _people(supervisor: Person, lines: Collection[str]) -> set[str]:
    """Returns the handles of the supervisor's people, and of everybody who authenticated as a supervisor of
    these lines within COUNTS_FOR: removing somebody from a line must not hide that person's rows."""
    proven = LastProven.objects.filter(line__in=lines, at__gt=clock.now() - approvers.COUNTS_FOR)
    own = line_scope.own_people(supervisor).values_list("handle", flat=True)
    return {*own, *proven.values_list("person__handle", flat=True)}


def _by_colleagues(colleagues: Collection[str], about: Collection[str]) -> Q:
    """Matches rows about actions of colleagues. Also matches rows about actions of the system, if the subject
    is in `about`, or if it is a conversation for which a colleague requested a hold or invited a guest."""
    begun = Q(action__startswith="hold_") | Q(action="guest_invited")
    held = AuditRow.objects.filter(begun, action__in=BY_COLLEAGUES, actor__in=colleagues).values("subject")
    return Q(action__in=BY_COLLEAGUES) & (
        Q(actor__in=colleagues) | (Q(actor="") & (Q(subject__in=about) | Q(subject__in=held)))
    )


def _of_others(lines: Collection[str]) -> Q:
    """Matches rows about another line or one of its conversations. A colleague may work there as well."""
    elsewhere = Line.objects.exclude(pk__in=lines)
    there = Conversation.objects.exclude(line__in=lines)
    return Q(subject__in=elsewhere.values("pk")) | Q(subject__in=there.values("recorded_as"))


def _of_work(lines: Collection[str]) -> Q:
    """Matches rows about assigning somebody to one of these lines or ending that assignment, including
    approval requests, and about shifts that were taken away because of it."""
    of_line = Q(action__in=("line_given", "line_taken"), detail__in=lines)
    for slug in lines:
        of_line |= Q(action="off_rota", detail__startswith=f"{slug} ")
        for kind in (Kind.LINE_OF_SUPERVISOR, Kind.TAKE_LINE):
            asked = Q(detail=f"{kind} {slug}") | Q(detail__startswith=f"{kind} {slug} ")
            of_line |= Q(action__in=APPROVALS) & asked
    return of_line


def _everybody_s(lines: Collection[str]) -> Q:
    """Matches rows that every supervisor sees. They are about all lines, about lines without a supervisor, or
    about people who work for no line that has an approver."""
    if not lines:
        return Q(pk=None)
    counted = LastProven.objects.filter(at__gt=clock.now() - approvers.COUNTS_FOR)
    at_work = Work.objects.filter(line__in=counted.values("line")).values("person")
    of_no_line = Person.objects.exclude(pk__in=at_work).values("handle")
    roles = (f"{kind} {role}" for kind in (Kind.ROLE, Kind.TAKE_ROLE) for role in EVERYWHERE)
    of_every_line = reduce(or_, (Q(detail__startswith=code) for code in (*OF_EVERY_LINE, *roles)))
    return (
        Q(action__in=TO_EVERYBODY)
        | (Q(action__in=APPROVALS) & (of_every_line | Q(subject__in=of_no_line)))
        | Q(action="left", subject__in=of_no_line)
        | Q(action__in=(*APPROVALS, *IN_ADMIN, "line"), subject__in=_unwatched())
    )


def _devices(pks: Collection[str], people: Collection[str]) -> dict[str, str]:
    rows = Device.objects.filter(pk__in=pks, person__handle__in=people)
    return {pk: f"{alias} · {label}" for pk, alias, label in rows.values_list("pk", "person__alias", "label")}


def _conversations(numbers: Collection[str], lines: Collection[str]) -> dict[str, str]:
    """Returns a map from a conversation's number in the audit to its initial, if it still exists and has one.
    Initials are reused, so another conversation may have the same initial."""
    rows = Conversation.objects.filter(recorded_as__in=numbers, line__in=lines, initial__isnull=False)
    return {number: initials.name(initial) for number, initial in rows.values_list("recorded_as", "initial")}


def _unwatched() -> QuerySet[Line, str]:
    alone = Line.objects.real().exclude(work__person__role_rows__name=Role.Name.SUPERVISOR)
    return alone.values_list("pk", flat=True)


def _names(handles: Iterable[str]) -> dict[str, str]:
    return dict(Person.objects.filter(handle__in=set(handles)).values_list("handle", "alias"))
