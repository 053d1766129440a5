"""What each kind of wish does once it is confirmed, and whose lines it concerns: one table."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from chat import walls
from chat.handoff import contacts
from chat.lines import staff
from chat.models import Line, Wish, Work
from chat.retention import keeping, review_keys
from chat.supervision import held_fields, leaving, seconds, staff_devices, work_and_roles
from chat.supervision.seconds import Lines
from counsellors import roles
from counsellors.models import Person, Role
from counsellors.signin import demands

Kind = Wish.Kind
EVERYWHERE = (Role.Name.ADMINISTRATOR, Role.Name.PARTNER)  # roles that act on more than the person's lines


@dataclass(frozen=True, slots=True)
class About:
    """What a supervisor is shown: whom or what it is about, by name, and what is to become of it."""

    name: str
    value: str = ""
    contact: dict[str, str] = field(default_factory=dict)
    lacking: int = 0  # how many who work now lack what it asks of them


@dataclass(frozen=True, slots=True)
class Rule:
    """`deed` is done by who made it so: the second one or, where there was none, who asked."""

    deed: Callable[[Wish, Person, datetime], None]
    lines: Callable[[Wish], Lines]
    dropped: Callable[[Wish], None] = lambda _: None
    told: Callable[[Wish], str] = lambda wish: str(wish.value)  # for the audit
    about: Callable[[Wish], About] = lambda wish: About("", str(wish.value))
    of_each: bool = False  # power over lines: of each of them somebody asks or says yes


def _own_line(wish: Wish) -> Lines:
    """Of a line that nobody supervises, nor did lately, every supervisor's: none is made to be alone on."""
    known = walls.supervisors_of(str(wish.line_id)).exists() or seconds.known_on(str(wish.line_id))
    return [str(wish.line_id)] if known else None


def _hours(wish: Wish) -> str:
    return f"{wish.value:g}"


def _slug(wish: Wish) -> str:
    return str(wish.line_id)


def _nothing(_wish: Wish) -> str:
    """An address is on no record."""
    return ""


def _every_line(_wish: Wish) -> Lines:
    return None


def _counted(wish: Wish, lines: Iterable[str]) -> Lines:
    """Every supervisor's where nobody counts on any of them: else one alone would make a supervisor there."""
    return [line for line in lines if seconds.counted_on(line, now=wish.asked_at)] or None


def _line_gained(wish: Wish) -> Lines:
    return _counted(wish, [str(wish.line_id)])


def _lines_of(wish: Wish, handle: str) -> Lines:
    work = Work.objects.filter(person__handle=handle).exclude(line=None)
    return _counted(wish, sorted(work.values_list("line", flat=True)))


def _lines_of_role(wish: Wish) -> Lines:
    """An administrator's is everybody's, and a partner's: they sit in conversations of every line."""
    return None if wish.value in EVERYWHERE else _lines_of(wish, wish.subject)


def _lines_of_device(wish: Wish) -> Lines:
    return _lines_of(wish, staff_devices.owner_of(wish.subject))


def _count_key(wish: Wish, by: Person, now: datetime) -> None:
    review_keys.count(by, str(wish.line_id), wish.value, now=now)


def _forget_key(wish: Wish) -> None:
    review_keys.forget_waiting(str(wish.line_id), wish.value)


def _keep(wish: Wish, by: Person, _now: datetime) -> None:
    keeping.keep(by, str(wish.line_id), timedelta(hours=wish.value))


def _read_alone(wish: Wish, by: Person, _now: datetime) -> None:
    keeping.read_with_two(by, str(wish.line_id), two=False)


def _set_contact(wish: Wish, _by: Person, _now: datetime) -> None:
    contacts.set_contact(wish.subject, mail=wish.value["mail"], url=wish.value["url"])


def _give_role(wish: Wish, _by: Person, _now: datetime) -> None:
    roles.give(wish.subject, wish.value)


def _give_line(wish: Wish, _by: Person, _now: datetime) -> None:
    staff.give_line(wish.subject, str(wish.line_id))


def _take_role(wish: Wish, _by: Person, _now: datetime) -> None:
    work_and_roles.take_role(wish.subject, wish.value)


def _take_line(wish: Wish, _by: Person, now: datetime) -> None:
    work_and_roles.take_line(wish.subject, str(wish.line_id), now=now)


def _give_service(wish: Wish, _by: Person, _now: datetime) -> None:
    work_and_roles.give_service(wish.subject, wish.value)


def _take_service(wish: Wish, _by: Person, now: datetime) -> None:
    work_and_roles.take_service(wish.subject, wish.value, now=now)


def _put_field(wish: Wish, _by: Person, _now: datetime) -> None:
    held_fields.put(wish)


def _let_leave(wish: Wish, by: Person, now: datetime) -> None:
    leaving.leave(Person.objects.get(handle=wish.subject), by=by, now=now)


def _lines_of_person(wish: Wish) -> Lines:
    return _lines_of(wish, wish.subject)


def _revoke(wish: Wish, by: Person, now: datetime) -> None:
    staff_devices.end(wish.subject, by, now=now)


def _demand_passkey(wish: Wish, by: Person, _now: datetime) -> None:
    (demands.lift if wish.value == "lift" else demands.demand)(by, wish.subject)


def _role_and_what(wish: Wish) -> str:
    return f"{wish.subject} {wish.value}"


def _about_passkey(wish: Wish) -> About:
    (role,) = demands.standings([wish.subject])
    return About(wish.subject, str(wish.value), lacking=role.without)


def _alias(handle: str) -> str:
    return Person.objects.filter(handle=handle).values_list("alias", flat=True).first() or ""


def _about_person(wish: Wish) -> About:
    return About(_alias(wish.subject), str(wish.value))


def _about_service(wish: Wish) -> About:
    return About(contacts.name_of(wish.subject), contact=wish.value)


def _about_work(wish: Wish) -> About:
    return About(_alias(wish.subject), contacts.name_of(wish.value))


def _about_field(wish: Wish) -> About:
    return About(held_fields.name_of(wish), held_fields.in_words(wish))


def _about_device(wish: Wish) -> About:
    return About(_alias(staff_devices.owner_of(wish.subject)), staff_devices.label_of(wish.subject))


RULES: dict[str, Rule] = {
    Kind.REVIEW_KEY: Rule(_count_key, _own_line, dropped=_forget_key),
    Kind.RETENTION: Rule(_keep, _own_line, told=_hours, about=lambda wish: About("", _hours(wish))),
    Kind.READ_ALONE: Rule(_read_alone, _own_line),
    Kind.CONTACT: Rule(_set_contact, _every_line, told=_nothing, about=_about_service),
    Kind.ROLE: Rule(_give_role, _lines_of_role, about=_about_person, of_each=True),
    Kind.LINE_OF_SUPERVISOR: Rule(_give_line, _line_gained, told=_slug, about=_about_person, of_each=True),
    Kind.LEAVE: Rule(_let_leave, _lines_of_person, about=_about_person),
    Kind.REVOKE_DEVICE: Rule(_revoke, _lines_of_device, about=_about_device),
    Kind.PASSKEY: Rule(_demand_passkey, _every_line, told=_role_and_what, about=_about_passkey),
    Kind.TAKE_ROLE: Rule(_take_role, _lines_of_role, about=_about_person),
    Kind.TAKE_LINE: Rule(_take_line, _own_line, told=_slug, about=_about_person),
    Kind.GIVE_SERVICE: Rule(_give_service, _every_line, about=_about_work),
    Kind.TAKE_SERVICE: Rule(_take_service, _every_line, about=_about_work),
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
