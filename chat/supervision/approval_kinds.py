"""Defines in one table what each kind of approval request does when it is confirmed, and which lines it
concerns."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from chat import line_scope
from chat.handoff import contacts
from chat.letters import settings as letter_settings
from chat.lines import staff
from chat.models import ApprovalRequest, Line, LineKey, Work
from chat.retention import keeping, line_keys
from chat.supervision import approvers, held_fields, leaving, new_lines, staff_devices, work_and_roles
from chat.supervision.approvers import Lines
from counsellors import roles
from counsellors.models import Person, Role
from counsellors.signin import demands

Kind = ApprovalRequest.Kind
EVERYWHERE = (Role.Name.ADMINISTRATOR, Role.Name.PARTNER)  # roles whose power is not limited to own lines


@dataclass(frozen=True, slots=True)
class About:
    """Holds the data of a request that a supervisor is shown: the name of the person or thing that the
    request is about, and the requested value."""

    name: str
    value: str = ""
    contact: dict[str, str] = field(default_factory=dict)
    lacking: int = 0  # if the request makes passkeys compulsory: how many signed-in people have none


@dataclass(frozen=True, slots=True)
class Rule:
    """Defines what one kind of request does. `action` is called with the request, the approver (or the asker,
    if no approver was needed) and the time."""

    action: Callable[[ApprovalRequest, Person, datetime], None]
    lines: Callable[[ApprovalRequest], Lines]
    dropped: Callable[[ApprovalRequest], None] = lambda _: None
    told: Callable[[ApprovalRequest], str] = lambda approval: str(approval.value)  # shown in the audit
    about: Callable[[ApprovalRequest], About] = lambda approval: About("", str(approval.value))
    loser: Callable[[ApprovalRequest], str] = lambda _: ""  # the handle of who loses something by it
    of_each: bool = False  # each affected line must be supervised by the asker or by the approver


def _own_line(approval: ApprovalRequest) -> Lines:
    """Returns the request's line. If the line has no supervisor and never had one, returns None, so that the
    request concerns every supervisor: otherwise somebody could become the line's only supervisor without
    approval."""
    known = line_scope.supervisors_of(str(approval.line_id)).exists() or approvers.known_on(
        str(approval.line_id)
    )
    return [str(approval.line_id)] if known else None


def _hours(approval: ApprovalRequest) -> str:
    return f"{approval.value:g}"


def _slug(approval: ApprovalRequest) -> str:
    return str(approval.line_id)


def _nothing(_approval: ApprovalRequest) -> str:
    """Returns "", so that the audit holds no address."""
    return ""


def _every_line(_approval: ApprovalRequest) -> Lines:
    return None


def _counted(approval: ApprovalRequest, lines: Iterable[str]) -> Lines:
    """Returns those of `lines` that have an approver. If none has one, returns None, so that the request
    concerns every supervisor: otherwise the asker could appoint a supervisor of these lines without
    approval."""
    return [line for line in lines if approvers.counted_on(line, now=approval.asked_at)] or None


def _line_gained(approval: ApprovalRequest) -> Lines:
    return _counted(approval, [str(approval.line_id)])


def _lines_of(approval: ApprovalRequest, handle: str) -> Lines:
    work = Work.objects.filter(person__handle=handle).exclude(line=None)
    return _counted(approval, sorted(work.values_list("line", flat=True)))


def _lines_of_role(approval: ApprovalRequest) -> Lines:
    """Returns the person's lines. For the roles administrator and partner it returns None (every line),
    because their power is not limited to the person's own lines."""
    return None if approval.value in EVERYWHERE else _lines_of(approval, approval.subject)


def _lines_of_device(approval: ApprovalRequest) -> Lines:
    return _lines_of(approval, staff_devices.owner_of(approval.subject))


def _of_key(use: str) -> Rule:
    """Returns the rule for requests that bring a line's new key into use."""

    def count(approval: ApprovalRequest, by: Person, now: datetime) -> None:
        line_keys.count(by, str(approval.line_id), use, approval.value, now=now)

    def forget(approval: ApprovalRequest) -> None:
        line_keys.forget_waiting(str(approval.line_id), use, approval.value)

    return Rule(count, _own_line, dropped=forget)


def _taking_letters(letters: str) -> Rule:
    """Returns the rule for requests that set on which occasions a line takes letters."""

    def switch(approval: ApprovalRequest, by: Person, _now: datetime) -> None:
        letter_settings.switch(by, str(approval.line_id), letters)

    return Rule(switch, _own_line, told=_nothing)


def _keep(approval: ApprovalRequest, by: Person, _now: datetime) -> None:
    keeping.keep(by, str(approval.line_id), timedelta(hours=approval.value))


def _read_alone(approval: ApprovalRequest, by: Person, _now: datetime) -> None:
    keeping.read_with_two(by, str(approval.line_id), two=False)


def _set_contact(approval: ApprovalRequest, _by: Person, _now: datetime) -> None:
    contacts.set_contact(approval.subject, mail=approval.value["mail"], url=approval.value["url"])


def _give_role(approval: ApprovalRequest, _by: Person, _now: datetime) -> None:
    roles.give(approval.subject, approval.value)


def _give_no_role(approval: ApprovalRequest) -> None:
    if approval.value == Role.Name.PARTNER:
        work_and_roles.forget_services(approval.subject)


def _give_line(approval: ApprovalRequest, _by: Person, _now: datetime) -> None:
    staff.give_line(approval.subject, str(approval.line_id))


def _take_role(approval: ApprovalRequest, _by: Person, now: datetime) -> None:
    work_and_roles.take_role(approval.subject, approval.value, now=now)


def _take_line(approval: ApprovalRequest, _by: Person, now: datetime) -> None:
    work_and_roles.take_line(approval.subject, str(approval.line_id), now=now)


def _give_service(approval: ApprovalRequest, _by: Person, _now: datetime) -> None:
    work_and_roles.give_service(approval.subject, approval.value)


def _take_service(approval: ApprovalRequest, _by: Person, now: datetime) -> None:
    work_and_roles.take_service(approval.subject, approval.value, now=now)


def _put_field(approval: ApprovalRequest, _by: Person, now: datetime) -> None:
    held_fields.put(approval, now=now)


def _make_line(approval: ApprovalRequest, by: Person, now: datetime) -> None:
    new_lines.put(approval, by, now=now)


def _let_leave(approval: ApprovalRequest, by: Person, now: datetime) -> None:
    leaving.leave(Person.objects.get(handle=approval.subject), by=by, now=now)


def _lines_of_person(approval: ApprovalRequest) -> Lines:
    return _lines_of(approval, approval.subject)


def _revoke(approval: ApprovalRequest, by: Person, now: datetime) -> None:
    staff_devices.end(approval.subject, by, now=now)


def _demand_passkey(approval: ApprovalRequest, by: Person, _now: datetime) -> None:
    (demands.lift if approval.value == "lift" else demands.demand)(by, approval.subject)


def _role_and_what(approval: ApprovalRequest) -> str:
    return f"{approval.subject} {approval.value}"


def _about_passkey(approval: ApprovalRequest) -> About:
    (role,) = demands.standings([approval.subject])
    return About(approval.subject, str(approval.value), lacking=role.without)


def _alias(handle: str) -> str:
    return Person.objects.filter(handle=handle).values_list("alias", flat=True).first() or ""


def _about_person(approval: ApprovalRequest) -> About:
    return About(_alias(approval.subject), str(approval.value))


def _about_role(approval: ApprovalRequest) -> About:
    """Names a partner's service, too: whoever confirms the role lets the person work there."""
    services = Work.objects.filter(person__handle=approval.subject).exclude(service=None)
    names = services.values_list("service__name", flat=True) if approval.value == Role.Name.PARTNER else ()
    return About(" · ".join([_alias(approval.subject), *names]), str(approval.value))


def _about_service(approval: ApprovalRequest) -> About:
    return About(contacts.name_of(approval.subject), contact=approval.value)


def _about_work(approval: ApprovalRequest) -> About:
    return About(_alias(approval.subject), contacts.name_of(approval.value))


def _about_field(approval: ApprovalRequest) -> About:
    return About(held_fields.name_of(approval), held_fields.in_words(approval))


def _subject(approval: ApprovalRequest) -> str:
    return approval.subject


def _owner(approval: ApprovalRequest) -> str:
    return staff_devices.owner_of(approval.subject)


def _about_new_line(approval: ApprovalRequest) -> About:
    return About(approval.value["name"], new_lines.in_words(approval))


def _about_device(approval: ApprovalRequest) -> About:
    return About(_alias(staff_devices.owner_of(approval.subject)), staff_devices.label_of(approval.subject))


RULES: dict[str, Rule] = {
    Kind.REVIEW_KEY: _of_key(LineKey.Use.REVIEW),
    Kind.LETTERS_KEY: _of_key(LineKey.Use.LETTERS),
    Kind.LETTERS_CLOSED: _taking_letters(Line.Letters.CLOSED),
    Kind.LETTERS_ALWAYS: _taking_letters(Line.Letters.ALWAYS),
    Kind.RETENTION: Rule(_keep, _own_line, told=_hours, about=lambda approval: About("", _hours(approval))),
    Kind.READ_ALONE: Rule(_read_alone, _own_line),
    Kind.CONTACT: Rule(_set_contact, _every_line, told=_nothing, about=_about_service),
    Kind.ROLE: Rule(_give_role, _lines_of_role, dropped=_give_no_role, about=_about_role, of_each=True),
    Kind.LINE_OF_SUPERVISOR: Rule(_give_line, _line_gained, told=_slug, about=_about_person, of_each=True),
    Kind.LEAVE: Rule(_let_leave, _lines_of_person, loser=_subject, about=_about_person),
    Kind.REVOKE_DEVICE: Rule(_revoke, _lines_of_device, loser=_owner, about=_about_device),
    Kind.PASSKEY: Rule(_demand_passkey, _every_line, told=_role_and_what, about=_about_passkey),
    Kind.TAKE_ROLE: Rule(_take_role, _lines_of_role, loser=_subject, about=_about_person),
    Kind.TAKE_LINE: Rule(_take_line, _own_line, told=_slug, loser=_subject, about=_about_person),
    Kind.GIVE_SERVICE: Rule(_give_service, _every_line, about=_about_work),
    Kind.TAKE_SERVICE: Rule(_take_service, _every_line, about=_about_work),
    Kind.NEW_LINE: Rule(_make_line, _every_line, told=new_lines.in_words, about=_about_new_line),
}
RULES |= {
    kind: Rule(
        _put_field,
        _own_line if model is Line else _every_line,
        told=held_fields.told,
        about=_about_field,
    )
    for (model, _name), kind in held_fields.HELD.items()
}
OF_EVERY_LINE = [kind for kind, rule in RULES.items() if rule.lines is _every_line]
