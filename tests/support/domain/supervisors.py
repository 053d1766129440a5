"""Plays Floor and Hanna, who supervise Helpwanted, and Otto, who supervises Stop it Now, another line."""

import secrets
from datetime import datetime, timedelta

from chat.conversation import endings
from chat.models import Conversation, Hold, Line, LineKey, Work
from chat.retention import clock_guard, holds, line_keys, purge
from chat.supervision import approvers, needs_approval
from counsellors import devices
from counsellors.models import AuditRow, Device, Person, Role
from helpline.lib import clock
from tests.support.domain.cast import Caller, Counsellor, a_caller, a_point, says


def a_supervisor(name: str, line: Line) -> Counsellor:
    """Returns a supervisor with an approved device."""
    person = Person.objects.create_user(name.lower(), None, name)
    Role.objects.create(person=person, name=Role.Name.SUPERVISOR)
    Work.objects.create(person=person, line=line)
    device = devices.register(
        person, devices.candidate(person, a_point(), f"{name}'s laptop"), now=clock.now()
    )
    Device.objects.filter(pk=device.pk).update(state=Device.State.APPROVED)
    return Counsellor(person, Device.objects.get(pk=device.pk))


def long_there(*supervisors: Counsellor, now: datetime | None = None) -> None:
    """Makes them join long ago and prove their device just now, so that each counts as a second person for
    the others."""
    now = now or clock.now()
    for who in supervisors:
        Person.objects.filter(pk=who.person.pk).update(came_at=now - timedelta(days=90))
        who.person.refresh_from_db()
        approvers.note(who.person, now=now)


def a_share() -> bytes:
    return secrets.token_bytes(line_keys.SHARE_BYTES)


def makes_key(who: Counsellor, generation: int = 1, line: str = "helpwanted") -> LineKey:
    needs_approval.make_key(
        who.person,
        who.device.pk,
        line,
        generation=generation,
        public=a_point(),
        sealed=a_share(),
        now=clock.now(),
    )
    return LineKey.objects.get(line=line, generation=generation)


def gives_key(giver: Counsellor, to: Counsellor, generation: int = 1, line: str = "helpwanted") -> None:
    line_keys.share(
        giver.person, giver.device.pk, line, generation=generation, to=to.device.fingerprint, sealed=a_share()
    )


def talked(carla: Counsellor | None = None, *, ended: bool = True) -> Caller:
    """Makes a conversation of a line with a review key, granted, with one message, and ended unless told
    otherwise."""
    anna = a_caller()
    if carla is not None:
        carla.takes_next()
    anna.grants()
    says(anna.seat, epoch=1)
    if ended:
        endings.leave(anna.seat, now=clock.now())
    return anna


def holds_it(
    asker: Counsellor, confirmer: Counsellor, caller: Caller, until: datetime, now: datetime | None = None
) -> Hold:
    now = now or clock.now()
    approval = holds.ask(asker.person, caller.conversation, "safeguarding", until, now=now)
    return holds.confirm(confirmer.person, approval.pk, now=now)


def row_of(caller: Caller) -> Conversation:
    return Conversation.objects.get(pk=caller.conversation)


def purge_at(moment: datetime) -> int:
    """Purges as the worker does, by a clock that was always right."""
    clock_guard.trust(moment)
    return purge.purge(moment)


def audited(action: str, person: Person) -> list[str]:
    """Returns the details of the audit rows about a person, oldest first."""
    rows = AuditRow.objects.filter(action=action, actor=person.handle).order_by("pk")
    return list(rows.values_list("detail", flat=True))
