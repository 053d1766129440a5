"""Implements the changes by supervisors and administrators that always need approval, and those that need it
in one direction only, such as a longer retention."""

from collections.abc import Collection
from datetime import datetime, timedelta
from typing import Any

from django.db import transaction

from chat import line_scope
from chat.handoff import contacts
from chat.letters import settings as letter_settings
from chat.letters.settings import Promises
from chat.lines import staff
from chat.models import ApprovalRequest, Line, LineKey, Service
from chat.retention import keeping, line_keys
from chat.supervision import (
    approval_requests,
    held_fields,
    leaving,
    staff_devices,
    staff_people,
    work_and_roles,
)
from chat.supervision.approval_requests import Kind
from chat.supervision.held_fields import NothingChanges
from counsellors import audit, roles
from counsellors.models import Device, Person, Role
from counsellors.roles import TAKE_TWO
from counsellors.signin import demands
from helpline.lib.errors import Conflict, NotFound

OF_KEYS: dict[str, Kind] = {LineKey.Use.REVIEW: Kind.REVIEW_KEY, LineKey.Use.LETTERS: Kind.LETTERS_KEY}


@transaction.atomic
def make_key(
    supervisor: Person,
    device: str | None,
    slug: str,
    *,
    use: str = LineKey.Use.REVIEW,
    generation: int,
    public: bytes,
    sealed: bytes,
    now: datetime,
) -> ApprovalRequest:
    """Makes the next generation of a line's key (line_keys.make) and asks for its approval: a person who
    could introduce a key without approval could read everything that is sealed to that key."""
    line_keys.make(
        supervisor, device, slug, use=use, generation=generation, public=public, sealed=sealed, now=now
    )
    return approval_requests.ask(supervisor, OF_KEYS[use], line=slug, value=generation, now=now)


@transaction.atomic
def set_keeping(
    supervisor: Person, slug: str, *, hours: int, two: bool, now: datetime
) -> list[ApprovalRequest]:
    """Sets a line's retention, and whether reading needs two supervisors. A shorter retention, and reading
    with two supervisors, apply at once. A longer retention, and reading with one supervisor, need approval.
    Returns the approval requests."""
    line = line_scope.own_line(supervisor, slug)
    asked = []
    if timedelta(hours=hours) > line.retention:
        asked.append(approval_requests.ask(supervisor, Kind.RETENTION, line=slug, value=hours, now=now))
    elif timedelta(hours=hours) < line.retention:
        keeping.shorten(supervisor, slug, timedelta(hours=hours))
    if line.review_needs_two and not two:
        asked.append(approval_requests.ask(supervisor, Kind.READ_ALONE, line=slug, now=now))
    elif two and not line.review_needs_two:
        keeping.read_with_two(supervisor, slug, two=True)
    return asked


class LettersLack(Conflict):
    """This line lacks something that letters need. The board shows what."""


@transaction.atomic
def set_letters(
    supervisor: Person, slug: str, letters: str, promises: Promises, *, now: datetime
) -> ApprovalRequest | None:
    """Sets what a line promises about letters, and on which occasions it takes them. A change to fewer
    occasions applies at once; a change to more needs approval. Raises LettersLack if the line lacks something
    that letters need."""
    line = line_scope.own_line(supervisor, slug, lock=True)
    letter_settings.promise(supervisor, line, promises)
    if not letter_settings.takes_more(line, letters):
        if letters != line.letters:
            letter_settings.switch(supervisor, slug, letters)
        return None
    if letter_settings.of(line, now=now).lacking:
        raise LettersLack
    kind = Kind.LETTERS_CLOSED if letters == Line.Letters.CLOSED else Kind.LETTERS_ALWAYS
    return approval_requests.ask(supervisor, kind, line=slug, now=now)


@transaction.atomic
def set_contact(supervisor: Person, slug: str, *, mail: str, url: str, now: datetime) -> ApprovalRequest:
    """Asks for approval of a service's contact, or of its removal. Without a contact, no guest of the service
    can be invited by a link."""
    if not Service.objects.filter(pk=slug).exists():
        raise NotFound
    contacts.require_contact(mail=mail, url=url)
    value = {"mail": mail, "url": url}
    return approval_requests.ask(supervisor, Kind.CONTACT, subject=slug, value=value, now=now)


class LettersNeedAddress(Conflict):
    """This line takes letters, so it needs an address for alerts. Stop taking letters first."""


@transaction.atomic
def set_alert_mail(supervisor: Person, slug: str, mail: str, *, now: datetime) -> ApprovalRequest:
    """Asks for approval of the address to which a line's alerts are mailed: a person who could change it
    without approval could hide alerts from everybody."""
    line = line_scope.own_line(supervisor, slug)
    if not mail and not line.alert_url and line.letters != Line.Letters.NEVER:
        raise LettersNeedAddress
    return set_field(supervisor, Kind.ALERT_MAIL, str(line.pk), mail, now=now)


def alert_mails(supervisor: Person) -> dict[str, str]:
    """Returns, for the slug of each of the supervisor's lines, the address to which the line's alerts are
    mailed, or "" if it has none."""
    return {str(line.pk): line.alert_mail for line in line_scope.own_lines(supervisor)}


@transaction.atomic
def demand_passkeys(supervisor: Person, demanded: Collection[str], *, now: datetime) -> list[ApprovalRequest]:
    """Asks for approval to require passkeys for these roles and for no others, on all lines. If passkeys are
    required, people who sign in without a passkey can do nothing but add one. If they are not required, an
    attacker who tricks somebody into revealing a code can sign in."""
    changes = [one for one in demands.standings() if one.is_demanded != (one.role in demanded)]
    return [
        approval_requests.ask(
            supervisor, Kind.PASSKEY, subject=one.role, value="lift" if one.is_demanded else "demand", now=now
        )
        for one in changes
    ]


@transaction.atomic
def set_field(by: Person, kind: str, pk: str, value: Any, *, now: datetime) -> ApprovalRequest:
    """Asks for approval to change what callers and partners see of a line or a service (held_fields.py)."""
    change = held_fields.change(kind, pk, value)
    if held_fields.FIELDS[kind][0] is Line:
        return approval_requests.ask(by, kind, line=pk, value=change, now=now)
    return approval_requests.ask(by, kind, subject=pk, value=change, now=now)


@transaction.atomic
def give_role(by: Person, handle: str, role: str, *, now: datetime) -> ApprovalRequest | None:
    """Gives a role to an existing person: at once, or after approval if the role needs approval."""
    person = staff_people.other(by, handle)
    if role in person.roles:
        raise NothingChanges
    if role in TAKE_TWO:
        return approval_requests.ask(by, Kind.ROLE, subject=handle, value=role, now=now)
    roles.give(handle, role)
    audit.record(by, "role_given", subject=handle, detail=role)
    return None


@transaction.atomic
def take_role(by: Person, handle: str, role: str, *, now: datetime) -> ApprovalRequest | None:
    """Removes a role from a person: at once, or after approval if the role needs approval."""
    person = staff_people.other(by, handle)
    if role not in person.roles:
        raise NothingChanges
    if role in TAKE_TWO:
        return approval_requests.ask(by, Kind.TAKE_ROLE, subject=handle, value=role, now=now)
    work_and_roles.take_role(handle, role, now=now)
    audit.record(by, "role_taken", subject=handle, detail=role)
    return None


@transaction.atomic
def give_line(by: Person, handle: str, slug: str, *, now: datetime) -> ApprovalRequest | None:
    """Adds a line to a person's work. For a supervisor this needs approval. For others it applies at once,
    and their devices must be approved again."""
    if _of_line(by, handle, slug).work.filter(line=slug).exists():
        raise NothingChanges
    approval_requests.withdraw_power(by, handle, now=now)
    person = Person.objects.get(handle=handle)  # read again: an approval may just have made them a supervisor
    if Role.Name.SUPERVISOR in person.roles:
        return approval_requests.ask(by, Kind.LINE_OF_SUPERVISOR, line=slug, subject=handle, now=now)
    staff.give_line(handle, slug)
    audit.record(by, "line_given", subject=handle, detail=slug)
    return None


@transaction.atomic
def take_line(by: Person, handle: str, slug: str, *, now: datetime) -> ApprovalRequest | None:
    """Removes a line from a person's work. For a supervisor this needs approval. For others it applies at
    once, and their seats on the line end."""
    person = _of_line(by, handle, slug)
    if not person.work.filter(line=slug).exists():
        raise NothingChanges
    if Role.Name.SUPERVISOR in person.roles:
        return approval_requests.ask(by, Kind.TAKE_LINE, line=slug, subject=handle, now=now)
    work_and_roles.take_line(handle, slug, now=now)
    audit.record(by, "line_taken", subject=handle, detail=slug)
    return None


@transaction.atomic
def give_service(by: Person, handle: str, slug: str, *, now: datetime) -> ApprovalRequest:
    """Asks for approval to assign a person to a service. This needs approval because partners can join
    conversations of every line."""
    person = staff_people.other(by, handle)
    if not staff_people.services_for_partners().filter(pk=slug).exists():
        raise NotFound
    if person.work.filter(service=slug).exists():
        raise NothingChanges
    return approval_requests.ask(by, Kind.GIVE_SERVICE, subject=handle, value=slug, now=now)


@transaction.atomic
def take_service(by: Person, handle: str, slug: str, *, now: datetime) -> ApprovalRequest:
    if not staff_people.other(by, handle).work.filter(service=slug).exists():
        raise NothingChanges
    return approval_requests.ask(by, Kind.TAKE_SERVICE, subject=handle, value=slug, now=now)


@transaction.atomic
def let_leave(by: Person, handle: str, *, now: datetime) -> ApprovalRequest | None:
    """Lets somebody leave at once. A supervisor or administrator leaves only after approval, so that nobody
    can become the only supervisor or administrator by removing the others."""
    person = staff_people.other(by, handle)
    if staff_people.is_privileged(person):
        return approval_requests.ask(by, Kind.LEAVE, subject=person.handle, now=now)
    leaving.leave(person, by=by, now=now)
    return None


@transaction.atomic
def revoke(
    supervisor: Person, fingerprint: str, *, lost: bool, differ: bool = False, now: datetime
) -> ApprovalRequest | None:
    """Revokes a device. If the owner is another supervisor and the device is not lost, revoking it needs
    approval. All other devices are revoked at once, and so is one that still waits for its first approval:
    it has opened nothing.

    `lost`: also retires the line keys that the device can open and, if the owner is a supervisor, prevents
    confirmations for the owner's lines for a week. `differ`: records that the words differed when they were
    compared, because somebody else may have signed in.
    """
    device = staff_devices.find(supervisor, fingerprint)
    asked = _revoke(supervisor, device, lost=lost, now=now)
    if differ:  # the audit is locked after the conversations, as in staff_devices._end
        audit.record(supervisor, "words_differ", subject=device.pk)
    return asked


def _revoke(supervisor: Person, device: Device, *, lost: bool, now: datetime) -> ApprovalRequest | None:
    if lost:
        staff_people.require_not_inviter(supervisor, device.person, now=now)
    of_supervisor = Role.Name.SUPERVISOR in device.person.roles and (
        device.state == Device.State.APPROVED or device.was_approved
    )
    if of_supervisor and device.person_id != supervisor.pk and not lost:
        return approval_requests.ask(supervisor, Kind.REVOKE_DEVICE, subject=device.pk, now=now)
    keyless = line_keys.end_of_holder(device, now=now) if lost else []
    staff_devices.end(device.pk, supervisor, now=now)
    line_keys.record_none(supervisor, keyless)
    if lost and of_supervisor:
        lines = list(line_scope.own_lines(device.person).values_list("pk", flat=True))
        approval_requests.rest(supervisor, lines, device.pk, now=now)
    return None


def _of_line(by: Person, handle: str, slug: str) -> Person:
    """Returns the person with this handle. Raises NotFound unless the person is one of `by`'s people and `by`
    may invite people to the line. Raises Themselves if the person is `by`."""
    if slug not in {line.pk for line in staff_people.lines_for(by)}:
        raise NotFound
    return staff_people.other(by, handle)
