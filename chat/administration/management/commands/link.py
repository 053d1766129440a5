"""Makes an entry link for a member of staff. It is needed when nobody who may make such a link in the browser
can sign in."""

from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.db import transaction
from django.db.models import Q

from counsellors.models import EntryLink, Person
from counsellors.signin import entry_links, factors, passwords, replacements
from helpline.lib import clock


class Command(BaseCommand):
    help = (
        "Makes a link with which NAME chooses a password and sets up a second factor; the old ones end."
        " For when nobody is left who can sign in and help: after a restore without the .seal files, or when"
        " the last administrator is gone, or when the links of `setup` lapsed unused. Audited. Without a name"
        " it lists who works here or was invited."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("name", nargs="?", help="the name to sign in with")

    def handle(self, *_: Any, name: str | None = None, **__: Any) -> None:
        here = Person.objects.filter(Q(is_active=True) | Q(came_at=None)).order_by("username")
        if name is None:
            for one in here:
                self.stdout.write(f"{one.username:<20} {one.alias:<20} {', '.join(sorted(one.roles))}")
            return
        person = here.filter(username=name).first()
        if person is None:
            raise CommandError("Nobody of that name works here: without a name this lists who does.")
        link = self._make(person)
        self.stdout.write(
            "It works for 24 hours, once, and is shown only now. Bring it to that person alone:\n"
        )
        self.stdout.write(f"  {person.username:<20} {entry_links.address_of(link)}")

    @transaction.atomic
    def _make(self, person: Person) -> EntryLink:
        """Ends the old password together with the second factors: alone it would set up new ones."""
        link = entry_links.make(person, by=None, now=clock.now())
        factors.forget_all(person)
        replacements.drop(person)
        passwords.end(person)
        return link
