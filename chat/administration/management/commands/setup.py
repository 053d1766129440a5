"""Sets up an empty installation. All later steps are done in the browser."""

import os
import secrets
import sys
from argparse import ArgumentParser
from collections.abc import Callable
from datetime import datetime
from itertools import zip_longest
from typing import Any

from django.conf import settings
from django.core.checks import run_checks
from django.core.exceptions import ImproperlyConfigured
from django.core.management import call_command
from django.core.management.base import BaseCommand, CommandError
from django.db import IntegrityError

from chat.administration import founding, root_words
from chat.administration.founding import First
from chat.lines import addresses, templates
from chat.lines.templates import Wanted
from chat.models import Line
from counsellors import organisation
from counsellors.certificates import roots
from counsellors.models import EntryLink, Organisation, Person, Role
from counsellors.signin import entry_links
from helpline.lib import clock, durable, encoding, phone_numbers
from helpline.lib.errors import Refusal
from helpline.lib.typed import as_typed_here

EXAMPLE = 'An example: setup --organisation "Veilig Praten" --line young-victims --administrator ilse \
--supervisor floor=Floor --uncertified'


class Command(BaseCommand):
    help = (
        "Makes the organisation, its lines and the links for its first people. What is not given is asked: "
        "a person is the name to sign in with, and may have another name for callers: NAME=ALIAS."
    )

    requires_system_checks = ()

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--organisation", help="its name, as staff read it")
        parser.epilog = EXAMPLE
        parser.add_argument(
            "--line",
            action="append",
            help=f"a line of this template ({', '.join(templates.names())}); again for each further line",
            metavar="TEMPLATE[=SLUG]",
        )
        parser.add_argument(
            "--name", action="append", help="what callers read as the name of each line, in the same order"
        )
        parser.add_argument(
            "--phone",
            action="append",
            help="each line's own telephone number, in the same order; may be left out",
        )
        parser.add_argument("--administrator", action="append", metavar="NAME[=ALIAS]")
        parser.add_argument("--supervisor", action="append", metavar="NAME[=ALIAS]")

        parser.add_argument(
            "--uncertified",
            action="store_true",
            help="makes no root: whoever writes the database gets in",
        )
        parser.add_argument(
            "--resume",
            action="store_true",
            help="goes on where an interrupted setup stopped; an organisation in use is left as it is",
        )

    def handle(self, *_: Any, **options: Any) -> None:
        if not settings.ORIGINS:
            raise CommandError("Set HELPLINE_ORIGINS first: the address of the site, as https://chat.example")
        if not _has_secret():
            _make_secret()
        os.umask(0o077)  # if the database is a file, only its owner may read it
        settings.VAR.mkdir(parents=True, exist_ok=True, mode=0o700)
        if settings.CHECKOUT:
            call_command("catalogues", verbosity=0)
        call_command("migrate", verbosity=0, interactive=False)
        now = clock.now()
        found_before = options["resume"] and Organisation.objects.exists()
        if found_before:
            self._say_unused(options)
        links = founding.links_again(now=now) if found_before else self._found(options, now)
        if links:
            self.stdout.write("\nEach link works for 24 hours, once, and is shown only now:\n")
            for link in links:
                self.stdout.write(f"  {link.person.username:<20} {entry_links.address_of(link)}")
        else:
            self.stdout.write("The organisation is there, and its people are in: nobody was added.")
        self._certify(uncertified=options["uncertified"] or (found_before and not links))
        for found in run_checks():
            if found.is_serious():
                self.stdout.write(f"Mend this before the server can start: {found.msg}")
        self.stdout.write("\nEverything else is done in the browser.\n")

    def _found(self, options: dict[str, Any], now: datetime) -> list[EntryLink]:
        """Asks for the values that were not given as options, and makes the organisation, its lines and its
        first people. Returns an entry link for each person."""
        name = options["organisation"] or _asked("Name of the organisation")
        lines = options["line"] or _asked(f"Lines ({', '.join(templates.names())})", _lines).split()
        first = [
            First(*_pair(row, row.capitalize()), role)
            for role in (Role.Name.ADMINISTRATOR, Role.Name.SUPERVISOR)
            for row in options[role] or [_asked(f"Sign-in name of the first {role}", _sign_in_name)]
        ]
        wanted = _wanted(lines, name, options["name"] or [], options["phone"] or [])
        try:
            links = founding.found(name, wanted, first, now=now)
        except Refusal as refusal:
            raise CommandError(refusal.detail) from refusal
        except IntegrityError as error:
            raise CommandError("Two lines have one address, or two people one name to sign in.") from error
        self.stdout.write(f"\n{name} is there.")
        return links

    def _say_unused(self, options: dict[str, Any]) -> None:
        """Says which of the given options are not used, because the organisation exists already."""
        there, name = organisation.name(), options["organisation"]
        lines = [pair for row in options["line"] or [] if (pair := _pair(row, ""))[0] in templates.names()]
        people = [
            _pair(row, "")[0] for row in [*(options["administrator"] or []), *(options["supervisor"] or [])]
        ]
        unused = [name] if name and name != there else []
        for template, slug in lines:
            if not Line.objects.filter(pk=slug or templates.read(template).slug).exists():
                unused.append(slug or template)
        unused += [one for one in people if not Person.objects.filter(username=one).exists()]
        if unused:
            words = f"{there} is there already, so these were not used: {', '.join(unused)}."
            self.stdout.write(f"{words} Its name, lines and people are changed in the browser.")

    def _certify(self, *, uncertified: bool) -> None:
        if roots.read() is not None:
            return
        if uncertified:
            self._say("\nNobody certifies keys here yet: `helpline root make` (docs/operations.md).")
        else:
            self._make_root()

    def _make_root(self) -> None:
        """Makes a root and immediately names it on the pages. This interrupts nobody: no line is open yet,
        and staff are certified before they take their first callers."""
        try:
            point = root_words.make(self.stdout.write)
        except root_words.NotTypedBack as error:
            raise CommandError(as_typed_here(str(error.__doc__))) from error
        file = roots.add(point, named=True, since=int(clock.now().timestamp()))
        paths, hosts = addresses.of_lines()
        roots.change(file, paths=paths, hosts=hosts)
        self.stdout.write(f"\nIts point, for whoever compares pages: {encoding.encode(point)}")
        self._say("Once a supervisor's browser signs (on the board, under People): `helpline root scope`")

    def _say(self, words: str) -> None:
        self.stdout.write(as_typed_here(words))


def _has_secret() -> bool:
    try:
        return bool(settings.SECRET_KEY)
    except ImproperlyConfigured:
        return False


def _make_secret() -> None:
    """Writes a secret key to SECRET_FILE and starts the command again, because a process reads the settings
    only once."""
    settings.VAR.mkdir(parents=True, exist_ok=True, mode=0o700)
    durable.write(settings.SECRET_FILE, secrets.token_urlsafe(48).encode())
    os.execv(sys.executable, [*settings.COMMAND, *sys.argv[1:]])  # noqa: S606


def _wanted(lines: list[str], organisation: str, names: list[str], phones: list[str]) -> list[Wanted]:
    """Returns the lines to make. Asks for each missing name, because the name and number in a template are
    those of the organisation that wrote the template."""
    if max(len(names), len(phones)) > len(lines):
        raise CommandError("Nothing was made: there are more names or numbers than lines.")
    for phone in phones:
        if not phone_numbers.fits(phone):
            raise CommandError(f"Nothing was made: {phone!r} is no telephone number, such as 020-1234567.")
    found = []
    for row, name, phone in zip_longest(lines, names, phones, fillvalue=""):
        template, slug = _pair(row, "")
        only = organisation if len(lines) == 1 else ""
        called = name or only or _asked(f"Name of the line {slug or template}, as callers read it (--name)")
        found.append(Wanted(template, slug, called, phone))
    return found


def _asked(question: str, wrong: Callable[[str], str] = lambda _: "") -> str:
    """Asks the question until the answer is valid, and returns the answer. `wrong` returns a complaint about
    an invalid answer, or "" for a valid one. Raises CommandError if the input ends, as it does in a
    script."""
    while True:
        try:
            answer = input(f"{question}: ").strip()
        except (EOFError, OSError):
            raise CommandError(f"Nothing was made: nobody answers. {question}") from None
        if not (why := wrong(answer) if answer else "This needs an answer."):
            return answer
        sys.stdout.write(f"  {why}\n")


def _lines(said: str) -> str:
    """Returns "" if each typed name is the name of a template, and a complaint otherwise."""
    unknown = [row for row in said.split() if _pair(row, "")[0] not in templates.names()]
    return f"There is no template {unknown[0]}. Write one or more names with spaces." if unknown else ""


def _sign_in_name(said: str) -> str:
    name, alias = _pair(said, "-")
    fits = bool(name and alias) and not any(letter.isspace() for letter in name)
    return "" if fits else "Write one word, such as floor, or floor=Floor if callers read another name."


def _pair(given: str, otherwise: str) -> tuple[str, str]:
    name, _, alias = given.partition("=")
    return name.strip(), alias.strip() or otherwise
