"""Makes up the people and the lines of a demo."""

import base64
import secrets
from collections.abc import Callable
from typing import Any

from django.conf import settings
from django.db import transaction

from chat.lines import templates
from chat.models import Line, Service, Work
from chat.retention import demo_line_keys
from chat.runtime import first_services
from counsellors.certificates import demo_signer
from counsellors.certificates.signed_bytes import LINE, SERVICE
from counsellors.models import Authenticator, Person, Role
from helpline.lib import clock

LINES = {"helpwanted": "young-victims", "stopitnow": "worried-adults"}  # slug and template
CLOSED_LINE, CLOSED_PATH = "nachtbrief", "later"  # always closed, so that callers write a letter
SERVES_IT_TOO = "helpwanted"
DESKS = ("csg", "113")
BY_LINK = {"veilig-thuis": "wacht@veilig-thuis.example"}  # guest links are mailed to that address
ON_CALL = "088-0000112"  # a number that belongs to nobody
NAMES = ("Carla", "Daan", "Esra", "Farid", "Gijs", "Hanna", "Imre", "Jette", "Koen", "Lotte", "Mees", "Noor")


def paths() -> dict[str, str]:
    """Returns, by slug, the last part of each line's path, which does not reveal what the line is about."""
    found = {slug: templates.read(template).path for slug, template in LINES.items()}
    return found | ({CLOSED_LINE: CLOSED_PATH} if settings.DEMO_LETTERS else {})


def new_person(username: str, alias: str, role: str, *, line: str = "", service: str = "") -> dict[str, Any]:
    """Returns a made-up person in the format of `demo.json`."""
    return {
        "username": username,
        "alias": alias,
        "password": secrets.token_urlsafe(15),
        "totp_secret": base64.b32encode(secrets.token_bytes(20)).decode(),
        "roles": [role],
        "lines": [line] if line else [],
        "service": service or None,
    }


def made_up() -> list[dict[str, Any]]:
    many = settings.DEMO_COUNSELLORS
    people = []
    for number, line in enumerate(LINES):
        aliases = [_name(number * many + i) for i in range(many)]
        people += [
            new_person(f"{line}-counsellor-{i}", alias, "counsellor", line=line)
            for i, alias in enumerate(aliases, 1)
        ]
        people.append(new_person(f"{line}-supervisor", f"Supervisor {number + 1}", "supervisor", line=line))
    for desk in DESKS:
        people.append(new_person(f"{desk}-partner", f"Partner {desk.upper()}", "partner", service=desk))
    return [*people, new_person("administrator", "Administrator", "administrator")]


def _name(number: int) -> str:
    """Returns a different name for each number."""
    round_, place = divmod(number, len(NAMES))
    return f"{NAMES[place]} {round_ + 1}" if round_ else NAMES[place]


@transaction.atomic
def seed(people: list[dict[str, Any]], progress: Callable[[], object] = bool) -> None:
    """Stores the lines of the demo and the people of `demo.json`. Running it again changes nothing.

    `progress` is called after each person, because hashing a password is slow on purpose.
    """
    first_services.fill()
    for slug, template in LINES.items():
        _add_line(templates.Wanted(template), slug, Line.State.OPEN, Line.Letters.ALWAYS)
    if settings.DEMO_LETTERS:
        closed = templates.Wanted(LINES[SERVES_IT_TOO], CLOSED_LINE, "Nachtbrief")
        _add_line(closed, CLOSED_LINE, Line.State.CLOSED, Line.Letters.CLOSED)
        Line.objects.filter(slug=CLOSED_LINE).update(path=CLOSED_PATH)
    Service.objects.filter(slug__in=DESKS).update(desk=True)
    for slug, contact in BY_LINK.items():
        Service.objects.filter(slug=slug).update(contact_mail=contact)
    for row in people:
        if not Person.objects.filter(username=row["username"]).exists():
            add(row)
            progress()
    if demo_signer.is_here():
        places = [(LINE, slug) for slug in paths()] + [(SERVICE, slug) for slug in DESKS]
        demo_signer.sign_scopes(places, now=clock.now())
    for line in Line.objects.real() if settings.DEMO_LETTERS else ():
        demo_line_keys.make(line, now=clock.now())


def _add_line(wanted: templates.Wanted, slug: str, state: str, letters: str) -> None:
    """Makes the line, with everything that it needs to accept letters, unless it exists already."""
    if Line.objects.filter(slug=slug).exists():
        return
    made = templates.make(wanted, now=clock.now())
    made.state, made.retention = state, settings.RETENTION
    made.cases, made.on_call_phone = state == Line.State.OPEN, ON_CALL
    if settings.DEMO_LETTERS:
        made.letters, made.alert_mail = letters, f"wacht@{slug}.example"
        made.people_of_the_day = [_name(day % settings.DEMO_COUNSELLORS) for day in range(7)]
    made.save()


def add(row: dict[str, Any]) -> None:
    counsels = Role.Name.COUNSELLOR in row["roles"]
    phone = f"088-0000{200 + Person.objects.count()}" if counsels else ""  # belongs to nobody
    person = Person.objects.create_user(row["username"], row["password"], row["alias"], phone=phone)
    for role in row["roles"]:
        Role.objects.create(person=person, name=role)
    for line in row["lines"]:
        Work.objects.create(person=person, line_id=line)
        if line == SERVES_IT_TOO and settings.DEMO_LETTERS:
            Work.objects.create(person=person, line_id=CLOSED_LINE)
    if row["service"]:
        Work.objects.create(person=person, service_id=row["service"])
    Authenticator.of(person, seed=base64.b32decode(row["totp_secret"]), name="demo")
