"""Makes approval requests from the command line: for fields that the admin site shows read-only and that no
page can change yet, and for a person's roles, lines and services."""

from argparse import SUPPRESS, ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.db import transaction

from chat.lines import addresses
from chat.models import ApprovalRequest, Line, Service
from chat.supervision import held_fields, needs_approval
from counsellors import audit
from counsellors.certificates import certified
from counsellors.models import Person, Role
from helpline.lib import clock
from helpline.lib.errors import NotFound, Refusal
from helpline.lib.typed import as_typed_here

MODELS: dict[str, type[Line] | type[Service]] = {"line": Line, "service": Service}
FIELDS = "hosts and services may be several, with spaces between"
LISTED = ("path", "hosts")  # the values of these fields are also stored in the file of roots
UNKNOWN = "Nobody gets in at {} yet: name it in HELPLINE_ORIGINS and HELPLINE_OWN_HOSTS, and start anew."
PATHS = "As soon as it is done run `helpline root paths`: until then nobody can begin at that address."
ACTIONS = {
    ("give", "role"): needs_approval.give_role,
    ("give", "line"): needs_approval.give_line,
    ("give", "service"): needs_approval.give_service,
    ("take", "role"): needs_approval.take_role,
    ("take", "line"): needs_approval.take_line,
    ("take", "service"): needs_approval.take_service,
}


class Command(BaseCommand):
    help = (
        "Asks for a change in an administrator's name: another value of a field of a line or a service, or "
        "that somebody gets or loses a role, a line or a service. What takes two persons waits for a "
        "supervisor's yes on the board; where nobody counts as a second one it is done. The way back is the "
        "same."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        _in_whose_name(parser, None)
        what = parser.add_subparsers(dest="what", required=True, metavar="line|service|give|take")
        for name, model in MODELS.items():
            of = what.add_parser(name, help=f"another value of a field of a {name}")
            _in_whose_name(of, SUPPRESS)
            of.add_argument("slug", help="its short name, as in its address")
            of.add_argument("field", choices=held_fields.names(model), help=FIELDS)
            of.add_argument("value", nargs="*", help="instead of all that stands there now")
            of.add_argument("--empty", action="store_true", help="nothing shall stand there")
        for name in ("give", "take"):
            of = what.add_parser(name, help=f"{name}s a person a role, a line or a service")
            _in_whose_name(of, SUPPRESS)
            of.add_argument("person", help="their sign-in name")
            of.add_argument("of", choices=("role", "line", "service"))
            of.add_argument("slug", help=f"the short name; of a role: {', '.join(Role.Name.values)}")

    def handle(self, *_: Any, **options: Any) -> None:
        by = _administrator(options["by"])
        try:
            approval = _asked(by, options)
        except NotFound as refusal:
            raise CommandError("There is none of that name.") from refusal
        except held_fields.NotSuch as refusal:
            raise CommandError(refusal.why) from refusal
        except Refusal as refusal:
            raise CommandError(refusal.detail) from refusal
        self.stdout.write(_said(approval))
        if approval and approval.kind in held_fields.FIELDS:
            self.stdout.write(f"{options['field']}: {held_fields.in_words(approval)}")
        if options.get("field") == "hosts" and (new := addresses.unanswered(" ".join(options["value"]))):
            self.stdout.write(UNKNOWN.format(", ".join(new)))
        if options.get("field") in LISTED and certified.is_needed():
            self.stdout.write(as_typed_here(PATHS))


@transaction.atomic
def _asked(by: Person, options: dict[str, Any]) -> ApprovalRequest | None:
    """Makes the approval request, and an audit row which records that a command made it. Returns None if the
    change needed no approval and was made at once."""
    of_person = options["what"] not in MODELS
    _require_known(options["of"] if of_person else options["what"], options["slug"])
    subject = _person(options["person"]).handle if of_person else options["slug"]
    approval = (_give_or_take if of_person else _set_field)(by, subject, options)
    detail = approval.kind if approval else f"{options['of']} {options['slug']}"
    audit.record(None, "by_command", subject=subject, detail=detail)
    return approval


def _require_known(what: str, slug: str) -> None:
    """Raises CommandError with the existing names if there is no such line or service. These names may be
    shown to anyone with a shell on this host."""
    if what in MODELS:
        known = sorted(MODELS[what].objects.values_list("pk", flat=True))
        if slug not in known:
            raise CommandError(f"There is no {what} {slug}: {', '.join(known)}.")


def _give_or_take(by: Person, handle: str, options: dict[str, Any]) -> ApprovalRequest | None:
    slug, of = options["slug"], options["of"]
    if of == "role" and slug not in Role.Name.values:
        raise CommandError(f"{slug} is no role: {', '.join(Role.Name.values)}.")
    return ACTIONS[options["what"], of](by, handle, slug, now=clock.now())


def _set_field(by: Person, slug: str, options: dict[str, Any]) -> ApprovalRequest:
    kind = held_fields.HELD[MODELS[options["what"]], options["field"]]
    if bool(options["value"]) == options["empty"]:
        raise CommandError("Say the new value, all of it; or --empty, if nothing shall stand there.")
    value = options["value"] if options["field"] == "services" else " ".join(options["value"])
    return needs_approval.set_field(by, kind, slug, value, now=clock.now())


def _in_whose_name(parser: ArgumentParser, default: str | None) -> None:
    """Adds `--by`, which is accepted both before and after the subcommand."""
    parser.add_argument("--by", default=default, metavar="NAME", help="an administrator's sign-in name")


def _administrator(name: str | None) -> Person:
    if not name:
        raise CommandError("Say in whose name: --by, and an administrator's sign-in name.")
    person = Person.objects.filter(username=name, is_active=True).first()
    if person is None or Role.Name.ADMINISTRATOR not in person.roles:
        raise CommandError(f"{name} is no administrator, or has not used their first link yet.")
    return person


def _person(name: str) -> Person:
    person = Person.objects.filter(username=name).first()
    if person is None:
        raise CommandError(f"Nobody is called {name}.")
    return person


def _said(approval: ApprovalRequest | None) -> str:
    if approval is None:
        return "Done. It takes one person alone."
    if approval.waits:
        return "Asked. It waits a day for a supervisor's yes, on the board below Two persons."
    return "Done: nobody counts as a second person there. The audit says so."
